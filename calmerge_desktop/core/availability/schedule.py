"""Named weekly hours as wall time in an IANA zone, with everything that makes one date different.

Wall times are minutes of a local day, 0 to 1440; a wall time that DST skips or doubles is read as `core.zones` reads it, so
09:00 stays 09:00 on the wall all year. Dates are those of the schedule's zone at that date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeVar

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _, language
from calmerge_desktop.core.when import DAY, date_seconds, known_zone, seconds_date
from calmerge_desktop.core.zones import iana

Hours = tuple[tuple[int, int], ...]
"""Spans of one day as minutes from its midnight, sorted, not overlapping."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NOTHING: Hours = ()


class Away(NamedTuple):
    """Out of office from `first` to `last`, both included."""

    first: date
    last: date
    note: str = ""


class Travel(NamedTuple):
    """From `first` to `last`, both included, the hours are kept on the clock of `tzid`."""

    first: date
    last: date
    tzid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When the person is there."""

    id: str = ""
    name: str = ""
    tzid: str = "UTC"
    week: tuple[Hours, ...] = ((),) * 7
    """Monday first."""
    overrides: Mapping[date, Hours] = field(default_factory=dict)
    """Other hours on a date; empty: a day off."""
    holidays: str = ""
    """`DE`, `DE-BY`, …: a country, or one of its regions, whose public holidays are days off; empty: none."""
    away: tuple[Away, ...] = ()
    travel: tuple[Travel, ...] = ()


class Open(NamedTuple):
    """Hours of one date as instants."""

    start: int
    end: int
    day: date


class Shut(NamedTuple):
    """Weekly hours that something about the date closed."""

    start: int
    end: int
    day: date
    why: str
    """`override`, `holiday` or `away`."""
    note: str


_Span = TypeVar("_Span", Open, Shut)


def hours_of(schedule: Schedule, low: int, high: int) -> tuple[list[Open], list[Shut]]:
    """The hours that touch `[low, high)`, whole, by start; and the weekly hours that something about their date closed."""
    if not (schedule.overrides or schedule.away or schedule.holidays or schedule.travel):
        return _weekly(schedule, low, high), []
    opened: list[Open] = []
    shut: list[Shut] = []
    for one in _days(schedule, low, high):
        if isinstance(one, Open):
            opened.append(one)
        else:
            shut.append(one)
    return opened, shut


def within(spans: Sequence[_Span], hours: Sequence[Open]) -> list[_Span]:
    """The parts of `spans` that lie in `hours`, each with the date it had."""
    return [
        one._replace(start=max(one.start, each.start), end=min(one.end, each.end))
        for one in spans
        for each in hours
        if each.start < one.end and one.start < each.end
    ]


def check(schedule: Schedule) -> None:
    """Raises `BadInput` with one sentence for hours, a zone, a country or dates that mean nothing."""
    for tzid in (schedule.tzid, *(one.tzid for one in schedule.travel)):
        if not known_zone(tzid):
            raise BadInput(
                _("“{zone}” is no time zone.").format(zone=tzid), hint=_("Use an IANA name such as Europe/Berlin.")
            )
    for hours in (*schedule.week, *schedule.overrides.values()):
        check_hours(hours)
    for first, last, _rest in (*schedule.away, *schedule.travel):
        if last < first:
            raise BadInput(_("{last} is before {first}.").format(first=first.isoformat(), last=last.isoformat()))
    if schedule.holidays:
        holiday_names(schedule.holidays, 2026)


def check_hours(hours: Hours) -> None:
    """Raises `BadInput` when spans end before they start, leave the day or overlap."""
    before = -1
    for start, end in hours:
        if end <= start:
            raise BadInput(
                _("Hours cannot end before they start: {hours}.").format(hours=span_text(start, end)),
                hint=_("Hours over midnight are two: until 24:00, and from 00:00 on the next day."),
            )
        if start < 0 or end > 1440:
            raise BadInput(_("Hours lie between 00:00 and 24:00: {hours}.").format(hours=span_text(start, end)))
        if start < before:
            raise BadInput(_("Hours overlap: {hours}.").format(hours=span_text(start, end)))
        before = end


def parse_hours(text: str) -> tuple[int, int]:
    """`09:00-12:30` as minutes of the day. Raises `BadInput`."""
    start, dash, end = text.replace("–", "-").partition("-")
    found = (_minute(start), _minute(end))
    if not dash or found[0] is None or found[1] is None:
        raise BadInput(_("“{text}” are no hours.").format(text=text[:40]), hint=_("Use a form such as 09:00-17:00."))
    return found[0], found[1]


def span_text(start: int, end: int) -> str:
    """Minutes of the day as `09:00-12:30`."""
    return f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"


def holiday_names(where: str, year: int) -> Mapping[date, str]:
    """Public holidays of `DE` or `DE-BY` in a year, named in the language spoken now if it has them. Raises `BadInput`."""
    return _holiday_names(where, year, language())


@lru_cache(maxsize=256)
def _holiday_names(where: str, year: int, spoken: str) -> Mapping[date, str]:
    import holidays

    country, _dash, region = where.partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=region or None, years=year)
        names = found.supported_languages
        chosen = next((name for name in names if name.split("_")[0] == spoken), None)
        if chosen:
            found = holidays.country_holidays(country, subdiv=region or None, years=year, language=chosen)
    except NotImplementedError as error:
        raise BadInput(
            _("“{where}” has no list of holidays.").format(where=where[:20]),
            hint=_("Use a country such as DE, or a region such as DE-BY."),
        ) from error
    return {day: str(name) for day, name in found.items() if day.year == year}


def _weekly(schedule: Schedule, low: int, high: int) -> list[Open]:
    """The hours of a schedule in which no date differs: the same as the careful way, in a fraction of the time."""
    zone = iana(schedule.tzid)
    days = range(low // DAY - 1, high // DAY + 2)
    spans = [(number * DAY, hours) for number in days for hours in schedule.week[(number + 3) % 7]]  # day 0 was a Thursday
    begins = zone.to_utc_all([base + hours[0] * 60 for base, hours in spans])
    ends = zone.to_utc_all([base + hours[1] * 60 for base, hours in spans])
    return [
        Open(begin, end, seconds_date(base))
        for (base, _hours), begin, end, wall in zip(spans, begins, ends, zone.to_wall_all(begins), strict=True)
        if begin < high and end > low and begin < end and wall < base + DAY
    ]


def _days(schedule: Schedule, low: int, high: int) -> Iterator[Open | Shut]:
    day = seconds_date(low - DAY)
    last = seconds_date(high + DAY)
    while day <= last:
        weekly = schedule.week[day.weekday()]
        hours, why, note = _of_date(schedule, day, weekly)
        for start, end in _instants(schedule, day, hours):
            if start < high and end > low:
                yield Open(start, end, day)
        if why:
            for start, end in _instants(schedule, day, weekly):
                if start < high and end > low:
                    yield Shut(start, end, day, why, note)
        day += timedelta(days=1)


def _of_date(schedule: Schedule, day: date, weekly: Hours) -> tuple[Hours, str, str]:
    """Hours of a date; and, when they are not the weekly ones, which rule won. An own override beats everything."""
    if day in schedule.overrides:
        return schedule.overrides[day], "override", ""
    for one in schedule.away:
        if one.first <= day <= one.last:
            return _NOTHING, "away", one.note
    if schedule.holidays and (name := holiday_names(schedule.holidays, day.year).get(day)):
        return _NOTHING, "holiday", name
    return weekly, "", ""


def _instants(schedule: Schedule, day: date, hours: Hours) -> Iterator[tuple[int, int]]:
    if not hours:
        return
    zone = iana(next((one.tzid for one in schedule.travel if one.first <= day <= one.last), schedule.tzid))
    base = date_seconds(day)
    for start, end in hours:
        found = zone.to_utc(base + start * 60), zone.to_utc(base + end * 60)
        exists = zone.to_wall(found[0]) < base + DAY  # Samoa had no 30 December 2011
        if exists and found[0] < found[1]:
            yield found


def _minute(text: str) -> int | None:
    hour, colon, minute = text.strip().partition(":")
    if not (hour.isdigit() and len(hour) <= 2 and (not colon or (minute.isdigit() and len(minute) == 2))):
        return None
    found = int(hour) * 60 + int(minute or 0)
    return found if int(minute or 0) < 60 and found <= 1440 else None

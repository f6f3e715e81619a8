"""Events of the benchmark: each as the lines of its VEVENTs, and as what a calendar must show of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from benchmarks.data import stepping
from benchmarks.data.stepping import WEEKDAYS, Means
from benchmarks.data.words import PEOPLE, PLACES, SENTENCES, Dice, escaped, folded
from benchmarks.data.zones import ABROAD, FLOATING, HOME, OUTLOOK, Written
from benchmarks.data.zones import UTC as ZULU

FIRST, END = date(2017, 1, 1), date(2027, 1, 3)
"""Ten years, and two days more: 1 January begins earlier in the east. Nothing is asked beyond."""
_DAYS = (END - FIRST).days


class Span(NamedTuple):
    """One occurrence: instants, or midnights UTC of dates."""

    start: int
    end: int


@dataclass(slots=True)
class Made:
    """Everything with one UID."""

    uid: str
    blocks: list[str] = field(default_factory=list)
    """VEVENTs with BEGIN and END, lines ended by CRLF."""
    spans: list[Span] = field(default_factory=list)
    zone: Written = ZULU
    rule: tuple[str, str, str] | None = None
    """Of a series: DTSTART, IANA zone (empty: none), RRULE."""
    starts: list[int] = field(default_factory=list)
    """Of a series: where its rule alone falls, exceptions and overrides not looked at."""


class Shape(NamedTuple):
    """How an event writes its times."""

    zone: Written
    all_day: bool
    second: int
    """Wall seconds since midnight."""
    length: int
    """Seconds, or days of an all-day event."""
    as_duration: bool

    def wall(self, day: date) -> datetime:
        """The start on a day."""
        return datetime(day.year, day.month, day.day) + timedelta(seconds=self.second)

    def span(self, day: date) -> Span:
        """The occurrence on a day. DTEND and DURATION alike mean an exact length here (RFC 5545 §3.8.5.3)."""
        if self.all_day:
            start = stepping.midnight(day)
            return Span(start, start + self.length * 86_400)
        start = stepping.instant(self.wall(day), self.zone.iana)
        return Span(start, start + self.length)

    def time(self, name: str, day: date) -> str:
        """DTSTART, RECURRENCE-ID or EXDATE on a day."""
        if self.all_day:
            return f"{name};VALUE=DATE:{day:%Y%m%d}"
        return written(name, self.wall(day), self.zone)

    def extent(self, day: date) -> list[str]:
        """DTSTART with DTEND or DURATION."""
        lines = [self.time("DTSTART", day)]
        if self.all_day:
            if self.length > 1 or not self.as_duration:
                lines.append(f"DTEND;VALUE=DATE:{day + timedelta(days=self.length):%Y%m%d}")
            return lines
        if self.as_duration:
            hours, minutes = divmod(self.length // 60, 60)
            text = f"{hours}H" if hours else ""
            text += f"{minutes}M" if minutes or not hours else ""
            return [*lines, f"DURATION:PT{text}"]
        end = self.wall(day) + timedelta(seconds=self.length)
        return [*lines, written("DTEND", end, self.zone)]

    def plain(self, day: date) -> bool:
        """Whether the clock stays as it is from an hour before to a day after it: then DTEND says the length."""
        if self.all_day:
            return True
        walls = [self.wall(day) + timedelta(hours=hour) for hour in range(-1, 25 + self.length // 3600)]
        first = stepping.instant(walls[0], self.zone.iana)
        return all(stepping.instant(wall, self.zone.iana) - first == n * 3600 for n, wall in enumerate(walls))


def written(name: str, wall: datetime, zone: Written) -> str:
    """A DATE-TIME property in one of its three forms."""
    if zone is ZULU:
        return f"{name}:{wall:%Y%m%dT%H%M%S}Z"
    return f"{name}:{wall:%Y%m%dT%H%M%S}" if zone is FLOATING else f"{name};TZID={zone.tzid}:{wall:%Y%m%dT%H%M%S}"


def pick_shape(dice: Dice) -> Shape:
    """Times as people's calendars have them."""
    if dice.chance(0.12):
        return Shape(ZULU, True, 0, 1 if dice.chance(0.7) else 2 + dice.below(12), dice.chance(0.5))
    draw = dice.below(100)
    zone = (
        HOME if draw < 50 else OUTLOOK if draw < 56 else ZULU if draw < 62 else FLOATING if draw < 65 else dice.one(ABROAD)
    )
    length = dice.one((900, 1800, 1800, 2700, 3600, 3600, 3600, 5400, 7200, 14_400))
    if dice.chance(0.02):
        length += 86_400 * (1 + dice.below(3))
    hour = dice.below(24) if dice.chance(0.06) else 7 + dice.below(13)
    return Shape(zone, False, hour * 3600 + dice.one((0, 0, 900, 1800, 2700)), length, dice.chance(0.3))


def single(uid: str, dice: Dice) -> Made:
    """An event that happens once; one in a hundred stands in a night of changing clocks."""
    shape = pick_shape(dice)
    day = FIRST + timedelta(days=dice.below(_DAYS - 20))
    if dice.chance(0.01) and not shape.all_day and shape.zone.edge is not None:
        shape = shape._replace(second=shape.zone.edge * 3600 + 1800, length=3600, as_duration=True)
        while shape.plain(day):
            day += timedelta(days=1)
    elif not shape.plain(day):
        # DTEND on the other side of a change is a wall time of its own; DURATION keeps what is meant in one number
        shape = shape._replace(as_duration=True)
    made = Made(uid, zone=shape.zone)
    made.spans.append(shape.span(day))
    made.blocks.append(block(uid, shape.extent(day), dice))
    return made


def series(uid: str, dice: Dice, overrides: int) -> Made:
    """A series with its exceptions, and `overrides` moved occurrences."""
    shape, text, means = _pick_rule(dice)
    day = FIRST + timedelta(days=dice.below(_DAYS - 500))
    while not means(day, day):  # DTSTART must be an occurrence of its own rule, or readers may disagree whether it counts
        day += timedelta(days=1)
    if means is stepping.every_year and dice.chance(0.2):
        day = date(2020, 2, 29)
    if not shape.plain(day):
        shape = shape._replace(as_duration=True)
    ending, kept = _ending(shape, dice, list(stepping.days(means, day, END)))
    made = Made(uid, zone=shape.zone)
    start = f"{day:%Y%m%d}" if shape.all_day else f"{shape.wall(day):%Y%m%dT%H%M%S}"
    zone = "" if shape.all_day or shape.zone is FLOATING else shape.zone.iana
    made.rule = (start, zone, text + ending)
    made.starts = [shape.span(each).start for each in kept]
    later = [each for each in kept[1:] if shape.all_day or stepping.exists(shape.wall(each), shape.zone.iana)]
    out = sorted({dice.one(later) for _ in range(dice.below(4))}) if later and dice.chance(0.3) else []
    moved = sorted({dice.one(later) for _ in range(overrides)} - set(out)) if later else []
    lines = [*shape.extent(day), f"RRULE:{text}{ending}", *(shape.time("EXDATE", each) for each in out)]
    made.blocks.append(block(uid, lines, dice))
    made.spans = [shape.span(each) for each in kept if each not in out and each not in moved]
    for each in moved:
        there = _moved(shape, dice)
        to = each + timedelta(days=dice.below(3))
        if not there.plain(to):
            there = there._replace(as_duration=True)
        made.spans.append(there.span(to))
        made.blocks.append(block(uid, [shape.time("RECURRENCE-ID", each), *there.extent(to)], dice))
    return made


def _moved(shape: Shape, dice: Dice) -> Shape:
    if shape.all_day:
        return shape
    return shape._replace(second=(8 + dice.below(10)) * 3600 + 1200, length=dice.one((1800, 3600, 5400)))


def _pick_rule(dice: Dice) -> tuple[Shape, str, Means]:
    shape = pick_shape(dice)
    if not shape.all_day:
        shape = shape._replace(length=min(shape.length, 14_400))
        if dice.chance(0.05) and shape.zone.edge is not None:  # every night, also those of changing clocks
            shape = shape._replace(second=shape.zone.edge * 3600 + 1800, length=3600)
            return shape, "FREQ=DAILY", stepping.every_days(1)
    rules: tuple[Callable[[], tuple[str, Means]], ...] = (
        lambda: _weekly(dice, 1),
        lambda: _weekly(dice, 1),
        lambda: _weekly(dice, 2 + dice.below(2)),
        lambda: _daily(dice),
        lambda: _month_day(dice),
        lambda: _nth(dice),
        lambda: ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", stepping.last_workday),
        lambda: ("FREQ=YEARLY", stepping.every_year),
        lambda: _holiday(dice),
    )
    text, means = dice.one(rules)()
    return shape, text, means


def _weekly(dice: Dice, interval: int) -> tuple[str, Means]:
    wanted = frozenset(dice.below(5) for _ in range(1 + dice.below(3)))
    names = ",".join(WEEKDAYS[n] for n in sorted(wanted))
    every = f";INTERVAL={interval}" if interval > 1 else ""
    return f"FREQ=WEEKLY{every};BYDAY={names}", stepping.weekdays(wanted, interval)


def _daily(dice: Dice) -> tuple[str, Means]:
    interval = 2 + dice.below(9)
    return f"FREQ=DAILY;INTERVAL={interval}", stepping.every_days(interval)


def _month_day(dice: Dice) -> tuple[str, Means]:
    number = dice.one((1, 5, 15, 29, 30, 31))
    return f"FREQ=MONTHLY;BYMONTHDAY={number}", stepping.month_day(number)


def _nth(dice: Dice) -> tuple[str, Means]:
    n, weekday = dice.one((1, 2, 3, -1)), dice.below(5)
    return f"FREQ=MONTHLY;BYDAY={n}{WEEKDAYS[weekday]}", stepping.nth_weekday(n, weekday)


def _holiday(dice: Dice) -> tuple[str, Means]:
    n, weekday, month = dice.one((1, 3, -1)), dice.below(7), 1 + dice.below(12)
    text = f"FREQ=YEARLY;BYMONTH={month};BYDAY={n}{WEEKDAYS[weekday]}"
    return text, stepping.nth_weekday(n, weekday, month)


def _ending(shape: Shape, dice: Dice, found: list[date]) -> tuple[str, list[date]]:
    """COUNT, UNTIL or none, and the days that are left."""
    draw = dice.below(100)
    if draw < 35:
        count = 2 + dice.below(60)
        return f";COUNT={count}", found[:count]
    if draw < 75:
        last = found[min(4 + dice.below(100), len(found) - 1)] + timedelta(days=1)
        if shape.all_day:
            return f";UNTIL={last:%Y%m%d}", [day for day in found if day <= last]
        until = datetime(last.year, last.month, last.day, 23, 0, 0)
        if shape.zone is FLOATING:
            return f";UNTIL={until:%Y%m%dT%H%M%S}", [day for day in found if shape.wall(day) <= until]
        limit = int(until.replace(tzinfo=UTC).timestamp())
        return f";UNTIL={until:%Y%m%dT%H%M%S}Z", [day for day in found if shape.span(day).start <= limit]
    return "", found


def block(uid: str, times: list[str], dice: Dice) -> str:
    """A VEVENT with everything real ones carry besides their times."""
    lines = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T120000Z", *times]
    lines.append("SUMMARY:" + escaped(dice.words(1, 5)))
    if dice.chance(0.6):
        lines.append("LOCATION:" + escaped(dice.one(PLACES)))
    if dice.chance(0.5):
        lines.append("DESCRIPTION:" + escaped("\n".join(dice.one(SENTENCES) for _ in range(1 + dice.below(4)))))
    lines.append(f"STATUS:{'TENTATIVE' if dice.chance(0.08) else 'CONFIRMED'}")
    lines.append(f"TRANSP:{'TRANSPARENT' if dice.chance(0.15) else 'OPAQUE'}")
    lines += [f"SEQUENCE:{dice.below(4)}", "CREATED:20161201T080000Z", "LAST-MODIFIED:20261101T120000Z"]
    if dice.chance(0.3):
        lines.append(f"ORGANIZER;CN={dice.one(PEOPLE)}:mailto:chair{dice.below(40)}@example.org")
        for _ in range(1 + dice.below(5)):
            name, answer = dice.one(PEOPLE), dice.one(("ACCEPTED", "DECLINED", "NEEDS-ACTION"))
            address = f"mailto:person{dice.below(400)}@example.org"
            lines.append(f'ATTENDEE;CN="{name}, {dice.one(PEOPLE)}";ROLE=REQ-PARTICIPANT;PARTSTAT={answer}:{address}')
    if dice.chance(0.4):
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Erinnerung", "TRIGGER:-PT15M", "END:VALARM"]
    return "".join(folded(line) + "\r\n" for line in [*lines, "END:VEVENT"])

"""The rows of the agenda: events by day, the free time between them, and where now is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from calmerge_desktop.core.model import Instance, Status
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui import phrases

_SHORTEST_GAP = 30 * 60


class Kind(StrEnum):
    """What a row is."""

    EVENT = "event"
    FREE = "free"
    NOW = "now"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the list."""

    kind: Kind
    day: date
    head: bool = False
    """The first row of its day carries the date."""
    start: int = 0
    end: int = 0
    instance: Instance | None = None


def build(
    instances: Sequence[Instance], first: date, days: int, tz: ZoneInfo, *, now: int, hours: tuple[int, int]
) -> list[Row]:
    """Rows of `days` dates from `first` on; `hours` is the working day, inside which free time is told."""
    by_day: dict[date, list[Instance]] = {}
    for instance in instances:
        begin, end = phrases.first_date(instance, tz), phrases.last_date(instance, tz)
        day = max(begin, first)
        while day <= end and (day - first).days < days:
            by_day.setdefault(day, []).append(instance)
            day += timedelta(days=1)
    rows: list[Row] = []
    today = datetime.fromtimestamp(now, tz).date()
    for offset in range(days):
        day = first + timedelta(days=offset)
        if day in by_day or day == today:
            rows += _day(day, by_day.get(day, []), tz, now if day == today else None, hours)
    return rows


def _day(day: date, instances: list[Instance], tz: ZoneInfo, now: int | None, hours: tuple[int, int]) -> list[Row]:
    ordered = sorted(instances, key=lambda one: (not one.all_day, one.start, one.end, one.summary, one.id))
    rows = [Row(kind=Kind.EVENT, day=day, start=one.start, end=one.end, instance=one) for one in ordered]
    if not rows:
        rows = [Row(kind=Kind.NOTHING, day=day)]
    if now is not None:
        rows = _with_free(rows, day, tz, now, hours)
        rows = _with_now(rows, now)
    first = rows[0]
    return [Row(kind=first.kind, day=day, head=True, start=first.start, end=first.end, instance=first.instance), *rows[1:]]


def counts(instance: Instance) -> bool:
    """Whether an event takes the person's time."""
    return not (
        instance.all_day or instance.transparent or instance.status is Status.CANCELLED or instance.partstat == "declined"
    )


def _with_free(rows: list[Row], day: date, tz: ZoneInfo, now: int, hours: tuple[int, int]) -> list[Row]:
    """Free time of today that is still to come, inside working hours, from half an hour on."""
    begin = int(datetime.combine(day, time(hours[0]), tz).timestamp())
    end = int((datetime.combine(day, time(0), tz) + timedelta(hours=hours[1])).timestamp())
    at = max(begin, now)
    out: list[Row] = []
    for row in rows:
        if row.instance is None or not counts(row.instance):
            out.append(row)
            continue
        if min(row.start, end) - at >= _SHORTEST_GAP:
            out.append(Row(kind=Kind.FREE, day=day, start=at, end=min(row.start, end)))
        out.append(row)
        at = max(at, row.end)
    if end - at >= _SHORTEST_GAP and any(row.kind is Kind.EVENT for row in rows):
        out.append(Row(kind=Kind.FREE, day=day, start=at, end=end))
    return out


def _with_now(rows: list[Row], now: int) -> list[Row]:
    """The line of now goes after what has begun; a day with nothing keeps its sentence first."""
    place = 1 if rows[0].kind is Kind.NOTHING else 0
    for index, row in enumerate(rows):
        if row.instance is not None and (row.instance.all_day or row.start <= now):
            place = index + 1
    return [*rows[:place], Row(kind=Kind.NOW, day=rows[0].day, start=now, end=now), *rows[place:]]


def times(row: Row, tz: ZoneInfo) -> str:
    """`11:30–12:30`; of an event over midnight what of it is on the day of the row: `from 22:00`, `until 06:00`."""
    instance = row.instance
    if instance is None:
        return f"{phrases.time_at(row.start, tz)}–{phrases.time_at(row.end, tz)}"
    first, last = phrases.first_date(instance, tz), phrases.last_date(instance, tz)
    if instance.all_day or first == last:
        return phrases.times(instance, tz)
    if row.day == first:
        return _("from {time}").format(time=phrases.time_at(instance.start, tz))
    if row.day == last:
        return _("until {when}").format(when=phrases.time_at(instance.end, tz))
    return _("all day")


def details(row: Row, now: int, tz: ZoneInfo) -> str:
    """The middle column: what state it is in, where it is, on its first day how soon it is."""
    instance, parts = row.instance, list[str]()
    if instance is None:
        return ""
    if instance.conflict:
        parts.append(_("changed in two places"))
    elif instance.pending:
        parts.append(_("waiting to be sent"))
    if instance.partstat == "declined":
        parts.append(_("declined"))
    elif instance.partstat == "needs-action":
        parts.append(_("not answered yet"))
    elif instance.status is Status.TENTATIVE or instance.partstat == "tentative":
        parts.append(_("tentative"))
    if instance.location:
        parts.append(instance.location)
    begins = not instance.all_day and row.day == phrases.first_date(instance, tz)
    if begins and (soon := phrases.in_minutes(instance.start, now)):
        parts.append(soon)
    return " · ".join(parts)

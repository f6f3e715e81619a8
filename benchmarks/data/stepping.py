"""Recurrence for the truth list: walk day by day and ask whether the rule means this day. Slow, and easy to trust."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
Means = Callable[[date, date], bool]
"""Whether a rule with a DTSTART on the first date falls on the second."""


def every_days(interval: int) -> Means:
    """DAILY."""
    return lambda start, day: (day - start).days % interval == 0


def weekdays(wanted: frozenset[int], interval: int) -> Means:
    """WEEKLY;BYDAY, weeks beginning on Monday."""

    def means(start: date, day: date) -> bool:
        weeks = (_monday(day) - _monday(start)).days // 7
        return day.weekday() in wanted and weeks % interval == 0

    return means


def month_day(number: int) -> Means:
    """MONTHLY;BYMONTHDAY: months without that day are left out."""
    return lambda _start, day: day.day == number


def nth_weekday(n: int, weekday: int, month: int | None = None) -> Means:
    """MONTHLY;BYDAY=nXX, or YEARLY with BYMONTH."""

    def means(_start: date, day: date) -> bool:
        if day.weekday() != weekday or (month is not None and day.month != month):
            return False
        if n > 0:
            return (day.day - 1) // 7 + 1 == n
        return (day + timedelta(days=7)).month != day.month

    return means


def last_workday(_start: date, day: date) -> bool:
    """MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1."""
    later = day + timedelta(days=1)
    while later.month == day.month:
        if later.weekday() < 5:
            return False
        later += timedelta(days=1)
    return day.weekday() < 5


def every_year(start: date, day: date) -> bool:
    """YEARLY: 29 February only where there is one."""
    return (day.month, day.day) == (start.month, start.day)


def days(means: Means, start: date, end: date) -> Iterator[date]:
    """The days of a rule from its DTSTART up to, without, `end`."""
    day = start
    while day < end:
        if means(start, day):
            yield day
        day += timedelta(days=1)


def instant(wall: datetime, iana: str) -> int:
    """A wall time as an instant (RFC 5545 §3.3.5): the offset before a gap, the first of two readings."""
    return int(wall.replace(tzinfo=ZoneInfo(iana), fold=0).timestamp())


def exists(wall: datetime, iana: str) -> bool:
    """Whether the clock shows this time exactly once."""
    zone = ZoneInfo(iana)
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    return first.utcoffset() == second.utcoffset()


def midnight(day: date) -> int:
    """A date as its midnight UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())

"""The short way: what a rule without surprises gives, as whole lists by arithmetic instead of a step an occurrence.

It takes rules of one time of day and of no more than one place a day, says None to every other one, and is held to
`generate` and `Series.walk` by property tests. Wall times are local seconds (`core.zones`).
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from functools import lru_cache

from calmerge_desktop.core.recurrence.generate import month_days, year_days
from calmerge_desktop.core.recurrence.rule import Rule
from calmerge_desktop.core.when import DAY

MOST_DAYS = 40_000
"""A longer span goes the careful way, which makes one occurrence at a time and needs no memory for all of them."""
_ORD = date(1970, 1, 1).toordinal()
_LAST_DAY = date(9998, 12, 31).toordinal() - _ORD
_NEAR = 20 * 366  # days; what lies further from what is kept begins anew
_MOST_KEPT = 10_000
"""Days of one shape."""


class Steps:
    """DAILY and WEEKLY: one or a few arithmetic progressions."""

    __slots__ = ("_begin", "_first", "_offsets", "_step")

    def __init__(self, rule: Rule, first: int) -> None:
        self._first = first
        if rule.freq == "DAILY":
            self._step, self._begin = DAY * rule.interval, first
            self._offsets: tuple[int, ...] = (0,)
            return
        day = first // DAY
        since = ((day + 3) % 7 - rule.wkst) % 7
        weekdays = [(weekday - rule.wkst) % 7 for _n, weekday in rule.byday] or [since]
        self._step, self._begin = 7 * DAY * rule.interval, first - since * DAY
        self._offsets = tuple(weekday * DAY for weekday in sorted(set(weekdays)))

    def walls(self, low: int, high: int) -> list[int]:
        """Wall times in `[max(first, low), high)`."""
        low = max(low, self._first)
        if len(self._offsets) == 1:
            start = self._begin + self._offsets[0]
            return list(range(start + -(-(low - start) // self._step) * self._step, high, self._step))
        begin = self._begin + (low - self._begin) // self._step * self._step
        found = [week + offset for week in range(begin, high, self._step) for offset in self._offsets]
        return found[bisect_left(found, low) : bisect_left(found, high)]

    def nth(self, n: int) -> int:
        """The wall time of the n-th occurrence of the rule, counted from 0."""
        size = len(self._offsets)
        n += bisect_left(self._offsets, self._first - self._begin)
        return self._begin + n // size * self._step + self._offsets[n % size]


class Years:
    """MONTHLY and YEARLY: days of a shape, which many series share, at one time of day."""

    __slots__ = ("_first", "_second", "_shape")

    def __init__(self, rule: Rule, first: int) -> None:
        self._first = first
        self._second = first % DAY
        at = date.fromordinal(first // DAY + _ORD)
        plain = not (rule.bymonthday or rule.byday)
        monthly = rule.freq == "MONTHLY"
        self._shape = _shape(
            *(rule.freq, rule.bymonth, rule.bymonthday, rule.byday, rule.bysetpos),
            *(at.day if plain else 0, at.month if plain and not monthly else 0),
            *(rule.interval, (at.year * 12 + at.month - 1 if monthly else at.year) % rule.interval),
        )

    def walls(self, low: int, high: int) -> list[int]:
        """Wall times in `[max(first, low), high)`."""
        low = max(low, self._first)
        if low >= high:
            return []
        second = self._second
        # the first day is that of low, or the next when low is past the time of day
        days = self._shape.between(-((second - low) // DAY), -((second - high) // DAY))
        return [day * DAY + second for day in days]

    def nth(self, n: int) -> int | None:
        """The wall time of the n-th occurrence of the rule, counted from 0; None when it is far away."""
        day = self._shape.nth(self._first // DAY, n)
        return None if day is None else day * DAY + self._second


class _Shape:
    """What MONTHLY and YEARLY rules of one kind have in common: their days, kept for the years somebody asked for."""

    __slots__ = ("_default", "_interval", "_kept", "_phase", "_rule")

    def __init__(self, rule: Rule, default: tuple[int, int], interval: int, phase: int) -> None:
        self._rule = rule
        self._default = default
        self._interval = interval
        self._phase = phase
        self._kept: tuple[int, int, list[int]] = (0, 0, [])
        """Days from and before which the list is complete. Replaced, never changed: other threads may be reading."""

    def between(self, low: int, high: int) -> list[int]:
        """Days in `[low, high)`, ascending."""
        days = self._complete(low, high)
        return days[bisect_left(days, low) : bisect_left(days, high)]

    def nth(self, low: int, n: int) -> int | None:
        """The n-th day from `low` on; None when no 400 years hold so many."""
        years = 2 + n // 12 if self._rule.freq == "MONTHLY" else 2 + n
        while years < 1600:
            high = low + years * 366
            if high > _LAST_DAY or high - low > 400 * 366:
                return None
            days = self._complete(low, high)
            at = bisect_left(days, low) + n
            if at < len(days):
                return days[at]
            years *= 2
        return None

    def _complete(self, low: int, high: int) -> list[int]:
        """All days of a stretch that holds `[low, high)`."""
        begin, end, days = self._kept
        if begin <= low and high <= end:
            return days
        first, last = _year_of(low), _year_of(high) + 1
        if begin < end and begin - _NEAR < low and high < end + _NEAR and len(days) < _MOST_KEPT:
            first, last = min(first, _year_of(begin)), max(last, _year_of(end))
        days = [day for year in range(first, last) for day in self._year(year)]
        self._kept = _new_year(first), _new_year(last), days
        return days

    def _year(self, year: int) -> list[int]:
        rule = self._rule
        if rule.freq == "YEARLY":
            if year % self._interval != self._phase:
                return []
            return chosen(year_days(rule, year, self._default, 0), rule.bysetpos)
        out: list[int] = []
        for month in range(1, 13):
            if (year * 12 + month - 1) % self._interval == self._phase and (not rule.bymonth or month in rule.bymonth):
                out += chosen(month_days(rule, year, month, self._default[1]), rule.bysetpos)
        return out


def chosen(days: list[int], positions: tuple[int, ...]) -> list[int]:
    """Those of the candidates of a period that BYSETPOS names; all when it names none."""
    if not positions:
        return days
    size = len(days)
    return sorted({days[n - 1 if n > 0 else n] for n in positions if -size <= n <= size})


@lru_cache(maxsize=512)
def _shape(
    freq: str,
    bymonth: tuple[int, ...],
    bymonthday: tuple[int, ...],
    byday: tuple[tuple[int, int], ...],
    bysetpos: tuple[int, ...],
    day: int,
    month: int,
    interval: int,
    phase: int,
) -> _Shape:
    rule = Rule(freq=freq, bymonth=bymonth, bymonthday=bymonthday, byday=byday, bysetpos=bysetpos)
    return _Shape(rule, (month, day), interval, phase)


def quick(rule: Rule, first: int) -> Steps | Years | None:
    """The short way for `rule` with a DTSTART at wall time `first`; None when it must go the careful way."""
    if rule.byhour or rule.byminute or rule.bysecond or rule.byyearday or rule.byweekno:
        return None
    if rule.freq in ("DAILY", "WEEKLY"):
        limited = rule.bymonth or rule.bymonthday or rule.bysetpos or (rule.byday and rule.freq == "DAILY")
        return None if limited else Steps(rule, first)
    return Years(rule, first) if rule.freq in ("MONTHLY", "YEARLY") else None


def _year_of(day: int) -> int:
    return date.fromordinal(day + _ORD).year


def _new_year(year: int) -> int:
    return date(year, 1, 1).toordinal() - _ORD if year <= date.max.year else date.max.toordinal() - _ORD + 1

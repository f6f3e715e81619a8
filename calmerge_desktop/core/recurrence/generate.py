"""A rule and its DTSTART -> wall times, in integer arithmetic, ascending, without duplicates.

Wall times are local seconds (`core.zones`). Nothing here knows zones, EXDATEs or COUNT: one pass goes period by period
(a day, week, month, year, or a step below a day), makes the period's candidates by expanding or limiting with the BY-parts
as the table of RFC 5545 §3.3.10 says, and picks BYSETPOS out of them. It can start near any instant by division instead of
walking there. What DTSTART lends to a rule that does not say it is decided in `_Plan`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from calmerge_desktop.core.recurrence.rule import Rule
from calmerge_desktop.core.when import DAY

_ORD = date(1970, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal() - _ORD
_FIRST_DAY = 1 - _ORD
_STEP = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
_PATIENCE = 150_000
"""Periods in a row that give nothing; the days of 400 years, after which the calendar repeats, so nothing ever will."""


def generate(rule: Rule, start: int, low: int, high: int) -> Iterator[int]:
    """Wall times of `rule` for a DTSTART at wall time `start`, within `[max(start, low), high)`."""
    low = max(low, start)
    high = min(high, (_LAST_DAY + 1) * DAY)
    plan = _Plan(rule, start)
    periods = _sub_daily if rule.freq in _STEP else _PERIODS[rule.freq]
    misses = 0
    for candidates in periods(plan, low, high):
        chosen = _positions(candidates, rule.bysetpos) if rule.bysetpos else candidates
        misses = 0 if chosen else misses + 1
        if misses > _PATIENCE:
            return
        for wall in chosen:
            if wall >= high:
                return
            if wall >= low:
                yield wall


class _Plan:
    """A rule with what DTSTART adds: the parts of the day, and the day where the rule names none."""

    __slots__ = ("day", "matches", "rule", "second", "start", "times", "wanted_months")

    def __init__(self, rule: Rule, start: int) -> None:
        self.rule = rule
        self.start = start
        self.day, self.second = divmod(start, DAY)
        hours = rule.byhour or (self.second // 3600,)
        minutes = rule.byminute or (self.second // 60 % 60,)
        seconds = rule.bysecond or (self.second % 60,)
        self.times = [h * 3600 + m * 60 + s for h in hours for m in minutes for s in seconds]
        self.wanted_months = frozenset(rule.bymonth)
        self.matches: Callable[[int], bool] = self._match

    def _match(self, day: int) -> bool:
        """Whether the BY-parts that limit days of frequencies up to DAILY let this day through."""
        rule = self.rule
        if rule.byday and not any(weekday == (day + 3) % 7 for _n, weekday in rule.byday):
            return False
        if not (rule.bymonth or rule.bymonthday or rule.byyearday):
            return True
        at = date.fromordinal(day + _ORD)
        if rule.bymonth and at.month not in self.wanted_months:
            return False
        if rule.bymonthday:
            length = _month_length(at.year, at.month)
            if at.day not in rule.bymonthday and at.day - length - 1 not in rule.bymonthday:
                return False
        if rule.byyearday:
            number, total = at.timetuple().tm_yday, 366 if _leap(at.year) else 365
            return number in rule.byyearday or number - total - 1 in rule.byyearday
        return True

    def spread(self, days: list[int]) -> list[int]:
        """Days -> wall times of all the rule's times of day."""
        if len(self.times) == 1:
            second = self.times[0]
            return [day * DAY + second for day in days]
        return [day * DAY + second for day in days for second in self.times]


def _daily(plan: _Plan, low: int, high: int) -> Iterator[list[int]]:
    step = plan.rule.interval
    first = plan.day + max(0, (low // DAY - plan.day) // step) * step
    for day in range(first, min(high // DAY, _LAST_DAY) + 1, step):
        yield plan.spread([day]) if plan.matches(day) else []


def _weekly(plan: _Plan, low: int, high: int) -> Iterator[list[int]]:
    rule = plan.rule
    begin = plan.day - ((plan.day + 3) % 7 - rule.wkst) % 7
    weekdays = {weekday for _n, weekday in rule.byday} or {(plan.day + 3) % 7}
    offsets = sorted((weekday - rule.wkst) % 7 for weekday in weekdays)
    step = 7 * rule.interval
    first = begin + max(0, (low // DAY - begin) // step) * step
    limited = rule.bymonth or rule.bymonthday or rule.byyearday
    for week in range(first, min(high // DAY, _LAST_DAY) + 1, step):
        days = [week + offset for offset in offsets if _FIRST_DAY <= week + offset <= _LAST_DAY]
        yield plan.spread([day for day in days if plan.matches(day)] if limited else days)


def _monthly(plan: _Plan, low: int, high: int) -> Iterator[list[int]]:
    rule = plan.rule
    at = date.fromordinal(plan.day + _ORD)
    origin = at.year * 12 + at.month - 1
    seek = date.fromordinal(_clamp(low // DAY) + _ORD)
    month = origin + max(0, (seek.year * 12 + seek.month - 1 - origin) // rule.interval) * rule.interval
    end = date.fromordinal(_clamp(high // DAY) + _ORD)
    for index in range(month, end.year * 12 + end.month, rule.interval):
        year, number = index // 12, index % 12 + 1
        if rule.bymonth and number not in plan.wanted_months:
            continue
        yield plan.spread(month_days(rule, year, number, at.day))


def month_days(rule: Rule, year: int, month: int, default: int) -> list[int]:
    """Days of one month: BYMONTHDAY expands; BYDAY expands, or limits when BYMONTHDAY is there; else DTSTART's day."""
    first = date(year, month, 1).toordinal() - _ORD
    length = _month_length(year, month)
    wanted = rule.bymonthday or (() if rule.byday else (default,))
    days = {first + (n - 1 if n > 0 else length + n) for n in wanted if abs(n) <= length}
    if rule.byday:
        weekdays = _nth_weekdays(rule.byday, first, length)
        days = days & weekdays if rule.bymonthday else weekdays
    if rule.byyearday:
        start, total = date(year, 1, 1).toordinal() - _ORD, 366 if _leap(year) else 365
        days = {d for d in days if d - start + 1 in rule.byyearday or d - start - total in rule.byyearday}
    return sorted(days)


def _yearly(plan: _Plan, low: int, high: int) -> Iterator[list[int]]:
    rule = plan.rule
    at = date.fromordinal(plan.day + _ORD)
    seek = date.fromordinal(_clamp(low // DAY) + _ORD).year
    year = at.year + max(0, (seek - at.year) // rule.interval) * rule.interval
    end = date.fromordinal(_clamp(high // DAY) + _ORD).year
    for number in range(year, end + 1, rule.interval):
        yield plan.spread(year_days(rule, number, (at.month, at.day), (plan.day + 3) % 7))


def year_days(rule: Rule, year: int, default: tuple[int, int], weekday: int) -> list[int]:
    """Days of one year that every BY-part present lets through (see docs/recurrence.md for the two disputed cases).

    `default` (month, day) and `weekday` are DTSTART's and stand in for what the rule does not say.
    """
    if not (rule.byweekno or rule.byyearday or rule.byday or rule.bymonthday):
        months, day = rule.bymonth or (default[0],), default[1]
        return [date(year, month, day).toordinal() - _ORD for month in months if day <= _month_length(year, month)]
    first = date(year, 1, 1).toordinal() - _ORD
    total = 366 if _leap(year) else 365
    days: set[int] | None = None
    if rule.byyearday:
        days = {first + (n - 1 if n > 0 else total + n) for n in rule.byyearday if abs(n) <= total}
    if rule.bymonth or rule.bymonthday:
        in_months = set()
        for month in rule.bymonth or range(1, 13):
            begin, length = date(year, month, 1).toordinal() - _ORD, _month_length(year, month)
            wanted = rule.bymonthday or range(1, length + 1)
            in_months |= {begin + (n - 1 if n > 0 else length + n) for n in wanted if abs(n) <= length}
        days = in_months if days is None else days & in_months
    if rule.byweekno:
        in_weeks = {day for day in range(first, first + total) if _week_wanted(rule, day)}
        days = in_weeks if days is None else days & in_weeks
    byday = rule.byday
    if rule.byweekno and not (byday or rule.byyearday or rule.bymonthday):
        byday = ((0, weekday),)  # RFC 5545: what the rule does not say comes from DTSTART
    if byday:
        on_days: set[int] = set()
        if rule.bymonth and not rule.byweekno:
            for month in rule.bymonth:
                begin = date(year, month, 1).toordinal() - _ORD
                on_days |= _nth_weekdays(byday, begin, _month_length(year, month))
        else:
            on_days = _nth_weekdays(byday, first, total)
        days = on_days if days is None else days & on_days
    return sorted(days or ())


def _week_wanted(rule: Rule, day: int) -> bool:
    """Whether the week that holds `day` has a wanted number: week 1 is the first with four days in its year (WKST)."""
    begin = day - ((day + 3) % 7 - rule.wkst) % 7
    year = date.fromordinal(_clamp(begin + 3) + _ORD).year
    number = (begin - _first_week(year, rule.wkst)) // 7 + 1
    weeks = (_first_week(year + 1, rule.wkst) - _first_week(year, rule.wkst)) // 7
    return number in rule.byweekno or number - weeks - 1 in rule.byweekno


def _first_week(year: int, wkst: int) -> int:
    fourth = (date(year, 1, 4).toordinal() if year <= 9999 else date.max.toordinal() + 4) - _ORD
    return fourth - ((fourth + 3) % 7 - wkst) % 7


def _nth_weekdays(byday: tuple[tuple[int, int], ...], first: int, length: int) -> set[int]:
    """Days of the stretch `[first, first + length)` that BYDAY names, counted inside the stretch."""
    days: set[int] = set()
    for n, weekday in byday:
        begin = first + (weekday - (first + 3)) % 7
        every = range(begin, first + length, 7)
        if n == 0:
            days.update(every)
        elif -len(every) <= n <= len(every):
            days.add(every[n - 1 if n > 0 else n])
    return days


def _sub_daily(plan: _Plan, low: int, high: int) -> Iterator[list[int]]:
    rule = plan.rule
    unit = _STEP[rule.freq]
    step = unit * rule.interval
    origin = plan.start - plan.start % unit
    inner = _inner(plan, unit)
    at = origin + max(0, (low - unit + 1 - origin) // step) * step
    while at < high:
        found: list[int] = []
        skip = unit
        if not plan.matches(at // DAY):
            skip = DAY
        elif rule.byhour and at % DAY // 3600 not in rule.byhour:
            skip = 3600
        elif unit <= 60 and rule.byminute and at // 60 % 60 not in rule.byminute:
            skip = 60
        elif unit > 1 or not rule.bysecond or at % 60 in rule.bysecond:
            found = [at + extra for extra in inner]
        yield found
        at = origin + -(-((at // skip + 1) * skip - origin) // step) * step  # the first period after what was skipped


def _inner(plan: _Plan, unit: int) -> list[int]:
    """Seconds after the beginning of an hour or minute at which its candidates lie."""
    if unit == 1:
        return [0]
    seconds = plan.rule.bysecond or (plan.second % 60,)
    if unit == 60:
        return list(seconds)
    minutes = plan.rule.byminute or (plan.second // 60 % 60,)
    return [m * 60 + s for m in minutes for s in seconds]


def _positions(candidates: list[int], wanted: tuple[int, ...]) -> list[int]:
    size = len(candidates)
    return sorted({candidates[n - 1 if n > 0 else n] for n in wanted if -size <= n <= size})


def _clamp(day: int) -> int:
    return max(_FIRST_DAY, min(day, _LAST_DAY))


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if _leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


_PERIODS: dict[str, Callable[[_Plan, int, int], Iterator[list[int]]]] = {
    "DAILY": _daily,
    "WEEKLY": _weekly,
    "MONTHLY": _monthly,
    "YEARLY": _yearly,
}

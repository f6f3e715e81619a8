"""A repetition as the editor offers it, to and from an RRULE (RFC 5545 §3.3.10). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from calmerge_desktop.core.errors import UnreadableRule
from calmerge_desktop.core.recurrence import words
from calmerge_desktop.core.recurrence.rule import WEEKDAYS, Rule, parse
from calmerge_desktop.core.texts import Speech, _, ngettext
from calmerge_desktop.ui import phrases


class Every(StrEnum):
    """The kinds of repetition the editor can make; `OTHER` keeps a rule it cannot express."""

    NEVER = "never"
    DAY = "day"
    WEEK = "week"
    MONTH_DAY = "month-day"
    MONTH_WEEKDAY = "month-weekday"
    YEAR = "year"
    OTHER = "other"


_FREQ = {
    Every.DAY: "DAILY",
    Every.WEEK: "WEEKLY",
    Every.MONTH_DAY: "MONTHLY",
    Every.MONTH_WEEKDAY: "MONTHLY",
    Every.YEAR: "YEARLY",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """What the editor's repetition fields say."""

    every: Every = Every.NEVER
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    """For `WEEK`: 0 is Monday; empty means the weekday of the start."""
    count: int | None = None
    until: date | None = None
    """Last date it may happen on, in the event's own zone."""
    text: str = ""
    """For `OTHER`: the rule as it is."""


def read(rrule: str | None, start: date, tzid: str | None) -> Repetition:
    """The repetition behind an RRULE of an event that starts on `start`; what the editor cannot express is kept as it is."""
    if not rrule:
        return Repetition()
    try:
        rule = parse(rrule)
    except UnreadableRule:
        return Repetition(every=Every.OTHER, text=rrule)
    every = _kind(rule, start)
    if every is Every.OTHER:
        return Repetition(every=every, text=rrule)
    days = tuple(weekday for _n, weekday in rule.byday) if every is Every.WEEK else ()
    return Repetition(
        every=every, interval=rule.interval, weekdays=days, count=rule.count, until=words.until_date(rule, tzid), text=rrule
    )


def write(repetition: Repetition, start: date, tzid: str | None) -> str:
    """The RRULE of a repetition; empty when it does not repeat. `tzid` None: dates or floating, so UNTIL is a date."""
    if repetition.every is Every.NEVER:
        return ""
    if repetition.every is Every.OTHER:
        return repetition.text
    parts = [f"FREQ={_FREQ[repetition.every]}"]
    if repetition.interval > 1:
        parts.append(f"INTERVAL={repetition.interval}")
    if repetition.every is Every.WEEK and repetition.weekdays:
        parts.append("BYDAY=" + ",".join(WEEKDAYS[day] for day in sorted(repetition.weekdays)))
    if repetition.every is Every.MONTH_WEEKDAY:
        parts.append(f"BYDAY={nth(start)}{WEEKDAYS[start.weekday()]}")
    if repetition.count is not None:
        parts.append(f"COUNT={repetition.count}")
    elif repetition.until is not None:
        parts.append(f"UNTIL={_until_text(repetition.until, tzid)}")
    return ";".join(parts)


def nth(day: date) -> int:
    """Which one of its weekday a date is in its month: 1 to 4, -1 for a fifth (which not every month has)."""
    number = (day.day - 1) // 7 + 1
    return -1 if number == 5 else number


def in_words(rrule: str, start: date, tzid: str | None = None) -> str:
    """An RRULE as a sentence in the window's language: `Every 2 weeks on Wednesday, 6 times`."""
    return words.in_words(rrule, start, tzid, words.Tongue(Speech(_, ngettext), phrases.locale_name()))


def ordinal(n: int) -> str:
    """`first` to `fourth`, `last`: which weekday of a month."""
    return words.ordinal(n, Speech(_, ngettext))


def _kind(rule: Rule, start: date) -> Every:
    extras = (rule.bymonth, rule.byyearday, rule.byweekno, rule.byhour, rule.byminute, rule.bysecond, rule.bysetpos)
    if any(extras) or rule.wkst != 0:
        return Every.OTHER
    if rule.freq == "DAILY" and not rule.byday and not rule.bymonthday:
        return Every.DAY
    if rule.freq == "WEEKLY" and not rule.bymonthday:
        return Every.WEEK
    if rule.freq == "MONTHLY" and not rule.byday and rule.bymonthday in ((), (start.day,)):
        return Every.MONTH_DAY
    if rule.freq == "MONTHLY" and not rule.bymonthday and rule.byday == ((nth(start), start.weekday()),):
        return Every.MONTH_WEEKDAY
    if rule.freq == "YEARLY" and not rule.byday and not rule.bymonthday:
        return Every.YEAR
    return Every.OTHER


def _until_text(until: date, tzid: str | None) -> str:
    if tzid is None:
        return until.strftime("%Y%m%d")
    end = datetime(until.year, until.month, until.day, 23, 59, 59, tzinfo=ZoneInfo(tzid))
    return end.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")

"""A repetition as the editor offers it, to and from an RRULE (RFC 5545 §3.3.10), and any RRULE as a sentence. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from calmerge_desktop.core.errors import UnreadableRule
from calmerge_desktop.core.recurrence.rule import WEEKDAYS, Rule, parse
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui import phrases

_WORKDAYS = (0, 1, 2, 3, 4)


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
        every=every, interval=rule.interval, weekdays=days, count=rule.count, until=_until_date(rule, tzid), text=rrule
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
    """An RRULE as a sentence: `Every 2 weeks on Wednesday, 6 times`."""
    try:
        rule = parse(rrule)
    except UnreadableRule:
        return _("Repeats")
    words = _frequency(rule, start)
    if rule.count is not None:
        return words + ", " + ngettext("{n} time", "{n} times", rule.count).format(n=rule.count)
    if (until := _until_date(rule, tzid)) is not None:
        return words + ", " + _("until {date}").format(date=phrases.skeleton(until, "yMMMd"))
    return words


def ordinal(n: int) -> str:
    """`first` to `fourth`, `last`: which weekday of a month."""
    names = {
        1: _("first"),
        2: _("second"),
        3: _("third"),
        4: _("fourth"),
        5: _("fifth"),
        -1: _("last"),
        -2: _("second last"),
    }
    return names.get(n, str(n))


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


def _until_date(rule: Rule, tzid: str | None) -> date | None:
    if rule.until is None:
        return None
    value = rule.until.value
    if not isinstance(value, datetime):
        return value
    if rule.until.tzid == "UTC" and tzid:
        return value.replace(tzinfo=UTC).astimezone(ZoneInfo(tzid)).date()
    return value.date()


def _until_text(until: date, tzid: str | None) -> str:
    if tzid is None:
        return until.strftime("%Y%m%d")
    end = datetime(until.year, until.month, until.day, 23, 59, 59, tzinfo=ZoneInfo(tzid))
    return end.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _frequency(rule: Rule, start: date) -> str:
    n = rule.interval
    if rule.freq == "DAILY":
        return ngettext("Every day", "Every {n} days", n).format(n=n)
    if rule.freq == "WEEKLY":
        return _weekly(rule, start)
    if rule.freq == "MONTHLY":
        return _monthly(rule, start)
    if rule.freq == "YEARLY":
        return ngettext("Every year", "Every {n} years", n).format(n=n) + _yearly_day(rule, start)
    if rule.freq == "HOURLY":
        return ngettext("Every hour", "Every {n} hours", n).format(n=n)
    return _("Repeats within the hour")


def _weekly(rule: Rule, start: date) -> str:
    days = tuple(weekday for _n, weekday in rule.byday) or (start.weekday(),)
    if days == _WORKDAYS:
        return ngettext("Every weekday", "Every {n} weeks, Monday to Friday", rule.interval).format(n=rule.interval)
    return ngettext("Every week on {days}", "Every {n} weeks on {days}", rule.interval).format(
        n=rule.interval, days=_joined([phrases.weekday_name(day) for day in days])
    )


def _monthly(rule: Rule, start: date) -> str:
    n = rule.interval
    if rule.bysetpos and len(rule.bysetpos) == 1 and tuple(weekday for _n, weekday in rule.byday) == _WORKDAYS:
        return ngettext("Every month on the {which} weekday", "Every {n} months on the {which} weekday", n).format(
            n=n, which=ordinal(rule.bysetpos[0])
        )
    if rule.byday:
        days = [
            _("the {which} {weekday}").format(which=ordinal(which), weekday=phrases.weekday_name(weekday))
            if which
            else phrases.weekday_name(weekday)
            for which, weekday in rule.byday
        ]
        return ngettext("Every month on {days}", "Every {n} months on {days}", n).format(n=n, days=_joined(days))
    numbers = rule.bymonthday or (start.day,)
    names = [_("the last day") if day == -1 else _("day {n}").format(n=day) for day in numbers]
    return ngettext("Every month on {days}", "Every {n} months on {days}", n).format(n=n, days=_joined(names))


def _yearly_day(rule: Rule, start: date) -> str:
    if rule.byday and rule.byday[0][0] and len(rule.bymonth) == 1:
        which, weekday = rule.byday[0]
        day = _("the {which} {weekday}").format(which=ordinal(which), weekday=phrases.weekday_name(weekday))
        return " " + _("on {day} of {month}").format(day=day, month=phrases.month_name(rule.bymonth[0]))
    if rule.byday or rule.byweekno or rule.byyearday:
        return ""
    month = rule.bymonth[0] if rule.bymonth else start.month
    number = rule.bymonthday[0] if rule.bymonthday and rule.bymonthday[0] > 0 else start.day
    try:
        return " " + _("on {day}").format(day=phrases.skeleton(date(2024, month, number), "MMMMd"))
    except ValueError:
        return ""


def _joined(names: list[str]) -> str:
    return phrases.listed(names)

"""Any RRULE (RFC 5545 §3.3.10) as a sentence, in the language of whoever reads it. Pure; names and dates come from Babel."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calmerge_desktop.core.errors import UnreadableRule
from calmerge_desktop.core.recurrence.rule import Rule, parse
from calmerge_desktop.core.texts import Speech

_WORKDAYS = (0, 1, 2, 3, 4)


class Tongue(NamedTuple):
    """How somebody reads: the catalogue's words and the locale of dates."""

    speech: Speech
    locale: str


def in_words(rrule: str, start: date, tzid: str | None, tongue: Tongue) -> str:
    """`Every 2 weeks on Wednesday, 6 times`. `start`: date of DTSTART in its zone `tzid`, None for dates and floating."""
    _, ngettext = tongue.speech
    try:
        rule = parse(rrule)
    except UnreadableRule:
        return _("Repeats")
    words = _frequency(rule, start, tongue)
    if rule.count is not None:
        return words + ", " + ngettext("{n} time", "{n} times", rule.count).format(n=rule.count)
    if (until := until_date(rule, tzid)) is not None:
        return words + ", " + _("until {date}").format(date=_skeleton(until, "yMMMd", tongue))
    return words


def ordinal(n: int, speech: Speech) -> str:
    """`first` to `fourth`, `last`: which weekday of a month."""
    _ = speech.text
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


def until_date(rule: Rule, tzid: str | None) -> date | None:
    """The last date a rule may reach, in the event's own zone; None when it says none."""
    if rule.until is None:
        return None
    value = rule.until.value
    if not isinstance(value, datetime):
        return value
    if rule.until.tzid == "UTC" and tzid:
        return value.replace(tzinfo=UTC).astimezone(ZoneInfo(tzid)).date()
    return value.date()


def _frequency(rule: Rule, start: date, tongue: Tongue) -> str:
    _, ngettext = tongue.speech
    n = rule.interval
    if rule.freq == "DAILY":
        return ngettext("Every day", "Every {n} days", n).format(n=n)
    if rule.freq == "WEEKLY":
        return _weekly(rule, start, tongue)
    if rule.freq == "MONTHLY":
        return _monthly(rule, start, tongue)
    if rule.freq == "YEARLY":
        return ngettext("Every year", "Every {n} years", n).format(n=n) + _yearly_day(rule, start, tongue)
    if rule.freq == "HOURLY":
        return ngettext("Every hour", "Every {n} hours", n).format(n=n)
    return _("Repeats within the hour")


def _weekly(rule: Rule, start: date, tongue: Tongue) -> str:
    _, ngettext = tongue.speech
    days = tuple(weekday for _n, weekday in rule.byday) or (start.weekday(),)
    if days == _WORKDAYS:
        return ngettext("Every weekday", "Every {n} weeks, Monday to Friday", rule.interval).format(n=rule.interval)
    return ngettext("Every week on {days}", "Every {n} weeks on {days}", rule.interval).format(
        n=rule.interval, days=_joined([_weekday(day, tongue) for day in days], tongue)
    )


def _monthly(rule: Rule, start: date, tongue: Tongue) -> str:
    _, ngettext = tongue.speech
    n = rule.interval
    if rule.bysetpos and len(rule.bysetpos) == 1 and tuple(weekday for _n, weekday in rule.byday) == _WORKDAYS:
        return ngettext("Every month on the {which} weekday", "Every {n} months on the {which} weekday", n).format(
            n=n, which=ordinal(rule.bysetpos[0], tongue.speech)
        )
    if rule.byday:
        days = [
            _("the {which} {weekday}").format(which=ordinal(which, tongue.speech), weekday=_weekday(weekday, tongue))
            if which
            else _weekday(weekday, tongue)
            for which, weekday in rule.byday
        ]
        return ngettext("Every month on {days}", "Every {n} months on {days}", n).format(n=n, days=_joined(days, tongue))
    numbers = rule.bymonthday or (start.day,)
    names = [_("the last day") if day == -1 else _("day {n}").format(n=day) for day in numbers]
    return ngettext("Every month on {days}", "Every {n} months on {days}", n).format(n=n, days=_joined(names, tongue))


def _yearly_day(rule: Rule, start: date, tongue: Tongue) -> str:
    _, _ngettext = tongue.speech
    if rule.byday and rule.byday[0][0] and len(rule.bymonth) == 1:
        which, weekday = rule.byday[0]
        day = _("the {which} {weekday}").format(which=ordinal(which, tongue.speech), weekday=_weekday(weekday, tongue))
        return " " + _("on {day} of {month}").format(day=day, month=_month(rule.bymonth[0], tongue))
    if rule.byday or rule.byweekno or rule.byyearday:
        return ""
    month = rule.bymonth[0] if rule.bymonth else start.month
    number = rule.bymonthday[0] if rule.bymonthday and rule.bymonthday[0] > 0 else start.day
    try:
        return " " + _("on {day}").format(day=_skeleton(date(2024, month, number), "MMMMd", tongue))
    except ValueError:
        return ""


def _skeleton(day: date, fields: str, tongue: Tongue) -> str:
    from babel.dates import format_skeleton

    text: str = format_skeleton(fields, datetime(day.year, day.month, day.day), locale=tongue.locale)
    return text


def _weekday(day: int, tongue: Tongue) -> str:
    from babel.dates import get_day_names

    return str(get_day_names("wide", "stand-alone", tongue.locale)[day])


def _month(month: int, tongue: Tongue) -> str:
    from babel.dates import get_month_names

    return str(get_month_names("wide", "stand-alone", tongue.locale)[month])


def _joined(names: list[str], tongue: Tongue) -> str:
    from babel.lists import format_list

    return format_list(names, style="standard", locale=tongue.locale)

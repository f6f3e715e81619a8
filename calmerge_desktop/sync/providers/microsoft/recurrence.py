"""The repetition of Graph (`patternedRecurrence`) and of iCalendar (RRULE, RFC 5545 §3.3.10), in both directions. Pure.

Where the two differ: Graph has no fifth weekday, one rule only, and moves a day that a month does not have to that month's
last day, while an RRULE leaves such a month out.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.recurrence.generate import generate
from calmerge_desktop.core.recurrence.rule import WEEKDAYS, Rule, parse
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY, utc_stamp
from calmerge_desktop.core.zones import Zone, iana, resolve, seconds_of, wall_of

Json = dict[str, Any]
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
INDEXES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_NAMES = {number: name for name, number in INDEXES.items()}
_SHORTEST = 28
_FAR = 1 << 40
_YEAR = 12
_LOOK_BACK = 400 * DAY
_MOST_COUNTED = 100_000


class Untold(ValueError):
    """A repetition of Graph that no RRULE says; it never leaves this adapter."""


def rrule(recurrence: Mapping[str, Any], start: Stamp, zone: Zone) -> str:
    """The RRULE value of a Graph repetition that begins at `start`, whose wall clock is `zone`. Raises `Untold`."""
    try:
        pattern = recurrence["pattern"]
        parts = [*_when(str(pattern["type"]), pattern), *_how_long(recurrence["range"], start, zone)]
    except (KeyError, TypeError, ValueError) as error:
        raise Untold from error
    return ";".join(parts)


def graph(rule_text: str, start: Stamp, zone: Zone, zone_name: str) -> Json:
    """Graph's repetition for an RRULE value whose DTSTART is `start`. Raises `BadInput` where Graph cannot say it.

    `zone_name` is what Graph calls `zone`.
    """
    rule = parse(rule_text)
    first = _wall(start)
    rule = _without_times(rule, first)
    pattern = _pattern(rule, wall_of(first).date())
    begins = next(iter(generate(replace(rule, count=None, until=None), first, first, _FAR)), None)
    if begins != first:
        raise BadInput(
            _("Outlook cannot keep this repetition: the event starts on a day that the repetition leaves out."),
            hint=_("Let the event start on the first day of its repetition."),
        )
    return {"pattern": pattern, "range": _range(rule, first, start, zone, zone_name)}


def _when(kind: str, pattern: Mapping[str, Any]) -> list[str]:
    interval = int(pattern.get("interval") or 1)
    if interval < 1:
        raise Untold
    step = [f"INTERVAL={interval}"] if interval > 1 else []
    if kind == "daily":
        return ["FREQ=DAILY", *step]
    if kind == "weekly":
        return ["FREQ=WEEKLY", *step, f"BYDAY={_byday(pattern)}", *_week_start(pattern, interval)]
    if kind in ("absoluteMonthly", "relativeMonthly"):
        days = _month_day(int(pattern["dayOfMonth"]), _SHORTEST, 31) if kind == "absoluteMonthly" else _nth(pattern)
        return ["FREQ=MONTHLY", *step, *days]
    if kind in ("absoluteYearly", "relativeYearly"):
        month = int(pattern["month"])
        lengths = calendar.monthrange(2023, month)[1], calendar.monthrange(2024, month)[1]  # a leap year
        days = _month_day(int(pattern["dayOfMonth"]), *lengths) if kind == "absoluteYearly" else _nth(pattern)
        return ["FREQ=YEARLY", *step, f"BYMONTH={month}", *days]
    raise Untold


def _byday(pattern: Mapping[str, Any]) -> str:
    found = sorted({DAYS.index(str(each).lower()) for each in pattern["daysOfWeek"]})
    if not found:
        raise Untold
    return ",".join(WEEKDAYS[each] for each in found)


def _week_start(pattern: Mapping[str, Any], interval: int) -> list[str]:
    """Graph's week begins on Sunday when nothing is said, iCalendar's on Monday; it only matters with an interval."""
    first = DAYS.index(str(pattern.get("firstDayOfWeek") or "sunday").lower())
    return [f"WKST={WEEKDAYS[first]}"] if interval > 1 and first else []


def _month_day(day: int, shortest: int, longest: int) -> list[str]:
    """A day of the month, moved to the last one in months that are too short."""
    if not 1 <= day <= 31:
        raise Untold
    if day <= shortest:
        return [f"BYMONTHDAY={day}"]
    if day >= longest:
        return ["BYMONTHDAY=-1"]
    return [f"BYMONTHDAY={','.join(str(each) for each in range(_SHORTEST, day + 1))}", "BYSETPOS=-1"]


def _nth(pattern: Mapping[str, Any]) -> list[str]:
    place = INDEXES[str(pattern.get("index") or "first")]
    named = _byday(pattern)
    if named.count(",") == 6:
        return [f"BYMONTHDAY={place}"]
    return [f"BYDAY={named}", f"BYSETPOS={place}"] if "," in named else [f"BYDAY={place}{named}"]


def _how_long(said: Mapping[str, Any], start: Stamp, zone: Zone) -> list[str]:
    kind = said["type"]
    if kind == "noEnd":
        return []
    if kind == "numbered":
        count = int(said["numberOfOccurrences"])
        if count < 1:
            raise Untold
        return [f"COUNT={count}"]
    if kind != "endDate":
        raise Untold
    last = date.fromisoformat(str(said["endDate"])[:10])
    if not isinstance(start.value, datetime):
        return [f"UNTIL={last.isoformat().replace('-', '')}"]
    wall = seconds_of(datetime.combine(last, start.value.time()))
    return [f"UNTIL={utc_stamp(zone.to_utc(wall))}"]


def _wall(stamp: Stamp) -> int:
    value = stamp.value
    return seconds_of(value if isinstance(value, datetime) else datetime(value.year, value.month, value.day))


def _without_times(rule: Rule, first: int) -> Rule:
    """BYHOUR and the like say nothing when they repeat the start."""
    at = wall_of(first)
    for given, own in ((rule.byhour, at.hour), (rule.byminute, at.minute), (rule.bysecond, at.second)):
        if given and given != (own,):
            raise _no(_("it happens several times a day"))
    return replace(rule, byhour=(), byminute=(), bysecond=())


def _pattern(rule: Rule, start: date) -> Json:
    if rule.byyearday or rule.byweekno:
        raise _no(_("it counts days or weeks of the year"))
    make = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}.get(rule.freq)
    if make is None:
        raise _no(_("it happens several times a day"))
    return make(rule, start)


def _daily(rule: Rule, start: date) -> Json:
    if rule.bymonth or rule.bymonthday or rule.bysetpos:
        raise _no(_("it is daily and leaves days of the month or months out"))
    if not rule.byday:
        return {"type": "daily", "interval": rule.interval}
    if rule.interval > 1:
        raise _no(_("it counts days and leaves weekdays out"))
    return _weekly(rule, start)


def _weekly(rule: Rule, start: date) -> Json:
    if rule.bymonth or rule.bymonthday or rule.bysetpos:
        raise _no(_("it is weekly and leaves weeks out"))
    days = sorted({day for _n, day in rule.byday}) or [start.weekday()]
    return {
        "type": "weekly",
        "interval": rule.interval,
        "daysOfWeek": [DAYS[each] for each in days],
        "firstDayOfWeek": DAYS[rule.wkst if rule.interval > 1 else 0],
    }


def _monthly(rule: Rule, start: date) -> Json:
    if rule.bymonth:
        if len(rule.bymonth) > 1 or rule.interval not in (1, _YEAR):
            raise _no(_("it names several months"))
        if rule.interval == _YEAR and rule.bymonth != (start.month,):
            raise _no(_("it names several months"))
        return _yearly(replace(rule, freq="YEARLY", interval=1, bymonthday=rule.bymonthday or _own_day(rule, start)), start)
    if rule.interval % _YEAR == 0:
        months = (start.month,)
        own = rule.bymonthday or _own_day(rule, start)
        return _yearly(replace(rule, freq="YEARLY", interval=rule.interval // _YEAR, bymonth=months, bymonthday=own), start)
    return _in_month(rule, start, "Monthly", 31)


def _own_day(rule: Rule, start: date) -> tuple[int, ...]:
    return () if rule.byday else (start.day,)


def _yearly(rule: Rule, start: date) -> Json:
    months = rule.bymonth
    if not months:
        if rule.byday:
            raise _no(_("it counts weekdays of the whole year"))
        if rule.bymonthday:
            raise _no(_("it names several months"))
        months = (start.month,)
    if len(months) > 1:
        raise _no(_("it names several months"))
    longest = calendar.monthrange(2024, months[0])[1]
    return {**_in_month(rule, start, "Yearly", longest), "month": months[0]}


def _in_month(rule: Rule, start: date, kind: str, longest: int) -> Json:
    """The day of the month, however it is said."""
    head: Json = {"interval": rule.interval}
    if rule.byday and rule.bymonthday:
        raise _no(_("it wants a weekday and a day of the month at once"))
    if rule.byday:
        place, days = _weekdays(rule)
        return {"type": f"relative{kind}", **head, "daysOfWeek": [DAYS[each] for each in days], "index": _NAMES[place]}
    days_of_month = rule.bymonthday or (start.day,)
    if len(days_of_month) == 1 and not rule.bysetpos:
        return _one_day(days_of_month[0], kind, head, longest)
    top = len(days_of_month) + _SHORTEST - 1
    if rule.bysetpos == (-1,) and days_of_month == tuple(range(_SHORTEST, top + 1)):
        return _last_day(kind, head) if top >= longest else {"type": f"absolute{kind}", **head, "dayOfMonth": top}
    raise _no(_("it names several days of the month"))


def _one_day(day: int, kind: str, head: Json, longest: int) -> Json:
    if day == -1:
        return _last_day(kind, head)
    fixed = longest if longest != 29 else _SHORTEST  # days that the month always has
    if kind == "Monthly":
        fixed = _SHORTEST
    if day < 0:
        raise _no(_("it counts days from the end of the month"))
    if day > fixed:
        raise _no(_("it leaves out months that are too short; Outlook would take their last day"))
    return {"type": f"absolute{kind}", **head, "dayOfMonth": day}


def _last_day(kind: str, head: Json) -> Json:
    return {"type": f"relative{kind}", **head, "daysOfWeek": list(DAYS), "index": "last"}


def _weekdays(rule: Rule) -> tuple[int, list[int]]:
    """Which of which weekdays: one hit a month."""
    numbers = {n for n, _day in rule.byday}
    days = sorted({day for _n, day in rule.byday})
    if len(rule.byday) == 1 and numbers != {0} and not rule.bysetpos:
        place = next(iter(numbers))
    elif numbers == {0} and len(rule.bysetpos) == 1:
        place = rule.bysetpos[0]
    else:
        raise _no(_("it names several days of the month"))
    if place not in _NAMES:
        raise _no(_("it wants a fifth weekday, or one counted from the end"))
    return place, days


def _range(rule: Rule, first: int, start: Stamp, zone: Zone, zone_name: str) -> Json:
    said: Json = {"startDate": f"{wall_of(first):%Y-%m-%d}", "recurrenceTimeZone": zone_name}
    if rule.count is not None and rule.until is None:
        return {"type": "numbered", **said, "numberOfOccurrences": rule.count}
    if rule.until is None:
        return {"type": "noEnd", **said}
    end = _end(rule.until, start, zone)
    if rule.count is not None and rule.count < _MOST_COUNTED:
        # RFC 5545 forbids both; where a program wrote both, the series ends with the earlier one
        before = islice(generate(replace(rule, count=None, until=None), first, first, end + 1), rule.count)
        if sum(1 for _one in before) == rule.count:
            return {"type": "numbered", **said, "numberOfOccurrences": rule.count}
    last = _last(replace(rule, until=None), first, end + 1)
    if last is None:
        raise BadInput(_("The repetition ends before it begins."))
    return {"type": "endDate", **said, "endDate": f"{wall_of(last):%Y-%m-%d}"}


def _last(rule: Rule, first: int, end: int) -> int | None:
    """The last time before `end`, looked for from there: an UNTIL of the year 9999 is three million days away."""
    span = _LOOK_BACK
    while (found := max(generate(rule, first, max(first, end - span), end), default=None)) is None and end - span > first:
        span *= 4
    return found


def _end(until: Stamp, start: Stamp, zone: Zone) -> int:
    """UNTIL on the wall clock of the series, inclusive."""
    value = until.value
    if not isinstance(value, datetime):
        return _wall(until) + DAY - 1
    if until.tzid is None or start.all_day:
        return seconds_of(value)
    return zone.to_wall(iana(resolve(until.tzid) or "UTC").to_utc(seconds_of(value)))


def _no(why: str) -> BadInput:
    return BadInput(
        _("Outlook cannot keep this repetition: {why}.").format(why=why),
        hint=_("Choose a simpler repetition, or several events."),
    )

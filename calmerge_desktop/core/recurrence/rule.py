"""An RRULE as numbers (RFC 5545 §3.3.10). Reading is lenient in form and strict in meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from calmerge_desktop.core.errors import UnreadableRule
from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.texts import _

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$")
_UNTIL = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?$")
_RANGES = {
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSECOND": (0, 60, False),
    "BYSETPOS": (1, 366, True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A parsed RRULE. Empty tuples mean "not given"; weekdays count from Monday 0."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: Stamp | None = None
    byday: tuple[tuple[int, int], ...] = ()
    """(n, weekday); n is 0 for every such weekday."""
    bymonth: tuple[int, ...] = ()
    bymonthday: tuple[int, ...] = ()
    byyearday: tuple[int, ...] = ()
    byweekno: tuple[int, ...] = ()
    byhour: tuple[int, ...] = ()
    byminute: tuple[int, ...] = ()
    bysecond: tuple[int, ...] = ()
    bysetpos: tuple[int, ...] = ()
    wkst: int = 0


def parse(text: str) -> Rule:
    """A `Rule` out of an RRULE value. Raises `UnreadableRule` for anything whose meaning is not certain."""
    parts: dict[str, str] = {}
    for part in text.strip().strip(";").split(";"):
        name, equals, value = part.partition("=")
        name, value = name.strip().upper(), value.strip().upper()
        if name.startswith("X-") or (not name and not value):
            continue
        if not equals or not value or name in parts:
            raise _unreadable(text)
        parts[name] = value
    if parts.pop("RSCALE", "GREGORIAN") != "GREGORIAN" or parts.pop("SKIP", "OMIT") != "OMIT":
        raise _unreadable(text)  # RFC 7529: other calendars and shifted dates are not read as if they were plain
    freq = parts.pop("FREQ", "")
    if freq not in FREQUENCIES:
        raise _unreadable(text)
    try:
        return _rule(freq, parts)
    except ValueError as error:
        raise _unreadable(text) from error


def most_a_day(rule: Rule) -> int:
    """No day holds more occurrences of the rule than this; told from its parts, without generating any."""
    hours, minutes, seconds = (len(part) for part in (rule.byhour, rule.byminute, rule.bysecond))
    steps = {"HOURLY": 24, "MINUTELY": 1440, "SECONDLY": 86_400}.get(rule.freq)
    inside = {"HOURLY": (minutes or 1) * (seconds or 1), "MINUTELY": seconds or 1, "SECONDLY": 1}.get(
        rule.freq, (hours or 1) * (minutes or 1) * (seconds or 1)
    )
    if rule.bysetpos:
        inside = min(inside, len(rule.bysetpos))
    if steps is None:
        return inside
    named = (hours or 24) * (minutes or (1 if rule.freq == "HOURLY" else 60))
    named *= seconds or (60 if rule.freq == "SECONDLY" else 1)
    return min(-(-steps // rule.interval) * inside, named)


def _rule(freq: str, parts: dict[str, str]) -> Rule:
    numbers = {name.lower(): _numbers(name, parts.pop(name)) for name in _RANGES if name in parts}
    if "bysecond" in numbers:
        numbers["bysecond"] = tuple(sorted({min(n, 59) for n in numbers["bysecond"]}))  # a leap second is none here
    rule = Rule(
        freq=freq,
        interval=_positive(parts.pop("INTERVAL", "1")),
        count=_positive(parts.pop("COUNT")) if "COUNT" in parts else None,
        until=_until(parts.pop("UNTIL")) if "UNTIL" in parts else None,
        byday=_weekdays(parts.pop("BYDAY")) if "BYDAY" in parts else (),
        wkst=WEEKDAYS.index(parts.pop("WKST", "MO")),
        **numbers,
    )
    if parts:
        raise ValueError(f"unknown parts {sorted(parts)}")
    if freq not in ("MONTHLY", "YEARLY"):
        # Numbered weekdays mean nothing here (RFC 5545: MUST NOT); what was meant is the plain weekday.
        rule = _plain_weekdays(rule)
    return rule


def _plain_weekdays(rule: Rule) -> Rule:
    from dataclasses import replace

    return replace(rule, byday=tuple(sorted({(0, weekday) for _n, weekday in rule.byday}))) if rule.byday else rule


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _numbers(name: str, text: str) -> tuple[int, ...]:
    low, high, signed = _RANGES[name]
    out = set()
    for item in text.split(","):
        number = int(item)
        if not (low <= number <= high or (signed and low <= -number <= high)):
            raise ValueError(f"{name}={item}")
        out.add(number)
    return tuple(sorted(out))


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    out = set()
    for item in text.split(","):
        found = _BYDAY.match(item.strip())
        if not found or (found[1] and not 1 <= abs(int(found[1])) <= 53):
            raise ValueError(f"BYDAY={item}")
        out.add((int(found[1] or 0), WEEKDAYS.index(found[2])))
    return tuple(sorted(out))


def _until(text: str) -> Stamp:
    found = _UNTIL.match(text)
    if not found:
        raise ValueError(f"UNTIL={text}")
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if found[4] is None:
        return Stamp(date(year, month, day))
    value = datetime(year, month, day, int(found[4]), int(found[5]), min(int(found[6] or 0), 59))
    return Stamp(value, "UTC" if found[7] else None)


def _unreadable(text: str) -> UnreadableRule:
    return UnreadableRule(_("The repetition “{rule}” cannot be understood.").format(rule=text.strip()[:120]))

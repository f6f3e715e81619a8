"""DATE, DATE-TIME, DURATION and PERIOD values (RFC 5545 §3.3) as numbers, lenient in form."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from calmerge_desktop.core.errors import UnreadableEvent
from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.texts import _

_TIME = re.compile(r"^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2}))?(?:[.,]\d+)?([Zz])?)?$", re.IGNORECASE)
_DURATION = re.compile(r"^([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$", re.IGNORECASE)

_LONGEST = 366 * 9999  # days; more leaves the calendar
Duration = tuple[int, int]
"""(nominal days, exact seconds)."""


def stamp(value: str, tzid: str | None, *, as_date: bool = False) -> Stamp:
    """A DATE or DATE-TIME; `tzid` counts for a local time only. Raises `UnreadableEvent`.

    A value without a time is a DATE even when VALUE=DATE is missing; `as_date` (VALUE=DATE) drops a time.
    """
    found = _TIME.match(value.strip())
    if not found:
        raise _unreadable(value)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if as_date or found[4] is None:
            return Stamp(day)
        hour, minute, second = int(found[4]), int(found[5]), min(int(found[6] or 0), 59)  # :60 is a leap second
        at = datetime(day.year, day.month, day.day, hour % 24, minute, second) + timedelta(days=hour // 24)
    except (ValueError, OverflowError) as error:
        raise _unreadable(value) from error
    return Stamp(at, "UTC" if found[7] else tzid)


def duration(value: str) -> Duration:
    """A DURATION; negative ones give negative numbers. Raises `UnreadableEvent`."""
    found = _DURATION.match(value.strip())
    if not found or not any(found.groups()[1:]) or len(value) > 60:
        raise _unreadable(value)
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    if weeks * 7 + days + hours // 24 + minutes // 1440 + seconds // 86_400 > _LONGEST:
        raise _unreadable(value)
    sign = -1 if found[1] == "-" else 1
    return sign * (weeks * 7 + days), sign * (hours * 3600 + minutes * 60 + seconds)


def period(value: str, tzid: str | None) -> tuple[Stamp, Stamp | Duration]:
    """A PERIOD (§3.3.9): its start, and its end or duration. Raises `UnreadableEvent`."""
    start, _slash, rest = value.partition("/")
    end: Stamp | Duration = duration(rest) if rest.strip().upper().lstrip("+-").startswith("P") else stamp(rest, tzid)
    return stamp(start, tzid), end


def _unreadable(value: str) -> UnreadableEvent:
    return UnreadableEvent(_("“{value}” is no date or time.").format(value=value.strip()[:40]))

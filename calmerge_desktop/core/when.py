"""Clocks, zones of the person, weeks, and words such as "monday" or "+7d" -> dates and instants.

The only module that imports pendulum, and it does so when a word needs it.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _

DAY = 86_400
Clock = Callable[[], int]
"""Now, in seconds since 1970 UTC."""

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def now() -> int:
    """The system clock."""
    return int(time.time())


def system_tzid() -> str:
    """IANA name of the system's zone; `UTC` when the system does not say."""
    name = os.environ.get("TZ") or _linked_tzid()
    if not name or not known_zone(name):
        from tzlocal import get_localzone_name  # knows every system; loads longer than the plain answers take

        name = get_localzone_name()
    return name if name and known_zone(name) else "UTC"


def _linked_tzid(etc: Path = Path("/etc")) -> str | None:
    """What `localtime` is a link to, unless a file beside it says something else."""
    link, note = etc / "localtime", etc / "timezone"
    try:
        name = link.readlink().as_posix().partition("/zoneinfo/")[2]
        noted = note.read_text(encoding="utf-8").strip() if note.exists() else name
    except (OSError, ValueError):
        return None
    return name if noted == name else None


def known_zone(tzid: str) -> bool:
    """Whether `tzid` is an IANA name we have data for."""
    if " " in tzid:  # a Windows name: looking for a file of that name would load the whole package of zone data
        return False
    try:
        ZoneInfo(tzid)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def zone(tzid: str) -> ZoneInfo:
    """The zone of an IANA name. Raises `BadInput` for anything else."""
    if not known_zone(tzid):
        raise BadInput(_("“{zone}” is no time zone.").format(zone=tzid), hint=_("Use an IANA name such as Europe/Berlin."))
    return ZoneInfo(tzid)


def midnight(day: date, tz: ZoneInfo) -> int:
    """The instant a local day begins (where midnight does not exist, the first instant after the gap)."""
    return int(datetime(day.year, day.month, day.day, tzinfo=tz).timestamp())


def date_seconds(day: date) -> int:
    """A date as the instant of its midnight UTC: how all-day events are stored."""
    return (day.toordinal() - _EPOCH_DAY) * DAY


def seconds_date(seconds: int) -> date:
    """The date whose midnight UTC (or any later second of it) is `seconds`."""
    return date.fromordinal(seconds // DAY + _EPOCH_DAY)


def local(seconds: int, tz: ZoneInfo) -> datetime:
    """The wall clock in `tz` at an instant."""
    return datetime.fromtimestamp(seconds, tz)


def rfc3339(seconds: int, tz: ZoneInfo) -> str:
    """An instant with the zone's offset: `2026-11-23T09:00:00+01:00`."""
    return datetime.fromtimestamp(seconds, tz).isoformat(timespec="seconds")


def week_of(day: date, first_weekday: int = 0) -> date:
    """The first day of the week that holds `day`; `first_weekday` 0 is Monday."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def parse_moment(text: str, tz: ZoneInfo, clock: Clock = now) -> date | datetime:
    """A date, a date-time (naive: in `tz`), or a word: today, tomorrow, yesterday, now, a weekday, `+7d`, `-2w`, `+1m`.

    A weekday is the next one, today included. Returns a `date`, or an aware `datetime`. Raises `BadInput`.
    """
    word = text.strip().lower()
    today = datetime.fromtimestamp(clock(), tz).date()
    if word == "now":
        return datetime.fromtimestamp(clock(), tz)
    if word in ("today", "tomorrow", "yesterday"):
        return today + timedelta(days={"today": 0, "tomorrow": 1, "yesterday": -1}[word])
    if word in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS.index(word) - today.weekday()) % 7)
    try:
        if step := re.fullmatch(r"([+-]\d{1,5})([dwmy])", word):
            return _stepped(today, int(step[1]), step[2])
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
            return date.fromisoformat(word)
        at = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError) as error:
        raise BadInput(
            _("“{text}” is no date or time.").format(text=text),
            hint=_("Use 2026-11-23, 2026-11-23T09:00, today, monday or +7d."),
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=tz)


def instant(moment: date | datetime, tz: ZoneInfo) -> int:
    """What `parse_moment` gave as an instant; a date is the beginning of that day in `tz`."""
    return int(moment.timestamp()) if isinstance(moment, datetime) else midnight(moment, tz)


def _stepped(today: date, amount: int, unit: str) -> date:
    if unit in "dw":
        return today + timedelta(days=amount * (7 if unit == "w" else 1))
    import pendulum

    base = pendulum.date(today.year, today.month, today.day)
    moved = base.add(months=amount) if unit == "m" else base.add(years=amount)
    return date(moved.year, moved.month, moved.day)


def utc_stamp(seconds: int) -> str:
    """`20261124T090000Z`: the UTC form of RFC 5545 §3.3.5."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%dT%H%M%SZ").zfill(16)

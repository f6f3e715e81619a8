"""TZIDs of the wild -> zones, and wall clock -> instant in integer arithmetic.

A `Zone` is a table of UTC offsets: it answers faster than `zoneinfo` and looks the same whether it came from the IANA data
or from a VTIMEZONE that names no IANA zone. Wall times are "local seconds": seconds since 1970-01-01T00:00 on that wall.

DST (RFC 5545 §3.3.5): a wall time that happens twice means the first one; one that does not happen is read with the offset
before the gap, so 02:30 becomes 03:30.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from calmerge_desktop.core.when import DAY, known_zone

_FIRST = -DAY * 366 * 70  # 1900: earlier wall times use the offset of then
_LAST = DAY * 366 * 110  # 2080: far past every horizon; later ones use the offset of then
_PROBE = 7 * DAY  # no zone ever kept an offset for less than a week
_EPOCH = datetime(1970, 1, 1)
_REGIONS = {  # display names of Windows that list no city with an IANA zone of its own
    "eastern time": "America/New_York",
    "central time": "America/Chicago",
    "mountain time": "America/Denver",
    "pacific time": "America/Los_Angeles",
    "atlantic time": "America/Halifax",
    "arizona": "America/Phoenix",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
}
_WORLD = re.compile(r"^[(\"]?\s*(?:UTC|GMT|Z)?\s*(?:([+-])(\d{1,2}):?(\d{2})?)?\s*\)?", re.IGNORECASE)


class Zone:
    """UTC offsets of one zone as two parallel lists: from `starts[i]` (instant) on, `offsets[i]` seconds east."""

    __slots__ = ("_walls", "name", "offsets", "starts")

    def __init__(self, name: str | None, starts: list[int], offsets: list[int]) -> None:
        """`name` is the IANA name, None for a VTIMEZONE without one. `starts[0]` is minus infinity in effect."""
        self.name = name
        self.starts = starts
        self.offsets = offsets
        # On the wall, offset i takes over where both the old and the new clock have passed the change: in a gap the old
        # offset still counts, in an overlap the first reading does.
        self._walls = [starts[0]] + [starts[i] + max(offsets[i - 1], offsets[i]) for i in range(1, len(starts))]

    def to_utc(self, wall: int) -> int:
        """The instant at which the wall clock shows `wall` local seconds."""
        return wall - self.offsets[max(bisect_right(self._walls, wall) - 1, 0)]

    def to_wall(self, instant: int) -> int:
        """What the wall clock shows at an instant, in local seconds."""
        return instant + self.offsets[max(bisect_right(self.starts, instant) - 1, 0)]


def seconds_of(value: datetime) -> int:
    """A naive date-time as local seconds."""
    delta = value - _EPOCH
    return delta.days * DAY + delta.seconds


def wall_of(seconds: int) -> datetime:
    """Local seconds as a naive date-time."""
    return _EPOCH + timedelta(seconds=seconds)


UTC_ZONE = Zone("UTC", [_FIRST], [0])


@lru_cache(maxsize=512)
def iana(name: str) -> Zone:
    """The table of an IANA zone (about 10 ms the first time). Raises `ValueError` for an unknown name."""
    if name == "UTC":
        return UTC_ZONE
    if not known_zone(name):
        raise ValueError(name)
    return from_tzinfo(name, ZoneInfo(name))


def from_tzinfo(name: str | None, tz: tzinfo) -> Zone:
    """Probe any `tzinfo` for its offsets between 1900 and 2080."""

    def offset(instant: int) -> int:
        at = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant)).astimezone(tz)
        shift = at.utcoffset()
        return int(shift.total_seconds()) if shift else 0

    starts, offsets = [_FIRST], [offset(_FIRST)]
    # Before 1970 and after 2040 a coarser walk is enough: rules there are old-fashioned or purely yearly.
    for low in range(_FIRST, _LAST, _PROBE):
        high = low + _PROBE
        while (now := offset(high)) != offsets[-1] and (change := _change(offset, low, high, offsets[-1])) <= high:
            starts.append(change)
            offsets.append(offset(change))
            if offsets[-1] == now:
                break
    return Zone(name, starts, offsets)


def resolve(tzid: str) -> str | None:
    """The IANA name a TZID means, or None when it names none (then its VTIMEZONE decides).

    Understands IANA names and aliases, names with a vendor's prefix (`/vendor.example/…/Europe/Berlin`), Windows names,
    `tzone://Microsoft/Utc`, display names such as `(UTC+01:00) Amsterdam, Berlin` and plain offsets (`GMT+0200`).
    """
    return _resolve(tzid.strip().strip('"'))


@lru_cache(maxsize=1024)
def _resolve(tzid: str) -> str | None:
    if not tzid:
        return None
    if known_zone(tzid):
        return tzid
    if tzid.lower() in ("utc", "z", "gmt", "etc/utc", "tzone://microsoft/utc"):
        return "UTC"
    for part in _suffixes(tzid):
        if known_zone(part):
            return part
    return _windows(tzid) or _display(tzid)


def _suffixes(tzid: str) -> list[str]:
    parts = tzid.replace("\\", "/").split("/")
    return ["/".join(parts[-n:]) for n in (3, 2) if len(parts) > n]


def _windows(tzid: str) -> str | None:
    from tzlocal.windows_tz import win_tz

    names = {name.lower(): iana_name for name, iana_name in win_tz.items()}
    return names.get(tzid.lower().removeprefix("tzone://microsoft/"))


def _display(tzid: str) -> str | None:
    """`(UTC+01:00) Amsterdam, Berlin, …`: a city or region with an IANA zone, else the bare offset."""
    found = _WORLD.match(tzid)
    if not found or not found.end() or not re.match(r"^[(\"]?\s*(UTC|GMT|Z|[+-]\d)", tzid, re.IGNORECASE):
        return None
    for city in re.split(r"[,;/]", tzid[found.end() :]):
        name = city.strip().replace(" ", "_")
        for area in ("Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic"):
            if name and known_zone(f"{area}/{name}"):
                return f"{area}/{name}"
    rest = tzid[found.end() :].strip().lower()
    for region, name in _REGIONS.items():
        if rest.startswith(region):
            return name
    sign, hours, minutes = found[1], int(found[2] or 0), int(found[3] or 0)
    if minutes or hours > 14:
        return None
    if not hours:
        return "UTC"
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"  # the sign of Etc/GMT is reversed by tradition


def _change(offset: Callable[[int], int], low: int, high: int, before: int) -> int:
    """The first instant in (low, high] whose offset differs from `before`; `high + 1` if none does."""
    if offset(high) == before:
        return high + 1
    while high - low > 1:
        middle = (low + high) // 2
        if offset(middle) == before:
            low = middle
        else:
            high = middle
    return high

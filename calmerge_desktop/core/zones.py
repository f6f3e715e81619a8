"""TZIDs of the wild -> zones, and wall clock -> instant in integer arithmetic.

A `Zone` is a table of UTC offsets: it answers faster than `zoneinfo` and looks the same whether it came from the IANA data
or from a VTIMEZONE that names no IANA zone. Wall times are "local seconds": seconds since 1970-01-01T00:00 on that wall.

DST (RFC 5545 §3.3.5): a wall time that happens twice means the first one; one that does not happen is read with the offset
before the gap, so 02:30 becomes 03:30.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

from calmerge_desktop.core.when import DAY, known_zone

_FIRST = -DAY * 366 * 70  # 1900: earlier wall times use the offset of then
_LAST = DAY * 366 * 110  # 2080: far past every horizon; later ones use the offset of then
_PROBE = 7 * DAY  # no zone ever kept an offset for less than a week
_EPOCH = datetime(1970, 1, 1)
_UTC_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TZIF = struct.Struct(">20x6l")
"""Header of a data file: magic, version and 15 spare bytes, six counts (RFC 8536 section 3.1)."""
_POSIX = re.compile(
    r"(?:<[^>]+>|[A-Za-z]+)(?P<off>[+-]?\d+(?::\d+){0,2})"
    r"(?:(?P<dst><[^>]+>|[A-Za-z]+)(?P<dst_off>[+-]?\d+(?::\d+){0,2})?"
    r",M(?P<m1>\d+)\.(?P<w1>\d)\.(?P<d1>\d)(?:/(?P<t1>[+-]?\d+(?::\d+){0,2}))?"
    r",M(?P<m2>\d+)\.(?P<w2>\d)\.(?P<d2>\d)(?:/(?P<t2>[+-]?\d+(?::\d+){0,2}))?)?\s*$"
)
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


class Zone:
    """UTC offsets of one zone as two parallel lists: from `starts[i]` (instant) on, `offsets[i]` seconds east."""

    __slots__ = ("_walls", "name", "offsets", "starts", "steady")

    def __init__(self, name: str | None, starts: list[int], offsets: list[int]) -> None:
        """`name` is the IANA name, None for a VTIMEZONE without one. `starts[0]` is minus infinity in effect."""
        self.name = name
        self.starts = starts
        self.offsets = offsets
        # On the wall, offset i takes over where both the old and the new clock have passed the change: in a gap the old
        # offset still counts, in an overlap the first reading does.
        self._walls = [starts[0]] + [starts[i] + max(offsets[i - 1], offsets[i]) for i in range(1, len(starts))]
        self.steady = all(abs(after - before) < DAY for before, after in pairwise(offsets))
        """No change of the clock skips or repeats a whole day (Samoa's did)."""

    def to_utc(self, wall: int) -> int:
        """The instant at which the wall clock shows `wall` local seconds."""
        return wall - self.offsets[max(bisect_right(self._walls, wall) - 1, 0)]

    def to_utc_all(self, walls: list[int]) -> list[int]:
        """The same for ascending wall times at once: one subtraction each, and a search only where the clock changes.

        May return `walls` itself.
        """
        return _shifted(walls, self._walls, self.offsets, -1)

    def to_wall(self, instant: int) -> int:
        """What the wall clock shows at an instant, in local seconds."""
        return instant + self.offsets[max(bisect_right(self.starts, instant) - 1, 0)]

    def to_wall_all(self, instants: list[int]) -> list[int]:
        """The same for ascending instants at once. May return `instants` itself."""
        return _shifted(instants, self.starts, self.offsets, 1)


def _shifted(values: list[int], changes: list[int], offsets: list[int], sign: int) -> list[int]:
    """Ascending values, each moved by the offset in force there."""
    if not values:
        return values
    n = max(bisect_right(changes, values[0]) - 1, 0)
    if n + 1 == len(changes) or values[-1] < changes[n + 1]:
        shift = offsets[n] * sign
        return [value + shift for value in values] if shift else values
    out: list[int] = []
    begin = 0
    while begin < len(values):
        end = bisect_left(values, changes[n + 1], begin) if n + 1 < len(changes) else len(values)
        shift = offsets[n] * sign
        out += [value + shift for value in values[begin:end]]
        begin, n = end, n + 1
    return out


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
    """The table of an IANA zone (a few milliseconds the first time). Raises `ValueError` for an unknown name."""
    if name == "UTC":
        return UTC_ZONE
    if not known_zone(name):
        raise ValueError(name)
    return from_tzinfo(name, ZoneInfo(name), zone_changes(name))


def from_tzinfo(name: str | None, tz: tzinfo, changes: Sequence[int] = ()) -> Zone:
    """Probe any `tzinfo` for its offsets between 1900 and 2080.

    `changes` are all instants, ascending, at which it may change up to the last of them; from there on it is probed.
    """

    def offset(instant: int) -> int:
        try:
            shift = datetime.fromtimestamp(instant, tz).utcoffset()
        except OSError:  # Windows knows no instants before 1970
            shift = (_UTC_EPOCH + timedelta(seconds=instant)).astimezone(tz).utcoffset()
        return shift.days * DAY + shift.seconds if shift else 0

    starts, offsets = [_FIRST], [offset(_FIRST)]
    known = [change for change in changes if _FIRST < change < _LAST]
    for change in known:
        if (now := offset(change)) != offsets[-1]:
            starts.append(change)
            offsets.append(now)
    for low in range(known[-1] if known else _FIRST, _LAST, _PROBE):
        high = min(low + _PROBE, _LAST)
        while (now := offset(high)) != offsets[-1] and (change := _change(offset, low, high, offsets[-1])) <= high:
            starts.append(change)
            offsets.append(offset(change))
            if offsets[-1] == now:
                break
    return Zone(name, starts, offsets)


@cache
def data_version() -> str:
    """Which zone data is in force. Instants computed with another version may be wrong."""
    said = []
    for folder in map(Path, TZPATH):
        try:
            with (folder / "tzdata.zi").open("rb") as file:
                said.append(file.readline(80).decode("ascii", "replace").strip())
        except OSError:
            with suppress(OSError):
                said.append(f"{folder} {folder.stat().st_mtime_ns}")
    with suppress(ImportError):
        from tzdata import IANA_VERSION  # type: ignore[import-untyped]  # it has no stubs

        said.append(f"package {IANA_VERSION}")
    return "; ".join(said)


def zone_changes(name: str) -> Sequence[int]:
    """Instants at which the data of an IANA zone (RFC 8536) may change something; empty when it cannot be read.

    `zoneinfo` keeps them to itself, and looking for them week by week costs more than painting the first frame.
    """
    try:
        data = _zone_file(name)
        start = 0
        if data[4:5] >= b"2":  # the first block, of 32-bit times, is followed by one of 64-bit times
            universal, standard, leaps, times, types, letters = _TZIF.unpack_from(data, 0)
            start = _TZIF.size + times * 5 + types * 6 + letters + leaps * 8 + standard + universal
        times = _TZIF.unpack_from(data, start)[3]
        form = f">{times}{'q' if start else 'l'}"
        written = sorted(struct.unpack_from(form, data, start + _TZIF.size))
        return written + _later(data[data.rfind(b"\n", 0, -1) + 1 :], written[-1] if written else _FIRST)
    except (OSError, struct.error, ImportError):
        return ()


def _later(footer: bytes, after: int) -> list[int]:
    """Changes that follow from the rule at the end of a data file (RFC 8536 section 3.3), in the form all zones use today.

    Empty for any other form; `_LAST` stands for "none".
    """
    found = _POSIX.match(footer.decode("ascii", "replace"))
    if found is None:
        return []
    if found["dst"] is None:
        return [_LAST - 1] if after < _LAST - 1 else []
    standard = -_clock(found["off"])
    summer = -_clock(found["dst_off"]) if found["dst_off"] else standard + 3600
    out = []
    for year in range((_UTC_EPOCH + timedelta(seconds=after)).year, 2081):
        out.append(_nth_day(year, found["m1"], found["w1"], found["d1"]) + _clock(found["t1"] or "2") - standard)
        out.append(_nth_day(year, found["m2"], found["w2"], found["d2"]) + _clock(found["t2"] or "2") - summer)
    return sorted(change for change in out if change > after)


def _clock(text: str) -> int:
    """`[-]H[:MM[:SS]]` in seconds."""
    hours, minutes, seconds = (*text.lstrip("+-").split(":"), "0", "0")[:3]
    size = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return -size if text.startswith("-") else size


def _nth_day(year: int, month: str, week: str, day: str) -> int:
    """Midnight of `Mm.w.d` as local seconds: the w-th (5: the last) such day of the month, Sunday 0."""
    first = datetime(year, int(month), 1)
    number = (int(day) - first.isoweekday()) % 7 + 7 * (int(week) - 1)
    at = first + timedelta(days=number)
    return seconds_of(at if at.month == first.month else at - timedelta(days=7))


def _zone_file(name: str) -> bytes:
    """The file `zoneinfo` reads for a name it knows: the system's, else the one of the package `tzdata`."""
    for folder in TZPATH:
        path = Path(folder, name)
        if path.is_file():
            return path.read_bytes()
    from importlib import resources  # slow to import, and most systems have the data

    package, _slash, file = f"tzdata/zoneinfo/{name}".rpartition("/")
    return resources.files(package.replace("/", ".")).joinpath(file).read_bytes()


def resolve(tzid: str) -> str | None:
    """The IANA name a TZID certainly means, or None (then its VTIMEZONE decides).

    Understands IANA names and aliases, names with a vendor's prefix (`/vendor.example/…/Europe/Berlin`), Windows names and
    `tzone://Microsoft/Utc`.
    """
    return _resolve(tzid.strip().strip('"'))


def guess(tzid: str) -> str | None:
    """The zone that a TZID without a usable VTIMEZONE most likely means, None when nobody can tell.

    Besides `resolve`: display names such as `(UTC+01:00) Amsterdam, Berlin` and plain offsets (`GMT+0200`).
    """
    return resolve(tzid) or _display(tzid.strip().strip('"'))


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
    return _windows(tzid)


def _suffixes(tzid: str) -> list[str]:
    parts = tzid.replace("\\", "/").split("/")
    return ["/".join(parts[-n:]) for n in (3, 2) if len(parts) > n]


def _windows(tzid: str) -> str | None:
    from tzlocal.windows_tz import win_tz

    names = {name.lower(): iana_name for name, iana_name in win_tz.items()}
    return names.get(tzid.lower().removeprefix("tzone://microsoft/"))


@lru_cache(maxsize=256)
def _display(tzid: str) -> str | None:
    """`(UTC+01:00) Amsterdam, Berlin, …`: a city or region with an IANA zone, else the bare offset."""
    found = re.match(r"[(\"]?\s*(?:UTC|GMT|Z)?\s*(?:([+-])(\d{1,2}):?(\d{2})?)?\s*\)?", tzid, re.IGNORECASE)
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

"""Graph's times (`dateTimeTimeZone`) and those of a VEVENT, in both directions. Pure.

We ask for times in UTC; the zone the person meant stands beside, by its Windows or its IANA name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from calmerge_desktop.core.errors import BadInput, UnreadableEvent
from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import iana, resolve, seconds_of, wall_of
from calmerge_desktop.sync.wall import Zones, instant

_UTC_NAMES = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Etc/UCT", "Zulu", "Etc/Zulu", "Universal"})
_PROBES = tuple(range(-DAY * 30, DAY * 400, DAY * 30))
"""Around a time: where two zones must agree to be taken for one another."""


def graph_time(stamp: Stamp, zones: Zones, *, repeating: bool = False) -> dict[str, str]:
    """A Graph time. Raises `BadInput` when it repeats in a zone that only this event knows."""
    value = stamp.value
    if not isinstance(value, datetime):
        return {"dateTime": f"{value.isoformat()}T00:00:00", "timeZone": "UTC"}
    name = zones.name(stamp.tzid)
    if name is None and repeating:
        raise BadInput(
            _("Outlook does not know the time zone “{name}” of this series.").format(name=(stamp.tzid or "")[:60]),
            hint=_("Give the series a time zone such as Europe/Berlin."),
        )
    at = instant(stamp, zones)
    if name is None or name in _UTC_NAMES:
        return {"dateTime": f"{wall_of(at):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}
    return {"dateTime": wall_of(iana(name).to_wall(at)).isoformat(), "timeZone": outlook_name(name, at)}


def outlook_name(name: str, at: int = 0) -> str:
    """The Windows name of an IANA zone where it means the same around the instant `at`, else the IANA name itself."""
    if name in _UTC_NAMES:
        return "UTC"
    windows = _windows().get(name)
    meant = resolve(windows) if windows else None
    if windows is None or meant is None:
        return name
    one, other = iana(name), iana(meant)
    return windows if all(one.to_wall(at + each) == other.to_wall(at + each) for each in _PROBES) else name


def known_zone(name: object) -> str | None:
    """The IANA name behind what Graph calls a zone; None for `tzone://Microsoft/Custom` and the like."""
    found = resolve(str(name)) if name else None
    return "UTC" if found in _UTC_NAMES else found


def stamp_of(time: Mapping[str, Any], home: object, *, all_day: bool, repeating: bool = False) -> Stamp:
    """A Stamp; `home` is Graph's name of the zone the person meant. Raises `UnreadableEvent`.

    The second pass through an hour that happens twice cannot be said on the wall (RFC 5545 §3.3.5), so a single event says
    it in UTC.
    """
    try:
        wall = seconds_of(datetime.fromisoformat(str(time["dateTime"])[:19]))
        at = iana(known_zone(time.get("timeZone")) or "UTC").to_utc(wall)
        name = known_zone(home) or "UTC"
        if all_day:
            return Stamp(_date(wall, at, name))
        return placed(at, name, repeating=repeating)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise UnreadableEvent(_("The event has no start.")) from error


def placed(at: int, name: str, *, repeating: bool = False) -> Stamp:
    """An instant on the wall of an IANA zone."""
    zone = iana(name)
    wall = zone.to_wall(at)
    if name != "UTC" and not repeating and zone.to_utc(wall) != at:
        return Stamp(wall_of(at), "UTC")
    return Stamp(wall_of(wall), name)


def utc_instant(text: object) -> int:
    """An Edm.DateTimeOffset. Raises `ValueError`."""
    from datetime import UTC

    at = datetime.fromisoformat(str(text))
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _date(wall: int, at: int, name: str) -> date:
    """The day of an all-day time: as written where it is midnight, else as it is at home."""
    return wall_of(wall if wall % DAY == 0 else iana(name).to_wall(at)).date()


@cache
def _windows() -> Mapping[str, str]:
    from tzlocal.windows_tz import tz_win

    return dict(tz_win)

"""Google's times and those of a VEVENT, in both directions. Pure.

Google says an instant with an offset, and beside it the IANA zone the person meant; a VEVENT says the wall clock there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from calmerge_desktop.core.errors import BadInput, UnreadableEvent
from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.zones import iana, resolve, seconds_of, wall_of
from calmerge_desktop.sync.wall import Zones, instant

_UTC_NAMES = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Z", "Zulu", "Etc/Zulu", "Etc/UCT", "Universal"})
_ALL_FORMS = ("date", "dateTime", "timeZone")


def key(stamp: Stamp, zones: Zones) -> str:
    """The key `series.key_of` gives the same occurrence."""
    value = stamp.value
    return str(instant(stamp, zones)) if isinstance(value, datetime) else value.isoformat()


def google_time(stamp: Stamp, zones: Zones, *, repeating: bool = False) -> dict[str, str]:
    """A Google time. Raises `BadInput` when it repeats in a zone that only this event knows."""
    if not isinstance(stamp.value, datetime):
        return {"date": stamp.value.isoformat()}
    at = instant(stamp, zones)
    name = zones.name(stamp.tzid)
    if name is None and repeating:
        raise BadInput(
            _("Google does not know the time zone “{name}” of this series.").format(name=(stamp.tzid or "")[:60]),
            hint=_("Give the series a time zone such as Europe/Berlin."),
        )
    if name is None or name in _UTC_NAMES:
        return {"dateTime": f"{wall_of(at):%Y-%m-%dT%H:%M:%S}Z", "timeZone": "UTC"}
    wall = iana(name).to_wall(at)
    return {"dateTime": wall_of(wall).isoformat() + _offset(wall - at), "timeZone": name}


def stamp_of(time: Mapping[str, Any], *, repeating: bool = False) -> Stamp:
    """A Stamp. Raises `UnreadableEvent`.

    The second pass through an hour that happens twice cannot be said on the wall (RFC 5545 §3.3.5), so a single event says
    it in UTC.
    """
    try:
        if day := time.get("date"):
            return Stamp(date.fromisoformat(str(day)))
        at = datetime.fromisoformat(str(time["dateTime"]))
        name = _known(time.get("timeZone"))
        if at.tzinfo is None:
            return Stamp(at.replace(microsecond=0), name)
        seconds = seconds_of(at.astimezone(UTC).replace(tzinfo=None, microsecond=0))
        zone = iana(name)
        wall = zone.to_wall(seconds)
        if name != "UTC" and not repeating and zone.to_utc(wall) != seconds:
            return Stamp(wall_of(seconds), "UTC")
        return Stamp(wall_of(wall), name)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise UnreadableEvent(_("The event has no start.")) from error


def all_forms(time: Mapping[str, str]) -> dict[str, str | None]:
    """A time for a patch, which merges objects: what it does not say is taken away."""
    return {form: time.get(form) for form in _ALL_FORMS}


def _known(name: object) -> str:
    text = str(name or "UTC")
    return "UTC" if text in _UTC_NAMES else resolve(text) or "UTC"


def _offset(seconds: int) -> str:
    sign, left = ("-", -seconds) if seconds < 0 else ("+", seconds)
    return f"{sign}{left // 3600:02d}:{left // 60 % 60:02d}"

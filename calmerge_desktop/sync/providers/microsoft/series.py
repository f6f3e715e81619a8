"""A master with its exceptions and the occurrences that were taken out: one resource (RFC 4791 §4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from calmerge_desktop.core.errors import UnreadableEvent
from calmerge_desktop.core.model import ETag, Href, Stamp
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.zones import iana, wall_of
from calmerge_desktop.sync.providers.microsoft import version
from calmerge_desktop.sync.providers.microsoft.times import known_zone, placed, stamp_of, utc_instant
from calmerge_desktop.sync.wall import Zones, instant

Json = dict[str, Any]
Key = str
"""Which occurrence: its date on the wall of the series. Graph has at most one a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Everything under one href, which is the id of the master. A single event is a master without exceptions."""

    href: Href
    master: Json | None
    exceptions: tuple[Json, ...] = ()
    cancelled: tuple[Key, ...] = ()

    @property
    def pieces(self) -> tuple[Json, ...]:
        """All events."""
        return (self.master, *self.exceptions) if self.master else ()

    @property
    def etag(self) -> ETag:
        """The version of all pieces together."""
        return version.of(self.pieces, self.cancelled)


def zone_of(event: Mapping[str, Any]) -> str:
    """IANA name of the zone an event is at home in."""
    said = ((event.get("recurrence") or {}).get("range") or {}).get("recurrenceTimeZone")
    start = event.get("start") or {}
    for name in (event.get("originalStartTimeZone"), said, start.get("timeZone")):
        if found := known_zone(name):
            return found
    return "UTC"


def start_of(event: Mapping[str, Any], *, repeating: bool = False) -> Stamp:
    """DTSTART. Raises `UnreadableEvent`."""
    return stamp_of(event.get("start") or {}, zone_of(event), all_day=bool(event.get("isAllDay")), repeating=repeating)


def planned(exception: Mapping[str, Any], master: Mapping[str, Any]) -> Stamp:
    """RECURRENCE-ID: where the series would have it. Raises `UnreadableEvent`."""
    name = zone_of(master)
    try:
        at = utc_instant(exception["originalStart"])
    except (KeyError, ValueError) as error:
        raise UnreadableEvent(_("The event has no start.")) from error
    if master.get("isAllDay"):
        return Stamp(wall_of(at if at % 86_400 == 0 else iana(name).to_wall(at)).date())
    return placed(at, name, repeating=True)


def key_of(exception: Mapping[str, Any], master: Mapping[str, Any]) -> Key:
    """Which occurrence an exception stands for."""
    return key(planned(exception, master), master, Zones())


def key(stamp: Stamp, master: Mapping[str, Any], zones: Zones) -> Key:
    """Which occurrence a time of the series names."""
    value = stamp.value
    if not isinstance(value, datetime):
        return value.isoformat()
    if master.get("isAllDay") or stamp.tzid is None:
        return f"{value:%Y-%m-%d}"
    return f"{wall_of(iana(zone_of(master)).to_wall(instant(stamp, zones))):%Y-%m-%d}"


def occurrence(place: Key, master: Mapping[str, Any]) -> Stamp:
    """The time of the occurrence on that day."""
    begin = start_of(master, repeating=True)
    day = date.fromisoformat(place)
    return Stamp(datetime.combine(day, begin.value.time()), begin.tzid) if isinstance(begin.value, datetime) else Stamp(day)

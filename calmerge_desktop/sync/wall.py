"""Wall times of a resource as instants, for services that know no zones but those with a name. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from calmerge_desktop.core.model import Event, Stamp
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import Zone, iana, resolve, seconds_of, wall_of


@dataclass(frozen=True, slots=True)
class Zones:
    """Where the wall times of a resource are at home."""

    own: Mapping[str, Zone] = field(default_factory=dict)
    """Zones that only its VTIMEZONEs know."""
    floating: str = "UTC"
    """IANA zone for times without one: the services know none such."""

    def of(self, tzid: str | None) -> Zone:
        """The table for a TZID of the resource."""
        if tzid is None:
            return iana(resolve(self.floating) or "UTC")
        known = resolve(tzid)
        return iana(known) if known else self.own.get(tzid) or iana("UTC")

    def name(self, tzid: str | None) -> str | None:
        """The IANA name for a TZID; None when it has none."""
        return resolve(self.floating if tzid is None else tzid)


def instant(stamp: Stamp, zones: Zones) -> int:
    """Seconds since 1970 of a date-time; of a date its midnight UTC."""
    value = stamp.value
    if not isinstance(value, datetime):
        return seconds_of(datetime(value.year, value.month, value.day))
    return zones.of(stamp.tzid).to_utc(seconds_of(value))


def end_of(event: Event, zones: Zones) -> Stamp:
    """DTEND, or what DURATION or nothing means (RFC 5545 §3.6.1)."""
    if event.end is not None:
        return event.end
    days, seconds = event.duration or ((1, 0) if event.start.all_day else (0, 0))
    if event.start.all_day:
        return Stamp(wall_of(instant(event.start, zones) + max(days, 1) * DAY).date())
    zone = zones.of(event.start.tzid)
    wall = zone.to_wall(instant(event.start, zones)) + days * DAY
    return Stamp(wall_of(zone.to_wall(zone.to_utc(wall) + seconds)), event.start.tzid)

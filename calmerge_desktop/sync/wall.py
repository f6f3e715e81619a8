"""Wall times of a resource as instants, for services that know no zones but those with a name. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.zones import Zone, iana, resolve, seconds_of


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

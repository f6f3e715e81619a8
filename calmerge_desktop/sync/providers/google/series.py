"""Google's flat list of events, gathered into resources: a master with its exceptions (RFC 4791 §4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from calmerge_desktop.core.errors import UnreadableEvent
from calmerge_desktop.core.model import ETag, Href
from calmerge_desktop.sync.providers.google import version
from calmerge_desktop.sync.providers.google.times import key, stamp_of
from calmerge_desktop.sync.wall import Zones

Json = dict[str, Any]
Key = str
"""Which occurrence: `2026-11-24` of an all-day series, else the instant in seconds as text."""

ORPHAN = "uid:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Everything under one href. A single event is a master without exceptions."""

    href: Href
    """The id of the master; `uid:` and Google's UID where only exceptions are here: one was invited to some occurrences."""
    master: Json | None
    exceptions: tuple[Json, ...] = ()
    """With the cancelled ones, which take occurrences away for as long as the master lives."""

    @property
    def pieces(self) -> tuple[Json, ...]:
        """All events."""
        return (self.master, *self.exceptions) if self.master else self.exceptions

    @property
    def etag(self) -> ETag:
        """The version of all pieces together."""
        return version.of(self.pieces)

    @property
    def alive(self) -> bool:
        """Whether there is anything to see."""
        return any(not is_cancelled(each) for each in self.pieces)


def gather(href: Href, events: Iterable[Json]) -> Series:
    """The series `href` out of some events; a later copy of an event replaces an earlier one."""
    latest = {str(each["id"]): each for each in events if href_of(each) == href}
    master = latest.pop(str(href), None)
    if master is not None and is_cancelled(master):
        # A cancelled master takes its exceptions along, also those that were not told.
        return Series(href=href, master=master)
    ordered = sorted(latest.values(), key=lambda each: (key_of(each), str(each["id"])))
    if master is None and ordered:
        href = next((found for each in ordered if (found := orphan_href(each))), href)
    return Series(href=href, master=master, exceptions=tuple(ordered))


def orphan_href(event: Mapping[str, Any]) -> Href | None:
    """Where an exception lives as long as its master is not here."""
    return Href(f"{ORPHAN}{event['iCalUID']}") if event.get("iCalUID") else None


def href_of(event: Mapping[str, Any]) -> Href:
    """Where an event belongs. Ids are never taken apart: they change when a series is cut in two."""
    return Href(str(event.get("recurringEventId") or event["id"]))


def is_cancelled(event: Mapping[str, Any]) -> bool:
    """Deleted; such an event may still say everything it said before."""
    return event.get("status") == "cancelled"


def key_of(exception: Mapping[str, Any]) -> Key:
    """Which occurrence an exception stands for."""
    return key_of_time(exception.get("originalStartTime") or {})


def key_of_time(time: Mapping[str, Any]) -> Key:
    """The key of a Google time; empty when it says none."""
    try:
        return key(stamp_of(time, repeating=True), Zones())
    except UnreadableEvent:
        return ""

"""A provider that has everything in hand, so that only the sync engine and the store are timed: no network, no parsing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from calmerge_desktop.core.ics.split import decode, split
from calmerge_desktop.core.model import (
    Access,
    Delta,
    ETag,
    Href,
    RemoteCalendar,
    RemoteId,
    Resource,
    SyncToken,
)
from calmerge_desktop.core.ports import Stop, Stored
from calmerge_desktop.sync.listing import full_listing


class FakedProvider:
    """The twelve benchmark calendars, already split into resources. See `core.ports.CalendarProvider`."""

    def __init__(self, data: Path) -> None:
        self.held: dict[RemoteId, list[Resource]] = {
            RemoteId(path.stem): split(decode(path.read_bytes())).resources
            for path in sorted((data / "calendars").glob("*.ics"))
        }

    def calendars(self, stop: Stop) -> list[RemoteCalendar]:
        """All of them."""
        stop()
        return [RemoteCalendar(remote_id=each, name=str(each), access=Access.WRITE) for each in self.held]

    def changes(
        self, calendar: RemoteId, since: SyncToken | None, known: Mapping[Href, ETag | None], stop: Stop
    ) -> Iterator[Delta]:
        """Pages of a full listing, as a CalDAV server without sync tokens gives them."""
        del since
        for page in full_listing(self.held[calendar], known, SyncToken("1")):
            stop()
            yield page

    def fetch(self, calendar: RemoteId, href: Href) -> Resource | None:
        """One of them."""
        return next((each for each in self.held[calendar] if each.href == href), None)

    def put(self, calendar: RemoteId, resource: Resource, *, base: ETag | None, create: bool) -> Stored:
        """Nothing is written here."""
        raise NotImplementedError

    def delete(self, calendar: RemoteId, href: Href, *, base: ETag | None) -> None:
        """Nothing is written here."""
        raise NotImplementedError

    def poll_seconds(self, calendar: RemoteId) -> int | None:
        """Asks for nothing."""
        del calendar
        return None

    def close(self) -> None:
        """Nothing to give back."""

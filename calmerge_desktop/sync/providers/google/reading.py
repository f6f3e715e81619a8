"""Asking for calendars and events; pages, series put together, and what a sync token is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from calmerge_desktop.core.errors import SyncTokenExpired
from calmerge_desktop.core.model import Access, ETag, Href, RemoteCalendar, RemoteId
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.http_errors import Dropped
from calmerge_desktop.sync.listing import hex_color
from calmerge_desktop.sync.oauth.scopes import Level
from calmerge_desktop.sync.providers.google import version
from calmerge_desktop.sync.providers.google.api import Api
from calmerge_desktop.sync.providers.google.failures import HOST, Said
from calmerge_desktop.sync.providers.google.series import ORPHAN, Json, Series, gather, is_cancelled, key_of

PRIMARY = RemoteId("primary")
"""Google's name for a person's own calendar; its real id is an address, and addresses change."""
MOST_EVENTS = 2500
_MOST_CALENDARS = 250
_WRITABLE = frozenset({"writer", "owner", "writerWithoutPrivateAccess"})
_PAGES = 100_000
_FAR = 4
"""Pages of an endless series that are looked through for cancelled occurrences."""
_GONE = (404, 410)


class Reading:
    """One session's questions."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def calendars(self, rung: Level, stop: Stop) -> list[tuple[RemoteCalendar, Json]]:
        """All calendars of the list, each with Google's own words; what `rung` does not allow is not offered."""
        found = []
        for page in self._all_pages(self._list_of_calendars, stop):
            found += [(_calendar(each, rung), each) for each in page.get("items") or () if not each.get("deleted")]
        return found

    def pages(self, calendar: RemoteId, sync_token: str | None, stop: Stop) -> Iterator[Json]:
        """Pages of events, masters and exceptions apart; the last one has `nextSyncToken`.

        A sync token forbids most parameters and wants the others as they were, so both ways use the same few.
        Raises `SyncTokenExpired`.
        """
        more = {"syncToken": sync_token} if sync_token else {}
        own = (400, 410) if sync_token else (410,)

        def ask(token: str | None) -> Any:
            return self._api.events.list(calendarId=calendar, maxResults=MOST_EVENTS, pageToken=token, **more)

        try:
            yield from self._all_pages(ask, stop, own)
        except Said as said:
            raise SyncTokenExpired from said

    def series(
        self, calendar: RemoteId, href: Href, stop: Stop, told: Sequence[Json] = (), known: ETag | None = None
    ) -> Series:
        """Everything of one event, as it is now. `told` are pieces that were heard of; they fill what the answer leaves out.

        `known` is the version we have: when a piece of it is not in the answer, the series is asked for what was cancelled.
        """
        if href.startswith(ORPHAN):
            return self._orphans(calendar, href, stop)
        master = self.event(calendar, str(href), stop)
        if master is not None and (is_cancelled(master) or not master.get("recurrence")):
            return gather(href, [master])
        pieces = list(told)
        uid = (master or next(iter(pieces), {})).get("iCalUID")
        if uid:
            pieces += [each for each in self._by_uid(calendar, str(uid), stop) if str(each.get("id")) != href]
        found = gather(href, [*pieces, *([master] if master else [])])
        if master is not None and version.missing(known, found.pieces):
            cancelled = [each for each in self._instances(calendar, str(href), stop) if is_cancelled(each)]
            found = gather(href, [*cancelled, *found.pieces])
        return found

    def _orphans(self, calendar: RemoteId, href: Href, stop: Stop) -> Series:
        """Exceptions without their master; once it is here they live with it."""
        found = self._by_uid(calendar, href.removeprefix(ORPHAN), stop)
        alone = [each for each in found if each.get("recurringEventId")]
        if len(alone) != len([each for each in found if not is_cancelled(each) or each in alone]):
            return Series(href=href, master=None)
        return Series(
            href=href, master=None, exceptions=tuple(sorted(alone, key=lambda each: (key_of(each), str(each["id"]))))
        )

    def event(self, calendar: RemoteId, event_id: str, stop: Stop) -> Json | None:
        """One event; None when it is not there. A deleted one comes with `status` cancelled."""
        try:
            return self._api.run(self._api.events.get(calendarId=calendar, eventId=event_id), stop, own=_GONE)
        except Said:
            return None

    def instance(self, calendar: RemoteId, master: str, original: str, stop: Stop) -> Json | None:
        """The occurrence of a series that was planned for `original` (RFC 3339, or a date)."""
        ask = self._api.events.instances(
            calendarId=calendar, eventId=master, originalStart=original, showDeleted=True, maxResults=10
        )
        try:
            found = self._api.run(ask, stop, own=_GONE)
        except Said:
            return None
        return next(iter(found.get("items") or ()), None)

    def _instances(self, calendar: RemoteId, master: str, stop: Stop) -> Iterator[Json]:
        """The occurrences of a series, as far as Google goes, in few words."""

        def ask(token: str | None) -> Any:
            return self._api.events.instances(
                calendarId=calendar,
                eventId=master,
                showDeleted=True,
                maxResults=MOST_EVENTS,
                pageToken=token,
                fields="nextPageToken,items(id,status,etag,recurringEventId,originalStartTime)",
            )

        for number, page in enumerate(self._all_pages(ask, stop)):
            yield from page.get("items") or ()
            if number >= _FAR:
                return

    def with_uid(self, calendar: RemoteId, uid: str, stop: Stop) -> list[Json]:
        """All events with Google's own UID `uid`, deleted ones left out."""
        return [each for each in self._by_uid(calendar, uid, stop) if not is_cancelled(each)]

    def zone(self, calendar: RemoteId, stop: Stop) -> str:
        """The IANA zone of a calendar."""
        found = self._api.run(self._api.calendar_list.get(calendarId=calendar), stop)
        return str(found.get("timeZone") or "UTC")

    def _by_uid(self, calendar: RemoteId, uid: str, stop: Stop) -> list[Json]:
        def ask(token: str | None) -> Any:
            return self._api.events.list(
                calendarId=calendar, iCalUID=uid, showDeleted=True, maxResults=MOST_EVENTS, pageToken=token
            )

        return [each for page in self._all_pages(ask, stop) for each in page.get("items") or ()]

    def _list_of_calendars(self, token: str | None) -> Any:
        return self._api.calendar_list.list(maxResults=_MOST_CALENDARS, showHidden=True, pageToken=token)

    def _all_pages(self, ask: Callable[[str | None], Any], stop: Stop, own: tuple[int, ...] = ()) -> Iterator[Json]:
        """Pages may be empty and still have a next one."""
        token: str | None = None
        for _page in range(_PAGES):
            stop()
            page = self._api.run(ask(token), stop, own=own)
            if not isinstance(page.get("items", []), list):
                break
            token = page.get("nextPageToken")
            yield page
            if not token:
                return
        raise Dropped(_("The connection to {host} broke off.").format(host=HOST))


def _calendar(entry: Json, rung: Level) -> RemoteCalendar:
    """A role nobody knows may only read. Whoever sees only free and busy still gets events, without words."""
    writable = entry.get("accessRole") in _WRITABLE and rung.rank >= Level.WRITE.rank
    real = str(entry["id"])
    return RemoteCalendar(
        remote_id=PRIMARY if entry.get("primary") else RemoteId(real),
        name=str(entry.get("summaryOverride") or entry.get("summary") or real),
        access=Access.WRITE if writable else Access.READ,
        color=hex_color(entry.get("backgroundColor")),
        tzid=entry.get("timeZone"),
        url=real,
    )

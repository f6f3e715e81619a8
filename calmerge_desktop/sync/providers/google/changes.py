"""What changed in one calendar since a sync token, as resources.

A delta names single events: a changed exception comes without its master and siblings, so their series is read whole.
A token of ours carries the number of the question it belongs to, for Google wants every question with it to be the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from calmerge_desktop.core.errors import SyncTokenExpired
from calmerge_desktop.core.model import Delta, ETag, Href, RemoteId, Resource, SyncToken
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.batch import Batch
from calmerge_desktop.sync.http_errors import Dropped
from calmerge_desktop.sync.providers.google import version
from calmerge_desktop.sync.providers.google.failures import HOST
from calmerge_desktop.sync.providers.google.reading import Reading
from calmerge_desktop.sync.providers.google.series import Json, Series, gather, href_of, is_cancelled, orphan_href
from calmerge_desktop.sync.providers.google.to_ics import resource_text

_QUESTION = "1:"
"""Changes whenever the parameters of `Reading.pages` do; an older token is then of no use."""
Known = Mapping[Href, ETag | None]


class Changes:
    """Reading one calendar."""

    def __init__(self, reading: Reading, calendar: RemoteId, stop: Stop) -> None:
        self._reading = reading
        self._calendar = calendar
        self._stop = stop

    def since(self, token: SyncToken | None, known: Known) -> Iterator[Delta]:
        """See `CalendarProvider.changes`."""
        if token is None:
            return self._everything(known)
        if not token.startswith(_QUESTION):
            raise SyncTokenExpired
        return self._news(token.removeprefix(_QUESTION), known)

    def _everything(self, known: Known) -> Iterator[Delta]:
        """Single events as they come; the pieces of series at the end, for they may lie on different pages."""
        pieces: dict[Href, list[Json]] = {}
        singles: set[Href] = set()
        batch = Batch(known)
        last: Json = {}
        for last in self._reading.pages(self._calendar, None, self._stop):
            for event in last.get("items") or ():
                if event.get("recurringEventId") or event.get("recurrence"):
                    pieces.setdefault(href_of(event), []).append(event)
                elif not is_cancelled(event):
                    singles.add(href_of(event))
                    _take(batch, gather(href_of(event), [event]))
            yield from batch.full_pages(full=True)
        for href in [each for each in pieces if each in singles]:
            del pieces[href]  # became a single event while we listed
        for href, events in pieces.items():
            _take(batch, self._whole(href, events))
            yield from batch.full_pages(full=True)
        yield batch.rest(_next(last), full=True)

    def _whole(self, href: Href, events: list[Json]) -> Series:
        found = gather(href, events)
        if found.master is None:
            # Invited to one occurrence only, or the master is on no page: ask for it.
            master = self._reading.event(self._calendar, str(href), self._stop)
            found = gather(href, [*events, *([master] if master else [])])
        return found

    def _news(self, token: str, known: Known) -> Iterator[Delta]:
        changed: dict[str, Json] = {}
        last: Json = {}
        for last in self._reading.pages(self._calendar, token, self._stop):
            for event in last.get("items") or ():
                changed[str(event["id"])] = event  # told twice: the later one holds
        batch = Batch(known)
        touched: dict[Href, list[Json]] = {}
        for event in changed.values():
            touched.setdefault(href_of(event), []).append(event)
        for href, events in touched.items():
            if all(_have(known, each) for each in events):
                continue  # our own write comes back, or news we have
            _take(batch, self._now(href, events, known))
            yield from batch.full_pages(full=False)
        yield batch.rest(_next(last), full=False)

    def _now(self, href: Href, events: list[Json], known: Known) -> Series:
        """What is under `href` after these changes."""
        master = next((each for each in events if str(each["id"]) == href), None)
        if master is not None and is_cancelled(master):
            return gather(href, [master])
        was_series = len(version.parts(known.get(href))) > 1
        if master is not None and not master.get("recurrence") and len(events) == 1 and not was_series:
            return gather(href, [master])
        return self._reading.series(self._calendar, href, self._stop, events, known.get(href))


def _take(batch: Batch, series: Series) -> None:
    """Judge one series: there or gone, and what stood here for its occurrences alone."""
    for each in series.exceptions if series.master else ():
        if (alone := orphan_href(each)) in batch.known:
            batch.gone(Href(str(alone)))
    if series.alive:
        batch.take(series.href, series.etag, lambda: resource(series))
    else:
        batch.gone(series.href)


def _have(known: Known, event: Json) -> bool:
    """Whether the cache holds this version of an event, under its master or on its own."""
    alone = orphan_href(event) if event.get("recurringEventId") else None
    return version.holds(known.get(href_of(event)), event) or (alone is not None and version.holds(known.get(alone), event))


def resource(series: Series) -> Resource:
    """Raises `BadData` for what cannot be said in iCalendar."""
    return Resource(href=series.href, ics=resource_text(series), etag=series.etag)


def _next(last: Json) -> SyncToken:
    token = last.get("nextSyncToken")
    if not token:
        raise Dropped(_("The connection to {host} broke off.").format(host=HOST))
    return SyncToken(f"{_QUESTION}{token}")

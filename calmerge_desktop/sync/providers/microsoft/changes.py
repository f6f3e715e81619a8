"""What changed in one calendar since a deltaLink, as resources.

A delta looks through a window that is part of its link, and tells occurrences with nothing but their times: whatever moved
is read whole. The window moves on by listing everything anew once a month; what lies outside is asked for by name, so that
nothing vanishes here that is still there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from calmerge_desktop.core.errors import SyncTokenExpired
from calmerge_desktop.core.model import Delta, ETag, Href, RemoteId, Resource, SyncToken
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.when import DAY, Clock
from calmerge_desktop.sync.batch import Batch
from calmerge_desktop.sync.providers.microsoft import version
from calmerge_desktop.sync.providers.microsoft.failures import cut
from calmerge_desktop.sync.providers.microsoft.reading import Reading
from calmerge_desktop.sync.providers.microsoft.series import Json, Series
from calmerge_desktop.sync.providers.microsoft.to_ics import resource_text

BACK, AHEAD = 400 * DAY, 1100 * DAY
"""The window around today; Graph takes less than five years."""
STRIDE = 30 * DAY
"""How far today may move away from the middle of the window."""
_FORM = "m1"
Known = Mapping[Href, ETag | None]


class Changes:
    """Reading one calendar."""

    def __init__(self, reading: Reading, calendar: RemoteId, me: str, clock: Clock, stop: Stop) -> None:
        self._reading = reading
        self._calendar = calendar
        self._me = me
        self._clock = clock
        self._stop = stop

    def since(self, token: SyncToken | None, known: Known) -> Iterator[Delta]:
        """See `CalendarProvider.changes`."""
        if token is None:
            return self._everything(known)
        form, _bar, rest = token.partition("|")
        day, _bar, link = rest.partition("|")
        if form != _FORM or not day.lstrip("-").isdigit() or abs(self._today() - int(day)) * DAY > STRIDE:
            raise SyncTokenExpired
        return self._news(int(day), link, known)

    def _everything(self, known: Known) -> Iterator[Delta]:
        """Single events as they come, with our marks; then the series; then what is known and lies outside the window."""
        day = self._today()
        batch = Batch(known)
        singles: dict[Href, Json] = {}
        masters: set[Href] = set()
        last: Json = {}
        for last in self._reading.delta(self._calendar, day * DAY - BACK, day * DAY + AHEAD, self._stop):
            for event in last["value"]:
                href = href_of(event)
                if "@removed" in event:
                    singles.pop(href, None)
                    masters.discard(href)
                elif event.get("type", "singleInstance") == "singleInstance":
                    singles[href] = event  # told twice: the later one holds
                else:
                    masters.add(href)
        marks = self._reading.marked(self._calendar, self._stop)
        for href, event in singles.items():
            mark = marks.get(str(href), {})
            self._take(batch, Series(href=href, master={**event, **_marks(mark)}))
            yield from batch.full_pages(full=True)
        elsewhere = [each for each in {**dict.fromkeys(map(Href, marks)), **known} if each not in singles]
        for href in dict.fromkeys([*sorted(masters), *elsewhere]):
            self._take(batch, self._reading.series(self._calendar, href, self._stop))
            yield from batch.full_pages(full=True)
        yield batch.rest(_token(day, last), full=True)

    def _news(self, day: int, link: str, known: Known) -> Iterator[Delta]:
        touched: dict[Href, list[Json]] = {}
        last: Json = {}
        for last in self._reading.since(link, self._stop):
            for event in last["value"]:
                touched.setdefault(href_of(event), []).append(event)
        batch = Batch(known)
        for href, events in touched.items():
            gone = all("@removed" in each for each in events)
            if gone and href not in known:
                continue  # an occurrence of a series, or something that never was here
            if not gone and all(_is_single(each) and version.of([each]) == known.get(href) for each in events):
                continue  # our own write comes back, or news we have
            self._take(batch, self._reading.series(self._calendar, href, self._stop))
            yield from batch.full_pages(full=False)
        yield batch.rest(_token(day, last), full=False)

    def _take(self, batch: Batch, series: Series) -> None:
        """Judge one series: there, or gone."""
        if series.master is None or series.master.get("seriesMasterId"):
            batch.gone(series.href)
        else:
            batch.take(series.href, series.etag, lambda: resource(series, self._me))

    def _today(self) -> int:
        return self._clock() // DAY


def href_of(event: Json) -> Href:
    """Where an event belongs."""
    return Href(str(event.get("seriesMasterId") or event.get("id") or ""))


def resource(series: Series, me: str) -> Resource:
    """Raises `BadData` for what cannot be said in iCalendar."""
    return Resource(href=series.href, ics=resource_text(series, me), etag=series.etag)


def _is_single(event: Json) -> bool:
    return "@removed" not in event and event.get("type", "singleInstance") == "singleInstance"


def _marks(event: Json) -> Json:
    return {key: event[key] for key in ("singleValueExtendedProperties",) if event.get(key)}


def _token(day: int, last: Json) -> SyncToken:
    link = last.get("@odata.deltaLink")
    if not link:
        raise cut()
    return SyncToken(f"{_FORM}|{day}|{link}")

"""Full-text search: resources that match, as the occurrence of each that lies nearest to now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from calmerge_desktop.core.agenda.memory import Memory
from calmerge_desktop.core.agenda.view import unsent
from calmerge_desktop.core.errors import BadData
from calmerge_desktop.core.instances import in_window, open_series
from calmerge_desktop.core.merged import merge
from calmerge_desktop.core.model import Book, Instance
from calmerge_desktop.core.recurrence.expand import Series
from calmerge_desktop.core.when import DAY, Clock, midnight
from calmerge_desktop.core.when import zone as checked_zone
from calmerge_desktop.core.zones import Zone, iana

_MOST_RESOURCES = 300
_AROUND = 366 * DAY
"""A series is looked at a year around now, or from its beginning if it lies elsewhere."""


class Searching:
    """See `core.agenda.desk.SearchJob`."""

    def __init__(self, memory: Memory, clock: Clock) -> None:
        self._memory = memory
        self._clock = clock

    def find(
        self, text: str, *, first: date | None = None, last: date | None = None, tzid: str, limit: int = 50
    ) -> Sequence[Instance]:
        """See `SearchJob.find`; `last` is exclusive. All occurrences of a given span, else the nearest of each event."""
        tz = checked_zone(tzid)
        zone = iana(tzid)
        low = midnight(first, tz) if first else None
        high = midnight(last, tz) if last else None
        found: list[Instance] = []
        for key, ones in self._matches(text, zone, low, high):
            if low is not None or high is not None:
                found += ones
            elif (nearest := min(ones, key=self._distance, default=None)) is not None and key:
                found.append(nearest)
        folded = merge(found, {calendar.id: n for n, calendar in enumerate(self._memory.calendars())})
        if low is None and high is None:
            return sorted(folded, key=self._distance)[:limit]
        return folded[:limit]

    def _matches(self, text: str, zone: Zone, low: int | None, high: int | None) -> Iterator[tuple[str, list[Instance]]]:
        books = self._memory.books()
        pending = {one.key: one for one in self._memory.pending()}
        span = self._span(low, high)
        for key, calendar, ics in self._memory.search(text, _MOST_RESOURCES):
            if key in pending or calendar not in books:
                continue
            try:
                series, _bad = open_series(ics, books[calendar].tzid)
            except BadData:
                continue
            book = books[calendar]
            ones = list(in_window(series, book, key, *span, zone))
            if not ones and low is None and high is None:
                ones = _beginning(series, book, key, zone)
            yield key, ones
        words = text.casefold().split()
        for one in pending.values():
            if one.ics and all(word in one.ics.casefold() for word in words):
                yield one.key, list(unsent(one, books[one.calendar], *span, zone))

    def _span(self, low: int | None, high: int | None) -> tuple[int, int]:
        now = self._clock()
        return (
            low if low is not None else (now if high is None else high) - _AROUND,
            high if high is not None else (now if low is None else low) + _AROUND,
        )

    def _distance(self, one: Instance) -> int:
        return abs(one.start - self._clock())


def _beginning(series: Series, book: Book, key: str, zone: Zone) -> list[Instance]:
    start = series.place((series.master or series.events[0]).start)[1]
    return list(in_window(series, book, key, start - DAY, start + DAY, zone))[:1]

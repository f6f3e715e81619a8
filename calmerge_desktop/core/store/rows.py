"""Instances <-> rows of `occ`."""

from __future__ import annotations

from itertools import islice
from typing import Any, NamedTuple

from calmerge_desktop.core.instances import Placed, as_placed, key_of, open_series, placed
from calmerge_desktop.core.model import Book, Resource
from calmerge_desktop.core.plain import Plain, read_plain
from calmerge_desktop.core.recurrence.expand import Occurrence, Series
from calmerge_desktop.core.store.occ import PEOPLE, PRIVATE, RECURRING, SHORT, STATES, STATUS, TRANSPARENT
from calmerge_desktop.core.when import DAY

MOST_ROWS = 12_000
"""A series with more occurrences is not stored but computed when a window asks."""
BEGINNING = -(1 << 40)
LIVE = -(1 << 60)
"""`resource.covered` of a series that is computed whenever it is asked for."""


Row = tuple[int, int, int, int, int, int, int, str, str, str | None, str, str, str | None, str | None, str | None]
"""A row of `occ`, in the order of `INSERT`."""
_KEY = 7
INSERT = (
    "INSERT INTO occ(kind, s, resource, place, e, book, flags, key, uid, rid, summary, location, tzid, partstat, url)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_MANY = (
    "INSERT INTO occ(kind, s, resource, place, e, book, flags, key, uid, rid, summary, location, tzid, partstat, url)"
    " SELECT ?2, each.value, ?3, each.key + 0, each.value + ?4, ?5, ?6, ?7, ?8, strftime(?9, each.value, 'unixepoch'),"
    " ?10, ?11, ?12, ?13, ?14 FROM json_each(?1) each"
)
"""SQLite makes the rows of a series itself: that takes half the time, and the interpreter is free meanwhile (measured)."""
_PLACE = ("%Y%m%dT%H%M%SZ", "%Y%m%d", "%Y%m%dT%H%M%S")
"""RECURRENCE-ID by axis, as `Series.rid_text` writes it."""


class Many(NamedTuple):
    """Rows of a series that differ in their times only: one statement instead of hundreds."""

    alike: Row
    """The first of them."""
    times: str
    """JSON object: place in the series -> start."""

    def arguments(self) -> tuple[object, ...]:
        """What `INSERT_MANY` takes."""
        kind, s, resource, _place, e, book, flags, key, uid, _rid, *rest = self.alike
        return (self.times, kind, resource, e - s, book, flags, key, uid, _PLACE[kind >> 1], *rest)

    def under(self, key: str) -> Many:
        """The same with another key."""
        return self._replace(alike=_under(self.alike, key))


def _under(row: Row, key: str) -> Row:
    return (*row[:_KEY], key, *row[_KEY + 1 :])  # type: ignore[return-value]


class Materialised(NamedTuple):
    """A resource turned into rows."""

    single: list[Row]
    many: Many | None
    covered: int | None
    """As `resource.covered`."""
    uid: str
    key: str
    bad: tuple[str, ...]
    """VEVENTs that could not be read, a sentence each."""
    text: tuple[str, str, str, str]
    """What full-text search reads: titles, places, descriptions, people."""

    def under(self, key: str) -> Materialised:
        """The same with another key."""
        many = self.many.under(key) if self.many else None
        return self._replace(key=key, many=many, single=[_under(row, key) for row in self.single])

    @property
    def plain(self) -> tuple[Any, ...]:
        """All of it in plain tuples, for the process beside (`core.beside`)."""
        return self.single, tuple(self.many) if self.many else None, *self[2:]

    @classmethod
    def from_plain(cls, plain: tuple[Any, ...]) -> Materialised:
        """`plain` back."""
        single, many, *rest = plain
        return cls(single, Many(*many) if many else None, *rest)


def materialise(resource: Resource, book: Book, book_id: int, resource_id: int, horizon: int) -> Materialised:
    """All occurrences of a resource up to `horizon`. Raises `UnreadableEvent` when nothing of it can be shown."""
    plain = read_plain(resource.ics, book.tzid, book.address)
    if plain is not None:
        return _from_plain(plain, resource, book, book_id, resource_id)
    return materialise_carefully(resource, book, book_id, resource_id, horizon)


def materialise_carefully(resource: Resource, book: Book, book_id: int, resource_id: int, horizon: int) -> Materialised:
    """The same for any resource: what `core.plain` declines, and what the tests hold it against."""
    series, bad = open_series(resource.ics, book.tzid)
    key = key_of(book.calendar, series.events[0].uid or resource.href)
    covered: int | None = horizon if series.endless else None
    high = horizon if series.endless else (1 << 40)
    found = run_rows(series, book, key, (book_id, resource_id), high)
    many, single = found or (None, walked_rows(series, book, key, (book_id, resource_id), high))
    if len(single) + (many.times.count(":") if many else 0) > MOST_ROWS:
        many, single, covered = None, [], LIVE
    events = series.events
    people = " ".join(f"{who.name} {who.address}" for event in events for who in event.attendees)
    text = (
        "\n".join(dict.fromkeys(event.summary for event in events)),
        "\n".join(dict.fromkeys(event.location for event in events if event.location)),
        "\n".join(dict.fromkeys(event.description for event in events if event.description)),
        people,
    )
    return Materialised(single, many, covered, events[0].uid, key, bad, text)


def walked_rows(series: Series, book: Book, key: str, ids: tuple[int, int], high: int) -> list[Row]:
    """Rows of all occurrences before `high`, one by one; at most one more than `MOST_ROWS`. `ids`: of book and resource."""
    some = islice(placed(series, book, key, BEGINNING, high), MOST_ROWS + 1)
    return [_row(found, key, *ids) for found in some]


def run_rows(series: Series, book: Book, key: str, ids: tuple[int, int], high: int) -> tuple[Many | None, list[Row]] | None:
    """The same out of whole lists, and those an override describes; None when the series must be walked."""
    run = series.run(BEGINNING, high)
    if run is None:
        return None
    many = None
    if run.walls:
        assert series.master is not None
        first = Occurrence(run.starts[0], run.starts[0] + run.length, series.axis, run.walls[0], series.master)
        alike = _row(as_placed(series, first, book, key), key, *ids)
        times = ",".join([f'"{wall}":{start}' for wall, start in zip(run.walls, run.starts, strict=True)])
        many = Many(alike, f"{{{times}}}")
    moved = (as_placed(series, one, book, key) for one in series.moved(BEGINNING, high))
    return many, [_row(found, key, *ids) for found in moved]


def _from_plain(one: Plain, resource: Resource, book: Book, book_id: int, resource_id: int) -> Materialised:
    (
        axis,
        start,
        end,
        uid,
        summary,
        location,
        description,
        tzid,
        status,
        transparent,
        private,
        partstat,
        url,
        people,
        some,
    ) = one
    key = key_of(book.calendar, uid or resource.href)
    flags = TRANSPARENT * transparent | PRIVATE * private | PEOPLE * some | STATES.index(status) << STATUS
    row: Row = (
        *(axis * 2 + (end - start > SHORT), start, resource_id, 0, end, book_id, flags, key, uid, None),
        *(summary, location, tzid, partstat, url),
    )
    return Materialised([row], None, None, uid, key, (), (summary, location, description, people))


def _row(found: Placed, key: str, book_id: int, resource_id: int) -> Row:
    one = found.instance
    flags = (
        TRANSPARENT * one.transparent
        | RECURRING * one.recurring
        | PRIVATE * one.private
        | PEOPLE * one.has_people
        | STATES.index(one.status) << STATUS
    )
    kind = found.axis * 2 + (one.end - one.start > SHORT)
    return (
        *(kind, one.start, resource_id, found.place, one.end, book_id, flags, key, one.uid, one.recurrence_id),
        *(one.summary, one.location, one.tzid, one.partstat, one.conference_url),
    )


def horizon_after(now: int) -> int:
    """How far endless series are stored: three years ahead, in whole weeks so that it moves rarely."""
    return (now + 3 * 366 * DAY) // (7 * DAY) * (7 * DAY)

"""Instances <-> rows of `occ`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from calmerge_desktop.core.instances import Book, Placed, as_placed, key_of, open_series, placed
from calmerge_desktop.core.model import CalendarId, Instance, Resource, Status
from calmerge_desktop.core.plain import Plain, read_plain
from calmerge_desktop.core.recurrence.expand import Occurrence, Series
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import Zone

SHORT = 26 * 3600
"""Occurrences up to this long are found by looking back no further than it."""
MOST_ROWS = 12_000
"""A series with more occurrences is not stored but computed when a window asks."""
_FLOATS = 4
"""Kinds from here on are floating times."""
BEGINNING = -(1 << 40)
LIVE = -(1 << 60)
"""`resource.covered` of a series that is computed whenever it is asked for."""

_TRANSPARENT, _RECURRING, _PRIVATE, _PEOPLE, _STATUS = 1, 2, 4, 8, 4
_STATES = (Status.CONFIRMED, Status.TENTATIVE, Status.CANCELLED)


Row = tuple[int, int, int, int, int, int, int, str, str, str | None, str, str, str | None, str | None, str | None]
"""A row of `occ`, in the order of `INSERT`."""
_KEY = 7
INSERT = (
    "INSERT INTO occ(kind, s, resource, place, e, book, flags, key, uid, rid, summary, location, tzid, partstat, url)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class Many(NamedTuple):
    """Rows of a series that differ in their times only: one tuple instead of hundreds, until they are written."""

    alike: Row
    """The first of them."""
    places: list[int]
    starts: list[int]
    rids: list[str]

    def rows(self) -> Iterator[Row]:
        """Each of them, made when it is asked for."""
        kind, s, resource, _place, e, book, flags, key, uid, _rid, summary, location, tzid, partstat, url = self.alike
        length = e - s
        for place, start, rid in zip(self.places, self.starts, self.rids, strict=True):
            yield (
                *(kind, start, resource, place, start + length, book, flags, key, uid, rid),
                *(summary, location, tzid, partstat, url),
            )

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

    def rows(self) -> Iterator[Row]:
        """All of them."""
        if self.many is not None:
            yield from self.many.rows()
        yield from self.single

    def kinds(self) -> Iterator[Row]:
        """Rows among which every kind stands with its longest: those of a series last equally long."""
        if self.many is not None:
            yield self.many.alike
        yield from self.single

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
    if len(single) + (len(many.starts) if many else 0) > MOST_ROWS:
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
        many = Many(alike, run.walls, run.starts, series.rid_texts(run))
    moved = (as_placed(series, one, book, key) for one in series.moved(BEGINNING, high))
    return many, [_row(found, key, *ids) for found in moved]


def _from_plain(one: Plain, resource: Resource, book: Book, book_id: int, resource_id: int) -> Materialised:
    key = key_of(book.calendar, one.uid or resource.href)
    flags = (
        _TRANSPARENT * one.transparent
        | _PRIVATE * one.private
        | _PEOPLE * one.has_people
        | _STATES.index(one.status) << _STATUS
    )
    kind = one.axis * 2 + (one.end - one.start > SHORT)
    row: Row = (
        *(kind, one.start, resource_id, 0, one.end, book_id, flags, key, one.uid, None),
        *(one.summary, one.location, one.tzid, one.partstat, one.url),
    )
    return Materialised([row], None, None, one.uid, key, (), (one.summary, one.location, one.description, one.people))


def _row(found: Placed, key: str, book_id: int, resource_id: int) -> Row:
    one = found.instance
    flags = (
        _TRANSPARENT * one.transparent
        | _RECURRING * one.recurring
        | _PRIVATE * one.private
        | _PEOPLE * one.has_people
        | _STATES.index(one.status) << _STATUS
    )
    kind = found.axis * 2 + (one.end - one.start > SHORT)
    return (
        *(kind, one.start, resource_id, found.place, one.end, book_id, flags, key, one.uid, one.recurrence_id),
        *(one.summary, one.location, one.tzid, one.partstat, one.conference_url),
    )


COLUMNS = "kind, s, e, book, flags, key, uid, rid, summary, location, tzid, partstat, url"


_FLAGS = tuple(
    (
        _STATES[min(flags >> _STATUS, 2)],
        bool(flags & _TRANSPARENT),
        bool(flags & _RECURRING),
        bool(flags & _PRIVATE),
        bool(flags & _PEOPLE),
    )
    for flags in range(3 << _STATUS)
)


def instances_of(
    rows: Sequence[tuple[Any, ...]], where: Mapping[int, tuple[CalendarId, tuple[CalendarId]]], zone: Zone
) -> list[Instance]:
    """Rows (in the order of `COLUMNS`) as instances, those of other books than `where` left out; floating ones in `zone`.

    Floating rows come last: the query asks kind after kind.

    One expression without a call a row, past the checks of `Instance(…)`: the third part of the time.
    """
    new, known = tuple.__new__, _FLAGS
    out: list[Instance] = [
        new(
            Instance,
            (
                f"{key}@{rid}" if rid else key,
                uid,
                rid,
                calendar,
                calendars,
                s,
                e,
                kind >> 1 == 1,
                summary,
                location,
                tzid,
                status,
                transparent,
                partstat,
                recurring,
                private,
                False,
                False,
                url,
                people,
            ),
        )
        for kind, s, e, book, flags, key, uid, rid, summary, location, tzid, partstat, url in rows
        if book in where
        for calendar, calendars in (where[book],)
        for status, transparent, recurring, private, people in (known[flags],)
    ]
    floats = 0
    for row in reversed(rows):
        if row[0] < _FLOATS:
            break
        floats += row[3] in where
    for n in range(len(out) - floats, len(out)):
        one = out[n]
        out[n] = one._replace(start=zone.to_utc(one.start), end=zone.to_utc(one.end))
    return out


def flagged(flags: int) -> tuple[Status, bool, bool, bool, bool]:
    """Status, transparent, recurring, private, with people."""
    return _FLAGS[flags]


def horizon_after(now: int) -> int:
    """How far endless series are stored: three years ahead, in whole weeks so that it moves rarely."""
    return (now + 3 * 366 * DAY) // (7 * DAY) * (7 * DAY)

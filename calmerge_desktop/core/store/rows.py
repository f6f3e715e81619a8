"""Instances -> rows of `vevent` and the starts that `occ` is made of."""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

from calmerge_desktop.core.instances import Placed, as_placed, key_of, open_series, placed
from calmerge_desktop.core.model import Book, Resource
from calmerge_desktop.core.plain import Plain, read_plain
from calmerge_desktop.core.recurrence.expand import Occurrence, Series
from calmerge_desktop.core.store.occ import PEOPLE, PRIVATE, RECURRING, SHORT, STATES, STATUS, TRANSPARENT, rid_at
from calmerge_desktop.core.when import DAY

MOST_ROWS = 12_000
"""A series with more occurrences is not stored but computed when a window asks."""
BEGINNING = -(1 << 40)
LIVE = -(1 << 60)
"""`resource.covered` of a series that is computed whenever it is asked for."""


Row = tuple[int, int, int, int | None, str, str | None, str, str, str | None, str | None, str | None]
"""A row of `vevent` without its ids, in the order of `INSERT`: kind, flags, length, s, uid, rid, summary, …"""
Run = tuple[Row, str]
"""A row and the starts of its occurrences, a JSON list."""
INSERT = (
    "INSERT INTO vevent(id, resource, book, key, kind, flags, length, s, uid, rid, summary, location, tzid, partstat, url)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_STARTS = "INSERT INTO starts(vevent, at) VALUES (?, ?)"
FILL = (
    "INSERT INTO occ(kind, s, vevent, e) SELECT kind, s, id, s + length FROM vevent WHERE id >= ? AND s IS NOT NULL",
    (
        "INSERT OR IGNORE INTO occ(kind, s, vevent, e) SELECT kind, each.value, vevent.id, each.value + length"
        " FROM vevent JOIN starts ON starts.vevent = vevent.id CROSS JOIN json_each(at) each WHERE vevent.id >= ?"
    ),
)
"""SQLite makes the occurrences of all new rows itself: that takes half the time, and the interpreter is free meanwhile.

Two places of a series at one instant are one occurrence, as in `Series.walk`.
"""
CLEAR = (
    "DELETE FROM occ WHERE (kind, s, vevent) IN (SELECT kind, s, id FROM vevent WHERE resource = ?1 AND s IS NOT NULL)",
    (
        "DELETE FROM occ WHERE (kind, s, vevent) IN (SELECT kind, each.value, vevent.id FROM vevent"
        " JOIN starts ON starts.vevent = vevent.id CROSS JOIN json_each(at) each WHERE resource = ?1)"
    ),
    "DELETE FROM starts WHERE vevent IN (SELECT id FROM vevent WHERE resource = ?1)",
    "DELETE FROM vevent WHERE resource = ?1",
)
"""The way back, in this order."""


class Materialised(NamedTuple):
    """A resource turned into rows. Nothing but plain values, so that it can come from the process beside."""

    single: list[Row]
    """What occurs once, at its `s`."""
    runs: list[Run]
    covered: int | None
    """As `resource.covered`."""
    uid: str
    key: str
    bad: tuple[str, ...]
    """VEVENTs that could not be read, a sentence each."""
    text: tuple[str, str, str, str]
    """What full-text search reads: titles, places, descriptions, people."""


def materialise(resource: Resource, book: Book, horizon: int) -> Materialised:
    """All occurrences of a resource up to `horizon`. Raises `UnreadableEvent` when nothing of it can be shown."""
    plain = read_plain(resource.ics, book.tzid, book.address)
    if plain is not None:
        return _from_plain(plain, resource, book)
    return materialise_carefully(resource, book, horizon)


def materialise_carefully(resource: Resource, book: Book, horizon: int) -> Materialised:
    """The same for any resource: what `core.plain` declines, and what the tests hold it against."""
    series, bad = open_series(resource.ics, book.tzid)
    key = key_of(book.calendar, series.events[0].uid or resource.href)
    covered: int | None = horizon if series.endless else None
    high = horizon if series.endless else (1 << 40)
    single, runs = run_rows(series, book, key, high) or walked_rows(series, book, key, high)
    if len(single) + sum(times.count(",") + 1 for _row, times in runs) > MOST_ROWS:
        single, runs, covered = [], [], LIVE
    events = series.events
    people = " ".join(f"{who.name} {who.address}" for event in events for who in event.attendees)
    text = (
        "\n".join(dict.fromkeys(event.summary for event in events)),
        "\n".join(dict.fromkeys(event.location for event in events if event.location)),
        "\n".join(dict.fromkeys(event.description for event in events if event.description)),
        people,
    )
    return Materialised(single, runs, covered, events[0].uid, key, bad, text)


def walked_rows(series: Series, book: Book, key: str, high: int) -> tuple[list[Row], list[Run]]:
    """Rows of all occurrences before `high`, one by one; of at most one more than `MOST_ROWS`."""
    single: list[Row] = []
    together: dict[Row, list[int]] = {}
    for found in islice(placed(series, book, key, BEGINNING, high), MOST_ROWS + 1):
        start, rid = found.instance.start, found.instance.recurrence_id
        row = _row(found)
        if rid is not None and rid == rid_at(row[0], start):
            together.setdefault(_anywhere(row), []).append(start)
        else:
            single.append(row)
    return single, [_run(row, starts) for row, starts in together.items()]


def run_rows(series: Series, book: Book, key: str, high: int) -> tuple[list[Row], list[Run]] | None:
    """The same out of whole lists; None when the series must be walked."""
    run = series.run(BEGINNING, high)
    if run is None:
        return None
    runs = []
    if run.walls:
        assert series.master is not None
        first = Occurrence(run.starts[0], run.starts[0] + run.length, series.axis, run.walls[0], series.master)
        runs = [_run(_anywhere(_row(as_placed(series, first, book, key))), run.starts)]
    moved = (as_placed(series, one, book, key) for one in series.moved(BEGINNING, high))
    return [_row(found) for found in moved], runs


def _run(row: Row, starts: list[int]) -> Run:
    return row, f"[{','.join(map(str, starts))}]"


def _anywhere(row: Row) -> Row:
    """What the occurrences of a series share: its RECURRENCE-IDs are where they are (`occ.rid_at`)."""
    kind, flags, length, _s, uid, _rid, *rest = row
    return (kind, flags, length, None, uid, None, *rest)  # type: ignore[return-value]


def _from_plain(one: Plain, resource: Resource, book: Book) -> Materialised:
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
    length = end - start
    kind = axis * 2 + (length > SHORT)
    row: Row = (kind, flags, length, start, uid, None, summary, location, tzid, partstat, url)
    return Materialised([row], [], None, uid, key, (), (summary, location, description, people))


def _row(found: Placed) -> Row:
    one = found.instance
    flags = (
        TRANSPARENT * one.transparent
        | RECURRING * one.recurring
        | PRIVATE * one.private
        | PEOPLE * one.has_people
        | STATES.index(one.status) << STATUS
    )
    length = one.end - one.start
    kind = found.axis * 2 + (length > SHORT)
    return (
        *(kind, flags, length, one.start, one.uid, one.recurrence_id),
        *(one.summary, one.location, one.tzid, one.partstat, one.conference_url),
    )


def horizon_after(now: int) -> int:
    """How far endless series are stored: three years ahead, in whole weeks so that it moves rarely."""
    return (now + 3 * 366 * DAY) // (7 * DAY) * (7 * DAY)

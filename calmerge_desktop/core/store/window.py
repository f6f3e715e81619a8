"""Instances of a span, straight from SQLite: the one query that stands between a key press and the painted week.

It uses `sqlite3` itself: SQLAlchemy costs 200 ms at import and twice the time per row (measured), and one fixed statement
leaves it nothing to do.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from calmerge_desktop.core.model import CalendarId, Instance
from calmerge_desktop.core.store import occ
from calmerge_desktop.core.store.files import translated
from calmerge_desktop.core.zones import Zone

if TYPE_CHECKING:
    from calmerge_desktop.core.freebusy import Blocking, Busy


def _query(columns: str, more: str = "") -> str:
    part = f"SELECT {columns} FROM occ WHERE kind = ? AND s >= ? AND s < ? AND (e > ? OR s >= ?){more}"  # noqa: S608  constants
    return " UNION ALL ".join([part] * 6)


_SPANS = _query(occ.SPAN)
_WAITING = "SELECT id, book, uid FROM vevent WHERE partstat = 'needs-action'"
_WAITING_SPANS = _query("vevent", " AND vevent IN (SELECT id FROM vevent WHERE partstat = 'needs-action')")
_VEVENTS = "SELECT {} FROM json_each(?) CROSS JOIN vevent ON vevent.id = value"
"""In the order of their row ids, which is the order on disk."""


class Live(NamedTuple):
    """A resource whose occurrences in a span are not stored."""

    key: str
    calendar: CalendarId
    ics: str
    covered: int
    """Occurrences that start earlier on their axis are stored."""


class Window:
    """Reads the cache on any thread, each with a connection of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    def instances(
        self, low: int, high: int, zone: Zone, books: Mapping[int, CalendarId], uids: Collection[str] | None = None
    ) -> list[Instance]:
        """Stored instances that touch `[low, high)`; dates and floating times are read on the wall clock of `zone`.

        `uids`: only those of these events.
        """
        spans, vevents = self._spans(occ.COLUMNS, low, high, zone, uids)
        return occ.instances_of(spans, vevents, _named(books), zone)

    def unanswered(self, low: int, high: int, zone: Zone, books: Mapping[int, CalendarId]) -> set[str]:
        """UIDs of stored instances that touch `[low, high)` and wait for the person's answer (PARTSTAT)."""
        asked = {id: uid for id, book, uid in self._rows(_WAITING) if book in books}
        if not asked:
            return set()
        return {asked[id] for (id,) in self._rows(_WAITING_SPANS, self._arguments(low, high, zone)) if id in asked}

    def busy(
        self,
        low: int,
        high: int,
        zone: Zone,
        books: Mapping[int, CalendarId],
        rules: Mapping[CalendarId, Blocking],
        hidden: Collection[str] = (),
        apart: Collection[str] = (),
    ) -> tuple[list[Busy], list[Instance]]:
        """What these take; see `loads.busy_of`."""
        from calmerge_desktop.core.store import loads  # not before the first frame

        spans, vevents = self._spans(loads.COLUMNS, low, high, zone)
        return loads.busy_of(spans, vevents, _named(books), rules, zone, hidden, apart)

    def _spans(
        self, columns: str, low: int, high: int, zone: Zone, uids: Collection[str] | None = None
    ) -> tuple[list[occ.Span], list[tuple[Any, ...]]]:
        """Spans that touch `[low, high)`, axis after axis, and these columns of their VEVENTs, as of one moment."""
        query = _VEVENTS.format(columns)
        with translated(self._path):
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                spans = _columns(connection, _SPANS, occ.SPAN, self._arguments(low, high, zone))
                arguments = [f"[{','.join(map(str, sorted(set(spans[2]))))}]"]
                if uids is not None:
                    query += " WHERE uid IN (SELECT value FROM json_each(?))"
                    arguments.append(json.dumps(sorted(uids)))
                vevents = _columns(connection, query, columns, arguments)
                return list(zip(*spans, strict=True)), list(zip(*vevents, strict=True))
            finally:
                connection.execute("COMMIT")

    def _arguments(self, low: int, high: int, zone: Zone) -> list[int]:
        wall = zone.to_wall(low), zone.to_wall(high)
        longest = self._longest()
        arguments: list[int] = []
        for axis, (first, last) in enumerate(((low, high), wall, wall)):
            for long in (0, 1):
                kind = axis * 2 + long
                back = longest.get(kind, 0) if long else occ.SHORT
                arguments += [kind, first - back, last, first, first]
        return arguments

    def live(self, high: int, books: Mapping[int, CalendarId]) -> list[Live]:
        """Resources that may have occurrences before `high` which are not stored."""
        found = self._rows(
            "SELECT resource.key, resource.book, raw.ics, resource.covered FROM resource"
            " JOIN raw ON raw.resource = resource.id WHERE covered IS NOT NULL AND covered < ?",
            (high + occ.SHORT,),
        )
        return [Live(key, books[book], ics, covered) for key, book, ics, covered in found if book in books]

    def books(self) -> dict[int, CalendarId]:
        """Row id -> calendar of everything cached."""
        return {row[0]: CalendarId(row[1]) for row in self._rows("SELECT id, calendar FROM book")}

    def close(self) -> None:
        """Give back the connection of this thread."""
        connection = self._local.__dict__.pop("connection", None)
        if connection:
            connection.close()

    def _longest(self) -> dict[int, int]:
        found = self._rows("SELECT key, value FROM meta WHERE key LIKE 'longest-%'")
        return {int(key.rpartition("-")[2]): int(value) for key, value in found}

    def _rows(self, query: str, arguments: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with translated(self._path):
            return self._connection().execute(query, arguments).fetchall()  # type: ignore[no-any-return]  # of sqlite3

    def _connection(self) -> Any:
        connection = self._local.__dict__.get("connection")
        if connection is None:
            connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=15, isolation_level=None)
            connection.executescript("PRAGMA cache_size=-16000; PRAGMA mmap_size=268435456; PRAGMA query_only=ON;")
            self._local.connection = connection
        return connection


def _columns(connection: Any, query: str, columns: str, arguments: Sequence[object]) -> list[list[Any]]:
    """The answer column by column, each as one JSON text: three quarters of the time that row after row takes (measured).

    And one step of SQLite instead of one a row: after each the interpreter has to be waited for while another thread works,
    at the start the one that makes the window.
    """
    names = [f"c{n}" for n in range(columns.count(",") + 1)]
    lists = ", ".join(f"json_group_array({name})" for name in names)
    whole = f"WITH t({', '.join(names)}) AS ({query}) SELECT {lists} FROM t"  # noqa: S608  constants
    return list(map(json.loads, connection.execute(whole, arguments).fetchone()))


def _named(books: Mapping[int, CalendarId]) -> dict[int, tuple[CalendarId, tuple[CalendarId]]]:
    return {book: (calendar, (calendar,)) for book, calendar in books.items()}


class Versions:
    """Tells whether anything was written. One connection a file for all threads: SQLite counts for each connection apart."""

    def __init__(self, *paths: Path) -> None:
        self._paths = paths
        self._lock = threading.Lock()
        self._connections: list[Any] = []

    def now(self) -> tuple[int, ...]:
        """A number a file that changes when another connection, of any process, commits."""
        with self._lock:
            if not self._connections:
                self._connections = [self._opened(path) for path in self._paths]
            out = []
            for path, connection in zip(self._paths, self._connections, strict=True):
                with translated(path):
                    out.append(int(connection.execute("PRAGMA data_version").fetchone()[0]))
            return tuple(out)

    def close(self) -> None:
        """Give back the connections."""
        with self._lock:
            while self._connections:
                self._connections.pop().close()

    @staticmethod
    def _opened(path: Path) -> Any:
        with translated(path):
            uri = f"{path.absolute().as_uri()}?mode=ro"
            return sqlite3.connect(uri, uri=True, timeout=15, isolation_level=None, check_same_thread=False)

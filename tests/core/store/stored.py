"""Occurrences of a resource as SQLite makes them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.schema import CreateTable

from calmerge_desktop.core.store import tables
from calmerge_desktop.core.store.occ import RECURRING, rid_at
from calmerge_desktop.core.store.rows import FILL, INSERT, INSERT_STARTS, Row, Run

_QUERY = (
    "SELECT occ.kind, occ.s, occ.e, flags, uid, rid, summary, location, tzid, partstat, url"
    " FROM occ JOIN vevent ON vevent.id = occ.vevent ORDER BY occ.s, occ.vevent"
)


@cache
def _database() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    for table in (tables.vevent, tables.starts, tables.occ):
        made.execute(str(CreateTable(table).compile(create_engine("sqlite://"))))
    return made


def occurrences(single: Sequence[Row], runs: Sequence[Run]) -> list[tuple[Any, ...]]:
    """Kind, start, end, flags, UID, RECURRENCE-ID and what is shown of every occurrence, in the order of their starts."""
    database = _database()
    for table in ("occ", "starts", "vevent"):
        database.execute(f"DELETE FROM {table}")
    rows = [*single, *(row for row, _at in runs)]
    database.executemany(INSERT, [(n, 1, 1, "key", *row) for n, row in enumerate(rows, 1)])
    database.executemany(INSERT_STARTS, [(n, at) for n, (_row, at) in enumerate(runs, 1 + len(single))])
    for statement in FILL:
        database.execute(statement, (1,))
    return [_whole(*row) for row in database.execute(_QUERY)]


def _whole(kind: int, s: int, e: int, flags: int, uid: str, rid: str | None, *shown: Any) -> tuple[Any, ...]:
    return kind, s, e, flags, uid, rid_at(kind, s) if flags & RECURRING and rid is None else rid, *shown

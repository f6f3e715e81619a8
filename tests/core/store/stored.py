"""Rows of a series as SQLite makes them."""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.schema import CreateTable

from calmerge_desktop.core.store import tables
from calmerge_desktop.core.store.rows import INSERT_MANY, Many, Materialised

_COLUMNS = "kind, s, resource, place, e, book, flags, key, uid, rid, summary, location, tzid, partstat, url"


@cache
def _database() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    made.execute(str(CreateTable(tables.occ).compile(create_engine("sqlite://"))))
    return made


def rows_of(many: Many | None) -> list[tuple[Any, ...]]:
    """Rows of `occ`, in the order of their starts."""
    if many is None:
        return []
    database = _database()
    database.execute("DELETE FROM occ")
    database.execute(INSERT_MANY, many.arguments())
    return database.execute(f"SELECT {_COLUMNS} FROM occ ORDER BY s, place").fetchall()


def all_rows(made: Materialised) -> list[tuple[Any, ...]]:
    """All of a resource."""
    return [*rows_of(made.many), *made.single]

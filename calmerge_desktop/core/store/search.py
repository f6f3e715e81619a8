"""Full-text search over the cached resources (FTS5)."""

from __future__ import annotations

import re

from sqlalchemy import Engine, text

from calmerge_desktop.core.model import CalendarId

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_QUERY = text(
    "SELECT resource.key, book.calendar, raw.ics FROM search JOIN resource ON resource.id = search.rowid"
    " JOIN book ON book.id = resource.book JOIN raw ON raw.resource = resource.id"
    " WHERE search MATCH :match ORDER BY bm25(search, 10.0, 4.0, 1.0, 3.0) LIMIT :most"
)


def match_expression(words: str) -> str | None:
    """An FTS5 query: every word must begin some word of the event. None when there is nothing to look for."""
    found = _WORD.findall(words)
    return " AND ".join(f'"{word}"*' for word in found) if found else None


def find(engine: Engine, words: str, most: int) -> list[tuple[str, CalendarId, str]]:
    """Key, calendar and text of matching resources, best first."""
    match = match_expression(words)
    if match is None:
        return []
    with engine.connect() as connection:
        rows = connection.execute(_QUERY, {"match": match, "most": most})
        return [(row[0], CalendarId(row[1]), row[2]) for row in rows]

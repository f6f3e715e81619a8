"""Writing the cache: pages of changes in, rows out. One thread, one transaction a call."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, select, update

from calmerge_desktop.core.model import (
    Book,
    CalendarId,
    Delta,
    ETag,
    Href,
    Resource,
    SourceStatus,
    SyncToken,
)
from calmerge_desktop.core.ports import Applied
from calmerge_desktop.core.store import tables as t
from calmerge_desktop.core.store.files import translated, writing
from calmerge_desktop.core.store.page import Page
from calmerge_desktop.core.store.reading import Reading
from calmerge_desktop.core.store.rows import LIVE, horizon_after

_ZONE_DATA = "zone-data"


class Cache:
    """The copy of what providers hold."""

    def __init__(self, engine: Engine, reading: Reading | None = None) -> None:
        self._engine = engine
        self._path = Path(engine.url.database or "")
        self._reading = reading or Reading()

    # --- reading what the sync engine asks --------------------------------------------------------------------------

    def token(self, calendar: CalendarId) -> SyncToken | None:
        """Token of the last complete read."""
        with self._engine.connect() as connection:
            value = connection.scalar(select(t.book.c.token).where(t.book.c.calendar == calendar))
        return SyncToken(value) if value else None

    def known(self, calendar: CalendarId) -> Mapping[Href, ETag | None]:
        """Href and ETag of every cached resource."""
        query = select(t.resource.c.href, t.resource.c.etag).join(t.book).where(t.book.c.calendar == calendar)
        with self._engine.connect() as connection:
            return {Href(href): ETag(etag) if etag else None for href, etag in connection.execute(query)}

    def resource(self, key: str) -> tuple[CalendarId, Resource] | None:
        """A cached resource by its short id."""
        query = (
            select(t.book.c.calendar, t.resource.c.href, t.resource.c.etag, t.raw.c.ics)
            .select_from(t.resource.join(t.book).join(t.raw))
            .where(t.resource.c.key == key)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return CalendarId(row[0]), Resource(href=Href(row[1]), etag=ETag(row[2]) if row[2] else None, ics=row[3])

    def resources(self, calendar: CalendarId) -> Iterator[Resource]:
        """Every cached resource of a calendar, for export and backup."""
        query = (
            select(t.resource.c.href, t.resource.c.etag, t.raw.c.ics)
            .select_from(t.resource.join(t.book).join(t.raw))
            .where(t.book.c.calendar == calendar)
            .order_by(t.resource.c.id)
        )
        with self._engine.connect() as connection:
            for href, etag, ics in connection.execute(query):
                yield Resource(href=Href(href), etag=ETag(etag) if etag else None, ics=ics)

    def calendars(self) -> set[str]:
        """Calendars that have something in the cache."""
        with self._engine.connect() as connection:
            return set(connection.execute(select(t.book.c.calendar)).scalars())

    def zone_data(self) -> str | None:
        """The version of the zone data that occurrences were computed with."""
        with self._engine.connect() as connection:
            return connection.scalar(select(t.meta.c.value).where(t.meta.c.key == _ZONE_DATA))

    # --- writing ----------------------------------------------------------------------------------------------------

    def set_zone_data(self, version: str) -> None:
        """All occurrences are computed with this version now."""
        with writing(self._engine) as connection:
            connection.execute(delete(t.meta).where(t.meta.c.key == _ZONE_DATA))
            connection.execute(t.meta.insert().values(key=_ZONE_DATA, value=version))

    def set_status(self, of: str, status: SourceStatus) -> None:
        """Replace the state of an account or calendar."""
        with writing(self._engine) as connection:
            connection.exec_driver_sql(
                "INSERT OR REPLACE INTO status(of, state, as_of, reason, kind, retry_at) VALUES (?, ?, ?, ?, ?, ?)",
                (of, status.state.value, status.as_of, status.reason, status.kind, status.retry_at),
            )

    def apply(self, book: Book, page: Delta, keep: Collection[Href] | None, now: int) -> Applied:
        """Store a page (see `core.ports.SyncStore.apply`)."""
        with writing(self._engine) as connection:
            with translated(self._path):
                work = self._page(connection, book, horizon_after(now))
                work.upsert(page.upserts)
                removed = work.remove(page.removals)
                if keep is not None:
                    removed += work.remove(work.strangers(keep))
                    work.forgive_strangers(keep)
                for href, reason in page.unreadable:
                    work.put_aside(href, reason)
                work.forgive(page.unchanged)
            if page.last and page.next_token is not None:
                connection.execute(update(t.book).where(t.book.c.id == work.book_id).values(token=page.next_token))
            return Applied(added=work.added, updated=work.updated, removed=removed, set_aside=tuple(work.aside))

    def foresee(self, pages: Sequence[tuple[Book, Sequence[Resource]]], now: int) -> None:
        """Pages of calendars that hold nothing yet, in the order in which they will come (see `Reading.foresee`)."""
        self._reading.foresee(pages, horizon_after(now))

    def forget_token(self, calendar: CalendarId) -> None:
        """Read everything again next time."""
        with writing(self._engine) as connection:
            connection.execute(update(t.book).where(t.book.c.calendar == calendar).values(token=None))

    def drop(self, ids: Collection[str]) -> None:
        """Forget calendars and the states of these ids."""
        if not ids:
            return
        with writing(self._engine) as connection:
            for calendar in connection.execute(select(t.book.c.calendar).where(t.book.c.calendar.in_(ids))).scalars().all():
                with translated(self._path):
                    work = self._page(connection, Book(CalendarId(calendar), None, None), 0)
                    work.remove_all()
                connection.execute(delete(t.book).where(t.book.c.id == work.book_id))
            connection.execute(delete(t.status).where(t.status.c.of.in_(ids)))

    def rebuild(self, books: Mapping[CalendarId, Book], now: int, *, all: bool = False) -> None:
        """Store endless series up to today's horizon; with `all`, every resource (an address or zone changed)."""
        horizon = horizon_after(now)
        condition = t.resource.c.id.is_not(None) if all else (t.resource.c.covered < horizon) & (t.resource.c.covered > LIVE)
        query = (
            select(t.resource.c.id, t.resource.c.href, t.resource.c.etag, t.book.c.calendar, t.raw.c.ics)
            .select_from(t.resource.join(t.book).join(t.raw))
            .where(condition & t.book.c.calendar.in_(books.keys()))
            .order_by(t.resource.c.book, t.resource.c.id)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return
        with writing(self._engine) as connection:
            for calendar, group in groupby(rows, lambda row: row.calendar):
                found = [(row.id, Resource(href=Href(row.href), etag=row.etag, ics=row.ics)) for row in group]
                with translated(self._path):
                    work = self._page(connection, books[CalendarId(calendar)], horizon)
                    work.rewrite(found, [row_id for row_id, _resource in found])

    def _page(self, connection: Connection, book: Book, horizon: int) -> Page:
        driver: sqlite3.Connection | None = connection.connection.driver_connection  # ours
        assert driver is not None
        return Page(driver, book, _book_id(connection, book.calendar), horizon, self._reading)


def _book_id(connection: Connection, calendar: CalendarId) -> int:
    found = connection.scalar(select(t.book.c.id).where(t.book.c.calendar == calendar))
    if found is None:
        made = connection.execute(t.book.insert().values(calendar=calendar))
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])
    return int(found)

"""One page of changes stored inside one transaction.

Rows go to `sqlite3` itself: what SQLAlchemy does with parameters costs as much as reading the events.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from calmerge_desktop.core.instances import key_of
from calmerge_desktop.core.model import Book, Href, Resource, SetAside
from calmerge_desktop.core.store.reading import Read, Reading
from calmerge_desktop.core.store.rows import CLEAR, FILL, INSERT, INSERT_STARTS
from calmerge_desktop.core.texts import _

_CHUNK = 1000
"""Texts or numbers handed to a statement as one JSON list."""
_AT_ONCE = 200
"""Resources written together; whoever waits for the interpreter waits no longer than they take to be put in order."""
_LISTED = "IN (SELECT value FROM json_each(?))"


class Page:
    """One page being stored. The transaction is the caller's."""

    def __init__(self, driver: sqlite3.Connection, book: Book, book_id: int, horizon: int, reading: Reading) -> None:
        self.book = book
        self.book_id = book_id
        self.horizon = horizon
        self.added = self.updated = 0
        self.aside: list[SetAside] = []
        self._reading = reading
        self._made: list[Read] = []
        self._next_vevent = 0
        self._run = driver.execute
        self._many = driver.executemany
        self._new = not self._any("resource")
        """Nothing of this calendar is here: nothing needs to be compared."""
        self._spotless = not self._any("set_aside")

    def upsert(self, resources: Sequence[Resource]) -> None:
        """Store what is new or changed."""
        latest = {resource.href: resource for resource in resources}
        there = {} if self._new else self._there(latest.keys())
        next_id = self._next("resource")
        changed = []
        for href, resource in latest.items():
            if href in there:
                row_id, etag, ics = there[href]
                if ics == resource.ics:
                    if etag != resource.etag:
                        self._run("UPDATE resource SET etag = ? WHERE id = ?", (resource.etag, row_id))
                    continue
                changed.append((row_id, resource))
            else:
                changed.append((next_id, resource))
                next_id += 1
        old = [row_id for row_id, resource in changed if resource.href in there]
        self.updated += len(old)
        self.added += len(changed) - len(old)
        self.rewrite(changed, old)

    def rewrite(self, resources: Sequence[tuple[int, Resource]], old: Sequence[int]) -> None:
        """Store resources (row id, resource) in place of those whose row ids are `old`."""
        self._clear(old)
        self._many("DELETE FROM resource WHERE id = ?", [(row_id,) for row_id in old])
        first = self._next_vevent = self._next("vevent")
        self._reading.rows(resources, self.book, self.horizon, self._take)
        self._store()
        for statement in FILL:
            self._run(statement, (first,))
        self._note_longest(first)

    def remove(self, hrefs: Collection[Href]) -> int:
        """Take resources away; how many were there."""
        ids = [row_id for row_id, _etag, _ics in self._there(hrefs).values()]
        self._clear(ids)
        self._many("DELETE FROM resource WHERE id = ?", [(row_id,) for row_id in ids])
        self.forgive(hrefs)
        return len(ids)

    def remove_all(self) -> None:
        """Leave nothing of the calendar."""
        self.remove(self._hrefs("resource"))

    def strangers(self, keep: Collection[Href]) -> list[Href]:
        """What is here and not in `keep`."""
        wanted = set(keep)
        return [href for href in self._hrefs("resource") if href not in wanted]

    def put_aside(self, href: Href, reason: str) -> None:
        """List a resource as unreadable."""
        self.forgive([href])
        self._run("INSERT INTO set_aside(book, href, reason) VALUES (?, ?, ?)", (self.book_id, href, reason))
        self._spotless = False
        self.aside.append(SetAside(calendar=self.book.calendar, href=href, reason=reason))

    def forgive(self, hrefs: Collection[Href]) -> None:
        """These are readable now, or gone; what the cache itself holds unreadable stays listed."""
        if self._spotless:
            return
        for some in _listed(hrefs):
            self._run(
                f"DELETE FROM set_aside WHERE book = ? AND href {_LISTED} AND href NOT IN"  # noqa: S608  constants
                f" (SELECT href FROM resource WHERE book = ? AND href {_LISTED})",
                (self.book_id, some, self.book_id, some),
            )

    def forgive_strangers(self, keep: Collection[Href]) -> None:
        """What the source does not list any more need not be mentioned."""
        if not self._spotless:
            listed = set(keep)
            self.forgive([href for href in self._hrefs("set_aside") if href not in listed])

    def _take(self, made: list[Read]) -> None:
        self._made += made
        if len(self._made) >= _AT_ONCE:
            self._store()

    def _store(self) -> None:
        """Write what was read."""
        made_all, self._made = self._made, []
        if not made_all:
            return
        self._report(made_all)
        taken = self._taken([made.key for _row_id, _one, made in made_all])
        resources = []
        for n, (row_id, resource, made) in enumerate(made_all):
            if made.key in taken:  # one UID in two resources of a calendar: the second is told apart by its href
                made = made._replace(key=key_of(self.book.calendar, f"{made.uid}\n{resource.href}"))  # noqa: PLW2901
                made_all[n] = row_id, resource, made
            taken.add(made.key)
            resources.append((row_id, self.book_id, resource.href, resource.etag, made.key, made.uid, made.covered))
        self._many("INSERT INTO resource(id, book, href, etag, key, uid, covered) VALUES (?, ?, ?, ?, ?, ?, ?)", resources)
        self._many("INSERT INTO raw(resource, ics) VALUES (?, ?)", ((row_id, one.ics) for row_id, one, _made in made_all))
        self._store_vevents(made_all)
        self._many(
            "INSERT INTO search(rowid, summary, location, description, people) VALUES (?, ?, ?, ?, ?)",
            ((row_id, *made.text) for row_id, _one, made in made_all),
        )

    def _store_vevents(self, made_all: Sequence[Read]) -> None:
        """What occurs; `FILL` makes its occurrences."""
        vevents, starts = [], []
        n = self._next_vevent
        for row_id, _one, made in made_all:
            ids = row_id, self.book_id, made.key
            for row in made.single:
                vevents.append((n, *ids, *row))
                n += 1
            for row, at in made.runs:
                vevents.append((n, *ids, *row))
                starts.append((n, at))
                n += 1
        self._next_vevent = n
        self._many(INSERT, vevents)
        self._many(INSERT_STARTS, starts)

    def _report(self, made_all: Sequence[Read]) -> None:
        """List what could not be read, and strike what now can."""
        if not self._spotless:
            for some in _listed([resource.href for _row_id, resource, _made in made_all]):
                self._run(f"DELETE FROM set_aside WHERE book = ? AND href {_LISTED}", (self.book_id, some))  # noqa: S608
        for _row_id, resource, made in made_all:
            if made.bad:
                more = len(made.bad) - 1
                reason = _("{first} And {n} more.").format(first=made.bad[0], n=more) if more else made.bad[0]
                self.put_aside(resource.href, reason)

    def _taken(self, keys: Sequence[str]) -> set[str]:
        sql = f"SELECT key FROM resource WHERE key {_LISTED}"  # noqa: S608  constants
        return {row[0] for some in _listed(keys) for row in self._run(sql, (some,))}

    def _note_longest(self, first: int) -> None:
        """How far before a span long occurrences of the rows from `first` on may begin."""
        for kind, seconds in self._run(_LONG, (first,)).fetchall():
            self._run(_LONGEST, (f"longest-{kind}", str(seconds)))

    def _clear(self, ids: Sequence[int]) -> None:
        """Take occurrences, text and search entries of resources away."""
        rows = [(row_id,) for row_id in ids]
        for statement in (*CLEAR, "DELETE FROM raw WHERE resource = ?", "DELETE FROM search WHERE rowid = ?"):
            self._many(statement, rows)

    def _there(self, hrefs: Collection[Href]) -> dict[Href, tuple[int, str | None, str]]:
        sql = (
            "SELECT href, id, etag, ics FROM resource JOIN raw ON raw.resource = resource.id"  # noqa: S608  constants
            f" WHERE book = ? AND href {_LISTED}"
        )
        rows = (row for some in _listed(hrefs) for row in self._run(sql, (self.book_id, some)))
        return {Href(href): (row_id, etag, ics) for href, row_id, etag, ics in rows}

    def _hrefs(self, table: str) -> list[Href]:
        sql = f"SELECT href FROM {table} WHERE book = ?"  # noqa: S608  one of ours
        return [Href(row[0]) for row in self._run(sql, (self.book_id,))]

    def _next(self, table: str) -> int:
        """A row id that no row of the table has."""
        sql = f"SELECT coalesce(max(id), 0) + 1 FROM {table}"  # noqa: S608  one of ours
        return int(self._run(sql).fetchone()[0])

    def _any(self, table: str) -> bool:
        sql = f"SELECT EXISTS (SELECT 1 FROM {table} WHERE book = ?)"  # noqa: S608  one of ours
        return bool(self._run(sql, (self.book_id,)).fetchone()[0])


_LONG = "SELECT kind, max(length) FROM vevent WHERE id >= ? AND kind & 1 GROUP BY kind"
_LONGEST = (
    "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE"
    " SET value = excluded.value WHERE CAST(excluded.value AS INTEGER) > CAST(value AS INTEGER)"
)


def _listed(texts: Collection[str]) -> Iterator[str]:
    """Texts as JSON lists of at most `_CHUNK`."""
    iterator = iter(texts)
    while some := list(islice(iterator, _CHUNK)):
        yield json.dumps(some)

"""The outbox and the journal: what the person changed, whether it has arrived, and how to take it back.

An href has at most one waiting write: a further edit replaces it and keeps its base. Once a write is being sent, the next
edit becomes a write of its own, based on what the provider makes of the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, update

from calmerge_desktop.core.errors import UnknownId
from calmerge_desktop.core.model import AccountId, CalendarId, ETag, Href, RemoteId, Resource
from calmerge_desktop.core.ports import PendingWrite
from calmerge_desktop.core.store import tables as t
from calmerge_desktop.core.store.files import writing
from calmerge_desktop.core.texts import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the journal."""

    id: int
    at: int
    calendar: CalendarId
    href: Href
    key: str
    before: str | None
    after: str | None
    undone: bool


class Outbox:
    """Writes that wait for their provider, and the journal of all of them; what is unsent is read by `first.py`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(
        self,
        *,
        account: AccountId,
        calendar: CalendarId,
        href: Href,
        key: str,
        base: Resource | None,
        before: str | None,
        after: str | None,
        now: int,
    ) -> int:
        """Record a change: `after` (None: delete) shall replace `base`, the cached version. Returns the journal's id.

        `before` is what the person saw, which may itself be unsent.
        """
        with writing(self._engine) as connection:
            self._enqueue(connection, calendar, href, key, base, after)
            made = connection.execute(
                t.journal.insert().values(
                    at=now, account=account, calendar=calendar, href=href, key=key, before=before, after=after, undone=False
                )
            )
            assert made.inserted_primary_key is not None
            return int(made.inserted_primary_key[0])

    def entry(self, id: int) -> Entry:
        """A line of the journal. Raises `UnknownId`."""
        with self._engine.connect() as connection:
            row = connection.execute(select(t.journal).where(t.journal.c.id == id)).first()
        if row is None:
            raise UnknownId(_("There is no journal entry “{id}”.").format(id=id))
        return _entry(row)

    def entries(self, most: int) -> list[Entry]:
        """The newest lines of the journal, newest first."""
        with self._engine.connect() as connection:
            return [_entry(row) for row in connection.execute(select(t.journal).order_by(t.journal.c.id.desc()).limit(most))]

    def mark_undone(self, id: int) -> None:
        """The entry was taken back."""
        with writing(self._engine) as connection:
            connection.execute(update(t.journal).where(t.journal.c.id == id).values(undone=True))

    # --- what the sync engine does with them ------------------------------------------------------------------------

    def due(self, account: AccountId, now: int) -> list[PendingWrite]:
        """Oldest write of each href that may be sent now."""
        query = (
            select(t.outbox, t.calendar.c.remote_id)
            .join(t.calendar, t.calendar.c.id == t.outbox.c.calendar)
            .where(t.calendar.c.account == account)
            .order_by(t.outbox.c.id)
        )
        out: dict[tuple[str, str], PendingWrite | None] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                blocked = row.state in ("refused", "conflict") or row.not_before > now
                out.setdefault((row.calendar, row.href), None if blocked else _write(row))
        return [write for write in out.values() if write is not None]

    def sending(self, write: int) -> PendingWrite | None:
        """An edit made from now on becomes a write of its own; the write as it is at this moment, None when it is gone."""
        query = select(t.outbox, t.calendar.c.remote_id).join(t.calendar, t.calendar.c.id == t.outbox.c.calendar)
        with writing(self._engine) as connection:
            connection.execute(update(t.outbox).where(t.outbox.c.id == write).values(state="sending"))
            row = connection.execute(query.where(t.outbox.c.id == write)).first()
        return _write(row) if row is not None else None

    def sent(self, write: int, resource: Resource | None) -> None:
        """The provider holds `resource` now (None: nothing): later writes build on it."""
        with writing(self._engine) as connection:
            row = connection.execute(select(t.outbox).where(t.outbox.c.id == write)).first()
            if row is None:
                return
            connection.execute(delete(t.outbox).where(t.outbox.c.id == write))
            later = (t.outbox.c.calendar == row.calendar) & (t.outbox.c.href == row.href)
            values: dict[str, Any] = {
                "base": resource.etag if resource else None,
                "base_ics": resource.ics if resource else None,
                "creates": resource is None,
            }
            if resource:
                values["href"] = resource.href
            connection.execute(update(t.outbox).where(later).values(**values))
            if resource is None:
                connection.execute(delete(t.outbox).where(later & t.outbox.c.ics.is_(None)))

    def postpone(self, write: int, not_before: int, reason: str) -> None:
        """Try again later."""
        self._set(write, state="waiting", not_before=not_before, reason=reason, tries=t.outbox.c.tries + 1)

    def refuse(self, write: int, reason: str) -> None:
        """Wait for the person."""
        self._set(write, state="refused", reason=reason)

    def conflict(self, write: int, theirs: Resource | None) -> None:
        """Keep both versions."""
        self._set(
            write,
            state="conflict",
            theirs=theirs.ics if theirs else None,
            theirs_etag=theirs.etag if theirs else None,
        )

    def reconsider(self, write: int, *, drop: bool, theirs_is_base: bool) -> None:
        """Settle a conflict or a refusal: `drop` the write, or send it again, on top of theirs when `theirs_is_base`."""
        with writing(self._engine) as connection:
            if drop:
                connection.execute(delete(t.outbox).where(t.outbox.c.id == write))
                return
            values: dict[str, Any] = {"state": "waiting", "reason": None, "not_before": 0, "tries": 0}
            if theirs_is_base:
                gone = t.outbox.c.theirs.is_(None)
                values |= {"base": t.outbox.c.theirs_etag, "base_ics": t.outbox.c.theirs, "creates": gone, "theirs": None}
            connection.execute(update(t.outbox).where(t.outbox.c.id == write).values(**values))

    def start_again(self) -> None:
        """After a crash: what was being sent may or may not have arrived; it is sent again, which is harmless."""
        with writing(self._engine) as connection:
            connection.execute(update(t.outbox).where(t.outbox.c.state == "sending").values(state="waiting"))

    # ----------------------------------------------------------------------------------------------------------------

    def _enqueue(
        self, connection: Connection, calendar: CalendarId, href: Href, key: str, base: Resource | None, after: str | None
    ) -> None:
        same = (t.outbox.c.calendar == calendar) & (t.outbox.c.href == href)
        rows: Sequence[Any] = connection.execute(select(t.outbox).where(same).order_by(t.outbox.c.id)).all()
        waiting = next((row for row in rows if row.state != "sending"), None)
        if waiting is not None:
            if waiting.creates and after is None:
                connection.execute(delete(t.outbox).where(t.outbox.c.id == waiting.id))  # it never left this machine
                return
            values: dict[str, Any] = {"ics": after}
            if waiting.state == "refused":
                values |= {"state": "waiting", "reason": None, "not_before": 0, "tries": 0}
            connection.execute(update(t.outbox).where(t.outbox.c.id == waiting.id).values(**values))
            return
        connection.execute(
            t.outbox.insert().values(
                calendar=calendar,
                href=href,
                key=key,
                ics=after,
                base=base.etag if base else None,
                base_ics=base.ics if base else None,
                creates=base is None and not rows,
                tries=0,
                not_before=0,
                state="waiting",
            )
        )

    def _set(self, write: int, **values: Any) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(t.outbox).where(t.outbox.c.id == write).values(**values))


def _entry(row: Any) -> Entry:
    return Entry(
        id=row.id,
        at=row.at,
        calendar=CalendarId(row.calendar),
        href=Href(row.href),
        key=row.key,
        before=row.before,
        after=row.after,
        undone=row.undone,
    )


def _write(row: Any) -> PendingWrite:
    return PendingWrite(
        id=row.id,
        calendar=CalendarId(row.calendar),
        remote_id=RemoteId(row.remote_id),
        href=Href(row.href),
        ics=row.ics,
        base=ETag(row.base) if row.base else None,
        base_ics=row.base_ics,
        create=row.creates,
        tries=row.tries,
        not_before=row.not_before,
    )

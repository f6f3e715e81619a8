"""What the program remembers: the cache (a copy that may be thrown away) and the ledger (ours, never lost).

`Store` is the one door. It serves the sync engine as `core.ports.SyncStore` and the agenda as `core.agenda.memory.Memory`.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from calmerge_desktop.core.model import (
    Account,
    AccountId,
    Book,
    Calendar,
    CalendarId,
    Delta,
    ETag,
    Href,
    Instance,
    RemoteCalendar,
    Resource,
    SetAside,
    SourceStatus,
    SyncToken,
)
from calmerge_desktop.core.ports import Applied, Itself, PendingWrite
from calmerge_desktop.core.store.files import CACHE_FILE, LEDGER_FILE, engine, open_cache
from calmerge_desktop.core.store.first import First, Pending
from calmerge_desktop.core.store.migrate import bring_up
from calmerge_desktop.core.store.window import Live, Versions, Window
from calmerge_desktop.core.when import Clock, now
from calmerge_desktop.core.zones import Zone, data_version

__all__ = ["CACHE_FILE", "LEDGER_FILE", "Store"]

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from calmerge_desktop.core.beside import Beside
    from calmerge_desktop.core.freebusy import Blocking, Busy
    from calmerge_desktop.core.store.cache import Cache
    from calmerge_desktop.core.store.ledger import Ledger
    from calmerge_desktop.core.store.links import Links
    from calmerge_desktop.core.store.outbox import Outbox
    from calmerge_desktop.core.store.pages import Pages
    from calmerge_desktop.core.store.post import Post
    from calmerge_desktop.core.store.proposals import Proposals
    from calmerge_desktop.core.store.templates import Templates


_MUCH = 500_000
"""Bytes of events, about a thousand, from which on the process beside is worth its start."""


class Store:
    """Both files of one profile. Reading is safe on any thread; writes of the cache belong to the sync thread."""

    def __init__(self, folder: Path, clock: Clock = now, beside: Beside | None = None) -> None:
        """Open or create the files in `folder`; `beside` reads what is much. Raises what `files` and `migrate` raise."""
        bring_up(folder / LEDGER_FILE)
        self._clock = clock
        self._folder = folder
        self._engines: list[Engine] = []
        self.notice = open_cache(folder / CACHE_FILE)
        self.first = First(folder / CACHE_FILE, folder / LEDGER_FILE)
        self.window = Window(folder / CACHE_FILE)
        self._versions = Versions(folder / CACHE_FILE, folder / LEDGER_FILE)
        self._writer: int | None = None
        self._beside = beside

    def close(self) -> None:
        """Close both files, and end the process beside."""
        if self._beside is not None:
            self._beside.close()
        self.window.close()
        self.first.close()
        self._versions.close()
        for made in self._engines:
            made.dispose()

    # --- parts that need SQLAlchemy, made when first used -----------------------------------------------------------

    @cached_property
    def cache(self) -> Cache:
        """The copy of what providers hold."""
        from calmerge_desktop.core.store.cache import Cache
        from calmerge_desktop.core.store.reading import Reading

        return Cache(self._cache_engine, Reading(self._beside))

    @cached_property
    def ledger(self) -> Ledger:
        """Accounts and calendars."""
        from calmerge_desktop.core.store.ledger import Ledger

        return Ledger(self._ledger_engine)

    @cached_property
    def box(self) -> Outbox:
        """The outbox and the journal."""
        from calmerge_desktop.core.store.outbox import Outbox

        return Outbox(self._ledger_engine)

    @cached_property
    def links(self) -> Links:
        """Schedules, booking links, bookings."""
        from calmerge_desktop.core.store.links import Links

        return Links(self._ledger_engine)

    @cached_property
    def post(self) -> Post:
        """Mail."""
        from calmerge_desktop.core.store.post import Post

        return Post(self._ledger_engine)

    @cached_property
    def proposals(self) -> Proposals:
        """Times offered by mail."""
        from calmerge_desktop.core.store.proposals import Proposals

        return Proposals(self._ledger_engine)

    @cached_property
    def templates(self) -> Templates:
        """The person's own words for offers."""
        from calmerge_desktop.core.store.templates import Templates

        return Templates(self._ledger_engine)

    @cached_property
    def pages(self) -> Pages:
        """Pages that are kept in folders."""
        from calmerge_desktop.core.store.pages import Pages

        return Pages(self._ledger_engine)

    @cached_property
    def _cache_engine(self) -> Engine:
        return self._engine(CACHE_FILE)

    @cached_property
    def _ledger_engine(self) -> Engine:
        return self._engine(LEDGER_FILE)

    def _engine(self, name: str) -> Engine:
        made = engine(self._folder / name, durable=name == LEDGER_FILE)
        self._engines.append(made)
        return made

    # --- SyncStore --------------------------------------------------------------------------------------------------

    def own_thread(self) -> None:
        """From now on only the calling thread may write the cache."""
        self._writer = threading.get_ident()

    def keep_free(self) -> None:
        """From now on somebody here waits for the interpreter: what is much is read in the process beside at once."""
        if self._beside is not None:
            self._beside.painting = True

    def accounts(self) -> Sequence[Account]:
        """See `SyncStore`."""
        return self.first.accounts()

    def calendars(self, account: AccountId | None = None) -> Sequence[Calendar]:
        """Calendars of one account or of all."""
        return self.first.calendars(account)

    def learn(self, account: AccountId, itself: Itself) -> None:
        """See `SyncStore`."""
        self._assert_writer()
        self.ledger.learn(account, itself)

    def list_calendars(self, account: AccountId, found: Sequence[RemoteCalendar]) -> Sequence[Calendar]:
        """See `SyncStore`."""
        self._assert_writer()
        before = {calendar.id: calendar.tzid for calendar in self.calendars(account)}
        gone = self.ledger.list_calendars(account, found)
        if gone:
            self.cache.drop(gone)
        after = self.calendars(account)
        moved = {calendar.id for calendar in after if before.get(calendar.id, calendar.tzid) != calendar.tzid}
        if moved:
            self.cache.rebuild({id: book for id, book in self.books().items() if id in moved}, self._clock(), all=True)
        return after

    def expect(self, weight: int) -> None:
        """See `SyncStore`."""
        if self._beside is not None and weight >= _MUCH:
            self._beside.begin()

    def foresee(self, pages: Sequence[tuple[CalendarId, Sequence[Resource]]]) -> None:
        """See `SyncStore`."""
        books = self.books()
        self.cache.foresee([(books[id], resources) for id, resources in pages if id in books], self._clock())

    def token(self, calendar: CalendarId) -> SyncToken | None:
        """See `SyncStore`."""
        return self.cache.token(calendar)

    def known(self, calendar: CalendarId) -> Mapping[Href, ETag | None]:
        """See `SyncStore`."""
        return self.cache.known(calendar)

    def apply(self, calendar: CalendarId, page: Delta, keep: Collection[Href] | None = None) -> Applied:
        """See `SyncStore`."""
        self._assert_writer()
        return self.cache.apply(self.books()[calendar], page, keep, self._clock())

    def forget_token(self, calendar: CalendarId) -> None:
        """See `SyncStore`."""
        self._assert_writer()
        self.cache.forget_token(calendar)

    def status(self, of: AccountId | CalendarId) -> SourceStatus | None:
        """See `SyncStore`."""
        return self.first.statuses().get(of)

    def set_status(self, of: AccountId | CalendarId, status: SourceStatus) -> None:
        """See `SyncStore`."""
        self._assert_writer()
        self.cache.set_status(of, status)

    def outbox(self, account: AccountId, now: int) -> Sequence[PendingWrite]:
        """See `SyncStore`."""
        return self.box.due(account, now)

    def sending(self, write: int) -> PendingWrite | None:
        """See `SyncStore`."""
        return self.box.sending(write)

    def sent(self, write: int, resource: Resource | None) -> None:
        """See `SyncStore`. The cache goes first: a crash in between sends again, which changes nothing."""
        self._assert_writer()
        pending = next((one for one in self.first.pending() if one.id == write), None)
        if pending is not None:
            page = Delta(upserts=(resource,) if resource else (), removals=() if resource else (pending.href,), last=False)
            self.cache.apply(self.books()[pending.calendar], page, None, self._clock())
        self.box.sent(write, resource)

    def postpone(self, write: int, not_before: int, reason: str) -> None:
        """See `SyncStore`."""
        self.box.postpone(write, not_before, reason)

    def refuse(self, write: int, reason: str) -> None:
        """See `SyncStore`."""
        self.box.refuse(write, reason)

    def conflict(self, write: int, theirs: Resource | None) -> None:
        """See `SyncStore`."""
        self._assert_writer()
        pending = next((one for one in self.first.pending() if one.id == write), None)
        if pending is not None:
            page = Delta(upserts=(theirs,) if theirs else (), removals=() if theirs else (pending.href,), last=False)
            self.cache.apply(self.books()[pending.calendar], page, None, self._clock())
        self.box.conflict(write, theirs)

    def housekeep(self) -> None:
        """See `SyncStore`."""
        self._assert_writer()
        books = self.books()
        accounts = {account.id for account in self.first.accounts()}
        self.cache.drop((self.cache.calendars() | self.first.statuses().keys()) - books.keys() - accounts)
        version = data_version()
        moved = self.cache.zone_data() != version  # a government changed its clocks: everything is computed anew
        self.cache.rebuild(books, self._clock(), all=moved)
        if moved:
            self.cache.set_zone_data(version)

    # --- Memory -----------------------------------------------------------------------------------------------------

    def version(self) -> tuple[int, ...]:
        """See `Memory`."""
        return self._versions.now()

    def pending(self) -> Sequence[Pending]:
        """See `Memory`."""
        return self.first.pending()

    def waiting(self) -> int:
        """See `Memory`."""
        return self.first.waiting()

    def books(self) -> dict[CalendarId, Book]:
        """What resources need to know of their calendar."""
        addresses = {account.id: account.address for account in self.first.accounts()}
        return {
            calendar.id: Book(calendar.id, calendar.tzid, (addresses.get(calendar.account_id) or "").lower() or None)
            for calendar in self.first.calendars()
        }

    def instances(
        self, low: int, high: int, zone: Zone, calendars: Collection[CalendarId], uids: Collection[str] | None = None
    ) -> list[Instance]:
        """See `Memory`."""
        return self.window.instances(low, high, zone, self._wanted(calendars), uids)

    def unanswered(self, low: int, high: int, zone: Zone, calendars: Collection[CalendarId]) -> set[str]:
        """See `Memory`."""
        return self.window.unanswered(low, high, zone, self._wanted(calendars))

    def busy(
        self,
        low: int,
        high: int,
        zone: Zone,
        calendars: Collection[CalendarId],
        rules: Mapping[CalendarId, Blocking],
        hidden: Collection[str] = (),
        apart: Collection[str] = (),
    ) -> tuple[list[Busy], list[Instance]]:
        """See `Memory`."""
        return self.window.busy(low, high, zone, self._wanted(calendars), rules, hidden, apart)

    def live(self, high: int, calendars: Collection[CalendarId]) -> list[Live]:
        """See `Memory`."""
        return self.window.live(high, self._wanted(calendars))

    def resource(self, key: str) -> tuple[CalendarId, Resource] | None:
        """See `Memory`."""
        return self.cache.resource(key)

    def resources(self, calendar: CalendarId) -> Iterator[Resource]:
        """See `Memory`."""
        return self.cache.resources(calendar)

    def search(self, words: str, most: int) -> list[tuple[str, CalendarId, str]]:
        """See `Memory`."""
        from calmerge_desktop.core.store import search

        return search.find(self._cache_engine, words, most)

    def statuses(self) -> dict[str, SourceStatus]:
        """See `Memory`."""
        return self.first.statuses()

    def counts(self) -> dict[CalendarId, int]:
        """See `Memory`."""
        return self.first.counts()

    def set_aside(self) -> list[SetAside]:
        """See `Memory`."""
        return self.first.set_aside()

    def add_account(self, account: Account) -> None:
        """See `Memory`."""
        self.ledger.add_account(account)

    def remove_account(self, account: AccountId) -> None:
        """See `Memory`. What the cache still holds of it is invisible at once and goes with `housekeep`."""
        self.ledger.remove_account(account)

    def _wanted(self, calendars: Collection[CalendarId]) -> dict[int, CalendarId]:
        wanted = set(calendars)
        return {id: calendar for id, calendar in self.window.books().items() if calendar in wanted}

    def _assert_writer(self) -> None:
        assert self._writer in (None, threading.get_ident()), "the cache is written by the sync thread only"

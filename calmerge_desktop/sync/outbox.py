"""Sending the person's edits. Every step may be repeated: after a crash the write is simply tried again.

A write goes out with If-Match on the version it was made on. When that version is gone, what is there now decides: if it is
ours, the write had already arrived; if it is the old text under a new ETag, we write again; else the person chooses.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from calmerge_desktop.core.errors import (
    BadData,
    Cancelled,
    EditConflict,
    Offline,
    RateLimited,
    SignInNeeded,
    TryLater,
    UserMustAct,
)
from calmerge_desktop.core.model import AccountId, CalendarId, ETag, Resource
from calmerge_desktop.core.ports import CalendarProvider, PendingWrite, Stop, SyncStore
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock
from calmerge_desktop.sync.counter import Counter
from calmerge_desktop.sync.sameness import same
from calmerge_desktop.sync.verdict import wait

_ROUNDS = 100
"""The outbox gives one write per href at a time; this many in a row and we leave the rest for the next visit."""


@dataclass(slots=True)
class Pushed:
    """What became of one calendar's writes."""

    sent: int = 0
    errors: list[str] = field(default_factory=list)


class Outbox:
    """One account's pending writes. Used on a worker; the store is asked through the counter."""

    def __init__(self, store: SyncStore, counter: Counter, clock: Clock, random: Random) -> None:
        self._store = store
        self._ask = counter.ask
        self._clock = clock
        self._random = random

    def push(self, account: AccountId, provider: CalendarProvider, stop: Stop) -> dict[CalendarId, Pushed]:
        """Send what is due. Raises what ends the whole visit: `SignInNeeded`, `Offline`, `RateLimited`, `Cancelled`."""
        done: dict[CalendarId, Pushed] = defaultdict(Pushed)
        for _round in range(_ROUNDS):
            rows = self._ask(self._store.outbox, account, self._clock())
            if not rows:
                break
            for row in rows:
                stop()
                self._send(row, provider, done[row.calendar])
        return dict(done)

    def _send(self, listed: PendingWrite, provider: CalendarProvider, done: Pushed) -> None:
        row = self._ask(self._store.sending, listed.id)
        if row is None:
            return  # taken back while others were sent
        try:
            try:
                self._sent(row, _write(row, provider, row.base, create=row.create), done)
            except EditConflict as error:
                self._settle(row, provider, done, error)
        except Cancelled:
            raise  # still in the outbox, still due
        except (TryLater, SignInNeeded) as error:
            asked = error.retry_after if isinstance(error, TryLater) else None
            self._ask(self._store.postpone, row.id, self._clock() + wait(row.tries, self._random, asked), error.message)
            done.errors.append(error.message)
            if isinstance(error, SignInNeeded | Offline | RateLimited):
                raise
        except (UserMustAct, BadData) as error:
            self._ask(self._store.refuse, row.id, error.message)
            done.errors.append(error.message)

    def _settle(self, row: PendingWrite, provider: CalendarProvider, done: Pushed, error: EditConflict) -> None:
        theirs = provider.fetch(row.remote_id, row.href)
        if same(theirs.ics if theirs else None, row.ics):
            self._sent(row, theirs, done)
        elif row.create and theirs is None:
            self._ask(self._store.refuse, row.id, error.message)
            done.errors.append(error.message)
        elif theirs and row.base_ics and same(theirs.ics, row.base_ics, exact=True):
            try:
                self._sent(row, _write(row, provider, theirs.etag, create=False), done)
            except EditConflict as again:
                self._conflict(row, provider.fetch(row.remote_id, row.href), done, again)
        else:
            self._conflict(row, theirs, done, error)

    def _sent(self, row: PendingWrite, now_there: Resource | None, done: Pushed) -> None:
        self._ask(self._store.sent, row.id, now_there)
        done.sent += 1

    def _conflict(self, row: PendingWrite, theirs: Resource | None, done: Pushed, error: EditConflict) -> None:
        self._ask(self._store.conflict, row.id, theirs)
        done.errors.append(error.message)


def _write(row: PendingWrite, provider: CalendarProvider, base: ETag | None, *, create: bool) -> Resource | None:
    """Carry out one write; what the provider holds afterwards, read back when it does not say."""
    if row.ics is None:
        provider.delete(row.remote_id, row.href, base=base)
        return None
    stored = provider.put(row.remote_id, Resource(href=row.href, ics=row.ics), base=base, create=create)
    if stored.etag is not None:
        return Resource(href=stored.href, ics=row.ics, etag=stored.etag)
    back = provider.fetch(row.remote_id, stored.href)
    if back is None:
        raise EditConflict(_("The event vanished right after it was sent."))
    return back

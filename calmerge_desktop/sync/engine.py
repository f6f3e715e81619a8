"""One complete synchronisation, now, on the calling thread: what `calmerge sync` does."""

from __future__ import annotations

import threading
from collections.abc import Collection
from random import Random

from calmerge_desktop.core.errors import Cancelled, UnknownId
from calmerge_desktop.core.model import Account, AccountId, SourceState, SourceStatus
from calmerge_desktop.core.ports import Listener, SyncStore
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock, now
from calmerge_desktop.sync.crew import PARALLEL, Crew
from calmerge_desktop.sync.results import AccountResult, CalendarResult, Task
from calmerge_desktop.sync.visit import OpenProvider

_TICK = 0.1
"""Seconds between two looks at the stop event."""


class SyncEngine:
    """Brings accounts up to date. Providers are made, used and closed on workers; the store only on the calling thread."""

    def __init__(
        self,
        store: SyncStore,
        open_provider: OpenProvider,
        clock: Clock = now,
        *,
        random: Random | None = None,
        parallel: int = PARALLEL,
    ) -> None:
        self._store = store
        self._open = open_provider
        self._clock = clock
        self._random = random or Random()  # noqa: S311  # spreads tries in time, guards nothing
        self._parallel = parallel

    def run_once(
        self, accounts: Collection[AccountId] | None, *, full: bool, stop: threading.Event, listener: Listener
    ) -> list[AccountResult]:
        """Visit these accounts, or all, and wait for the end, or for `stop` and then a few seconds at most.

        Expected failures are in the results, in the order of the accounts. Raises `UnknownId`; a bug in one account is
        raised after the others are done.
        """
        chosen = self._chosen(accounts)
        self._store.housekeep()
        crew = Crew(self._store, self._open, listener, clock=self._clock, random=self._random, parallel=self._parallel)
        done: dict[AccountId, AccountResult] = {}
        try:
            for account in chosen:
                crew.start(Task(account=account, full=full))
            while crew.busy and not stop.is_set():
                done.update({each.id: each for each in crew.serve(_TICK)})
        finally:
            done.update({each.id: each for each in crew.close()})
            listener.idle()
        for each in done.values():
            if each.fault:
                raise each.fault
        return [done.get(account.id) or self._unfinished(account) for account in chosen]

    def _chosen(self, accounts: Collection[AccountId] | None) -> list[Account]:
        found = list(self._store.accounts())
        if accounts is None:
            return found
        unknown = set(accounts) - {each.id for each in found}
        if unknown:
            raise UnknownId(_("There is no account {id}.").format(id=min(unknown)))
        return [each for each in found if each.id in accounts]

    def _unfinished(self, account: Account) -> AccountResult:
        """Stopped before it was done: its state is what it was."""
        never = SourceStatus(state=SourceState.BROKEN)
        error = Cancelled(_("Stopped."))
        return AccountResult(
            id=account.id,
            name=account.name,
            status=self._store.status(account.id) or never,
            calendars=tuple(
                CalendarResult(
                    id=each.id, name=each.name, status=self._store.status(each.id) or never, errors=(error.message,)
                )
                for each in self._store.calendars(account.id)
            ),
            error=error,
        )

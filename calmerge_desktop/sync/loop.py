"""The background work, forever: every account at its own pace, edits at once, and the person's word at any time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from random import Random

from calmerge_desktop.core.errors import CalmergeError, Cancelled, Damaged, SignInNeeded
from calmerge_desktop.core.model import Account, AccountId, SourceState
from calmerge_desktop.core.ports import Listener, SyncStore
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.core.when import DAY, Clock, now
from calmerge_desktop.sync.counter import Counter
from calmerge_desktop.sync.crew import Crew
from calmerge_desktop.sync.results import AccountResult, Task
from calmerge_desktop.sync.visit import OpenProvider

_TICK = 0.5
"""Seconds between two looks at the stop event, at most."""
_LOOK_AGAIN = 30
"""Seconds between two looks for new accounts and postponed edits that nobody announced."""
_FEED = (15 * 60, 7 * DAY)
"""A feed is read no more often and no more seldom than this, whatever it asks for."""

_AFTER_REFUSAL = 3600
"""A server that keeps being asked with a wrong password locks the account. A `wake` after the new sign-in comes at once."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Orders:
    """What other threads want; taken and emptied by the sync thread."""

    wake: dict[AccountId | None, bool] = field(default_factory=dict)
    """Account (None: all) and whether to read everything again."""
    push: bool = False
    cancel: bool = False


class SyncLoop:
    """`core.ports.SyncControl`, and the body of the sync thread."""

    def __init__(
        self,
        store: SyncStore,
        open_provider: OpenProvider,
        settings: Callable[[], Settings],
        clock: Clock = now,
        *,
        random: Random | None = None,
    ) -> None:
        self._store = store
        self._open = open_provider
        self._settings = settings
        self._clock = clock
        self._random = random or Random()  # noqa: S311  # spreads visits in time, guards nothing
        self._lock = threading.Lock()
        self._orders = _Orders()
        self._counter: Counter | None = None
        self._accounts: dict[AccountId, Account] = {}
        self._due: dict[AccountId, int] = {}
        self._failures: dict[AccountId, int] = {}
        self._listed: dict[AccountId, int] = {}
        self._pending: dict[AccountId, Task] = {}
        self._look_at = 0
        self._seen = 0

    def wake(self, accounts: Collection[AccountId] | None = None, *, full: bool = False) -> None:
        """Sync now: these accounts, or all. From any thread."""
        with self._lock:
            for each in [None] if accounts is None else accounts:
                self._orders.wake[each] = full or self._orders.wake.get(each, False)
        self._nudge()

    def push(self) -> None:
        """Something was put into the outbox: send it soon. From any thread."""
        with self._lock:
            self._orders.push = True
        self._nudge()

    def cancel(self) -> None:
        """Stop what runs. From any thread."""
        with self._lock:
            self._orders.cancel = True
        self._nudge()

    def run(self, stop: threading.Event, listener: Listener) -> None:
        """Work until `stop`, then end within a few seconds. The calling thread becomes the sync thread."""
        crew = Crew(self._store, self._open, listener, clock=self._clock, random=self._random)
        with self._lock:
            self._counter = crew.counter
        self._look_at = 0
        was_busy = True
        try:
            while not stop.is_set():
                self._mind_the_clock()
                self._obey(crew)
                self._start(crew)
                if was_busy and not crew.busy:
                    listener.idle()
                was_busy = crew.busy
                for result in crew.serve(_TICK):
                    self._plan(result)
        finally:
            with self._lock:
                self._counter = None
            crew.close()
            listener.idle()

    def _mind_the_clock(self) -> None:
        """A clock that was put back must not hold everything up for as long."""
        at = self._clock()
        if (back := self._seen - at) > _LOOK_AGAIN:
            self._due = {account: due - back for account, due in self._due.items()}
            self._listed = {account: listed - back for account, listed in self._listed.items()}
            self._look_at -= back
        self._seen = at

    def _obey(self, crew: Crew) -> None:
        with self._lock:
            orders, self._orders = self._orders, _Orders()
        if orders.cancel:
            self._pending.clear()
            for task in crew.cancel():
                self._due[task.account.id] = self._clock() + self._interval(task.account, None)
        if orders.wake or orders.push or self._clock() >= self._look_at:
            try:
                self._look(push=True)
            except Damaged:
                raise
            except CalmergeError as error:  # a full disk, a database in use: the next look finds it mended
                _log.warning("looking for work: %s", error.kind)
                self._look_at = self._clock() + _LOOK_AGAIN
        for wanted, full in orders.wake.items():
            for account in self._accounts.values() if wanted is None else [self._accounts.get(wanted)]:
                if account:
                    self._want(Task(account=account, full=full))

    def _look(self, *, push: bool) -> None:
        """Learn of accounts that came or went, and of edits that are due."""
        self._store.housekeep()
        found = {each.id: each for each in self._store.accounts()}
        for gone in self._accounts.keys() - found.keys():
            for table in (self._due, self._failures, self._listed, self._pending):
                table.pop(gone, None)
        self._accounts = found
        at = self._clock()
        for account in found.values():
            self._due.setdefault(account.id, at)
            if push and self._store.outbox(account.id, at):
                self._want(Task(account=account, pull=False))
        self._look_at = at + _LOOK_AGAIN

    def _want(self, task: Task) -> None:
        """Remember a visit; wishes for one account add up."""
        before = self._pending.get(task.account.id, task)
        self._pending[task.account.id] = Task(
            account=task.account,
            full=task.full or before.full,
            pull=task.pull or before.pull,
            reconcile=task.reconcile or before.reconcile,
        )

    def _start(self, crew: Crew) -> None:
        at = self._clock()
        for account_id, due in self._due.items():
            if due <= at and not crew.has(account_id):
                account = self._accounts[account_id]
                listed = self._listed.setdefault(account_id, at)
                self._want(Task(account=account, reconcile=account.provider == "caldav" and at - listed >= DAY))
        for account_id, task in list(self._pending.items()):
            if crew.has(account_id):
                continue  # a wish that came during a visit is met by the next one
            del self._pending[account_id]
            if task.pull:
                self._due[account_id] = at + self._interval(task.account, None)
            if task.reconcile:
                self._listed[account_id] = at
            crew.start(task, self._failures.get(account_id, 0))

    def _plan(self, result: AccountResult) -> None:
        """When to come back."""
        account = self._accounts.get(result.id)
        if result.fault:
            _log.error("visit %s failed", result.id, exc_info=result.fault)
        if account is None or not result.pulled:
            return
        if isinstance(result.error, Cancelled):
            self._due[result.id] = self._clock() + self._interval(account, None)
            return
        healthy = result.state is SourceState.FRESH
        self._failures[result.id] = 0 if healthy else self._failures.get(result.id, 0) + 1
        seconds = self._interval(account, result.poll_seconds)
        if isinstance(result.error, SignInNeeded):
            seconds = max(seconds, _AFTER_REFUSAL)
        self._due[result.id] = result.status.retry_at or self._clock() + seconds

    def _interval(self, account: Account, asked: int | None) -> int:
        """Seconds between two visits: what the source asks for, within reason, else the person's setting; ±10 %."""
        settings = self._settings()
        if "path" in account.config:
            seconds = settings.files_minutes * 60
        elif account.provider == "feed":
            seconds = asked or settings.feed_minutes * 60
            seconds = max(_FEED[0], min(seconds, _FEED[1])) if asked else seconds
        else:
            seconds = settings.caldav_minutes * 60
        return max(1, int(seconds * self._random.uniform(0.9, 1.1)))

    def _nudge(self) -> None:
        with self._lock:
            if self._counter:
                self._counter.nudge()

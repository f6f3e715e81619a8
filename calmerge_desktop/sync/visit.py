"""One visit to one account, on a worker thread of its own: list its calendars, send what waits, read what changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from calmerge_desktop.core.errors import (
    CalmergeError,
    Cancelled,
    Offline,
    RateLimited,
    SignInNeeded,
    SuspiciouslyEmpty,
    TryLater,
)
from calmerge_desktop.core.model import (
    Access,
    Account,
    AccountId,
    Calendar,
    CalendarId,
    Changed,
    Progress,
    RemoteCalendar,
    SourceState,
    SourceStatus,
)
from calmerge_desktop.core.ports import CalendarProvider, KnowsItself, Listener, SyncStore
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock
from calmerge_desktop.sync.abilities import Interruptible, OneCalendar, Unsettling, Weighs
from calmerge_desktop.sync.counter import Counter
from calmerge_desktop.sync.foresight import Foresight
from calmerge_desktop.sync.outbox import Outbox, Pushed
from calmerge_desktop.sync.pull import Counts, Pull
from calmerge_desktop.sync.results import AccountResult, CalendarResult, Task
from calmerge_desktop.sync.verdict import failed, fresh, wait, worst

OpenProvider = Callable[[Account], CalendarProvider]
_WHOLE_ACCOUNT = (SignInNeeded, Offline, RateLimited, Cancelled)
"""Failures that the account's other calendars would only repeat."""
_NOTHING = (Access.GONE, Access.FREEBUSY)
"""Calendars of which no event is read."""
_NEVER_READ = SourceStatus(state=SourceState.BROKEN)


class Visit:
    """Made on the sync thread, run on a worker, cancelled from anywhere."""

    def __init__(
        self,
        task: Task,
        store: SyncStore,
        counter: Counter,
        open_provider: OpenProvider,
        listener: Listener,
        *,
        clock: Clock,
        random: Random,
        failures: int,
    ) -> None:
        self.task = task
        self._store = store
        self._counter = counter
        self._ask = counter.ask
        self._open = open_provider
        self._listener = listener
        self._clock = clock
        self._random = random
        self._failures = failures
        self._outbox = Outbox(store, counter, clock, random)
        self._pull = Pull(task, store, counter, listener)
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._provider: CalendarProvider | None = None
        self._results: dict[CalendarId, CalendarResult] = {}

    def cancel(self) -> None:
        """Stop soon, also when a server is silent. From any thread."""
        self._stopped.set()
        with self._lock:
            held: object = self._provider
        if isinstance(held, Interruptible):
            held.interrupt()

    def run(self) -> AccountResult:
        """The whole visit. Expected failures are in the result and in the stored states; nothing is raised but bugs."""
        account = self.task.account
        try:
            provider = self._open(account)
            with self._lock:
                self._provider = provider
            try:
                return self._work(provider)
            finally:
                with self._lock:
                    self._provider = None
                provider.close()
        except CalmergeError as error:
            return self._failed(error)

    def _work(self, provider: CalendarProvider) -> AccountResult:
        account = self.task.account
        self._stop()
        begun = Progress(account=account.id, calendar=None, name=account.name, done=0, total=None, step=0, steps=0)
        self._ask(self._listener.progress, begun)
        calendars = self._calendars(provider) if self.task.pull else self._ask(self._store.calendars, account.id)
        pushed = self._outbox.push(account.id, provider, self._stop)
        if any(each.sent or each.errors for each in pushed.values()):
            self._ask(self._listener.changed, Changed(calendars=frozenset(pushed)))
        if not self.task.pull:
            return self._sent_only(calendars, pushed)
        never = [each for each in calendars if each.access not in _NOTHING and not self._was_read(each)]
        foresight = Foresight(provider, never, self._store, self._counter, self._stop)
        foresight.look()
        for step, calendar in enumerate(calendars, 1):
            self._stop()
            place = (step, len(calendars))
            done = pushed.get(calendar.id, Pushed())
            self._results[calendar.id] = self._calendar(provider, calendar, place, done, foresight)
            foresight.ended(calendar.id)
        status = worst(each.status for each in self._results.values()) or fresh(self._clock())
        self._ask(self._tell, account.id, status)
        asks = [provider.poll_seconds(each.remote_id) for each in calendars if each.access is not Access.GONE]
        return AccountResult(
            id=account.id,
            name=account.name,
            status=status,
            calendars=tuple(self._results.values()),
            poll_seconds=min((each for each in asks if each), default=None),
        )

    def _calendars(self, provider: CalendarProvider) -> Sequence[Calendar]:
        account = self.task.account
        stored = self._ask(self._store.calendars, account.id)
        if stored and not self.task.full and isinstance(provider, OneCalendar) and provider.single:
            return stored
        if isinstance(provider, Weighs) and not any(self._was_read(each) for each in stored):
            self._ask(self._store.expect, provider.weight())
        found = provider.calendars(self._stop)
        listed = {each.remote_id for each in found}
        if isinstance(provider, Unsettling):
            found += [
                _as_it_was(each)
                for each in stored
                if each.access is not Access.GONE and each.remote_id not in listed and provider.unsettled(each.remote_id)
            ]
        known = [each for each in stored if each.access is not Access.GONE]
        if known and not found and not self.task.full:
            raise SuspiciouslyEmpty(
                _("All calendars of “{name}” are gone. They are kept here.").format(name=account.name),
                hint=_("If that is right, read the account again completely."),
            )
        if isinstance(provider, KnowsItself):
            self._ask(self._store.learn, account.id, provider.itself(self._stop))
        return self._ask(self._take_calendars, stored, found)

    def _was_read(self, calendar: Calendar) -> bool:
        return self._ask(self._store.status, calendar.id) is not None

    def _take_calendars(self, before: Sequence[Calendar], found: Sequence[RemoteCalendar]) -> Sequence[Calendar]:
        """On the sync thread."""
        after = self._store.list_calendars(self.task.account.id, found)
        if list(after) != list(before):
            ids = frozenset(each.id for each in (*before, *after))
            self._listener.changed(Changed(calendars=ids, accounts=True))
        return after

    def _calendar(
        self,
        provider: CalendarProvider,
        calendar: Calendar,
        place: tuple[int, int],
        pushed: Pushed,
        foresight: Foresight,
    ) -> CalendarResult:
        """Read one calendar; a failure of its own stays its own."""
        counts = Counts()
        errors = list(pushed.errors)
        try:
            if calendar.access is Access.GONE:
                errors.append(_waits(calendar))
            elif calendar.access not in _NOTHING:
                counts = self._pull.read(provider, calendar, place, foresight, self._stop)
            status = fresh(self._clock())
        except _WHOLE_ACCOUNT:
            raise
        except CalmergeError as error:
            errors.append(error.message)
            before = self._ask(self._store.status, calendar.id)
            status = failed(error, before, self._retry_at(error)) or before or _NEVER_READ
        self._ask(self._tell, calendar.id, status)
        return CalendarResult(
            id=calendar.id,
            name=calendar.name,
            status=status,
            added=counts.added,
            updated=counts.updated,
            removed=counts.removed,
            pushed=pushed.sent,
            set_aside=counts.set_aside,
            errors=tuple(errors),
        )

    def _sent_only(self, calendars: Sequence[Calendar], pushed: dict[CalendarId, Pushed]) -> AccountResult:
        account = self.task.account
        results = []
        for each in calendars:
            status = self._ask(self._store.status, each.id) or _NEVER_READ
            done = pushed.get(each.id, Pushed())
            results.append(
                CalendarResult(id=each.id, name=each.name, status=status, pushed=done.sent, errors=tuple(done.errors))
            )
        status = self._ask(self._store.status, account.id) or _NEVER_READ
        return AccountResult(id=account.id, name=account.name, status=status, calendars=tuple(results), pulled=False)

    def _failed(self, error: CalmergeError) -> AccountResult:
        """The whole account: its calendars are as old as they are, and say why. Calendars already read are not touched."""
        account = self.task.account
        retry_at = self._retry_at(error)
        results = list(self._results.values())
        for each in self._ask(self._store.calendars, account.id):
            if each.id in self._results:
                continue
            earlier = self._ask(self._store.status, each.id)
            status = failed(error, earlier, retry_at)
            if status:
                self._ask(self._tell, each.id, status)
            shown = status or earlier or _NEVER_READ
            results.append(CalendarResult(id=each.id, name=each.name, status=shown, errors=(error.message,)))
        before = self._ask(self._store.status, account.id)
        after = failed(error, before, retry_at)
        if after:
            self._ask(self._tell, account.id, after)
        status = after or before or replace(_NEVER_READ, reason=error.message, kind=error.kind)
        return AccountResult(id=account.id, name=account.name, status=status, calendars=tuple(results), error=error)

    def _retry_at(self, error: CalmergeError) -> int | None:
        if not isinstance(error, TryLater):
            return None
        return self._clock() + wait(self._failures, self._random, error.retry_after)

    def _tell(self, of: AccountId | CalendarId, status: SourceStatus) -> None:
        """On the sync thread."""
        self._store.set_status(of, status)
        self._listener.changed(Changed(calendars=frozenset(), accounts=True))

    def _stop(self) -> None:
        if self._stopped.is_set():
            raise Cancelled(_("Stopped."))


def _waits(calendar: Calendar) -> str:
    said = _("“{name}” is gone at the provider. What you changed in it waits for your word.")
    return said.format(name=calendar.name)


def _as_it_was(calendar: Calendar) -> RemoteCalendar:
    return RemoteCalendar(
        remote_id=calendar.remote_id,
        name=calendar.name,
        access=calendar.access,
        color=calendar.color,
        tzid=calendar.tzid,
        url=calendar.url,
    )

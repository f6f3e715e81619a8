"""The workers of a synchronisation: one thread a visit, a few at a time, so that a dead server delays nobody else."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from contextlib import suppress
from random import Random

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import AccountId, SourceState, SourceStatus
from calmerge_desktop.core.ports import Listener, SyncStore
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock
from calmerge_desktop.sync.counter import Counter
from calmerge_desktop.sync.results import AccountResult, Task
from calmerge_desktop.sync.visit import OpenProvider, Visit

PARALLEL = 8
"""Accounts visited at the same time."""
PATIENCE = 4.0
"""Seconds a cancelled visit may take to end; a thread that still hangs then is left to the end of the process."""

_log = logging.getLogger(__name__)


class Crew:
    """Used on the sync thread only, apart from `counter.nudge`."""

    def __init__(
        self,
        store: SyncStore,
        open_provider: OpenProvider,
        listener: Listener,
        *,
        clock: Clock,
        random: Random,
        parallel: int = PARALLEL,
    ) -> None:
        self.counter = Counter()
        self._store = store
        self._open = open_provider
        self._listener = listener
        self._clock = clock
        self._random = random
        self._parallel = parallel
        self._waiting: deque[tuple[Task, int]] = deque()
        self._running: dict[AccountId, Visit] = {}
        self._finished: list[AccountResult] = []

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits to run."""
        return bool(self._running or self._waiting)

    def has(self, account: AccountId) -> bool:
        """Whether the account is being visited or waits for it."""
        return account in self._running or any(task.account.id == account for task, _failures in self._waiting)

    def start(self, task: Task, failures: int = 0) -> None:
        """Visit an account as soon as a place is free; `failures` in a row so far stretch the time to the next try."""
        self._waiting.append((task, failures))
        self._fill()

    def serve(self, seconds: float) -> list[AccountResult]:
        """Work for the visits for a moment; the visits that ended meanwhile."""
        self.counter.serve(seconds)
        finished, self._finished = self._finished, []
        return finished

    def cancel(self) -> list[Task]:
        """Stop all visits soon; those that had not begun are returned and will not."""
        dropped = [task for task, _failures in self._waiting]
        self._waiting.clear()
        for visit in self._running.values():
            visit.cancel()
        return dropped

    def close(self) -> list[AccountResult]:
        """Cancel everything, wait a moment for it, and stop serving; results of visits that ended."""
        self.cancel()
        deadline = time.monotonic() + PATIENCE
        finished: list[AccountResult] = []
        while self._running and time.monotonic() < deadline:
            finished += self.serve(0.05)
        self.counter.close()
        return finished

    def _fill(self) -> None:
        while self._waiting and len(self._running) < self._parallel:
            task, failures = self._waiting.popleft()
            visit = Visit(
                task,
                self._store,
                self.counter,
                self._open,
                self._listener,
                clock=self._clock,
                random=self._random,
                failures=failures,
            )
            self._running[task.account.id] = visit
            # A daemon: a name lookup that hangs cannot be interrupted and must not keep the program alive.
            threading.Thread(target=self._work, args=(visit,), name=f"visit-{task.account.id}", daemon=True).start()

    def _work(self, visit: Visit) -> None:
        """On the worker."""
        started = time.monotonic()
        try:
            result = visit.run()
        except CalmergeError as error:  # also what the store says: a full disk
            result = _ended(visit.task, error)
        except Exception as error:  # noqa: BLE001  # a bug in one adapter: shown, logged or raised by the caller, others go on
            result = _ended(visit.task, error)
        read = sum(each.added + each.updated for each in result.calendars)
        gone = sum(each.removed for each in result.calendars)
        _log.info(
            "visit %s: %s, %d read, %d gone, %d sent, %d ms",
            visit.task.account.id,
            result.error.kind if result.error else "done",
            read,
            gone,
            sum(each.pushed for each in result.calendars),
            (time.monotonic() - started) * 1000,
        )
        self.counter.post(lambda: self._finish(result))

    def _finish(self, result: AccountResult) -> None:
        """On the sync thread."""
        self._running.pop(result.id, None)
        self._finished.append(result)
        if result.fault:
            with suppress(CalmergeError):  # the result says it too
                self._store.set_status(result.id, result.status)
        self._fill()


def _ended(task: Task, error: Exception) -> AccountResult:
    status = SourceStatus(state=SourceState.BROKEN, reason=_("A fault of this program; the log says more."), kind="bug")
    if isinstance(error, CalmergeError):
        status = SourceStatus(state=SourceState.BROKEN, reason=error.message, kind=error.kind)
        return AccountResult(id=task.account.id, name=task.account.name, status=status, error=error)
    return AccountResult(id=task.account.id, name=task.account.name, status=status, fault=error)

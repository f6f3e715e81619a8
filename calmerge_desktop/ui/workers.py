"""The only threads of the window: queries that must not block a paint, and the one background synchronisation.

The GUI thread asks and goes on; the answer arrives on the GUI thread later, and only while the asking object lives.
"""

from __future__ import annotations

import logging
import queue
import threading
import traceback
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QThread, Signal, Slot

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import Changed, Progress
from calmerge_desktop.core.ports import Listener, SyncControl
from calmerge_desktop.core.records import dataclass

log = logging.getLogger(__name__)
T = TypeVar("T")
Failed = Callable[[CalmergeError], None]

_JOIN_SECONDS = 2.0
_QUIT_MILLISECONDS = 5_000


class SyncLoop(SyncControl, Protocol):
    """The background work: steered like any `SyncControl`, and run by one thread until told to stop."""

    def run(self, stop: threading.Event, listener: Listener) -> None:
        """Synchronise until `stop` is set. Called once, on the sync thread; the listener is called on that thread too."""


@dataclass(slots=True)
class _Job:
    """One question on its way: asked on the GUI thread, answered on a lane, delivered on the GUI thread."""

    fn: Callable[[], Any]
    then: Callable[[Any], None]
    failed: Failed | None
    owner: QObject | None
    answer: Any = None
    error: Exception | None = None


class _Lane:
    """A few daemon threads that take jobs in order."""

    def __init__(self, name: str, threads: int, done: Callable[[_Job], None]) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._done = done
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, job: _Job) -> None:
        self._jobs.put(job)

    def close(self) -> None:
        """Let running work end; daemon threads that hang in the network do not hold up the end of the program."""
        for _thread in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(_JOIN_SECONDS)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job.answer = job.fn()
            except Exception as error:  # noqa: BLE001 - sorted on the GUI thread: the person's, or a bug to be shown
                job.error = error
            self._done(job)


class QueryRunner(QObject):
    """Asks the desk off the GUI thread. One thread is reserved for quick queries, two carry slow things."""

    broke = Signal()
    """A question ended in a bug; it is in the log, and the window says one sentence about it."""
    _arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answers: deque[_Job] = deque()
        self._closed = False
        self._open = 0
        self._quick = _Lane("calmerge-query", 1, self._finished)
        self._slow = _Lane("calmerge-slow", 2, self._finished)
        self._arrived.connect(self._deliver)

    def ask(
        self,
        fn: Callable[[], T],
        then: Callable[[T], None],
        failed: Failed | None = None,
        *,
        owner: QObject | None = None,
        slow: bool = False,
    ) -> None:
        """Run `fn` off the GUI thread and give its result to `then`, or its `CalmergeError` to `failed`.

        Nothing is called once the asking object is gone: `owner`, else the object `then` is a method of. `slow` is for
        whatever talks to the network, so that it never stands in the way of a query for the week.
        """
        if self._closed:
            return
        asking = owner if owner is not None else getattr(then, "__self__", None)
        job = _Job(fn, then, failed, asking if isinstance(asking, QObject) else None)
        self._open += 1
        (self._slow if slow else self._quick).put(job)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._open > 0

    def close(self) -> None:
        """Answer nothing any more and end the threads."""
        self._closed = True
        self._quick.close()
        self._slow.close()

    def _finished(self, job: _Job) -> None:
        self._answers.append(job)
        if not self._closed and shiboken6.isValid(self):
            self._arrived.emit()

    @Slot()
    def _deliver(self) -> None:
        while self._answers:
            job = self._answers.popleft()
            self._open -= 1
            if self._closed or (job.owner is not None and not shiboken6.isValid(job.owner)):
                continue
            if job.error is None:
                job.then(job.answer)
            elif isinstance(job.error, CalmergeError):
                if job.failed is not None:
                    job.failed(job.error)
                else:
                    log.info("a query failed: %s", job.error.kind)
            else:
                log_bug(job.error)
                self.broke.emit()


class SyncThread(QThread):
    """Runs the sync loop; its news arrive as queued signals."""

    changed = Signal(object)
    """`Changed`"""
    progress = Signal(object)
    """`Progress`"""
    idle = Signal()
    mailed = Signal(object)
    """`MailNews`"""
    broke = Signal()

    def __init__(self, loop: SyncLoop, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop = loop
        self._stop = threading.Event()

    def run(self) -> None:
        """The thread's whole life."""
        try:
            listener = Listener(
                changed=self._on_changed, progress=self._on_progress, idle=self._on_idle, mailed=self.mailed.emit
            )
            self._loop.run(self._stop, listener)
        except CalmergeError as error:
            log.warning("synchronisation ended: %s", error.kind)
        except Exception as error:  # noqa: BLE001 - a bug in the background is shown, not swallowed with its thread
            log_bug(error)
            self.broke.emit()

    def quit_cleanly(self) -> bool:
        """Ask the loop to stop and wait up to five seconds; whether it stopped."""
        self._stop.set()
        self._loop.cancel()
        if not self.isRunning():
            return True
        return self.wait(_QUIT_MILLISECONDS)

    def _on_changed(self, news: Changed) -> None:
        self.changed.emit(news)

    def _on_progress(self, news: Progress) -> None:
        self.progress.emit(news)

    def _on_idle(self) -> None:
        self.idle.emit()


def log_bug(error: BaseException) -> None:
    """Type and places of an unexpected failure, without its values: those may hold what is private."""
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("unexpected %s\n%s", type(error).__name__, places)

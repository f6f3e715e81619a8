"""The counter between workers and the sync thread: workers hand in small jobs, the sync thread does them one by one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ParamSpec, TypeVar

from calmerge_desktop.core.errors import Cancelled
from calmerge_desktop.core.texts import _

P = ParamSpec("P")
T = TypeVar("T")
_Job = tuple["Future[Any]", Callable[[], Any]]


class Counter:
    """Made and served on the sync thread, so that whatever is asked here runs on that one thread."""

    def __init__(self) -> None:
        self._owner = threading.get_ident()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False

    def ask(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Have `call` done on the sync thread and wait for its result or exception. Raises `Cancelled` after `close`."""
        assert threading.get_ident() != self._owner, "the sync thread would wait for itself"
        return self._hand_in(lambda: call(*args, **kwargs)).result()

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` done on the sync thread, without waiting; dropped after `close`."""
        self._hand_in(call)

    def nudge(self) -> None:
        """End a running `serve` early. From any thread."""
        self._jobs.put(None)

    def serve(self, seconds: float) -> None:
        """Do the jobs that wait; if there is none, wait up to `seconds` for one."""
        assert threading.get_ident() == self._owner, "only the sync thread may touch the store"
        try:
            job = self._jobs.get(timeout=seconds)
            while True:
                if job:
                    _do(*job)
                job = self._jobs.get_nowait()
        except queue.Empty:
            return

    def close(self) -> None:
        """Nobody serves any more: what waits, and whoever asks later, gets `Cancelled`."""
        with self._lock:
            self._closed = True
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job:
                job[0].set_exception(Cancelled(_("Stopped.")))

    def _hand_in(self, call: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                future.set_exception(Cancelled(_("Stopped.")))
            else:
                self._jobs.put((future, call))
        return future


def _do(future: Future[Any], call: Callable[[], Any]) -> None:
    try:
        future.set_result(call())
    except BaseException as error:
        future.set_exception(error)  # raised again where it was asked for
        if not isinstance(error, Exception):
            raise

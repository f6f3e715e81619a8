"""What the GUI thread did in its long holds: `python benchmarks/ours/hold.py DATA OUT 0 0 0 0 --why FILE`.

For each hold over 8 ms its length, what of it the thread computed, and how often it gave the processor away by itself (it
waited: for the interpreter, a lock, the disk) or had it taken away; and where all threads stood after about 8 ms of it. The
rest of a hold is time in which the system ran something else, or another thread kept the interpreter.
"""

from __future__ import annotations

import faulthandler
import resource
import sys
import time
from pathlib import Path

_LONG = 0.008
_ARMED = 0.002
"""The watch is set anew no more often than this: it costs as much as a beat."""


class Why:
    """Told of each beat on the GUI thread. The watch is a thread of C, which needs no interpreter."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._armed = self._last = time.perf_counter()
        self._used = _used()
        self._arm()

    def beat(self, now: float, wait: float) -> None:
        """A beat came `wait` seconds late."""
        used = _used()
        if wait > _LONG:
            cpu, own, taken = (after - before for before, after in zip(self._used, used, strict=True))
            self._file.flush()
            self._file.write(
                f"\n=== held {wait * 1000:.1f} ms, computed {cpu * 1000:.1f} ms, waited {own}, interrupted {taken}\n\n"
            )
            self._file.flush()
        self._used = used
        if now - self._armed > _ARMED:
            self._armed = now
            self._arm()

    def end(self) -> None:
        """No more beats."""
        faulthandler.cancel_dump_traceback_later()
        self._file.close()

    def _arm(self) -> None:
        faulthandler.dump_traceback_later(_LONG, file=self._file)


def _used() -> tuple[float, int, int]:
    if sys.platform != "linux":
        return time.thread_time(), 0, 0
    own = resource.getrusage(resource.RUSAGE_THREAD)
    return time.thread_time(), own.ru_nvcsw, own.ru_nivcsw

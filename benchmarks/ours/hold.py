"""How long the GUI thread is held while everything arrives: the real window and sync loop, and a faked provider.

A timer fires every millisecond on the GUI thread; the time between two of its calls, less that millisecond, is how long a
key press would have waited. `hold` is the longest, `hold_p99` the 99th in a hundred, `hold_quiet` the longest when idle.
With `--why FILE` behind the usual arguments the file tells what happened in the long ones.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from calmerge_desktop import __version__
from calmerge_desktop.app.background import Background
from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core.model import Account, AccountId
from calmerge_desktop.sync.loop import SyncLoop
from calmerge_desktop.ui.collector import Collector
from calmerge_desktop.ui.start import application, listen, make_window, share_fairly
from calmerge_desktop.ui.workers import SyncThread
from PySide6.QtCore import QEventLoop, Qt, QTimer

from benchmarks.ours.faked import FakedProvider
from benchmarks.ours.profile import MOMENT
from benchmarks.ours.why import Why
from benchmarks.peers.protocol import Job, report

_TICK = 0.001
_MOST_SECONDS = 600.0


class Pulse:
    """The timer that feels whether the GUI thread is free."""

    def __init__(self, why: Why | None = None) -> None:
        self.waits: list[float] = []
        self._why = why
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(1)

    def _beat(self) -> None:
        now = time.perf_counter()
        wait = max(0.0, now - self._last - _TICK)
        self.waits.append(wait)
        if self._why is not None:
            self._why.beat(now, wait)
        self._last = time.perf_counter() if self._why is not None else now


def main() -> None:
    """See `peers.protocol`."""
    job = Job.given()
    import gc

    home = job.out / "hold"
    shutil.rmtree(home, ignore_errors=True)
    provider = FakedProvider(job.data)
    gc.collect()
    gc.freeze()  # what the provider holds would be on a server
    share_fairly()  # as the program's own start does
    app = application("light")
    _collector = Collector(app)
    profile = Profile.open(str(home), clock=lambda: MOMENT)
    profile.store.add_account(Account(id=AccountId("a-bench"), provider="feed", name="Bench"))
    settings = replace(profile.settings, zone="UTC")
    synced = SyncLoop(profile.store, lambda _account: provider, lambda: settings, lambda: MOMENT)
    profile.sync_loop = lambda: synced  # type: ignore[method-assign]  # the fake stands in for the network
    loop = Background(profile)
    window = make_window(profile.desk, loop, settings, lambda _s: None, clock=lambda: MOMENT, today=date(2026, 3, 24))
    window.show()
    for _ in range(50):
        app.processEvents()
        time.sleep(0.01)
    quiet = Pulse()
    waiting = QEventLoop()  # to quit the application would close its window, and nothing would be painted from then on
    QTimer.singleShot(1500, waiting.quit)
    waiting.exec()
    idle = max(quiet.waits[20:])
    del quiet
    thread = SyncThread(loop)
    listen(window, thread)
    worked: list[bool] = []
    thread.progress.connect(lambda _p: worked.append(True))
    arriving = QEventLoop()
    thread.idle.connect(lambda: arriving.quit() if worked else None)
    QTimer.singleShot(int(_MOST_SECONDS * 1000), arriving.quit)
    why = Why(Path(sys.argv[sys.argv.index("--why") + 1])) if "--why" in sys.argv else None
    pulse = Pulse(why)
    begin = time.perf_counter()
    thread.start()
    arriving.exec()
    taken = time.perf_counter() - begin
    assert window.isVisible()
    if why is not None:
        why.end()
    waits = sorted(pulse.waits)
    held = sum(one for one in waits if one > 0.016)
    report(
        __version__,
        {"hold": waits[-1], "hold_p99": waits[int(len(waits) * 0.99)], "hold_quiet": idle, "hold_arrival": taken},
        over_16_ms=sum(one > 0.016 for one in waits),
        beats=len(waits),
        held_share=held / taken,
        resources=sum(profile.store.counts().values()),
    )
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()

"""From the start of the process to the painted week: the real door (`calmerge --home DIR`), left as soon as all is known.

`--home` is the first argument. Prints `painted` when the first frame with the week's events and the accounts is on screen
(the program itself begins then what it has put off), then its memory at that moment; then, when also what was put off is
there, `ready` and its memory, and ends.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> None:
    """Run the program with two things held fast: the day it opens on, and that it goes when everything is known."""
    from calmerge_desktop.app.program import Program

    real_run = Program.run_window

    def run_window(self: Program, home: str | None, *, demo: bool) -> int:
        import gc

        gc.disable()  # as its first line does
        _follow()
        return real_run(self, home, demo=demo)

    Program.run_window = run_window  # type: ignore[method-assign]  # followed, not changed
    sys.argv = ["calmerge", "--home", sys.argv[1]]
    from calmerge_desktop.__main__ import main as door

    door()


def _follow() -> None:
    from calmerge_desktop.ui import start

    real_window, real_make = start.run_window, start.make_window

    def make_window(*args: Any, **kwargs: Any) -> Any:
        window = real_make(*args, **(kwargs | {"kept": None}))
        window.settled.connect(lambda: _painted(window))
        window.ready.connect(_ready)
        return window

    def run_window(*args: Any, **kwargs: Any) -> int:
        return real_window(*args, **(kwargs | {"today": date(2026, 3, 24)}))

    start.make_window = make_window
    start.run_window = run_window


def _painted(window: Any) -> None:
    if window.model.week is None or not window.model.week.blocks or not window.session.known:
        print("nothing is painted", flush=True)
        os._exit(1)
    print("painted", flush=True)
    _memory()


def _ready() -> None:
    print("ready", flush=True)
    _memory()
    os._exit(0)


def _memory() -> None:
    from benchmarks.peers.protocol import peak_kb

    print(peak_kb(), flush=True)


if __name__ == "__main__":
    main()

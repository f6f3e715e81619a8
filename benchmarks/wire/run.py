"""`python -m benchmarks.wire.run [--rounds 5] [--google 20000] [--caldav 5000]`: writes docs/throughput.md.

Each round starts the server anew, and every engine once, in turned order, in a process of its own: first sync, then the sync
that finds 20 changes made meanwhile. Figures are medians of the rounds' ratios with their range.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.places import ROOT, peer_python
from benchmarks.report import machine

CHANGES = 20
_PAGE = ROOT / "docs" / "throughput.md"
_HOW = """\
Real HTTP on loopback, the server in a process of its own (Google: the project's own fake, held to Google's contract;
CalDAV: Radicale). CalMerge reads, checks, expands and indexes every event into its searchable store; gcal_sync keeps the
JSON in one file; vdirsyncer keeps one file an event and a status database, and its
figures hold the start of its program, about half a second. A ratio above 1 means that CalMerge is faster.
Every engine must take every event, and then exactly the changed ones, or the run stops. An idle sync of 12 calendars is 13
requests: one a calendar, and the list.
"""


class Engine(NamedTuple):
    """One competitor."""

    name: str
    python: str
    module: str


ENGINES = {
    "google": (Engine("CalMerge", sys.executable, "calmerge"), Engine("gcal_sync", str(peer_python()), "gcal")),
    "caldav": (Engine("CalMerge", sys.executable, "calmerge"), Engine("vdirsyncer", str(peer_python()), "vdir")),
}


class Talk:
    """A process that answers a line for a line."""

    def __init__(self, command: list[str]) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=environment)

    def hear(self) -> str:
        """The next line."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("a benchmark process ended without an answer")
        return line

    def say(self, line: str) -> str:
        """Ask, and hear."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self.hear()

    def end(self) -> None:
        """No more questions."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)


def one_round(kind: str, events: int, turn: int) -> dict[str, tuple[float, float]]:
    """Seconds of (first, next) by engine. Every engine must take every event, and then exactly the changed ones."""
    found: dict[str, tuple[float, float]] = {}
    engines = ENGINES[kind]
    folder = Path(tempfile.mkdtemp(prefix="calmerge-wire-"))
    server = Talk([sys.executable, "-m", "benchmarks.wire.servers", kind, str(folder / "server"), str(events)])
    facts = server.hear().strip()
    for number in range(len(engines)):
        engine = engines[(number + turn) % len(engines)]
        talk = Talk([engine.python, "-m", f"benchmarks.wire.{engine.module}", kind, facts, str(folder / engine.name)])
        first = json.loads(talk.hear())
        server.say(f"change {CHANGES}")
        again = json.loads(talk.say("again"))
        talk.end()
        assert first["taken"] == events, (engine.name, first)
        assert again["taken"] == CHANGES, (engine.name, again)
        found[engine.name] = (first["seconds"], again["seconds"])
    server.end()
    shutil.rmtree(folder, ignore_errors=True)
    return found


def table(kind: str, events: int, rounds: list[dict[str, tuple[float, float]]]) -> list[str]:
    """Rows of the page."""
    ours, peer = (each.name for each in ENGINES[kind])
    out = []
    for at, what in ((0, f"first sync of {events:,} events"), (1, f"sync that finds {CHANGES} changes")):
        mine = statistics.median(one[ours][at] for one in rounds)
        theirs = statistics.median(one[peer][at] for one in rounds)
        ratios = sorted(one[peer][at] / one[ours][at] for one in rounds)
        span = f"{statistics.median(ratios):.2f}x ({ratios[0]:.2f}–{ratios[-1]:.2f})"
        out.append(f"| {kind}: {what} | {mine:.2f} s | {peer}: {theirs:.2f} s | {span} |")
    return out


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--google", type=int, default=20_000)
    parser.add_argument("--caldav", type=int, default=5_000)
    given: Any = parser.parse_args()
    rows: list[str] = []
    for kind, events in (("google", given.google), ("caldav", given.caldav)):
        rounds = [one_round(kind, events, turn) for turn in range(given.rounds)]
        rows += table(kind, events, rounds)
        print(*rows[-2:], sep="\n", flush=True)
    written = (
        f"Written by `python -m benchmarks.wire.run` on {datetime.now(UTC):%Y-%m-%d}, {given.rounds} rounds. {machine()}."
    )
    head = ["# Throughput", "", written, "", "| what | CalMerge | beside | ratio (range) |", "| --- | --- | --- | --- |"]
    text = [*head, *rows, "", _HOW]
    _PAGE.write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Clocks and zones that move: put back a day, asleep for eight hours, and a government that changes its mind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from zoneinfo import TZPATH

import pytest

from calmerge_desktop.core.errors import DiskFull, Offline
from calmerge_desktop.core.model import Account, AccountId
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.sync.loop import SyncLoop
from tests.fakes import FakeProvider, FakeServer, FakeStore, Heard
from tests.faults import child
from tests.faults.calendars import calendar, event
from tests.faults.conftest import WEEK, Calmerge
from tests.provider_contract import ics

NOW = 1_795_000_000


class Running:
    """The loop on a thread, with a clock that the test sets."""

    def __init__(self) -> None:
        self.server = FakeServer()
        self.server.set("work", "one.ics", ics("one"))
        self.store = FakeStore(Account(id=AccountId("a"), provider="caldav", name="a"))
        self.now = NOW
        self.stop = threading.Event()
        self.loop = SyncLoop(
            self.store, lambda _account: FakeProvider(self.server), Settings, lambda: self.now, random=Random(1)
        )
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        self.store.handed_over()
        self.loop.run(self.stop, Heard().listener())

    def close(self) -> None:
        self.stop.set()
        self.thread.join(10)

    def visits(self) -> int:
        return self.server.closed


def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


@pytest.mark.parametrize("jump", [-86_400, 8 * 3600], ids=["put back a day", "asleep for eight hours"])
def test_the_clock_jumps(jump: int) -> None:
    """The next visit comes at its usual distance, not a day later; after a sleep it comes at once."""
    running = Running()
    try:
        until(lambda: running.visits() == 1)
        time.sleep(0.6)  # the loop has seen the clock
        running.now += jump
        time.sleep(1.2)
        if jump < 0:
            assert running.visits() == 1
            running.now += 6 * 60
        until(lambda: running.visits() == 2)
    finally:
        running.close()


def test_asleep_in_the_middle_of_a_read() -> None:
    """The connection is dead after waking up: the account is stale with its age, the next visit mends it."""
    running = Running()
    try:
        until(lambda: running.visits() == 1)
        running.server.fail["page"] = [Offline("The connection broke off.")]
        running.server.set("work", "two.ics", ics("two"))
        running.now += 8 * 3600
        until(lambda: running.visits() == 2)
        until(lambda: running.store.states["a"].state.value == "stale")
        assert running.store.states["a"].as_of == NOW
        running.now += 8 * 3600
        until(lambda: running.store.states["a"].state.value == "fresh")
        (held,) = running.store.resources.values()
        assert len(held) == 2
    finally:
        running.close()


def test_the_loop_outlives_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be written now is tried again; the loop does not end."""
    running = Running()
    try:
        until(lambda: running.visits() == 1)
        real, broken = running.store.housekeep, threading.Event()

        def full() -> None:
            broken.set()
            raise DiskFull("The disk is full.")

        monkeypatch.setattr(running.store, "housekeep", full)
        running.now += 600
        until(broken.is_set)
        monkeypatch.setattr(running.store, "housekeep", real)
        running.now += 600
        until(lambda: running.visits() >= 2)
        assert running.thread.is_alive()
    finally:
        running.close()


def _system_zones() -> Path | None:
    return next((Path(each) for each in TZPATH if (Path(each) / "Europe" / "Berlin").is_file()), None)


@pytest.mark.skipif(_system_zones() is None, reason="no zone files to change")
def test_new_zone_data(calmerge: Calmerge, tmp_path: Path) -> None:
    """Berlin moves to the clock of Tokyo: after the next sync everything stored stands at its new instant."""
    source = _system_zones()
    assert source is not None
    there = tmp_path / "there.ics"
    there.write_bytes(calendar(event("t", "t", start="DTSTART;TZID=Europe/Berlin:20261124T090000")))
    calmerge.ok("account", "add", "ics", str(there))
    changed = tmp_path / "zoneinfo"
    (changed / "Europe").mkdir(parents=True)
    shutil.copy(source / "Asia" / "Tokyo", changed / "Europe" / "Berlin")
    shutil.copy(source / "UTC", changed / "UTC")
    (changed / "tzdata.zi").write_text("# version 2099z\n")

    def start_in_utc(path: Path | None) -> str:
        environment = child.environment() | ({"PYTHONTZPATH": str(path)} if path else {})
        command = [sys.executable, "-m", "calmerge_desktop", "--home", str(calmerge.home)]
        assert subprocess.run([*command, "sync"], cwd=child.ROOT, env=environment).returncode == 0
        shown = subprocess.run(
            [*command, "agenda", *WEEK[:4], "--tz", "UTC", "--json"],
            cwd=child.ROOT, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        import json

        return next(str(one["start"]) for one in json.loads(shown.stdout)["instances"] if one["summary"] == "t")

    assert os.environ.get("PYTHONTZPATH") is None
    assert start_in_utc(None) == "2026-11-24T08:00:00+00:00"
    assert start_in_utc(changed) == "2026-11-24T00:00:00+00:00"
    assert start_in_utc(None) == "2026-11-24T08:00:00+00:00"

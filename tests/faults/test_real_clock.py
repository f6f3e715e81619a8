"""Real processes whose clock is put back, that are stopped in the middle of a sync, or that all start at once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults import child
from tests.faults.calendars import calendar, event
from tests.faults.conftest import Calmerge
from tests.faults.test_time import until
from tests.servers.caldav import PASSWORD, USER, Server
from tests.servers.dav import MisbehavingDav
from tests.servers.web import Asked, Page, WebServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
DAY = 86_400
TUESDAY = ("--start", "2026-11-24T09:00", "--end", "2026-11-24T10:00")


class Clock:
    """What the processes of a test take for the time."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "clock"
        self.set(0)

    def set(self, offset: int) -> None:
        """Whole, for it is read at any moment."""
        beside = self.file.with_suffix(".new")
        beside.write_text(str(offset))
        beside.replace(self.file)

    def seen(self) -> int | None:
        """What the sync loop read last."""
        path = self.file.with_suffix(".seen")
        text = path.read_text() if path.exists() else ""
        return int(text) if text else None

    def forget(self) -> None:
        """Until the loop looks again."""
        self.file.with_suffix(".seen").unlink(missing_ok=True)


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path)


def command(calmerge: Calmerge, clock: Clock, *arguments: str) -> list[str]:
    start = [sys.executable, "-m", "tests.faults.child", "--clock", str(clock.file)]
    return [*start, "--", "--home", str(calmerge.home), *arguments]


def run(calmerge: Calmerge, clock: Clock, *arguments: str) -> dict[str, object]:
    """A command in a process of its own; its JSON."""
    done = subprocess.run(
        command(calmerge, clock, *arguments, "--json"),
        cwd=child.ROOT,
        env=child.environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@contextmanager
def started(calmerge: Calmerge, clock: Clock, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command(calmerge, clock, *arguments),
        cwd=child.ROOT, env=child.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


@pytest.fixture
def dav(calmerge: Calmerge, web: WebServer) -> MisbehavingDav:
    """Linked and read once; its event is `one`."""
    made = MisbehavingDav(web)
    made.events = {"one.ics": calendar(event("one", "one")).decode()}
    calmerge.ok("account", "add", "caldav", made.url, "--user", "u", "--password-stdin", "--name", "Dav", stdin="p\n")
    calmerge.ok("sync")
    return made


def test_the_agent_after_the_clock_was_put_back_a_day(calmerge: Calmerge, clock: Clock, dav: MisbehavingDav) -> None:
    """It reads on at the usual distance and not a day later; what it reads arrives."""
    dav.version += 1
    dav.events["early.ics"] = calendar(event("early", "early")).decode()
    with started(calmerge, clock, "agent"):
        until(lambda: "early" in calmerge.titles(), 40)
        for _turn in range(3):  # the visit is over, and the next one is planned
            clock.forget()
            until(lambda: clock.seen() == 0)
        clock.set(-DAY)
        until(lambda: clock.seen() == -DAY)
        dav.version += 1
        dav.events["two.ics"] = calendar(event("two", "two")).decode()
        clock.set(-DAY + 1200)
        until(lambda: calmerge.titles() == {"well", "one", "early", "two"}, 40)


def test_edits_after_the_clock_was_put_back_a_day(calmerge: Calmerge, clock: Clock, radicale: Server) -> None:
    """What is changed "yesterday" is the newer version all the same: there once, with the last words, and undone in order."""
    url = radicale.make_calendar("clock")
    calmerge.ok("account", "add", "caldav", url, "--user", USER, "--password-stdin", "--name", "Dav", stdin=PASSWORD + "\n")
    run(calmerge, clock, "sync")
    account = calmerge.account("Dav")["id"]
    there = next(one["id"] for one in calmerge.ok("calendar", "list")["calendars"] if one["account"] == account)
    made = run(calmerge, clock, "event", "add", "--calendar", there, "--title", "first", *TUESDAY)
    assert isinstance(made["event"], dict)
    run(calmerge, clock, "sync")
    clock.set(-DAY)
    run(calmerge, clock, "event", "edit", str(made["event"]["id"]), "--title", "second", "--scope", "all")
    run(calmerge, clock, "sync")
    assert calmerge.titles() == {"well", "second"}
    run(calmerge, clock, "sync", "--full")
    assert calmerge.titles() == {"well", "second"}
    entries = run(calmerge, clock, "journal")["entries"]
    assert isinstance(entries, list)
    assert len(entries) == 2
    run(calmerge, clock, "journal", "undo", str(entries[0]["id"]))
    run(calmerge, clock, "sync")
    assert calmerge.titles() == {"well", "first"}
    clock.set(0)
    run(calmerge, clock, "sync", "--full")
    assert calmerge.titles() == {"well", "first"}
    assert {one["state"] for one in calmerge.ok("account", "list")["accounts"]} == {"fresh"}


@pytest.mark.parametrize("held", [True, False], ids=["the connection held", "the connection died"])
def test_asleep_in_the_middle_of_a_sync(held: bool, calmerge: Calmerge, clock: Clock, dav: MisbehavingDav) -> None:
    """The process stands still for eight hours between two answers: it ends well or says why, and the next one has it all."""
    asked, go, mended = threading.Event(), threading.Event(), threading.Event()

    def spoil(_asked: Asked, kind: str, page: Page) -> Page:
        if kind == "multiget":
            asked.set()
            go.wait(30)
            page.cut = None if held or mended.is_set() else len(page.body) // 2
        return page

    dav.version += 1
    dav.events |= {f"n{n}.ics": calendar(event(f"n{n}", f"n{n}")).decode() for n in range(20)}
    dav.spoil = spoil
    with started(calmerge, clock, "sync", "--json") as process:
        assert asked.wait(40)
        process.send_signal(signal.SIGSTOP)
        clock.set(8 * 3600)
        go.set()
        process.send_signal(signal.SIGCONT)
        out, err = process.communicate(timeout=60)
    assert "Traceback" not in out + err
    assert process.returncode == (0 if held else 4)
    found = next(one for one in json.loads(out)["accounts"] if one["id"] == calmerge.account("Dav")["id"])
    assert found["state"] == ("fresh" if held else "stale")
    if not held:
        assert "broke off" in found["reason"]
        assert calmerge.titles() >= {"well", "one"}
    assert calmerge.account("Healthy")["state"] == "fresh"
    mended.set()
    run(calmerge, clock, "sync")
    assert len(calmerge.titles()) == 22


def test_a_home_is_made_by_many_at_once(calmerge: Calmerge, clock: Clock, tmp_path: Path) -> None:
    """The very first start, four times at the same moment: each does its work or says that another one is at it."""
    calmerge.home = tmp_path / "fresh"
    processes = [
        subprocess.Popen(
            command(calmerge, clock, "account", "add", "local", "--name", f"A{n}", "--json"),
            cwd=child.ROOT, env=child.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for n in range(4)
    ]  # fmt: skip
    ended = [(*each.communicate(timeout=100), each.returncode) for each in processes]
    assert all("Traceback" not in out + err for out, err, _code in ended), ended
    assert {code for _out, _err, code in ended} <= {0, 4}, ended
    made = {f"A{n}" for n, (_out, _err, code) in enumerate(ended) if code == 0}
    assert made
    assert {one["name"] for one in calmerge.ok("account", "list")["accounts"]} == made
    calmerge.ok("event", "add", "--title", "mine", *TUESDAY)
    assert calmerge.titles() == {"mine"}

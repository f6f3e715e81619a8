"""kill -9 at every step, and two processes at once: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import child
from tests.faults.conftest import Calmerge
from tests.servers import caldav as servers
from tests.servers.caldav import Server

_PATIENCE = 400
"""Seconds for all steps of a scenario: half a minute on a quiet machine, and a busy one is no failure."""
pytestmark = [pytest.mark.skipif(not hasattr(os, "fork"), reason="forks"), pytest.mark.timeout(_PATIENCE + 10)]


def interrupt(scenario: str, folder: Path, *more: str, module: str = "crash") -> int:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.faults.{module}", scenario, str(folder), *more],
        cwd=child.ROOT, env=child.environment(), capture_output=True, text=True, timeout=_PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return int(done.stdout)


@pytest.mark.parametrize(
    ("scenario", "least"),
    [
        ("import", 5),
        ("beside", 5),
        ("link", 2),
        ("first", 2),
        ("migration", 1),
        ("restore", 4),
        ("booking", 8),
        ("publish", 6),
        ("shared", 15),
        ("offered", 4),
    ],
)
def test_killed_at_every_step(scenario: str, least: int, tmp_path: Path) -> None:
    """Whatever was reached, the next start goes on from there."""
    assert interrupt(scenario, tmp_path) >= least


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "server"
    folder.mkdir()
    made = servers.radicale(folder)
    yield made
    made.stop()


@pytest.mark.parametrize("scenario", ["pull", "push"])
def test_killed_at_every_step_with_a_server(scenario: str, tmp_path: Path, server: Server) -> None:
    """Both sides are equal afterwards, also when the server had taken a change that we never noted."""
    url = server.make_calendar("work")
    work = tmp_path / "work"
    work.mkdir()
    assert interrupt(scenario, work, url, str(tmp_path / "server" / "collections")) >= 8


@pytest.mark.parametrize("scenario", ["google-pull", "google-push", "microsoft-pull", "microsoft-push"])
def test_killed_at_every_step_with_a_vendor(scenario: str, tmp_path: Path) -> None:
    """The same at Google and Microsoft: a repeated insert is not a second event, a repeated page not a second change."""
    assert interrupt(scenario, tmp_path, module="vendors") >= 8


def test_killed_in_the_middle_of_a_letter(tmp_path: Path) -> None:
    """Before DATA, after the whole mail, after the server's answer: never twice, and told where nobody knows."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.letters", str(tmp_path)],
        cwd=child.ROOT, env=child.environment(), capture_output=True, text=True, timeout=_PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) >= 20


def test_two_at_once(calmerge: Calmerge, tmp_path: Path) -> None:
    """The agent has the profile: a sync beside it says so with exit 4, looking and editing work; afterwards it may."""
    calmerge.ok("account", "add", "local", "--name", "Own")
    command = [sys.executable, "-m", "calmerge_desktop", "--home", str(calmerge.home)]
    environment = child.environment()
    agent = subprocess.Popen([*command, "agent"], cwd=child.ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert agent.stderr is not None
        assert "Keeping your calendars in step" in agent.stderr.readline()
        deadline = time.monotonic() + 20
        while calmerge.account("Own")["state"] != "fresh" and time.monotonic() < deadline:
            time.sleep(0.1)
        second = subprocess.run([*command, "sync"], cwd=child.ROOT, env=environment, capture_output=True, text=True)
        assert second.returncode == 4
        assert "CalMerge is already running" in second.stderr
        other = subprocess.run([*command, "agent"], cwd=child.ROOT, env=environment, capture_output=True, text=True)
        assert other.returncode == 4
        assert "Traceback" not in second.stderr + other.stderr
        calmerge.ok("event", "add", "--title", "mine", "--start", "2026-11-24T09:00", "--end", "2026-11-24T10:00")
        assert calmerge.titles() == {"well", "mine"}
    finally:
        agent.send_signal(signal.SIGTERM)
        agent.communicate(timeout=15)
    assert agent.returncode == 0
    calmerge.ok("sync")
    assert calmerge.titles() == {"well", "mine"}


def test_two_syncs_at_the_same_moment(calmerge: Calmerge) -> None:
    """Of many that start together each either did it or says that another one does; nothing is doubled."""
    command = [sys.executable, "-m", "calmerge_desktop", "--home", str(calmerge.home), "sync"]
    running = [
        subprocess.Popen(command, cwd=child.ROOT, env=child.environment(), stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        for _n in range(3)
    ]
    ended = [(each.communicate(timeout=60), each.returncode) for each in running]
    assert {code for _out, code in ended} <= {0, 4}
    assert 0 in {code for _out, code in ended}
    assert all(b"Traceback" not in err for (_out, err), _code in ended)
    assert calmerge.titles() == {"well"}

"""One Google, one Microsoft, one CalDAV and one .ics source: one merged week, both ways, whatever happens in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import Calmerge
from tests.faults.calendars import calendar, event
from tests.servers import caldav as servers
from tests.servers import linking
from tests.servers.caldav import PASSWORD, USER
from tests.servers.google import GoogleServer
from tests.servers.microsoft import MicrosoftServer
from tests.servers.microsoft_events import at

WEEK = ("--from", "2026-11-23", "--to", "2026-11-30", "--tz", "Europe/Berlin")
DAY = {"start": "2026-11-24T10:00:00", "end": "2026-11-24T11:00:00"}
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Source:
    """One of the four, seen from its own side."""

    name: str
    calendar: str
    put: Callable[[str], object]
    """Somebody makes an event with this title there."""
    titles: Callable[[], list[str]]


@pytest.fixture
def google() -> Iterator[GoogleServer]:
    made = GoogleServer()
    yield made
    assert made.state.complaints == []
    made.close()


@pytest.fixture
def microsoft() -> Iterator[MicrosoftServer]:
    made = MicrosoftServer()
    yield made
    assert made.state.complaints == []
    made.close()


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[servers.Server]:
    (tmp_path / "server").mkdir()
    made = servers.radicale(tmp_path / "server")
    yield made
    made.stop()


@pytest.fixture
def four(
    calmerge: Calmerge,
    google: GoogleServer,
    microsoft: MicrosoftServer,
    radicale: servers.Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> list[Source]:
    """All linked, nothing read yet."""
    folder = tmp_path / "files"
    calmerge.ok("account", "add", *linking.google(google, tmp_path, monkeypatch.setenv))
    calmerge.ok("account", "add", *linking.microsoft(microsoft, tmp_path, monkeypatch.setenv))
    url = radicale.make_calendar("Home")
    calmerge.ok(
        "account", "add", "caldav", radicale.url, "--user", USER, "--password-stdin", stdin=PASSWORD + "\n"
    )  # fmt: skip
    folder.mkdir()
    (folder / "begin.ics").write_bytes(calendar(event("begin", "begin")))
    calmerge.ok("account", "add", "ics", str(folder), "--name", "Files")

    def in_folder() -> list[str]:
        texts = [line for path in folder.glob("*.ics") for line in path.read_text().splitlines()]
        return sorted(line.partition(":")[2] for line in texts if line.startswith("SUMMARY:"))

    def at_caldav() -> list[str]:
        lines = radicale.request("GET", url).text.splitlines()
        return sorted(line.partition(":")[2] for line in lines if line.startswith("SUMMARY:"))

    zoned = {key: {"dateTime": f"{when}+01:00", "timeZone": "Europe/Berlin"} for key, when in DAY.items()}
    utc = {key: at(when) for key, when in DAY.items()}
    ics = {"Content-Type": "text/calendar"}
    alice, graph = google.state.primary, microsoft.state.primary
    return [
        Source(
            "google", "Alice", lambda title: alice.put(f"{title}000", summary=title, **zoned),
            lambda: sorted(title for title, *_when in alice.shown()),
        ),
        Source(
            "microsoft", "Calendar", lambda title: graph.put(title, subject=title, **utc),
            lambda: sorted(title for title, *_when in graph.shown()),
        ),
        Source(
            "caldav", "Home",
            lambda title: radicale.request("PUT", f"{url}{title}.ics", calendar(event(title, title)).decode(), **ics),
            at_caldav,
        ),
        Source(
            "files", "Files", lambda title: (folder / f"{title}.ics").write_bytes(calendar(event(title, title))), in_folder
        ),
    ]  # fmt: skip


def shown(calmerge: Calmerge) -> list[str]:
    return sorted(one["summary"] for one in calmerge.ok("agenda", *WEEK)["instances"])


def both_ways(calmerge: Calmerge, four: list[Source], word: str) -> None:
    """An event made in each arrives here, one made here arrives in each; nothing is there twice."""
    for source in four:
        source.put(f"{word}from{source.name}")
        when = ("--start", "2026-11-25T14:00", "--end", "2026-11-25T15:00", "--tz", "Europe/Berlin")
        calmerge.ok("event", "add", "--title", f"{word}to{source.name}", "--calendar", source.calendar, *when)
    calmerge.ok("sync")
    for source in four:
        mine = [title for title in source.titles() if title.startswith(word)]
        assert mine == [f"{word}from{source.name}", f"{word}to{source.name}"], source.name
    wanted = sorted(f"{word}{way}{source.name}" for source in four for way in ("from", "to"))
    assert [title for title in shown(calmerge) if title.startswith(word)] == wanted


def test_one_week_both_ways(
    calmerge: Calmerge, four: list[Source], google: GoogleServer, microsoft: MicrosoftServer
) -> None:
    """At first; after another start; after both vendors forgot their tokens (410); each round by a program started anew."""
    both_ways(calmerge, four, "first")
    both_ways(calmerge, four, "again")
    google.state.expire()
    microsoft.state.expire()
    both_ways(calmerge, four, "forgot")
    assert len(shown(calmerge)) == 1 + 3 * 8


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("after", [3, 9, 15, 21])
def test_killed_in_the_middle(
    calmerge: Calmerge, four: list[Source], google: GoogleServer, microsoft: MicrosoftServer, after: int
) -> None:
    """SIGKILL once the two vendors were asked so many things: the next sync goes on, and nothing is there twice."""
    calmerge.ok("sync")
    for source in four:
        source.put(f"from{source.name}")
        when = ("--start", "2026-11-25T14:00", "--end", "2026-11-25T15:00", "--tz", "Europe/Berlin")
        calmerge.ok("event", "add", "--title", f"to{source.name}", "--calendar", source.calendar, *when)
    before = len(google.state.asked) + len(microsoft.state.asked)
    command = [sys.executable, "-m", "calmerge_desktop", "--home", str(calmerge.home), "sync"]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while running.poll() is None and len(google.state.asked) + len(microsoft.state.asked) - before < after:
        time.sleep(0.001)
    running.send_signal(signal.SIGKILL)
    running.wait()
    calmerge.ok("sync")
    for source in four:
        found = [title for title in source.titles() if title != "begin"]
        assert found == [f"from{source.name}", f"to{source.name}"], source.name
    assert shown(calmerge) == sorted(["begin", *(f"{way}{source.name}" for source in four for way in ("from", "to"))])

"""The command line with one healthy account beside the one that fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.calmerge import Answer, english_in_berlin
from tests.calmerge import Calmerge as CommandLine
from tests.faults.calendars import calendar, event
from tests.servers import caldav as servers
from tests.servers.caldav import Server
from tests.servers.web import WebServer

__all__ = ["Answer", "Calmerge"]

WEEK = ("--from", "2026-11-23", "--to", "2026-11-30", "--tz", "Europe/Berlin")


class Calmerge(CommandLine):
    """Looks at its week and its accounts too."""

    def titles(self) -> set[str]:
        """What the week shows."""
        return {one["summary"] for one in self.ok("agenda", *WEEK)["instances"]}

    def account(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self.ok("account", "list")["accounts"] if one["name"] == name)
        return found


@pytest.fixture
def calmerge(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Calmerge:
    """With one account, `Healthy`, that was never read; its event is called `well`."""
    english_in_berlin(monkeypatch)
    healthy = tmp_path / "healthy.ics"
    healthy.write_bytes(calendar(event("well", "well")))
    made = Calmerge(tmp_path / "home", capsys, monkeypatch)
    made.ok("account", "add", "ics", str(healthy), "--name", "Healthy")
    return made


@pytest.fixture
def web() -> Iterator[WebServer]:
    server = WebServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = servers.radicale(tmp_path_factory.mktemp("radicale"))
    yield server
    server.stop()

"""The command line with one healthy account beside the one that fails."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from calmerge_desktop.app.program import Program
from calmerge_desktop.cli.main import main
from tests.faults.calendars import calendar, event
from tests.servers import caldav as servers
from tests.servers.caldav import Server
from tests.servers.web import WebServer

WEEK = ("--from", "2026-11-23", "--to", "2026-11-30", "--tz", "Europe/Berlin")


@dataclass
class Answer:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Calmerge:
    """`calmerge --home HOME …` in this process; a traceback on either stream fails the test."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *arguments: str, stdin: str = "") -> Answer:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        self._capsys.readouterr()
        code = main(Program(), ["--home", str(self.home), *arguments])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in out + err
        return Answer(code, out, err)

    def ok(self, *arguments: str, stdin: str = "") -> Any:
        answer = self(*arguments, "--json", stdin=stdin)
        assert answer.code == 0, answer.err or answer.out
        return answer.json

    def titles(self) -> set[str]:
        """What the week shows."""
        return {one["summary"] for one in self.ok("agenda", *WEEK)["instances"]}

    def account(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self.ok("account", "list")["accounts"] if one["name"] == name)
        return found


@pytest.fixture
def calmerge(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Calmerge:
    """With one account, `Healthy`, that was never read; its event is called `well`."""
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
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

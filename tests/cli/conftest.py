"""The command line on a profile of its own, run in this process as `main` runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.calmerge import Answer, Calmerge, english_in_berlin
from tests.servers import caldav as servers
from tests.servers.caldav import Server
from tests.servers.smtp import smtp
from tests.servers.web import WebServer

__all__ = ["Answer", "Calmerge", "smtp"]


@pytest.fixture
def at_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Calmerge]:
    """A program by the name of its home: in English, in Berlin, without a key store."""
    english_in_berlin(monkeypatch)
    return lambda name: Calmerge(tmp_path / name, capsys, monkeypatch)


@pytest.fixture
def calmerge(at_home: Callable[[str], Calmerge]) -> Calmerge:
    return at_home("home")


@pytest.fixture
def person(at_home: Callable[[str], Calmerge]) -> Callable[[str], Calmerge]:
    """Somebody with a program and a calendar on this computer, at NAME@example.test."""

    def made(name: str) -> Calmerge:
        one = at_home(name)
        one.ok("account", "add", "local", "--name", name, "--address", f"{name}@example.test")
        return one

    return made


@pytest.fixture
def web() -> Iterator[WebServer]:
    server = WebServer()
    yield server
    server.close()


@pytest.fixture(scope="session", params=["radicale", "xandikos"])
def caldav(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server: Server = getattr(servers, request.param)(tmp_path_factory.mktemp(request.param))
    yield server
    server.stop()

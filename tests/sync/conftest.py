from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import caldav as servers
from tests.servers.caldav import Server
from tests.servers.smtp import smtp
from tests.servers.web import WebServer

__all__ = ["smtp"]


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


@pytest.fixture(scope="session")
def xandikos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = servers.xandikos(tmp_path_factory.mktemp("xandikos"))
    yield server
    server.stop()

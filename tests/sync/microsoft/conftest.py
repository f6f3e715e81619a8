from __future__ import annotations

from collections.abc import Iterator

import pytest

from calmerge_desktop.core.model import Account, AccountId
from calmerge_desktop.sync.http import never
from calmerge_desktop.sync.oauth.scopes import Level
from calmerge_desktop.sync.providers.microsoft.provider import MicrosoftProvider
from calmerge_desktop.sync.providers.microsoft.sign_in import sign_in
from tests.servers.microsoft import BROWSE, CLIENT_ID, FakeMicrosoft, MicrosoftServer
from tests.servers.microsoft_events import OWNER

ACCOUNT = Account(id=AccountId("a"), provider="microsoft", name="Outlook", address=OWNER, config={"subject": "1"})


@pytest.fixture(scope="session")
def server() -> Iterator[MicrosoftServer]:
    made = MicrosoftServer()
    yield made
    made.close()


@pytest.fixture
def microsoft(server: MicrosoftServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeMicrosoft]:
    """A fresh Microsoft; in the end it must have nothing to complain about."""
    monkeypatch.setenv("CALMERGE_GRAPH_ENDPOINT", server.url)
    monkeypatch.setenv("CALMERGE_MICROSOFT_AUTHORITY", f"{server.url}/common")
    state = server.fresh()
    yield state
    assert state.complaints == []
    assert state.most <= 4


def secret(level: Level = Level.WRITE) -> str:
    """What a real sign-in leaves in the SecretBox."""

    def browse(url: str, _opens: bool) -> None:
        exec(BROWSE, {"URL": url})

    return sign_in({"client_id": CLIENT_ID, "level": level}, None, browse, never).secret


@pytest.fixture
def tokens(microsoft: FakeMicrosoft) -> str:
    return secret()


@pytest.fixture
def provider(tokens: str) -> Iterator[MicrosoftProvider]:
    made = MicrosoftProvider(ACCOUNT, tokens, timeout=5, clock=lambda: 1_793_491_200)
    yield made
    made.close()

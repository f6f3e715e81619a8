from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from calmerge_desktop.core.model import Account, AccountId
from calmerge_desktop.sync.oauth.scopes import Level
from calmerge_desktop.sync.providers.google.client import parse_client
from calmerge_desktop.sync.providers.google.provider import GoogleProvider
from calmerge_desktop.sync.providers.google.scopes import asked
from calmerge_desktop.sync.providers.google.tokens import Tokens
from tests.servers.google import FakeGoogle, GoogleServer
from tests.servers.google_events import OWNER

ACCOUNT = Account(id=AccountId("a"), provider="google", name="Google", address=OWNER, config={"subject": "1"})
Open = Callable[..., GoogleProvider]


@pytest.fixture(scope="session")
def server() -> Iterator[GoogleServer]:
    made = GoogleServer()
    yield made
    made.close()


@pytest.fixture
def google(server: GoogleServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGoogle]:
    """A fresh Google; in the end it must have nothing to complain about."""
    monkeypatch.setenv("CALMERGE_GOOGLE_ENDPOINT", server.url)
    state = server.fresh()
    yield state
    assert state.complaints == []


def secret(server: GoogleServer, google: FakeGoogle, level: Level = Level.WRITE) -> str:
    """What a sign-in would have left in the SecretBox."""
    scopes = asked(level)
    client = parse_client(json.dumps(server.client()), "client.json")
    return Tokens(client=client, refresh_token=google.sign_in(*scopes), granted=tuple(scopes), asked=level).text()


@pytest.fixture
def tokens(server: GoogleServer, google: FakeGoogle) -> str:
    return secret(server, google)


@pytest.fixture
def provider(tokens: str) -> Iterator[GoogleProvider]:
    made = GoogleProvider(ACCOUNT, tokens, timeout=5)
    yield made
    made.close()

"""Signing in at servers that others wrote: what we think OAuth is, others think too."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Calmerge
from tests.servers import emulators
from tests.servers.emulators import CLIENT_ID, GOOGLE, MICROSOFT, Emulator


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "browser.py").write_text(emulators.BROWSE)
    monkeypatch.setenv("BROWSER", f"{sys.executable} {tmp_path / 'browser.py'} %s")


@pytest.fixture
def google() -> Iterator[Emulator]:
    made = Emulator(GOOGLE, "google")
    yield made
    made.stop()


@pytest.fixture
def microsoft() -> Iterator[Emulator]:
    made = Emulator(MICROSOFT, "microsoft")
    yield made
    made.stop()


@pytest.mark.skipif(bool(emulators.missing(GOOGLE)), reason=emulators.missing(GOOGLE) or "-")
@pytest.mark.usefixtures("browser")
def test_google(calmerge: Calmerge, google: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PKCE, loopback, the tokens, whose account it is, the list of calendars; and giving the tokens back."""
    monkeypatch.setenv("CALMERGE_GOOGLE_ENDPOINT", google.url)
    client = {
        "client_id": "any.apps.googleusercontent.com",
        "client_secret": "any",
        "auth_uri": f"{google.url}/o/oauth2/v2/auth",
        "token_uri": f"{google.url}/oauth2/token",
        "redirect_uris": ["http://localhost"],
    }
    (tmp_path / "client.json").write_text(json.dumps({"installed": client}))
    made = calmerge.ok("account", "add", "google", "--client-secrets", str(tmp_path / "client.json"))["account"]
    assert made["address"] == "alice@example.com"
    assert [one["name"] for one in calmerge.ok("calendar", "list")["calendars"]] == ["alice@example.com"]
    calmerge.ok("account", "reauth", made["id"], "--client-secrets", str(tmp_path / "client.json"))
    calmerge.ok("account", "remove", made["id"])


@pytest.mark.skipif(bool(emulators.missing(MICROSOFT)), reason=emulators.missing(MICROSOFT) or "-")
@pytest.mark.usefixtures("browser")
def test_microsoft(calmerge: Calmerge, microsoft: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Msal's way through the browser by form_post, the silent renewal's tokens, the list of calendars."""
    monkeypatch.setenv("CALMERGE_GRAPH_ENDPOINT", microsoft.url)
    monkeypatch.setenv("CALMERGE_MICROSOFT_AUTHORITY", microsoft.url)
    made = calmerge.ok("account", "add", "microsoft", "--client-id", CLIENT_ID)["account"]
    assert made["address"] == "alice@contoso.test"
    assert calmerge.ok("calendar", "list")["calendars"]
    calmerge.ok("account", "reauth", made["id"], "--client-id", CLIENT_ID)

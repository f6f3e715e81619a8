"""Linking Google by the real command line: a scripted browser, a real sign-in, a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Calmerge
from tests.servers.google import CLIENT_SECRET, FakeGoogle, GoogleServer
from tests.servers.google_events import OWNER, at

ROOT = Path(__file__).resolve().parents[2]
WEEK = ("--from", "2026-11-23", "--to", "2026-11-30", "--tz", "Europe/Berlin")
_BACK = "import sys, urllib.request\nurllib.request.urlopen(sys.argv[1]).read()\n"


@pytest.fixture(scope="module")
def server() -> Iterator[GoogleServer]:
    made = GoogleServer()
    yield made
    made.close()


@pytest.fixture
def google(server: GoogleServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeGoogle]:
    monkeypatch.setenv("CALMERGE_GOOGLE_ENDPOINT", server.url)
    browse(monkeypatch, tmp_path, _BACK)
    (tmp_path / "client.json").write_text(json.dumps(server.client()))
    state = server.fresh()
    yield state
    assert state.complaints == []


def browse(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    (folder / "browser.py").write_text(code)
    monkeypatch.setenv("BROWSER", f"{sys.executable} {folder / 'browser.py'} %s")


def link(calmerge: Calmerge, tmp_path: Path, *more: str) -> Any:
    return calmerge.ok("account", "add", "google", "--client-secrets", str(tmp_path / "client.json"), *more)["account"]


def titles(calmerge: Calmerge) -> list[str]:
    return [one["summary"] for one in calmerge.ok("agenda", *WEEK)["instances"]]


def test_link_read_change_and_unlink(calmerge: Calmerge, google: FakeGoogle, tmp_path: Path) -> None:
    """An event made there arrives here, one made here arrives there; unlinking gives the tokens back."""
    google.primary.put("theirs0", summary="Theirs")
    account = link(calmerge, tmp_path, "--login-hint", OWNER)
    assert (account["provider"], account["address"], account["name"]) == ("google", OWNER, OWNER)
    assert google.authorized[0]["login_hint"] == OWNER
    calmerge.ok("sync")
    assert titles(calmerge) == ["Theirs"]
    calmerge.ok("event", "add", "--title", "Mine", "--start", "2026-11-25T14:00", "--tz", "Europe/Berlin")
    theirs = next(one for one in calmerge.ok("agenda", *WEEK)["instances"] if one["summary"] == "Theirs")
    calmerge.ok("event", "edit", theirs["id"], "--title", "Changed here")
    calmerge.ok("sync")
    assert sorted(each["summary"] for each in google.primary.alive().values()) == ["Changed here", "Mine"]
    assert google.primary.mails == []
    calmerge.ok("account", "remove", account["id"])
    assert not any(grant.alive for grant in google.grants.values())
    assert calmerge.ok("account", "list")["accounts"] == []


def test_a_series_made_here_and_changed_there(calmerge: Calmerge, google: FakeGoogle, tmp_path: Path) -> None:
    """One occurrence moved there, one deleted here, one changed here; both sides say the same."""
    link(calmerge, tmp_path)
    calmerge.ok("sync")
    calmerge.ok(
        "event",
        "add",
        "--title",
        "Daily",
        "--start",
        "2026-11-23T09:00",
        "--tz",
        "Europe/Berlin",
        "--rrule",
        "FREQ=DAILY;COUNT=5",
    )
    calmerge.ok("sync")
    (master,) = google.primary.alive()
    google.primary.patch(
        f"{master}_20261124T080000Z",
        {"start": at("2026-11-24T10:00:00Z"), "end": at("2026-11-24T11:00:00Z")},
        None,
        "none",
        1,
    )
    calmerge.ok("sync")
    days = {one["start"][:10]: one for one in calmerge.ok("agenda", *WEEK)["instances"]}
    assert days["2026-11-24"]["start"] == "2026-11-24T11:00:00+01:00"
    calmerge.ok("event", "delete", days["2026-11-25"]["id"], "--scope", "this")
    calmerge.ok("event", "edit", days["2026-11-26"]["id"], "--scope", "this", "--title", "Thursday")
    calmerge.ok("sync")
    calmerge.ok("sync", "--full")
    found = [(one["start"][:16], one["summary"]) for one in calmerge.ok("agenda", *WEEK)["instances"]]
    assert found == [
        ("2026-11-23T09:00", "Daily"),
        ("2026-11-24T11:00", "Daily"),
        ("2026-11-26T09:00", "Thursday"),
        ("2026-11-27T09:00", "Daily"),
    ]
    there = {key.removeprefix(master): each for key, each in google.primary.events.items()}
    assert there["_20261125T080000Z"]["status"] == "cancelled"
    assert there["_20261126T080000Z"]["summary"] == "Thursday"


def test_an_unticked_box_leaves_the_calendar_readable(calmerge: Calmerge, google: FakeGoogle, tmp_path: Path) -> None:
    """Read only, said in a sentence; signing in again with the box mends it."""
    google.untick = frozenset({"calendar.events"})
    account = calmerge("account", "add", "google", "--client-secrets", str(tmp_path / "client.json"))
    assert account.code == 0
    assert "Not every box was ticked at Google" in account.err
    (calendar,) = calmerge.ok("calendar", "list")["calendars"]
    assert calendar["access"] == "read"
    google.untick = frozenset()
    made = calmerge.ok("account", "list")["accounts"][0]
    calmerge.ok("account", "reauth", made["id"])
    calmerge.ok("sync")
    assert calmerge.ok("calendar", "list")["calendars"][0]["access"] == "write"
    assert google.authorized[-1]["login_hint"] == OWNER


def test_no_box_ticked_links_nothing(calmerge: Calmerge, google: FakeGoogle, tmp_path: Path) -> None:
    """Not even the list of calendars."""
    google.untick = frozenset({"readonly", "calendar.events", "freebusy"})
    answer = calmerge("account", "add", "google", "--client-secrets", str(tmp_path / "client.json"), "--json")
    assert (answer.code, answer.json["error"]["kind"]) == (3, "access")
    assert calmerge.ok("account", "list")["accounts"] == []


@pytest.mark.parametrize("level", ["freebusy", "read", "send", "answers"])
def test_the_ladder_asks_for_no_more_than_it_needs(
    calmerge: Calmerge, google: FakeGoogle, tmp_path: Path, level: str
) -> None:
    """Scopes by rung, and what the calendar then allows."""
    link(calmerge, tmp_path, "--scope-level", level)
    asked = {each.rpartition("/")[2] for each in google.authorized[0]["scope"].split()}
    sends = level in ("send", "answers")
    assert ("calendar.events" in asked) == ("gmail.send" in asked) == sends
    assert ("gmail.readonly" in asked) == (level == "answers")
    assert calmerge.ok("calendar", "list")["calendars"][0]["access"] == ("write" if sends else "read")
    calmerge.ok("sync")


def test_saying_no_in_the_browser(calmerge: Calmerge, google: FakeGoogle, tmp_path: Path) -> None:
    """One sentence, exit 3."""
    google.deny = True
    answer = calmerge("account", "add", "google", "--client-secrets", str(tmp_path / "client.json"))
    assert answer.code == 3
    assert "You did not allow the access" in answer.err


def test_a_browser_that_is_closed(
    calmerge: Calmerge, google: FakeGoogle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait ends by itself; the address stood on standard error."""
    browse(monkeypatch, tmp_path, "")
    monkeypatch.setenv("CALMERGE_SIGN_IN_SECONDS", "1")
    answer = calmerge("account", "add", "google", "--client-secrets", str(tmp_path / "client.json"), "--json")
    assert (answer.code, answer.json["error"]["kind"]) == (3, "sign-in")
    assert "/o/oauth2/v2/auth?" in answer.err


def test_another_persons_sign_in_is_refused(calmerge: Calmerge, google: FakeGoogle, tmp_path: Path) -> None:
    """Reauth with the wrong account changes nothing; a changed address of the right one does not matter."""
    account = link(calmerge, tmp_path)
    right, google.subject = google.subject, "999"
    answer = calmerge("account", "reauth", account["id"])
    assert answer.code == 3
    assert "but this account is" in answer.err
    google.subject = right
    calendar = google.calendars.pop(OWNER)
    calendar.id = "alice.new@example.test"
    google.calendars[calendar.id] = calendar
    calendar.put("after0", summary="After")
    calmerge.ok("account", "reauth", account["id"])
    calmerge.ok("sync")
    assert titles(calmerge) == ["After"]


def test_revoked_means_sign_in_again_and_nothing_is_lost(calmerge: Calmerge, google: FakeGoogle, tmp_path: Path) -> None:
    """Cache and waiting edit stay; after the new sign-in the edit goes out."""
    google.primary.put("kept00", summary="Kept")
    account = link(calmerge, tmp_path)
    calmerge.ok("sync")
    calmerge.ok("event", "add", "--title", "Waiting", "--start", "2026-11-25T14:00", "--tz", "Europe/Berlin")
    google.revoke()
    answer = calmerge("sync", "--json")
    assert answer.code == 3
    assert calmerge.ok("account", "list")["accounts"][0]["reason"].startswith("Google asks you to sign in again.")
    assert sorted(titles(calmerge)) == ["Kept", "Waiting"]
    calmerge.ok("account", "reauth", account["id"])
    calmerge.ok("sync")
    assert sorted(each["summary"] for each in google.primary.alive().values()) == ["Kept", "Waiting"]


_BAD = {
    "web.json": '{"web": {"client_id": "x"}}',
    "service.json": '{"type": "service_account", "private_key": "canary"}',
    "broken.json": '{"installed": {"client_id": ',
    "empty.json": "{}",
    "plain.json": '{"installed": {"client_id": "a", "client_secret": "b", "auth_uri": "http://evil.example/a", "token_uri": "https://x.example"}}',
}


@pytest.mark.parametrize("name", sorted(_BAD))
def test_a_wrong_client_file_is_one_sentence(calmerge: Calmerge, google: FakeGoogle, tmp_path: Path, name: str) -> None:
    """And nothing of it is shown."""
    (tmp_path / name).write_text(_BAD[name])
    answer = calmerge("account", "add", "google", "--client-secrets", str(tmp_path / name), "--json")
    assert (answer.code, answer.json["error"]["kind"]) == (3, "input")
    assert name in answer.json["error"]["message"]
    assert "canary" not in answer.out + answer.err


def test_without_a_client_the_way_to_one_is_named(calmerge: Calmerge, google: FakeGoogle, tmp_path: Path) -> None:
    """A build that carries none; and a file that is not there."""
    answer = calmerge("account", "add", "google", "--json")
    assert answer.code == 3
    assert "docs/google.md" in answer.json["error"]["hint"]
    assert calmerge("account", "add", "google", "--client-secrets", str(tmp_path / "none.json")).code == 3


def test_a_taken_port_is_one_sentence(calmerge: Calmerge, google: FakeGoogle, server: GoogleServer, tmp_path: Path) -> None:
    """Only where one was chosen."""
    port = server.url.rpartition(":")[2]
    answer = calmerge("account", "add", "google", "--client-secrets", str(tmp_path / "client.json"), "--port", port)
    assert answer.code == 3
    assert "in use" in answer.err


def test_the_doctor_says_what_a_sign_in_is_good_for(calmerge: Calmerge, google: FakeGoogle, tmp_path: Path) -> None:
    """What was granted, and what to do when it is less than was asked for."""
    lines = {each["name"]: each for each in calmerge("doctor", "--json").json["checks"]}
    assert "carries none" in lines["Google registration"]["message"]
    google.untick = frozenset({"calendar.events"})
    account = link(calmerge, tmp_path)
    found = [each for each in calmerge("doctor", "--json").json["checks"] if each["name"] == OWNER]
    assert (found[0]["ok"], found[0]["message"]) == (False, "CalMerge may see when you are busy.")
    assert found[0]["hint"].endswith(f"account reauth {account['id']}")


def test_a_build_carries_its_registration(monkeypatch: pytest.MonkeyPatch, server: GoogleServer, tmp_path: Path) -> None:
    """Out of the environment of the build, as text or as a file; anything else stops the build."""
    import hatch_build
    from calmerge_desktop import resources
    from calmerge_desktop.sync.providers.google import client

    text = json.dumps(server.client())
    (tmp_path / "c.json").write_text(text)
    assert hatch_build.registrations({}) == {}
    assert hatch_build.registrations({"CALMERGE_GOOGLE_CLIENT": text}) == {"google": server.client()}
    made = hatch_build.registrations({"CALMERGE_GOOGLE_CLIENT": str(tmp_path / "c.json")})
    (tmp_path / "clients.json").write_text(json.dumps(made))
    monkeypatch.setattr(resources, "path", lambda name: tmp_path / name)
    assert client.chosen({}).token_uri == f"{server.url}/token"
    with pytest.raises(ValueError, match="Desktop app"):
        hatch_build.registrations({"CALMERGE_GOOGLE_CLIENT": '{"web": {}}'})


def test_no_token_and_no_word_of_an_event_is_ever_logged(google: FakeGoogle, tmp_path: Path) -> None:
    """The whole program in a process of its own, at debug level."""
    google.primary.put("canary0", summary="canary-title", location="canary-place")
    home = tmp_path / "home"
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "PYTHONPATH": str(ROOT)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "calmerge_desktop", "--home", str(home), "--debug", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)

    made = run("account", "add", "google", "--client-secrets", str(tmp_path / "client.json"))
    assert made.returncode == 0, made.stderr
    google.end_access_tokens()
    assert run("sync").returncode == 0
    google.revoke()
    assert run("sync").returncode == 3
    secrets = [
        CLIENT_SECRET,
        *google.grants,
        *(form["code_verifier"] for form in google.token_requests if "code_verifier" in form),
    ]
    logged = [path for path in home.rglob("*") if path.suffix in (".log", ".txt") or "log" in path.parent.name]
    assert logged
    for path in logged:
        text = path.read_text(errors="replace")
        assert not any(word in text for word in ("canary", OWNER, *secrets)), path
    for path in home.rglob("*.json"):
        assert not any(word.encode() in path.read_bytes() for word in ("canary", *secrets)), path

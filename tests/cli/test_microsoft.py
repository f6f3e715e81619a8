"""Linking Microsoft by the real command line in processes of its own: a scripted browser, a code, a real sign-in service."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Answer
from tests.servers.microsoft import BROWSE, CLIENT_ID, PERSONAL, FakeMicrosoft, MicrosoftServer
from tests.servers.microsoft_events import OWNER, at

ROOT = Path(__file__).resolve().parents[2]
WEEK = ("--from", "2026-11-23", "--to", "2026-11-30", "--tz", "Europe/Berlin")
WITH_ID = ("--client-id", CLIENT_ID)


class Calmerge:
    """`calmerge --home HOME …` as a person's shell starts it; everything it ever said is kept in `said`."""

    def __init__(self, folder: Path, server: MicrosoftServer) -> None:
        self.home = folder / "home"
        self.said = ""
        self._folder = folder
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
        self.environment = kept | {
            "LANG": "en_GB.UTF-8",
            "TZ": "Europe/Berlin",
            "PYTHONPATH": str(ROOT),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "CALMERGE_GRAPH_ENDPOINT": server.url,
            "CALMERGE_MICROSOFT_AUTHORITY": server.url,
        }
        self.browse("import sys\nURL = sys.argv[1]\n" + BROWSE)

    def browse(self, code: str) -> None:
        """What the person's browser does; what it complains about, nobody hears."""
        quiet = "import sys\nsys.stderr = open(__file__ + '.errors', 'w')\n"
        (self._folder / "browser.py").write_text(quiet + code)
        self.environment["BROWSER"] = f"{sys.executable} {self._folder / 'browser.py'} %s"

    def browser_errors(self) -> str:
        return (self._folder / "browser.py.errors").read_text()

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        # A test run in the background ignores Control-C, and its children would, too.
        listening = "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        listening += "runpy.run_module('calmerge_desktop', run_name='__main__', alter_sys=True)"
        command = [sys.executable, "-c", listening, "--home", str(self.home), "--debug", *arguments]
        return subprocess.Popen(
            command, env=self.environment, cwd=self._folder, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def __call__(self, *arguments: str) -> Answer:
        running = self.start(*arguments)
        out, err = running.communicate(timeout=60)
        self.said += out + err
        assert "Traceback" not in out + err
        return Answer(running.returncode, out, err)

    def ok(self, *arguments: str) -> Any:
        answer = self(*arguments, "--json")
        assert answer.code == 0, answer.err or answer.out
        return answer.json

    def link(self, *more: str) -> Any:
        return self.ok("account", "add", "microsoft", *WITH_ID, *more)["account"]

    def refused(self, *arguments: str, code: int = 3) -> dict[str, str]:
        """The error of a command that must fail."""
        answer = self(*arguments, "--json")
        assert answer.code == code, answer.err
        error: dict[str, str] = answer.json["error"]
        assert error["message"] in answer.err
        return error

    def titles(self) -> list[str]:
        return [one["summary"] for one in self.ok("agenda", *WEEK)["instances"]]


@pytest.fixture(scope="module")
def server() -> Iterator[MicrosoftServer]:
    made = MicrosoftServer()
    yield made
    made.close()


@pytest.fixture
def microsoft(server: MicrosoftServer) -> Iterator[FakeMicrosoft]:
    state = server.fresh()
    yield state
    assert state.complaints == []


@pytest.fixture
def calmerge(tmp_path: Path, server: MicrosoftServer, microsoft: FakeMicrosoft) -> Iterator[Calmerge]:
    """Whatever a test does: no token, no verifier and no word of an event lies readable in the profile or on the screen."""
    made = Calmerge(tmp_path, server)
    yield made
    secrets = [*microsoft.grants, *microsoft.access]
    secrets += [form[key] for form in microsoft.token_requests for key in ("code_verifier", "device_code") if key in form]
    for path in filter(Path.is_file, made.home.rglob("*")):
        data = path.read_bytes()
        logged = path.suffix in (".log", ".txt")
        words = [*secrets, "canary-vendor-message", *(["canary", OWNER] if logged else [])]
        assert not [word for word in words if word.encode() in data], path
    assert not [word for word in (*secrets, "canary-vendor-message") if word in made.said]


def put(microsoft: FakeMicrosoft, title: str, **more: Any) -> str:
    times = {"start": at("2026-11-24T10:00:00"), "end": at("2026-11-24T11:00:00")}
    return str(microsoft.primary.insert({"subject": title, **times, **more})["id"])


def there(microsoft: FakeMicrosoft) -> list[str]:
    return sorted(each["subject"] for each in microsoft.primary.events.values())


def test_link_read_change_and_unlink(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """PKCE, state and a form back to localhost; an event made there arrives here, one made here arrives there."""
    put(microsoft, "Theirs")
    account = calmerge.link("--login-hint", OWNER)
    assert (account["provider"], account["address"], account["name"]) == ("microsoft", OWNER, OWNER)
    (asked,) = microsoft.authorized
    assert (asked["login_hint"], asked["response_mode"]) == (OWNER, "form_post")
    assert (asked["code_challenge_method"], len(asked["code_challenge"])) == ("S256", 43)
    assert len(asked["state"]) >= 16
    assert re.fullmatch(r"http://localhost:\d+/", asked["redirect_uri"])
    calmerge.ok("sync")
    assert calmerge.titles() == ["Theirs"]
    calmerge.ok("event", "add", "--title", "Mine", "--start", "2026-11-25T14:00", "--tz", "Europe/Berlin")
    (theirs,) = [one for one in calmerge.ok("agenda", *WEEK)["instances"] if one["summary"] == "Theirs"]
    calmerge.ok("event", "edit", theirs["id"], "--title", "Changed here")
    calmerge.ok("sync")
    assert there(microsoft) == ["Changed here", "Mine"]
    calmerge.ok("account", "remove", account["id"])
    assert calmerge.ok("account", "list")["accounts"] == []
    assert there(microsoft) == ["Changed here", "Mine"]


def test_a_code_for_another_device(calmerge: Calmerge, microsoft: FakeMicrosoft, server: MicrosoftServer) -> None:
    """The address and the code stand on standard error; the program waits until they were used."""
    microsoft.pending = 1
    answer = calmerge("account", "add", "microsoft", *WITH_ID, "--device-code", "--json")
    assert answer.code == 0, answer.err
    assert f"open {server.url}/devicelogin and type the code CODE1234" in answer.err
    assert answer.json["account"]["address"] == OWNER
    assert microsoft.authorized == []
    calmerge.ok("sync")


def test_a_code_is_declined(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """One sentence, nothing linked."""
    microsoft.deny = True
    error = calmerge.refused("account", "add", "microsoft", *WITH_ID, "--device-code")
    assert (error["kind"], error["hint"]) == ("access", "Nothing was linked.")
    assert calmerge.ok("account", "list")["accounts"] == []


def test_a_code_nobody_types(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """The wait ends by itself."""
    microsoft.pending = 10_000
    calmerge.environment["CALMERGE_SIGN_IN_SECONDS"] = "1"
    error = calmerge.refused("account", "add", "microsoft", *WITH_ID, "--device-code")
    assert (error["kind"], error["message"]) == ("sign-in", "The code was not used in time.")


_REFUSALS = {
    "53003": ("access", "Your organisation does not allow this way of signing in."),
    "7000218": ("sign-in", "The registration at Microsoft does not allow programs on a desktop to sign in."),
    "50020": ("sign-in", "The registration at Microsoft does not take accounts of this kind."),
    "90094": ("sign-in", "Your organisation wants an administrator to agree before CalMerge may be used."),
    "700016": ("sign-in", "Microsoft does not know this program’s client id."),
    "50011": ("sign-in", "The registration at Microsoft lacks the address the browser comes back to."),
}


@pytest.mark.parametrize(("place", "number"), [
    ("devicecode", "7000218"), ("devicecode", "50020"), ("device_code", "53003"), ("authorize", "90094"),
    ("authorize", "53003"), ("authorization_code", "7000218"), ("authorization_code", "700016"), ("authorization_code", "50011"),
])  # fmt: skip
def test_what_the_sign_in_service_refuses(calmerge: Calmerge, microsoft: FakeMicrosoft, place: str, number: str) -> None:
    """A tenant that blocks codes, a registration that is not public or too narrow, an administrator who must agree."""
    microsoft.refusals[place] = ("invalid_grant", f"AADSTS{number}: canary-vendor-message of alice@secret.example")
    code = ("--device-code",) if "device" in place else ()
    error = calmerge.refused("account", "add", "microsoft", *WITH_ID, *code)
    assert (error["kind"], error["message"]) == _REFUSALS[number]
    assert error["hint"]
    assert "secret.example" not in calmerge.said
    assert calmerge.ok("account", "list")["accounts"] == []


def test_saying_no_in_the_browser(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """One sentence, exit 3."""
    microsoft.deny = True
    error = calmerge.refused("account", "add", "microsoft", *WITH_ID)
    assert (error["kind"], error["message"]) == ("access", "You did not allow the access in the browser.")


def test_a_word_nobody_knows(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """Said as it is, without what stands beside it: the service has trouble, later is worth a try."""
    microsoft.refusals["authorize"] = ("something_new", "canary-vendor-message")
    error = calmerge.refused("account", "add", "microsoft", *WITH_ID, code=4)
    assert error["message"] == "The sign-in page refused: something_new."
    assert calmerge.browser_errors() == ""  # it got its page before the program ended


def test_a_browser_that_is_closed(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """The wait ends by itself; the address stood on standard error."""
    calmerge.browse("")
    calmerge.environment["CALMERGE_SIGN_IN_SECONDS"] = "1"
    answer = calmerge("account", "add", "microsoft", *WITH_ID, "--json")
    assert (answer.code, answer.json["error"]["kind"]) == (3, "sign-in")
    assert "/oauth2/v2.0/authorize?" in answer.err


def test_a_client_id_microsoft_does_not_know(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """The browser shows Microsoft's own page and never comes back; by code it is known at once."""
    other = "99999999-2222-3333-4444-555555555555"
    calmerge.environment["CALMERGE_SIGN_IN_SECONDS"] = "1"
    assert calmerge.refused("account", "add", "microsoft", "--client-id", other)["kind"] == "sign-in"
    error = calmerge.refused("account", "add", "microsoft", "--client-id", other, "--device-code")
    assert error["message"] == "Microsoft does not know this program’s client id."


def test_without_a_client_and_with_nonsense(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """The way to one is named; what is no id and no tenant is one sentence each."""
    assert "docs/microsoft.md" in calmerge.refused("account", "add", "microsoft")["hint"]
    error = calmerge.refused("account", "add", "microsoft", "--client-id", "my app")
    assert (error["kind"], error["message"]) == ("input", "“my app” is no client id of Microsoft.")
    error = calmerge.refused("account", "add", "microsoft", *WITH_ID, "--tenant", "a/../b")
    assert (error["kind"], error["message"]) == ("input", "“a/../b” is no tenant of Microsoft.")
    assert microsoft.authorized == []


def test_the_tenant_is_kept(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """Without one it is `common`; a chosen one also counts when the token is renewed and at the next sign-in."""
    microsoft.tenant = "0f0f0f0f-1111-2222-3333-444444444444"
    account = calmerge.link("--tenant", "Contoso.example")
    assert set(microsoft.tenants) == {"contoso.example"}
    microsoft.end_access_tokens()
    calmerge.ok("sync")
    calmerge.ok("account", "reauth", account["id"])
    assert set(microsoft.tenants) == {"contoso.example"}
    calmerge.ok("account", "remove", account["id"])
    microsoft.tenants.clear()
    microsoft.tenant = PERSONAL
    calmerge.link()
    assert set(microsoft.tenants) == {"common"}


def test_a_taken_port(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """Only where one was chosen; the browser is not opened."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = str(held.getsockname()[1])
        error = calmerge.refused("account", "add", "microsoft", *WITH_ID, "--port", port)
    assert (error["kind"], port in error["message"]) == ("input", True)
    assert microsoft.authorized == []


def test_another_pages_answer_is_ignored(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """An answer with another state, a favicon and a stranger's form do not end the wait; the right one does."""
    noise = """
import urllib.error
back = urllib.parse.parse_qs(urllib.parse.urlsplit(URL).query)["redirect_uri"][0]
for more, body in (("favicon.ico", None), ("?code=x&state=wrong", None), ("", b"code=x&state=wrong"), ("?error=access_denied", None)):
    try:
        urllib.request.urlopen(back + more, body).read()
    except urllib.error.HTTPError as error:
        assert error.code == 404
    else:
        raise SystemExit("taken")
"""
    calmerge.browse(f"import sys, urllib.parse, urllib.request\nURL = sys.argv[1]\n{noise}\n{BROWSE}")
    calmerge.link()


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_interrupted_while_the_browser_is_open(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """Control-C ends the wait, and nothing is linked."""
    calmerge.browse("import time; time.sleep(4)")
    running = calmerge.start("account", "add", "microsoft", *WITH_ID)
    assert running.stderr is not None
    assert "browser" in running.stderr.readline()
    deadline = time.monotonic() + 60
    while running.poll() is None and time.monotonic() < deadline:  # once more, as a person presses it again
        running.send_signal(signal.SIGINT)
        time.sleep(1)
    _out, err = running.communicate(timeout=30)
    assert "Traceback" not in err
    assert running.returncode != 0
    assert calmerge.ok("account", "list")["accounts"] == []


def test_what_is_not_granted_is_done_without(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """Read only, said in a sentence and by the doctor; signing in again with the permission mends it."""
    microsoft.untick = frozenset({"https://graph.microsoft.com/Calendars.ReadWrite", "Calendars.ReadWrite"})
    answer = calmerge("account", "add", "microsoft", *WITH_ID, "--scope-level", "write", "--json")
    assert (answer.code, answer.json["error"]["kind"]) == (3, "access")
    microsoft.untick = frozenset({"Mail.Send", "https://graph.microsoft.com/Mail.Send"})
    answer = calmerge("account", "add", "microsoft", *WITH_ID, "--scope-level", "send", "--json")
    assert "Not every box was ticked at Microsoft" in answer.err
    found = [each for each in calmerge("doctor", "--json").json["checks"] if each["name"] == OWNER]
    assert (found[0]["ok"], found[0]["message"]) == (False, "CalMerge may read and change your events.")
    microsoft.untick = frozenset()
    calmerge.ok("account", "reauth", answer.json["account"]["id"])
    found = [each for each in calmerge("doctor", "--json").json["checks"] if each["name"] == OWNER]
    assert found[0]["ok"]


@pytest.mark.parametrize(("level", "scopes"), [
    ("freebusy", {"User.Read", "Calendars.ReadBasic"}), ("read", {"User.Read", "Calendars.Read"}),
    ("write", {"User.Read", "Calendars.ReadWrite"}), ("send", {"User.Read", "Calendars.ReadWrite", "Mail.Send"}),
    ("answers", {"User.Read", "Calendars.ReadWrite", "Mail.Send", "Mail.Read"}),
])  # fmt: skip
def test_the_ladder_asks_for_no_more_than_it_needs(
    calmerge: Calmerge, microsoft: FakeMicrosoft, level: str, scopes: set[str]
) -> None:
    """Scopes by rung as docs/microsoft.md lists them, and what the calendar then allows."""
    calmerge.link("--scope-level", level)
    assert set(microsoft.authorized[0]["scope"].split()) == scopes | {"openid", "profile", "offline_access"}
    (calendar,) = calmerge.ok("calendar", "list")["calendars"]
    assert calendar["access"] == ("write" if level in ("write", "send", "answers") else "read")
    row = next(line for line in (ROOT / "docs/microsoft.md").read_text().splitlines() if line.startswith(f"| `{level}`"))
    assert scopes - {"User.Read", "Calendars.ReadWrite"} <= set(re.findall(r"`([\w.]+)`", row))


def test_another_persons_sign_in_is_refused(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """Reauth with the wrong account changes nothing."""
    account = calmerge.link()
    microsoft.subject, microsoft.address = "11111111-0000-0000-0000-0000b0b00000", "bob@outlook.example.test"
    error = calmerge.refused("account", "reauth", account["id"])
    assert "but this account is" in error["message"]
    assert calmerge.ok("account", "list")["accounts"][0]["address"] == OWNER


def test_an_account_that_changes_its_primary_address(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """It goes on being read; after the next sign-in it is called by its new address, and is still the same account."""
    put(microsoft, "Kept")
    account = calmerge.link()
    calmerge.ok("sync")
    microsoft.address = "alice.new@outlook.example.test"
    calmerge.ok("sync")
    calmerge.ok("account", "reauth", account["id"])
    (after,) = calmerge.ok("account", "list")["accounts"]
    assert (after["id"], after["address"], after["name"]) == (account["id"], microsoft.address, microsoft.address)
    calmerge.ok("sync")
    assert calmerge.titles() == ["Kept"]
    assert "already linked" in calmerge.refused("account", "add", "microsoft", *WITH_ID)["message"]


def test_revoked_means_sign_in_again_and_nothing_is_lost(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """Cache and waiting edit stay; after the new sign-in, by code this time, the edit goes out."""
    put(microsoft, "Kept", location={"displayName": "canary-place"})
    account = calmerge.link()
    calmerge.ok("sync")
    calmerge.ok("event", "add", "--title", "Waiting", "--start", "2026-11-25T14:00", "--tz", "Europe/Berlin")
    microsoft.revoke()
    microsoft.end_access_tokens()
    assert calmerge("sync", "--json").code == 3
    assert calmerge.ok("account", "list")["accounts"][0]["reason"].startswith("Microsoft asks you to sign in again.")
    assert sorted(calmerge.titles()) == ["Kept", "Waiting"]
    calmerge.ok("account", "reauth", account["id"], "--device-code")
    calmerge.ok("sync")
    assert there(microsoft) == ["Kept", "Waiting"]


def test_a_service_that_has_trouble(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """Exit 4: nothing the person must do."""
    from tests.servers.vendor import Fault

    microsoft.faults.append(Fault("500", path="/token", times=9))
    assert calmerge.refused("account", "add", "microsoft", *WITH_ID, code=4)["kind"]
    microsoft.faults.clear()
    calmerge.environment["CALMERGE_MICROSOFT_AUTHORITY"] = "http://login.example.test"
    error = calmerge.refused("account", "add", "microsoft", *WITH_ID)
    assert error["message"] == "CALMERGE_MICROSOFT_AUTHORITY is no usable address."
    found = [each for each in calmerge("doctor", "--json").json["checks"] if each["name"] == "Microsoft registration"]
    assert [each["ok"] for each in found] == [True, False]


def test_a_build_carries_its_registration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Out of the environment of the build; anything else stops the build."""
    import hatch_build
    from calmerge_desktop import resources
    from calmerge_desktop.sync.providers.microsoft import client

    assert hatch_build.registrations({"CALMERGE_MICROSOFT_CLIENT": f" {CLIENT_ID.upper()} "}) == {"microsoft": CLIENT_ID}
    (tmp_path / "clients.json").write_text(json.dumps({"microsoft": CLIENT_ID}))
    monkeypatch.setattr(resources, "path", lambda name: tmp_path / name)
    assert client.chosen({}) == CLIENT_ID
    with pytest.raises(ValueError, match="client"):
        hatch_build.registrations({"CALMERGE_MICROSOFT_CLIENT": "my app"})

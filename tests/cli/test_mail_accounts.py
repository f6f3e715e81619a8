"""Mail through Gmail's and Microsoft's own interfaces: no server to name, no second password, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Calmerge
from tests.servers import linking
from tests.servers.google import GoogleServer
from tests.servers.microsoft import MicrosoftServer
from tests.servers.vendor import Fault


@dataclass
class World:
    """One vendor; `link` is what links an account there."""

    link: tuple[str, ...]
    state: Any
    path: str


@pytest.fixture(params=["google", "microsoft"])
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    if request.param == "google":
        google = GoogleServer()
        yield World(linking.google(google, tmp_path, monkeypatch.setenv), google.state, "/gmail/")
        assert google.state.complaints == []
        google.close()
        return
    microsoft = MicrosoftServer()
    yield World(linking.microsoft(microsoft, tmp_path, monkeypatch.setenv), microsoft.state, "/sendMail")
    assert microsoft.state.complaints == []
    microsoft.close()


def _linked(calmerge: Calmerge, world: World, level: str = "send") -> Any:
    """The account; invitations are written in a calendar on this computer, which sends none itself."""
    made = calmerge.ok("account", "add", *world.link, "--scope-level", level)["account"]
    calmerge.ok("account", "add", "local", "--name", "Own", "--address", made["address"])
    return made


def _letter(calmerge: Calmerge, title: str = "Review") -> None:
    event = calmerge.ok(
        "event", "add", "--title", title, "--start", "2027-11-23T10:00", "--tz", "Europe/Berlin", "--attendee",
        "bob@example.test", "--calendar", "Own",
    )["event"]["id"]  # fmt: skip
    calmerge.ok("invite", event, "--send")


def _outbox(calmerge: Calmerge) -> list[Any]:
    return list(calmerge.ok("mail", "outbox", "--all")["letters"])


def test_an_invitation_goes_out_by_the_account(calmerge: Calmerge, world: World) -> None:
    """One mail, whole: the calendar in it, to and from the right people."""
    account = _linked(calmerge, world)
    (box,) = calmerge.ok("mail", "list")["mailboxes"]  # the permission to send made it
    assert (box["address"], box["account"], box["smtp"]) == (account["address"], account["id"], None)
    assert calmerge.ok("mail", "add", "--account", account["id"], "--name", "Alice")["mailbox"]["name"] == "Alice"
    _letter(calmerge)
    assert calmerge.ok("sync")["mail"]["sent"] == 1
    calmerge.ok("sync")
    (mail,) = world.state.sent
    read = message_from_bytes(mail, policy=default)
    assert account["address"] in read["From"]
    assert read["To"] == "bob@example.test"
    kinds = [part.get_content_type() for part in read.walk()]
    assert {"text/plain", "text/html", "text/calendar"} <= set(kinds)
    assert [one["state"] for one in _outbox(calmerge)] == ["sent"]


def test_an_account_that_may_not_send(calmerge: Calmerge, world: World) -> None:
    """One sentence that says how to allow it; nothing is stored; afterwards it sends."""
    account = _linked(calmerge, world, "write")
    answer = calmerge("mail", "add", "--account", account["id"], "--json")
    assert answer.code == 3
    assert "may not send mail" in answer.json["error"]["message"]
    assert "--scope-level send" in answer.json["error"]["hint"]
    assert calmerge.ok("mail", "list")["mailboxes"] == []
    calmerge.ok("account", "reauth", account["id"], *world.link[1:], "--scope-level", "send")
    assert [one["account"] for one in calmerge.ok("mail", "list")["mailboxes"]] == [account["id"]]
    calmerge.ok("account", "remove", account["id"])
    assert calmerge.ok("mail", "list")["mailboxes"] == []


def test_what_sends_no_mail(calmerge: Calmerge) -> None:
    """Other accounts, and words that do not go together."""
    made = calmerge.ok("account", "add", "local", "--name", "Own", "--address", "me@example.test")["account"]
    answer = calmerge("mail", "add", "--account", made["id"], "--json")
    assert (answer.code, answer.json["error"]["message"]) == (3, "No mail is sent through “Own”.")
    told = calmerge("mail", "add", "--address", "me@outlook.com", "--json").json["error"]["message"]
    assert told.startswith("Microsoft takes no passwords from programs.")
    for words in (("--account", made["id"], "--smtp", "x:25"), ("--address", "me@example.test")):
        assert calmerge("mail", "add", *words).code == 3


@pytest.mark.parametrize(
    ("kind", "state", "taken"),
    [
        ("429", "waiting", 0), ("503", "waiting", 0), ("401", "sent", 1),
        ("lost", "unsure", 1), ("drop", "unsure", 0), ("500", "unsure", 0),
    ],
)  # fmt: skip
def test_trouble_in_the_middle(calmerge: Calmerge, world: World, kind: str, state: str, taken: int) -> None:
    """What surely did not leave waits; what may have left is never sent again by itself."""
    _linked(calmerge, world)
    _letter(calmerge)
    world.state.faults.append(Fault(kind, method="POST", path=world.path))
    calmerge("sync")
    calmerge("sync")
    assert [one["state"] for one in _outbox(calmerge)] == [state]
    assert len(world.state.sent) == taken
    if state != "sent":
        calmerge.ok("mail", "retry", str(_outbox(calmerge)[0]["id"]))
    calmerge("sync")
    assert [one["state"] for one in _outbox(calmerge)] == ["sent"]


def test_a_refused_mail_and_a_permission_taken_back(calmerge: Calmerge, world: World) -> None:
    """The letter says why; the account asks to sign in again and the letter waits."""
    _linked(calmerge, world)
    _letter(calmerge, "canary-refuse")
    calmerge("sync")
    (letter,) = _outbox(calmerge)
    assert letter["state"] == "refused"
    assert "refuses this mail" in letter["reason"]
    calmerge.ok("mail", "drop", str(letter["id"]))
    world.state.revoke()
    _letter(calmerge)
    calmerge("sync")
    assert [one["state"] for one in calmerge.ok("mail", "outbox")["letters"]] == ["waiting"]
    assert world.state.sent == []

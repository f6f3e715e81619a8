"""A linked Microsoft account by the real command line: both kinds of accounts, answers to invitations, the doctor."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Calmerge
from tests.servers.microsoft import BROWSE, CLIENT_ID, FakeMicrosoft, MicrosoftServer
from tests.servers.microsoft_events import OWNER, at

ROOT = Path(__file__).resolve().parents[2]
WEEK = ("--from", "2026-11-23", "--to", "2026-11-30", "--tz", "Europe/Berlin")


@pytest.fixture(scope="module")
def server() -> Iterator[MicrosoftServer]:
    made = MicrosoftServer()
    yield made
    made.close()


@pytest.fixture
def microsoft(server: MicrosoftServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeMicrosoft]:
    monkeypatch.setenv("CALMERGE_GRAPH_ENDPOINT", server.url)
    monkeypatch.setenv("CALMERGE_MICROSOFT_AUTHORITY", f"{server.url}/common")
    script = tmp_path / "browser.py"
    script.write_text(f"import sys\nURL = sys.argv[1]\n{BROWSE}")
    monkeypatch.setenv("BROWSER", f"{sys.executable} {script} %s")
    state = server.fresh()
    yield state
    assert state.complaints == []


def link(calmerge: Calmerge, *more: str) -> dict[str, Any]:
    made: dict[str, Any] = calmerge.ok("account", "add", "microsoft", "--client-id", CLIENT_ID, *more)["account"]
    return made


def titles(calmerge: Calmerge) -> list[str]:
    return sorted(each["summary"] for each in calmerge.ok("agenda", *WEEK)["instances"])


@pytest.mark.parametrize("tenant", ["9188040d-6c67-4c5b-b112-36a304b66dad", "72f988bf-86f1-41af-91ab-2d7cd011db47"])
def test_linked_read_and_written(calmerge: Calmerge, microsoft: FakeMicrosoft, tenant: str) -> None:
    """A personal account and one of an organisation: what is there comes, what is made here arrives, in both shapes."""
    microsoft.tenant = tenant
    microsoft.primary.put("there0", subject="There")
    account = link(calmerge)
    assert (account["provider"], account["address"]) == ("microsoft", OWNER)
    calmerge.ok("sync")
    assert titles(calmerge) == ["There"]
    times = ("--start", "2026-11-25T14:00", "--end", "2026-11-25T15:00", "--tz", "Europe/Vienna")
    calmerge.ok("event", "add", "--title", "Here", *times, "--rrule", "FREQ=WEEKLY;COUNT=3")
    calmerge.ok("sync")
    made = next(each for each in microsoft.primary.events.values() if each["subject"] == "Here")
    assert made["start"] == {"dateTime": "2026-11-25T14:00:00", "timeZone": "W. Europe Standard Time"}
    assert made["recurrence"]["range"]["numberOfOccurrences"] == 3
    assert titles(calmerge) == ["Here", "There"]


def test_answering_an_invitation(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """Accepted with a word: the mailbox is asked to tell the organizer, and nothing else is written."""
    invite(microsoft, "meet0")
    link(calmerge)
    calmerge.ok("sync")
    (one,) = calmerge.ok("agenda", *WEEK)["instances"]
    calmerge.ok("rsvp", one["id"], "accept", "--comment", '"Gladly", I')
    calmerge.ok("sync")
    assert [(key, action) for key, action, _body in microsoft.primary.sent] == [("meet0", "accept")]
    assert microsoft.primary.sent[0][2] == {"comment": '"Gladly", I', "sendResponse": True}
    assert calmerge.ok("agenda", *WEEK)["instances"][0]["partstat"] == "accepted"
    times = ("--start", "2099-11-24T14:00", "--end", "2099-11-24T15:00", "--tz", "Europe/Berlin")
    calmerge.ok("rsvp", one["id"], "counter", *times)
    calmerge.ok("sync")
    _key, action, body = microsoft.primary.sent[1]
    assert (action, body["proposedNewTime"]["start"]["dateTime"]) == ("tentativelyAccept", "2099-11-24T13:00:00")
    assert "NEW-TIME" not in str(calmerge.ok("event", "show", one["id"]))
    calmerge.ok("rsvp", one["id"], "decline")
    calmerge.ok("sync")
    calmerge.ok("sync")
    assert microsoft.primary.sent[-1][1] == "decline"
    assert titles(calmerge) == []


def invite(microsoft: FakeMicrosoft, key: str) -> None:
    microsoft.primary.put(
        key, subject="Meeting", start=at("2026-11-24T09:00:00"), end=at("2026-11-24T10:00:00"), isOrganizer=False,
        organizer={"emailAddress": {"name": "Bob", "address": "bob@example.test"}}, responseStatus={"response": "notResponded"},
        attendees=[{"type": "required", "emailAddress": {"name": "Alice", "address": OWNER}, "status": {"response": "none"}}],
    )  # fmt: skip


def test_the_doctor_says_what_a_sign_in_is_good_for(calmerge: Calmerge, microsoft: FakeMicrosoft) -> None:
    """What was granted, and what to do when it is less than was asked for."""
    lines = {each["name"]: each for each in calmerge("doctor", "--json").json["checks"]}
    assert "carries none" in lines["Microsoft registration"]["message"]
    microsoft.untick = frozenset({"Calendars.ReadWrite"})
    assert calmerge("account", "add", "microsoft", "--client-id", CLIENT_ID).code == 3
    microsoft.untick = frozenset({"Mail.Send"})
    account = link(calmerge, "--scope-level", "send")
    found = [each for each in calmerge("doctor", "--json").json["checks"] if each["name"] == OWNER]
    assert (found[0]["ok"], found[0]["message"]) == (False, "CalMerge may read and change your events.")
    assert found[0]["hint"].endswith(f"account reauth {account['id']}")

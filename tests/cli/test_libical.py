"""Every message that goes out, held against libical's table of RFC 5546."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Calmerge
from tests.cli.letters import calendar_part, letters, read
from tests.servers import libical

pytestmark = pytest.mark.skipif(bool(libical.missing()), reason=libical.missing() or "-")
BERLIN = ("--tz", "Europe/Berlin")
WHEN = ("--start", "2027-11-23T10:00", "--end", "2027-11-23T11:00", *BERLIN)
ALL_DAY = ("--start", "2027-11-23", "--end", "2027-11-24", "--all-day")


@pytest.mark.parametrize("when", [WHEN, (*WHEN, "--rrule", "FREQ=DAILY;COUNT=3"), ALL_DAY])
def test_what_goes_out_is_what_rfc_5546_asks_for(
    person: Callable[[str], Calmerge], tmp_path: Path, when: tuple[str, ...]
) -> None:
    """Invitation, answer, counter, the refusal of it, update, one date and all called off; as .ics and inside the mail."""
    alice, bob = person("alice"), person("bob")
    found: list[str] = []

    def invite(*more: str) -> str:
        (message, *_more) = alice.ok("invite", event, *more, "--send")["invitation"]["messages"]
        found.append(calendar_part(message["eml"]))
        assert found[-1].splitlines() == message["ics"].splitlines()
        return str(message["ics"])

    event = str(
        alice.ok("event", "add", "--title", "Review – Ä", *when, "--attendee", "bob@example.test")["event"]["id"]
    )  # fmt: skip
    read(bob, tmp_path, invite())
    (mine, *_more) = bob.ok("agenda", "--from", "2027-11-23", "--to", "2027-11-24", *BERLIN)["instances"]
    series = mine["id"].partition("@")[0]
    answers = ("accept", "tentative", "decline")
    found += [bob.ok("rsvp", series, one, "--comment", "So it is")["answer"]["ics"] for one in answers]
    if "--all-day" not in when:
        other = ("--start", "2027-11-23T14:00", "--end", "2027-11-23T15:00", *BERLIN)
        counter = bob.ok("rsvp", series, "counter", *other)["answer"]["ics"]
        found.append(counter)
        (wish,) = read(alice, tmp_path, counter)
        alice.ok("inbox", "decline", str(wish["id"]))
        refusal = calendar_part(letters(alice)[-1])
        assert "METHOD:DECLINECOUNTER" in refusal
        found.append(refusal)
    if "--rrule" in when:
        invite("--cancel", "--scope", "this")
    alice.ok("event", "edit", event, "--title", "Review again", "--scope", "all")
    invite()
    invite("--cancel")
    methods = [re.search(r"METHOD:(\w+)", text) for text in found]
    assert all(methods)
    assert {one[1] for one in methods if one} >= {"REQUEST", "REPLY", "CANCEL"}
    assert libical.complaints(found) == [[] for _one in found]


def test_the_check_can_fail() -> None:
    """A REPLY of nobody."""
    reply = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    assert all(libical.complaints([reply]))

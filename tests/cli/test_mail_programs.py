"""Mails in the shapes in which common programs send them: invitations, answers, counter-proposals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Calmerge

MAILS = Path(__file__).resolve().parents[1] / "mails"
DAY = ("--from", "2027-11-23", "--to", "2027-11-24", "--tz", "Europe/Berlin")
AT_TEN = ("2027-11-23T10:00:00+01:00", "2027-11-23T11:00:00+01:00")
MINE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:quarter-2027@alice.example.test
DTSTAMP:20261101T000000Z
DTSTART:20271123T090000Z
DTEND:20271123T100000Z
SUMMARY:Quartalsplanung
ORGANIZER;CN=Alice:mailto:alice@example.test
ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{guest}
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def _take(one: Calmerge, name: str) -> Any:
    (message,) = one.ok("inbox", "--read", str(MAILS / f"{name}.eml"))["messages"]
    return message


def _event(one: Calmerge) -> Any:
    (found,) = one.ok("agenda", *DAY)["instances"]
    return found


@pytest.mark.parametrize(
    ("program", "organizer"),
    [
        ("google", "olga@example.org"),
        ("outlook", "juergen@example.org"),
        ("apple", "anna@example.org"),
        ("thunderbird", "theo@example.org"),
        ("nextcloud", "nele@example.org"),
    ],
)
def test_an_invitation_is_read_shown_and_answered(calmerge: Calmerge, program: str, organizer: str) -> None:
    """The right time, whatever the zone is called; taken in once though it may be attached twice; the answer goes back."""
    calmerge.ok("account", "add", "local", "--name", "Own", "--address", "alice@example.test")
    taken = _take(calmerge, f"{program}-invites")
    assert taken["kind"] == "invitation", taken
    event = _event(calmerge)
    assert (event["summary"], event["start"], event["end"]) == ("Quartalsplanung", *AT_TEN)
    assert event["organizer"]["address"] == organizer
    answer = calmerge.ok("rsvp", event["id"], "accept")["answer"]
    assert answer["to"] == [organizer]
    assert "PARTSTAT=ACCEPTED" in answer["ics"].replace("\r\n ", "")
    again = calmerge.ok("inbox", "--read", str(MAILS / f"{program}-invites.eml"))["messages"]
    assert [one["kind"] for one in again if one["kind"] == "invitation" and one.get("new", False)] == []
    assert _event(calmerge)["partstat"] == "accepted"


@pytest.mark.parametrize(
    ("name", "guest", "partstat"),
    [
        ("google-accepts", "olga@example.org", "accepted"),
        ("outlook-declines", "juergen@example.org", "declined"),
        ("apple-accepts", "anna@example.org", "accepted"),
        ("thunderbird-tentative", "theo@example.org", "tentative"),
    ],
)
def test_an_answer_reaches_the_event(calmerge: Calmerge, tmp_path: Path, name: str, guest: str, partstat: str) -> None:
    """The guest's own line changes and nothing else."""
    _organize(calmerge, tmp_path, guest)
    _take(calmerge, name)
    people = {one["address"]: one["partstat"] for one in _event(calmerge)["attendees"]}
    assert people == {guest: partstat}
    assert (_event(calmerge)["start"], _event(calmerge)["end"]) == AT_TEN


def test_an_answer_that_a_server_sends_for_a_guest_is_shown_only(calmerge: Calmerge, tmp_path: Path) -> None:
    """Anybody can write a Reply-To, so it changes nothing that is there."""
    _organize(calmerge, tmp_path, "nele@example.org")
    assert _take(calmerge, "nextcloud-accepts")["kind"] == "not-allowed"
    assert [one["partstat"] for one in _event(calmerge)["attendees"]] == ["needs-action"]


def test_another_time_from_outlook(calmerge: Calmerge, tmp_path: Path) -> None:
    """Shown with its time and word; accepted, the event moves."""
    _organize(calmerge, tmp_path, "juergen@example.org")
    taken = _take(calmerge, "outlook-counters")
    assert (taken["kind"], taken["start"]) == ("counter", "2027-11-23T15:00:00+01:00")
    calmerge.ok("inbox", "accept", str(taken["id"]))
    assert _event(calmerge)["start"] == "2027-11-23T15:00:00+01:00"


def _organize(calmerge: Calmerge, tmp_path: Path, guest: str) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "one.ics").write_bytes(MINE.format(guest=guest).encode())
    calmerge.ok("account", "add", "ics", str(folder), "--name", "Own", "--address", "alice@example.test")
    calmerge.ok("sync")

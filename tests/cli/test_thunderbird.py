"""What `invite` and `rsvp` write, opened and answered in Thunderbird; what it mails, taken by the inbox."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Calmerge
from tests.cli.letters import calendar_part, letters, read
from tests.cli.meetings import ALL_DAY, DAILY, TZ, WHEN, at, expected, meeting, occurrences
from tests.servers import thunderbird
from tests.servers.smtp import SmtpServer
from tests.servers.thunderbird import Thunderbird

pytestmark = pytest.mark.skipif(thunderbird.PROGRAM is None, reason="Thunderbird is not installed")
MEETING = """BEGIN:VEVENT
UID:theirs-{number}@bob.example.test
DTSTAMP:20261101T000000Z
DTSTART:20271123T090000Z
DTEND:20271123T100000Z
SUMMARY:Quartalsplanung – Größe
END:VEVENT
"""
SERIES = """BEGIN:VEVENT
UID:series-{number}@bob.example.test
DTSTAMP:20261101T000000Z
DTSTART;TZID=America/New_York:20271102T090000
DTEND;TZID=America/New_York:20271102T100000
RRULE:FREQ=WEEKLY;COUNT=4
SUMMARY:Quartalsplanung
END:VEVENT
"""


@pytest.fixture(scope="module")
def post() -> Iterator[SmtpServer]:
    server = SmtpServer(None)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def bob(post: SmtpServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Thunderbird]:
    """Bob's Thunderbird."""
    made = Thunderbird(tmp_path_factory.mktemp("thunderbird"), "bob@example.test", post.port)
    yield made
    made.close()


@pytest.fixture
def alice(person: Callable[[str], Calmerge]) -> Calmerge:
    return person("alice")


def _mailed(post: SmtpServer, deed: Callable[[], Any]) -> bytes:
    """What left Thunderbird by a deed: one mail to Alice."""
    before = len(post.mails)
    deed()
    end = time.monotonic() + 60
    while len(post.mails) == before:
        assert time.monotonic() < end, "no mail left"
        time.sleep(0.02)
    (sender, to, mail), *more = post.mails[before:]
    assert (sender, to, more) == ("bob@example.test", ["alice@example.test"], [])
    return mail


def _answer(alice: Calmerge, event: str, *words: str) -> str:
    """The mail of an answer, in a second of its own: DTSTAMP counts seconds and orders answers (RFC 5546 §2.1.5)."""
    second = int(time.time())
    while int(time.time()) == second:
        time.sleep(0.02)
    alice.ok("rsvp", event, *words)
    return letters(alice)[-1]


def _mail(alice: Calmerge, event: str, *more: str) -> tuple[str, str]:
    """The mail of an invitation as it leaves, and the UID."""
    made = alice.ok("invite", event, *more, "--send")["invitation"]
    (message,) = made["messages"]
    return message["eml"], made["uid"]


@pytest.mark.parametrize(
    ("when", "later", "button"),
    [
        (WHEN, ("--start", "2027-11-24T14:00", "--end", "2027-11-24T15:30", *TZ), "imip{}Button"),
        (DAILY, ("--start", "2027-11-23T08:00", "--end", "2027-11-23T08:30", *TZ), "imip{}RecurrencesButton"),
        (ALL_DAY, ("--start", "2027-11-24", "--end", "2027-11-25", "--all-day"), "imip{}Button"),
    ],
    ids=["once", "daily", "all-day"],
)
def test_invited_changed_answered_and_called_off(
    alice: Calmerge, bob: Thunderbird, post: SmtpServer, tmp_path: Path, when: Any, later: Any, button: str
) -> None:
    """Thunderbird offers the right buttons at each step and keeps what Alice sees; its mails count."""
    event = meeting(alice, when)
    mail, uid = _mail(alice, event)
    shown = bob.show(mail)
    assert (shown["method"], shown["action"], shown["sender"]) == ("REQUEST", "REQUEST", "alice@example.test")
    assert shown["title"] == "Review – Ä; alle, bitte"
    assert shown["attachments"] == [["application/ics", "invite.ics"]]
    assert "Please accept or decline" in shown["text"]
    assert ("Every day, 5 times" in shown["text"]) is ("--rrule" in when)
    yes = _mailed(post, lambda: bob.press(button.format("Accept")))
    assert bob.events(uid) == [expected(alice, event, 0, "ACCEPTED")]
    (answer,) = read(alice, tmp_path, yes)
    assert (answer["kind"], answer["from"], answer["partstat"]) == ("answer", "bob@example.test", "accepted")

    alice.ok("event", "edit", event, "--title", "Review again", *later, "--scope", "all")
    shown = bob.show(_mail(alice, event)[0])
    assert (shown["action"], shown["title"].splitlines()[0]) == ("REQUEST:UPDATE", "Review again")
    maybe = _mailed(post, lambda: bob.press(button.format("Tentative")))
    assert bob.events(uid) == [expected(alice, event, 1, "TENTATIVE")]
    (answer,) = read(alice, tmp_path, maybe)
    assert (answer["kind"], answer["partstat"]) == ("answer", "tentative")
    people = {one["address"]: one["partstat"] for one in alice.ok("event", "show", event)["event"]["attendees"]}
    assert people["bob@example.test"] == "tentative"

    shown = bob.show(_mail(alice, event, "--cancel", "--comment", "Ich bin krank")[0])
    assert (shown["method"], shown["action"], shown["buttons"]) == ("CANCEL", "CANCEL", ["imipDeleteButton"])
    assert shown["when"].startswith("Occurs every day") is ("--rrule" in when)
    bob.press("imipDeleteButton")
    assert bob.events(uid) == []


def test_single_occurrences_are_moved_and_cancelled(
    alice: Calmerge, bob: Thunderbird, post: SmtpServer, tmp_path: Path
) -> None:
    """Each by a mail of its own, then the whole series again: Thunderbird's days are Alice's."""
    series = meeting(alice, DAILY)
    mail, uid = _mail(alice, series)
    bob.show(mail)
    _mailed(post, lambda: bob.press("imipAcceptRecurrencesButton"))
    moved, off = f"{series}@20271124T090000Z", f"{series}@20271126T090000Z"
    alice.ok("event", "edit", moved, "--scope", "this", "--start", "2027-11-24T16:00", "--end", "2027-11-24T18:00", *TZ)
    shown = bob.show(_mail(alice, moved, "--scope", "this")[0])
    assert shown["action"] == "REQUEST:UPDATE"
    no = _mailed(post, lambda: bob.press("imipDeclineButton"))
    whole, one = bob.events(uid)
    assert (one["rid"], one["start"]) == (at("2027-11-24", 10), at("2027-11-24", 16))
    assert [each["attendees"]["mailto:bob@example.test"] for each in (whole, one)] == ["ACCEPTED", "DECLINED"]
    (answer,) = read(alice, tmp_path, no)
    assert (answer["kind"], answer["partstat"]) == ("answer", "declined")

    bob.show(_mail(alice, off, "--cancel", "--scope", "this")[0])
    bob.press("imipDeleteButton")
    seen = occurrences(alice)
    assert len(seen) == 4
    assert bob.occurrences(uid, at("2027-11-22"), at("2027-11-30")) == seen

    alice.ok("event", "edit", series, "--title", "Review again", "--scope", "all")
    bob.show(_mail(alice, series)[0])
    _mailed(post, lambda: bob.press("imipAcceptRecurrencesButton"))
    assert bob.occurrences(uid, at("2027-11-22"), at("2027-11-30")) == seen
    assert {each["summary"] for each in bob.events(uid)} == {"Review again"}


@pytest.mark.parametrize("when", [WHEN, DAILY, ALL_DAY], ids=["once", "daily", "all-day"])
def test_the_file_is_read_as_the_mail(alice: Calmerge, bob: Thunderbird, when: Any) -> None:
    """`--format ics`, as Thunderbird imports it."""
    event = meeting(alice, when)
    found = bob.parse(alice("invite", event, "--format", "ics").out)
    assert found == {"method": "REQUEST", "events": [expected(alice, event, 0)], "left": 0}


def test_our_answers_are_taken(alice: Calmerge, bob: Thunderbird, post: SmtpServer, tmp_path: Path) -> None:
    """Bob invites from Thunderbird; Alice accepts, asks for another time, declines; he calls it off."""
    uid = ""

    def invite() -> None:
        nonlocal uid
        uid = bob.invite(MEETING.format(number=1), "alice@example.test")

    (asked,) = read(alice, tmp_path, _mailed(post, invite))
    assert (asked["kind"], asked["from"]) == ("invitation", "bob@example.test")
    (mine,) = alice.ok("agenda", "--from", "2027-11-23", "--to", "2027-11-24", *TZ)["instances"]
    assert (mine["summary"], mine["start"]) == ("Quartalsplanung – Größe", "2027-11-23T10:00:00+01:00")

    shown = bob.show(_answer(alice, mine["id"], "accept", "--comment", "Gern"))
    assert (shown["method"], shown["action"], shown["buttons"]) == ("REPLY", "REPLY", ["imipUpdateButton"])
    bob.press("imipUpdateButton")
    assert bob.events(uid)[0]["attendees"]["mailto:alice@example.test"] == "ACCEPTED"

    other = ("--start", "2027-11-24T15:00", "--end", "2027-11-24T16:00", *TZ)
    shown = bob.show(_answer(alice, mine["id"], "counter", *other, "--comment", "Lieber morgen"))
    assert (shown["method"], shown["action"]) == ("COUNTER", "COUNTER")
    assert shown["buttons"] == ["imipDeclineCounterButton", "imipRescheduleButton"]
    assert bob.counter() == {
        "result": "OK",
        "differences": {"DTSTART": "20271124T150000", "DTEND": "20271124T160000", "COMMENT": "Lieber morgen"},
    }
    (kept,) = read(alice, tmp_path, _mailed(post, lambda: bob.press("imipDeclineCounterButton")))
    assert kept["kind"] == "counter-declined"

    (later,) = read(alice, tmp_path, _mailed(post, lambda: bob.postpone(uid, 3600)))
    assert later["kind"] == "update"
    (mine,) = alice.ok("agenda", "--from", "2027-11-23", "--to", "2027-11-24", *TZ)["instances"]
    assert (mine["start"], mine["partstat"]) == ("2027-11-23T11:00:00+01:00", "needs-action")
    bob.show(_answer(alice, mine["id"], "decline"))
    bob.press("imipUpdateButton")
    assert bob.events(uid)[0]["attendees"]["mailto:alice@example.test"] == "DECLINED"

    (gone,) = read(alice, tmp_path, _mailed(post, lambda: bob.call_off(uid)))
    assert gone["kind"] == "cancelled"


def test_one_occurrence_of_their_series_is_answered(
    alice: Calmerge, bob: Thunderbird, post: SmtpServer, tmp_path: Path
) -> None:
    """In a zone of its own, across a change of the clocks there: Thunderbird marks that date and no other."""
    uid = ""

    def invite() -> None:
        nonlocal uid
        uid = bob.invite(SERIES.format(number=1), "alice@example.test")

    read(alice, tmp_path, _mailed(post, invite))
    days = alice.ok("agenda", "--from", "2027-11-01", "--to", "2027-11-30", *TZ)["instances"]
    assert [one["start"][5:16] for one in days] == ["11-02T14:00", "11-09T15:00", "11-16T15:00", "11-23T15:00"]
    for day, word in (("2027-11-09", "decline"), ("2027-11-16", "tentative")):
        one = next(each["id"] for each in days if each["start"].startswith(day))
        bob.show(_answer(alice, one, word, "--scope", "this"))
        bob.press("imipUpdateButton")
    bob.show(_answer(alice, days[0]["id"].partition("@")[0], "accept"))
    bob.press("imipUpdateButton")
    _series, second, third = bob.events(uid)
    assert [one["rid"] for one in (second, third)] == [at("2027-11-09", 15), at("2027-11-16", 15)]
    assert [one["attendees"]["mailto:alice@example.test"] for one in (second, third)] == ["DECLINED", "TENTATIVE"]
    assert _series["attendees"]["mailto:alice@example.test"] == "ACCEPTED"


def test_a_guest_who_is_left_out_loses_the_event(alice: Calmerge, bob: Thunderbird, post: SmtpServer) -> None:
    """The CANCEL names him alone; the meeting takes place (RFC 5546 §3.2.5)."""
    event = meeting(alice, WHEN)
    mail, uid = _mail(alice, event)
    bob.show(mail)
    _mailed(post, lambda: bob.press("imipAcceptButton"))
    alice.ok("event", "edit", event, "--attendee", "carol@example.test", "--scope", "all")
    asked, left_out = alice.ok("invite", event, "--send")["invitation"]["messages"]
    assert (asked["to"], left_out["to"]) == (["carol@example.test"], ["bob@example.test"])
    shown = bob.show(left_out["eml"])
    assert (shown["method"], shown["buttons"]) == ("CANCEL", ["imipDeleteButton"])
    bob.press("imipDeleteButton")
    assert bob.events(uid) == []


def test_a_guest_of_one_occurrence_sees_it_alone(
    alice: Calmerge, bob: Thunderbird, post: SmtpServer, tmp_path: Path
) -> None:
    """Invited to one date of a series he knows nothing of."""
    made = alice.ok("event", "add", "--title", "Team", *DAILY, "--attendee", "carol@example.test")
    series = str(made["event"]["id"]).partition("@")[0]
    alice.ok("invite", series, "--send")
    second = f"{series}@20271124T090000Z"
    alice.ok(
        "event", "edit", second, "--scope", "this", "--attendee", "carol@example.test", "--attendee", "bob@example.test"
    )
    sent = alice.ok("invite", second, "--scope", "this", "--send")["invitation"]
    (mail,) = [one["eml"] for one in sent["messages"] if "bob@example.test" in one["to"]]
    shown = bob.show(mail)
    assert (shown["action"], shown["title"]) == ("REQUEST", "Team")
    yes = _mailed(post, lambda: bob.press(next(one for one in shown["buttons"] if "Accept" in one)))
    assert bob.occurrences(sent["uid"], at("2027-11-20"), at("2027-11-30")) == [(at("2027-11-24", 10), at("2027-11-24", 11))]
    (answer,) = read(alice, tmp_path, yes)
    assert (answer["kind"], answer["partstat"]) == ("answer", "accepted")


def test_a_proposal_that_is_declined_is_told(
    alice: Calmerge, bob: Thunderbird, post: SmtpServer, person: Callable[[str], Calmerge], tmp_path: Path
) -> None:
    """Thunderbird proposes no other time itself: what Bob wishes from elsewhere is answered in both places."""
    elsewhere = person("bob")
    event = meeting(alice, WHEN)
    alice.ok("invite", event, "--send")
    mail, uid = _mail(alice, event)
    read(elsewhere, tmp_path, mail)
    bob.show(mail)
    _mailed(post, lambda: bob.press("imipAcceptButton"))
    (mine,) = elsewhere.ok("agenda", "--from", "2027-11-23", "--to", "2027-11-24", *TZ)["instances"]
    other = ("--start", "2027-11-23T15:00", "--end", "2027-11-23T16:00", *TZ)
    (wish,) = read(alice, tmp_path, _answer(elsewhere, mine["id"], "counter", *other))
    alice.ok("inbox", "decline", str(wish["id"]))
    refusal = letters(alice)[-1]
    assert "SEQUENCE:1" in calendar_part(refusal).splitlines()
    shown = bob.show(refusal)
    assert (shown["method"], shown["action"]) == ("DECLINECOUNTER", None)
    assert "the meeting stays as it is" in " ".join(shown["text"].split())
    (kept,) = read(elsewhere, tmp_path, refusal)
    assert kept["kind"] == "counter-declined"
    assert bob.events(uid) == [expected(alice, event, 1, "ACCEPTED")]

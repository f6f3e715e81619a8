"""What waits for the person, as the window's inbox knows it: by command lines, and on the profile behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from calmerge_desktop.app.desk import Desk
from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core.agenda.requesting import Request
from calmerge_desktop.core.errors import BadInput, Conflict
from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.proposal.model import State
from tests.cli.conftest import Calmerge
from tests.cli.test_inviting import _event, _give, _mail, _meeting

Person = Callable[[str], Calmerge]


@contextmanager
def desk_of(one: Calmerge) -> Iterator[Desk]:
    """The jobs on a person's profile."""
    profile = Profile.open(str(one.home))
    try:
        yield profile.desk
    finally:
        profile.close()


def only(desk: Desk) -> Request:
    (found,) = desk.requests.list()
    return found


def waiting(desk: Desk) -> list[str]:
    return [one.kind for one in desk.requests.list() if one.open]


def letters(desk: Desk) -> list[str]:
    return [one.key.split(":")[0] for one in desk.mail.outbox()]


@pytest.fixture
def invited(person: Person, tmp_path: Path) -> tuple[Calmerge, Calmerge, str]:
    """Bob has Alice's invitation; with the event at Alice's."""
    alice, bob = person("alice"), person("bob")
    event = _meeting(alice)
    _give(bob, alice.ok("invite", event, "--send")["invitation"]["messages"][0]["eml"], tmp_path)
    return alice, bob, event


def _cal_text(summary: str, *, partstat: str = "NEEDS-ACTION", uid: str = "x1", more: str = "") -> str:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20261101T080000Z\r\nDTSTART:20270110T090000Z\r\nDTEND:20270110T100000Z\r\n{more}"
        f"SUMMARY:{summary}\r\nORGANIZER;CN=Mei Chen:mailto:mei@example.test\r\n"
        f"ATTENDEE;PARTSTAT={partstat}:mailto:bob@example.test\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def test_an_invitation_waits_until_it_is_answered(invited: tuple[Calmerge, Calmerge, str]) -> None:
    """With who, what and when; the answer settles it, by whatever way it is given."""
    _alice, bob, _event_id = invited
    (found,) = bob.ok("inbox")["requests"]
    assert (found["kind"], found["from"], found["summary"]) == ("invitation", "alice@example.test", "Review")
    assert found["start"] == "2027-11-23T10:00:00+01:00"
    bob.ok("rsvp", _event(bob)["id"], "accept")
    assert bob.ok("inbox")["requests"] == []
    (done,) = bob.ok("inbox", "--all")["requests"]
    assert (done["open"], done["partstat"], done["letter"]) == (False, "accepted", "waiting")


def test_an_answer_can_be_taken_back_while_its_mail_waits(invited: tuple[Calmerge, Calmerge, str]) -> None:
    """Then nothing was answered: no letter, no PARTSTAT, and it waits again. Answering anew makes a new letter."""
    with desk_of(invited[1]) as desk:
        asked = only(desk)
        deed = desk.requests.answer(asked.event, "accepted", comment="Gern", wait=10)
        assert (deed.recipients, letters(desk), waiting(desk)) == (("alice@example.test",), ["REPLY"], [])
        desk.requests.take_back(deed)
        assert (letters(desk), waiting(desk), only(desk).partstat) == ([], ["invitation"], "needs-action")
        desk.requests.answer(asked.event, "declined", wait=10)
        assert (letters(desk), only(desk).partstat) == (["REPLY"], "declined")


def test_a_letter_that_left_is_not_taken_back(invited: tuple[Calmerge, Calmerge, str]) -> None:
    """The person is told, and the answer in the calendar stays what the organizer was told."""
    with desk_of(invited[1]) as desk:
        deed = desk.requests.answer(only(desk).event, "accepted", wait=10)
        post = desk._profile.store.post
        (letter,) = post.letters()
        assert post.due(letter.created) == []
        assert post.claim(letter.id)
        with pytest.raises(Conflict, match="left already"):
            desk.requests.take_back(deed)
        assert only(desk).partstat == "accepted"


def test_another_time_waits_for_the_organizer(invited: tuple[Calmerge, Calmerge, str]) -> None:
    """It does not wait for the person any more, though the event has no answer; a newer version asks again."""
    with desk_of(invited[1]) as desk:
        times = [Stamp(datetime(2027, 11, 24, hour), "Europe/Berlin") for hour in (14, 15)]
        deed = desk.requests.propose(only(desk).event, *times, wait=10)
        assert (letters(desk), waiting(desk)) == (["COUNTER"], [])
        desk.requests.take_back(deed)
        assert (letters(desk), waiting(desk)) == ([], ["invitation"])


def test_a_counter_proposal_is_shown_with_both_times_and_settled(
    invited: tuple[Calmerge, Calmerge, str], tmp_path: Path
) -> None:
    """Kept: the guest is told; taken back: it waits again; accepted: the event moves and everybody is told."""
    alice, bob, event = invited
    wish = bob.ok(
        "rsvp", _event(bob)["id"], "counter", "--start", "2027-11-24T14:00", "--end", "2027-11-24T15:00",
        "--tz", "Europe/Berlin",
    )["answer"]  # fmt: skip
    _give(alice, _mail(wish["ics"], "COUNTER", "bob@example.test"), tmp_path)
    with desk_of(alice) as desk:
        asked = only(desk)
        assert (asked.kind, asked.open, asked.event) == ("counter", True, event)
        assert asked.was is not None
        assert asked.start - asked.was[0] == 28 * 3600
        assert asked.guests == ("bob@example.test", "carol@example.test")
        deed = desk.requests.keep_time(asked.message, wait=10)
        assert letters(desk)[-1] == "DECLINECOUNTER"
        desk.requests.take_back(deed)
        assert waiting(desk) == ["counter"]
        desk.requests.accept_time(asked.message)
        assert waiting(desk) == []
    assert _event(alice, "2027-11-24")["start"] == "2027-11-24T14:00:00+01:00"


def test_a_cancelled_event_can_be_removed_and_brought_back(invited: tuple[Calmerge, Calmerge, str], tmp_path: Path) -> None:
    """The invitation that came before waits no more."""
    alice, bob, event = invited
    _give(bob, alice.ok("invite", event, "--cancel")["invitation"]["messages"][0]["eml"], tmp_path, "over.eml")
    with desk_of(bob) as desk:
        (over,) = [one for one in desk.requests.list() if one.open]
        assert (over.kind, over.title) == ("cancelled", "Review")
        deed = desk.requests.remove(over)
        assert waiting(desk) == []
        desk.requests.take_back(deed)
        assert waiting(desk) == ["cancelled"]
    assert _event(bob)["status"] == "cancelled"


def test_an_update_takes_the_place_of_the_invitation(invited: tuple[Calmerge, Calmerge, str], tmp_path: Path) -> None:
    """One row waits, and says from when to when it moved; words alone move nothing."""
    alice, bob, event = invited
    alice.ok("event", "edit", event, "--start", "2027-11-23T12:00", "--end", "2027-11-23T13:00", "--tz", "Europe/Berlin")
    _give(bob, alice.ok("invite", event, "--send")["invitation"]["messages"][0]["eml"], tmp_path, "moved.eml")
    with desk_of(bob) as desk:
        (asked,) = [one for one in desk.requests.list() if one.open]
        assert (asked.kind, asked.moved) == ("update", True)
        assert asked.was is not None
        assert asked.start - asked.was[0] == 2 * 3600
    alice.ok("event", "edit", event, "--location", "Room 2")
    _give(bob, alice.ok("invite", event, "--send")["invitation"]["messages"][0]["eml"], tmp_path, "words.eml")
    with desk_of(bob) as desk:
        (asked,) = [one for one in desk.requests.list() if one.open]
        assert (asked.kind, asked.moved, asked.place) == ("update", False, "Room 2")


def test_a_stranger_changes_nothing(invited: tuple[Calmerge, Calmerge, str], tmp_path: Path) -> None:
    """What was not allowed is shown and can only be put aside."""
    alice, bob, event = invited
    over = alice.ok("invite", event, "--cancel")["invitation"]["messages"][0]["ics"]
    _give(bob, _mail(over, "CANCEL", "eve@example.test"), tmp_path)
    with desk_of(bob) as desk:
        refused = next(one for one in desk.requests.list() if one.kind == "not-allowed")
        assert (refused.open, refused.address, refused.title) == (True, "eve@example.test", "Review")
        desk.requests.settle(refused)
        assert waiting(desk) == ["invitation"]


def test_what_a_provider_put_into_the_calendar_waits_too(person: Person) -> None:
    """An event without the person's answer, of which no mail came; an answered one and one's own do not."""
    bob = person("bob")
    with desk_of(bob) as desk:
        calendar = desk.accounts.list()[0].calendars[0].calendar.id
        desk.events.add_text(calendar, _cal_text("Asked"))
        desk.events.add_text(calendar, _cal_text("Answered", partstat="ACCEPTED", uid="x2"))
        asked = only(desk)
        assert (asked.kind, asked.title, asked.who, asked.message) == ("invitation", "Asked", "Mei Chen", 0)
        deed = desk.requests.settle(asked)
        assert waiting(desk) == []
        desk.requests.take_back(deed)
        assert waiting(desk) == ["invitation"]
        desk.requests.settle(next(one for one in desk.requests.list() if one.open))
        assert waiting(desk) == []
        key = next(one.event for one in desk.requests.list() if one.title == "Asked")
        desk.events.keep_text(key, _cal_text("Asked", more="SEQUENCE:3\r\n"))
        assert waiting(desk) == ["invitation"]
        desk.requests.settle(next(one for one in desk.requests.list() if one.open))
        assert waiting(desk) == []


def test_whether_it_fits(invited: tuple[Calmerge, Calmerge, str]) -> None:
    """A clash is named; the event itself is none; what follows without a break is told."""
    _alice, bob, _id = invited
    bob.ok("event", "add", "--title", "Dentist", "--start", "2027-11-23T10:30", "--end", "2027-11-23T11:30", "--tz",
           "Europe/Berlin")  # fmt: skip
    bob.ok("event", "add", "--title", "Lunch", "--start", "2027-11-24T15:00", "--end", "2027-11-24T16:00", "--tz",
           "Europe/Berlin")  # fmt: skip
    with desk_of(bob) as desk:
        asked = only(desk)
        fit = desk.requests.fit(asked)
        assert [one.summary for _start, one in fit.clashes] == ["Dentist"]
        day = 86_400 + 4 * 3600
        other = desk.requests.fit(asked, (asked.start + day, asked.end + day))
        assert (other.clashes, other.before, other.after and other.after.summary) == ((), None, "Lunch")


def test_every_date_of_a_series_is_looked_at(person: Person, tmp_path: Path) -> None:
    """Three dates, one of them taken; an all-day event is not compared with hours."""
    alice, bob = person("alice"), person("bob")
    event = _meeting(alice, "--rrule", "FREQ=DAILY;COUNT=3")
    _give(bob, alice.ok("invite", event, "--send")["invitation"]["messages"][0]["eml"], tmp_path)
    bob.ok("event", "add", "--title", "Dentist", "--start", "2027-11-24T10:30", "--end", "2027-11-24T11:30", "--tz",
           "Europe/Berlin")  # fmt: skip
    with time_machine.travel("2027-11-20T08:00:00Z", tick=False), desk_of(bob) as desk:
        asked = only(desk)
        fit = desk.requests.fit(asked)
        assert (fit.dates, [one.summary for _start, one in fit.clashes]) == (3, ["Dentist"])
        assert desk.requests.fit(replace(asked, all_day=True)).dates == 0


def test_an_answer_to_an_offer_waits_for_the_person(person: Person) -> None:
    """Even a genuine token is only booked by the person when it came by their own hand; aside: the offer stands."""
    alice = person("alice")
    made: Any = alice.ok(
        "propose", "30m", "--to", "sam@example.test", "--title", "Talk",
        "--slot", "2027-11-23T10:00", "--slot", "2027-11-24T10:00", "--tz", "Europe/Berlin",
    )["proposal"]  # fmt: skip
    text = f"Das passt gut.\n\n> {made['slots'][1]['token']}\n".encode()
    with desk_of(alice) as desk:
        (key,) = desk.requests.take(text)
        asked = only(desk)
        assert (asked.key, asked.kind, asked.open) == (key, "proposal", True)
        assert (asked.choices, asked.how, asked.comment) == ((1,), "token", "Das passt gut.")
        assert asked.start == asked.slots[1][0]
        desk.requests.settle(asked)
        assert only(desk).kind == "offer"
        desk.requests.take(b"Mittwoch um 10:00 Uhr ginge.")
        asked = only(desk)
        assert (asked.how, asked.choices, asked.confidence) == ("words", (1,), 0.8)
        booked = desk.requests.book(asked.proposal, 1)
        assert booked.state is State.BOOKED
        assert only(desk).kind == "booked"


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "no event"),
        (b"Hello, how are you?", "no event"),
        (b"From: a@example.test\r\nContent-Type: text/html; charset=nonsense\r\n\r\n<p>Hi\xff</p>", "carries no invitation"),
        (b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n", "no event"),
        (b"x" * 50_000_000, "too large"),
        (b"BEGIN:VCALENDAR\r\n" + b"x" * 50_000_000, "too large"),
    ],
    ids=["empty", "words", "html", "hollow", "large", "large-ics"],
)
def test_what_cannot_be_read_says_what_the_command_line_says(person: Person, tmp_path: Path, data: bytes, part: str) -> None:
    """One sentence, the same in both."""
    bob = person("bob")
    path = tmp_path / "in"
    path.write_bytes(data)
    said = bob("inbox", "--read", str(path)).err
    with desk_of(bob) as desk, pytest.raises(BadInput, match=part) as caught:
        desk.requests.take(data)
    assert caught.value.message in said

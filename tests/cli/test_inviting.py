"""Alice and Bob, each with a program of their own, exchange nothing but mails as files."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Calmerge

Person = Callable[[str], Calmerge]


def _meeting(alice: Calmerge, *more: str) -> str:
    made = alice.ok(
        "event", "add", "--title", "Review", "--start", "2027-11-23T10:00", "--end", "2027-11-23T11:00", "--attendee",
        "bob@example.test", "--attendee", "carol@example.test", "--tz", "Europe/Berlin", *more,
    )  # fmt: skip
    return str(made["event"]["id"])


def _give(one: Calmerge, text: str, tmp_path: Path, name: str = "mail.eml") -> Any:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return one.ok("inbox", "--read", str(path))["messages"]


def _mail(ics: str, method: str, sender: str) -> str:
    mail = EmailMessage(policy=default)
    mail["From"], mail["To"], mail["Subject"] = sender, "x@example.test", "x"
    mail.set_content("see attached")
    mail.add_alternative(ics, subtype="calendar", charset="utf-8", cte="base64", params={"method": method})
    return mail.as_string()


def _event(one: Calmerge, day: str = "2027-11-23") -> Any:
    found = one.ok("agenda", "--from", day, "--to", f"{day[:8]}{int(day[8:]) + 1:02d}", "--tz", "Europe/Berlin")["instances"]
    return found[0] if found else None


def test_the_whole_round_by_files(person: Person, tmp_path: Path) -> None:
    """Invited, accepted, countered, moved, cancelled: after each step both programs agree."""
    alice, bob = person("alice"), person("bob")
    event = _meeting(alice)
    sent = alice.ok("invite", event, "--send")["invitation"]
    assert sent["recipients"] == ["bob@example.test", "carol@example.test"]
    assert sent["queued"] == 2
    (asked,) = _give(bob, sent["messages"][0]["eml"], tmp_path)
    assert (asked["kind"], asked["from"]) == ("invitation", "alice@example.test")
    theirs = _event(bob)
    assert (theirs["start"], theirs["partstat"]) == ("2027-11-23T10:00:00+01:00", "needs-action")

    yes = bob.ok("rsvp", theirs["id"], "accept", "--comment", "Gern")["answer"]
    assert yes["to"] == ["alice@example.test"]
    assert _event(bob)["partstat"] == "accepted"
    (answered,) = _give(alice, _mail(yes["ics"], "REPLY", "bob@example.test"), tmp_path)
    assert (answered["kind"], answered["partstat"], answered["comment"]) == ("answer", "accepted", "Gern")
    people = {one["address"]: one["partstat"] for one in _event(alice)["attendees"]}
    assert people["bob@example.test"] == "accepted"

    wish = bob.ok(
        "rsvp", theirs["id"], "counter", "--start", "2027-11-24T14:00", "--end", "2027-11-24T15:00", "--tz", "Europe/Berlin"
    )["answer"]
    (counter,) = _give(alice, _mail(wish["ics"], "COUNTER", "bob@example.test"), tmp_path)
    assert (counter["kind"], counter["start"]) == ("counter", "2027-11-24T14:00:00+01:00")
    assert [one["id"] for one in alice.ok("inbox")["messages"]] == [counter["id"]]
    alice.ok("inbox", "accept", str(counter["id"]))
    assert alice.ok("inbox")["messages"] == []
    assert _event(alice, "2027-11-24")["start"] == "2027-11-24T14:00:00+01:00"

    again = alice.ok("invite", event)["invitation"]
    (update,) = _give(bob, again["messages"][0]["eml"], tmp_path)
    assert update["kind"] == "update"
    assert _event(bob, "2027-11-24")["partstat"] == "needs-action"
    assert _event(bob) is None

    over = alice.ok("invite", event, "--cancel", "--comment", "Ich bin krank", "--send")["invitation"]
    (gone,) = _give(bob, over["messages"][0]["eml"], tmp_path)
    assert (gone["kind"], gone["comment"]) == ("cancelled", "Ich bin krank")
    assert _event(bob, "2027-11-24")["status"] == "cancelled"
    assert _event(alice, "2027-11-24")["status"] == "cancelled"


def test_one_occurrence_is_cancelled_and_the_others_stay(person: Person, tmp_path: Path) -> None:
    alice, bob = person("alice"), person("bob")
    _meeting(alice, "--rrule", "FREQ=DAILY;COUNT=3")
    _give(bob, alice.ok("invite", _event(alice)["id"], "--send")["invitation"]["messages"][0]["eml"], tmp_path)
    second = _event(alice, "2027-11-24")["id"]
    over = alice.ok("invite", second, "--cancel", "--scope", "this", "--send")["invitation"]
    (gone,) = _give(bob, over["messages"][0]["eml"], tmp_path)
    assert gone["kind"] == "cancelled"
    states = [_event(one, day)["status"] for one in (alice, bob) for day in ("2027-11-23", "2027-11-24", "2027-11-25")]
    assert states == ["confirmed", "cancelled", "confirmed"] * 2


def test_the_mail_is_built_as_programs_want_it(person: Person) -> None:
    alice = person("alice")
    event = _meeting(alice)
    raw = alice("invite", event, "--format", "eml").out
    mail = message_from_bytes(raw.encode(), policy=default)
    assert isinstance(mail, EmailMessage)
    assert mail.get_content_type() == "multipart/mixed"
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "application/ics"]
    calendar = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    payload = calendar.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert b"METHOD:REQUEST\r\n" in payload
    assert b"\n" not in payload.replace(b"\r\n", b"")
    assert mail["X-Unsent"] == "1"
    assert "Tuesday, 23 November 2027" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert alice("invite", event, "--format", "ics").out.startswith("BEGIN:VCALENDAR")


def test_nothing_leaves_without_send_and_nothing_twice(person: Person) -> None:
    alice = person("alice")
    event = _meeting(alice)
    assert alice.ok("invite", event)["invitation"]["queued"] == 0
    assert alice.ok("invite", event)["invitation"]["sequence"] == 0
    assert alice.ok("invite", event, "--send")["invitation"]["queued"] == 2
    second = alice.ok("invite", event, "--send")["invitation"]
    assert second["sequence"] == 1  # an update, and programs see that it is one


def test_whoever_is_left_out_is_told(person: Person) -> None:
    alice = person("alice")
    event = _meeting(alice)
    alice.ok("invite", event, "--send")
    alice.ok("event", "edit", event, "--attendee", "bob@example.test")
    messages = alice.ok("invite", event, "--send")["invitation"]["messages"]
    assert [(one["method"], one["to"]) for one in messages] == [
        ("REQUEST", ["bob@example.test"]),
        ("CANCEL", ["carol@example.test"]),
    ]


def test_a_cancellation_from_a_stranger_is_shown_and_not_applied(person: Person, tmp_path: Path) -> None:
    alice, bob = person("alice"), person("bob")
    event = _meeting(alice)
    _give(bob, alice.ok("invite", event, "--send")["invitation"]["messages"][0]["eml"], tmp_path)
    over = alice.ok("invite", event, "--cancel")["invitation"]["messages"][0]["ics"]
    (forged,) = _give(bob, _mail(over, "CANCEL", "eve@example.test"), tmp_path)
    assert (forged["kind"], forged["state"]) == ("not-allowed", "open")
    assert _event(bob)["status"] == "confirmed"


def test_the_same_mail_twice_is_known(person: Person, tmp_path: Path) -> None:
    alice, bob = person("alice"), person("bob")
    mail = alice.ok("invite", _meeting(alice), "--send")["invitation"]["messages"][0]["eml"]
    first, second = _give(bob, mail, tmp_path)[0], _give(bob, mail, tmp_path)[0]
    assert second["kind"] == "known"
    assert second["id"] == first["id"]
    assert len(bob.ok("inbox", "--all")["messages"]) == 1


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "no event"),
        (b"From: a@example.test\r\nSubject: x\r\n\r\nHello", "carries no invitation"),
        (b"From: a@example.test\r\nContent-Type: text/html; charset=nonsense\r\n\r\n<p>Hi\xff</p>", "carries no invitation"),
        (b"From: a@example.test\r\nContent-Type: text/calendar\r\n\r\nrubbish", "no event"),
        (b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n", "no event"),
        (b"x" * 50_000_000, "too large"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence(person: Person, tmp_path: Path, data: bytes, part: str) -> None:
    bob = person("bob")
    path = tmp_path / "in"
    path.write_bytes(data)
    answer = bob("inbox", "--read", str(path))
    assert answer.code == 3
    assert part in answer.err
    assert answer.err.count("\n") == 1
    assert bob.ok("inbox", "--all")["messages"] == []


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["invite", "{event}"], "Nobody is invited"),
        (["invite", "e-nothing"], "no event"),
        (["rsvp", "{event}", "accept"], "not invited"),
        (["rsvp", "{event}", "counter"], "--start and --end"),
        (["inbox", "accept", "99"], "no proposal"),
        (["inbox", "done", "99"], "no message"),
        (["inbox", "--read", "no-such-file"], "cannot be read"),
    ],
)
def test_bad_input(person: Person, arguments: list[str], part: str) -> None:
    alice = person("alice")
    made = alice.ok("event", "add", "--title", "Alone", "--start", "2027-11-23T10:00", "--tz", "Europe/Berlin")
    answer = alice(*[one.replace("{event}", made["event"]["id"]) for one in arguments])
    assert answer.code == 3
    assert part in answer.err


def test_a_counter_for_a_past_time_is_refused_where_it_is_typed(person: Person, tmp_path: Path) -> None:
    alice, bob = person("alice"), person("bob")
    _give(bob, alice.ok("invite", _meeting(alice), "--send")["invitation"]["messages"][0]["eml"], tmp_path)
    answer = bob("rsvp", _event(bob)["id"], "counter", "--start", "2020-01-01T10:00", "--end", "2020-01-01T11:00")
    assert answer.code == 3
    assert "over already" in answer.err


def test_standard_input_is_read_too(person: Person) -> None:
    alice, bob = person("alice"), person("bob")
    mail = alice.ok("invite", _meeting(alice), "--send")["invitation"]["messages"][0]["eml"]
    found = bob.ok("inbox", "--read", "-", stdin=mail)["messages"]
    assert [one["kind"] for one in found] == ["invitation"]


def test_a_mail_says_whether_it_means_the_series(person: Person) -> None:
    """Invited, one date moved or cancelled, all called off: who reads the first date alone is not misled."""
    alice = person("alice")
    series = _meeting(alice, "--rrule", "FREQ=DAILY;COUNT=3").partition("@")[0]
    second = f"{series}@20271124T090000Z"

    def text(event: str, *more: str) -> str:
        return str(alice.ok("invite", event, *more, "--send")["invitation"]["messages"][0]["text"])

    assert "Every day, 3 times" in text(series)
    assert "Every day" not in text(second, "--cancel", "--scope", "this")
    assert "Every day, 3 times" in text(series, "--cancel")

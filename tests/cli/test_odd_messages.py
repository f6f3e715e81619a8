"""Messages as they really come: huge, from many, in no known letters, too late, out of order, to another address of ours."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Calmerge

Person = Callable[[str], Calmerge]
BERLIN = ("--tz", "Europe/Berlin")
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:odd@example.test\r\n"
TAIL = "END:VEVENT\r\nEND:VCALENDAR\r\n"


def request(*lines: str, sequence: int = 0, title: str = "Review", hour: int = 10, method: str = "REQUEST") -> str:
    """From Carol to Bob, on 23 November 2027."""
    body = [
        f"DTSTAMP:20261124T1000{sequence:02d}Z", f"SEQUENCE:{sequence}", f"SUMMARY:{title}",
        f"DTSTART:20271123T{hour:02d}0000Z", f"DTEND:20271123T{hour + 1:02d}0000Z", "ORGANIZER:mailto:carol@example.test",
        *(lines or ("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@example.test",)),
    ]  # fmt: skip
    return HEAD.format(method=method) + "".join(f"{line}\r\n" for line in body) + TAIL


def mail(ics: str | bytes, method: str = "REQUEST", sender: str = "carol@example.test", charset: str = "utf-8") -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, "bob@example.test", "x"
    made.set_content("see attached")
    data = ics if isinstance(ics, bytes) else ics.encode()
    made.add_attachment(
        data, maintype="text", subtype="calendar", params={"method": method, "charset": charset}, cte="base64"
    )
    return made.as_bytes()


def read(one: Calmerge, tmp_path: Path, data: bytes) -> Any:
    path = tmp_path / "in.eml"
    path.write_bytes(data)
    return one.ok("inbox", "--read", str(path))["messages"]


def events(one: Calmerge) -> list[Any]:
    return list(one.ok("agenda", "--from", "2027-11-22", "--to", "2027-11-26", *BERLIN)["instances"])


def test_fifty_megabytes_are_refused_in_one_sentence(person: Person, tmp_path: Path) -> None:
    """As an invitation; the file of a calendar may be as large."""
    bob = person("bob")
    path = tmp_path / "large.ics"
    filler = "DESCRIPTION:" + "x" * 60 + "\r\n"
    path.write_text(request(*["COMMENT:" + "x" * 60] * 10).replace("SUMMARY:Review\r\n", filler * 720_000), newline="")
    assert path.stat().st_size > 50_000_000
    answer = bob("inbox", "--read", str(path))
    assert answer.code == 3
    assert "too large" in answer.err
    assert answer.err.count("\n") == 1
    assert events(bob) == []


def test_ten_thousand_guests(person: Person, tmp_path: Path) -> None:
    """Read, answered, and the answer names nobody but the one who gives it."""
    bob = person("bob")
    guests = [f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:p{number}@example.test" for number in range(10_000)]
    (taken,) = read(bob, tmp_path, mail(request(*guests, "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@example.test")))
    assert taken["kind"] == "invitation"
    (event,) = events(bob)
    assert len(event["attendees"]) == 10_001
    said = bob.ok("rsvp", event["id"], "accept")["answer"]
    assert said["to"] == ["carol@example.test"]
    assert said["ics"].count("ATTENDEE") == 1
    assert events(bob)[0]["partstat"] == "accepted"


def test_a_mail_of_html_alone_carries_nothing(person: Person, tmp_path: Path) -> None:
    bob = person("bob")
    made = EmailMessage(policy=SMTP)
    made["From"], made["Subject"] = "carol@example.test", "x"
    made.set_content("<p>Passt Ihnen Dienstag?</p>", subtype="html")
    path = tmp_path / "in.eml"
    path.write_bytes(made.as_bytes())
    answer = bob("inbox", "--read", str(path))
    assert (answer.code, answer.err.count("\n")) == (3, 1)
    assert "carries no invitation" in answer.err


@pytest.mark.parametrize("charset", ["nonsense", "us-ascii", "utf-16", ""])
def test_a_charset_that_is_not_the_one_it_says(person: Person, tmp_path: Path, charset: str) -> None:
    """The calendar is UTF-8, as RFC 5545 has it, whatever the mail calls it."""
    bob = person("bob")
    (taken,) = read(bob, tmp_path, mail(request(title="Prüfung"), charset=charset))
    assert taken["kind"] == "invitation"
    assert [one["summary"] for one in events(bob)] == ["Prüfung"]


def test_letters_that_are_no_utf8_are_read_all_the_same(person: Person, tmp_path: Path) -> None:
    """Latin-1 that says so, and Latin-1 that does not."""
    bob = person("bob")
    read(bob, tmp_path, mail(request(title="Prüfung").encode("latin-1"), charset="iso-8859-1"))
    assert [one["summary"] for one in events(bob)] == ["Prüfung"]
    read(bob, tmp_path, mail(request(title="Prüfung!", sequence=1).encode("latin-1"), charset="utf-8"))
    (event,) = events(bob)
    assert event["summary"].startswith("Pr")
    assert event["summary"].endswith("fung!")


def test_a_counter_for_a_past_time_changes_nothing(person: Person, tmp_path: Path) -> None:
    """It is recorded and asks for nothing."""
    alice = person("alice")
    made = alice.ok(
        "event", "add", "--title", "Review", "--start", "2027-11-23T10:00", *BERLIN, "--attendee", "bob@example.test"
    )
    sent = alice.ok("invite", made["event"]["id"], "--send")["invitation"]["messages"][0]["ics"]
    uid = next(line for line in sent.splitlines() if line.startswith("UID:"))
    wish = request("ATTENDEE;PARTSTAT=TENTATIVE:mailto:bob@example.test", method="COUNTER").replace(
        "UID:odd@example.test", uid
    )
    wish = wish.replace("carol@", "alice@").replace("20271123T", "20201123T")
    (taken,) = read(alice, tmp_path, mail(wish, "COUNTER", "bob@example.test"))
    assert taken["kind"] == "past"
    assert alice.ok("inbox")["messages"] == []
    assert events(alice)[0]["start"] == "2027-11-23T10:00:00+01:00"
    assert alice("inbox", "accept", str(taken["id"])).code == 3


def test_a_request_older_than_ours_changes_nothing(person: Person, tmp_path: Path) -> None:
    """Mails overtake one another."""
    bob = person("bob")
    read(bob, tmp_path, mail(request(sequence=3, hour=14, title="Later")))
    (taken,) = read(bob, tmp_path, mail(request(sequence=1)))
    assert taken["kind"] == "old"
    (event,) = events(bob)
    assert (event["summary"], event["start"]) == ("Later", "2027-11-23T15:00:00+01:00")
    assert [one["kind"] for one in bob.ok("inbox")["messages"]] == ["invitation"]


def test_another_address_of_ours_is_us(person: Person, tmp_path: Path) -> None:
    """The answer goes out under the address that was asked."""
    bob = person("bob")
    bob.ok("account", "add", "local", "--name", "Other", "--address", "robert@example.test")
    asked = "ATTENDEE;PARTSTAT=NEEDS-ACTION;CN=Rob:MAILTO:Robert@Example.test"
    (taken,) = read(bob, tmp_path, mail(request(asked)))
    assert taken["kind"] == "invitation"
    (event,) = events(bob)
    assert event["partstat"] == "needs-action"
    said = bob.ok("rsvp", event["id"], "accept")["answer"]
    (line,) = (one for one in said["ics"].replace("\r\n ", "").splitlines() if one.startswith("ATTENDEE"))
    assert line.lower().endswith("mailto:robert@example.test")
    (letter,) = bob.ok("mail", "outbox")["letters"]
    assert letter["from"].lower() == "robert@example.test"


def test_an_answer_sent_by_the_guests_server_waits_for_a_word(person: Person, tmp_path: Path) -> None:
    """As Nextcloud sends it, from an address of its own: shown with what it says, noted when the person believes it."""
    alice = person("alice")
    made = alice.ok(
        "event", "add", "--title", "Review", "--start", "2027-11-23T10:00", *BERLIN, "--attendee", "bob@example.test"
    )
    sent = alice.ok("invite", made["event"]["id"], "--send")["invitation"]["messages"][0]["ics"]
    uid = next(line for line in sent.splitlines() if line.startswith("UID:"))

    def answer(who: str, sequence: int = 0) -> Any:
        said = request(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{who}", method="REPLY", sequence=sequence)
        said = said.replace("UID:odd@example.test", uid).replace("carol@", "alice@")
        return read(alice, tmp_path, mail(said, "REPLY", "invitations-noreply@cloud.example"))[0]

    taken = answer("bob@example.test")
    assert (taken["kind"], taken["state"]) == ("not-allowed", "open")
    assert events(alice)[0]["attendees"][0]["partstat"] == "needs-action"
    (asked,) = alice.ok("inbox")["requests"]
    assert (asked["kind"], asked["partstat"]) == ("answer-for-guest", "accepted")
    assert asked["from"] == "invitations-noreply@cloud.example"
    alice.ok("inbox", "accept", str(taken["id"]))
    guest = next(one for one in events(alice)[0]["attendees"] if one["address"] == "bob@example.test")
    assert guest["partstat"] == "accepted"
    assert alice.ok("inbox")["requests"] == []
    again = alice("inbox", "accept", str(taken["id"]))
    assert again.code == 3
    stranger = answer("eve@example.test", 1)
    assert [one["kind"] for one in alice.ok("inbox")["requests"]] == ["not-allowed"]
    refused = alice("inbox", "accept", str(stranger["id"]))
    assert (refused.code, refused.err.count("\n")) == (3, 1)
    assert "cannot be noted" in refused.err

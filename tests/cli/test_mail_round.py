"""Alice, Bob and Carol invite and answer through Exim and Dovecot, by nothing but command lines."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from calmerge_desktop.core.proposal.token import make_token, mark_of
from tests.cli.conftest import Calmerge
from tests.cli.test_publishing import ALWAYS, busy, offer_of
from tests.servers import browser, mailserver
from tests.servers.browser import Browser
from tests.servers.mailserver import MailServer

pytestmark = pytest.mark.skipif(bool(mailserver.missing()), reason=mailserver.missing() or "-")
ROOT = Path(__file__).resolve().parents[2]
BERLIN = ("--tz", "Europe/Berlin")


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    made = MailServer()
    yield made
    made.stop()


class Person:
    """Somebody with a program, an address and a mailbox."""

    def __init__(self, name: str, run: Calmerge, server: MailServer) -> None:
        self.name, self.run, self.server = name, run, server
        self.address = f"{name}@example.test"
        run.ok("account", "add", "local", "--name", name, "--address", self.address)
        run.ok(
            "mail", "add", "--address", self.address, "--name", name.title(), "--smtp", f"localhost:{server.smtp}",
            "--imap", f"localhost:{server.imap}", "--password-stdin", stdin=f"{name}\n",
        )  # fmt: skip

    def sync(self, received: int, sent: int = 0) -> None:
        """Sync until so many messages came in: delivery takes a moment."""
        deadline = time.monotonic() + 60
        got = gone = 0
        while True:
            done = self.run.ok("sync")["mail"]
            got, gone = got + done["received"], gone + done["sent"]
            if (got >= received and gone >= sent) or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        assert (got, gone) == (received, sent), self.name
        assert done["waiting"] == done["refused"] == done["unsure"] == 0

    def days(self, summary: str = "Review") -> list[tuple[str, str]]:
        found = self.run.ok("agenda", "--from", "2027-11-22", "--to", "2027-11-29", *BERLIN)["instances"]
        return [(one["start"], one["status"]) for one in found if one["summary"] == summary]

    def event(self, at: int = 0) -> Any:
        found = self.run.ok("agenda", "--from", "2027-11-22", "--to", "2027-11-29", *BERLIN)["instances"]
        return found[at]

    def answers(self) -> dict[str, str]:
        return {one["address"].partition("@")[0]: one["partstat"] for one in self.event()["attendees"]}


@pytest.fixture
def people(server: MailServer, at_home: Callable[[str], Calmerge], monkeypatch: pytest.MonkeyPatch) -> list[Person]:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificates.ca))
    for name in mailserver.NAMES:
        for mail in [*server.inbox(name), *(server.folder / "raw" / name).iterdir()]:
            mail.unlink()
    return [Person(name, at_home(name), server) for name in mailserver.NAMES]


def _agree(people: list[Person], days: list[tuple[str, str]]) -> None:
    assert {one.name: one.days() for one in people} == {one.name: days for one in people}


def test_invited_accepted_declined_countered_moved_and_cancelled(people: list[Person], server: MailServer) -> None:
    """After each step every program shows the same."""
    alice, bob, carol = people
    event = alice.run.ok(
        "event", "add", "--title", "Review", "--start", "2027-11-23T10:00", "--end", "2027-11-23T11:00", *BERLIN,
        "--rrule", "FREQ=DAILY;COUNT=3", "--attendee", bob.address, "--attendee", carol.address,
    )["event"]["id"]  # fmt: skip
    alice.run.ok("invite", event, "--send")
    alice.sync(0, sent=2)
    for guest in (bob, carol):
        guest.sync(1)
    at_ten = [(f"2027-11-{day}T10:00:00+01:00", "confirmed") for day in (23, 24, 25)]
    _agree(people, at_ten)

    bob.run.ok("rsvp", bob.event()["id"], "accept")
    carol.run.ok("rsvp", carol.event()["id"], "decline", "--comment", "Leider nein")
    bob.sync(0, sent=1)
    carol.sync(0, sent=1)
    alice.sync(2)
    assert alice.answers() == {"bob": "accepted", "carol": "declined"}
    _agree(people, at_ten)

    series = bob.event()["id"].partition("@")[0]
    bob.run.ok("rsvp", series, "counter", "--start", "2027-11-23T14:00", "--end", "2027-11-23T15:00", *BERLIN)
    bob.sync(0, sent=1)
    alice.sync(1)
    (wish,) = alice.run.ok("inbox")["messages"]
    assert (wish["kind"], wish["start"]) == ("counter", "2027-11-23T14:00:00+01:00")
    alice.run.ok("inbox", "accept", str(wish["id"]))
    alice.sync(0, sent=2)
    for guest in (bob, carol):
        guest.sync(1)
    at_two = [(f"2027-11-{day}T14:00:00+01:00", "confirmed") for day in (23, 24, 25)]
    _agree(people, at_two)

    alice.run.ok("invite", alice.event(1)["id"], "--cancel", "--scope", "this", "--send")
    alice.sync(0, sent=2)
    for guest in (bob, carol):
        guest.sync(1)
    _agree(people, [at_two[0], (at_two[1][0], "cancelled"), at_two[2]])

    alice.run.ok("invite", event, "--cancel", "--send")
    alice.sync(0, sent=2)
    for guest in (bob, carol):
        guest.sync(1)
    _agree(people, [(start, "cancelled") for start, _state in at_two])
    assert [len(server.inbox(name)) for name in mailserver.NAMES] == [3, 4, 4]
    assert all(not mail.name.endswith("S") for name in mailserver.NAMES for mail in server.inbox(name)), "marked as read"


def test_an_answer_books_within_one_push(people: list[Person], server: MailServer) -> None:
    """Alice proposes, Bob replies in his own words with the token; `mail watch` books and confirms without being asked."""
    alice, bob, _carol = people
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    made = alice.run.ok(
        "propose", "30m", "--to", bob.address, "--title", "Talk", "--slot", f"{day}T10:00", "--slot", f"{day}T14:00", "--send"
    )["proposal"]  # fmt: skip
    command = [sys.executable, "-m", "calmerge_desktop", "--home", str(alice.run.home), "mail", "watch"]
    watch = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stderr=subprocess.PIPE, text=True)
    try:
        _until(lambda: len(server.inbox("bob")) == 1)
        time.sleep(1.5)  # so that it idles
        _reply(server, made["slots"][1]["token"])
        _until(lambda: len(server.inbox("alice")) == 1)
        begun = time.monotonic()
        _until(lambda: alice.run.ok("proposal", "list")["proposals"][0]["state"] == "booked")
        print(f"booked {time.monotonic() - begun:.2f} s after delivery")
        _until(lambda: len(server.inbox("bob")) == 2)
    finally:
        watch.send_signal(signal.SIGTERM)
        _out, err = watch.communicate(timeout=20)
    assert watch.returncode == 0, err
    assert re.search(r"1 received", err)
    bob.run.ok("sync")
    events = bob.run.ok("agenda", "--from", str(day), "--to", str(day + timedelta(days=1)))["instances"]
    assert [(one["summary"], one["start"][11:16]) for one in events] == [("Talk", "14:00")]


def test_two_are_offered_the_same_and_the_second_gets_other_times(people: list[Person], server: MailServer) -> None:
    """Bob and Carol want the same time: Bob has it; Carol gets another offer in her thread, answers that, and has hers."""
    alice, bob, carol = people
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    ours, hers = alice.run.ok(
        "propose", "30m", "--to", bob.address, "--to", carol.address, "--title", "Talk", "--hold", "--send",
        "--slot", f"{day}T10:00", "--slot", f"{day}T14:00",
    )["proposals"]  # fmt: skip
    alice.sync(0, sent=2)
    _until(lambda: len(server.inbox("bob")) == len(server.inbox("carol")) == 1)
    _reply(server, ours["slots"][1]["token"])
    alice.sync(1, sent=1)
    _answer(server, "carol", f"> {hers['slots'][1]['token']}")
    alice.sync(1)
    assert alice.run.ok("proposal", "show", hers["id"])["proposal"]["state"] == "answered"
    counter = alice.run.ok("proposal", "counter", hers["id"], "--slot", f"{day}T16:00", "--slot", f"{day}T17:00", "--send")
    assert "taken in the meantime" in " ".join(counter["text"].split())
    alice.sync(0, sent=1)
    _until(lambda: len(server.inbox("carol")) == 2)
    _answer(server, "carol", "2")
    alice.sync(1, sent=1)
    bob.run.ok("sync")
    carol.sync(1)

    def talks(one: Person) -> list[str]:
        found = one.run.ok("agenda", "--from", str(day), "--to", str(day + timedelta(days=1)))["instances"]
        return [f"{each['summary']} {each['start'][11:16]}" for each in found]

    assert [talks(one) for one in people] == [["Talk 14:00", "Talk 17:00"], ["Talk 14:00"], ["Talk 17:00"]]


def test_only_what_is_ours_is_read(people: list[Person], server: MailServer) -> None:
    """A private mail stays where it is; an unreadable invitation hurts nobody."""
    alice, bob, _carol = people
    _mail(server, "bob", "alice", "Subject: private\r\n\r\nhello\r\n")
    _mail(server, "bob", "alice", "Subject: odd\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nrubbish\r\n")
    _until(lambda: len(server.inbox("alice")) == 2)
    assert alice.run.ok("sync")["mail"]["received"] == 0
    assert "private" not in server.transferred("alice").lower()
    assert "subject" not in server.asked("alice").lower()
    assert alice.run.ok("mail", "list")["mailboxes"][0]["reason"] is None
    event = bob.run.ok(
        "event", "add", "--title", "Later", "--start", "2027-11-23T10:00", *BERLIN, "--attendee", alice.address
    )["event"]["id"]  # fmt: skip
    bob.run.ok("invite", event, "--send")
    bob.sync(0, sent=1)
    alice.sync(1)
    assert alice.days("Later") == [("2027-11-23T10:00:00+01:00", "confirmed")]


# --- answers to a published page --------------------------------------------------------------------------------------


def _published(alice: Person, web: Path) -> Path:
    alice.run.ok("link", "add", "--title", "Intro call", "--set", "minutes=30", "--set", "minimum_notice=0", ALWAYS)
    alice.run.ok("publish", "intro-call", "--folder", str(web))
    return web / "intro-call.html"


@pytest.mark.skipif(browser.PROGRAM is None, reason="Chromium is not installed")
def test_who_chooses_on_a_page_is_found_and_booked_at_a_word(
    people: list[Person], server: MailServer, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Bob, to whom Alice never wrote, sends the mail that the page prefills; she books; he has the invitation."""
    alice, bob, _carol = people
    page = _published(alice, tmp_path / "web")
    offer = offer_of(page)
    subject, body = _prefilled(page, tmp_path_factory.mktemp("chromium"))
    assert subject.endswith(f"({mark_of(offer.id)})")
    mail = EmailMessage(policy=SMTP)
    mail["Subject"], mail["Message-ID"] = subject, "<1@bob>"
    mail.set_content(body, cte="quoted-printable")
    _mail(server, "bob", "alice", mail.as_bytes().decode("ascii"))
    alice.sync(1)
    (found,) = alice.run.ok("proposal", "list")["proposals"]
    assert (found["state"], found["to"], found["title"]) == ("answered", bob.address, "Intro call")
    (wish,) = alice.run.ok("inbox")["requests"]
    assert wish["proposal"] == found["id"]
    assert alice.run.ok("agenda", "--from", "today", "--to", "+28d")["instances"] == []
    assert server.inbox("bob") == []
    alice.run.ok("proposal", "book", found["id"], "1")
    alice.sync(0, sent=1)
    bob.sync(1)
    chosen = datetime.fromtimestamp(offer.starts[2], UTC)
    for one in (alice, bob):
        (event,) = one.run.ok("agenda", "--from", "today", "--to", "+28d", "--tz", "UTC")["instances"]
        assert (event["summary"], datetime.fromisoformat(event["start"])) == ("Intro call", chosen)


def test_a_mark_proves_nothing_and_a_stranger_without_one_is_never_read(
    people: list[Person], server: MailServer, tmp_path: Path
) -> None:
    """By Dovecot's own account of what left the mailbox."""
    alice, _bob, _carol = people
    page = _published(alice, tmp_path / "web")
    offer = offer_of(page)
    forged = make_token(offer.id, 1, bytes(16))
    genuine = make_token(offer.id, 1, bytes.fromhex(offer.secret))
    _mail(server, "bob", "alice", f"Subject: Re: x ({mark_of(offer.id)})\r\nX-Odd: not-read\r\n\r\nHi\r\n{forged}\r\n")
    _mail(server, "carol", "alice", f"Subject: strange\r\nX-Odd: not-read\r\n\r\nhello canary\r\n{genuine}\r\n")
    _mail(server, "carol", "alice", f"Subject: x ({mark_of('ab' * 11)})\r\n\r\nhello canary\r\n{genuine}\r\n")
    _until(lambda: len(server.inbox("alice")) == 3)
    assert alice.run.ok("sync")["mail"]["received"] == 0
    assert alice.run.ok("proposal", "list")["proposals"] == []
    assert alice.run.ok("agenda", "--from", "today", "--to", "+28d")["instances"] == []
    left = server.transferred("alice")
    assert "strange" in left  # its subject, for a page waits for answers
    assert forged in left
    assert "not-read" not in left
    assert "canary" not in left
    assert re.findall(r"BODY\.PEEK\[([^]]*)\]", server.asked("alice"))[1:] == ["1"]


def test_subjects_are_asked_for_only_while_a_page_waits(people: list[Person], server: MailServer, tmp_path: Path) -> None:
    """Published, taken away."""
    alice, _bob, _carol = people
    page = _published(alice, tmp_path / "web")
    offer = offer_of(page)
    busy(alice.run, offer, 3)
    alice.run.ok("sync")
    assert offer_of(page).id != offer.id
    encoded = f"Subject: =?utf-8?q?AW=3A_Gespr=C3=A4ch_=28cm1-?=\r\n =?utf-8?q?{mark_of(offer.id)[4:].lower()}=29?=\r\n"
    token = make_token(offer.id, 1, bytes.fromhex(offer.secret))
    _mail(server, "bob", "alice", f"{encoded}\r\n{token}\r\n")
    alice.sync(1)  # an answer to the page as it was before
    assert [one["state"] for one in alice.run.ok("proposal", "list")["proposals"]] == ["answered"]
    alice.run.ok("publish", "intro-call", "--stop")
    for one in (server.folder / "raw" / "alice").iterdir():
        one.unlink()
    _mail(server, "carol", "alice", f"Subject: strange ({mark_of(offer.id)})\r\n\r\n{token}\r\n")
    _until(lambda: len(server.inbox("alice")) == 2)
    alice.sync(0)
    assert "References".upper() in server.asked("alice")
    assert "subject" not in server.asked("alice").lower()
    assert "strange" not in server.transferred("alice")


def _prefilled(page: Path, folder: Path) -> tuple[str, str]:
    """Subject and text of the mail that the page opens for its third time."""
    guest = Browser(folder, tz="America/New_York")
    try:
        guest.open(f"{page.as_uri()}#&s=2")
        guest.wait("document.querySelector('#name')")
        guest.js("document.querySelector('#name').value = 'Bob'; document.querySelector('form button').click()")
        guest.wait("document.querySelector('#draft')")
        url = urllib.parse.urlsplit(guest.js("document.querySelector('#draft').href"))
    finally:
        guest.close()
    assert url.path == "alice@example.test"
    query = urllib.parse.parse_qs(url.query)
    return query["subject"][0], query["body"][0]


def _until(true: Any) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.05)


def _reply(server: MailServer, token: str) -> None:
    offer = server.inbox("bob")[0].read_text()
    answered = re.search(r"^Message-ID: (\S+)", offer, re.MULTILINE)
    assert answered
    text = f"Subject: Re: Talk\r\nIn-Reply-To: {answered[1]}\r\n\r\nDas passt gut.\r\n\r\n> {token}\r\n"
    _mail(server, "bob", "alice", text)


def _answer(server: MailServer, name: str, text: str) -> None:
    """To the newest mail, as mail programs do: the mail it answers, and the thread before it."""
    newest = max(server.inbox(name), key=lambda path: path.stat().st_mtime_ns).read_text()
    heads = [re.findall(rf"^{name}: (.*(?:\n .*)*)", newest, re.MULTILINE) for name in ("References", "Message-ID")]
    ids = re.findall(r"<[^<>\s]+>", " ".join(part for found in heads for part in found))
    assert ids
    head = f"Subject: Re: Talk\r\nIn-Reply-To: {ids[-1]}\r\nReferences: {' '.join(ids)}\r\n"
    _mail(server, name, "alice", f"{head}\r\n{text}\r\n")


def _mail(server: MailServer, sender: str, to: str, text: str) -> None:
    import smtplib
    import ssl

    with smtplib.SMTP("localhost", server.smtp) as smtp:
        smtp.starttls(context=ssl.create_default_context(cafile=server.certificates.ca))
        smtp.login(f"{sender}@example.test", sender)
        head = f"From: {sender}@example.test\r\nTo: {to}@example.test\r\n"
        smtp.sendmail(f"{sender}@example.test", [f"{to}@example.test"], head + text)

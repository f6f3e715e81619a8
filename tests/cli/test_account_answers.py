"""Answers that come into Gmail and Outlook: looked for where the person allowed it, and nothing else is ever read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from calmerge_desktop.core.proposal.offer import Offer
from calmerge_desktop.core.proposal.token import make_token, mark_of
from tests.cli.conftest import Calmerge
from tests.cli.test_publishing import ALWAYS, offer_of
from tests.servers import linking
from tests.servers.google import GoogleServer
from tests.servers.microsoft import MicrosoftServer
from tests.servers.vendor import Fault

ROOT = Path(__file__).resolve().parents[2]
BOB, CANARY = "bob@example.test", "canary-private"


@dataclass
class World:
    """One vendor; `link` links an account there, `scope` is the permission to read, `look` a part of what asks for news."""

    link: tuple[str, ...]
    state: Any
    scope: str
    look: str
    heads: tuple[str, ...]
    """What leaves the server for a mail that has nothing to do with us."""
    marked: tuple[str, ...]
    """The same while a page waits for answers."""

    def read(self, key: str) -> bool:
        """Whether a message was transferred."""
        return any(one.startswith(("raw ", "$value")) for one in self.state.box.transferred.get(key, ()))


@pytest.fixture(params=["google", "microsoft"])
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    if request.param == "google":
        google = GoogleServer()
        heads = ("metadata labelIds,sizeEstimate,payload(mimeType,headers) From,In-Reply-To,References",)
        link = linking.google(google, tmp_path, monkeypatch.setenv)
        yield World(link, google.state, "gmail.readonly", "/history", heads, (f"{heads[0]},Subject",))
        assert google.state.complaints == []
        google.close()
        return
    microsoft = MicrosoftServer()
    link = linking.microsoft(microsoft, tmp_path, monkeypatch.setenv)
    seen = ("from", "hasAttachments")
    yield World(link, microsoft.state, "Mail.Read", "/messages/delta", seen, (*seen, "subject"))
    assert microsoft.state.complaints == []
    microsoft.close()


@pytest.fixture
def alice(calmerge: Calmerge, world: World) -> Iterator[Calmerge]:
    """Her account may look for answers; what she writes is in a calendar that sends none itself."""
    made = calmerge.ok("account", "add", *world.link, "--scope-level", "answers")["account"]
    calmerge.ok("account", "add", "local", "--name", "Own", "--address", made["address"])
    own = next(one["id"] for one in calmerge.ok("calendar", "list")["calendars"] if one["name"] == "Own")
    calmerge.ok("calendar", "set", own, "--default")
    calmerge.ok("sync")
    yield calmerge
    logs = "".join(one.read_text() for one in calmerge.home.rglob("*.log*"))
    assert logs
    assert "canary" not in logs
    assert BOB not in logs


def mail(text: str, sender: str = BOB, *, subject: str = CANARY, ics: str = "", method: str = "REPLY") -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"], made["Message-ID"] = sender, "alice@example.test", subject, "<x@example.test>"
    made.set_content(text)
    if ics:
        made.add_alternative(ics, subtype="calendar", charset="utf-8", params={"method": method})
    return made


def invited(alice: Calmerge, title: str = "Review") -> str:
    """An event to which Bob is invited; returns the invitation as iCalendar."""
    event = alice.ok(
        "event", "add", "--title", title, "--start", "2027-11-23T10:00", "--tz", "Europe/Berlin", "--attendee", BOB,
        "--calendar", "Own",
    )["event"]["id"]  # fmt: skip
    return str(alice.ok("invite", event, "--send")["invitation"]["messages"][0]["ics"])


def reply(ics: str) -> str:
    """Bob accepts what an invitation says (RFC 5546 §3.2.3)."""
    lines = {line.partition(":")[0]: line for line in ics.replace("\r\n ", "").splitlines()}
    kept = [lines[name] for name in ("UID", "SEQUENCE", "DTSTAMP")]
    who = ["ORGANIZER:mailto:alice@example.test", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{BOB}"]
    body = ["BEGIN:VEVENT", *kept, *who, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "METHOD:REPLY", *body, "END:VCALENDAR", ""])


def yes(ics: str) -> bytes:
    return mail("see attached", ics=reply(ics)).as_bytes()


def answers(alice: Calmerge) -> dict[str, str]:
    found = alice.ok("agenda", "--from", "2027-11-22", "--to", "2027-11-25", "--tz", "Europe/Berlin")["instances"]
    return {one["summary"]: each["partstat"] for one in found for each in one["attendees"] if each["address"] == BOB}


def offer(alice: Calmerge) -> Any:
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    return alice.ok(
        "propose", "30m", "--to", BOB, "--title", "Talk", "--slot", f"{day}T10:00", "--slot",
        f"{day}T14:00", "--send",
    )["proposal"]  # fmt: skip


def published(alice: Calmerge, folder: Path) -> Offer:
    """A page of times in a folder; the offer it shows. The position of the mailbox is behind it."""
    alice.ok("link", "add", "--title", "Intro call", "--set", "minutes=30", ALWAYS)
    alice.ok("publish", "intro-call", "--folder", str(folder / "web"))
    alice.ok("sync")
    return offer_of(folder / "web" / "intro-call.html")


def received(alice: Calmerge) -> int:
    return int(alice.ok("sync")["mail"]["received"])


def reason(alice: Calmerge) -> str | None:
    (box,) = alice.ok("mail", "list")["mailboxes"]
    return None if box["reason"] is None else str(box["reason"])


def test_an_answer_arrives_and_is_applied(alice: Calmerge, world: World) -> None:
    """Once; the mail stays unread."""
    ics = invited(alice)
    assert received(alice) == 0
    world.state.box.put(yes(ics))
    assert received(alice) == 1
    assert answers(alice) == {"Review": "accepted"}
    assert received(alice) == 0
    assert reason(alice) is None
    assert alice.ok("mail", "list")["mailboxes"][0]["as_of"]
    for one in world.state.box.mails.values():
        assert getattr(one, "labels", ["INBOX", "UNREAD"]) == ["INBOX", "UNREAD"]


def test_a_token_in_a_reply_books(alice: Calmerge, world: World) -> None:
    """In a mail of its own, as people write who answer from another program."""
    token = offer(alice)["slots"][1]["token"]
    alice.ok("sync")
    world.state.box.put(mail(f"Das passt gut.\n\n> {token}\n").as_bytes())
    assert received(alice) == 1
    assert alice.ok("proposal", "list")["proposals"][0]["state"] == "booked"


def test_an_answer_in_words_is_known_by_its_thread(alice: Calmerge, world: World) -> None:
    """It names the letter it answers."""
    offer(alice)
    alice.ok("sync")
    (sent,) = world.state.sent
    letter = next(line for line in sent.decode().splitlines() if line.lower().startswith("message-id:")).split()[1]
    made = mail("Die zweite Zeit passt mir.")
    made["In-Reply-To"] = letter
    world.state.box.put(made.as_bytes())
    assert received(alice) == 1
    assert alice.ok("proposal", "list")["proposals"][0]["state"] in ("answered", "booked")


def test_nothing_else_leaves_the_mailbox(alice: Calmerge, world: World) -> None:
    """By the server's own account of what it gave out: of a stranger's mail three headers, of a guest's mail the text."""
    offer(alice)
    alice.ok("sync")
    box = world.state.box
    strange = box.put(mail(CANARY, "eve@example.test").as_bytes())
    guest = box.put(mail("canary, but no token").as_bytes())
    report = mail(CANARY, "eve@example.test")
    report.add_attachment(b"canary", maintype="application", subtype="pdf", filename="canary.pdf")
    attached = box.put(report.as_bytes())
    old = box.put(mail(CANARY).as_bytes(), at=1)
    assert received(alice) == 0
    assert tuple(box.transferred[strange]) == world.heads
    assert not any(world.read(key) for key in box.mails)
    assert "subject" not in str(box.transferred).lower()
    structure = [one for one in box.transferred[attached] if one not in world.heads]
    assert len(structure) == 1
    assert "data" not in structure[0]
    assert len(box.transferred[guest]) == len(world.heads) + 1
    assert old in box.mails
    asked = [one for one in world.state.asked if "gmail/v1" in one or "me/mail" in one or "me/messages" in one]
    assert asked
    assert all(one.startswith("GET ") for one in asked)


def test_who_chose_on_a_page_is_found(alice: Calmerge, world: World, tmp_path: Path) -> None:
    """Somebody nobody knows, by the mark in the subject; it waits, and is booked at a word."""
    page = published(alice, tmp_path)
    subject, token = f"AW: Gespräch: Di. 1. Dez. ({mark_of(page.id)})", make_token(page.id, 4, bytes.fromhex(page.secret))
    world.state.box.put(mail(f"Guten Tag\n\n{token}\n", "eve@example.test", subject=subject).as_bytes())
    assert received(alice) == 1
    (found,) = alice.ok("proposal", "list")["proposals"]
    assert (found["state"], found["to"]) == ("answered", "eve@example.test")
    assert [one["proposal"] for one in alice.ok("inbox")["requests"]] == [found["id"]]
    assert alice.ok("agenda", "--from", "today", "--to", "+28d")["instances"] == []
    alice.ok("proposal", "book", found["id"], "1")
    assert len(alice.ok("agenda", "--from", "today", "--to", "+28d")["instances"]) == 1


def test_an_answer_of_a_page_as_a_calendar_waits_too(alice: Calmerge, world: World, tmp_path: Path) -> None:
    """It does not become an event by itself."""
    page = published(alice, tmp_path)
    token = make_token(page.id, 4, bytes.fromhex(page.secret))
    event = ["BEGIN:VEVENT", f"UID:{page.id}-4@offer.calmerge", "DTSTAMP:20260101T000000Z", "DTSTART:20271201T090000Z"]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "METHOD:PUBLISH", *event, f"DESCRIPTION:{token}"]
    ics = "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])
    made = mail("see attached", "eve@example.test")
    made.add_attachment(ics.encode(), maintype="text", subtype="calendar", filename="answer.ics")
    world.state.box.put(made.as_bytes())
    assert received(alice) == 1
    assert [one["state"] for one in alice.ok("proposal", "list")["proposals"]] == ["answered"]
    assert alice.ok("agenda", "--from", "2027-11-29", "--to", "2027-12-05")["instances"] == []


def test_while_a_page_waits_a_subject_and_no_more_leaves_the_mailbox(alice: Calmerge, world: World, tmp_path: Path) -> None:
    """Of a stranger's mail its subject, too; of a forged answer the text; afterwards no subject again."""
    page = published(alice, tmp_path)
    box = world.state.box
    forged, genuine = (make_token(page.id, 4, key) for key in (bytes(16), bytes.fromhex(page.secret)))
    strange = box.put(mail(f"{CANARY} {genuine}", "eve@example.test").as_bytes())
    other = box.put(mail(genuine, "eve@example.test", subject=f"x ({mark_of('ab' * 11)})").as_bytes())
    marked = box.put(mail(forged, "eve@example.test", subject=f"x ({mark_of(page.id)})").as_bytes())
    assert received(alice) == 0
    assert tuple(box.transferred[strange]) == tuple(box.transferred[other]) == world.marked
    assert len(box.transferred[marked]) == len(world.marked) + 1
    assert not any(world.read(key) for key in box.mails)
    assert alice.ok("proposal", "list")["proposals"] == []
    alice.ok("publish", "intro-call", "--stop")
    later = box.put(mail(genuine, "eve@example.test", subject=f"x ({mark_of(page.id)})").as_bytes())
    assert received(alice) == 0
    assert tuple(box.transferred[later]) == world.heads


def test_a_calendar_only_by_its_name_is_read(alice: Calmerge, world: World) -> None:
    """An .ics that calls itself octet-stream, attached to a mail."""
    ics = invited(alice)
    alice.ok("sync")
    made = mail("see attached")
    made.add_attachment(reply(ics).encode(), maintype="application", subtype="octet-stream", filename="Invite.ICS")
    key = world.state.box.put(made.as_bytes())
    alice.ok("sync")
    assert world.read(key)
    assert answers(alice) == {"Review": "accepted"}


def test_many_pages(alice: Calmerge, world: World) -> None:
    """Of the first look, and of later ones."""
    world.state.page = world.state.box.page = 1
    for round_ in ("first", "later"):
        for number in range(3):
            world.state.box.put(yes(invited(alice, f"{round_} {number}")))
        assert received(alice) == 3
    assert set(answers(alice).values()) == {"accepted"}


def test_an_expired_position_is_looked_at_anew(alice: Calmerge, world: World) -> None:
    """Nothing is lost, and nothing is taken in twice."""
    world.state.box.put(yes(invited(alice)))
    assert received(alice) == 1
    world.state.box.put(yes(invited(alice, "Second")))
    world.state.box.expire()
    alice.ok("sync")
    assert answers(alice) == {"Review": "accepted", "Second": "accepted"}
    assert len(alice.ok("inbox", "--all")["messages"]) == 2
    assert reason(alice) is None


def test_what_was_moved_into_the_inbox_is_found(alice: Calmerge, world: World) -> None:
    """As an answer that lay among the unwanted mail."""
    if world.scope == "Mail.Read":
        pytest.skip("for Graph a message that is moved into a folder is a new one there")
    assert received(alice) == 0
    key = world.state.box.put(yes(invited(alice)), "SPAM")
    assert received(alice) == 0
    world.state.box.mails[key].labels.remove("SPAM")
    world.state.box.move(key, "INBOX")
    assert received(alice) == 1
    world.state.box.put(yes(invited(alice, "Thrown away")), "INBOX", "TRASH")
    assert received(alice) == 0


@pytest.mark.parametrize("kind", ["401", "429", "500", "drop", "cut"])
def test_trouble_passes(alice: Calmerge, world: World, kind: str) -> None:
    """One sentence while it lasts; the answer is not lost."""
    assert received(alice) == 0
    world.state.box.put(yes(invited(alice)))
    times = 1 if kind == "401" else 5
    world.state.faults.append(Fault(kind, method="GET", path=world.look, times=times))
    first = received(alice)
    assert (first, reason(alice) is None) == ((1, True) if kind == "401" else (0, False))
    world.state.faults.clear()
    assert first + received(alice) == 1
    assert reason(alice) is None


def test_trouble_in_the_middle_repeats_and_loses_nothing(alice: Calmerge, world: World) -> None:
    """Three answers came; the connection breaks at the second."""
    assert received(alice) == 0
    for number in range(3):
        world.state.box.put(yes(invited(alice, f"Number {number}")))
    world.state.faults.append(Fault("500", method="GET", path="/messages/", at=4))
    alice("sync")
    assert reason(alice)
    alice("sync")
    assert set(answers(alice).values()) == {"accepted"}
    assert len(alice.ok("inbox", "--all")["messages"]) == 3


def test_a_permission_that_is_gone(alice: Calmerge, world: World) -> None:
    """Refused, then taken back altogether: a sentence each, with what to do."""
    world.state.faults.append(Fault("403", method="GET", path=world.look, times=9, reason="insufficientPermissions"))
    assert received(alice) == 0
    world.state.box.put(yes(invited(alice)))
    assert received(alice) == 0
    assert "permission" in str(reason(alice)) or "may not look for answers" in str(reason(alice))
    world.state.faults.clear()
    world.state.revoke()
    alice("sync")
    assert "sign in again" in str(reason(alice))
    (account,) = (one for one in alice.ok("account", "list")["accounts"] if one["provider"] != "local")
    alice.ok("account", "reauth", account["id"], *world.link[1:])
    assert received(alice) == 1


def test_off_unless_it_was_allowed(calmerge: Calmerge, world: World) -> None:
    """Not with the permission to send alone; not when the box was not ticked; not after stepping down."""
    account = calmerge.ok("account", "add", *world.link, "--scope-level", "send")["account"]
    calmerge.ok("sync")
    assert not [one for one in world.state.asked if world.look in one and "mail" in one.lower()]
    assert calmerge("mail", "watch").code == 3
    world.state.untick = frozenset({world.scope})
    answer = calmerge("account", "reauth", account["id"], *world.link[1:], "--scope-level", "answers")
    assert "Not every box was ticked" in answer.err
    assert calmerge("mail", "watch").code == 3
    world.state.untick = frozenset()
    calmerge.ok("account", "reauth", account["id"], *world.link[1:], "--scope-level", "answers")
    calmerge.ok("sync")
    assert calmerge.ok("mail", "list")["mailboxes"][0]["as_of"]
    calmerge.ok("mail", "add", "--account", account["id"], "--name", "Alice")
    assert calmerge.ok("mail", "list")["mailboxes"][0]["as_of"], "a name is no reason to stop"
    calmerge.ok("account", "reauth", account["id"], *world.link[1:], "--scope-level", "send")
    before = len(world.state.asked)
    calmerge.ok("sync")
    assert not [one for one in world.state.asked[before:] if "gmail/v1" in one or "messages" in one]
    assert calmerge.ok("mail", "list")["mailboxes"][0]["as_of"] is None


def test_watching_takes_it_in(alice: Calmerge, world: World) -> None:
    """`mail watch` looks at once, and ends when asked to."""
    world.state.box.put(yes(invited(alice)))
    command = [sys.executable, "-m", "calmerge_desktop", "--home", str(alice.home), "mail", "watch"]
    watch = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stderr=subprocess.PIPE, text=True)
    try:
        _until(lambda: answers(alice) == {"Review": "accepted"})
    finally:
        watch.send_signal(signal.SIGTERM)
        _out, err = watch.communicate(timeout=20)
    assert watch.returncode == 0, err
    assert "1 received" in err


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.05)

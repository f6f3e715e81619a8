"""Time grows with the length of what others write and not with its square: 200 kB of anything are read at once."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from calmerge_desktop.core import markup
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.ics.lines import parse
from calmerge_desktop.core.ics.read import meeting_link
from calmerge_desktop.core.letters.mime import open_mail
from calmerge_desktop.core.proposal.reading import read_answer
from calmerge_desktop.core.proposal.token import has_token
from calmerge_desktop.sync.mail.choosing import head_of
from calmerge_desktop.sync.providers.google.to_ics import event_lines
from calmerge_desktop.sync.providers.microsoft import html
from calmerge_desktop.sync.sameness import same
from tests.fuzz.mail_targets import PROPOSAL, SECRETS, SLOTS

LENGTH = 200_000
SECONDS = 4.0
"""What is read in the square of its length takes minutes."""
PIECES = (
    " ", "\n", "\t \t", "<", '<a href="x">', "<a ", '<a href="', "<!--", "<!--x>", "<style>", "</style>", "_", "<div>", "<div> ", "&", "&#1", "CM1",
    "https://", ">", "On ", "On x\n", "1 ", "1.1.", "<body>", "<body", "</", "<blockquote>", "<h3><", ":", "no ", "keine ", "<![x", " <br", ",", '"',
    ";", ";a=", ";a=,", "=?utf-8?q?", "(", "[", "\\", "@", "a@b.test,", "<a@b.test> ",
)  # fmt: skip


def _google(text: str) -> object:
    time_ = {"dateTime": "2026-11-24T09:00:00Z"}
    return event_lines({"id": "x", "start": time_, "end": time_, "description": f"<p>{text}"})


READERS: dict[str, Callable[[str], object]] = {
    "Outlook's body": html.plain,
    "whether Outlook's body is rich": html.is_rich,
    "words before Outlook's body": lambda text: html.around("x", text + "_" * 30),
    "Google's description": _google,
    "an answer": lambda text: read_answer(text, SLOTS, "Europe/Berlin", PROPOSAL, SECRETS),
    "an answer in HTML": lambda text: read_answer("<p>" + text, SLOTS, "Europe/Berlin", PROPOSAL, SECRETS),
    "a token": has_token,
    "a meeting's address": meeting_link,
    "links": markup.with_addresses,
    "a content line": lambda text: parse("ATTENDEE;A=" + text.replace("\n", "") + '"x:y'),
    "whether two lines say the same": lambda text: same(f'BEGIN:VEVENT\nATTENDEE;A={text}"x:y\nEND:VEVENT', "", exact=True),
    "the sender of a mail": lambda text: open_mail(f"From: {text}\r\n\r\n".encode()),
    "the subject of a mail": lambda text: open_mail(f"Subject: {text}\r\n\r\n".encode()),
    "what a mail answers": lambda text: head_of(f"From: {text}\r\nReferences: {text}\r\n\r\n".encode(), None, 0),
    "the kind of a mail": lambda text: open_mail(f"Content-Type: {text}\r\n\r\n".encode()),
    "the part of a mail": lambda text: open_mail(f"Content-Type: text/calendar; method={text}\r\n\r\n".encode()),
}


@pytest.mark.parametrize("name", READERS)
def test_two_hundred_kilobytes_of_anything(name: str) -> None:
    """Each piece over and over."""
    for piece in PIECES:
        text = piece * (LENGTH // len(piece))
        began = time.process_time()
        READERS[name](text)
        took = time.process_time() - began
        assert took < SECONDS, f"{took:.1f} s for {piece!r}"


def test_parts_within_parts_without_end() -> None:
    """A mail nested ten thousand times is opened or refused, never a fault."""
    heads = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(10_000))
    for mail in (
        f"From: a@b.test\r\n{heads}",
        "From: a@b.test\r\nContent-Type: message/rfc822\r\n\r\n" + "Content-Type: message/rfc822\r\n\r\n" * 10_000,
    ):
        with pytest.raises(BadInput, match="nested too deeply"):
            open_mail(mail.encode())

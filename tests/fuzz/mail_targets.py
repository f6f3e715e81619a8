"""What comes by mail: messages of iTIP, whole mails, choices, signed offers."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from imapclient.exceptions import ProtocolError
from imapclient.response_parser import parse_fetch_response

from calmerge_desktop.core.errors import BadData, BadInput, CalmergeError
from calmerge_desktop.core.ics.split import decode, split
from calmerge_desktop.core.itip import make
from calmerge_desktop.core.itip.decide import decide
from calmerge_desktop.core.itip.message import Message, read_messages
from calmerge_desktop.core.letters.mime import is_message_id, looks_like_mail, open_mail
from calmerge_desktop.core.model import Book, CalendarId, Href, Resource
from calmerge_desktop.core.proposal import offer as offers
from calmerge_desktop.core.proposal.reading import kept_reading, read_answer
from calmerge_desktop.core.proposal.token import find_tokens, has_token, make_token
from calmerge_desktop.core.store.rows import materialise
from calmerge_desktop.sync.mail.choosing import Wanted, choose, chooses, head_of, marks_in, text_of, texts

NOW = 1_795_000_000
ME = ("me@example.test", "alice@example.test")
BETWEEN = "\n----\n"
"""Stands between messages that come one after the other."""
PROPOSAL = "0123456789abcdef012345"
SECRETS = {PROPOSAL: b"secret"}
SLOTS = ((NOW, NOW + 3600), (NOW + 86_400, NOW + 90_000), (NOW + 2 * 86_400, NOW + 2 * 86_400 + 3600))
_KEY = bytes(range(32))


def itip(written: str) -> None:
    """Messages that come one after the other, whoever sends them: what they leave behind can be read and answered."""
    held: dict[str, str] = {}
    for text in written.split(BETWEEN)[:4]:
        with suppress(CalmergeError):
            for each in split(text).resources[:5]:
                _keep(held, str(each.href), each.ics)
        try:
            messages = read_messages(text)
        except BadInput:
            continue
        for message in messages[:5]:
            _decided(message, held)


def _decided(message: Message, held: dict[str, str]) -> None:
    organizer = message.organizer.address if message.organizer else ""
    guests = [who.address for who in message.main.event.attendees[:2]]
    after = None
    for sender in (None, organizer, *guests, "stranger@example.test"):
        for me in (ME, (organizer,)):
            found = decide(message, held.get(message.uid), me, sender, NOW)
            after = found.after or after
    if after is not None and _keep(held, message.uid, after):
        _answered(after, message)


def _keep(held: dict[str, str], uid: str, ics: str) -> bool:
    """As the cache does: what nobody could show is not held."""
    try:
        materialise(Resource(href=Href("h"), ics=ics), Book(CalendarId("c"), "Europe/Berlin", ME[0]), NOW)
    except BadData:
        return False
    held[uid] = ics
    return True


def _answered(ics: str, message: Message) -> None:
    rid = message.main.event.recurrence_id
    start, end = message.main.event.start, message.main.event.end or message.main.event.start
    letters: tuple[Callable[[], str], ...] = (
        lambda: make.request(ics, None, now=NOW),
        lambda: make.reply(ics, rid, ME[0], "accepted", now=NOW, comment="x;y"),
        lambda: make.counter(ics, rid, ME[0], start, end, now=NOW),
        lambda: make.decline_counter(ics, rid, now=NOW),
        lambda: make.refresh(ics, ME[0], now=NOW),
        lambda: make.publish(ics, now=NOW),
    )
    for write in letters:
        try:
            said = write()
        except CalmergeError:
            continue
        read_messages(said)


def letter(data: bytes) -> None:
    """A mail, from its bytes to what it says."""
    if not looks_like_mail(data):
        data = b"From: a@b.test\r\n" + data
    mail = open_mail(data)
    assert mail.sender == mail.sender.lower()
    is_message_id(mail.message_id)
    for method, text in mail.calendars[:5]:
        with suppress(CalmergeError):
            read_messages(text, method=method)
        decode(text.encode("utf-8", "surrogatepass"))
    words(mail.text)


def words(text: str) -> None:
    """What a guest wrote."""
    reading = read_answer(text, SLOTS, "Europe/Berlin", PROPOSAL, SECRETS)
    assert all(0 <= one < len(SLOTS) for one in reading.choices)
    assert not (reading.declined and reading.choices)
    assert kept_reading(reading.kept()) == reading


def choosing(data: bytes) -> None:
    """Which part of a mailbox is read: headers, an empty line, and the server's BODYSTRUCTURE."""
    headers, _line, structure = data.partition(b"\n\n")
    wanted = Wanted(letters=frozenset({"<a@b.test>"}), guests=frozenset({"bo@example.test"}))
    try:
        found: Any = parse_fetch_response([b"1 (UID 1 BODYSTRUCTURE " + structure + b")"])
        parsed = found.get(1, {}).get(b"BODYSTRUCTURE")
    except (ProtocolError, ValueError, TypeError, IndexError, AttributeError):
        parsed = None  # what the library cannot read never reaches us
    head = head_of(headers, parsed, len(data))
    choose(head, wanted)
    for part in texts(head):
        chooses(text_of(part, data), head, wanted)
    marks_in(headers.decode("latin-1"))


def token(text: str) -> None:
    """A choice token in any text: found is only what we made, and it is found again."""
    found = find_tokens(text, SECRETS)
    assert all(one.proposal == PROPOSAL for one in found)
    assert has_token(text) or not found
    whole = make_token(PROPOSAL, len(text) % 256, SECRETS[PROPOSAL])
    assert len(text) % 256 in [one.number for one in find_tokens(f"{text}\n\n\n{whole}\n{text}", SECRETS)]


def offer(data: bytes) -> None:
    """A signed offer: as text, and as the layout that a stranger signed."""
    with suppress(BadInput):
        offers.decode(data.decode("utf-8", "replace"))
    key = Ed25519PrivateKey.from_private_bytes(_KEY)
    body = data + key.public_key().public_bytes_raw()
    text = base64.urlsafe_b64encode(body + key.sign(body)).decode().rstrip("=") + offers.END
    try:
        found = offers.decode(text)
    except BadInput:
        return
    assert offers.decode(offers.encode(found, _KEY)) == found

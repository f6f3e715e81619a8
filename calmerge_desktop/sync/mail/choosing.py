"""Which messages of a mailbox are read further than their headers and their structure: as few as can be. Pure.

Read are messages that carry a calendar, that answer a letter of ours, or that hold a choice token in a text of at most
200 kB and come from somebody who was offered times that are still open. Nobody knows the guests of a published page: while
there is one, subjects are asked for too, and a message whose subject has the mark of such an offer is read when a text of it
holds a genuine token. Nothing else of a mailbox is ever transferred.
"""

from __future__ import annotations

import quopri
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from enum import Enum
from typing import Any

from calmerge_desktop.core.letters.mime import PATIENT, address_in
from calmerge_desktop.core.proposal.token import find_marks, find_tokens, has_token

MOST_BYTES = 25_000_000
"""A larger message is not read."""
MOST_TEXT = 200_000
"""Bytes of a text in which a token is looked for."""
HEADERS = ("From", "In-Reply-To", "References")
SUBJECT = "Subject"
"""Asked for only while there are marks to look for."""


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of a message's structure. `number` is what BODY[…] takes (RFC 9051 §6.4.5.1)."""

    number: str
    kind: str
    size: int
    encoding: str
    file: str


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a message before any of its text is read."""

    sender: str
    answers: frozenset[str]
    """Message-IDs of the mails it answers."""
    size: int
    parts: tuple[Part, ...]
    marks: frozenset[str] = frozenset()
    """What looks like the mark of an offer in its subject; empty unless the subject was asked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What we wait for."""

    letters: frozenset[str] = frozenset()
    """Message-IDs of letters whose answer we understand."""
    guests: frozenset[str] = frozenset()
    """Addresses of those who were offered times that are still open, in lower case."""
    marks: frozenset[str] = frozenset()
    """Of the offers of published pages (`token.mark_of`): in subjects of answers from people nobody knows."""
    offers: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Their secrets by id, which tell a genuine token."""


class Choice(Enum):
    """How far a message is read."""

    LEAVE = "leave"
    TEXTS = "texts"
    """Its texts are searched for a token."""
    READ = "read"


def choose(head: Head, wanted: Wanted) -> Choice:
    """How far to read a message."""
    if head.size > MOST_BYTES:
        return Choice.LEAVE
    if any(_is_calendar(part) for part in head.parts) or head.answers & wanted.letters:
        return Choice.READ
    perhaps = head.sender in wanted.guests or head.marks & wanted.marks
    return Choice.TEXTS if perhaps and texts(head) else Choice.LEAVE


def texts(head: Head) -> tuple[Part, ...]:
    """The parts in which a token may stand."""
    return tuple(part for part in head.parts if part.kind in ("text/plain", "text/html") and part.size <= MOST_TEXT)


def chooses(text: str, head: Head, wanted: Wanted) -> bool:
    """Whether a text makes its message worth reading whole.

    Of a known guest something shaped like a token is enough, so that a spoilt one is shown; a stranger's must be genuine.
    """
    return has_token(text) if head.sender in wanted.guests else bool(find_tokens(text, wanted.offers))


def text_of(part: Part, data: bytes) -> str:
    """A text part that was transferred as `data`; empty when it cannot be read."""
    if part.encoding == "base64":
        try:
            data = b64decode(data, validate=False)
        except ValueError:
            return ""
    elif part.encoding == "quoted-printable":
        data = quopri.decodestring(data)
    return data.decode("utf-8", "replace")


def marks_in(subject: str) -> frozenset[str]:
    """What looks like a mark in the value of a Subject header, folded (RFC 5322 §2.2.3) and encoded (RFC 2047) or not."""
    flat = "".join(subject.splitlines())
    return find_marks(str(PATIENT.header_fetch_parse(SUBJECT, flat)))


def head_of(headers: bytes, structure: Any, size: int) -> Head:
    """From the lines of HEADERS and the parsed BODYSTRUCTURE; odd ones become a head that is left alone."""
    mail = message_from_bytes(headers, policy=PATIENT)
    return Head(
        sender=address_in(mail, "From"),
        answers=answered(f"{mail.get('In-Reply-To', '')} {mail.get('References', '')}"),
        size=size,
        parts=tuple(_leaves(structure, "")),
        marks=find_marks(str(mail.get(SUBJECT, ""))),
    )


def answered(text: str) -> frozenset[str]:
    """The Message-IDs in the values of In-Reply-To and References (RFC 5322 §3.6.4)."""
    return frozenset(f"<{one.partition('>')[0]}>" for one in text.split("<")[1:])


def _is_calendar(part: Part) -> bool:
    return part.kind in ("text/calendar", "application/ics") or part.file.endswith(".ics")


def _leaves(node: Any, number: str) -> Iterator[Part]:
    """The leaves of a BODYSTRUCTURE (RFC 9051 §7.5.2); a message within a message is one leaf."""
    if node and isinstance(node[0], list | tuple):
        children = node[0] if isinstance(node[0], list) else [one for one in node if isinstance(one, tuple)]
        for at, child in enumerate(children, 1):
            yield from _leaves(child, f"{number}.{at}" if number else str(at))
        return
    if not node or len(node) < 7:
        return
    kind = f"{_word(node[0])}/{_word(node[1])}"
    size = node[6] if isinstance(node[6], int) else 0
    yield Part(number or "1", kind, size, _word(node[5]), _file(node))


def _file(node: Sequence[Any]) -> str:
    """The file name of a part, in lower case: `name` of its type or `filename` of its disposition."""
    found = [node[2]] + [one[1] for one in node[7:] if isinstance(one, tuple) and len(one) == 2]
    for pairs in found:
        if isinstance(pairs, tuple):
            for name, value in zip(pairs[::2], pairs[1::2], strict=False):
                if _word(name).rstrip("*") in ("name", "filename"):
                    return _word(value)
    return ""


def _word(value: Any) -> str:
    return value.decode("utf-8", "replace").lower() if isinstance(value, bytes) else ""

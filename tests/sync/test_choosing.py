"""Which messages are read further: pure, from what IMAP says of them."""

from __future__ import annotations

from typing import Any

import pytest

from calmerge_desktop.core.proposal.token import make_token, mark_of
from calmerge_desktop.sync.mail.choosing import (
    MOST_BYTES,
    MOST_TEXT,
    Choice,
    Head,
    Wanted,
    choose,
    chooses,
    head_of,
    marks_in,
    text_of,
    texts,
)

ID, KEY = "0123456789abcdef012345", bytes(range(16))
MARK = mark_of(ID)
WANTED = Wanted(guests=frozenset({"bob@example.test"}), marks=frozenset({MARK}), offers={ID: KEY})


def head(subject: str = "", sender: str = "eve@example.test", *, size: int = 900, text: int = 100) -> Head:
    lines = f"From: Eve <{sender}>\r\n" + (f"Subject: {subject}\r\n" if subject else "") + "\r\n"
    structure: Any = (b"TEXT", b"PLAIN", (b"CHARSET", b"utf-8"), None, None, b"7BIT", text, 3)
    return head_of(lines.encode(), structure, size)


@pytest.mark.parametrize(
    "subject",
    [
        f"Re: Talk ({MARK})",
        f"AW: Talk\r\n ({MARK})",
        f"=?utf-8?q?Gespr=C3=A4ch_=28{MARK}=29?=",
        "=?utf-8?b?R2VzcHLDpGNoIChDTTEtMDRI?=\r\n =?utf-8?b?TUFTKQ==?=",
        f"=?iso-8859-1?Q?R=FCckfrage?= ({MARK.lower()})",
        f"=?no-such-charset?q?x?= ({MARK})",
    ],
)
def test_a_wanted_mark_in_a_subject_has_the_texts_looked_at(subject: str) -> None:
    """Answered, folded, encoded; from IMAP as from Gmail."""
    assert MARK in head(subject).marks
    assert MARK in marks_in(subject)
    assert choose(head(subject), WANTED) is Choice.TEXTS


def test_nothing_else_of_a_stranger_is_looked_at() -> None:
    other = mark_of("ff" * 11)
    assert choose(head(), WANTED) is Choice.LEAVE
    assert choose(head(f"Talk ({other})"), WANTED) is Choice.LEAVE
    assert choose(head(f"Talk ({MARK})"), Wanted()) is Choice.LEAVE
    assert choose(head(f"Talk ({MARK})", size=MOST_BYTES + 1), WANTED) is Choice.LEAVE
    assert choose(head(f"Talk ({MARK})", text=MOST_TEXT + 1), WANTED) is Choice.LEAVE


def test_a_strangers_token_must_be_genuine() -> None:
    """A known guest's may be spoilt: then the person sees it."""
    genuine, forged = make_token(ID, 1, KEY), make_token(ID, 1, bytes(16))
    marked, guest = head(f"Talk ({MARK})"), head(sender="bob@example.test")
    assert [chooses(text, marked, WANTED) for text in ("hello", forged, f"> {genuine}")] == [False, False, True]
    assert [chooses(text, guest, WANTED) for text in ("hello", forged, f"> {genuine}")] == [False, True, True]


def test_secrets_are_not_shown() -> None:
    assert "offers" not in repr(WANTED)


def test_text_as_it_was_transferred() -> None:
    (part,) = texts(head(f"Talk ({MARK})"))
    assert text_of(part, "für".encode()) == "für"

"""Requests in words: said before anything leaves, honest when it will not leave now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from calmerge_desktop.core.agenda.requesting import Fit, Request
from calmerge_desktop.core.freebusy import Busy, Load, Source, Unreadable
from calmerge_desktop.core.model import CalendarId, SourceState
from calmerge_desktop.ui.inbox import words
from tests.ui import sample as lena

BERLIN = ZoneInfo("Europe/Berlin")
START, END = lena.at(26, "15:30"), lena.at(26, "16:00")
ASKED = Request(
    key="m1", kind="invitation", open=True, who="Mei", address="mei@x.example", title="Review", start=START, end=END,
    event="e-1", sender="lena@x.example", mailbox=True, people=("Mei", "Sam"), place="Teams\nRoom 2", partstat="needs-action",
)  # fmt: skip


def made(**more: Any) -> Request:
    return replace(ASKED, **more)


@pytest.mark.parametrize(
    ("one", "label", "what", "note"),
    [
        (made(), "Invitation", "Review · Thu 26 Nov, 15:30", "Teams · 3 people"),
        (made(open=False, partstat="accepted", letter="waiting"), "Accepted", "Review · Thu 26 Nov, 15:30",
         "your mail waits to be sent"),
        (made(open=False, partstat="declined", letter="refused"), "Declined", "Review · Thu 26 Nov, 15:30",
         "your mail was refused"),
        (made(kind="update", moved=True), "Moved", "Review · Thu 26 Nov, 15:30", "Teams · 3 people"),
        (made(kind="counter", was=(lena.at(24, "11:30"), lena.at(24, "12:30"))), "Counter", "Thu 26 Nov, 15:30 for “Review”",
         "was Tue 24 Nov, 11:30"),
        (made(kind="answer", partstat="declined", comment="Leider\nnicht"), "Reply", "does not come to “Review”",
         "Leider nicht"),
        (made(kind="answer", partstat="delegated"), "Reply", "passes “Review” on", ""),
        (made(kind="not-allowed"), "Refused", "wants to change “Review”", "not from the organizer, nothing was changed"),
        (made(kind="proposal", proposal="p", declined=True, expires=END), "Answer", "none of the times for “Review” suits",
         "until Thu 26 Nov, 16:00"),
        (made(kind="old", all_day=True, start=lena.at(26, "01:00"), end=lena.at(27, "01:00")), "Message",
         "Review · Thu 26 Nov", "older than what is known"),
    ],
)  # fmt: skip
def test_a_row(one: Request, label: str, what: str, note: str) -> None:
    """Kind, what, and what is to be known before opening it."""
    assert (words.tag(one).label, words.what(one, BERLIN), words.note(one, BERLIN)) == (label, what, note)
    assert all(part in words.spoken(one, BERLIN) for part in (label, what, note))


@pytest.mark.parametrize(
    ("one", "offline", "end"),
    [
        (made(), False, "by mail to Mei: the answer, lena@x.example and the word you add."),
        (made(), True, "You are offline: it leaves later."),
        (made(mailbox=False), True, "No mailbox sends from lena@x.example yet, so the mail waits."),
        (made(by_server=True, account="Google"), True, "You are offline: it leaves later."),
        (made(kind="cancelled"), True, "Nothing leaves this computer."),
        (made(kind="counter", guests=("a", "b")), False, "tells 2 people. Decline mails Mei that it stays."),
    ],
)
def test_what_leaves(one: Request, offline: bool, end: str) -> None:
    """Also why it does not leave now."""
    assert words.leaves(one, "Termine", offline=offline).endswith(end)


def test_how_long_there_is() -> None:
    """In the last two days, to the minute only when it presses; nothing for what is done."""
    assert words.left(made(), START - 6 * 3600 - 40 * 60) == "6 h 40 min left"
    assert words.left(made(), START - 27 * 3600 - 40 * 60) == "27 h left"
    assert words.left(made(), START - 60 * 3600) == ""
    assert words.left(made(open=False), START - 3600) == ""


def test_whether_it_fits() -> None:
    """Clashes by name, three at most; sources that cannot be read; dates of a series counted once."""
    busy = [Busy(START, END, Load.BUSY, f"e-{n}", f"Meeting {n}", ()) for n in range(5)]
    source = Source(calendar=CalendarId("c"), name="Verein", state=SourceState.BROKEN, as_of=None, policy=Unreadable.BLOCK)
    fit = Fit(dates=4, clashes=tuple((START, one) for one in busy), calendars=3, unread=(source,))
    said = [line.text for line in words.fits(ASKED, fit, BERLIN)]
    assert said[0] == "1 of the next 4 dates is taken"
    assert said[1] == "“Meeting 0” is there Thu 26 Nov, 15:30–16:00"
    assert said[4:] == ["and 2 more", "Verein cannot be read now"]
    assert [line.text for line in words.fits(ASKED, Fit(calendars=3, unread=(source,)), BERLIN)] == [
        "Free in 2 of 3 calendars",
        "Verein cannot be read now",
    ]


def test_what_happens_if_nobody_acts() -> None:
    """Something for each that waits, nothing for what is done."""
    kinds = ("invitation", "update", "counter", "cancelled", "not-allowed", "uninvited", "refresh", "proposal")
    assert all(words.nothing(made(kind=kind, was=(START, END), expires=END), BERLIN) for kind in kinds)
    assert words.nothing(made(open=False), BERLIN) == ""


def test_the_empty_inbox_names_who_may_answer() -> None:
    """Two names at most; without offers it is short."""
    offers = [made(kind="offer", open=False, who=name) for name in ("Sam", "Priya", "Dana")]
    assert words.empty(offers) == "Nothing waits for you. Answers to the offer to Sam and Priya arrive here."
    assert words.empty([]) == "Nothing waits for you."

"""Offers in the window, on a real profile: seen, booked, withdrawn, answered with other times; by keys, drops and pastes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.agenda.offering import Guest
from calmerge_desktop.core.letters.mime import open_mail
from calmerge_desktop.core.model import Draft, Stamp
from calmerge_desktop.core.proposal.model import Proposal, State
from calmerge_desktop.ui.commands import commands, matching
from calmerge_desktop.ui.inbox.deeds import WAIT
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.offering.flow import OfferFlow
from calmerge_desktop.ui.offers.foot import Act
from tests.ui import sample as lena
from tests.ui.frame.conftest import calm
from tests.ui.inbox.conftest import dropped, files
from tests.ui.inbox.conftest import opened as inbox
from tests.ui.offering.test_offering import drag, entered
from tests.ui.offers.conftest import (
    SLOTS,
    Real,
    answer,
    chosen,
    every_state,
    offer,
    opened,
    profile_of,
    settled,
    token,
    with_mailbox,
)

pytestmark = pytest.mark.gui
SAM = "sam@halden.example"


def press(window: MainWindow, qtbot: QtBot, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key)
    settled(window, qtbot)


def toast(window: MainWindow) -> str:
    return window.speaker.current_toast.text() if window.speaker.current_toast is not None else ""


def one(window: MainWindow, id: str) -> Proposal:
    return window.session.desk.proposing.get(id)


def holds(window: MainWindow) -> int:
    found = window.session.desk.view.instances(lena.at(24, "00:00"), lena.at(30, "23:00"), "Europe/Berlin")
    return sum(each.summary.startswith("Held: ") for each in found)


def letters(window: MainWindow) -> list[str]:
    return [each.recipient for each in profile_of(window).store.post.letters(everything=True)]


def meeting(window: MainWindow, slot: tuple[int, int], title: str = "Vorstand") -> None:
    """Something comes where a time was offered."""
    low, high = (Stamp(datetime.fromtimestamp(at, lena.BERLIN).replace(tzinfo=None), "Europe/Berlin") for at in slot)
    target = window.session.target()
    assert target is not None
    window.session.desk.events.add(Draft(calendar=target.id, summary=title, start=low, end=high))


# --- what there is ----------------------------------------------------------------------------------------------------


def test_offers_are_grouped_by_state_and_said_in_words(real: Real, qtbot: QtBot) -> None:
    """Those that need the person first; the badge counts them, and the rail says it."""
    window = real()
    every_state(window)
    window.session.touch()
    page = opened(window, qtbot)
    assert [row.line.proposal.state.value for row in page.list.rows] == [
        "answered", "open", "open", "open", "booked", "expired", "withdrawn", "replaced",
    ]  # fmt: skip
    assert page.list.rows[0].accessibleName() == "Answered, Sam Okafor, Intro call · 3 times, chooses Mon 30 Nov, 10:00"
    assert page.list.rows[4].accessibleName() == "Booked, Mei Chen, Year-end review · 1 time, Fri 27 Nov · 15:00 – 15:30"
    button = window.sidebar.pages["offers"]
    assert (button.badge, button.accessibleName()) == (1, "Offers, 1 was answered")


def test_each_time_says_what_became_of_it(real: Real, qtbot: QtBot) -> None:
    """In both zones; what stands there by name, what another guest took by theirs, and which are held."""
    window = real()
    sam, priya = offer(window, Guest(SAM, "Sam Okafor"), Guest("p@x.example", "Priya"), hold=True)
    window.session.desk.proposing.book(priya.id, 1)
    meeting(window, SLOTS[2])
    page = chosen(window, qtbot, sam)
    assert page.card.times is not None
    assert page.card.times.spoken == [
        "1: Thu 26 Nov · 17:00 – 17:30, 11:00 – 11:30 in New York, open, held free in your calendar",
        "2: Fri 27 Nov · 14:00 – 14:30, 08:00 – 08:30 in New York, taken, Priya chose it first",
        "3: Mon 30 Nov · 10:00 – 10:30, 04:00 – 04:30 in New York, taken, “Vorstand” stands there",
    ]
    assert page.card.mail is not None
    assert "whoever chooses a time first has it" in page.card.mail.text()
    window.session.touch()
    settled(window, qtbot)
    assert page.view is not None
    assert page.view.proposal.id == sam.id


def test_without_an_offer_there_is_one_sentence_and_the_way_to_the_first(real: Real, qtbot: QtBot) -> None:
    """By the keyboard: the button has the focus, and leads to the week."""
    window = real()
    page = opened(window, qtbot)
    assert page.card.empty == "You have offered no times yet."
    assert page.card.first is not None
    assert page.card.first.hasFocus()
    press(window, qtbot, Qt.Key.Key_Return)
    assert window.modes.offering is not None
    assert window.pages.current == "calendar"


def test_the_search_leads_there(real: Real) -> None:
    """The page is among the commands."""
    window = real()
    (found,) = [each for each in matching("offers", commands(window)) if each.label == "Offers"]
    found.deed()
    assert window.pages.current == "offers"


# --- deeds ------------------------------------------------------------------------------------------------------------


def test_withdrawing_frees_the_holds_and_is_taken_back(real: Real, qtbot: QtBot) -> None:
    """W says before and after what it does; Z makes the offer and its holds stand again. No mail leaves."""
    window = real()
    (made,) = offer(window, hold=True)
    page = chosen(window, qtbot, made)
    assert page.foot.leaves.text() == (
        "Withdrawing frees 3 held times. Nobody is told; an answer that still comes books nothing."
    )
    press(window, qtbot, Qt.Key.Key_W)
    assert (one(window, made.id).state, holds(window)) == (State.WITHDRAWN, 0)
    assert toast(window) == "The offer to Sam Okafor is withdrawn. 3 held times are free again."
    press(window, qtbot, Qt.Key.Key_Z)
    assert (one(window, made.id).state, holds(window)) == (State.OPEN, 3)
    assert letters(window) == []
    press(window, qtbot, Qt.Key.Key_W)
    window.speaker.current_toast.dismiss() if window.speaker.current_toast else None
    page.choose(made.id)
    settled(window, qtbot)
    assert list(page.foot.buttons) == [Act.REOPEN]
    press(window, qtbot, Qt.Key.Key_R)
    assert (one(window, made.id).state, holds(window)) == (State.OPEN, 3)


def test_booking_asks_once_and_shows_the_meeting(real: Real, qtbot: QtBot) -> None:
    """The time the answer chooses; then the way into the calendar."""
    window = real()
    (made,) = offer(window)
    window.session.desk.proposing.read(
        answer("Thursday 11 am works for me, I look forward to it very much", SAM), book=False
    )
    page = chosen(window, qtbot, made)
    press(window, qtbot, Qt.Key.Key_B)
    question = window.speaker.question
    assert question is not None
    assert question.deed.text() == "Book and tell 1 person"
    assert window.isActiveWindow()
    assert one(window, made.id).state is State.ANSWERED
    question.deed.click()
    settled(window, qtbot)
    assert (one(window, made.id).state, one(window, made.id).chosen) == (State.BOOKED, 0)
    assert window.sidebar.pages["offers"].badge == 0
    held = window.session.desk.events.find_uid(made.uid)  # type: ignore[attr-defined]
    assert held is not None
    assert f"mailto:{SAM}" in held.ics.replace("\r\n ", "")
    page.choose(made.id)
    settled(window, qtbot)
    press(window, qtbot, Qt.Key.Key_G)
    assert (window.pages.current, window.day) == ("calendar", date(2026, 11, 26))


def test_a_time_that_went_is_booked_only_all_the_same(real: Real, qtbot: QtBot) -> None:
    """The sentence, and a second question."""
    window = real()
    (made,) = offer(window, slots=SLOTS[:1])
    window.session.desk.proposing.read(answer(token(made, 0), SAM), book=False)
    meeting(window, SLOTS[0])
    page = chosen(window, qtbot, made)
    page.act(Act.BOOK)
    assert window.speaker.question is not None
    window.speaker.question.deed.click()
    settled(window, qtbot)
    assert window.speaker.question is not None
    assert one(window, made.id).state is not State.BOOKED
    window.speaker.question.deed.click()
    settled(window, qtbot)
    assert one(window, made.id).state is State.BOOKED


def test_an_answer_is_dropped_or_pasted_and_chosen(real: Real, qtbot: QtBot, tmp_path: Path) -> None:
    """Read as in the inbox: nothing is booked without the person. What is no answer goes to the inbox."""
    window = real()
    (made,) = offer(window)
    offer(window, Guest("other@x.example"))
    window.session.touch()
    page = opened(window, qtbot)
    path = tmp_path / "re.eml"
    path.write_bytes(answer(f"Gern!\n{token(made, 1)}\n", SAM))
    dropped(page, files(path))
    settled(window, qtbot)
    assert page.view is not None
    assert (page.view.proposal.id, page.view.proposal.state) == (made.id, State.ANSWERED)
    assert window.sidebar.pages["offers"].badge == 1
    press(window, qtbot, Qt.Key.Key_L)
    assert one(window, made.id).state is State.OPEN
    QApplication.clipboard().setText(answer("2 passt", SAM).decode())
    QTest.keyClick(page.list, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settled(window, qtbot)
    assert one(window, made.id).state is State.ANSWERED
    QApplication.clipboard().clear()


def test_sending_once_more_asks_and_copying_does_not(real: Real, qtbot: QtBot) -> None:
    """A reminder in the thread; the clipboard has text, rich text and the times."""
    window = real()
    (made,) = offer(window, send=True)
    chosen(window, qtbot, made)
    press(window, qtbot, Qt.Key.Key_S)
    assert window.speaker.question is not None
    window.speaker.question.deed.click()
    settled(window, qtbot)
    assert letters(window) == [SAM, SAM]
    press(window, qtbot, Qt.Key.Key_C)
    data = QApplication.clipboard().mimeData()
    assert "Hello Sam Okafor," in data.text()
    assert b"BEGIN:VCALENDAR" in data.data("text/calendar").data()
    QApplication.clipboard().clear()


# --- other times ------------------------------------------------------------------------------------------------------


def test_other_times_are_listed_before_they_leave_and_taken_back(real: Real, qtbot: QtBot) -> None:
    """The sheet names them, the mail follows the ticks; what is sent is what was shown; Z undoes all of it."""
    window = real()
    with_mailbox(window)
    (made,) = offer(window, hold=True, send=True)
    window.session.desk.proposing.read(answer("Unfortunately none of these works.", SAM), book=False)
    page = chosen(window, qtbot, made)
    press(window, qtbot, Qt.Key.Key_O)
    sheet = page.deeds.sheet
    assert sheet is not None
    assert len(sheet.boxes) == 6
    assert len(sheet.slots) == 3
    assert "thank you for your answer. Nothing is booked yet. These three other times" in sheet.mail.text()
    sheet.boxes[1].setChecked(False)
    assert not sheet.send.isEnabled()
    settled(window, qtbot)
    assert "These two other times" in sheet.mail.text()
    slots = sheet.slots
    sheet.send.click()
    settled(window, qtbot)
    new = window.session.desk.proposing.list()[0]
    assert (new.follows, new.slots, new.state) == (made.id, slots, State.OPEN)
    assert one(window, made.id).state is State.REPLACED
    assert page.view is not None
    assert page.view.proposal.id == new.id
    letter = profile_of(window).store.post.letters()[-1]
    assert letter.not_before - letter.created == WAIT
    assert "<answer@guest.example>" in open_mail(letter.mime.encode()).references
    assert toast(window) == f"Sam Okafor gets a mail in {WAIT} seconds."
    press(window, qtbot, Qt.Key.Key_Z)
    assert one(window, made.id).state is State.ANSWERED
    assert page.view.proposal.id == made.id
    assert letters(window) == [SAM]
    assert holds(window) == 3


def test_no_tick_no_mail(real: Real, qtbot: QtBot) -> None:
    """Said in the place of the mail; Esc leaves everything as it was."""
    window = real()
    (made,) = offer(window)
    page = chosen(window, qtbot, made)
    page.act(Act.OTHERS)
    settled(window, qtbot)
    sheet = page.deeds.sheet
    assert sheet is not None
    for box in sheet.boxes:
        box.setChecked(False)
    settled(window, qtbot)
    assert sheet.mail.text() == "Tick at least one time, then it can be sent."
    assert [sheet.send.isEnabled(), sheet.draft.isEnabled()] == [False, False]
    sheet.show_mail(made, "worded for ticks that are gone")
    assert [sheet.send.isEnabled(), sheet.made] == [False, None]
    QTest.keyClick(sheet.boxes[0], Qt.Key.Key_Escape)
    assert page.deeds.sheet is None
    assert one(window, made.id).state is State.OPEN


def test_other_times_are_painted_over_the_week(real: Real, qtbot: QtBot) -> None:
    """The panel knows the guest; sending replaces the offer in its thread, and copying first changes nothing about that."""
    window = real()
    (made,) = offer(window, send=True)
    page = chosen(window, qtbot, made)
    page.act(Act.OTHERS)
    settled(window, qtbot)
    assert page.deeds.sheet is not None
    page.deeds.sheet.paint.click()
    settled(window, qtbot)
    flow = window.modes.offering
    assert isinstance(flow, OfferFlow)
    assert flow.panel.guests.guests() == (Guest(SAM, "Sam Okafor"),)
    assert flow.panel.heading.text() == "Offer other times"
    drag(flow, 4, 9, 10)
    calm(qtbot, window)
    flow.panel.copy.click()
    calm(qtbot, window)
    drag(flow, 4, 15, 16)
    calm(qtbot, window)
    flow.panel.send.click()
    assert window.speaker.question is not None
    window.speaker.question.deed.click()
    settled(window, qtbot)
    live = [each for each in window.session.desk.proposing.list() if each.state is State.OPEN]
    assert [(each.follows, len(each.slots)) for each in live] == [(made.id, 4)]
    assert one(window, made.id).state is State.REPLACED
    assert letters(window) == [SAM, SAM]
    QApplication.clipboard().clear()


def test_the_inbox_leads_to_other_times(real: Real, qtbot: QtBot) -> None:
    """O on an answer to an offer opens the question about other times."""
    window = real()
    (made,) = offer(window)
    window.session.desk.proposing.read(answer("Unfortunately none of these works.", SAM), book=False)
    window.session.touch()
    page = inbox(window, qtbot)
    page.list.choose(next(row for row in page.list.rows if row.request.proposal == made.id))
    settled(window, qtbot)
    press(window, qtbot, Qt.Key.Key_O)
    assert window.pages.current == "offers"
    offers = opened(window, qtbot)
    assert offers.deeds.sheet is not None
    offers.deeds.sheet.dismiss()


# --- several guests in the panel --------------------------------------------------------------------------------------


def test_the_panel_takes_several_guests_and_sends_each_a_mail(real: Real, qtbot: QtBot) -> None:
    """A pasted list; one hold a time; the question names everybody, the toast takes all of it back."""
    window = real()
    flow = entered(window, qtbot)
    drag(flow, 2, 14, 16)
    flow.panel.guests.field.setText("Sam Okafor <sam@halden.example>, priya@sahyadri.example; SAM@halden.example")
    QTest.keyClick(flow.panel.guests.field, Qt.Key.Key_Return)
    assert flow.panel.guests.guests() == (Guest(SAM, "Sam Okafor"), Guest("priya@sahyadri.example"))
    flow.panel.hold.setChecked(True)
    flow.panel.send.click()
    question = window.speaker.question
    assert question is not None
    assert question.deed.text() == "Send to 2 people"
    question.deed.click()
    settled(window, qtbot)
    assert letters(window) == [SAM, "priya@sahyadri.example"]
    assert holds(window) == 2
    assert toast(window) == f"2 offers leave in {WAIT} seconds."
    assert window.speaker.take_back()
    settled(window, qtbot)
    assert letters(window) == []
    assert holds(window) == 0
    assert {each.state for each in window.session.desk.proposing.list()} == {State.WITHDRAWN}


def test_a_wrong_address_is_marked_and_backspace_takes_the_last_one_out(real: Real, qtbot: QtBot) -> None:
    """Nobody of a list with a mistake is taken, so that nobody is forgotten."""
    window = real()
    guests = entered(window, qtbot).panel.guests
    assert not guests.take("sam@halden.example, nonsense")
    assert guests.guests() == ()
    guests.field.setText("nonsense")
    QTest.keyClick(guests.field, Qt.Key.Key_Return)
    assert guests.field.property("error") is True
    guests.field.clear()
    guests.take("a@x.example")
    guests.take("b@x.example")
    QTest.keyClick(guests.field, Qt.Key.Key_Backspace)
    assert guests.guests() == (Guest("a@x.example"),)


# --- looks ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("language", "theme", "which", "size"),
    [
        ("en", "light", "answered", (1440, 900)),
        ("de", "dark", "open", (1440, 900)),
        ("de", "light", "counter", (960, 700)),
        ("en", "dark", "", (960, 700)),
    ],
)
def test_what_it_looks_like(
    real: Real, qtbot: QtBot, snapshot: Callable[[str, QImage], None], language: str, theme: str, which: str,
    size: tuple[int, int],
) -> None:  # fmt: skip
    """Full and empty, wide and narrow."""
    window = real(language, theme)
    window.resize(*size)
    if which:
        made = every_state(window)
        chosen(window, qtbot, made[which])
    else:
        opened(window, qtbot)
    window.setFocus()
    settled(window, qtbot)
    snapshot(f"offers-{which or 'empty'}-{language}-{theme}", window.grab().toImage())


def test_many_times_and_long_names_stay_inside(real: Real, qtbot: QtBot) -> None:
    """Sixty times scroll; nothing is wider than the page."""
    window = real()
    window.resize(960, 700)
    slots = tuple((lena.at(25, "06:00") + n * 7200, lena.at(25, "06:00") + n * 7200 + 1800) for n in range(60))
    (made,) = offer(
        window, Guest(f"{'very.long.' * 12}name@{'sub.' * 10}example.org", "Name " * 40), title="Long " * 60, slots=slots
    )
    page = chosen(window, qtbot, made)
    assert page.card.times is not None
    assert len(page.card.times.spoken) == 60
    content = page.card.widget()
    assert content is not None
    assert content.width() <= page.card.viewport().width()
    assert page.width() + window.sidebar.width() <= 960

"""The inbox on a real profile: read, weighed, answered, taken back; by keys, by drops and by what the calendars bring."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop.app.background import Background
from calmerge_desktop.core.itip.message import read_messages
from calmerge_desktop.core.letters.mime import open_mail
from calmerge_desktop.core.model import Changed
from calmerge_desktop.core.ports import Listener, MailNews
from calmerge_desktop.ui.inbox.deeds import WAIT
from calmerge_desktop.ui.inbox.foot import Act
from calmerge_desktop.ui.inbox.page import InboxPage
from calmerge_desktop.ui.main_window import MainWindow
from tests.ui import sample as lena
from tests.ui.inbox import mails
from tests.ui.inbox.conftest import (
    Real,
    current,
    dropped,
    files,
    letters,
    opened,
    profile_of,
    read,
    settled,
    with_mailbox,
)

pytestmark = pytest.mark.gui


def press(window: MainWindow, qtbot: QtBot, key: Qt.Key) -> None:
    """A key where the focus is."""
    QTest.keyClick(QApplication.focusWidget() or window, key)
    settled(window, qtbot)


def review(window: MainWindow, qtbot: QtBot) -> InboxPage:
    """The page with Mei Chen's invitation chosen."""
    keys = read(window, qtbot, mails.invitation())
    page = opened(window, qtbot)
    page.list.choose(next(row for row in page.list.rows if row.request.key == keys[0]))
    settled(window, qtbot)
    return page


def toast(window: MainWindow) -> str:
    """What the toast on screen says."""
    return window.speaker.current_toast.text() if window.speaker.current_toast is not None else ""


def ours(window: MainWindow) -> None:
    """A meeting of Lena's with two guests, told to them already."""
    text = mails.event(
        uid="ours@lena", summary="Architektur-Review", organizer=mails.ME, name="Lena", start="20261125T113000",
        end="20261125T123000", people=(("priya@sahyadri.example", "ACCEPTED"), ("sam@halden.example", "ACCEPTED"), (mails.ME, "ACCEPTED")),
    )  # fmt: skip
    calendar = next(one.id for one in window.session.calendars() if one.name == "Vorstand")
    window.session.desk.events.add_text(calendar, mails.calendar("", text))  # type: ignore[attr-defined]


def counter() -> bytes:
    """Priya wants it at three."""
    text = mails.event(
        uid="ours@lena", summary="Architektur-Review", organizer=mails.ME, name="Lena", start="20261125T150000",
        end="20261125T160000", people=(("priya@sahyadri.example", "TENTATIVE"),), more="COMMENT:Later, please\r\n",
    )  # fmt: skip
    return mails.mail("COUNTER", mails.calendar("COUNTER", text), "priya@sahyadri.example")


# --- reading ----------------------------------------------------------------------------------------------------------


def test_what_a_provider_put_into_the_calendar_waits_from_the_start(real: Real, qtbot: QtBot) -> None:
    """The sample's request counts in the sidebar before the page was ever opened, and is said in words."""
    window = real()
    settled(window, qtbot)
    button = window.sidebar.pages["inbox"]
    assert (button.badge, button.accessibleName()) == (1, "Inbox, 1 waits for you")
    page = opened(window, qtbot)
    one = current(page)
    assert (one.title, one.by_server, one.account) == ("Anfrage: M. Chen", True, "hartwig.example")
    assert page.foot.leaves.text() == (
        "Your answer goes into “Termine”; hartwig.example tells M. Chen: the answer and the word you add."
    )


def test_a_mail_that_is_dropped_is_read_and_chosen(real: Real, qtbot: QtBot, tmp_path: Path) -> None:
    """A file on the page; its row is chosen, the day it is about is shown with the ghost, the badge counts it."""
    window = real()
    page = opened(window, qtbot)
    path = tmp_path / "review.eml"
    path.write_bytes(mails.invitation())
    assert dropped(page, files(path)).isAccepted()
    settled(window, qtbot)
    one = current(page)
    assert (one.who, one.title) == ("Mei Chen", "Year-end review")
    assert window.sidebar.pages["inbox"].badge == 2
    assert page.day.day == lena.TODAY.replace(day=26)
    overlay = page.day.week.overlay
    assert overlay is not None
    (ghost,) = overlay.windows
    assert (ghost.day, ghost.start, ghost.dashed, ghost.title) == (1, int(15.5 * 3600), True, "Mei Chen")
    week = page.day.model.week
    assert week is not None
    assert all(block.instance.uid != one.uid for block in week.blocks)


def test_a_mail_that_is_pasted_is_read(real: Real, qtbot: QtBot) -> None:
    """Ctrl+V with the text of a mail; the same again is known, chosen, and no second row."""
    window = real()
    page = opened(window, qtbot)
    QApplication.clipboard().setText(mails.invitation().decode())
    for _twice in range(2):
        QTest.keyClick(page.list, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        settled(window, qtbot)
        assert current(page).title == "Year-end review"
        assert len([row for row in page.list.rows if row.request.open]) == 2
    QApplication.clipboard().clear()


def test_mail_may_fall_anywhere_on_the_window(real: Real, qtbot: QtBot, tmp_path: Path) -> None:
    """It opens the inbox; a calendar without a METHOD is linked as before."""
    window = real()
    path = tmp_path / "invite.ics"
    path.write_bytes(mails.calendar("REQUEST", mails.event()).encode())
    dropped(window, files(path))
    settled(window, qtbot)
    assert window.pages.current == "inbox"
    page = opened(window, qtbot)
    assert current(page).title == "Year-end review"
    window.open_page("calendar")
    plain = tmp_path / "holidays.ics"
    plain.write_bytes(mails.calendar("", mails.event(uid="h@x")).encode())
    before = len(window.session.accounts)
    dropped(window, files(plain))
    settled(window, qtbot)
    assert len(window.session.accounts) == before + 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"BEGIN:VCALENDAR\r\n" + b"x" * 50_000_000, "The message is too large to be an invitation, so it is not opened."),
        (
            b"From: a@example.test\r\nContent-Type: text/html; charset=nonsense\r\n\r\n<p>Hi\xff</p>",
            "The mail carries no invitation and no answer.",
        ),
        (b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n", "There is no event in it."),
        (b"\xff\xfe\x00 nothing", "There is no event in it."),
    ],
    ids=["large", "html", "hollow", "bytes"],
)
def test_bad_input_gets_one_sentence(real: Real, qtbot: QtBot, tmp_path: Path, data: bytes, said: str) -> None:
    """And the list stays what it was."""
    window = real()
    page = opened(window, qtbot)
    before = [row.request.key for row in page.list.rows]
    path = tmp_path / "bad.eml"
    path.write_bytes(data)
    dropped(page, files(path))
    settled(window, qtbot)
    assert toast(window) == said
    assert [row.request.key for row in page.list.rows] == before


def test_ten_thousand_people_are_a_number(real: Real, qtbot: QtBot) -> None:
    """The row says how many, the card names a few."""
    people = ((mails.ME, "NEEDS-ACTION"), *((f"p{n}@x.example", "ACCEPTED") for n in range(10_000)))
    window = real()
    read(window, qtbot, mails.invitation(people=people))
    page = opened(window, qtbot)
    page.list.step(1)
    settled(window, qtbot)
    assert "10002 people" in page.list.rows[1].accessibleName()
    assert current(page).title == "Year-end review"


# --- answering --------------------------------------------------------------------------------------------------------


def test_accepting_with_a_key_writes_the_answer_and_queues_the_mail(real: Real, qtbot: QtBot) -> None:
    """A: PARTSTAT in the calendar, one REPLY with the word, held for as long as it can be taken back; the next one follows."""
    window = real()
    with_mailbox(window)
    page = review(window, qtbot)
    key = current(page).event
    page.foot.comment.setText("Gern, ich bringe die Zahlen mit.")
    page.list.focus_current()
    press(window, qtbot, Qt.Key.Key_A)
    assert window.session.desk.events.detail(key).instance.partstat == "accepted"
    (letter,) = letters(window)
    assert (letter.recipient, letter.sender) == ("mei.chen@brightwater.example", mails.ME)
    assert letter.not_before - letter.created == WAIT
    mail = open_mail(letter.mime.encode())
    (message,) = read_messages(mail.calendars[0][1])
    assert (message.method, message.main.comment) == ("REPLY", "Gern, ich bringe die Zahlen mit.")
    assert [one.partstat for one in message.main.event.attendees] == ["accepted"]
    assert toast(window) == f"Accepted. Mei Chen gets a mail in {WAIT} seconds."
    assert window.sidebar.pages["inbox"].badge == 1
    assert current(page).title == "Anfrage: M. Chen"
    assert page.foot.comment.text() == ""
    done = next(row.request for row in page.list.rows if row.request.event == key)
    assert (done.open, done.partstat, done.letter) == (False, "accepted", "waiting")


def test_an_answer_is_taken_back_with_z(real: Real, qtbot: QtBot) -> None:
    """No letter is left, the event has no answer, and it waits again."""
    window = real()
    with_mailbox(window)
    page = review(window, qtbot)
    key = current(page).event
    press(window, qtbot, Qt.Key.Key_D)
    assert window.session.desk.events.detail(key).instance.partstat == "declined"
    press(window, qtbot, Qt.Key.Key_Z)
    assert toast(window) == "Taken back."
    assert letters(window) == []
    assert window.session.desk.events.detail(key).instance.partstat == "needs-action"
    assert window.sidebar.pages["inbox"].badge == 2


def test_a_mail_that_left_is_not_taken_back(real: Real, qtbot: QtBot) -> None:
    """One sentence, and the answer stays."""
    window = real()
    with_mailbox(window)
    page = review(window, qtbot)
    key = current(page).event
    press(window, qtbot, Qt.Key.Key_T)
    profile_of(window).store.post.claim(letters(window)[0].id)
    press(window, qtbot, Qt.Key.Key_Z)
    assert toast(window) == "The mail has left already. Answer again to say something else."
    assert window.session.desk.events.detail(key).instance.partstat == "tentative"


def test_keys_mean_letters_where_one_types(real: Real, qtbot: QtBot) -> None:
    """In the field for a word, and T on the page is an answer and not today."""
    window = real()
    page = review(window, qtbot)
    page.foot.comment.setFocus()
    QTest.keyClicks(page.foot.comment, "adtp")
    settled(window, qtbot)
    before = current(page).key
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
        press(window, qtbot, key)
    assert page.foot.comment.text() == "adtp"
    assert (current(page).key, current(page).open) == (before, True)
    assert window.pages.current == "inbox"


def test_up_and_down_move_and_enter_goes_to_the_deeds(real: Real, qtbot: QtBot) -> None:
    """Enter alone decides nothing."""
    window = real()
    page = review(window, qtbot)
    titles = [row.request.title for row in page.list.rows]
    page.list.choose(page.list.rows[0])
    press(window, qtbot, Qt.Key.Key_Down)
    assert current(page).title == titles[1]
    press(window, qtbot, Qt.Key.Key_K)
    assert current(page).title == titles[0]
    press(window, qtbot, Qt.Key.Key_Return)
    assert page.foot.buttons[Act.ACCEPT].hasFocus()
    assert letters(window) == []


def test_without_a_mailbox_the_mail_waits_and_that_is_said(real: Real, qtbot: QtBot) -> None:
    """Before, beside the buttons and above the list; and after."""
    window = real()
    page = review(window, qtbot)
    assert page.hint.text().startswith("No mailbox is linked")
    assert page.foot.leaves.text().endswith(f"No mailbox sends from {mails.ME} yet, so the mail waits.")
    press(window, qtbot, Qt.Key.Key_A)
    assert toast(window) == f"Accepted. The mail to Mei Chen waits until a mailbox sends from {mails.ME}."
    with_mailbox(window)
    window.session.touch()
    settled(window, qtbot)
    assert page.hint.isHidden()


def test_what_the_calendars_hold_is_named(real: Real, qtbot: QtBot) -> None:
    """The clash with the sample's other request, and the calendars that cannot be read."""
    window = real()
    page = review(window, qtbot)
    said = [line.text for line in page.card.lines]
    assert said[0] == "“Anfrage: M. Chen” is there 15:30–16:15"
    assert "Vorstand cannot be read now" in said


def test_another_time_by_typing_sends_a_counter(real: Real, qtbot: QtBot) -> None:
    """P, another hour, Enter: a COUNTER with these times waits; the ghost moves as one types."""
    window = real()
    with_mailbox(window)
    page = review(window, qtbot)
    press(window, qtbot, Qt.Key.Key_P)
    form = page.foot.form
    assert form is not None
    assert form.start.hasFocus()
    for typed in (Qt.Key.Key_T, Qt.Key.Key_A, Qt.Key.Key_N):
        press(window, qtbot, typed)
    assert (window.pages.current, window.modes.offering, letters(window), page.foot.proposing) == ("inbox", None, [], True)
    form.take(lena.at(25, "14:00"), lena.at(25, "14:30"))
    form.changed.emit()
    settled(window, qtbot)
    overlay = page.day.week.overlay
    assert overlay is not None
    assert [(one.day, one.start) for one in overlay.windows] == [(0, 14 * 3600)]
    form.word.setText("Früher ginge es")
    QTest.keyClick(form.start, Qt.Key.Key_Return)
    settled(window, qtbot)
    (letter,) = letters(window)
    (message,) = read_messages(open_mail(letter.mime.encode()).calendars[0][1])
    assert (message.method, message.main.comment) == ("COUNTER", "Früher ginge es")
    assert f"{message.main.event.start.value}" == "2026-11-25 14:00:00"
    assert toast(window).startswith("Another time is proposed.")
    assert not page.foot.proposing


def test_another_time_by_dragging_on_the_day(real: Real, qtbot: QtBot) -> None:
    """A drag on a free place opens the form with its times; no event is made. A time that is over cannot be sent."""
    window = real()
    page = review(window, qtbot)
    scene = page.day.week.scene
    assert scene is not None
    sheet = page.day.week._sheet
    x = int(scene.geometry.x(1) + 60)
    first, last = (QPoint(x, int(scene.geometry.y(hour * 3600))) for hour in (17, 18))
    QTest.mousePress(sheet, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first + QPoint(0, 2))
    QTest.mouseMove(sheet, first + QPoint(0, 20))
    QTest.mouseMove(sheet, last - QPoint(0, 4))
    QTest.mouseRelease(sheet, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, last - QPoint(0, 4))
    settled(window, qtbot)
    assert page.foot.form is not None
    assert page.foot.form.span() == (lena.at(26, "17:00"), lena.at(26, "18:00"))
    page.foot.form.take(lena.at(23, "09:00"), lena.at(23, "10:00"))
    assert not page.foot.form.send.isEnabled()
    assert page.foot.form.wrong.text() == "This time is over already."
    QTest.keyClick(page.foot.form.start, Qt.Key.Key_Escape)
    settled(window, qtbot)
    assert not page.foot.proposing
    assert letters(window) == []


# --- as organizer, and what may not be -----------------------------------------------------------------------------------


def test_a_counter_proposal_is_asked_once_and_moves_the_event(real: Real, qtbot: QtBot) -> None:
    """The question names how many hear of it; the old place is outlined, the new one is the ghost."""
    window = real()
    with_mailbox(window)
    ours(window)
    read(window, qtbot, counter())
    page = opened(window, qtbot)
    one = current(page)
    assert (one.kind, one.comment, one.who) == ("counter", "Later, please", "priya@sahyadri.example")
    overlay = page.day.week.overlay
    assert overlay is not None
    assert overlay.gap == (1, int(11.5 * 3600), int(12.5 * 3600))
    assert [(part.day, part.start) for part in overlay.windows] == [(1, 15 * 3600)]
    press(window, qtbot, Qt.Key.Key_A)
    question = window.speaker.question
    assert question is not None
    assert question.deed.text() == "Move and tell 2 people"
    assert letters(window) == []
    question.deed.click()
    settled(window, qtbot)
    assert window.session.desk.events.detail(one.event).instance.start == lena.at(25, "15:00")
    assert sorted(each.recipient for each in letters(window)) == ["priya@sahyadri.example", "sam@halden.example"]


def test_a_counter_proposal_can_be_declined(real: Real, qtbot: QtBot) -> None:
    """D tells the guest only, and can be taken back."""
    window = real()
    with_mailbox(window)
    ours(window)
    read(window, qtbot, counter())
    page = opened(window, qtbot)
    press(window, qtbot, Qt.Key.Key_D)
    assert [each.recipient for each in letters(window)] == ["priya@sahyadri.example"]
    press(window, qtbot, Qt.Key.Key_Z)
    assert letters(window) == []
    assert current(page).kind == "counter"


def test_a_cancellation_strikes_the_event_out_and_may_remove_it(real: Real, qtbot: QtBot) -> None:
    """R takes it out, Z brings it back; nothing leaves the computer."""
    window = real()
    page = review(window, qtbot)
    key = current(page).event
    over = mails.event(more="STATUS:CANCELLED\r\nSEQUENCE:1\r\n")
    read(window, qtbot, mails.mail("CANCEL", mails.calendar("CANCEL", over)))
    page.list.choose(next(row for row in page.list.rows if row.request.kind == "cancelled"))
    settled(window, qtbot)
    assert window.session.desk.events.detail(key).instance.status == "cancelled"
    assert page.foot.leaves.text() == "Nothing leaves this computer."
    press(window, qtbot, Qt.Key.Key_R)
    assert toast(window) == "“Year-end review” deleted"
    press(window, qtbot, Qt.Key.Key_Z)
    assert window.session.desk.events.detail(key).instance.status == "cancelled"
    assert letters(window) == []


def test_a_strangers_cancellation_is_shown_and_changes_nothing(real: Real, qtbot: QtBot) -> None:
    """It can only be put aside: A, D and P do nothing."""
    window = real()
    page = review(window, qtbot)
    key = current(page).event
    over = mails.event(more="STATUS:CANCELLED\r\nSEQUENCE:9\r\n")
    read(window, qtbot, mails.mail("CANCEL", mails.calendar("CANCEL", over), "eve@evil.example"))
    page.list.choose(next(row for row in page.list.rows if row.request.kind == "not-allowed"))
    settled(window, qtbot)
    assert list(page.foot.buttons) == [Act.SETTLE]
    for key_ in (Qt.Key.Key_A, Qt.Key.Key_D, Qt.Key.Key_P):
        press(window, qtbot, key_)
    assert current(page).kind == "not-allowed"
    assert window.session.desk.events.detail(key).instance.status == "confirmed"
    press(window, qtbot, Qt.Key.Key_S)
    assert all(row.request.kind != "not-allowed" or not row.request.open for row in page.list.rows)


def test_an_answer_by_a_guests_server_is_noted_at_a_word(real: Real, qtbot: QtBot) -> None:
    """From an address of the server's own: shown with what it says; A notes it, Z takes it back."""
    window = real()
    ours(window)
    text = mails.event(
        uid="ours@lena", summary="Architektur-Review", organizer=mails.ME, name="Lena", start="20261125T113000",
        end="20261125T123000", people=(("priya@sahyadri.example", "DECLINED"),), more="SEQUENCE:0\r\n",
    )  # fmt: skip
    read(window, qtbot, mails.mail("REPLY", mails.calendar("REPLY", text), "noreply@cloud.example"))
    page = opened(window, qtbot)
    page.list.choose(next(row for row in page.list.rows if row.request.kind == "answer-for-guest"))
    settled(window, qtbot)
    event = current(page).event

    def said() -> str | None:
        people = window.session.desk.events.detail(event).event.attendees
        return next(one.partstat for one in people if one.address == "priya@sahyadri.example")

    assert list(page.foot.buttons) == [Act.ACCEPT, Act.SETTLE]
    assert "noreply@cloud.example, not from priya@sahyadri.example" in page.foot.leaves.text()
    assert said() == "accepted"
    press(window, qtbot, Qt.Key.Key_A)
    assert (said(), toast(window)) == ("declined", "The answer is noted in your calendar.")
    assert letters(window) == []
    press(window, qtbot, Qt.Key.Key_Z)
    assert said() == "accepted"
    assert any(row.request.kind == "answer-for-guest" and row.request.open for row in page.list.rows)


def test_an_answer_to_an_offer_is_always_confirmed(real: Real, qtbot: QtBot) -> None:
    """Pasted with its genuine token it is recognised, not booked; the deed books, after one question."""
    from calmerge_desktop.core.agenda.offering import Guest, Wish

    window = real()
    desk = window.session.desk
    slots = ((lena.at(27, "14:00"), lena.at(27, "15:00")), (lena.at(27, "17:00"), lena.at(27, "18:00")))
    (made,) = desk.proposing.propose(
        Wish(guests=(Guest("sam@halden.example", "Sam Okafor"),), title="Talk", slots=slots, minutes=60)
    )
    from calmerge_desktop.core.proposal.token import make_token

    token = make_token(made.id, 1, bytes.fromhex(made.secret))
    page = opened(window, qtbot)
    assert page.list.rows[-1].request.kind == "offer"
    data = QMimeData()
    data.setText(f"Passt mir gut!\n\n> {token}\n")
    dropped(page, data)
    settled(window, qtbot)
    one = current(page)
    assert (one.kind, one.choices, one.how, one.who) == ("proposal", (1,), "token", "Sam Okafor")
    assert desk.proposing.get(made.id).state == "answered"
    press(window, qtbot, Qt.Key.Key_A)
    assert window.speaker.question is not None
    window.speaker.question.deed.click()
    settled(window, qtbot)
    if window.speaker.question is not None:  # the sample has a calendar that cannot be read
        window.speaker.question.deed.click()
        settled(window, qtbot)
    assert desk.proposing.get(made.id).state == "booked"


def test_the_calendar_of_a_guests_page_is_an_answer(real: Real, qtbot: QtBot) -> None:
    """Dropped as `answer.ics`, it waits as a choice; it is no event."""
    from calmerge_desktop.core.agenda.offering import Guest, Wish

    window = real()
    desk = window.session.desk
    slots = ((lena.at(27, "14:00"), lena.at(27, "15:00")), (lena.at(27, "17:00"), lena.at(27, "18:00")))
    (made,) = desk.proposing.propose(Wish(guests=(Guest("sam@halden.example"),), title="Talk", slots=slots, minutes=60))
    event = f"UID:{made.id}-1@offer.calmerge\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20271201T090000Z\r\n"
    said = f"DESCRIPTION:{desk.proposing.mail.token(made, 1)}\r\n"
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\n"
    page = opened(window, qtbot)
    data = QMimeData()
    data.setData("text/calendar", f"{head}{event}{said}END:VEVENT\r\nEND:VCALENDAR\r\n".encode())
    dropped(page, data)
    settled(window, qtbot)
    one = current(page)
    assert (one.kind, one.choices, one.how) == ("proposal", (1,), "token")
    assert not any(one.message.method == "PUBLISH" for one in desk.inbox.list(everything=True))


# --- live, and what is not there -----------------------------------------------------------------------------------------


def test_what_comes_in_the_background_shows_without_reopening(real: Real, qtbot: QtBot) -> None:
    """The mail watcher's desk takes a message in and the sync tells; the choice and a word half typed stay."""
    window = real()
    page = opened(window, qtbot)
    before = current(page)
    page.foot.comment.setText("Gern")
    page.foot.comment.setFocus()
    assert profile_of(window).mail.take(mails.invitation())
    window.session.on_synced(Changed(calendars=frozenset(one.id for one in window.session.calendars())))
    settled(window, qtbot)
    assert window.sidebar.pages["inbox"].badge == 2
    assert len(page.list.rows) == 2
    assert current(page).key == before.key
    assert page.foot.comment.text() == "Gern"
    assert page.foot.comment.hasFocus()


def test_the_search_leads_to_the_inbox(real: Real, qtbot: QtBot) -> None:
    """By the beginnings of its words; events are found below it as before."""
    from calmerge_desktop.ui.palette import SearchPalette

    window = real()
    window.open_search()
    palette = window.floating()
    assert isinstance(palette, SearchPalette)
    QTest.keyClicks(palette.field, "kita")
    qtbot.waitUntil(lambda: bool(palette.results.rows), timeout=60_000)
    assert palette.results.commands == []
    palette.field.setText("inb")
    assert [one.label for one in palette.results.commands] == ["Inbox", "Read a mail from the clipboard into the inbox"]
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    settled(window, qtbot)
    assert window.pages.current == "inbox"


def test_a_letter_that_was_sent_is_news(real: Real) -> None:
    """So that a row that says it waits does not say so for ever; letters that only wait are none."""
    told: list[Changed] = []
    work = Background(profile_of(real()))
    listener = Listener(changed=told.append, progress=lambda _p: None, idle=lambda: None)
    work._mailed(MailNews(), listener)
    assert told == []
    work._mailed(MailNews(sent=1), listener)
    assert told == [Changed(calendars=frozenset())]


def test_nothing_waits(real: Real, qtbot: QtBot) -> None:
    """Said once, with where answers will come; the badge is gone."""
    from calmerge_desktop.core.agenda.offering import Guest, Wish

    window = real()
    page = opened(window, qtbot)
    press(window, qtbot, Qt.Key.Key_D)
    assert window.sidebar.pages["inbox"].badge == 0
    assert window.sidebar.pages["inbox"].accessibleName() == "Inbox"
    assert page.current is None
    assert page.card.empty == "Nothing waits for you."
    assert page.foot.isHidden()
    slots = ((lena.at(27, "14:00"), lena.at(27, "15:00")),)
    for who in ("Sam", "Priya"):
        wish = Wish(guests=(Guest(f"{who}@x.example", who),), title="Talk", slots=slots, minutes=60)
        window.session.desk.proposing.propose(wish)
    window.session.touch()
    settled(window, qtbot)
    assert page.card.empty in (
        "Nothing waits for you. Answers to the offer to Sam and Priya arrive here.",
        "Nothing waits for you. Answers to the offer to Priya and Sam arrive here.",
    )


def test_an_event_is_answered_from_its_card(real: Real, qtbot: QtBot) -> None:
    """Accept, Maybe and Decline where somebody else invited, and nowhere else."""
    window = real()
    with_mailbox(window)
    page = review(window, qtbot)
    key = current(page).event
    window.open_page("calendar")
    window.events.open_popover(key, window.rect())
    settled(window, qtbot)
    from calmerge_desktop.ui.event.popover import EventPopover

    popover = window.floating()
    assert isinstance(popover, EventPopover)
    assert list(popover.answers) == ["accepted", "tentative", "declined"]
    popover.answers["accepted"].click()
    settled(window, qtbot)
    assert window.session.desk.events.detail(key).instance.partstat == "accepted"
    assert len(letters(window)) == 1
    assert toast(window) == f"Accepted. mei.chen@brightwater.example gets a mail in {WAIT} seconds."
    ours(window)
    mine = window.session.desk.events.find_uid("ours@lena")  # type: ignore[attr-defined]
    window.events.open_popover(mine.key, window.rect())
    settled(window, qtbot)
    popover = window.floating()
    assert isinstance(popover, EventPopover)
    assert popover.answers == {}


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("de", "dark")])
def test_what_it_looks_like(
    real: Real, qtbot: QtBot, snapshot: Callable[[str, QImage], None], language: str, theme: str
) -> None:
    """List, counter-proposal, the day with outline, arrow and ghost."""
    window = real(language, theme)
    with_mailbox(window)
    ours(window)
    over = mails.event(uid="x@x", summary="Steuerbüro Weber", more="STATUS:CANCELLED\r\nSEQUENCE:1\r\n")
    read(
        window,
        qtbot,
        mails.invitation(uid="x@x", summary="Steuerbüro Weber"),
        mails.mail("CANCEL", mails.calendar("CANCEL", over)),
        mails.invitation(more="LOCATION:Teams\r\n"),
        mails.mail("CANCEL", mails.calendar("CANCEL", over), "eve@evil.example"),
        counter(),
    )
    page = opened(window, qtbot)
    assert current(page).kind == "counter"
    window.setFocus()
    QApplication.processEvents()
    snapshot(f"inbox-{language}-{theme}", window.grab().toImage())

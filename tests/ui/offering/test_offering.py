"""Offering times: painted, listed, worded, copied; on a real profile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.freebusy import Blocking
from calmerge_desktop.core.proposal.model import State
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.offering.board import Board
from calmerge_desktop.ui.offering.flow import OfferFlow
from tests.ui import sample as lena
from tests.ui.frame.conftest import calm
from tests.ui.offering.conftest import Real

pytestmark = pytest.mark.gui


def entered(window: MainWindow, qtbot: QtBot) -> OfferFlow:
    QTest.keyClick(window, Qt.Key.Key_N)
    assert window.modes.offering is not None
    calm(qtbot, window)
    return window.modes.offering


def current(window: MainWindow) -> OfferFlow | None:
    return window.modes.offering


def slots(flow: OfferFlow) -> list[tuple[int, int]]:
    return list(flow.board.slots)


def drag(flow: OfferFlow, day: int, low: float, high: float, *, shift: bool = False) -> None:
    scene = flow._window.week.scene
    assert scene is not None
    x = int(scene.geometry.x(day) + 30)
    keys = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    first, last = (QPoint(x, int(scene.geometry.y(hour * 3600))) for hour in (low, high))
    QTest.mousePress(flow.overlay, Qt.MouseButton.LeftButton, keys, first + QPoint(0, 2))
    QTest.mouseMove(flow.overlay, last - QPoint(0, 4))
    QTest.mouseRelease(flow.overlay, Qt.MouseButton.LeftButton, keys, last - QPoint(0, 4))


def test_a_drag_is_cut_into_slots_that_are_the_rows(real: Real, qtbot: QtBot) -> None:
    """Two hours are two slots of an hour; both appear on the grid and in the list, and light each other up."""
    window = real()
    flow = entered(window, qtbot)
    drag(flow, 2, 14, 16)
    assert slots(flow) == [(lena.at(25, "14:00"), lena.at(25, "15:00")), (lena.at(25, "15:00"), lena.at(25, "16:00"))]
    assert [row.slot for row in flow.panel.list.rows] == list(flow.board.slots)
    calm(qtbot, window)
    flow.panel.list.rows[1].setFocus()
    assert flow.board.shone == 1
    QTest.keyClick(flow.panel.list.rows[1], Qt.Key.Key_Delete)
    assert slots(flow) == [(lena.at(25, "14:00"), lena.at(25, "15:00"))]
    calm(qtbot, window)
    assert "2:00 PM" in flow.panel.text.text() or "8:00" in flow.panel.text.text()


def test_outside_hours_needs_shift(real: Real, qtbot: QtBot) -> None:
    """Without it nothing is offered in the evening."""
    flow = entered(real(), qtbot)
    drag(flow, 2, 19, 20)
    assert slots(flow) == []
    drag(flow, 2, 19, 20, shift=True)
    assert len(slots(flow)) == 1


def test_the_keyboard_alone_offers_and_leaves(real: Real, qtbot: QtBot) -> None:
    """Space takes the best three when nothing is there; arrows and Space paint; Esc leaves."""
    window = real()
    flow = entered(window, qtbot)
    assert flow.overlay.hasFocus()
    QTest.keyClick(flow.overlay, Qt.Key.Key_Space)
    calm(qtbot, window)
    assert len(slots(flow)) == 3
    for slot in flow.board.slots:
        flow.board.drop(slot)
    window.today()
    calm(qtbot, window)
    QTest.keyClick(flow.overlay, Qt.Key.Key_Down)
    QTest.keyClick(flow.overlay, Qt.Key.Key_Space)
    assert len(slots(flow)) == 1
    QTest.keyClick(flow.overlay, Qt.Key.Key_Escape)
    assert current(window) is None


def test_an_unreadable_calendar_leaves_nothing_to_offer_and_is_named(real: Real, qtbot: QtBot) -> None:
    """No time is free where a calendar cannot be read, and the reason says which one."""
    window = real()
    flow = entered(window, qtbot)
    for one in window.session.calendars():
        window.session.desk.free.set_rule(one.id, Blocking())
    QTest.keyClick(flow.overlay, Qt.Key.Key_Space)
    calm(qtbot, window)
    assert slots(flow) == []
    toast = window.speaker.current_toast
    assert toast is not None
    assert toast.text().startswith("“Halden Robotics” cannot be read")


def test_copy_puts_three_forms_on_the_clipboard_and_keeps_one_offer(
    real: Real, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copying and then opening a draft is the same offer; nothing is sent."""
    window = real()
    flow = entered(window, qtbot)
    drag(flow, 3, 15, 17)
    assert not flow.panel.copy.isEnabled()
    flow.panel.guests.field.setText("Sam Okafor <sam@halden.example>")
    QTest.keyClick(flow.panel.guests.field, Qt.Key.Key_Return)
    assert flow.panel.copy.isEnabled()
    flow.panel.copy.click()
    calm(qtbot, window)
    data = QApplication.clipboard().mimeData()
    assert "Sam" in data.text()
    assert "<table" in data.html() or "<p" in data.html()
    assert b"BEGIN:VCALENDAR" in data.data("text/calendar").data()
    opened: list[QUrl] = []

    def open_file(url: QUrl) -> bool:
        opened.append(url)
        return True

    flow.drafts.open_url = open_file
    monkeypatch.setenv("PATH", "")  # without xdg-email
    flow.panel.draft.click()
    calm(qtbot, window)
    assert "X-Unsent: 1" in Path(opened[0].toLocalFile()).read_text(encoding="utf-8")
    desk = window.session.desk
    (made,) = desk.proposing.list()
    assert (made.state, made.to, len(made.slots)) == (State.OPEN, "sam@halden.example", 2)
    QApplication.clipboard().clear()


def test_sending_asks_once_with_number_and_person(real: Real, qtbot: QtBot) -> None:
    """The question names the person; only its deed sends."""
    window = real()
    flow = entered(window, qtbot)
    drag(flow, 3, 15, 16)
    flow.panel.guests.take("sam@halden.example")
    flow.panel.send.click()
    question = window.speaker.question
    assert question is not None
    assert question.deed.text() == "Send to 1 person"
    assert window.session.desk.proposing.list() == []
    question.deed.click()
    calm(qtbot, window)
    assert len(window.session.desk.proposing.list()) == 1
    assert window.modes.offering is None


def test_a_slot_that_went_meanwhile_is_struck_and_not_offered(real: Real, qtbot: QtBot) -> None:
    """It was free when it was painted, then an event came."""
    window = real()
    flow = entered(window, qtbot)
    drag(flow, 2, 14, 16)
    calm(qtbot, window)
    assert len(flow.board.offered()) == 2
    from datetime import datetime

    from calmerge_desktop.core.model import Draft, Stamp

    target = window.session.target()
    assert target is not None
    low, high = (Stamp(datetime(2026, 11, 25, 14, minute), "Europe/Berlin") for minute in (15, 45))
    window.session.desk.events.add(Draft(calendar=target.id, summary="Neu", start=low, end=high))
    window.session.touch()
    calm(qtbot, window)
    assert [flow.panel.list.rows[0].verdict.words, len(flow.board.offered())] == ["just taken", 1]


def test_a_whole_window_and_verdicts_by_the_guests_hours() -> None:
    """The same three hours as one; late for somebody in Pune."""
    from zoneinfo import ZoneInfo

    board = Board(lena.BERLIN, ZoneInfo("Asia/Kolkata"))
    board.paint((lena.at(25, "13:00"), lena.at(25, "16:00")))
    assert [board.verdict(one).tone for one in board.slots] == ["warn", "warn", "warn"]
    board.for_guest(ZoneInfo("Europe/Berlin"))
    assert [board.verdict(one).tone for one in board.slots] == ["best", "good", "good"]
    board.cut_to(None)
    assert board.slots == ((lena.at(25, "13:00"), lena.at(25, "16:00")),)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("de", "dark")])
def test_what_it_looks_like(
    real: Real, qtbot: QtBot, snapshot: Callable[[str, QImage], None], language: str, theme: str
) -> None:
    """Mode bar, veil, numbered slots, panel."""
    window = real(language, theme)
    flow = entered(window, qtbot)
    drag(flow, 2, 14, 16)
    drag(flow, 4, 14, 15)
    flow.panel.guests.take("Sam Okafor <sam@halden.example>")
    flow.panel.hold.setChecked(True)
    calm(qtbot, window)
    bar = flow.panel.findChildren(QScrollArea)[0].verticalScrollBar()
    qtbot.waitUntil(lambda: bar.isVisible() and bar.maximum() > 0)  # the mail is longer than the panel
    window.setFocus()
    QApplication.processEvents()
    snapshot(f"offering-{language}-{theme}", window.grab().toImage())

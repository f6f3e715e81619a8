"""Linking a source through the window: first start, fields, errors, cancel, roles, drop; and the search."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.errors import Offline, SignInNeeded
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.ui.linking.dialog import LinkSheet
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.palette import SearchPalette
from tests.ui import sample
from tests.ui.frame.conftest import Loop, Open, calm, desk_of

pytestmark = pytest.mark.gui


def sheet_of(window: MainWindow, key: str = "") -> LinkSheet:
    window.links.open(key)
    sheet = window.floating()
    assert isinstance(sheet, LinkSheet)
    return sheet


def filled(window: MainWindow) -> LinkSheet:
    sheet = sheet_of(window, "icloud")
    sheet.fields.inputs["user"].setText("lena@icloud.com")
    sheet.fields.inputs["password"].setText("abcd-efgh")
    return sheet


def test_the_first_start_offers_the_demo_in_one_click(open_window: Open) -> None:
    """No account: a card on the empty week, with nothing to create yet."""
    called: list[bool] = []
    window = open_window(sample.empty(), open_demo=lambda: called.append(True))
    first = window.links.first
    assert first is not None
    assert first.isVisible()
    assert not window.top.new.isVisible()
    first.demo.click()
    assert called == [True]


def test_missing_fields_are_named_before_anything_is_asked(window: MainWindow) -> None:
    """The focus goes to the first of them."""
    sheet = sheet_of(window, "caldav")
    sheet.fields.inputs["user"].setText("lena")
    sheet.next.click()
    assert sheet.pages.currentIndex() == 1
    assert sheet.fields.wrong["url"][0].text() == "This is needed."
    assert QApplication.focusWidget() is sheet.fields.inputs["url"]


def test_a_wrong_password_stays_on_its_field_and_keeps_the_text(window: MainWindow, qtbot: QtBot) -> None:
    """With Apple's own hint."""
    desk_of(window).accounts.fails = SignInNeeded("The server refuses this user name or password.")
    sheet = filled(window)
    sheet.next.click()
    calm(qtbot, window)
    assert sheet.pages.currentIndex() == 1
    assert sheet.fields.wrong["password"][0].text() == "The server refuses this user name or password."
    assert sheet.fields.inputs["password"].text() == "abcd-efgh"
    assert QApplication.focusWidget() is sheet.fields.inputs["password"]
    assert "app password" in sheet.fields.problem.text()


def test_being_offline_is_told_on_the_sheet(window: MainWindow, qtbot: QtBot) -> None:
    """The sheet keeps its size and its fields."""
    desk_of(window).accounts.fails = Offline("caldav.icloud.com cannot be reached.", hint="Is there a network?")
    sheet = filled(window)
    before = sheet.card.geometry()
    sheet.next.click()
    assert sheet.card.geometry() == before
    calm(qtbot, window)
    assert sheet.fields.problem.text() == "caldav.icloud.com cannot be reached. Is there a network?"
    assert sheet.fields.inputs["user"].text() == "lena@icloud.com"


def test_a_linked_account_gets_its_roles_at_once(window: MainWindow, qtbot: QtBot, loop: Loop) -> None:
    """The switches write; the sync of the new account begins."""
    sheet = filled(window)
    sheet.next.click()
    calm(qtbot, window)
    assert sheet.pages.currentIndex() == 3
    assert "wake a-5" in loop.told
    assert desk_of(window).accounts.secrets == {"a-5": "abcd-efgh"}
    sheet.roles.switches["c-5-1"].click()
    sheet.roles.targets["c-5-0"].click()
    calm(qtbot, window)
    assert not desk_of(window).calendar(CalendarId("c-5-1")).visible
    assert desk_of(window).calendar(CalendarId("c-5-0")).default
    sheet.next.click()
    assert window.floating() is None


def test_a_cancelled_attempt_leaves_nothing_behind(window: MainWindow, qtbot: QtBot) -> None:
    """Cancel while it connects; when it succeeds all the same, it is taken back."""
    hold = desk_of(window).accounts.hold = threading.Event()
    sheet = filled(window)
    sheet.next.click()
    assert sheet.pages.currentIndex() == 2
    sheet.cancel.click()
    assert sheet.pages.currentIndex() == 1
    assert sheet.fields.inputs["password"].text() == "abcd-efgh"
    hold.set()
    calm(qtbot, window)
    assert len(desk_of(window).views) == 5


def test_signing_in_again_asks_only_for_the_secret(window: MainWindow, qtbot: QtBot) -> None:
    """From the words of the broken account."""
    window.sidebar.accounts.heads["a-3"].health.click()
    sheet = window.floating()
    assert isinstance(sheet, LinkSheet)
    assert not sheet.fields.inputs["user"].isEnabled()
    sheet.fields.inputs["url"].setText("https://cloud.lindenhof.example")
    sheet.fields.inputs["password"].setText("neu")
    sheet.next.click()
    calm(qtbot, window)
    assert desk_of(window).accounts.secrets == {"a-3": "neu"}
    assert window.floating() is None
    assert window.sidebar.accounts.heads["a-3"].health.text() == "Fresh · 11:20"


def test_a_dropped_file_is_linked(open_window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    """An .ics file on the window; anything else is left alone."""
    window = open_window(sample.empty())
    file = tmp_path / "Verein.ics"
    file.write_text("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)), QUrl.fromLocalFile(str(tmp_path / "photo.jpg"))])
    event = QDropEvent(
        QPointF(500, 400), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    calm(qtbot, window)
    assert [view.account.name for view in desk_of(window).views] == ["Verein"]
    assert window.links.first is None
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    calm(qtbot, window)
    assert desk_of(window).views == []


def test_search_shows_results_while_typing_and_enter_jumps(window: MainWindow, qtbot: QtBot) -> None:
    """By day, nearest first; the week of the event opens with the event in focus."""
    window.go(sample.TODAY.replace(month=10))
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.floating()
    assert isinstance(palette, SearchPalette)
    QTest.keyClicks(palette.field, "kita")
    qtbot.waitUntil(lambda: bool(palette.results.rows))
    assert [one.summary for one in palette.results.rows] == ["Kita-Fest"]
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    calm(qtbot, window)
    assert window.span()[0] == sample.TODAY.replace(day=23)
    assert window.week.selected() == "kita"


def test_search_says_when_nothing_is_found(window: MainWindow, qtbot: QtBot) -> None:
    """With the words that were typed."""
    window.open_search()
    palette = window.floating()
    assert isinstance(palette, SearchPalette)
    palette.field.setText("xyzzy")
    qtbot.waitUntil(lambda: "xyzzy" in palette.said.text())
    assert palette.said.text() == "Nothing here holds “xyzzy”."


def test_keys_of_the_window_are_quiet_under_a_sheet(window: MainWindow, qtbot: QtBot) -> None:
    """Ctrl+3 does not change the view behind the search."""
    window.open_search()
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.page == 1


def test_tab_goes_round_inside_a_sheet(window: MainWindow) -> None:
    """The focus never falls behind the scrim."""
    sheet = sheet_of(window)
    for _step in range(12):
        here = QApplication.focusWidget()
        assert here is not None
        assert sheet.isAncestorOf(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)

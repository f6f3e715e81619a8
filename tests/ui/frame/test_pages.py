"""Pages beside the calendar: made when opened, led to by the sidebar; and the panel at the calendar's right."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from calmerge_desktop.ui import main_window
from calmerge_desktop.ui.frame.pages import CALENDAR, Entry
from calmerge_desktop.ui.frame.sidebar import WIDE
from calmerge_desktop.ui.frame.span import Page
from calmerge_desktop.ui.main_window import MainWindow


def _letters(window: MainWindow) -> QWidget:
    return QLabel(f"letters of {window.session.tzid}")


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_window, "REGISTERED", (Entry("letters", "mail", lambda: "Letters", _letters),))


def test_a_page_is_made_when_it_is_opened(window: MainWindow, qtbot: QtBot) -> None:
    """Its button leads there, the sidebar becomes a rail, and the calendar's button leads back."""
    assert window.pages.count() == 1
    window.sidebar.pages["letters"].click()
    qtbot.waitUntil(lambda: window.pages.current == "letters")
    page = window.pages.currentWidget()
    assert isinstance(page, QLabel)
    assert window.sidebar.folded
    assert not window.week.isVisible()
    window.sidebar.nav.click()
    qtbot.waitUntil(lambda: window.pages.current == CALENDAR)
    assert window.week.isVisible()
    assert window.sidebar.width() == WIDE
    assert window.open_page("letters") is page


def test_a_view_of_the_calendar_leaves_the_page(window: MainWindow) -> None:
    """Ctrl+1 to Ctrl+4 mean the calendar."""
    window.open_page("letters")
    window.show_page(Page.WEEK)
    assert window.pages.current == CALENDAR


def test_what_is_not_registered_cannot_be_opened(window: MainWindow) -> None:
    """And what is shown stays."""
    with pytest.raises(KeyError):
        window.open_page("nothing")
    assert window.pages.current == CALENDAR


def test_a_panel_stands_beside_the_week(window: MainWindow, qtbot: QtBot) -> None:
    """One at a time, and the week takes its room back."""
    wide = window.week.width()
    panel = QLabel("times to share")
    panel.setFixedWidth(300)
    window.pages.set_panel(panel)
    qtbot.waitUntil(lambda: window.week.width() == wide - 300)
    window.pages.set_panel(None)
    qtbot.waitUntil(lambda: window.week.width() == wide)

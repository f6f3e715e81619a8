"""What the page of booking links looks like, to the pixel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop.core import texts
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.demo import links as demo_links
from calmerge_desktop.ui.theme import style
from tests.ui.frame.conftest import Open, desk_of
from tests.ui.links.test_page import opened, settled

pytestmark = pytest.mark.gui
Snapshot = Callable[[str, QImage], None]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page(open_window: Open, qapp: QApplication, qtbot: QtBot, snapshot: Snapshot, theme: str) -> None:
    """A wrong limit, a note, the week with its windows."""
    window = open_window()
    style.apply(qapp, theme)
    page = opened(qtbot, window)
    page.form.after.take(30)
    page.form.per_day.setText("12")
    settled(qtbot, window, page)
    window.setFocus()
    QApplication.processEvents()
    snapshot(f"links-{theme}", window.grab().toImage())


def test_the_page_in_german(open_window: Open, qtbot: QtBot, snapshot: Snapshot, german: Path) -> None:
    """At its least size, folds open."""
    window = open_window(size=(1200, 760))
    texts.choose("de", german)
    desk_of(window).box.kept_links = list(demo_links.links(CalendarId("termine")))
    desk_of(window).box.kept_schedules = list(demo_links.schedules())
    page = opened(qtbot, window)
    for fold in page.form.folds.values():
        fold.toggle()
    settled(qtbot, window, page)
    window.setFocus()
    QApplication.processEvents()
    snapshot("links-german", page.grab().toImage())


def test_the_explanation(open_window: Open, qtbot: QtBot, snapshot: Snapshot) -> None:
    """Verdict, what decided, the change, the ages."""
    window = open_window()
    page = opened(qtbot, window)
    page.result.week.asked.emit(1, 14 * 3600 + 1800, page.result.week.rect().translated(700, 400))
    qtbot.waitUntil(lambda: page.result.popover is not None)
    assert page.result.popover is not None
    window.setFocus(Qt.FocusReason.OtherFocusReason)
    QApplication.processEvents()
    snapshot("links-explain", page.result.popover.grab().toImage())

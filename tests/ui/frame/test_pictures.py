"""What the window and its pieces look like, to the pixel: look at a changed picture before you accept it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop.ui.frame.span import Page
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.theme import style
from tests.ui import sample
from tests.ui.frame.conftest import Open, calm, desk_of

pytestmark = pytest.mark.gui
Snapshot = Callable[[str, QImage], None]


def picture(window: MainWindow) -> QImage:
    window.setFocus()
    QApplication.processEvents()
    return window.grab().toImage()


def card(window: MainWindow) -> QImage:
    """Only what floats; the caret of a field would blink."""
    window.setFocus()
    floating = window.floating()
    assert floating is not None
    QApplication.processEvents()
    return (floating.card if isinstance(floating, Sheet) else floating).grab().toImage()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_main_window(open_window: Open, qapp: QApplication, snapshot: Snapshot, theme: str) -> None:
    """The frame around the week."""
    window = open_window(size=(1200, 760))
    style.apply(qapp, theme)
    snapshot(f"window-{theme}", picture(window))


def test_the_narrow_window(open_window: Open, snapshot: Snapshot) -> None:
    """At its least size, with the rail."""
    snapshot("window-narrow", picture(open_window(size=(960, 640))))


@pytest.mark.parametrize("page", [Page.MONTH, Page.AGENDA])
def test_month_and_agenda(open_window: Open, qtbot: QtBot, snapshot: Snapshot, page: Page) -> None:
    """The other two views."""
    window = open_window(size=(1200, 760))
    window.show_page(page)
    calm(qtbot, window)
    snapshot(f"page-{page.name.lower()}", picture(window))


def test_the_first_start(open_window: Open, snapshot: Snapshot) -> None:
    """One card on the empty week."""
    snapshot("first-start", picture(open_window(sample.empty(), size=(1200, 760), open_demo=lambda: None)))


@pytest.mark.parametrize("key", ["", "icloud", "feed"])
def test_linking(window: MainWindow, snapshot: Snapshot, key: str) -> None:
    """Choice and fields."""
    window.links.open(key)
    snapshot(f"link-{key or 'choose'}", card(window))


def test_the_popover(window: MainWindow, qtbot: QtBot, snapshot: Snapshot) -> None:
    """Details with people and video."""
    window.events.open_popover("review", QRect(window.mapToGlobal(QPoint(500, 300)), QSize(140, 50)))
    calm(qtbot, window)
    snapshot("popover", card(window))


def test_the_editor(window: MainWindow, snapshot: Snapshot) -> None:
    """An event with people."""
    window.events.edit(desk_of(window).events.detail("review"))
    snapshot("editor", card(window))


def test_settings(window: MainWindow, snapshot: Snapshot) -> None:
    """The gear's sheet."""
    window.open_settings()
    snapshot("settings", card(window))

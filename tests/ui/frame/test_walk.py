"""What a newcomer stumbles over: long names, a small window, nothing linked yet, no address to invite from."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.records import replace
from calmerge_desktop.ui.account_sheet import AccountSheet
from calmerge_desktop.ui.frame.span import Page
from calmerge_desktop.ui.help_sheet import HelpSheet
from calmerge_desktop.ui.links.page import LinksPage
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.parts.prose import Prose, prose
from tests.ui import sample
from tests.ui.frame.conftest import Open, calm, desk_of

pytestmark = pytest.mark.gui
LONG = "A calendar whose name somebody made remarkably long, and then longer still, for reasons of their own"


def test_a_long_name_of_a_calendar_does_not_push_the_editor_over_its_edge(window: MainWindow, qtbot: QtBot) -> None:
    """The name is cut, not the fields."""
    desk = desk_of(window)
    desk.views = [
        replace(v, calendars=tuple(replace(c, calendar=replace(c.calendar, name=LONG)) for c in v.calendars))
        for v in desk.views
    ]
    window.session.reload()
    calm(qtbot, window)
    window.events.edit(desk.events.detail("review"))
    editor = window.floating()
    assert editor is not None
    fields = window.events._editor
    right = fields.people.mapTo(window, fields.people.rect().topLeft()).x()
    assert fields.busy.mapTo(window, fields.busy.rect().topRight()).x() < right


def test_a_word_longer_than_the_line_is_broken_and_copied_whole(qtbot: QtBot) -> None:
    address = "https://meet.example/" + "x" * 200
    shown = prose(address)
    assert isinstance(shown, Prose)
    qtbot.addWidget(shown)
    assert shown.heightForWidth(200) > 3 * shown.fontMetrics().height()
    assert shown.toPlainText() == address
    assert not isinstance(prose("Bring the numbers."), Prose)


def outside(window: MainWindow) -> list[QWidget]:
    top = window.top
    shown = (top.title, top.back, top.today, top.on, top.search, top.availability, top.views, top.offer, top.new)
    return [each for each in shown if each.isVisible() and each.geometry().right() > top.width()]


def test_the_top_bar_fits_beside_a_panel_of_the_smallest_window(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(size=(960, 640))
    window.modes.offer_times()
    calm(qtbot, window)
    top = window.top
    qtbot.waitUntil(lambda: top.title.width() >= top.title.sizeHint().width(), timeout=5_000)
    assert outside(window) == []


def test_without_calendars_the_card_stays_and_modes_say_what_is_missing(open_window: Open, qtbot: QtBot) -> None:
    """The first start is over every view; N and A open nothing."""
    window = open_window(sample.empty(), open_demo=lambda: None)
    for page in (Page.MONTH, Page.AGENDA, Page.WEEK):
        window.show_page(page)
        first = window.links.first
        assert first is not None
        assert window.stack.children()[-1] is first
    window.modes.offer_times()
    window.modes.show_availability()
    assert (window.modes.offering, window.modes.availability) == (None, None)
    assert not window.top.search.compact


def test_the_page_of_links_begins_with_kinds_of_meetings(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(sample.empty())
    page = window.open_page("links")
    assert isinstance(page, LinksPage)
    calm(qtbot, window)
    assert page.begin.isVisible()
    page.kinds.cards[0].click()
    calm(qtbot, window)
    assert (page.begin.isVisible(), page.area.isVisible()) == (False, True)
    assert page.draft is not None
    assert page.draft.slug == "check-in"


def test_an_account_gets_the_address_its_invitations_come_from(window: MainWindow, qtbot: QtBot) -> None:
    account = window.session.accounts[0].account
    window.links.describe(account.id)
    sheet = window.floating()
    assert isinstance(sheet, AccountSheet)
    sheet.page.inputs["name"].clear()
    sheet.save.click()
    assert sheet.isVisible()
    sheet.page.inputs["name"].setText("Mine")
    sheet.page.inputs["address"].setText("lena@example.org")
    sheet.save.click()
    calm(qtbot, window)
    changed = window.session.accounts[0].account
    assert (changed.name, changed.address) == ("Mine", "lena@example.org")
    assert window.floating() is None


def test_f1_tells_the_keys(window: MainWindow, qtbot: QtBot) -> None:
    """And Escape closes it."""
    QTest.keyClick(window.week, Qt.Key.Key_F1)
    sheet = window.floating()
    assert isinstance(sheet, HelpSheet)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert window.floating() is None

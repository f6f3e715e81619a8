"""The page of booking links: what is typed shows at once, what is wrong is said beside its field, nothing gets lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.availability.presets import presets
from calmerge_desktop.core.freebusy import Blocking
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.demo import links as sample_links
from calmerge_desktop.ui.links.page import LEFT, LinksPage
from calmerge_desktop.ui.main_window import MainWindow
from tests.ui import sample
from tests.ui.frame.conftest import Loop, Open, calm, desk_of

pytestmark = pytest.mark.gui


def opened(qtbot: QtBot, window: MainWindow, link: int = 1) -> LinksPage:
    """The page with a link of the sample on show (1: the consultation)."""
    page = window.open_page("links")
    assert isinstance(page, LinksPage)
    settled(qtbot, window, page)
    page.choose(page.links[link])
    settled(qtbot, window, page)
    return page


def settled(qtbot: QtBot, window: MainWindow, page: LinksPage) -> None:
    """Wait until the answer to the last change is shown."""
    calm(qtbot, window)
    qtbot.waitUntil(lambda: not page.result._soon.isActive() and not window.session.runner.busy)
    calm(qtbot, window)


def test_the_week_shows_what_is_offered(window: MainWindow, qtbot: QtBot) -> None:
    """A window has a tick for each start, and the foot counts what the job counts."""
    page = opened(qtbot, window)
    made = page.result.result
    assert made is not None
    assert made.count == len(made.answer.slots) == sum(len(one.ticks) for one in made.overlay.windows)
    assert page.result.count.text() == f"{made.count} starts"
    assert page.result.week.overlay == made.overlay
    assert "MainThread" not in desk_of(window).threads


def test_a_change_is_compared_with_before(window: MainWindow, qtbot: QtBot) -> None:
    """A longer buffer closes starts, and the foot says how many."""
    page = opened(qtbot, window)
    before = page.result.result
    page.form.after.take(60)
    settled(qtbot, window, page)
    after = page.result.result
    assert before is not None
    assert after is not None
    assert after.count < before.count
    assert page.result.apart.text() == f"this week, {before.count - after.count} fewer than before your change"


def test_what_cannot_work_is_said_beside_its_field(window: MainWindow, qtbot: QtBot) -> None:
    """And Save is off until it is mended."""
    page = opened(qtbot, window)
    page.form.per_day.setText("12")
    settled(qtbot, window, page)
    assert page.form.errors["limits"].text() == "12 a day cannot fit: at most 8 in a week."
    assert page.form.errors["limits"].isVisible()
    assert page.form.per_day.property("error") is True
    assert page.form.errors["title"].isHidden()
    assert not page.save.isEnabled()
    assert page.reason.text().startswith("Not saved: 12 a day")
    page.form.per_day.setText("2")
    assert page.save.isEnabled()
    assert page.form.errors["limits"].isHidden()


@pytest.mark.parametrize(("text", "field"), [("0", "length"), ("1500", "length"), ("x", "length"), ("30, 30", "length")])
def test_lengths_that_mean_nothing(window: MainWindow, qtbot: QtBot, text: str, field: str) -> None:
    """No length, one longer than a day, words, and the same twice."""
    page = opened(qtbot, window)
    page.form.lengths.setText(text)
    assert page.form.errors[field].text()
    assert not page.save.isEnabled()


def test_saving_keeps_what_has_no_field(window: MainWindow, qtbot: QtBot) -> None:
    """The link is kept as it was but for what was changed."""
    page = opened(qtbot, window)
    before = desk_of(window).links.get("consultation")
    page.form.title.setText("Advice")
    page.save.click()
    settled(qtbot, window, page)
    assert desk_of(window).links.get("consultation") == replace(before, title="Advice")
    assert not page.dirty
    assert [chip.text() for chip in page.chips] == ["Check-in", "Advice"]


def test_only_looking_changes_nothing(window: MainWindow, qtbot: QtBot) -> None:
    """Every preset and link comes out of the form as it went in."""
    page = opened(qtbot, window)
    for link in (*page.links, *presets()):
        page.form.take(link)
        assert page.form.link() == link


def test_leaving_with_changes_asks_once(window: MainWindow, qtbot: QtBot) -> None:
    """Keep goes on editing, the deed goes to the other link."""
    page = opened(qtbot, window)
    page.form.title.setText("Advice")
    page.chips[0].click()
    question = window.speaker.question
    assert question is not None
    question.keep.click()
    assert page.draft is not None
    assert page.draft.title == "Advice"
    page.chips[0].click()
    assert window.speaker.question is not None
    window.speaker.question.deed.click()
    settled(qtbot, window, page)
    assert page.draft == page.links[0]


def test_a_new_link_from_a_preset(window: MainWindow, qtbot: QtBot) -> None:
    """It is there when it is saved, under a word of its own."""
    page = opened(qtbot, window)
    page.start(presets()[0])
    settled(qtbot, window, page)
    assert page.dirty
    page.save.click()
    settled(qtbot, window, page)
    assert [one.slug for one in page.links] == ["check-in", "consultation", "check-in-2"]


def test_a_target_that_is_not_looked_at(window: MainWindow, qtbot: QtBot) -> None:
    """One button mends it."""
    page = opened(qtbot, window)
    page.form.take(replace(page.links[1], busy=(CalendarId("kunden"),)))
    settled(qtbot, window, page)
    assert "Termine" in page.note.text()
    page.note.pressed.emit()
    settled(qtbot, window, page)
    assert page.draft is not None
    assert page.draft.busy == ("kunden", "termine")
    assert page.note.isHidden()


def test_a_calendar_that_cannot_be_read(open_window: Open, qtbot: QtBot, loop: Loop) -> None:
    """It closes everything it could affect, is named, and one button reads it."""
    desk = sample.desk()
    desk.box.rules[CalendarId("vorstand")] = Blocking()
    window = open_window(desk)
    page = opened(qtbot, window)
    assert page.result.result is not None
    assert page.result.result.count == 0
    assert page.result.note.text() == "Vorstand cannot be read, so nothing is offered that could be taken there."
    page.result.note.pressed.emit()
    assert "wake" in loop.told
    desk.box.rules = dict(sample_links.rules(tuple(desk.box.rules)))
    window.session.touch()
    settled(qtbot, window, page)
    assert page.result.result.count > 0
    assert page.result.note.isHidden()


def test_why_a_gap_is_closed(window: MainWindow, qtbot: QtBot) -> None:
    """The gap between dentist and one-to-one on Tuesday, by key E."""
    page = opened(qtbot, window)
    week = page.result.week
    week.setFocus(Qt.FocusReason.TabFocusReason)
    assert week.scene is not None
    from calmerge_desktop.ui.week.cursor import nearest

    week.take_stop(nearest(week.scene.week, 1, 14 * 3600 + 1800)._replace(instance=None, start=52_200, end=54_000))
    QTest.keyClick(week, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: page.result.popover is not None)
    popover = page.result.popover
    assert popover is not None
    assert popover.title.startswith("Not offered: Tue")
    assert popover.said.decided == "Buffer"
    assert popover.said.change == "Opens if there are no buffers."
    QTest.keyClick(popover, Qt.Key.Key_Escape)
    assert page.result.popover is None


def test_what_is_offered_says_so(window: MainWindow, qtbot: QtBot) -> None:
    """A press inside an offered window."""
    page = opened(qtbot, window)
    made = page.result.result
    assert made is not None
    first = made.overlay.windows[0]
    page.result.week.asked.emit(first.day, first.start, page.result.week.rect())
    qtbot.waitUntil(lambda: page.result.popover is not None)
    assert page.result.popover is not None
    assert page.result.popover.title.startswith("Offered:")


def test_without_links_the_page_says_where_to_begin(open_window: Open, qtbot: QtBot) -> None:
    """And nothing breaks."""
    desk = sample.desk()
    desk.box.kept_links = []
    window = open_window(desk)
    page = window.open_page("links")
    assert isinstance(page, LinksPage)
    settled(qtbot, window, page)
    assert page.begin.isVisible()
    assert len(page.kinds.cards) == 4
    assert page.save.isHidden()


def test_the_narrowest_window_cuts_nothing_off(open_window: Open, qtbot: QtBot) -> None:
    """Form and week share what there is; legend and second zone step back."""
    window = open_window(size=(960, 640))
    page = opened(qtbot, window)
    assert page.result.mapTo(page, QPoint(0, 0)).x() >= LEFT
    assert page.result.minimumSizeHint().width() <= page.result.width()
    assert not page.result.legend.isVisible()

"""The page of schedules: typed, painted, saved, undone, taken in and given out; and what it does to a link meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.availability.schedule import Away, Schedule, Travel
from calmerge_desktop.core.availability.vavailability import to_ics
from calmerge_desktop.ui.hours.page import LEFT, HoursPage
from calmerge_desktop.ui.hours.rows import AwayRow, DateRow, TravelRow
from calmerge_desktop.ui.main_window import MainWindow
from tests.ui import sample
from tests.ui.frame.conftest import Open, calm, desk_of

pytestmark = pytest.mark.gui


def opened(qtbot: QtBot, window: MainWindow) -> HoursPage:
    page = window.open_page("hours")
    assert isinstance(page, HoursPage)
    settled(qtbot, window, page)
    return page


def settled(qtbot: QtBot, window: MainWindow, page: HoursPage) -> None:
    calm(qtbot, window)
    qtbot.waitUntil(lambda: page.pane.settled and not window.session.runner.busy, timeout=60_000)
    calm(qtbot, window)


def point(page: HoursPage, day: int, minute: int) -> QPoint:
    board = page.pane.board
    return QPoint(int(board.left_of(day)) + 40, int(board.top_of(minute)) + 3)


def drag(page: HoursPage, day: int, low: int, high: int) -> None:
    board = page.pane.board
    QTest.mousePress(board, Qt.MouseButton.LeftButton, pos=point(page, day, low))
    QTest.mouseMove(board, point(page, day, (low + high) // 2))
    QTest.mouseMove(board, point(page, day, high - 15))
    QTest.mouseRelease(board, Qt.MouseButton.LeftButton, pos=point(page, day, high - 15))


def test_only_looking_changes_nothing(window: MainWindow, qtbot: QtBot) -> None:
    """Also after countries and regions were read: Berlin's holidays stay Berlin's."""
    page = opened(qtbot, window)
    page.form.folds["holidays"].toggle()
    settled(qtbot, window, page)
    qtbot.waitUntil(lambda: page.form.region.count() > 2, timeout=60_000)
    assert page.draft == page.saved
    assert page.form.place() == "DE-BE"
    assert not page.dirty
    assert page.form.users.text() == "Check-in, Consultation"
    assert "Christmas Day" in page.form.coming.text()


def test_a_drag_paints_and_the_link_offers_more_at_once(window: MainWindow, qtbot: QtBot) -> None:
    """Saturday 15 to 17 in the check-in's week; the typed side says the same."""
    page = opened(qtbot, window)
    before = page.pane.effect
    assert before is not None
    drag(page, 5, 15 * 60, 17 * 60)
    settled(qtbot, window, page)
    assert page.form.days[5].text() == "15:00–17:00"
    assert page.pane.effect is not None
    assert page.pane.effect.count == before.count + 8
    assert page.pane.count.text().endswith("8 more than before your change")
    assert list(page.pane.effect.ticks[5])[:2] == [900, 915]
    assert "MainThread" not in desk_of(window).threads


def test_a_drag_that_begins_on_hours_takes_them_away(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(qtbot, window)
    drag(page, 0, 12 * 60, 13 * 60)
    settled(qtbot, window, page)
    assert page.form.days[0].text() == "09:00–12:00, 13:00–18:00"


def test_hours_are_painted_by_keys(window: MainWindow, qtbot: QtBot) -> None:
    """From the first open hour of Monday three columns to the left is Friday; there an hour and a half later, for 75 min."""
    page = opened(qtbot, window)
    board = page.pane.board
    board.setFocus(Qt.FocusReason.TabFocusReason)
    for _n in range(2):
        QTest.keyClick(board, Qt.Key.Key_Left)
    QTest.keyClick(board, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(board, Qt.Key.Key_Space)
    assert page.form.days[5].text() == "09:00–10:15"
    QTest.keyClick(board, Qt.Key.Key_Down)
    QTest.keyClick(board, Qt.Key.Key_Delete)
    assert page.form.days[5].text() == "09:00–09:15"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("17:00-09:00", "Hours cannot end before they start: 17:00-09:00."),
        ("9-12, 11-13", "Hours overlap: 11:00-13:00."),
        ("early", "“early” are no hours."),
    ],
)
def test_hours_that_mean_nothing_are_refused_where_they_are_typed(
    window: MainWindow, qtbot: QtBot, text: str, said: str
) -> None:
    page = opened(qtbot, window)
    page.form.days[2].setText(text)
    assert page.form.errors["day-2"].text() == said
    assert not page.form.errors["day-2"].isHidden()
    assert not page.save.isEnabled()
    assert page.reason.text() == f"Not saved: {said}"
    page.form.days[2].setText("9-12")
    assert page.save.isEnabled()
    assert page.form.errors["day-2"].isHidden()


def test_a_zone_that_does_not_exist(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(qtbot, window)
    page.form.zone.setCurrentText("Mars/Base")
    assert page.form.errors["zone"].text() == "“Mars/Base” is no time zone."
    assert not page.save.isEnabled()
    page.form.zone.setCurrentText("Asia/Kolkata")
    assert page.save.isEnabled()
    assert page.draft is not None
    assert page.draft.tzid == "Asia/Kolkata"
    settled(qtbot, window, page)
    assert page.pane.model.tzid == "Asia/Kolkata"


def test_dates_absences_and_journeys(window: MainWindow, qtbot: QtBot) -> None:
    """Each kind is added, typed, refused while it means nothing, and kept."""
    page = opened(qtbot, window)
    for rows in (page.form.dates, page.form.away, page.form.travel):
        rows.add.click()
    day, away, travel = (rows.rows[0] for rows in (page.form.dates, page.form.away, page.form.travel))
    assert isinstance(day, DateRow)
    assert isinstance(away, AwayRow)
    assert isinstance(travel, TravelRow)
    day.day.take(date(2026, 11, 26))
    day.hours.setText("10-9")
    assert day.error.text() == "Hours cannot end before they start: 10:00-09:00."
    assert not page.save.isEnabled()
    day.hours.setText("10-12")
    away.first.take(date(2027, 1, 9))
    away.last.take(date(2027, 1, 4))
    assert away.error.text() == "2027-01-04 is before 2027-01-09."
    away.last.take(date(2027, 1, 10))
    away.note.setText("Skiing")
    travel.zone.setCurrentText("Mars/Base")
    assert travel.error.text() == "“Mars/Base” is no time zone."
    travel.zone.setCurrentText("Asia/Kolkata")
    travel.first.take(date(2026, 12, 1))
    travel.last.take(date(2026, 12, 5))
    page.save.click()
    settled(qtbot, window, page)
    kept = desk_of(window).links.schedules()[0]
    assert kept.overrides == {date(2026, 11, 26): ((600, 720),)}
    assert kept.away == (Away(date(2027, 1, 9), date(2027, 1, 10), "Skiing"),)
    assert kept.travel == (Travel(date(2026, 12, 1), date(2026, 12, 5), "Asia/Kolkata"),)
    assert page.pane.effect is not None
    assert page.pane.effect.different == {3: "other hours"}


def test_a_save_can_be_undone(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(qtbot, window)
    before = page.saved
    page.form.days[4].setText("")
    page.save.click()
    settled(qtbot, window, page)
    assert desk_of(window).links.schedules()[0].week[4] == ()
    window.speaker.take_back()
    settled(qtbot, window, page)
    assert desk_of(window).links.schedules()[0] == before
    assert page.form.days[4].text() == "09:00–15:00"
    assert not page.dirty


def test_discarding_brings_back_what_was_saved(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(qtbot, window)
    page.form.days[4].setText("later")
    page.discard.click()
    assert page.form.days[4].text() == "09:00–15:00"
    assert not page.dirty


def test_new_hours_under_a_name_of_their_own(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(qtbot, window)
    page.new.click()
    settled(qtbot, window, page)
    page.form.name.setText("")
    assert page.reason.text() == "Not saved: A schedule needs a name."
    page.form.name.setText("Evenings")
    page.save.click()
    settled(qtbot, window, page)
    assert [chip.text() for chip in page.chips] == ["Office hours", "Evenings"]
    assert page.form.users.text() == "No booking link yet"


def test_a_schedule_in_use_is_not_removed(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(qtbot, window)
    page._ask_remove()
    assert window.speaker.question is not None
    window.speaker.question.deed.click()
    settled(qtbot, window, page)
    assert len(desk_of(window).links.schedules()) == 1
    toast = window.speaker.current_toast
    assert toast is not None
    assert toast.text() == "“Office hours” is used by: Check-in, Consultation."


def test_hours_leave_and_come_as_vavailability(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = opened(qtbot, window)
    file = tmp_path / "hours.ics"
    page.choose_save = lambda _name: str(file)
    page.export_file()
    settled(qtbot, window, page)
    assert b"BEGIN:VAVAILABILITY\r\n" in file.read_bytes()
    other = Schedule(name="Praxis", tzid="Europe/Berlin", week=(((480, 600),), (), (), (), (), (), ()))
    file.write_text(to_ics(other, 2026), newline="")
    page.choose_open = lambda: str(file)
    page.import_file()
    settled(qtbot, window, page)
    assert page.draft is not None
    assert replace(page.draft, id="") == other
    assert page.save.isEnabled()
    file.write_text("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", newline="")
    page.discard.click()
    page.import_file()
    settled(qtbot, window, page)
    assert window.speaker.current_toast is not None
    assert window.speaker.current_toast.text() == "There is no VAVAILABILITY in this file."


def test_leaving_with_changes_asks_once(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(qtbot, window)
    page.form.days[4].setText("9-10")
    page.new.click()
    question = window.speaker.question
    assert question is not None
    question.keep.click()
    assert page.form.days[4].text() == "9-10"


def test_without_schedules_the_usual_hours_are_there(open_window: Open, qtbot: QtBot) -> None:
    desk = sample.desk()
    desk.box.kept_schedules = []
    desk.box.kept_links = []
    window = open_window(desk)
    page = opened(qtbot, window)
    assert page.title.text() == "Working hours"
    assert not next(one for one in page.menu().actions() if one.text().startswith("Remove")).isEnabled()
    assert page.pane.link.isHidden()


def test_the_narrowest_window_cuts_nothing_off(open_window: Open, qtbot: QtBot) -> None:
    """Form and board share what there is; what would not fit steps back instead of lying over the form."""
    window = open_window(size=(960, 640))
    page = opened(qtbot, window)
    assert page.pane.mapTo(page, QPoint(0, 0)).x() >= LEFT
    assert page.pane.minimumSizeHint().width() <= page.pane.width()
    assert page.pane.count.isVisible()
    assert not page.pane.hint.isVisible()

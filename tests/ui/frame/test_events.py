"""Events through the window: created by a drag, opened, edited, moved, deleted, taken back, settled."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.model import CalendarId, Draft, EventDetail, Scope, Stamp
from calmerge_desktop.ui.event.conflict import ConflictSheet
from calmerge_desktop.ui.event.editor import EventEditor
from calmerge_desktop.ui.event.popover import EventPopover
from calmerge_desktop.ui.event.quick import QuickCreate
from calmerge_desktop.ui.frame.span import Page
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.parts.words import Words
from tests.ui import sample
from tests.ui.frame.conftest import Loop, Open, calm, desk_of

pytestmark = pytest.mark.gui


def place(window: MainWindow) -> QRect:
    return QRect(window.mapToGlobal(QPoint(500, 400)), QSize(140, 50))


def popover_of(window: MainWindow, qtbot: QtBot, id: str) -> EventPopover:
    window.events.open_popover(id, place(window))
    calm(qtbot, window)
    popover = window.floating()
    assert isinstance(popover, EventPopover)
    return popover


def editor_of(window: MainWindow, id: str) -> EventEditor:
    window.events.edit(desk_of(window).events.detail(id))
    editor = window.floating()
    assert isinstance(editor, EventEditor)
    return editor


def said(window: MainWindow) -> str:
    toast = window.speaker.current_toast
    return toast.text() if toast else ""


def test_a_drag_on_the_week_asks_for_a_title_and_enter_creates(window: MainWindow, qtbot: QtBot, loop: Loop) -> None:
    """The span becomes an event in the default calendar; the outbox is pushed."""
    window.week.create_requested.emit(
        Stamp(datetime(2026, 11, 25, 14), "Europe/Berlin"), Stamp(datetime(2026, 11, 25, 15, 30), "Europe/Berlin"), False
    )
    quick = window.floating()
    assert isinstance(quick, QuickCreate)
    QTest.keyClicks(quick.title, "Zoll")
    QTest.keyClick(quick.title, Qt.Key.Key_Return)
    calm(qtbot, window)
    made = next(kept for kept in desk_of(window).kept.values() if kept.master.summary == "Zoll")
    assert made.calendars == ("termine",)
    assert made.master.end == Stamp(datetime(2026, 11, 25, 15, 30), "Europe/Berlin")
    assert window.floating() is None
    assert said(window) == "“Zoll” added to Termine"
    assert "push" in loop.told


def test_a_drag_with_the_mouse_creates_where_it_was_drawn(window: MainWindow, qtbot: QtBot) -> None:
    """From press to release on the painted grid."""
    sheet = window.week._sheet
    free = QPoint(sheet.width() * 6 // 8, 0)
    scene = window.week.scene
    assert scene is not None
    free.setY(int(scene.geometry.y(20 * 3600)) + 4)
    QTest.mousePress(sheet, Qt.MouseButton.LeftButton, pos=free)
    QTest.mouseMove(sheet, free + QPoint(0, 30))
    QTest.mouseMove(sheet, free + QPoint(0, 54))
    QTest.mouseRelease(sheet, Qt.MouseButton.LeftButton, pos=free + QPoint(0, 54))
    quick = window.floating()
    assert isinstance(quick, QuickCreate)
    form = quick.form()
    assert (form.start.hour, form.end.hour) == (20, 21)
    QTest.keyClick(quick.title, Qt.Key.Key_Escape)
    assert window.floating() is None
    calm(qtbot, window)


def test_a_refused_event_keeps_the_title_and_says_why(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The popover stays with what was typed."""

    def refuse(_draft: Draft) -> EventDetail:
        raise BadInput("The calendar is full.")

    monkeypatch.setattr(desk_of(window).events, "add", refuse)
    window.events.create_on(date(2026, 11, 25), None, place(window))
    quick = window.floating()
    assert isinstance(quick, QuickCreate)
    QTest.keyClicks(quick.title, "Zoll")
    quick.save.click()
    calm(qtbot, window)
    assert quick.isVisible()
    assert quick.title.text() == "Zoll"
    assert quick.problem.text() == "The calendar is full."
    assert quick.save.isEnabled()


def test_the_popover_tells_everything(window: MainWindow, qtbot: QtBot) -> None:
    """When with zone, people with answers, both calendars, the video's host."""
    popover = popover_of(window, qtbot, "review")
    words = {label.text() for label in popover.findChildren(Words)}
    assert {"Tue 24 Nov · 11:30 – 12:30 · 1 h", "Berlin, UTC+1", "Kunden + Lena (extern)", "meet.example"} <= words
    assert {"accepted", "no answer yet", "declined", "Sam Okafor"} <= words


def test_a_foreign_zone_is_told_beside_the_persons_own(window: MainWindow, qtbot: QtBot) -> None:
    """09:00 in New York is 15:00 here."""
    event = sample.timed("ny", "Call", 25, "09:00", "09:30")
    from dataclasses import replace

    event = replace(
        event,
        start=Stamp(event.start.value, "America/New_York"),
        end=Stamp(datetime(2026, 11, 25, 9, 30), "America/New_York"),
    )
    desk_of(window).put(event, "termine")
    popover = popover_of(window, qtbot, "ny")
    words = {label.text() for label in popover.findChildren(Words)}
    assert "Wed 25 Nov · 15:00 – 15:30 · 30 min" in words
    assert "Berlin, UTC+1 · 09:00 in New York" in words


def test_a_series_says_its_rule_and_asks_how_much_to_delete(window: MainWindow, qtbot: QtBot) -> None:
    """Deleting offers three scopes, editing too."""
    popover = popover_of(window, qtbot, "weekly/20261123T150000")
    assert "Every week on Monday" in {label.text() for label in popover.findChildren(Words)}
    popover.edit.click()
    editor = window.floating()
    assert isinstance(editor, EventEditor)
    assert editor.scope() is Scope.THIS
    QTest.keyClick(editor, Qt.Key.Key_Escape)


def test_esc_closes_the_popover_and_the_focus_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    """To where it was before."""
    window.week.setFocus()
    popover = popover_of(window, qtbot, "review")
    QTest.keyClick(popover, Qt.Key.Key_Escape)
    assert window.floating() is None
    assert window.week.hasFocus()


def test_a_read_only_event_offers_nothing_to_change(window: MainWindow, qtbot: QtBot) -> None:
    """And says so in words."""
    popover = popover_of(window, qtbot, "advent")
    assert not popover.edit.isVisible()
    assert "This calendar takes no changes." in {label.text() for label in popover.findChildren(Words)}


def test_deleting_asks_nothing_and_undo_brings_it_back(window: MainWindow, qtbot: QtBot) -> None:
    """The toast is the way back."""
    popover = popover_of(window, qtbot, "zahn")
    popover.delete.click()
    calm(qtbot, window)
    assert "zahn" not in desk_of(window).kept
    assert said(window) == "“Zahnarzt Dr. Brandt” deleted"
    toast = window.speaker.current_toast
    assert toast is not None
    toast.button.click()
    calm(qtbot, window)
    assert "zahn" in desk_of(window).kept


def test_ctrl_z_takes_back_the_newest_change(window: MainWindow, qtbot: QtBot) -> None:
    """Wherever the focus is in the window; with nothing left it says so."""
    window.week.delete_requested.emit("laufen")
    calm(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    calm(qtbot, window)
    assert "laufen" in desk_of(window).kept
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    calm(qtbot, window)
    assert said(window) == "There is nothing to take back."


def test_a_moved_event_stays_in_the_zone_it_was_written_in(window: MainWindow, qtbot: QtBot) -> None:
    """Dragged on Berlin's grid, still written for New York."""
    from dataclasses import replace

    event = sample.timed("ny", "Call", 25, "09:00", "09:30")
    event = replace(
        event,
        start=Stamp(event.start.value, "America/New_York"),
        end=Stamp(datetime(2026, 11, 25, 9, 30), "America/New_York"),
    )
    desk_of(window).put(event, "termine")
    window.week.move_requested.emit(
        "ny", Stamp(datetime(2026, 11, 26, 16), "Europe/Berlin"), Stamp(datetime(2026, 11, 26, 16, 30), "Europe/Berlin")
    )
    calm(qtbot, window)
    assert desk_of(window).kept["ny"].master.start == Stamp(datetime(2026, 11, 26, 10), "America/New_York")
    assert said(window) == "“Call” is now Thu 26 Nov · 16:00 – 16:30"


def test_moving_one_of_a_series_moves_only_that_one(window: MainWindow, qtbot: QtBot) -> None:
    """And says so; undo takes it back."""
    window.week.move_requested.emit(
        "standup/20261125T090000",
        Stamp(datetime(2026, 11, 25, 10), "Europe/Berlin"),
        Stamp(datetime(2026, 11, 25, 10, 30), "Europe/Berlin"),
    )
    calm(qtbot, window)
    kept = desk_of(window).kept["standup"]
    assert list(kept.overrides) == ["20261125T090000"]
    assert kept.master.start.value == datetime(2026, 11, 2, 9)
    assert said(window).startswith("Only this one:")


def test_a_move_that_is_refused_says_why(window: MainWindow, qtbot: QtBot) -> None:
    """A read-only calendar; the week puts the block back."""
    window.week.move_requested.emit("thanks", Stamp(date(2026, 11, 27)), Stamp(date(2026, 11, 28)))
    calm(qtbot, window)
    assert said(window) == "This calendar takes no changes."


def test_the_editor_keeps_save_off_until_something_changes(window: MainWindow) -> None:
    """And the reason stands beside it."""
    editor = editor_of(window, "meyer")
    assert not editor.save.isEnabled()
    assert editor.reason.text() == "Nothing is changed yet."
    editor.title.setText("Meyer & Co")
    assert editor.save.isEnabled()


def test_the_editor_says_beside_the_field_what_is_wrong(window: MainWindow) -> None:
    """An end before the start, an address that is none."""
    editor = editor_of(window, "meyer")
    from datetime import time

    editor.end.take(time(10))
    assert editor.wrong["end"].text() == "The end is not after the start."
    assert not editor.save.isEnabled()
    editor.end.take(time(13))
    editor.people.field.setText("no address")
    assert editor.wrong["people"].isVisible()
    assert not editor.save.isEnabled()


def test_the_end_goes_with_the_start(window: MainWindow) -> None:
    """The length stays when the start moves."""
    from datetime import time

    editor = editor_of(window, "meyer")
    editor.start.take(time(15))
    assert editor.end.at() == time(15, 45)


def test_saving_changes_only_what_was_changed(window: MainWindow, qtbot: QtBot) -> None:
    """Ctrl+Enter saves and closes."""
    editor = editor_of(window, "review")
    editor.place.setText("Zoom")
    QTest.keyClick(editor.place, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    calm(qtbot, window)
    master = desk_of(window).kept["review"].master
    assert master.location == "Zoom"
    assert [person.partstat for person in master.attendees] == ["accepted", "accepted", "needs-action", "declined"]
    assert window.floating() is None
    assert said(window) == "“Sahyadri: Architektur-Review” changed"


def test_a_new_event_with_repetition_and_people(window: MainWindow, qtbot: QtBot) -> None:
    """C opens the editor; every two weeks, six times, with Sam."""
    QTest.keyClick(window, Qt.Key.Key_C)
    editor = window.floating()
    assert isinstance(editor, EventEditor)
    editor.title.setText("Retro")
    editor.repeat.every.setCurrentIndex(editor.repeat.every.findData("week"))
    editor.repeat.interval.setValue(2)
    editor.repeat.ends.setCurrentIndex(2)
    assert editor.repeat.sentence.text() == "Every 2 weeks on Tuesday, 6 times"
    QTest.keyClicks(editor.people.field, "sam@halden.example,")
    editor.save.click()
    calm(qtbot, window)
    made = next(kept.master for kept in desk_of(window).kept.values() if kept.master.summary == "Retro")
    assert made.rrules == ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=6",)
    assert [person.address for person in made.attendees] == ["sam@halden.example"]
    assert made.start == Stamp(datetime(2026, 11, 24, 12), "Europe/Berlin")


def test_leaving_the_editor_with_changes_asks(window: MainWindow) -> None:
    """Esc does not lose typed words; the question keeps by default."""
    editor = editor_of(window, "meyer")
    editor.title.setText("Meyer & Co")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    question = window.speaker.question
    assert question is not None
    question.keep.click()
    assert editor.isVisible()
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    question = window.speaker.question
    assert question is not None
    question.deed.click()
    assert window.floating() is None


def test_a_conflict_shows_both_versions_and_keeps_the_chosen(open_window: Open, qtbot: QtBot) -> None:
    """Both times are on the sheet; the desk hears the choice."""
    window = open_window(sample.with_conflict())
    assert window.status.conflicts.text() == "1 conflict to decide"
    window.status.conflicts.click()
    sheet = window.floating()
    assert isinstance(sheet, ConflictSheet)
    words = {label.text() for label in sheet.findChildren(Words)}
    assert {"Mon 23 Nov · 10:00 – 12:00", "Mon 23 Nov · 14:00 – 16:00"} <= words
    sheet.buttons["theirs"].click()
    calm(qtbot, window)
    assert desk_of(window).events.resolved == [("k-1", "theirs")]
    assert not window.status.conflicts.isVisible()


@pytest.mark.parametrize("keep", ["move", "theirs"])
def test_a_calendar_that_is_gone_leaves_moving_or_dropping(open_window: Open, qtbot: QtBot, keep: str) -> None:
    """The focus is on moving, which loses nothing; the desk hears where mine goes."""
    window = open_window(sample.with_gone_calendar())
    window.status.conflicts.click()
    sheet = window.floating()
    assert isinstance(sheet, ConflictSheet)
    assert set(sheet.buttons) == {"theirs", "move"}
    assert sheet.buttons["move"].hasFocus()
    assert "Its calendar is gone" in {label.text() for label in sheet.findChildren(Words)}
    target = sheet.targets.currentData()
    sheet.buttons[keep].click()
    calm(qtbot, window)
    assert desk_of(window).events.resolved == [("k-1", keep)]
    assert desk_of(window).events.moved == (target if keep == "move" else None)


def test_the_month_opens_events_and_days(window: MainWindow, qtbot: QtBot) -> None:
    """A line opens its event; the number of more opens the day."""
    window.show_page(Page.MONTH)
    calm(qtbot, window)
    window.month.grab()
    rect, _id = next(hit for hit in window.month._hits if hit[1] == "sprint")
    QTest.mouseClick(window.month, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    calm(qtbot, window)
    popover = window.floating()
    assert isinstance(popover, EventPopover)
    assert popover.detail.instance.id == "sprint"
    popover.dismiss()
    more, day = window.month._more[0]
    QTest.mouseClick(window.month, Qt.MouseButton.LeftButton, pos=more.center().toPoint())
    calm(qtbot, window)
    assert window.page is Page.DAY
    assert window.day == day


def test_the_agenda_reads_as_sentences_and_enter_opens(window: MainWindow, qtbot: QtBot) -> None:
    """Each row has its whole sentence; the next event has the focus."""
    window.show_page(Page.AGENDA)
    calm(qtbot, window)
    agenda = window.agenda
    assert agenda.current() == ("review", sample.TODAY)
    index = agenda.currentIndex()
    assert str(index.data()).startswith("Sahyadri: Architektur-Review, Tuesday, 24 November 2026, 11:30–12:30, Meet")
    QTest.keyClick(agenda, Qt.Key.Key_Return)
    calm(qtbot, window)
    popover = window.floating()
    assert isinstance(popover, EventPopover)
    assert popover.detail.instance.id == "review"


def test_without_a_writable_calendar_a_drag_says_so(open_window: Open, qtbot: QtBot) -> None:
    """And the button for new events is not there."""
    desk = sample.empty()
    desk.accounts.add("feed", {"url": "https://feiertage.example/a.ics", "name": "Feiertage"})
    window = open_window(desk)
    assert not window.top.new.isVisible()
    window.events.create_on(date(2026, 11, 25), None, place(window))
    assert window.floating() is None
    assert said(window).startswith("No calendar here takes new events.")
    assert desk.calendar(CalendarId("c-0-0")).name == "Feiertage"

"""The week under mouse and keyboard, as a person uses it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QAccessible, QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.model import Calendar, Instance, Stamp
from calmerge_desktop.demo import sample
from calmerge_desktop.ui.week.view import WeekView

from .conftest import BERLIN, TODAY

pytestmark = pytest.mark.gui
Key = Qt.Key


def sheet(view: WeekView) -> QWidget:
    return view._sheet


def at(view: WeekView, day: int, hour: float, share: float = 0.5) -> QPoint:
    """A point of the sheet at a wall time; `share` of the column from its left edge."""
    assert view.scene is not None
    geometry = view.scene.geometry
    x = geometry.x(day) + (geometry.x(day + 1) - geometry.x(day)) * share
    return QPointF(x, geometry.y(hour * 3600)).toPoint()


def dragging(view: WeekView) -> bool:
    return view._sheet.drag is not None


def drag(pane: QWidget, start: QPoint, end: QPoint, release: bool = True) -> None:
    QTest.mousePress(pane, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    middle = QPoint((start.x() + end.x()) // 2, (start.y() + end.y()) // 2)
    for step in (middle, end):
        QTest.mouseMove(pane, step)
    if release:
        QTest.mouseRelease(pane, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)


def stamp(day: int, hour: int, minute: int = 0) -> Stamp:
    return Stamp(datetime(2026, 11, day, hour, minute), BERLIN)


def by_title(view: WeekView, title: str) -> Instance:
    assert view.scene is not None
    found = [block.instance for block in view.scene.week.blocks if block.instance.summary == title]
    return (found or [bar.instance for bar in view.scene.week.bars if bar.instance.summary == title])[0]


def test_it_opens_before_the_working_day(view: WeekView) -> None:
    """Eight o'clock is the first full hour in sight, with a little air above."""
    assert view.scene is not None
    top = view._scroll.verticalScrollBar().value()
    assert view.scene.geometry.y(7 * 3600) < top < view.scene.geometry.y(8 * 3600)


def test_a_drag_on_nothing_asks_for_a_new_event(view: WeekView, qtbot: QtBot) -> None:
    """Wednesday afternoon from two to half past three, in quarters of an hour."""
    with qtbot.waitSignal(view.create_requested) as asked:
        drag(sheet(view), at(view, 2, 14.02), at(view, 2, 15.45))
    assert asked.args == [stamp(25, 14), stamp(25, 15, 30), False]


def test_a_drag_upwards_is_the_same(view: WeekView, qtbot: QtBot) -> None:
    """The later end may be pressed first."""
    with qtbot.waitSignal(view.create_requested) as asked:
        drag(sheet(view), at(view, 2, 15.45), at(view, 2, 14.02))
    assert asked.args == [stamp(25, 14), stamp(25, 15, 30), False]


def test_a_new_event_stays_on_its_day(view: WeekView, qtbot: QtBot) -> None:
    """A hand that slips into the next column means the first one."""
    with qtbot.waitSignal(view.create_requested) as asked:
        drag(sheet(view), at(view, 0, 18.5), at(view, 1, 20.1))
    assert asked.args is not None
    assert [asked.args[0].value.day, asked.args[1].value.day] == [23, 24]
    assert asked.args[1] == Stamp(datetime(2026, 11, 24, 0, 0), BERLIN)


def test_a_drag_over_day_heads_asks_for_whole_days(view: WeekView, qtbot: QtBot) -> None:
    """Thursday to Saturday: the end date is exclusive."""
    head = view._head
    assert view.scene is not None
    x = view.scene.geometry.x
    with qtbot.waitSignal(view.create_requested) as asked:
        drag(head, QPoint(int(x(3)) + 20, 20), QPoint(int(x(5)) + 20, 20))
    assert asked.args == [Stamp(date(2026, 11, 26)), Stamp(date(2026, 11, 29)), True]


def test_an_event_moves_to_another_day_and_hour(view: WeekView, qtbot: QtBot) -> None:
    """The dentist goes from Tuesday 13:30 to Wednesday 14:15, as long as before."""
    dentist = by_title(view, "Zahnarzt Dr. Brandt")
    with qtbot.waitSignal(view.move_requested) as asked:
        drag(sheet(view), at(view, 1, 13.75), at(view, 2, 14.5))
    assert asked.args == [dentist.id, stamp(25, 14, 15), stamp(25, 15)]


def test_the_lower_edge_makes_an_event_longer(view: WeekView, qtbot: QtBot) -> None:
    """Pulled down by an hour."""
    dentist = by_title(view, "Zahnarzt Dr. Brandt")
    edge = at(view, 1, 14.25) - QPoint(0, 5)
    with qtbot.waitSignal(view.resize_requested) as asked:
        drag(sheet(view), edge, edge + QPoint(0, 56))
    assert asked.args == [dentist.id, stamp(24, 13, 30), stamp(24, 15, 15)]


def test_a_bar_moves_by_days(view: WeekView, qtbot: QtBot) -> None:
    """Grandmother's birthday on Friday instead of Saturday, still all-day."""
    assert view.scene is not None
    bar = next(bar for bar in view.scene.week.bars if bar.instance.summary == "Oma Inge 80")
    rect = view.scene.geometry.bar(bar)
    assert rect is not None
    middle = rect.center().toPoint()
    step = int(view.scene.geometry.x(1) - view.scene.geometry.x(0))
    with qtbot.waitSignal(view.move_requested) as asked:
        drag(view._head, middle, middle - QPoint(step, 0))
    assert asked.args == [bar.instance.id, Stamp(date(2026, 11, 27)), Stamp(date(2026, 11, 28))]


def test_escape_cancels_a_drag(view: WeekView, qtbot: QtBot) -> None:
    """Nothing is asked for, whatever the hand does afterwards."""
    with qtbot.assertNotEmitted(view.create_requested):
        drag(sheet(view), at(view, 2, 14.02), at(view, 2, 15.45), release=False)
        assert dragging(view)
        QTest.keyClick(view, Key.Key_Escape)
        assert not dragging(view)
        QTest.mouseRelease(sheet(view), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(view, 2, 15.45))


def test_a_drag_that_rests_at_the_edge_scrolls(view: WeekView, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sheet moves under the hand, and the new event grows with it."""
    port, bar = view._scroll.viewport(), view._scroll.verticalScrollBar()
    drag(sheet(view), at(view, 2, 18.02), at(view, 2, 19), release=False)
    moving, before = view._sheet.drag, bar.value()
    assert moving is not None
    end = moving.end
    bottom = port.mapToGlobal(QPoint(500, port.height() - 3))
    monkeypatch.setattr(QCursor, "pos", lambda: bottom)
    for _n in range(6):
        view._edge.step()
    assert bar.value() > before
    assert moving.end > end
    QTest.keyClick(view, Key.Key_Escape)
    after = bar.value()
    view._edge.step()
    assert bar.value() == after


def test_what_is_read_only_stays(view: WeekView, qtbot: QtBot) -> None:
    """A holiday of a feed cannot be dragged."""
    assert view.scene is not None
    bar = next(bar for bar in view.scene.week.bars if bar.instance.summary == "Thanksgiving (US)")
    rect = view.scene.geometry.bar(bar)
    assert rect is not None
    with qtbot.assertNotEmitted(view.move_requested):
        drag(view._head, rect.center().toPoint(), rect.center().toPoint() + QPoint(200, 0))


def test_a_click_opens_an_event_where_it_stands(view: WeekView, qtbot: QtBot) -> None:
    """The rectangle is the event's, on the screen."""
    review = by_title(view, "Sahyadri: Architektur-Review")
    with qtbot.waitSignal(view.activated) as opened:
        QTest.mouseClick(sheet(view), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(view, 1, 12))
    assert opened.args is not None
    assert opened.args[0] == review.id
    assert opened.args[1].contains(sheet(view).mapToGlobal(at(view, 1, 12)))


def test_a_double_click_on_nothing_is_an_hour(view: WeekView, qtbot: QtBot) -> None:
    """At the half hour it hit."""
    with qtbot.waitSignal(view.create_requested) as asked:
        QTest.mouseDClick(sheet(view), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(view, 2, 14.6))
    assert asked.args == [stamp(25, 14, 30), stamp(25, 15, 30), False]


def focused(view: WeekView) -> QWidget:
    inside: QWidget | None = view.window().focusWidget()
    return view if inside is None else inside


def _press(view: WeekView, *keys: Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(focused(view), key, held)


def _title(view: WeekView) -> str | None:
    stop = view._stop
    return stop.instance.summary if stop and stop.instance else None


def test_the_keyboard_begins_with_what_comes_next(view: WeekView) -> None:
    """At 11:20 that is the review at half past; down is the free slot, then the dentist."""
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert _title(view) == "Sahyadri: Architektur-Review"
    _press(view, Key.Key_Down)
    assert view._stop is not None
    assert (view._stop.instance, view._stop.start) == (None, 45_000)
    _press(view, Key.Key_Down, Key.Key_Down)
    assert _title(view) == "Zahnarzt Dr. Brandt"
    _press(view, Key.Key_Right)
    assert _title(view) == "Mittag"
    _press(view, Key.Key_End)
    assert _title(view) == "Halden: Procurement call"
    _press(view, Key.Key_Home)
    assert _title(view) == "Tomás im Urlaub"
    _press(view, Key.Key_Right)
    assert _title(view) == "Thanksgiving (US)"


def test_enter_opens_and_delete_deletes(view: WeekView, qtbot: QtBot) -> None:
    """On an event."""
    view.setFocus(Qt.FocusReason.TabFocusReason)
    review = by_title(view, "Sahyadri: Architektur-Review")
    with qtbot.waitSignal(view.activated) as opened:
        _press(view, Key.Key_Return)
    assert opened.args is not None
    assert opened.args[0] == review.id
    with qtbot.waitSignal(view.delete_requested) as deleted:
        _press(view, Key.Key_Delete)
    assert deleted.args == [review.id]


def test_enter_on_a_free_slot_creates(view: WeekView, qtbot: QtBot) -> None:
    """An hour from half past twelve."""
    view.setFocus(Qt.FocusReason.TabFocusReason)
    _press(view, Key.Key_Down)
    with qtbot.waitSignal(view.create_requested) as asked:
        _press(view, Key.Key_Return)
    assert asked.args == [stamp(24, 12, 30), stamp(24, 13, 30), False]


def test_every_drag_has_a_key(view: WeekView, qtbot: QtBot) -> None:
    """Alt moves, Alt+Shift makes longer."""
    view.setFocus(Qt.FocusReason.TabFocusReason)
    review = by_title(view, "Sahyadri: Architektur-Review")
    alt, shift = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(view.move_requested) as moved:
        _press(view, Key.Key_Down, held=alt)
    assert moved.args == [review.id, stamp(24, 11, 45), stamp(24, 12, 45)]
    with qtbot.waitSignal(view.move_requested) as moved:
        _press(view, Key.Key_Right, held=alt)
    assert moved.args == [review.id, stamp(25, 11, 30), stamp(25, 12, 30)]
    with qtbot.waitSignal(view.resize_requested) as pulled:
        _press(view, Key.Key_Up, held=alt | shift)
    assert pulled.args == [review.id, stamp(24, 11, 30), stamp(24, 12, 15)]


def test_paging_keeps_the_place(view: WeekView, qtbot: QtBot) -> None:
    """Page down asks for the next week; when it is there, the keyboard stands on the same day."""
    view.navigate.connect(view._model.move)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(view.navigate) as turned:
        _press(view, Key.Key_PageDown)
    assert turned.args == [7]
    assert view.scene is not None
    assert view.scene.week.first == date(2026, 11, 30)
    assert view._stop is not None
    assert view._stop.day == 1


def test_an_arrow_over_the_edge_turns_the_page(view: WeekView, qtbot: QtBot) -> None:
    """Left of Monday is the Sunday before."""
    view.navigate.connect(view._model.move)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    _press(view, Key.Key_Left)
    with qtbot.waitSignal(view.navigate) as turned:
        _press(view, Key.Key_Left)
    assert turned.args == [-7]
    assert view._stop is not None
    assert view._stop.day == 6


def test_t_asks_for_today(view: WeekView, qtbot: QtBot) -> None:
    """Whoever owns the dates decides what that is."""
    with qtbot.waitSignal(view.today_requested):
        QTest.keyClick(view, Key.Key_T)


def test_the_ring_waits_for_the_keyboard(view: WeekView) -> None:
    """A click on an event draws none, an arrow does."""
    QTest.mouseClick(sheet(view), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(view, 1, 12))
    assert view.ring(False) is None
    _press(view, Key.Key_Up)
    assert view.ring(False) is not None


def test_the_week_is_one_tab_stop(view: WeekView, qtbot: QtBot) -> None:
    """Tab goes in and out again, forward and back."""
    window = QWidget()
    before, after = QWidget(window), QWidget(window)
    view.setParent(window)
    for widget in (before, after):
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    QWidget.setTabOrder(before, view)
    QWidget.setTabOrder(view, after)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    before.setFocus()
    qtbot.waitUntil(before.hasFocus)
    QTest.keyClick(before, Key.Key_Tab)
    focus = window.focusWidget()
    assert focus is not None
    assert view.isAncestorOf(focus)
    QTest.keyClick(focus, Key.Key_Tab)
    assert window.focusWidget() is after
    QTest.keyClick(after, Key.Key_Backtab)
    inside = window.focusWidget()
    assert inside is not None
    assert view.isAncestorOf(inside)
    QTest.keyClick(inside, Key.Key_Backtab)
    assert window.focusWidget() is before
    view.setParent(None)


def _names(root: QWidget) -> dict[str, QRect]:
    """Name of each button a screen reader meets -> its place on screen.

    Only values leave: Qt frees an accessible interface without telling PySide, and a wrapper that lives on would be
    handed out again for whatever object gets its address next. So nothing here may hold one, not even a closure's cycle.
    """
    out: dict[str, QRect] = {}
    _walk(QAccessible.queryAccessibleInterface(root), out)
    return out


def _walk(interface: Any, out: dict[str, QRect]) -> None:
    for n in range(interface.childCount()):
        child = interface.child(n)
        if child.role() == QAccessible.Role.Button and child.text(QAccessible.Text.Name):
            out[child.text(QAccessible.Text.Name)] = child.rect()
        _walk(child, out)


def test_every_event_is_a_button_with_its_whole_name(view: WeekView, qtbot: QtBot) -> None:
    """What a screen reader meets: name with day, times, calendar and state, and the place on screen."""
    assert view.scene is not None
    total = len(view.scene.week.blocks) + len(view.scene.week.bars)
    qtbot.waitUntil(lambda: len(_names(view)) == total)  # they are made once the first frame is on screen
    names = _names(view)
    assert len(names) == len(view.scene.week.blocks) + len(view.scene.week.bars)
    dentist = names["Zahnarzt Dr. Brandt, Tuesday 24 November, 13:30 to 14:15, Familie"]
    assert dentist.contains(sheet(view).mapToGlobal(at(view, 1, 13.9)))
    assert "Tomás im Urlaub, Monday 23 November to Wednesday 25 November, all day, Lena (extern)" in names
    assert "Halden: Procurement call, Wednesday 25 November, 16:00 to 17:00, Teams, Lena (extern), Termine" in names
    assert "Beirat Vorstand, Friday 27 November, 13:00 to 13:45, Vorstand, declined" in names
    assert "Fokuszeit, Wednesday 25 November, 10:00 to 12:30, Termine, tentative" in names


def test_a_screen_reader_can_press_an_event(view: WeekView, qtbot: QtBot) -> None:
    """Press opens it like a click."""
    button = view._names.button(by_title(view, "Kita-Fest").id)
    assert button is not None
    with qtbot.waitSignal(view.activated) as opened:
        button.click()
    assert opened.args is not None
    assert opened.args[0] == by_title(view, "Kita-Fest").id


def test_an_event_that_goes_away_takes_no_focus_with_it(view: WeekView, lena: tuple[list[Instance], list[Calendar]]) -> None:
    """The focused event is deleted: the week keeps the focus and stands on what is near."""
    view.setFocus(Qt.FocusReason.TabFocusReason)
    source: Any = view._model._view
    source.held = [one for one in source.held if one.summary != "Sahyadri: Architektur-Review"]
    view._model.reload()
    focus = view.window().focusWidget()
    assert focus is not None
    assert focus is view or view.isAncestorOf(focus)
    assert _title(view) != "Sahyadri: Architektur-Review"


def test_the_minute_moves_the_line_without_a_new_layer(view: WeekView, qtbot: QtBot) -> None:
    """Only when an event ended is its day painted anew."""
    view.grab()
    layer = view._sheet._layer
    assert layer is not None
    while layer.todo:
        view._sheet._paint_next()
    before = layer.pixels.toImage()
    start = sample.now(TODAY)
    view._clock = lambda: start + 60
    view._tick()
    assert view._sheet._layer is layer
    assert view.scene is not None
    assert view.scene.look.now == start + 60
    view._clock = lambda: start + 4200  # the review ended at half past twelve
    view._tick()
    assert view._sheet._layer is layer
    assert layer.todo
    view.grab()
    painted = layer.pixels.toImage()
    assert painted != before
    assert view.scene is not None
    view._sheet.drop_layer()
    view.grab()
    whole = view._sheet._layer
    assert whole is not None
    while whole.todo:
        view._sheet._paint_next()
    assert whole.pixels.toImage() == painted  # the kept days are what they would be painted anew


def test_hover_keeps_the_layer(view: WeekView) -> None:
    """Nothing is laid out or written again for a pointer that passes."""
    view.grab()
    layer = view._sheet._layer
    QTest.mouseMove(sheet(view), at(view, 1, 12))
    view.grab()
    assert view._sheet._layer is layer

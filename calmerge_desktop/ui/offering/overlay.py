"""The layer over the week's sheet: own events recede, offered slots stand out, and a drag paints another window.

Keys: arrows move, Shift+up/down change the length, Space paints, Del drops. Space with nothing on offer and nothing chosen
asks for the best three.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QScrollArea, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.core.week import DAY
from calmerge_desktop.core.when import local
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.offering import paint
from calmerge_desktop.ui.offering.board import Board, Span
from calmerge_desktop.ui.parts.ink import ink
from calmerge_desktop.ui.parts.spoken import announce
from calmerge_desktop.ui.week.geometry import SNAP, Place
from calmerge_desktop.ui.week.scene import Scene
from calmerge_desktop.ui.week.view import WeekView

_WEEKEND = 5
_STEPS = {
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
}


class Overlay(QWidget):
    """Covers `sheet`, the hours of a week, and follows its size."""

    suggest_wanted = Signal()
    outside = Signal()
    """A drag lay outside working hours, without Shift."""
    turned = Signal(int)
    """The cursor left the week: so many days later."""
    copy_wanted = Signal()

    def __init__(self, week: WeekView, sheet: QWidget, board: Board) -> None:
        super().__init__(sheet)
        self._week, self._board = week, board
        self._from: Place | None = None
        self._span: tuple[int, int, int] | None = None
        """Day, first and last wall second of the drag."""
        self._cursor: Place | None = None
        self._tall = 0
        self.setAccessibleName(_("Times to offer"))
        self.setAccessibleDescription(_("Arrows move, Space paints a time, Delete drops it, Escape leaves."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        sheet.installEventFilter(self)
        board.changed.connect(self.update)
        board.lit.connect(self.update)
        self.setGeometry(sheet.rect())
        self.show()
        self.raise_()

    # where things are

    def rects(self) -> list[tuple[int, QRectF]]:
        """Number (from 0) and place of every slot that is in the week on show."""
        scene = self._week.scene
        if scene is None:
            return []
        out = []
        for index, slot in enumerate(self._board.slots):
            part = _part(scene, slot)
            if part is not None:
                out.append((index, scene.geometry.span(*part)))
        return out

    def slot_at(self, at: QPointF) -> int:
        """The slot under a point, -1 for none."""
        return next((index for index, rect in self.rects() if rect.contains(at)), -1)

    # Qt's own

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The sheet has another size, or was painted with another week."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Veil, slots, what is being painted, and where the keyboard is."""
        scene = self._week.scene
        if scene is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint.recede(painter, scene)
        slots = self._board.slots
        for index, rect in self.rects():
            lit, taken = index == self._board.shone, self._board.taken(slots[index])
            paint.slot(painter, rect, index + 1, slots[index], self._board, lit=lit, taken=taken)
        if self._span is not None:
            paint.ghost(painter, scene.geometry.span(*self._span), self._span)
        elif self.hasFocus() and self._cursor is not None:
            day, second = self._cursor
            rect = scene.geometry.span(day, second, min(second + self._seconds(), DAY))
            painter.setPen(QPen(ink().focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(-1, -1, 1, 1), 7, 7)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        scene = self._week.scene
        if scene is None or event.button() != Qt.MouseButton.LeftButton or event.position().x() < scene.geometry.gutter:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        index = self.slot_at(event.position())
        if index >= 0:
            self._board.point(index)
            return
        self._from = scene.geometry.place(event.position())
        self._cursor = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        scene = self._week.scene
        if scene is None:
            return
        if self._from is None:
            self._board.point(self.slot_at(event.position()))
            return
        here = scene.geometry.place(event.position()).second
        low, high = min(self._from.second, here), max(self._from.second, here) + SNAP
        self._span = (self._from.day, low, min(high, DAY))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._from is None:
            return
        span = self._span or (self._from.day, self._from.second, min(self._from.second + self._seconds(), DAY))
        self._from = self._span = None
        self._paint(*span, anywhere=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        self._board.point(-1)

    def cancel(self) -> bool:
        """Forget the drag; whether there was one."""
        had = self._from is not None
        self._from = self._span = None
        self.update()
        return had

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = _STEPS.get(Qt.Key(key))
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.copy_wanted.emit()
            else:
                event.ignore()
        elif step is not None and shift and step[1]:
            self._tall = max(self._seconds() + step[1] * SNAP, SNAP)
            self._said()
        elif step is not None:
            self._move(*step)
        elif key == Qt.Key.Key_Space:
            self._space()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._drop()
        elif not (key == Qt.Key.Key_Escape and self.cancel()):
            event.ignore()

    # inside

    def _seconds(self) -> int:
        return self._tall or (self._board.length or 60) * 60

    def _move(self, days: int, steps: int) -> None:
        scene = self._week.scene
        if scene is None:
            return
        if self._cursor is None:
            today = scene.week.day_of(scene.look.now)
            self._cursor = Place(today or 0, (scene.look.day_begins + 1) * 3600)
        else:
            day, second = self._cursor
            if not 0 <= day + days < scene.week.days:
                self.turned.emit(scene.week.days * days)
                day = scene.week.days if days < 0 else -1
            self._cursor = Place(day + days, min(max(second + steps * SNAP, 0), DAY - SNAP))
        under = scene.geometry.span(self._cursor.day, self._cursor.second, self._cursor.second + SNAP).center()
        self._board.point(self.slot_at(under))
        area = self._week.findChild(QScrollArea)
        if isinstance(area, QScrollArea):
            area.ensureVisible(0, int(scene.geometry.y(self._cursor.second)), 0, 80)
        self._said()

    def _said(self) -> None:
        """Tell assistive technology where the cursor is."""
        self.update()
        scene = self._week.scene
        if scene is not None and self._cursor is not None:
            span = _span(scene, self._cursor.day, self._cursor.second, self._cursor.second + self._seconds())
            announce(self, words(span, self._board))

    def _space(self) -> None:
        if self._cursor is None:
            if not self._board.slots:
                self.suggest_wanted.emit()
            return
        second = self._cursor.second
        self._paint(self._cursor.day, second, min(second + self._seconds(), DAY), anywhere=True)

    def _drop(self) -> None:
        slots = self._board.slots
        if 0 <= self._board.shone < len(slots):
            self._board.drop(slots[self._board.shone])

    def _paint(self, day: int, low: int, high: int, *, anywhere: bool) -> None:
        scene = self._week.scene
        if scene is None:
            return
        if not anywhere:
            if scene.week.date(day).weekday() < _WEEKEND:
                low, high = max(low, scene.look.day_begins * 3600), min(high, scene.look.day_ends * 3600)
            else:
                high = low
            if high <= low:
                self.outside.emit()
                return
        self._board.paint(_span(scene, day, low, high))


def words(slot: Span, board: Board) -> str:
    """A slot for the ear: our time, then the guest's."""
    start = local(slot[0], board.tz)
    mine = f"{phrases.day_short(start.date())} {phrases.time_at(slot[0], board.tz)}–{phrases.time_at(slot[1], board.tz)}"
    return mine if board.guest.key == board.tz.key else f"{mine}, {guest_words(slot, board)}"


def guest_words(slot: Span, board: Board) -> str:
    """`New York 08:00`, with the weekday where it is another one there."""
    there, here = local(slot[0], board.guest), local(slot[0], board.tz)
    day = "" if there.date() == here.date() else phrases.weekday_name(there.weekday(), "abbreviated").rstrip(".") + " "
    return f"{phrases.city(board.guest.key)} {day}{phrases.clock_time(there)}"


def _part(scene: Scene, slot: Span) -> tuple[int, int, int] | None:
    start, end = (local(at, scene.look.tz) for at in slot)
    day = (start.date() - scene.week.first).days
    if not 0 <= day < scene.week.days:
        return None
    low = start.hour * 3600 + start.minute * 60
    high = DAY if end.date() > start.date() else end.hour * 3600 + end.minute * 60
    return day, low, max(high, low + SNAP)


def _span(scene: Scene, day: int, low: int, high: int) -> Span:
    midnight = datetime.combine(scene.week.date(day), datetime.min.time())
    first, last = (int((midnight + timedelta(seconds=at)).replace(tzinfo=scene.look.tz).timestamp()) for at in (low, high))
    return first, last

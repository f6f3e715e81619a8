"""The small month in the sidebar: week numbers, today, the span on show; a grid for the keyboard like any other."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import week_of
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.ink import font, ink
from calmerge_desktop.ui.parts.wheel import Notches
from calmerge_desktop.ui.parts.words import Words
from calmerge_desktop.ui.theme.style import Theme

_NUMBER, _CELL, _ROW, _HEAD = 26, 29, 24, 22


class MiniMonth(QWidget):
    """A month to jump in."""

    picked = Signal(object)
    """A `date` the person wants to see."""

    def __init__(self, today: date, first_weekday: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 8, 0)
        head.setSpacing(0)
        self.title = Words("", 13, 600)
        self.back = Button("", Kind.QUIET, icon="chevron-left", small=True)
        self.back.setAccessibleName(_("Previous month"))
        self.on = Button("", Kind.QUIET, icon="chevron-right", small=True)
        self.on.setAccessibleName(_("Next month"))
        self.back.clicked.connect(lambda: self.turn(-1))
        self.on.clicked.connect(lambda: self.turn(1))
        head.addWidget(self.title, 1)
        head.addWidget(self.back)
        head.addWidget(self.on)
        column.addLayout(head)
        self.grid = MonthGrid(today, first_weekday, self)
        column.addWidget(self.grid)
        self.grid.picked.connect(self.picked)
        self.grid.turned.connect(self._name)
        self._name()

    def turn(self, months: int) -> None:
        """Show another month."""
        self.grid.turn(months)

    def show_span(self, first: date, last: date) -> None:
        """Mark the dates the main view shows, and turn to their month."""
        self.grid.show_span(first, last)
        self._name()

    def set_today(self, today: date) -> None:
        """Another day has begun."""
        self.grid.today = today
        self.grid.update()

    def _name(self) -> None:
        self.title.setText(phrases.month_title(self.grid.month))


class MonthGrid(QWidget):
    """Six weeks of small numbers."""

    picked = Signal(object)
    turned = Signal()

    def __init__(self, today: date, first_weekday: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.today = today
        self.month = today.replace(day=1)
        self.chosen_day = today
        self._weekday = first_weekday
        self._span = (today, today)
        self._hover: date | None = None
        self._notches = Notches()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Month"))
        Theme.current().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(_NUMBER + 7 * _CELL, _HEAD + 6 * _ROW)

    def turn(self, months: int) -> None:
        """Move on by months; the cursor keeps its day where it can."""
        index = self.month.year * 12 + self.month.month - 1 + months
        self.month = date(index // 12, index % 12 + 1, 1)
        self.chosen_day = self.month
        self.turned.emit()
        self.update()

    def show_span(self, first: date, last: date) -> None:
        """Mark dates and turn to the month that holds most of them."""
        self._span = (first, last)
        middle = first + (last - first) / 2
        self.month = middle.replace(day=1)
        if not first <= self.chosen_day <= last:
            self.chosen_day = first
        self.turned.emit()
        self.update()

    def set_first_weekday(self, weekday: int) -> None:
        """Begin the weeks with another day; 0 is Monday."""
        self._weekday = weekday
        self.update()

    def first(self) -> date:
        """The date in the upper left corner."""
        return week_of(self.month, self._weekday)

    def cell(self, day: date) -> QRectF:
        """Where a date is painted."""
        row, column = divmod((day - self.first()).days, 7)
        return QRectF(_NUMBER + column * _CELL, _HEAD + row * _ROW, _CELL, _ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_span(painter)
        painter.setFont(font(10))
        painter.setPen(ink().text2)
        for column in range(7):
            rect = QRectF(_NUMBER + column * _CELL, 0, _CELL, _HEAD)
            name = phrases.weekday_name((self._weekday + column) % 7, "narrow")
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, name)
        for index in range(42):
            self._paint_day(painter, self.first() + timedelta(days=index))
        painter.setFont(font(10))
        painter.setPen(ink().text3)
        for row in range(6):
            monday = self.first() + timedelta(days=7 * row + (3 - self._weekday) % 7)
            rect = QRectF(4, _HEAD + row * _ROW, _NUMBER - 6, _ROW)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(phrases.week_number(monday)))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        if key in steps:
            self._move(self.chosen_day + timedelta(days=steps[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turn(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self.chosen_day)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self._at(event.position())
        if day is not None:
            self.chosen_day = day
            self.picked.emit(day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event.position())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if steps := self._notches.steps(event):
            self.turn(steps)

    def _paint_span(self, painter: QPainter) -> None:
        first, last = self._span
        if (last - first).days > 7:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink().surface2)
        for row in range(6):
            monday = self.first() + timedelta(days=7 * row)
            begin, end = max(first, monday), min(last, monday + timedelta(days=6))
            if begin <= end:
                painter.drawRoundedRect(self.cell(begin).united(self.cell(end)).adjusted(1, 1, -1, -1), 8, 8)

    def _paint_day(self, painter: QPainter, day: date) -> None:
        t, rect = ink(), self.cell(day)
        plate = QRectF(rect.center().x() - 12, rect.center().y() - 11, 24, 22)
        if day == self.today:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.accent)
            painter.drawRoundedRect(plate, 8, 8)
        elif day == self._hover:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.line)
            painter.drawRoundedRect(plate, 8, 8)
        if day == self.chosen_day and self.hasFocus():
            painter.setPen(QPen(t.focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(plate.adjusted(-1, -1, 1, 1), 8, 8)
        inside = day.month == self.month.month
        in_span = self._span[0] <= day <= self._span[1] and (self._span[1] - self._span[0]).days <= 7
        painter.setFont(font(11, 600 if day == self.today else 500 if inside else 400))
        color = t.on_accent if day == self.today else t.text if inside and day.weekday() < 5 else t.text2
        if not inside and not in_span:
            color = t.text3
        painter.setPen(color)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(day.day))

    def _move(self, day: date) -> None:
        self.chosen_day = day
        if day.month != self.month.month:
            self.month = day.replace(day=1)
            self.turned.emit()
        self.setAccessibleDescription(phrases.day_long(day))
        self.update()

    def _at(self, point: QPointF) -> date | None:
        column, row = int((point.x() - _NUMBER) // _CELL), int((point.y() - _HEAD) // _ROW)
        if 0 <= column < 7 and 0 <= row < 6:
            return self.first() + timedelta(days=7 * row + column)
        return None

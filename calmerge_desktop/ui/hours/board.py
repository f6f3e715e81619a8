"""Seven bare weekdays to paint hours on, with the events of one real week faintly behind and the starts a link offers.

A drag over free ground paints, one that begins on painted hours takes them away. Keys: arrows move a quarter of an hour or a
day, Shift+up/down lengthen, Space paints or takes away, Delete takes away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QScrollArea, QWidget

from calmerge_desktop.core.availability.schedule import Hours
from calmerge_desktop.core.availability.typed import DAY, with_span, without_span
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.week import Week
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.parts.ink import font, ink
from calmerge_desktop.ui.parts.spoken import announce
from calmerge_desktop.ui.theme import fonts
from calmerge_desktop.ui.theme.tokens import TYPE
from calmerge_desktop.ui.week import shapes, text, words
from calmerge_desktop.ui.week.geometry import GUTTER, GUTTER_AIR
from calmerge_desktop.ui.week.look import Look

HOUR = 44
STEP = 15
_FAINT = 0.45
_STEPS = {Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1), Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0)}


class Shade(NamedTuple):
    """A faint block of the real week: weekday, minutes, share of the column, name of its colour."""

    day: int
    start: int
    end: int
    left: float
    width: float
    calendar: CalendarId


class Spot(NamedTuple):
    """Where the keyboard stands: weekday, minute, length in minutes."""

    day: int
    minute: int
    length: int


class HoursBoard(QWidget):
    """24 hours of seven weekdays, Monday first."""

    painted = Signal(int, object)
    """Weekday and its `Hours` after a drag or a key."""

    def __init__(self) -> None:
        super().__init__()
        self.hours: tuple[Hours, ...] = ((),) * 7
        self.ticks: Mapping[int, Sequence[int]] = {}
        """Weekday -> minutes at which a meeting may begin."""
        self.shades: tuple[Shade, ...] = ()
        self._look: Look | None = None
        self._drag: tuple[int, int, int, bool] | None = None
        """Weekday, first and last minute, whether it paints."""
        self.spot: Spot | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(_("Weekly hours"))
        self.setAccessibleDescription(
            _("Arrows move, Shift with up and down changes the length, Space paints or takes away, Delete takes away.")
        )
        self.setMinimumHeight(24 * HOUR)

    def show_hours(self, hours: tuple[Hours, ...]) -> None:
        """Hours typed elsewhere."""
        self.hours = hours
        self.update()

    def show_behind(self, week: Week, look: Look) -> None:
        """The real week behind."""
        self._look = look
        self.shades = tuple(
            Shade(
                one.day,
                one.start // 60,
                one.end // 60,
                one.column / one.columns,
                one.span / one.columns,
                one.instance.calendar,
            )
            for one in week.blocks
            if one.day < 7
        )
        self.update()

    def show_ticks(self, ticks: Mapping[int, Sequence[int]]) -> None:
        """The starts a link offers now."""
        self.ticks = ticks
        self.update()

    # where things are

    def left_of(self, day: int) -> float:
        """Left edge of a weekday; of 7 the right edge of Sunday."""
        return round(GUTTER + (self.width() - GUTTER) * day / 7)

    def top_of(self, minute: float) -> float:
        """Height of a minute of the day."""
        return minute * HOUR / 60

    def span(self, day: int, start: int, end: int) -> QRectF:
        """The place of some minutes of a weekday."""
        left, right = self.left_of(day) + 2, self.left_of(day + 1) - 4
        return QRectF(left, self.top_of(start) + 1, right - left, max(self.top_of(end) - self.top_of(start) - 2, 3.0))

    def sizeHint(self) -> QSize:
        return QSize(640, 24 * HOUR)

    def _at(self, at: QPointF) -> tuple[int, int]:
        """Weekday and minute under a point, the minute rounded down to a quarter of an hour."""
        day = int((at.x() - GUTTER) * 7 / max(self.width() - GUTTER, 1))
        minute = int(at.y() * 60 / HOUR)
        return min(max(day, 0), 6), min(max(minute - minute % STEP, 0), DAY - STEP)

    def _open_at(self, day: int, minute: int) -> bool:
        return any(start <= minute < end for start, end in self.hours[day])

    # pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or event.position().x() < GUTTER:
            return
        day, minute = self._at(event.position())
        self.spot = None
        self._drag = (day, minute, minute, not self._open_at(day, minute))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            day, first, _last, paints = self._drag
            self._drag = (day, first, self._at(event.position())[1], paints)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._drag is None:
            return
        day, low, high, paints = self._dragged()
        self._drag = None
        self._set(day, low, high, paints)

    def _dragged(self) -> tuple[int, int, int, bool]:
        assert self._drag is not None
        day, first, last, paints = self._drag
        return day, min(first, last), max(first, last) + STEP, paints

    def _set(self, day: int, low: int, high: int, paints: bool) -> None:
        made = (with_span if paints else without_span)(self.hours[day], low, high)
        self.update()
        if made != self.hours[day]:
            self.hours = (*self.hours[:day], made, *self.hours[day + 1 :])
            self.painted.emit(day, made)

    # keyboard

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and self.spot is None:
            self._go(Spot(0, next((start for start, _end in self.hours[0]), 9 * 60), 60))
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        spot = self.spot or Spot(0, 9 * 60, 60)
        if key == Qt.Key.Key_Escape and self._drag is not None:
            self._drag = None
            self.update()
        elif key in _STEPS and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            longer = spot.length + _STEPS[key][1] * STEP
            self._go(spot._replace(length=min(max(longer, STEP), DAY - spot.minute)))
        elif key in _STEPS:
            days, steps = _STEPS[key]
            minute = min(max(spot.minute + steps * STEP, 0), DAY - STEP)
            self._go(Spot((spot.day + days) % 7, minute, min(spot.length, DAY - minute)))
        elif key == Qt.Key.Key_Space:
            self._set(spot.day, spot.minute, spot.minute + spot.length, not self._open_at(spot.day, spot.minute))
            self._go(spot)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._set(spot.day, spot.minute, spot.minute + spot.length, False)
            self._go(spot)
        else:
            super().keyPressEvent(event)

    def _go(self, spot: Spot) -> None:
        self.spot = spot
        self.update()
        port = self.parentWidget()
        area = port.parentWidget() if port is not None else None
        if isinstance(area, QScrollArea):
            area.ensureVisible(0, int(self.top_of(spot.minute)), 0, 80)
        state = _("open") if self._open_at(spot.day, spot.minute) else _("closed")
        span = f"{_clock(spot.minute)}–{_clock(spot.minute + spot.length)}"
        announce(self, f"{phrases.weekday_name(spot.day)} {span}, {state}")

    # paint

    def paintEvent(self, event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.fillRect(event.rect(), t.surface)
        painter.fillRect(0, 0, GUTTER, self.height(), t.bg)
        self._grid(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        drag = self._dragged() if self._drag is not None else None
        for day in range(7):
            hours = self.hours[day]
            if drag is not None and drag[0] == day:
                hours = (with_span if drag[3] else without_span)(hours, drag[1], drag[2])
            for start, end in hours:
                self._plate(painter, self.span(day, start, end))
        self._behind(painter)
        for day in range(7):
            for start, end in self.hours[day]:
                self._words(painter, day, start, end)
        self._starts(painter)
        if drag is not None:
            self._ghost(painter, drag)
        elif self.hasFocus() and self.spot is not None:
            painter.setPen(QPen(t.focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            spot = self.spot
            painter.drawRoundedRect(self.span(spot.day, spot.minute, spot.minute + spot.length), 6, 6)
        painter.end()

    def _grid(self, painter: QPainter) -> None:
        t = ink()
        painter.setFont(font(11))
        for hour in range(1, 24):
            y = int(self.top_of(hour * 60))
            painter.fillRect(GUTTER, y, self.width() - GUTTER, 1, t.line_soft)
            painter.setPen(t.text2)
            place = QRectF(0, y - 8, GUTTER - GUTTER_AIR, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words.clock(hour * 3600))
        for day in range(8):
            painter.fillRect(int(self.left_of(day)), 0, 1, self.height(), t.line_soft)

    def _plate(self, painter: QPainter, rect: QRectF) -> None:
        """Open hours: accent-soft with the saturated bar at the left."""
        t = ink()
        painter.save()
        painter.translate(rect.topLeft())
        painter.fillPath(shapes.body(rect.width(), rect.height()), t.accent_soft)
        painter.fillPath(shapes.bar(rect.width(), rect.height()), t.accent)
        painter.restore()

    def _behind(self, painter: QPainter) -> None:
        """What is in the real week, so faint that only its place is read."""
        if self._look is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        for one in self.shades:
            column = self.span(one.day, one.start, one.end)
            wide = column.width() - 26
            color = QColor(self._look.triple(one.calendar).bar)
            color.setAlphaF(_FAINT * 0.5)
            painter.setBrush(color)
            place = QRectF(column.left() + 8 + wide * one.left, column.top(), max(wide * one.width - 2, 2), column.height())
            painter.drawRoundedRect(place, 4, 4)

    def _words(self, painter: QPainter, day: int, start: int, end: int) -> None:
        rect = self.span(day, start, end)
        if rect.height() < 16:
            return
        bold = text.style(TYPE.caption, fonts.SEMIBOLD)
        said = f"{_clock(start)}–{_clock(end)}"
        shown = text.fit(said, bold, rect.width() - 14)
        text.draw(painter, (rect.left() + 9, rect.top() + 14), shown, bold, ink().accent.name())

    def _starts(self, painter: QPainter) -> None:
        painter.setPen(QPen(ink().accent, 2))
        for day, minutes in self.ticks.items():
            right = self.left_of(day + 1) - 10
            for minute in minutes:
                y = self.top_of(minute) + 4
                painter.drawLine(QPointF(right - 8, y), QPointF(right, y))

    def _ghost(self, painter: QPainter, drag: tuple[int, int, int, bool]) -> None:
        day, low, high, paints = drag
        t = ink()
        pen = QPen(t.accent if paints else t.danger, 1.5, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rect = self.span(day, low, high)
        painter.drawRoundedRect(rect, 6, 6)
        said, bold = f"{_clock(low)}–{_clock(high)}", text.style(TYPE.caption, fonts.SEMIBOLD)
        if not paints and rect.height() >= 16:
            text.draw(
                painter, (rect.left() + 9, rect.top() + 14), text.fit(said, bold, rect.width() - 14), bold, t.danger.name()
            )


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"

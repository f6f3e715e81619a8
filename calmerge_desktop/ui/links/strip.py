"""The strip of an explanation: event, buffer, what is left, buffer, event, to scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.links.rulings import Piece
from calmerge_desktop.ui.parts.ink import font, ink, plate

_BAR, _HEIGHT, _GAP = 22, 42, 3
_EVENT = 74
_LEAST = 46


class Strip(QWidget):
    """42 px high; says the same in words to assistive technology."""

    def __init__(self, pieces: Sequence[Piece], colors: Mapping[CalendarId, str]) -> None:
        super().__init__()
        self._pieces, self._colors = pieces, colors
        self.setFixedHeight(_HEIGHT)
        self.setAccessibleName(", ".join(f"{one.label} {one.minutes}" if one.minutes else one.label for one in pieces))

    def places(self) -> list[QRectF]:
        """Where each piece stands: events are as wide as a word, the rest shares the room by minutes."""
        inner = [one for one in self._pieces if one.kind != "event"]
        room = self.width() - _EVENT * (len(self._pieces) - len(inner)) - _GAP * (len(self._pieces) - 1)
        spare = max(room - _LEAST * len(inner), 0)
        total = sum(one.minutes for one in inner) or 1
        out, x = [], 0.0
        for one in self._pieces:
            wide = _EVENT if one.kind == "event" else _LEAST + spare * one.minutes / total
            out.append(QRectF(x, 0, wide, _BAR))
            x += wide + _GAP
        return out

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one, place in zip(self._pieces, self.places(), strict=True):
            self._bar(painter, one, place)
            painter.setFont(font(11))
            painter.setPen(t.text2)
            shown = painter.fontMetrics().elidedText(one.label, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(QRectF(place.left(), _BAR + 2, place.width(), 16), Qt.AlignmentFlag.AlignCenter, shown)
        painter.end()

    def _bar(self, painter: QPainter, one: Piece, place: QRectF) -> None:
        t = ink()
        body = place.adjusted(0.5, 0.5, -0.5, -0.5)
        if one.kind == "event":
            colors = plate(self._colors.get(one.calendar, "grey") if one.calendar else "grey")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.fill)
            painter.drawRoundedRect(body, 4, 4)
            painter.setBrush(colors.bar)
            painter.drawRoundedRect(QRectF(place.left(), 0, 3, _BAR), 1.5, 1.5)
            return
        free = one.kind == "free"
        painter.setPen(QPen(t.accent if free else t.line, 1))
        painter.setBrush(t.accent_soft if free else t.surface)
        painter.drawRoundedRect(body, 4, 4)
        if not free:
            painter.save()
            painter.setClipRect(body)
            painter.setPen(QPen(t.line, 1))
            for at in range(int(place.left()) - _BAR, int(place.right()), 7):
                painter.drawLine(QLineF(at, _BAR, at + _BAR, 0))
            painter.restore()
        painter.setFont(font(11, 600))
        painter.setPen(t.accent if free else t.text)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, _("{minutes} min").format(minutes=one.minutes))

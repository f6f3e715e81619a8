"""The offered times of one offer, a painted row each: number, our clock, the guest's, what became of it, and why."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from calmerge_desktop.core.agenda.offers import OfferView, SlotState, SlotView
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.inbox.words import span
from calmerge_desktop.ui.offers import words
from calmerge_desktop.ui.parts.ink import font, ink, paint_icon, plate

_GONE = (SlotState.TAKEN, SlotState.OVER, SlotState.CLOSED)
_EDGE, _AIR, _TEXT = 14, 8, 46
_FIRST, _NEXT = 19, 16
"""Heights of the first line and of those below it."""


class SlotRow(QWidget):
    """One time. Painted in one piece, for there may be sixty of them; what has no room is in the tooltip."""

    def __init__(self, number: int, slot: SlotView, guest: ZoneInfo, tz: ZoneInfo) -> None:
        super().__init__()
        self._number, self._slot = number, slot
        self._filled = slot.chosen or slot.state is SlotState.BOOKED
        self._tag = words.slot_tag(slot)
        self._when = span(slot.start, slot.end, tz)
        self._why = words.slot_note(slot)
        there = words.there(slot, guest, tz)
        self._below = [part for part in (there, self._why) if part]
        self.said = ", ".join(part for part in (f"{number}: {self._when}", there, self._tag.label, self._why) if part)
        self.setAccessibleName(self.said)
        self.setToolTip("\n".join([self._when, *self._below]))
        self.setFixedHeight(2 * _AIR + _FIRST + _NEXT * len(self._below))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._number > 1:
            painter.fillRect(0, 0, self.width(), 1, t.line_soft)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.accent if self._filled else t.surface2)
        circle = QRectF(_EDGE, _AIR, 20, 20)
        painter.drawEllipse(QPointF(circle.center()), 9.5, 9.5)
        painter.setFont(font(11, 600))
        painter.setPen(t.on_accent if self._filled else t.text2)
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))
        right = self._paint_tag(painter) - 12
        color = t.text2 if self._slot.state in _GONE else t.text
        self._paint_line(
            painter, self._when, QRectF(_TEXT, _AIR, right - _TEXT, _FIRST), 600 if self._filled else 500, color
        )
        for number, text in enumerate(self._below):
            left = float(_TEXT)
            top = _AIR + _FIRST + _NEXT * number
            if text is self._why and self._slot.held and self._slot.state not in _GONE:
                paint_icon(painter, "lock", QRectF(left, top + 2, 12, 12), t.text2)
                left += 18
            self._paint_line(painter, text, QRectF(left, top, self.width() - _EDGE - left, _NEXT), 400, t.text2)
        painter.end()

    def _paint_tag(self, painter: QPainter) -> float:
        """The plate at the right; where it begins."""
        colors = plate(self._tag.color)
        painter.setFont(font(11, 600))
        wide = QFontMetricsF(painter.font()).horizontalAdvance(self._tag.label) + 32
        body = QRectF(self.width() - _EDGE - wide, _AIR, wide, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.fill)
        painter.drawRoundedRect(body, 4, 4)
        paint_icon(painter, self._tag.icon, QRectF(body.left() + 6, body.top() + 4, 12, 12), colors.text)
        painter.setPen(colors.text)
        painter.drawText(body.adjusted(23, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter, self._tag.label)
        return body.left()

    def _paint_line(self, painter: QPainter, text: str, room: QRectF, weight: int, color: QColor) -> None:
        painter.setFont(font(13 if weight > 400 else 12, weight))
        painter.setPen(color)
        shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)


class SlotRows(QFrame):
    """All times in a card."""

    def __init__(self, view: OfferView, tz: ZoneInfo) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setAccessibleName(_("Offered times"))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 4, 1, 4)
        column.setSpacing(0)
        guest = ZoneInfo(view.proposal.tzid)
        self.rows = [SlotRow(number, slot, guest, tz) for number, slot in enumerate(view.slots, 1)]
        for row in self.rows:
            column.addWidget(row)

    @property
    def spoken(self) -> list[str]:
        """Each row as a screen reader says it."""
        return [row.said for row in self.rows]

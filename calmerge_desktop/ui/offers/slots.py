"""The offered times of one offer, a row each: number, our clock, the guest's, what became of it, and why."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.agenda.offers import OfferView, SlotState, SlotView
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.inbox.words import span
from calmerge_desktop.ui.offers import words
from calmerge_desktop.ui.parts.facts import Plate
from calmerge_desktop.ui.parts.ink import font, ink
from calmerge_desktop.ui.parts.words import Hairline, Mark, Words

_GONE = (SlotState.TAKEN, SlotState.OVER, SlotState.CLOSED)


class _Number(QWidget):
    """The number of the mail, in a circle: filled where the time was chosen."""

    def __init__(self, number: int, *, filled: bool) -> None:
        super().__init__()
        self._number, self._filled = number, filled
        self.setFixedSize(20, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.accent if self._filled else t.surface2)
        painter.drawEllipse(QPointF(10, 10), 9.5, 9.5)
        painter.setFont(font(11, 600))
        painter.setPen(t.on_accent if self._filled else t.text2)
        painter.drawText(QRectF(0, 0, 20, 20), Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.end()


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
        self.spoken: list[str] = []
        """Each row as a screen reader says it."""
        for number, slot in enumerate(view.slots, 1):
            if number > 1:
                column.addWidget(Hairline(soft=True))
            column.addWidget(self._row(number, slot, guest, tz))

    def _row(self, number: int, slot: SlotView, guest: ZoneInfo, tz: ZoneInfo) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(13, 8, 13, 8)
        row.setSpacing(12)
        filled = slot.chosen or slot.state is SlotState.BOOKED
        row.addWidget(_Number(number, filled=filled), 0, Qt.AlignmentFlag.AlignTop)
        told = QVBoxLayout()
        told.setSpacing(1)
        when, there, why = span(slot.start, slot.end, tz), words.there(slot, guest, tz), words.slot_note(slot)
        told.addWidget(Words(when, 13, 600 if filled else 500, "text2" if slot.state in _GONE else "text", wrap=True))
        if there:
            told.addWidget(Words(there, 12, 400, "text2", wrap=True))
        if why:
            line = QHBoxLayout()
            line.setSpacing(6)
            if slot.held and slot.state not in _GONE:
                line.addWidget(Mark("lock", "text2", 12), 0, Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(Words(why, 12, 400, "text2", wrap=True), 1)
            told.addLayout(line)
        row.addLayout(told, 1)
        tag = words.slot_tag(slot)
        row.addWidget(Plate(tag.icon, tag.label, tag.color), 0, Qt.AlignmentFlag.AlignTop)
        said = ", ".join(part for part in (f"{number}: {when}", there, tag.label, why) if part)
        holder.setAccessibleName(said)
        self.spoken.append(said)
        return holder

"""Small signs of the linking sheet: where one is on the way, that something runs, a quiet hint."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.ink import ink
from calmerge_desktop.ui.parts.words import Mark, Words


class Steps(QWidget):
    """Where one is on the way."""

    def __init__(self) -> None:
        super().__init__()
        self._step = 0
        self.setFixedSize(64, 8)

    def show_step(self, step: int) -> None:
        """0 to 3."""
        self._step = step
        self.setAccessibleName(_("Step {n} of 4").format(n=step + 1))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        x = 0.0
        for step in range(4):
            width = 20 if step == self._step else 6
            painter.setBrush(t.accent if step <= self._step else t.line)
            painter.drawRoundedRect(QRectF(x, 1, width, 6), 3, 3)
            x += width + 5
        painter.end()


class Ring(QWidget):
    """The one thing that loops: something runs and its length is not known."""

    def __init__(self) -> None:
        super().__init__()
        self._angle = 0
        self.setFixedSize(52, 52)
        self._timer = QTimer(self)
        self._timer.setInterval(33)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(3, 3, 46, 46)
        painter.setPen(QPen(t.surface2, 4))
        painter.drawEllipse(box)
        painter.setPen(QPen(t.accent, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawArc(box, (90 - self._angle) * 16, -90 * 16)
        painter.end()

    def _turn(self) -> None:
        self._angle = (self._angle + 9) % 360
        self.update()


def lined(icon: str, text: str) -> QHBoxLayout:
    """A small icon before a quiet sentence."""
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(Mark(icon), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Words(text, 12, 400, "text2", wrap=True), 1)
    return row

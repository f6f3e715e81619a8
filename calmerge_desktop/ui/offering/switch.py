"""A switch: 32 x 18, on in the accent; the words stand beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from calmerge_desktop.ui.parts.ink import font, ink


class Switch(QAbstractButton):
    """Space turns it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        return QSize(int(44 + QFontMetricsF(font(13)).horizontalAdvance(self.text())), 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, on = ink(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        painter.setPen(QPen(t.accent if on else t.text3, 1))
        painter.setBrush(t.accent if on else t.bg)
        painter.drawRoundedRect(QRectF(0.5, middle - 8.5, 31, 17), 8.5, 8.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.on_accent if on else t.text3)
        painter.drawEllipse(QPointF(23 if on else 9, middle), 6, 6)
        painter.setFont(font(13))
        painter.setPen(t.text)
        painter.drawText(QRectF(42, 0, self.width() - 42, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()

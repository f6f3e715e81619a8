"""Initials on a tinted disc."""

from __future__ import annotations

from zlib import crc32

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from calmerge_desktop.ui.parts.ink import font, plate

_COLORS = ("teal", "violet", "blue", "green", "amber", "rose")


class Avatar(QWidget):
    """18 px; the colour belongs to the name."""

    def __init__(self, name: str, size: int = 18, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._initials = initials(name)
        self._color = _COLORS[crc32(name.lower().encode()) % len(_COLORS)]
        self.setFixedSize(size, size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = plate(self._color)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.fill)
        painter.drawEllipse(QRectF(self.rect()))
        painter.setFont(font(8 if self.width() < 24 else 11, 600))
        painter.setPen(colors.text)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._initials)
        painter.end()


def initials(name: str) -> str:
    """`LH` of `Lena Hartwig`; one letter of an address."""
    words = [word for word in name.replace(".", " ").split("@")[0].split() if word]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

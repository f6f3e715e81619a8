"""Small pieces that tell one thing each: a tag, a line with its icon, a plate, somebody's words."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.ink import font, ink, paint_icon, plate
from calmerge_desktop.ui.parts.words import Mark, Words

_LONG = 600


class Tag(NamedTuple):
    """What kind something is: word, icon, colour of its plate."""

    label: str
    icon: str
    color: str = "grey"


class Line(NamedTuple):
    """One line with an icon in a token's colour."""

    icon: str
    color: str
    text: str


class Plate(QWidget):
    """An icon and words on a tint, 20 px tall."""

    def __init__(self, icon: str, text: str, color: str) -> None:
        super().__init__()
        self._icon, self._text, self._color = icon, text, color
        wide = QFontMetricsF(font(11, 600)).horizontalAdvance(text)
        self.setFixedSize(int(wide) + 32, 20)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = plate(self._color)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.fill)
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        paint_icon(painter, self._icon, QRectF(6, 4, 12, 12), colors.text)
        painter.setFont(font(11, 600))
        painter.setPen(colors.text)
        painter.drawText(self.rect().adjusted(23, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter, self._text)
        painter.end()


class _Quote(QWidget):
    """Somebody's words on a quiet plate."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink().surface2)
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        painter.end()


def quote(text: str) -> QWidget:
    """Somebody's words, shortened, in quotation marks."""
    holder = _Quote()
    column = QVBoxLayout(holder)
    column.setContentsMargins(14, 10, 14, 10)
    shown = text if len(text) <= _LONG else text[:_LONG].rstrip() + "…"
    label = Words(_("“{words}”").format(words=shown), 12, 400, "text2", wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    column.addWidget(label)
    return holder


def fact(line: Line) -> QWidget:
    """A line whose icon stands at its first row."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(Mark(line.icon, line.color, 14), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Words(line.text, 12, 400, "text", wrap=True), 1)
    holder.setAccessibleName(line.text)
    return holder


def framed(words: QLabel) -> QWidget:
    """A long text in a card that scrolls."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(words)
    words.setContentsMargins(12, 10, 12, 10)
    card = QFrame()
    card.setProperty("kind", "card")
    inside = QVBoxLayout(card)
    inside.setContentsMargins(1, 1, 1, 1)
    inside.addWidget(area)
    area.viewport().setAutoFillBackground(False)
    return card

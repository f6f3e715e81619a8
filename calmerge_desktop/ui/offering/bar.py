"""The bar of the mode: what a drag does, and the way out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.ink import ink
from calmerge_desktop.ui.parts.words import Elided, Mark, Words


class ModeBar(QWidget):
    """36 px."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(36)
        self.setAccessibleName(_("Offering times"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(10)
        row.addWidget(Mark("plus", "accent"))
        row.addWidget(Words(_("Offering times"), 13, 600, "accent"))
        row.addWidget(Elided(_("Drag to paint a window; Shift+drag also outside your hours."), 12, 400, "text2"), 1)
        self.leave = Button(_("Leave"), Kind.QUIET, key=_("Esc"), small=True)
        self.leave.clicked.connect(self.left)
        row.addWidget(self.leave)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink().accent_soft)
        painter.fillRect(0, self.height() - 1, self.width(), 1, ink().line)
        painter.end()

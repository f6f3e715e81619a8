"""Text of others, which may hold words longer than a line: addresses of meetings, titles without a space."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette, QTextOption
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from calmerge_desktop.ui.parts.ink import font, ink
from calmerge_desktop.ui.parts.words import Words
from calmerge_desktop.ui.theme.style import Theme

_LONG = 28
"""Letters of a word from which on it may not fit into a line of a popover."""


def prose(text: str, px: int = 13, weight: int = 400, *, selectable: bool = True) -> QWidget:
    """A wrapped text. A label breaks between words only, so what holds a long one is a `Prose`."""
    if any(len(word) > _LONG for word in text.split()):
        return Prose(text, px, weight)
    label = Words(text, px, weight, wrap=True)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return label


class Prose(QTextEdit):
    """Breaks inside a word where it must. To be read, selected and copied as it was written."""

    def __init__(self, text: str, px: int, weight: int) -> None:
        super().__init__()
        self.setObjectName("prose")
        shape = f"font-size: {px}px; font-weight: {weight}"  # else the one of all fields
        self.setStyleSheet(f"#prose {{ border: 0; padding: 0; background: transparent; {shape} }}")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(font(px, weight))
        self.document().setDocumentMargin(0)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setPlainText(text)
        self.setReadOnly(True)
        self.setAccessibleName(text)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for policy in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            policy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        size = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        size.setHeightForWidth(True)
        self.setSizePolicy(size)
        self.restyle()
        Theme.current().changed.connect(self.restyle)

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Text, ink().text)
        self.setPalette(palette)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        shape = self.document().clone()
        shape.setTextWidth(width)
        return ceil(shape.size().height())

    def sizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(max(self.width(), 120)))

    def minimumSizeHint(self) -> QSize:
        return QSize(24, 16)

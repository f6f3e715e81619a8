"""A card at the foot of the window that tells of something that came by itself, with the deed that helps. Takes no focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import SHADOW, paint_card
from calmerge_desktop.ui.parts.spoken import announce
from calmerge_desktop.ui.parts.words import Mark, Words

WIDTH = 420
_ABOVE = 28 + 16
"""The status line, and air."""


class Card(QWidget):
    """420 px at the lower right. It stays until the person, or what it tells of, sends it away."""

    deed_wanted = Signal()
    gone = Signal()

    def __init__(self, window: QWidget, *, icon: str, color: str, deed: str, later: str) -> None:
        super().__init__(window)
        self._over = window
        self._title = Words("", 13, 600, wrap=True)
        self._text = Words("", 12, 400, "text2", wrap=True)
        self.deed, self.later = Button(deed, Kind.PRIMARY), Button(later, Kind.QUIET)
        self.deed.clicked.connect(self.deed_wanted)
        self.deed.clicked.connect(self.dismiss)
        self.later.clicked.connect(self.dismiss)
        self._lay_out(Mark(icon, color, 18))
        window.installEventFilter(self)

    def say(self, title: str, text: str) -> None:
        """Show and announce; saying it anew takes the place of what stood there."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{title}. {text}")
        self.show()
        self._place()
        self.raise_()
        announce(self, f"{title}. {text}")

    def title(self) -> str:
        """What is told, in a line."""
        return self._title.text()

    def text(self) -> str:
        """The rest of it."""
        return self._text.text()

    def dismiss(self) -> None:
        """Go, and leave memory."""
        self.hide()
        self.gone.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_card(painter, QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW), foot=0)
        painter.end()

    def _lay_out(self, mark: Mark) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(SHADOW + 16, SHADOW + 14, SHADOW + 16, SHADOW + 14)
        row.setSpacing(12)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._text)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 6, 0, 0)
        buttons.setSpacing(8)
        buttons.addWidget(self.deed)
        buttons.addWidget(self.later)
        buttons.addStretch(1)
        column.addLayout(buttons)
        row.addLayout(column, 1)

    def _place(self) -> None:
        room = self._over.rect()
        width = min(WIDTH, room.width() - 32) + 2 * SHADOW
        if (layout := self.layout()) is not None:
            layout.activate()
        height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        self.setGeometry(room.width() - width - 16 + SHADOW, room.height() - _ABOVE - height + SHADOW, width, height)

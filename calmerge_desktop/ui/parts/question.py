"""A small sheet that asks: title, sentence, the button that keeps and the button that does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.words import Words


class Question(Sheet):
    """One question; `accepted` is what the deed does."""

    def __init__(self, window: QWidget, title: str, text: str, *, keep: str, deed: str, danger: bool) -> None:
        super().__init__(window, QSize(468, 176))
        self.accepted: list[Callable[[], None]] = []
        self.setAccessibleName(title)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        heading = Words(title, 15, 600, wrap=True)
        sentence = Words(text, 13, 400, "text2", wrap=True)
        column.addWidget(heading)
        column.addWidget(sentence)
        column.addStretch(1)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(8)
        row.addStretch(1)
        self.keep = Button(keep)
        self.keep.clicked.connect(self.dismiss)
        row.addWidget(self.keep)
        self.deed = Button(deed, Kind.DANGER if danger else Kind.PRIMARY)
        self.deed.clicked.connect(self._do)
        row.addWidget(self.deed)
        self.deed.setVisible(bool(deed))  # only once it lies in the sheet: alone it would be a window and take the focus
        inner = 468 - 48
        need = 48 + heading.heightForWidth(inner) + 8 + sentence.heightForWidth(inner) + 56 + 8
        self.resize_card(QSize(468, max(need, 160)))

    def _do(self) -> None:
        deeds = list(self.accepted)
        self.dismiss()
        for deed in deeds:
            deed()

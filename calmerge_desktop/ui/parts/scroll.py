"""A column that scrolls when it is taller than its room, and stays as wide as it was."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

BAR = 10
"""Pixels at the right that belong to the bar, whether it is needed or not: the content's right margin is that much less."""


class ScrollColumn(QScrollArea):
    """Down only. The bar's room is always kept, so that nothing moves or wraps anew when the bar is needed."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self.verticalScrollBar()
        bar.setEnabled(False)  # a bar that moves nothing has no handle: see the style sheet
        bar.rangeChanged.connect(self._ranged)
        self.setWidget(content)

    def _ranged(self, low: int, high: int) -> None:
        self.verticalScrollBar().setEnabled(high > low)

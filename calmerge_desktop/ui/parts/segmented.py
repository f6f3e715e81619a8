"""A segmented control: a few exclusive choices in one plate; arrows move the choice."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from calmerge_desktop.ui.parts.ink import font, ink


class Segmented(QWidget):
    """Exactly one of `labels` is chosen. One tab stop."""

    chosen = Signal(int)
    """The person chose another part."""

    def __init__(self, labels: Sequence[str], *, small: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = list(labels)
        self._current = 0
        self._pad = 8 if small else 12
        self._height = 24 if small else 32
        self._px = 11 if small else 13
        self._hover = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._describe()

    @property
    def current(self) -> int:
        """Index of the chosen part."""
        return self._current

    def choose(self, index: int) -> None:
        """Show `index` as chosen, without a signal."""
        self._current = index
        self._describe()
        self.update()

    def setLabels(self, labels: Sequence[str]) -> None:
        """Other words for the same parts."""
        if list(labels) != self._labels:
            self._labels = list(labels)
            self._describe()
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()) + 4, self._height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def part(self, index: int) -> QPoint:
        """The middle of a part, for tests and tips."""
        left = 2 + sum(self._widths()[:index])
        return QPoint(left + self._widths()[index] // 2, self.height() // 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.surface2)
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        x = 2.0
        for index, (label, width) in enumerate(zip(self._labels, self._widths(), strict=True)):
            plate = QRectF(x, 2, width, self.height() - 4)
            if index == self._current:
                painter.setPen(QPen(t.text3 if t.dark else t.line, 1))
                painter.setBrush(t.bg)
                painter.drawRoundedRect(plate.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            strong = index == self._current
            painter.setFont(font(self._px, 600 if strong else 500))
            painter.setPen(t.text if strong or (index == self._hover and self.isEnabled()) else t.text2)
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, label)
            x += width
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
        }.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._choose((self._current + step) % len(self._labels))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and (index := self._at(event.position().x())) >= 0:
            self._choose(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event.position().x())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()
        super().leaveEvent(event)

    def _choose(self, index: int) -> None:
        if index != self._current:
            self.choose(index)
            self.chosen.emit(index)

    def _widths(self) -> list[int]:
        metrics = QFontMetricsF(font(self._px, 600))
        return [int(metrics.horizontalAdvance(label)) + 2 * self._pad + 1 for label in self._labels]

    def _at(self, x: float) -> int:
        left = 2.0
        for index, width in enumerate(self._widths()):
            if left <= x < left + width:
                return index
            left += width
        return -1

    def _describe(self) -> None:
        self.setAccessibleDescription(self._labels[self._current] if self._labels else "")

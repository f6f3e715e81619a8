"""The cards one chooses a provider from, and the rung that says how far the program sees."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from calmerge_desktop.ui.linking.kinds import LinkKind, Rung
from calmerge_desktop.ui.parts.ink import font, ink, paint_icon


class KindCard(QAbstractButton):
    """Icon, name, caption."""

    def __init__(self, kind: LinkKind, *, arrow: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self._arrow = arrow
        self.setText(kind.name)
        self.setAccessibleName(f"{kind.name}, {kind.caption}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(56)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(180, 56)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.line, 1))
        painter.setBrush(t.surface2 if self.isDown() else t.surface if self.underMouse() else t.bg)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        tile = QRectF(12, 13, 30, 30)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.surface2)
        painter.drawRoundedRect(tile, 8, 8)
        paint_icon(painter, self.kind.icon, QRectF(19, 20, 16, 16), t.text2)
        right = 34 if self._arrow else 12
        room = self.width() - 54 - right
        _line(painter, QRectF(54, 10, room, 18), self.kind.name, font(13, 600), t.text)
        _line(painter, QRectF(54, 29, room, 16), self.kind.caption, font(11, 400), t.text2)
        if self._arrow:
            paint_icon(painter, "chevron-right", QRectF(self.width() - 28, 20, 16, 16), t.text3)
        painter.end()


def paint_rung(painter: QPainter, rung: Rung, box: QRectF, *, left: float) -> None:
    """What is seen, what that buys, five bars of reach; words begin at `left`."""
    t = ink()
    half = box.left() + (box.width() - 80) * 0.47
    top = box.center().y() - 17
    _line(painter, QRectF(left, top, half - left + 16, 18), rung.name, font(13, 600), t.text)
    _line(painter, QRectF(left, top + 19, half - left + 16, 16), rung.sees, font(11, 400), t.text2)
    parts = rung.buys.split(";", 1)
    room = box.right() - half - 80
    _line(painter, QRectF(half + 28, top + (0 if len(parts) > 1 else 9), room, 18), parts[0], font(12, 400), t.text)
    if len(parts) > 1:
        _line(painter, QRectF(half + 28, top + 19, room, 16), parts[1].strip(), font(11, 400), t.text2)
    for bar in range(5):
        height = 4 + bar * 3
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.accent if bar < rung.level else t.line)
        painter.drawRoundedRect(QRectF(box.right() - 44 + bar * 6, box.center().y() + 8 - height, 4, height), 1, 1)


class RungRow(QWidget):
    """58 px: what is seen, what that buys, five bars of reach."""

    def __init__(self, rung: Rung, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rung = rung
        self.setFixedHeight(58)
        self.setAccessibleName(f"{rung.name}. {rung.sees}. {rung.buys}.")

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.accent, 1))
        painter.setBrush(t.accent_soft)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        paint_rung(painter, self._rung, QRectF(self.rect()), left=16)
        painter.end()


def _line(painter: QPainter, box: QRectF, text: str, shape: QFont, color: QColor) -> None:
    painter.setFont(shape)
    painter.setPen(color)
    shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)

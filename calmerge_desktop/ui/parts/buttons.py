"""Buttons, painted by the tokens: one primary a surface, secondary with a line, quiet without, danger in red words."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from calmerge_desktop.ui.parts.ink import font, ink, paint_icon

_GAP, _PAD, _ICON, _RADIUS = 8, 12, 16, 8


class Kind(StrEnum):
    """How loud a button is."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    DANGER = "danger"


class Button(QAbstractButton):
    """A push button of the house. `key` is shown as a small plate after the label."""

    def __init__(
        self,
        text: str = "",
        kind: Kind = Kind.SECONDARY,
        *,
        icon: str = "",
        key: str = "",
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self.kind = kind
        self.icon_name = icon
        self.key = key
        self.small = small
        self.compact = False
        """Only the icon is shown; the label stays for the screen reader."""
        self.left = False
        self.chosen = False
        self.busy = False
        self.badge = 0
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        height = 28 if self.small else 32
        if self.compact or (not self.text() and self.icon_name):
            return QSize(height, height)
        width = 2 * _PAD + QFontMetricsF(self._font()).horizontalAdvance(self.text())
        if self.icon_name or self.busy:
            width += _ICON + _GAP
        if self.key:
            width += _GAP + self._key_width()
        return QSize(int(width + 1), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def setCompact(self, compact: bool) -> None:
        """Show only the icon."""
        self.compact = compact
        self.setToolTip(self.text() if compact else "")
        self.updateGeometry()
        self.update()

    def setChosen(self, chosen: bool) -> None:
        """Paint as the place one is at."""
        self.chosen = chosen
        self.update()

    def setBadge(self, number: int) -> None:
        """How many wait behind it; 0 for none. The caller puts it into the accessible name in words."""
        self.badge = number
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
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
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, edge, words = self._colors()
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(edge, 1) if edge is not None else Qt.PenStyle.NoPen)
        painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
        if fill is not None or edge is not None:
            painter.drawRoundedRect(body, _RADIUS, _RADIUS)
        self._paint_label(painter, words)
        if self.badge:
            self._paint_badge(painter)
        painter.end()

    def _paint_badge(self, painter: QPainter) -> None:
        """A round number: at the right edge, or at the corner of the icon when that is all there is."""
        t, said = ink(), str(self.badge) if self.badge < 100 else "99+"
        tall = 15.0 if self.compact else 18.0
        painter.setFont(font(9 if self.compact else 11, 600))
        wide = max(QFontMetricsF(painter.font()).horizontalAdvance(said) + (7 if self.compact else 10), tall)
        middle = self.width() / 2
        left = min(middle + 2, self.width() - wide) if self.compact else self.width() - wide - 8
        plate = QRectF(left, 2 if self.compact else (self.height() - tall) / 2, wide, tall)
        painter.setPen(QPen(t.surface, 1.5) if self.compact else Qt.PenStyle.NoPen)
        painter.setBrush(t.accent)
        painter.drawRoundedRect(plate, tall / 2, tall / 2)
        painter.setPen(t.on_accent)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, said)

    def _paint_label(self, painter: QPainter, words: QColor) -> None:
        painter.setFont(self._font())
        metrics = QFontMetricsF(painter.font())
        content = 0.0 if self.compact else metrics.horizontalAdvance(self.text())
        has_icon = bool(self.icon_name) or self.busy
        total = content + ((_ICON + (_GAP if content else 0)) if has_icon else 0)
        total += (_GAP + self._key_width()) if self.key and not self.compact else 0
        room = float(self.width())
        x = float(_PAD) if self.left and not self.compact else max((room - total) / 2, 6.0)
        middle = self.height() / 2
        if has_icon:
            name = "refresh" if self.busy else self.icon_name
            paint_icon(painter, name, QRectF(x, middle - _ICON / 2, _ICON, _ICON), words)
            x += _ICON + _GAP
        if self.compact:
            return
        painter.setPen(words)
        limit = room - x - 6
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, limit) if content > limit + 1 else self.text()
        painter.drawText(QPointF(x, middle + (metrics.ascent() - metrics.descent()) / 2), text)
        if self.key:
            paint_key(painter, self.key, QPointF(x + content + _GAP, middle), words)

    def _font(self) -> QFont:
        return font(13, 600 if self.kind is Kind.PRIMARY or self.chosen else 500)

    def _key_width(self) -> float:
        return QFontMetricsF(font(10, 500)).horizontalAdvance(self.key) + 10

    def _colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        t = ink()
        down, over = self.isDown(), self.isEnabled() and self.underMouse()
        if self.kind is Kind.PRIMARY:
            if not self.isEnabled():
                return t.surface2, None, t.text3
            return t.mixed(t.accent, t.text, 0.16 if down else 0.08 if over else 0.0), None, t.on_accent
        rest = t.accent_soft if self.chosen else None
        fill = t.line if down else t.surface2 if over and not self.chosen else rest
        if not self.isEnabled():
            return (None if self.kind is Kind.QUIET else t.surface2), None, t.text3
        if self.kind is Kind.DANGER:
            return fill or t.bg, t.danger, t.danger
        if self.kind is Kind.QUIET:
            return fill, None, t.accent if self.chosen else t.text2
        return fill or t.bg, t.line, t.text


def paint_key(painter: QPainter, key: str, at: QPointF, color: QColor) -> float:
    """A key cap with its left middle at `at`; returns its width."""
    painter.save()
    painter.setFont(font(10, 500))
    metrics = QFontMetricsF(painter.font())
    width = metrics.horizontalAdvance(key) + 10
    plate = QRectF(at.x(), at.y() - 8.5, width, 17)
    edge = QColor(color)
    edge.setAlphaF(0.45)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(plate, 4, 4)
    painter.setPen(color)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, key)
    painter.restore()
    return width

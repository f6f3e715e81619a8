"""What floats over the window, inside it: the sheet on its scrim, and the popover beside what it explains.

Both are children of the window, not windows: they never get lost behind it, and Esc returns the focus to where it came from.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from calmerge_desktop.ui.parts.ink import ink

SHADOW = 20
"""Room around a card that its shadow needs, in logical pixels."""
_RADIUS = 12


class Floating(QWidget):
    """Keeps the focus inside while open, and gives it back."""

    closed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.over = window
        self._origin: QWidget | None = None
        self._dismissed = False

    def remember_origin(self) -> None:
        """Where the focus goes back to."""
        self._origin = QApplication.focusWidget()

    def dismiss(self) -> None:
        """Close, give the focus back, and leave memory."""
        if self._dismissed:
            return
        self._dismissed = True
        self.hide()
        origin = self._origin
        self._origin = None
        if origin is not None and _alive(origin) and origin.isVisible():
            origin.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()
        self.deleteLater()

    def may_close(self) -> bool:
        """Whether Esc or a click beside may close it now."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.may_close():
                self.dismiss()
            return
        super().keyPressEvent(event)
        event.accept()  # keys of the window below stay quiet

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside."""
        chain = [
            child
            for child in self._tab_order()
            if child.isVisible() and child.isEnabled() and child.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        if not chain:
            return True
        here = QApplication.focusWidget()
        index = chain.index(here) if here in chain else (-1 if forward else 0)
        target = chain[(index + (1 if forward else -1)) % len(chain)]
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        target.setFocus(reason)
        return True

    def _tab_order(self) -> list[QWidget]:
        out: list[QWidget] = []
        at = self.nextInFocusChain()
        while at is not None and at is not self:
            if self.isAncestorOf(at) and at.focusProxy() is None:
                out.append(at)
            at = at.nextInFocusChain()
        return out


class Sheet(Floating):
    """A card in the middle of the window over a flat scrim. `head`, `body` and `foot` are for the caller to fill."""

    def __init__(self, window: QWidget, size: QSize, *, foot: bool = True) -> None:
        super().__init__(window)
        self._size = size
        self._foot_height = 56 if foot else 0
        self.card = QWidget(self)
        self.card.setObjectName("sheetCard")
        outer = QVBoxLayout(self.card)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.body = QWidget(self.card)
        self.foot = QWidget(self.card)
        self.foot.setFixedHeight(self._foot_height)
        outer.addWidget(self.body, 1)
        outer.addWidget(self.foot)
        self.foot.setVisible(foot)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self._place()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def open(self) -> None:
        """Show over the window."""
        self.remember_origin()
        self._place()
        self.show()
        self.raise_()

    def resize_card(self, size: QSize) -> None:
        """Another size of the card."""
        self._size = size
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.over and event.type() == QEvent.Type.Resize:
            self.setGeometry(self.over.rect())
            self._place()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # the scrim swallows clicks; typed words are not lost by a slip of the mouse

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.scrim)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.card.geometry())
        paint_card(painter, card, foot=self._foot_height)
        painter.end()

    def _place(self) -> None:
        room = self.rect().adjusted(16, 16, -16, -16)
        width, height = min(self._size.width(), room.width()), min(self._size.height(), room.height())
        left = (self.width() - width) // 2
        top = max((self.height() - height) // 2 - 8, 16)
        self.card.setGeometry(left, top, width, height)


class Popover(Floating):
    """A card beside `anchor` (global), with an arrow where there is room. A click outside closes it."""

    def __init__(self, window: QWidget, width: int) -> None:
        super().__init__(window)
        self._anchor = QRect()
        self._arrow: tuple[str, int] | None = None
        self.setFixedWidth(width + 2 * SHADOW)
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(SHADOW, SHADOW, SHADOW, SHADOW)
        self.content.setSpacing(0)
        self.foot_height = 0

    def open_at(self, anchor: QRect) -> None:
        """Show beside a rectangle in global coordinates."""
        self.remember_origin()
        self._anchor = anchor
        self.refit()
        self.show()
        self.raise_()
        if (app := QApplication.instance()) is not None:
            app.installEventFilter(self)

    def refit(self) -> None:
        """Take the height the content needs and find the side with room."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
        width = self.width()
        room = self.over.rect()
        need = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        height = min(max(need, self.minimumSizeHint().height()), room.height() + 2 * SHADOW - 16)
        self.resize(width, height)
        top_left = self.over.mapFromGlobal(self._anchor.topLeft())
        self.move(self._beside(QRect(top_left, self._anchor.size()), room, QSize(width, height)))
        self.update()

    def dismiss(self) -> None:
        """Close, and watch the application no more."""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        super().dismiss()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.MouseButtonPress
            and isinstance(event, QMouseEvent)
            and isinstance(watched, QWidget)
            and self.isVisible()
            and not self._holds(watched)
            and self.may_close()
        ):
            self.dismiss()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        paint_card(painter, card, foot=self.foot_height)
        if self._arrow is not None:
            side, at = self._arrow
            path, edge = _arrow_path(card, side, at)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.bg)
            painter.drawPath(path)
            painter.setPen(QPen(t.line, 1))
            painter.drawPolyline(edge)
        painter.end()

    def _holds(self, widget: QWidget) -> bool:
        """Whether `widget` belongs here: inside, or a menu or list that was opened from here."""
        return widget is self or self.isAncestorOf(widget) or widget.window() is not self.window()

    def _beside(self, anchor: QRect, room: QRect, size: QSize) -> QPoint:
        gap = 10 - SHADOW
        y = min(max(anchor.top() - SHADOW, 8 - SHADOW), room.height() - size.height() + SHADOW - 8)
        right = anchor.right() + gap
        left = anchor.left() - gap - size.width()
        at = min(max(anchor.center().y() - y, SHADOW + 24), size.height() - SHADOW - 24)
        if right + size.width() - SHADOW <= room.width() - 8:
            self._arrow = ("left", at)
            return QPoint(right, y)
        if left + SHADOW >= 8:
            self._arrow = ("right", at)
            return QPoint(left, y)
        self._arrow = None
        x = min(max(anchor.center().x() - size.width() // 2, 8 - SHADOW), room.width() - size.width() + SHADOW - 8)
        below = anchor.bottom() + gap
        if below + size.height() - SHADOW <= room.height() - 8:
            return QPoint(x, below)
        above = anchor.top() - gap - size.height()
        return QPoint(x, above) if above + SHADOW >= 8 else QPoint(x, y)


def paint_card(painter: QPainter, card: QRectF, *, foot: int = 0, radius: float = _RADIUS) -> None:
    """A floating card: one soft shadow around it, a hairline, and a foot one shade darker."""
    t = ink()
    paint_shadow(painter, card, radius, t.shadow_alpha)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(t.bg)
    painter.drawRoundedRect(card, radius, radius)
    if foot:
        clip = QPainterPath()
        clip.addRoundedRect(card, radius, radius)
        painter.save()
        painter.setClipPath(clip)
        strip = QRectF(card.left(), card.bottom() - foot, card.width(), foot)
        painter.fillRect(strip, t.surface)
        painter.fillRect(QRectF(strip.left(), strip.top(), strip.width(), 1), t.line)
        painter.restore()
    painter.setPen(QPen(t.line, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def paint_shadow(painter: QPainter, card: QRectF, radius: float, alpha: float) -> None:
    """A soft shadow as a few nested rounded rectangles; cheap, and the same on every platform."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    rings = 12
    for step in range(rings, 0, -1):
        grow = step * (SHADOW - 4) / rings
        color = QColor(0, 0, 0)
        color.setAlphaF(alpha * 0.42 * ((rings - step + 1) / rings) ** 2 / 2.2)
        painter.setBrush(color)
        painter.drawRoundedRect(card.adjusted(-grow, -grow + 4, grow, grow + 3), radius + grow, radius + grow)
    painter.restore()


def _arrow_path(card: QRectF, side: str, at: int) -> tuple[QPainterPath, list[QPoint]]:
    y = float(at)
    if side == "left":
        points = [
            QPoint(int(card.left()), int(y) - 7),
            QPoint(int(card.left()) - 7, int(y)),
            QPoint(int(card.left()), int(y) + 7),
        ]
        inner = card.left() + 1.5
    else:
        right = int(card.right())
        points = [QPoint(right, int(y) - 7), QPoint(right + 7, int(y)), QPoint(right, int(y) + 7)]
        inner = card.right() - 1.5
    path = QPainterPath()
    path.moveTo(inner, points[0].y())
    for point in points:
        path.lineTo(point.x(), point.y())
    path.lineTo(inner, points[2].y())
    path.closeSubpath()
    return path, points


def _alive(widget: QWidget) -> bool:
    import shiboken6

    return shiboken6.isValid(widget)


__all__ = ["SHADOW", "Floating", "Popover", "Sheet", "paint_card", "paint_shadow"]

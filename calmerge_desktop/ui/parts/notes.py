"""The note (a tinted plate that stays) and the toast (ten seconds, with Undo)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.buttons import Button
from calmerge_desktop.ui.parts.ink import font, ink, paint_icon, plate
from calmerge_desktop.ui.parts.spoken import announce
from calmerge_desktop.ui.theme.style import Theme

TOAST_MILLISECONDS = 10_000
_TICK = 100
_TOAST_WIDEST = 860
_LOOK = {"warn": ("amber", "warning"), "error": ("rose", "cross-circle"), "done": ("green", "check-circle")}
_PLAIN = {"info": "info", "accent": "info"}


class Note(QWidget):
    """Icon, sentence, at most one button. Hidden while it has nothing to say."""

    pressed = Signal()

    def __init__(self, kind: str = "info", text: str = "", button: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self._icon = ""
        self._label = QLabel(text, self)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setFont(font(12))
        self._button = Button(button, small=True, parent=self)
        self._button.clicked.connect(self.pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self._label, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(38)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(text)
        self._button.setHidden(not button)
        if not text:
            self.hide()
        self.restyle()
        Theme.current().changed.connect(self.restyle)

    def text(self) -> str:
        """The sentence."""
        return self._label.text()

    def say(self, kind: str, text: str, button: str = "", icon: str = "") -> None:
        """Show another sentence; an empty one hides the note."""
        self._kind, self._icon = kind, icon
        self._label.setText(text)
        self.setAccessibleName(text)
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.setVisible(bool(text))
        self.restyle()

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        palette = self._label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._colors()[1])
        self._label.setPalette(palette)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        fill, words, icon = self._colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        paint_icon(painter, self._icon or icon, QRectF(12, min(self.height() / 2 - 8, 12.0), 16, 16), words)
        painter.end()

    def _colors(self) -> tuple[QColor, QColor, str]:
        if self._kind in _LOOK:
            name, icon = _LOOK[self._kind]
            return plate(name).fill, plate(name).text, icon
        t = ink()
        return (t.accent_soft if self._kind == "accent" else t.surface2), t.text2, _PLAIN[self._kind]


class Toast(QWidget):
    """An inverted line at the foot of the window; says what was done and offers the way back. Pauses under the pointer."""

    gone = Signal()

    def __init__(self, window: QWidget, text: str, undo: Callable[[], None] | None = None) -> None:
        super().__init__(window)
        self._over = window
        self._beside: QWidget | None = None
        self._text = text
        self._undo = undo
        self._left = TOAST_MILLISECONDS
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self._tick)
        self.button = _ToastButton(_("Undo"), self)
        self.button.setVisible(undo is not None)
        self.button.clicked.connect(self.take_back)
        self.setFixedHeight(44)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        window.installEventFilter(self)
        self.setAccessibleName(text)

    def text(self) -> str:
        """What it says."""
        return self._text

    def stand_over(self, part: QWidget | None) -> None:
        """Stand over this part of the window, so that nothing is covered that is needed next; None: in its middle."""
        self._beside = part

    def open(self) -> None:
        """Show, announce, and begin to run out."""
        self._place()
        self.show()
        self.raise_()
        self._clock.start()
        self._timer.start()
        announce(self, self._text)

    @property
    def undoable(self) -> bool:
        """Whether it offers the way back."""
        return self._undo is not None

    def dismiss(self) -> None:
        """Go at once."""
        self._timer.stop()
        self.hide()
        self.gone.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._clock.restart()
        self._timer.start()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.inverse)
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        painter.setFont(font(13))
        painter.setPen(t.on_inverse)
        right = self.button.x() - 12 if self._undo else self.width() - 16
        shown = QFontMetrics(font(13)).elidedText(self._text, Qt.TextElideMode.ElideRight, right - 16)
        painter.drawText(QRectF(16, 0, right - 16, 43), Qt.AlignmentFlag.AlignVCenter, shown)
        if self._undo:
            painter.setFont(font(11))
            faint = QColor(t.on_inverse)
            faint.setAlphaF(0.75)
            painter.setPen(faint)
            painter.drawText(QRectF(self.width() - 66, 0, 54, 44), Qt.AlignmentFlag.AlignCenter, _("Ctrl Z"))
        share = max(self._left, 0) / TOAST_MILLISECONDS
        line = QColor(t.on_inverse)
        line.setAlphaF(0.5)
        painter.fillRect(QRectF(12, 39, (self.width() - 24) * share, 2), line)
        painter.end()

    def _place(self) -> None:
        window = self._over
        metrics = QFontMetrics(font(13))
        need = 16 + metrics.horizontalAdvance(self._text) + 16 + ((self.button.sizeHint().width() + 78) if self._undo else 0)
        part = self._beside if self._beside is not None and self._beside.isVisible() else window
        width = min(max(need, 300), part.width() - 32, _TOAST_WIDEST)
        self.setFixedWidth(width)
        left = part.mapTo(window, QPoint(0, 0)).x() if part is not window else 0
        self.move(left + (part.width() - width) // 2, window.height() - 28 - 16 - 44)
        size = self.button.sizeHint()
        self.button.setGeometry(width - 70 - size.width(), 8, size.width(), 28)

    def _tick(self) -> None:
        if self.button.hasFocus():
            self._clock.restart()
            return
        self._left -= self._clock.restart()
        if self._left <= 0:
            self.dismiss()
        else:
            self.update()

    def take_back(self) -> None:
        """Go, and undo what it told."""
        undo = self._undo
        self.dismiss()
        if undo is not None:
            undo()


class _ToastButton(QAbstractButton):
    """The one button on the inverted ground."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setFont(font(13, 600))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self.text()) + 24, 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QColor(t.on_inverse)
        edge.setAlphaF(1.0 if self.underMouse() or self.hasFocus() else 0.5)
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)
        painter.setFont(self.font())
        painter.setPen(t.on_inverse)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()

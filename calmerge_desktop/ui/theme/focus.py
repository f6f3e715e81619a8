"""The focus ring: invisible until the keyboard is used, then never lost.

Qt's own style sheets cannot tell a click from a Tab. One transparent widget per window draws the ring instead: 2 px wide,
2 px off the widget that has the focus. A widget that shows its focus itself sets the property `ownFocus`.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from calmerge_desktop.ui.theme.style import Theme
from calmerge_desktop.ui.theme.tokens import RADIUS

_OFF = 2
_WIDTH = 2
_FIELDS = ("QLineEdit", "QPlainTextEdit", "QTextEdit", "QComboBox", "QAbstractSpinBox")


class FocusRing(QWidget):
    """The ring of one window. Make it after the window's content; it keeps itself on top."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._window = window
        self._around: QWidget | None = None
        self._keyboard = False
        self._watched: QObject | None = None
        window.installEventFilter(self)
        self._watch()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)
        self._focus_changed(None, QApplication.focusWidget())

    @property
    def keyboard(self) -> bool:
        """Whether the keyboard was used last."""
        return self._keyboard

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See keys and clicks before any widget does, and moves of what is ringed."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress and not self._keyboard:
            self._keyboard = True
            self._place()
        elif kind == QEvent.Type.MouseButtonPress and self._keyboard:
            self._keyboard = False
            self.hide()
        elif kind in (QEvent.Type.Show, QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Hide):
            if watched is self._window:
                self._watch()
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Two pixels of the focus colour."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(Theme.current().tokens.focus), _WIDTH))
        edge = QRectF(self.rect()).adjusted(_WIDTH / 2, _WIDTH / 2, -_WIDTH / 2, -_WIDTH / 2)
        painter.drawRoundedRect(edge, RADIUS.control + _OFF, RADIUS.control + _OFF)

    def _watch(self) -> None:
        handle: QObject | None = self._window.windowHandle()  # None until the window was shown once
        if handle is not None and handle is not self._watched:
            self._watched = handle
            handle.installEventFilter(self)

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if self._around is not None and shiboken6.isValid(self._around):  # what had the focus may be gone by now
            self._around.removeEventFilter(self)
        self._around = None
        if now is not None and now.window() is self._window and not any(now.inherits(field) for field in _FIELDS):
            self._around = now
            if now is not self._window:
                now.installEventFilter(self)
        self._place()

    def _place(self) -> None:
        around = self._around
        if around is not None and not shiboken6.isValid(around):
            around = self._around = None
        if around is None or not self._keyboard or not around.isVisible() or around.property("ownFocus"):
            self.hide()
            return
        corner = around.mapTo(self._window, QPoint(0, 0)) if around is not self._window else QPoint(0, 0)
        off = _OFF + _WIDTH
        self.setGeometry(QRect(corner, around.size()).adjusted(-off, -off, off, off))
        self.raise_()
        self.show()

"""Labels by role: size, weight and the token of their colour."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from calmerge_desktop.ui.parts.ink import font, ink, paint_icon
from calmerge_desktop.ui.theme.style import Theme


class Words(QLabel):
    """Text in one of the house's sizes. `color` is a name of `Ink`."""

    def __init__(
        self,
        text: str = "",
        px: int = 13,
        weight: int = 400,
        color: str = "text",
        *,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._color = color
        self.setFont(font(px, weight))
        self.setWordWrap(wrap)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.restyle()
        Theme.current().changed.connect(self.restyle)

    def setColor(self, color: str) -> None:
        """Another token."""
        self._color = color
        self.restyle()

    def restyle(self) -> None:
        """Take the colours of the theme in force."""
        palette = self.palette()
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text):
            palette.setColor(role, getattr(ink(), self._color))
        palette.setColor(QPalette.ColorRole.Link, ink().accent)
        self.setPalette(palette)


class Elided(QWidget):
    """One line of text that ends in an ellipsis when there is no room; the whole is its tooltip then."""

    def __init__(
        self, text: str = "", px: int = 13, weight: int = 400, color: str = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text, self._color, self._font = text, color, font(px, weight)
        self._right = False
        self._icon = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def setText(self, text: str) -> None:
        """Another text."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def setColor(self, color: str) -> None:
        """Another token."""
        self._color = color
        self.update()

    def setIcon(self, icon: str) -> None:
        """A 12 px icon before the text, empty for none."""
        self._icon = icon
        self.update()

    def alignRight(self) -> None:
        """Keep the text at the right edge."""
        self._right = True

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font)
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(getattr(ink(), self._color))
        lead = 18 if self._icon and self._text else 0
        metrics = QFontMetrics(self._font)
        shown = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, self.width() - lead)
        if lead:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            x = self.width() - metrics.horizontalAdvance(shown) - lead if self._right else 0
            paint_icon(painter, self._icon, QRectF(x, (self.height() - 12) / 2, 12, 12), getattr(ink(), self._color))
        side = Qt.AlignmentFlag.AlignRight if self._right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(self.rect(), int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        self.setToolTip(self._text if shown != self._text else "")
        painter.end()


class Mark(QWidget):
    """A 16 px stroke icon in a token's colour."""

    def __init__(self, icon: str, color: str = "text3", size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._color = icon, color
        self.setFixedSize(size, size)

    def set(self, icon: str, color: str) -> None:
        """Another icon and token."""
        self._icon, self._color = icon, color
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, self._icon, QRectF(self.rect()), getattr(ink(), self._color))
        painter.end()


class Hairline(QFrame):
    """One device pixel of line."""

    def __init__(self, *, soft: bool = False, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._soft = soft
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRect(0, 0, self.width(), self.height()), ink().line_soft if self._soft else ink().line)
        painter.end()

"""A list one chooses from: rows of 70 px with a tag and three lines, under headings. What a row says is its page's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from calmerge_desktop.ui.parts.facts import Tag
from calmerge_desktop.ui.parts.ink import font, ink, paint_icon, plate
from calmerge_desktop.ui.parts.words import Words
from calmerge_desktop.ui.theme.focus import FocusRing

HEIGHT = 70
EDGE = 16
_TAG, _GAP = 96, 12


class RowText(NamedTuple):
    """What a row says."""

    tag: Tag
    who: str
    what: str
    note: str
    at: str = ""
    """When, at the right."""
    strong: bool = False
    """It waits for the person."""
    spoken: str = ""
    """The whole row for a screen reader."""


class PickRow(QAbstractButton):
    """One row; chosen by a press or the arrows."""

    def __init__(self, text: RowText) -> None:
        super().__init__()
        self.said = text
        self.setFixedHeight(HEIGHT)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text.spoken)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # the page moves on, and opens
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, said = ink(), self.said
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked():
            painter.fillRect(self.rect(), t.accent_soft)
            painter.fillRect(0, 0, 3, self.height(), t.accent)
        elif self.underMouse():
            painter.fillRect(self.rect(), t.surface2)
        painter.fillRect(0, self.height() - 1, self.width(), 1, t.line_soft)
        if self.hasFocus() and _by_keyboard(self.window()):
            painter.setPen(QPen(t.focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -3), 7, 7)
        self._paint_tag(painter)
        painter.setFont(font(11))
        painter.setPen(t.text2)
        right = self.width() - 16
        wide = QFontMetricsF(painter.font()).horizontalAdvance(said.at)
        painter.drawText(QRectF(right - wide, 12, wide + 1, 18), Qt.AlignmentFlag.AlignVCenter, said.at)
        left = EDGE + _TAG + _GAP
        dim = t.text if said.strong else t.text2
        lines = (
            (said.who, 13, 600 if said.strong else 500, dim, 11, right - wide - 8),
            (said.what, 12, 400, dim, 29, right),
            (said.note, 11, 400, t.text2, 46, right),
        )
        for text, px, weight, color, top, end in lines:
            painter.setFont(font(px, weight))
            painter.setPen(color)
            shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, end - left)
            painter.drawText(QRectF(left, top, end - left + 2, 18), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()

    def _paint_tag(self, painter: QPainter) -> None:
        found = self.said.tag
        colors = plate(found.color)
        painter.setFont(font(11, 500))
        room = _TAG - 26.0
        shown = QFontMetricsF(painter.font()).elidedText(found.label, Qt.TextElideMode.ElideRight, room)
        body = QRectF(EDGE, 12, _TAG, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink().bg if self.isChecked() and found.color in ("grey", "blue") else colors.fill)
        painter.drawRoundedRect(body, 4, 4)
        paint_icon(painter, found.icon, QRectF(body.left() + 5, body.top() + 3, 12, 12), colors.text)
        painter.setPen(colors.text)
        painter.drawText(body.adjusted(22, 0, -3, 0), Qt.AlignmentFlag.AlignVCenter, shown)


def _by_keyboard(window: QWidget) -> bool:
    """Whether the keyboard was used last: only then a focus is shown."""
    ring = getattr(window, "ring", None)
    return not isinstance(ring, FocusRing) or ring.keyboard


Row = TypeVar("Row", bound=PickRow)


class PickList(QScrollArea, Generic[Row]):
    """Rows under headings; one is chosen."""

    picked = Signal(object)
    """The row, or None when there is none."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(name)

    @property
    def row(self) -> Row | None:
        """The chosen row."""
        return next((row for row in self.rows if row.isChecked()), None)

    def fill(self, groups: Sequence[tuple[str, Sequence[Row]]]) -> None:
        """Other rows, each group under its heading (empty: none); nothing is chosen, and the place of scrolling stays."""
        scroll = self.verticalScrollBar().value()
        content = QWidget()
        content.setAutoFillBackground(False)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.rows = [row for _head, rows in groups for row in rows]
        for head, rows in groups:
            if head and rows:
                words = Words(head, 11, 600, "text2")
                words.setContentsMargins(EDGE, 18, 16, 6)
                column.addWidget(words)
            for row in rows:
                column.addWidget(row)
                row.clicked.connect(lambda _on=False, one=row: self.choose(one))
        column.addStretch(1)
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.verticalScrollBar().setValue(scroll)

    def choose(self, row: Row, *, focus: bool = True) -> None:
        """Choose a row."""
        row.setChecked(True)
        if focus:
            row.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.isVisible():
            self.ensureWidgetVisible(row, 0, 8)
        self.picked.emit(row)

    def step(self, by: int) -> None:
        """The next row, or the one before."""
        here = next((n for n, row in enumerate(self.rows) if row.isChecked()), -1)
        if self.rows:
            self.choose(self.rows[min(max(here + by, 0), len(self.rows) - 1)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # arrows choose; they do not scroll

    def focus_current(self) -> None:
        """The keyboard begins here."""
        row = self.row
        if row is not None:
            row.setFocus(Qt.FocusReason.OtherFocusReason)


class KeyHints(QWidget):
    """The keys of the page, at the foot of the list."""

    def __init__(self, hints: Sequence[tuple[Sequence[str], str]]) -> None:
        super().__init__()
        self._hints = hints
        self.setFixedHeight(44)

    def paintEvent(self, _event: QPaintEvent) -> None:
        from calmerge_desktop.ui.parts.buttons import paint_key

        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(0, 0, self.width(), 1, ink().line)
        x = float(EDGE)
        for keys, text in self._hints:
            painter.setFont(font(11))
            need = QFontMetricsF(painter.font()).horizontalAdvance(text) + 28 * len(keys)
            if x + need > self.width():
                break
            for key in keys:
                x += paint_key(painter, key, QPointF(x, 22), ink().text2) + 4
            painter.setFont(font(11))
            painter.setPen(ink().text2)
            painter.drawText(QRectF(x + 2, 12, 200, 20), Qt.AlignmentFlag.AlignVCenter, text)
            x += QFontMetricsF(painter.font()).horizontalAdvance(text) + 18
        painter.end()


class ListColumn(QWidget):
    """One column of a page with the line at its right."""

    def __init__(self, *, grey: bool) -> None:
        super().__init__()
        self._grey = grey

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink().surface if self._grey else ink().bg)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), ink().line)
        painter.end()

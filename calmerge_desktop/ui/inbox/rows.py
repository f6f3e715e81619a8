"""The list of requests: one row of 70 px each, what waits above, what is done or waits for others below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.inbox import words
from calmerge_desktop.ui.parts.ink import font, ink, paint_icon, plate
from calmerge_desktop.ui.parts.words import Words
from calmerge_desktop.ui.session import Session
from calmerge_desktop.ui.theme.focus import FocusRing

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.requesting import Request

HEIGHT = 70
_EDGE, _TAG, _GAP = 16, 96, 12


class RequestRow(QAbstractButton):
    """Kind, who, what, and what to know; chosen by a press or the arrows."""

    def __init__(self, one: Request, session: Session) -> None:
        super().__init__()
        self.request = one
        self._session = session
        self.setFixedHeight(HEIGHT)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words.spoken(one, session.tz))

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
        t, one, session = ink(), self.request, self._session
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
        at = phrases.moment(one.at, session.clock(), session.tz) if one.at else ""
        painter.setFont(font(11))
        painter.setPen(t.text2)
        right = self.width() - 16
        wide = QFontMetricsF(painter.font()).horizontalAdvance(at)
        painter.drawText(QRectF(right - wide, 12, wide + 1, 18), Qt.AlignmentFlag.AlignVCenter, at)
        left = _EDGE + _TAG + _GAP
        dim = t.text if one.open else t.text2
        lines = (
            (one.who, 13, 600 if one.open else 500, dim, 11, right - wide - 8),
            (words.what(one, session.tz), 12, 400, dim, 29, right),
            (words.note(one, session.tz), 11, 400, t.text2, 46, right),
        )
        for text, px, weight, color, top, end in lines:
            painter.setFont(font(px, weight))
            painter.setPen(color)
            shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, end - left)
            painter.drawText(QRectF(left, top, end - left + 2, 18), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()

    def _paint_tag(self, painter: QPainter) -> None:
        found = words.tag(self.request)
        colors = plate(found.color)
        painter.setFont(font(11, 500))
        room = _TAG - 26.0
        shown = QFontMetricsF(painter.font()).elidedText(found.label, Qt.TextElideMode.ElideRight, room)
        body = QRectF(_EDGE, 12, _TAG, 18)
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


class RequestList(QScrollArea):
    """Rows in two parts; one is chosen, and stays chosen when others come."""

    chosen = Signal(object)
    """`Request`, or None when there is none."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.rows: list[RequestRow] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(_("Requests"))

    @property
    def current(self) -> Request | None:
        """The chosen request."""
        return next((row.request for row in self.rows if row.isChecked()), None)

    def take(self, requests: Sequence[Request], *, prefer: str = "") -> None:
        """Show these. Chosen is the one with the key `prefer`, else the one before, else the next that waits, else none."""
        before = self.current
        focused = any(row.hasFocus() for row in self.rows)
        scroll = self.verticalScrollBar().value()
        place = next((n for n, row in enumerate(self.rows) if row.isChecked()), 0)
        content = QWidget()
        content.setAutoFillBackground(False)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.rows = [RequestRow(one, self._session) for one in requests]
        for row in self.rows:
            if not row.request.open and (row is self.rows[0] or self._before(row).open):
                head = Words(_("Done or waiting for others"), 11, 600, "text2")
                head.setContentsMargins(_EDGE, 18, 16, 6)
                column.addWidget(head)
            column.addWidget(row)
            row.clicked.connect(lambda _on=False, one=row: self.choose(one))
        column.addStretch(1)
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.verticalScrollBar().setValue(scroll)
        chosen = self._to_choose(before, place, prefer)
        if chosen is not None:
            self.choose(chosen, focus=focused)
        else:
            self.chosen.emit(None)

    def choose(self, row: RequestRow, *, focus: bool = True) -> None:
        """Choose a row."""
        row.setChecked(True)
        if focus:
            row.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.isVisible():
            self.ensureWidgetVisible(row, 0, 8)
        self.chosen.emit(row.request)

    def step(self, by: int) -> None:
        """The next row, or the one before."""
        here = next((n for n, row in enumerate(self.rows) if row.isChecked()), -1)
        if self.rows:
            self.choose(self.rows[min(max(here + by, 0), len(self.rows) - 1)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # arrows choose; they do not scroll

    def focus_current(self) -> None:
        """The keyboard begins here."""
        row = next((row for row in self.rows if row.isChecked()), None)
        if row is not None:
            row.setFocus(Qt.FocusReason.OtherFocusReason)

    def _to_choose(self, before: Request | None, place: int, prefer: str) -> RequestRow | None:
        """One that was just decided gives way to the next."""
        wanted = prefer or (before.key if before else "")
        row = next((row for row in self.rows if row.request.key == wanted), None)
        decided = before is not None and before.open and row is not None and not row.request.open
        if row is not None and (prefer or not decided):
            return row
        waiting = [row for row in self.rows if row.request.open]
        return waiting[min(place, len(waiting) - 1)] if waiting else None

    def _before(self, row: RequestRow) -> Request:
        return self.rows[self.rows.index(row) - 1].request


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
        x = float(_EDGE)
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

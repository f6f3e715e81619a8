"""The slots of the offer as rows of the panel: number, our time, the guest's below it, the verdict, and a way out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import local
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.offering import paint
from calmerge_desktop.ui.offering.board import Board, Span
from calmerge_desktop.ui.offering.overlay import guest_words, words
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.ink import font, ink, plate

HEIGHT = 50


class SlotRow(QWidget):
    """One slot. Up and down move on, Del drops it."""

    moved = Signal(int)

    def __init__(self, board: Board, index: int, slot: Span) -> None:
        super().__init__()
        self._board, self.index, self.slot = board, index, slot
        self.verdict = board.verdict(slot)
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        said = f"{index + 1}: {words(slot, board)}, {self.verdict.words}"
        self.setAccessibleName(said)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 6, 0)
        row.addStretch(1)
        self.out = Button("", Kind.QUIET, icon="close", small=True)
        self.out.setAccessibleName(_("Drop time {n}").format(n=index + 1))
        self.out.clicked.connect(lambda: board.drop(slot))
        row.addWidget(self.out)
        board.lit.connect(self.update)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._board.point(self.index)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._board.point(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._board.point(self.index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._board.drop(self.slot)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(self.index + (1 if event.key() == Qt.Key.Key_Down else -1))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, board = ink(), self._board
        taken = self.verdict.tone == "taken"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if board.shone == self.index:
            painter.fillRect(self.rect(), t.accent_soft)
            painter.fillRect(0, 0, 3, self.height(), t.accent)
        if self.hasFocus():
            painter.setPen(QPen(t.focus, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 7, 7)
        paint.disc(painter, QPointF(21, HEIGHT / 2), self.index + 1, taken=taken)
        right = self._tag(painter)
        bold = QFont(font(13, 600))
        bold.setStrikeOut(taken)
        painter.setFont(bold)
        painter.setPen(t.text2 if taken else t.text)
        day = phrases.day_short(local(self.slot[0], board.tz).date())
        times = f"{phrases.time_at(self.slot[0], board.tz)}–{phrases.time_at(self.slot[1], board.tz)}"
        room = right - 46
        line = QFontMetricsF(bold).elidedText(f"{day}  {times}", Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(40, 7, room, 20), Qt.AlignmentFlag.AlignVCenter, line)
        painter.setFont(font(11))
        painter.setPen(t.text2)
        small = phrases.city(board.tz.key) if board.guest.key == board.tz.key else guest_words(self.slot, board)
        painter.drawText(QRectF(40, 26, room, 16), Qt.AlignmentFlag.AlignVCenter, small)
        painter.end()

    def _tag(self, painter: QPainter) -> float:
        """The verdict on its plate; returns its left edge."""
        colors = {"best": plate("blue"), "warn": plate("amber")}.get(self.verdict.tone, plate("grey"))
        painter.setFont(font(11, 600))
        wide = QFontMetricsF(painter.font()).horizontalAdvance(self.verdict.words) + 12
        body = QRectF(self.width() - 42 - wide, HEIGHT / 2 - 9, wide, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.fill)
        painter.drawRoundedRect(body, 4, 4)
        painter.setPen(colors.text)
        painter.drawText(body, Qt.AlignmentFlag.AlignCenter, self.verdict.words)
        return body.left()


class SlotList(QWidget):
    """All rows in one frame; a sentence while there are none."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        self.rows: list[SlotRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self.setAccessibleName(_("Times to offer"))
        board.changed.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """Rows of what is on offer; the focus stays at its place."""
        focused = next((row.index for row in self.rows if row.hasFocus() or row.isAncestorOf(row.focusWidget())), -1)
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [SlotRow(self._board, index, slot) for index, slot in enumerate(self._board.slots)]
        for row in self.rows:
            self._column.addWidget(row)
            row.moved.connect(self.go)
        self.setFixedHeight(max(len(self.rows) * HEIGHT, HEIGHT) + 2)
        if focused >= 0 and self.rows:
            self.go(min(focused, len(self.rows) - 1))
        self.update()

    def go(self, index: int) -> None:
        """Put the focus on a row."""
        if 0 <= index < len(self.rows):
            self.rows[index].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.line, 1))
        painter.setBrush(t.bg)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        for row in self.rows[1:]:
            painter.fillRect(QRectF(1, row.y(), self.width() - 2, 1), t.line_soft)
        if not self.rows:
            painter.setFont(font(12))
            painter.setPen(t.text2)
            said = _("Paint a window, or press Space to take the best three.")
            flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(12, 0, -12, 0), flags, said)
        painter.end()

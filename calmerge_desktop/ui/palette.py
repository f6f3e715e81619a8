"""Search: typed words become events of this computer, by day, while one types; above them what they would do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from calmerge_desktop.core.model import Instance
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.commands import Command, matching
from calmerge_desktop.ui.messages import words
from calmerge_desktop.ui.parts.buttons import paint_key
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.ink import font, ink, paint_icon, plate
from calmerge_desktop.ui.parts.words import Hairline, Mark, Words
from calmerge_desktop.ui.session import Session

DEBOUNCE = 120
"""Milliseconds of silence before a search leaves."""
_LIMIT = 40
_ROW, _HEAD = 40, 28


class SearchPalette(Sheet):
    """620 wide, high in the window. Up and down choose, Enter jumps there."""

    picked = Signal(object)
    """`Instance`"""

    def __init__(self, window: QWidget, session: Session, commands: Sequence[Command] = ()) -> None:
        super().__init__(window, QSize(620, 480), foot=False)
        self._commands = commands
        self._session = session
        self._asked = 0
        self.setAccessibleName(_("Search"))
        column = QVBoxLayout(self.body)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        head.setSpacing(12)
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Title, place, person or text"))
        self.field.setAccessibleName(_("Search"))
        self.field.setFrame(False)
        self.field.setStyleSheet("border: 0; padding: 0; font-size: 15px; min-height: 52px; background: transparent;")
        head.addWidget(Mark("search", "text2"))
        head.addWidget(self.field, 1)
        head.addWidget(_Keys(["Esc"], ""))
        column.addLayout(head)
        column.addWidget(Hairline())
        self.said = Words("", 13, 400, "text2", wrap=True)
        self.said.setContentsMargins(20, 16, 20, 16)
        column.addWidget(self.said)
        self.results = _Results(session)
        self.results.picked.connect(self._pick)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self.results)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self.results.setAutoFillBackground(False)
        column.addWidget(self._scroll, 1)
        self._add_foot(column)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(DEBOUNCE)
        self._wait.timeout.connect(self._search)
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self._tell(_("Type a word. All words count, beginnings are enough."))

    def _add_foot(self, column: QVBoxLayout) -> None:
        column.addWidget(Hairline())
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 8, 20, 8)
        foot.setSpacing(16)
        foot.addWidget(_Keys(["↑", "↓"], _("choose")))
        foot.addWidget(_Keys(["↵"], _("show in the week")))
        foot.addStretch(1)
        foot.addWidget(Words(_("Searches this computer only"), 11, 400, "text2"))
        column.addLayout(foot)

    def open(self) -> None:
        """Show, ready to type."""
        super().open()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._scroll.ensureVisible(20, self.results.move_choice(1 if key == Qt.Key.Key_Down else -1), 0, _ROW)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self.results.choice is not None:
                    self._pick(self.results.choice)
                elif self._wait.isActive():
                    self._search()
                return True
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        super()._place()
        self.card.move(self.card.x(), min(self.card.y(), 96))

    def _typed(self, text: str) -> None:
        self.results.offer(matching(text, self._commands))
        self._wait.start()

    def _search(self) -> None:
        self._wait.stop()
        text = self.field.text().strip()
        self._asked += 1
        if not text:
            self.results.take([])
            self._tell(_("Type a word. All words count, beginnings are enough."))
            return
        asked, desk, tzid = self._asked, self._session.desk, self._session.tzid

        def then(found: Sequence[Instance]) -> None:
            if asked == self._asked:
                self.results.take(list(found))
                self._tell("" if found or self.results.commands else _("Nothing here holds “{text}”.").format(text=text))

        self._session.runner.ask(
            lambda: desk.search.find(text, tzid=tzid, limit=_LIMIT),
            then,
            lambda error: self._tell(words(error).text),
            owner=self,
        )

    def _tell(self, text: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def _pick(self, picked: Instance | Command) -> None:
        self.dismiss()
        if isinstance(picked, Command):
            picked.deed()
        else:
            self.picked.emit(picked)


class _Results(QWidget):
    """Painted results by day; the field keeps the focus."""

    picked = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._rows: list[Instance] = []
        self.commands: list[Command] = []
        self._chosen = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    @property
    def rows(self) -> list[Instance]:
        """What was found, by day."""
        return self._rows

    @property
    def choice(self) -> Instance | Command | None:
        """The chosen line."""
        every: list[Command | Instance] = [*self.commands, *self._rows]
        return every[self._chosen] if 0 <= self._chosen < len(every) else None

    def offer(self, commands: list[Command]) -> None:
        """Show what the typed words would do; the first of them is chosen."""
        if commands != self.commands:
            on_event = self._chosen - len(self.commands)
            self.commands = commands
            self._chosen = 0 if commands else on_event
            self._fit()

    def take(self, found: list[Instance]) -> None:
        """Show results: the nearest day to now first, each day's in order."""
        days: dict[date, list[Instance]] = {}
        for instance in found:
            days.setdefault(phrases.first_date(instance, self._session.tz), []).append(instance)
        self._rows = [instance for day in days.values() for instance in sorted(day, key=lambda one: one.start)]
        if not self.commands:
            self._chosen = self._rows.index(found[0]) if found else -1
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(self._top(len(self.commands) + len(self._rows)) + 8)
        self._announce()
        self.update()

    def move_choice(self, step: int) -> int:
        """Choose the next or previous; returns where it is."""
        if many := len(self.commands) + len(self._rows):
            self._chosen = (self._chosen + step) % many
            self._announce()
        self.update()
        return self._top(max(self._chosen, 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        y, day = 4.0, None
        for number, command in enumerate(self.commands):
            self._paint_command(painter, QRectF(8, y, self.width() - 16, _ROW), command, number == self._chosen)
            y += _ROW
        for number, instance in enumerate(self._rows, len(self.commands)):
            here = phrases.first_date(instance, self._session.tz)
            if here != day:
                day = here
                painter.setFont(font(11, 600))
                painter.setPen(ink().text2)
                near = phrases.near_day(here, self._session.today())
                full = phrases.skeleton(here, "yMMMEd")
                text = full if abs((here - self._session.today()).days) > 1 else f"{near} · {full}"
                painter.drawText(
                    QRectF(20, y, self.width() - 40, _HEAD), Qt.AlignmentFlag.AlignVCenter, text[:1].upper() + text[1:]
                )
                y += _HEAD
            self._paint_row(painter, QRectF(8, y, self.width() - 16, _ROW), instance, number == self._chosen)
            y += _ROW
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position().y())
        if number >= 0 and number != self._chosen:
            self._chosen = number
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position().y())
        if number >= 0:
            self.picked.emit([*self.commands, *self._rows][number])

    def _paint_command(self, painter: QPainter, box: QRectF, command: Command, chosen: bool) -> None:
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink().accent_soft)
            painter.drawRoundedRect(box, 8, 8)
        paint_icon(painter, "chevron-right", QRectF(box.left() + 12, box.center().y() - 8, 16, 16), ink().text2)
        painter.setFont(font(13, 600))
        painter.setPen(ink().text)
        painter.drawText(box.adjusted(40, 0, -80, 0), Qt.AlignmentFlag.AlignVCenter, command.label)
        if key := command.key or ("↵" if chosen else ""):
            wide = QFontMetricsF(font(10, 500)).horizontalAdvance(key) + 10
            paint_key(painter, key, QPointF(box.right() - 12 - wide, box.center().y()), ink().text2)

    def _paint_row(self, painter: QPainter, box: QRectF, instance: Instance, chosen: bool) -> None:
        t, session = ink(), self._session
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.accent_soft)
            painter.drawRoundedRect(box, 8, 8)
        calendar = session.calendar(instance.calendar)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate(calendar.color if calendar else "grey").bar)
        painter.drawRoundedRect(QRectF(box.left() + 104, box.top() + 10, 3, box.height() - 20), 1.5, 1.5)
        painter.setFont(font(12))
        painter.setPen(t.text2)
        painter.drawText(
            QRectF(box.left() + 12, box.top(), 90, box.height()),
            Qt.AlignmentFlag.AlignVCenter,
            phrases.times(instance, session.tz),
        )
        strong = font(13, 600)
        title = instance.summary or _("Untitled")
        room = box.width() - 120 - 12 - (30 if chosen else 0)
        shown = QFontMetricsF(strong).elidedText(title, Qt.TextElideMode.ElideRight, room * 0.62)
        painter.setFont(strong)
        painter.setPen(t.text)
        painter.drawText(QRectF(box.left() + 120, box.top(), room, box.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        used = QFontMetricsF(strong).horizontalAdvance(shown) + 12
        rest = " · ".join(part for part in (instance.location, calendar.name if calendar else "") if part)
        painter.setFont(font(12))
        painter.setPen(t.text2)
        tail = QFontMetricsF(painter.font()).elidedText(rest, Qt.TextElideMode.ElideRight, room - used)
        painter.drawText(
            QRectF(box.left() + 120 + used, box.top(), room - used, box.height()), Qt.AlignmentFlag.AlignVCenter, tail
        )
        if chosen:
            paint_key(painter, "↵", QPointF(box.right() - 32, box.center().y()), t.text2)

    def _top(self, number: int) -> int:
        """Where line `number` begins: commands have no days above them."""
        events = max(number + 1 - len(self.commands), 0)
        days = {phrases.first_date(instance, self._session.tz) for instance in self._rows[:events]}
        return 4 + number * _ROW + len(days) * _HEAD

    def _at(self, y: float) -> int:
        for number in range(len(self.commands) + len(self._rows)):
            if self._top(number) <= y < self._top(number) + _ROW:
                return number
        return -1

    def _announce(self) -> None:
        instance = self.choice
        if isinstance(instance, Command):
            self.setAccessibleName(instance.label)
        elif instance is not None:
            self.setAccessibleName(f"{instance.summary}, {phrases.when(instance, self._session.tz)}")


class _Keys(QWidget):
    """Key caps and what they do."""

    def __init__(self, keys: list[str], text: str) -> None:
        super().__init__()
        self._keys, self._text = keys, text
        self._widths = [QFontMetricsF(font(10, 500)).horizontalAdvance(key) + 10 for key in keys]
        width = sum(self._widths) + 4 * len(keys) + QFontMetricsF(font(11)).horizontalAdvance(text) + 4
        self.setFixedSize(int(width) + 2, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = 0.5
        for key in self._keys:
            x += paint_key(painter, key, QPointF(x, 10), ink().text2) + 4
        painter.setFont(font(11))
        painter.setPen(ink().text2)
        painter.drawText(QRectF(x + 2, 0, self.width(), 20), Qt.AlignmentFlag.AlignVCenter, self._text)
        painter.end()

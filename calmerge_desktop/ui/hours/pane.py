"""The right side: the board to paint on, the real week behind it, and what the hours do to a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.schedule import Schedule
from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import week_of
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.hours.board import HOUR, HoursBoard
from calmerge_desktop.ui.hours.effect import Effect, effect, effect_words, uses
from calmerge_desktop.ui.parts.ink import font, ink
from calmerge_desktop.ui.parts.week_steps import WeekSteps
from calmerge_desktop.ui.parts.words import Elided, Hairline, Words
from calmerge_desktop.ui.session import Session
from calmerge_desktop.ui.theme.style import Theme
from calmerge_desktop.ui.week.look import Look
from calmerge_desktop.ui.week.model import WeekModel

COALESCE = 40
"""Milliseconds in which changes are one question."""
_DAYS = 7
_OPENS = 7
_ROOM = 720
"""Width from which there is room for more than what matters."""


class HoursPane(QWidget):
    """Asks again whenever hours, link, week or calendars change; an older answer never overwrites a newer one."""

    problem = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._edited: Schedule | None = None
        self._saved: Schedule | None = None
        self._links: tuple[Link, ...] = ()
        self._age = 0
        self.effect: Effect | None = None
        self.board, self.head = HoursBoard(), _Weekdays()
        self.model = WeekModel(session.runner.ask, session.desk.view, session.tzid, self)
        self.model.set_calendars(session.calendars())
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(COALESCE)
        self._soon.timeout.connect(self._ask)
        self._lay_out()
        self._connect()
        self.go(session.today())

    def show_schedule(self, edited: Schedule | None, saved: Schedule | None) -> None:
        """These hours; `saved` is what their effect is compared with."""
        self._edited, self._saved = edited, saved
        if edited is None:
            return
        self.board.show_hours(edited.week)
        self.model.set_zone(edited.tzid)
        self._soon.start()

    def set_links(self, links: Sequence[Link], schedule: Schedule, usual: bool) -> None:
        """The links that use these hours, to see what the hours do to them."""
        self._links = tuple(one for one in links if uses(one, schedule, usual))
        chosen = self.link.currentData()
        self.link.blockSignals(True)
        self.link.clear()
        for one in self._links:
            self.link.addItem(one.title, one.id)
        self.link.setCurrentIndex(max(self.link.findData(chosen), 0) if self._links else -1)
        self.link.blockSignals(False)
        self.link.setVisible(bool(self._links))
        self.for_.setVisible(bool(self._links) and self.width() >= _ROOM)
        self._soon.start()

    def go(self, day: date) -> None:
        """The real week of a date behind."""
        self.first = week_of(day)
        self.model.show(self.first, _DAYS)
        last = self.first + timedelta(days=_DAYS - 1)
        self.steps.say(_("behind: {dates}").format(dates=phrases.day_range(self.first, last)))
        self._soon.start()

    @property
    def settled(self) -> bool:
        """Whether no question is about to be asked."""
        return not self._soon.isActive()

    # inside

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.steps = WeekSteps(_("Paint your hours"))
        column.addWidget(self.steps)
        column.addWidget(self.head)
        column.addWidget(Hairline())
        self.area = QScrollArea()
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.area.setWidget(self.board)
        self.area.verticalScrollBar().rangeChanged.connect(self._open)
        self._opened = False
        column.addWidget(self.area, 1)
        column.addWidget(Hairline())
        column.addWidget(self._foot())
        self.board.installEventFilter(self)

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setFixedHeight(52)
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self.hint = Words(_("Drag to paint, over painted hours to take away"), 12, 400, "text2")
        row.addWidget(self.hint)
        self.for_ = Words(_("Offered by"), 12, 400, "text2")
        self.link = QComboBox()
        self.link.setAccessibleName(_("Link whose times are shown"))
        self.link.setMinimumContentsLength(8)
        self.link.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.link.setMaximumWidth(180)
        self.count = Elided("", 12, 600)
        self.count.alignRight()
        row.addWidget(self.for_)
        row.addWidget(self.link)
        row.addWidget(self.count, 1)
        return foot

    def _connect(self) -> None:
        self.steps.stepped.connect(lambda days: self.go(self.first + timedelta(days=days)))
        self.steps.today.connect(lambda: self.go(self._session.today()))
        self.link.currentIndexChanged.connect(lambda _index: self._soon.start())
        self.model.updated.connect(self._behind)
        Theme.current().changed.connect(self._behind)
        self._session.changed.connect(self.model.on_changed)
        self._session.changed.connect(lambda _news: self._soon.start())
        self._session.accounts_changed.connect(self._accounts)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        wide = self.width() >= _ROOM
        self.hint.setVisible(wide)
        self.for_.setVisible(wide and bool(self._links))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.board and event.type() == QEvent.Type.Resize:
            self.head.fit(self.board)
        return False

    def _open(self, *_range: int) -> None:
        """Begin a little before the working day, once."""
        if not self._opened and self.area.verticalScrollBar().maximum() > 0:
            self._opened = True
            self.area.verticalScrollBar().setValue(_OPENS * HOUR - 14)

    def _accounts(self) -> None:
        self.model.set_calendars(self._session.calendars())
        self._soon.start()

    def _behind(self) -> None:
        week = self.model.week
        if week is not None:
            look = Look.of(Theme.current().tokens, self.model.calendars, tzid=week.tzid, now=self._session.clock())
            self.board.show_behind(week, look)

    def _ask(self) -> None:
        edited = self._edited
        if edited is None:
            return
        self._age += 1
        age, job, saved, first = self._age, self._session.desk.links, self._saved, self.first
        link = next((one for one in self._links if one.id == self.link.currentData()), None)
        self._session.runner.ask(
            lambda: (age, link is not None, effect(job, link, edited, saved, first)), self._arrived, self._failed, owner=self
        )

    def _arrived(self, answer: tuple[int, bool, Effect]) -> None:
        age, linked, made = answer
        if age != self._age:
            return
        self.effect = made
        self.board.show_ticks(made.ticks)
        self.head.say(made.different)
        self.count.setText(effect_words(made) if linked else "")

    def _failed(self, error: CalmergeError) -> None:
        self.effect = None
        self.board.show_ticks({})
        self.count.setText("")
        self.problem.emit(error)


class _Weekdays(QWidget):
    """The names of the weekdays over their columns, and why a date of the week behind is another one."""

    def __init__(self) -> None:
        super().__init__()
        self._different: Mapping[int, str] = {}
        self._board: HoursBoard | None = None
        self.setFixedHeight(40)

    def fit(self, board: HoursBoard) -> None:
        """Stand over the columns of the board."""
        self._board = board
        self.update()

    def say(self, different: Mapping[int, str]) -> None:
        """Dates that differ."""
        self._different = different
        self.setAccessibleName(
            ", ".join(f"{phrases.weekday_name(day)}: {why}" for day, why in sorted(different.items())) or _("Weekdays")
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        board, t = self._board, ink()
        if board is None:
            return
        painter = QPainter(self)
        for day in range(_DAYS):
            left = board.left_of(day) + 8
            room = board.left_of(day + 1) - left - 6
            painter.setFont(font(11, 600))
            painter.setPen(t.text if day < 5 else t.text2)
            name = phrases.weekday_name(day, "abbreviated").rstrip(".").upper()
            painter.drawText(QRectF(left, 4, room, 16), Qt.AlignmentFlag.AlignVCenter, name)
            if why := self._different.get(day):
                painter.setFont(font(10, 500))
                painter.setPen(t.warn)
                shown = painter.fontMetrics().elidedText(why, Qt.TextElideMode.ElideRight, int(room))
                painter.drawText(QRectF(left, 20, room, 14), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()

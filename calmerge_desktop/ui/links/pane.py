"""The right side of the page: the merged week with what the link offers in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.freebusy import Source, Unreadable
from calmerge_desktop.core.model import SourceState
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import week_of, zone
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.links.explain import ExplainPopover, Verdict, verdict
from calmerge_desktop.ui.links.result import Result, count_words, result
from calmerge_desktop.ui.parts.ink import font, ink
from calmerge_desktop.ui.parts.notes import Note
from calmerge_desktop.ui.parts.segmented import Segmented
from calmerge_desktop.ui.parts.week_steps import WeekSteps
from calmerge_desktop.ui.parts.words import Hairline, Words
from calmerge_desktop.ui.session import Session
from calmerge_desktop.ui.week.model import WeekModel
from calmerge_desktop.ui.week.overlay import Overlay
from calmerge_desktop.ui.week.view import WeekView

COALESCE = 40
"""Milliseconds in which changes are one question, so that a change shows within a tenth of a second."""
_DAYS = 7
_ROOM = 560
"""Width from which there is room for the legend and another zone."""


class ResultPane(QWidget):
    """Asks again whenever the link, the week or the calendars change; an older answer never overwrites a newer one."""

    problem = Signal(object)
    jump = Signal(str)
    """From an explanation to what decided: `Ruling.jump`."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._link: Link | None = None
        self._saved: Link | None = None
        self._age = 0
        self.result: Result | None = None
        self.popover: ExplainPopover | None = None
        self.model = WeekModel(session.runner.ask, session.desk.view, session.tzid, self)
        self.model.set_calendars(session.calendars())
        self.week = WeekView(self.model, session.clock)
        self.week.setAccessibleName(_("What guests can book"))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(COALESCE)
        self._soon.timeout.connect(self._ask)
        self._lay_out()
        self._connect()
        self.go(session.today())

    def show_link(self, link: Link | None, saved: Link | None) -> None:
        """Offer this link; `saved` is what it is compared with."""
        self._link, self._saved = link, saved
        if link is None:
            self._age += 1
            self._take_none()
        else:
            self._soon.start()

    def go(self, day: date) -> None:
        """Show the week of a date."""
        self.first = week_of(day)
        self.model.show(self.first, _DAYS)
        self.steps.say(phrases.day_range(self.first, self.first + timedelta(days=_DAYS - 1)))
        if self._link is not None:
            self._soon.start()

    def look_again(self, *_args: object) -> None:
        """The calendars, or their ages, are others now."""
        self.model.set_calendars(self._session.calendars())
        if self._link is not None:
            self._soon.start()

    # inside

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.steps = WeekSteps(_("What guests can book"))
        second = self._session.settings.second_zone
        self._zones = [self._session.tzid, *([second] if second and second != self._session.tzid else [])]
        self.zone = Segmented([_("My time"), *(phrases.city(name) for name in self._zones[1:])])
        self.zone.setAccessibleName(_("Time zone"))
        self.steps.row.addWidget(self.zone)
        column.addWidget(self.steps)
        self.note = Note("warn")
        holder = QHBoxLayout()
        holder.setContentsMargins(16, 0, 16, 0)
        holder.addWidget(self.note)
        column.addLayout(holder)
        column.addWidget(self.week, 1)
        column.addWidget(Hairline())
        column.addWidget(self._foot())

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setFixedHeight(52)
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self.legend = QWidget()
        signs = QHBoxLayout(self.legend)
        signs.setContentsMargins(0, 0, 0, 0)
        signs.setSpacing(8)
        signs.addWidget(_Sample("offered"))
        signs.addWidget(Words(_("Offered, a tick for each start"), 12))
        signs.addSpacing(8)
        signs.addWidget(_Sample("buffer"))
        signs.addWidget(Words(_("Buffer"), 12))
        row.addWidget(self.legend)
        row.addStretch(1)
        self.count, self.apart = Words("", 12, 600), Words("", 12, 400, "text2")
        row.addWidget(self.count)
        row.addWidget(self.apart)
        return foot

    def resizeEvent(self, _event: QResizeEvent) -> None:
        wide = self.width() >= _ROOM
        self.legend.setVisible(wide)
        self.zone.setVisible(wide and len(self._zones) > 1)

    def _connect(self) -> None:
        self.steps.stepped.connect(self._step)
        self.steps.today.connect(self._today)
        self.zone.chosen.connect(self._zone_chosen)
        self.week.navigate.connect(self._step)
        self.week.today_requested.connect(self._today)
        self.week.asked.connect(self._asked)
        self.week.activated.connect(self._event_pressed)
        self.note.pressed.connect(self._session.wake)
        self._session.changed.connect(self.model.on_changed)
        self._session.changed.connect(self.look_again)
        self._session.accounts_changed.connect(self.look_again)

    def _step(self, days: int, *_args: object) -> None:
        self.go(self.first + timedelta(days=days))

    def _today(self, *_args: object) -> None:
        self.go(self._session.today())

    def _zone_chosen(self, index: int) -> None:
        self.model.set_zone(self._zones[index])
        self.look_again()

    def _ask(self) -> None:
        link = self._link
        if link is None:
            return
        self._age += 1
        age, job, saved = self._age, self._session.desk.links, self._saved
        first, tzid = self.first, self.model.tzid
        self._session.runner.ask(
            lambda: (age, result(job, link, saved, first, _DAYS, tzid)), self._arrived, self._failed, owner=self
        )

    def _arrived(self, answer: tuple[int, Result]) -> None:
        age, made = answer
        if age != self._age:
            return
        self.result = made
        self.week.set_overlay(made.overlay)
        count, apart = count_words(made)
        self.count.setText(count)
        self.apart.setText(apart)
        self._warn(made.answer.sources)

    def _failed(self, error: CalmergeError) -> None:
        """A setting cannot work: the last good picture goes, the form says why."""
        self._take_none()
        self.problem.emit(error)

    def _take_none(self) -> None:
        self.result = None
        self.week.set_overlay(Overlay())
        self.count.setText("")
        self.apart.setText("")
        self.note.say("warn", "")

    def _warn(self, sources: tuple[Source, ...]) -> None:
        """What cannot be read closes time, or is offered over: the person is told which."""
        closing = [one.name for one in sources if one.state is SourceState.BROKEN and one.policy is Unreadable.BLOCK]
        if closing:
            said = _("{names} cannot be read, so nothing is offered that could be taken there.")
            self.note.say("warn", said.format(names=", ".join(closing)), _("Read now"))
        else:
            self.note.say("warn", "")

    def _event_pressed(self, id: str, at: QRect) -> None:
        week = self.model.week
        block = next((one for one in week.blocks if one.instance.id == id), None) if week else None
        if block is not None:
            self._asked(block.day, block.start, at)

    def _asked(self, day: int, second: int, at: QRect) -> None:
        week, made, link = self.model.week, self.result, self._link
        if week is None or made is None or link is None:
            return
        date_ = week.date(day)
        second = min(second, 86_340)
        wall = datetime(date_.year, date_.month, date_.day, second // 3600, second // 60 % 60, tzinfo=zone(week.tzid))
        instant, job, session = int(wall.timestamp()), self._session.desk.links, self._session
        session.runner.ask(
            lambda: (verdict(job, link, made.answer, instant, session), at), self._explain, self.problem.emit, owner=self
        )

    def _explain(self, answer: tuple[Verdict, QRect]) -> None:
        said, at = answer
        self.popover = ExplainPopover(self.window(), self._session, said)
        self.popover.read_wanted.connect(self._session.wake)
        self.popover.jump_wanted.connect(self.jump)
        self.popover.closed.connect(self._explained)
        self.popover.open_at(at)
        self.popover.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _explained(self) -> None:
        self.popover = None


class _Sample(QWidget):
    """A mark of the legend."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind
        self.setFixedSize(14, 14)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setFont(font(11))
        if self._kind == "offered":
            painter.fillRect(QRectF(0, 0, 14, 14), t.accent_soft)
            painter.fillRect(QRectF(0, 0, 3, 14), t.accent)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(t.text3)
            for at in (-8, -2, 4, 10):
                painter.drawLine(at, 14, at + 14, 0)
        painter.end()

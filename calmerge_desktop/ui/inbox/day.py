"""The right of the inbox: the day a request is about between its neighbours, and the request as a ghost over it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from calmerge_desktop.core.itip.message import at_instant
from calmerge_desktop.core.model import Access, CalendarId, Instance, Stamp
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.week import DAY, Week
from calmerge_desktop.core.when import local, seconds_date
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.inbox.foot import KEYS
from calmerge_desktop.ui.parts.buttons import Button
from calmerge_desktop.ui.parts.words import Elided
from calmerge_desktop.ui.session import Session
from calmerge_desktop.ui.week.model import WeekModel
from calmerge_desktop.ui.week.overlay import Overlay, Part, Window
from calmerge_desktop.ui.week.view import WeekView

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.desk import ViewJob
    from calmerge_desktop.core.agenda.requesting import Request

_DAYS, _MIDDLE = 3, 1
_HOLD = "@hold.calmerge"


class Others:
    """The merged calendar without the request itself: it is painted as a ghost, not as if it were settled."""

    def __init__(self, view: ViewJob) -> None:
        self._view = view
        self.without: Request | None = None

    def instances(
        self,
        low: int,
        high: int,
        tzid: str,
        *,
        merged: bool = True,
        visible_only: bool = True,
        calendars: Collection[CalendarId] | None = None,
    ) -> Sequence[Instance]:
        """See `ViewJob.instances`."""
        found = self._view.instances(low, high, tzid, merged=merged, visible_only=visible_only, calendars=calendars)
        one = self.without
        return found if one is None else [each for each in found if not _is(each, one)]


class DayView(WeekView):
    """The week painter on three days. Keys of the page go to the page."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in KEYS and not event.modifiers():
            event.ignore()
            return
        super().keyPressEvent(event)


class DayPane(QWidget):
    """Shows one request; a drag chooses another time while it may be proposed."""

    dragged = Signal(int, int)
    """Instants."""
    week_wanted = Signal(object)
    """`date`"""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._request: Request | None = None
        self._picked: tuple[int, int] | None = None
        self._movable = False
        self.day = session.today()
        self._others = Others(session.desk.view)
        self.model = WeekModel(session.runner.ask, self._others, session.tzid, self)
        self.week = DayView(self.model, session.clock)
        self.week.wide = _MIDDLE
        self.week.setAccessibleName(_("The day of the request"))
        self.title = Elided("", 15, 600)
        self.show_week = Button(_("Show week"))
        self.show_week.clicked.connect(lambda: self.week_wanted.emit(self.day))
        settings = session.settings
        self.week.set_hours(settings.day_begins, settings.day_ends)
        self.week.set_second_zone(settings.second_zone or None)
        self._lay_out()
        self._dress()
        self.week.create_requested.connect(self._created)
        self.week.navigate.connect(lambda days: self.go(self.day + timedelta(days=days)))
        self.week.today_requested.connect(lambda: self.go(session.today()))
        self.model.updated.connect(self._paint)
        session.changed.connect(self.model.on_changed)
        session.accounts_changed.connect(self._dress)

    def show_request(self, one: Request | None, *, movable: bool) -> None:
        """The day of a request with its ghost; `movable`: a drag chooses another time."""
        before = self._request
        self._request, self._movable = one, movable
        if before is None or one is None or before.key != one.key:
            self._picked = None
        if self._others.without != one:
            self._others.without = one
            self.model.reload()
        moved = before is None or one is None or (before.key, before.start) != (one.key, one.start)
        if moved and self._picked is None:
            self.go(self._day_of(one))
        self._paint()

    def pick(self, span: tuple[int, int] | None) -> None:
        """Another time that is being chosen, None: none."""
        if span == self._picked:
            return
        self._picked = span
        if span is not None:
            day = local(span[0], self._session.tz).date()
            if abs((day - self.day).days) > 1:
                self.go(day)
        self._paint()

    def go(self, day: date) -> None:
        """Show another day in the middle."""
        self.day = day
        self.title.setText(phrases.day_long(day))
        self.model.show(day - timedelta(days=_MIDDLE), _DAYS)

    # inside

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 12)
        head.setSpacing(8)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        head.addWidget(self.title, 1)
        head.addWidget(self.show_week)
        column.addLayout(head)
        column.addWidget(self.week, 1)

    def _dress(self) -> None:
        """Nothing here is moved by the pointer: a drag always means another time for the request."""
        self.model.set_calendars(replace(one, access=Access.READ) for one in self._session.calendars())

    def _day_of(self, one: Request | None) -> date:
        if one is None or not one.end:
            return self._session.today()
        return seconds_date(one.start) if one.all_day else local(one.start, self._session.tz).date()

    def _created(self, start: Stamp, end: Stamp, all_day: bool) -> None:
        if not all_day and self._movable:
            self.dragged.emit(at_instant(start), at_instant(end))

    def _paint(self) -> None:
        week = self.model.week
        if week is not None:
            overlay = overlay_of(self._request, self._picked, week, self._session.tz, movable=self._movable)
            if overlay != self.week.overlay:
                self.week.set_overlay(overlay)


def overlay_of(one: Request | None, picked: tuple[int, int] | None, week: Week, tz: ZoneInfo, *, movable: bool) -> Overlay:
    """The request as a dashed ghost, where the event is now as an outline, and another time that is being chosen."""
    if one is None:
        return Overlay(recede=False)
    first = week.first
    ghosts: list[Window] = []
    gap: Part | None = None
    slots = [(one.start, one.end, 0)] if not one.slots else [(*slot, n + 1) for n, slot in enumerate(one.slots)]
    if picked is not None:
        slots = [(*picked, 0)]
        gap = next(iter(_parts(one.start, one.end, first, tz)), None) if not one.all_day else None
    elif one.was is not None:
        gap = next(iter(_parts(*one.was, first, tz)), None)
    if one.weighs or picked is not None or one.proposal:
        for start, end, number in slots:
            note = f"{phrases.time_at(start, tz)}–{phrases.time_at(end, tz)}"
            dashed = not one.slots or number - 1 in one.choices
            made = Window(0, 0, 0, title=one.who or one.title, note=note, number=number, dashed=dashed)
            parts = _parts(start, end, first, tz) if picked or not one.all_day else ()
            ghosts += [made._replace(day=part[0], start=part[1], end=part[2], aside=_taken(week, part)) for part in parts]
    return Overlay(windows=tuple(ghosts), gap=gap, arrow=True, recede=False, asks=not movable)


def _taken(week: Week, part: Part) -> bool:
    """Whether an event stands there."""
    day, start, end = part
    return any(block.day == day and block.start < end and block.end > start for block in week.blocks)


def _parts(start: int, end: int, first: date, tz: ZoneInfo) -> list[Part]:
    """A span as pieces of the days on show, in wall seconds."""
    low, high = local(start, tz), local(end, tz)
    out = []
    for index in range(_DAYS):
        day = first + timedelta(days=index)
        if low.date() <= day <= high.date():
            begin = low.hour * 3600 + low.minute * 60 if low.date() == day else 0
            finish = high.hour * 3600 + high.minute * 60 if high.date() == day else DAY
            if finish > begin:
                out.append((index, begin, finish))
    return out


def _is(each: Instance, one: Request) -> bool:
    """Whether an instance is the one the request speaks of, or a hold of the offer it answers."""
    if one.proposal:
        return one.open and each.uid.startswith(one.proposal) and each.uid.endswith(_HOLD)
    return one.asks and one.weighs and not one.all_day and each.uid == one.uid and each.start == one.start

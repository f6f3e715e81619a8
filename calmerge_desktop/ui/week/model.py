"""Which days are shown and what is on them: asks the desk off the GUI thread, keeps the last week until the next is here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import Calendar, CalendarId, Changed
from calmerge_desktop.core.week import Week, lay_out, span_of

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.desk import ViewJob

COALESCE_MS = 50
"""News within this time are one reload."""
BESIDE_MS = 1_500
"""How long the neighbours of a week that was shown already wait after news: while calendars are read there will be more."""
_NEIGHBOURS = (1, -1)


class Ask(Protocol):
    """Runs `fn` off the GUI thread and answers on it: `then` with the result, or `failed` with the error."""

    def __call__(
        self, fn: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[CalmergeError], None], /
    ) -> object: ...


Key = tuple[date, int, str]


class WeekModel(QObject):
    """The week on screen. `week` is None only before the first answer."""

    updated = Signal()
    """`week` is another one, or has other events."""
    failed = Signal(object)
    """`CalmergeError`: the days asked for could not be read; the last week stays."""

    def __init__(self, ask: Ask, view: ViewJob, tzid: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._view = view
        self._tzid = tzid
        self._wanted: Key | None = None
        self._shown: Key | None = None
        self._week: Week | None = None
        self._calendars: tuple[Calendar, ...] = ()
        self._age = 0  # counts what makes answers and neighbours worthless
        self._asked: set[Key] = set()
        self._near: dict[Key, Week] = {}
        self._looks_beside = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(COALESCE_MS)
        self._soon.timeout.connect(self.reload)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(BESIDE_MS)
        self._calm.timeout.connect(self._read_beside)

    @property
    def week(self) -> Week | None:
        """What is on screen."""
        return self._week

    @property
    def tzid(self) -> str:
        """IANA zone of the grid."""
        return self._tzid

    @property
    def first(self) -> date | None:
        """The first day asked for; `week` may still be an earlier one."""
        return self._wanted[0] if self._wanted else None

    @property
    def calendars(self) -> tuple[Calendar, ...]:
        """All calendars, in the person's order, for names and colours."""
        return self._calendars

    def look_beside(self) -> None:
        """From now on read the neighbours of what is shown, so that paging does not wait."""
        self._looks_beside = True
        self._read_beside()

    def set_calendars(self, calendars: Iterable[Calendar]) -> None:
        """Take over names, colours and roles."""
        found = tuple(calendars)
        if found != self._calendars:
            before = self._visible()
            self._calendars = found
            if before and before != self._visible():  # the first time is no change: the desk knew the roles
                self.reload()
            self.updated.emit()

    def set_zone(self, tzid: str) -> None:
        """Show the wall clock of another zone."""
        if tzid != self._tzid:
            self._tzid = tzid
            if self._wanted:
                self.show(*self._wanted[:2])

    def begin_with(self, week: Week) -> None:
        """A week that was read before there was a window: `show` finds it."""
        self._near[week.first, week.days, week.tzid] = week

    def show(self, first: date, days: int) -> None:
        """Show `days` from `first` on: at once when they are at hand, else as soon as they are read."""
        self._wanted = (first, days, self._tzid)
        near = self._near.get(self._wanted)
        if near is not None:
            self._take(self._wanted, near)
        else:
            self._read(self._wanted)

    def move(self, days: int) -> None:
        """Show as many days, `days` later (negative: earlier)."""
        if self._wanted:
            self.show(self._wanted[0] + timedelta(days=days), self._wanted[1])

    def on_changed(self, news: Changed) -> None:
        """Something was read or edited: look again soon, unless it is about calendars that are not shown."""
        shown = self._visible()
        if news.accounts or not shown or news.calendars & shown:
            self._soon.start()

    def reload(self) -> None:
        """Read the shown days again and forget their neighbours."""
        self._age += 1
        self._near.clear()
        self._asked.clear()
        if self._wanted:
            self._read(self._wanted)

    def _visible(self) -> frozenset[CalendarId]:
        return frozenset(calendar.id for calendar in self._calendars if calendar.visible)

    def _read(self, key: Key) -> None:
        if key in self._asked:
            return
        self._asked.add(key)
        age, view = self._age, self._view

        def read() -> tuple[int, Key, Week]:
            first, days, tzid = key
            low, high = span_of(first, days, tzid)
            return age, key, lay_out(view.instances(low, high, tzid), first, days, tzid)

        self._ask(read, self._arrived, self._read_failed)

    def _arrived(self, answer: tuple[int, Key, Week]) -> None:
        age, key, week = answer
        if age != self._age:
            return
        self._asked.discard(key)
        self._near[key] = week
        if key != self._wanted:
            return
        if key != self._shown:
            self._take(key, week)
            return
        self._calm.start()
        if week != self._week:  # else the news was about other days
            self._week = week
            self.updated.emit()

    def _take(self, key: Key, week: Week) -> None:
        self._shown, self._week = key, week
        self.updated.emit()
        self._read_beside()

    def _read_beside(self) -> None:
        key = self._shown
        if key is None or not self._looks_beside:
            return
        first, days, tzid = key
        beside = [(first + timedelta(days=days * step), days, tzid) for step in _NEIGHBOURS]
        self._near = {near: found for near, found in self._near.items() if near == key or near in beside}
        for near in beside:
            if near not in self._near:
                self._read(near)

    def _read_failed(self, error: CalmergeError) -> None:
        self._asked.clear()
        self.failed.emit(error)

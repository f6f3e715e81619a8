"""What every piece of the window shares: the desk, the threads, the person's settings, and the last known accounts.

Pieces never hold each other; they look at the session and listen to its signals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import Access, AccountView, Calendar, CalendarId, Changed, EditConflictView
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.core.when import Clock, local, zone
from calmerge_desktop.ui.workers import QueryRunner

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.desk import Desk
    from calmerge_desktop.core.ports import SyncControl

SYNC_PAUSE = 1_000
"""Milliseconds between two looks at what the synchronisation changed."""


class Session(QObject):
    """One open window's view of the world. Lives on the GUI thread."""

    changed = Signal(object)
    """`Changed`: something to look at again, made here or by the synchronisation."""
    accounts_changed = Signal()
    """`accounts`, `waiting` or `conflicts` are other ones now."""
    loaded = Signal()
    """Everything `reload` reads is here, changed or not."""
    failed = Signal(object)
    """`CalmergeError` of a question nobody else answers for."""

    def __init__(
        self,
        desk: Desk,
        sync: SyncControl,
        runner: QueryRunner,
        settings: Settings,
        save_settings: Callable[[Settings], None],
        *,
        clock: Clock,
        tzid: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.sync = sync
        self.runner = runner
        self.settings = settings
        self.clock = clock
        self.tzid = tzid
        self.tz: ZoneInfo = zone(tzid)
        self.accounts: tuple[AccountView, ...] = ()
        self.waiting = 0
        self.conflicts: tuple[EditConflictView, ...] = ()
        self.known = False
        """Whether the accounts were read at all; before that the window does not claim there are none."""
        self._save_settings = save_settings
        self._news: Changed | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._pass_on)

    def today(self) -> date:
        """The date on the person's wall."""
        return local(self.clock(), self.tz).date()

    def calendars(self) -> Iterator[Calendar]:
        """All calendars of all accounts, in the person's order."""
        for view in self.accounts:
            for calendar in view.calendars:
                yield calendar.calendar

    def calendar(self, id: CalendarId) -> Calendar | None:
        """The calendar with this id, None when it is gone."""
        return next((calendar for calendar in self.calendars() if calendar.id == id), None)

    def writable(self) -> list[Calendar]:
        """Calendars that take new events."""
        return [calendar for calendar in self.calendars() if calendar.access is Access.WRITE]

    def target(self) -> Calendar | None:
        """Where a new event goes: the default, else the first writable calendar that is shown, else any writable one."""
        writable = self.writable()
        for fits in (lambda c: c.default, lambda c: c.visible, lambda _c: True):
            if found := next((calendar for calendar in writable if fits(calendar)), None):
                return found
        return None

    def save(self, settings: Settings) -> None:
        """Keep the person's settings; written off the GUI thread."""
        self.settings = settings
        self.runner.ask(lambda: self._save_settings(settings), self._saved, self.failed.emit, owner=self)

    def wake(self) -> None:
        """Read everything now."""
        self.sync.wake()

    def touch(self) -> None:
        """Something was written here: everything looks again, and the outbox leaves soon."""
        self.sync.push()
        self.on_changed(Changed(calendars=frozenset(calendar.id for calendar in self.calendars()), accounts=True))

    @Slot(object)
    def on_changed(self, news: Changed) -> None:
        """Pass on what an edit changed."""
        self.changed.emit(news)
        self.reload()

    @Slot(object)
    def on_synced(self, news: Changed) -> None:
        """Pass on what the synchronisation changed: at once after a silence, then at most once a second.

        A first read brings hundreds of pages, and looking at everything again after each would be all the window does.
        """
        before = self._news
        if before is not None:
            news = Changed(calendars=before.calendars | news.calendars, accounts=before.accounts or news.accounts)
        self._news = news
        if not self._pause.isActive():
            self._pass_on()

    def _pass_on(self) -> None:
        news, self._news = self._news, None
        if news is not None:
            self._pause.start(SYNC_PAUSE)
            self.on_changed(news)

    def begin_with(self, accounts: tuple[AccountView, ...]) -> None:
        """Accounts that were read before there was a window."""
        self.accounts, self.known = accounts, True

    def start(self) -> None:
        """Read the accounts for the first frame, unless they are known; `reload` adds what is not on it."""
        if self.known:
            self.accounts_changed.emit()
            return
        desk = self.desk
        self.runner.ask(lambda: (tuple(desk.accounts.list(counted=False)), 0, ()), self._take, self._reload_failed)

    def reload(self) -> None:
        """Read accounts, waiting writes and conflicts again."""
        desk = self.desk
        self.runner.ask(
            lambda: (tuple(desk.accounts.list(counted=False)), desk.events.waiting(), tuple(desk.events.conflicts())),
            self._loaded,
            self._reload_failed,
        )

    def _loaded(self, answer: tuple[tuple[AccountView, ...], int, tuple[EditConflictView, ...]]) -> None:
        self._take(answer)
        self.loaded.emit()

    def _take(self, answer: tuple[tuple[AccountView, ...], int, tuple[EditConflictView, ...]]) -> None:
        if self.known and answer == (self.accounts, self.waiting, self.conflicts):
            return
        self.accounts, self.waiting, self.conflicts = answer
        self.known = True
        self.accounts_changed.emit()

    def _reload_failed(self, error: CalmergeError) -> None:
        self.failed.emit(error)

    def _saved(self, _nothing: None) -> None:
        self.changed.emit(Changed(calendars=frozenset(), accounts=True))

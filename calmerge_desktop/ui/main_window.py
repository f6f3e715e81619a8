"""The window: the frame around the views, and who listens to whom. What is shown lives in the pieces, not here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRect, QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.week import Week
from calmerge_desktop.ui.frame.behind import Behind
from calmerge_desktop.ui.frame.layout import framed
from calmerge_desktop.ui.frame.modes import Modes
from calmerge_desktop.ui.frame.opening import Opening
from calmerge_desktop.ui.frame.pages import CALENDAR, REGISTERED, Pages
from calmerge_desktop.ui.frame.sidebar import Sidebar
from calmerge_desktop.ui.frame.span import Page, first_weekday, named, span_of, stepped
from calmerge_desktop.ui.frame.status_line import StatusLine
from calmerge_desktop.ui.frame.top_bar import TopBar
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.parts.words import Hairline
from calmerge_desktop.ui.session import Session
from calmerge_desktop.ui.week import words
from calmerge_desktop.ui.week.model import WeekModel
from calmerge_desktop.ui.week.view import WeekView

if TYPE_CHECKING:
    from calmerge_desktop.ui.agenda_list.view import AgendaView
    from calmerge_desktop.ui.month.view import MonthView
    from calmerge_desktop.ui.parts.floating import Popover, Sheet

FOLD_BELOW = 1000
FOLD_BESIDE = 1600
_LEAST = (960, 640)


class MainWindow(QMainWindow, Behind):
    """One window. `geometry` is where its place on the screen is kept; None keeps nothing."""

    ready = Signal()
    """The first week is on screen, and everything beside it is known."""
    settled = Signal()
    """The first week is painted: what was not needed for it may begin."""

    def __init__(
        self,
        session: Session,
        *,
        today: date | None = None,
        open_demo: Callable[[], None] | None = None,
        geometry: QSettings | None = None,
        week: Week | None = None,
    ) -> None:
        super().__init__()
        self.session = session
        self._geometry, self._open_demo = geometry, open_demo
        self._folded_by_person: bool | None = None
        self._was_ready = self._was_settled = self._beside = False
        self.page = Page.WEEK
        self.day = today or session.today()
        self.first_weekday = first_weekday(session.settings.week_start)
        self.setWindowTitle(_("CalMerge"))
        self.setMinimumSize(*_LEAST)
        self.setAcceptDrops(True)
        self.speaker = Speaker(self)
        self.opening = Opening(self)
        self.modes = Modes(self)
        self._make_pieces()
        self._lay_out()
        self._connect()
        self._restore()
        if week is not None:
            self.model.begin_with(week)
        session.start()
        self.go(self.day)

    # where one is

    def go(self, day: date) -> None:
        """Show the time around a date in the current view."""
        self.day = day
        first, last = self.span()
        if self.page in (Page.DAY, Page.WEEK):
            self.model.show(first, (last - first).days + 1)
        elif self.page is Page.MONTH:
            self.month.show_month(day)
        else:
            self.agenda.show_from(day)
        self.sidebar.show_span(first, last)
        self._tell()

    def show_page(self, page: Page) -> None:
        """Another view on the same time."""
        self.modes.viewing(page)
        self.page = page
        self.pages.open(CALENDAR)
        self.stack.setCurrentWidget(self._shown_view())
        self.top.views.choose(page)
        self.go(self.day)
        self._shown_view().setFocus(Qt.FocusReason.OtherFocusReason)

    def step(self, steps: int) -> None:
        """One view's length back or on."""
        self.go(stepped(self.page, self.day, steps))

    def today(self) -> None:
        """Back to now."""
        self.go(self.session.today())

    def span(self) -> tuple[date, date]:
        """First and last date on show."""
        return span_of(self.page, self.day, self.first_weekday)

    @property
    def is_ready(self) -> bool:
        """Whether the first week and the accounts are on screen."""
        return self._was_ready

    def tick(self) -> None:
        """Time has passed: ages, the now line, perhaps another day."""
        self.status.refresh()
        self.sidebar.month.set_today(self.session.today())
        self.sidebar.accounts.tell_time()
        if self.page is Page.AGENDA:
            self.agenda.load()
        self._shown_view().update()

    # what opens

    def open_search(self) -> None:
        """Ctrl+K."""
        self.opening.search()

    def open_settings(self) -> None:
        """The gear."""
        self.opening.settings()

    def floating(self) -> Sheet | Popover | None:
        """The sheet or popover on top, if any."""
        return self.opening.floating()

    def open_page(self, key: str) -> QWidget:
        """The calendar or one of `frame.pages.REGISTERED`. Raises `KeyError` for any other."""
        return self.pages.open(key)

    def take_settings(self, settings: Settings) -> None:
        """Show everything as the settings say."""
        self.first_weekday = first_weekday(settings.week_start)
        self._dress_week()
        if "month" in self.__dict__:
            self.month.set_first_weekday(self.first_weekday)
        self.sidebar.month.grid.set_first_weekday(self.first_weekday)
        self.go(self.day)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._geometry is not None:
            self._geometry.setValue("window/geometry", self.saveGeometry())
            self._geometry.setValue("window/page", int(self.page))
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.links.drag_enter(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if not self.inbox.drop(event):
            self.links.drop(event)

    # views that most starts do not show

    @cached_property
    def month(self) -> MonthView:
        """The month, made when it is first looked at."""
        from calmerge_desktop.ui.month.view import MonthView

        month = MonthView(self.session, self.first_weekday)
        self.stack.addWidget(month)
        month.activated.connect(self.events.open_popover)
        month.day_wanted.connect(self._open_day)
        month.turned.connect(self.step)
        month.create_wanted.connect(lambda day, at: self.events.create_on(day, None, at))
        return month

    @cached_property
    def agenda(self) -> AgendaView:
        """The list, made when it is first looked at."""
        from calmerge_desktop.ui.agenda_list.view import AgendaView

        agenda = AgendaView(self.session)
        self.stack.addWidget(agenda)
        agenda.chosen.connect(self.events.open_popover)
        agenda.stepped.connect(self.step)
        return agenda

    # inside

    def _make_pieces(self) -> None:
        session = self.session
        self.sidebar = Sidebar(session, self.speaker, self.first_weekday, REGISTERED)
        self.top = TopBar()
        self.status = StatusLine(session)
        self.model = WeekModel(session.runner.ask, session.desk.view, session.tzid, self)
        self.week = WeekView(self.model, session.clock)
        self._dress_week()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.week)
        self.top.views.choose(self.page)

    def _dress_week(self) -> None:
        settings = self.session.settings
        self.week.set_hours(settings.day_begins, settings.day_ends)
        self.week.set_second_zone(settings.second_zone or None)

    def _lay_out(self) -> None:
        self.edge = Hairline()
        mode = QWidget()
        self.mode_room = QVBoxLayout(mode)
        self.mode_room.setContentsMargins(0, 0, 0, 0)
        self.pages = Pages(self, (self.top, mode, self.edge, self.stack), REGISTERED)
        self.setCentralWidget(framed(self.sidebar, self.pages, self.status))
        self.week.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        session, top = self.session, self.top
        top.stepped.connect(self.step)
        top.today_wanted.connect(self.today)
        top.search_wanted.connect(self.open_search)
        top.view_wanted.connect(lambda index: self.show_page(Page(index)))
        top.new_wanted.connect(self.new_event)
        top.offer_wanted.connect(self.modes.offer_times)
        top.availability_wanted.connect(self.modes.show_availability)
        self.sidebar.month.picked.connect(self._picked_day)
        self.sidebar.unfold_wanted.connect(lambda: self.fold_by_hand(False))
        self.sidebar.page_wanted.connect(self.open_page)
        self.pages.opened.connect(self._page_opened)
        self.sidebar.settings_wanted.connect(self.open_settings)
        self.status.sync_wanted.connect(session.wake)
        self.status.cancel_wanted.connect(session.sync.cancel)
        session.accounts_changed.connect(self._accounts_changed)
        session.loaded.connect(self._check_ready)
        session.changed.connect(self.model.on_changed)
        session.failed.connect(self.speaker.problem)
        session.runner.broke.connect(self.speaker.bug)
        self.model.failed.connect(self.speaker.problem)
        self.model.updated.connect(self._week_updated)
        self._connect_week()

    def _connect_week(self) -> None:
        week = self.week
        week.first_shown.connect(self.settle)
        week.asked.connect(self.modes.asked)
        week.create_requested.connect(self._create_span)
        week.navigate.connect(self._navigate)
        week.today_requested.connect(self.today)

    def _shown_view(self) -> QWidget:
        if self.page is Page.MONTH:
            return self.month
        return self.agenda if self.page is Page.AGENDA else self.week

    def next_pane(self) -> None:
        """F6: the focus goes on to the next part of the window."""
        panes = (self._shown_view(), self.top.search, self.sidebar.nav if self.sidebar.folded else self.sidebar.month.grid)
        here = QApplication.focusWidget()
        index = next(
            (n for n, pane in enumerate(panes) if here is not None and (pane is here or pane.isAncestorOf(here))), -1
        )
        panes[(index + 1) % len(panes)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def new_event(self) -> None:
        """Begin one on the day that is shown."""
        anchor = QRect(self.top.new.mapToGlobal(self.top.new.rect().bottomLeft()), self.top.new.size())
        day = self.day if self.page is not Page.WEEK or not self._shows(self.session.today()) else self.session.today()
        self.events.edit_new(day, anchor)

    def _shows(self, day: date) -> bool:
        first, last = self.span()
        return first <= day <= last

    def _open_day(self, day: date) -> None:
        self.day = day
        self.show_page(Page.DAY)

    def show_week_of(self, day: date) -> None:
        """The calendar, in the week of a date."""
        self.day = day
        self.show_page(Page.WEEK)

    def _picked_day(self, day: date) -> None:
        self.go(day)

    def _create_span(self, start: Stamp, end: Stamp, all_day: bool) -> None:
        """Where a dragged span ends the pointer is; a span made by keys has its place in the week."""
        at = None
        if self.ring.keyboard and (found := self.week.ring(all_day)) is not None:
            at = QRect(self.week.mapToGlobal(found[0].topLeft().toPoint()), found[0].size().toSize())
        self.events.create_span(start, end, at)

    def _navigate(self, days: int) -> None:
        self.go(self.day + timedelta(days=days))

    def _accounts_changed(self) -> None:
        self.model.set_calendars(self.session.calendars())
        self.top.show_new(self.session.target() is not None)
        if (empty := self.session.known and not self.session.accounts) or "links" in self.__dict__:
            self.links.show_first_start(empty)

    def _week_updated(self) -> None:
        self.status.refresh()
        self.opening.find_jumped()

    def settle(self) -> None:
        """Say that the first frame is painted, and begin what did not wait for it; only the first call does something."""
        if not self._was_settled:
            self._was_settled = True
            self.settled.emit()
            self.complete()
            from calmerge_desktop.ui.frame.trouble import SourceWatch
            from calmerge_desktop.ui.week.rehearsal import rehearse

            self.trouble = SourceWatch(self)
            self.session.reload()
            self.session.runner.ask(words.load, lambda _none: None, owner=self, slow=True)
            self.model.look_beside()
            rehearse(self.week.scene)

    def _check_ready(self) -> None:
        if not self._was_ready and self.model.week is not None:
            self._was_ready = True
            self.complete()
            self.ready.emit()

    def _tell(self) -> None:
        self.top.tell(*named(self.page, self.day, self.first_weekday))
        self.edge.setVisible(self.page is Page.AGENDA)

    def make_room(self, *, beside: bool = False) -> None:
        """A panel stands beside the calendar, or is gone."""
        self._beside = beside
        self._fold()

    def _fold(self) -> None:
        narrow = self.width() < (FOLD_BESIDE if self._beside else FOLD_BELOW) or self.pages.current != CALENDAR
        folded = self._folded_by_person if self._folded_by_person is not None else narrow
        if folded != self.sidebar.folded:
            self.sidebar.fold(folded)

    def _page_opened(self, key: str) -> None:
        """A page beside the calendar has the sidebar as a rail, unless the person unfolds it."""
        self._folded_by_person = None
        self.sidebar.choose(key)
        self._fold()

    def fold_by_hand(self, folded: bool) -> None:
        """The person wants the sidebar whole, or as a rail."""
        self._folded_by_person = folded
        self._fold()

    def _restore(self) -> None:
        self.resize(1440, 900)
        if self._geometry is None:
            return
        kept = self._geometry.value("window/geometry")
        if isinstance(kept, QByteArray):
            self.restoreGeometry(kept)

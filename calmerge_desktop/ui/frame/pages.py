"""The pages of the window: the calendar, and what else the sidebar leads to (an inbox, booking links …).

To add one: a package `ui/<key>/` with a widget, and an entry in `REGISTERED` whose `make` imports it. It is made when it is
first opened, never before the first frame. While it is shown the sidebar is a rail, and the page has the room beside it.

A panel is a column at the right of the calendar that belongs to what the person is doing (times to propose, to share):
`Pages.set_panel(widget)`, and None when it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from calmerge_desktop.core.texts import _

if TYPE_CHECKING:
    from calmerge_desktop.ui.main_window import MainWindow

CALENDAR = "calendar"


class Entry(NamedTuple):
    """One page beside the calendar, in the order of the sidebar."""

    key: str
    """Also the name of its package."""
    icon: str
    label: Callable[[], str]
    """Called once the language is known."""
    make: Callable[[MainWindow], QWidget]


def _booking_links(window: MainWindow) -> QWidget:
    from calmerge_desktop.ui.links.page import LinksPage

    page = LinksPage(window.session, window.speaker)
    page.jump.connect(window.opening.jump)
    page.publish_wanted.connect(window.opening.publish)
    return page


def _inbox(window: MainWindow) -> QWidget:
    from calmerge_desktop.ui.inbox.page import InboxPage

    page = InboxPage(window.session, window.speaker, window.inbox.model)
    page.week_wanted.connect(window.show_week_of)
    page.mailboxes_wanted.connect(window.links.mailboxes)
    page.others_wanted.connect(window.offers.others)
    return page


def _offers(window: MainWindow) -> QWidget:
    from calmerge_desktop.ui.offers.page import OffersPage

    page = OffersPage(window.session, window.speaker, window.offers.model)
    page.week_wanted.connect(window.show_week_of)
    page.offer_wanted.connect(window.modes.offer_times)
    page.paint_wanted.connect(window.modes.offer_times)
    page.inbox_wanted.connect(lambda: window.open_page("inbox"))
    return page


def _schedules(window: MainWindow) -> QWidget:
    from calmerge_desktop.ui.hours.page import HoursPage

    return HoursPage(window.session, window.speaker)


REGISTERED: tuple[Entry, ...] = (
    Entry("inbox", "inbox", lambda: _("Inbox"), _inbox),
    Entry("offers", "offer", lambda: _("Offers"), _offers),
    Entry("links", "link", lambda: _("Booking links"), _booking_links),
    Entry("hours", "briefcase", lambda: _("Schedules"), _schedules),
)


class Pages(QStackedWidget):
    """The calendar, and the pages that were opened."""

    opened = Signal(str)
    """Key of the page that is shown now."""

    def __init__(self, window: MainWindow, calendar: tuple[QWidget, ...], entries: tuple[Entry, ...]) -> None:
        """The last of `calendar` takes the room the others leave, from top to bottom."""
        super().__init__()
        self._window = window
        self._entries = {entry.key: entry for entry in entries}
        self._made: dict[str, QWidget] = {CALENDAR: QWidget()}
        self._panel: QWidget | None = None
        self._row = QHBoxLayout(self._made[CALENDAR])
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        column = QVBoxLayout()
        column.setSpacing(0)
        for piece in calendar:
            column.addWidget(piece, int(piece is calendar[-1]))
        self._row.addLayout(column, 1)
        self.addWidget(self._made[CALENDAR])
        self.current = CALENDAR

    def open(self, key: str) -> QWidget:
        """Show a page, made now if it never was. Raises `KeyError` for one that is not registered."""
        page = self._made.get(key)
        if page is None:
            page = self._made[key] = self._entries[key].make(self._window)
            self.addWidget(page)
        self.setCurrentWidget(page)
        if key != self.current:
            self.current = key
            self.opened.emit(key)
        return page

    def set_panel(self, panel: QWidget | None) -> None:
        """The column at the right of the calendar; the one before is thrown away."""
        if self._panel is not None:
            self._row.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        self._panel = panel
        if panel is not None:
            self._row.addWidget(panel)
            self.open(CALENDAR)

"""What floats over the window: the search and where it leads, and the settings and what they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from calmerge_desktop.core.model import Instance
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.frame.pages import CALENDAR
from calmerge_desktop.ui.frame.span import Page
from calmerge_desktop.ui.theme import style
from calmerge_desktop.ui.week import cursor

if TYPE_CHECKING:
    from calmerge_desktop.core.availability.link import Link
    from calmerge_desktop.core.proposal.model import Proposal
    from calmerge_desktop.ui.main_window import MainWindow
    from calmerge_desktop.ui.parts.floating import Popover, Sheet


class Opening(QObject):
    """Opens sheets of one window, one at a time, and does what comes of them."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._jumping = ""

    def floating(self) -> Sheet | Popover | None:
        """The sheet or popover on top, if any."""
        from calmerge_desktop.ui.parts.floating import Popover, Sheet

        inside = self._window.findChildren(QWidget)
        open_ = [child for child in inside if isinstance(child, Sheet | Popover) and child.isVisible()]
        return open_[-1] if open_ else None

    def search(self) -> None:
        """The palette that finds events."""
        if self.floating() is None:
            from calmerge_desktop.ui.commands import commands
            from calmerge_desktop.ui.palette import SearchPalette

            palette = SearchPalette(self._window, self._window.session, commands(self._window))
            palette.picked.connect(self._jump)
            palette.open()

    def settings(self) -> None:
        """The sheet of settings."""
        if self.floating() is None:
            from calmerge_desktop.ui.settings_sheet import SettingsSheet

            sheet = SettingsSheet(self._window, self._window.session)
            sheet.saved.connect(self._saved)
            sheet.words_wanted.connect(self.words)
            sheet.help_wanted.connect(lambda: self.help(over=True))
            sheet.mailboxes_wanted.connect(self._window.links.mailboxes)
            sheet.open()

    def help(self, *, over: bool = False) -> None:
        """F1: which key does what, and what this program is made of; `over`: over a sheet that is open."""
        if over or self.floating() is None:
            from calmerge_desktop.ui.help_sheet import HelpSheet

            HelpSheet(self._window).open()

    def words(self, proposal: Proposal | None = None, language: str = "") -> None:
        """The sheet for the words of offers, tried on `proposal`; it may lie over the settings."""
        from calmerge_desktop.ui.wording.sheet import WordingSheet

        WordingSheet(self._window, self._window.session, self._window.speaker, proposal, language).open()

    def publish(self, link: Link) -> None:
        """The sheet that keeps the page of a link in a folder."""
        if self.floating() is None:
            from calmerge_desktop.ui.publishing.sheet import PublishSheet

            PublishSheet(self._window, self._window.session, self._window.speaker, link).open()

    def jump(self, where: str, schedule: str = "") -> None:
        """To what decided in an explanation (`ui.links.rulings.Ruling.jump`) outside its own page."""
        kind, _colon, name = where.partition(":")
        window = self._window
        if kind == "event":
            window.open_page(CALENDAR)
            window.events.open_popover(name, window.week.event_area(name))
        elif kind == "calendar":
            window.sidebar.accounts.open_rules(name)
        elif kind == "schedule":
            from calmerge_desktop.ui.hours.page import HoursPage

            page = window.open_page("hours")
            if isinstance(page, HoursPage):
                page.enter(schedule)

    def find_jumped(self) -> None:
        """The week has the instance that was searched for: put the focus there, and scroll to it."""
        week, window = self._window.model.week, self._window
        if self._jumping and week is not None and week.first == window.span()[0]:
            stop = cursor.find(week, self._jumping)
            if stop is not None:
                self._jumping = ""
                window.week.take_stop(stop)

    def _jump(self, instance: Instance) -> None:
        window = self._window
        window.day = phrases.first_date(instance, window.session.tz)
        if window.page in (Page.MONTH, Page.AGENDA):
            window.show_page(Page.WEEK)
        else:
            window.go(window.day)
        window.week.setFocus(Qt.FocusReason.OtherFocusReason)
        self._jumping = instance.id
        self.find_jumped()

    def _saved(self, settings: Settings) -> None:
        before = self._window.session.settings
        self._window.session.save(settings)
        app = QApplication.instance()
        if settings.theme != before.theme and isinstance(app, QApplication):
            style.apply(app, settings.theme)
        self._window.take_settings(settings)
        text = _("Saved.")
        if settings.language != before.language or settings.zone != before.zone:
            text = _("Saved. Language and time zone change with the next start.")
        self._window.speaker.toast(text)

"""The mode from its key to Esc: shade the week, look again when something changes, explain a place, lead to its setting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut

from calmerge_desktop.core.agenda.free import FreeAnswer
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.freebusy import Source, Unreadable
from calmerge_desktop.core.model import SourceState
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.availability.bar import AvailabilityBar
from calmerge_desktop.ui.availability.plain import instant_of, plain_overlay, plain_verdict
from calmerge_desktop.ui.frame.span import Page
from calmerge_desktop.ui.links.explain import ExplainPopover, Verdict, verdict
from calmerge_desktop.ui.links.result import Days, Result, result
from calmerge_desktop.ui.week.overlay import Overlay

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.desk import Desk
    from calmerge_desktop.ui.main_window import MainWindow

COALESCE = 40


class Shown(NamedTuple):
    """One answer: what is over the week, what it rests on, and the words beside it."""

    overlay: Overlay
    said: str
    sources: tuple[Source, ...]
    link: Link | None
    result: Result | None
    free: FreeAnswer | None
    first: date


class AvailabilityFlow(QObject):
    """One visit to the mode. Nothing of it exists while the week is plain."""

    def __init__(self, window: MainWindow, left: Callable[[], None], choose: str | None = None) -> None:
        super().__init__(window)
        self._window, self._session, self._left = window, window.session, left
        self._age = 0
        self._pending: tuple[int, int, QRect] | None = None
        self._links: tuple[Link, ...] = ()
        self.shown: Shown | None = None
        self.popover: ExplainPopover | None = None
        if window.page not in (Page.DAY, Page.WEEK):
            window.show_page(Page.WEEK)
        self.bar = AvailabilityBar()
        window.mode_room.addWidget(self.bar)
        window.top.availability.setChosen(True)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(COALESCE)
        self._soon.timeout.connect(self._ask)
        self.bar.left.connect(self.leave)
        self.bar.chosen.connect(self._chosen)
        window.model.updated.connect(self._soon.start)
        window.session.changed.connect(self._read_links)
        self._key = QShortcut(QKeySequence("Esc"), self.bar)
        self._key.activated.connect(self._escape)
        self._first_choice = choose
        self._read_links()
        window.week.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def settled(self) -> bool:
        """Whether no question is about to be asked."""
        return not self._soon.isActive()

    def leave(self) -> None:
        """The plain week again."""
        self._age += 1
        self._key.setEnabled(False)
        self._soon.stop()
        window = self._window
        window.model.updated.disconnect(self._soon.start)
        window.session.changed.disconnect(self._read_links)
        if self.popover is not None:
            self.popover.dismiss()
        window.week.set_overlay(None)
        window.top.availability.setChosen(False)
        self.bar.hide()
        self.bar.deleteLater()
        self._left()
        window.week.setFocus(Qt.FocusReason.OtherFocusReason)
        self.deleteLater()

    def explain(self, day: int, second: int, at: QRect) -> None:
        """Say why a place of the week (day, wall second) is as it is; `at` in global coordinates."""
        shown = self.shown
        if shown is None:
            self._pending = (day, second, at)
            return
        session = self._session
        instant = instant_of(shown.first, day, second, session)
        job = session.desk.links

        def look() -> tuple[Verdict, QRect]:
            if shown.link is not None and shown.result is not None:
                return verdict(job, shown.link, shown.result.answer, instant, session), at
            assert shown.free is not None
            return plain_verdict(shown.free, instant, session), at

        session.runner.ask(look, self._explain, self._window.speaker.problem, owner=self)

    # inside

    def _chosen(self, _link: str) -> None:
        self.shown = None
        self._soon.start()

    def _read_links(self, *_news: object) -> None:
        job = self._session.desk.links
        self._session.runner.ask(lambda: tuple(job.list()), self._take_links, self._window.speaker.problem, owner=self)

    def _take_links(self, links: tuple[Link, ...]) -> None:
        self._links = links
        choose, self._first_choice = self._first_choice, None
        self.bar.set_links(links, choose)
        self._soon.start()

    def _ask(self) -> None:
        window, session = self._window, self._session
        if window.page not in (Page.DAY, Page.WEEK):
            return
        self._age += 1
        age, desk = self._age, session.desk
        first, last = window.span()
        days, tzid = (last - first).days + 1, session.tzid
        link = next((one for one in self._links if one.id == self.bar.choice), None)
        hours = (session.settings.day_begins, session.settings.day_ends)
        session.runner.ask(
            lambda: (age, shown(desk, link, first, days, tzid, hours)), self._arrived, self._failed, owner=self
        )

    def _arrived(self, answer: tuple[int, Shown]) -> None:
        age, made = answer
        if age != self._age:
            return
        self.shown = made
        self._window.week.set_overlay(made.overlay)
        self.bar.said.setText(made.said)
        self.bar.said.setColor("warn" if closing(made.sources) else "text2")
        pending, self._pending = self._pending, None
        if pending is not None:
            self.explain(*pending)

    def _failed(self, error: CalmergeError) -> None:
        self.shown = None
        self._window.week.set_overlay(Overlay())
        self.bar.said.setText(error.message)

    def _explain(self, answer: tuple[Verdict, QRect]) -> None:
        said, at = answer
        made = self.shown
        if self.popover is not None:
            self.popover.dismiss()
        if made is not None:
            parts = Days(made.first, len(made.overlay.open or ()) or 7, self._session.tzid).parts(said.start, said.end)
            self._window.week.set_overlay(replace(made.overlay, gap=next(parts, None)))
        self.popover = ExplainPopover(self._window, self._session, said)
        self.popover.read_wanted.connect(self._session.wake)
        self.popover.jump_wanted.connect(self._jump)
        self.popover.closed.connect(self._explained)
        self.popover.open_at(at)
        self.popover.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _explained(self) -> None:
        self.popover = None
        if self.shown is not None and self._window.modes.availability is self:
            self._window.week.set_overlay(self.shown.overlay)

    def _jump(self, where: str) -> None:
        """To the setting, or the event, behind a ruling."""
        kind, _colon, name = where.partition(":")
        window, link = self._window, self.shown.link if self.shown else None
        if kind != "link":
            window.opening.jump(where, link.schedule if link else "")
        elif link is not None:
            from calmerge_desktop.ui.links.page import LinksPage

            page = window.open_page("links")
            if isinstance(page, LinksPage):
                page.enter(link.id, name)

    def _escape(self) -> None:
        floating = self._window.floating()
        if floating is None:
            self.leave()
        elif floating.may_close():
            floating.dismiss()


def shown(desk: Desk, link: Link | None, first: date, days: int, tzid: str, hours: tuple[int, int]) -> Shown:
    """What a link, or plain free and busy, looks like over some days; runs on the query thread."""
    if link is not None:
        made = result(desk.links, link, None, first, days, tzid)
        said = ngettext("{n} start offered.", "{n} starts offered.", made.count).format(n=made.count)
        return Shown(made.overlay, _told(said, made.answer.sources), made.answer.sources, link, made, None, first)
    visible = Days(first, days, tzid)
    answer = desk.free.spans(visible.starts[0], visible.starts[-1], tzid)
    overlay, seconds = plain_overlay(answer, visible, first, hours)
    said = _("{time} free in your working hours.").format(time=phrases.duration(seconds))
    return Shown(overlay, _told(said, answer.sources), answer.sources, None, None, answer, first)


def closing(sources: tuple[Source, ...]) -> list[Source]:
    """Sources that close time because they cannot be read."""
    return [one for one in sources if one.state is SourceState.BROKEN and one.policy is Unreadable.BLOCK]


def _told(said: str, sources: tuple[Source, ...]) -> str:
    names = ", ".join(one.name for one in closing(sources))
    if names:
        return said + " " + _("Closed, as it cannot be read: {names}.").format(names=names)
    return said + " " + _("Click any gap to learn why it is closed.")

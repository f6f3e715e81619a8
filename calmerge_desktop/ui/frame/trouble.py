"""Sources that can no longer be read: told once an outage, in the window and, when it is not in front, on the desktop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from calmerge_desktop.core.model import AccountId, AccountView, CalendarId, SourceState
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.frame.desktop import DesktopNews

if TYPE_CHECKING:
    from calmerge_desktop.core.freebusy import Blocking
    from calmerge_desktop.ui.frame.outage import Told
    from calmerge_desktop.ui.main_window import MainWindow
    from calmerge_desktop.ui.parts.card import Card

_NO_FAILURE = (None, "never", "old")
_ACT = ("sign-in", "suspicious")


class SourceWatch(QObject):
    """Compares the accounts with those before. What failed when the window opened stands in the sidebar and is not told."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self._known: dict[AccountId, bool] | None = None
        """Accounts that fail, and whether the person has to act; None before the first look."""
        self._told: list[AccountId] = []
        self.card: Card | None = None
        self.desktop = DesktopNews(window)
        self._session.accounts_changed.connect(self._look)
        self._look()

    def _look(self) -> None:
        if not self._session.known:
            return
        failing = {view.account.id: view.status.kind in _ACT for view in self._session.accounts if fails(view)}
        before, self._known = self._known, failing
        if before is None:
            return
        new = [id for id, act in failing.items() if id not in before or (act and not before[id])]
        self._told = [id for id in self._told if id in failing]
        if self.card is not None and not self._told and not new:
            self.card.dismiss()  # everything it told of can be read again
            self.desktop.take_back()
        if new:
            job = self._session.desk.free
            self._session.runner.ask(lambda: (new, job.rules()), self._tell, self._window.speaker.problem, owner=self)

    def _tell(self, answer: tuple[list[AccountId], Mapping[CalendarId, Blocking]]) -> None:
        from calmerge_desktop.ui.frame.outage import told_of  # not before something fails

        new, rules = answer
        open_ = self.card is not None
        told = dict.fromkeys([*(self._told if open_ else []), *new])
        views = [view for view in self._session.accounts if view.account.id in told and fails(view)]
        if not views:
            return
        self._told = [view.account.id for view in views]
        said = told_of(views, rules, self._session.clock(), self._session.tz)
        if self.card is not None:
            self.card.gone.disconnect(self._gone)
            self.card.dismiss()
        self.card = self._make_card(views, said)
        self.card.say(said.title, said.text)
        if not open_:
            self.desktop.tell(said.plain)

    def _make_card(self, views: Sequence[AccountView], said: Told) -> Card:
        from calmerge_desktop.ui.parts.card import Card

        act = any(view.status.kind in _ACT or view.status.state is SourceState.BROKEN for view in views)
        icon, color = ("cross-circle", "danger") if act else ("clock", "warn")
        card = Card(self._window, icon=icon, color=color, deed=said.deed, later=_("Later"))
        card.deed_wanted.connect(self._help)
        card.gone.connect(self._gone)
        return card

    def _gone(self) -> None:
        self.card = None

    def _help(self) -> None:
        """What the button promises."""
        views = [view for view in self._session.accounts if view.account.id in self._told]
        self.desktop.take_back()
        if len(views) == 1 and views[0].status.kind in _ACT:
            self._window.sidebar.accounts.mend(views[0])
        else:
            self._session.sync.wake([view.account.id for view in views])


def fails(view: AccountView) -> bool:
    """Whether the last try to read it failed: its time is unknown now, however short ago the last good read was."""
    return view.status.state is not SourceState.FRESH and view.status.kind not in _NO_FAILURE

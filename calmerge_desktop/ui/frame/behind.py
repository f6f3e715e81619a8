"""What stands behind a window: made when it is first needed, at the latest once the first frame is painted.

None of it is on the first frame; what each of them loads and makes would be as much work as the frame itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from calmerge_desktop.ui.event.actions import EventActions
    from calmerge_desktop.ui.flows import EventFlow, LinkFlow
    from calmerge_desktop.ui.inbox.door import InboxDoor
    from calmerge_desktop.ui.main_window import MainWindow
    from calmerge_desktop.ui.offers.model import OffersDoor
    from calmerge_desktop.ui.theme.focus import FocusRing


class Behind:
    """The part of `MainWindow` nobody sees."""

    _open_demo: Callable[[], None] | None = None
    _is_complete = False

    @property
    def _window(self) -> MainWindow:
        return cast("MainWindow", self)

    @cached_property
    def actions_(self) -> EventActions:
        """What is done to events."""
        from calmerge_desktop.ui.event.actions import EventActions

        return EventActions(self._window.session, self._window.speaker, self._window)

    @cached_property
    def events(self) -> EventFlow:
        """An event from click to save."""
        from calmerge_desktop.ui.flows import EventFlow

        return EventFlow(self._window, self._window.session, self._window.speaker, self.actions_)

    @cached_property
    def links(self) -> LinkFlow:
        """A source from card to week."""
        from calmerge_desktop.ui.flows import LinkFlow

        return LinkFlow(self._window, self._window.session, self._window.speaker, self._open_demo)

    @cached_property
    def inbox(self) -> InboxDoor:
        """Where the window meets the inbox."""
        from calmerge_desktop.ui.inbox.door import InboxDoor

        return InboxDoor(self._window)

    @cached_property
    def offers(self) -> OffersDoor:
        """The number of offers that were answered."""
        from calmerge_desktop.ui.offers.model import OffersDoor

        return OffersDoor(self._window)

    @cached_property
    def ring(self) -> FocusRing:
        """The mark around what has the focus."""
        from calmerge_desktop.ui.theme.focus import FocusRing

        return FocusRing(self._window)

    def complete(self) -> None:
        """Make what waits for the person: keys, the focus, what clicks lead to. Only the first call does something."""
        if self._is_complete:
            return
        self._is_complete = True
        from calmerge_desktop.ui.frame.keys import add_window_keys

        window, links, events = self._window, self.links, self.events
        add_window_keys(window)
        window.sidebar.link_wanted.connect(links.open)
        window.sidebar.accounts.sign_in.connect(links.sign_in_again)
        window.sidebar.accounts.rename.connect(links.rename)
        window.sidebar.accounts.describe.connect(links.describe)
        window.status.conflicts_wanted.connect(events.open_conflict)
        week = window.week
        week.activated.connect(events.open_popover)
        week.menu_requested.connect(events.open_menu)
        week.move_requested.connect(self.actions_.move)
        week.resize_requested.connect(self.actions_.move)
        week.delete_requested.connect(self.actions_.delete_id)
        _listening = self.ring, self.inbox, self.offers

"""What the week can be read or painted as besides the plain calendar: offering times, and availability. One at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.frame.span import Page

if TYPE_CHECKING:
    from calmerge_desktop.core.proposal.model import Proposal
    from calmerge_desktop.ui.availability.flow import AvailabilityFlow
    from calmerge_desktop.ui.main_window import MainWindow
    from calmerge_desktop.ui.offering.flow import OfferFlow


class Modes(QObject):
    """The mode a window is in; both None: the plain calendar."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.offering: OfferFlow | None = None
        self.availability: AvailabilityFlow | None = None

    def offer_times(self, instead_of: Proposal | None = None) -> None:
        """N: offer times to somebody, or leave that again; `instead_of`: other times to the guest of this offer."""
        if self.offering is not None:
            self.offering.leave()
            if instead_of is None:
                return
        if self._window.session.known and self._window.session.target() is None:
            self._window.speaker.toast(_("No calendar here takes new events. Link one that you may write to."))
            return
        if self.availability is not None:
            self.availability.leave()
        from calmerge_desktop.ui.offering.flow import OfferFlow

        self.offering = OfferFlow(self._window, lambda: setattr(self, "offering", None), instead_of)

    def show_availability(self) -> None:
        """A: shade what is offered and what is not, or leave that again."""
        if self.availability is not None:
            self.availability.leave()
            return
        if self._window.session.known and not self._window.session.accounts:
            self._window.speaker.toast(_("There is no calendar yet. Link one first."))
            return
        if self.offering is not None:
            self.offering.leave()
        from calmerge_desktop.ui.availability.flow import AvailabilityFlow

        self.availability = AvailabilityFlow(self._window, lambda: setattr(self, "availability", None))

    def asked(self, day: int, second: int, at: QRect) -> None:
        """E, or a click, on a place of the week (day of it, wall second, global place): why is it not free?"""
        if self.availability is None:
            self.show_availability()
        if self.availability is not None:
            self.availability.explain(day, second, at)

    def viewing(self, page: Page) -> None:
        """Another view is shown; availability has no picture in month and agenda."""
        if self.availability is not None and page not in (Page.DAY, Page.WEEK):
            self.availability.leave()

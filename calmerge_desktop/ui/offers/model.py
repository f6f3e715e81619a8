"""The offers the window knows of: one list for the page and the number in the sidebar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.inbox.model import COALESCE
from calmerge_desktop.ui.session import Session

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.offers import OfferLine
    from calmerge_desktop.core.errors import CalmergeError
    from calmerge_desktop.ui.main_window import MainWindow

KEY = "offers"


class OffersModel(QObject):
    """Looks again whenever something was read, sent or decided. Nothing is asked before `load`."""

    changed = Signal()
    """`lines` are others now."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.lines: tuple[OfferLine, ...] = ()
        self.known = False
        self._asked = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(COALESCE)
        self._soon.timeout.connect(self.load)
        session.changed.connect(self._look_soon)

    @property
    def waiting(self) -> int:
        """How many were answered and not decided on."""
        return sum(one.proposal.state == "answered" for one in self.lines)  # its enum would load before the first frame

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._soon.isActive() or self._asked > 0

    def load(self) -> None:
        """Look now, beside the queries for the week."""
        desk = self._session.desk
        self._asked += 1
        self._session.runner.ask(lambda: tuple(desk.proposing.lines()), self._arrived, self._failed, owner=self, slow=True)

    def _look_soon(self, _news: object) -> None:
        if self.known or self._asked:
            self._soon.start()

    def _arrived(self, lines: tuple[OfferLine, ...]) -> None:
        self._asked -= 1
        fresh = not self.known or self.lines != lines
        self.lines, self.known = lines, True
        if fresh:
            self.changed.emit()

    def _failed(self, error: CalmergeError) -> None:
        self._asked -= 1
        self._session.failed.emit(error)


class OffersDoor(QObject):
    """Keeps the number in the sidebar true once the window is ready."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.model = OffersModel(window.session)
        self.model.changed.connect(self._count)
        window.ready.connect(self.model.load)

    def others(self, proposal: str) -> None:
        """Open the page at an offer, and the question about other times."""
        from calmerge_desktop.ui.offers.page import OffersPage

        page = self._window.open_page(KEY)
        assert isinstance(page, OffersPage)
        page.counter(proposal)

    def _count(self) -> None:
        n = self.model.waiting
        said = ngettext("Offers, {n} was answered", "Offers, {n} were answered", n).format(n=n) if n else _("Offers")
        self._window.sidebar.set_badge(KEY, n, said)

"""What waits for the person, as the window knows it: one list for the page and the number in the sidebar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from calmerge_desktop.ui.session import Session

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.requesting import Request
    from calmerge_desktop.core.errors import CalmergeError

COALESCE = 120
"""Milliseconds within which news are one look."""


class InboxModel(QObject):
    """Looks again whenever something was read, sent or decided. Nothing is asked before `load`."""

    changed = Signal()
    """`requests` or `mailboxes` are others now."""
    loaded = Signal()
    """An answer came, changed or not."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.requests: tuple[Request, ...] = ()
        self.mailboxes = 0
        self.known = False
        self._asked = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(COALESCE)
        self._soon.timeout.connect(self.load)
        session.changed.connect(self._look_soon)

    @property
    def waiting(self) -> int:
        """How many wait for the person."""
        return sum(one.open for one in self.requests)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._soon.isActive() or self._asked > 0

    def load(self) -> None:
        """Look now. Beside the queries for the week, which must not wait for it."""
        job = self._session.desk.requests
        self._asked += 1

        def read() -> tuple[tuple[Request, ...], int]:
            return tuple(job.list()), job.mailboxes()

        self._session.runner.ask(read, self._arrived, self._failed, owner=self, slow=True)

    def _look_soon(self, _news: object) -> None:
        if self.known or self._asked:
            self._soon.start()

    def _arrived(self, answer: tuple[Sequence[Request], int]) -> None:
        self._asked -= 1
        fresh = not self.known or (self.requests, self.mailboxes) != answer
        self.requests, self.mailboxes = tuple(answer[0]), answer[1]
        self.known = True
        if fresh:
            self.changed.emit()
        self.loaded.emit()

    def _failed(self, error: CalmergeError) -> None:
        self._asked -= 1
        self._session.failed.emit(error)

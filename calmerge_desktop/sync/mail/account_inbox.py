"""Watching the inbox of a linked account, through the interface of its service: asked every two minutes.

The service says what came since the position (a token of its own) that is kept when all of that was looked at; a crash looks
at it again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from calmerge_desktop.core.errors import SyncTokenExpired
from calmerge_desktop.core.mail_ports import Seen
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.sync.mail.choosing import Choice, Head, choose, chooses
from calmerge_desktop.sync.mail.watching import LOOK_BACK, POLL, Watcher, checking

_MOST_BACK = 200
"""Messages looked at the first time, at most: the newest. Each costs a request or two."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class News:
    """Messages that came, oldest first, and the position behind them."""

    ids: tuple[str, ...]
    token: str


class AccountInbox(Protocol):
    """The inbox of a signed-in account, for looking only. Made, used and closed on one thread.

    Every method may raise `SignInNeeded` (also when the permission is gone), `Offline`, `RateLimited`, `ServerTrouble`,
    `Cancelled`.
    """

    def recent(self, since: int, most: int, stop: Stop) -> News:
        """The newest messages that came after the instant `since`, at most so many."""

    def news(self, token: str, stop: Stop) -> Iterator[News]:
        """Pages of what came since. Raises `SyncTokenExpired` when the position is of no use any more."""

    def head(self, message: str, stop: Stop, *, subject: bool) -> Head | None:
        """What is known without reading the message, marks in its subject only with `subject`; None when it is gone."""

    def texts(self, message: str, head: Head, stop: Stop) -> Iterator[str]:
        """The texts in which a token may stand (`choosing.texts`)."""

    def whole(self, message: str, stop: Stop) -> bytes:
        """A whole message (RFC 5322); empty when it is gone."""

    def close(self) -> None:
        """Give the connection back."""


class AccountWatcher(Watcher[AccountInbox]):
    """See `Watcher`."""

    def _look(self, opened: AccountInbox, stop: Stop) -> int:
        received = 0
        for page in self._pages(opened, stop):
            wanted = self._takes.wanted()
            for message in page.ids:
                stop()
                head = opened.head(message, stop, subject=bool(wanted.marks))
                choice = choose(head, wanted) if head else Choice.LEAVE
                if head is None or choice is Choice.LEAVE:
                    continue
                if choice is Choice.TEXTS:
                    texts = opened.texts(message, head, stop)
                    if not any(chooses(text, head, wanted) for text in texts):
                        continue
                data = opened.whole(message, stop)
                received += bool(data) and self._hand_over(data)
            self._keep(Seen(at=self._clock(), token=page.token))
            if page.ids:
                _log.info("mailbox: %d new, %d taken in so far", len(page.ids), received)
        return received

    def _wait(self, opened: AccountInbox, stopped: threading.Event) -> None:  # noqa: ARG002  # nobody tells of news
        stopped.wait(POLL)
        checking(stopped)()

    def _pages(self, opened: AccountInbox, stop: Stop) -> Iterator[News]:
        token = self._seen().token
        if token:
            try:
                yield from opened.news(token, stop)
            except SyncTokenExpired:
                _log.info("mailbox: looked at anew")
            else:
                return
        yield opened.recent(self._clock() - LOOK_BACK, _MOST_BACK, stop)

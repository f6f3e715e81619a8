"""Watching one mailbox, whatever it is read by: look, wait, look again; hand over what is ours; keep how far we came.

Whoever takes messages in knows those that came before, so that what a crash repeats changes nothing.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Generic, Protocol, TypeVar

from calmerge_desktop.core.errors import BadData, CalmergeError, Cancelled, Conflict, SignInNeeded, TryLater, UserMustAct
from calmerge_desktop.core.mail_ports import Mailbox, MailStore, Seen
from calmerge_desktop.core.ports import MailNews, Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY, Clock
from calmerge_desktop.sync.mail.choosing import Wanted
from calmerge_desktop.sync.verdict import wait

FOLDER = "INBOX"
"""The one folder that is looked into."""
LOOK_BACK = 14 * DAY
"""How much of a mailbox is looked at the first time, and again when its position lost its meaning."""
POLL = 120.0
"""Seconds between two looks, where nobody tells of new messages."""
_AFTER_REFUSAL = 3600

_log = logging.getLogger(__name__)


class Takes(Protocol):
    """Who wants messages: the composition root hands them to the agenda."""

    def wanted(self) -> Wanted:
        """What is waited for now."""

    def take(self, data: bytes) -> bool:
        """Take in a whole message; whether it was for us. Knows messages that came before.

        Raises `UserMustAct`, `BadData` or `Conflict` for one that is of no use, and else what time mends.
        """


class _Closes(Protocol):
    def close(self) -> None: ...


Opened = TypeVar("Opened", bound=_Closes)


class Watcher(ABC, Generic[Opened]):
    """Watches one mailbox, on one thread."""

    def __init__(
        self, box: Mailbox, store: MailStore, open_box: Callable[[Mailbox], Opened], takes: Takes, clock: Clock
    ) -> None:
        self._box = box
        self._store = store
        self._open = open_box
        self._takes = takes
        self._clock = clock
        self._random = Random()  # noqa: S311  # spreads tries in time, guards nothing

    def once(self, stop: Stop) -> MailNews:
        """Look once at what is new. A failure is a sentence in the news."""
        try:
            opened = self._open(self._box)
            try:
                return MailNews(received=self._look(opened, stop))
            finally:
                opened.close()
        except Cancelled:
            return MailNews()
        except CalmergeError as error:
            return MailNews(troubles=(self._failed(error),))

    def watch(self, stopped: threading.Event, told: Callable[[MailNews], None]) -> None:
        """Until `stopped`: look, wait for news, look again; come back when the connection is lost."""
        failures = 0
        while not stopped.is_set():
            try:
                opened = self._open(self._box)
                try:
                    while True:
                        received = self._look(opened, lambda: _check(stopped))
                        failures = 0
                        if received:
                            told(MailNews(received=received))
                        self._wait(opened, stopped)
                finally:
                    opened.close()
            except Cancelled:
                return
            except CalmergeError as error:
                told(MailNews(troubles=(self._failed(error),)))
                asked = error.retry_after if isinstance(error, TryLater) else None
                again = wait(failures, self._random, asked)
                failures += 1
                stopped.wait(_AFTER_REFUSAL if isinstance(error, SignInNeeded) else again)

    @abstractmethod
    def _look(self, opened: Opened, stop: Stop) -> int:
        """Look at everything new; how many messages were taken in."""

    @abstractmethod
    def _wait(self, opened: Opened, stopped: threading.Event) -> None:
        """Until there may be news. Raises `Cancelled` when `stopped`."""

    def _hand_over(self, data: bytes) -> bool:
        """Whether it was taken in; one that is of no use is left, for it would be no better next time."""
        try:
            return self._takes.take(data)
        except (UserMustAct, BadData, Conflict) as error:
            _log.info("a message was left alone: %s", error.kind)
            return False

    def _seen(self) -> Seen:
        return self._store.seen(self._box.address, FOLDER)

    def _keep(self, seen: Seen) -> None:
        self._store.set_seen(self._box.address, FOLDER, seen)

    def _failed(self, error: CalmergeError) -> str:
        """Keep why; returns the sentence."""
        _log.info("a mailbox cannot be read: %s", error.kind)
        sentence = f"{error.message} {error.hint}".strip()
        self._keep(replace(self._seen(), trouble=sentence))
        return sentence


def checking(stopped: threading.Event) -> Stop:
    """A `Stop` by an event."""
    return lambda: _check(stopped)


def _check(stopped: threading.Event) -> None:
    if stopped.is_set():
        raise Cancelled(_("Stopped."))

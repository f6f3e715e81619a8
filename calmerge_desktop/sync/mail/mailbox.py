"""Watching one mailbox: what is new is looked at, what is ours is handed over, and how far we came is kept.

The position (UIDVALIDITY and UID) is kept after each message that was handed over, so a crash hands one message over again;
whoever takes messages in knows those that came before.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from random import Random
from typing import Protocol

from calmerge_desktop.core.errors import BadData, CalmergeError, Cancelled, Conflict, SignInNeeded, UserMustAct
from calmerge_desktop.core.ports import Mailbox, MailNews, MailStore, Seen, Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY, Clock
from calmerge_desktop.sync.mail.choosing import Choice, Head, Wanted, choose, holds_token, texts
from calmerge_desktop.sync.mail.imap import INBOX, ImapFolder
from calmerge_desktop.sync.verdict import wait

OpenFolder = Callable[[Mailbox], ImapFolder]
_LOOK_BACK = 14 * DAY
"""How much of a mailbox is looked at the first time, and again when its UIDs lost their meaning."""
_MOST_BACK = 500
"""Messages looked at then, at most: the newest."""
_BATCH = 50
_FIRST_IDLE = 1.0
"""Seconds of the first IDLE after a look: news that came with the server's "idling" may hide in a buffer until its end."""
_IDLE = 9 * 60.0
"""Seconds until IDLE is renewed: well below the 29 minutes of RFC 2177 §3, and below what routers keep silent links for."""
_POLL = 120.0
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


class Watcher:
    """Watches one mailbox, on one thread."""

    def __init__(self, box: Mailbox, store: MailStore, open_folder: OpenFolder, takes: Takes, clock: Clock) -> None:
        self._box = box
        self._store = store
        self._open = open_folder
        self._takes = takes
        self._clock = clock
        self._random = Random()  # noqa: S311  # spreads tries in time, guards nothing

    def once(self, stop: Stop) -> MailNews:
        """Look once at what is new. A failure is a sentence in the news."""
        try:
            folder = self._open(self._box)
            try:
                return MailNews(received=self._look(folder, stop))
            finally:
                folder.close()
        except Cancelled:
            return MailNews()
        except CalmergeError as error:
            return MailNews(troubles=(self._failed(error),))

    def watch(self, stopped: threading.Event, told: Callable[[MailNews], None]) -> None:
        """Until `stopped`: look, wait for the server's word, look again; come back when the connection is lost."""
        failures = 0
        while not stopped.is_set():
            try:
                folder = self._open(self._box)
                try:
                    while True:
                        received = self._look(folder, lambda: _check(stopped))
                        failures = 0
                        if received:
                            told(MailNews(received=received))
                        _wait_for_news(folder, lambda: _check(stopped))
                finally:
                    folder.close()
            except Cancelled:
                return
            except CalmergeError as error:
                told(MailNews(troubles=(self._failed(error),)))
                seconds = _AFTER_REFUSAL if isinstance(error, SignInNeeded) else wait(failures, self._random)
                failures += 1
                stopped.wait(seconds)

    def _look(self, folder: ImapFolder, stop: Stop) -> int:
        """Look at everything new; how many messages were taken in."""
        seen = self._store.seen(self._box.address, INBOX)
        uids = self._new(folder, seen)
        seen = replace(seen, validity=folder.validity) if seen.validity == folder.validity else Seen(folder.validity)
        received = 0
        for batch in _batches(uids):
            stop()
            heads = folder.heads(batch)
            wanted = self._takes.wanted()
            for uid in batch:
                data = self._read(folder, uid, heads.get(uid), wanted, stop)
                received += bool(data) and self._hand_over(data)
                seen = replace(seen, uid=uid)
                if data:
                    self._keep(seen)
        self._keep(replace(seen, uid=max(seen.uid, folder.next_uid - 1 if not uids else 0), at=self._clock(), trouble=""))
        if uids:
            _log.info("mailbox: %d new, %d taken in", len(uids), received)
        return received

    def _new(self, folder: ImapFolder, seen: Seen) -> Sequence[int]:
        if seen.validity == folder.validity:
            return folder.after(seen.uid)
        day = datetime.fromtimestamp(self._clock() - _LOOK_BACK, UTC).date()
        return folder.since(day)[-_MOST_BACK:]

    @staticmethod
    def _read(folder: ImapFolder, uid: int, head: Head | None, wanted: Wanted, stop: Stop) -> bytes:
        """The whole message when it is for us, else nothing."""
        choice = choose(head, wanted) if head else Choice.LEAVE
        if head is None or choice is Choice.LEAVE:
            return b""
        stop()
        if choice is Choice.TEXTS and not any(holds_token(part, folder.part(uid, part.number)) for part in texts(head)):
            return b""
        return folder.whole(uid)

    def _hand_over(self, data: bytes) -> bool:
        """Whether it was taken in; one that is of no use is left, for it would be no better next time."""
        try:
            return self._takes.take(data)
        except (UserMustAct, BadData, Conflict) as error:
            _log.info("a message was left alone: %s", error.kind)
            return False

    def _keep(self, seen: Seen) -> None:
        self._store.set_seen(self._box.address, INBOX, seen)

    def _failed(self, error: CalmergeError) -> str:
        """Keep why; returns the sentence."""
        _log.info("a mailbox cannot be read: %s", error.kind)
        sentence = f"{error.message} {error.hint}".strip()
        self._keep(replace(self._store.seen(self._box.address, INBOX), trouble=sentence))
        return sentence


def _wait_for_news(folder: ImapFolder, stop: Stop) -> None:
    if not folder.tells:
        folder.wait(_POLL, stop)
    elif not folder.idle(_FIRST_IDLE, stop):
        folder.idle(_IDLE, stop)


def _check(stopped: threading.Event) -> None:
    if stopped.is_set():
        raise Cancelled(_("Stopped."))


def _batches(uids: Iterable[int]) -> Iterable[list[int]]:
    waiting = iter(uids)
    while batch := list(islice(waiting, _BATCH)):
        yield batch

"""Watching one mailbox by IMAP: its server tells of news where it can.

The position (UIDVALIDITY and UID) is kept after each message that was handed over, so a crash hands one message over again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from calmerge_desktop.core.mail_ports import Seen
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.sync.mail.choosing import Choice, Head, Wanted, choose, chooses, text_of, texts
from calmerge_desktop.sync.mail.imap import ImapFolder
from calmerge_desktop.sync.mail.watching import LOOK_BACK, POLL, Watcher, checking

_MOST_BACK = 500
"""Messages looked at the first time, at most: the newest."""
_BATCH = 50
_FIRST_IDLE = 1.0
"""Seconds of the first IDLE after a look: news that came with the server's "idling" may hide in a buffer until its end."""
_IDLE = 9 * 60.0
"""Seconds until IDLE is renewed: well below the 29 minutes of RFC 2177 §3, and below what routers keep silent links for."""

_log = logging.getLogger(__name__)


class ImapWatcher(Watcher[ImapFolder]):
    """See `Watcher`."""

    def _look(self, opened: ImapFolder, stop: Stop) -> int:
        seen = self._seen()
        uids = self._new(opened, seen)
        seen = replace(seen, validity=opened.validity) if seen.validity == opened.validity else Seen(opened.validity)
        received = 0
        for batch in _batches(uids):
            stop()
            wanted = self._takes.wanted()
            heads = opened.heads(batch, subjects=bool(wanted.marks))
            for uid in batch:
                data = self._read(opened, uid, heads.get(uid), wanted, stop)
                received += bool(data) and self._hand_over(data)
                seen = replace(seen, uid=uid)
                if data:
                    self._keep(seen)
        self._keep(replace(seen, uid=max(seen.uid, opened.next_uid - 1 if not uids else 0), at=self._clock(), trouble=""))
        if uids:
            _log.info("mailbox: %d new, %d taken in", len(uids), received)
        return received

    def _wait(self, opened: ImapFolder, stopped: threading.Event) -> None:
        stop = checking(stopped)
        if not opened.tells:
            opened.wait(POLL, stop)
        elif not opened.idle(_FIRST_IDLE, stop):
            opened.idle(_IDLE, stop)

    def _new(self, folder: ImapFolder, seen: Seen) -> Sequence[int]:
        if seen.validity == folder.validity:
            return folder.after(seen.uid)
        day = datetime.fromtimestamp(self._clock() - LOOK_BACK, UTC).date()
        return folder.since(day)[-_MOST_BACK:]

    @staticmethod
    def _read(folder: ImapFolder, uid: int, head: Head | None, wanted: Wanted, stop: Stop) -> bytes:
        """The whole message when it is for us, else nothing."""
        choice = choose(head, wanted) if head else Choice.LEAVE
        if head is None or choice is Choice.LEAVE:
            return b""
        stop()
        if choice is Choice.TEXTS:
            found = (text_of(part, folder.part(uid, part.number)) for part in texts(head))
            if not any(chooses(text, head, wanted) for text in found):
                return b""
        return folder.whole(uid)


def _batches(uids: Iterable[int]) -> Iterable[list[int]]:
    waiting = iter(uids)
    while batch := list(islice(waiting, _BATCH)):
        yield batch

"""Sending letters that are due: waiting -> sending -> sent, refused, unsure, or waiting again.

`sending` is committed before the server hears of the letter, so that a crash at any point leaves a letter that either never
left, or is `unsure` after the next start. A letter is only ever sent from `waiting`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from itertools import groupby
from random import Random

from calmerge_desktop.core.errors import (
    BadData,
    CalmergeError,
    Cancelled,
    DeliveryUnknown,
    Offline,
    SignInNeeded,
    TryLater,
    UserMustAct,
)
from calmerge_desktop.core.mail_ports import Letter, Mailbox, MailSender, MailStore
from calmerge_desktop.core.ports import MailNews, Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock
from calmerge_desktop.sync.abilities import Interruptible
from calmerge_desktop.sync.verdict import wait

OpenSender = Callable[[Mailbox], MailSender]
_AFTER_REFUSAL = 3600
"""Seconds: a server that keeps being asked with a wrong password locks the mailbox."""

_log = logging.getLogger(__name__)


class Outgoing:
    """Used on one thread, apart from `interrupt`."""

    def __init__(self, store: MailStore, open_sender: OpenSender, clock: Clock, random: Random | None = None) -> None:
        self._store = store
        self._open = open_sender
        self._clock = clock
        self._random = random or Random()  # noqa: S311  # spreads tries in time, guards nothing
        self._lock = threading.Lock()
        self._sender: MailSender | None = None

    def send_due(self, stop: Stop) -> MailNews:
        """Send what is due, mailbox by mailbox; one that fails holds up no other. Ends early when `stop` says so."""
        counts = {"sent": 0, "refused": 0, "unsure": 0}
        troubles: list[str] = []
        boxes = {one.address.lower(): one for one in self._store.mailboxes()}
        due = sorted(self._store.due(self._clock()), key=lambda one: one.sender.lower())
        try:
            for address, letters in groupby(due, key=lambda one: one.sender.lower()):
                stop()
                if address in boxes:
                    self._send_all(boxes[address], list(letters), counts, troubles, stop)
                else:
                    self._homeless(list(letters))
        except Cancelled:
            _log.info("sending was stopped")
        if any(counts.values()):
            _log.info("mail: %d sent, %d refused, %d unsure", counts["sent"], counts["refused"], counts["unsure"])
        return MailNews(**counts, troubles=tuple(troubles))

    def interrupt(self) -> None:
        """End waiting for a silent server, unless it has the whole mail and owes us the answer. From any thread."""
        with self._lock:
            held: object = self._sender
        if isinstance(held, Interruptible):
            held.interrupt()

    def _send_all(
        self, box: Mailbox, letters: Sequence[Letter], counts: dict[str, int], troubles: list[str], stop: Stop
    ) -> None:
        left = list(letters)
        try:
            sender = self._open(box)
        except CalmergeError as error:
            self._all_wait(left, error, troubles)
            return
        with self._lock:
            self._sender = sender
        try:
            while left:
                stop()
                self._send(sender, left[0], counts)
                left.pop(0)
        except Cancelled:
            raise
        except CalmergeError as error:  # not about this letter: the server or the sign-in
            self._all_wait(left, error, troubles)
        finally:
            with self._lock:
                self._sender = None
            sender.close()

    def _send(self, sender: MailSender, letter: Letter, counts: dict[str, int]) -> None:
        """One letter. Raises what the mailbox's other letters would only repeat."""
        if not self._store.claim(letter.id):
            return
        try:
            sender.send(letter.mime.encode("ascii"), letter.sender, letter.recipient)
        except DeliveryUnknown as error:
            self._store.mark(letter.id, "unsure", reason=f"{error.message} {error.hint}".strip())
            counts["unsure"] += 1
            raise Offline(error.message) from error
        except (Offline, SignInNeeded, Cancelled):
            self._store.mark(letter.id, "waiting")
            raise
        except TryLater as error:
            at = self._clock() + wait(letter.tries, self._random, error.retry_after)
            self._store.mark(letter.id, "waiting", reason=error.message, not_before=at, again=True)
        except (UserMustAct, BadData) as error:
            self._store.mark(letter.id, "refused", reason=error.message)
            counts["refused"] += 1
        else:
            self._store.mark(letter.id, "sent")
            counts["sent"] += 1

    def _all_wait(self, letters: Sequence[Letter], error: CalmergeError, troubles: list[str]) -> None:
        """The mailbox does not work now: its letters wait, and say why."""
        if isinstance(error, Cancelled):
            raise error
        _log.info("a mailbox cannot send: %s", error.kind)
        reason = f"{error.message} {error.hint}".strip()
        troubles.append(reason)
        due = {one.id for one in self._store.due(self._clock())}
        for letter in letters:
            if letter.id not in due:  # it is unsure, or was dropped meanwhile
                continue
            later = isinstance(error, TryLater)
            seconds = wait(letter.tries, self._random) if later else _AFTER_REFUSAL
            self._store.mark(letter.id, "waiting", reason=reason, not_before=self._clock() + seconds, again=True)

    def _homeless(self, letters: Sequence[Letter]) -> None:
        for letter in letters:
            reason = _("No mailbox sends from {address}.").format(address=letter.sender)
            reason = f"{reason} {_('Add one that does.')}"
            if letter.reason != reason:
                self._store.mark(letter.id, "waiting", reason=reason)

"""All mail of a profile: once, or for ever. One thread sends; one thread a mailbox watches it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from calmerge_desktop.core.errors import CalmergeError, Damaged
from calmerge_desktop.core.mail_ports import BY_ACCOUNT, Mailbox, MailStore
from calmerge_desktop.core.ports import MailNews
from calmerge_desktop.core.when import Clock
from calmerge_desktop.sync.mail.account_inbox import AccountInbox, AccountWatcher
from calmerge_desktop.sync.mail.imap import ImapFolder
from calmerge_desktop.sync.mail.mailbox import ImapWatcher
from calmerge_desktop.sync.mail.outgoing import OpenSender, Outgoing
from calmerge_desktop.sync.mail.watching import Takes, checking

OpenFolder = Callable[[Mailbox], ImapFolder]
OpenInbox = Callable[[Mailbox], AccountInbox]

_TICK = 5.0
"""Seconds between two looks for letters that nobody announced and for mailboxes that came or went."""
_PATIENCE = 4.0
"""Seconds that watching threads may take to end."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Watch:
    box: Mailbox
    stop: threading.Event
    thread: threading.Thread


class MailWork:
    """`once` and `run` belong to the thread that holds the mail of the profile; `nudge` and `stop` to any."""

    def __init__(
        self,
        store: MailStore,
        open_sender: OpenSender,
        open_folder: OpenFolder,
        open_inbox: OpenInbox,
        takes: Takes,
        clock: Clock,
    ) -> None:
        self._store = store
        self._open_folder = open_folder
        self._open_inbox = open_inbox
        self._takes = takes
        self._clock = clock
        self._outgoing = Outgoing(store, open_sender, clock)
        self._wanted = threading.Event()
        self._watches: dict[str, _Watch] = {}

    def nudge(self) -> None:
        """A letter was queued, or a mailbox added: look now."""
        self._wanted.set()

    def interrupt(self) -> None:
        """Do not wait for a silent server. The stop event must be set already."""
        self._wanted.set()
        self._outgoing.interrupt()

    def once(self, stopped: threading.Event, *, look: bool = True) -> MailNews:
        """Send what is due, `look` at every mailbox, and send what that queued."""
        stop = checking(stopped)
        news = _sum(MailNews(unsure=self._store.interrupted()), self._outgoing.send_due(stop))
        for box in self._store.mailboxes() if look else ():
            if stopped.is_set():
                break
            if box.watched:
                news = _sum(news, self._watcher(box).once(stop))
        return _sum(news, self._outgoing.send_due(stop)) if news.received and not stopped.is_set() else news

    def run(self, stopped: threading.Event, told: Callable[[MailNews], None]) -> None:
        """Until `stopped`: send what is due, and watch every mailbox."""
        if stuck := self._store.interrupted():
            told(MailNews(unsure=stuck))
        try:
            while not stopped.is_set():
                self._wanted.clear()
                try:
                    self._staff(told)
                    news = self._outgoing.send_due(checking(stopped))
                except Damaged:
                    raise
                except CalmergeError as error:  # a full disk, a database in use: the next look finds it mended
                    _log.warning("mail: %s", error.kind)
                    news = MailNews()
                if news != MailNews():
                    told(news)
                self._wanted.wait(_TICK)
        finally:
            self._dismiss()

    def _staff(self, told: Callable[[MailNews], None]) -> None:
        """One thread for each mailbox that is to be watched as it is now configured."""
        boxes = {one.address: one for one in self._store.mailboxes() if one.watched}
        for address, watch in list(self._watches.items()):
            if boxes.get(address) != watch.box:
                watch.stop.set()
                del self._watches[address]
        for number, (address, box) in enumerate(boxes.items()):
            if address not in self._watches or not self._watches[address].thread.is_alive():
                stop = threading.Event()
                thread = threading.Thread(target=self._watch, args=(box, stop, told), name=f"mailbox-{number}", daemon=True)
                self._watches[address] = _Watch(box, stop, thread)
                thread.start()

    def _watch(self, box: Mailbox, stop: threading.Event, told: Callable[[MailNews], None]) -> None:
        def news(what: MailNews) -> None:
            told(what)
            self._wanted.set()  # what came in may have queued a letter

        try:
            self._watcher(box).watch(stop, news)
        except CalmergeError as error:
            _log.warning("watching ended: %s", error.kind)
        except Exception:  # noqa: BLE001  # a bug: logged; the next look starts the thread anew
            _log.exception("watching a mailbox failed")
            stop.wait(60)

    def _watcher(self, box: Mailbox) -> ImapWatcher | AccountWatcher:
        if box.kind == BY_ACCOUNT:
            return AccountWatcher(box, self._store, self._open_inbox, self._takes, self._clock)
        return ImapWatcher(box, self._store, self._open_folder, self._takes, self._clock)

    def _dismiss(self) -> None:
        for watch in self._watches.values():
            watch.stop.set()
        for watch in self._watches.values():
            watch.thread.join(_PATIENCE)
        self._watches.clear()


def _sum(one: MailNews, other: MailNews) -> MailNews:
    return MailNews(
        sent=one.sent + other.sent,
        refused=one.refused + other.refused,
        unsure=one.unsure + other.unsure,
        received=one.received + other.received,
        troubles=tuple(dict.fromkeys((*one.troubles, *other.troubles))),
    )

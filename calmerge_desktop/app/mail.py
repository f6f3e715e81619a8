"""Mail put together: the transport of `sync.mail`, the passwords, and the agenda that takes messages in."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from calmerge_desktop.app.lock import ProfileLock
from calmerge_desktop.core.agenda.mailing import secret_of
from calmerge_desktop.core.errors import BadData, BadInput, Busy, CalmergeError, SignInNeeded
from calmerge_desktop.core.mail_ports import BY_ACCOUNT, Mailbox, MailSender
from calmerge_desktop.core.ports import MailNews
from calmerge_desktop.core.proposal.model import LIVE
from calmerge_desktop.core.proposal.published import awaited
from calmerge_desktop.core.proposal.token import choice_in, mark_of
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY

if TYPE_CHECKING:
    from calmerge_desktop.app.desk import Desk
    from calmerge_desktop.app.profile import Profile
    from calmerge_desktop.core.letters.mime import Opened
    from calmerge_desktop.core.model import Account
    from calmerge_desktop.sync.mail.account_inbox import AccountInbox
    from calmerge_desktop.sync.mail.choosing import Wanted
    from calmerge_desktop.sync.mail.imap import ImapFolder
    from calmerge_desktop.sync.mail.work import MailWork

Told = Callable[[MailNews], None]
_REMEMBERED = 90 * DAY
"""Answers to proposals older than this are not looked for."""
_LOOK_AGAIN = 30.0
"""Seconds until it is tried again, while another process has the mail."""
_PATIENCE_TRYING = 15.0
"""Seconds a server may be silent while somebody waits for the outcome."""
_PATIENCE = 10.0
"""Seconds a letter under way may take when the program ends; after that it is unsure at the next start."""

log = logging.getLogger(__name__)


def _only_published(mail: Opened) -> bool:
    """Whether a mail does nothing but show events to anybody (PUBLISH, RFC 5546 §3.2.1)."""
    from calmerge_desktop.core.itip.message import Method, read_messages

    try:
        found = [one.method for method, text in mail.calendars for one in read_messages(text, method=method)]
    except (BadInput, BadData):
        return False  # whoever takes it says what is wrong with it
    return bool(found) and all(method is Method.PUBLISH for method in found)


class Mail:
    """Opens servers, takes messages in, and runs the work on `calmerge-mail`."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._lock = ProfileLock(profile.folders.data / "mail.lock")
        self._one = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    # --- what the transport asks for --------------------------------------------------------------------------------

    def open_sender(self, box: Mailbox) -> MailSender:
        """A connection to send from a mailbox, signed in."""
        if box.kind == BY_ACCOUNT:
            return self._profile.signing.open_mail(self._account(box))
        from calmerge_desktop.sync.mail.server import smtp_server
        from calmerge_desktop.sync.mail.smtp import SmtpSender

        return SmtpSender(smtp_server(box), self._password(box))

    def open_folder(self, box: Mailbox) -> ImapFolder:
        """The inbox of a mailbox, opened for looking."""
        from calmerge_desktop.sync.mail.imap import ImapFolder
        from calmerge_desktop.sync.mail.server import imap_server

        server = imap_server(box)
        assert server is not None
        return ImapFolder(server, self._password(box))

    def open_inbox(self, box: Mailbox) -> AccountInbox:
        """The inbox of a linked account, for looking."""
        return self._profile.signing.open_inbox(self._account(box))

    def try_out(self, box: Mailbox, password: str | None) -> None:
        """Sign in to every server of a mailbox, with less patience. Raises what goes wrong."""
        if box.kind == BY_ACCOUNT:
            self.open_sender(box).close()
            return
        from calmerge_desktop.sync.mail.imap import ImapFolder
        from calmerge_desktop.sync.mail.server import imap_server, smtp_server
        from calmerge_desktop.sync.mail.smtp import SmtpSender

        given = self._password(box) if password is None else password
        sends, reads = smtp_server(box), imap_server(box)
        SmtpSender(sends, given, silence=_PATIENCE_TRYING).close()
        if reads is not None:
            ImapFolder(reads, given, silence=_PATIENCE_TRYING).close()

    def wanted(self) -> Wanted:
        """See `sync.mail.watching.Takes`: answers to proposals and to published pages.

        A plain reply to an invitation is for the person to read.
        """
        from calmerge_desktop.sync.mail.choosing import Wanted

        words = self._desk.proposing.mail
        letters: set[str] = set()
        guests = set()
        for one in self._profile.store.proposals.list():
            if one.created > self._profile.clock() - _REMEMBERED:
                letters |= words.message_ids(one)
            if one.state in LIVE:
                guests.add(one.to.lower())
        offers = awaited(self._profile.store.pages.list(), self._profile.clock())
        return Wanted(frozenset(letters), frozenset(guests), frozenset(map(mark_of, offers)), offers)

    def take(self, data: bytes) -> bool:
        """See `sync.mail.watching.Takes`: a calendar goes to the inbox, an answer to the proposals.

        Events that somebody merely shows are left alone: anybody may send such a mail, and nobody asked for it. They come in
        by the person's own hand.
        """
        from calmerge_desktop.core.letters.mime import open_mail

        with self._one:
            mail = open_mail(data)
            answers = any(choice_in(text) for _method, text in mail.calendars)
            if mail.calendars and not answers and not _only_published(mail):
                try:
                    return bool(self._desk.inbox.take(data))
                except BadInput:  # no message of iTIP; it may answer all the same
                    if not set(mail.references) & self.wanted().letters:
                        raise
            self._desk.proposing.read(data)
            return True

    # --- the work ---------------------------------------------------------------------------------------------------

    def nudge(self) -> None:
        """A letter was queued."""
        if "work" in self.__dict__:
            self.work.nudge()

    def run(self, stopped: threading.Event, told: Told) -> None:
        """Send and watch until `stopped`. Raises `Busy` when another CalMerge has the mail of this profile."""
        self._lock.acquire()
        try:
            self.work.run(stopped, told)
        finally:
            self._lock.release()

    def start(self, told: Told) -> None:
        """Begin `run` on a thread of its own; `stop` ends it. While another process has the mail, it waits for its end."""
        self._begin(lambda: self._keep_running(told))

    def start_round(self, told: Told, *, look: bool = True) -> None:
        """Send what is due and `look` into every mailbox once, on a thread of its own; `finish` waits for it."""

        def once() -> None:
            try:
                self._lock.acquire()
            except Busy:
                return  # the other one sends and watches
            try:
                told(self.work.once(self._stopped, look=look))
            finally:
                self._lock.release()

        self._begin(once)

    def part(self) -> None:
        """The window is closed, so nothing can be taken back any more: what waited for that leaves, within some seconds.

        Nobody is there any more to hear what goes wrong: then it leaves at the next start.
        """
        try:
            waiting = self._profile.store.post.let_go()
        except CalmergeError as error:  # a full disk, a damaged ledger: said when it is next opened
            log.warning("mail at the end: %s", error.kind)
            return
        if waiting:
            self.start_round(lambda _news: None, look=False)
            self.finish(_PATIENCE)

    def finish(self, seconds: float) -> None:
        """Wait for the round, at most so long; then it is stopped."""
        if self._thread is not None:
            self._thread.join(seconds)
        self.stop()

    def stop(self) -> None:
        """End the thread; a letter that a server has whole may still get its answer."""
        self._stopped.set()
        thread, self._thread = self._thread, None
        if thread is not None and thread.is_alive():
            self.work.interrupt()
            thread.join(_PATIENCE)

    @cached_property
    def work(self) -> MailWork:
        """The transport."""
        from calmerge_desktop.sync.mail.work import MailWork

        profile = self._profile
        return MailWork(profile.store.post, self.open_sender, self.open_folder, self.open_inbox, self, profile.clock)

    @cached_property
    def _desk(self) -> Desk:
        """A desk of its own: what mail changes is not what the person takes back with undo."""
        from calmerge_desktop.app.desk import Desk

        return Desk(self._profile)

    def _begin(self, work: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                work()
            except Exception:  # a bug or a damaged ledger: calendars go on; what was under way is unsure at the next start
                log.exception("mail ended")

        self._stopped.clear()
        self._thread = threading.Thread(target=guarded, name="calmerge-mail", daemon=True)
        self._thread.start()

    def _keep_running(self, told: Told) -> None:
        while not self._stopped.is_set():
            try:
                self.run(self._stopped, told)
            except Busy:
                self._stopped.wait(_LOOK_AGAIN)

    def _account(self, box: Mailbox) -> Account:
        found = next((one for one in self._profile.store.accounts() if one.id == box.config["account"]), None)
        if found is None:
            raise SignInNeeded(
                _("The account that sends from {address} is not linked any more.").format(address=box.address),
                typed=_("Link it again, or name a server with: calmerge mail add --smtp HOST:PORT"),
            )
        return found

    def _password(self, box: Mailbox) -> str | None:
        return self._profile.kept_secrets.get(secret_of(box.address))

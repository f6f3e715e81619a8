"""What the person decides, as the window does it: said in a toast with the way back, or asked once when there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from calmerge_desktop.core.errors import CalmergeError, Conflict
from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.inbox import words
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.parts.notes import TOAST_MILLISECONDS
from calmerge_desktop.ui.session import Session

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.requesting import Deed, Request
    from calmerge_desktop.core.proposal.model import Proposal

WAIT = TOAST_MILLISECONDS // 1000
"""Seconds a mail waits before it leaves: as long as the toast that takes it back."""


class Deeds(QObject):
    """Asks the desk; every deed ends in a toast, or in a sentence about what went wrong."""

    done = Signal()
    """Something was decided."""
    returned = Signal(str)
    """A deed on the request with this key was taken back."""

    def __init__(self, session: Session, speaker: Speaker, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._speaker = session, speaker

    def answer(self, one: Request, partstat: str, comment: str = "") -> None:
        """Accept, decline or maybe."""
        said = {"accepted": _("Accepted."), "declined": _("Declined."), "tentative": _("Answered with maybe.")}[partstat]
        job, event, single = self._session.desk.requests, one.event, "@" in one.key
        self._run(
            lambda: job.answer(event, partstat, comment=comment, one=single, wait=WAIT),
            lambda deed: f"{said} {self._told(one.who, one.account, deed)}",
            one.key,
        )

    def answer_event(self, event: str, partstat: str, *, one: bool) -> None:
        """The same from the card of an event."""
        job = self._session.desk.requests
        said = {"accepted": _("Accepted."), "declined": _("Declined."), "tentative": _("Answered with maybe.")}[partstat]

        self._run(
            lambda: job.answer(event, partstat, one=one, wait=WAIT),
            lambda deed: f"{said} {self._told(', '.join(deed.recipients), _server(), deed)}",
        )

    def propose(self, one: Request, start: Stamp, end: Stamp, comment: str = "") -> None:
        """Ask the organizer for another time."""
        job, event, single = self._session.desk.requests, one.event, "@" in one.key
        said = _("Another time is proposed.")
        self._run(
            lambda: job.propose(event, start, end, comment=comment, one=single, wait=WAIT),
            lambda deed: f"{said} {self._told(one.who, one.account, deed)}",
            one.key,
        )

    def accept_time(self, one: Request) -> None:
        """Move the event to where a guest wants it: several people are told, so it is asked once."""
        job, tz, n = self._session.desk.requests, self._session.tz, len(one.guests)
        at = words.when(one, tz)
        self._speaker.ask(
            _("Move “{title}”?").format(title=words.title(one)),
            ngettext(
                "It moves to {when}, and {n} person gets a mail with the new time: {names}.",
                "It moves to {when}, and {n} people get a mail with the new time: {names}.",
                n,
            ).format(when=at, n=n, names=", ".join(one.guests)),
            keep=_("Leave it"),
            deed=ngettext("Move and tell {n} person", "Move and tell {n} people", n).format(n=n),
            then=lambda: self._run(
                lambda: job.accept_time(one.message), lambda _deed: _("“{title}” is moved.").format(title=words.title(one))
            ),
        )

    def accept_answer(self, one: Request) -> None:
        """Believe an answer that came from another address than the guest's."""
        job = self._session.desk.requests
        said = _("The answer is noted in your calendar.")
        self._run(lambda: job.accept_answer(one.message), lambda _deed: said, one.key)

    def keep_time(self, one: Request, comment: str = "") -> None:
        """The event stays, and the guest is told."""
        job, said = self._session.desk.requests, _("It stays as it is.")
        self._run(
            lambda: job.keep_time(one.message, comment=comment, wait=WAIT),
            lambda deed: f"{said} {self._told(one.who, one.account, deed)}",
            one.key,
        )

    def book(self, one: Request, number: int, *, force: bool = False) -> None:
        """Book a time of an offer: event, invitation, holds. Asked once, for a booking is a promise."""
        start, end = one.slots[number]
        job, when = self._session.desk.requests, words.span(start, end, self._session.tz)

        def failed(error: CalmergeError) -> None:
            if not isinstance(error, Conflict):
                self._speaker.problem(error)
                return
            self._speaker.ask(
                _("Book it all the same?"),
                error.message,
                keep=_("Do not book"),
                deed=_("Book {when}").format(when=when),
                then=lambda: self._book(job.book, one, number, self._speaker.problem, force=True),
            )

        self._speaker.ask(
            _("Book {when}?").format(when=when),
            words.leaves(one, self._calendar(one), offline=False),
            keep=_("Do not book"),
            deed=_("Book and tell 1 person"),
            then=lambda: self._book(job.book, one, number, failed, force=force),
        )

    def settle(self, one: Request) -> None:
        """Seen."""
        job = self._session.desk.requests
        said = _("The offer stands as before.") if one.proposal else _("Put aside.")
        self._run(lambda: job.settle(one), lambda _deed: said, one.key)

    def remove(self, one: Request) -> None:
        """A cancelled event leaves the calendar."""
        job = self._session.desk.requests
        self._run(lambda: job.remove(one), lambda _deed: _("“{title}” deleted").format(title=words.title(one)), one.key)

    # inside

    def _run(self, work: Callable[[], Deed], say: Callable[[Deed], str], key: str = "") -> None:
        def then(deed: Deed) -> None:
            self._session.touch()
            back = deed.letters or deed.ticket or deed.settled
            self._speaker.toast(say(deed), (lambda: self._take_back(deed, key)) if back else None)
            self.done.emit()

        self._session.runner.ask(work, then, self._speaker.problem, owner=self)

    def _book(
        self,
        book: Callable[..., Proposal],
        one: Request,
        number: int,
        failed: Callable[[CalmergeError], None],
        *,
        force: bool,
    ) -> None:
        def then(_proposal: Proposal) -> None:
            self._session.touch()
            self._speaker.toast(_("“{title}” is booked.").format(title=words.title(one)))
            self.done.emit()

        self._session.runner.ask(lambda: book(one.proposal, number, force=force), then, failed, owner=self)

    def _take_back(self, deed: Deed, key: str) -> None:
        job = self._session.desk.requests

        def then(_nothing: None) -> None:
            self._session.touch()
            said = _("Taken back.")
            if deed.by_server:
                said = _("Taken back. {who} may have heard of it.").format(who=", ".join(deed.recipients))
            self._speaker.toast(said)
            self.returned.emit(key)
            self.done.emit()

        self._session.runner.ask(lambda: job.take_back(deed), then, self._speaker.problem, owner=self)

    def _told(self, who: str, account: str, deed: Deed) -> str:
        """How the other side hears of it."""
        if deed.by_server:
            return _("{account} tells {who}.").format(account=account, who=who)
        if not deed.mailbox:
            return _("The mail to {who} waits until a mailbox sends from {address}.").format(who=who, address=deed.sender)
        if words.is_offline(self._session.accounts):
            return _("You are offline: the mail to {who} waits.").format(who=who)
        return _("{who} gets a mail in {n} seconds.").format(who=who, n=WAIT)

    def _calendar(self, one: Request) -> str:
        found = self._session.calendar(one.calendar) if one.calendar else None
        return found.name if found else ""


def _server() -> str:
    return _("The calendar's server")

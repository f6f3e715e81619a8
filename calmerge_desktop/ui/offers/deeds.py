"""What the person does with an offer, as the window does it: said in a toast with the way back, or asked once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from calmerge_desktop.core.agenda.offers import OfferView
from calmerge_desktop.core.errors import CalmergeError, Conflict
from calmerge_desktop.core.proposal.model import Proposal, State
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.drafts import DraftMail, Drafts
from calmerge_desktop.ui.inbox.deeds import WAIT
from calmerge_desktop.ui.inbox.words import booking_leaves, is_offline, span
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.offers.counter import MANY, CounterSheet
from calmerge_desktop.ui.offers.words import who
from calmerge_desktop.ui.session import Session

T = TypeVar("T")


class OfferDeeds(QObject):
    """Asks the desk; every deed ends in a toast, or in a sentence about what went wrong."""

    done = Signal(str)
    """Something was decided; the id of the offer to look at now."""
    paint_wanted = Signal(object)
    """Other times for this `Proposal` are to be painted over the week."""

    def __init__(self, session: Session, speaker: Speaker, page: QWidget) -> None:
        super().__init__(page)
        self._session, self._speaker, self._page = session, speaker, page
        self.drafts = Drafts(self)
        self.sheet: CounterSheet | None = None
        """The question about other times while it is open."""

    # --- booking ----------------------------------------------------------------------------------------------------

    def book(self, view: OfferView, number: int) -> None:
        """Book a time: event, invitation, holds. Asked once, for a booking is a promise."""
        one = view.proposal
        when = span(*one.slots[number], self._session.tz)
        calendar = self._session.calendar(one.calendar)

        def failed(error: CalmergeError) -> None:
            if not isinstance(error, Conflict):
                self._speaker.problem(error)
                return
            self._speaker.ask(
                _("Book it all the same?"),
                error.message,
                keep=_("Do not book"),
                deed=_("Book {when}").format(when=when),
                then=lambda: self._book(one, number, self._speaker.problem, force=True),
            )

        self._speaker.ask(
            _("Book {when}?").format(when=when),
            booking_leaves(one.title, calendar.name if calendar else "", who(one)),
            keep=_("Do not book"),
            deed=_("Book and tell 1 person"),
            then=lambda: self._book(one, number, failed, force=False),
        )

    # --- taking back ------------------------------------------------------------------------------------------------

    def withdraw(self, view: OfferView) -> None:
        """Nobody is told, so it can be taken back."""
        one, job = view.proposal, self._session.desk.proposing
        shared = any(other.state in (State.OPEN, State.ANSWERED) for other in view.others)
        n = 0 if shared else sum(slot.held for slot in view.slots)
        said = _("The offer to {who} is withdrawn.").format(who=who(one))
        if n:
            freed = ngettext("{n} held time is free again.", "{n} held times are free again.", n).format(n=n)
            said = f"{said} {freed}"
        self._run(lambda: job.withdraw(one.id), said, one.id, lambda: self.reopen(view))

    def reopen(self, view: OfferView) -> None:
        """It stands again, holds included."""
        one, job = view.proposal, self._session.desk.proposing
        said = _("The offer to {who} stands again.").format(who=who(one))
        self._run(lambda: job.reopen(one.id), said, one.id)

    def aside(self, view: OfferView) -> None:
        """The answer chooses nothing."""
        one, job = view.proposal, self._session.desk.proposing
        self._run(lambda: job.set_aside(one.id), _("The offer stands as before."), one.id)

    # --- sending ----------------------------------------------------------------------------------------------------

    def send(self, view: OfferView) -> None:
        """Ask once; a mail that was never queued leaves as the first, another one as a reminder."""
        one, job = view.proposal, self._session.desk.proposing
        again = any(letter.key.endswith(":offer") for letter in view.letters)
        named = f"{one.name} ({one.to})" if one.name else one.to
        title = (
            _("Send the offer once more?")
            if again
            else ngettext("Send the offer to {n} person?", "Send the offer to {n} people?", 1).format(n=1)
        )
        self._speaker.ask(
            title,
            _("{who} gets a mail with these times, your name and the length. Nothing else leaves.").format(who=named),
            keep=_("Do not send"),
            deed=ngettext("Send to {n} person", "Send to {n} people", 1).format(n=1),
            then=lambda: self._run(lambda: job.send(one, once_more=True), self._leaves(one), one.id),
        )

    def copy(self, view: OfferView) -> None:
        """The mail onto the clipboard, as text, as rich text and with the times as a calendar."""
        one, mail = view.proposal, self._session.desk.proposing.mail

        def forms() -> tuple[str, str, str]:
            words = mail.words(one)
            return words.text(), words.html(), mail.calendar_text(one)

        def then(found: tuple[str, str, str]) -> None:
            data = QMimeData()
            data.setText(found[0])
            data.setHtml(found[1])
            data.setData("text/calendar", found[2].encode())
            QApplication.clipboard().setMimeData(data)
            self._speaker.toast(_("Copied. Paste it into any mail."))

        self._ask(forms, then)

    # --- other times ------------------------------------------------------------------------------------------------

    def others(self, view: OfferView) -> None:
        """Suggest other times, and ask in a sheet before they leave."""
        one, desk = view.proposal, self._session.desk

        def found() -> tuple[Proposal, bool]:
            made = desk.proposing.others(one.id, count=MANY)
            return made, desk.requests.mailboxes() > 0

        self._ask(found, lambda pair: self._open_sheet(one, *pair))

    def _open_sheet(self, one: Proposal, found: Proposal, sends: bool) -> None:
        if self.sheet is not None:
            return
        sheet = self.sheet = CounterSheet(self._page.window(), self._session, found, sends=sends)
        sheet.chosen.connect(lambda slots: self._word(sheet, one, slots))
        sheet.send_wanted.connect(lambda: self._counter(sheet, send=True))
        sheet.draft_wanted.connect(lambda: self._counter(sheet, send=False))
        sheet.paint_wanted.connect(lambda: self.paint_wanted.emit(one))
        sheet.closed.connect(self._sheet_closed)
        sheet.open()

    def _sheet_closed(self) -> None:
        self.sheet = None

    def _word(self, sheet: CounterSheet, one: Proposal, slots: tuple[tuple[int, int], ...]) -> None:
        job = self._session.desk.proposing

        def worded() -> tuple[Proposal, str]:
            made = job.others(one.id, slots=slots)
            words = job.mail.words(made)
            return made, f"{words.subject}\n\n{words.text(width=None).strip()}"

        def failed(error: CalmergeError) -> None:
            sheet.mail.setText(error.message)

        self._session.runner.ask(worded, lambda pair: sheet.show_mail(*pair), failed, owner=sheet)

    def _counter(self, sheet: CounterSheet, *, send: bool) -> None:
        made, job = sheet.made, self._session.desk.proposing
        if made is None:
            return
        if send:
            self._run(
                lambda: job.counter(made, send=True, wait=WAIT),
                self._leaves(made),
                made.id,
                lambda: self._take_back(made),
            )
            return

        def kept() -> DraftMail:
            job.counter(made)
            words = job.mail.words(made)
            return DraftMail(f"offer-{made.id[:8]}", (made.to,), words.subject, words.text(), job.mail.draft(made))

        def opened(taken: bool) -> None:
            said = _("The draft is open in your mail program.")
            self._speaker.toast(said if taken else _("No mail program opens drafts here. Copy the mail instead."))

        def then(draft: DraftMail) -> None:
            self._session.touch()
            self.done.emit(made.id)
            self.drafts.open(draft, opened)

        self._ask(kept, then)

    def _take_back(self, made: Proposal) -> None:
        job = self._session.desk.proposing
        self._run(lambda: job.take_back((made,)), _("Taken back. Nothing was sent."), made.follows or made.id)

    # inside

    def _book(self, one: Proposal, number: int, failed: Callable[[CalmergeError], None], *, force: bool) -> None:
        job = self._session.desk.proposing

        def then(_proposal: Proposal) -> None:
            self._session.touch()
            self._speaker.toast(_("“{title}” is booked.").format(title=one.title))
            self.done.emit(one.id)

        self._session.runner.ask(lambda: job.book(one.id, number, force=force), then, failed, owner=self)

    def _leaves(self, one: Proposal) -> str:
        if is_offline(self._session.accounts):
            return _("You are offline: the mail to {who} waits.").format(who=who(one))
        return _("{who} gets a mail in {n} seconds.").format(who=who(one), n=WAIT)

    def _run(self, work: Callable[[], object], said: str, id: str, undo: Callable[[], None] | None = None) -> None:
        def then(_done: object) -> None:
            self._session.touch()
            self._speaker.toast(said, undo)
            self.done.emit(id)

        self._ask(work, then)

    def _ask(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        self._session.runner.ask(work, then, self._speaker.problem, owner=self)

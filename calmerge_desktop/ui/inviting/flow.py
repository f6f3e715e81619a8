"""From a changed event to the mails about it: ask the desk what its guests should get, show it, let it leave or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from calmerge_desktop.core.agenda.inviting import Message, Prepared
from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.itip.message import same_address
from calmerge_desktop.core.model import EventDetail, Instance, Scope
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.drafts import DraftMail, Drafts
from calmerge_desktop.ui.inviting.sheet import InviteSheet
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.session import Session

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.desk import Desk
    from calmerge_desktop.ui.main_window import MainWindow

Delete = Callable[[Instance, Scope], None]


class InviteFlow(QObject):
    """One sheet at a time; nothing leaves without it."""

    def __init__(self, window: MainWindow, session: Session, speaker: Speaker) -> None:
        super().__init__(window)
        self._window, self._session, self._speaker = window, session, speaker
        self.drafts = Drafts(self)

    def after(self, detail: EventDetail) -> None:
        """An event was made or changed: when its guests should hear of it, ask."""
        if not detail.event.attendees:
            return
        id, desk = detail.instance.id, self._session.desk

        def work() -> Prepared | None:
            return desk.inviting.prepare(id) if desk.inviting.due(id) else None

        self._session.runner.ask(work, self._show_if_any, lambda _error: None, owner=self)

    def open(self, id: str) -> None:
        """The person wants to tell the guests."""
        desk = self._session.desk
        self._session.runner.ask(lambda: desk.inviting.prepare(id), self._show_if_any, self._speaker.problem, owner=self)

    def delete(self, instance: Instance, scope: Scope, delete: Delete) -> None:
        """Delete; when guests know of the event, ask first whether they are told. `delete` does it here."""
        desk = self._session.desk

        def work() -> Prepared | None:
            if scope is Scope.FOLLOWING or not desk.inviting.due(instance.id, cancel=True):
                return None
            return desk.inviting.prepare(instance.id, cancel=True, one=scope is Scope.THIS)

        def then(prepared: Prepared | None) -> None:
            if prepared is None or self._window.floating() is not None:
                delete(instance, scope)
                return
            self._show(prepared, cancelled=(instance, scope, delete))

        self._session.runner.ask(work, then, lambda _error: delete(instance, scope), owner=self)

    def _show_if_any(self, prepared: Prepared | None) -> None:
        if prepared is not None and self._window.floating() is None:
            self._show(prepared)

    def _show(self, prepared: Prepared, cancelled: tuple[Instance, Scope, Delete] | None = None) -> None:
        desk = self._session.desk

        def then(sends: bool) -> None:
            sheet = InviteSheet(self._window, prepared, sends=sends, cancels=cancelled is not None)
            sheet.send_wanted.connect(lambda: self._leave(sheet.prepared, cancelled, by_hand=False))
            sheet.draft_wanted.connect(lambda: self._leave(sheet.prepared, cancelled, by_hand=True))
            sheet.worded.connect(lambda word: self._word(sheet, word))
            if cancelled is not None:
                instance, scope, delete = cancelled
                sheet.here_wanted.connect(lambda: delete(instance, scope))
            sheet.open()

        self._session.runner.ask(lambda: sends_from(desk, prepared.sender), then, self._speaker.problem, owner=self)

    def _word(self, sheet: InviteSheet, word: str) -> None:
        """The mails once more, with the person's word in them."""
        desk, before = self._session.desk, sheet.prepared

        def work() -> Prepared:
            return desk.inviting.prepare(before.event, cancel=before.cancels, one=bool(before.rid), comment=word)

        self._session.runner.ask(work, sheet.show_mails, self._speaker.problem, owner=sheet)

    def _leave(self, prepared: Prepared, cancelled: tuple[Instance, Scope, Delete] | None, *, by_hand: bool) -> None:
        desk = self._session.desk

        def work() -> list[DraftMail]:
            drafts = [_draft(desk, prepared, one) for one in prepared.messages] if by_hand else []
            desk.inviting.send(prepared, by_hand=by_hand)
            if cancelled is not None:
                desk.events.delete(cancelled[0].id, cancelled[1])
            return drafts

        def then(drafts: list[DraftMail]) -> None:
            self._session.touch()
            for draft in drafts:
                self.drafts.open(draft, self._opened)
            if not by_hand:
                count = len(prepared.recipients)
                said = ngettext(
                    "{n} mail leaves with the next connection.", "{n} mails leave with the next connection.", count
                )
                self._speaker.toast(said.format(n=count))

        def failed(error: CalmergeError) -> None:
            self._session.touch()
            self._speaker.problem(error)

        self._session.runner.ask(work, then, failed, owner=self)

    def _opened(self, taken: bool) -> None:
        if taken:
            self._speaker.toast(_("The draft is open in your mail program."))
        else:
            self._speaker.toast(_("No mail program opens drafts here. Add a mailbox in the settings."))


def sends_from(desk: Desk, address: str) -> bool:
    """Whether a mailbox sends from this address."""
    return any(same_address(one.box.address, address) for one in desk.mail.list())


def _draft(desk: Desk, prepared: Prepared, message: Message) -> DraftMail:
    return DraftMail(
        name=f"invitation-{prepared.sequence}-{len(message.recipients)}",
        to=message.recipients,
        subject=message.words.subject,
        text=message.words.text().strip(),
        mail=desk.inviting.draft(prepared, message),
        ics=message.ics,
    )

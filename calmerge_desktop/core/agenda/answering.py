"""What the person decides about requests: each deed is done at once, and what can be taken back says how.

A letter of a deed waits some seconds before it leaves (`wait`), so that taking it back is true and not a second mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from calmerge_desktop.core.agenda.events import Events
from calmerge_desktop.core.agenda.inbox import Inbox
from calmerge_desktop.core.agenda.inviting import Inviting, Prepared
from calmerge_desktop.core.agenda.proposing import Proposing
from calmerge_desktop.core.agenda.requesting import Deed, Fit, Request
from calmerge_desktop.core.agenda.requests import Requests
from calmerge_desktop.core.errors import Conflict, UnknownId
from calmerge_desktop.core.ics.split import decode
from calmerge_desktop.core.instances import split_id
from calmerge_desktop.core.itip.decide import Kind
from calmerge_desktop.core.itip.make import sequence_of
from calmerge_desktop.core.itip.message import bare
from calmerge_desktop.core.letters.mime import looks_like_mail, open_mail
from calmerge_desktop.core.mail_ports import Incoming
from calmerge_desktop.core.model import Scope, Stamp
from calmerge_desktop.core.proposal.model import Proposal
from calmerge_desktop.core.proposal.token import choice_in
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory

_HELD = (Kind.INVITATION.value, Kind.UPDATE.value)


class Answering:
    """See `core.agenda.desk.RequestsJob`."""

    def __init__(
        self, memory: Memory, requests: Requests, events: Events, inviting: Inviting, inbox: Inbox, proposing: Proposing,
        clock: Clock,
    ) -> None:  # fmt: skip
        self._memory = memory
        self._requests = requests
        self._events = events
        self._inviting = inviting
        self._inbox = inbox
        self._proposing = proposing
        self._clock = clock

    # --- looking ----------------------------------------------------------------------------------------------------

    def list(self) -> Sequence[Request]:
        """See `RequestsJob.list`."""
        return self._requests.list()

    def fit(self, request: Request, span: tuple[int, int] | None = None) -> Fit:
        """See `RequestsJob.fit`."""
        return self._requests.fit(request, span)

    def mailboxes(self) -> int:
        """See `RequestsJob.mailboxes`."""
        return len(self._memory.post.mailboxes())

    def take(self, data: bytes) -> Sequence[str]:
        """See `RequestsJob.take`."""
        if looks_like_mail(data):
            calendars = [text for _method, text in open_mail(data).calendars]
        else:
            calendars = [decode(data)] if b"BEGIN:VCALENDAR" in data[:200_000].upper() else []
        if calendars and not any(map(choice_in, calendars)):
            return self._taken(data)
        try:
            return [f"p{self._proposing.read(data, book=False).proposal.id}"]
        except UnknownId:
            return self._taken(data)  # says what is wrong with it, as the command line does

    # --- invitations ------------------------------------------------------------------------------------------------

    def answer(self, event: str, partstat: str, *, comment: str = "", one: bool = False, wait: int = 0) -> Deed:
        """See `RequestsJob.answer`."""
        prepared = self._inviting.answer(event, partstat, comment=comment, one=one, wait=wait)
        return self._deed(prepared, () if one else self._settle(split_id(event)[0], remember=True))

    def propose(self, event: str, start: Stamp, end: Stamp, *, comment: str = "", one: bool = False, wait: int = 0) -> Deed:
        """See `RequestsJob.propose`."""
        prepared = self._inviting.propose_time(event, start, end, comment=comment, one=one, wait=wait)
        return self._deed(prepared, () if one else self._settle(split_id(event)[0], remember=True))

    # --- what guests want -------------------------------------------------------------------------------------------

    def accept_time(self, message: int) -> Deed:
        """See `RequestsJob.accept_time`."""
        prepared = self._inbox.accept_time(message)
        return Deed(recipients=prepared.recipients, by_server=prepared.by_server)

    def keep_time(self, message: int, *, comment: str = "", wait: int = 0) -> Deed:
        """See `RequestsJob.keep_time`."""
        return self._deed(self._inbox.decline_time(message, comment=comment, wait=wait), (message,))

    def accept_answer(self, message: int) -> Deed:
        """See `RequestsJob.accept_answer`."""
        return Deed(ticket=self._inbox.accept_answer(message), settled=(message,))

    def book(self, proposal: str, number: int, *, force: bool = False) -> Proposal:
        """See `RequestsJob.book`."""
        return self._proposing.book(proposal, number, force=force)

    # --- everything else --------------------------------------------------------------------------------------------

    def settle(self, request: Request) -> Deed:
        """See `RequestsJob.settle`."""
        if request.proposal:
            self._proposing.set_aside(request.proposal)
            return Deed()
        if request.message:
            self._memory.post.settle(request.message)
            return Deed(settled=(request.message,))
        return Deed(settled=self._settle(split_id(request.event)[0], remember=True))

    def remove(self, request: Request) -> Deed:
        """See `RequestsJob.remove`."""
        one = "@" in request.event
        ticket = self._events.delete(request.event, Scope.THIS if one else Scope.ALL)
        self._memory.post.settle(request.message)
        return Deed(ticket=ticket, settled=(request.message,))

    def take_back(self, deed: Deed) -> None:
        """See `RequestsJob.take_back`."""
        if deed.letters and not self._memory.post.take_back(deed.letters):
            raise Conflict(_("The mail has left already. Answer again to say something else."))
        if deed.ticket is not None:
            self._events.undo(deed.ticket)
        for message in deed.settled:
            self._memory.post.settle(message, back=True)

    # ----------------------------------------------------------------------------------------------------------------

    def _taken(self, data: bytes) -> Sequence[str]:
        return [f"m{one.message.id}" for one in self._inbox.take(data)]

    def _settle(self, key: str, *, remember: bool = False) -> tuple[int, ...]:
        """Messages that asked about this event are dealt with; which those were.

        A provider's invitation has no message; one is kept to `remember` that this version of it was dealt with.
        """
        asked = [one for one in self._memory.post.incoming() if one.event == key and one.kind in _HELD]
        for one in asked:
            self._memory.post.settle(one.id)
        found = tuple(one.id for one in asked)
        return found or (self._remember(key) if remember else ())

    def _remember(self, key: str) -> tuple[int, ...]:
        held = self._events.held(key)
        version = sequence_of(held.ics)
        known = [one for one in self._memory.post.incoming(everything=True) if one.event == key and one.kind in _HELD]
        if any(sequence_of(one.ics) >= version for one in known):
            return ()  # dealt with before: another answer changes nothing about that
        now = self._clock()
        kept = Incoming(
            digest=f"seen:{key}:{version}",
            at=now,
            method="REQUEST",
            kind=Kind.INVITATION.value,
            uid=self._events.detail(key).event.uid,
            sender=_organizer(self._events, key),
            event=key,
            ics=held.ics,
            state="done",
        )
        number = self._memory.post.keep_incoming(kept)
        return (number,) if number is not None else ()

    def _deed(self, prepared: Prepared, settled: tuple[int, ...]) -> Deed:
        boxes = {bare(one.address) for one in self._memory.post.mailboxes()}
        return Deed(
            recipients=prepared.recipients,
            by_server=prepared.by_server,
            sender=prepared.sender,
            mailbox=bare(prepared.sender) in boxes,
            letters=prepared.letters,
            ticket=prepared.ticket,
            settled=settled,
        )


def _organizer(events: Events, key: str) -> str:
    organizer = events.detail(key).event.organizer
    return organizer.address if organizer else ""

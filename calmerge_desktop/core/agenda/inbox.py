"""What comes in by mail or file: read as far as it is ours, applied where that is allowed, else shown and left alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from calmerge_desktop.core.agenda.events import Events, HeldEvent
from calmerge_desktop.core.agenda.inviting import Inviting, Prepared
from calmerge_desktop.core.errors import BadInput, UnknownId
from calmerge_desktop.core.ics.split import decode
from calmerge_desktop.core.itip import make
from calmerge_desktop.core.itip.decide import Kind, Verdict, decide
from calmerge_desktop.core.itip.held import Held, has_attendee
from calmerge_desktop.core.itip.message import Message as Itip
from calmerge_desktop.core.itip.message import Method, at_instant, bare, read_messages, same_address
from calmerge_desktop.core.letters.mime import looks_like_mail, open_mail
from calmerge_desktop.core.mail_ports import Incoming
from calmerge_desktop.core.model import Access, CalendarId, Changes, Scope, Stamp
from calmerge_desktop.core.proposal.token import choice_in
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock, utc_stamp

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory

_ASKS = frozenset(
    {Kind.INVITATION, Kind.UPDATE, Kind.CANCELLED, Kind.COUNTER, Kind.NOT_ALLOWED, Kind.UNINVITED, Kind.REFRESH}
)  # fmt: skip
"""What the person should look at; the rest is only recorded."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message with what it proposes, when it proposes another time."""

    message: Incoming
    start: Stamp | None = None
    end: Stamp | None = None
    rid: Stamp | None = None


class Inbox:
    """See `core.agenda.desk.InboxJob`."""

    def __init__(self, memory: Memory, events: Events, inviting: Inviting, clock: Clock) -> None:
        self._memory = memory
        self._events = events
        self._inviting = inviting
        self._clock = clock

    def take(self, data: bytes) -> Sequence[Taken]:
        """See `InboxJob.take`."""
        if looks_like_mail(data):
            mail = open_mail(data)
            if not mail.calendars:
                raise BadInput(_("The mail carries no invitation and no answer."))
            texts, sender, reply_to = mail.calendars, mail.sender or None, mail.reply_to
        else:
            texts, sender, reply_to = ((None, decode(data)),), None, ""
        if any(choice_in(text) for _method, text in texts):
            raise BadInput(
                _("This is an answer to an offer, and no invitation."), typed=_("Read it with: calmerge proposal read FILE")
            )
        out: dict[str, Taken] = {}
        for method, text in texts:
            for message in read_messages(text, method=method):
                taken = self._one(message, sender, reply_to)
                out.setdefault(taken.message.digest, taken)
        return list(out.values())

    def list(self, *, everything: bool = False) -> Sequence[Taken]:
        """See `InboxJob.list`."""
        return [self._opened(one) for one in self._memory.post.incoming(everything=everything)]

    def accept_time(self, id: int) -> Prepared:
        """See `InboxJob.accept_time`."""
        taken, held = self._counter(id)
        assert taken.start is not None
        assert taken.end is not None
        scope = Scope.THIS if taken.rid is not None else Scope.ALL
        event = held.key if taken.rid is None else f"{held.key}@{_rid_text(taken.rid)}"
        self._events.edit(event, Changes(start=taken.start, end=taken.end), scope)
        prepared = self._inviting.prepare(event, one=taken.rid is not None)
        self._inviting.send(prepared)
        self._memory.post.settle(id)
        return prepared

    def decline_time(self, id: int, *, comment: str = "", wait: int = 0) -> Prepared:
        """See `InboxJob.decline_time`."""
        taken, held = self._counter(id)
        prepared = self._inviting.keep_time(held, taken.rid, taken.message.sender, comment=comment, wait=wait)
        self._memory.post.settle(id)
        return prepared

    def accept_answer(self, id: int) -> str:
        """See `InboxJob.accept_answer`."""
        one = next((each for each in self._memory.post.incoming(everything=True) if each.id == id), None)
        if one is None or one.kind != Kind.NOT_ALLOWED or one.method != Method.REPLY:
            raise UnknownId(_("There is no answer “{id}” that waits for your word.").format(id=id))
        held = self._events.find_uid(one.uid)
        message = read_messages(one.ics, method=one.method)[0]
        # Without a sender: the person's word stands for it, as when they open a file.
        verdict = decide(message, held.ics if held else None, self._inviting.addresses(), None, self._clock())
        if held is None or verdict.after is None:
            said = _("This answer cannot be noted: it is older than what is known, or not from a guest of your event.")
            raise BadInput(said)
        ticket = self._events.keep_text(held.key, verdict.after)
        self._memory.post.settle(id)
        return ticket

    def settle(self, id: int) -> None:
        """See `InboxJob.settle`."""
        self._memory.post.settle(id)

    # ----------------------------------------------------------------------------------------------------------------

    def _one(self, message: Itip, sender: str | None, reply_to: str) -> Taken:
        held = self._events.find_uid(message.uid)
        if held is None and message.organizer and same_address(reply_to, message.organizer.address):
            sender = reply_to  # servers send for people; a first invitation only asks, so this much is believed
        me = self._inviting.addresses()
        verdict = decide(message, held.ics if held else None, me, sender, self._clock())
        key = held.key if held else ""
        if verdict.after is not None:
            key = self._apply(verdict, held, message)
        text = message.resource()
        kept = Incoming(
            digest=_digest(message, sender, text),
            at=self._clock(),
            method=message.method.value,
            kind=verdict.kind.value,
            uid=message.uid,
            sender=verdict.who or bare(sender or ""),
            comment=verdict.comment,
            partstat=verdict.partstat,
            event=key,
            ics=text,
            state="open" if verdict.kind in _ASKS else "done",
        )
        number = self._memory.post.keep_incoming(kept)
        if number is None:
            known = next((one for one in self._memory.post.incoming(everything=True) if one.digest == kept.digest), kept)
            kept = replace(kept, id=known.id, kind=Kind.KNOWN.value, state=known.state)
        else:
            kept = replace(kept, id=number)
        return Taken(kept, verdict.start, verdict.end, verdict.rid)

    def _apply(self, verdict: Verdict, held: HeldEvent | None, message: Itip) -> str:
        assert verdict.after is not None
        if held is None:
            return self._events.add_text(self._place_for(message), verdict.after)
        if held.calendar.access is Access.WRITE:
            self._events.keep_text(held.key, verdict.after)
        return held.key

    def _place_for(self, message: Itip) -> CalendarId:
        """Where a new invitation goes: the account that was invited, else where new events go. Raises `UnknownId`."""
        accounts = {one.id: one for one in self._memory.accounts()}
        writable = [one for one in self._memory.calendars() if one.access is Access.WRITE]
        block = message.main.block
        invited = [one for one in writable if (address := accounts[one.account_id].address) and has_attendee(block, address)]
        chosen = next((one for one in invited if one.default), None) or next(iter(invited), None)
        chosen = chosen or next((one for one in writable if one.default), None)
        if chosen is None:
            raise UnknownId(
                _("No calendar takes new events."), typed=_("Choose one with: calmerge calendar set ID --default")
            )
        return chosen.id

    def _opened(self, one: Incoming) -> Taken:
        if one.method != Method.COUNTER:
            return Taken(one)
        event = read_messages(one.ics, method=one.method)[0].main.event
        return Taken(one, event.start, event.end, event.recurrence_id)

    def _counter(self, id: int) -> tuple[Taken, HeldEvent]:
        found = next((one for one in self.list() if one.message.id == id), None)
        if found is None or found.message.kind != Kind.COUNTER:
            raise UnknownId(_("There is no proposal “{id}” that waits for you.").format(id=id))
        held = self._events.held(found.message.event)
        if make.sequence_of(held.ics) > Held(found.message.ics).event(Held(found.message.ics).main).sequence:
            raise BadInput(_("The event was changed since this time was proposed."))
        return found, held


def _digest(message: Itip, sender: str | None, text: str) -> str:
    of = f"{message.method}\n{message.uid}\n{sender or ''}\n{text}"
    return hashlib.blake2b(of.encode(), digest_size=16).hexdigest()


def _rid_text(rid: Stamp) -> str:
    if not isinstance(rid.value, datetime):
        return f"{rid.value:%Y%m%d}".zfill(8)
    return utc_stamp(at_instant(rid)) if rid.tzid else f"{rid.value:%Y%m%dT%H%M%S}".zfill(15)

"""Inviting people and answering invitations: the event, the message, the letter, and that nothing is sent twice.

A server that schedules by itself (RFC 6638, Google, Graph) sends the messages; then none of ours goes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from calmerge_desktop.core.agenda import servers, telling
from calmerge_desktop.core.agenda.events import Events, HeldEvent
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.ics.values import stamp as read_stamp
from calmerge_desktop.core.instances import open_series, placed, resolved, split_id
from calmerge_desktop.core.itip import make
from calmerge_desktop.core.itip.held import NEW_TIME, Held, has_attendee
from calmerge_desktop.core.itip.message import Method, at_instant, bare, is_me, read_messages
from calmerge_desktop.core.letters import kinds, mime, times
from calmerge_desktop.core.letters.letter import Letter as Words
from calmerge_desktop.core.mail_ports import Letter, SentBefore
from calmerge_desktop.core.model import Access, Instance, Scope, Stamp
from calmerge_desktop.core.texts import _, language
from calmerge_desktop.core.when import Clock, midnight, seconds_date, utc_stamp
from calmerge_desktop.core.when import zone as checked_zone
from calmerge_desktop.core.zones import iana

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory

ANSWERS = ("accepted", "declined", "tentative")


@dataclass(frozen=True, slots=True)
class Message:
    """One iTIP message and to whom it goes."""

    method: str
    recipients: tuple[str, ...]
    ics: str
    words: Words


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would leave the computer, before anything does."""

    event: str
    uid: str
    sender: str
    sequence: int
    messages: tuple[Message, ...]
    by_server: bool
    """The calendar's server sends it: no letter of ours goes out."""
    after: str
    """The event as it stands once this is sent."""
    rid: str = ""
    ticket: str | None = None
    """Of the change to the person's own copy, for `EventsJob.undo`; None when there was none."""
    letters: tuple[str, ...] = ()
    """Keys of the letters that were queued."""
    again: bool = False
    """The guests got something about this event before."""

    @property
    def cancels(self) -> bool:
        """Whether it calls the event off."""
        return self.messages[0].method == Method.CANCEL

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everybody who gets a message."""
        return tuple(dict.fromkeys(one for message in self.messages for one in message.recipients))


class Inviting:
    """See `core.agenda.desk.InvitingJob`."""

    def __init__(self, memory: Memory, events: Events, clock: Clock, home_tzid: str) -> None:
        self._memory = memory
        self._events = events
        self._clock = clock
        self._home = home_tzid

    # --- as organizer -----------------------------------------------------------------------------------------------

    def prepare(self, id: str, *, cancel: bool = False, one: bool = False, comment: str = "") -> Prepared:
        """See `InvitingJob.prepare`."""
        key, rid_text = split_id(id)
        held = self._events.held(key)
        if not one:
            rid_text = None
        rid = read_stamp(rid_text, None) if rid_text else None
        work = Held(held.ics)
        me = self.addresses()
        organizer = work.organizer
        if organizer is None or not make.recipients(held.ics, me):
            raise BadInput(_("Nobody is invited to this event."))
        if not is_me(organizer.address, me):
            raise BadInput(_("Only the organizer can invite to this event."))
        before = self._memory.post.sent_before(key)
        sequence = make.sequence_of(held.ics) if before is None else max(make.sequence_of(held.ics), before.sequence + 1)
        if cancel and before is None:
            sequence += 1
        ics = make.numbered(held.ics, sequence)
        if not cancel and before is not None and self._times(before.ics, held, rid) != self._times(ics, held, rid):
            ics = make.asked_again(ics)
        messages = (
            self._cancels(held, ics, rid, sequence, comment) if cancel else self._requests(held, ics, rid, before, comment)
        )
        return Prepared(
            event=id,
            uid=work.event(work.main).uid,
            sender=organizer.address,
            sequence=sequence,
            messages=tuple(messages),
            by_server=servers.schedules(held.account),
            after=_cancelled(ics, messages) if cancel else ics,
            rid=rid_text or "",
            again=before is not None,
        )

    def send(self, prepared: Prepared, *, by_hand: bool = False) -> int:
        """See `InvitingJob.send`."""
        key = split_id(prepared.event)[0]
        now = self._clock()
        held = self._events.held(key)
        if prepared.by_server and prepared.cancels and held.account.provider not in servers.OWN_WORD:
            self._events.delete(prepared.event, Scope.THIS if prepared.rid else Scope.ALL)
        elif held.ics != prepared.after:
            self._events.keep_text(key, prepared.after)
        letters = [] if prepared.by_server or by_hand else list(self._letters(prepared, now))
        added = self._memory.post.put_letters(letters)
        stays = () if prepared.cancels and not prepared.rid else tuple(
            make.recipients(prepared.after, self.addresses())
        )  # fmt: skip
        self._memory.post.remember_sent(key, "", SentBefore(prepared.sequence, stays, now, prepared.after))
        return added

    def due(self, id: str, *, cancel: bool = False) -> telling.Word:
        """See `InvitingJob.due`."""
        held = self._events.held(split_id(id)[0])
        if servers.schedules(held.account):
            return ""
        return telling.due(held, self._memory.post.sent_before(held.key), self.addresses(), cancel=cancel)

    def keep_time(self, held: HeldEvent, rid: Stamp | None, guest: str, *, comment: str = "", wait: int = 0) -> Prepared:
        """Tell a guest who proposed another time that it stays as it is (DECLINECOUNTER)."""
        now = self._clock()
        reader = self._reader()
        text = make.decline_counter(held.ics, rid, now=now, comment=comment)
        organizer = _organizer(held.ics)
        meeting = self._meeting(held, rid, self._shown(held.ics, held, rid), reader)
        words = kinds.stays(meeting, reader, host=self._name(organizer), guest="", comment=comment)
        message = Message(Method.DECLINECOUNTER, (guest,), text, words)
        return self._queue(held.key, held, organizer, (message,), held.ics, now, wait)

    # --- as guest ---------------------------------------------------------------------------------------------------

    def answer(self, id: str, partstat: str, *, comment: str = "", one: bool = False, wait: int = 0) -> Prepared:
        """See `InvitingJob.answer`."""
        if partstat not in ANSWERS:
            raise BadInput(_("The answer is accepted, declined or tentative."))
        held, rid, mine, instance = self._asked(id, one=one)
        now = self._clock()
        text = make.reply(held.ics, rid, mine, partstat, now=now, comment=comment)
        work = Held(held.ics)
        organizer = work.organizer
        assert organizer is not None
        work.answer(mine, partstat, rid, at=0, more=servers.said(held.account, comment))
        after, ticket = work.text(), None
        if held.calendar.access is Access.WRITE:
            ticket = self._events.keep_text(held.key, after)
        reader = self._reader()
        meeting = self._meeting(held, rid, instance, reader)
        words = kinds.answer(meeting, partstat, reader, me=self._name(mine), organizer=organizer.name, comment=comment)
        message = Message(Method.REPLY, (organizer.address,), text, words)
        return replace(self._queue(id, held, mine, (message,), after, now, wait), ticket=ticket)

    def propose_time(
        self, id: str, start: Stamp, end: Stamp, *, comment: str = "", one: bool = False, wait: int = 0
    ) -> Prepared:
        """See `InvitingJob.propose_time`."""
        held, rid, mine, instance = self._asked(id, one=one)
        now = self._clock()
        reader = self._reader()
        low, high = self._instants(start, end)
        if high <= low:
            raise BadInput(_("The event ends before it starts."))
        if low <= now:
            raise BadInput(_("This time is over already."))
        text = make.counter(held.ics, rid, mine, start, end, now=now, comment=comment)
        organizer = Held(held.ics).organizer
        assert organizer is not None
        words = kinds.another_time(
            self._meeting(held, rid, instance, reader),
            times.ticket(low, high, reader),
            reader,
            me=self._name(mine),
            organizer=organizer.name,
            comment=comment,
        )
        message = Message(Method.COUNTER, (organizer.address,), text, words)
        after, ticket = held.ics, None
        if servers.proposes(held):
            work = Held(held.ics)
            work.answer(mine, "tentative", rid, at=0, more=servers.said(held.account, comment))
            (work.of(rid) or work.main).put(NEW_TIME, f"{NEW_TIME}:{utc_stamp(low)}/{utc_stamp(high)}")
            after = work.text()
            ticket = self._events.keep_text(held.key, after)
        return replace(self._queue(id, held, mine, (message,), after, now, wait), ticket=ticket)

    # --- shared -----------------------------------------------------------------------------------------------------

    def addresses(self) -> list[str]:
        """All mail addresses that are the person's."""
        found = [one.address for one in self._memory.accounts() if one.address]
        found += [one.address for one in self._memory.post.mailboxes()]
        return list(dict.fromkeys(bare(one) for one in found))

    def draft(self, prepared: Prepared, message: Message) -> str:
        """One message as a mail to all its recipients, to be opened in a mail program."""
        envelope = mime.Envelope(
            prepared.sender, message.recipients, self._name(prepared.sender), self._key(prepared, message, "")
        )
        return mime.compose(message.words, envelope, self._clock(), ics=message.ics, method=message.method, draft=True)

    # ----------------------------------------------------------------------------------------------------------------

    def _requests(
        self, held: HeldEvent, ics: str, rid: Stamp | None, before: SentBefore | None, comment: str
    ) -> list[Message]:
        now = self._clock()
        me = self.addresses()
        people = make.recipients(ics, me)
        reader = self._reader()
        instance = self._shown(ics, held, rid)
        meeting = self._meeting(held._replace(ics=ics), rid, instance, reader)
        old = self._shown(before.ics, held, rid) if before else None
        host = self._name(_organizer(ics))
        text = make.request(ics, rid, now=now)
        messages = []
        if old is not None and (old.start, old.end) != (instance.start, instance.end):
            ticket = self._ticket(old, reader)
            known = [one for one in people if before and one in before.recipients]
            words = kinds.moved(meeting, ticket, reader, host=host, guest="", reason=comment)
            messages.append(Message(Method.REQUEST, tuple(known), text, words))
            people = [one for one in people if one not in known]
        elif before is not None:
            known = [one for one in people if one in before.recipients]
            words = kinds.invitation(meeting, reader, host=host, guest="", updated=True)
            messages.append(Message(Method.REQUEST, tuple(known), text, words))
            people = [one for one in people if one not in known]
        if people:
            messages.append(
                Message(Method.REQUEST, tuple(people), text, kinds.invitation(meeting, reader, host=host, guest=""))
            )
        gone = [one for one in before.recipients if one not in make.recipients(ics, me)] if before and rid is None else []
        if gone:
            sequence = make.sequence_of(ics)
            text = make.cancel(ics, None, now=now, sequence=sequence, only=gone, comment=comment)
            words = kinds.cancelled(meeting, reader, host=host, guest="", reason=comment)
            messages.append(Message(Method.CANCEL, tuple(gone), text, words))
        return [one for one in messages if one.recipients]

    def _cancels(self, held: HeldEvent, ics: str, rid: Stamp | None, sequence: int, comment: str) -> list[Message]:
        reader = self._reader()
        text = make.cancel(ics, rid, now=self._clock(), sequence=sequence, comment=comment)
        meeting = self._meeting(held, rid, self._shown(ics, held, rid), reader)
        words = kinds.cancelled(meeting, reader, host=self._name(_organizer(ics)), guest="", reason=comment)
        return [Message(Method.CANCEL, tuple(make.recipients(ics, self.addresses())), text, words)]

    def _asked(self, id: str, *, one: bool) -> tuple[HeldEvent, Stamp | None, str, Instance]:
        """The event, the occurrence meant, our own address among those invited, and what is shown of it."""
        key, rid_text = split_id(id)
        held = self._events.held(key)
        work = Held(held.ics)
        rid = read_stamp(rid_text, None) if rid_text and one else None
        block = work.of(rid) or work.main
        mine = next((address for address in self.addresses() if has_attendee(block, address)), None)
        if mine is None:
            raise BadInput(_("You are not invited to this event."))
        return held, rid, mine, self._shown(held.ics, held, rid)

    def _queue(
        self, id: str, held: HeldEvent, mine: str, messages: tuple[Message, ...], after: str, now: int, wait: int
    ) -> Prepared:
        work = Held(held.ics)
        uid = work.event(work.main).uid
        by_server = servers.schedules(held.account) and messages[0].method == Method.REPLY
        by_server = by_server or (servers.proposes(held) and messages[0].method == Method.COUNTER)
        prepared = Prepared(id, uid, mine, make.sequence_of(held.ics), messages, by_server, after)
        if by_server:
            return prepared
        letters = [replace(one, not_before=now + wait) for one in self._letters(prepared, now, stamp=f":{now}")]
        self._memory.post.put_letters(letters)
        return replace(prepared, letters=tuple(one.key for one in letters))

    def _letters(self, prepared: Prepared, now: int, stamp: str = "") -> list[Letter]:
        out = []
        work = Held(prepared.after)
        names = {one.address: one.name for block in work.blocks for one in work.event(block).attendees}
        for message in prepared.messages:
            for person in message.recipients:
                key = self._key(prepared, message, person) + stamp
                envelope = mime.Envelope(prepared.sender, (person,), self._name(prepared.sender), key)
                words = kinds.greeted(message.words, self._reader(), names.get(person, ""))
                text = mime.compose(words, envelope, now, ics=message.ics, method=message.method)
                out.append(
                    Letter(
                        key=key,
                        created=now,
                        sender=prepared.sender,
                        recipient=person,
                        subject=message.words.subject,
                        mime=text,
                    )
                )
        return out

    @staticmethod
    def _key(prepared: Prepared, message: Message, person: str) -> str:
        return f"{message.method}:{prepared.uid}:{prepared.rid}:{prepared.sequence}:{person}"

    def _reader(self) -> times.Reader:
        return times.Reader(language(), self._home, self._home)

    def _name(self, address: str) -> str:
        boxes = {bare(one.address): one.name for one in self._memory.post.mailboxes()}
        return boxes.get(bare(address)) or address

    def _shown(self, ics: str, held: HeldEvent, rid: Stamp | None) -> Instance:
        """The occurrence, or the first one, in the person's zone."""
        book = self._memory.books()[held.calendar.id]
        series, _bad = open_series(ics, book.tzid)
        wanted = series.rid_of(rid) if rid is not None else None
        for found in placed(series, book, held.key, -(1 << 40), 1 << 40):
            if wanted is None or found.place == wanted:
                return resolved(found, iana(self._home))
        raise BadInput(_("This occurrence does not exist any more."))

    def _times(self, ics: str, held: HeldEvent, rid: Stamp | None) -> tuple[int, int]:
        shown = self._shown(ics, held, rid)
        return shown.start, shown.end

    def _meeting(self, held: HeldEvent, rid: Stamp | None, instance: Instance, reader: times.Reader) -> kinds.Meeting:
        work = Held(held.ics)
        event = work.event(work.main)
        people = [one.name or one.address for one in event.attendees]
        start = instance.start
        if instance.all_day:
            start = midnight(seconds_date(instance.start), checked_zone(reader.tzid))
        return kinds.Meeting(
            title=event.summary or _("Appointment"),
            start=start,
            ticket=self._ticket(instance, reader),
            place=event.location,
            url=event.conference_url or "",
            people=tuple(people),
            repeats="" if rid is not None else times.repeats(event, start, reader),
        )

    @staticmethod
    def _ticket(instance: Instance, reader: times.Reader) -> times.Ticket:
        if not instance.all_day:
            return times.ticket(instance.start, instance.end, reader)
        tz = checked_zone(reader.tzid)
        first = midnight(seconds_date(instance.start), tz)
        last = midnight(seconds_date(instance.end) - timedelta(days=1), tz)
        return times.all_day_ticket(times.at(first, reader.tzid), times.at(last, reader.tzid), reader)

    def _instants(self, start: Stamp, end: Stamp) -> tuple[int, int]:
        if start.all_day or end.all_day:
            raise BadInput(_("Another time needs a time of day."))
        return at_instant(start), at_instant(end)


def _cancelled(ics: str, messages: Sequence[Message]) -> str:
    work = Held(ics)
    work.cancel(read_messages(messages[0].ics)[0].main)
    return work.text()


def _organizer(ics: str) -> str:
    organizer = Held(ics).organizer
    return organizer.address if organizer else ""

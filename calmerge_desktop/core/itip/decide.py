"""What a message means for what we hold, and who may do what (RFC 5546 §3.2, §4). Nothing is changed here without right.

An organizer's word counts only from the organizer, an answer only from somebody who is invited; everything else is shown to
the person and left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from calmerge_desktop.core.errors import UnreadableEvent
from calmerge_desktop.core.itip.held import REPLIED, Held, attendees, has_attendee
from calmerge_desktop.core.itip.message import Message, Method, Part, at_instant, bare, is_me, same_address
from calmerge_desktop.core.model import Attendee, Stamp


class Kind(StrEnum):
    """What became of a message."""

    INVITATION = "invitation"
    """New: the person is asked."""
    UPDATE = "update"
    CANCELLED = "cancelled"
    ANSWER = "answer"
    COUNTER = "counter"
    """Somebody proposes another time; the organizer decides."""
    DECLINED_COUNTER = "counter-declined"
    REFRESH = "refresh"
    """Somebody asks for the latest version."""
    PUBLISHED = "published"
    OLD = "old"
    """A later version is known already."""
    KNOWN = "known"
    """Exactly this is known already."""
    NOT_ALLOWED = "not-allowed"
    """Not from whom it would have to come: shown, never applied."""
    UNINVITED = "uninvited"
    """An answer from somebody who was not asked."""
    UNKNOWN = "unknown-event"
    """It speaks of an event that is not here."""
    PAST = "past"
    """A proposal for a time that is over."""


APPLIED = frozenset({Kind.INVITATION, Kind.UPDATE, Kind.CANCELLED, Kind.ANSWER, Kind.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on one message. `after` is the resource to keep, None when nothing changes."""

    kind: Kind
    uid: str
    rid: Stamp | None = None
    after: str | None = None
    who: str = ""
    """Address of the sender, as far as it is known."""
    partstat: str = ""
    comment: str = ""
    start: Stamp | None = None
    end: Stamp | None = None
    """Of a counter-proposal."""
    moved: bool = False
    """The update changed the time, so an earlier answer does not hold."""


def decide(message: Message, have: str | None, me: Sequence[str], sender: str | None, now: int) -> Verdict:
    """What `message` means. `have` is our resource of the UID, `me` all addresses of the person.

    `sender` is whom the mail came from; None when the person opened a file, whose word is then taken for the sender's.
    """
    held = _held(have) if have else None
    match message.method:
        case Method.REQUEST | Method.ADD:
            return _request(message, held, me, sender)
        case Method.PUBLISH:
            return _publish(message, held, me)
        case Method.CANCEL:
            return _cancel(message, held, me, sender)
        case Method.REPLY:
            return _reply(message, held, me, sender)
        case Method.COUNTER:
            return _counter(message, held, me, sender, now)
        case Method.REFRESH:
            return _refresh(message, held, me, sender)
        case Method.DECLINECOUNTER:
            return _plain(Kind.DECLINED_COUNTER if held else Kind.UNKNOWN, message, sender)


def _held(have: str) -> Held | None:
    """None for a copy nobody can read: a new message takes its place."""
    try:
        return Held(have)
    except UnreadableEvent:
        return None


def _plain(kind: Kind, message: Message, sender: str | None) -> Verdict:
    main = message.main
    return Verdict(kind, message.uid, main.event.recurrence_id, who=bare(sender or ""), comment=main.comment)


def _from_organizer(organizer: Attendee | None, message: Message, sender: str | None) -> bool:
    """Whether the word of `sender` is that of the event's organizer, directly or by SENT-BY (RFC 5546 §4.4)."""
    claimed = message.organizer
    if organizer is None or claimed is None or not same_address(organizer.address, claimed.address):
        return False
    if sender is None or same_address(sender, organizer.address):
        return True
    line = message.main.block.first("ORGANIZER")
    by = line.param("SENT-BY") if line else None
    return by is not None and same_address(sender, by)


def _request(message: Message, held: Held | None, me: Sequence[str], sender: str | None) -> Verdict:
    if held is None:
        organizer = message.organizer
        if organizer is None or is_me(organizer.address, me) or not _from_organizer(organizer, message, sender):
            return _plain(Kind.NOT_ALLOWED, message, sender)
        return Verdict(Kind.INVITATION, message.uid, after=_first_copy(message), who=organizer.address)
    if is_me(held.organizer.address if held.organizer else None, me):
        return _plain(Kind.NOT_ALLOWED, message, sender)  # nobody else changes what the person organizes
    if not _from_organizer(held.organizer, message, sender):
        return _plain(Kind.NOT_ALLOWED, message, sender)
    newer = [part for part in message.parts if part.version > held.version(part.event.recurrence_id)]
    if not newer:
        known = any(part.version == held.version(part.event.recurrence_id) for part in message.parts)
        return _plain(Kind.KNOWN if known else Kind.OLD, message, sender)
    moved = False
    answers = _own_answers(held, me)
    if message.whole and message.main in newer:
        moved = _moved(held, message.main)
        held.replace_whole(message.parts, message.zones)
    else:
        for part in newer:
            moved = moved or _moved(held, part)
            held.replace_one(part, message.zones)
    if not moved:
        _keep_answers(held, answers)
    return Verdict(Kind.UPDATE, message.uid, message.main.event.recurrence_id, held.text(), bare(sender or ""), moved=moved)


def _first_copy(message: Message) -> str:
    held = Held(message.resource())
    for block in held.blocks:
        block.parts = [part for part in block.parts if isinstance(part, str) or part.kind != "VALARM"]
    return held.text()


def _moved(held: Held, part: Part) -> bool:
    """Whether the times or the repetition differ from what the person answered to."""
    block = held.of(part.event.recurrence_id)
    if block is None:
        return True
    before, after = held.event(block), part.event
    same_start = at_instant(before.start, held.zones) == at_instant(after.start, held.zones)
    same_end = (before.end, before.duration) == (after.end, after.duration)
    return not same_start or not same_end or before.rrules != after.rrules


def _own_answers(held: Held, me: Sequence[str]) -> dict[str, str]:
    block = held.main
    return {bare(line.value): line.param("PARTSTAT") or "" for _index, line in attendees(block) if is_me(line.value, me)}


def _keep_answers(held: Held, answers: dict[str, str]) -> None:
    """An update of words alone does not undo an answer, though some organizers send NEEDS-ACTION with it."""
    for block in held.blocks:
        for _index, line in list(attendees(block)):
            before = answers.get(bare(line.value), "").upper()
            if before and before != "NEEDS-ACTION" and (line.param("PARTSTAT") or "NEEDS-ACTION").upper() == "NEEDS-ACTION":
                held.answer(line.value, before, held.event(block).recurrence_id, at=0)


def _publish(message: Message, held: Held | None, me: Sequence[str]) -> Verdict:
    if held is None:
        return Verdict(Kind.PUBLISHED, message.uid, after=message.resource())
    if is_me(held.organizer.address if held.organizer else None, me):
        return _plain(Kind.NOT_ALLOWED, message, None)
    if message.main.version <= held.version(message.main.event.recurrence_id):
        return _plain(Kind.KNOWN, message, None)
    held.replace_whole(message.parts, message.zones)
    return Verdict(Kind.UPDATE, message.uid, after=held.text())


def _cancel(message: Message, held: Held | None, me: Sequence[str], sender: str | None) -> Verdict:
    if held is None:
        return _plain(Kind.UNKNOWN, message, sender)
    if is_me(held.organizer.address if held.organizer else None, me) or not _from_organizer(held.organizer, message, sender):
        return _plain(Kind.NOT_ALLOWED, message, sender)
    changed = False
    for part in message.parts:
        seen = held.version(part.event.recurrence_id)
        named = [bare(line.value) for _index, line in attendees(part.block)]
        only_others = part.event.status.value != "cancelled" and named and not any(is_me(one, me) for one in named)
        block = held.of(part.event.recurrence_id)
        again = part.version == seen and block is not None and held.event(block).status.value == "cancelled"
        if part.version < seen or again or only_others:
            continue  # older, the same again, or others who were left out (§3.2.5)
        held.cancel(part)
        changed = True
    if not changed:
        older = message.main.event.sequence < held.version(message.main.event.recurrence_id)[0]
        return _plain(Kind.OLD if older else Kind.KNOWN, message, sender)
    main = message.main
    return Verdict(
        Kind.CANCELLED, message.uid, main.event.recurrence_id, held.text(), bare(sender or ""), comment=main.comment
    )


def _answerer(message: Message, sender: str | None) -> tuple[str, str, Part]:
    """Address and PARTSTAT of the one ATTENDEE of a REPLY (§3.2.3); of the sender's when sloppy mailers list all."""
    part = message.main
    lines = [line for _index, line in attendees(part.block)]
    mine = [line for line in lines if sender and same_address(line.value, sender)]
    if not lines:
        return bare(sender or ""), "", part
    line = (mine or lines)[0]
    return bare(line.value), (line.param("PARTSTAT") or "NEEDS-ACTION").lower(), part


def _reply(message: Message, held: Held | None, me: Sequence[str], sender: str | None) -> Verdict:
    who, partstat, main = _answerer(message, sender)
    rid = main.event.recurrence_id
    if held is None:
        return _plain(Kind.UNKNOWN, message, who)
    if not is_me(held.organizer.address if held.organizer else None, me) or (sender and not _speaks_for(who, sender, main)):
        return _plain(Kind.NOT_ALLOWED, message, sender or who)
    known = held.of(rid) or held.main
    if not has_attendee(known, who) and not _delegate(held, who, main):
        return Verdict(Kind.UNINVITED, message.uid, rid, who=who, partstat=partstat, comment=main.comment)
    changed = False
    for part in message.parts:
        at = part.event.recurrence_id
        if part.event.sequence < held.version(at)[0] or (part.at and part.at <= held.answered_at(who, at)):
            continue
        line = next(line for _index, line in attendees(part.block) if same_address(line.value, who))
        to = line.param("DELEGATED-TO")
        stat = (line.param("PARTSTAT") or "NEEDS-ACTION").lower()
        held.answer(who, stat, at, at=part.at, more=f';DELEGATED-TO="{to}"' if to else "")
        if to and not has_attendee(known, to):
            held.invite(f'ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;DELEGATED-FROM="mailto:{who}":mailto:{bare(to)}')
        changed = True
    if not changed:
        older = main.event.sequence < held.version(rid)[0]
        return Verdict(Kind.OLD if older else Kind.KNOWN, message.uid, rid, who=who, partstat=partstat, comment=main.comment)
    return Verdict(Kind.ANSWER, message.uid, rid, held.text(), who, partstat, main.comment)


def _speaks_for(who: str, sender: str, part: Part) -> bool:
    """Whether a mail of `sender` may carry the answer of `who`: the same, or named by SENT-BY or EMAIL (RFC 7986 §6.2)."""
    if same_address(who, sender):
        return True
    for _index, line in attendees(part.block):
        if any((given := line.param(name)) and same_address(given, sender) for name in ("SENT-BY", "EMAIL")):
            return True
    return False


def _delegate(held: Held, who: str, part: Part) -> bool:
    """A delegate answers before the delegator's own message arrives: taken if the delegator is invited (§3.2.2.3)."""
    line = next((line for _index, line in attendees(part.block) if same_address(line.value, who)), None)
    source = line.param("DELEGATED-FROM") if line else None
    if source is None or not has_attendee(held.main, source):
        return False
    held.invite(f"ATTENDEE{line.without(REPLIED) if line else ''}:mailto:{who}")
    return True


def _counter(message: Message, held: Held | None, me: Sequence[str], sender: str | None, now: int) -> Verdict:
    main = message.main
    who = _answerer(message, sender)[0]
    if held is None:
        return _plain(Kind.UNKNOWN, message, who)
    if not is_me(held.organizer.address if held.organizer else None, me) or (sender and not _speaks_for(who, sender, main)):
        return _plain(Kind.NOT_ALLOWED, message, sender or who)
    rid = main.event.recurrence_id
    if not has_attendee(held.of(rid) or held.main, who):
        return Verdict(Kind.UNINVITED, message.uid, rid, who=who, comment=main.comment)
    kind = Kind.COUNTER
    if main.event.sequence < held.version(rid)[0]:
        kind = Kind.OLD
    elif at_instant(main.event.start, held.zones) <= now:
        kind = Kind.PAST
    return Verdict(
        kind,
        message.uid,
        rid,
        who=who,
        partstat="tentative",
        comment=main.comment,
        start=main.event.start,
        end=main.event.end,
    )


def _refresh(message: Message, held: Held | None, me: Sequence[str], sender: str | None) -> Verdict:
    who = _answerer(message, sender)[0]
    if held is None:
        return _plain(Kind.UNKNOWN, message, who)
    invited = has_attendee(held.main, who) and is_me(held.organizer.address if held.organizer else None, me)
    return _plain(Kind.REFRESH if invited else Kind.NOT_ALLOWED, message, who)

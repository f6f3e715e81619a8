"""iTIP messages out of the event we hold (RFC 5546 §3.2). What is only ours, reminders and our own marks, stays here.

DTSTAMP is the moment the message is made. Every REQUEST and CANCEL that is sent carries a SEQUENCE above the one sent
before: some programs take no update whose SEQUENCE did not grow, though §2.1.4 would allow it for a change of words.
"""

from __future__ import annotations

from collections.abc import Sequence

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.ics.block import Block, fold, person_line, text_line, time_line
from calmerge_desktop.core.ics.series import occurrence
from calmerge_desktop.core.ics.zonetext import complete
from calmerge_desktop.core.itip.held import REPLIED, Held, attendees, first_nested, has_attendee
from calmerge_desktop.core.itip.message import Method, bare, same_address
from calmerge_desktop.core.model import Event, Stamp
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import utc_stamp

_ONLY_OURS = ("X-CALMERGE-HOLD", "X-CALMERGE-NEW-TIME", "X-CALMERGE-PROPOSAL", "X-MOZ-LASTACK", "X-MOZ-GENERATION")


def request(ics: str, rid: Stamp | None = None, *, now: int, sequence: int | None = None) -> str:
    """The REQUEST of an event, or of one occurrence. `sequence` None: that of the event. Raises `BadInput`."""
    held = _organized(ics)
    chosen = [_of(held, rid)] if rid is not None else held.blocks
    made = [_clean(block, now) for block in chosen if not _is_cancelled(held, block)]
    if not made:
        raise BadInput(_("The event is cancelled."))
    if rid is None:
        master = next((block for block in made if not block.first("RECURRENCE-ID")), made[0])
        _except(master, [block for block in chosen if _is_cancelled(held, block)])
    organizer = held.organizer
    assert organizer is not None
    for block in made:
        if not has_attendee(block, organizer.address):
            name = f';CN="{organizer.name}"' if organizer.name and '"' not in organizer.name else ""
            line = person_line("ATTENDEE", organizer.address, f"{name};ROLE=CHAIR;PARTSTAT=ACCEPTED")
            block.parts.insert(first_nested(block), fold(line))
        if sequence is not None:
            block.put("SEQUENCE", f"SEQUENCE:{sequence}")
        elif not block.first("SEQUENCE"):
            block.put("SEQUENCE", "SEQUENCE:0")
        if not block.first("SUMMARY"):
            block.put("SUMMARY", "SUMMARY:" + _("Appointment"))
        if not block.first("STATUS"):
            block.put("STATUS", "STATUS:CONFIRMED")
        block.put("X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY")
    return _calendar(held, Method.REQUEST, made)


def cancel(
    ics: str, rid: Stamp | None = None, *, now: int, sequence: int, only: Sequence[str] | None = None, comment: str = ""
) -> str:
    """The CANCEL of an event or one occurrence; with `only`, these people are no longer invited and it still takes place.

    That of a series keeps its rule (§3.2.5): without it a program shows that the first date alone is off.
    """
    held = _organized(ics)
    block = _clean(_of(held, rid), now)
    block.drop("X-ALT-DESC", "DESCRIPTION")
    if only is not None:
        block.drop("ATTENDEE", when=lambda line: not any(same_address(line.value, one) for one in only))
        for address in only:
            if not has_attendee(block, address):
                block.parts.insert(first_nested(block), person_line("ATTENDEE", address))
        block.drop("STATUS")
    else:
        block.put("STATUS", "STATUS:CANCELLED")
    block.put("SEQUENCE", f"SEQUENCE:{sequence}")
    _comment(block, comment)
    return _calendar(held, Method.CANCEL, [block])


def reply(ics: str, rid: Stamp | None, address: str, partstat: str, *, now: int, comment: str = "") -> str:
    """The REPLY of the attendee `address`. Raises `BadInput` when the event has no organizer or does not invite it."""
    held = Held(ics)
    block = _answer(held, rid, address, partstat, now)
    _comment(block, comment)
    return _calendar(held, Method.REPLY, [block])


def counter(ics: str, rid: Stamp | None, address: str, start: Stamp, end: Stamp, *, now: int, comment: str = "") -> str:
    """The COUNTER of the attendee `address`: the whole proposal with other times, SEQUENCE as it is (§3.2.7)."""
    held = Held(ics)
    block = _clean(_of(held, rid), now)
    _check_invited(held, block, address)
    before = held.event(block)
    block.put("DTSTART", time_line("DTSTART", start))
    block.drop("DURATION", "RRULE", "RDATE", "EXDATE")
    block.put("DTEND", time_line("DTEND", end))
    block.drop("ATTENDEE", when=lambda line: not same_address(line.value, address))
    for index, line in list(attendees(block)):
        block.parts[index] = fold(f"ATTENDEE{line.without('PARTSTAT', 'RSVP')};PARTSTAT=TENTATIVE:{line.value}")
    block.parts += _original(before)
    _comment(block, comment)
    return _calendar(held, Method.COUNTER, [block])


def decline_counter(ics: str, rid: Stamp | None, *, now: int, comment: str = "") -> str:
    """The DECLINECOUNTER to whoever proposed another time: it names the event and its version, no more (§3.2.8)."""
    held = _organized(ics)
    source = _of(held, rid)
    block = _named(held, source, now)
    if (sequence := held.event(source).sequence) > 0:
        block.put("SEQUENCE", f"SEQUENCE:{sequence}")
    _comment(block, comment)
    return _calendar(held, Method.DECLINECOUNTER, [block])


def refresh(ics: str, address: str, *, now: int) -> str:
    """The REFRESH of the attendee `address`: please send the latest version (§3.2.6)."""
    held = Held(ics)
    block = _named(held, held.main, now)
    block.parts.append(person_line("ATTENDEE", address))
    return _calendar(held, Method.REFRESH, [block], zones=False)


def publish(ics: str, *, now: int) -> str:
    """The event for anybody to add: PUBLISH has no attendees (§3.2.1)."""
    held = Held(ics)
    made = []
    for source in held.blocks:
        block = _clean(source, now)
        block.drop("ATTENDEE")
        made.append(block)
    return _calendar(held, Method.PUBLISH, made)


# ----------------------------------------------------------------------------------------------------------------------


def _organized(ics: str) -> Held:
    held = Held(ics)
    if held.organizer is None:
        raise BadInput(_("The event has no organizer."), hint=_("Invite somebody first."))
    return held


def _except(master: Block, cancelled: list[Block]) -> None:
    """Occurrences that are cancelled are left out of the series: a guest who missed their CANCEL hears of it here."""
    for block in cancelled:
        if line := block.first("RECURRENCE-ID"):
            master.parts.insert(first_nested(master), fold(f"EXDATE{line.params}:{line.value}"))


def _of(held: Held, rid: Stamp | None) -> Block:
    if rid is None:
        return held.main
    found = held.of(rid)
    if found is not None:
        return found
    return occurrence(held.calendar.text(), rid)


def _named(held: Held, source: Block, now: int) -> Block:
    """Only what says which event or occurrence is meant, and whose it is."""
    block = Block("VEVENT", [f"DTSTAMP:{utc_stamp(now)}"])
    for name, where in (("UID", source), ("RECURRENCE-ID", source), ("ORGANIZER", held.main)):
        if (line := where.first(name)) is not None:
            block.parts.append(fold(f"{name}{line.params}:{line.value}"))
    return block


def _clean(source: Block, now: int) -> Block:
    block = source.copy()
    block.parts = [part for part in block.parts if not (isinstance(part, Block) and part.kind == "VALARM")]
    block.drop(*_ONLY_OURS)
    for index, line in list(attendees(block)):
        if line.param(REPLIED):
            block.parts[index] = fold(f"ATTENDEE{line.without(REPLIED)}:{line.value}")
    block.put("DTSTAMP", f"DTSTAMP:{utc_stamp(now)}")
    return block


def _answer(held: Held, rid: Stamp | None, address: str, partstat: str, now: int) -> Block:
    block = _clean(_of(held, rid), now)
    _check_invited(held, block, address)
    mine = next(line for _index, line in attendees(block) if same_address(line.value, address))
    keep = ("UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "SUMMARY", "ORGANIZER", "DTSTAMP")
    block.parts = [
        part for part in block.parts if isinstance(part, str) and part.split(":")[0].split(";")[0].upper() in keep
    ]
    params = mine.without("PARTSTAT", "RSVP", REPLIED)
    block.parts.append(fold(f"ATTENDEE{params};PARTSTAT={partstat.upper()}:{mine.value}"))
    return block


def _check_invited(held: Held, block: Block, address: str) -> None:
    if held.organizer is None:
        raise BadInput(_("Nobody organizes this event, so there is nobody to answer."))
    if same_address(held.organizer.address, address):
        raise BadInput(_("You organize this event yourself."))
    if not has_attendee(block, address):
        raise BadInput(_("You are not invited to this event."))


def _original(before: Event) -> list[str]:
    """What Outlook shows as the time until now."""
    if before.start.all_day or before.end is None:
        return []
    return [
        time_line("X-MS-OLK-ORIGINALSTART", before.start),
        time_line("X-MS-OLK-ORIGINALEND", before.end),
    ]


def _comment(block: Block, comment: str) -> None:
    block.drop("COMMENT")
    if comment.strip():
        block.put("COMMENT", text_line("COMMENT", comment.strip()))


def _is_cancelled(held: Held, block: Block) -> bool:
    return held.event(block).status.value == "cancelled"


def _calendar(held: Held, method: Method, blocks: list[Block], *, zones: bool = True) -> str:
    calendar = Block("VCALENDAR", ["VERSION:2.0", "PRODID:-//CalMerge//Desktop//EN", f"METHOD:{method.value}"])
    named = {tzid for block in blocks for tzid in _tzids(block)}
    for zone in held.calendar.blocks("VTIMEZONE") if zones else ():
        if (line := zone.first("TZID")) and line.value.strip('"') in named:
            calendar.parts.append(zone.copy())
    calendar.parts += blocks
    complete(calendar)
    return calendar.text()


def _tzids(block: Block) -> set[str]:
    names = ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE")
    return {tzid for name in names for line in block.lines(name) if (tzid := line.param("TZID"))}


def sequence_of(ics: str) -> int:
    """The highest SEQUENCE in a resource."""
    held = Held(ics)
    return max(held.event(block).sequence for block in held.blocks)


def numbered(ics: str, sequence: int) -> str:
    """The resource with this SEQUENCE in every VEVENT, as it is before a REQUEST goes out."""
    held = Held(ics)
    for block in held.blocks:
        block.put("SEQUENCE", f"SEQUENCE:{sequence}")
    return held.text()


def asked_again(ics: str) -> str:
    """The resource of a meeting that moved: earlier answers do not hold any more (RFC 5546 §3.2.2.1)."""
    held = Held(ics)
    organizer = held.organizer
    for block in held.blocks:
        for index, line in list(attendees(block)):
            if organizer is None or not same_address(line.value, organizer.address):
                params = line.without("PARTSTAT", "RSVP", REPLIED)
                block.parts[index] = fold(f"ATTENDEE{params};PARTSTAT=NEEDS-ACTION;RSVP=TRUE:{line.value}")
    return held.text()


def recipients(ics: str, me: Sequence[str]) -> list[str]:
    """Whom a REQUEST goes to: everybody invited but the person and those who declined being asked at all."""
    held = Held(ics)
    found = dict.fromkeys(bare(line.value) for block in held.blocks for _index, line in attendees(block))
    return [one for one in found if not any(same_address(one, mine) for mine in me) and "@" in one]

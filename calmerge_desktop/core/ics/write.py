"""Making and changing calendar object resources. Strict: what leaves here keeps RFC 5545 (§3.6.1, §3.8).

A change touches only the properties it means; SEQUENCE, DTSTAMP and LAST-MODIFIED follow (RFC 5546 §2.1.4). How a series is
cut, moved or excepted is in `series.py`.
"""

from __future__ import annotations

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.ics.block import Block, person_line, read_block, text_line, time_line
from calmerge_desktop.core.ics.lines import Line
from calmerge_desktop.core.ics.split import HEAD
from calmerge_desktop.core.ics.zonetext import complete
from calmerge_desktop.core.model import Changes, Draft, Stamp, Status
from calmerge_desktop.core.recurrence.rule import parse
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import utc_stamp

_TIED = ("DTEND", "DURATION", "X-MICROSOFT-CDO-ALLDAYEVENT")  # they repeat what DTSTART and DTEND say


def new_resource(draft: Draft, *, uid: str, now: int, organizer: str | None) -> str:
    """A VCALENDAR with the one VEVENT of `draft`. Raises `BadInput`, `UnreadableRule`.

    `organizer` is the account's address; without one a draft cannot have attendees.
    """
    event = Block("VEVENT", [f"UID:{uid}", f"DTSTAMP:{utc_stamp(now)}", f"CREATED:{utc_stamp(now)}"])
    set_times(event, draft.start, draft.end)
    event.put("SUMMARY", text_line("SUMMARY", draft.summary))
    _set_text(event, "LOCATION", draft.location)
    _set_text(event, "DESCRIPTION", draft.description)
    if draft.rrule:
        set_rule(event, draft.rrule)
    if draft.status != Status.CONFIRMED:
        event.put("STATUS", f"STATUS:{draft.status.value.upper()}")
    if draft.transparent:
        event.put("TRANSP", "TRANSP:TRANSPARENT")
    event.put("SEQUENCE", "SEQUENCE:0")
    set_attendees(event, draft.attendees, organizer)
    calendar = read_block(HEAD)
    calendar.parts.append(event)
    complete(calendar)
    return calendar.text()


def apply_fields(event: Block, changes: Changes, *, organizer: str | None) -> None:
    """The changes that are not about time or repetition, on one VEVENT. Raises `BadInput`."""
    if changes.summary is not None:
        event.put("SUMMARY", text_line("SUMMARY", changes.summary))
    if changes.location is not None:
        _set_text(event, "LOCATION", changes.location)
    if changes.description is not None:
        _set_text(event, "DESCRIPTION", changes.description)
        event.drop("X-ALT-DESC")  # the same text as HTML, now out of date
    if changes.transparent is not None:
        event.put("TRANSP", f"TRANSP:{'TRANSPARENT' if changes.transparent else 'OPAQUE'}")
        event.drop("X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-INTENDEDSTATUS")
    if changes.status is not None:
        event.put("STATUS", f"STATUS:{changes.status.value.upper()}")
    if changes.attendees is not None:
        set_attendees(event, changes.attendees, organizer)


def set_times(event: Block, start: Stamp, end: Stamp) -> None:
    """DTSTART and DTEND of one shape. Raises `BadInput`."""
    check_times(start, end)
    event.put("DTSTART", time_line("DTSTART", start))
    event.drop(*_TIED)
    event.put("DTEND", time_line("DTEND", end))


def check_times(start: Stamp, end: Stamp) -> None:
    """An event ends after it starts (§3.8.2.2); a timed one may last no time at all."""
    if start.all_day != end.all_day:
        raise BadInput(_("An event either has a time at both ends or at neither."))
    if start.all_day and end.value <= start.value:
        raise BadInput(_("The event ends before it starts."))
    if not start.all_day and start.tzid == end.tzid and end.value < start.value:
        raise BadInput(_("The event ends before it starts."))


def set_rule(event: Block, rrule: str) -> None:
    """The RRULE, empty for none. Raises `UnreadableRule` for one without meaning."""
    if rrule:
        parse(rrule)
        event.put("RRULE", f"RRULE:{rrule.strip()}")
    else:
        event.drop("RRULE", "RDATE", "EXDATE", "EXRULE")


def set_attendees(event: Block, addresses: tuple[str, ...], organizer: str | None) -> None:
    """Who is invited: those who stay keep their answer and parameters, new ones are asked. Raises `BadInput`."""
    wanted = {_address(address): None for address in addresses}
    if wanted and not organizer and not event.first("ORGANIZER"):
        raise BadInput(
            _("This account has no address to invite from."),
            hint=_("Give it one: “Name and address…” in the menu of the account."),
            typed=_("Or type: calmerge account set ID --address YOU@EXAMPLE.ORG"),
        )
    kept = set()

    def leaves(line: Line) -> bool:
        address = line.value.strip().lower().removeprefix("mailto:")
        kept.add(address)
        return address not in wanted

    event.drop("ATTENDEE", when=leaves)
    for address in wanted:
        if address not in kept:
            line = person_line("ATTENDEE", address, ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE")
            at = next((i for i, part in enumerate(event.parts) if isinstance(part, Block)), len(event.parts))
            event.parts.insert(at, line)
    if wanted and organizer and not event.first("ORGANIZER"):
        event.put("ORGANIZER", person_line("ORGANIZER", organizer))


def touch(event: Block, now: int, *, significant: bool = True) -> None:
    """DTSTAMP and LAST-MODIFIED, and SEQUENCE when times, repetition or status changed (RFC 5546 §2.1.4)."""
    event.put("DTSTAMP", f"DTSTAMP:{utc_stamp(now)}")
    event.put("LAST-MODIFIED", f"LAST-MODIFIED:{utc_stamp(now)}")
    if significant:
        line = event.first("SEQUENCE")
        before = int(line.value) if line and line.value.isdigit() else 0
        event.put("SEQUENCE", f"SEQUENCE:{before + 1}")


def _set_text(event: Block, name: str, value: str) -> None:
    event.put(name, *([text_line(name, value)] if value else []))


def _address(text: str) -> str:
    address = text.strip().removeprefix("mailto:").lower()
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or any(c.isspace() or c in ";:,<>" for c in address):
        raise BadInput(_("“{text}” is no mail address.").format(text=text.strip()[:80]))
    return address

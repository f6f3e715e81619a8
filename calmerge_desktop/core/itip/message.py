"""An iTIP message as it came in: METHOD, UID and its VEVENTs. Lenient where senders are sloppy, never where it matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from calmerge_desktop.core.errors import BadInput, UnreadableEvent
from calmerge_desktop.core.ics.block import Block, read_block
from calmerge_desktop.core.ics.lines import unescape
from calmerge_desktop.core.ics.read import read, read_event
from calmerge_desktop.core.ics.split import HEAD
from calmerge_desktop.core.model import Attendee, Event, Stamp
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.zones import Zone, iana, seconds_of

MOST_BYTES = 10_000_000
"""A message larger than this is not opened: an invitation is some kilobytes."""


class Method(StrEnum):
    """METHOD (RFC 5546 §1.4)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    REPLY = "REPLY"
    ADD = "ADD"
    CANCEL = "CANCEL"
    REFRESH = "REFRESH"
    COUNTER = "COUNTER"
    DECLINECOUNTER = "DECLINECOUNTER"


@dataclass(frozen=True, slots=True)
class Part:
    """One VEVENT of a message."""

    block: Block
    event: Event
    at: int
    """DTSTAMP: when the message was made (RFC 5545 §3.8.7.2); 0 when it does not say."""
    comment: str = ""

    @property
    def version(self) -> tuple[int, int]:
        """What orders messages on one occurrence (RFC 5546 §2.1.5): SEQUENCE, then DTSTAMP."""
        return self.event.sequence, self.at


@dataclass(frozen=True, slots=True)
class Message:
    """All VEVENTs of one UID under one METHOD."""

    method: Method
    uid: str
    parts: tuple[Part, ...]
    zones: tuple[Block, ...] = ()
    """The VTIMEZONEs it brought."""

    @property
    def main(self) -> Part:
        """The master, else the first occurrence it speaks of."""
        return next((part for part in self.parts if part.event.recurrence_id is None), self.parts[0])

    @property
    def organizer(self) -> Attendee | None:
        """Who the sender says organizes it."""
        return self.main.event.organizer

    @property
    def whole(self) -> bool:
        """Whether it speaks of the whole event and not of single occurrences."""
        return self.main.event.recurrence_id is None

    def resource(self) -> str:
        """Its VEVENTs as a resource to keep: the same without METHOD."""
        calendar = read_block(HEAD)
        calendar.parts += [zone.copy() for zone in self.zones]
        calendar.parts += [part.block.copy() for part in self.parts]
        return calendar.text()


def read_messages(text: str, *, method: str | None = None) -> list[Message]:
    """The messages in a VCALENDAR, one a UID. `method` is that of the mail's Content-Type, for texts that lack their own.

    Raises `BadInput` for a text that is too large, holds no event, or names no method we know.
    """
    if len(text) > MOST_BYTES:
        raise BadInput(_("The message is too large to be an invitation, so it is not opened."))
    calendar = read_block(text)
    line = calendar.first("METHOD")
    named = (line.value if line else method or Method.PUBLISH).strip().upper()
    if named not in Method.__members__:
        raise BadInput(_("“{method}” is no kind of message that is known.").format(method=named[:20]))
    zones = tuple(calendar.blocks("VTIMEZONE"))
    parsed = read(text).zones
    by_uid: dict[str, list[Part]] = {}
    trouble: list[str] = []
    for block in calendar.blocks("VEVENT"):
        try:
            part = _part(block, parsed)
        except UnreadableEvent as error:
            trouble.append(error.message)
            continue
        by_uid.setdefault(part.event.uid, []).append(part)
    if not by_uid:
        raise BadInput(trouble[0] if trouble else _("There is no event in it."))
    return [Message(Method(named), uid, tuple(parts), zones) for uid, parts in by_uid.items()]


def at_instant(stamp: Stamp, zones: dict[str, Zone] | None = None) -> int:
    """A stamp as seconds that can be compared: an instant, or the wall seconds of a date or floating time."""
    value = (
        stamp.value if isinstance(stamp.value, datetime) else datetime(stamp.value.year, stamp.value.month, stamp.value.day)
    )
    wall = seconds_of(value)
    if stamp.tzid is None:
        return wall
    zone = (zones or {}).get(stamp.tzid) or iana(stamp.tzid)
    return zone.to_utc(wall)


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one: letter case and `mailto:` aside."""
    return bare(one) == bare(other)


def bare(address: str) -> str:
    """An address without `mailto:`, in small letters."""
    text = address.strip().lower()
    return text.removeprefix("mailto:").strip("<> ")


def is_me(address: str | None, me: Sequence[str]) -> bool:
    """Whether an address is one of the person's."""
    return address is not None and any(same_address(address, one) for one in me)


def stamp_seconds(block: Block) -> int:
    """DTSTAMP of a VEVENT in UTC seconds, 0 when there is none or it means nothing."""
    line = block.first("DTSTAMP")
    try:
        found = datetime.strptime(line.value.strip().rstrip("Z"), "%Y%m%dT%H%M%S") if line else None
    except ValueError:
        return 0
    return int(found.replace(tzinfo=UTC).timestamp()) if found else 0


def _part(block: Block, zones: dict[str, Zone]) -> Part:
    if not block.first("DTSTART") and (rid := block.first("RECURRENCE-ID")):
        # CANCEL and REPLY may leave DTSTART out (RFC 5546 §3.2.3, §3.2.5): the occurrence is named all the same
        block = block.copy()
        block.put("DTSTART", f"DTSTART{rid.params.replace(';RANGE=THISANDFUTURE', '')}:{rid.value}")
    elif not block.first("DTSTART"):
        block = block.copy()
        block.put("DTSTART", "DTSTART:19700101T000000Z")
    event = read_event(block.text(), zones)
    if not event.uid:
        raise UnreadableEvent(_("The message does not say which event it means."))
    comment = block.first("COMMENT")
    return Part(block, event, stamp_seconds(block), unescape(comment.value).strip() if comment else "")

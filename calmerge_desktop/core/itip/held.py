"""The event as we hold it, with what iTIP does to it: answers, replaced and cancelled occurrences. Text in, text out.

An occurrence that was cancelled stays as a VEVENT with STATUS:CANCELLED, SEQUENCE and DTSTAMP, and not as an EXDATE, so that
an older message that arrives late is recognised as older (RFC 5546 §2.1.5).
"""

from __future__ import annotations

from collections.abc import Iterator

from calmerge_desktop.core.errors import UnreadableEvent
from calmerge_desktop.core.ics.block import Block, fold, read_block
from calmerge_desktop.core.ics.lines import Line, parse, unfold
from calmerge_desktop.core.ics.read import read, read_event
from calmerge_desktop.core.ics.series import occurrence
from calmerge_desktop.core.ics.zonetext import complete
from calmerge_desktop.core.itip.message import Part, at_instant, bare, same_address, stamp_seconds
from calmerge_desktop.core.model import Attendee, Event, Stamp
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import utc_stamp

REPLIED = "X-CALMERGE-REPLIED"
"""Parameter of an ATTENDEE in our own copy: DTSTAMP of the answer it holds. Never sent to anybody."""
NEW_TIME = "X-CALMERGE-NEW-TIME"
"""`START/END` in UTC: another time, on its way to a server that proposes it itself (Graph). Never stored, never mailed."""
COMMENT = "X-RESPONSE-COMMENT"
"""Parameter of an ATTENDEE: a word with the answer, on its way to a server that tells the organizer itself."""


class Held:
    """One resource on the bench. A VEVENT of it that cannot be read stays in the text and is passed over.

    Raises `UnreadableEvent` when none can be read.
    """

    def __init__(self, ics: str) -> None:
        self.calendar = read_block(ics)
        parsed = read(ics)
        self.zones = parsed.zones
        # told by the blocks: where a component is never closed, `read` finds other ones
        self._broken = [block for block in self.calendar.blocks("VEVENT") if not self._is_readable(block)]
        if not self.blocks:
            raise UnreadableEvent(next(iter(parsed.bad), _("There is no event in it.")))

    def text(self) -> str:
        """The resource as it is now."""
        complete(self.calendar)
        return self.calendar.text()

    @property
    def blocks(self) -> list[Block]:
        """Its VEVENTs that can be read."""
        found = self.calendar.blocks("VEVENT")
        return [one for one in found if not any(one is broken for broken in self._broken)] if self._broken else found

    @property
    def master(self) -> Block | None:
        """The VEVENT without a RECURRENCE-ID."""
        return next((one for one in self.blocks if not one.first("RECURRENCE-ID")), None)

    @property
    def main(self) -> Block:
        """The master, else the first occurrence."""
        return self.master or self.blocks[0]

    def event(self, block: Block) -> Event:
        """What a VEVENT of it says."""
        return read_event(block.text(), self.zones)

    @property
    def organizer(self) -> Attendee | None:
        """Who organizes it."""
        return self.event(self.main).organizer

    def of(self, rid: Stamp | None) -> Block | None:
        """The VEVENT of an occurrence, of the whole event for None."""
        if rid is None:
            return self.master
        wanted = self._place(rid)
        return next((one for one in self.blocks if (at := self._rid(one)) and self._place(at) == wanted), None)

    def version(self, rid: Stamp | None) -> tuple[int, int]:
        """SEQUENCE and DTSTAMP in force for an occurrence: its own, else the master's; below every other if unknown."""
        block = self.of(rid) or self.master
        return (self.event(block).sequence, stamp_seconds(block)) if block else (-1, 0)

    # --- changing ---------------------------------------------------------------------------------------------------

    def replace_whole(self, parts: tuple[Part, ...], zones: tuple[Block, ...]) -> None:
        """Take over a message on the whole event; occurrences that were changed later than it stay as they are."""
        newest = max(part.version for part in parts)
        later = [one for one in self.blocks if self._rid(one) and (self.event(one).sequence, stamp_seconds(one)) > newest]
        alarms = self.main.blocks("VALARM")
        self.calendar.parts = [one for one in self.calendar.parts if isinstance(one, str) or one.kind != "VEVENT"]
        self._broken = []
        self._add_zones(zones)
        kept = [self._place(rid) for one in later if (rid := self._rid(one))]
        for part in parts:
            rid = part.event.recurrence_id
            if rid is None or self._place(rid) not in kept:
                self._append(part.block, alarms)
        self.calendar.parts += later

    def replace_one(self, part: Part, zones: tuple[Block, ...]) -> None:
        """Take over a message on one occurrence."""
        old = self.of(part.event.recurrence_id)
        alarms = (old or self.main).blocks("VALARM")
        if old is not None:
            self.calendar.parts = [one for one in self.calendar.parts if one is not old]
        self._add_zones(zones)
        self._append(part.block, alarms)

    def cancel(self, part: Part) -> None:
        """The whole event, or one occurrence of it, does not take place."""
        rid = part.event.recurrence_id
        block = self.of(rid)
        if block is None:
            block = part.block.copy() if self.master is None else self._from_master(part)
            self.calendar.parts.append(block)
        for one in [block] if rid is not None else self.blocks:
            one.put("STATUS", "STATUS:CANCELLED")
            one.put("SEQUENCE", f"SEQUENCE:{part.event.sequence}")
            one.put("DTSTAMP", f"DTSTAMP:{utc_stamp(part.at)}")

    def answer(self, address: str, partstat: str, rid: Stamp | None, *, at: int, more: str = "") -> None:
        """Record the PARTSTAT of an attendee, for one occurrence or for all. `more` are further parameters."""
        blocks = self.blocks
        if rid is not None:
            block = self.of(rid)
            if block is None:
                block = self._occurrence(rid)
                self.calendar.parts.append(block)
            blocks = [block]
        for block in blocks:
            for index, line in attendees(block):
                if same_address(line.value, address):
                    params = line.without("PARTSTAT", "RSVP", REPLIED, "DELEGATED-TO", COMMENT)
                    text = f"ATTENDEE{params};PARTSTAT={partstat.upper()}{more}"
                    text += f";{REPLIED}={utc_stamp(at)}" if at else ""
                    _set(block, index, f"{text}:{line.value}")

    def answered_at(self, address: str, rid: Stamp | None) -> int:
        """DTSTAMP of the answer recorded last for an attendee, 0 when there is none."""
        block = self.of(rid) or self.master
        for _index, line in attendees(block) if block else ():
            if same_address(line.value, address) and (at := line.param(REPLIED)):
                return stamp_seconds(Block("X", [f"DTSTAMP:{at}"]))
        return 0

    def invite(self, line: str) -> None:
        """Add an ATTENDEE line to every VEVENT."""
        for block in self.blocks:
            block.parts.insert(first_nested(block), line)

    # ----------------------------------------------------------------------------------------------------------------

    def _is_readable(self, block: Block) -> bool:
        try:
            self.event(block)
        except UnreadableEvent:
            return False
        return True

    def _append(self, block: Block, alarms: list[Block]) -> None:
        made = block.copy()
        made.parts = [part for part in made.parts if not (isinstance(part, Block) and part.kind == "VALARM")]
        made.parts += [alarm.copy() for alarm in alarms]  # reminders are ours, not the organizer's
        self.calendar.parts.append(made)

    def _add_zones(self, zones: tuple[Block, ...]) -> None:
        have = {line.value for block in self.calendar.blocks("VTIMEZONE") for line in block.lines("TZID")}
        for zone in zones:
            line = zone.first("TZID")
            if line and line.value not in have:
                at = next(
                    (i for i, part in enumerate(self.calendar.parts) if isinstance(part, Block)), len(self.calendar.parts)
                )
                self.calendar.parts.insert(at, zone.copy())
        self.zones |= read(self.calendar.text()).zones

    def _from_master(self, part: Part) -> Block:
        rid = part.event.recurrence_id
        assert rid is not None
        return self._occurrence(rid)

    def _occurrence(self, rid: Stamp) -> Block:
        """An override that says what the series says anyway, at `rid`."""
        assert self.master is not None
        return occurrence(self.calendar.text(), rid)

    def _rid(self, block: Block) -> Stamp | None:
        return self.event(block).recurrence_id

    def _place(self, stamp: Stamp) -> int:
        return at_instant(stamp, self.zones)


def first_nested(block: Block) -> int:
    """Where the nested components of a component begin: properties go before."""
    return next((i for i, part in enumerate(block.parts) if isinstance(part, Block)), len(block.parts))


def attendees(block: Block) -> Iterator[tuple[int, Line]]:
    """ATTENDEE lines with their index among the parts of a VEVENT."""
    for index, part in enumerate(block.parts):
        if isinstance(part, str) and part[:8].upper() == "ATTENDEE" and (line := parse(unfold(part))):
            yield index, line


def has_attendee(block: Block, address: str) -> bool:
    """Whether somebody is invited."""
    return any(same_address(line.value, address) for _index, line in attendees(block))


def addresses(block: Block) -> list[str]:
    """Everybody invited, in order."""
    return [bare(line.value) for _index, line in attendees(block)]


def _set(block: Block, index: int, line: str) -> None:
    block.parts[index] = fold(line)

"""Events out of the merged calendar as one iCalendar text."""

from __future__ import annotations

from collections.abc import Collection

from calmerge_desktop.core.agenda.memory import Memory
from calmerge_desktop.core.agenda.view import View
from calmerge_desktop.core.ics.block import Block, read_block, time_line
from calmerge_desktop.core.ics.split import HEAD
from calmerge_desktop.core.ics.zonetext import complete
from calmerge_desktop.core.instances import split_id
from calmerge_desktop.core.model import CalendarId, Instance, Stamp, Status
from calmerge_desktop.core.span import Span, merge
from calmerge_desktop.core.when import Clock, seconds_date, utc_stamp
from calmerge_desktop.core.zones import wall_of


class Export:
    """See `core.agenda.desk.ExportJob`."""

    def __init__(self, memory: Memory, view: View, clock: Clock) -> None:
        self._memory = memory
        self._view = view
        self._clock = clock

    def text(
        self,
        span: tuple[int, int] | None,
        tzid: str,
        *,
        calendars: Collection[CalendarId] | None = None,
        busy_only: bool = False,
    ) -> tuple[str, int]:
        """See `ExportJob.text`."""
        calendar = read_block(HEAD)
        if busy_only:
            assert span is not None
            calendar.parts += self._busy(span, tzid, calendars)
        else:
            for ics in self._resources(span, tzid, calendars):
                source = read_block(ics)
                have = {line.value for block in calendar.blocks("VTIMEZONE") for line in block.lines("TZID")}
                zones = [block for block in source.blocks("VTIMEZONE") if (t := block.first("TZID")) and t.value not in have]
                calendar.parts[_after_head(calendar) : _after_head(calendar)] = zones
                calendar.parts += source.blocks("VEVENT")
            complete(calendar)
        return calendar.text(), len(calendar.blocks("VEVENT"))

    def _resources(self, span: tuple[int, int] | None, tzid: str, calendars: Collection[CalendarId] | None) -> list[str]:
        listed = [one.id for one in self._memory.calendars() if calendars is None or one.id in calendars]
        pending = {one.key: one for one in self._memory.pending()}
        if span is None:
            cached = [one.ics for id in listed for one in self._memory.resources(id)]
            if not pending:
                return cached
            span = (-(1 << 36), 1 << 36)
        found = self._view.instances(*span, tzid, merged=False, visible_only=False, calendars=listed)
        out: list[str] = []
        for key in dict.fromkeys(split_id(one.id)[0] for one in found):
            unsent = pending.get(key)
            if unsent is not None and unsent.ics is not None:
                out.append(unsent.ics)
            elif (resource := self._memory.resource(key)) is not None:
                out.append(resource[1].ics)
        return out

    def _busy(self, span: tuple[int, int], tzid: str, calendars: Collection[CalendarId] | None) -> list[Block]:
        """Merged busy times as events that say nothing else (dates stay dates)."""
        roles = {one.id: one.busy for one in self._memory.calendars()}
        found = [
            one
            for one in self._view.instances(*span, tzid, visible_only=False, calendars=calendars)
            if any(roles[id] for id in one.calendars) and counts(one)
        ]
        stamp = utc_stamp(self._clock())
        blocks = []
        for all_day in (True, False):
            spans = merge(Span(one.start, one.end) for one in found if one.all_day is all_day and one.end > one.start)
            for busy in spans:
                block = Block("VEVENT", [f"UID:busy-{busy.start}-{busy.end}-{int(all_day)}@calmerge", f"DTSTAMP:{stamp}"])
                for name, at in (("DTSTART", busy.start), ("DTEND", busy.end)):
                    value = Stamp(seconds_date(at)) if all_day else Stamp(wall_of(at), "UTC")
                    block.parts.append(time_line(name, value))
                block.parts.append("SUMMARY:Busy")
                blocks.append(block)
        return blocks


def counts(one: Instance) -> bool:
    """Whether an instance makes the person busy: TRANSP, STATUS and their own answer."""
    return not one.transparent and one.status is not Status.CANCELLED and one.partstat != "declined"


def _after_head(calendar: Block) -> int:
    return next((i for i, part in enumerate(calendar.parts) if isinstance(part, Block)), len(calendar.parts))

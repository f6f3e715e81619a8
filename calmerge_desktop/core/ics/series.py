"""Editing a resource: a whole event, one occurrence, or everything from one occurrence on.

Pure: resource text in, resource text out. An occurrence is named by its RECURRENCE-ID in the series' own form, as
`Instance.recurrence_id` gives it; None means the resource has a single event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from calmerge_desktop.core.errors import BadInput, UnknownId
from calmerge_desktop.core.ics.block import Block, read_block, time_line
from calmerge_desktop.core.ics.lines import Line
from calmerge_desktop.core.ics.read import Parsed, read, read_event
from calmerge_desktop.core.ics.values import stamp as read_stamp
from calmerge_desktop.core.ics.write import apply_fields, set_rule, set_times, touch
from calmerge_desktop.core.ics.zonetext import complete
from calmerge_desktop.core.model import Changes, Event, Scope, Stamp
from calmerge_desktop.core.recurrence.expand import DATE, INSTANT, Series
from calmerge_desktop.core.recurrence.move import moved_rule
from calmerge_desktop.core.recurrence.rule import parse
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY, seconds_date, utc_stamp
from calmerge_desktop.core.zones import UTC_ZONE, wall_of

_REPEATING = ("RRULE", "RDATE", "EXDATE", "EXRULE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What an edit makes of a resource: its new text (None: it is gone), and a new resource beside it when it was cut."""

    ics: str | None
    added: str | None = None


def edit(
    ics: str, rid: str | None, changes: Changes, scope: Scope, *, now: int, organizer: str | None, new_uid: str
) -> Edited:
    """Apply `changes` to the occurrence, the occurrence and all later ones, or all. Raises `BadInput`, `UnknownId`."""
    work = _Work(ics)
    if rid is None or not work.series.recurring:
        work.change_all(changes, None, now, organizer)
        return Edited(ics=work.text())
    place = work.place(rid)
    if scope is Scope.FOLLOWING and work.is_first(place):
        scope = Scope.ALL
    if scope is Scope.THIS:
        if changes.rrule is not None:
            hint = _("Change this and all following instead.")
            raise BadInput(_("One occurrence has no repetition of its own."), hint=hint)
        work.change_one(place, changes, now, organizer)
        return Edited(ics=work.text())
    if scope is Scope.ALL:
        work.change_all(changes, place, now, organizer)
        return Edited(ics=work.text())
    rest = work.cut(place, now, new_uid)
    rest.change_all(changes, rest.place_of_first(), now, organizer)
    return Edited(ics=work.text(), added=rest.text())


def remove(ics: str, rid: str | None, scope: Scope, *, now: int) -> Edited:
    """Delete the occurrence, it and all later ones, or everything."""
    work = _Work(ics)
    if rid is None or scope is Scope.ALL or not work.series.recurring:
        return Edited(ics=None)
    place = work.place(rid)
    if scope is Scope.FOLLOWING:
        if work.is_first(place):
            return Edited(ics=None)
        work.cut(place, now, "")
    else:
        work.except_one(place, now)
    return Edited(ics=work.text())


def with_uid(ics: str, uid: str) -> str:
    """A copy of the resource that is an event of its own."""
    calendar = read_block(ics)
    for event in calendar.blocks("VEVENT"):
        event.put("UID", f"UID:{uid}")
    return calendar.text()


def occurrence(ics: str, rid: Stamp) -> Block:
    """The VEVENT of one occurrence, with the RECURRENCE-ID `rid`, saying what the series says of it. Raises `UnknownId`."""
    work = _Work(ics)
    place = work.series.rid_of(rid)
    if work.series.at(place) is None:
        raise UnknownId(_("This occurrence does not exist any more."))
    return work.override_at(place) or work.make_override(place)


class _Work:
    """A resource on the bench: its blocks beside what they mean."""

    def __init__(self, ics: str) -> None:
        self.calendar = read_block(ics)
        parsed: Parsed = read(ics)
        self.zones = parsed.zones
        self.events = self.calendar.blocks("VEVENT")
        if not parsed.events:
            raise BadInput(_("This event cannot be read, so it cannot be changed."))
        self.series = Series(parsed.events, parsed.zones)
        masters = [block for block in self.events if not block.first("RECURRENCE-ID")]
        self.master = masters[0] if masters else self.events[0]

    def text(self) -> str:
        complete(self.calendar)
        return self.calendar.text()

    # --- places -----------------------------------------------------------------------------------------------------

    def place(self, rid: str) -> int:
        """Wall seconds of an occurrence in the series. Raises `UnknownId`."""
        place = self.series.rid_of(read_stamp(rid, None))
        if self.series.at(place) is None:
            raise UnknownId(_("This occurrence does not exist any more."))
        return place

    def is_first(self, place: int) -> bool:
        return not any(True for one in self.series.occurrences(-(1 << 40), self._instant(place)) if one.rid != place)

    def place_of_first(self) -> int:
        return self.series.rid_of(self._event(self.master).start)

    def _instant(self, place: int) -> int:
        return self.series.zone.to_utc(place)

    def _event(self, block: Block) -> Event:
        return read_event(block.text(), self.zones)

    def _stamp_at(self, place: int, like: Stamp) -> Stamp:
        """A place of the series in the form of `like` (its DTSTART)."""
        if like.all_day:
            return Stamp(seconds_date(place))
        return Stamp(wall_of(place), like.tzid)

    def _line_at(self, name: str, place: int) -> str:
        """RECURRENCE-ID or EXDATE in the form DTSTART has in this resource, its own TZID spelling included."""
        line = self.master.first("DTSTART")
        stamp = self._stamp_at(place, self._event(self.master).start)
        if line and not stamp.all_day and stamp.tzid not in (None, "UTC") and (tzid := line.param("TZID")):
            stamp = replace(stamp, tzid=tzid)
        return time_line(name, stamp)

    # --- the whole --------------------------------------------------------------------------------------------------

    def change_all(self, changes: Changes, place: int | None, now: int, organizer: str | None) -> None:
        """Change the master; times given for an occurrence at `place` move the whole series by as much."""
        before = self._event(self.master)
        if changes.start is not None and changes.end is not None:
            self._move_all(before, changes.start, changes.end, place)
        if changes.rrule is not None:
            set_rule(self.master, changes.rrule)
            if not changes.rrule:
                self._drop_overrides(lambda _rid: True)
        fields = replace(changes, start=None, end=None, rrule=None)
        for block in self.events:
            apply_fields(block, fields, organizer=organizer)
        touch(self.master, now)

    def _move_all(self, before: Event, start: Stamp, end: Stamp, place: int | None) -> None:
        if place is None or not self.series.recurring:
            set_times(self.master, start, end)
            return
        shape_changed = start.all_day != before.start.all_day or start.tzid != before.start.tzid
        old = self._stamp_at(place, before.start).value
        shift = _naive(start.value) - _naive(old)
        length = _naive(end.value) - _naive(start.value)
        first = _naive(before.start.value) + shift
        new_start = Stamp(first.date() if start.all_day else first, start.tzid)
        new_end_value = first + length
        new_end = Stamp(new_end_value.date() if start.all_day else new_end_value, end.tzid)
        rules = [moved_rule(parse(line.value), line.value, before.start.value, shift) for line in self.master.lines("RRULE")]
        rids = {id(block): self.series.rid_of(rid) for block in self.events if (rid := self._event(block).recurrence_id)}
        exdates = [self.series.rid_of(stamp) for stamp in before.exdates]
        follows = {
            id(block)
            for block in self.events
            if id(block) in rids and self._event(block).start == self._stamp_at(rids[id(block)], before.start)
        }
        set_times(self.master, new_start, new_end)
        self.master.put("RRULE", *(f"RRULE:{text}" for text in rules))
        seconds = int(shift.total_seconds())
        if shape_changed and start.all_day != before.start.all_day:
            seconds -= seconds % DAY
        self._move_exceptions(before, new_start, exdates, seconds)
        for block in self.events:
            if id(block) in rids:
                self._move_override(block, rids[id(block)], seconds, new_start, length, follows=id(block) in follows)

    def _move_exceptions(self, before: Event, new_start: Stamp, exdates: list[int], seconds: int) -> None:
        whole_days = [stamp for stamp in before.exdates if stamp.all_day and not before.start.all_day]
        if not whole_days:
            self.master.put("EXDATE", *(self._shifted_line("EXDATE", rid, seconds, new_start) for rid in exdates))
        if before.rdates:
            moved = (self.series.rid_of(stamp) for stamp, _length in before.rdates)
            self.master.put("RDATE", *(self._shifted_line("RDATE", rid, seconds, new_start) for rid in moved))

    def _move_override(
        self, block: Block, rid: int, seconds: int, new_start: Stamp, length: timedelta, *, follows: bool
    ) -> None:
        """An override goes along with its place; one that had not been moved itself takes the new times too."""
        block.put("RECURRENCE-ID", self._shifted_line("RECURRENCE-ID", rid, seconds, new_start))
        if follows:
            start = _shape(rid + seconds, new_start)
            end = _naive(start.value) + length
            set_times(block, start, Stamp(end.date() if start.all_day else end, start.tzid))

    def _shifted_line(self, name: str, rid: int, seconds: int, new_start: Stamp) -> str:
        return time_line(name, _shape(rid + seconds, new_start))

    # --- one occurrence ---------------------------------------------------------------------------------------------

    def change_one(self, place: int, changes: Changes, now: int, organizer: str | None) -> None:
        """Give the occurrence a VEVENT of its own (§3.8.4.4), or change the one it has."""
        block = self.override_at(place)
        if block is None:
            block = self.make_override(place)
            self.calendar.parts.append(block)
            self.events.append(block)
        if changes.start is not None and changes.end is not None:
            set_times(block, changes.start, changes.end)
        apply_fields(block, changes, organizer=organizer)
        touch(block, now)

    def except_one(self, place: int, now: int) -> None:
        """Take the occurrence out: an EXDATE, and no override any more."""
        self._drop_overrides(lambda rid: rid == place)
        self.master.parts.insert(_before_nested(self.master), self._line_at("EXDATE", place))
        touch(self.master, now)

    def make_override(self, place: int) -> Block:
        block = self.master.copy()
        block.drop(*_REPEATING)
        one = self.series.at(place)
        assert one is not None
        master = self._event(self.master)
        start = self._stamp_at(place, master.start)
        zone = UTC_ZONE if self.series.axis != INSTANT else self.series.zone
        wall_end = zone.to_wall(one.end)
        end = Stamp(seconds_date(wall_end) if self.series.axis == DATE else wall_of(wall_end), start.tzid)
        set_times(block, start, end)
        block.put("RECURRENCE-ID", self._line_at("RECURRENCE-ID", place))
        return block

    def override_at(self, place: int) -> Block | None:
        for block in self.events:
            rid = self._event(block).recurrence_id
            if rid is not None and self.series.rid_of(rid) == place:
                return block
        return None

    def _drop_overrides(self, wanted: Callable[[int], bool]) -> list[Block]:
        gone = []
        for block in self.events:
            rid = self._event(block).recurrence_id
            if rid is not None and wanted(self.series.rid_of(rid)):
                gone.append(block)
        self.calendar.parts = [part for part in self.calendar.parts if not any(part is block for block in gone)]
        self.events = [block for block in self.events if not any(block is one for one in gone)]
        return gone

    # --- cutting ----------------------------------------------------------------------------------------------------

    def cut(self, place: int, now: int, new_uid: str) -> _Work:
        """End the series before `place`; what comes from there on is returned as a resource with `new_uid`."""
        master = self._event(self.master)
        passed = sum(1 for one in self.series.occurrences(-(1 << 40), self._instant(place)) if (one.rid or 0) < place)
        passed += sum(1 for stamp in master.exdates if self.series.rid_of(stamp) < place)
        head = Block(self.calendar.kind, [part for part in self.calendar.parts if part not in self.events])
        later = self.master.copy()
        start = self._stamp_at(place, master.start)
        length = self._length(master)
        end = _naive(start.value) + length
        end_tzid = master.end.tzid if master.end else start.tzid
        set_times(later, start, Stamp(end.date() if start.all_day else end, end_tzid))
        self._cut_rules(later, place, passed)
        tail = self._drop_overrides(lambda rid: rid >= place)
        for block in (later, *tail):
            block.put("UID", f"UID:{new_uid}")
            block.drop("SEQUENCE")
        head.parts += [later, *tail]
        touch(self.master, now)
        return _Work(head.text()) if new_uid else self

    def _length(self, master: Event) -> timedelta:
        if master.end is not None and master.end.tzid == master.start.tzid:
            return _naive(master.end.value) - _naive(master.start.value)
        one = next(iter(self.series.occurrences(-(1 << 40), 1 << 40)))
        return timedelta(seconds=one.end - one.start)

    def _cut_rules(self, later: Block, place: int, passed: int) -> None:
        rules = [line.value for line in self.master.lines("RRULE")]
        self.master.put("RRULE", *(f"RRULE:{self._ended(text, place)}" for text in rules))
        later.put("RRULE", *(f"RRULE:{_counted_down(text, passed)}" for text in rules))
        for name in ("EXDATE", "RDATE"):
            self._share(name, later, place)

    def _ended(self, text: str, place: int) -> str:
        """The rule with an UNTIL just before `place` (§3.3.10: in UTC for a zoned DTSTART)."""
        parts = [part for part in text.split(";") if part.partition("=")[0].upper() not in ("UNTIL", "COUNT")]
        if self.series.axis == DATE:
            until = (seconds_date(place) - timedelta(days=1)).strftime("%Y%m%d").zfill(8)
        elif self.series.axis == INSTANT:
            until = utc_stamp(self._instant(place) - 1)
        else:
            until = wall_of(place - 1).strftime("%Y%m%dT%H%M%S").zfill(15)
        return ";".join([*parts, f"UNTIL={until}"])

    def _share(self, name: str, later: Block, place: int) -> None:
        """EXDATE and RDATE stay on the side of the cut they belong to."""
        lines = list(self.master.lines(name))
        early: list[str] = []
        late: list[str] = []
        for line in lines:
            for item in line.value.split(","):
                as_date = (line.param("VALUE") or "").upper() == "DATE"
                stamp = read_stamp(item.partition("/")[0], self._tzid(line), as_date=as_date)
                (early if self.series.rid_of(stamp) < place else late).append(f"{name}{line.params}:{item}")
        self.master.put(name, *early)
        later.put(name, *late)

    def _tzid(self, line: Line) -> str | None:
        from calmerge_desktop.core.zones import guess

        tzid = line.param("TZID")
        return (guess(tzid) or (tzid if tzid in self.zones else None)) if tzid else None


def _counted_down(text: str, passed: int) -> str:
    rule = parse(text)
    if rule.count is None:
        return text
    parts = [part for part in text.split(";") if part.partition("=")[0].upper() != "COUNT"]
    return ";".join([*parts, f"COUNT={max(rule.count - passed, 1)}"])


def _shape(wall: int, like: Stamp) -> Stamp:
    return Stamp(seconds_date(wall)) if like.all_day else Stamp(wall_of(wall), like.tzid)


def _naive(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)


def _before_nested(block: Block) -> int:
    return next((i for i, part in enumerate(block.parts) if isinstance(part, Block)), len(block.parts))

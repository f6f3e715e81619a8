"""A resource's VEVENTs -> its occurrences (RFC 5545 §3.8.5.3): RRULE, RDATE, EXDATE, overrides, RANGE=THISANDFUTURE.

Everything is computed on the wall clock of the master's DTSTART (its *axis*) in seconds and turned into instants at the
end, so that 09:00 stays 09:00 over a change of clocks. An occurrence lies on one of three axes: `INSTANT` (UTC seconds),
`DATE` (midnights UTC of dates) and `FLOATING` (wall seconds that no zone has resolved yet).

Policies where the standard is silent are listed in docs/recurrence.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge as merge_sorted
from itertools import chain, islice
from typing import NamedTuple

from calmerge_desktop.core.errors import UnreadableEvent, UnreadableRule
from calmerge_desktop.core.model import Event, Stamp
from calmerge_desktop.core.recurrence.generate import generate
from calmerge_desktop.core.recurrence.quick import MOST_DAYS, Steps, Years, quick
from calmerge_desktop.core.recurrence.rule import Rule, most_a_day, parse
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY, date_seconds, seconds_date, utc_stamp
from calmerge_desktop.core.zones import UTC_ZONE, Zone, iana, seconds_of, wall_of

INSTANT, DATE, FLOATING = 0, 1, 2
MOST_COUNT = 200_000
"""A COUNT beyond this is refused: nobody means it, and counting it would hold everything up."""
EARLIEST = date_seconds(date(1, 1, 3))
LATEST = date_seconds(date(9999, 12, 29))
"""What begins outside cannot be shown in every zone and is no date of anybody; what lasts longer ends here."""
_SHIFT = 2 * DAY  # no zone is further from UTC than 14 hours: margin between axes
_FOREVER = 1 << 60


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One instance before it has a calendar. `start` and `end` lie on `axis`."""

    start: int
    end: int
    axis: int
    rid: int | None
    """Its place in the series on the axis of `Series`; None for an event that does not recur."""
    event: Event
    """The VEVENT in force: the master, or its override."""


class Run(NamedTuple):
    """Occurrences that the master alone describes, as parallel ascending lists; each lasts `length` seconds."""

    walls: list[int]
    """Their places in the series."""
    starts: list[int]
    length: int


class Series:
    """A resource ready to be asked for occurrences. Raises `UnreadableRule` when a rule has no meaning."""

    def __init__(self, events: Sequence[Event], zones: Mapping[str, Zone], floating: Zone | None = None) -> None:
        """`zones` are those of the resource's VTIMEZONEs; `floating` resolves floating times, None leaves them."""
        self.events = tuple(events)
        self._zones = zones
        self._floating = floating
        masters = [event for event in events if event.recurrence_id is None]
        self.master = max(masters, key=lambda event: event.sequence) if masters else None
        self._overrides = [event for event in events if event.recurrence_id is not None]
        head = self.master or self._overrides[0]
        self.axis, self.zone = self.where(head.start)
        self.recurring = bool(self.master and (self.master.rrules or self.master.rdates))
        self._first = self._wall(head.start)
        self._rules = [self._parsed(text) for text in (self.master.rrules if self.master else ())]
        self._exrules = [self._parsed(text) for text in (self.master.exrules if self.master else ())]
        self._single: dict[int, Event] = {}
        self._ranges: list[tuple[int, Event]] = []
        for event in self._overrides:
            rid = self.rid_of(event.recurrence_id) if event.recurrence_id else 0
            if event.this_and_future and self.recurring:
                self._ranges.append((rid, event))
            elif (known := self._single.get(rid)) is None or event.sequence >= known.sequence:
                self._single[rid] = event
        self._ranges.sort(key=lambda pair: pair[0])
        self._range_walls = [rid for rid, _event in self._ranges]
        self._except, self._except_days = self._exceptions()
        self._periods = self._rdate_ends()
        for event in (head, *self._overrides):
            if not EARLIEST <= self._span(event)[1] < LATEST:
                raise UnreadableEvent(_("A date of the event lies outside of any calendar."))
        self.longest = self._longest()
        self._short = self._short_way()
        self._final: int | None = None

    # --- axes -------------------------------------------------------------------------------------------------------

    def where(self, stamp: Stamp) -> tuple[int, Zone]:
        """Axis and zone of a time as written."""
        if stamp.all_day:
            return DATE, UTC_ZONE
        if stamp.tzid is None:
            return (FLOATING, UTC_ZONE) if self._floating is None else (INSTANT, self._floating)
        return INSTANT, self._zones[stamp.tzid] if stamp.tzid in self._zones else iana(stamp.tzid)

    def place(self, stamp: Stamp) -> tuple[int, int]:
        """A time as (axis, seconds on it)."""
        axis, zone = self.where(stamp)
        return axis, zone.to_utc(self._wall(stamp))

    def rid_of(self, stamp: Stamp) -> int:
        """A RECURRENCE-ID, RDATE or EXDATE as wall seconds of this series; types may differ (they must not, but do)."""
        if self.axis == DATE:
            return self._wall(stamp) // DAY * DAY
        if stamp.all_day:
            return self._wall(stamp) + self._first % DAY
        axis, zone = self.where(stamp)
        if FLOATING in (self.axis, axis):
            return self._wall(stamp)
        return self.zone.to_wall(zone.to_utc(self._wall(stamp)))

    def rid_text(self, rid: int) -> str:
        """RECURRENCE-ID in the series' own form: `20261124`, `20261124T090000`, or the instant `20261124T090000Z`."""
        if self.axis == DATE:
            return seconds_date(rid).strftime("%Y%m%d").zfill(8)
        if self.axis == FLOATING:
            return wall_of(rid).strftime("%Y%m%dT%H%M%S").zfill(15)
        return utc_stamp(self.zone.to_utc(rid))

    @staticmethod
    def _wall(stamp: Stamp) -> int:
        value = stamp.value
        return seconds_of(value) if isinstance(value, datetime) else date_seconds(value)

    # --- occurrences ------------------------------------------------------------------------------------------------

    @property
    def endless(self) -> bool:
        """Whether some rule has neither COUNT nor UNTIL."""
        return any(rule.count is None and rule.until is None for rule in self._rules)

    @property
    def busiest_day(self) -> int:
        """No day holds more occurrences of the rules than this."""
        return sum(most_a_day(rule) for rule in self._rules)

    def occurrences(self, low: int, high: int) -> Iterator[Occurrence]:
        """Occurrences that start before `high` and end after `low` (or start at or after it), by place in the series.

        `low` and `high` are read on each occurrence's own axis.
        """
        run = self.run(low, high)
        if run is None:
            yield from self.walk(low, high)
            return
        assert self.master is not None
        for wall, start in zip(run.walls, run.starts, strict=True):
            yield Occurrence(start, start + run.length, self.axis, wall, self.master)
        yield from self.moved(low, high)

    def walk(self, low: int, high: int) -> Iterator[Occurrence]:
        """The same the careful way, one step an occurrence: for every series, and what the tests hold `run` against."""
        seen: set[int] = set()
        for rid in self._rids(max(low - self.longest - _SHIFT, EARLIEST), min(high + _SHIFT, LATEST)):
            if rid in self._single:
                continue
            one = self._at(rid)
            if one.start < min(high, LATEST) and (one.end > low or one.start >= low) and one.start not in seen:
                seen.add(one.start)
                yield one
        yield from self.moved(low, high)

    def moved(self, low: int, high: int) -> Iterator[Occurrence]:
        """Those of `occurrences` that an override of their own describes."""
        for rid in sorted(rid for rid, event in self._single.items() if self._touches(event, low, high)):
            event = self._single[rid]
            axis, start, end = self._span(event)
            yield Occurrence(start, end, axis, rid if self.recurring or event.recurrence_id else None, event)

    def run(self, low: int, high: int) -> Run | None:
        """`occurrences` without `moved`, the short way (`quick`); None when this series must go the careful way."""
        if self._short is None:
            return None
        short, length = self._short
        end = self._final
        if end is None:
            end = self._final = self._ending_of(short)
            if end is None:
                return None
        latest = min(high + _SHIFT, LATEST)
        begin = low - length - _SHIFT
        if begin >= end:
            return Run([], [], length)
        begin = max(begin, self._first)
        if min(end, latest) - begin > MOST_DAYS * DAY:
            return None
        walls = short.walls(begin, min(end, latest))
        if begin == self._first < latest and (not walls or walls[0] != begin):
            walls.insert(0, begin)  # DTSTART counts as the first occurrence, also when the rule does not hit it (§3.3.10)
        if self._except or self._except_days or self._single:
            out, days, single = self._except, self._except_days, self._single
            walls = [wall for wall in walls if not (wall in out or wall in single or (days and wall // DAY in days))]
        starts = self.zone.to_utc_all(walls)
        if starts and starts[-1] + length > LATEST:
            return None
        first = bisect_left(starts, low - length + 1 if length else low)
        last = bisect_left(starts, min(high, LATEST))
        if first or last < len(starts):
            walls, starts = walls[first:last], starts[first:last]
        return Run(walls, starts, length)

    def _short_way(self) -> tuple[Steps | Years, int] | None:
        """The short way and the length of every occurrence; None when anything about the series is unusual."""
        if len(self._rules) != 1 or self._exrules or self._ranges or self._periods or self.master is None:
            return None
        if not self.zone.steady:
            return None  # a zone that skipped a day shows two places at one instant
        event = self.master
        if event.end is not None:
            length = self._exact(event)
        elif event.duration is not None:
            if event.duration[0] and self.zone is not UTC_ZONE:
                return None  # days of the calendar differ in length
            length = max(event.duration[0] * DAY + event.duration[1], 0)
        else:
            length = DAY if event.start.all_day else 0
        way = quick(self._rules[0], self._first)
        return (way, length) if way else None

    def _ending_of(self, way: Steps | Years) -> int | None:
        """The wall second after the last occurrence, a COUNT turned into it once; None when it is too far away."""
        rule = self._rules[0]
        final = self._until(rule.until) + 1 if rule.until else _FOREVER
        if rule.count is not None:
            left = rule.count if way.walls(self._first, self._first + 1) else rule.count - 1
            last = way.nth(left - 1) if left else self._first - 1
            if last is None:
                self._short = None
                return None
            final = min(final, last + 1)
        return max(final, self._first + 1)  # DTSTART is one whatever the rule says

    def at(self, rid: int) -> Occurrence | None:
        """The occurrence at this place of the series, None when there is none."""
        if (event := self._single.get(rid)) is not None:
            axis, start, end = self._span(event)
            return Occurrence(start, end, axis, rid, event)
        return self._at(rid) if next(self._rids(rid, rid + 1), None) == rid else None

    def _rids(self, low: int, high: int) -> Iterator[int]:
        """Places of the master's occurrences, EXDATEs taken out, in `[low, high)` of this series' wall clock."""
        if self.master is None:
            return
        streams: list[Iterator[int]] = [iter([self._first] if low <= self._first < high else [])]
        streams.append(iter(sorted(wall for wall in self._periods if low <= wall < high)))
        streams.extend(self._ruled(rule, low, high) for rule in self._rules)
        banned = merge_sorted(*(self._ruled(rule, low, high) for rule in self._exrules))
        next_banned = next(banned, _FOREVER)
        last = None
        for wall in merge_sorted(*streams):
            while next_banned < wall:
                next_banned = next(banned, _FOREVER)
            if wall in (last, next_banned) or wall in self._except or wall // DAY in self._except_days:
                continue
            last = wall
            yield wall

    def _ruled(self, rule: Rule, low: int, high: int) -> Iterator[int]:
        if rule.until:
            high = min(high, self._until(rule.until) + 1)
        if rule.count is None:
            yield from generate(rule, self._first, low, high)
            return
        # DTSTART counts as the first occurrence, also when the rule does not hit it (§3.3.10)
        walls = generate(rule, self._first, self._first, high)
        first = next(walls, None)
        if first is None:
            return
        left = rule.count - (1 if first != self._first else 0)
        yield from (wall for wall in islice(chain([first], walls), left) if wall >= low)

    def _until(self, until: Stamp) -> int:
        """The last wall second of a rule. A DATE means the whole of that day, also for a timed series."""
        wall = self._wall(until)
        if until.all_day or self.axis == DATE:
            return wall // DAY * DAY + DAY - 1
        if until.tzid is None or self.axis == FLOATING:
            return wall
        return self.zone.to_wall(wall)

    def _at(self, rid: int) -> Occurrence:
        """The occurrence at a place of the series that no override of its own describes."""
        assert self.master is not None
        place = rid if self.recurring else None
        if self._ranges and (n := bisect_right(self._range_walls, rid)):
            return self._shifted(rid, *self._ranges[n - 1])
        start = self.zone.to_utc(rid)
        end_of_period = self._periods.get(rid)
        if end_of_period is not None:
            return Occurrence(start, max(start, self._ending(start, rid, end_of_period)), self.axis, place, self.master)
        return Occurrence(start, self._end(self.master, start, rid, self.zone), self.axis, place, self.master)

    def _shifted(self, rid: int, origin: int, event: Event) -> Occurrence:
        """RANGE=THISANDFUTURE (§3.2.13): later instances move by as much as the named one, and last as long."""
        axis, zone = self.where(event.start)
        if axis == INSTANT and self.axis == INSTANT:
            zone = self.zone
            moved = zone.to_wall(self.place(event.start)[1])
        else:
            moved = self._wall(event.start)
        wall = rid + moved - origin
        start = zone.to_utc(wall)
        return Occurrence(start, self._end(event, start, wall, zone), axis, rid, event)

    # --- lengths ----------------------------------------------------------------------------------------------------

    def _span(self, event: Event) -> tuple[int, int, int]:
        axis, zone = self.where(event.start)
        wall = self._wall(event.start)
        start = zone.to_utc(wall)
        return axis, start, self._end(event, start, wall, zone)

    def _end(self, event: Event, start: int, wall: int, zone: Zone) -> int:
        """DTEND means the same exact length for every instance, DURATION the same nominal one (§3.8.5.3)."""
        if event.end is not None:
            return min(start + self._exact(event), LATEST)
        if event.duration is not None:
            return max(start, self._ending(start, wall, event.duration, zone))
        return start + DAY if event.start.all_day else start

    def _exact(self, event: Event) -> int:
        assert event.end is not None
        axis, start = self.place(event.start)
        end_axis, end = self.place(event.end)
        if axis != end_axis:
            end = self.where(event.start)[1].to_utc(self._wall(event.end))
        if event.start.all_day:
            return max(end - start, DAY)  # a date lasts at least itself
        return max(end - start, 0)

    def _ending(self, start: int, wall: int, length: Stamp | tuple[int, int], zone: Zone | None = None) -> int:
        if isinstance(length, Stamp):
            return min(self.place(length)[1], LATEST)
        days, seconds = length
        zone = zone or self.zone
        # whole days are days of the calendar, the rest is exact time (§3.3.6)
        return min((zone.to_utc(wall + days * DAY) if days else start) + seconds, LATEST)

    def _longest(self) -> int:
        """No occurrence lasts longer than this, or is moved further by a range: how far before `low` to look."""
        events = [self.master] if self.master else []
        events += [event for _rid, event in self._ranges]
        lengths = [0]
        for event in events:
            _axis, start, end = self._span(event)
            lengths.append(end - start + DAY)
        lengths += [abs(self._wall(event.start) - rid) + DAY for rid, event in self._ranges]
        for wall, length in self._periods.items():
            if length is not None:
                lengths.append(self._ending(self.zone.to_utc(wall), wall, length) - self.zone.to_utc(wall) + DAY)
        return max(lengths)

    def _touches(self, event: Event, low: int, high: int) -> bool:
        _axis, start, end = self._span(event)
        return start < high and (end > low or start >= low)

    # --- reading the master -----------------------------------------------------------------------------------------

    def _rdate_ends(self) -> dict[int, Stamp | tuple[int, int] | None]:
        rdates = self.master.rdates if self.master else ()
        return {self.rid_of(stamp): length for stamp, length in rdates}

    def _exceptions(self) -> tuple[set[int], set[int]]:
        """EXDATEs as wall seconds; a DATE among a timed series takes out the whole day."""
        walls, days = set(), set()
        for stamp in self.master.exdates if self.master else ():
            if stamp.all_day and self.axis != DATE:
                days.add(self._wall(stamp) // DAY)
            else:
                walls.add(self.rid_of(stamp))
        return walls, days

    @staticmethod
    def _parsed(text: str) -> Rule:
        rule = parse(text)
        if rule.count is not None and rule.count > MOST_COUNT:
            raise UnreadableRule(_("The event repeats {n} times; that is more than can be meant.").format(n=rule.count))
        return rule

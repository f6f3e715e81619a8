"""Where the keyboard stands in a week: on an event, or on a free half hour. Pure."""

from __future__ import annotations

from typing import NamedTuple

from calmerge_desktop.core.model import Instance
from calmerge_desktop.core.week import DAY, Week

SLOT = 30 * 60


class Stop(NamedTuple):
    """One place the arrows can reach. An all-day event begins at -1, before the first hour."""

    day: int
    start: int
    end: int
    instance: Instance | None
    first: int
    """First and last day it covers: more than one for a bar."""
    last: int

    @property
    def all_day(self) -> bool:
        """Whether it stands in the all-day lane."""
        return self.start < 0


def stops(week: Week, day: int) -> list[Stop]:
    """Everything the arrows pass on a day, from top to bottom: bars, then blocks and free half hours."""
    bars = [bar for bar in week.bars if bar.first <= day <= bar.last]
    out = [Stop(day, -1, -1, bar.instance, bar.first, bar.last) for bar in sorted(bars, key=lambda bar: bar.row)]
    blocks = [block for block in week.blocks if block.day == day]
    taken = bytearray(DAY // SLOT)
    timed = []
    for block in blocks:
        timed.append((block.start, block.column, Stop(day, block.start, block.end, block.instance, day, day)))
        for slot in range(block.start // SLOT, -(-block.end // SLOT)):
            taken[slot] = 1
    timed += [
        (slot * SLOT, 0, Stop(day, slot * SLOT, (slot + 1) * SLOT, None, day, day))
        for slot, busy in enumerate(taken)
        if not busy
    ]
    timed.sort(key=lambda entry: entry[:2])
    return out + [stop for _start, _column, stop in timed]


def find(week: Week, instance_id: str) -> Stop | None:
    """The first place of an event; None when it is not in this week."""
    for bar in week.bars:
        if bar.instance.id == instance_id:
            return Stop(bar.first, -1, -1, bar.instance, bar.first, bar.last)
    for block in week.blocks:
        if block.instance.id == instance_id:
            return Stop(block.day, block.start, block.end, block.instance, block.day, block.day)
    return None


def nearest(week: Week, day: int, start: int) -> Stop:
    """What is nearest to a time on a day; of two equally near, the event."""
    found = stops(week, day)
    return min(found, key=lambda stop: (abs(stop.start - start), stop.instance is None))


def along(week: Week, at: Stop, step: int) -> Stop:
    """The next stop below (`step` 1) or above (-1); the same at the edge of the day."""
    found = stops(week, at.day)
    here = next((n for n, stop in enumerate(found) if _same(stop, at)), None)
    if here is None:
        return nearest(week, at.day, at.start)
    return found[min(max(here + step, 0), len(found) - 1)]


def beside(week: Week, at: Stop, step: int) -> Stop | None:
    """The stop on the next day (`step` 1) or the one before (-1) nearest in time; None beyond the week."""
    day = (at.last if step > 0 else at.first) + step
    return nearest(week, day, at.start) if 0 <= day < week.days else None


def edge(week: Week, at: Stop, step: int) -> Stop:
    """The last (`step` 1) or first (-1) event of the day; its last or first half hour when there is none."""
    found = stops(week, at.day)
    events = [stop for stop in found if stop.instance is not None] or found
    return events[-1 if step > 0 else 0]


def opening(week: Week, now: int, day_begins: int) -> Stop:
    """Where the keyboard starts: what runs or comes next today, else the first event, else the first working hour."""
    today = week.day_of(now)
    if today is not None:
        second = now - week.starts[today]
        coming = [stop for stop in stops(week, today) if stop.instance is not None and stop.end > second]
        return coming[0] if coming else nearest(week, today, second - second % SLOT)
    if week.bars or week.blocks:
        first = min([bar.first for bar in week.bars] + [block.day for block in week.blocks])
        return next(stop for stop in stops(week, first) if stop.instance is not None)
    return nearest(week, 0, day_begins * 3600)


def _same(one: Stop, other: Stop) -> bool:
    if one.instance is None or other.instance is None:
        return one.instance is None and other.instance is None and one.start == other.start
    return one.instance.id == other.instance.id

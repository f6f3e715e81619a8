"""Instances -> a laid-out week: which block stands where, without a single pixel.

The grid shows wall time: every day has 24 rows of an hour, also the two days a year that have 23 or 25. A block is placed
where the wall clock stood at its start and end; on the long day two blocks of the repeated hour share it as columns, as
their pictures would cover each other. Whatever is a date, or lasts 24 hours and more, goes to the all-day lane.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calmerge_desktop.core import when
from calmerge_desktop.core.model import Instance
from calmerge_desktop.core.records import dataclass

DAY = when.DAY
MINIMAL = 20 * 60
"""Wall seconds a block takes up at least, so that a reminder without length can be seen and clicked."""


class Block(NamedTuple):
    """One timed instance on one day."""

    instance: Instance
    day: int
    """Index into the visible days."""
    start: int
    """Wall seconds since midnight, 0 … 86,400."""
    end: int
    """Exclusive; at least `MINIMAL` after `start`."""
    column: int
    span: int
    """How many columns it covers: it widens to the right where nothing is in the way."""
    columns: int
    """Columns its cluster of overlapping blocks is divided into."""
    opens: bool
    """It began on an earlier day."""
    continues: bool
    """It goes on the next day."""


class Bar(NamedTuple):
    """One instance in the all-day lane."""

    instance: Instance
    first: int
    """Index of the first visible day it covers."""
    last: int
    """Index of the last, inclusive."""
    row: int
    opens: bool
    """It began before the visible days."""
    continues: bool
    """It goes on after them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Visible days with everything on them placed; `days` of 1 is a day view."""

    first: date
    days: int
    tzid: str
    starts: tuple[int, ...]
    """Instants at which the days begin, and one more: where the last one ends."""
    blocks: tuple[Block, ...]
    """By day, then start, then column."""
    bars: tuple[Bar, ...]
    """By first day, then row."""
    rows: int
    """Rows of the all-day lane."""

    @property
    def empty(self) -> bool:
        """Whether nothing at all is on these days."""
        return not self.blocks and not self.bars

    def date(self, day: int) -> date:
        """The date of a day's index; also beyond the visible ones."""
        return self.first + timedelta(days=day)

    def day_of(self, instant: int) -> int | None:
        """Index of the visible day an instant falls on."""
        if not self.starts[0] <= instant < self.starts[-1]:
            return None
        return bisect_right(self.starts, instant) - 1


def lay_out(instances: Iterable[Instance], first: date, days: int, tzid: str) -> Week:
    """Place everything that touches the `days` from `first` on, read on the wall clock of the IANA zone `tzid`.

    Instances outside are left out. The order of the input decides nothing but ties of equal start, length and title.
    """
    tz = ZoneInfo(tzid)
    starts = [when.midnight(first + timedelta(days=n), tz) for n in range(days + 1)]
    pieces: list[list[_Piece]] = [[] for _ in range(days)]
    long: list[tuple[int, int, Instance]] = []
    day_zero = when.date_seconds(first)
    clock = _Clock(starts, tz)
    for instance in instances:
        if instance.all_day:
            low = (instance.start - day_zero) // DAY
            long.append((low, max((instance.end - day_zero - 1) // DAY, low), instance))
        elif instance.end - instance.start >= DAY:
            long.append((clock.day(instance.start), clock.day(instance.end - 1), instance))
        else:
            _cut(instance, clock, pieces)
    blocks: list[Block] = []
    for day, found in enumerate(pieces):
        blocks += _columns(found, day)
    bars, rows = _rows(long, days)
    return Week(first=first, days=days, tzid=tzid, starts=tuple(starts), blocks=tuple(blocks), bars=tuple(bars), rows=rows)


def span_of(first: date, days: int, tzid: str) -> tuple[int, int]:
    """The instants `[low, high)` that the `days` from `first` on cover in the zone `tzid`: what to ask the desk for."""
    tz = ZoneInfo(tzid)
    return when.midnight(first, tz), when.midnight(first + timedelta(days=days), tz)


_Piece = tuple[int, int, str, int, int, Instance, bool, bool]
"""The part of an instance that falls on one day, before it has a column: start, negative length (of two with one start
the longer stands left), summary, order, end, instance, opens, continues. A bare tuple, as there may be thousands."""


class _Clock:
    """Instants -> (day, wall seconds) for the visible days."""

    def __init__(self, starts: list[int], tz: ZoneInfo) -> None:
        self.starts = starts
        self._tz = tz
        self.plain = [after - before == DAY for before, after in pairwise(starts)]

    def day(self, instant: int) -> int:
        """Index of the day; -1 before the first, `days` after the last."""
        return bisect_right(self.starts, instant) - 1

    def wall(self, instant: int, day: int) -> int:
        """Seconds since midnight on the wall clock of that day."""
        if self.plain[day]:
            return instant - self.starts[day]
        at = datetime.fromtimestamp(instant, self._tz)
        return at.hour * 3600 + at.minute * 60 + at.second


def _cut(instance: Instance, clock: _Clock, pieces: list[list[_Piece]]) -> None:
    """Split a timed instance at midnight into the visible days."""
    start, end = instance.start, max(instance.end, instance.start)
    first = clock.day(start)
    if 0 <= first < len(pieces) and clock.plain[first] and start + MINIMAL <= end <= clock.starts[first + 1]:
        # Nearly all of them: inside one ordinary day.
        begins, ends, found = start - clock.starts[first], end - clock.starts[first], pieces[first]
        found.append((begins, begins - ends, instance.summary, len(found), ends, instance, False, False))
        return
    last = first if end == start else clock.day(end - 1)
    for day in range(max(first, 0), min(last, len(pieces) - 1) + 1):
        opens, continues = day > first, day < last
        low = 0 if opens else clock.wall(start, day)
        high = DAY if continues or end == clock.starts[day + 1] else clock.wall(end, day)
        if high < low + MINIMAL:
            # Short; or the clock was set back in between, then the real length says more than the wall does.
            high = min(low + max(MINIMAL, end - start if high <= low and not opens else 0), DAY)
            low = min(low, DAY - MINIMAL)
        found = pieces[day]
        found.append((low, low - high, instance.summary, len(found), high, instance, opens, continues))


def _columns(pieces: list[_Piece], day: int) -> list[Block]:
    """Give every piece the leftmost free column; blocks that overlap, directly or through others, share one division."""
    pieces.sort()
    out: list[Block] = []
    cluster: list[tuple[_Piece, int]] = []
    busy: list[tuple[int, int]] = []  # (end, column) of what still runs
    free: list[int] = []
    width = reach = 0
    for piece in pieces:
        start, end = piece[0], piece[4]
        if cluster and start >= reach:
            out += _close(cluster, width, day)
            cluster, busy, free, width = [], [], [], 0
        while busy and busy[0][0] <= start:
            heappush(free, heappop(busy)[1])
        if free:
            column = heappop(free)
        else:
            column, width = width, width + 1
        heappush(busy, (end, column))
        cluster.append((piece, column))
        reach = max(reach, end)
    if cluster:
        out += _close(cluster, width, day)
    return out


def _close(cluster: list[tuple[_Piece, int]], width: int, day: int) -> list[Block]:
    """Turn a finished cluster into blocks, each as wide as its neighbours to the right allow."""
    if width == 1:
        return [_block(piece, day, 0, 1, 1) for piece, _column in cluster]
    starts: list[list[int]] = [[] for _ in range(width)]
    ends: list[list[int]] = [[] for _ in range(width)]
    for piece, column in cluster:
        starts[column].append(piece[0])
        ends[column].append(piece[4])
    out = []
    for piece, column in cluster:
        low, high, beyond = piece[0], piece[4], column + 1
        while beyond < width and _is_free(starts[beyond], ends[beyond], low, high):
            beyond += 1
        out.append(_block(piece, day, column, beyond - column, width))
    return out


def _is_free(starts: Sequence[int], ends: Sequence[int], low: int, high: int) -> bool:
    """Whether a column, whose blocks follow each other, has nothing in `[low, high)`."""
    before = bisect_left(starts, high)
    return before == 0 or ends[before - 1] <= low


def _block(piece: _Piece, day: int, column: int, span: int, columns: int) -> Block:
    low, _shorter, _summary, _order, high, instance, opens, continues = piece
    return tuple.__new__(Block, (instance, day, low, high, column, span, columns, opens, continues))


def _rows(long: list[tuple[int, int, Instance]], days: int) -> tuple[list[Bar], int]:
    """Place bars in as few rows as possible: earlier and longer ones on top."""
    inside = [
        (max(first, 0), min(last, days - 1), first < 0, last >= days, instance)
        for first, last, instance in long
        if last >= 0 and first < days
    ]
    inside.sort(key=lambda bar: (bar[0], bar[0] - bar[1], bar[4].summary))
    taken: list[int] = []  # per row, the last day it is taken
    out: list[Bar] = []
    for first, last, opens, continues, instance in inside:
        row = next((n for n, until in enumerate(taken) if until < first), len(taken))
        if row == len(taken):
            taken.append(last)
        else:
            taken[row] = last
        out.append(Bar(instance, first, last, row, opens, continues))
    return out, len(taken)

"""Which slots a booking link offers: one pass over integers, from open hours and busy times to starts.

The rules are those users of booking pages know (minimum notice, buffers, limits, horizon), and where a rule is the same the
slots are the same as in the best known engine, held so by a benchmark. Times are instants; intervals are half-open, so
meetings that touch do not collide.

`Frame` is everything the answer depends on. An explanation asks the same function again with one thing of the frame taken
away, so that what it says is true by construction (`explain`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import repeat
from typing import Any, NamedTuple

from calmerge_desktop.core.availability.schedule import Open, Shut
from calmerge_desktop.core.freebusy import Busy
from calmerge_desktop.core.span import Range, join
from calmerge_desktop.core.zones import Zone

_ALIGN = (60, 30, 20, 15, 10, 5)
FOREVER = 1 << 40


class Slot(NamedTuple):
    """A time that may be booked."""

    start: int
    end: int
    rank: int = 0
    """How well it suits the person's preferences; higher is better."""
    free_seats: int = 1


class Booking(NamedTuple):
    """A booking of this link, as limits, seats and its own buffers see it. `state` is `pending` or `accepted`."""

    start: int
    end: int
    state: str = "accepted"
    event: str = ""
    """Key of the event written for it, to find it among the busy times."""
    before: int = 0
    after: int = 0
    """Seconds of the buffers it was booked with."""


class Cap(NamedTuple):
    """A limit of one period, with the part of time in which it is reached."""

    period: str
    kind: str
    """`count` or `minutes`."""
    most: int
    low: int
    high: int
    needed: int
    """What `most` would have to be for one more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One question: which slots of `length` seconds are there between the instants `low` and `high`?"""

    low: int
    high: int
    length: int
    step: int
    """Seconds between two starts."""
    offset: int = 0
    zone: Zone
    """Its wall clock decides what a full hour and a day is."""
    hours: Sequence[Open]
    shut: Sequence[Shut] = ()
    busy: Sequence[Busy] = ()
    """By start. Bookings are not among them."""
    pairs: Sequence[Range] | None = field(default=None, compare=False)
    """The same as plain (start, end), where whoever asks keeps them: Python looks at those in half the time."""
    bookings: Sequence[Booking] = ()
    before: int = 0
    after: int = 0
    """Seconds of free time a meeting needs around it."""
    earliest: int = -FOREVER
    """First start the notice allows."""
    first_day: int = -FOREVER
    last_day: int = FOREVER
    """The horizon: starts lie in `[first_day, last_day)`."""
    caps: Sequence[Cap] = ()
    first_only: bool = False
    keep_whole: bool = False
    seats: int = 1
    days_wanted: int | None = None
    """Only the first n days that have a slot."""
    score: Callable[[int, int], int] | None = field(default=None, compare=False)


def offered(frame: Frame) -> list[Slot]:
    """The slots, by start."""
    out = _starts(frame)
    if frame.seats > 1:
        out = _with_seats(frame, out)
    if frame.caps:
        out = [one for one in out if not any(cap.low <= one.start < cap.high for cap in frame.caps)]
    if frame.first_only:
        out = _first_of_days(frame, out)
    if frame.days_wanted is not None:
        out = _wanted_days(frame, out)
    if frame.score:
        score = frame.score
        out = [one._replace(rank=score(one.start, one.end)) for one in out]
    return out


def opened(frame: Frame) -> list[tuple[int, int, int]]:
    """Hours minus everything busy with its buffers: where a meeting may lie whole, and the first start of those hours.

    Not cut to the span asked for, nor to the notice, and the grid begins with the hours and not behind each event: so the
    same starts are offered whenever and for whatever span one asks, and one more event never opens a start.
    """
    cuts, early, late = _cuts(frame)
    hours = iter(_with_bases(frame))
    at, end, base = next(hours)
    over = at - late
    out: list[tuple[int, int, int]] = []
    put = out.append
    for cut in cuts:  # thousands, many times a second while a link is edited: most of them end before `at`
        if cut[1] <= over:
            continue
        low = cut[0] - early
        while low >= end:
            if at < end:
                put((at, end, base))
            start, end, base = next(hours)
            at = max(at, start)
        high = cut[1] + late
        if high > at:
            if low > at:
                put((at, low, base))
            at = high
        over = at - late
    while end < FOREVER:
        if at < end:
            put((at, end, base))
        start, end, base = next(hours)
        at = max(at, start)
    return out


def _with_bases(frame: Frame) -> list[tuple[int, int, int]]:
    """Hours with the first start of their grid, by start; the last ones begin when time has ended.

    A grid begins at the next round wall time in the frame's zone, plus the offset.
    """
    joined = join(sorted((one.start, one.end) for one in frame.hours))  # 24:00 and 00:00 are one
    grid, offset = alignment(frame.step), frame.offset
    walls = frame.zone.to_wall_all([start for start, _end in joined])
    out = [
        (start, end, -(-(wall - offset) // grid) * grid + offset - wall + start)
        for (start, end), wall in zip(joined, walls, strict=True)
    ]
    out.append((FOREVER, FOREVER, FOREVER))
    return out


class Fits:
    """Whether a meeting may begin at an instant, the grid and the span asked for aside."""

    def __init__(self, frame: Frame) -> None:
        self._length = frame.length
        self._caps = frame.caps
        self._ranges = [(low, high) for low, high, _base in opened(frame)]

    def __call__(self, start: int) -> bool:
        """Whether `[start, start + length)` is open, free and within the limits."""
        index = bisect_right(self._ranges, (start, FOREVER)) - 1
        inside = index >= 0 and start + self._length <= self._ranges[index][1]
        return inside and not any(cap.low <= start < cap.high for cap in self._caps)


@lru_cache(maxsize=64)
def alignment(step: int) -> int:
    """Seconds of the grid starts are rounded up to: the coarsest part of an hour that divides the step."""
    minutes = step // 60
    return 60 * next((part for part in _ALIGN if minutes % part == 0), 1)


def _starts(frame: Frame) -> list[Slot]:
    """Every start of the grid at which a meeting fits. A link may offer thousands: what does not change is asked once."""
    length, step, whole = frame.length, frame.step, frame.keep_whole
    earliest = max(frame.low, frame.earliest, frame.first_day)
    latest = min(frame.high - length, frame.last_day - 1)
    starts: list[int] = []
    for low, high, base in opened(frame):
        last = high - length
        last = min(last, latest)
        if last < low or last < earliest:
            continue
        found = range(_on_grid(max(earliest, low), base, step), last + 1, step)
        starts += _keeping_whole(frame, found, low, high, base) if whole else found
    make = partial(tuple.__new__, Slot)  # half the time of Slot(…)
    return list(map(make, zip(starts, [start + length for start in starts], repeat(0), repeat(1))))


def _keeping_whole(frame: Frame, starts: range, low: int, high: int, base: int) -> Iterator[int]:
    """Those that leave no gap at either side which is too short for another meeting."""
    length, step = frame.length, frame.step
    begin = _on_grid(low, base, step)
    end = begin + (high - length - begin) // step * step
    for start in starts:
        if (start == begin or start - begin >= length) and (start == end or end - start >= length):
            yield start


def _on_grid(instant: int, base: int, step: int) -> int:
    """The first start of the grid at or after `instant`."""
    return base + max(0, -(-(instant - base) // step)) * step


def _cuts(frame: Frame) -> tuple[Sequence[tuple[int, int, *tuple[Any, ...]]], int, int]:
    """What blocks, by start, and the seconds by which each begins sooner and ends later.

    A meeting's own buffers cross over: what follows needs our `after`.
    """
    before, after = frame.before, frame.after
    if not frame.bookings or frame.seats > 1:
        return frame.busy if frame.pairs is None else frame.pairs, after, before
    cuts = [(one.start - after, one.end + before) for one in frame.busy]
    cuts += [
        (booking.start - max(after, booking.before), booking.end + max(before, booking.after)) for booking in frame.bookings
    ]
    cuts.sort()
    return cuts, 0, 0


def day_of(frame: Frame, instant: int) -> int:
    """Number of the local day an instant lies in."""
    return frame.zone.to_wall(instant) // 86_400


def _first_of_days(frame: Frame, slots: Sequence[Slot]) -> list[Slot]:
    out: list[Slot] = []
    seen: set[int] = set()
    for one in slots:
        if (day := day_of(frame, one.start)) not in seen:
            seen.add(day)
            out.append(one)
    return out


def _wanted_days(frame: Frame, slots: Sequence[Slot]) -> list[Slot]:
    days: Collection[int] = sorted({day_of(frame, one.start) for one in slots})[: frame.days_wanted]
    allowed = set(days)
    return [one for one in slots if day_of(frame, one.start) in allowed]


def _with_seats(frame: Frame, slots: Sequence[Slot]) -> list[Slot]:
    """A meeting with free seats is offered again at its own time; elsewhere it blocks like any other, buffers included."""
    taken: dict[Range, int] = {}
    for booking in frame.bookings:
        at = (booking.start, booking.end)
        taken[at] = taken.get(at, 0) + 1
    blocks = sorted((start - frame.after, end + frame.before) for start, end in taken)
    joined = join(blocks)
    starts, ends = [start for start, _end in joined], [end for _start, end in joined]
    out: list[Slot] = []
    for one in slots:
        used = taken.get((one.start, one.end))
        if used is not None:
            if used < frame.seats:
                out.append(one._replace(free_seats=frame.seats - used))
            continue
        index = bisect_left(starts, one.end) - 1
        if index < 0 or ends[index] <= one.start:
            out.append(one._replace(free_seats=frame.seats))
    return out

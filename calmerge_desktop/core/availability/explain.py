"""Why an open hour is not offered, and the smallest change that would offer it.

Nothing here guesses: a cause is named only after `slots.offered` was asked again with exactly that cause taken away and then
had a slot there. One cause is tried before several; of several each is needed, and a setting changes as little as is enough.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from calmerge_desktop.core.availability.causes import FINE, Cause, openings
from calmerge_desktop.core.availability.slots import Frame, Slot, offered
from calmerge_desktop.core.availability.smallest import smallest
from calmerge_desktop.core.freebusy import Busy, Load
from calmerge_desktop.core.span import Range, Span, join, subtract

_MARGIN = 26 * 3600


@dataclass(frozen=True, slots=True)
class Closed:
    """A stretch of open hours without a slot. Without all of `causes` there would be one in it."""

    start: int
    end: int
    causes: tuple[Cause, ...]


def explain(frame: Frame, slots: Sequence[Slot] | None = None) -> list[Closed]:
    """Every stretch of the weekly hours that no slot covers, by start."""
    found = offered(frame) if slots is None else slots
    covers = join(sorted((one.start, one.end) for one in found))
    out: list[Closed] = []
    for low, high in _stretches(frame, covers):
        causes = _causes(frame, low, high)
        if out and out[-1].end == low and out[-1].causes == causes:
            out[-1] = Closed(out[-1].start, high, causes)
        else:
            out.append(Closed(low, high, causes))
    return out


def _stretches(frame: Frame, covers: Sequence[Range]) -> Iterator[Range]:
    """Uncovered parts of the weekly hours, cut where a reason begins or ends."""
    every: list[tuple[int, int]] = [(one.start, one.end) for one in frame.hours]
    every += [(one.start, one.end) for one in frame.shut]
    whole = Span(frame.low, frame.high)
    hours = [part for low, high in every if (part := Span(low, high).clip(whole))]
    cuts = sorted(_edges(frame))
    for gap in subtract(hours, [Span(low, high) for low, high in covers]):
        at = gap.start
        for cut in cuts[bisect_left(cuts, gap.start + 1) : bisect_left(cuts, gap.end)]:
            if at < cut:
                yield at, cut
                at = cut
        yield at, gap.end


def _edges(frame: Frame) -> set[int]:
    edges = {frame.earliest, frame.first_day, frame.last_day}
    for part in (frame.busy, frame.bookings, frame.shut, frame.hours):
        for one in part:
            edges |= {one.start, one.end}
    for cap in frame.caps:
        edges |= {cap.low, cap.high}
    return edges


def _causes(frame: Frame, low: int, high: int) -> tuple[Cause, ...]:
    local = _local(frame, low, high)
    near = tuple(_suspects(local, low, high))
    for one in near:
        if openings(local, (one,), low, high):
            return smallest(local, (one,), low, high)
    whole = tuple(one for one in near if one.kind != "interval")
    finer = (Cause("interval"), Cause("length", max(60, min(frame.length, (high - low) // 60 * 60))))
    for more in ((), *((one,) for one in finer)):
        if openings(local, whole + more, low, high):
            found = smallest(local, _fewer(local, whole + more, low, high), low, high)
            return _fewer(local, found, low, high)  # half an hour less notice may do where none at all would not
    return (Cause("length", frame.length),)


def _fewer(frame: Frame, causes: tuple[Cause, ...], low: int, high: int) -> tuple[Cause, ...]:
    """Leave out what need not go, the least likely first, until each one left is needed."""
    for one in reversed(causes):
        rest = tuple(other for other in causes if other is not one)
        if rest and openings(frame, rest, low, high):
            return _fewer(frame, rest, low, high)
    return causes


def _suspects(frame: Frame, low: int, high: int) -> Iterator[Cause]:
    """What could be in the way between `low` and `high`, the likeliest first."""
    around = frame.length + max(frame.before, frame.after)
    for shut in frame.shut:
        if shut.start < high and shut.end > low:
            yield Cause(shut.why, shut)
    inside = [one for one in frame.busy if one.start < high and one.end > low]
    yield from map(_of, inside)
    for booking in frame.bookings:
        if booking.start < high + around and booking.end > low - around:
            yield Cause("booking", booking)
    yield from _rules(frame, low, high)
    for busy in frame.busy:
        if busy not in inside and busy.start < high + around and busy.end > low - around:
            yield _of(busy)


def _rules(frame: Frame, low: int, high: int) -> Iterator[Cause]:
    """Settings of the link that could be in the way."""
    if low < frame.earliest:
        yield Cause("notice")
    if low < frame.first_day or high > frame.last_day - 1 or frame.days_wanted is not None:
        yield Cause("horizon")
    for cap in frame.caps:
        if cap.low < high and cap.high > low - frame.length:
            yield Cause("limit", cap)
    set_ = {
        "first-only": frame.first_only,
        "whole-blocks": frame.keep_whole,
        "buffer": frame.before or frame.after,
        "interval": frame.step > FINE or frame.offset,
    }
    yield from (Cause(kind) for kind, there in set_.items() if there)


def _of(busy: Busy) -> Cause:
    return Cause("unreadable" if busy.load is Load.UNKNOWN else "event", busy)


def _local(frame: Frame, low: int, high: int) -> Frame:
    """The frame around one stretch, so that asking again costs one day and not all of them."""
    first, last = low - _MARGIN, high + _MARGIN
    changed: dict[str, Any] = {}
    if frame.days_wanted is not None:
        # a day beyond the wanted ones is beyond the horizon; the others are judged by themselves
        slots = offered(frame)
        changed = {"days_wanted": None, "last_day": min(frame.last_day, slots[-1].start + 1 if slots else frame.low)}
    return replace(
        frame,
        low=max(frame.low, first),
        high=min(frame.high, last),
        hours=[one for one in frame.hours if one.start < last and one.end > first],
        shut=[one for one in frame.shut if one.start < last and one.end > first],
        busy=[one for one in frame.busy if one.start < last and one.end > first],
        pairs=None,
        bookings=[one for one in frame.bookings if one.start < last and one.end > first],
        score=None,
        **changed,
    )

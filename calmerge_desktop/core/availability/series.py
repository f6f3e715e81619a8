"""A booking that is a series: every date is looked at, and a date that is taken comes with ways to repair it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from calmerge_desktop.core.availability.rules import SeriesRule
from calmerge_desktop.core.availability.slots import FOREVER, Fits, Frame, Slot, day_of, offered
from calmerge_desktop.core.zones import Zone, seconds_of, wall_of

_MOST_SHIFTS = 3


@dataclass(frozen=True, slots=True)
class SeriesDate:
    """One meeting of a series that begins at a chosen slot."""

    start: int
    end: int
    free: bool
    shift_to: tuple[Slot, ...] = ()
    """When taken: the nearest free slots of the same day."""
    swap_to: tuple[Slot, ...] = ()
    """When taken: free slots in the days around it."""


def dates_of(start: int, length: int, rule: SeriesRule, zone: Zone) -> list[tuple[int, int]]:
    """All meetings as instants: the same wall time every time, whatever DST does. `length` is in seconds."""
    first = wall_of(zone.to_wall(start))
    starts = [zone.to_utc(seconds_of(first + timedelta(weeks=rule.every_weeks * n))) for n in range(rule.count)]
    return [(at, at + length) for at in starts]


def reach(rule: SeriesRule) -> int:
    """Seconds past the first meeting within which the others, and what may replace them, lie."""
    return (rule.every_weeks * (rule.count - 1) + 1) * 7 * 86_400


def later(frame: Frame) -> Frame:
    """`frame` as it is asked for the later meetings: neither notice nor horizon nor ranking matters for them."""
    return replace(
        frame, earliest=-FOREVER, first_day=-FOREVER, last_day=FOREVER, days_wanted=None, first_only=False,
        keep_whole=False, score=None,
    )  # fmt: skip


def whole(slots: Sequence[Slot], frame: Frame, rule: SeriesRule) -> list[Slot]:
    """Those of `slots` from which every date of the series can be booked. `frame` reaches to the last date."""
    fits = Fits(frame)
    length = frame.length
    return [one for one in slots if all(fits(start) for start, _end in dates_of(one.start, length, rule, frame.zone)[1:])]


def check_series(start: int, frame: Frame, rule: SeriesRule) -> list[SeriesDate]:
    """Every date of the series that begins at `start`, with repairs for those that are taken."""
    asked = later(frame)
    fits = Fits(asked)
    every = offered(asked)
    out = []
    for low, high in dates_of(start, frame.length, rule, frame.zone):
        if fits(low):
            out.append(SeriesDate(low, high, free=True))
            continue
        near = sorted((one for one in every if one.start != start), key=lambda one: abs(one.start - low))
        same = [one for one in near if day_of(frame, one.start) == day_of(frame, low)]
        other = [one for one in near if day_of(frame, one.start) != day_of(frame, low)]
        around = [one for one in other if abs(one.start - low) <= 4 * 86_400]
        out.append(SeriesDate(low, high, False, tuple(same[:_MOST_SHIFTS]), tuple(around[:_MOST_SHIFTS])))
    return out

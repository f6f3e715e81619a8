"""Instances -> when the person is busy, with the events that say so.

What counts is decided here and nowhere else: TRANSP and STATUS (RFC 5545 §3.8.2.7, §3.8.1.11), the person's own PARTSTAT
(§3.2.12), all-day events by the calendar's rule. The same meeting in two calendars counts once, and the person's answer in
one of them holds for all copies. Times are instants, half-open.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calmerge_desktop.core.model import CalendarId, Instance, SourceState, Status
from calmerge_desktop.core.when import midnight, seconds_date


class AllDay(StrEnum):
    """What an all-day event of a calendar does to its days."""

    BLOCK = "block"
    """Always busy, also when it says that it is free."""
    BUSY = "busy"
    """Busy when the event itself says so."""
    IGNORE = "ignore"


class Unreadable(StrEnum):
    """What a calendar that cannot be read does to the time it could affect."""

    BLOCK = "block"
    WARN = "warn"
    IGNORE = "ignore"


class Load(StrEnum):
    """How a span is taken, the stronger one last."""

    FREE = "free"
    TENTATIVE = "tentative"
    BUSY = "busy"
    UNKNOWN = "unknown"
    """A calendar that could hold something here cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """The rules of one calendar; the defaults are the careful ones."""

    all_day: AllDay = AllDay.BUSY
    tentative: bool = True
    """Tentative events and answers block."""
    unanswered: bool = True
    """Invitations without an answer block."""
    unreadable: Unreadable = Unreadable.BLOCK


class Busy(NamedTuple):
    """One reason why a span is not free."""

    start: int
    end: int
    load: Load
    id: str
    """Instance id, or `source:` and a calendar id when that calendar cannot be read."""
    summary: str
    calendars: tuple[CalendarId, ...]


class Taken(NamedTuple):
    """A span of one load with everything that says so; spans of one answer touch and never overlap."""

    start: int
    end: int
    load: Load
    because: tuple[Busy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How far the answer can trust one calendar."""

    calendar: CalendarId
    name: str
    state: SourceState
    as_of: int | None
    reason: str | None = None
    policy: Unreadable = Unreadable.BLOCK
    set_aside: int = 0
    """Events of the calendar that could not be read, so that nobody knows when they are."""


class Claims(NamedTuple):
    """What an event says of its time."""

    status: Status
    transparent: bool
    all_day: bool


DEFAULT = Blocking()
_LOADS = (Load.FREE, Load.TENTATIVE, Load.BUSY, Load.UNKNOWN)
_RANK = {load: rank for rank, load in enumerate(_LOADS)}
_FREE, _TENTATIVE, _BUSY, _UNKNOWN = _LOADS
_MUCH, _ALL = 1 << 20, 1 << 40
_WEIGHTS = {_TENTATIVE: 1, _BUSY: _MUCH, _UNKNOWN: _ALL}
"""So that no number of weaker reasons adds up to a stronger one."""


def load_of(one: Claims | Instance, rule: Blocking, answer: str | None) -> Load:
    """How `one` takes its time under its calendar's rules; `answer` is the person's PARTSTAT on any copy, or None."""
    if one.status is Status.CANCELLED or answer == "declined":
        return Load.FREE
    if one.all_day and rule.all_day is AllDay.IGNORE:
        return Load.FREE
    if one.transparent and not (one.all_day and rule.all_day is AllDay.BLOCK):
        return Load.FREE
    if one.status is Status.TENTATIVE or answer == "tentative":
        return Load.TENTATIVE if rule.tentative else Load.FREE
    if answer in ("needs-action", "delegated"):
        return Load.TENTATIVE if rule.unanswered and answer == "needs-action" else Load.FREE
    return Load.BUSY


def busy_times(instances: Sequence[Instance], rules: Mapping[CalendarId, Blocking], tz: ZoneInfo) -> list[Busy]:
    """What blocks, by start. `instances` are raw copies of every calendar asked; the days of dates are those of `tz`."""
    shared = _shared(instances)
    groups: dict[tuple[str, int, int, bool], list[Instance]] = {}
    found: list[Busy] = []
    put, rule_of = found.append, rules.get
    for one in instances:
        if one.uid in shared:
            groups.setdefault((one.uid, one.start, one.end, one.all_day), []).append(one)
            continue
        load = load_of(one, rule_of(one.calendar, DEFAULT), one.partstat)
        if load is not Load.FREE:
            start, end = _days(one, tz) if one.all_day else (one.start, one.end)
            if start < end:
                put(Busy(start, end, load, one.id, one.summary, one.calendars))
    found += filter(None, (_together(copies, rules, tz) for copies in groups.values()))
    found.sort()
    return found


def _shared(instances: Sequence[Instance]) -> set[str]:
    """UIDs that lie in more than one calendar: few, and only they need to be looked at together."""
    where: dict[str, CalendarId] = {}
    put = where.setdefault
    return {one.uid for one in instances if put(one.uid, one.calendar) != one.calendar}


def _together(copies: Sequence[Instance], rules: Mapping[CalendarId, Blocking], tz: ZoneInfo) -> Busy | None:
    """The copies of one meeting as one: the person's answer in any of them holds for all, and one that blocks is enough."""
    copies = sorted(copies, key=lambda one: (one.summary, one.id))  # whichever was read first, the same one is named
    answer = next((one.partstat for one in copies if one.partstat), None)
    loads = [(load_of(one, rules.get(one.calendar, DEFAULT), answer), one) for one in copies]
    load, best = max(loads, key=lambda pair: _RANK[pair[0]])
    start, end = _days(best, tz) if best.all_day else (best.start, best.end)
    if load is Load.FREE or start >= end:
        return None
    return Busy(
        start, end, load, best.id, best.summary, (best.calendar, *(one.calendar for one in copies if one is not best))
    )


def unknown(sources: Iterable[Source], low: int, high: int) -> list[Busy]:
    """What unreadable calendars that are to block do to `[low, high)`: anything could be in there."""
    return [
        Busy(low, high, Load.UNKNOWN, f"source:{one.calendar}", one.name, (one.calendar,))
        for one in sources
        if one.state is SourceState.BROKEN and one.policy is Unreadable.BLOCK and low < high
    ]


def taken(busy: Sequence[Busy], low: int, high: int) -> list[Taken]:
    """`[low, high)` cut into free and taken spans; of overlapping loads the strongest shows, with every reason.

    `busy` is sorted. It is cut wherever a reason begins or ends; what happens at one instant is done with at once, because a
    full calendar has dozens of reasons at a time.
    """
    busy = [one for one in busy if one.end > low and one.start < high]
    until = [one.end for one in busy]
    closing = sorted(range(len(busy)), key=until.__getitem__)
    starts, ends = [one.start for one in busy], [until[n] for n in closing]
    early, late = bisect_left(starts, low), bisect_right(ends, high)
    starts[:early] = [low] * early
    ends[late:] = [high] * (len(ends) - late)
    starts.append(high + 1)
    ends.append(high + 1)
    weights = [_WEIGHTS[one.load] for one in busy]
    running: dict[int, Busy] = {}
    new, out = tuple.__new__, list[Taken]()
    weight = begun = done = 0
    at = low
    for point in sorted({*starts[:-1], *ends[:-1], high}):
        load = _FREE if not weight else _TENTATIVE if weight < _MUCH else _BUSY if weight < _ALL else _UNKNOWN
        if point > at:
            out.append(new(Taken, (at, point, load, tuple(running.values()))))
            at = point
        while ends[done] <= point:
            n = closing[done]
            del running[n]
            weight -= weights[n]
            done += 1
        while starts[begun] <= point:
            running[begun] = busy[begun]
            weight += weights[begun]
            begun += 1
    return out


def _days(one: Instance, tz: ZoneInfo) -> tuple[int, int]:
    return midnight(seconds_date(one.start), tz), midnight(seconds_date(one.end), tz)

"""Occurrences as they are stored: narrow rows of `occ` (when) that share rows of `vevent` (what). All the first frame needs.

A daily meeting of ten years is thousands of occurrences and one row of words: written once, read once a span.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from calmerge_desktop.core.model import CalendarId, Instance, Status
from calmerge_desktop.core.when import DAY, seconds_date
from calmerge_desktop.core.zones import Zone

SHORT = 26 * 3600
"""Occurrences up to this long are found by looking back no further than it."""
_FLOATS = 4
"""Kinds from here on are floating times."""
TRANSPARENT, RECURRING, PRIVATE, PEOPLE, STATUS = 1, 2, 4, 8, 4
STATES = (Status.CONFIRMED, Status.TENTATIVE, Status.CANCELLED)

Span = tuple[int, int, int, int]
SPAN = "kind, s, vevent, e"
"""Columns of `occ`."""
COLUMNS = "vevent.id, book, flags, vevent.key, uid, rid, summary, location, tzid, partstat, url"
"""Those of `vevent` that make an instance."""
Where = Mapping[int, tuple[CalendarId, tuple[CalendarId]]]
"""The books asked for: row id -> calendar."""

_FLAGS = tuple(
    (
        STATES[min(flags >> STATUS, 2)],
        bool(flags & TRANSPARENT),
        bool(flags & RECURRING),
        bool(flags & PRIVATE),
        bool(flags & PEOPLE),
    )
    for flags in range(3 << STATUS)
)


@lru_cache(maxsize=1 << 14)
def rid_at(kind: int, start: int) -> str:
    """RECURRENCE-ID of an occurrence that is where its series puts it, as `Series.rid_text` writes it."""
    day, second = divmod(start, DAY)
    if kind >> 1 == 1:
        return _day(day)
    return f"{_day(day)}T{_time(second)}" if kind >= _FLOATS else f"{_day(day)}T{_time(second)}Z"


@lru_cache(maxsize=4096)
def _day(day: int) -> str:
    return f"{seconds_date(day * DAY):%Y%m%d}".zfill(8)


@lru_cache(maxsize=4096)
def _time(second: int) -> str:
    minutes, seconds = divmod(second, 60)
    return f"{minutes // 60:02}{minutes % 60:02}{seconds:02}"


def instances_of(spans: Sequence[Span], vevents: Sequence[tuple[Any, ...]], where: Where, zone: Zone) -> list[Instance]:
    """Spans of the `vevents` (in the order of `COLUMNS`) that lie in `where`; floating ones in `zone`.

    Floating spans come last: the query asks kind after kind. One expression without a call a row, past the checks of
    `Instance(…)`: the third part of the time.
    """
    shared = _shared(vevents, where)
    new, get = tuple.__new__, shared.get
    out: list[Instance] = [
        new(
            Instance,
            ((head or (f"{key}@{(rid := rid_at(kind, s))}", uid, rid, calendar, calendars)) + (s, e, kind >> 1 == 1) + tail),
        )
        for kind, s, vevent, e in spans
        if (found := get(vevent))
        for head, key, uid, calendar, calendars, tail in (found,)
    ]
    floats = 0
    for kind, _s, vevent, _e in reversed(spans):
        if kind < _FLOATS:
            break
        floats += vevent in shared
    for n in range(len(out) - floats, len(out)):
        one = out[n]
        out[n] = one._replace(start=zone.to_utc(one.start), end=zone.to_utc(one.end))
    return out


def _shared(vevents: Sequence[tuple[Any, ...]], where: Where) -> dict[int, tuple[Any, ...]]:
    """What all occurrences of a VEVENT have in common, by its row id; without `head` where each has its own id."""
    known = _FLAGS
    return {
        id: (
            None if recurring and rid is None else (f"{key}@{rid}" if rid else key, uid, rid, calendar, calendars),
            key,
            uid,
            calendar,
            calendars,
            (summary, location, tzid, status, transparent, partstat, recurring, private, False, False, url, people),
        )
        for id, book, flags, key, uid, rid, summary, location, tzid, partstat, url in vevents
        if book in where
        for calendar, calendars in (where[book],)
        for status, transparent, recurring, private, people in (known[flags],)
    }


def flagged(flags: int) -> tuple[Status, bool, bool, bool, bool]:
    """Status, transparent, recurring, private, with people."""
    return _FLAGS[flags]

"""The table `occ`: what a row says, and rows as instances. All of it that the first frame needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from calmerge_desktop.core.model import CalendarId, Instance, Status
from calmerge_desktop.core.zones import Zone

SHORT = 26 * 3600
"""Occurrences up to this long are found by looking back no further than it."""
_FLOATS = 4
"""Kinds from here on are floating times."""
TRANSPARENT, RECURRING, PRIVATE, PEOPLE, STATUS = 1, 2, 4, 8, 4
STATES = (Status.CONFIRMED, Status.TENTATIVE, Status.CANCELLED)

COLUMNS = "kind, s, e, book, flags, key, uid, rid, summary, location, tzid, partstat, url"


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


def instances_of(
    rows: Sequence[tuple[Any, ...]], where: Mapping[int, tuple[CalendarId, tuple[CalendarId]]], zone: Zone
) -> list[Instance]:
    """Rows (in the order of `COLUMNS`) as instances, those of other books than `where` left out; floating ones in `zone`.

    Floating rows come last: the query asks kind after kind.

    One expression without a call a row, past the checks of `Instance(…)`: the third part of the time.
    """
    new, known = tuple.__new__, _FLAGS
    out: list[Instance] = [
        new(
            Instance,
            (
                f"{key}@{rid}" if rid else key,
                uid,
                rid,
                calendar,
                calendars,
                s,
                e,
                kind >> 1 == 1,
                summary,
                location,
                tzid,
                status,
                transparent,
                partstat,
                recurring,
                private,
                False,
                False,
                url,
                people,
            ),
        )
        for kind, s, e, book, flags, key, uid, rid, summary, location, tzid, partstat, url in rows
        if book in where
        for calendar, calendars in (where[book],)
        for status, transparent, recurring, private, people in (known[flags],)
    ]
    floats = 0
    for row in reversed(rows):
        if row[0] < _FLOATS:
            break
        floats += row[3] in where
    for n in range(len(out) - floats, len(out)):
        one = out[n]
        out[n] = one._replace(start=zone.to_utc(one.start), end=zone.to_utc(one.end))
    return out


def flagged(flags: int) -> tuple[Status, bool, bool, bool, bool]:
    """Status, transparent, recurring, private, with people."""
    return _FLAGS[flags]

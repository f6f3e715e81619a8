"""Stored occurrences as the time they take, without an instance in between.

Two months of full calendars are ten thousand rows, and free/busy needs but a few of their columns. What counts is decided in
`core.freebusy`, once for each way a row can be; whatever has to be looked at together goes there as instances.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from operator import itemgetter
from typing import Any

from calmerge_desktop.core.freebusy import DEFAULT, Blocking, Busy, Claims, Load, load_of
from calmerge_desktop.core.model import CalendarId, Instance
from calmerge_desktop.core.store.occ import flagged, instances_of
from calmerge_desktop.core.zones import Zone

_KINDS = 64
COLUMNS = f"kind * {_KINDS} + flags, s, e, book, key, uid, rid, summary, partstat"
"""Kind and flags as one number: every value that is fetched costs as much as looking at it."""
_DATES, _FLOATS = 2, 4
"""First kinds of the two axes that are not instants."""
Where = Mapping[int, tuple[CalendarId, tuple[CalendarId]]]
_Row = tuple[Any, ...]


class _Loads(dict[tuple[int, int, str | None], tuple[Load, tuple[CalendarId]] | None]):
    """By (kind and flags, book, partstat), None when that takes no time: thousands of rows know a few dozen of these."""

    def __init__(self, where: Where, rules: Mapping[CalendarId, Blocking]) -> None:
        super().__init__()
        self._where, self._rules = where, rules

    def __missing__(self, key: tuple[int, int, str | None]) -> tuple[Load, tuple[CalendarId]] | None:
        claim, book, partstat = key
        calendar, calendars = self._where[book]
        kind, flags = divmod(claim, _KINDS)
        status, transparent, *_others = flagged(flags)
        claims = Claims(status, transparent, _DATES <= kind < _FLOATS)
        load = load_of(claims, self._rules.get(calendar, DEFAULT), partstat)
        self[key] = found = None if load is Load.FREE else (load, calendars)
        return found


def busy_of(
    rows: Sequence[_Row],
    where: Where,
    rules: Mapping[CalendarId, Blocking],
    zone: Zone,
    hidden: Collection[str],
    apart: Collection[str],
) -> tuple[list[Busy], list[Instance]]:
    """Rows (in the order of `COLUMNS`) as what they take, unsorted; and those that must be looked at together, as instances.

    These are the ones whose UID lies in several calendars or is among `apart`. Resources whose key is `hidden` are left out,
    and so are other books than `where`. Dates are days of `zone`, floating times its wall clock. Rows come axis after axis,
    as `window` asks for them.
    """
    rows = [row for row in rows if row[3] in where and row[4] not in hidden]
    together = _shared(rows).union(apart)
    rest: list[_Row] = []
    if together:
        rest = [row for row in rows if row[5] in together]
        rows = [row for row in rows if row[5] not in together]
    loads = _Loads(where, rules)
    instants = bisect_left(rows, _DATES * _KINDS, key=itemgetter(0))
    found = _taking(rows[:instants], loads)
    for one in _taking(rows[instants:], loads):
        start, end = zone.to_utc(one.start), zone.to_utc(one.end)
        if start < end:
            found.append(one._replace(start=start, end=end))
    return found, instances_of([_wider(*row) for row in rest], where, zone)


def _wider(
    claim: int, s: int, e: int, book: int, key: str, uid: str, rid: str | None, summary: str, answer: str | None
) -> _Row:
    """A row in the order of `occ.COLUMNS`, as far as it is known."""
    kind, flags = divmod(claim, _KINDS)
    return kind, s, e, book, flags, key, uid, rid, summary, "", None, answer, None


def _taking(rows: Sequence[_Row], loads: _Loads) -> list[Busy]:
    """What takes time, as it stands in the rows: one expression without a call a row, past the checks of `Busy(…)`."""
    new = tuple.__new__
    return [
        new(Busy, (s, e, taken[0], f"{key}@{rid}" if rid else key, summary, taken[1]))
        for claim, s, e, book, key, _uid, rid, summary, partstat in rows
        if s < e and (taken := loads[claim, book, partstat])
    ]


def _shared(rows: Sequence[_Row]) -> set[str]:
    """UIDs that lie in more than one of the calendars."""
    last = {row[5]: row[3] for row in rows}
    return {row[5] for row in rows if last[row[5]] != row[3]}

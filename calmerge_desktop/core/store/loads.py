"""Stored occurrences as the time they take, without an instance in between.

Two months of full calendars are ten thousand rows, and free/busy needs but a few of their columns. What counts is decided in
`core.freebusy`, once for each way a row can be; whatever has to be looked at together goes there as instances.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from calmerge_desktop.core.freebusy import DEFAULT, Blocking, Busy, Claims, Load, load_of
from calmerge_desktop.core.model import CalendarId, Instance
from calmerge_desktop.core.store.rows import flagged, instances_of
from calmerge_desktop.core.zones import Zone

COLUMNS = "kind, s, e, book, flags, key, uid, rid, summary, partstat"
_DATES, _FLOATS = 2, 4
"""First kinds of the two axes that are not instants."""
Where = Mapping[int, tuple[CalendarId, tuple[CalendarId]]]


class _Loads(dict[tuple[int, int, int, str | None], Load]):
    """By (kind, book, flags, partstat): a calendar of thousands knows a few dozen of these."""

    def __init__(self, where: Where, rules: Mapping[CalendarId, Blocking]) -> None:
        super().__init__()
        self._where, self._rules = where, rules

    def __missing__(self, key: tuple[int, int, int, str | None]) -> Load:
        kind, book, flags, partstat = key
        rule = self._rules.get(self._where[book][0], DEFAULT)
        status, transparent, *_others = flagged(flags)
        self[key] = found = load_of(Claims(status, transparent, _DATES <= kind < _FLOATS), rule, partstat)
        return found


def busy_of(
    rows: Sequence[tuple[Any, ...]],
    where: Where,
    rules: Mapping[CalendarId, Blocking],
    zone: Zone,
    hidden: Collection[str],
    apart: Collection[str],
) -> tuple[list[Busy], list[Instance]]:
    """Rows (in the order of `COLUMNS`) as what they take, unsorted; and those that must be looked at together, as instances.

    These are the ones whose UID lies in several calendars or is among `apart`. Resources whose key is `hidden` are left out,
    and so are other books than `where`. Dates are days of `zone`, floating times its wall clock.
    """
    together = _shared(rows, where).union(apart)
    loads = _Loads(where, rules)
    new = partial(tuple.__new__, Busy)
    found: list[Busy] = []
    put = found.append
    rest: list[tuple[Any, ...]] = []
    for row in rows:
        kind, s, e, book, flags, key, uid, rid, summary, partstat = row
        if book not in where or key in hidden:
            continue
        if uid in together:
            rest.append((kind, s, e, book, flags, key, uid, rid, summary, "", None, partstat, None))
            continue
        load = loads[kind, book, flags, partstat]
        if load is Load.FREE:
            continue
        if kind >= _DATES:
            s, e = zone.to_utc(s), zone.to_utc(e)
        if s < e:
            put(new((s, e, load, f"{key}@{rid}" if rid else key, summary, where[book][1])))
    return found, instances_of(rest, where, zone)


def _shared(rows: Sequence[tuple[Any, ...]], where: Where) -> set[str]:
    """UIDs that lie in more than one of the calendars."""
    first: dict[str, int] = {}
    put = first.setdefault
    return {row[6] for row in rows if row[3] in where and put(row[6], row[3]) != row[3]}

"""Stored occurrences as the time they take, without an instance in between.

Two months of full calendars are ten thousand occurrences of a few thousand VEVENTs, and free/busy needs but a few of their
columns. What counts is decided in `core.freebusy`, once for each VEVENT; whatever has to be looked at together goes there as
instances.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from calmerge_desktop.core.freebusy import DEFAULT, Blocking, Busy, Claims, Load, load_of
from calmerge_desktop.core.model import CalendarId, Instance
from calmerge_desktop.core.store.occ import RECURRING, Span, Where, flagged, instances_of, rid_at
from calmerge_desktop.core.zones import Zone

COLUMNS = "vevent.id, kind, book, flags, vevent.key, uid, rid, summary, partstat"
"""Of `vevent`, in the order of `_Vevent`."""
_DATES, _FLOATS = 2, 4
"""First kinds of the two axes that are not instants."""


class _Vevent(NamedTuple):
    id: int
    kind: int
    book: int
    flags: int
    key: str
    uid: str
    rid: str | None
    summary: str
    partstat: str | None

    @property
    def wide(self) -> tuple[Any, ...]:
        """In the order of `occ.COLUMNS`, as far as it is known."""
        return self.id, self.book, self.flags, self.key, self.uid, self.rid, self.summary, "", None, self.partstat, None


def busy_of(
    spans: Sequence[Span],
    vevents: Sequence[tuple[Any, ...]],
    where: Where,
    rules: Mapping[CalendarId, Blocking],
    zone: Zone,
    hidden: Collection[str],
    apart: Collection[str],
) -> tuple[list[Busy], list[Instance]]:
    """Spans of the `vevents` (in the order of `COLUMNS`) as what they take, unsorted; and those to be looked at together.

    The latter, as instances, are the ones whose UID lies in several calendars or is among `apart`. Resources whose key is
    `hidden` are left out, and so are other books than `where`. Dates are days of `zone`, floating times its wall clock.
    Spans come axis after axis, as `window` asks for them.
    """
    known = [one for one in map(_Vevent._make, vevents) if one.book in where and one.key not in hidden]
    together = _shared(known).union(apart)
    rest: list[_Vevent] = []
    if together:
        rest = [one for one in known if one.uid in together]
        known = [one for one in known if one.uid not in together]
    taking = _taking(known, where, rules)
    instants = bisect_left(spans, _DATES, key=itemgetter(0))
    found = _taken(spans[:instants], taking)
    for one in _taken(spans[instants:], taking):
        start, end = zone.to_utc(one.start), zone.to_utc(one.end)
        if start < end:
            found.append(one._replace(start=start, end=end))
    return found, instances_of(spans, [one.wide for one in rest], where, zone) if rest else []


class _Loads(dict[tuple[int, int, int, str | None], Load]):
    """By (kind, flags, book, partstat): thousands of VEVENTs know a few dozen of these."""

    def __init__(self, where: Where, rules: Mapping[CalendarId, Blocking]) -> None:
        super().__init__()
        self._where, self._rules = where, rules

    def __missing__(self, key: tuple[int, int, int, str | None]) -> Load:
        kind, flags, book, partstat = key
        status, transparent, *_others = flagged(flags)
        claims = Claims(status, transparent, _DATES <= kind < _FLOATS)
        self[key] = found = load_of(claims, self._rules.get(self._where[book][0], DEFAULT), partstat)
        return found


def _taking(vevents: Sequence[_Vevent], where: Where, rules: Mapping[CalendarId, Blocking]) -> dict[int, tuple[Any, ...]]:
    """What each VEVENT takes, by row id; those that take no time are not in it. No id where each occurrence has its own."""
    loads = _Loads(where, rules)
    return {
        id: (
            load,
            None if flags & RECURRING and rid is None else f"{key}@{rid}" if rid else key,
            key,
            summary,
            where[book][1],
        )
        for id, kind, book, flags, key, _uid, rid, summary, partstat in vevents
        if (load := loads[kind, flags, book, partstat]) is not Load.FREE
    }


def _taken(spans: Sequence[Span], taking: Mapping[int, tuple[Any, ...]]) -> list[Busy]:
    """What takes time, as it stands in the rows: one expression without a call a row, past the checks of `Busy(…)`."""
    new, get = tuple.__new__, taking.get
    return [
        new(Busy, (s, e, load, own or f"{key}@{rid_at(kind, s)}", summary, calendars))
        for kind, s, vevent, e in spans
        if s < e and (found := get(vevent))
        for load, own, key, summary, calendars in (found,)
    ]


def _shared(vevents: Sequence[_Vevent]) -> set[str]:
    """UIDs that lie in more than one of the calendars."""
    last = {one.uid: one.book for one in vevents}
    return {one.uid for one in vevents if last[one.uid] != one.book}

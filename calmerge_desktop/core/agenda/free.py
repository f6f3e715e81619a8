"""When the person is free, across all calendars, and how far the answer can be trusted."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from calmerge_desktop.core import freebusy
from calmerge_desktop.core.errors import UnknownId
from calmerge_desktop.core.freebusy import Blocking, Busy, Source, Taken, Unreadable
from calmerge_desktop.core.model import Calendar, CalendarId, SourceState, SourceStatus
from calmerge_desktop.core.span import Range
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY, Clock
from calmerge_desktop.core.when import zone as checked_zone

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory
    from calmerge_desktop.core.agenda.view import View

_AT_HOME = ("local",)
"""Providers whose calendars are kept only here: there is no other side that could have changed them."""


_MOST_KEPT = 12
"""Answers kept as long as nothing changes in either file."""


class _Known:
    """What blocks in a span without regard to the state of the sources, which changes with the clock."""

    def __init__(self, busy: list[Busy], sources: Sequence[_SourceRow]) -> None:
        self.busy, self.sources = busy, sources
        self.spans: tuple[Taken, ...] | None = None

    @cached_property
    def pairs(self) -> list[Range]:
        return [(one.start, one.end) for one in self.busy]


@dataclass(frozen=True, slots=True)
class FreeAnswer:
    """Spans that cover what was asked without a gap, and the calendars they rest on."""

    spans: tuple[Taken, ...]
    sources: tuple[Source, ...]


class Free:
    """See `core.agenda.desk.FreeJob`."""

    def __init__(self, memory: Memory, view: View, clock: Clock) -> None:
        self._memory = memory
        self._view = view
        self._clock = clock
        self._lock = threading.Lock()
        self._version: object = None
        self._kept: dict[object, _Known] = {}

    def spans(self, low: int, high: int, tzid: str, calendars: Collection[CalendarId] | None = None) -> FreeAnswer:
        """See `FreeJob.spans`."""
        known, sources, closed = self._ask(low, high, tzid, calendars)
        if closed:
            return FreeAnswer(tuple(freebusy.taken(sorted([*known.busy, *closed]), low, high)), sources)
        if known.spans is None:
            known.spans = tuple(freebusy.taken(known.busy, low, high))
        return FreeAnswer(known.spans, sources)

    def busy(
        self, low: int, high: int, tzid: str, calendars: Collection[CalendarId] | None = None
    ) -> tuple[list[Busy], Sequence[Source]]:
        """Everything that blocks in `[low, high)`, by start, unreadable calendars included, and the sources."""
        known, sources, closed = self._ask(low, high, tzid, calendars)
        return (sorted([*known.busy, *closed]) if closed else known.busy), sources

    def pairs(
        self, low: int, high: int, tzid: str, calendars: Collection[CalendarId] | None = None
    ) -> tuple[list[Busy], Sequence[Range] | None, Sequence[Source]]:
        """`busy`, also as plain starts and ends; None for them when a calendar cannot be read."""
        known, sources, closed = self._ask(low, high, tzid, calendars)
        return (sorted([*known.busy, *closed]), None, sources) if closed else (known.busy, known.pairs, sources)

    def _ask(
        self, low: int, high: int, tzid: str, calendars: Collection[CalendarId] | None
    ) -> tuple[_Known, tuple[Source, ...], list[Busy]]:
        checked_zone(tzid)
        version = self._memory.version()  # asked before anything is read: what changes meanwhile is read again
        question = low, high, tzid, None if calendars is None else frozenset(calendars)
        with self._lock:
            if version != self._version:
                self._version, self._kept = version, {}
            known = self._kept.get(question)
        if known is None:
            known = self._read(low, high, tzid, calendars)
            with self._lock:
                if version == self._version:
                    while len(self._kept) >= _MOST_KEPT:
                        del self._kept[next(iter(self._kept))]  # the oldest
                    self._kept[question] = known
        now = self._clock()
        sources = tuple(_source(row, now) for row in known.sources)
        return known, sources, freebusy.unknown(sources, low, high)

    def _read(self, low: int, high: int, tzid: str, calendars: Collection[CalendarId] | None) -> _Known:
        asked = self._asked(calendars)
        rules = self._memory.links.blocking()
        found = self._view.busy(low - DAY, high + DAY, tzid, rules, [one.id for one in asked])
        return _Known(found, self._sources(asked, rules))

    def forget(self) -> None:
        """Read everything again when it is asked for next."""
        with self._lock:
            self._kept = {}
        self._view.forget()

    def rules(self) -> Mapping[CalendarId, Blocking]:
        """See `FreeJob.rules`."""
        known = self._memory.links.blocking()
        return {one.id: known.get(one.id, freebusy.DEFAULT) for one in self._memory.calendars()}

    def set_rule(self, calendar: CalendarId, rule: Blocking) -> None:
        """See `FreeJob.set_rule`."""
        if all(one.id != calendar for one in self._memory.calendars()):
            raise UnknownId(_("There is no calendar “{id}”.").format(id=calendar))
        self._memory.links.set_blocking(calendar, rule)

    def _asked(self, calendars: Collection[CalendarId] | None) -> Sequence[Calendar]:
        listed = self._memory.calendars()
        return [one for one in listed if (one.busy if calendars is None else one.id in calendars)]

    def _sources(self, asked: Sequence[Calendar], rules: Mapping[CalendarId, Blocking]) -> list[_SourceRow]:
        statuses = self._memory.statuses()
        accounts = {one.id: one.provider for one in self._memory.accounts()}
        aside = Counter(one.calendar for one in self._memory.set_aside())
        return [
            _SourceRow(
                one,
                accounts.get(one.account_id) in _AT_HOME,
                statuses.get(one.id),
                rules.get(one.id, freebusy.DEFAULT).unreadable,
                aside[one.id],
            )
            for one in asked
        ]


class _SourceRow(NamedTuple):
    """What the ledger and the cache say of a calendar; the clock makes a `Source` of it."""

    calendar: Calendar
    at_home: bool
    status: SourceStatus | None
    policy: Unreadable
    set_aside: int


def _source(row: _SourceRow, now: int) -> Source:
    """Availability is stricter than the sidebar: a source whose last try failed is broken, however short ago that was.

    What happened there since the last good read is unknown, and unknown is not free.
    """
    own = row.status
    state, reason = SourceState.FRESH, None
    if own is not None and own.state is not SourceState.FRESH:
        state, reason = SourceState.BROKEN, own.reason
    elif not row.at_home and (own is None or own.as_of is None):
        state, reason = SourceState.BROKEN, _("Not read yet.")
    elif not row.at_home and own is not None and own.as_of is not None and now - own.as_of > DAY:
        state, reason = SourceState.STALE, _("Not read for more than a day.")
    return Source(
        calendar=row.calendar.id,
        name=row.calendar.name,
        state=state,
        as_of=own.as_of if own else None,
        reason=reason,
        policy=row.policy,
        set_aside=row.set_aside,
    )

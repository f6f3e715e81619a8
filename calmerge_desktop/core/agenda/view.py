"""The merged calendar: what the cache holds, what is computed, and what the person changed and is not sent yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from calmerge_desktop.core.agenda.kept import Kept, Stretch
from calmerge_desktop.core.errors import BadData
from calmerge_desktop.core.merged import merge, order
from calmerge_desktop.core.model import Book, CalendarId, Instance
from calmerge_desktop.core.when import zone as checked_zone
from calmerge_desktop.core.zones import Zone, iana

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory, PendingResource
    from calmerge_desktop.core.freebusy import Blocking, Busy


_WAITS = "needs-action"


class View:
    """See `core.agenda.desk.ViewJob`. What it read stays in memory until something changes (`Memory.version`)."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._kept = Kept()

    def instances(
        self,
        low: int,
        high: int,
        tzid: str,
        *,
        merged: bool = True,
        visible_only: bool = True,
        calendars: Collection[CalendarId] | None = None,
    ) -> Sequence[Instance]:
        """See `ViewJob.instances`. Raises `BadInput` for an unknown zone."""
        checked_zone(tzid)
        zone = iana(tzid)
        only = None if calendars is None else frozenset(calendars)
        question = tzid, merged, visible_only, only
        version = self._memory.version()  # asked before anything is read: what changes meanwhile is read again
        if self._kept.calm(version) and (kept := self._kept.part(version, question, low, high)) is not None:
            return kept
        found = self._read(low, high, zone=zone, merged=merged, visible_only=visible_only, calendars=only)
        self._kept.keep(version, question, Stretch(low, high, zone, found))
        return found

    def busy(
        self,
        low: int,
        high: int,
        tzid: str,
        rules: Mapping[CalendarId, Blocking],
        calendars: Collection[CalendarId],
    ) -> list[Busy]:
        """What blocks in `[low, high)`, by start, read from both files; dates are days of `tzid`.

        The same as `freebusy.busy_times` over all raw copies, in half the time. Raises `BadInput` for an unknown zone.
        """
        from calmerge_desktop.core.freebusy import busy_times  # not before the first frame

        tz, zone = checked_zone(tzid), iana(tzid)
        wanted = frozenset(calendars)
        pending = {one.key: one for one in self._memory.pending()}
        others = self._unstored(low, high, zone, wanted, pending)
        apart = {one.uid for one in others}
        found, together = self._memory.busy(low, high, zone, wanted, rules, pending.keys(), apart)
        found += busy_times([*together, *others], rules, tz)
        found.sort()
        return found

    def unanswered(self, low: int, high: int, tzid: str) -> list[Instance]:
        """Merged instances in `[low, high)` of any calendar that wait for the person's answer, by start.

        What is asked after every change must not read four months: few events wait, and only those are read.
        """
        zone = iana(tzid)
        listed = self._memory.calendars()
        wanted = {one.id for one in listed}
        pending = {one.key: one for one in self._memory.pending()}
        others = self._unstored(low, high, zone, wanted, pending)
        uids = self._memory.unanswered(low, high, zone, wanted)
        uids |= {one.uid for one in others if one.partstat == _WAITS}
        if not uids:
            return []
        stored = self._memory.instances(low, high, zone, wanted, uids)
        found = [one for one in stored if one.id.partition("@")[0] not in pending]
        found += (one for one in others if one.uid in uids)
        merged = merge(found, {calendar.id: position for position, calendar in enumerate(listed)})
        return [one for one in merged if one.partstat == _WAITS]

    def forget(self) -> None:
        """Read everything again when it is asked for next."""
        self._kept.forget()

    def _read(
        self, low: int, high: int, *, zone: Zone, merged: bool, visible_only: bool, calendars: Collection[CalendarId] | None
    ) -> list[Instance]:
        """The span from both files."""
        listed = self._memory.calendars()
        wanted = {c.id for c in listed if (calendars is None or c.id in calendars) and (c.visible or not visible_only)}
        pending = {one.key: one for one in self._memory.pending()}
        found = self._memory.instances(low, high, zone, wanted)
        if pending:
            found = [one for one in found if one.id.partition("@")[0] not in pending]
        found += self._unstored(low, high, zone, wanted, pending)
        if not merged:
            return sorted(found, key=order)
        return merge(found, {calendar.id: position for position, calendar in enumerate(listed)})

    def _unstored(
        self, low: int, high: int, zone: Zone, wanted: Collection[CalendarId], pending: Mapping[str, PendingResource]
    ) -> list[Instance]:
        """Instances the cache does not hold: computed ones, and those of unsent versions."""
        found = list(self._computed(low, high, zone, wanted, pending.keys()))
        mine = [one for one in pending.values() if one.calendar in wanted]
        books = self._memory.books() if mine else {}
        for one in mine:
            found += unsent(one, books[one.calendar], low, high, zone)
        return found

    def _computed(
        self, low: int, high: int, zone: Zone, wanted: Collection[CalendarId], hidden: Collection[str]
    ) -> Iterator[Instance]:
        live = self._memory.live(high, wanted)
        if not live:
            return
        from calmerge_desktop.core.instances import in_window, open_series  # not before the first frame

        books = self._memory.books()
        for one in live:
            if one.key not in hidden:
                book = books[one.calendar]
                series, _bad = open_series(one.ics, book.tzid)
                yield from in_window(series, book, one.key, low, high, zone, since=one.covered)


def unsent(one: PendingResource, book: Book, low: int, high: int, zone: Zone) -> Iterator[Instance]:
    """Instances of an unsent version, marked as such."""
    if one.ics is None:
        return
    from calmerge_desktop.core.instances import in_window, open_series  # not before the first frame

    try:
        series, _bad = open_series(one.ics, book.tzid)
    except BadData:
        return
    for instance in in_window(series, book, one.key, low, high, zone):
        yield instance._replace(pending=True, conflict=one.state in ("conflict", "refused"))

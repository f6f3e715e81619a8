"""Booking links and schedules, the slots they offer, and why a time is not among them."""

from __future__ import annotations

import secrets
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from calmerge_desktop.core.availability import frame as frames
from calmerge_desktop.core.availability import series as whole_series
from calmerge_desktop.core.availability.causes import Cause
from calmerge_desktop.core.availability.explain import Closed, explain
from calmerge_desktop.core.availability.link import Link, check_link, own_schedule, warnings
from calmerge_desktop.core.availability.schedule import Schedule, check
from calmerge_desktop.core.availability.series import SeriesDate
from calmerge_desktop.core.availability.slots import Booking, Frame, Slot, offered
from calmerge_desktop.core.errors import BadInput, UnknownId
from calmerge_desktop.core.freebusy import Source
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY, Clock
from calmerge_desktop.core.when import zone as checked_zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from calmerge_desktop.core.agenda.free import Free
    from calmerge_desktop.core.agenda.memory import LinkBox, Memory


@dataclass(frozen=True, slots=True)
class SlotAnswer:
    """Slots by start, the calendars they rest on, and what the answer was worked out from."""

    slots: tuple[Slot, ...]
    sources: tuple[Source, ...]
    frame: Frame
    broken_series: tuple[Slot, ...] = ()
    """Starts that are free themselves, while a later date of the series is not."""


class _Rows:
    """What the ledger holds of schedules and bookings at one moment."""

    def __init__(self, version: object, box: LinkBox) -> None:
        self.version = version
        self._box = box
        self._bookings: dict[str, Sequence[Booking]] = {}
        self.schedules = box.schedules()

    def bookings(self, link: str) -> Sequence[Booking]:
        """Of one link, read when they are first asked for."""
        if link not in self._bookings:
            self._bookings[link] = self._box.bookings(link)
        return self._bookings[link]


class Links:
    """See `core.agenda.desk.LinksJob`."""

    def __init__(self, memory: Memory, free: Free, clock: Clock, usual: Callable[[], Schedule]) -> None:
        """`usual` gives the schedule in force as long as the person made none."""
        self._memory = memory
        self._free = free
        self._clock = clock
        self._usual = usual
        self._kept: _Rows | None = None

    # --- links ------------------------------------------------------------------------------------------------------

    def list(self) -> Sequence[Link]:
        """See `LinksJob.list`."""
        return self._memory.links.links()

    def get(self, name: str) -> Link:
        """See `LinksJob.get`."""
        for one in self._memory.links.links():
            if name in (one.id, one.slug):
                return one
        raise UnknownId(
            _("There is no booking link “{id}”.").format(id=name[:60]), typed=_("See them with: calmerge link list")
        )

    def keep(self, link: Link) -> Link:
        """See `LinksJob.keep`."""
        check_link(link)
        made = link if link.id else replace(link, id=_new_id("l"))
        for named in filter(None, (made.schedule, made.restrict)):
            self.schedule(named)
        if any(not one.key for one in made.private_addresses):
            addresses = (one if one.key else replace(one, key=secrets.token_urlsafe(16)) for one in made.private_addresses)
            made = replace(made, private_addresses=tuple(addresses))
        self._memory.links.keep_link(made)
        return made

    def remove(self, name: str) -> None:
        """See `LinksJob.remove`."""
        self._memory.links.drop_link(self.get(name).id)

    def warnings(self, link: Link) -> Sequence[str]:
        """See `LinksJob.warnings`."""
        try:
            week = self._in_force(link).week
            if link.restrict:
                self.schedule(link.restrict)
        except UnknownId as error:
            return [error.message]
        return warnings(link, self._memory.calendars(), week)

    # --- schedules --------------------------------------------------------------------------------------------------

    def schedules(self) -> Sequence[Schedule]:
        """See `LinksJob.schedules`."""
        return self._rows().schedules or [self._usual()]

    def schedule(self, name: str) -> Schedule:
        """See `LinksJob.schedule`."""
        for one in self.schedules():
            if name in (one.id, one.name):
                return one
        raise UnknownId(
            _("There is no schedule “{id}”.").format(id=name[:60]), typed=_("See them with: calmerge schedule list")
        )

    def keep_schedule(self, schedule: Schedule) -> Schedule:
        """See `LinksJob.keep_schedule`."""
        check(schedule)
        if not schedule.name.strip():
            raise BadInput(_("A schedule needs a name."))
        made = schedule if schedule.id else replace(schedule, id=_new_id("s"))
        self._memory.links.keep_schedule(made)
        return made

    def remove_schedule(self, name: str) -> None:
        """See `LinksJob.remove_schedule`."""
        found = self.schedule(name)
        users = [one.title for one in self.list() if {one.schedule, one.restrict} & {found.id, found.name}]
        if users:
            raise BadInput(_("“{name}” is used by: {links}.").format(name=found.name, links=", ".join(users)))
        self._memory.links.drop_schedule(found.id)

    # --- slots ------------------------------------------------------------------------------------------------------

    def slots(
        self, link: Link, low: int, high: int, *, minutes: int | None = None, schedule: Schedule | None = None
    ) -> SlotAnswer:
        """See `LinksJob.slots`."""
        if minutes is not None and minutes not in link.minutes:
            known = ", ".join(map(str, link.minutes))
            raise BadInput(_("The link offers {known} minutes, not {n}.").format(known=known, n=minutes))
        built, sources = self._frame(link, low, high, minutes, schedule)
        found = offered(built) if link.active else []
        broken: list[Slot] = []
        if link.series:
            reaching, _same = self._frame(link, low, high + whole_series.reach(link.series), minutes, schedule)
            good = set(whole_series.whole(found, reaching, link.series))
            broken = [one for one in found if one not in good]
            found = [one for one in found if one in good]
        return SlotAnswer(tuple(found), tuple(sources), built, tuple(broken))

    def closed(self, link: Link, answer: SlotAnswer) -> Sequence[Closed]:
        """See `LinksJob.closed`."""
        shown = explain(answer.frame, [*answer.slots, *answer.broken_series])
        if not answer.broken_series or not link.series:
            return shown
        return sorted([*shown, *self._series_gaps(link, answer)], key=lambda one: (one.start, one.end))

    def series(self, link: Link, start: int, *, minutes: int | None = None) -> Sequence[SeriesDate]:
        """See `LinksJob.series`."""
        if not link.series:
            raise BadInput(_("“{title}” is a single meeting, not a series.").format(title=link.title))
        built, _sources = self._frame(link, start - DAY, start + whole_series.reach(link.series), minutes)
        return whole_series.check_series(start, built, link.series)

    # --- parts ------------------------------------------------------------------------------------------------------

    def _rows(self) -> _Rows:
        """Schedules and bookings as they are now; read again when anything changed in either file."""
        version = self._memory.version()
        rows = self._kept
        if rows is None or rows.version != version:
            rows = self._kept = _Rows(version, self._memory.links)
        return rows

    def _in_force(self, link: Link) -> Schedule:
        base = self.schedule(link.schedule) if link.schedule else self.schedules()[0]
        return own_schedule(link, base)

    def _frame(
        self, link: Link, low: int, high: int, minutes: int | None, instead: Schedule | None = None
    ) -> tuple[Frame, Sequence[Source]]:
        schedule = self._in_force(link) if instead is None else own_schedule(link, instead)
        checked_zone(schedule.tzid)
        margin = DAY + frames.reach(link)
        busy, pairs, sources = self._free.pairs(low - margin, high + margin, schedule.tzid, link.busy or None)
        bookings = self._rows().bookings(link.id) if link.id else ()
        limits = self.schedule(link.restrict) if link.restrict else None
        built = frames.build(link, schedule, busy, bookings, (low, high), self._clock(), minutes, limits, pairs)
        return built, sources

    def _series_gaps(self, link: Link, answer: SlotAnswer) -> Sequence[Closed]:
        out = []
        for one in answer.broken_series:
            dates = self.series(link, one.start, minutes=answer.frame.length // 60)
            taken = next((date.start for date in dates if not date.free), one.start)
            out.append(Closed(one.start, one.end, (Cause("series", taken),)))
        return out


def _new_id(letter: str) -> str:
    return f"{letter}-" + b32encode(secrets.token_bytes(5)).decode().lower()

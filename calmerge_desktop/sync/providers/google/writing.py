"""Bringing a VEVENT to Google: made, changed and removed event by event, each step repeatable.

A resource of ours is several events of Google's, so a write may be cut off in the middle. It is then simply sent again: a
piece that already says what it shall say is left alone, one that is still as it was is written, else it is a conflict.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calmerge_desktop.core.errors import BadInput, EditConflict, NothingThere
from calmerge_desktop.core.ics.block import Block, read_block
from calmerge_desktop.core.ics.read import read
from calmerge_desktop.core.model import ETag, Href, RemoteId
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.providers.google import version
from calmerge_desktop.sync.providers.google.api import Api
from calmerge_desktop.sync.providers.google.failures import Said
from calmerge_desktop.sync.providers.google.from_ics import address_of, recurrence_id
from calmerge_desktop.sync.providers.google.occurrences import Occurrences
from calmerge_desktop.sync.providers.google.patch import audience, changes, new_event, settled
from calmerge_desktop.sync.providers.google.reading import Reading
from calmerge_desktop.sync.providers.google.series import Json, Series, is_cancelled
from calmerge_desktop.sync.providers.google.times import key
from calmerge_desktop.sync.providers.google.to_ics import private
from calmerge_desktop.sync.wall import Zones

_LONGEST_UID = 1000
_TAKEN = 409
_NO_CALENDAR = (404, 410)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A resource as it shall be, taken apart."""

    uid: str
    master: Block | None
    overrides: Mapping[str, Block]
    """By the key of the occurrence."""
    zones: Zones

    @property
    def organizer(self) -> str:
        """Address of the ORGANIZER, empty without one."""
        line = next((found for block in self._blocks if (found := block.first("ORGANIZER"))), None)
        return address_of(line).lower() if line else ""

    @property
    def has_guests(self) -> bool:
        """Whether anybody is invited."""
        return any(block.first("ATTENDEE") for block in self._blocks)

    @property
    def _blocks(self) -> list[Block]:
        return [*([self.master] if self.master else []), *self.overrides.values()]


def wish_of(ics: str, floating: str) -> Wish:
    """Take a resource apart. Raises `BadInput`."""
    zones = Zones(read(ics).zones, floating)
    blocks = read_block(ics).blocks("VEVENT")
    uids = {line.value.strip() for block in blocks if (line := block.first("UID"))}
    if len(uids) != 1 or not next(iter(uids)):
        raise BadInput(_("An event needs exactly one identifier (UID)."))
    uid = uids.pop()
    if len(uid) > _LONGEST_UID:
        raise BadInput(_("Google cannot keep the identifier (UID) of this event: it is too long."))
    master: Block | None = None
    overrides: dict[str, Block] = {}
    for block in blocks:
        place = recurrence_id(block, zones)
        if place is None:
            master = block
        else:
            overrides[key(place, zones)] = block
    return Wish(uid=uid, master=master, overrides=overrides, zones=zones)


def event_id(uid: str) -> str:
    """The id we choose for an event of this UID: the same each time, in the letters Google allows (base32hex)."""
    return "cm" + hashlib.blake2b(uid.encode(), digest_size=20).hexdigest()


class Writing:
    """Changes to one calendar."""

    def __init__(self, api: Api, reading: Reading, calendar: RemoteId, *, address: str | None, stop: Stop) -> None:
        self._api = api
        self._reading = reading
        self._calendar = calendar
        self._address = (address or "").lower()
        self._stop = stop
        self._occurrences = Occurrences(api, reading, calendar, stop)

    def create(self, wish: Wish) -> Href:
        """Make it, or find that it was made. Raises `EditConflict` when another event is there."""
        if wish.master is None:
            raise BadInput(_("One occurrence alone cannot be sent to Google without its series."))
        if wish.has_guests and wish.organizer and wish.organizer != self._address:
            return self._take_over(wish)
        number = event_id(wish.uid)
        body = new_event(wish.master, wish.zones, uid=wish.uid, event_id=number)
        try:
            ask = self._api.events.insert(
                calendarId=self._calendar, body=body, conferenceDataVersion=1, sendUpdates=_invited(body)
            )
            made = self._api.run(ask, self._stop, writing=True, own=(_TAKEN, *_NO_CALENDAR))
        except Said as said:
            if said.status in _NO_CALENDAR:
                raise NothingThere(_("This calendar is not at Google any more, or not shared with you.")) from said
            made = self._already(wish, number, body)
        if wish.overrides:
            self._occurrences.bring(self._series(made), wish.master, wish.overrides, wish.zones, base=None)
        return Href(str(made["id"]))

    def change(self, href: Href, wish: Wish, base: ETag | None) -> Href:
        """Make what is there say `wish`. Raises `EditConflict` when it moved on from `base` to something else."""
        series = self._reading.series(self._calendar, href, self._stop, known=base)
        if not series.alive:
            raise _gone()
        if wish.master is not None and series.master is not None:
            series = self._change_master(series, wish, base)
        self._occurrences.bring(series, wish.master, wish.overrides, wish.zones, base=base)
        return href

    def delete(self, href: Href, base: ETag | None) -> None:
        """Remove it whole. Gone already is fine."""
        series = self._reading.series(self._calendar, href, self._stop)
        if not series.alive:
            return
        if base is not None and not all(version.holds(base, each) for each in series.pieces):
            raise _changed()
        for each in [series.master] if series.master else series.exceptions:
            if not is_cancelled(each):
                self._occurrences.remove(each)

    def _change_master(self, series: Series, wish: Wish, base: ETag | None) -> Series:
        assert series.master is not None
        assert wish.master is not None
        plan = self._occurrences.plan(series, wish.master, wish.zones)
        patch = changes(series.master, wish.master, wish.zones, without=frozenset({"recurrence"}))
        if plan.recurrence is not None:
            patch["recurrence"] = plan.recurrence or None
        if base is not None:
            moved = not version.holds(base, series.master)
            if (moved and not settled(patch)) or not self._exceptions_hold(series, wish, base):
                raise _changed()
        if patch:
            self._occurrences.send(series.master, patch)
        self._occurrences.cancel(series, plan)
        if not (patch or plan.cancel) or not (series.exceptions or wish.overrides):
            return series
        return self._reading.series(self._calendar, series.href, self._stop, known=base)

    def _exceptions_hold(self, series: Series, wish: Wish, base: ETag) -> bool:
        """Whether every exception is as it was, or as it shall be: asked before the master is touched."""
        return all(
            version.holds(base, each) or self._occurrences.says(each, wish.overrides, wish.master, wish.zones)
            for each in series.exceptions
        )

    def _already(self, wish: Wish, number: str, body: Json) -> Json:
        """The id is taken: by our own lost write, by a deleted event that is to come back, or by something else."""
        assert wish.master is not None
        there = self._reading.event(self._calendar, number, self._stop)
        if there is None:
            raise EditConflict(_("An event with this identifier is already there."))
        if is_cancelled(there):
            return self._revive(there, body)
        if private(there).get("calmergeUid") != wish.uid or not settled(changes(there, wish.master, wish.zones)):
            raise EditConflict(_("An event with this identifier is already there."))
        return there

    def _revive(self, there: Json, body: Json) -> Json:
        """The id of a deleted event stays taken, so it is undeleted with new words."""
        ask = self._api.events.update(
            calendarId=self._calendar,
            eventId=there["id"],
            body={**body, "status": body.get("status", "confirmed"), "sequence": int(there.get("sequence") or 0) + 1},
            conferenceDataVersion=1,
            sendUpdates=_invited(body),
        )
        return self._api.run(ask, self._stop, writing=True, match=there.get("etag"))

    def _take_over(self, wish: Wish) -> Href:
        """An invitation from somebody else: imported under its own UID, and no mail is sent."""
        assert wish.master is not None
        for there in self._reading.with_uid(self._calendar, wish.uid, self._stop):
            if not there.get("recurringEventId"):
                if settled(changes(there, wish.master, wish.zones)):
                    return Href(str(there["id"]))
                raise EditConflict(_("An event with this identifier is already there."))
        body = new_event(wish.master, wish.zones, uid=wish.uid, event_id=None)
        body |= {"iCalUID": wish.uid, "organizer": {"email": wish.organizer}}
        body.pop("conferenceData", None)
        ask = self._api.events.import_(calendarId=self._calendar, body=body, conferenceDataVersion=1)
        made = self._api.run(ask, self._stop, writing=True)
        if wish.overrides:
            self._occurrences.bring(self._series(made), wish.master, wish.overrides, wish.zones, base=None)
        return Href(str(made["id"]))

    def _series(self, made: Json) -> Series:
        return self._reading.series(self._calendar, Href(str(made["id"])), self._stop)


def _invited(body: Mapping[str, Any]) -> str:
    return audience({}, body)


def _gone() -> EditConflict:
    return EditConflict(_("The event is not at Google any more."))


def _changed() -> EditConflict:
    return EditConflict(_("The event was changed at Google meanwhile."))

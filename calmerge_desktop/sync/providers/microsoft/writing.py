"""Bringing a VEVENT to Graph: made, changed and removed event by event, each step repeatable.

A resource of ours is several events of Graph's, so a write may be cut off in the middle. It is then simply sent again: a
piece that already says what it shall say is left alone, one that is still as it was is written, else it is a conflict.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from calmerge_desktop.core.errors import BadInput, EditConflict, NothingThere
from calmerge_desktop.core.ics.block import Block, read_block
from calmerge_desktop.core.ics.read import read
from calmerge_desktop.core.model import ETag, Href, RemoteId
from calmerge_desktop.core.ports import Stop, Stored
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.zones import wall_of
from calmerge_desktop.sync.providers.microsoft import version
from calmerge_desktop.sync.providers.microsoft.api import Api
from calmerge_desktop.sync.providers.microsoft.failures import Said
from calmerge_desktop.sync.providers.microsoft.from_ics import address_of, exdates, fields, is_cancelled, recurrence_id
from calmerge_desktop.sync.providers.microsoft.names import UID_KEY
from calmerge_desktop.sync.providers.microsoft.patch import (
    Answer,
    answer,
    as_block,
    changes,
    new_event,
    resets,
    settled,
)
from calmerge_desktop.sync.providers.microsoft.reading import Reading
from calmerge_desktop.sync.providers.microsoft.series import Json, Key, Series, key, key_of, occurrence
from calmerge_desktop.sync.providers.microsoft.times import graph_time
from calmerge_desktop.sync.providers.microsoft.to_ics import event_lines, mark, uid_of
from calmerge_desktop.sync.wall import Zones, instant

_SPACE = uuid.UUID("7f3d9f5e-12b1-4c0e-9a3b-40c1d9a6c1f2")
_LONGEST_UID = 1000
_GONE = (404, 410)
_REPETITION = frozenset({"recurrence"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A resource as it shall be, taken apart."""

    uid: str
    master: Block
    overrides: tuple[Block, ...]
    zones: Zones
    text: str

    @property
    def organizer(self) -> str:
        """Address of the ORGANIZER, empty without one."""
        line = self.master.first("ORGANIZER")
        return address_of(line).lower() if line else ""


def wish_of(ics: str, floating: str) -> Wish:
    """Take a resource apart. Raises `BadInput`."""
    zones = Zones(read(ics).zones, floating)
    blocks = read_block(ics).blocks("VEVENT")
    uids = {line.value.strip() for block in blocks if (line := block.first("UID"))}
    if len(uids) != 1 or not next(iter(uids)):
        raise BadInput(_("An event needs exactly one identifier (UID)."))
    uid = uids.pop()
    if len(uid) > _LONGEST_UID:
        raise BadInput(_("Outlook cannot keep the identifier (UID) of this event: it is too long."))
    masters = [block for block in blocks if recurrence_id(block, zones) is None]
    if len(masters) != 1:
        raise BadInput(_("One occurrence alone cannot be sent to Outlook without its series."))
    overrides = tuple(block for block in blocks if block is not masters[0])
    return Wish(uid=uid, master=masters[0], overrides=overrides, zones=zones, text=ics)


class Writing:
    """Changes to one calendar."""

    def __init__(self, api: Api, reading: Reading, calendar: RemoteId, *, address: str | None, stop: Stop) -> None:
        self._api = api
        self._reading = reading
        self._calendar = calendar
        self._me = (address or "").lower()
        self._stop = stop

    def create(self, wish: Wish) -> Stored:
        """Make it, or find that it was made. Raises `EditConflict` when another event is there."""
        body = new_event(wish.master, wish.zones, uid=wish.uid)
        there = self._reading.with_uid(self._calendar, wish.uid, self._stop)
        if there is not None:
            if not settled(changes(there, wish.master, wish.zones, me=self._me)):
                raise EditConflict(_("An event with this identifier is already there."))
        else:
            if body.get("attendees") and wish.organizer and wish.organizer != self._me:
                raise BadInput(
                    _("Outlook would send this invitation again in your name."),
                    hint=_("Accept it in the calendar it came to, or copy it without its guests."),
                )
            body["transactionId"] = str(uuid.uuid5(_SPACE, f"{self._calendar}\n{wish.uid}\n{wish.text}"))
            there = self._made(body)
        href = Href(str(there["id"]))
        if wish.overrides or exdates(wish.master, wish.zones):
            self._bring(self._reading.series(self._calendar, href, self._stop), wish)
        return Stored(href=href, etag=None)

    def change(self, href: Href, wish: Wish, base: ETag | None) -> Stored:
        """Make what is there say `wish`. Raises `EditConflict` when it moved on from `base` to something else."""
        series = self._reading.series(self._calendar, href, self._stop)
        master = series.master
        if master is None:
            raise _gone()
        if is_cancelled(wish.master) and not master.get("isCancelled"):
            return self._call_off(series, base)
        patch = changes(master, wish.master, wish.zones, me=self._me)
        said = answer(master, wish.master, self._me)
        self._check(series, wish, patch, said, base)
        if said is not None:
            self._act(master, said)
            if said.action == "decline":
                return Stored(href=href, etag=version.leaving())
            series = self._reading.series(self._calendar, href, self._stop)
            if series.master is None:
                return Stored(href=href, etag=version.leaving())
        if patch:
            now_there = self._send(series.master or master, patch)
            if resets(patch) and (master.get("recurrence") or patch.get("recurrence")):
                series = self._reading.series(self._calendar, href, self._stop)
            else:
                series = replace(series, master=now_there)
        self._bring(series, wish)
        return Stored(href=href, etag=None)

    def delete(self, href: Href, base: ETag | None) -> None:
        """Remove it whole. Gone already is fine."""
        series = self._reading.series(self._calendar, href, self._stop)
        if series.master is None:
            return
        if base is not None and series.etag != base:
            raise _changed()
        self._remove(series.master)

    def _made(self, body: Json) -> Json:
        url = self._api.url("me", "calendars", self._calendar, "events")
        try:
            return self._api.run("POST", url, self._stop, body, own=_GONE)
        except Said as said:
            raise NothingThere(_("This calendar is not in Outlook any more, or not shared with you.")) from said

    def _check(self, series: Series, wish: Wish, patch: Json, said: Answer | None, base: ETag | None) -> None:
        """Whether every piece is as it was, or as it shall be: asked before anything is touched."""
        assert series.master is not None
        if base is None:
            return
        if not version.holds(base, series.master) and (said is not None or not settled(patch)):
            raise _changed()
        overrides = self._by_day(series.master, wish)
        for each in series.exceptions:
            block = overrides.get(key_of(each, series.master))
            if version.holds(base, each) or (block is not None and self._says(each, block, wish, series.master)):
                continue
            raise _changed()
        out = self._taken_out(series.master, wish)
        if not version.holds_cancelled(base, series.cancelled) and not set(series.cancelled) <= out:
            raise _changed()

    def _bring(self, series: Series, wish: Wish) -> None:
        """Make the exceptions say what the wish says, occurrence by occurrence."""
        master = series.master
        if master is None or not master.get("recurrence"):
            return
        out, overrides = self._taken_out(master, wish), self._by_day(master, wish)
        if back := set(series.cancelled) - out:
            series = self._put_back(series, wish, back)
            master = series.master or master
        held = {key_of(each, master): each for each in series.exceptions}
        for place in sorted(out - set(series.cancelled)):
            there = held.pop(place, None) or self._reading.instance(self._calendar, master, place, self._stop)
            if there is not None:
                self._remove(there)
        for place, block in sorted(overrides.items()):
            there = held.pop(place, None) or self._reading.instance(self._calendar, master, place, self._stop)
            if there is None:
                raise EditConflict(_("This occurrence does not exist in Outlook any more."))
            self._change_one(there, block, wish, master)
        for place, there in held.items():
            if place not in out:
                self._change_one(there, as_block(self._as_planned(master, place)), wish, master)

    def _change_one(self, there: Json, block: Block, wish: Wish, master: Json) -> None:
        said = answer(there, block, self._me)
        patch = changes(there, block, wish.zones, me=self._me, master=master, skip=_REPETITION)
        if said is not None:
            self._act(there, said)
            if said.action == "decline":
                return
            there = self._reading.event(self._calendar, str(there["id"]), self._stop) or there
        if patch:
            self._send(there, patch)

    def _put_back(self, series: Series, wish: Wish, back: set[Key]) -> Series:
        """Graph has no word for it; saying the repetition anew makes the mailbox forget what was taken out."""
        assert series.master is not None
        self._send(series.master, {"recurrence": fields(wish.master, wish.zones)["recurrence"]})
        found = self._reading.series(self._calendar, series.href, self._stop)
        if set(found.cancelled) & back:
            raise BadInput(
                _("Outlook does not bring a deleted occurrence back."), hint=_("Make a new event at that time instead.")
            )
        return found

    def _call_off(self, series: Series, base: ETag | None) -> Stored:
        """The organizer cancels: guests are told and the event goes; a guest's own copy is simply removed."""
        assert series.master is not None
        if base is not None and series.etag != base:
            raise _changed()
        if series.master.get("isOrganizer") is not False and series.master.get("attendees"):
            self._act(series.master, Answer("cancel", {"comment": ""}))
        else:
            self._remove(series.master)
        return Stored(href=series.href, etag=version.leaving())

    def _as_planned(self, master: Json, place: Key) -> list[str]:
        """The occurrence as the series alone would have it."""
        zones = Zones()
        at = occurrence(place, master)
        body = {name: value for name, value in master.items() if name != "recurrence"}
        said = fields(as_block(event_lines(master, me=self._me)), zones)
        length = _seconds(said["end"]["dateTime"]) - _seconds(said["start"]["dateTime"])
        begin = graph_time(at, zones)
        wall = wall_of(_seconds(begin["dateTime"]) + length).isoformat()
        end = {"dateTime": wall, "timeZone": begin["timeZone"]}
        home = {"originalStartTimeZone": begin["timeZone"], "originalEndTimeZone": begin["timeZone"]}
        original = f"{wall_of(instant(at, zones)).isoformat()}Z"
        planned = {**body, "start": begin, "end": end, **home, "originalStart": original}
        return event_lines(planned, me=self._me, master=master)

    def _says(self, exception: Json, block: Block, wish: Wish, master: Json) -> bool:
        return settled(changes(exception, block, wish.zones, me=self._me, master=master, skip=_REPETITION))

    def _by_day(self, master: Json, wish: Wish) -> Mapping[Key, Block]:
        found = {}
        for block in wish.overrides:
            place = recurrence_id(block, wish.zones)
            if place is not None and not is_cancelled(block):
                found[key(place, master, wish.zones)] = block
        return found

    def _taken_out(self, master: Json, wish: Wish) -> set[Key]:
        out = {key(each, master, wish.zones) for each in exdates(wish.master, wish.zones)}
        for block in wish.overrides:
            if is_cancelled(block) and (place := recurrence_id(block, wish.zones)) is not None:
                out.add(key(place, master, wish.zones))
        return out

    def _send(self, event: Json, patch: Json) -> Json:
        """Change one event, if it still is as it was read; it with its new ETag. Raises `EditConflict`."""
        if not mark(event, UID_KEY) and "singleValueExtendedProperties" in patch and not event.get("seriesMasterId"):
            extra = [*patch["singleValueExtendedProperties"], {"id": UID_KEY, "value": uid_of(event)}]
            patch = {**patch, "singleValueExtendedProperties": extra}
        url = self._api.url("me", "calendars", self._calendar, "events", str(event["id"]))
        told = self._api.run("PATCH", url, self._stop, patch, match=event.get("@odata.etag"))
        return {**event, "@odata.etag": told.get("@odata.etag")}

    def _remove(self, event: Json) -> None:
        """Remove one event, if it still is as it was read. Gone already is fine."""
        url = self._api.url("me", "calendars", self._calendar, "events", str(event["id"]))
        try:
            self._api.run("DELETE", url, self._stop, match=event.get("@odata.etag"), own=_GONE)
        except Said:
            return

    def _act(self, event: Json, said: Answer) -> None:
        """Answer, or call off; the mailbox writes to the others."""
        url = self._api.url("me", "calendars", self._calendar, "events", str(event["id"]), said.action)
        self._api.run("POST", url, self._stop, said.body)


def _seconds(text: str) -> int:
    from datetime import datetime

    from calmerge_desktop.core.zones import seconds_of

    return seconds_of(datetime.fromisoformat(text))


def _gone() -> EditConflict:
    return EditConflict(_("The event is not in Outlook any more."))


def _changed() -> EditConflict:
    return EditConflict(_("The event was changed in Outlook meanwhile."))

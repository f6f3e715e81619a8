"""Single occurrences of a series at Google: taken out, changed, put back.

Google has both EXDATE lines and cancelled exceptions. A date a person takes out becomes a cancelled exception, as in
Google's own calendar, so that guests hear of that date alone; a rule that changes takes its EXDATE lines along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calmerge_desktop.core.errors import EditConflict
from calmerge_desktop.core.ics import values
from calmerge_desktop.core.ics.block import Block, time_line
from calmerge_desktop.core.ics.lines import parse
from calmerge_desktop.core.model import ETag, RemoteId, Stamp
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.zones import wall_of
from calmerge_desktop.sync.providers.google import version
from calmerge_desktop.sync.providers.google.api import Api
from calmerge_desktop.sync.providers.google.failures import Said
from calmerge_desktop.sync.providers.google.from_ics import fields
from calmerge_desktop.sync.providers.google.patch import as_block, audience, changes, settled
from calmerge_desktop.sync.providers.google.reading import Reading
from calmerge_desktop.sync.providers.google.series import Json, Key, Series, is_cancelled, key_of
from calmerge_desktop.sync.providers.google.times import key, stamp_of
from calmerge_desktop.sync.providers.google.to_ics import event_lines
from calmerge_desktop.sync.wall import Zones, instant

_NO_RULE = frozenset({"recurrence"})
_GONE = (404, 410)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the repetition of a master becomes the wanted one."""

    recurrence: list[str] | None = None
    """New lines, empty for none; None: the lines stay."""
    cancel: tuple[Key, ...] = ()
    """Occurrences to take out."""


class Occurrences:
    """Changes to one calendar's occurrences."""

    def __init__(self, api: Api, reading: Reading, calendar: RemoteId, stop: Stop) -> None:
        self._api = api
        self._reading = reading
        self._calendar = calendar
        self._stop = stop

    def plan(self, series: Series, wish: Block, zones: Zones) -> Plan:
        """Decide; nothing is sent."""
        assert series.master is not None
        held = [str(each) for each in series.master.get("recurrence") or ()]
        said = fields(wish, zones)
        wanted = list(said.get("recurrence", ()))
        now = fields(as_block(event_lines(series.master)), zones)
        if _rules(held) != _rules(wanted) or now["start"] != said["start"]:
            return Plan(recurrence=wanted if wanted != held else None)
        have, want = _dates(held, zones), _dates(wanted, zones)
        out = {key_of(each) for each in series.exceptions if is_cancelled(each)}
        lines = None
        if have.keys() - want.keys():
            lines = [line for line in held if not line.upper().startswith("EXDATE")]
            lines += [time_line("EXDATE", stamp) for place, stamp in have.items() if place in want]
        return Plan(recurrence=lines, cancel=tuple(place for place in want if place not in have and place not in out))

    def bring(
        self, series: Series, master: Block | None, overrides: Mapping[Key, Block], zones: Zones, *, base: ETag | None
    ) -> None:
        """Make the exceptions say what `overrides` say; `base` is checked where no master was there to check it with."""
        held = {key_of(each): each for each in series.exceptions}
        for place, block in overrides.items():
            there = held.get(place) or self._planned(series, place)
            patch = self._patch(series, there, block, zones)
            if master is None and base is not None and not version.holds(base, there) and not settled(patch):
                raise EditConflict(_("The event was changed at Google meanwhile."))
            if patch:
                self.send(there, patch)
        taken_out = _dates(fields(master, zones).get("recurrence", ()), zones) if master else {}
        for place, there in held.items():
            if place in overrides or (is_cancelled(there) == (place in taken_out)):
                continue
            if series.master is None or place in taken_out:
                self.remove(there)
            else:
                self._put_back(series.master, there, zones)

    def cancel(self, series: Series, plan: Plan) -> None:
        """Take occurrences out."""
        held = {key_of(each): each for each in series.exceptions}
        for place in plan.cancel:
            there = held.get(place) or self._reading.instance(self._calendar, str(series.href), _original(place), self._stop)
            if there is not None and not is_cancelled(there):
                self.remove(there)

    def says(self, exception: Json, overrides: Mapping[Key, Block], master: Block | None, zones: Zones) -> bool:
        """Whether an exception already is as it shall be."""
        place = key_of(exception)
        if is_cancelled(exception):
            return master is not None and place in _dates(fields(master, zones).get("recurrence", ()), zones)
        return place in overrides and settled(changes(exception, overrides[place], zones, without=_NO_RULE))

    def send(self, event: Json, patch: Json) -> Json:
        """Change one event, if it still is as it was read. Raises `EditConflict`."""
        ask = self._api.events.patch(
            calendarId=self._calendar,
            eventId=event["id"],
            body=patch,
            conferenceDataVersion=1,
            sendUpdates=audience(event, patch),
        )
        return self._api.run(ask, self._stop, writing=True, match=event.get("etag"))

    def remove(self, event: Json) -> None:
        """Remove one event, if it still is as it was read. Gone already is fine."""
        ask = self._api.events.delete(
            calendarId=self._calendar, eventId=event["id"], sendUpdates=audience(event, {"status": "cancelled"})
        )
        try:
            self._api.run(ask, self._stop, writing=True, own=_GONE, match=event.get("etag"))
        except Said:
            return

    def _planned(self, series: Series, place: Key) -> Json:
        """An occurrence that is no exception yet."""
        found = self._reading.instance(self._calendar, str(series.href), _original(place), self._stop)
        if found is None:
            raise EditConflict(_("This occurrence does not exist at Google any more."))
        return found

    def _patch(self, series: Series, there: Json, block: Block, zones: Zones) -> Json:
        if not is_cancelled(there):
            return changes(there, block, zones, without=_NO_RULE)
        # A cancelled exception need not say anything but its place: everything is sent.
        shown = as_planned(series.master, there) if series.master else {**there, "start": there["originalStartTime"]}
        return {**changes(shown, block, zones, without=_NO_RULE), **_all_of(block, zones), "status": "confirmed"}

    def _put_back(self, master: Json, there: Json, zones: Zones) -> None:
        """Let an exception be an occurrence like any other again; Google has no word for forgetting it."""
        block = as_block(event_lines(as_planned(master, there)))
        patch = _all_of(block, zones) if is_cancelled(there) else changes(there, block, zones, without=_NO_RULE)
        if is_cancelled(there):
            patch["status"] = "confirmed"
        if patch:
            self.send(there, patch)


def as_planned(master: Json, exception: Mapping[str, Any]) -> Json:
    """The occurrence of an exception as the series alone would have it."""
    planned = stamp_of(exception["originalStartTime"], repeating=True)
    zones = Zones()
    start, end = (instant(stamp_of(master[name], repeating=True), zones) for name in ("start", "end"))
    at = instant(planned, zones)
    body = {name: value for name, value in master.items() if name != "recurrence"}
    own = {name: exception[name] for name in ("id", "etag", "recurringEventId", "originalStartTime") if name in exception}
    return {**body, **own, "start": _time(at, master["start"]), "end": _time(at + end - start, master["end"])}


def _time(at: int, like: Mapping[str, Any]) -> Json:
    if like.get("date"):
        return {"date": f"{wall_of(at):%Y-%m-%d}"}
    return {"dateTime": f"{wall_of(at):%Y-%m-%dT%H:%M:%S}Z", "timeZone": like.get("timeZone", "UTC")}


def _all_of(block: Block, zones: Zones) -> Json:
    said = fields(block, zones)
    return {name: value for name, value in said.items() if name not in ("recurrence", "eventType", "status")}


def _rules(lines: list[str]) -> list[str]:
    return sorted(line for line in lines if not line.upper().startswith("EXDATE"))


def _dates(lines: object, zones: Zones) -> dict[Key, Stamp]:
    """Occurrences that EXDATE lines take out."""
    found: dict[Key, Stamp] = {}
    for text in lines if isinstance(lines, list | tuple) else ():
        line = parse(str(text))
        if line is None or line.name != "EXDATE":
            continue
        as_date = (line.param("VALUE") or "").upper() == "DATE"
        for item in line.value.split(","):
            if item.strip():
                stamp = values.stamp(item, line.param("TZID"), as_date=as_date)
                found[key(stamp, zones)] = stamp
    return found


def _original(place: Key) -> str:
    if "-" in place[1:]:
        return place
    return f"{wall_of(int(place)):%Y-%m-%dT%H:%M:%S}Z"

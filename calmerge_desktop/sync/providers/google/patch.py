"""What must be sent to Google so that an event says what a VEVENT says. Pure: decided first, carried out by `writing`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.ics.block import Block, read_block
from calmerge_desktop.core.ics.lines import unfold
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.providers.google import names
from calmerge_desktop.sync.providers.google.extra import leftover, stored
from calmerge_desktop.sync.providers.google.from_ics import fields, rest, wanted_conference
from calmerge_desktop.sync.providers.google.times import all_forms
from calmerge_desktop.sync.providers.google.to_ics import canonical_lines, event_lines
from calmerge_desktop.sync.wall import Zones

Json = dict[str, Any]
_MADE_ONCE = frozenset({"eventType"})
"""Fields that cannot be changed after an event was made."""
_QUIET = frozenset({"reminders", "colorId", "extendedProperties", "transparency", "visibility", "source"})
"""Fields guests do not see, so nobody is written to."""
_SPACE = uuid.UUID("5b0e6f0e-5f0d-4a53-9c57-3ad0b1a2c3d4")


def new_event(block: Block, zones: Zones, *, uid: str, event_id: str | None) -> Json:
    """The body that makes an event; with `event_id` repeating it is harmless."""
    said = fields(block, zones)
    made: Json = {key: value for key, value in said.items() if key not in ("status", "transparency", "eventType")}
    made |= {
        key: said[key]
        for key, usual in (("status", "confirmed"), ("transparency", "opaque"))
        if said.get(key, usual) != usual
    }
    more = rest(block)
    made |= {key: more[key] for key in names.WRITABLE_REST if key in more}
    kind = said.get("eventType")
    if kind in names.SPECIAL and names.SPECIAL[kind] in more:
        made |= {"eventType": kind, names.SPECIAL[kind]: more[names.SPECIAL[kind]]}
        if kind == "workingLocation":
            made |= {"transparency": "transparent", "visibility": "public"}
    if reminders := made.get("reminders"):
        made["reminders"] = {"useDefault": False, "overrides": reminders.get("overrides", [])}
    if event_id:
        made["id"] = event_id
    kept = leftover(
        lines_of(block), canonical_lines({"id": event_id or uid, **made}), zones_known=_zones_known(block, zones)
    )
    theirs = (more.get("extendedProperties") or {}).get("private") or {}
    made["extendedProperties"] = {"private": {**theirs, names.UID_KEY: uid, **kept}}
    if kind := wanted_conference(block):
        made["conferenceData"] = {"createRequest": _request(uid, kind)}
    return made


def changes(current: Json, block: Block, zones: Zones, *, without: frozenset[str] = frozenset()) -> Json:
    """The patch that makes `current` say what `block` says, empty when it does. `without` are fields left alone.

    Raises `BadInput` for a list of guests that Google did not tell completely.
    """
    had = fields(as_block(event_lines(current)), zones)
    wish = fields(block, zones)
    skip = _MADE_ONCE | without
    patch: Json = {}
    for key in sorted((had.keys() | wish.keys()) - skip):
        if had.get(key) != wish.get(key):
            patch[key] = _value(key, current, had, wish)
    if "attendees" in patch and patch["attendees"] == current.get("attendees", []):
        del patch["attendees"]
    if current.get("attendeesOmitted") and "attendees" in patch:
        patch |= _own_answer_only(current, patch["attendees"])
    patch |= _private(current, patch, block, zones)
    kind = wanted_conference(block)
    if kind and not current.get("conferenceData"):
        patch["conferenceData"] = {"createRequest": _request(str(current.get("id")), kind)}
    return patch


def settled(patch: Mapping[str, Any]) -> bool:
    """Whether an event already says what matters of a wish: then a write had arrived, though its answer was lost."""
    return not patch.keys() - {"extendedProperties"}


def audience(current: Mapping[str, Any], patch: Mapping[str, Any]) -> str:
    """`sendUpdates`: guests are told what they can see; an event without guests never sends a mail."""
    guests = [each for each in (*(current.get("attendees") or ()), *(patch.get("attendees") or ())) if not each.get("self")]
    return "all" if guests and patch.keys() - _QUIET else "none"


def merged(current: Json, patch: Mapping[str, Any]) -> Json:
    """What the event says after `patch`: objects are merged, lists replaced, null takes away (as Google's PATCH does)."""
    after = dict(current)
    for key, value in patch.items():
        if value is None:
            after.pop(key, None)
        elif isinstance(value, Mapping):
            held = after.get(key)
            after[key] = merged(dict(held) if isinstance(held, Mapping) else {}, value)
        else:
            after[key] = value
    return after


def lines_of(block: Block) -> list[str]:
    """The content lines of a VEVENT, unfolded, without its BEGIN and END."""
    return [line for line in unfold(block.text().replace("\r\n", "\n")).split("\n")[1:-2] if line]


def as_block(lines: Sequence[str]) -> Block:
    """The other way round."""
    return read_block("\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"]))


def _value(key: str, current: Json, had: Json, wish: Json) -> Any:
    if key in ("start", "end"):
        return all_forms(wish[key])
    if key == "attendees":
        return _guests(current.get("attendees") or [], had.get(key) or [], wish.get(key) or [])
    if key == "reminders":
        found = wish.get(key)
        return (
            {"useDefault": False, "overrides": found.get("overrides", [])}
            if found
            else {"useDefault": True, "overrides": []}
        )
    if key == "visibility" and key not in wish:
        return "default"
    if key in ("transparency", "status") and key not in wish:
        return had[key]
    return wish.get(key)


def _guests(current: list[Json], had: list[Json], wish: list[Json]) -> list[Json]:
    """A patch replaces the whole list, so everybody is in it, and whatever else Google knows about them stays."""
    before = {each["email"].lower(): each for each in had}
    held = {str(each.get("email", "")).lower(): each for each in current}
    wanted = {each["email"].lower(): each for each in wish}
    out = [dict(each) for each in current if not each.get("email") or str(each["email"]).lower() in wanted]
    for each in out:
        address = str(each.get("email", "")).lower()
        if address:
            was, now = before.get(address, {}), wanted[address]
            for key in was.keys() | now.keys():
                if was.get(key) != now.get(key) and key != "email":
                    each[key] = now.get(key)
    return [{key: value for key, value in each.items() if value is not None} for each in out] + [
        dict(each) for address, each in wanted.items() if address not in held
    ]


def _own_answer_only(current: Json, guests: list[Json]) -> Json:
    """Google did not tell all guests: the list sent back would uninvite the others. One's own answer alone may be sent."""
    before = {str(each.get("email")): each for each in current.get("attendees") or ()}
    changed = [each for each in guests if before.get(str(each.get("email"))) != each]
    if len(changed) == 1 and changed[0].get("self") and len(guests) == len(before):
        return {"attendeesOmitted": True, "attendees": changed}
    raise BadInput(_("Google did not tell all guests of this event, so its list of guests cannot be changed from here."))


def _private(current: Json, patch: Json, block: Block, zones: Zones) -> Json:
    """Our private properties, where what Google has no place for has changed."""
    held = stored(current)
    after = merged(current, patch)
    after["extendedProperties"] = {
        kind: {key: value for key, value in kept.items() if key not in held}
        for kind, kept in (current.get("extendedProperties") or {}).items()
        if isinstance(kept, Mapping)
    }
    wanted = leftover(lines_of(block), canonical_lines(after), zones_known=_zones_known(block, zones))
    if wanted == held:
        return {}
    return {"extendedProperties": {"private": {**dict.fromkeys(held.keys() - wanted.keys()), **wanted}}}


def _zones_known(block: Block, zones: Zones) -> bool:
    tzids = [line.param("TZID") for name in ("DTSTART", "DTEND") for line in block.lines(name)]
    return all(zones.name(tzid) is not None for tzid in tzids)


def _request(about: str, kind: str) -> Json:
    """The same request number for the same event: repeating it makes no second meeting."""
    return {"requestId": uuid.uuid5(_SPACE, about).hex, "conferenceSolutionKey": {"type": kind}}

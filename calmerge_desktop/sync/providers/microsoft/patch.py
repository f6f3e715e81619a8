"""What must be sent to Graph so that an event says what a VEVENT says. Pure: decided first, carried out by `writing`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.ics.block import Block, read_block
from calmerge_desktop.core.ics.lines import unfold
from calmerge_desktop.core.itip.held import NEW_TIME
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync import kept
from calmerge_desktop.sync.providers.microsoft import html, names
from calmerge_desktop.sync.providers.microsoft.from_ics import answers, fields, is_cancelled, rest, wants_meeting
from calmerge_desktop.sync.providers.microsoft.to_ics import NOT_KEPT, canonical_lines, event_lines, mark
from calmerge_desktop.sync.wall import Zones

Json = dict[str, Any]
_EMPTY: Json = {
    "location": {"displayName": ""},
    "categories": [],
    "attendees": [],
    "recurrence": None,
    "body": {"contentType": "text", "content": ""},
}
_LARGEST_MARK = 30_000
"""Characters in one extended property."""
MARKS = "singleValueExtendedProperties"


@dataclass(frozen=True, slots=True)
class Answer:
    """The person's answer to an invitation."""

    action: str
    """`accept`, `decline` or `tentativelyAccept`."""
    body: Json


def new_event(block: Block, zones: Zones, *, uid: str) -> Json:
    """The body that makes an event. Raises `BadInput`."""
    if is_cancelled(block):
        raise BadInput(_("An event cannot be sent to Outlook as cancelled; delete it instead."))
    made = fields(block, zones)
    more = rest(block)
    made |= {key: more[key] for key in names.WRITABLE_REST if key in more}
    if wants_meeting(block):
        made |= {"isOnlineMeeting": True, "onlineMeetingProvider": names.TEAMS_PROVIDER}
    said = canonical_lines({**made, **_homes(made)})
    return {**made, MARKS: _marks(uid, _kept(block, said, zones))}


def changes(
    current: Json,
    block: Block,
    zones: Zones,
    *,
    me: str = "",
    master: Json | None = None,
    skip: frozenset[str] = frozenset(),
) -> Json:
    """The patch that makes `current` say what `block` says, empty when it does. Answers are another thing (`answer`).

    Raises `BadInput` where only the organizer may change it.
    """
    had = _shown(current, me, master)
    wish = fields(block, zones)
    patch: Json = {}
    for key in sorted((had.keys() | wish.keys()) - skip):
        if had.get(key) != wish.get(key):
            patch[key] = _value(key, current, wish)
    if patch.keys() & {"isAllDay", "start", "end"}:
        patch |= {key: wish[key] for key in ("isAllDay", "start", "end")}
        if current.get("recurrence") and "recurrence" not in skip and wish.get("recurrence"):
            patch["recurrence"] = wish["recurrence"]  # its first day must be the event's
    if "attendees" in patch and current.get("isOrganizer") is False:
        raise BadInput(_("Only the organizer may change who is invited."))
    if wants_meeting(block) and not current.get("isOnlineMeeting"):
        patch |= {"isOnlineMeeting": True, "onlineMeetingProvider": names.TEAMS_PROVIDER}
    return patch | _more(current, patch, block, zones, me, master)


def answer(current: Json, block: Block, me: str) -> Answer | None:
    """What to answer the organizer; None when the person said nothing new."""
    if current.get("isOrganizer") is not False or not me:
        return None
    had = answers(as_block(event_lines({**current, MARKS: []}, me=me, master=None)))
    said = answers(block)
    proposal = _proposal(block)
    if me not in said or (said[me][0] == had.get(me, ("",))[0] and not proposal):
        return None
    action = names.REPLIES.get(said[me][0])
    if proposal and action in (None, "accept"):
        action = "tentativelyAccept"
    if action is None:
        return None  # taking an answer back is not among Graph's words
    body: Json = {"comment": said[me][1], "sendResponse": True}
    if proposal:
        if current.get("allowNewTimeProposals") is False:
            raise BadInput(_("The organizer takes no proposals of another time for this event."))
        body["proposedNewTime"] = proposal
    return Answer(action, body)


def settled(patch: Mapping[str, Any]) -> bool:
    """Whether an event already says what matters of a wish: then a write had arrived, though its answer was lost."""
    return not patch.keys() - {MARKS}


def resets(patch: Mapping[str, Any]) -> bool:
    """Whether Exchange forgets a series' exceptions with this patch of its master."""
    return bool(patch.keys() & {"recurrence", "start", "end", "isAllDay"})


def lines_of(block: Block) -> list[str]:
    """The content lines of a VEVENT, unfolded, without its BEGIN and END."""
    return [line for line in unfold(block.text().replace("\r\n", "\n")).split("\n")[1:-2] if line]


def as_block(lines: Sequence[str]) -> Block:
    """The other way round."""
    return read_block("\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"]))


def _shown(current: Json, me: str, master: Json | None) -> Json:
    return fields(as_block(event_lines(current, me=me, master=master)), Zones())


def _value(key: str, current: Json, wish: Json) -> Any:
    if key == "attendees":
        return _guests(current.get("attendees") or [], wish.get(key) or [])
    if key == "body":
        held = current.get("body") or {}
        wanted = wish.get("body") or _EMPTY["body"]
        if current.get("isOnlineMeeting") and wanted["contentType"] == "text":
            return {"contentType": "html", "content": html.around(wanted["content"], str(held.get("content") or ""))}
        return wanted
    return wish[key] if key in wish else _EMPTY.get(key)


def _guests(current: list[Json], wish: list[Json]) -> list[Json]:
    """A patch replaces the whole list, so everybody is in it."""
    held = {_address(each): each for each in current}
    out = []
    for each in wish:
        before = held.get(_address(each))
        out.append({"emailAddress": before["emailAddress"], "type": each["type"]} if before else each)
    return out


def _more(current: Json, patch: Json, block: Block, zones: Zones, me: str, master: Json | None) -> Json:
    """Our extended property, where what Graph has no place for has changed."""
    held = mark(current, names.MORE_KEY)
    after = {**current, **patch}
    if patch.keys() & {"start", "end", "isAllDay"}:
        after |= _homes(patch)
    wanted = _kept(block, canonical_lines(after, me=me, master=master), zones)
    if wanted == held:
        return {}
    return {MARKS: [{"id": names.MORE_KEY, "value": wanted}]}


def _kept(block: Block, said: list[str], zones: Zones) -> str:
    known = all(
        zones.name(line.param("TZID")) is not None
        for name in ("DTSTART", "DTEND")
        for line in block.lines(name)
        if line.param("TZID")
    )
    skip = NOT_KEPT if known else NOT_KEPT | {"DTSTART", "DTEND"}
    text = kept.packed(lines_of(block), said, skip)
    if len(text) > _LARGEST_MARK:
        raise BadInput(_("This event holds more than Outlook can keep of it."))
    return text


def _homes(said: Mapping[str, Any]) -> Json:
    """What Graph will call the zones of these times."""
    return {"originalStartTimeZone": said["start"]["timeZone"], "originalEndTimeZone": said["end"]["timeZone"]}


def _marks(uid: str, more: str) -> list[Json]:
    return [{"id": names.UID_KEY, "value": uid}, *([{"id": names.MORE_KEY, "value": more}] if more else [])]


def _proposal(block: Block) -> Json | None:
    line = block.first(NEW_TIME)
    if line is None:
        return None
    try:
        start, end = (datetime.strptime(each, "%Y%m%dT%H%M%SZ") for each in line.value.strip().split("/"))
    except ValueError as error:
        raise BadInput(_("The proposed time cannot be understood.")) from error
    return {
        name: {"dateTime": f"{at:%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"} for name, at in (("start", start), ("end", end))
    }


def _address(person: Mapping[str, Any]) -> str:
    return str((person.get("emailAddress") or {}).get("address", "")).lower()

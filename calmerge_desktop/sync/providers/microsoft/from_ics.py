"""A VEVENT -> what it says in Graph's words. Pure.

Only what a client may write. A patch is the difference between what the event said and what it shall say, both put through
here; so whatever is not understood stays as Graph has it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from calmerge_desktop.core.errors import BadInput, UnreadableEvent
from calmerge_desktop.core.ics import values
from calmerge_desktop.core.ics.block import Block
from calmerge_desktop.core.ics.lines import Line, unescape
from calmerge_desktop.core.ics.read import read_event
from calmerge_desktop.core.itip.held import COMMENT
from calmerge_desktop.core.model import Event, Stamp, Status
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY
from calmerge_desktop.sync.providers.microsoft import names
from calmerge_desktop.sync.providers.microsoft.recurrence import graph
from calmerge_desktop.sync.providers.microsoft.times import graph_time, outlook_name
from calmerge_desktop.sync.wall import Zones, end_of, instant

Json = dict[str, Any]
_REPEATING = ("RRULE", "RDATE", "EXRULE", names.PATTERN)
_CARET = re.compile(r"\^([n'^])")
_COMMA = re.compile(r"(?<!\\),")
_LONGEST_REMINDER = 40_320 * 13
"""Minutes: a year and more; a longer one is none of Outlook's."""


def fields(block: Block, zones: Zones) -> Json:
    """What the VEVENT says. Raises `BadInput`, `UnreadableEvent`."""
    event = read_event(block.text(), zones.own)
    repeating = any(block.first(name) for name in _REPEATING)
    said: Json = {
        "isAllDay": event.start.all_day,
        "start": graph_time(event.start, zones, repeating=repeating),
        "end": graph_time(end_of(event, zones), zones, repeating=repeating),
    }
    if said["isAllDay"] and said["end"]["dateTime"] <= said["start"]["dateTime"]:
        raise BadInput(_("The event ends before it starts."))
    if repeating:
        said["recurrence"] = _repetition(block, event, zones)
    _texts(block, said)
    _states(block, event, said)
    if people := [_person(line) for line in block.lines("ATTENDEE")]:
        said["attendees"] = people
    minutes = _reminder(block)
    said["isReminderOn"] = minutes is not None
    if minutes is not None:
        said["reminderMinutesBeforeStart"] = minutes
    return said


def is_cancelled(block: Block) -> bool:
    """STATUS:CANCELLED."""
    line = block.first("STATUS")
    return line is not None and line.value.strip().upper() == "CANCELLED"


def wants_meeting(block: Block) -> bool:
    """Whether a video meeting is asked for that is not there yet."""
    return block.first(names.WANT_CONFERENCE) is not None and block.first(names.TEAMS) is None


def rest(block: Block) -> Json:
    """What `to_ics.rest_of` put there."""
    found = _json(block.first(names.REST))
    return found if isinstance(found, dict) else {}


def recurrence_id(block: Block, zones: Zones) -> Stamp | None:
    """RECURRENCE-ID; None for a master. Raises `BadInput` for RANGE=THISANDFUTURE, which Graph has no word for."""
    event = read_event(block.text(), zones.own)
    if event.this_and_future:
        raise BadInput(_("Outlook has no change that holds for all later occurrences; cut the series instead."))
    return event.recurrence_id


def exdates(block: Block, zones: Zones) -> tuple[Stamp, ...]:
    """Occurrences the VEVENT takes out."""
    return read_event(block.text(), zones.own).exdates


def answers(block: Block) -> dict[str, tuple[str, str]]:
    """PARTSTAT and comment of every guest, by address."""
    return {
        address_of(line).lower(): (
            (line.param("PARTSTAT") or "NEEDS-ACTION").upper(),
            _plain(line.param(COMMENT) or ""),
        )
        for line in block.lines("ATTENDEE")
    }


def address_of(line: Line) -> str:
    """The mail address of ATTENDEE or ORGANIZER, as written."""
    value = line.value.strip()
    return value[7:] if value[:7].lower() == "mailto:" else value


def _repetition(block: Block, event: Event, zones: Zones) -> Any:
    rules = list(block.lines("RRULE"))
    if len(rules) > 1 or block.first("RDATE") or block.first("EXRULE"):
        raise BadInput(
            _("Outlook cannot keep this repetition: it has several rules, or dates beside its rule."),
            hint=_("Choose a simpler repetition, or several events."),
        )
    if not rules:
        return _json(block.first(names.PATTERN))
    start, zone = event.start, zones.of(event.start.tzid)
    name = "UTC" if start.all_day else outlook_name(zones.name(start.tzid) or "UTC", instant(start, zones))
    return graph(rules[0].value, start, zone, name)


def _texts(block: Block, said: Json) -> None:
    summary, place, words = block.first("SUMMARY"), block.first("LOCATION"), block.first("DESCRIPTION")
    said["subject"] = unescape(summary.value) if summary else ""
    if place and place.value.strip():
        said["location"] = {"displayName": unescape(place.value)}
    rich = block.first("X-ALT-DESC")
    if rich and (rich.param("FMTTYPE") or "").lower() == "text/html":
        said["body"] = {"contentType": "html", "content": unescape(rich.value)}
    elif words and (text := unescape(words.value).strip()):
        said["body"] = {"contentType": "text", "content": text}
    if named := [unescape(each) for line in block.lines("CATEGORIES") for each in _COMMA.split(line.value) if each]:
        said["categories"] = named
    said["importance"] = _importance(block.first("PRIORITY"))


def _importance(line: Line | None) -> str:
    text = line.value.strip() if line else ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
    return "high" if 1 <= number <= 4 else "low" if 6 <= number <= 9 else "normal"


def _states(block: Block, event: Event, said: Json) -> None:
    held = block.first(names.BUSY)
    word = held.value.strip() if held else ""
    known = next((key for key, text in names.BUSY_WORDS.items() if text == word.upper()), word)
    if event.transparent:
        said["showAs"] = known if known in names.NOT_BUSY else "free"
    elif event.status is Status.TENTATIVE:
        said["showAs"] = "tentative"
    else:
        said["showAs"] = known if known not in ("", "free", "workingElsewhere", "tentative") and word != "BUSY" else "busy"
    shown = block.first("CLASS")
    secret = shown.value.strip().upper() if shown else "PUBLIC"
    said["sensitivity"] = {"PUBLIC": "normal", "CONFIDENTIAL": "confidential"}.get(secret, "private")
    if said["sensitivity"] == "private" and (own := block.first(names.SENSITIVITY)) and own.value.upper() == "PERSONAL":
        said["sensitivity"] = "personal"


def _person(line: Line) -> Json:
    kind = "optional" if (line.param("ROLE") or "").upper() == "OPT-PARTICIPANT" else "required"
    if (line.param("CUTYPE") or "").upper() in ("RESOURCE", "ROOM"):
        kind = "resource"
    address = {"address": address_of(line)}
    if name := line.param("CN"):
        address["name"] = _plain(name)
    return {"emailAddress": address, "type": kind}


def _reminder(block: Block) -> int | None:
    """Minutes before the start: Outlook has one reminder, the nearest; the others are kept beside (`kept`)."""
    found = [minutes for alarm in block.blocks("VALARM") if (minutes := _minutes(alarm)) is not None]
    return min(found, default=None)


def _minutes(alarm: Block) -> int | None:
    action, trigger = alarm.first("ACTION"), alarm.first("TRIGGER")
    if not action or action.value.strip().upper() not in ("DISPLAY", "AUDIO") or not trigger:
        return None
    if (trigger.param("RELATED") or "START").upper() != "START" or trigger.param("VALUE"):
        return None
    try:
        days, seconds = values.duration(trigger.value)
    except UnreadableEvent:
        return None
    minutes = -(days * DAY + seconds) // 60
    return minutes if 0 <= minutes <= _LONGEST_REMINDER else None


def _json(line: Line | None) -> Any:
    try:
        return json.loads(unescape(line.value)) if line else None
    except ValueError:
        return None


def _plain(text: str) -> str:
    """A parameter value (RFC 6868)."""
    return _CARET.sub(lambda found: {"n": "\n", "'": '"', "^": "^"}[found[1]], text)

"""A VEVENT -> what it says in Google's words. Pure.

Only what a client may write. A patch is the difference between what the event said and what it shall say, both put through
here; so whatever is not understood stays as Google has it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from calmerge_desktop.core.errors import BadInput, UnreadableEvent
from calmerge_desktop.core.ics import values
from calmerge_desktop.core.ics.block import Block
from calmerge_desktop.core.ics.lines import Line, unescape
from calmerge_desktop.core.ics.read import read_event
from calmerge_desktop.core.model import Event, Stamp
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY
from calmerge_desktop.sync.providers.google import names
from calmerge_desktop.sync.providers.google.times import google_time
from calmerge_desktop.sync.wall import Zones, end_of

Json = dict[str, Any]
REPEATING = ("RRULE", "EXRULE", "RDATE", "EXDATE")
_ANSWERS = {text: key for key, text in names.ANSWERS.items()}
_CLASSES = {text: key for key, text in names.CLASSES.items()}
_METHODS = {"DISPLAY": "popup", "AUDIO": "popup", "EMAIL": "email"}
_COLORS = {name: number for number, name in names.COLORS.items()}
_CARET = re.compile(r"\^([n'^])")


def fields(block: Block, zones: Zones) -> Json:
    """What the VEVENT says, absent where it says nothing. `recurrence` holds its RRULE, RDATE, EXDATE lines as written.

    Raises `BadInput`, `UnreadableEvent`.
    """
    event = read_event(block.text(), zones.own)
    repeating = any(block.first(name) for name in REPEATING)
    said: Json = {"start": google_time(event.start, zones, repeating=repeating)}
    said["end"] = google_time(end_of(event, zones), zones, repeating=repeating)
    if repeating:
        said["recurrence"] = [_rule_line(line, zones) for name in REPEATING for line in block.lines(name)]
    _texts(block, said)
    _states(block, event, said)
    _special(block, said)
    if people := [_person(line) for line in block.lines("ATTENDEE")]:
        said["attendees"] = people
    if reminders := _reminders(block):
        said["reminders"] = reminders
    return said


def wanted_conference(block: Block) -> str | None:
    """The kind of video meeting the event asks for and does not have yet."""
    line = block.first(names.WANT_CONFERENCE)
    return line.value.strip() if line and line.value.strip() and not block.first(names.CONFERENCE) else None


def rest(block: Block) -> Json:
    """What `to_ics.rest_of` put there."""
    line = block.first(names.REST)
    try:
        found = json.loads(unescape(line.value)) if line else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def is_repeating(block: Block) -> bool:
    """Whether the VEVENT is the master of a series."""
    return any(block.first(name) for name in REPEATING)


def recurrence_id(block: Block, zones: Zones) -> Stamp | None:
    """RECURRENCE-ID; None for a master. Raises `BadInput` for RANGE=THISANDFUTURE, which Google has no word for."""
    event = read_event(block.text(), zones.own)
    if event.this_and_future:
        raise BadInput(_("Google has no change that holds for all later occurrences; cut the series instead."))
    return event.recurrence_id


def address_of(line: Line) -> str:
    """The mail address of ATTENDEE or ORGANIZER, as written."""
    value = line.value.strip()
    return value[7:] if value[:7].lower() == "mailto:" else value


def _texts(block: Block, said: Json) -> None:
    for name, key in (("SUMMARY", "summary"), ("LOCATION", "location"), ("DESCRIPTION", "description")):
        if line := block.first(name):
            said[key] = unescape(line.value)
    html = block.first("X-ALT-DESC")
    if html and (html.param("FMTTYPE") or "").lower() == "text/html":
        said["description"] = unescape(html.value)
    link = block.first("URL")
    if link and link.value.strip().startswith(("https://", "http://")):
        url = link.value.strip()
        title = block.first(names.SOURCE_TITLE)
        said["source"] = {"url": url, "title": unescape(title.value) if title else urlsplit(url).hostname or url}


def _states(block: Block, event: Event, said: Json) -> None:
    if event.status.value == "cancelled":
        raise BadInput(_("An event cannot be sent to Google as cancelled; delete it instead."))
    said["status"] = event.status.value
    kind = block.first(names.EVENT_TYPE)
    if kind is None or kind.value not in names.NEVER_BUSY:  # those say so by what they are
        said["transparency"] = "transparent" if event.transparent else "opaque"
    shown = block.first("CLASS")
    if shown:
        said["visibility"] = _CLASSES.get(shown.value.strip().upper(), "private")


def _special(block: Block, said: Json) -> None:
    kind, color, named = block.first(names.EVENT_TYPE), block.first(names.COLOR), block.first("COLOR")
    if kind:
        said["eventType"] = kind.value.strip()
    if color:
        said["colorId"] = color.value.strip()
    elif named and named.value.strip().lower() in _COLORS:
        said["colorId"] = _COLORS[named.value.strip().lower()]


def _rule_line(line: Line, zones: Zones) -> str:
    """As Google takes it: without a TZID that only this resource knows."""
    tzid = line.param("TZID")
    if tzid is None:
        return f"{line.name}{line.params}:{line.value}"
    name = zones.name(tzid)
    if name is None:
        raise BadInput(
            _("Google does not know the time zone “{name}” of this series.").format(name=tzid[:60]),
            hint=_("Give the series a time zone such as Europe/Berlin."),
        )
    return f"{line.name};TZID={name}:{line.value}"


def _person(line: Line) -> Json:
    person: Json = {"email": address_of(line)}
    if name := line.param("CN"):
        person["displayName"] = _plain(name)
    if (line.param("ROLE") or "").upper() == "OPT-PARTICIPANT":
        person["optional"] = True
    if (line.param("CUTYPE") or "").upper() in ("RESOURCE", "ROOM"):
        person["resource"] = True
    person["responseStatus"] = _ANSWERS.get((line.param("PARTSTAT") or "").upper(), "needsAction")
    guests = line.param("X-NUM-GUESTS") or ""
    if guests.isascii() and guests.isdigit() and int(guests[:6]) > 0:
        person["additionalGuests"] = int(guests[:6])
    if comment := line.param("X-RESPONSE-COMMENT"):
        person["comment"] = _plain(comment)
    return person


def _reminders(block: Block) -> Json | None:
    """What VALARMs mean; None for the calendar's usual reminders."""
    alarms = block.blocks("VALARM")
    mark = block.first(names.REMINDERS)
    if not alarms:
        return {"useDefault": False} if mark and mark.value.strip().upper() == "NONE" else None
    found = {each for alarm in alarms if (each := _override(alarm))}
    overrides = [{"method": method, "minutes": minutes} for minutes, method in sorted(found)[: names.MOST_REMINDERS]]
    return {"useDefault": False, "overrides": overrides} if overrides else {"useDefault": False}


def _override(alarm: Block) -> tuple[int, str] | None:
    """A reminder before the start; what Google cannot say is kept beside (`extra`)."""
    action, trigger = alarm.first("ACTION"), alarm.first("TRIGGER")
    method = _METHODS.get(action.value.strip().upper()) if action else None
    if not method or not trigger or (trigger.param("RELATED") or "START").upper() != "START" or trigger.param("VALUE"):
        return None
    try:
        days, seconds = values.duration(trigger.value)
    except UnreadableEvent:
        return None
    minutes = -(days * DAY + seconds) // 60
    return (minutes, method) if 0 <= minutes <= names.LONGEST_REMINDER else None


def _plain(text: str) -> str:
    """A parameter value (RFC 6868)."""
    return _CARET.sub(lambda found: {"n": "\n", "'": '"', "^": "^"}[found[1]], text)


def same_fields(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two events say the same; attendees in any order."""
    return _comparable(one) == _comparable(other)


def _comparable(said: Mapping[str, Any]) -> Json:
    people = sorted(said.get("attendees", ()), key=lambda each: str(each["email"]).lower())
    return {**said, "attendees": people, "recurrence": sorted(said.get("recurrence", ()))}

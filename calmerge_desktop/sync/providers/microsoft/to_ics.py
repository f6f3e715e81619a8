"""Graph's events -> VEVENT text. Pure: the same events always give the same text, so that texts can be compared.

What iCalendar has no word for stands in X-MICROSOFT-* properties; nothing a client could write is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from calmerge_desktop.core.ics.block import fold, time_line
from calmerge_desktop.core.ics.split import HEAD, TAIL
from calmerge_desktop.core.itip.held import NEW_TIME
from calmerge_desktop.core.zones import iana
from calmerge_desktop.sync import kept
from calmerge_desktop.sync.providers.microsoft import html, names
from calmerge_desktop.sync.providers.microsoft.recurrence import Untold, rrule
from calmerge_desktop.sync.providers.microsoft.series import Json, Series, occurrence, planned, start_of, zone_of
from calmerge_desktop.sync.providers.microsoft.times import stamp_of
from calmerge_desktop.sync.worded import in_one_line, understood

NOT_KEPT = frozenset(
    {
        "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "RECURRENCE-ID", "ORGANIZER", "RDATE", "EXDATE", "EXRULE",
        "ATTENDEE", "SUMMARY", "STATUS", names.GRAPH_UID, names.REST, names.TEAMS, names.MEETING_STATE,
        names.WANT_CONFERENCE,
        NEW_TIME, names.PATTERN,
    }
)  # fmt: skip
"""Groups that the mailbox alone decides."""
_QUOTED = re.compile(r'["\r\n]')


def resource_text(series: Series, me: str = "") -> str:
    """A VCALENDAR with the master and what differs from it; `me` is the person's address. Raises `UnreadableEvent`."""
    return understood(lambda: _resource_text(series, me))


def _resource_text(series: Series, me: str) -> str:
    assert series.master is not None
    lines = event_lines(series.master, me=me, cancelled=series.cancelled)
    out = [HEAD, _vevent(lines)]
    out += [_vevent(event_lines(each, me=me, master=series.master)) for each in series.exceptions]
    return "".join([*out, TAIL])


def event_lines(event: Json, *, me: str = "", master: Json | None = None, cancelled: tuple[str, ...] = ()) -> list[str]:
    """The content lines of one VEVENT, not folded, without BEGIN and END; what Graph had no place for is back in it."""
    return kept.restored(
        canonical_lines(event, me=me, master=master, cancelled=cancelled), mark(event, names.MORE_KEY), NOT_KEPT
    )


def canonical_lines(event: Json, *, me: str = "", master: Json | None = None, cancelled: tuple[str, ...] = ()) -> list[str]:
    """What Graph itself says about an event."""
    return in_one_line(
        [
            *_identity(event, master or event),
            *_times(event, master, cancelled),
            *_content(event),
            *_states(event),
            *_people(event, me),
            *_rest(event),
            *_alarm(event),
        ]
    )


def uid_of(event: Mapping[str, Any]) -> str:
    """The UID: ours where we made the event, else Graph's, which every copy of a meeting shares."""
    return mark(event, names.UID_KEY) or str(event.get("uid") or event.get("iCalUId") or event.get("id"))


def mark(event: Mapping[str, Any], key: str) -> str:
    """One of our extended properties, empty when it is not there."""
    for each in event.get("singleValueExtendedProperties") or ():
        if isinstance(each, Mapping) and str(each.get("id", "")).lower() == key.lower():
            return str(each.get("value") or "")
    return ""


def meeting_link(event: Mapping[str, Any]) -> str | None:
    """The address of the video meeting, once there is one."""
    meeting = event.get("onlineMeeting")
    return str(meeting["joinUrl"]) if isinstance(meeting, Mapping) and meeting.get("joinUrl") else None


def answer_of(event: Mapping[str, Any], person: Mapping[str, Any], me: str) -> str:
    """PARTSTAT of a guest; one's own stands beside the list, for in the list it may be old."""
    own = _address(person).lower() == me and me and not event.get("isOrganizer")
    said = event.get("responseStatus") if own else person.get("status")
    word = str(said.get("response")) if isinstance(said, Mapping) else "none"
    return names.ANSWERS.get(word, "NEEDS-ACTION")


def rest_of(event: Mapping[str, Any]) -> Json:
    """What no property of the VEVENT says; unknown fields and values are among it."""
    rest = {
        key: value
        for key, value in event.items()
        if key not in names.MAPPED and key not in names.SERVER_OWNED and "@" not in key and value not in (None, [], {}, "")
        and names.USUAL.get(key) != value
    }  # fmt: skip
    place = event.get("location")
    if isinstance(place, Mapping) and (more := {k: v for k, v in place.items() if k not in _PLAIN_PLACE and v}):
        rest["location"] = more
    theirs = event.get("singleValueExtendedProperties") or ()
    if others := [each for each in theirs if str(each.get("id", "")).lower() not in _OURS]:
        rest["singleValueExtendedProperties"] = others
    if times := [
        {"address": _address(each), **each["proposedNewTime"]}
        for each in event.get("attendees") or ()
        if each.get("proposedNewTime")
    ]:
        rest["proposedNewTimes"] = times
    for key, known in (("sensitivity", {"normal", *names.SENSITIVE}), ("importance", {"normal", *names.PRIORITIES})):
        if event.get(key) and event[key] not in known:
            rest[key] = event[key]
    return rest


_PLAIN_PLACE = frozenset({"displayName", "locationType", "uniqueIdType", "uniqueId"})
_OURS = frozenset({names.UID_KEY.lower(), names.MORE_KEY.lower()})


def escaped(text: object) -> str:
    """TEXT (RFC 5545 §3.3.11)."""
    words = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _vevent(lines: list[str]) -> str:
    return "BEGIN:VEVENT\r\n" + "".join(fold(line) + "\r\n" for line in lines) + "END:VEVENT\r\n"


def _identity(event: Json, master: Json) -> Iterator[str]:
    uid = uid_of(master)
    yield f"UID:{uid}"
    theirs = master.get("uid") or master.get("iCalUId")
    if theirs and theirs != uid:
        yield f"{names.GRAPH_UID}:{escaped(theirs)}"
    changed = _utc(event.get("lastModifiedDateTime")) or _utc(event.get("createdDateTime"))
    yield f"DTSTAMP:{changed or '19700101T000000Z'}"
    if created := _utc(event.get("createdDateTime")):
        yield f"CREATED:{created}"
    if changed:
        yield f"LAST-MODIFIED:{changed}"


def _times(event: Json, master: Json | None, cancelled: tuple[str, ...]) -> Iterator[str]:
    repetition = event.get("recurrence")
    repeating = isinstance(repetition, Mapping)
    if master is not None:
        yield time_line("RECURRENCE-ID", planned(event, master))
    start = start_of(event, repeating=repeating)
    yield time_line("DTSTART", start)
    if event.get("end"):
        home = event.get("originalEndTimeZone") or event.get("originalStartTimeZone") or zone_of(event)
        yield time_line("DTEND", stamp_of(event["end"], home, all_day=bool(event.get("isAllDay")), repeating=repeating))
    if isinstance(repetition, Mapping):
        try:
            yield f"RRULE:{rrule(repetition, start, iana(zone_of(event)))}"
        except Untold:
            yield f"{names.PATTERN}:{_json(repetition)}"
        for place in cancelled:
            yield time_line("EXDATE", occurrence(place, event))


def _content(event: Json) -> Iterator[str]:
    if event.get("subject") is not None:
        yield f"SUMMARY:{escaped(event['subject'])}"
    place = event.get("location")
    if isinstance(place, Mapping) and place.get("displayName"):
        yield f"LOCATION:{escaped(place['displayName'])}"
    body = event.get("body")
    text = str(body.get("content") or "") if isinstance(body, Mapping) else ""
    is_html = isinstance(body, Mapping) and str(body.get("contentType", "")).lower() == "html"
    words = html.plain(text) if is_html else text.replace("\r\n", "\n").rstrip()
    if words:
        yield f"DESCRIPTION:{escaped(words)}"
    if is_html and html.is_rich(text):
        yield f"X-ALT-DESC;FMTTYPE=text/html:{escaped(text)}"
    if named := [str(each) for each in event.get("categories") or ()]:
        yield f"CATEGORIES:{','.join(escaped(each) for each in named)}"
    if priority := names.PRIORITIES.get(str(event.get("importance"))):
        yield f"PRIORITY:{priority}"


def _states(event: Json) -> Iterator[str]:
    shown = str(event.get("showAs") or "busy")
    if event.get("isCancelled"):
        yield "STATUS:CANCELLED"
    elif shown == "tentative":
        yield "STATUS:TENTATIVE"
    if shown in names.NOT_BUSY:
        yield "TRANSP:TRANSPARENT"
    if shown not in ("busy", "free", "tentative"):
        yield f"{names.BUSY}:{names.BUSY_WORDS.get(shown, shown)}"
    if word := names.SENSITIVE.get(str(event.get("sensitivity"))):
        yield f"CLASS:{word}"
    if event.get("sensitivity") == "personal":
        yield f"{names.SENSITIVITY}:PERSONAL"


def _people(event: Json, me: str) -> Iterator[str]:
    guests = [each for each in event.get("attendees") or () if _address(each)]
    organizer = event.get("organizer")
    if isinstance(organizer, Mapping) and _address(organizer) and (guests or event.get("isOrganizer") is False):
        yield f"ORGANIZER{_name(organizer)}:mailto:{_address(organizer)}"
    for each in guests:
        kind = ";CUTYPE=RESOURCE" if each.get("type") == "resource" else ""
        role = ";ROLE=OPT-PARTICIPANT" if each.get("type") == "optional" else ""
        yield f"ATTENDEE{_name(each)}{kind}{role};PARTSTAT={answer_of(event, each, me)}:mailto:{_address(each)}"


def _rest(event: Json) -> Iterator[str]:
    if link := meeting_link(event):
        yield f"{names.TEAMS}:{link}"
    elif event.get("isOnlineMeeting"):
        yield f"{names.MEETING_STATE}:MISSING"
    if rest := rest_of(event):
        yield f"{names.REST}:{_json(rest)}"


def _alarm(event: Json) -> Iterator[str]:
    if event.get("isReminderOn"):
        minutes = event.get("reminderMinutesBeforeStart")
        yield from (
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"TRIGGER:-PT{minutes if isinstance(minutes, int) and minutes >= 0 else 0}M",
            "DESCRIPTION:Reminder",
            "END:VALARM",
        )


def _json(value: object) -> str:
    return escaped(json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def _address(person: Mapping[str, Any]) -> str:
    held = person.get("emailAddress")
    return str(held.get("address") or "") if isinstance(held, Mapping) else ""


def _name(person: Mapping[str, Any]) -> str:
    held = person.get("emailAddress")
    name = held.get("name") if isinstance(held, Mapping) else None
    return f';CN="{_param(name)}"' if name else ""


def _param(text: object) -> str:
    """A parameter value cannot hold quotes or line ends; RFC 6868 says how they are written."""
    words = str(text).replace("^", "^^").replace("\r\n", "\n")
    return _QUOTED.sub(lambda found: "^'" if found[0] == '"' else "^n", words)


def _utc(text: object) -> str | None:
    if not isinstance(text, str):
        return None
    try:
        return f"{datetime.fromisoformat(text).astimezone(UTC):%Y%m%dT%H%M%SZ}".zfill(16)
    except (ValueError, OverflowError):
        return None

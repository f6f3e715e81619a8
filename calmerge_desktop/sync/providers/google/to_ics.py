"""Google's events -> VEVENT text. Pure: the same events always give the same text, so that texts can be compared.

What iCalendar has no word for stands in X-GOOGLE-* properties; nothing a client could write is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import unescape as html_unescape
from typing import Any

from calmerge_desktop.core.ics.block import fold, time_line
from calmerge_desktop.core.ics.split import HEAD, TAIL
from calmerge_desktop.core.markup import with_addresses
from calmerge_desktop.sync.providers.google import names
from calmerge_desktop.sync.providers.google.extra import restored
from calmerge_desktop.sync.providers.google.series import Json, Series, is_cancelled
from calmerge_desktop.sync.providers.google.times import stamp_of
from calmerge_desktop.sync.worded import in_one_line, understood

_MAPPED = frozenset(
    {
        "summary", "description", "location", "start", "end", "recurrence", "attendees", "reminders", "transparency",
        "visibility", "colorId", "eventLabelId", "eventType", "source", "extendedProperties",
    }
)  # fmt: skip
_HTML = re.compile(
    r"</?(?:a|b|br|div|em|font|h\d|html-blob|i|img|li|ol|p|span|strong|table|td|tr|u|ul)\b[^<>]*>", re.IGNORECASE
)
_BREAK = re.compile(r"<(?:br\s*/?|/p|/div|/li|/tr|/h\d)>", re.IGNORECASE)
_REPEATING = re.compile(r"(?:RRULE|EXRULE|RDATE|EXDATE)[;:]", re.IGNORECASE)
_QUOTED = re.compile(r'["\r\n]')


def resource_text(series: Series) -> str:
    """A VCALENDAR with the master and what differs from it. Raises `UnreadableEvent`."""
    return understood(lambda: _resource_text(series))


def _resource_text(series: Series) -> str:
    uid = uid_of(next(each for each in series.pieces if not is_cancelled(each)))
    out = [HEAD]
    if series.master is not None and not is_cancelled(series.master):
        out.append(_vevent(event_lines(series.master, series.exceptions), uid))
    out += [_vevent(event_lines(each), uid) for each in series.exceptions if not is_cancelled(each)]
    return "".join([*out, TAIL])


def event_lines(event: Json, exceptions: tuple[Json, ...] = ()) -> list[str]:
    """The content lines of one VEVENT, not folded, without BEGIN and END; what Google had no place for is back in it."""
    return restored(canonical_lines(event, exceptions), event)


def canonical_lines(event: Json, exceptions: tuple[Json, ...] = ()) -> list[str]:
    """What Google itself says about an event."""
    return in_one_line(
        [
            *_identity(event),
            *_times(event, exceptions),
            *_content(event),
            *_people(event),
            *_google(event),
            *_alarms(event),
        ]
    )


def uid_of(event: Mapping[str, Any]) -> str:
    """The UID: ours where we made the event, else Google's, which every copy of a meeting shares."""
    return str(private(event).get(names.UID_KEY) or event.get("iCalUID") or event.get("id"))


def private(event: Mapping[str, Any]) -> Mapping[str, str]:
    """Private extended properties: of this copy alone."""
    held = event.get("extendedProperties")
    found = held.get("private") if isinstance(held, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _vevent(lines: list[str], uid: str) -> str:
    """All of a resource under one UID (RFC 4791 §4.1), also an exception that Google says nothing about."""
    named = in_one_line(f"UID:{uid}" if line.startswith("UID:") else line for line in lines)
    return "BEGIN:VEVENT\r\n" + "".join(fold(line) + "\r\n" for line in named) + "END:VEVENT\r\n"


def _identity(event: Json) -> Iterator[str]:
    uid = uid_of(event)
    yield f"UID:{uid}"
    if event.get("iCalUID") and event["iCalUID"] != uid:
        yield f"{names.GOOGLE_UID}:{event['iCalUID']}"
    updated = _utc(event.get("updated")) or _utc(event.get("created"))
    yield f"DTSTAMP:{updated or '19700101T000000Z'}"
    if created := _utc(event.get("created")):
        yield f"CREATED:{created}"
    if updated:
        yield f"LAST-MODIFIED:{updated}"
    if isinstance(event.get("sequence"), int) and event["sequence"]:
        yield f"SEQUENCE:{event['sequence']}"


def _times(event: Json, exceptions: tuple[Json, ...]) -> Iterator[str]:
    rules = [each for each in event.get("recurrence") or () if _REPEATING.match(each)]
    repeating = bool(rules)
    if event.get("recurringEventId"):
        yield time_line("RECURRENCE-ID", stamp_of(event.get("originalStartTime") or event["start"], repeating=True))
    start = stamp_of(event.get("start") or {}, repeating=repeating)
    yield time_line("DTSTART", start)
    if event.get("end"):
        yield time_line("DTEND", stamp_of(event["end"], repeating=repeating))
    yield from rules
    for each in exceptions:
        if is_cancelled(each) and each.get("originalStartTime"):
            # in the zone of the series, whatever zone the exception was written in
            zone = {"timeZone": (event.get("start") or {}).get("timeZone")}
            yield time_line("EXDATE", stamp_of({**each["originalStartTime"], **zone}, repeating=True))


def _content(event: Json) -> Iterator[str]:
    if "summary" in event:
        yield f"SUMMARY:{escaped(event['summary'])}"
    if event.get("location"):
        yield f"LOCATION:{escaped(event['location'])}"
    text = str(event.get("description") or "")
    if text:
        plain = _without_tags(text) if _HTML.search(text) else text
        yield f"DESCRIPTION:{escaped(plain)}"
        if plain != text:
            yield f"X-ALT-DESC;FMTTYPE=text/html:{escaped(text)}"
    if event.get("status") == "tentative":
        yield "STATUS:TENTATIVE"
    if event.get("transparency") == "transparent" or event.get("eventType") in names.NEVER_BUSY:
        yield "TRANSP:TRANSPARENT"
    if shown := names.CLASSES.get(str(event.get("visibility"))):
        yield f"CLASS:{shown}"
    source = event.get("source")
    if isinstance(source, dict) and str(source.get("url", "")).startswith(("https://", "http://")):
        yield f"URL:{source['url']}"
        if source.get("title"):
            yield f"{names.SOURCE_TITLE}:{escaped(source['title'])}"


def _people(event: Json) -> Iterator[str]:
    guests = [each for each in event.get("attendees") or () if each.get("email")]
    organizer = event.get("organizer")
    if isinstance(organizer, dict) and organizer.get("email") and (guests or not organizer.get("self")):
        yield f"ORGANIZER{_name(organizer)}:mailto:{organizer['email']}"
    for each in guests:
        answer = names.ANSWERS.get(str(each.get("responseStatus")), "NEEDS-ACTION")
        kind = ";CUTYPE=RESOURCE" if each.get("resource") else ""
        role = ";ROLE=OPT-PARTICIPANT" if each.get("optional") else ""
        more = f";X-NUM-GUESTS={each['additionalGuests']}" if each.get("additionalGuests") else ""
        said = f';X-RESPONSE-COMMENT="{_param(each["comment"])}"' if each.get("comment") else ""
        yield f"ATTENDEE{_name(each)}{kind}{role};PARTSTAT={answer}{more}{said}:mailto:{each['email']}"


def _google(event: Json) -> Iterator[str]:
    if (kind := event.get("eventType", "default")) != "default":
        yield f"{names.EVENT_TYPE}:{kind}"
    if color := event.get("colorId"):
        if color in names.COLORS:
            yield f"COLOR:{names.COLORS[color]}"
        yield f"{names.COLOR}:{color}"
    if event.get("eventLabelId"):
        yield f"{names.LABEL}:{event['eventLabelId']}"
    if link := meeting_link(event):
        yield f"{names.CONFERENCE}:{link}"
    if state := conference_state(event):
        yield f"{names.CONFERENCE_STATE}:{state.upper()}"
    if rest := rest_of(event):
        yield f"{names.REST}:{escaped(json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(',', ':')))}"


def _alarms(event: Json) -> Iterator[str]:
    reminders = event.get("reminders")
    if not isinstance(reminders, dict) or reminders.get("useDefault", True):
        return
    overrides = [each for each in reminders.get("overrides") or () if each.get("method") in names.METHODS]
    if not reminders.get("overrides"):
        yield f"{names.REMINDERS}:NONE"
    for each in sorted(overrides, key=lambda one: (one.get("minutes", 0), one["method"])):
        yield "BEGIN:VALARM"
        yield f"ACTION:{names.METHODS[each['method']]}"
        yield f"TRIGGER:-PT{each.get('minutes', 0)}M"
        yield "DESCRIPTION:Reminder"
        yield "END:VALARM"


def meeting_link(event: Mapping[str, Any]) -> str | None:
    """The address of the video meeting, once there is one."""
    conference = event.get("conferenceData")
    for entry in (conference.get("entryPoints") or ()) if isinstance(conference, Mapping) else ():
        if entry.get("entryPointType") == "video" and entry.get("uri"):
            return str(entry["uri"])
    return str(event["hangoutLink"]) if event.get("hangoutLink") else None


def conference_state(event: Mapping[str, Any]) -> str | None:
    """`pending` while Google makes a meeting, `failure` when it could not; None when there is nothing to say."""
    conference = event.get("conferenceData")
    asked = conference.get("createRequest") if isinstance(conference, Mapping) else None
    status = (asked.get("status") or {}).get("statusCode") if isinstance(asked, Mapping) else None
    return str(status) if status and status != "success" else None


def rest_of(event: Mapping[str, Any]) -> Json:
    """What no property of the VEVENT says; unknown fields and values are among it."""
    rest = {key: value for key, value in event.items() if key not in _MAPPED and key not in names.SERVER_OWNED}
    held = event.get("extendedProperties")
    if isinstance(held, Mapping):
        mine = {key: value for key, value in private(event).items() if not is_ours(key)}
        kept = {**held, "private": mine}
        if found := {key: value for key, value in kept.items() if value}:
            rest["extendedProperties"] = found
    if nameless := [each for each in event.get("attendees") or () if not each.get("email")]:
        rest["attendees"] = nameless
    if event.get("visibility") not in (None, "default", *names.CLASSES):
        rest["visibility"] = event["visibility"]
    if event.get("transparency") not in (None, "opaque", "transparent"):
        rest["transparency"] = event["transparency"]
    reminders = event.get("reminders")
    if isinstance(reminders, Mapping):
        strange = [each for each in reminders.get("overrides") or () if each.get("method") not in names.METHODS]
        if strange:
            rest["reminders"] = strange
    return rest


def is_ours(key: str) -> bool:
    """Whether a private extended property is our own mark."""
    return key == names.UID_KEY or key.startswith(names.MORE_KEY)


def escaped(text: object) -> str:
    """TEXT (RFC 5545 §3.3.11)."""
    plain = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _without_tags(text: str) -> str:
    plain = html_unescape(_HTML.sub("", _BREAK.sub("\n", with_addresses(text))))
    return plain.replace("\u00a0", " ").strip()


def _name(person: Mapping[str, Any]) -> str:
    return f';CN="{_param(person["displayName"])}"' if person.get("displayName") else ""


def _param(text: object) -> str:
    """A parameter value cannot hold quotes or line ends; RFC 6868 says how they are written."""
    plain = str(text).replace("^", "^^").replace("\r\n", "\n")
    return _QUOTED.sub(lambda found: "^'" if found[0] == '"' else "^n", plain)


def _utc(text: object) -> str | None:
    if not isinstance(text, str):
        return None
    try:
        return f"{datetime.fromisoformat(text).astimezone(UTC):%Y%m%dT%H%M%SZ}".zfill(16)
    except (ValueError, OverflowError):
        return None

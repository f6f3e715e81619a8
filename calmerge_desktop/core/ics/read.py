"""A calendar object resource -> its VEVENTs as `Event`s, reading only what the program uses.

Lenient: what is broken but has an obvious meaning is read that way, each such sin in a function named after it. The text
stays in the cache, so nothing unread is lost. `icalendar` is the slow judge of this reader in the tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from calmerge_desktop.core.errors import UnreadableEvent, UnreadableRule
from calmerge_desktop.core.ics import values
from calmerge_desktop.core.ics.lines import Line, properties, unescape
from calmerge_desktop.core.ics.vtimezone import read_zone
from calmerge_desktop.core.model import Attendee, Event, Stamp, Status
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.zones import Zone, guess, resolve

_EDGE = re.compile(r"^(BEGIN|END):(VEVENT|VTIMEZONE)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_MEETING = re.compile(
    r"https://(?:[\w.-]+\.)?(?:meet\.google\.com|teams\.microsoft\.com|teams\.live\.com|zoom\.us|webex\.com|meet\.jit\.si"
    r"|whereby\.com|gotomeet\.me|bluejeans\.com)/[^\s<>\"\\]+"
)
_STATES = {status.value: status for status in Status}
LINKS = (
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
)
"""Properties that hold the address of a video meeting (RFC 7986 §5.11, and what vendors wrote before it)."""
MOST_DATES = 20_000
"""RDATEs and EXDATEs of one event; more is refused before they cost time and memory."""


@dataclass(slots=True)
class Parsed:
    """The VEVENTs of a resource, the zones only it knows, and what could not be read (a sentence each)."""

    events: list[Event] = field(default_factory=list)
    zones: dict[str, Zone] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)


def read(ics: str) -> Parsed:
    """All readable VEVENTs of a resource, in file order."""
    parsed = Parsed()
    blocks: list[str] = []
    for kind, block in components(ics):
        if kind == "VEVENT":
            blocks.append(block)
        else:
            _take_zone(parsed, block)
    for block in blocks:
        try:
            parsed.events.append(read_event(block, parsed.zones))
        except UnreadableEvent as error:
            parsed.bad.append(error.message)
    if not blocks:
        parsed.bad.append(_("There is no event in it."))
    return parsed


def components(ics: str) -> Iterator[tuple[str, str]]:
    """VEVENTs and VTIMEZONEs as (kind, text with BEGIN and END), each ending at the next END of its kind.

    One that is never closed is none. The time grows with the text, also when a hundred thousand are never closed.
    """
    edges = list(_EDGE.finditer(ics))
    ends = [len(edges)] * len(edges)
    following: dict[str, int] = {}
    for n in range(len(edges) - 1, -1, -1):
        kind = edges[n][2].upper()
        if edges[n][1].upper() == "END":
            following[kind] = n
        ends[n] = following.get(kind, len(edges))
    n = 0
    while n < len(edges):
        if edges[n][1].upper() == "BEGIN" and ends[n] < len(edges):
            yield edges[n][2].upper(), ics[edges[n].start() : edges[ends[n]].end()]
            n = ends[n]
        n += 1


def read_event(block: str, zones: Mapping[str, Zone] = {}) -> Event:
    """One VEVENT given with its BEGIN and END. `zones` are those of its VTIMEZONEs. Raises `UnreadableEvent`."""
    first: dict[str, Line] = {}
    several: dict[str, list[Line]] = {}
    for line in properties(block):
        first.setdefault(line.name, line)
        if line.name in ("RRULE", "RDATE", "EXDATE", "EXRULE", "ATTENDEE"):
            several.setdefault(line.name, []).append(line)
    if sum(line.value.count(",") + 1 for name in ("RDATE", "EXDATE") for line in several.get(name, ())) > MOST_DATES:
        raise UnreadableRule(_("The event names more dates than can be meant."))
    if "DTSTART" not in first:
        raise UnreadableEvent(_("The event has no start."))
    start, end, length = _extent(first, zones)
    rid = first.get("RECURRENCE-ID")
    status, transparent = state_of(*(_value(first, name) for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")))
    return Event(
        uid=_value(first, "UID"),
        start=start,
        end=end,
        duration=length,
        recurrence_id=_stamp(rid, zones) if rid else None,
        this_and_future=bool(rid and (rid.param("RANGE") or "").upper() == "THISANDFUTURE"),
        rrules=tuple(line.value for line in several.get("RRULE", ())),
        exrules=tuple(line.value for line in several.get("EXRULE", ())),
        rdates=tuple(item for line in several.get("RDATE", ()) for item in _rdates(line, zones)),
        exdates=tuple(item for line in several.get("EXDATE", ()) for item in _stamps(line, zones)),
        sequence=_number(_value(first, "SEQUENCE")),
        summary=_text(first, "SUMMARY"),
        location=_text(first, "LOCATION"),
        description=_text(first, "DESCRIPTION"),
        status=status,
        transparent=transparent,
        private=_value(first, "CLASS").upper() in ("PRIVATE", "CONFIDENTIAL"),
        organizer=_person(first["ORGANIZER"]) if "ORGANIZER" in first else None,
        attendees=tuple(_person(line) for line in several.get("ATTENDEE", ())),
        conference_url=_conference(first),
        color=_value(first, "COLOR") or None,
    )


def _extent(first: Mapping[str, Line], zones: Mapping[str, Zone]) -> tuple[Stamp, Stamp | None, values.Duration | None]:
    start = _stamp(first["DTSTART"], zones)
    end = _stamp(first["DTEND"], zones) if "DTEND" in first else None
    length = values.duration(first["DURATION"].value) if "DURATION" in first and end is None else None
    if _outlook_all_day(first, start, end):
        start = Stamp(start.value, None)
        return _date_of(start), _date_of(end) if end else None, None
    if end and end.all_day != start.all_day:
        # §3.8.2.2: the types must be the same; the start tells which was meant
        end = _date_of(end) if start.all_day else Stamp(_midnight(end), start.tzid)
    return start, end, length


def _outlook_all_day(first: Mapping[str, Line], start: Stamp, end: Stamp | None) -> bool:
    """Outlook writes an all-day event as midnight to midnight and says so in a property of its own."""
    if _value(first, "X-MICROSOFT-CDO-ALLDAYEVENT").upper() != "TRUE" or start.all_day:
        return False
    return _midnight(start) == start.value and (end is None or _midnight(end) == end.value)


def _date_of(stamp: Stamp) -> Stamp:
    return Stamp(stamp.value if stamp.all_day else _midnight(stamp).date())


def _midnight(stamp: Stamp) -> datetime:
    return datetime(stamp.value.year, stamp.value.month, stamp.value.day)


def _stamp(line: Line, zones: Mapping[str, Zone]) -> Stamp:
    tzid = line.param("TZID")
    as_date = (line.param("VALUE") or "").upper() == "DATE"
    return values.stamp(line.value, _zone_name(tzid, zones) if tzid else None, as_date=as_date)


def _stamps(line: Line, zones: Mapping[str, Zone]) -> list[Stamp]:
    return [_stamp(line._replace(value=item), zones) for item in line.value.split(",") if item.strip()]


def _rdates(line: Line, zones: Mapping[str, Zone]) -> list[tuple[Stamp, Stamp | values.Duration | None]]:
    if (line.param("VALUE") or "").upper() != "PERIOD" and "/" not in line.value:
        return [(item, None) for item in _stamps(line, zones)]
    tzid = line.param("TZID")
    name = _zone_name(tzid, zones) if tzid else None
    return [values.period(item, name) for item in line.value.split(",") if item.strip()]


def _zone_name(tzid: str, zones: Mapping[str, Zone]) -> str | None:
    """IANA name, else a VTIMEZONE of the resource, else the best guess; None (floating) when nobody can tell."""
    return resolve(tzid) or (tzid if tzid in zones else None) or guess(tzid)


def _take_zone(parsed: Parsed, block: str) -> None:
    tzid = next((line.value.strip('"') for line in properties(block) if line.name == "TZID"), None)
    if tzid and resolve(tzid) is None and (zone := read_zone(block)):
        parsed.zones[tzid] = zone


def state_of(said: str, transp: str, outlook: str) -> tuple[Status, bool]:
    """STATUS and whether the time stays free, from STATUS, TRANSP and X-MICROSOFT-CDO-BUSYSTATUS."""
    status = _STATES.get(said.lower(), Status.CONFIRMED)
    transparent = transp.upper() == "TRANSPARENT"
    outlook = outlook.upper()  # says more than TRANSP, which Outlook leaves OPAQUE
    if outlook in ("FREE", "WORKINGELSEWHERE"):
        transparent = True
    elif outlook == "TENTATIVE" and not said:
        status = Status.TENTATIVE
    return status, transparent


def _person(line: Line) -> Attendee:
    address = line.value.strip()
    if address.lower().startswith("mailto:"):
        address = address[7:]
    return Attendee(
        address=address.strip().lower(),
        name=unescape(line.param("CN") or ""),
        partstat=(line.param("PARTSTAT") or "NEEDS-ACTION").lower(),
        role=(line.param("ROLE") or "REQ-PARTICIPANT").lower(),
    )


def _conference(first: Mapping[str, Line]) -> str | None:
    for name in LINKS:
        value = _value(first, name)
        if value.lower().startswith("https://"):
            return value
    return meeting_link(*(_text(first, name) for name in ("URL", "LOCATION", "DESCRIPTION")))


def meeting_link(*texts: str) -> str | None:
    """The first address of a known meeting service in some texts."""
    for text in texts:
        if text and (found := _MEETING.search(text)):
            return found[0].rstrip(".,;)>")
    return None


def _value(first: Mapping[str, Line], name: str) -> str:
    line = first.get(name)
    return line.value.strip() if line else ""


def _text(first: Mapping[str, Line], name: str) -> str:
    line = first.get(name)
    return unescape(line.value).strip() if line else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

"""The fast way: a resource with one plain VEVENT, read line by line straight into what the cache stores.

Nine of ten events do not recur. For them the careful way (`core.ics.read`, `core.recurrence.expand`) builds much that nobody
asks for. This module takes only what it can prove it understands and says None to everything else, which then goes the
careful way; a property test holds both to the same answer.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from calmerge_desktop.core.errors import UnreadableEvent
from calmerge_desktop.core.ics import values
from calmerge_desktop.core.ics.lines import unescape
from calmerge_desktop.core.ics.read import LINKS, meeting_link, state_of
from calmerge_desktop.core.model import Status
from calmerge_desktop.core.recurrence.expand import DATE, EARLIEST, FLOATING, INSTANT, LATEST
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import UTC_ZONE, Zone, iana, resolve

_EPOCH = date(1970, 1, 1).toordinal()
_DECLINED = ("RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "X-MICROSOFT-CDO-ALLDAYEVENT", "BEGIN", "END")
_KNOWN = frozenset(
    (
        *("UID", "DTSTART", "DTEND", "DURATION", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "TRANSP", "CLASS", "URL"),
        *("ORGANIZER", "ATTENDEE", "X-MICROSOFT-CDO-BUSYSTATUS", *LINKS, *_DECLINED),
    )
)
_PARAMETERS = frozenset(("DTSTART", "DTEND"))
"""Properties whose parameters count, apart from ATTENDEE."""
_VALUES = r'[^:;="]*=(?:"[^"]*"|[^:;",]*)(?:,(?:"[^"]*"|[^:;",]*))*'
_QUOTED = re.compile(rf'[^:;"]*;({_VALUES}(?:;{_VALUES})*):(.*)$')
"""A line whose parameters have quotes, as `ics.lines` takes it; another one makes no line at all there."""
_TRAP = re.compile(r'[^"]*(?:"[^"]*"[^"]*)*"[^"]*;(?:CN|PARTSTAT)=', re.IGNORECASE)
"""What looks like a parameter inside the quotes of another one."""
_DECLINE = frozenset(_DECLINED)
_FOLDS = (" ", "\t")
_TIME = re.compile(r"^(\d{8})(?:T([01]\d|2[0-3])([0-5]\d)([0-5]\d)(Z)?)?$", re.ASCII)
_CN = re.compile(r'(?:^|;)CN=("[^"]*"|[^;"]*)', re.IGNORECASE)
_PARTSTAT = re.compile(r'(?:^|;)PARTSTAT=([^;"]*)', re.IGNORECASE)


class Plain(NamedTuple):
    """An event that happens once. `start` and `end` lie on `axis` (`core.recurrence.expand`)."""

    axis: int
    start: int
    end: int
    uid: str
    summary: str
    location: str
    description: str
    tzid: str | None
    status: Status
    transparent: bool
    private: bool
    partstat: str | None
    url: str | None
    people: str
    """Names and addresses, for the search."""
    has_people: bool


def read_plain(ics: str, tzid: str | None, address: str | None) -> Plain | None:
    """The event of a resource, or None when the careful way must read it.

    `tzid` is the zone of floating times (None leaves them), `address` the person's own.
    """
    own = _own_lines(ics)
    if own is None:
        return None
    said = _properties(own)
    if said is None:
        return None
    found, times, attendees = said
    when = _when(found, times, tzid)
    if when is None:
        return None
    axis, start, end, zone_name = when
    get = found.get
    summary, location, description = _text(get("SUMMARY")), _text(get("LOCATION")), _text(get("DESCRIPTION"))
    organizer = _address(found["ORGANIZER"]) if "ORGANIZER" in found else None
    people, partstat = _people(attendees, organizer, address) if attendees or organizer else ("", None)
    status, transparent = state_of(
        get("STATUS", "").strip(), get("TRANSP", "").strip(), get("X-MICROSOFT-CDO-BUSYSTATUS", "").strip()
    )
    linked = "https://" in own or "HTTPS://" in own
    return Plain(
        axis,
        start,
        end,
        get("UID", "").strip(),
        summary,
        location,
        description,
        zone_name,
        status,
        transparent,
        get("CLASS", "").strip().upper() in ("PRIVATE", "CONFIDENTIAL"),
        partstat,
        _link(found, location, description) if linked else None,
        people,
        bool(attendees or organizer),
    )


def _properties(own: str) -> tuple[dict[str, str], dict[str, str], list[tuple[str, str]]] | None:
    """First value by name, parameters of the times, and ATTENDEEs; None when something is not for us."""
    found: dict[str, str] = {}
    times: dict[str, str] = {}  # parameters of DTSTART and DTEND
    attendees: list[tuple[str, str]] = []
    for line in own.split("\n"):
        head, colon, value = line.partition(":")
        name, _semicolon, params = head.partition(";")
        if name not in _KNOWN and (name.isupper() or name.upper() not in _KNOWN):
            continue
        if '"' in head:
            quoted = _QUOTED.match(line)
            if quoted is None or _TRAP.match(quoted[1]):
                return None
            params, value = quoted[1], quoted[2]
        elif not colon:
            continue
        name = name.upper()
        if name == "ATTENDEE":
            attendees.append((params, value))
        elif name in _DECLINE:
            return None
        elif name not in found:
            found[name] = value
            if params and name in _PARAMETERS:
                times[name] = params
    return found, times, attendees


def _text(value: str | None) -> str:
    return unescape(value).strip() if value else ""


def _link(found: dict[str, str], location: str, description: str) -> str | None:
    for name in LINKS:
        if name in found and (value := found[name].strip()).lower().startswith("https://"):
            return value
    return meeting_link(_text(found.get("URL")), location, description)


def _own_lines(ics: str) -> str | None:
    """The VEVENT's own content lines, unfolded, parted by LF; None unless there is just one and nothing in it needs care."""
    begin = ics.find("BEGIN:VEVENT")
    end = ics.find("\nEND:VEVENT", begin)
    if begin < 0 or end < 0 or ics.find("\nBEGIN:VEVENT", begin) >= 0:
        return None
    own = ics[ics.find("\n", begin) : end + 1]
    nested = own.find("\nBEGIN:")
    if nested >= 0:
        last = own.rfind("\nEND:")
        tail = own.find("\n", last + 1)
        if last < nested or tail < 0 or own[tail + 1 : tail + 2] in _FOLDS or not _siblings(own[nested:tail]):
            return None
        own = own[:nested] + own[tail:]
    own = own.replace("\r\n", "\n")
    if "\r" in own:
        return None
    if "\n " in own or "\n\t" in own:
        own = own.replace("\n ", "").replace("\n\t", "")
        if "\n " in own or "\n\t" in own:  # folds that `ics.lines.unfold` takes one after the other
            return None
    return own


_ALARM = re.compile(r"\nBEGIN:VALARM\r?(?:\n(?!BEGIN:|END:)[^\n]*)*\nEND:VALARM\r?", re.IGNORECASE)


def _siblings(inner: str) -> bool:
    """Whether this is nothing but alarms, one after the other, with no line of the event between them."""
    at = 0
    while found := _ALARM.match(inner, at):
        at = found.end()
    return at == len(inner)


def _when(found: dict[str, str], params: dict[str, str], tzid: str | None) -> tuple[int, int, int, str | None] | None:
    """Axis, start, end and zone name; `params` are those of the times."""
    first = _time(found.get("DTSTART"), params.get("DTSTART", ""), tzid)
    if first is None:
        return None
    axis, wall, zone, name = first
    start = zone.to_utc(wall)
    if "DTEND" in found:
        last = _time(found["DTEND"], params.get("DTEND", ""), tzid)
        if last is None or (last[0] == DATE) != (axis == DATE) or last[0] != axis:
            return None
        end = max(last[2].to_utc(last[1]), start + (DAY if axis == DATE else 0))
    elif "DURATION" in found:
        try:
            days, seconds = values.duration(found["DURATION"])
        except UnreadableEvent:
            return None
        end = max(start, (zone.to_utc(wall + days * DAY) if days else start) + seconds)
    else:
        end = start + DAY if axis == DATE else start
    if not EARLIEST <= start < LATEST or end > LATEST:
        return None
    return axis, start, end, name


def _time(value: str | None, params: str, tzid: str | None) -> tuple[int, int, Zone, str | None] | None:
    """Axis, wall seconds, zone and its name as written."""
    if value is None:
        return None
    at = _TIME.match(value.strip())
    if at is None:
        return None
    day, hour, minute, second, zulu = at.groups()
    wall = _day(day)
    if wall is None:
        return None
    if hour is None:
        return DATE, wall, UTC_ZONE, None
    if params and _is_odd(params):
        return None
    wall += int(hour) * 3600 + int(minute) * 60 + int(second)
    if zulu:
        return INSTANT, wall, UTC_ZONE, "UTC"
    if params:
        named = _zone(params)
        if named is None:
            return None
        return INSTANT, wall, *named
    return (INSTANT, wall, iana(tzid), None) if tzid else (FLOATING, wall, UTC_ZONE, None)


@lru_cache(maxsize=8192)
def _day(text: str) -> int | None:
    """Midnight of `20261124` on the wall clock; None when there is no such day."""
    try:
        return (date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal() - _EPOCH) * DAY
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _is_odd(params: str) -> bool:
    """Whether they say that a time is something else."""
    return "VALUE=DATE-TIME" not in params.upper() and "VALUE=" in params.upper()


@lru_cache(maxsize=256)
def _zone(params: str) -> tuple[Zone, str] | None:
    """The zone of `TZID=…` when that is all there is and it certainly names one."""
    found = re.fullmatch(r'(?:VALUE=DATE-TIME;)?TZID=("[^"]*"|[^;"]*)', params, re.IGNORECASE)
    name = resolve(found[1].strip('"')) if found else None
    return (iana(name), name) if name else None


def _people(attendees: list[tuple[str, str]], organizer: str | None, me: str | None) -> tuple[str, str | None]:
    """Names and addresses of who is invited, and the person's own answer."""
    words: list[str] = []
    answer: str | None = None
    for params, value in attendees:
        address = _address(value)
        name = _CN.search(params)
        words.append(f"{unescape(name[1].strip(chr(34))) if name else ''} {address}")
        if me and address == me and answer is None:
            said = _PARTSTAT.search(params)
            answer = (said[1] if said else "NEEDS-ACTION").lower() or "needs-action"
    if me and attendees and answer is None and organizer == me:
        answer = "accepted"
    return " ".join(words), answer


def _address(value: str) -> str:
    address = value.strip()
    return (address[7:] if address[:7].lower() == "mailto:" else address).strip().lower()

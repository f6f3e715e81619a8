"""One iCalendar stream -> its calendar object resources, without parsing a single property value.

A stream may hold several VCALENDARs (RFC 5545 §3.4). Every UID becomes one resource (RFC 4791 §4.1): its VEVENTs in file
order, wrapped with the VTIMEZONEs that no IANA zone replaces. Reading is lenient: BOM, any line ending, latin-1, and one
bad VEVENT never costs the others.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from calmerge_desktop.core.errors import UnreadableCalendar
from calmerge_desktop.core.model import ETag, Href, Resource
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.zones import resolve

_EDGE = re.compile(r"^(BEGIN|END):([A-Za-z0-9-]+)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_FOLD = re.compile(r"\r?\n[ \t]")
_UID = re.compile(r"^UID(?:;[^:\r\n]*)?:(.*?)\s*$", re.MULTILINE | re.IGNORECASE)
_RECURRENCE_ID = re.compile(r"^RECURRENCE-ID[;:]", re.MULTILINE | re.IGNORECASE)
_TZID = re.compile(r"TZID=(\"[^\"\r\n]*\"|[^;:\r\n]*)", re.IGNORECASE)
_VOLATILE = re.compile(r"^(?:DTSTAMP|LAST-MODIFIED|CREATED)[;:].*?\r?\n(?:[ \t].*?\r?\n)*", re.MULTILINE | re.IGNORECASE)
_DURATION = re.compile(r"^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$", re.IGNORECASE)
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//CalMerge//Desktop//EN\r\n"
TAIL = "END:VCALENDAR\r\n"


@dataclass(slots=True)
class Stream:
    """What a file or feed holds. Times are seconds."""

    name: str | None = None
    """NAME (RFC 7986) or X-WR-CALNAME."""
    color: str | None = None
    tzid: str | None = None
    """IANA zone for floating times: X-WR-TIMEZONE, a hint only."""
    refresh: int | None = None
    """REFRESH-INTERVAL (RFC 7986) or X-PUBLISHED-TTL."""
    resources: list[Resource] = field(default_factory=list)
    """`href` is the UID (with `#n` for further events that misuse it), `etag` a hash of the content that matters."""
    unreadable: list[tuple[Href, str]] = field(default_factory=list)


def decode(data: bytes) -> str:
    """Text of an iCalendar file: UTF-8 (RFC 5545 §3.1.4) with or without BOM, UTF-16 with BOM, else Windows-1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").lstrip("\ufeff")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text if "\n" in text else text.replace("\r", "\n")


def split(text: str) -> Stream:
    """Resources of an iCalendar stream. Raises `UnreadableCalendar` when it is none, or ends in the middle."""
    edges = list(_EDGE.finditer(text))
    _check_whole(text, edges)
    stream = Stream()
    zones: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    nameless = 0
    for kind, block, own in _components(text, edges, stream):
        if kind == "VTIMEZONE":
            if (tzid := _first(r"TZID", own)) and resolve(tzid) is None:
                zones[tzid.strip('"')] = block
        elif kind == "VEVENT":
            uid = (found[1].strip() if (found := _UID.search(own)) else "") or ""
            if not uid:
                nameless += 1
                uid = "no-uid-" + _digest(_VOLATILE.sub("", block))
            groups.setdefault(uid, []).append(block)
    for uid, blocks in groups.items():
        stream.resources.extend(_resources(uid, blocks, zones))
    return stream


def seconds(duration: str) -> int | None:
    """A DURATION (RFC 5545 §3.3.6) in seconds, days counted as 24 hours; None when it is none."""
    found = _DURATION.match(duration.strip().lstrip("+"))
    if not found or duration.strip().upper().rstrip("T") == "P":
        return None
    weeks, days, hours, minutes, secs = (int(part or 0) for part in found.groups())
    return ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + secs


def unfold(text: str) -> str:
    """Content lines joined again (RFC 5545 §3.1)."""
    return _FOLD.sub("", text)


def _check_whole(text: str, edges: list[re.Match[str]]) -> None:
    first = next((edge for edge in edges if edge[1].upper() == "BEGIN"), None)
    if not text.strip():
        raise UnreadableCalendar(_("The file is empty."))
    if first is None or first[2].upper() != "VCALENDAR":
        start = text.lstrip()[:200].lower()
        if start.startswith(("<!doctype html", "<html", "<?xml", "<head", "<body")):
            raise UnreadableCalendar(
                _("This is a web page, not a calendar."), hint=_("Copy the address of the calendar itself (often ends in .ics).")
            )
        raise UnreadableCalendar(_("This is not an iCalendar file."))
    if edges[-1][1].upper() != "END" or edges[-1][2].upper() != "VCALENDAR":
        raise UnreadableCalendar(_("The calendar ends in the middle; it was not transferred completely."))


def _components(text: str, edges: list[re.Match[str]], stream: Stream) -> Iterator[tuple[str, str, str]]:
    """Components directly inside a VCALENDAR as (kind, whole text, text without nested components)."""
    path: list[str] = []
    begin = own_from = 0
    own: list[str] = []
    for edge in edges:
        kind = edge[2].upper()
        if edge[1].upper() == "BEGIN":
            if kind == "VCALENDAR":
                path = []  # a VCALENDAR never nests; whatever was left open before it is lost
            if len(path) == 1:
                if path == ["VCALENDAR"]:
                    _describe(stream, text[own_from : edge.start()])
                begin, own = edge.start(), []
            elif len(path) > 1:
                own.append(text[own_from : edge.start()])
            path.append(kind)
        elif kind in path:
            if len(path) == 2 or (len(path) > 2 and path.index(kind) == 1):
                own.append(text[own_from : edge.start()])
                yield kind, text[begin : edge.end()], unfold("".join(own))
                path = path[:1]
            elif len(path) == 1:
                _describe(stream, text[own_from : edge.start()])
                path = []
            else:
                path = path[: len(path) - 1 - path[::-1].index(kind)]
        own_from = edge.end() + 1


def _describe(stream: Stream, head: str) -> None:
    """Take what the VCALENDAR says of itself."""
    if ":" not in head:
        return
    head = unfold(head)
    stream.name = stream.name or _text(_first("NAME", head) or _first("X-WR-CALNAME", head))
    stream.color = stream.color or _first("COLOR", head) or _first("X-APPLE-CALENDAR-COLOR", head)
    if not stream.tzid and (tzid := _first("X-WR-TIMEZONE", head)):
        stream.tzid = resolve(tzid)
    if not stream.refresh and (every := _first("REFRESH-INTERVAL", head) or _first("X-PUBLISHED-TTL", head)):
        stream.refresh = seconds(every)


def _first(name: str, text: str) -> str | None:
    found = re.search(rf"^{name}(?:;[^:\r\n]*)?:(.*?)\s*$", text, re.MULTILINE | re.IGNORECASE)
    return found[1] if found and found[1] else None


def _text(value: str | None) -> str | None:
    return re.sub(r"\\([\\;,])", r"\1", value.replace("\\n", " ").replace("\\N", " ")) if value else None


def _resources(uid: str, blocks: list[str], zones: dict[str, str]) -> Iterator[Resource]:
    """One resource, or several when different masters misuse one UID (each then has `#n`)."""
    blocks = list(dict.fromkeys(blocks))
    masters = [block for block in blocks if not _RECURRENCE_ID.search(block)]
    if len(masters) < 2:
        yield _resource(Href(uid), blocks, zones)
        return
    newest = _newest(masters)
    overrides = [block for block in blocks if block not in masters]
    yield _resource(Href(uid), [newest[0], *overrides], zones)
    for number, block in enumerate(newest[1:], 2):
        yield _resource(Href(f"{uid}#{number}"), [block], zones)


def _newest(masters: list[str]) -> list[str]:
    """Of masters with one UID: those with the highest SEQUENCE; older revisions are superseded (RFC 5545 §3.8.7.4)."""

    def sequence(block: str) -> int:
        value = _first("SEQUENCE", unfold(block)) or "0"
        return int(value) if value.isdigit() else 0

    top = max(sequence(block) for block in masters)
    return [block for block in masters if sequence(block) == top]


def _resource(href: Href, blocks: list[str], zones: dict[str, str]) -> Resource:
    body = "".join(_crlf(block) for block in blocks)
    if zones:
        named = {tzid.strip('"') for tzid in _TZID.findall(unfold(body))}
        body = "".join(_crlf(zones[tzid]) for tzid in sorted(named & zones.keys())) + body
    return Resource(href=href, ics=HEAD + body + TAIL, etag=ETag(_digest(_VOLATILE.sub("", body))))


def _crlf(block: str) -> str:
    return block.replace("\r\n", "\n").replace("\r", "\n").strip("\n").replace("\n", "\r\n") + "\r\n"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=9).hexdigest()

"""One iCalendar stream -> its calendar object resources, without parsing a single property value.

A stream may hold several VCALENDARs (RFC 5545 §3.4). Every UID becomes one resource (RFC 4791 §4.1): its VEVENTs in file
order, wrapped with the VTIMEZONEs that no IANA zone replaces. Reading is lenient: BOM, any line ending, latin-1, and one
bad VEVENT never costs the others.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import AnyStr, Generic, NamedTuple

from calmerge_desktop.core.errors import UnreadableCalendar
from calmerge_desktop.core.ics.lines import unfold
from calmerge_desktop.core.model import ETag, Href, Resource
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.zones import resolve

_EDGE = re.compile(r"^(BEGIN|END):([A-Za-z0-9-]+)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_FOLD_BYTES = re.compile(rb"\r?\n[ \t]")
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"B\0": "utf-16-le", b"\0B": "utf-16-be"}
"""UTF-16 by its BOM, or by the B of BEGIN."""
_BOM = b"\xef\xbb\xbf"
"""Some programs write it twice."""
_UID = re.compile(r"^UID(?:;[^:\r\n]*)?:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_RECURRENCE_ID = re.compile(r"^RECURRENCE-ID[;:]", re.MULTILINE | re.IGNORECASE)
_TZID = re.compile(r"TZID=(\"[^\"\r\n]*\"|[^;:\r\n]*)", re.IGNORECASE)
_VOLATILE = ("\nDTSTAMP:", "\nDTSTAMP;", "\nLAST-MODIFIED:", "\nCREATED:")
_SAYS = re.compile(
    r"^(?:NAME|X-WR-CALNAME|COLOR|X-APPLE-CALENDAR-COLOR|X-WR-TIMEZONE|REFRESH-INTERVAL|X-PUBLISHED-TTL)[;:]",
    re.MULTILINE | re.IGNORECASE,
)
"""What a VCALENDAR may say of itself; one look tells that the many files of one event say nothing."""
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
    """Text of an iCalendar file: UTF-8 (RFC 5545 §3.1.4) with or without BOM, UTF-16, else Windows-1252.

    What is not UTF-8 is read line by line, after unfolding: folds may cut a character in two (§3.1), and one broken line
    must not cost the others their umlauts.
    """
    if wide := _WIDE.get(data[:2]):
        return data.decode(wide, "replace").lstrip("\ufeff")
    data = data.lstrip(_BOM)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        lines = _FOLD_BYTES.sub(b"", data).split(b"\n")
        text = "\n".join(_decoded(line) for line in lines)
    return text if "\n" in text else text.replace("\r", "\n")


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def split(text: str) -> Stream:
    """Resources of an iCalendar stream. Raises `UnreadableCalendar` when it is none, or ends in the middle."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _stream(*_cut_out(text, _IN_TEXT), None)


def split_bytes(data: bytes) -> Stream:
    """`split` of the text of a file. Events are decoded one by one: what they share with the file is its bytes."""
    if data[:2] not in _WIDE:
        data = data.lstrip(_BOM)
        lean, marks = _even(data)
        found, rest = _cut_out(lean, marks)
        if found:
            with suppress(UnicodeDecodeError):
                return _stream_of_bytes(found, rest, as_is=marks is _IN_CRLF)
    return split(decode(data))


def _even(data: bytes) -> tuple[bytes, _Marks[bytes]]:
    """Bytes whose lines all end alike; the form of the standard need not be copied."""
    if data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r"):
        return data, _IN_CRLF
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"), _IN_BYTES


def _stream_of_bytes(found: list[tuple[bytes, bytes]], rest: bytes, *, as_is: bool) -> Stream:
    """`_stream` for VEVENTs in bytes; `as_is`: their lines end in CRLF. Raises `UnicodeDecodeError`."""
    stream, zones, more = _around(rest.decode().replace("\r\n", "\n"))
    assert not more, "the rest has no VEVENT"
    groups: dict[str, list[bytes]] = {}
    for uid, block in found:
        groups.setdefault(uid.decode().strip() or "no-uid-" + _tag(block), []).append(block)
    found.clear()
    for name in list(groups):
        some = groups.pop(name)  # taken off, so that the text is not held twice
        if as_is and not zones and len(some) == 1:
            ics = HEAD + some[0].decode() + TAIL
            stream.resources.append(Resource(href=Href(name), ics=ics, etag=_tag(some[0])))
        else:
            texts = [block.decode().replace("\r\n", "\n") for block in some]
            stream.resources.extend(_resources(name, texts, zones, tagged=True))
    return stream


def split_some(data: bytes, keep: Callable[[bytes], bool]) -> Stream:
    """`split` of a file's bytes without the VEVENTs with a UID of their own that `keep` declines.

    `keep` gets a VEVENT in UTF-8, its lines ending in LF or CRLF. Resources have no `etag`. Only what is kept is
    decoded: a text with one letter that is not Latin needs twice the memory, and most of a file is thrown away.
    """
    if data[:2] not in _WIDE:
        data = data.lstrip(_BOM)
        # the form of the standard need not be copied
        whole = b"VEVENT\n" not in data and data.count(b"\r\n") == data.count(b"\r")
        lean = data if whole else data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        found, rest = _cut_out(lean, _IN_CRLF if whole else _IN_BYTES)
        if found and all(uid.isascii() for uid, _block in found):
            times = Counter(uid for uid, _block in found)
            some = [(uid, block) for uid, block in found if times[uid] > 1 or keep(block)]
            with suppress(UnicodeDecodeError):
                decoded = [(uid.decode(), block.decode().replace("\r\n", "\n")) for uid, block in some]
                return _stream(decoded, rest.decode().replace("\r\n", "\n"), keep)
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    return _stream(*_cut_out(text, _IN_TEXT), keep)


def _around(rest: str) -> tuple[Stream, dict[str, str], list[tuple[str, str]]]:
    """What stands around the VEVENTs: the stream so far, VTIMEZONEs that no IANA zone replaces, and VEVENTs left in it."""
    edges = list(_EDGE.finditer(rest))
    _check_whole(rest, edges)
    stream = Stream()
    zones: dict[str, str] = {}
    blocks: list[tuple[str, str]] = []
    for kind, block, own in _components(rest, edges, stream):
        if kind == "VTIMEZONE":
            if (tzid := _first(r"TZID", own)) and resolve(tzid) is None:
                zones[tzid.strip('"')] = block
        elif kind == "VEVENT":
            blocks.append((found[1].strip() if (found := _UID.search(own)) else "", block))
    return stream, zones, blocks


def _stream(blocks: list[tuple[str, str]], rest: str, keep: Callable[[bytes], bool] | None) -> Stream:
    """VEVENTs cut out, each with its UID, and the text without them, as a stream."""
    stream, zones, more = _around(rest)
    blocks += more
    if keep is not None:
        times = Counter(uid for uid, _block in blocks)
        blocks = [(uid, block) for uid, block in blocks if times[uid] > 1 or keep(block.encode("utf-8", "surrogatepass"))]
    groups: dict[str, list[str]] = {}
    for uid, block in blocks:
        groups.setdefault(uid or "no-uid-" + _digest(_lasting(block)), []).append(block)
    for uid, some in groups.items():
        stream.resources.extend(_resources(uid, some, zones, tagged=keep is None))
    return stream


class _Marks(NamedTuple, Generic[AnyStr]):
    """What `_cut_out` looks for, in the type of what it searches."""

    begin: AnyStr
    end: AnyStr
    opening: AnyStr
    closing: AnyStr
    uid: AnyStr
    newline: AnyStr
    folds: tuple[AnyStr, AnyStr]
    odd: re.Pattern[AnyStr]


_ODD_EDGE = r"^(?:BEGIN|END):VEVENT"
_IN_TEXT = _Marks(
    *("BEGIN:VEVENT\n", "\nEND:VEVENT\n", "\nBEGIN:", "\nEND:", "\nUID:", "\n", (" ", "\t")),
    re.compile(_ODD_EDGE, re.MULTILINE | re.IGNORECASE),
)
_IN_BYTES = _Marks(
    *(b"BEGIN:VEVENT\n", b"\nEND:VEVENT\n", b"\nBEGIN:", b"\nEND:", b"\nUID:", b"\n", (b" ", b"\t")),
    re.compile(_ODD_EDGE.encode(), re.MULTILINE | re.IGNORECASE),
)
_IN_CRLF = _IN_BYTES._replace(begin=b"BEGIN:VEVENT\r\n", end=b"\nEND:VEVENT\r\n")


def _cut_out(text: AnyStr, marks: _Marks[AnyStr]) -> tuple[list[tuple[AnyStr, AnyStr]], AnyStr]:
    """VEVENTs found by searching for their edges, each with its UID, and the text without them.

    Finding costs a tenth of walking through every BEGIN and END. When anything about the edges is unusual nothing is cut
    out, and `_components` walks.
    """
    pieces = text.split(marks.begin)
    pieces.reverse()
    gap = pieces.pop()
    gaps = [gap]
    blocks: list[tuple[AnyStr, AnyStr]] = []
    while pieces:
        if gap and not gap.endswith(marks.newline):
            return [], text
        piece = pieces.pop()  # taken off, so that the text is not held twice
        end = piece.find(marks.end)
        if end < 0:
            return [], text
        gap = piece[end + len(marks.end) :]
        block = marks.begin + (piece[: end + len(marks.end)] if gap else piece)
        nested = block.find(marks.opening)
        if nested >= 0 and block.count(marks.opening) != block.count(marks.closing) - 1:
            return [], text
        uid = block.find(marks.uid, 0, nested if nested >= 0 else len(block))
        stop = block.find(marks.newline, uid + 1)
        if uid < 0 or block.startswith(marks.folds, stop + 1):
            return [], text
        blocks.append((block[uid + len(marks.uid) : stop].strip(), block))
        if gap:
            gaps.append(gap)
    rest = gaps[0][:0].join(gaps)
    if marks.odd.search(rest):
        return [], text
    return blocks, rest


def seconds(duration: str) -> int | None:
    """A DURATION (RFC 5545 §3.3.6) in seconds, days counted as 24 hours; None when it is none."""
    found = _DURATION.match(duration.strip().lstrip("+"))
    if not found or duration.strip().upper().rstrip("T") == "P":
        return None
    weeks, days, hours, minutes, secs = (int(part or 0) for part in found.groups())
    return ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + secs


def _check_whole(text: str, edges: list[re.Match[str]]) -> None:
    first = next((edge for edge in edges if edge[1].upper() == "BEGIN"), None)
    if not text.strip():
        raise UnreadableCalendar(_("The file is empty."))
    if first is None or first[2].upper() != "VCALENDAR":
        start = text.lstrip()[:200].lower()
        if start.startswith(("<!doctype html", "<html", "<?xml", "<head", "<body")):
            raise UnreadableCalendar(
                _("This is a web page, not a calendar."),
                hint=_("Copy the address of the calendar itself (often ends in .ics)."),
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
    if not _SAYS.search(head):
        return
    stream.name = stream.name or _text(_first("NAME", head) or _first("X-WR-CALNAME", head))
    stream.color = stream.color or _first("COLOR", head) or _first("X-APPLE-CALENDAR-COLOR", head)
    if not stream.tzid and (tzid := _first("X-WR-TIMEZONE", head)):
        stream.tzid = resolve(tzid)
    if not stream.refresh and (every := _first("REFRESH-INTERVAL", head) or _first("X-PUBLISHED-TTL", head)):
        stream.refresh = seconds(every)


def _first(name: str, text: str) -> str | None:
    found = re.search(rf"^{name}(?:;[^:\r\n]*)?:([^\r\n]*)", text, re.MULTILINE | re.IGNORECASE)
    return found[1].rstrip() or None if found else None


def _text(value: str | None) -> str | None:
    return re.sub(r"\\([\\;,])", r"\1", value.replace("\\n", " ").replace("\\N", " ")) if value else None


def _resources(uid: str, blocks: list[str], zones: dict[str, str], *, tagged: bool) -> Iterator[Resource]:
    """One resource, or several when different masters misuse one UID (each then has `#n`)."""
    if len(blocks) > 1:
        blocks = list(dict.fromkeys(blocks))
    masters = [block for block in blocks if not _RECURRENCE_ID.search(block)] if len(blocks) > 1 else []
    if len(masters) < 2:
        yield _resource(Href(uid), blocks, zones, tagged=tagged)
        return
    newest = _newest(masters)
    known = set(masters)
    overrides = [block for block in blocks if block not in known]
    yield _resource(Href(uid), [newest[0], *overrides], zones, tagged=tagged)
    for number, block in enumerate(newest[1:], 2):
        yield _resource(Href(f"{uid}#{number}"), [block], zones, tagged=tagged)


def _newest(masters: list[str]) -> list[str]:
    """Of masters with one UID: those with the highest SEQUENCE; older revisions are superseded (RFC 5545 §3.8.7.4)."""

    def sequence(block: str) -> int:
        value = _first("SEQUENCE", unfold(block)) or "0"
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0

    top = max(sequence(block) for block in masters)
    return [block for block in masters if sequence(block) == top]


def _resource(href: Href, blocks: list[str], zones: dict[str, str], *, tagged: bool) -> Resource:
    body = "\n".join(block.strip("\n") for block in blocks) + "\n"
    if zones:
        named = {tzid.strip('"') for tzid in _TZID.findall(unfold(body))}
        body = "".join(zones[tzid].strip("\n") + "\n" for tzid in sorted(named & zones.keys())) + body
    etag = ETag(_digest(_lasting(body))) if tagged else None
    return Resource(href=href, ics=HEAD + body.replace("\n", "\r\n") + TAIL, etag=etag)


def _lasting(text: str) -> str:
    """The text without the stamps that exporters renew on every read."""
    for name in _VOLATILE:
        at = text.find(name)
        while at >= 0:
            stop = text.find("\n", at + 1)
            while text[stop + 1 : stop + 2] in (" ", "\t"):
                stop = text.find("\n", stop + 1)
            text = text[:at] + text[stop:]
            at = text.find(name, at)
    return text


_RENEWED = re.compile(rb"\n(?:DTSTAMP[:;]|LAST-MODIFIED:|CREATED:)[^\n]*(?:\n[ \t][^\n]*)*")


def _tag(block: bytes) -> ETag:
    """`_digest` of `_lasting` for one whole VEVENT in bytes."""
    return ETag(hashlib.blake2b(_RENEWED.sub(b"", block.replace(b"\r\n", b"\n")), digest_size=9).hexdigest())


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=9).hexdigest()

"""Editing the text of an .ics file: the VEVENTs of one UID change, every other byte stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.ics.lines import unfold
from calmerge_desktop.core.texts import _

_EDGE = re.compile(r"^(BEGIN|END):([A-Za-z0-9-]+)[ \t]*\r?$\n?", re.MULTILINE | re.IGNORECASE)
_UID = re.compile(r"^UID(?:;[^:\r\n]*)?:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_TZID = re.compile(r"^TZID(?:;[^:\r\n]*)?:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)

_WHOLE = re.compile(r"^BEGIN:V(?:EVENT|TODO|JOURNAL|FREEBUSY|TIMEZONE)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
"""Begins a component that stands directly inside a VCALENDAR."""


@dataclass(frozen=True, slots=True)
class Part:
    """A component directly inside a VCALENDAR: characters `start` to `end`, and the UID or TZID it carries."""

    kind: str
    key: str
    start: int
    end: int


def read(data: bytes) -> tuple[str, str]:
    """Text and encoding such that `write(text, encoding) == data`, whatever the bytes are."""
    wide = {b"\xff\xfe": "utf-16-le", b"B\0": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\0B": "utf-16-be"}.get(data[:2])
    if wide:
        with suppress(UnicodeDecodeError):  # half a letter at the end
            return data.decode(wide, "surrogatepass"), wide
        return data.decode("latin-1"), "latin-1"
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1"


def write(text: str, encoding: str) -> bytes:
    """Bytes of `text`; UTF-8 (RFC 5545 §3.1.4) when the file's old encoding lacks a character."""
    try:
        return text.encode(encoding, "surrogatepass" if encoding.startswith("utf-16") else "strict")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def parts(text: str) -> Iterator[Part]:
    """Components directly inside a VCALENDAR, in file order."""
    path: list[str] = []
    begin = own_from = 0
    own: list[str] = []
    for edge in _EDGE.finditer(text):
        kind = edge[2].upper()
        if edge[1].upper() == "BEGIN":
            if kind == "VCALENDAR":
                path = []
            if len(path) == 1:
                begin, own = edge.start(), []
            elif len(path) > 1:
                own.append(text[own_from : edge.start()])
            path.append(kind)
        elif kind in path:
            # As core.ics.split reads it: of nested components with one name, the outermost ends here.
            at = 1 if path.index(kind) == 1 else len(path) - 1 - path[::-1].index(kind)
            if at == 1:
                own.append(text[own_from : edge.start()])
                found = (_TZID if kind == "VTIMEZONE" else _UID).search(unfold("".join(own)))
                yield Part(kind, found[1].strip() if found else "", begin, edge.end())
            elif at > 1:
                own.append(text[own_from : edge.start()])
            path = path[:at]
        own_from = edge.end()


def with_event(text: str, uid: str, resource: str | None) -> str:
    """`text` with the VEVENTs of `uid` replaced by those of `resource` (None: removed; none there: added at the end).

    VTIMEZONEs that `resource` names and the file lacks are added before them.
    """
    newline = "\r\n" if "\r\n" in text else "\n" if "\n" in text else "\r" if "\r" in text else "\r\n"
    if newline == "\r":
        return with_event(text.replace("\r", "\n"), uid, resource).replace("\n", "\r")
    there = list(parts(text))
    old = [part for part in there if part.kind == "VEVENT" and part.key == uid]
    added = "" if resource is None else _block(there, resource).replace("\n", newline)
    if old:
        place = old[0].start
    else:
        ends = [edge.start() for edge in _EDGE.finditer(text) if (edge[1].upper(), edge[2].upper()) == ("END", "VCALENDAR")]
        place = ends[-1] if ends else len(text)
    pieces = [text[:place], added]
    at = place
    for part in old:
        pieces.append(text[at : part.start])
        at = part.end
    pieces.append(text[at:])
    return "".join(pieces)


def tangled(text: str, uid: str) -> bool:
    """Whether a VEVENT of `uid` swallows another component, because a line that ends it is missing (RFC 5545 §3.6)."""
    return any(
        len(_WHOLE.findall(text, part.start, part.end)) > 1
        for part in parts(text)
        if part.kind == "VEVENT" and part.key == uid
    )


def damaged(name: str) -> BadInput:
    """Why a file with broken lines is not written."""
    return BadInput(
        _("{name} is damaged, so its events cannot be changed here.").format(name=name),
        hint=_("Change it in the program that wrote the file."),
    )


def _block(there: list[Part], resource: str) -> str:
    """VTIMEZONEs that are missing and VEVENTs of `resource`, lines ended by LF."""
    plain = resource.replace("\r\n", "\n").replace("\r", "\n")
    zones = {part.key for part in there if part.kind == "VTIMEZONE"}
    chosen = [
        plain[part.start : part.end].rstrip("\n") + "\n"
        for part in parts(plain)
        if part.kind == "VEVENT" or (part.kind == "VTIMEZONE" and part.key not in zones)
    ]
    return "".join(chosen)

"""A component as its own content lines, so that a change touches the lines it means and not one byte more.

Whatever the program does not understand (X- properties, VALARM, ATTACH, unknown components) survives because nobody reads
it. Values are encoded and lines folded by `icalendar`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.ics.lines import Line, parse, unfold
from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.texts import _

_DEEPEST = 100


@dataclass(slots=True)
class Block:
    """BEGIN:kind … END:kind. `parts` are folded content lines without their line end, and nested blocks."""

    kind: str
    parts: list[str | Block] = field(default_factory=list)

    def text(self) -> str:
        """The component with CRLF line ends (RFC 5545 §3.1)."""
        out = [f"BEGIN:{self.kind}\r\n"]
        out += [part.text() if isinstance(part, Block) else part + "\r\n" for part in self.parts]
        return "".join(out) + f"END:{self.kind}\r\n"

    def copy(self) -> Block:
        """An independent copy."""
        return Block(self.kind, [part.copy() if isinstance(part, Block) else part for part in self.parts])

    def blocks(self, kind: str) -> list[Block]:
        """Nested components of one kind."""
        return [part for part in self.parts if isinstance(part, Block) and part.kind == kind]

    def lines(self, name: str) -> Iterator[Line]:
        """Properties of one name, in order."""
        for part in self.parts:
            if isinstance(part, str) and (line := _named(part, name)):
                yield line

    def first(self, name: str) -> Line | None:
        """The first property of one name."""
        return next(self.lines(name), None)

    def put(self, name: str, *lines: str) -> None:
        """Let `lines` stand where properties of `name` stood (else before nested components); none removes them."""
        at = next((i for i, part in enumerate(self.parts) if isinstance(part, str) and _named(part, name)), None)
        self.drop(name)
        if at is None:
            at = next((i for i, part in enumerate(self.parts) if isinstance(part, Block)), len(self.parts))
        self.parts[at:at] = [fold(line) for line in lines]

    def drop(self, *names: str, when: Callable[[Line], bool] = lambda _line: True) -> None:
        """Remove the properties of these names for which `when` holds."""
        self.parts = [
            part
            for part in self.parts
            if isinstance(part, Block) or not any((line := _named(part, name)) and when(line) for name in names)
        ]


def read_block(text: str) -> Block:
    """The outermost component of a text; lines that are no content lines are kept where they are.

    Raises `BadInput` for what is nested deeper than any program writes.
    """
    root = Block("")
    path = [root]
    for raw in _folded_lines(text):
        line = parse(unfold(raw)) if raw[:6].upper() == "BEGIN:" or raw[:4].upper() == "END:" else None
        if line and line.name == "BEGIN":
            if len(path) > _DEEPEST:
                raise BadInput(_("The components in it are nested too deeply."))
            child = Block(line.value.strip().upper())
            path[-1].parts.append(child)
            path.append(child)
        elif line and line.name == "END":
            if len(path) > 1:
                path.pop()
        else:
            path[-1].parts.append(raw)
    return next((part for part in root.parts if isinstance(part, Block)), root)


def fold(line: str) -> str:
    """A content line folded at 75 octets."""
    from icalendar.parser import Contentline

    return str(Contentline(line).to_ical().decode()) if len(line.encode()) > 75 else line  # type: ignore[no-untyped-call]


def text_line(name: str, value: str) -> str:
    """A TEXT property, escaped (§3.3.11)."""
    from icalendar import vText

    return f"{name}:{vText(value).to_ical().decode()}"


def time_line(name: str, stamp: Stamp, params: str = "") -> str:
    """A time property in the form of `stamp`; `params` are further parameters (`;RANGE=…`)."""
    value = stamp.value
    if not isinstance(value, datetime):
        return f"{name};VALUE=DATE{params}:{_date(value)}"
    text = f"{_date(value)}T{value:%H%M%S}"
    if stamp.tzid == "UTC":
        return f"{name}{params}:{text}Z"
    if stamp.tzid is None:
        return f"{name}{params}:{text}"
    quoted = f'"{stamp.tzid}"' if any(c in stamp.tzid for c in ':;,"') else stamp.tzid
    return f"{name};TZID={quoted}{params}:{text}"


def person_line(name: str, address: str, params: str = "") -> str:
    """ATTENDEE or ORGANIZER."""
    return f"{name}{params}:mailto:{address}"


def _date(value: date) -> str:
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"


def _folded_lines(text: str) -> Iterator[str]:
    current: list[str] = []
    for raw in text.replace("\r\n", "\n").split("\n"):
        if raw[:1] in (" ", "\t") and current:
            current.append(raw)
            continue
        if any(current):
            yield "\r\n".join(current)
        current = [raw]  # also an empty one: what is folded below it does not belong to the line above
    if any(current):
        yield "\r\n".join(current)


def _named(part: str, name: str) -> Line | None:
    if part[: len(name)].upper() != name:
        return None
    line = parse(unfold(part))
    return line if line and line.name == name else None

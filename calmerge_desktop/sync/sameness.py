"""Whether two texts say the same event. Servers reorder properties and parameters, add stamps and drop defaults."""

from __future__ import annotations

import re

from calmerge_desktop.core.ics.lines import unfold

# a comma only ever parts values (`ics.lines`): were it also part of one, the time would double with each
_NAME = re.compile(r"([A-Za-z0-9-]+)((?:;[^;:=]+=(?:\"[^\"]*\"|[^\",;:]*)(?:,(?:\"[^\"]*\"|[^\",;:]*))*)*):(.*)$", re.DOTALL)
_PARAMETER = re.compile(r";([^;:=]+)=((?:\"[^\"]*\"|[^\";:])*)")
_STAMPS = frozenset({"DTSTAMP", "LAST-MODIFIED", "CREATED", "PRODID", "VERSION", "CALSCALE", "METHOD", "SCHEDULE-STATUS"})
_DEFAULTS = frozenset({"SEQUENCE:0", "TRANSP:OPAQUE", "CLASS:PUBLIC", "PRIORITY:0"})
_ADDED = frozenset({"SCHEDULE-STATUS", "X-CALENDARSERVER-DTSTAMP", "SCHEDULE-AGENT"})
"""Parameters a scheduling server writes onto ATTENDEE and ORGANIZER (RFC 6638 §7)."""


def same(one: str | None, other: str | None, *, exact: bool = False) -> bool:
    """Whether two resources mean the same; with `exact` also in X- properties. None is a resource that is not there."""
    if one is None or other is None:
        return one is other
    return _events(one, exact) == _events(other, exact)


def _events(ics: str, exact: bool) -> list[str]:
    """Every VEVENT as one comparable text; zones and other components do not count, for servers rewrite them."""
    stack: list[tuple[str, list[str]]] = []
    events: list[str] = []
    for line in unfold(ics.replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        name, _colon, value = line.partition(":")
        word = name.upper()
        if word == "BEGIN":
            stack.append((value.strip().upper(), []))
        elif word == "END" and stack:
            kind, lines = stack.pop()
            text = f"{kind}({chr(10).join(sorted(lines))})"
            if kind == "VEVENT":
                events.append(text)
            elif stack and kind != "VTIMEZONE":
                stack[-1][1].append(text)
        elif stack and (said := _line(line, exact)):
            stack[-1][1].append(said)
    return sorted(events)


def _line(line: str, exact: bool) -> str | None:
    """A content line in one spelling; None when it says nothing."""
    found = _NAME.match(line.rstrip())
    if not found:
        return line.strip() or None
    name = found[1].upper()
    if name in _STAMPS or (name.startswith("X-") and not exact):
        return None
    parameters = sorted(
        f"{key.upper()}={value.replace(chr(34), '')}"
        for key, value in _PARAMETER.findall(found[2])
        if key.upper() not in _ADDED and (exact or not key.upper().startswith("X-"))
    )
    text = ";".join([name, *parameters]) + ":" + found[3]
    return None if text.upper() in _DEFAULTS else text

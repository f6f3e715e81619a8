"""VTIMEZONE (RFC 5545 §3.6.5) -> a table of offsets, for TZIDs that name no IANA zone."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from itertools import islice

from calmerge_desktop.core.errors import BadData
from calmerge_desktop.core.ics import values
from calmerge_desktop.core.ics.lines import properties
from calmerge_desktop.core.model import Observance
from calmerge_desktop.core.recurrence.generate import generate
from calmerge_desktop.core.recurrence.rule import parse
from calmerge_desktop.core.zones import Zone, seconds_of

_PART = re.compile(r"^BEGIN:(STANDARD|DAYLIGHT)[ \t]*\r?\n.*?^END:\1[ \t]*\r?$", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_OFFSET = re.compile(r"^([+-])(\d{2}):?(\d{2})(\d{2})?$")
_MOST_ONSETS = 10_000
_HORIZON = seconds_of(datetime(2080, 1, 1))


@lru_cache(maxsize=256)
def read_zone(block: str) -> Zone | None:
    """The zone of a VTIMEZONE given with its BEGIN and END; None when it says nothing usable."""
    parts = [part for found in _PART.finditer(block) if (part := _observance(found[0]))]
    return table(parts) if parts else None


def table(parts: list[Observance]) -> Zone:
    """Offsets over time: from each onset of an observance its `offset_to` holds until the next onset of any."""
    onsets: list[tuple[int, int]] = []
    for part in parts:
        first = seconds_of(part.start)
        walls = {first, *(seconds_of(at) for at in part.rdates)}
        for text in part.rrules:
            rule = parse(text)
            end = _HORIZON
            if rule.until:
                value = rule.until.value
                wall = seconds_of(value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, 23))
                end = min(end, wall + (part.offset_from if rule.until.tzid else 0) + 1)
            walls.update(islice(generate(rule, first, first, end), min(rule.count or _MOST_ONSETS, _MOST_ONSETS)))
        onsets.extend((wall - part.offset_from, part.offset_to) for wall in walls)
    onsets.sort()
    earliest = min(parts, key=lambda part: seconds_of(part.start) - part.offset_from)
    starts, offsets = [onsets[0][0] - 1], [earliest.offset_from]
    for start, offset in onsets:
        if offset != offsets[-1]:
            starts.append(start)
            offsets.append(offset)
    return Zone(None, starts, offsets)


def _observance(block: str) -> Observance | None:
    start: object = None
    origin, to = 0, None
    rrules: list[str] = []
    rdates: list[datetime] = []
    try:
        for line in properties(block):
            if line.name == "DTSTART":
                start = values.stamp(line.value, None).value
            elif line.name == "TZOFFSETFROM":
                origin = _offset(line.value)
            elif line.name == "TZOFFSETTO":
                to = _offset(line.value)
            elif line.name == "RRULE":
                rrules.append(line.value)
                parse(line.value)
            elif line.name == "RDATE":
                stamps = (values.stamp(item.partition("/")[0], None).value for item in line.value.split(","))
                rdates.extend(at for at in stamps if isinstance(at, datetime))
    except BadData:
        return None
    if not isinstance(start, datetime) or to is None:
        return None
    return Observance(start=start, offset_from=origin, offset_to=to, rrules=tuple(rrules), rdates=tuple(rdates))


def _offset(text: str) -> int:
    found = _OFFSET.match(text.strip())
    if not found:
        raise BadData(text)
    seconds = int(found[2]) * 3600 + int(found[3]) * 60 + int(found[4] or 0)
    return -seconds if found[1] == "-" else seconds

"""VTIMEZONE (RFC 5545 §3.6.5) for the IANA zones that a resource names: what is written must stand on its own.

Recurring changes of the clock become one RRULE without end, changes that came once an RDATE. icalendar 7.3 gives the first
instant after a change of clocks on the new wall as its onset, which is an hour late in spring; so the table of `core.zones`
is written out here.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from calmerge_desktop.core.ics.block import Block
from calmerge_desktop.core.recurrence.rule import WEEKDAYS
from calmerge_desktop.core.zones import Zone, iana, resolve, seconds_of, wall_of

_LAST_YEAR = 2079  # the table ends in 2080

_Key = tuple[int, int, int, int, int, timedelta]


def complete(calendar: Block) -> None:
    """Give a VCALENDAR a VTIMEZONE for every TZID that its VEVENTs name and it does not define."""
    have = {line.value.strip('"') for block in calendar.blocks("VTIMEZONE") for line in block.lines("TZID")}
    events = calendar.blocks("VEVENT")
    named: dict[str, int] = {}
    for event in events:
        for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"):
            for line in event.lines(name):
                if (tzid := line.param("TZID")) and line.value[:4].isdigit():
                    named[tzid] = min(named.get(tzid, 9999), int(line.value[:4]))
    at = next((i for i, part in enumerate(calendar.parts) if isinstance(part, Block)), len(calendar.parts))
    for tzid in sorted(named.keys() - have, reverse=True):
        if known := resolve(tzid):
            calendar.parts.insert(at, vtimezone(tzid, iana(known), named[tzid]))


def vtimezone(tzid: str, zone: Zone, first_year: int) -> Block:
    """The zone's offsets from the year before `first_year` on, under the name `tzid`."""
    begin = seconds_of(datetime(max(first_year - 1, 1900), 1, 1))
    changes = [(start, zone.offsets[i - 1], zone.offsets[i]) for i, start in enumerate(zone.starts) if i and start >= begin]
    block = Block("VTIMEZONE", [f"TZID:{tzid}"])
    if not changes or changes[0][0] > begin:
        offset = zone.to_wall(begin) - begin
        block.parts.append(_observance("STANDARD", wall_of(begin), offset, offset, []))
    groups: dict[_Key, list[datetime]] = defaultdict(list)
    for start, before, after in changes:
        wall = wall_of(start + before)
        groups[_rule_key(wall, before, after)].append(wall)
    singles: dict[tuple[int, int], list[datetime]] = defaultdict(list)
    for (before, after, month, n, weekday, _time), walls in groups.items():
        run = _unbroken(walls)
        for wall in walls[: len(walls) - len(run)]:
            singles[before, after].append(wall)
        if run:
            rule = f"RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY={n}{WEEKDAYS[weekday]}"
            block.parts.append(_observance(_kind(before, after), run[0], before, after, [rule]))
    for (before, after), walls in singles.items():
        rdates = [f"RDATE:{wall:%Y%m%dT%H%M%S}" for wall in walls[1:]]
        block.parts.append(_observance(_kind(before, after), walls[0], before, after, rdates))
    return block


def _rule_key(wall: datetime, before: int, after: int) -> _Key:
    """What repeats yearly about a change: month, which weekday of it (5 means the last), time of day."""
    week = (wall.day - 1) // 7 + 1
    last = (wall + timedelta(days=7)).month != wall.month
    return before, after, wall.month, -1 if last else week, wall.weekday(), wall - wall.replace(hour=0, minute=0, second=0)


def _unbroken(walls: list[datetime]) -> list[datetime]:
    """The changes at the end that come every year up to the end of the table; none if they stop earlier."""
    run: list[datetime] = []
    expected = _LAST_YEAR
    for wall in reversed(walls):
        if wall.year != expected:
            break
        run.insert(0, wall)
        expected -= 1
    return run


def _kind(before: int, after: int) -> str:
    return "DAYLIGHT" if after > before else "STANDARD"


def _observance(kind: str, start: datetime, before: int, after: int, more: list[str]) -> Block:
    lines: list[str | Block] = [
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(before)}",
        f"TZOFFSETTO:{_offset(after)}",
    ]
    return Block(kind, [*lines, *more])


def _offset(seconds: int) -> str:
    sign, left = ("-", -seconds) if seconds < 0 else ("+", seconds)
    text = f"{sign}{left // 3600:02d}{left // 60 % 60:02d}"
    return f"{text}{left % 60:02d}" if left % 60 else text

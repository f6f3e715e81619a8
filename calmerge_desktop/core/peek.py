"""Looking into an .ics file without keeping it: the instances of a span, as fast as the file can be searched.

Only VEVENTs that may touch the span are read; which they are is told by their dates as text. Everything doubtful is read.
"""

from __future__ import annotations

import re
from datetime import datetime

from calmerge_desktop.core.errors import UnreadableEvent
from calmerge_desktop.core.ics.split import split_some
from calmerge_desktop.core.instances import in_window, key_of, open_series
from calmerge_desktop.core.merged import order
from calmerge_desktop.core.model import Book, CalendarId, Instance, Resource
from calmerge_desktop.core.plain import read_plain
from calmerge_desktop.core.recurrence.expand import DATE, FLOATING
from calmerge_desktop.core.recurrence.quick import quick
from calmerge_desktop.core.recurrence.rule import parse
from calmerge_desktop.core.when import DAY, seconds_date
from calmerge_desktop.core.zones import Zone, seconds_of

_HERE = CalendarId("")
_START = re.compile(rb"\nDTSTART[^\n:]*:(\d{8})[^\n]*(?:\nDTEND[^\n:]*:(\d{8})|\n(DURATION):PT\d{1,2}[HMS])?")
"""DTSTART, and what follows it in nearly every file: the day of DTEND, or a DURATION of less than a week."""
_UNTIL = re.compile(rb"\nRRULE[^\n]*UNTIL=(\d{8})")
_HOURS = re.compile(rb"\nDURATION[^\n:]*:PT\d{1,2}[HMS]")
_REPEATING = re.compile(rb"\n[Rr]")
_REPEATS = re.compile(rb"\n(RRULE|RDATE|RECURRENCE-ID)", re.IGNORECASE)
_FOLDED_NAME = re.compile(rb"\n[Rr][^:;\n]*\n[ \t]")
_RULE = re.compile(rb"\nRRULE:([^\r\n]*)\r?\n(?![ \t])")
_WALL = re.compile(rb"\nDTSTART[^\n:]*:(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d))?Z?\r?\n(?![ \t])")
_YEAR_ONE = -62_135_596_800
_END = re.compile(rb"\nDTEND[^\n:]*:(\d{8})")


def peek(data: bytes, low: int, high: int, zone: Zone) -> tuple[list[Instance], int]:
    """Instances that touch `[low, high)`, by start, and how many resources among those looked at could not be read.

    Dates and floating times without a calendar zone are read on the wall clock of `zone`. Raises `UnreadableCalendar`.
    """
    stream = split_some(data, _Judge(low, high))
    book = Book(_HERE, stream.tzid, None)
    wall = zone.to_wall(low), zone.to_wall(high)
    out: list[Instance] = []
    bad = len(stream.unreadable)
    for resource in stream.resources:
        once = _once(resource, book, (low, high), wall, zone)
        if once is not None:
            out += once
            continue
        try:
            series, unread = open_series(resource.ics, book.tzid)
        except UnreadableEvent:
            bad += 1
            continue
        bad += len(unread)
        out += in_window(series, book, key_of(_HERE, series.events[0].uid or resource.href), low, high, zone)
    return sorted(out, key=order), bad


class _Judge:
    """Whether a VEVENT may have an instance in the span, judged by the digits of its dates; two days of margin for zones."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._high = low, high
        self._first, self._last = _digits(low - 2 * DAY), _digits(high + 2 * DAY)
        self._early = _digits(low - 9 * DAY)  # nothing that starts before and lasts less than a week reaches the span

    def __call__(self, block: bytes) -> bool:
        start = _START.search(block)
        if start is None:
            return True
        if _REPEATING.search(block):
            repeats = [name.upper() for name in _REPEATS.findall(block)]
            if repeats not in ([], [b"RRULE"]) or _FOLDED_NAME.search(block):
                return True
            if repeats and start[1] <= self._last:
                return self._series(block, start[1])
        return start[1] <= self._last and (start[1] >= self._first or self._reaches(block, start))

    def _series(self, block: bytes, start: bytes) -> bool:
        until = _UNTIL.search(block)
        if until is not None and max(until[1], start) < self._early and _short(block, start):
            return False
        return _falls(block, self._low - 9 * DAY, self._high + 2 * DAY) or not _short(block, start)

    def _reaches(self, block: bytes, start: re.Match[bytes]) -> bool:
        if start[2] is not None:
            return start[2] >= self._first
        if start[3] is not None and start[1] < self._early and b"\nDTEND" not in block:
            return False
        end = _END.search(block)
        if end is not None:
            return end[1] >= self._first
        return start[1] >= self._early or not _short(block, start[1])


def _falls(block: bytes, low: int, high: int) -> bool:
    """Whether a series may have a start in `[low, high)`, judged on its wall clock without its exceptions and its UNTIL."""
    rule, start = _RULE.search(block), _WALL.search(block)
    if rule is None or start is None:
        return True
    try:
        parsed = parse(rule[1].decode())
        first = seconds_of(datetime(*(int(digits or 0) for digits in start.groups())))  # type: ignore[arg-type]  # six
    except (UnreadableEvent, ValueError):
        return True
    way = quick(parsed, first)
    if way is None:
        return True
    if parsed.count is not None and ((last := way.nth(parsed.count - 1)) is None or last < low):
        return last is None or low <= first
    return low <= first or bool(way.walls(low, high))


def _short(block: bytes, start: bytes) -> bool:
    """Whether the event certainly lasts less than a week."""
    end = _END.search(block)
    if end is not None:  # within one month of one year the difference of the digits is that of the days
        return end[1][:6] == start[:6] and int(end[1]) - int(start) < 6
    lengths = block.count(b"\nDURATION")  # an alarm may have one, too
    return lengths == 0 or (lengths == 1 and _HOURS.search(block) is not None)


def _digits(seconds: int) -> bytes:
    return seconds_date(max(seconds, _YEAR_ONE)).strftime("%Y%m%d").zfill(8).encode()


def _once(resource: Resource, book: Book, span: tuple[int, int], wall: tuple[int, int], zone: Zone) -> list[Instance] | None:
    """The instance of a plain event (an empty list when it lies elsewhere); None for all others."""
    plain = read_plain(resource.ics, book.tzid, None)
    if plain is None:
        return None
    low, high = wall if plain.axis in (DATE, FLOATING) else span
    if plain.start >= high or (plain.end <= low and plain.start < low):
        return []
    start, end = plain.start, plain.end
    if plain.axis == FLOATING:
        start, end = zone.to_utc(start), zone.to_utc(end)
    return [
        Instance(
            id=key_of(_HERE, plain.uid or resource.href),
            uid=plain.uid,
            recurrence_id=None,
            calendar=_HERE,
            calendars=(_HERE,),
            start=start,
            end=end,
            all_day=plain.axis == DATE,
            summary=plain.summary,
            location=plain.location,
            tzid=plain.tzid,
            status=plain.status,
            transparent=plain.transparent,
            private=plain.private,
            conference_url=plain.url,
            has_people=plain.has_people,
        )
    ]

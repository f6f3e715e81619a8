"""A schedule as VAVAILABILITY (RFC 7953 §3.1) and back.

The weekly hours are one VAVAILABILITY without an end and with the lowest priority; every date that differs is one of its own
with a higher priority and the bounds of that date. AVAILABLE subcomponents carry the hours. Public holidays have no form of
their own there: they are written as dates without hours for the years `to_ics` covers, and come back as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from calmerge_desktop.core.availability.schedule import (
    Away,
    Hours,
    Schedule,
    Travel,
    check,
    holiday_names,
)
from calmerge_desktop.core.errors import BadData, BadInput
from calmerge_desktop.core.ics.block import Block, read_block, text_line, time_line
from calmerge_desktop.core.ics.lines import Line, unescape
from calmerge_desktop.core.ics.split import HEAD
from calmerge_desktop.core.ics.values import stamp
from calmerge_desktop.core.ics.zonetext import vtimezone
from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.recurrence.rule import WEEKDAYS
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import known_zone
from calmerge_desktop.core.zones import iana

_ANCHOR = date(2024, 1, 1)
"""A Monday; the weekly hours are written from this week on."""
_DAY = timedelta(days=1)


def to_ics(schedule: Schedule, year: int) -> str:
    """A VCALENDAR text; public holidays are written for `year` and the next."""
    calendar = read_block(HEAD)
    zones = {schedule.tzid, *(one.tzid for one in schedule.travel)}
    calendar.parts += [vtimezone(tzid, iana(tzid), _ANCHOR.year) for tzid in sorted(zones) if tzid != "UTC"]
    calendar.parts.append(_weekly(schedule))
    for travel in schedule.travel:
        calendar.parts.append(_abroad(schedule, travel))
    for day, hours in sorted(schedule.overrides.items()):
        calendar.parts.append(_dated(schedule, day, day, "", hours, 1))
    for away in schedule.away:
        calendar.parts.append(_dated(schedule, away.first, away.last, away.note, (), 2))
    for day, name in _holidays(schedule, year):
        calendar.parts.append(_dated(schedule, day, day, name, (), 3))
    return calendar.text()


def from_ics(text: str, name: str, tzid: str) -> Schedule:
    """The schedule in a text; `tzid` is for floating times. Raises `BadInput` when there is none, or hours mean nothing."""
    blocks = read_block(text).blocks("VAVAILABILITY")
    if not blocks:
        raise BadInput(_("There is no VAVAILABILITY in this file."))
    try:
        made = _schedule(blocks, name, tzid)
    except BadData as error:
        raise BadInput(error.message) from error
    check(made)
    return made


def _schedule(blocks: list[Block], name: str, tzid: str) -> Schedule:
    week: list[list[tuple[int, int]]] = [[] for _day in range(7)]
    overrides: dict[date, Hours] = {}
    away: list[Away] = []
    travel: list[Travel] = []
    zone = None
    for block in sorted(blocks, key=_priority):
        begin, end = _edge(block, "DTSTART"), _edge(block, "DTEND")
        title = unescape(line.value) if (line := block.first("SUMMARY")) else ""
        if end is None or begin is None:
            name = title or name
            for available in block.blocks("AVAILABLE"):
                zone = zone or _tzid(available)
                for day, span in _weekdays(available):
                    week[day].append(span)
            continue
        first, last = begin.date(), (end - timedelta(seconds=1)).date()
        found = block.blocks("AVAILABLE")
        if found and any(one.first("RRULE") for one in found):
            travel.append(Travel(first, last, _tzid(found[0]) or tzid))
        elif first == last and (found or not title):
            overrides[first] = tuple(sorted(_span(one) for one in found))
        else:
            away.append(Away(first, last, title))
    return Schedule(
        name=name,
        tzid=zone or tzid,
        week=tuple(tuple(sorted(set(hours))) for hours in week),
        overrides=overrides,
        away=tuple(away),
        travel=tuple(travel),
    )


# --- writing ----------------------------------------------------------------------------------------------------------


def _frame(schedule: Schedule, key: str, title: str, priority: int) -> Block:
    block = Block("VAVAILABILITY", [f"UID:{schedule.id or 'schedule'}-{key}@calmerge", "DTSTAMP:20240101T000000Z"])
    block.parts += [f"PRIORITY:{9 - priority}", "BUSYTYPE:BUSY-UNAVAILABLE"]
    if title:
        block.put("SUMMARY", text_line("SUMMARY", title))
    return block


def _weekly(schedule: Schedule) -> Block:
    block = _frame(schedule, "week", schedule.name, 0)
    block.parts += _available_week(schedule, schedule.tzid, "week")
    return block


def _available_week(schedule: Schedule, tzid: str, key: str) -> Iterator[Block]:
    spans: dict[tuple[int, int], list[int]] = {}
    for weekday, hours in enumerate(schedule.week):
        for span in hours:
            spans.setdefault(span, []).append(weekday)
    for number, (span, days) in enumerate(sorted(spans.items())):
        available = _available(f"{key}-{number}", _ANCHOR + _DAY * days[0], span, tzid)
        available.parts.append("RRULE:FREQ=WEEKLY;BYDAY=" + ",".join(WEEKDAYS[day] for day in days))
        yield available


def _abroad(schedule: Schedule, travel: Travel) -> Block:
    key = f"travel-{travel.first:%Y%m%d}"
    block = _bounds(_frame(schedule, key, "", 1), travel.first, travel.last, travel.tzid)
    block.parts += _available_week(schedule, travel.tzid, key)
    return block


def _dated(schedule: Schedule, first: date, last: date, title: str, hours: Hours, kind: int) -> Block:
    key = f"{kind}-{first:%Y%m%d}"
    block = _bounds(_frame(schedule, key, title, 5 - kind), first, last, schedule.tzid)
    block.parts += [_available(f"{key}-{n}", first, span, schedule.tzid) for n, span in enumerate(hours)]
    return block


def _bounds(block: Block, first: date, last: date, tzid: str) -> Block:
    block.parts.append(time_line("DTSTART", Stamp(_at(first, 0), tzid)))
    block.parts.append(time_line("DTEND", Stamp(_at(last + _DAY, 0), tzid)))
    return block


def _available(key: str, day: date, span: tuple[int, int], tzid: str) -> Block:
    times = [time_line("DTSTART", Stamp(_at(day, span[0]), tzid)), time_line("DTEND", Stamp(_at(day, span[1]), tzid))]
    return Block("AVAILABLE", [f"UID:{key}@calmerge", "DTSTAMP:20240101T000000Z", *times])


def _holidays(schedule: Schedule, year: int) -> Iterator[tuple[date, str]]:
    if not schedule.holidays:
        return
    names: Mapping[date, str] = {**holiday_names(schedule.holidays, year), **holiday_names(schedule.holidays, year + 1)}
    for day, name in sorted(names.items()):
        if day not in schedule.overrides:
            yield day, name


def _at(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minute)


# --- reading ----------------------------------------------------------------------------------------------------------


def _priority(block: Block) -> int:
    """Lowest first: 9 is low, 1 is high, 0 or none the lowest of all (RFC 7953 §3.1)."""
    line = block.first("PRIORITY")
    text = line.value.strip() if line else ""
    number = int(text) if len(text) == 1 and text in "123456789" else 0
    return -(number or 10)


def _edge(block: Block, name: str) -> datetime | None:
    line = block.first(name)
    return _wall(line) if line else None


def _wall(line: Line) -> datetime:
    value = stamp(line.value, line.param("TZID")).value
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)


def _tzid(block: Block) -> str | None:
    line = block.first("DTSTART")
    tzid = line.param("TZID") if line else None
    return tzid if tzid and known_zone(tzid) else None


def _span(block: Block) -> tuple[int, int]:
    begin, end = _edge(block, "DTSTART"), _edge(block, "DTEND")
    if begin is None or end is None:
        raise BadInput(_("An AVAILABLE needs DTSTART and DTEND."))
    minutes = int((end - datetime(begin.year, begin.month, begin.day)).total_seconds()) // 60
    return begin.hour * 60 + begin.minute, minutes


def _weekdays(block: Block) -> Iterator[tuple[int, tuple[int, int]]]:
    span = _span(block)
    rule = block.first("RRULE")
    begin = _edge(block, "DTSTART")
    assert begin is not None
    parts = dict(part.partition("=")[::2] for part in (rule.value.upper().split(";") if rule else ()))
    if parts.get("FREQ") == "DAILY" and parts.get("INTERVAL", "1") == "1":
        days = list(range(7))
    elif parts.get("FREQ") == "WEEKLY" and parts.get("INTERVAL", "1") == "1":
        named = [day for day in parts.get("BYDAY", "").split(",") if day in WEEKDAYS]
        days = [WEEKDAYS.index(day) for day in named] or [begin.weekday()]
    else:
        raise BadInput(_("Only hours that repeat every day or every week can be read."))
    for day in days:
        yield day, span

"""What Google and Microsoft say: events as JSON, repetitions in both directions."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from calmerge_desktop.core.errors import BadData, CalmergeError
from calmerge_desktop.core.ics.block import Block, read_block
from calmerge_desktop.core.ics.read import read
from calmerge_desktop.core.ics.split import split
from calmerge_desktop.core.model import Href, Stamp
from calmerge_desktop.core.recurrence.generate import generate
from calmerge_desktop.core.recurrence.rule import parse
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import iana, seconds_of
from calmerge_desktop.sync.providers.google import changes as google_changes
from calmerge_desktop.sync.providers.google import patch as google_patch
from calmerge_desktop.sync.providers.google.series import gather, href_of, is_cancelled
from calmerge_desktop.sync.providers.microsoft import changes as graph_changes
from calmerge_desktop.sync.providers.microsoft import patch as graph_patch
from calmerge_desktop.sync.providers.microsoft import recurrence
from calmerge_desktop.sync.providers.microsoft.series import Series
from calmerge_desktop.sync.wall import Zones

ME = "alice@outlook.example.test"
BERLIN = iana("Europe/Berlin")
START = Stamp(datetime(2026, 11, 24, 9), "Europe/Berlin")
_ZONES = Zones(floating="Europe/Berlin")


def _given(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def google(data: bytes) -> None:
    """Events of one calendar as Google lists them: said in iCalendar or set aside, and written back."""
    events = _given(data)
    if not isinstance(events, list) or not all(isinstance(one, dict) and isinstance(one.get("id"), str) for one in events):
        return
    for href in dict.fromkeys(href_of(one) for one in events[:5]):
        series = gather(href, events)
        if not series.alive:
            continue
        assert series.etag
        try:
            text = google_changes.resource(series).ics
        except BadData:
            continue
        blocks = _blocks(text)
        alive = [each for each in series.pieces if not is_cancelled(each)]
        for each, block in zip(alive, blocks, strict=True):
            _refusing(partial(google_patch.changes, each, block, _ZONES))
            _refusing(partial(google_patch.new_event, block, _ZONES, uid="u", event_id="abcde"))


def graph(data: bytes) -> None:
    """A master of Graph with its exceptions: said in iCalendar or set aside, and written back."""
    found = _given(data)
    if not isinstance(found, dict) or not isinstance(found.get("events"), list) or not found["events"]:
        return
    cancelled = found["cancelled"] if isinstance(found.get("cancelled"), list) else []
    if not all(isinstance(one, dict) and isinstance(one.get("id"), str) for one in found["events"]):
        return
    master, *exceptions = found["events"]
    days = tuple(one for one in cancelled if isinstance(one, str) and _is_day(one))
    series = Series(href=Href(master["id"]), master=master, exceptions=tuple(exceptions), cancelled=days)
    assert series.etag
    try:
        text = graph_changes.resource(series, ME).ics
    except BadData:
        return
    for each, block in zip(series.pieces, _blocks(text), strict=True):
        own = None if each is master else master
        _refusing(partial(graph_patch.changes, each, block, _ZONES, me=ME, master=own))
        _refusing(partial(graph_patch.answer, each, block, ME))
        _refusing(partial(graph_patch.new_event, block, _ZONES, uid="u"))


def _is_day(text: str) -> bool:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date().isoformat() == text
    except ValueError:
        return False


def _blocks(text: str) -> list[Block]:
    """The VEVENTs of what we made of an event; it is one iCalendar resource whatever stood in it."""
    assert len(split(text).resources) == 1
    read(text)
    return read_block(text).blocks("VEVENT")


def _refusing(deed: Callable[[], object]) -> None:
    try:
        deed()
    except CalmergeError:
        return


def repetition(data: bytes) -> None:
    """Graph's repetition and the RRULE, there and back: the same days."""
    found = _given(data)
    if isinstance(found, dict):
        try:
            text = recurrence.rrule(found, START, BERLIN)
        except recurrence.Untold:
            return
        parse(text)
    else:
        text = data.decode("utf-8", "replace")
    try:
        said = recurrence.graph(text, START, BERLIN, "UTC")
    except CalmergeError:
        return
    assert _days(recurrence.rrule(said, START, BERLIN)) == _days(text)


def _days(text: str) -> list[int]:
    assert isinstance(START.value, datetime)
    first = seconds_of(START.value)
    rule = parse(text)
    limited = [] if rule.until is None else [rule.until]
    end = first + 4000 * DAY
    for until in limited:
        assert isinstance(until.value, datetime) or until.all_day
        wall = datetime(until.value.year, until.value.month, until.value.day)
        if isinstance(until.value, datetime):
            wall = until.value
        at = seconds_of(wall)
        end = min(end, (BERLIN.to_wall(at) if until.tzid else at if isinstance(until.value, datetime) else at + DAY - 1) + 1)
    return list(islice(generate(rule, first, first, end), rule.count or 40))[:40]

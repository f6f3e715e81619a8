"""What is fuzzed, and what must hold: only our own errors leave, and no small input costs more than two seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

from calmerge_desktop.core import settings
from calmerge_desktop.core.errors import BadData, CalmergeError, SyncTokenExpired
from calmerge_desktop.core.ics import lines, series
from calmerge_desktop.core.ics.split import Stream, decode, split
from calmerge_desktop.core.ics.vtimezone import read_zone
from calmerge_desktop.core.instances import in_window, key_of, open_series, place_at
from calmerge_desktop.core.model import Book, CalendarId, Changes, Resource, Scope
from calmerge_desktop.core.recurrence.generate import generate
from calmerge_desktop.core.recurrence.rule import most_a_day, parse
from calmerge_desktop.core.store.rows import materialise
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import guess, iana
from calmerge_desktop.sync.files import text
from calmerge_desktop.sync.providers import caldav_xml
from calmerge_desktop.sync.sameness import same

CPU_SECONDS = 2.0
"""Most a single input of a few kilobytes may take."""
NOW = 1_795_000_000
BOOK = Book(CalendarId("c"), "Europe/Berlin", "me@example.test")
BERLIN = iana("Europe/Berlin")


def calendar(data: bytes) -> Stream | None:
    """Bytes of a file all the way to the week, as a sync does it, and to an edit; None when it is no calendar."""
    try:
        stream = split(decode(data))
    except CalmergeError:
        return None
    content, encoding = text.read(data)
    assert content.encode(encoding) == data
    for each in stream.resources:
        _resource(each)
        text.with_event(content, str(each.href), each.ics)
        assert same(each.ics, each.ics, exact=True)
    return stream


def _resource(resource: Resource) -> None:
    try:
        materialise(resource, BOOK, 1, 1, NOW + 3 * 366 * DAY)
        opened, _bad = open_series(resource.ics, BOOK.tzid)
    except BadData:
        return
    key = key_of(BOOK.calendar, opened.events[0].uid)
    shown = list(in_window(opened, BOOK, key, NOW, NOW + 7 * DAY, BERLIN))
    assert len(shown) <= 20_000
    for one in shown[:3]:
        assert one.start <= one.end
        if one.recurrence_id:
            assert place_at(opened, BOOK, key, one.recurrence_id) is not None
        try:
            series.edit(
                resource.ics, one.recurrence_id, Changes(summary="x"), Scope.THIS, now=NOW, organizer=None, new_uid="n"
            )
            series.remove(resource.ics, one.recurrence_id, Scope.FOLLOWING, now=NOW)
        except CalmergeError:
            continue


def line(written: str) -> None:
    """A content line."""
    found = lines.parse(written)
    if found:
        found.param("TZID")
    lines.unescape(written)


def rule(written: str) -> None:
    """An RRULE from a DTSTART in 2026 on."""
    try:
        read = parse(written)
    except CalmergeError:
        return
    most = most_a_day(read)
    seen: dict[int, int] = {}
    for n, wall in enumerate(generate(read, NOW, NOW, NOW + 400 * DAY)):
        seen[wall // DAY] = seen.get(wall // DAY, 0) + 1
        if n > 3000:
            break
    assert max(seen.values(), default=0) <= most


def zone(written: str) -> None:
    """A VTIMEZONE."""
    found = read_zone(written)
    if found:
        assert abs(found.to_utc(found.to_wall(NOW)) - NOW) <= 2 * 100 * 3600


def tzid(written: str) -> None:
    """A TZID of the wild."""
    name = guess(written)
    if name:
        iana(name)


def answer(data: bytes) -> None:
    """An answer of a CalDAV server."""
    url = "https://host.test/cal/"
    try:
        found = caldav_xml.multistatus(data, url)
    except (CalmergeError, SyncTokenExpired):
        found = caldav_xml.MultiStatus()
    for entry in found.entries:
        entry.hrefs(caldav_xml.DAV + "current-user-principal")
        entry.kinds(caldav_xml.DAV + "resourcetype")
        entry.text(caldav_xml.DAV + "getetag")
    caldav_xml.refusal(data, url)


def kept_settings(written: str) -> None:
    """A settings file: whatever is read can be written and read again, to the same."""
    read, bad = settings.from_json(written)
    again = settings.to_json(read)
    assert again.encode()
    assert settings.from_json(again)[0] == read or "settings.json" in bad


def timed(target: Callable[..., object], value: object) -> object:
    """Run a target within its time."""
    began = time.process_time()
    result = target(value)
    took = time.process_time() - began
    assert took < CPU_SECONDS, f"{took:.1f} s for {value!r}"
    return result

"""What is fuzzed of files and servers, and what must hold: only our own errors leave, and no small input costs long.

Where there are two ways to the same answer, a fast one and a careful one, they must agree. Mails are in `mail_targets`,
hours and links in `hours_targets`, Google and Microsoft in `vendor_targets`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from calmerge_desktop.core import settings
from calmerge_desktop.core.errors import BadData, BadInput, CalmergeError, SyncTokenExpired
from calmerge_desktop.core.ics import lines, series
from calmerge_desktop.core.ics.block import read_block
from calmerge_desktop.core.ics.read import read
from calmerge_desktop.core.ics.split import Stream, decode, split, split_bytes, split_some
from calmerge_desktop.core.ics.vtimezone import read_zone
from calmerge_desktop.core.instances import in_window, key_of, open_series, place_at
from calmerge_desktop.core.model import Book, CalendarId, Changes, Resource, Scope
from calmerge_desktop.core.peek import peek
from calmerge_desktop.core.plain import read_plain
from calmerge_desktop.core.recurrence.generate import generate
from calmerge_desktop.core.recurrence.rule import most_a_day, parse
from calmerge_desktop.core.store.rows import MOST_ROWS, materialise, materialise_carefully, run_rows, walked_rows
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import guess, iana
from calmerge_desktop.sync.files import text
from calmerge_desktop.sync.providers import caldav_xml
from calmerge_desktop.sync.sameness import same
from tests.core.store.stored import occurrences

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
    assert text.write(content, encoding) == data
    for each in stream.resources:
        _resource(each)
        text.with_event(content, str(each.href), each.ics)
        assert same(each.ics, each.ics, exact=True)
    return stream


def _resource(resource: Resource) -> None:
    try:
        materialise(resource, BOOK, NOW + 3 * 366 * DAY)
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


def scanner(data: bytes) -> None:
    """The file cut into resources: as text and as bytes, all at once and only what is asked for."""
    found = _cut(lambda: split(decode(data)))
    assert _whole(lambda: split_bytes(data)) == _whole(lambda: split(decode(data)))
    assert _cut(lambda: split_some(data, lambda _block: True)) == found
    some = _cut(lambda: split_some(data, lambda block: b"a" in block))
    assert (some is None) == (found is None)
    if found is not None:
        assert set(some or ()) <= set(found)


def _cut(cut: Callable[[], Stream]) -> list[tuple[str, str]] | None:
    try:
        return [(str(each.href), each.ics) for each in cut().resources]
    except CalmergeError:
        return None


def _whole(cut: Callable[[], Stream]) -> Stream | str:
    try:
        return cut()
    except CalmergeError as error:
        return error.message


def careful(data: bytes) -> None:
    """The careful reader, and the view of a file that is not kept; what a block writes is what it reads."""
    with suppress(CalmergeError):
        read(read_block(decode(data)).text())
    for resource in _resources(data):
        try:
            block = read_block(resource.ics)
        except BadInput:
            continue
        assert read_block(block.text()).text() == block.text()
        assert read(block.text()).events == read(resource.ics).events
    with suppress(CalmergeError):
        peek(data, NOW, NOW + 7 * DAY, BERLIN)


def plain(data: bytes) -> None:
    """The plain reader and the careful one, each event: the same rows, or the plain one steps aside."""
    for resource in _resources(data):
        for book in (BOOK, Book(CalendarId("c"), None, None)):
            if read_plain(resource.ics, book.tzid, book.address) is not None:
                fast = materialise(resource, book, 1 << 34)
                assert fast == materialise_carefully(resource, book, 1 << 34)


def rows(data: bytes) -> None:
    """Series: a run of occurrences at once and each on its own are the same rows."""
    for resource in _resources(data):
        try:
            opened, _bad = open_series(resource.ics, BOOK.tzid)
        except CalmergeError:
            continue
        high = NOW + 3 * 366 * DAY
        walked = occurrences(*walked_rows(opened, BOOK, "k", high))
        at_once = run_rows(opened, BOOK, "k", high)
        if at_once is not None and len(walked) <= MOST_ROWS:
            assert sorted(occurrences(*at_once), key=repr) == sorted(walked, key=repr)


def _resources(data: bytes) -> list[Resource]:
    try:
        return split(decode(data)).resources[:20]
    except CalmergeError:
        return []


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


def timed(target: Callable[..., object], value: object, seconds: float = CPU_SECONDS) -> object:
    """Run a target within its time."""
    began = time.process_time()
    result = target(value)
    took = time.process_time() - began
    assert took < seconds, f"{took:.1f} s for {value!r}"
    return result

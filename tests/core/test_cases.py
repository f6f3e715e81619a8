"""A case is a file: `cases/*.ics` carry the span they are asked for and the instances the standard says.

`X-CASE-SPAN` is two dates on the wall clock of `X-CASE-TZ`; each `X-EXPECT` is `start/end summary`, dates for an all-day
instance; `X-CASE-BAD` is how many VEVENTs are set aside. To add a case, add a file.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from calmerge_desktop.core.errors import UnreadableEvent
from calmerge_desktop.core.ics.split import decode, split
from calmerge_desktop.core.instances import in_window, open_series
from calmerge_desktop.core.model import Book, CalendarId, Instance
from calmerge_desktop.core.when import midnight, seconds_date
from calmerge_desktop.core.zones import iana

CASES = sorted((Path(__file__).parent / "cases").glob("*.ics"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_gives_its_instances(path: Path) -> None:
    """What the file expects, no more and no less."""
    text = decode(path.read_bytes())
    tz = ZoneInfo(_header(text, "X-CASE-TZ", "Europe/Berlin"))
    first, last = (date.fromisoformat(part) for part in _header(text, "X-CASE-SPAN").split("/"))
    low, high = midnight(first, tz), midnight(last, tz)
    stream = split(text)
    found: list[str] = []
    bad = len(stream.unreadable)
    for resource in stream.resources:
        try:
            series, unread = open_series(resource.ics, stream.tzid)
        except UnreadableEvent:
            bad += 1
            continue
        bad += len(unread)
        book = Book(CalendarId("c"), stream.tzid, None)
        found += [_line(one, tz) for one in in_window(series, book, "e", low, high, iana(tz.key))]
    expected = sorted(line.strip() for line in re.findall(r"^X-EXPECT:(.*)$", text, re.MULTILINE))
    assert sorted(found) == expected
    assert bad == int(_header(text, "X-CASE-BAD", "0"))


def test_there_are_cases() -> None:
    """The folder was found."""
    assert len(CASES) >= 30


def _header(text: str, name: str, default: str | None = None) -> str:
    found = re.search(rf"^{name}:(.*)$", text, re.MULTILINE)
    if found is None:
        assert default is not None, f"{name} is missing"
        return default
    return found[1].strip()


def _line(one: Instance, tz: ZoneInfo) -> str:
    if one.all_day:
        return f"{seconds_date(one.start)}/{seconds_date(one.end)} {one.summary}"
    start, end = (datetime.fromtimestamp(at, tz).isoformat(timespec="minutes") for at in (one.start, one.end))
    return f"{start}/{end} {one.summary}"

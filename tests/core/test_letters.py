"""A series in a mail: said in the reader's language, with the days of its own zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from calmerge_desktop import resources
from calmerge_desktop.core import texts
from calmerge_desktop.core.ics.read import read_event
from calmerge_desktop.core.letters.times import Reader, repeats

EVENT = """BEGIN:VEVENT
UID:1
DTSTART;TZID=America/New_York:20271123T200000
DTEND;TZID=America/New_York:20271123T210000
{rule}
END:VEVENT
"""
FIRST = int(datetime(2027, 11, 24, 1, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("rule", "language", "tzid", "said"),
    [
        ("RRULE:FREQ=WEEKLY;COUNT=6", "en", "America/New_York", "Every week on Tuesday, 6 times"),
        ("RRULE:FREQ=WEEKLY;COUNT=6", "de", "America/Chicago", "Jede Woche am Dienstag, 6-mal"),
        ("RRULE:FREQ=WEEKLY;COUNT=6", "de", "Europe/Berlin", "Jede Woche am Dienstag, 6-mal (New York)"),
        ("RRULE:FREQ=MONTHLY;BYDAY=-1TU;UNTIL=20280201T000000Z", "en", "America/New_York",
         "Every month on the last Tuesday, until Jan 31, 2028"),
        ("RDATE;TZID=America/New_York:20271130T200000", "en", "America/New_York", "Repeats"),
        ("STATUS:CONFIRMED", "en", "America/New_York", ""),
    ],
)  # fmt: skip
def test_a_series_is_said(rule: str, language: str, tzid: str, said: str) -> None:
    texts.choose("en", resources.path("i18n"))
    event = read_event(EVENT.format(rule=rule).replace("\n", "\r\n"), {})
    assert repeats(event, FIRST, Reader(language, tzid, tzid)) == said

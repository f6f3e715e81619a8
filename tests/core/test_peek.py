"""Looking into a file gives what reading all of it gives."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.errors import BadData
from calmerge_desktop.core.ics.split import HEAD, TAIL, decode, split
from calmerge_desktop.core.instances import in_window, key_of, open_series
from calmerge_desktop.core.model import Book, CalendarId, Instance
from calmerge_desktop.core.peek import peek
from calmerge_desktop.core.zones import iana, seconds_of

_BASE = datetime(2026, 3, 1)


@st.composite
def vevents(draw: st.DrawFn) -> str:
    """VEVENTs of every length and kind, on both sides of the span, some sharing a UID."""
    day = draw(st.integers(-60, 60))
    at = f"2026{draw(st.sampled_from(['01', '02', '03', '12']))}{abs(day) % 28 + 1:02d}"
    form = draw(
        st.sampled_from(
            ["DTSTART;VALUE=DATE:{0}", "DTSTART:{0}T223000Z", "DTSTART;TZID=Asia/Tokyo:{0}T003000", "DTSTART:{0}T1200"]
        )
    )
    lines = ["UID:" + draw(st.sampled_from("abcdefgh")), form.format(at)]
    lines += draw(
        st.lists(
            st.sampled_from(
                [
                    "DURATION:PT3H",
                    "DURATION:P40D",
                    "DURATION:PT500H",
                    "DTEND;VALUE=DATE:20260310",
                    "DTEND:20260305T000000Z",
                    "RRULE:FREQ=WEEKLY;UNTIL=20260228",
                    "RRULE:FREQ=DAILY",
                    "RRULE:FREQ=DAILY;INTERVAL=7;COUNT=4",
                    "RRULE:FREQ=MONTHLY;BYMONTHDAY=5;COUNT=3",
                    "RRULE:FREQ=YEARLY;BYMONTH=12;BYDAY=1MO",
                    "RRULE:FREQ=WEEKLY;INTERVAL=6;BYDAY=MO,\r\n FR",
                    "RRULE:FREQ=WEEKLY;BYHOUR=3,4;BYMONTH=12",
                    "RRULE:garbage",
                    "rrule:FREQ=DAILY",
                    "RR\r\n ULE:FREQ=DAILY",
                    "EXDATE:20260303T223000Z",
                    "LOCATION:Köln",
                    "RRULE:FREQ=MONTHLY;UNTIL=20260110T000000Z",
                    "RDATE:20260304T100000Z",
                    "SEQUENCE:2",
                    "RECURRENCE-ID:20260303T223000Z",
                    "SUMMARY:x",
                ]
            ),
            max_size=3,
            unique=True,
        )
    )
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])


@settings(max_examples=250, deadline=None)
@given(
    events=st.lists(vevents(), min_size=1, max_size=8),
    offset=st.integers(-5, 5),
    days=st.integers(1, 9),
    ends=st.sampled_from(["\r\n", "\n", "\r", "mixed"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "utf-16"]),
)
def test_a_peek_shows_what_a_full_reading_shows(events: list[str], offset: int, days: int, ends: str, encoding: str) -> None:
    """Whatever is left out unread has nothing to show in the span, in any of the forms files come in."""
    text = HEAD + "".join(events) + TAIL
    text = text.replace("\r\nUID", "\nUID") if ends == "mixed" else text.replace("\r\n", ends)
    data = text.encode(encoding)
    zone = iana("Europe/Berlin")
    low = zone.to_utc(seconds_of(_BASE) + offset * 86_400)
    high = low + days * 86_400
    expected: list[Instance] = []
    for resource in split(decode(data)).resources:
        try:
            series, _bad = open_series(resource.ics, None)
        except BadData:  # unreadable ones show nothing either way
            continue
        book = Book(CalendarId(""), None, None)
        key = key_of(CalendarId(""), series.events[0].uid)
        expected += in_window(series, book, key, low, high, zone)
    found, _bad_count = peek(data, low, high, zone)
    assert sorted(map(repr, found)) == sorted(map(repr, expected))

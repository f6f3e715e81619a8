"""Whole resources against recurring-ical-events, an independent reader built on icalendar and dateutil."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.ics.read import read
from calmerge_desktop.core.recurrence.expand import Series
from calmerge_desktop.core.recurrence.generate import generate
from calmerge_desktop.core.recurrence.rule import parse
from calmerge_desktop.core.zones import seconds_of, wall_of

_RULES = st.sampled_from(
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3;COUNT=20",
        "FREQ=WEEKLY;BYDAY=MO,WE,FR",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU",
        "FREQ=MONTHLY;BYMONTHDAY=15",
        "FREQ=MONTHLY;BYDAY=2TH",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
        "FREQ=WEEKLY;COUNT=30",
    ]
)
_ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])


@st.composite
def resources(draw: st.DrawFn) -> str:
    """A series with exceptions, a moved occurrence and extra dates, beginning on its own rule, away from the small hours."""
    zone, rule = draw(_ZONES), draw(_RULES)
    day = draw(st.datetimes(datetime(2024, 1, 1), datetime(2025, 12, 1))).replace(microsecond=0, second=0)
    day = day.replace(hour=draw(st.integers(6, 22)))
    first = next(generate(parse(rule), seconds_of(day), seconds_of(day), seconds_of(day + timedelta(days=800))))
    walls = [w for w, _n in zip(generate(parse(rule), first, first, first + 800 * 86_400), range(40), strict=False)]
    out = [wall_of(w) for w in draw(st.lists(st.sampled_from(walls[1:] or walls), max_size=3, unique=True))]
    lines = [
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20240101T000000Z",
        f"DTSTART;TZID={zone}:{wall_of(first):%Y%m%dT%H%M%S}",
        draw(st.sampled_from(["DURATION:PT45M", "DURATION:P1DT2H"])),
        f"RRULE:{rule}",
        "SUMMARY:A",
    ]
    lines += [f"EXDATE;TZID={zone}:{at:%Y%m%dT%H%M%S}" for at in out]
    if draw(st.booleans()):
        extra = wall_of(first) + timedelta(days=draw(st.integers(1, 60)), minutes=7)
        lines.append(f"RDATE;TZID={zone}:{extra:%Y%m%dT%H%M%S}")
    lines.append("END:VEVENT")
    moved = wall_of(draw(st.sampled_from(walls)))
    if moved not in out and draw(st.booleans()):
        to = moved + timedelta(days=draw(st.integers(-3, 3)), hours=1)
        lines += [
            "BEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20240101T000000Z\r\nDURATION:PT30M\r\nSUMMARY:Moved",
            f"RECURRENCE-ID;TZID={zone}:{moved:%Y%m%dT%H%M%S}",
            f"DTSTART;TZID={zone}:{to:%Y%m%dT%H%M%S}",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


@settings(max_examples=150, deadline=None)
@given(ics=resources(), skip=st.integers(0, 700), days=st.integers(1, 90))
def test_resources_expand_as_recurring_ical_events_expands_them(ics: str, skip: int, days: int) -> None:
    """The same instances over any span."""
    low = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=skip)
    high = low + timedelta(days=days)
    judged = recurring_ical_events.of(icalendar.Calendar.from_ical(ics)).between(low, high)
    expected = sorted((int(e.start.timestamp()), int(e.end.timestamp()), str(e["SUMMARY"])) for e in judged)
    parsed = read(ics)
    series = Series(parsed.events, parsed.zones)
    mine = series.occurrences(int(low.timestamp()), int(high.timestamp()))
    assert sorted((one.start, one.end, one.event.summary) for one in mine) == expected

"""The sample is a real calendar: what its iCalendar text says is what its instances show."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events

from calmerge_desktop.core.week import lay_out
from calmerge_desktop.core.when import date_seconds
from calmerge_desktop.demo import expand, sample
from calmerge_desktop.demo.entries import TZID

TODAY = date(2026, 11, 24)


def _seconds(value: date | datetime) -> int:
    return int(value.timestamp()) if isinstance(value, datetime) else date_seconds(value)


@pytest.mark.parametrize("today", [TODAY, date(2027, 3, 31), date(2024, 2, 29)])
def test_the_resources_say_what_the_instances_show(today: date) -> None:
    """An outside recurrence engine reads the same weeks out of the text, also over a clock change."""
    shown, known = sample.instances(today)
    low, high = today - timedelta(weeks=8), today + timedelta(weeks=16)
    for account in sample.resources(today):
        for calendar in account.calendars:
            found: Counter[tuple[str, int, int]] = Counter()
            for resource in calendar.resources:
                events = recurring_ical_events.of(icalendar.Calendar.from_ical(resource.ics)).between(low, high)
                for event in events:
                    found[str(event["SUMMARY"]), _seconds(event.start), _seconds(event.end)] += 1
            own = expand.calendar_id(calendar.key)
            if not calendar.visible:
                assert found
                continue
            assert found == Counter((one.summary, one.start, one.end) for one in shown if own in one.calendars)
    assert len(known) == 8


def test_the_week_of_the_pictures() -> None:
    """Tuesday's own titles, and the three rows of what lasts all day."""
    shown, _known = sample.instances(TODAY)
    week = lay_out(shown, date(2026, 11, 23), 7, TZID)
    assert [b.instance.summary for b in week.blocks if b.day == 1] == [
        "Stand-up Sahyadri",
        "Konzept Datenmodell",
        "Sahyadri: Architektur-Review",
        "Zahnarzt Dr. Brandt",
        "1:1 Sam Okafor",
        "Elternabend",
    ]
    assert [(bar.instance.summary, bar.first, bar.last) for bar in week.bars] == [
        ("Tomás im Urlaub", 0, 2),
        ("Thanksgiving (US)", 3, 3),
        ("Angebot Halden fällig", 4, 4),
        ("Oma Inge 80", 5, 5),
        ("1. Advent", 6, 6),
    ]


def test_two_calendars_hold_one_meeting() -> None:
    """The same UID in both, so that a merged view can show it once."""
    holders = [
        calendar.key
        for account in sample.resources(TODAY)
        for calendar in account.calendars
        if any("Procurement" in resource.ics for resource in calendar.resources)
    ]
    assert holders == ["termine", "lena (extern)"]
    (meeting,) = [one for one in sample.instances(TODAY)[0] if "Procurement" in one.summary]
    assert len(meeting.calendars) == 2


def test_the_sources_have_every_state() -> None:
    """One account is stale and says when it is tried again, one waits for a sign-in."""
    states = {account.name: account.state for account in sample.resources(TODAY)}
    assert [state.state for state in states.values()] == ["fresh", "stale", "fresh", "broken", "fresh"]
    retry = states["Halden Robotics"].retry_at
    assert retry is not None
    assert datetime.fromtimestamp(retry, UTC).strftime("%H:%M") == "10:24"


def test_every_uid_is_once_in_a_calendar() -> None:
    """A UID names one resource (RFC 4791 §4.1)."""
    for account in sample.resources(TODAY):
        for calendar in account.calendars:
            hrefs = [resource.href for resource in calendar.resources]
            assert len(hrefs) == len(set(hrefs))

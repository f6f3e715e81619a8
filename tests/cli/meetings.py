"""Meetings of Alice with Bob, and how another program should keep them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from tests.cli.conftest import Calmerge

BERLIN = ZoneInfo("Europe/Berlin")
TZ = ("--tz", "Europe/Berlin")
WHEN = ("--start", "2027-11-23T10:00", "--end", "2027-11-23T11:00", *TZ)
ALL_DAY = ("--start", "2027-11-23", "--end", "2027-11-25", "--all-day")
DAILY = (*WHEN, "--rrule", "FREQ=DAILY;COUNT=5")
ACROSS_SUMMER_TIME = (
    "--start", "2027-10-26T10:00", "--end", "2027-10-26T11:00", "--tz", "Europe/Berlin", "--rrule", "FREQ=WEEKLY;COUNT=3;BYDAY=TU",
)  # fmt: skip


def meeting(alice: Calmerge, when: tuple[str, ...], title: str = "Review – Ä; alle, bitte") -> str:
    made = alice.ok("event", "add", "--title", title, *when, "--attendee", "bob@example.test", "--location", "Zimmer 4")
    return str(made["event"]["id"]).partition("@")[0]


def at(day: str, hour: int = 0) -> int:
    """Wall time in Berlin as UTC seconds."""
    return int(datetime.combine(date.fromisoformat(day), time(hour), BERLIN).timestamp())


def _times(shown: Any) -> tuple[int | str, int | str]:
    """When an event of the command line is, in UTC seconds or as YYYYMMDD."""
    start, end = (
        one.replace("-", "") if shown["all_day"] else int(datetime.fromisoformat(one).timestamp())
        for one in (shown["start"], shown["end"])
    )
    return start, end


def expected(alice: Calmerge, event: str, sequence: int, bob: str = "NEEDS-ACTION") -> dict[str, Any]:
    """What a program should keep of an event: what Alice sees."""
    mine = alice.ok("event", "show", event)["event"]
    start, end = _times(mine)
    return {
        "summary": mine["summary"],
        "location": mine["location"],
        "organizer": "mailto:alice@example.test",
        "attendees": {"mailto:alice@example.test": "ACCEPTED", "mailto:bob@example.test": bob},
        "sequence": sequence,
        "status": "confirmed",
        "rules": [mine["rrule"]] if mine["rrule"] else [],
        "start": start,
        "end": end,
        "rid": None,
    }


def occurrences(alice: Calmerge) -> list[Any]:
    shown = alice.ok("agenda", "--from", "2027-10-20", "--to", "2027-11-30", *TZ)["instances"]
    return sorted(_times(one) for one in shown if one["status"] != "cancelled")

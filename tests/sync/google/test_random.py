"""Random edits on both sides of a Google account (`tests.sync.vendor_life`).

`python -m tests.sync.google.test_random --max 1000 --seed 7` goes on for longer than a run of tests.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.servers.google import FakeGoogle, GoogleServer
from tests.servers.google_events import GoogleCalendar, at
from tests.sync.google.conftest import secret
from tests.sync.google.desk import ZONE, Desk
from tests.sync.vendor_life import Life, go_on, lived


class GoogleLife(Life):
    """See `Life`."""

    KINDS = ("401", "403", "429", "500", "drop", "cut", "half", "lost")
    THEIRS = ("add", "series", "title", "drop", "exception", "cancel", "back")
    MASTER = "recurringEventId"

    def __init__(self, folder: Path, server: GoogleServer, google: FakeGoogle, seed: int) -> None:
        self.server, self.google = server, google
        google.add("team@group.example.test", summary="Team")
        super().__init__(Desk(folder, google, secret(server, google)), google, seed)

    def sign_in(self) -> None:
        self.desk.secret = secret(self.server, self.google)

    def put(self, calendar: GoogleCalendar, key: str, day: int | None, hour: int, rule: bool) -> None:
        more: dict[str, Any] = {"recurrence": ["RRULE:FREQ=DAILY;COUNT=4"]} if rule else {}
        if day is not None:
            more |= {"start": _at(day, hour), "end": _at(day, hour + 1)}
        calendar.put(key, summary=self.title("t"), **more)

    def occurrence(self, calendar: GoogleCalendar, master: dict[str, Any], what: str) -> None:
        ones = sorted(calendar._occurrences(master))
        if not ones:
            return
        one = self.random.choice(ones)
        cancelled = calendar.events.get(one, {}).get("status") == "cancelled"
        if what == "cancel" and not cancelled:
            calendar.drop(one)
        elif what == "back" and cancelled:
            calendar.patch(one, {"status": "confirmed"}, None, "none", 1)
        elif not cancelled:
            calendar.patch(one, {"summary": self.title("t")}, None, "none", 1)


def _at(day: int, hour: int) -> dict[str, str]:
    return at(f"2026-11-{day:02}T{hour:02}:00:00+01:00", ZONE)


@pytest.mark.parametrize("seed", [1])
def test_both_sides_end_the_same(seed: int, google: FakeGoogle, server: GoogleServer, tmp_path: Path) -> None:
    """Whatever is done on both sides and whatever fails meanwhile."""
    assert lived(GoogleLife(tmp_path / "store", server, google, seed), 48)


if __name__ == "__main__":
    there = GoogleServer()
    os.environ["CALMERGE_GOOGLE_ENDPOINT"] = there.url
    go_on(lambda folder, seed: GoogleLife(folder, there, there.fresh(), seed))
    there.close()

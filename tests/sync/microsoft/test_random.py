"""Random edits on both sides of a Microsoft account (`tests.sync.vendor_life`).

`python -m tests.sync.microsoft.test_random --max 1000 --seed 7` goes on for longer than a run of tests.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.servers.microsoft import FakeMicrosoft, MicrosoftServer
from tests.servers.microsoft_events import GraphCalendar, at
from tests.sync.microsoft.conftest import secret
from tests.sync.microsoft.desk import Desk
from tests.sync.vendor_life import Life, go_on, lived


class MicrosoftLife(Life):
    """See `Life`."""

    KINDS = ("401", "429", "500", "drop", "cut", "half", "lost")
    THEIRS = ("add", "series", "title", "drop", "exception", "cancel")
    MASTER = "seriesMasterId"

    def __init__(self, folder: Path, microsoft: FakeMicrosoft, seed: int) -> None:
        microsoft.add("Team")
        super().__init__(Desk(folder, microsoft, secret()), microsoft, seed)

    def sign_in(self) -> None:
        """In fair weather: the person tries until it works."""
        held, self.there.faults = self.there.faults, []
        self.desk.secret = secret()
        self.there.faults = held

    def put(self, calendar: GraphCalendar, key: str, day: int | None, hour: int, rule: bool) -> None:
        more: dict[str, Any] = {"recurrence": _daily(day)} if rule and day is not None else {}
        if day is not None:
            more |= {"start": _at(day, hour), "end": _at(day, hour + 1)}
        calendar.put(key, subject=self.title("t"), **more)

    def occurrence(self, calendar: GraphCalendar, master: dict[str, Any], what: str) -> None:
        ones = sorted(each["id"] for each in (*calendar.occurrences(master), *calendar.exceptions(str(master["id"]))))
        if not ones:
            return
        one = self.random.choice(ones)
        if what == "cancel":
            calendar.drop(one)
        else:
            calendar.patch(one, {"subject": self.title("t")})


def _at(day: int, hour: int) -> dict[str, str]:
    return at(f"2026-11-{day:02}T{hour:02}:00:00")


def _daily(day: int) -> dict[str, Any]:
    limits = {"type": "numbered", "startDate": f"2026-11-{day:02}", "numberOfOccurrences": 4}
    return {
        "pattern": {"type": "daily", "interval": 1},
        "range": {**limits, "recurrenceTimeZone": "W. Europe Standard Time"},
    }


@pytest.mark.parametrize("seed", [1])
def test_both_sides_end_the_same(seed: int, microsoft: FakeMicrosoft, tmp_path: Path) -> None:
    """Whatever is done on both sides and whatever fails meanwhile."""
    assert lived(MicrosoftLife(tmp_path / "store", microsoft, seed), 48)


if __name__ == "__main__":
    there = MicrosoftServer()
    os.environ["CALMERGE_GRAPH_ENDPOINT"] = there.url
    os.environ["CALMERGE_MICROSOFT_AUTHORITY"] = f"{there.url}/common"
    go_on(lambda folder, seed: MicrosoftLife(folder, there.fresh(), seed))
    there.close()

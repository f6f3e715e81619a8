"""Random edits on both sides, with random failures between: in the end both sides are the same.

`python -m tests.sync.microsoft.test_random --max 1000 --seed 7` goes on for longer than a run of tests.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import Changes, Scope, Stamp
from tests.servers.microsoft import FakeMicrosoft, MicrosoftServer
from tests.servers.microsoft_events import GraphCalendar, at
from tests.servers.vendor import Fault
from tests.sync.microsoft.conftest import secret
from tests.sync.microsoft.desk import ZONE, Desk

_KINDS = ("401", "429", "500", "drop", "cut", "half", "lost")


class Life:
    """One seed, one life."""

    def __init__(self, folder: Path, server: MicrosoftServer, microsoft: FakeMicrosoft, seed: int) -> None:
        self.random = Random(seed)
        self.microsoft = microsoft
        self.microsoft.page = 4
        self.microsoft.add("Team")
        self.desk = Desk(folder, microsoft, secret())
        self.server = server
        self.done: dict[str, int] = {}
        self._number = 0
        self.desk.sync()

    def live(self, operations: int) -> None:
        for n in range(operations):
            what = self.random.choice([self._mine, self._mine, self._theirs])
            try:
                what()
            except CalmergeError:
                self._count("refused")
            if n % 4 == 3:
                self._weather()
                self.desk.now += 7200
                assert self.desk.sync().fault is None
                self._settle()

    def end(self) -> None:
        """Nothing fails any more."""
        for _round in range(6):
            if not any(grant.alive for grant in self.microsoft.grants.values()):
                self._sign_in()
            self.desk.calm()
            if not self.desk.events.conflicts():
                break
            self._settle()
        self.desk.agrees()
        kept = self.desk.shown()
        self.desk.sync(full=True)
        assert self.desk.shown() == kept
        assert self.microsoft.complaints == []

    # --- this side --------------------------------------------------------------------------------------------------

    def _mine(self) -> None:
        found = self.desk.instances()
        what = self.random.choice(["add", "series", "title", "move", "delete", "one", "not one", "cut"])
        if what in ("add", "series") or not found:
            rule = "FREQ=DAILY;COUNT=5" if what == "series" else None
            calendar = self.random.choice(list(self.desk.store.calendars()))
            self.desk.add(
                self._title("m"),
                day=self.random.randint(1, 20),
                hour=self.random.randint(0, 22),
                rrule=rule,
                calendar=calendar,
            )
            self._count(what)
            return
        one = self.random.choice([each for each in found if each.recurring == (what in ("one", "not one", "cut"))] or found)
        self._count(what)
        scope = Scope.THIS if what in ("one", "not one") else Scope.FOLLOWING if what == "cut" else Scope.ALL
        if what in ("delete", "not one"):
            self.desk.events.delete(one.id, scope)
        elif what == "move":
            start = datetime(2026, 11, self.random.randint(1, 20), self.random.randint(0, 22))
            self.desk.events.edit(
                one.id, Changes(start=Stamp(start, ZONE), end=Stamp(start + timedelta(minutes=45), ZONE)), scope
            )
        else:
            self.desk.events.edit(one.id, Changes(summary=self._title("m")), scope)

    # --- the other side ---------------------------------------------------------------------------------------------

    def _theirs(self) -> None:
        calendar = self.random.choice(list(self.microsoft.calendars.values()))
        whole = sorted(key for key, each in calendar.alive().items() if not each.get("seriesMasterId"))
        what = self.random.choice(["add", "series", "title", "drop", "exception", "cancel"])
        self._count("their " + what)
        if what in ("add", "series") or not whole:
            self._number += 1
            day, hour = self.random.randint(1, 20), self.random.randint(0, 20)
            rule: dict[str, Any] = {"recurrence": _daily(day)} if what == "series" else {}
            calendar.put(
                f"theirs{self._number:05}", subject=self._title("t"), start=_at(day, hour), end=_at(day, hour + 1), **rule
            )
            return
        key = self.random.choice(whole)
        if what == "title":
            calendar.put(key, subject=self._title("t"))
        elif what == "drop":
            calendar.drop(key)
        else:
            self._occurrence(calendar, what)

    def _occurrence(self, calendar: GraphCalendar, what: str) -> None:
        masters = [each for each in calendar.alive().values() if each.get("recurrence")]
        if not masters:
            return
        master = self.random.choice(sorted(masters, key=lambda each: str(each["id"])))
        ones = sorted(each["id"] for each in (*calendar.occurrences(master), *calendar.exceptions(str(master["id"]))))
        if not ones:
            return
        one = self.random.choice(ones)
        if what == "cancel":
            calendar.drop(one)
        else:
            calendar.patch(one, {"subject": self._title("t")})

    # --- between ----------------------------------------------------------------------------------------------------

    def _weather(self) -> None:
        self.microsoft.faults = [
            Fault(self.random.choice(_KINDS), at=self.random.randint(0, 12)) for _ in range(self.random.randint(0, 3))
        ]
        if self.random.random() < 0.1:
            self.microsoft.expire()
        if self.random.random() < 0.1:
            self.microsoft.end_access_tokens()
        if self.random.random() < 0.05:
            self.microsoft.revoke()
        elif not any(grant.alive for grant in self.microsoft.grants.values()):
            self._sign_in()

    def _sign_in(self) -> None:
        """In fair weather: the person tries until it works."""
        held, self.microsoft.faults = self.microsoft.faults, []
        self.desk.secret = secret()
        self.microsoft.faults = held

    def _settle(self) -> None:
        for each in sorted(self.desk.events.conflicts(), key=lambda one: one.id):
            keep = self.random.choice(["mine", "theirs"])
            self._count("conflict " + keep)
            self.desk.events.resolve(each.id, keep)

    def _title(self, letter: str) -> str:
        self._number += 1
        return f"{letter}{self._number:05}"

    def _count(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1


def _at(day: int, hour: int) -> dict[str, str]:
    return at(f"2026-11-{day:02}T{hour:02}:00:00")


def _daily(day: int) -> dict[str, Any]:
    limits = {"type": "numbered", "startDate": f"2026-11-{day:02}", "numberOfOccurrences": 4}
    return {
        "pattern": {"type": "daily", "interval": 1},
        "range": {**limits, "recurrenceTimeZone": "W. Europe Standard Time"},
    }


@pytest.mark.parametrize("seed", [1])
def test_both_sides_end_the_same(seed: int, microsoft: FakeMicrosoft, server: MicrosoftServer, tmp_path: Path) -> None:
    """Whatever is done on both sides and whatever fails meanwhile."""
    life = Life(tmp_path / "store", server, microsoft, seed)
    try:
        life.live(48)
        life.end()
    finally:
        life.desk.close()


def main() -> None:
    """As many operations as asked for, lives of a hundred each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--max", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    server = MicrosoftServer()
    os.environ["CALMERGE_GRAPH_ENDPOINT"] = server.url
    os.environ["CALMERGE_MICROSOFT_AUTHORITY"] = f"{server.url}/common"
    for seed in range(given.seed, given.seed + max(1, given.max // 100)):
        with tempfile.TemporaryDirectory() as folder:
            life = Life(Path(folder) / "store", server, server.fresh(), seed)
            try:
                life.live(min(100, given.max))
                life.end()
                sys.stdout.write(f"seed {seed}: the same; {life.done}\n")
            finally:
                life.desk.close()
    server.close()


if __name__ == "__main__":
    main()

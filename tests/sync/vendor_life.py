"""Random edits on both sides of a vendor's account, with random failures between: in the end both sides are the same."""

from __future__ import annotations

import argparse
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import Changes, Scope, Stamp
from tests.servers.vendor import Fault
from tests.sync.vendor_desk import ZONE, VendorDesk


class Life(ABC):
    """One seed, one life. `there` is the vendor's server, which both vendors' fakes make alike where it matters here."""

    KINDS: ClassVar[tuple[str, ...]]
    """Ways to fail (`Fault.kind`)."""
    THEIRS: ClassVar[tuple[str, ...]]
    """What the other side does."""
    MASTER: ClassVar[str]
    """Where an exception names its series."""

    def __init__(self, desk: VendorDesk, there: Any, seed: int) -> None:
        self.random = Random(seed)
        self.desk, self.there = desk, there
        self.there.page = 4
        self.done: dict[str, int] = {}
        self._number = 0
        self.desk.sync()

    @abstractmethod
    def sign_in(self) -> None:
        """The person signs in again."""

    @abstractmethod
    def put(self, calendar: Any, key: str, day: int | None, hour: int, rule: bool) -> None:
        """The other side writes an event of an hour, four days in a row as a `rule`; without a day only its title changes."""

    @abstractmethod
    def occurrence(self, calendar: Any, master: dict[str, Any], what: str) -> None:
        """The other side does something to one occurrence of a series."""

    def live(self, operations: int) -> None:
        for n in range(operations):
            what = self.random.choice([self._mine, self._mine, self._theirs])
            try:
                what()
            except CalmergeError:
                self.count("refused")
            if n % 4 == 3:
                self._weather()
                self.desk.now += 7200
                assert self.desk.sync().fault is None
                self._settle()

    def end(self) -> None:
        """Nothing fails any more."""
        for _round in range(6):
            if not self._signed_in():
                self.sign_in()
            self.desk.calm()
            if not self.desk.events.conflicts():
                break
            self._settle()
        self.desk.agrees()
        kept = self.desk.shown()
        self.desk.sync(full=True)
        assert self.desk.shown() == kept
        assert self.there.complaints == []

    # --- this side --------------------------------------------------------------------------------------------------

    def _mine(self) -> None:
        found = self.desk.instances()
        what = self.random.choice(["add", "series", "title", "move", "delete", "one", "not one", "cut"])
        if what in ("add", "series") or not found:
            rule = "FREQ=DAILY;COUNT=5" if what == "series" else None
            calendar = self.random.choice(list(self.desk.store.calendars()))
            self.desk.add(
                self.title("m"),
                day=self.random.randint(1, 20),
                hour=self.random.randint(0, 22),
                rrule=rule,
                calendar=calendar,
            )
            self.count(what)
            return
        one = self.random.choice([each for each in found if each.recurring == (what in ("one", "not one", "cut"))] or found)
        self.count(what)
        scope = Scope.THIS if what in ("one", "not one") else Scope.FOLLOWING if what == "cut" else Scope.ALL
        if what in ("delete", "not one"):
            self.desk.events.delete(one.id, scope)
        elif what == "move":
            start = datetime(2026, 11, self.random.randint(1, 20), self.random.randint(0, 22))
            self.desk.events.edit(
                one.id, Changes(start=Stamp(start, ZONE), end=Stamp(start + timedelta(minutes=45), ZONE)), scope
            )
        else:
            self.desk.events.edit(one.id, Changes(summary=self.title("m")), scope)

    # --- the other side ---------------------------------------------------------------------------------------------

    def _theirs(self) -> None:
        calendar = self.random.choice(list(self.there.calendars.values()))
        whole = sorted(key for key, each in calendar.alive().items() if not each.get(self.MASTER))
        what = self.random.choice(self.THEIRS)
        self.count("their " + what)
        if what in ("add", "series") or not whole:
            self._number += 1
            day, hour = self.random.randint(1, 20), self.random.randint(0, 20)
            self.put(calendar, f"theirs{self._number:05}", day, hour, what == "series")
            return
        key = self.random.choice(whole)
        if what == "title":
            self.put(calendar, key, None, 0, False)
        elif what == "drop":
            calendar.drop(key)
        elif masters := [each for each in calendar.alive().values() if each.get("recurrence")]:
            master = self.random.choice(sorted(masters, key=lambda each: str(each["id"])))
            self.occurrence(calendar, master, what)

    # --- between ----------------------------------------------------------------------------------------------------

    def _weather(self) -> None:
        self.there.faults = [
            Fault(self.random.choice(self.KINDS), at=self.random.randint(0, 12)) for _ in range(self.random.randint(0, 3))
        ]
        if self.random.random() < 0.1:
            self.there.expire()
        if self.random.random() < 0.1:
            self.there.end_access_tokens()
        if self.random.random() < 0.05:
            self.there.revoke()
        elif not self._signed_in():
            self.sign_in()

    def _signed_in(self) -> bool:
        return any(grant.alive for grant in self.there.grants.values())

    def _settle(self) -> None:
        for each in sorted(self.desk.events.conflicts(), key=lambda one: one.id):
            keep = self.random.choice(["mine", "theirs"])
            self.count("conflict " + keep)
            self.desk.events.resolve(each.id, keep)

    def title(self, letter: str) -> str:
        self._number += 1
        return f"{letter}{self._number:05}"

    def count(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1


def lived(life: Life, operations: int) -> dict[str, int]:
    """A whole life; what was done in it."""
    try:
        life.live(operations)
        life.end()
    finally:
        life.desk.close()
    return life.done


def go_on(begin: Callable[[Path, int], Life]) -> None:
    """As many operations as the command line asks for, lives of a hundred each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--max", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for seed in range(given.seed, given.seed + max(1, given.max // 100)):
        with tempfile.TemporaryDirectory() as folder:
            done = lived(begin(Path(folder) / "store", seed), min(100, given.max))
            sys.stdout.write(f"seed {seed}: the same; {done}\n")

"""The real store, the real agenda and the real engine on one side, Microsoft on the other."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from calmerge_desktop.core.agenda.events import Events
from calmerge_desktop.core.agenda.view import View
from calmerge_desktop.core.model import Account, Calendar, Draft, Instance, Stamp
from calmerge_desktop.core.ports import CalendarProvider
from calmerge_desktop.core.store import Store
from calmerge_desktop.core.when import DAY
from calmerge_desktop.sync.engine import SyncEngine
from calmerge_desktop.sync.providers.microsoft.provider import MicrosoftProvider
from calmerge_desktop.sync.results import AccountResult
from tests.fakes import Heard
from tests.servers.microsoft import FakeMicrosoft
from tests.sync.microsoft.conftest import BY_ACCOUNT

BEGIN = 1_793_491_200  # 1 November 2026
ZONE = "Europe/Berlin"


class Steady(Random):
    """No jitter."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


class Desk:
    def __init__(self, folder: Path, microsoft: FakeMicrosoft, secret: str) -> None:
        folder.mkdir(exist_ok=True)
        self.now = BEGIN
        self.microsoft = microsoft
        self.secret = secret
        self.store = Store(folder, lambda: self.now)
        self.events = Events(self.store, lambda: self.now, ZONE)
        self.view = View(self.store)
        if not self.store.accounts():
            self.store.add_account(BY_ACCOUNT)
        self.opened = 0

    def close(self) -> None:
        self.store.close()

    def open(self, account: Account) -> CalendarProvider:
        def keep(renewed: str) -> None:
            self.secret = renewed

        self.opened += 1
        return MicrosoftProvider(account, self.secret, keep, timeout=5, clock=lambda: self.now)

    def sync(self, *, full: bool = False) -> AccountResult:
        engine = SyncEngine(self.store, self.open, lambda: self.now, random=Steady())
        (result,) = engine.run_once(None, full=full, stop=threading.Event(), listener=Heard().listener())
        return result

    def calm(self) -> AccountResult:
        """No faults any more: as often as the program itself would come back."""
        self.microsoft.faults.clear()
        for _round in range(8):
            self.now += 2 * DAY
            result = self.sync()
            if not self.store.waiting():
                return result
        return result

    def calendar(self, name: str = "Calendar") -> Calendar:
        return next(each for each in self.store.calendars() if each.name == name)

    def add(
        self, title: str, *, day: int = 10, hour: int = 9, rrule: str | None = None, calendar: Calendar | None = None
    ) -> Instance:
        start = datetime(2026, 11, day, hour)
        draft = Draft(
            calendar=(calendar or self.calendar()).id, summary=title, start=Stamp(start, ZONE),
            end=Stamp(start + timedelta(hours=1), ZONE), rrule=rrule,
        )  # fmt: skip
        return self.events.add(draft).instance

    def instances(self) -> list[Instance]:
        found = self.view.instances(BEGIN - 60 * DAY, BEGIN + 200 * DAY, ZONE, merged=False)
        return sorted(found, key=lambda one: (one.summary, one.start))

    def one(self, title: str, place: int = 0) -> Instance:
        return [each for each in self.instances() if each.summary == title][place]

    def shown(self) -> list[tuple[str, int, int]]:
        return sorted((one.summary, one.start, one.end) for one in self.instances())

    def agrees(self) -> None:
        """Both sides show the same, nothing waits, nothing is in dispute."""
        assert self.shown() == sorted(each for calendar in self.microsoft.calendars.values() for each in calendar.shown())
        assert self.store.waiting() == 0
        assert not self.events.conflicts()

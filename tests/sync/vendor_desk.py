"""The real store, the real agenda and the real engine on one side, a vendor's server on the other."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar, Protocol

from calmerge_desktop.core.agenda.events import Events
from calmerge_desktop.core.agenda.view import View
from calmerge_desktop.core.model import Account, Calendar, Draft, Instance, Stamp
from calmerge_desktop.core.ports import CalendarProvider
from calmerge_desktop.core.store import Store
from calmerge_desktop.core.when import DAY
from calmerge_desktop.sync.engine import SyncEngine
from calmerge_desktop.sync.results import AccountResult
from tests.fakes import Heard

BEGIN = 1_793_491_200  # 1 November 2026
ZONE = "Europe/Berlin"


class Steady(Random):
    """No jitter."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


class Shows(Protocol):
    """A calendar of a server."""

    def shown(self) -> list[tuple[str, int, int]]: ...


class VendorServer(Protocol):
    """What both vendors' servers have."""

    @property
    def faults(self) -> list[Any]: ...
    @property
    def calendars(self) -> Mapping[str, Shows]: ...


class VendorDesk(ABC):
    """This side; `there` is the other one."""

    ACCOUNT: ClassVar[Account]
    FIRST: ClassVar[str]
    """Name of the calendar that is there from the beginning."""

    def __init__(self, folder: Path, there: VendorServer, secret: str) -> None:
        folder.mkdir(exist_ok=True)
        self.now = BEGIN
        self.there = there
        self.secret = secret
        self.store = Store(folder, lambda: self.now)
        self.events = Events(self.store, lambda: self.now, ZONE)
        self.view = View(self.store)
        if not self.store.accounts():
            self.store.add_account(self.ACCOUNT)
        self.opened = 0

    def close(self) -> None:
        self.store.close()

    def open(self, account: Account) -> CalendarProvider:
        def keep(renewed: str) -> None:
            self.secret = renewed

        self.opened += 1
        return self.provider(account, keep)

    @abstractmethod
    def provider(self, account: Account, keep: Callable[[str], None]) -> CalendarProvider:
        """The vendor's adapter with the secret there is."""

    def sync(self, *, full: bool = False) -> AccountResult:
        engine = SyncEngine(self.store, self.open, lambda: self.now, random=Steady())
        (result,) = engine.run_once(None, full=full, stop=threading.Event(), listener=Heard().listener())
        return result

    def calm(self) -> AccountResult:
        """No faults any more: as often as the program itself would come back."""
        self.there.faults.clear()
        for _round in range(8):
            self.now += 2 * DAY
            result = self.sync()
            if not self.store.waiting():
                return result
        return result

    def calendar(self, name: str = "") -> Calendar:
        return next(each for each in self.store.calendars() if each.name == (name or self.FIRST))

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
        assert self.shown() == sorted(each for calendar in self.there.calendars.values() for each in calendar.shown())
        assert self.store.waiting() == 0
        assert not self.events.conflicts()

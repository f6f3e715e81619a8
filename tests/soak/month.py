"""A month in a minute: twelve accounts, edits on both sides, faults of every kind, on real files with a clock that runs fast.

Everything random comes from one seed, so a failing month can be lived again. Decisions never depend on the order in which
threads come to their turn.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from calmerge_desktop.core.agenda.events import Events
from calmerge_desktop.core.agenda.view import View
from calmerge_desktop.core.errors import CalmergeError, Offline, RateLimited, ServerTrouble, SignInNeeded, SyncTokenExpired
from calmerge_desktop.core.instances import in_window, key_of, open_series
from calmerge_desktop.core.model import (
    Account,
    AccountId,
    Book,
    Calendar,
    Changes,
    Delta,
    Draft,
    ETag,
    Href,
    Instance,
    RemoteId,
    Scope,
    SourceState,
    Stamp,
    SyncToken,
)
from calmerge_desktop.core.ports import CalendarProvider, Stop
from calmerge_desktop.core.store import Store
from calmerge_desktop.core.store.ledger import calendar_id
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import iana
from calmerge_desktop.sync.engine import SyncEngine
from calmerge_desktop.sync.sameness import same
from tests.fakes import FakeProvider, FakeServer, Heard
from tests.provider_contract import ics

BEGIN = 1_793_491_200  # 1 November 2026
ACCOUNTS = 12
EVENTS = 25  # a calendar begins with
CALENDAR = "work"
ZONE = "Europe/Berlin"


class Steady(Random):
    """No jitter: what waits, waits as long in every run."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


class WildServer(FakeServer):
    """A server that fails in every way a real one does, while `wild`."""

    def __init__(self, seed: str) -> None:
        super().__init__()
        self.random = Random(seed)
        self.wild = True
        self.page = 7

    def weather(self) -> None:
        """Before a visit: how the server feels."""
        self.expired = self.wild and self.random.random() < 0.08
        self.silent_etag = self.wild and self.random.random() < 0.3
        self.lose_answers = 1 if self.wild and self.random.random() < 0.2 else 0

    def fault(self, name: str) -> Exception | None:
        """What goes wrong with this call, mostly nothing."""
        if not self.wild or self.random.random() > (0.06 if name == "page" else 0.1):
            return None
        return self.random.choice(
            [
                Offline("The connection broke off."),
                Offline("It does not answer in time."),
                ServerTrouble("It has trouble."),
                RateLimited("Slow down.", retry_after=self.random.choice([30, 7200, None])),
                SignInNeeded("Sign in again."),
            ]
        )


class WildProvider(FakeProvider):
    """A session at a `WildServer`."""

    def __init__(self, server: WildServer) -> None:
        super().__init__(server)
        self._wild = server
        server.weather()

    def _call(self, name: str) -> None:
        super()._call(name)
        if error := self._wild.fault(name):
            raise error

    def changes(
        self, calendar: RemoteId, since: SyncToken | None, known: Mapping[Href, ETag | None], stop: Stop
    ) -> Iterator[Delta]:
        """As the honest one; a token may also turn out to be too old in the middle of a listing."""
        for n, page in enumerate(super().changes(calendar, since, known, stop)):
            if n and since is not None and self._wild.expired:
                raise SyncTokenExpired
            yield page


@dataclass
class Usage:
    """What the process holds at one moment."""

    memory: int
    handles: int
    threads: int

    @classmethod
    def now(cls) -> Usage:
        gc.collect()
        memory = handles = 0
        if sys.platform == "linux":
            memory = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            handles = len(list(Path("/proc/self/fd").iterdir()))
        return cls(memory, handles, threading.active_count())


@dataclass
class Month:
    """Live it with `run`, then ask whether it went well with `verify`."""

    folder: Path
    seed: int
    rounds_a_day: int = 4
    now: int = BEGIN
    usage: list[Usage] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    """How often something happened, to see that the month was a wild one."""

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.store = Store(self.folder, self._clock)
        self.events = Events(self.store, self._clock, ZONE)
        self.view = View(self.store)
        self.servers: dict[str, WildServer] = {}
        self._number = 0
        self.last: dict[str, str | None] = {}
        """Resource -> the title the person gave it last (None: deleted), while only the person touched it."""
        for n in range(ACCOUNTS):
            self._link(AccountId(f"a{n:02}"))

    def close(self) -> None:
        self.store.close()

    def run(self, days: int) -> None:
        """So many days, every few hours a round."""
        for _day in range(days):
            for _round in range(self.rounds_a_day):
                self.now += DAY // self.rounds_a_day
                for _edit in range(self.random.randint(0, 4)):
                    self.random.choice([self._mine, self._mine, self._theirs])()
                for _edit in range(self.random.randint(0, 3)):
                    self._both()
                self._settle()
                self.sync()
            self.usage.append(Usage.now())

    def calm(self) -> None:
        """No faults any more, until nothing is left to do."""
        for server in self.servers.values():
            server.wild = False
        for _round in range(12):
            self.now += 8 * DAY
            self.sync()
            if not self.store.waiting():
                break
            self._settle()
        self.sync()

    def sync(self) -> None:
        """One round of the real engine."""
        engine = SyncEngine(self.store, self._open, self._clock, random=Steady())
        results = engine.run_once(None, full=False, stop=threading.Event(), listener=Heard().listener())
        for each in results:
            self._count("failed visits" if each.error else "visits")

    # --- verdict ----------------------------------------------------------------------------------------------------

    def verify(self) -> None:
        """Both sides hold the same and mean the same; nothing waits; nothing the person did is lost."""
        assert self.store.waiting() == 0
        assert not self.events.conflicts()
        shown: dict[str, list[Instance]] = {}
        low, high = BEGIN - 60 * DAY, BEGIN + 90 * DAY
        for one in self.view.instances(low, high, ZONE, merged=False):
            shown.setdefault(one.calendar, []).append(one)
        for account, server in self.servers.items():
            (calendar,) = self.store.calendars(AccountId(account))
            theirs = server.calendars[RemoteId(CALENDAR)]
            ours = {each.href: each for each in self.store.resources(calendar.id)}
            assert ours.keys() == theirs.keys(), account
            assert all(same(ours[href].ics, theirs[href].ics) for href in ours), account
            expected = sorted(each for one in theirs.values() for each in _meant(one.ics, calendar, low, high))
            assert sorted(map(_shape, shown.get(calendar.id, []))) == expected, account
            status = self.store.status(calendar.id)
            assert status is not None
            assert status.state is SourceState.FRESH
        self._nothing_lost()

    def _nothing_lost(self) -> None:
        there = "".join(
            each.ics for server in self.servers.values() for each in server.calendars[RemoteId(CALENDAR)].values()
        )
        for key, title in self.last.items():
            found = self.store.resource(key)
            assert (found is None) == (title is None), (key, title)
            if title is not None:
                assert f"SUMMARY:{title}\r\n" in there, (key, title)

    # --- edits ------------------------------------------------------------------------------------------------------

    def _mine(self) -> None:
        """The person makes, changes, deletes or takes back something."""
        what = self.random.choice(["add", "series", "title", "title", "move", "delete", "one", "undo"])
        self._count(what)
        try:
            if what in ("add", "series"):
                self._add("FREQ=WEEKLY;COUNT=5" if what == "series" else None)
            elif what == "undo":
                if ticket := self.events.last_ticket():
                    self.events.undo(ticket)
                    self.last.clear()  # which version it brings back is not ours to know here
            elif found := self._pick(recurring=True if what == "one" else None):
                self._change(found, what)
        except CalmergeError:
            self._count("refused " + what)

    def _add(self, rrule: str | None) -> None:
        if not (calendars := self._calendars()):
            return  # no visit went well yet
        title = self._title("l")
        start = datetime(2026, 11, self.random.randint(1, 28), self.random.randint(0, 23))
        calendar = self.random.choice(calendars)
        draft = Draft(
            calendar=calendar.id,
            summary=title,
            start=Stamp(start, ZONE),
            end=Stamp(start + timedelta(hours=1), ZONE),
            rrule=rrule,
        )
        self.last[self.events.add(draft).instance.id.partition("@")[0]] = title

    def _change(self, found: Instance, what: str) -> None:
        key = found.id.partition("@")[0]
        if what == "delete":
            self.events.delete(found.id, Scope.ALL)
            if key in self.last:
                self.last[key] = None
        elif what == "move":
            start = datetime(2026, 11, self.random.randint(1, 28), self.random.randint(0, 23))
            changes = Changes(start=Stamp(start, ZONE), end=Stamp(start + timedelta(minutes=30), ZONE))
            self.events.edit(found.id, changes, Scope.ALL)
        elif what == "one":
            self.events.edit(found.id, Changes(summary=self._title("o")), Scope.THIS)
        else:
            title = self._title("l")
            self.events.edit(found.id, Changes(summary=title), Scope.ALL)
            if key in self.last:
                self.last[key] = title

    def _theirs(self) -> None:
        """Somebody else does."""
        self._remote(self.random.choice(sorted(self.servers)), None)

    def _both(self) -> None:
        """The same event is changed on both sides."""
        found = self._pick(recurring=None)
        if found is None:
            return
        account = next(each.account_id for each in self._calendars() if each.id == found.calendar)
        self._count("both")
        try:
            self._change(found, self.random.choice(["title", "move", "delete"]))
        except CalmergeError:
            self._count("refused both")
        self._remote(account, found.uid)

    def _remote(self, account: str, uid: str | None) -> None:
        server = self.servers[account]
        held = server.calendars[RemoteId(CALENDAR)]
        hrefs = sorted(held, key=lambda href: held[href].ics.partition("SUMMARY:")[2])  # titles are the same in every run
        named = [href for href in hrefs if uid and f"UID:{uid}\r\n" in held[href].ics]
        if uid and not named:
            return  # not arrived there yet
        what = self.random.choice(["add", "change", "change", "delete"]) if uid is None else "change"
        self._count("their " + what)
        title = self._title("r")
        if what == "add" or not hrefs:
            server.set(CALENDAR, f"{title}.ics", _event(title, title, self.random))
            return
        href = named[0] if named else self.random.choice(hrefs)
        calendar = calendar_id(AccountId(account), RemoteId(CALENDAR))
        known = held[href].ics.partition("\r\nUID:")[2].partition("\r\n")[0]
        self.last.pop(key_of(calendar, known), None)
        server.set(CALENDAR, str(href), None if what == "delete" else _event(known, title, self.random))

    def _settle(self) -> None:
        """The person looks at conflicts now and then."""
        for one in sorted(self.events.conflicts(), key=lambda each: each.mine.summary if each.mine else each.id):
            keep = self.random.choice(["mine", "theirs", "both"])
            self._count("conflict " + keep)
            self.last.pop(one.id, None)
            self.events.resolve(one.id, keep)

    # ----------------------------------------------------------------------------------------------------------------

    def _pick(self, *, recurring: bool | None) -> Instance | None:
        found = self.view.instances(BEGIN, BEGIN + 30 * DAY, ZONE, merged=False)
        fitting = [one for one in found if recurring is None or one.recurring == recurring]
        fitting.sort(key=lambda one: (one.summary, one.start, one.calendar))
        return self.random.choice(fitting) if fitting else None

    def _link(self, account: AccountId) -> None:
        server = self.servers[account] = WildServer(f"{self.seed} {account}")
        for n in range(EVENTS):
            server.set(CALENDAR, f"{account}-{n}.ics", _event(f"{account}-{n}", f"{account}-{n}", self.random))
        self.store.add_account(Account(id=account, provider="caldav", name=str(account)))

    def _open(self, account: Account) -> CalendarProvider:
        return WildProvider(self.servers[account.id])

    def _calendars(self) -> list[Calendar]:
        return sorted(self.store.calendars(), key=lambda each: each.account_id)

    def _title(self, letter: str) -> str:
        self._number += 1
        return f"{letter}{self._number:05}"

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def _clock(self) -> int:
        return self.now


def _event(uid: str, title: str, random: Random) -> str:
    start = f"202611{random.randint(1, 28):02}T{random.randint(0, 22):02}0000Z"
    extra = "RRULE:FREQ=DAILY;COUNT=3\r\n" if random.random() < 0.2 else ""
    return ics(uid, title, start=start, extra=extra).replace("DTEND:20261124T100000Z\r\n", "DURATION:PT1H\r\n")


_Shape = tuple[str, int, int]


def _shape(one: Instance) -> _Shape:
    return one.summary, one.start, one.end


def _meant(text: str, calendar: Calendar, low: int, high: int) -> Iterator[_Shape]:
    """What the server's text means, by the slow way."""
    series, _bad = open_series(text, calendar.tzid)
    book = Book(calendar.id, calendar.tzid, None)
    yield from map(_shape, in_window(series, book, "k", low, high, iana(ZONE)))

"""What the command line is given: a program that opens profiles, and what it uses of an opened one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from calmerge_desktop.core.agenda.desk import WholeDesk
from calmerge_desktop.core.agenda.memory import JournalEntry, Memory
from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import Account, AccountId, Calendar, CalendarId, Instance, SourceState, SourceStatus
from calmerge_desktop.core.ports import Listener, MailNews, Stop
from calmerge_desktop.core.proposal.published import Published


class CalendarResult(Protocol):
    """What a synchronisation did to one calendar."""

    @property
    def id(self) -> CalendarId: ...
    @property
    def status(self) -> SourceStatus: ...
    @property
    def added(self) -> int: ...
    @property
    def updated(self) -> int: ...
    @property
    def removed(self) -> int: ...
    @property
    def pushed(self) -> int: ...
    @property
    def set_aside(self) -> int: ...
    @property
    def errors(self) -> Sequence[str]: ...


class AccountResult(Protocol):
    """What a synchronisation did to one account."""

    @property
    def id(self) -> AccountId: ...
    @property
    def name(self) -> str: ...
    @property
    def state(self) -> SourceState: ...
    @property
    def status(self) -> SourceStatus: ...
    @property
    def error(self) -> CalmergeError | None: ...
    @property
    def calendars(self) -> Sequence[CalendarResult]: ...


class Engine(Protocol):
    """One round of synchronisation."""

    def run_once(
        self, accounts: Collection[AccountId] | None, *, full: bool, stop: threading.Event, listener: Listener
    ) -> Sequence[AccountResult]:
        """Sync these accounts, or all; returns when every one is done."""


class Loop(Protocol):
    """The background work."""

    def run(self, stop: threading.Event, listener: Listener) -> None:
        """Work until `stop` is set."""


class MailRound(Protocol):
    """The transport of mail."""

    def start_round(self, told: Callable[[MailNews], None]) -> None:
        """Send what is due and look into every mailbox once, on a thread of its own."""

    def finish(self, seconds: float) -> None:
        """Wait for the round, at most so long."""

    def run(self, stopped: threading.Event, told: Callable[[MailNews], None]) -> None:
        """Send and watch until `stopped`. Raises `Busy`."""


class PageRound(Protocol):
    """Pages that are kept in folders."""

    def once(self) -> Sequence[Published]:
        """Bring every folder up to date. Raises `Busy`."""


class Finding(Protocol):
    """One line of the doctor."""

    @property
    def name(self) -> str: ...
    @property
    def ok(self) -> bool: ...
    @property
    def message(self) -> str: ...
    @property
    def hint(self) -> str: ...


class SignedIn(Protocol):
    """What a sign-in in the browser gave."""

    @property
    def secret(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, str]: ...
    @property
    def notices(self) -> Sequence[str]: ...


class Signing(Protocol):
    """Signing in and out in the browser."""

    def by_browser(self, provider: str) -> bool:
        """Whether accounts of this kind are signed in to in the browser."""

    def sign_in(
        self,
        provider: str,
        fields: Mapping[str, str],
        show: Callable[[str, bool], None],
        stop: Stop,
        *,
        again: Account | None = None,
    ) -> SignedIn:
        """Sign in through the browser; `show` is told the address and whether a browser opens. Blocks."""

    def sign_out(self, account: Account) -> str:
        """Give tokens back; a sentence when that did not work."""


class Profile(Protocol):
    """An opened profile."""

    @property
    def notice(self) -> str | None: ...
    @property
    def desk(self) -> WholeDesk: ...
    @property
    def store(self) -> Memory: ...
    @property
    def home_tzid(self) -> str: ...
    @property
    def mail(self) -> MailRound: ...
    @property
    def pages(self) -> PageRound: ...

    def account(self, given: str) -> Account:
        """By id or unique name. Raises `UnknownId`."""

    def default_calendar(self) -> Calendar:
        """Where new events go. Raises `UnknownId`."""

    def journal(self, most: int) -> Sequence[JournalEntry]:
        """Changes the person made, newest first."""

    def engine(self) -> Engine:
        """The calling thread becomes the sync thread. Raises `Busy`."""

    def loop(self) -> Loop:
        """The background work, to be run on a thread of its own."""

    @property
    def signing(self) -> Signing: ...

    def tidy(self) -> None:
        """Forget what an unlinked account left behind."""

    def checks(self) -> Sequence[Finding]:
        """What the doctor looks at."""

    def write_file(self, path: Path, data: bytes) -> None:
        """A whole file or nothing. Raises `BadInput`."""

    def backup(self, path: Path) -> Sequence[str]:
        """Write a backup; returns what is in it. Raises `BadInput`."""

    def week_picture(
        self, day: date, tzid: str, *, size: tuple[int, int], theme: str, language: str | None, path: Path
    ) -> None:
        """A week as a PNG. Raises `BadInput`."""

    def close(self) -> None:
        """Close files and give the profile back."""


class Program(Protocol):
    """What opens things; `app.program` is it."""

    def open(self, home: str | None, *, debug: bool) -> Profile:
        """Open or create a profile."""

    def choose_language(self, home: str | None) -> None:
        """Speak the language of a profile, else the system's, without opening or making one."""

    def run_window(self, home: str | None, *, demo: bool) -> int:
        """Open the window until it closes."""

    def demo_picture(self, path: Path, *, size: tuple[int, int], theme: str, language: str | None) -> None:
        """The sample week as a PNG."""

    def demo_week(self) -> tuple[Sequence[Instance], dict[str, str], ZoneInfo]:
        """Instances of the sample week, names by calendar id, and the zone it plays in."""

    def restore(self, home: str | None, path: Path) -> str:
        """Replace a profile by a backup."""

"""What a synchronisation reports: per account and per calendar, for the command line and for the loop's next step."""

from __future__ import annotations

from dataclasses import dataclass

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import Account, AccountId, CalendarId, SourceState, SourceStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One visit to an account."""

    account: Account
    full: bool = False
    """Read everything again and accept large removals, because the person said so."""
    pull: bool = True
    """False: only send what waits."""
    reconcile: bool = False
    """List everything by ETag, for servers that forget to tell a removal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarResult:
    """What happened in one calendar; counts are resources."""

    id: CalendarId
    name: str
    status: SourceStatus
    added: int = 0
    updated: int = 0
    removed: int = 0
    pushed: int = 0
    set_aside: int = 0
    """Events that could not be read this time."""
    errors: tuple[str, ...] = ()
    """Sentences for the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountResult:
    """How a visit ended."""

    id: AccountId
    name: str
    status: SourceStatus
    calendars: tuple[CalendarResult, ...] = ()
    error: CalmergeError | None = None
    """What stopped the whole account."""
    fault: BaseException | None = None
    """A bug of ours, to be raised or logged, never swallowed."""
    pulled: bool = True
    """False: it was only a matter of sending."""
    poll_seconds: int | None = None
    """What the source itself asks for between two reads."""

    @property
    def exit_code(self) -> int:
        """What the command line ends with for this account: 0 fresh, 1 a bug, 4 time mends it, 3 the person must act."""
        if self.fault:
            return 1
        if self.error:
            return self.error.exit_code
        if self.status.state is SourceState.FRESH:
            return 0
        return 4 if self.status.state is SourceState.STALE or self.status.retry_at is not None else 3

    @property
    def state(self) -> SourceState:
        """fresh, stale or broken."""
        return self.status.state

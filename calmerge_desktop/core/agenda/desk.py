"""Everything a face of the program (window, command line) may ask for, one Protocol a job.

All calls are synchronous, work offline, touch the disk and may raise `CalmergeError`; a window calls them on its query
thread, never on the GUI thread. Implementations live beside this file; `app` puts them together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from calmerge_desktop.core.model import (
    Account,
    AccountId,
    AccountView,
    Calendar,
    CalendarId,
    Changes,
    Draft,
    EditConflictView,
    EventDetail,
    Instance,
    Scope,
)


class AccountsJob(Protocol):
    """Linking and unlinking sources."""

    def list(self) -> Sequence[AccountView]:
        """Every account with state and calendars, in the person's order."""

    def add(self, provider: str, fields: Mapping[str, str], secret: str | None = None) -> Account:
        """Link a source: checks it by really connecting, lists its calendars, stores account and secret.

        `fields`: `name`, `address`, and by provider `url`, `user`, `path`. Raises `BadInput`, `SignInNeeded`, `Offline` …
        and then has stored nothing.
        """

    def remove(self, account: AccountId) -> None:
        """Unlink: forget the account, its secret and its cached calendars. The provider keeps everything."""

    def reauth(self, account: AccountId, secret: str) -> None:
        """Replace the secret after trying it."""


class CalendarsJob(Protocol):
    """Roles of calendars."""

    def change(
        self,
        calendar: CalendarId,
        *,
        visible: bool | None = None,
        busy: bool | None = None,
        color: str | None = None,
        name: str | None = None,
        default: bool | None = None,
    ) -> Calendar:
        """Give a calendar other roles; None leaves one as it is."""


class ViewJob(Protocol):
    """The merged calendar."""

    def instances(
        self,
        first: date,
        days: int,
        tzid: str,
        *,
        merged: bool = True,
        visible_only: bool = True,
        calendars: Collection[CalendarId] | None = None,
    ) -> Sequence[Instance]:
        """Instances that touch the `days` local days from `first` on in the IANA zone `tzid`, ordered by start.

        `merged` shows a meeting that several calendars hold once. Cancelled instances are left out when merged.
        """


class EventsJob(Protocol):
    """One event: look, create, change, delete, undo."""

    def detail(self, id: str) -> EventDetail:
        """Everything about one instance id (or whole-series id: its first occurrence)."""

    def add(self, draft: Draft) -> EventDetail:
        """Create; shown at once as pending and sent by the next sync."""

    def edit(self, id: str, changes: Changes, scope: Scope = Scope.ALL) -> EventDetail:
        """Change; `scope` matters for series only. Raises `ReadOnly`, `BadInput`, `UnknownId`."""

    def delete(self, id: str, scope: Scope = Scope.ALL) -> str:
        """Delete; returns a ticket for `undo`."""

    def undo(self, ticket: str) -> None:
        """Take back the edit or deletion with this ticket, as long as nothing else changed the event."""

    def last_ticket(self) -> str | None:
        """Ticket of the newest edit or deletion made by this process, None when there is none."""

    def conflicts(self) -> Sequence[EditConflictView]:
        """Events that wait for the person's choice."""

    def resolve(self, conflict: str, keep: str) -> None:
        """Settle a conflict: `keep` is `mine`, `theirs` or `both` (mine becomes a copy)."""

    def waiting(self) -> int:
        """How many changes wait to be sent."""


class SearchJob(Protocol):
    """Full-text search over the cache."""

    def find(
        self, text: str, *, first: date | None = None, last: date | None = None, tzid: str, limit: int = 50
    ) -> Sequence[Instance]:
        """Instances whose title, place, description or people match all words (prefixes count), nearest to now first."""


class Desk(Protocol):
    """All jobs together."""

    @property
    def accounts(self) -> AccountsJob: ...

    @property
    def calendars(self) -> CalendarsJob: ...

    @property
    def view(self) -> ViewJob: ...

    @property
    def events(self) -> EventsJob: ...

    @property
    def search(self) -> SearchJob: ...

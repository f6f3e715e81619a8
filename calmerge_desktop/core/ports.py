"""What other rooms implement and the core only names.

Terminology: a *calendar* is a collection of *resources*; a resource is everything with one UID (RFC 4791 §4.1) and is
addressed by its *href*; its *ETag* is its version; a *sync token* is the version of a whole calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from calmerge_desktop.core.model import (
    Account,
    AccountId,
    Calendar,
    CalendarId,
    Changed,
    Delta,
    ETag,
    Href,
    Progress,
    RemoteCalendar,
    RemoteId,
    Resource,
    SetAside,
    SourceStatus,
    SyncToken,
)
from calmerge_desktop.core.records import dataclass

Stop = Callable[[], None]
"""Called between steps of long work; raises `Cancelled` when it is time to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the provider made of a write. `etag` None means: read it back to know. `href` may differ from the wish."""

    href: Href
    etag: ETag | None


class CalendarProvider(Protocol):
    """One signed-in account at one provider. Made, used and closed on one thread.

    Every method may raise `SignInNeeded`, `AccessDenied`, `Offline`, `RateLimited`, `ServerTrouble`, `Cancelled`; no other
    vendor exception leaves an adapter.
    """

    def calendars(self, stop: Stop) -> list[RemoteCalendar]:
        """All calendars that can hold events, in the provider's order."""

    def changes(
        self, calendar: RemoteId, since: SyncToken | None, known: Mapping[Href, ETag | None], stop: Stop
    ) -> Iterator[Delta]:
        """Pages of changes after `since` (everything when None); the last page has `last` and the next token.

        `known` is what the cache holds, so that an unchanged version need not be transferred again: a full listing names
        it in `unchanged`. Nothing changed: one empty, last page that repeats the token. Raises
        `SyncTokenExpired` when `since` is of no use any more, `UnreadableCalendar` when the source is no calendar.
        """

    def fetch(self, calendar: RemoteId, href: Href) -> Resource | None:
        """The resource as it is there now; None when it is gone."""

    def put(self, calendar: RemoteId, resource: Resource, *, base: ETag | None, create: bool) -> Stored:
        """Create (`create`, fails with `EditConflict` if it exists) or replace the version `base`.

        Raises `EditConflict` when the resource is not at `base` any more, `ReadOnly`, `BadInput` when the provider
        refuses the data. Repeating a create that already succeeded with the same content is not an error.
        """

    def delete(self, calendar: RemoteId, href: Href, *, base: ETag | None) -> None:
        """Remove the version `base`. Gone already is fine; another version there raises `EditConflict`."""

    def poll_seconds(self, calendar: RemoteId) -> int | None:
        """What the source itself asks for between reads (REFRESH-INTERVAL), or None."""

    def close(self) -> None:
        """Give back connections and files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Itself:
    """What a server says about the account that signed in."""

    address: str | None
    """The person's mail address there."""
    schedules: bool
    """Whether it sends invitations and answers by itself when an event with guests is written (RFC 6638)."""


@runtime_checkable
class KnowsItself(Protocol):
    """A provider that learns at the server what kind of account it is."""

    def itself(self, stop: Stop) -> Itself:
        """Asked with every listing, because servers are rebuilt and addresses change. Raises like `CalendarProvider`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What one page changed in the cache."""

    added: int = 0
    updated: int = 0
    removed: int = 0
    set_aside: tuple[SetAside, ...] = ()
    """Events of this page that could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingWrite:
    """One row of the outbox: a change the person made that the provider has not confirmed yet."""

    id: int
    calendar: CalendarId
    remote_id: RemoteId
    href: Href
    ics: str | None
    """The whole resource as it shall be; None: delete it."""
    base: ETag | None
    """The version the change was made on."""
    base_ics: str | None
    """That version's text; None for a new event."""
    create: bool
    tries: int
    not_before: int
    """Instant before which it is not tried again."""


class SyncStore(Protocol):
    """Memory as the sync engine needs it. Every call is made on the one sync thread and is one transaction."""

    def accounts(self) -> Sequence[Account]:
        """All linked accounts."""

    def calendars(self, account: AccountId) -> Sequence[Calendar]:
        """The account's calendars as last listed."""

    def learn(self, account: AccountId, itself: Itself) -> None:
        """Keep what the server says about the account. An address the person gave stays."""

    def list_calendars(self, account: AccountId, found: Sequence[RemoteCalendar]) -> Sequence[Calendar]:
        """Take over a fresh listing: new calendars get roles, gone ones leave with their cache; returns the listed ones.

        A gone one for which edits wait stays, only to be read, until the person settled them.
        """

    def housekeep(self) -> None:
        """Before a round: forget what belongs to no account any more, and store endless series up to today's horizon.

        When the zone data changed since, every occurrence is computed anew.
        """

    def expect(self, weight: int) -> None:
        """About so many bytes of events will come: what has to start for that may start."""

    def foresee(self, pages: Sequence[tuple[CalendarId, Sequence[Resource]]]) -> None:
        """Pages of calendars that hold nothing yet will come in this order: what can be done beforehand may begin."""

    def token(self, calendar: CalendarId) -> SyncToken | None:
        """Token stored with the last complete read."""

    def known(self, calendar: CalendarId) -> Mapping[Href, ETag | None]:
        """Href and ETag of every cached resource."""

    def apply(self, calendar: CalendarId, page: Delta, keep: Collection[Href] | None = None) -> Applied:
        """Store a page. With `keep`, the last page of a full listing, everything not in it is removed.

        The page's token, when it has one, is stored in the same transaction. An event that cannot be read is set aside.
        """

    def forget_token(self, calendar: CalendarId) -> None:
        """Read everything again next time; the cache stays readable until then."""

    def status(self, of: AccountId | CalendarId) -> SourceStatus | None:
        """The state last stored."""

    def set_status(self, of: AccountId | CalendarId, status: SourceStatus) -> None:
        """The honest age of an account or calendar."""

    def outbox(self, account: AccountId, now: int) -> Sequence[PendingWrite]:
        """Writes that are due, oldest first, at most one per href; conflicts and refused ones are not among them."""

    def sending(self, write: int) -> PendingWrite | None:
        """The write is about to leave; an edit made from now on becomes a write of its own.

        Returns it as it is now: between the listing and this moment it may have been edited. None: it waits no more.
        """

    def sent(self, write: int, resource: Resource | None) -> None:
        """The provider took it and now holds `resource` (None: nothing): into the cache, out of the outbox."""

    def postpone(self, write: int, not_before: int, reason: str) -> None:
        """Try again later; counts one more try."""

    def refuse(self, write: int, reason: str) -> None:
        """The provider will never take it: it waits for the person."""

    def conflict(self, write: int, theirs: Resource | None) -> None:
        """Changed on both sides: keep both versions and ask; `theirs` (None: deleted there) goes into the cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailNews:
    """What became of mail since it was last told, in numbers of letters and messages."""

    sent: int = 0
    refused: int = 0
    """Letters that a server will never take."""
    unsure: int = 0
    """Letters that may have arrived."""
    received: int = 0
    """Messages that were taken in."""
    troubles: tuple[str, ...] = ()
    """A sentence for each mailbox that could not be reached or read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who is told while a synchronisation runs; called on the sync thread."""

    changed: Callable[[Changed], None]
    progress: Callable[[Progress], None]
    idle: Callable[[], None]
    """Nothing runs any more."""
    mailed: Callable[[MailNews], None] = lambda _news: None
    """Mail went out or came in; called on a thread of the mail."""


class SyncControl(Protocol):
    """The background work as a face of the program may steer it. Safe from any thread, never blocks."""

    def wake(self, accounts: Collection[AccountId] | None = None, *, full: bool = False) -> None:
        """Sync now: these accounts, or all. `full` reads everything again and accepts large removals."""

    def push(self) -> None:
        """Something was put into the outbox: send it soon."""

    def cancel(self) -> None:
        """Stop what runs; the next interval or `wake` starts again."""


class SecretStore(Protocol):
    """Where passwords and tokens live. Values are opaque text."""

    def get(self, ref: str) -> str | None:
        """The secret under `ref`, None when there is none. Raises `SignInNeeded` when the store is locked for good."""

    def put(self, ref: str, secret: str) -> None:
        """Keep `secret` under `ref`, replacing what was there."""

    def delete(self, ref: str) -> None:
        """Forget `ref`; unknown is fine."""

    def describe(self) -> str:
        """One sentence for the person on where secrets are kept."""


class PagePlace(Protocol):
    """A folder in which pages are kept, on this computer or at a server. A file is there whole, or as it was before.

    Everything raises `SignInNeeded`, `AccessDenied`, `BadInput` (no such folder, no WebDAV, no room), `Conflict` (a file of
    somebody else has the name), `Offline`, `ServerTrouble`, `Cancelled`.
    """

    def prepare(self) -> None:
        """Make sure that the folder is there and may be looked into."""

    def put(self, name: str, page: bytes, etag: str) -> str:
        """Write a page. `etag` is what the last `put` of it gave, empty when there was none. Returns the new one."""

    def remove(self, name: str, etag: str) -> None:
        """Take a page away. One that is gone is fine; one that is not ours stays."""

    def close(self) -> None:
        """Close connections."""

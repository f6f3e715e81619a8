"""What other rooms implement and the core only names.

Terminology: a *calendar* is a collection of *resources*; a resource is everything with one UID (RFC 4791 §4.1) and is
addressed by its *href*; its *ETag* is its version; a *sync token* is the version of a whole calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import field
from typing import NamedTuple, Protocol, runtime_checkable

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


# --- mail -------------------------------------------------------------------------------------------------------------


ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address the person sends from, and how. Its password lies in the secret store under `mail:` and the address."""

    address: str
    name: str = ""
    kind: str = "smtp"
    """`smtp`, or `ACCOUNT`: it sends through the interface of a linked account, which holds the secret."""
    config: Mapping[str, str] = field(default_factory=dict)
    """`host`, `port`, `security` (`starttls`, `tls`, `none`), `user`; `imap_host`, `imap_port`, `imap_security`. Of an
    account: its id as `account`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one person. `mime` is the whole message (RFC 5322) with CRLF line ends, in ASCII."""

    id: int = 0
    key: str
    """What it is for; a second letter of the same key is never made."""
    created: int
    sender: str
    recipient: str
    subject: str
    mime: str
    state: str = "waiting"
    """`waiting`, `sending`, `sent`, `refused`, or `unsure`: nobody knows whether it arrived, so it is not sent again."""
    tries: int = 0
    not_before: int = 0
    reason: str | None = None


class Written(NamedTuple):
    """A letter without its text: what it is for, when it was written, and what became of it (`Letter.state`)."""

    id: int
    key: str
    created: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An iTIP message that came in, and what was made of it (`core.itip.decide.Kind`)."""

    id: int = 0
    digest: str
    at: int
    method: str
    kind: str
    uid: str
    sender: str
    comment: str = ""
    partstat: str = ""
    event: str = ""
    """Key of our event, empty when there is none."""
    ics: str
    state: str = "open"
    """`open`: waits for the person; `done`."""


@dataclass(frozen=True, slots=True)
class SentBefore:
    """What the guests of an event know of it."""

    sequence: int
    recipients: tuple[str, ...]
    at: int
    ics: str


class MailSender(Protocol):
    """A signed-in way to send mail for one mailbox. Made, used and closed on one thread."""

    def send(self, mime: bytes, sender: str, recipient: str) -> None:
        """Hand over one mail; returning means that the server took it.

        Raises `BadInput` when the server refuses this recipient or mail for good, `TryLater` when it asks for patience or
        cannot be reached and surely has not taken it, `SignInNeeded`, and `DeliveryUnknown` when the connection died after
        the whole mail was handed over: then it must not be sent again by itself.
        """

    def close(self) -> None:
        """Give back the connection."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a folder of a mailbox was looked at (RFC 9051 §2.3.1.1), and how that went last."""

    validity: int = 0
    """UIDVALIDITY; 0: never looked at."""
    uid: int = 0
    """The highest UID that was looked at."""
    at: int = 0
    """Instant of the last look that succeeded; 0: none."""
    trouble: str = ""
    """Why the last look failed."""


class MailStore(Protocol):
    """Memory as the transport of mail needs it. Each call is one transaction, on any thread."""

    def mailboxes(self) -> Sequence[Mailbox]:
        """The addresses one sends from."""

    def due(self, now: int) -> Sequence[Letter]:
        """Letters that wait and whose time has come, oldest first."""

    def claim(self, letter: int) -> bool:
        """The letter is about to leave: from `waiting` to `sending`. False when it does not wait any more."""

    def mark(self, letter: int, state: str, *, reason: str | None = None, not_before: int = 0, again: bool = False) -> None:
        """What became of a letter; `again` counts one more try."""

    def interrupted(self) -> int:
        """Letters that were `sending` when the program died become `unsure`; how many. Only while nobody sends."""

    def seen(self, address: str, folder: str) -> Seen:
        """How far a folder was looked at."""

    def set_seen(self, address: str, folder: str, seen: Seen) -> None:
        """Keep how far a folder was looked at."""

"""What the agenda's jobs need of memory; `core.store.Store` is it. Any thread may call."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from calmerge_desktop.core.model import (
    Account,
    AccountId,
    Book,
    Calendar,
    CalendarId,
    Href,
    Instance,
    RemoteCalendar,
    Resource,
    SetAside,
    SourceStatus,
)
from calmerge_desktop.core.zones import Zone

if TYPE_CHECKING:
    from calmerge_desktop.core.availability.link import Link
    from calmerge_desktop.core.availability.schedule import Schedule
    from calmerge_desktop.core.availability.slots import Booking
    from calmerge_desktop.core.freebusy import Blocking, Busy
    from calmerge_desktop.core.mail_ports import Incoming, Letter, Mailbox, Seen, SentBefore, Written
    from calmerge_desktop.core.ports import Itself
    from calmerge_desktop.core.proposal.model import Proposal, State
    from calmerge_desktop.core.proposal.published import Published


class LiveResource(Protocol):
    """A resource whose occurrences from `covered` on are not stored."""

    @property
    def key(self) -> str: ...
    @property
    def calendar(self) -> CalendarId: ...
    @property
    def ics(self) -> str: ...
    @property
    def covered(self) -> int: ...


class PendingResource(Protocol):
    """An unsent version of a resource: it is what the person sees. `ics` None: deleted here."""

    @property
    def id(self) -> int: ...
    @property
    def calendar(self) -> CalendarId: ...
    @property
    def href(self) -> Href: ...
    @property
    def key(self) -> str: ...
    @property
    def ics(self) -> str | None: ...
    @property
    def state(self) -> str: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def theirs(self) -> str | None: ...


class JournalEntry(Protocol):
    """One change the person made. `before` None: it did not exist; `after` None: deleted."""

    @property
    def id(self) -> int: ...
    @property
    def at(self) -> int: ...
    @property
    def calendar(self) -> CalendarId: ...
    @property
    def href(self) -> Href: ...
    @property
    def key(self) -> str: ...
    @property
    def before(self) -> str | None: ...
    @property
    def after(self) -> str | None: ...
    @property
    def undone(self) -> bool: ...


class Box(Protocol):
    """The outbox and the journal."""

    def put(
        self,
        *,
        account: AccountId,
        calendar: CalendarId,
        href: Href,
        key: str,
        base: Resource | None,
        before: str | None,
        after: str | None,
        now: int,
    ) -> int:
        """Record that `after` shall replace the cached `base`; `before` is what the person saw. Returns the journal id."""

    def entry(self, id: int) -> JournalEntry:
        """A line of the journal. Raises `UnknownId`."""

    def mark_undone(self, id: int) -> None:
        """The entry was taken back."""

    def reconsider(self, write: int, *, drop: bool, theirs_is_base: bool) -> None:
        """Settle a conflict or refusal."""


class Roles(Protocol):
    """The ledger's part of calendars."""

    def change_calendar(self, calendar: CalendarId, values: dict[str, Any]) -> Calendar:
        """Set columns. Raises `UnknownId`."""

    def list_calendars(self, account: AccountId, found: Sequence[RemoteCalendar]) -> Sequence[CalendarId]:
        """Take over a listing."""

    def forget_gone(self) -> None:
        """Forget calendars that are gone and in which no change waits any more."""

    def learn(self, account: AccountId, itself: Itself) -> None:
        """Keep what the server says about the account."""

    def change_account(self, account: AccountId, name: str, address: str) -> None:
        """The same account under another name and address."""


class LinkBox(Protocol):
    """What one may book. Each call is one transaction."""

    def blocking(self) -> Mapping[CalendarId, Blocking]:
        """Calendars with other rules than the usual ones."""

    def set_blocking(self, calendar: CalendarId, rule: Blocking) -> None:
        """Keep the rules of a calendar."""

    def schedules(self) -> Sequence[Schedule]:
        """In the person's order; the first is the usual one."""

    def keep_schedule(self, schedule: Schedule) -> None:
        """Add or replace by id. Raises `BadInput` when another one has the name."""

    def drop_schedule(self, id: str) -> None:
        """Forget. Raises `UnknownId`."""

    def links(self) -> Sequence[Link]:
        """In the person's order."""

    def keep_link(self, link: Link) -> None:
        """Add or replace by id. Raises `BadInput` when another link has the slug."""

    def drop_link(self, id: str) -> None:
        """Forget; its bookings stay. Raises `UnknownId`."""

    def bookings(self, link: str, states: Collection[str] = ...) -> Sequence[Booking]:
        """Bookings of a link, by start; without `states` those that stand or wait."""


class PostBox(Protocol):
    """Mail in the ledger. Each call is one transaction."""

    def mailboxes(self) -> Sequence[Mailbox]:
        """In the person's order; the first is the usual one."""

    def keep_mailbox(self, box: Mailbox) -> None:
        """Add or replace by address."""

    def drop_mailbox(self, address: str) -> None:
        """Forget. Raises `UnknownId`."""

    def put_letters(self, letters: Sequence[Letter]) -> int:
        """Queue letters whose key is not known yet; returns how many were."""

    def letters(self, *, everything: bool = False) -> Sequence[Letter]:
        """Letters that wait or need the person, oldest first; or all."""

    def written(self, beginning: str) -> Sequence[Written]:
        """What became of the letters whose key begins so, oldest first."""

    def resend(self, letter: int) -> None:
        """Send it at the next chance. Raises `UnknownId`, `BadInput`."""

    def drop(self, letter: int) -> None:
        """Never send it. Raises `UnknownId`, `BadInput`."""

    def take_back(self, keys: Sequence[str]) -> bool:
        """As if these letters had never been written: all of them, or none when one does not wait any more."""

    def hurry(self, sender: str) -> None:
        """What waits to be sent from this address is due now."""

    def seen(self, address: str, folder: str) -> Seen:
        """How far a folder was looked at."""

    def keep_incoming(self, one: Incoming) -> int | None:
        """Keep a message; None when exactly it is known already."""

    def incoming(self, *, everything: bool = False) -> Sequence[Incoming]:
        """Messages that wait for the person, newest first; or all."""

    def settle(self, incoming: int, *, back: bool = False) -> None:
        """The person dealt with a message; `back`: it waits again. Raises `UnknownId`."""

    def sent_before(self, key: str, rid: str = "") -> SentBefore | None:
        """What the guests of an event know of it; None when nothing was sent."""

    def remember_sent(self, key: str, rid: str, sent: SentBefore) -> None:
        """Keep what was sent last."""


class ProposalBox(Protocol):
    """Proposals in the ledger. Each call is one transaction."""

    def list(self) -> Sequence[Proposal]:
        """All, newest first."""

    def get(self, id: str) -> Proposal | None:
        """By id."""

    def offering(self, offering: str) -> Sequence[Proposal]:
        """The proposals that share these times."""

    def add(
        self, proposals: Sequence[Proposal], letters: Sequence[Letter] = (), *, instead_of: Proposal | None = None
    ) -> None:
        """Keep new ones with the letters that tell of them, instead of another one; all or nothing. Raises `Conflict`."""

    def step(self, id: str, before: State, after: State, chosen: int | None = None, *, at: int, first: bool = False) -> None:
        """From one state to the next; `first`: unless another guest has that time. Raises `Conflict`."""

    def bring_back(self, old: str, after: State, new: str, *, at: int) -> None:
        """`old` stands again as before it was replaced by `new`, which is withdrawn. Raises `Conflict`."""

    def answer(self, id: str) -> str:
        """What the guest wrote and the person has not decided on."""

    def set_answer(self, id: str, answer: str) -> None:
        """Keep what the guest wrote."""


class TemplateBox(Protocol):
    """The person's own words for offers. Each call is one transaction."""

    def own(self, language: str) -> Mapping[str, str]:
        """Own fields of `core.letters.template`; empty when every word is ours."""

    def keep(self, language: str, own: Mapping[str, str]) -> None:
        """Exactly these fields are own."""


class PageBox(Protocol):
    """Pages that are kept in folders. Each call is one transaction."""

    def list(self) -> Sequence[Published]:
        """All."""

    def keep(self, page: Published) -> None:
        """Add or replace by id."""

    def drop(self, id: str) -> None:
        """Forget; unknown is fine."""


class Memory(Protocol):
    """Everything remembered."""

    @property
    def box(self) -> Box: ...
    @property
    def ledger(self) -> Roles: ...
    @property
    def links(self) -> LinkBox: ...
    @property
    def post(self) -> PostBox: ...
    @property
    def proposals(self) -> ProposalBox: ...
    @property
    def templates(self) -> TemplateBox: ...
    @property
    def pages(self) -> PageBox: ...

    def version(self) -> object:
        """Equal to the one before only if no connection, of any process, has written to either file in between."""

    def accounts(self) -> Sequence[Account]:
        """In the person's order."""

    def calendars(self, account: AccountId | None = None) -> Sequence[Calendar]:
        """In the person's order."""

    def pending(self) -> Sequence[PendingResource]:
        """The newest unsent version of every resource that has one."""

    def waiting(self) -> int:
        """How many changes have not arrived."""

    def books(self) -> Mapping[CalendarId, Book]:
        """What resources need to know of their calendar."""

    def instances(
        self, low: int, high: int, zone: Zone, calendars: Collection[CalendarId], uids: Collection[str] | None = None
    ) -> list[Instance]:
        """Stored instances that touch `[low, high)`; dates and floating times on the wall clock of `zone`.

        `uids`: only those of these events.
        """

    def unanswered(self, low: int, high: int, zone: Zone, calendars: Collection[CalendarId]) -> set[str]:
        """UIDs of those among them that wait for the person's answer (PARTSTAT is NEEDS-ACTION)."""

    def busy(
        self,
        low: int,
        high: int,
        zone: Zone,
        calendars: Collection[CalendarId],
        rules: Mapping[CalendarId, Blocking],
        hidden: Collection[str] = (),
        apart: Collection[str] = (),
    ) -> tuple[list[Busy], list[Instance]]:
        """The same as what they take, unsorted; and those that must be looked at together, as instances.

        These are the ones whose UID lies in several calendars or is among `apart`. Resources with `hidden` keys are left
        out.
        """

    def live(self, high: int, calendars: Collection[CalendarId]) -> Sequence[LiveResource]:
        """Resources that may have occurrences before `high` which are not stored."""

    def resource(self, key: str) -> tuple[CalendarId, Resource] | None:
        """A cached resource by its short id."""

    def resources(self, calendar: CalendarId) -> Iterator[Resource]:
        """Every cached resource of a calendar."""

    def search(self, words: str, most: int) -> Sequence[tuple[str, CalendarId, str]]:
        """Key, calendar and text of resources that match all words, best first."""

    def statuses(self) -> Mapping[str, SourceStatus]:
        """State by account or calendar id."""

    def counts(self) -> Mapping[CalendarId, int]:
        """Resources by calendar."""

    def set_aside(self) -> Sequence[SetAside]:
        """Everything that could not be read."""

    def add_account(self, account: Account) -> None:
        """Keep a new account."""

    def remove_account(self, account: AccountId) -> None:
        """Forget an account and its calendars. Raises `UnknownId`."""

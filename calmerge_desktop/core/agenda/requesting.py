"""The nouns of the inbox: what is wanted of the person, whether it fits, what was done about it; and the job that knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from calmerge_desktop.core.freebusy import Busy, Source
from calmerge_desktop.core.itip.decide import Kind
from calmerge_desktop.core.model import CalendarId, Stamp

if TYPE_CHECKING:
    from calmerge_desktop.core.proposal.model import Proposal


class Sort(StrEnum):
    """What a request is, beyond the kinds of messages (`core.itip.decide.Kind`)."""

    PROPOSAL = "proposal"
    """An answer to an offer of the person's that they have to confirm."""
    OFFER = "offer"
    """An offer of the person's that nobody answered yet."""
    BOOKED = "booked"
    FOR_GUEST = "answer-for-guest"
    """A guest's answer that came from another address, such as a server's: the person decides whether to believe it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One row of the inbox. Times are instants; dates of an all-day event are midnights UTC."""

    key: str
    """`m` and the number of a message, `p` and the id of a proposal, or the id of an event."""
    kind: str
    """A `Kind` or a `Sort`."""
    open: bool
    """Waits for the person."""
    at: int = 0
    """When it came in; 0: nobody knows."""
    who: str = ""
    address: str = ""
    title: str = ""
    start: int = 0
    end: int = 0
    """What is asked about; both 0: unknown."""
    all_day: bool = False
    was: tuple[int, int] | None = None
    """Where the event stands, when another time is asked for."""
    moved: bool = False
    event: str = ""
    """Id of the event in the person's calendar, empty when there is none."""
    uid: str = ""
    calendar: CalendarId | None = None
    account: str = ""
    """Name of the account the event lies in."""
    by_server: bool = False
    """That account's server tells the organizer by itself."""
    sender: str = ""
    """The person's address the answer comes from."""
    mailbox: bool = False
    """There is a mailbox that sends from it."""
    place: str = ""
    video: str = ""
    rrule: str = ""
    tzid: str = ""
    """IANA zone the event was written in."""
    people: tuple[str, ...] = ()
    """Who is invited besides the person, by name."""
    guests: tuple[str, ...] = ()
    """Whom a change of the event is told to."""
    comment: str = ""
    partstat: str = ""
    """The answer: the person's own, of a reply the sender's."""
    letter: str = ""
    """State of the person's letter about it that has not been sent: `waiting`, `refused`, `unsure`."""
    message: int = 0
    proposal: str = ""
    slots: tuple[tuple[int, int], ...] = ()
    choices: tuple[int, ...] = ()
    """Of an answer to an offer: the times it seems to choose."""
    how: str = ""
    confidence: float = 0.0
    declined: bool = False
    expires: int = 0

    @property
    def asks(self) -> bool:
        """Whether it asks the person to come to an event that is in the calendar."""
        return self.kind in (Kind.INVITATION, Kind.UPDATE) and bool(self.event)

    @property
    def weighs(self) -> bool:
        """Whether a time is to be decided on, so that it matters what else is there."""
        return (
            self.open and self.kind in (Kind.INVITATION, Kind.UPDATE, Kind.COUNTER, Sort.PROPOSAL) and self.end > self.start
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Whether a request fits between what is in the calendars."""

    dates: int = 1
    """Dates that were looked at: a series has several."""
    clashes: tuple[tuple[int, Busy], ...] = ()
    """Start of a date, and what stands in its way."""
    before: Busy | None = None
    after: Busy | None = None
    """What leaves no break before or after, for a single date."""
    calendars: int = 0
    unread: tuple[Source, ...] = ()
    """Calendars of which nobody knows what is in them now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What was done, and what it takes to take it back."""

    recipients: tuple[str, ...] = ()
    """Who hears of it."""
    by_server: bool = False
    sender: str = ""
    """The person's address the mail comes from."""
    mailbox: bool = True
    """There is a mailbox that sends from it."""
    letters: tuple[str, ...] = ()
    """Keys of letters that were queued."""
    ticket: str | None = None
    settled: tuple[int, ...] = ()
    """Messages that waited before."""


class RequestsJob(Protocol):
    """What others want of the person, and what the person decides."""

    def list(self) -> Sequence[Request]:
        """What waits for the person first, each part newest first; then what is done or waits for others."""

    def fit(self, request: Request, span: tuple[int, int] | None = None) -> Fit:
        """How it fits between what is in the calendars, in every date of a series; `span`: at another time instead."""

    def mailboxes(self) -> int:
        """How many mailboxes there are to send from and to look into."""

    def take(self, data: bytes) -> Sequence[str]:
        """Take in a mail, an .ics or the text of an answer; keys of the requests it became. Nothing is booked.

        Raises `BadInput` with the sentence `calmerge inbox --read` has for it.
        """

    def answer(self, event: str, partstat: str, *, comment: str = "", one: bool = False, wait: int = 0) -> Deed:
        """As `InvitingJob.answer`, and the messages that asked are settled. A mail leaves after `wait` seconds."""

    def propose(self, event: str, start: Stamp, end: Stamp, *, comment: str = "", one: bool = False, wait: int = 0) -> Deed:
        """As `InvitingJob.propose_time`."""

    def accept_time(self, message: int) -> Deed:
        """As `InboxJob.accept_time`; it cannot be taken back."""

    def keep_time(self, message: int, *, comment: str = "", wait: int = 0) -> Deed:
        """As `InboxJob.decline_time`."""

    def accept_answer(self, message: int) -> Deed:
        """As `InboxJob.accept_answer`."""

    def book(self, proposal: str, number: int, *, force: bool = False) -> Proposal:
        """As `ProposingJob.book`."""

    def settle(self, request: Request) -> Deed:
        """The person has seen it: nothing is changed or sent, and it waits no more."""

    def remove(self, request: Request) -> Deed:
        """Take a cancelled event out of the calendar."""

    def take_back(self, deed: Deed) -> None:
        """As if it had not been done. Raises `Conflict` once a mail left, `EditConflict` when the event changed since."""

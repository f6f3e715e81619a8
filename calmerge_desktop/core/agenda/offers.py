"""The nouns of offers: one of the list, one with each of its times as it stands now, what an answer did; and their job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from calmerge_desktop.core.mail_ports import Written
from calmerge_desktop.core.proposal.model import Proposal
from calmerge_desktop.core.proposal.reading import Reading

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.offering import Wish
    from calmerge_desktop.core.agenda.proposal_mail import ProposalMail
    from calmerge_desktop.core.availability.link import Link


class SlotState(StrEnum):
    """What has become of an offered time."""

    OPEN = "open"
    CHOSEN = "chosen"
    """The answer seems to choose it; nothing is booked."""
    BOOKED = "booked"
    TAKEN = "taken"
    """Something stands there, or another guest has it."""
    UNKNOWN = "unknown"
    """A calendar cannot be read, so nobody knows whether it is free."""
    OVER = "over"
    CLOSED = "closed"
    """It is not offered any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotView:
    """One offered time as it stands now; instants."""

    start: int
    end: int
    state: SlotState
    held: bool = False
    """A hold keeps it free."""
    chosen: bool = False
    """The answer seems to choose it, whatever has become of it."""
    by: str = ""
    """Of a taken time: the title of what stands there, or the guest who chose it first; of an unknown one the calendar."""
    event: str = ""
    """Instance id of what stands there, empty when a guest has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """One proposal of the list."""

    proposal: Proposal
    reading: Reading | None = None
    """The answer the person has not decided on."""
    letter: str = ""
    """State of its mail (`core.ports.Letter.state`); empty: none was queued."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """One proposal with everything there is to know."""

    proposal: Proposal
    slots: tuple[SlotView, ...]
    reading: Reading | None
    subject: str
    text: str
    """The mail to the guest."""
    letters: tuple[Written, ...]
    others: tuple[Proposal, ...]
    """Of the other guests who were offered the same times."""
    before: Proposal | None
    """What it answers with other times."""
    after: Proposal | None
    """What answers it with other times."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer did."""

    proposal: Proposal
    reading: Reading
    sender: str = ""
    known_sender: bool = True
    trouble: str = ""
    """Why it was not booked, when it could have been."""


class ProposingJob(Protocol):
    """Offering times by mail, and booking what comes back."""

    @property
    def mail(self) -> ProposalMail:
        """The words and mails of proposals."""

    def propose(self, wish: Wish, *, send: bool = False, wait: int = 0) -> Sequence[Proposal]:
        """Keep an offer, one proposal a guest, with common holds if wished; with `send` its mails are queued with it.

        A mail leaves after `wait` seconds. Raises `BadInput`, `ReadOnly`, `UnknownId`.
        """

    def suggest(self, link: Link, count: int, tzid: str) -> Sequence[tuple[int, int]]:
        """The best few of the times a link offers, for a guest in `tzid`, as instants by start."""

    def send(self, proposal: Proposal, *, wait: int = 0, once_more: bool = False) -> int:
        """Queue the mail; 0 when it is queued already. `once_more`: the same offer again, in the same thread.

        Raises `Conflict` when the offer does not stand any more, `BadInput` when it was sent too often, `UnknownId` when
        its calendar is gone.
        """

    def list(self) -> Sequence[Proposal]:
        """All proposals, newest first."""

    def lines(self) -> Sequence[OfferLine]:
        """All proposals, newest first, with the answer that waits and what became of their mail."""

    def look(self, id: str) -> OfferView:
        """One proposal with each of its times as it stands now. Raises `UnknownId`."""

    def get(self, id: str) -> Proposal:
        """By id, or by its beginning. Raises `UnknownId`."""

    def held(self, proposal: Proposal, index: int) -> bool:
        """Whether a hold of this time is in the calendar."""

    def read(self, data: bytes, *, book: bool = True) -> Answered:
        """Take in an answer: a mail, or the text of one. A sure answer from the guest books, unless not to `book`.

        Raises `UnknownId` when it is not clear what it answers.
        """

    def book(self, id: str, number: int, *, force: bool = False) -> Proposal:
        """Book the time `number` (from 0): event, invitation, holds. Repeating it changes nothing.

        Raises `Conflict` when the time went, `ServerTrouble` when a calendar cannot be read; `force` books all the same.
        """

    def others(
        self, id: str, wanted: int | None = None, *, slots: Sequence[tuple[int, int]] = (), count: int = 3
    ) -> Proposal:
        """The proposal that answers another one with other times; nothing is kept or sent.

        `wanted` (from 0) is a time that went: the nearest are suggested; else the best that were not offered before.
        `slots`: times of one's own choice. Raises `BadInput`, `UnknownId` when its calendar is gone, and `Conflict` when
        the offer does not stand any more.
        """

    def counter(self, made: Proposal, *, send: bool = False, wait: int = 0) -> Proposal:
        """Keep what `others` made: it takes the place of the proposal it answers, holds included. Raises `Conflict`."""

    def answer(self, id: str) -> Reading | None:
        """An answer the person has not decided on; None when there is none."""

    def set_aside(self, id: str) -> Proposal:
        """The answer chooses nothing: the offer stands as before. Raises `Conflict`."""

    def withdraw(self, id: str) -> Proposal:
        """Take the offer back and release its holds. Nobody is told. Raises `Conflict`."""

    def reopen(self, id: str) -> Proposal:
        """A withdrawn offer stands again, with its holds, as long as it has not expired. Raises `Conflict`."""

    def take_back(self, made: Sequence[Proposal]) -> None:
        """As if these had not been offered, as long as their mails wait; what one replaced stands again.

        Raises `Conflict` once a mail left.
        """

    def reconcile(self) -> int:
        """Finish what a crash left, expire what is over, set holds right. Returns how many bookings were finished."""

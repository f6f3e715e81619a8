"""What there is of proposals: the list, one of them with each of its times, and which one an answer belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from calmerge_desktop.core.agenda.free import Free
from calmerge_desktop.core.agenda.holding import Holds
from calmerge_desktop.core.agenda.offers import OfferLine, OfferView, SlotState, SlotView
from calmerge_desktop.core.agenda.proposal_mail import ProposalMail
from calmerge_desktop.core.errors import Conflict, UnknownId
from calmerge_desktop.core.freebusy import Busy, Load
from calmerge_desktop.core.itip.message import same_address
from calmerge_desktop.core.proposal.model import LIVE, Proposal, State
from calmerge_desktop.core.proposal.reading import Reading, kept_reading
from calmerge_desktop.core.proposal.token import find_tokens
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory


class Proposals:
    """Reads; a proposal whose time is over expires when it is looked at."""

    def __init__(self, memory: Memory, free: Free, holds: Holds, mail: ProposalMail, clock: Clock, home_tzid: str) -> None:
        self._memory = memory
        self._free = free
        self._holds = holds
        self._mail = mail
        self._clock = clock
        self._home = home_tzid

    def list(self) -> Sequence[Proposal]:
        """See `ProposingJob.list`."""
        return [self.aged(one) for one in self._memory.proposals.list()]

    def lines(self) -> Sequence[OfferLine]:
        """See `ProposingJob.lines`."""
        states = {one.key: one.state for one in self._memory.post.written("proposal:")}
        return [
            OfferLine(
                proposal=one,
                reading=self.answer(one.id) if one.state is State.ANSWERED else None,
                letter=states.get(self._mail.key(one, "offer"), ""),
            )
            for one in self.list()
        ]

    def get(self, id: str) -> Proposal:
        """See `ProposingJob.get`."""
        found = [one for one in self._memory.proposals.list() if one.id == id or (len(id) >= 6 and one.id.startswith(id))]
        if len(found) != 1:
            raise UnknownId(
                _("There is no proposal “{id}”.").format(id=id[:40]), typed=_("See them with: calmerge proposal list")
            )
        return self.aged(found[0])

    def answer(self, id: str) -> Reading | None:
        """See `ProposingJob.answer`."""
        text = self._memory.proposals.answer(id)
        return kept_reading(text) if text else None

    def look(self, id: str) -> OfferView:
        """See `ProposingJob.look`."""
        proposal = self.get(id)
        every = self._memory.proposals.list()
        reading = self.answer(proposal.id)
        others = tuple(one for one in every if one.offering == proposal.offering and one.id != proposal.id)
        words = self._mail.words(proposal)
        return OfferView(
            proposal=proposal,
            slots=self.slots(proposal, others, reading),
            reading=reading,
            subject=words.subject,
            text=words.text(width=None),
            letters=tuple(self._memory.post.written(f"proposal:{proposal.id}:")),
            others=others,
            before=next((one for one in every if one.id == proposal.follows), None),
            after=next((one for one in every if one.follows == proposal.id and one.state is not State.WITHDRAWN), None),
        )

    def slots(
        self, proposal: Proposal, others: Sequence[Proposal] = (), reading: Reading | None = None
    ) -> tuple[SlotView, ...]:
        """Each offered time as it stands now; `others` are the proposals to other guests with the same times."""
        low, high = min(start for start, _end in proposal.slots), max(end for _start, end in proposal.slots)
        open_ = proposal.state in LIVE or proposal.state is State.EXPIRED
        there = self.in_the_way(proposal, low, high) if open_ else ()
        chosen = reading.choices if reading is not None and proposal.state is State.ANSWERED else ()
        out = []
        for index, (start, end) in enumerate(proposal.slots):
            state, by, event = self._slot(proposal, index, there, others) if open_ else (SlotState.CLOSED, "", "")
            if proposal.state in (State.BOOKED, State.BOOKING) and proposal.chosen == index:
                state = SlotState.BOOKED
            if state is SlotState.OPEN and index in chosen:
                state = SlotState.CHOSEN
            held = proposal.hold and self._holds.there(proposal, index)
            view = SlotView(start=start, end=end, state=state, held=held, chosen=index in chosen, by=by, event=event)
            out.append(view)
        return tuple(out)

    def in_the_way(self, proposal: Proposal, low: int, high: int) -> Sequence[Busy]:
        """What stands in the calendars the proposal looks at, without its own holds; unreadable calendars included."""
        own = self._holds.keys(proposal)
        busy, _sources = self._free.busy(low, high, self._home, proposal.busy or None)
        return [one for one in busy if one.start < high and one.end > low and one.id.partition("@")[0] not in own]

    def _slot(
        self, proposal: Proposal, index: int, there: Sequence[Busy], others: Sequence[Proposal]
    ) -> tuple[SlotState, str, str]:
        start, end = proposal.slots[index]
        if start <= self._clock():
            return SlotState.OVER, "", ""
        for one in others:
            if one.chosen == index and one.state in (State.BOOKING, State.BOOKED):
                return SlotState.TAKEN, one.name or one.to, ""
        here = [one for one in there if one.start < end and one.end > start]
        for busy in here:
            if busy.load in (Load.BUSY, Load.TENTATIVE):
                return SlotState.TAKEN, busy.summary, busy.id
        unknown = next((one for one in here if one.load is Load.UNKNOWN), None)
        return (SlotState.UNKNOWN, unknown.summary, "") if unknown else (SlotState.OPEN, "", "")

    # --- for the jobs beside it --------------------------------------------------------------------------------------

    def aged(self, proposal: Proposal) -> Proposal:
        """An open proposal whose time is over is expired, and holds nobody needs any more are released."""
        if proposal.state in LIVE and proposal.expires <= self._clock():
            with suppress(Conflict):
                self._memory.proposals.step(proposal.id, proposal.state, State.EXPIRED, at=self._clock())
            return self.settled(proposal.id)
        return proposal

    def settled(self, id: str) -> Proposal:
        """The proposal as it is now, with the holds of its offering set right."""
        after = self._memory.proposals.get(id)
        assert after is not None
        self._holds.settle(self._memory.proposals.offering(after.offering))
        return after

    def meant(self, text: str, sender: str, references: Sequence[str]) -> Proposal:
        """The proposal an answer belongs to: by its token, by the mail it answers, or as the only one to this person.

        Raises `UnknownId`.
        """
        every = self._memory.proposals.list()
        tokens = find_tokens(text, {one.id: bytes.fromhex(one.secret) for one in every})
        named = {one.proposal for one in tokens}
        ours = [one for one in every if one.id in named]
        if not ours and references:
            ours = [one for one in every if self._mail.message_ids(one) & set(references)]
            newer = {one.follows for one in ours}  # an answer to other times refers to the times before them, too
            ours = [one for one in ours if one.id not in newer]
        if not ours and sender:
            ours = [one for one in every if same_address(one.to, sender) and self.aged(one).state in LIVE]
        if not ours and not sender:
            ours = [one for one in every if self.aged(one).state in LIVE]
        if len(ours) != 1:
            raise UnknownId(
                _("It is not clear which proposal this answers."), typed=_("Book it with: calmerge proposal book ID NUMBER")
            )
        return self.aged(ours[0])

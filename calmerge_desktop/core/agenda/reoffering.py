"""What the person does with an offer that stands: take it back, send it again, or offer other times in its place."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from calmerge_desktop.core.agenda.links import Links
from calmerge_desktop.core.agenda.offering import MOST_SLOTS, checked_slots, new_id, new_secret, plain_link, until
from calmerge_desktop.core.agenda.offers import SlotState
from calmerge_desktop.core.agenda.proposal_mail import MOST_AGAIN, ProposalMail, again
from calmerge_desktop.core.agenda.proposals import Proposals
from calmerge_desktop.core.agenda.suggesting import best, nearest
from calmerge_desktop.core.availability.link import Link, on_clock
from calmerge_desktop.core.errors import BadInput, Conflict, UnknownId
from calmerge_desktop.core.proposal.model import LIVE, Proposal, State, Why, state_word
from calmerge_desktop.core.proposal.reading import Reading
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY, Clock

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory

_AROUND = 3 * DAY, 7 * DAY
"""How far before and after a time that went others are looked for."""
_LOOK_AHEAD = 21 * DAY


class Reoffering:
    """See `core.agenda.offers.ProposingJob`."""

    def __init__(self, memory: Memory, links: Links, proposals: Proposals, mail: ProposalMail, clock: Clock) -> None:
        self._memory = memory
        self._links = links
        self._proposals = proposals
        self._mail = mail
        self._clock = clock

    # --- other times ------------------------------------------------------------------------------------------------

    def others(
        self, id: str, wanted: int | None = None, *, slots: Sequence[tuple[int, int]] = (), count: int = 3
    ) -> Proposal:
        """See `ProposingJob.others`."""
        old = self._proposals.get(id)
        if old.state not in LIVE and old.state is not State.EXPIRED:
            raise Conflict(_("The proposal is {state} already.").format(state=state_word(old.state)))
        if wanted is not None and not 0 <= wanted < len(old.slots):
            raise BadInput(_("The proposal has no time {n}.").format(n=wanted + 1))
        self._mail.calendar(old)
        if not 1 <= count <= MOST_SLOTS:
            raise BadInput(_("Between 1 and {n} times can be offered.").format(n=MOST_SLOTS))
        now, reading = self._clock(), self._proposals.answer(old.id)
        if wanted is None:
            wanted = self._lost(old, reading)
        chosen = checked_slots(slots, now) if slots else self._suggested(old, wanted, count)
        if not chosen:
            raise BadInput(_("There is no free time to offer."), typed=_("See why with: calmerge slots LINK --explain"))
        made = new_id()
        return replace(
            old,
            id=made,
            state=State.OPEN,
            slots=tuple(chosen),
            minutes=(chosen[0][1] - chosen[0][0]) // 60,
            created=now,
            expires=until(chosen, now, held=old.hold),
            chosen=None,
            secret=new_secret(),
            offering=made,
            shared=False,
            follows=old.id,
            root=old.root or old.id,
            why=_why(old, wanted, reading),
            went=old.slots[wanted][0] if wanted is not None else None,
            subject=old.subject or self._mail.words(old).subject,
            thread=self._thread(old, reading),
            history=(),
        )

    def counter(self, made: Proposal, *, send: bool = False, wait: int = 0) -> Proposal:
        """See `ProposingJob.counter`."""
        old = self._proposals.get(made.follows)
        letters = [self._mail.letter(made, "offer", self._mail.words(made), wait=wait)] if send else []
        self._memory.proposals.add([made], letters, instead_of=old)
        self._proposals.settled(old.id)
        return self._proposals.settled(made.id)

    # --- taking back ------------------------------------------------------------------------------------------------

    def withdraw(self, id: str) -> Proposal:
        """See `ProposingJob.withdraw`."""
        proposal = self._proposals.get(id)
        self._memory.proposals.step(proposal.id, proposal.state, State.WITHDRAWN, at=self._clock())
        return self._proposals.settled(proposal.id)

    def reopen(self, id: str) -> Proposal:
        """See `ProposingJob.reopen`."""
        proposal = self._proposals.get(id)
        if proposal.state is not State.WITHDRAWN:
            raise Conflict(_("The proposal is {state} already.").format(state=state_word(proposal.state)))
        if proposal.follows:
            before = self._memory.proposals.get(proposal.follows)
            if before is None or before.state is not State.REPLACED:
                raise Conflict(_("Other times were offered meanwhile."))
        after = self._stood(proposal)
        self._memory.proposals.step(proposal.id, State.WITHDRAWN, after, at=self._clock())
        self._proposals.settled(proposal.id)
        return self._proposals.get(proposal.id)

    def take_back(self, made: Sequence[Proposal]) -> None:
        """See `ProposingJob.take_back`."""
        letters = [letter.key for one in made for letter in self._memory.post.written(f"proposal:{one.id}:")]
        if letters and not self._memory.post.take_back(letters):
            raise Conflict(_("The mail has left already. Withdraw the offer instead."))
        for one in made:
            if one.follows and (old := self._memory.proposals.get(one.follows)) is not None:
                self._memory.proposals.bring_back(old.id, self._stood(old), one.id, at=self._clock())
                self._proposals.settled(one.id)
                self._proposals.settled(old.id)
            else:
                with suppress(Conflict):  # it was withdrawn or expired within these seconds
                    self.withdraw(one.id)

    # --- sending ----------------------------------------------------------------------------------------------------

    def send(self, proposal: Proposal, *, wait: int = 0, once_more: bool = False) -> int:
        """See `ProposingJob.send`."""
        self._mail.calendar(proposal)
        if once_more:
            if proposal.state not in LIVE:
                raise Conflict(_("The proposal is {state} already.").format(state=state_word(proposal.state)))
            known = [one.key for one in self._memory.post.written(f"proposal:{proposal.id}:")]
            if self._mail.key(proposal, "offer") in known:
                free = [again(n) for n in range(1, MOST_AGAIN + 1) if self._mail.key(proposal, again(n)) not in known]
                if not free:
                    raise BadInput(_("It was sent again {n} times already.").format(n=MOST_AGAIN))
                letter = self._mail.letter(proposal, free[0], self._mail.words(proposal), wait=wait)
                return self._memory.post.put_letters([letter])
        return self._memory.post.put_letters([self._mail.letter(proposal, "offer", self._mail.words(proposal), wait=wait)])

    # ----------------------------------------------------------------------------------------------------------------

    def _suggested(self, old: Proposal, wanted: int | None, count: int) -> Sequence[tuple[int, int]]:
        """Near a time that went; else the best ones that were not offered before."""
        link, now = on_clock(self._link(old), old.tzid), self._clock()
        if wanted is None:
            found = self._links.slots(link, now, now + _LOOK_AHEAD).slots
            fresh = [one for one in found if all(one.end <= start or one.start >= end for start, end in self._said(old))]
            return best(fresh, count, old.tzid)
        start, _end = old.slots[wanted]
        found = self._links.slots(link, max(now, start - _AROUND[0]), max(start, now) + _AROUND[1]).slots
        own = [
            (one.start, one.end)
            for index, one in enumerate(self._proposals.slots(old, self._siblings(old)))
            if one.state is SlotState.OPEN and index != wanted
        ]
        return nearest([*own, *((one.start, one.end) for one in found)], start, count, old.tzid)

    def _lost(self, old: Proposal, reading: Reading | None) -> int | None:
        """The one time the guest chose, when it went meanwhile."""
        if reading is None or len(reading.choices) != 1 or old.state is not State.ANSWERED:
            return None
        chosen = reading.choices[0]
        return chosen if self._proposals.slots(old, self._siblings(old))[chosen].state is SlotState.TAKEN else None

    def _said(self, old: Proposal) -> set[tuple[int, int]]:
        """Every time that was offered in this thread."""
        root = old.root or old.id
        every = self._memory.proposals.list()
        return {slot for one in every if root in (one.id, one.root) for slot in one.slots}

    def _siblings(self, old: Proposal) -> Sequence[Proposal]:
        return [one for one in self._memory.proposals.offering(old.offering) if one.id != old.id]

    def _link(self, old: Proposal) -> Link:
        """The rules the earlier times were found by; those of the length alone when the link is gone."""
        try:
            link = self._links.get(old.link) if old.link else plain_link(old.minutes)
        except UnknownId:
            link = plain_link(old.minutes)
        return replace(link, minutes=(old.minutes,), busy=old.busy)

    def _thread(self, old: Proposal, reading: Reading | None) -> tuple[str, ...]:
        answer = (reading.message,) if reading is not None and reading.message else ()
        return tuple(dict.fromkeys([*old.thread, self._mail.message_id(old, "offer"), *answer]))

    def _stood(self, proposal: Proposal) -> State:
        """The state it was in before it was withdrawn or replaced."""
        return State.ANSWERED if self._memory.proposals.answer(proposal.id) else State.OPEN


def _why(old: Proposal, wanted: int | None, reading: Reading | None) -> str:
    if wanted is not None:
        return Why.TAKEN
    if reading is not None:
        return Why.DECLINED
    return Why.EXPIRED if old.state is State.EXPIRED else Why.CHANGED

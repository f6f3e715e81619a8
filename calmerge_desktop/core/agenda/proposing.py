"""Proposals from the first offer to the booking, which survives a crash at any point.

The decision is one conditional step in the ledger; everything after it, the event, the letter, the holds, has a name of its
own and is made only if it is not there. `reconcile` at every start finishes what a crash left. What there is, how an offer
is made and what is done about one that stands are jobs of their own: `proposals`, `offering`, `reoffering`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from calmerge_desktop.core.agenda.events import Events
from calmerge_desktop.core.agenda.free import Free
from calmerge_desktop.core.agenda.holding import Holds
from calmerge_desktop.core.agenda.links import Links
from calmerge_desktop.core.agenda.offering import Offering, Wish, plain_link
from calmerge_desktop.core.agenda.offers import Answered, OfferLine, OfferView
from calmerge_desktop.core.agenda.page_answers import Picked, answered_page
from calmerge_desktop.core.agenda.proposal_mail import ProposalMail, Signing
from calmerge_desktop.core.agenda.proposals import Proposals
from calmerge_desktop.core.agenda.reoffering import Reoffering
from calmerge_desktop.core.agenda.servers import schedules
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.errors import BadInput, CalmergeError, Conflict, ServerTrouble
from calmerge_desktop.core.freebusy import Load
from calmerge_desktop.core.ics.write import new_resource
from calmerge_desktop.core.itip.message import same_address
from calmerge_desktop.core.letters import mime
from calmerge_desktop.core.mail_ports import SentBefore
from calmerge_desktop.core.model import Account, Calendar, Draft, Stamp
from calmerge_desktop.core.proposal.model import LIVE, Proposal, State
from calmerge_desktop.core.proposal.reading import How, Reading, read_answer
from calmerge_desktop.core.proposal.token import choice_in
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY, Clock
from calmerge_desktop.core.zones import iana, wall_of

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory


class Proposing:
    """See `core.agenda.offers.ProposingJob`."""

    def __init__(
        self, memory: Memory, events: Events, free: Free, links: Links, clock: Clock, home_tzid: str, signing: Signing
    ) -> None:
        self._memory = memory
        self._events = events
        self._links = links
        self._clock = clock
        self._home = home_tzid
        self._holds = Holds(events, clock, home_tzid)
        self.mail = ProposalMail(memory, clock, home_tzid, signing)
        self._there = Proposals(memory, free, self._holds, self.mail, clock, home_tzid)
        self._offering = Offering(memory, links, self._holds, self.mail, clock, home_tzid)
        self._reoffering = Reoffering(memory, links, self._there, self.mail, clock)

    def target(self, link: Link) -> tuple[Calendar, Account]:
        """See `Offering.target`."""
        return self._offering.target(link)

    # --- what there is ----------------------------------------------------------------------------------------------

    def list(self) -> Sequence[Proposal]:
        """See `ProposingJob.list`."""
        return self._there.list()

    def lines(self) -> Sequence[OfferLine]:
        """See `ProposingJob.lines`."""
        return self._there.lines()

    def get(self, id: str) -> Proposal:
        """See `ProposingJob.get`."""
        return self._there.get(id)

    def look(self, id: str) -> OfferView:
        """See `ProposingJob.look`."""
        return self._there.look(id)

    def held(self, proposal: Proposal, index: int) -> bool:
        """See `ProposingJob.held`."""
        return self._holds.there(proposal, index)

    def answer(self, id: str) -> Reading | None:
        """See `ProposingJob.answer`."""
        return self._there.answer(self.get(id).id)

    # --- offering ---------------------------------------------------------------------------------------------------

    def propose(self, wish: Wish, *, send: bool = False, wait: int = 0) -> Sequence[Proposal]:
        """See `ProposingJob.propose`."""
        return self._offering.propose(wish, send=send, wait=wait)

    def suggest(self, link: Link, count: int, tzid: str) -> Sequence[tuple[int, int]]:
        """See `ProposingJob.suggest`."""
        return self._offering.suggest(link, count, tzid)

    def send(self, proposal: Proposal, *, wait: int = 0, once_more: bool = False) -> int:
        """See `ProposingJob.send`."""
        return self._reoffering.send(proposal, wait=wait, once_more=once_more)

    def others(
        self, id: str, wanted: int | None = None, *, slots: Sequence[tuple[int, int]] = (), count: int = 3
    ) -> Proposal:
        """See `ProposingJob.others`."""
        return self._reoffering.others(id, wanted, slots=slots, count=count)

    def counter(self, made: Proposal, *, send: bool = False, wait: int = 0) -> Proposal:
        """See `ProposingJob.counter`."""
        return self._reoffering.counter(made, send=send, wait=wait)

    def withdraw(self, id: str) -> Proposal:
        """See `ProposingJob.withdraw`."""
        return self._reoffering.withdraw(id)

    def reopen(self, id: str) -> Proposal:
        """See `ProposingJob.reopen`."""
        return self._reoffering.reopen(id)

    def take_back(self, made: Sequence[Proposal]) -> None:
        """See `ProposingJob.take_back`."""
        self._reoffering.take_back(made)

    def set_aside(self, id: str) -> Proposal:
        """See `ProposingJob.set_aside`."""
        proposal = self.get(id)
        self._memory.proposals.step(proposal.id, State.ANSWERED, State.OPEN, at=self._clock())
        self._memory.proposals.set_answer(proposal.id, "")
        return self.get(proposal.id)

    # --- what comes back --------------------------------------------------------------------------------------------

    def read(self, data: bytes, *, book: bool = True) -> Answered:
        """See `ProposingJob.read`."""
        if mime.looks_like_mail(data):
            mail = mime.open_mail(data)
            said = (choice_in(calendar) for _method, calendar in mail.calendars)
            text = "\n\n".join(filter(None, (mail.text, *said)))
            sender, references = mail.sender, mail.references
            answer = mail.message_id if mime.is_message_id(mail.message_id) else ""
        else:
            text, sender, references, answer = data.decode("utf-8", "replace"), "", (), ""
        if (picked := answered_page(self._memory, text, sender, self._clock())) is not None:
            return self._from_page(picked, sender, answer)
        proposal = self._there.meant(text, sender, references)
        known = {one.id: bytes.fromhex(one.secret) for one in self._memory.proposals.list()}
        reading = read_answer(text, proposal.slots, proposal.tzid, proposal.id, known)
        reading = replace(reading, message=answer)
        friend = not sender or same_address(sender, proposal.to)
        if proposal.state not in LIVE:
            return Answered(proposal, reading, sender, friend, _state_sentence(proposal))
        if reading.how is How.NONE and not reading.words:
            return Answered(proposal, reading, sender, friend, _("The answer says nothing about the times."))
        if reading.sure and friend and book:
            try:
                return Answered(self.book(proposal.id, reading.choices[0]), reading, sender, friend)
            except CalmergeError as error:
                self._waits(proposal, reading)
                return Answered(self.get(proposal.id), reading, sender, friend, error.message)
        self._waits(proposal, reading)
        return Answered(self.get(proposal.id), reading, sender, friend)

    def book(self, id: str, number: int, *, force: bool = False) -> Proposal:
        """See `ProposingJob.book`."""
        proposal = self.get(id)
        if not 0 <= number < len(proposal.slots):
            raise BadInput(_("The proposal has no time {n}.").format(n=number + 1))
        if proposal.state is State.BOOKED and proposal.chosen == number:
            return proposal
        if proposal.state is not State.BOOKING:
            self._check(proposal, number, force=force)
            self._memory.proposals.step(
                proposal.id, proposal.state, State.BOOKING, number, at=self._clock(), first=not force
            )
        return self._finish(self.get(id))

    def reconcile(self) -> int:
        """See `ProposingJob.reconcile`."""
        touched = 0
        offerings: dict[str, None] = {}
        for one in self._memory.proposals.list():
            if one.state is State.BOOKING:
                self._finish(one)
                touched += 1
            if self._there.aged(one).state in LIVE or one.created > self._clock() - 60 * DAY:
                offerings[one.offering] = None
        for offering in offerings:
            self._holds.settle(self._memory.proposals.offering(offering))
        return touched

    # ----------------------------------------------------------------------------------------------------------------

    def _from_page(self, picked: Picked, sender: str, answer: str) -> Answered:
        """A guest chose on a page that is kept: a proposal to that guest. It waits, for anybody may open such a page."""
        link = next((one for one in self._links.list() if one.id == picked.link), None)
        calendar, _account = self.target(link or plain_link(picked.minutes))
        reading = Reading(How.TOKEN, (0,), 1.0, words=picked.words, message=answer)
        made = picked.proposal(link, calendar.id, self._home, self._clock())
        known = self._memory.proposals.get(made.id)
        if known is None:
            self._memory.proposals.add([made])
        if known is None or known.state is State.OPEN:
            self._waits(made, reading)
        return Answered(self.get(made.id), reading, sender)

    def _waits(self, proposal: Proposal, reading: Reading) -> None:
        self._memory.proposals.set_answer(proposal.id, reading.kept())
        if proposal.state is State.OPEN:
            self._memory.proposals.step(proposal.id, State.OPEN, State.ANSWERED, at=self._clock())

    def _check(self, proposal: Proposal, number: int, *, force: bool) -> None:
        """The final look at all calendars. Raises `Conflict`, `ServerTrouble`, `BadInput`."""
        start, end = proposal.slots[number]
        if start <= self._clock():
            raise BadInput(_("This time is over already."))
        there = self._there.in_the_way(proposal, start, end)
        if any(one.load in (Load.BUSY, Load.TENTATIVE) for one in there) and not force:
            raise Conflict(_("The time was taken in the meantime."))
        unknown = [one.summary for one in there if one.load is Load.UNKNOWN]
        if unknown and not force:
            raise ServerTrouble(
                _("“{name}” cannot be read, so nobody knows whether the time is still free.").format(name=unknown[0])
            )

    def _finish(self, proposal: Proposal) -> Proposal:
        """Event, letter, holds, state; each made only if it is not there."""
        assert proposal.chosen is not None
        calendar, account = self.mail.calendar(proposal)
        held = self._events.find_uid(proposal.uid)
        if held is None:
            key = self._events.add_text(calendar.id, self._event(proposal, account))
            held = self._events.held(key)
        if not schedules(account):
            self._memory.post.put_letters([self.mail.confirmation(proposal, held.ics)])
        self._memory.post.remember_sent(held.key, "", SentBefore(0, (proposal.to,), self._clock(), held.ics))
        offering = [one for one in self._memory.proposals.offering(proposal.offering) if one.id != proposal.id]
        self._holds.settle([replace(proposal, state=State.BOOKED), *offering])
        try:
            self._memory.proposals.step(proposal.id, State.BOOKING, State.BOOKED, proposal.chosen, at=self._clock())
        except Conflict:  # another process that opened the profile meanwhile finished it: that is as good
            if self.get(proposal.id).state is not State.BOOKED:
                raise
        self._memory.proposals.set_answer(proposal.id, "")
        return self.get(proposal.id)

    def _event(self, proposal: Proposal, account: Account) -> str:
        assert proposal.chosen is not None
        start, end = (Stamp(wall_of(iana(self._home).to_wall(at)), self._home) for at in proposal.slots[proposal.chosen])
        draft = Draft(
            calendar=proposal.calendar,
            summary=proposal.title,
            start=start,
            end=end,
            location=proposal.location,
            attendees=(proposal.to,),
        )
        return new_resource(draft, uid=proposal.uid, now=self._clock(), organizer=account.address)


def _state_sentence(proposal: Proposal) -> str:
    return {
        State.BOOKED: _("A time of this proposal is booked already."),
        State.EXPIRED: _("The proposal has expired."),
        State.WITHDRAWN: _("The proposal was withdrawn."),
        State.REPLACED: _("Other times were offered since, so this answer chooses none of them."),
    }.get(proposal.state, _("The proposal is being booked."))

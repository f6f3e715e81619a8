"""Offering times by mail: what is offered, what comes back, and the booking, which survives a crash at any point.

The decision is one conditional step in the ledger; everything after it, the event, the letter, the holds, has a name of its
own and is made only if it is not there. `reconcile` at every start finishes what a crash left.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from calmerge_desktop.core.agenda.events import Events
from calmerge_desktop.core.agenda.free import Free
from calmerge_desktop.core.agenda.holding import Holds
from calmerge_desktop.core.agenda.links import Links
from calmerge_desktop.core.agenda.page_answers import Picked, answered_page
from calmerge_desktop.core.agenda.proposal_mail import ProposalMail, Signing
from calmerge_desktop.core.agenda.servers import schedules
from calmerge_desktop.core.agenda.suggesting import best
from calmerge_desktop.core.availability.link import Horizon, Link
from calmerge_desktop.core.errors import BadInput, CalmergeError, Conflict, ReadOnly, ServerTrouble, UnknownId
from calmerge_desktop.core.freebusy import Load
from calmerge_desktop.core.ics.write import new_resource
from calmerge_desktop.core.itip.message import bare, same_address
from calmerge_desktop.core.letters import mime, proposing
from calmerge_desktop.core.letters.letter import Letter as Words
from calmerge_desktop.core.mail_ports import SentBefore
from calmerge_desktop.core.model import Access, Account, Calendar, Draft, Stamp
from calmerge_desktop.core.proposal.model import LIVE, Proposal, State
from calmerge_desktop.core.proposal.reading import How, Reading, kept_reading, read_answer
from calmerge_desktop.core.proposal.token import find_tokens
from calmerge_desktop.core.texts import _, language, speech
from calmerge_desktop.core.when import DAY, Clock
from calmerge_desktop.core.when import zone as checked_zone
from calmerge_desktop.core.zones import iana, wall_of

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory

_OPEN_FOR = 4 * DAY
_LOOK_AHEAD = 21 * DAY
_MOST_SLOTS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the person wants to offer."""

    to: str
    name: str = ""
    title: str = ""
    link: Link | None = None
    minutes: int = 30
    slots: tuple[tuple[int, int], ...] = ()
    """Times chosen by hand; empty: the program chooses `count`."""
    count: int = 3
    tzid: str = ""
    """The guest's zone; empty: the person's."""
    language: str = ""
    hold: bool = False
    expires: int | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer did."""

    proposal: Proposal
    reading: Reading
    sender: str = ""
    known_sender: bool = True
    trouble: str = ""
    """Why it was not booked, when it could have been."""


class Proposing:
    """See `core.agenda.desk.ProposingJob`."""

    def __init__(
        self, memory: Memory, events: Events, free: Free, links: Links, clock: Clock, home_tzid: str, signing: Signing
    ) -> None:
        self._memory = memory
        self._events = events
        self._free = free
        self._links = links
        self._clock = clock
        self._home = home_tzid
        self._holds = Holds(events, clock, home_tzid)
        self.mail = ProposalMail(memory, clock, home_tzid, signing)

    # --- offering ---------------------------------------------------------------------------------------------------

    def propose(self, wish: Wish) -> Proposal:
        """See `ProposingJob.propose`."""
        mime.addresses([wish.to])
        tzid = wish.tzid or self._home
        checked_zone(tzid)
        link = wish.link or self._plain_link(wish.minutes)
        calendar, account = self.target(link)
        if not account.address:
            raise BadInput(
                _("This account has no address to invite from."), hint=_("Give the account an address, then invite people.")
            )
        now = self._clock()
        slots = self._checked(wish.slots, now) if wish.slots else self.suggest(link, wish.count, tzid)
        if not slots:
            raise BadInput(_("There is no free time to offer."), hint=_("See why with: calmerge slots LINK --explain"))
        spoken = wish.language or (wish.link.language if wish.link else "") or language()
        made = Proposal(
            id=secrets.token_hex(11),
            to=bare(wish.to),
            name=" ".join(wish.name.split()),
            title=wish.title.strip() or (wish.link.title if wish.link else speech(spoken).text("Meeting")),
            minutes=(slots[0][1] - slots[0][0]) // 60,
            slots=tuple(slots),
            tzid=tzid,
            language=spoken,
            calendar=calendar.id,
            busy=link.busy,
            hold=wish.hold,
            link=link.id,
            location=link.location[0] if link.location else "",
            video=link.video,
            created=now,
            expires=wish.expires or _until(slots, now, held=wish.hold),
            secret=secrets.token_hex(16),
        )
        self._memory.proposals.add(made)
        self._holds.settle(made)
        return made

    def suggest(self, link: Link, count: int, tzid: str) -> Sequence[tuple[int, int]]:
        """The best few of the times a link offers now."""
        now = self._clock()
        if not 1 <= count <= _MOST_SLOTS:
            raise BadInput(_("Between 1 and {n} times can be offered.").format(n=_MOST_SLOTS))
        return best(self._links.slots(link, now, now + _LOOK_AHEAD).slots, count, tzid)

    def send(self, proposal: Proposal) -> int:
        """Queue the mail of a proposal; 0 when it is queued already."""
        return self._memory.post.put_letters([self.mail.letter(proposal, "offer", self.mail.words(proposal))])

    # --- looking ----------------------------------------------------------------------------------------------------

    def list(self) -> Sequence[Proposal]:
        """See `ProposingJob.list`."""
        return [self._aged(one) for one in self._memory.proposals.list()]

    def get(self, id: str) -> Proposal:
        """See `ProposingJob.get`."""
        found = [one for one in self._memory.proposals.list() if one.id == id or (len(id) >= 6 and one.id.startswith(id))]
        if len(found) != 1:
            raise UnknownId(_("There is no proposal “{id}”.").format(id=id[:40]))
        return self._aged(found[0])

    def held(self, proposal: Proposal, index: int) -> bool:
        """Whether a hold of this time is in the calendar."""
        return self._events.find_uid(proposal.hold_uid(index)) is not None

    # --- what comes back --------------------------------------------------------------------------------------------

    def read(self, data: bytes, *, book: bool = True) -> Answered:
        """See `ProposingJob.read`."""
        if mime.looks_like_mail(data):
            mail = mime.open_mail(data)
            text, sender, references = mail.text, mail.sender, mail.references
        else:
            text, sender, references = data.decode("utf-8", "replace"), "", ()
        if (picked := answered_page(self._memory, text, sender, self._clock())) is not None:
            return self._from_page(picked, sender)
        proposal = self._meant(text, sender, references)
        known = {one.id: bytes.fromhex(one.secret) for one in self._memory.proposals.list()}
        reading = read_answer(text, proposal.slots, proposal.tzid, proposal.id, known)
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
            self._memory.proposals.step(proposal.id, proposal.state, State.BOOKING, number)
        return self._finish(self.get(id))

    def counter(self, id: str, wanted: int) -> Words:
        """The polite mail when a chosen time went meanwhile, with the nearest others. Nothing is sent."""
        proposal = self.get(id)
        start, end = proposal.slots[wanted]
        link = self._plain_link((end - start) // 60)
        found = self._links.slots(link, max(self._clock(), start - 3 * DAY), start + 7 * DAY).slots
        near = sorted(found, key=lambda one: abs(one.start - start))[:3]
        slots = tuple(sorted((one.start, one.end) for one in near))
        offer = replace(self.mail.offer(proposal), slots=slots, links=(), held=False)
        reader = self.mail.reader(proposal)
        subject = self.mail.words(proposal).subject
        return proposing.other_times(offer, start, subject, reader, host=self.mail.host(proposal), guest=proposal.name)

    def answer(self, id: str) -> Reading | None:
        """See `ProposingJob.answer`."""
        text = self._memory.proposals.answer(self.get(id).id)
        return kept_reading(text) if text else None

    def set_aside(self, id: str) -> Proposal:
        """See `ProposingJob.set_aside`."""
        proposal = self.get(id)
        self._memory.proposals.step(proposal.id, State.ANSWERED, State.OPEN)
        self._memory.proposals.set_answer(proposal.id, "")
        return self.get(proposal.id)

    def withdraw(self, id: str) -> Proposal:
        """See `ProposingJob.withdraw`."""
        proposal = self.get(id)
        self._memory.proposals.step(proposal.id, proposal.state, State.WITHDRAWN)
        return self._settled(proposal.id)

    def reconcile(self) -> int:
        """See `ProposingJob.reconcile`."""
        touched = 0
        for one in self._memory.proposals.list():
            if one.state is State.BOOKING:
                self._finish(one)
                touched += 1
            elif one.state in LIVE or one.created > self._clock() - 60 * DAY:
                self._holds.settle(self._aged(one))
        return touched

    # ----------------------------------------------------------------------------------------------------------------

    def _from_page(self, picked: Picked, sender: str) -> Answered:
        """A guest chose on a page that is kept: a proposal to that guest. It waits, for anybody may open such a page."""
        link = next((one for one in self._links.list() if one.id == picked.link), None)
        calendar, _account = self.target(link or self._plain_link(picked.minutes))
        reading = Reading(How.TOKEN, (0,), 1.0, words=picked.words)
        made = picked.proposal(link, calendar.id, self._home, self._clock())
        known = self._memory.proposals.get(made.id)
        if known is None:
            self._memory.proposals.add(made)
        if known is None or known.state is State.OPEN:
            self._waits(made, reading)
        return Answered(self.get(made.id), reading, sender)

    def _waits(self, proposal: Proposal, reading: Reading) -> None:
        self._memory.proposals.set_answer(proposal.id, reading.kept())
        if proposal.state is State.OPEN:
            self._memory.proposals.step(proposal.id, State.OPEN, State.ANSWERED)

    def _aged(self, proposal: Proposal) -> Proposal:
        """An open proposal whose time is over is expired, and its holds are released."""
        if proposal.state in LIVE and proposal.expires <= self._clock():
            with suppress(Conflict):
                self._memory.proposals.step(proposal.id, proposal.state, State.EXPIRED)
            return self._settled(proposal.id)
        return proposal

    def _settled(self, id: str) -> Proposal:
        after = self._memory.proposals.get(id)
        assert after is not None
        self._holds.settle(after)
        return after

    def _meant(self, text: str, sender: str, references: Sequence[str]) -> Proposal:
        """The proposal an answer belongs to: by its token, by the mail it answers, or as the only one to this person."""
        every = self._memory.proposals.list()
        tokens = find_tokens(text, {one.id: bytes.fromhex(one.secret) for one in every})
        named = {one.proposal for one in tokens}
        ours = [one for one in every if one.id in named] or [
            one for one in every if mime.message_id(self.mail.key(one, "offer"), self.mail.address(one)) in references
        ]
        if not ours and sender:
            ours = [one for one in every if same_address(one.to, sender) and self._aged(one).state in LIVE]
        if not ours and not sender:
            ours = [one for one in every if self._aged(one).state in LIVE]
        if len(ours) != 1:
            raise UnknownId(
                _("It is not clear which proposal this answers."), hint=_("Book it with: calmerge proposal book ID NUMBER")
            )
        return self._aged(ours[0])

    def _check(self, proposal: Proposal, number: int, *, force: bool) -> None:
        """The final look at all calendars. Raises `Conflict`, `ServerTrouble`, `BadInput`."""
        start, end = proposal.slots[number]
        if start <= self._clock():
            raise BadInput(_("This time is over already."))
        own = self._holds.keys(proposal)
        busy, _sources = self._free.busy(start, end, self._home, proposal.busy or None)
        there = [one for one in busy if one.start < end and one.end > start and one.id.partition("@")[0] not in own]
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
        self._holds.settle(replace(proposal, state=State.BOOKED))
        try:
            self._memory.proposals.step(proposal.id, State.BOOKING, State.BOOKED, proposal.chosen)
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

    def target(self, link: Link) -> tuple[Calendar, Account]:
        """Where the meetings of a link go. Raises `UnknownId`, `ReadOnly`."""
        listed = self._memory.calendars()
        chosen = next((one for one in listed if (one.id == link.target if link.target else one.default)), None)
        if chosen is None:
            raise UnknownId(
                _("No calendar takes the new meetings."), hint=_("Choose one with: calmerge calendar set ID --default")
            )
        if chosen.access is not Access.WRITE:
            raise ReadOnly(_("“{name}” can only be read.").format(name=chosen.name))
        return chosen, next(one for one in self._memory.accounts() if one.id == chosen.account_id)

    @staticmethod
    def _plain_link(minutes: int) -> Link:
        if not 1 <= minutes <= 1440:
            raise BadInput(_("A meeting lasts between 1 minute and a day, not {n} minutes.").format(n=minutes))
        step = 30 if minutes >= 30 else 15
        return Link(title=_("Meeting"), slug="meeting", minutes=(minutes,), interval=step, horizon=Horizon(days=21))

    @staticmethod
    def _checked(slots: Sequence[tuple[int, int]], now: int) -> Sequence[tuple[int, int]]:
        if len(slots) > _MOST_SLOTS:
            raise BadInput(_("Between 1 and {n} times can be offered.").format(n=_MOST_SLOTS))
        for start, end in slots:
            if end <= start:
                raise BadInput(_("The event ends before it starts."))
            if start <= now:
                raise BadInput(_("This time is over already."))
        return sorted(set(slots))


def _until(slots: Sequence[tuple[int, int]], now: int, *, held: bool) -> int:
    """Some days; times that are held free are held until shortly before the first, others until the last begins."""
    starts = [start for start, _end in slots]
    return min(now + _OPEN_FOR, max(min(starts) - 3600, now + 3600)) if held else min(now + _OPEN_FOR, max(starts))


def _state_sentence(proposal: Proposal) -> str:
    return {
        State.BOOKED: _("A time of this proposal is booked already."),
        State.EXPIRED: _("The proposal has expired."),
        State.WITHDRAWN: _("The proposal was withdrawn."),
    }.get(proposal.state, _("The proposal is being booked."))

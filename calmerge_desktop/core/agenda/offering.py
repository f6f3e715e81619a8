"""Making offers: whom, which times, until when. One proposal a guest; those of one wish share their times and holds."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from calmerge_desktop.core.agenda.holding import Holds
from calmerge_desktop.core.agenda.links import Links
from calmerge_desktop.core.agenda.proposal_mail import ProposalMail
from calmerge_desktop.core.agenda.suggesting import best
from calmerge_desktop.core.availability.link import Link, on_clock
from calmerge_desktop.core.availability.rules import Horizon
from calmerge_desktop.core.errors import BadInput, ReadOnly, UnknownId
from calmerge_desktop.core.itip.message import bare
from calmerge_desktop.core.letters import mime
from calmerge_desktop.core.model import Access, Account, Calendar
from calmerge_desktop.core.proposal.model import Proposal
from calmerge_desktop.core.texts import _, language, speech
from calmerge_desktop.core.when import DAY, Clock
from calmerge_desktop.core.when import zone as checked_zone

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory

MOST_SLOTS = 60
MOST_GUESTS = 50
_OPEN_FOR = 4 * DAY
_LOOK_AHEAD = 21 * DAY


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is offered times."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the person wants to offer."""

    guests: tuple[Guest, ...]
    """Each gets a mail of their own and hears of none of the others."""
    title: str = ""
    link: Link | None = None
    minutes: int = 30
    slots: tuple[tuple[int, int], ...] = ()
    """Times chosen by hand; empty: the program chooses `count`."""
    count: int = 3
    tzid: str = ""
    """The guests' zone; empty: the person's."""
    language: str = ""
    hold: bool = False
    expires: int | None = None


class Offering:
    """Makes proposals; see `core.agenda.offers.ProposingJob`."""

    def __init__(self, memory: Memory, links: Links, holds: Holds, mail: ProposalMail, clock: Clock, home_tzid: str) -> None:
        self._memory = memory
        self._links = links
        self._holds = holds
        self._mail = mail
        self._clock = clock
        self._home = home_tzid

    def propose(self, wish: Wish, *, send: bool = False, wait: int = 0) -> Sequence[Proposal]:
        """See `ProposingJob.propose`."""
        made = self.sketched(wish)
        letters = [self._mail.letter(one, "offer", self._mail.words(one), wait=wait) for one in made] if send else []
        self._memory.proposals.add(made, letters)
        self._holds.settle(made)
        return made

    def sketched(self, wish: Wish) -> Sequence[Proposal]:
        """The proposals of a wish, checked; nothing is kept. Raises `BadInput`, `ReadOnly`, `UnknownId`."""
        guests = checked_guests(wish.guests)
        tzid = wish.tzid or self._home
        checked_zone(tzid)
        link = wish.link or plain_link(wish.minutes)
        calendar, account = self.target(link)
        if not account.address:
            raise without_address(account)
        now = self._clock()
        slots = checked_slots(wish.slots, now) if wish.slots else self.suggest(link, wish.count, tzid)
        if not slots:
            raise BadInput(_("There is no free time to offer."), typed=_("See why with: calmerge slots LINK --explain"))
        spoken = wish.language or (wish.link.language if wish.link else "") or language()
        first = Proposal(
            id=new_id(),
            to="",
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
            expires=wish.expires or until(slots, now, held=wish.hold),
            secret=new_secret(),
            shared=len(guests) > 1,
        )
        offering = new_id() if first.shared else first.id
        made = [replace(first, to=bare(one.address), name=" ".join(one.name.split()), offering=offering) for one in guests]
        return [made[0], *(replace(one, id=new_id(), secret=new_secret()) for one in made[1:])]

    def suggest(self, link: Link, count: int, tzid: str) -> Sequence[tuple[int, int]]:
        """See `ProposingJob.suggest`."""
        now = self._clock()
        if not 1 <= count <= MOST_SLOTS:
            raise BadInput(_("Between 1 and {n} times can be offered.").format(n=MOST_SLOTS))
        return best(self._links.slots(on_clock(link, tzid), now, now + _LOOK_AHEAD).slots, count, tzid)

    def target(self, link: Link) -> tuple[Calendar, Account]:
        """Where the meetings of a link go. Raises `UnknownId`, `ReadOnly`."""
        listed = self._memory.calendars()
        chosen = next((one for one in listed if (one.id == link.target if link.target else one.default)), None)
        if chosen is None:
            raise UnknownId(
                _("No calendar takes the new meetings."), typed=_("Choose one with: calmerge calendar set ID --default")
            )
        if chosen.access is not Access.WRITE:
            raise ReadOnly(_("“{name}” can only be read.").format(name=chosen.name))
        return chosen, next(one for one in self._memory.accounts() if one.id == chosen.account_id)


def without_address(account: Account) -> BadInput:
    """Nobody can be invited by an account of which no address is known: files, folders and calendars kept only here."""
    return BadInput(
        _("“{name}” has no mail address to invite from.").format(name=account.name),
        hint=_("Give it one: “Name and address…” in the menu of the account."),
        typed=_("Or type: calmerge account set {id} --address YOU@EXAMPLE.ORG").format(id=account.id),
    )


def new_id() -> str:
    """22 random hexadecimal digits."""
    return secrets.token_hex(11)


def new_secret() -> str:
    """32 random hexadecimal digits."""
    return secrets.token_hex(16)


def plain_link(minutes: int) -> Link:
    """The rules for a length without a booking link. Raises `BadInput`."""
    if not 1 <= minutes <= 1440:
        raise BadInput(_("A meeting lasts between 1 minute and a day, not {n} minutes.").format(n=minutes))
    step = 30 if minutes >= 30 else 15
    return Link(title=_("Meeting"), slug="meeting", minutes=(minutes,), interval=step, horizon=Horizon(days=21))


def checked_guests(guests: Sequence[Guest]) -> Sequence[Guest]:
    """Each address once, in order. Raises `BadInput`."""
    mime.addresses([one.address for one in guests])
    once = {bare(one.address).lower(): one for one in reversed(guests)}
    if not 1 <= len(once) <= MOST_GUESTS:
        raise BadInput(_("Times are offered to between 1 and {n} people.").format(n=MOST_GUESTS))
    return list(reversed(once.values()))


def checked_slots(slots: Sequence[tuple[int, int]], now: int) -> Sequence[tuple[int, int]]:
    """Times chosen by hand, by start, each once. Raises `BadInput`."""
    if len(slots) > MOST_SLOTS:
        raise BadInput(_("Between 1 and {n} times can be offered.").format(n=MOST_SLOTS))
    for start, end in slots:
        if end <= start:
            raise BadInput(_("The event ends before it starts."))
        if start <= now:
            raise BadInput(_("This time is over already."))
    return sorted(set(slots))


def until(slots: Sequence[tuple[int, int]], now: int, *, held: bool) -> int:
    """Some days; times that are held free are held until shortly before the first, others until the last begins."""
    starts = [start for start, _end in slots]
    return min(now + _OPEN_FOR, max(min(starts) - 3600, now + 3600)) if held else min(now + _OPEN_FOR, max(starts))

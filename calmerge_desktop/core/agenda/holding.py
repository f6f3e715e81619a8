"""Holds: tentative private events that keep offered times free. Each has a UID of its own, so none is ever made twice."""

from __future__ import annotations

from collections.abc import Sequence

from calmerge_desktop.core.agenda.events import Events
from calmerge_desktop.core.errors import ReadOnly, UnknownId
from calmerge_desktop.core.ics.block import read_block
from calmerge_desktop.core.ics.write import new_resource
from calmerge_desktop.core.instances import key_of
from calmerge_desktop.core.model import Draft, Stamp, Status
from calmerge_desktop.core.proposal.model import LIVE, Proposal, State
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock
from calmerge_desktop.core.zones import iana, wall_of

HOLD = "X-CALMERGE-HOLD"


class Holds:
    """The holds of proposals in the person's calendars."""

    def __init__(self, events: Events, clock: Clock, home_tzid: str) -> None:
        self._events = events
        self._clock = clock
        self._home = home_tzid

    def settle(self, offering: Sequence[Proposal]) -> None:
        """Let exactly the holds be there that the states of an offering's proposals ask for. Repeatable.

        All of them offer the same times, so each time has one hold, as long as a single one of them needs it.
        """
        one = offering[0]
        for index, slot in enumerate(one.slots):
            wanted = any(_needs(each, index, offering) for each in offering)
            there = self._events.find_uid(one.hold_uid(index))
            if wanted and there is None:
                self._events.add_text(one.calendar, self._text(one, index, slot))
            elif not wanted and there is not None:
                try:
                    self._events.delete(there.key)
                except (ReadOnly, UnknownId):
                    continue  # the calendar, or the hold in it, went by another way

    def there(self, proposal: Proposal, index: int) -> bool:
        """Whether the hold of a time is in the calendar."""
        return self._events.find_uid(proposal.hold_uid(index)) is not None

    def keys(self, proposal: Proposal) -> frozenset[str]:
        """Keys of the holds, to leave them out when the time is checked."""
        return frozenset(key_of(proposal.calendar, proposal.hold_uid(index)) for index in range(len(proposal.slots)))

    def _text(self, proposal: Proposal, index: int, slot: tuple[int, int]) -> str:
        start, end = (Stamp(wall_of(iana(self._home).to_wall(at)), self._home) for at in slot)
        draft = Draft(
            calendar=proposal.calendar,
            summary=_("Held: {title}").format(title=proposal.title),
            start=start,
            end=end,
            status=Status.TENTATIVE,
        )
        text = new_resource(draft, uid=proposal.hold_uid(index), now=self._clock(), organizer=None)
        calendar = read_block(text)
        for event in calendar.blocks("VEVENT"):
            event.put("CLASS", "CLASS:PRIVATE")
            event.put(HOLD, f"{HOLD}:{proposal.offering or proposal.id}-{index}")
            event.put("X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE")
        return calendar.text()


def _needs(proposal: Proposal, index: int, offering: Sequence[Proposal]) -> bool:
    """An open offer needs its times free, but for one another guest has; a booking its own until the meeting is there."""
    if not proposal.hold:
        return False
    if proposal.state in LIVE:
        return all(one.chosen != index or one.state is not State.BOOKED for one in offering)
    return proposal.state is State.BOOKING and proposal.chosen == index

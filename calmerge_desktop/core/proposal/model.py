"""A proposal: times offered to somebody, and the states it may be in.

    open ── answered ── booking ── booked
      │        │           └─ (the time was gone) ── open
      └────────┴── expired · withdrawn · replaced (by another proposal with other times)

Several proposals with the same times for several guests are one *offering*: their holds are common, and the first guest to
choose a time has it. A proposal that answers another one with other times *follows* it, in the same thread of mails.

`booking` is the moment between the decision and its last effect: whatever crashes there is finished at the next start.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from calmerge_desktop.core.errors import Conflict
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.texts import _


class State(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    ANSWERED = "answered"
    """An answer waits for the person."""
    BOOKING = "booking"
    BOOKED = "booked"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    """Other times were offered instead."""


class Why(StrEnum):
    """Why other times are offered; it decides how their mail begins."""

    TAKEN = "taken"
    """The time the guest chose went meanwhile."""
    DECLINED = "declined"
    """None of the times suited."""
    CHANGED = "changed"
    """Nobody answered yet."""
    EXPIRED = "expired"


class Past(NamedTuple):
    """One line of a proposal's history: an instant, and the state it came into then."""

    at: int
    state: State


_NEXT = {
    State.OPEN: {State.ANSWERED, State.BOOKING, State.EXPIRED, State.WITHDRAWN, State.REPLACED},
    State.ANSWERED: {State.OPEN, State.BOOKING, State.EXPIRED, State.WITHDRAWN, State.REPLACED},
    State.BOOKING: {State.BOOKED, State.OPEN},
    State.BOOKED: set[State](),
    State.EXPIRED: {State.BOOKING, State.REPLACED},
    State.WITHDRAWN: {State.OPEN, State.ANSWERED},
    State.REPLACED: {State.OPEN, State.ANSWERED, State.EXPIRED},
}
"""An expired proposal may still be booked: the person may be kind. What was withdrawn or replaced may be taken back."""
LIVE = frozenset({State.OPEN, State.ANSWERED})
"""States in which the offered times are held free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Times offered to one guest."""

    id: str
    """22 hexadecimal digits, random."""
    state: State = State.OPEN
    to: str
    name: str = ""
    """Of the guest, when known."""
    title: str
    minutes: int
    slots: tuple[tuple[int, int], ...]
    """Offered times as instants, in the order of the mail."""
    tzid: str
    """The guest's zone."""
    language: str
    calendar: CalendarId
    """Where the meeting and the holds go."""
    busy: tuple[CalendarId, ...] = ()
    """Calendars the final check looks at; none named: all that count as busy."""
    hold: bool = False
    link: str = ""
    location: str = ""
    video: str = ""
    created: int
    expires: int
    chosen: int | None = None
    """Index of the time that was chosen."""
    secret: str
    """32 hexadecimal digits, never shown; genuine tokens are made with it."""
    offering: str = ""
    """Id shared by the proposals that offer these times to several guests; alone, its own id."""
    shared: bool = False
    """Several guests were offered these times."""
    follows: str = ""
    """Id of the proposal it answers with other times."""
    root: str = ""
    """Id of the first proposal of that thread."""
    why: str = ""
    """`Why` it follows."""
    went: int | None = None
    """Instant of the time the guest had chosen."""
    subject: str = ""
    """Of the thread's first mail."""
    thread: tuple[str, ...] = ()
    """Message-IDs of the mails before it, the guest's answer last."""
    history: tuple[Past, ...] = ()

    @property
    def uid(self) -> str:
        """UID of the meeting, the same however often it is written and through all its counter-offers."""
        return f"{self.root or self.id}@proposal.calmerge"

    def hold_uid(self, index: int) -> str:
        """UID of the hold of one time, common to its offering."""
        return f"{self.offering or self.id}-{index}@hold.calmerge"


def check_step(before: State, after: State) -> None:
    """Raises `Conflict` for a step that is not legal."""
    if after not in _NEXT[before]:
        raise Conflict(_("The proposal is {state} already.").format(state=state_word(before)))


def state_word(state: State) -> str:
    """The state for people."""
    return {
        State.OPEN: _("open"),
        State.ANSWERED: _("answered"),
        State.BOOKING: _("being booked"),
        State.BOOKED: _("booked"),
        State.EXPIRED: _("expired"),
        State.WITHDRAWN: _("withdrawn"),
        State.REPLACED: _("replaced"),
    }[state]

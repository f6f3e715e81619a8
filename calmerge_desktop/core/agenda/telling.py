"""Whether the guests of an event wait for a word of its organizer: they know nothing of it, or not what changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from calmerge_desktop.core.agenda.events import HeldEvent
from calmerge_desktop.core.itip import make
from calmerge_desktop.core.itip.held import Held
from calmerge_desktop.core.itip.message import bare, is_me
from calmerge_desktop.core.mail_ports import SentBefore
from calmerge_desktop.core.model import Access

Word = Literal["", "invitation", "update", "cancellation"]


def due(held: HeldEvent, before: SentBefore | None, me: Sequence[str], *, cancel: bool) -> Word:
    """What the guests should get; nothing when the event is another's or has no guests. `me` are the person's addresses.

    `cancel`: the event is about to go, and they should hear of it if they ever heard of the event.
    """
    organizer = Held(held.ics).organizer
    if held.calendar.access is not Access.WRITE or organizer is None or not is_me(organizer.address, me):
        return ""
    if cancel:
        return "cancellation" if before is not None and before.recipients and make.recipients(held.ics, me) else ""
    if before is None:
        return "invitation" if make.recipients(held.ics, me) else ""
    return "update" if _told(before.ics) != _told(held.ics) else ""


def _told(ics: str) -> list[tuple[Any, ...]]:
    """What guests see of an event; not their own answers, nor what is counted up with every change."""
    work = Held(ics)
    found = []
    for block in work.blocks:
        one = work.event(block)
        people = frozenset(bare(each.address) for each in one.attendees)
        times = (one.start, one.end, one.duration, one.recurrence_id, one.rrules, one.rdates, one.exdates)
        found.append((times, one.summary, one.location, one.description, one.status, one.conference_url, people))
    return sorted(found, key=repr)

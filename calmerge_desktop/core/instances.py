"""Resource text -> instances of one calendar: what the cache stores, what an unsent edit shows, what a detail opens.

One way for all three, so that they cannot disagree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from calmerge_desktop.core.errors import UnreadableEvent, UnreadableRule
from calmerge_desktop.core.ics.read import read
from calmerge_desktop.core.ics.values import stamp
from calmerge_desktop.core.model import Book, CalendarId, Event, Instance
from calmerge_desktop.core.recurrence.expand import DATE, FLOATING, Occurrence, Series
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY, known_zone
from calmerge_desktop.core.zones import Zone, iana

MOST_A_DAY = 1500
"""A rule that yields more instances a day than there are minutes is set aside, …"""
MOST_DENSE = 12_000
"""… unless it ends after so many."""

_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]


class Placed(NamedTuple):
    """An instance and the axis its `start` and `end` lie on (`core.recurrence.expand`)."""

    axis: int
    place: int
    """Where in the series, 0 outside one."""
    instance: Instance
    event: Event
    """The VEVENT in force."""


def key_of(calendar: CalendarId, uid: str) -> str:
    """Short id of a resource, stable across runs, rebuilt caches, and whatever href a provider gives a new event."""
    digest = hashlib.blake2b(f"{calendar}\n{uid}".encode(), digest_size=7).digest()
    bits = int.from_bytes(digest, "big") << 4  # Base 32 (RFC 4648 §6), ten bits at once: every event asks for it
    return (
        f"e-{_PAIRS[bits >> 50]}{_PAIRS[bits >> 40 & 1023]}{_PAIRS[bits >> 30 & 1023]}"
        f"{_PAIRS[bits >> 20 & 1023]}{_PAIRS[bits >> 10 & 1023]}{_PAIRS[bits & 1023]}"
    )


def split_id(id: str) -> tuple[str, str | None]:
    """An instance id as (resource key, RECURRENCE-ID or None)."""
    key, at, rid = id.partition("@")
    return key, rid if at else None


@lru_cache(maxsize=512)
def open_series(ics: str, tzid: str | None) -> tuple[Series, tuple[str, ...]]:
    """The series of a resource, and sentences on VEVENTs of it that could not be read.

    Raises `UnreadableEvent` when nothing of it can be shown. A series is immutable, so asking again is free.
    """
    parsed = read(ics)
    if not parsed.events:
        raise UnreadableEvent(parsed.bad[0])
    floating = iana(tzid) if tzid else None
    try:
        series = Series(parsed.events, parsed.zones, floating)
    except (ValueError, OverflowError) as error:
        raise UnreadableEvent(_("A date of the event lies outside of any calendar.")) from error
    _check_density(series)
    return series, tuple(parsed.bad)


def placed(series: Series, book: Book, key: str, low: int, high: int) -> Iterator[Placed]:
    """Instances on their own axes: those that start before `high` and end after `low`."""
    for one in series.occurrences(low, high):
        yield as_placed(series, one, book, key)


def as_placed(series: Series, one: Occurrence, book: Book, key: str) -> Placed:
    """An occurrence of the series as an instance of its calendar."""
    return Placed(one.axis, one.rid or 0, _instance(series, one, book, key), one.event)


def place_at(series: Series, book: Book, key: str, rid: str) -> Placed | None:
    """The instance with this RECURRENCE-ID, wherever it was moved; None when there is none. Raises `UnreadableEvent`."""
    one = series.at(series.rid_of(stamp(rid, None)))
    return as_placed(series, one, book, key) if one else None


def resolved(found: Placed, zone: Zone) -> Instance:
    """A floating instance read on the wall clock of `zone`; others as they are."""
    if found.axis != FLOATING:
        return found.instance
    one = found.instance
    return one._replace(start=zone.to_utc(one.start), end=zone.to_utc(one.end))


def in_window(
    series: Series, book: Book, key: str, low: int, high: int, zone: Zone, *, since: int = -(1 << 60)
) -> Iterator[Instance]:
    """Instances that touch the instants `[low, high)`; dates and floating times on the wall clock of `zone`.

    Those that start before `since` on their own axis are left out.
    """
    wall_low, wall_high = zone.to_wall(low), zone.to_wall(high)
    for found in placed(series, book, key, min(low, wall_low) - DAY, max(high, wall_high) + DAY):
        first, last = (low, high) if found.axis not in (DATE, FLOATING) else (wall_low, wall_high)
        one = found.instance
        if since <= one.start < last and (one.end > first or one.start >= first):
            yield resolved(found, zone)


def _instance(series: Series, one: Occurrence, book: Book, key: str) -> Instance:
    event = one.event
    rid = series.rid_text(one.rid) if one.rid is not None else None
    tzid = event.start.tzid
    return Instance(
        id=f"{key}@{rid}" if rid else key,
        uid=event.uid,
        recurrence_id=rid,
        calendar=book.calendar,
        calendars=(book.calendar,),
        start=one.start,
        end=one.end,
        all_day=one.axis == DATE,
        summary=event.summary,
        location=event.location,
        tzid=tzid if tzid and (tzid == "UTC" or known_zone(tzid)) else None,
        status=event.status,
        transparent=event.transparent,
        partstat=_own_answer(event, book.address),
        recurring=series.recurring,
        private=event.private,
        conference_url=event.conference_url,
        has_people=bool(event.attendees or event.organizer),
    )


def _own_answer(event: Event, address: str | None) -> str | None:
    if not address:
        return None
    for attendee in event.attendees:
        if attendee.address == address:
            return attendee.partstat
    return "accepted" if event.attendees and event.organizer and event.organizer.address == address else None


def _check_density(series: Series) -> None:
    """A rule that fires every second fills every view and means nothing, unless it ends soon."""
    if series.busiest_day <= MOST_A_DAY:
        return
    if series.endless:
        raise UnreadableRule(_("The event repeats more often than every minute, without end."))
    if next(islice(series.occurrences(-(1 << 40), 1 << 40), MOST_DENSE, None), None) is not None:
        raise UnreadableRule(_("The event repeats more often than every minute, too often to be shown."))

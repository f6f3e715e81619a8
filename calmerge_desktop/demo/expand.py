"""Sample entries -> instances, by counting weeks: the sample needs no recurrence engine to be painted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2s
from zoneinfo import ZoneInfo

from calmerge_desktop.core import when
from calmerge_desktop.core.model import CalendarId, Instance, Status
from calmerge_desktop.demo.entries import TZID, Entry


@lru_cache(maxsize=256)
def uid(entry: Entry) -> str:
    """The UID of an entry: the same in every calendar that holds it, and in every run."""
    place = f"{entry.calendar}/{entry.title}/{entry.week}/{entry.day}/{entry.start}"
    return blake2s(place.encode(), digest_size=8).hexdigest() + "@demo.calmerge.example"


def calendar_id(key: str) -> CalendarId:
    """Id of a sample calendar."""
    return CalendarId("c-" + "".join(c for c in key if c.isalnum()))


def occurrences(entry: Entry, monday: date) -> Iterator[tuple[date, str | None]]:
    """Day and, when it was moved, the new `HH:MM` of every occurrence; skipped ones are left out."""
    if not entry.repeats:
        yield monday + timedelta(weeks=entry.week, days=entry.day), None
        return
    moved = {(week, day): at for week, day, at in entry.moved}
    for week in range(entry.week, entry.week + entry.times, entry.interval):
        for day in entry.repeats:
            if (week, day) not in entry.skipped:
                yield monday + timedelta(weeks=week, days=day), moved.get((week, day))


def wall(day: date, at: str) -> datetime:
    """A wall time in Berlin, aware."""
    hour, minute = map(int, at.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(TZID))


def instances(entry: Entry, monday: date) -> Iterator[Instance]:
    """Everything an entry puts on the calendar."""
    own = calendar_id(entry.calendar)
    held = (own, calendar_id(entry.also)) if entry.also else (own,)
    for day, moved in occurrences(entry, monday):
        if entry.start is None:
            start, end, written = when.date_seconds(day), when.date_seconds(day + timedelta(days=entry.length)), None
        else:
            begins = wall(day, moved or entry.start)
            start, end, written = int(begins.timestamp()), int((begins + timedelta(minutes=entry.length)).timestamp()), TZID
        place = when.utc_stamp(int(wall(day, entry.start).timestamp())) if entry.start else f"{day:%Y%m%d}"
        rid = place if entry.repeats else None
        yield Instance(
            id=f"{own}.{uid(entry)}.{rid or ''}",
            uid=uid(entry),
            recurrence_id=rid,
            calendar=own,
            calendars=held,
            start=start,
            end=end,
            all_day=entry.start is None,
            summary=entry.title,
            location=entry.place,
            tzid=written,
            status=Status.TENTATIVE if entry.tentative else Status.CONFIRMED,
            transparent=entry.calendar == "feiertage",
            partstat=entry.partstat,
            recurring=bool(entry.repeats),
            pending=entry.pending,
            conference_url=entry.url,
            has_people=bool(entry.guests),
        )

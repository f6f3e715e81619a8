"""Sample entries -> iCalendar text, through the icalendar library."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vRecur, vText

from calmerge_desktop.demo import expand
from calmerge_desktop.demo.entries import PERSON, Entry

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def ics(entry: Entry, monday: date, address: str) -> str:
    """The calendar object resource of an entry: its master and its overrides, with IANA TZIDs and no VTIMEZONE."""
    calendar = Calendar()
    calendar.add("prodid", "-//CalMerge//Sample//EN")
    calendar.add("version", "2.0")
    first = monday + timedelta(weeks=entry.week, days=entry.day)
    master = _event(entry, first, entry.start, address)
    if entry.repeats:
        _recur(master, entry, monday)
    calendar.add_component(master)
    for week, day, at in entry.moved:
        on = monday + timedelta(weeks=week, days=day)
        override = _event(entry, on, at, address)
        assert entry.start is not None
        override.add("recurrence-id", expand.wall(on, entry.start))
        calendar.add_component(override)
    return str(calendar.to_ical().decode())


def _event(entry: Entry, day: date, at: str | None, address: str) -> Event:
    event = Event()
    event.add("uid", expand.uid(entry))
    event.add("dtstamp", datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=9))
    event.add("summary", entry.title)
    if at is None:
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=entry.length))
    else:
        event.add("dtstart", expand.wall(day, at))
        event.add("dtend", expand.wall(day, at) + timedelta(minutes=entry.length))
    if entry.place:
        event.add("location", entry.place)
    if entry.url:
        event.add("url", entry.url)
    if entry.tentative:
        event.add("status", "TENTATIVE")
    if entry.calendar == "feiertage":
        event.add("transp", "TRANSPARENT")
    if entry.guests or entry.partstat:
        _people(event, entry, address)
    return event


def _recur(event: Event, entry: Entry, monday: date) -> None:
    """RRULE and EXDATE. UNTIL is an instant, as the start has a zone (RFC 5545 §3.3.10)."""
    assert entry.start is not None
    last = monday + timedelta(weeks=entry.week + entry.times - 1, days=6)
    rule = {
        "freq": "WEEKLY",
        "byday": [_WEEKDAYS[day] for day in entry.repeats],
        "until": expand.wall(last, "23:59").astimezone(UTC),
    }
    if entry.interval > 1:
        rule["interval"] = entry.interval
    event.add("rrule", vRecur(rule))
    for week, day in entry.skipped:
        event.add("exdate", expand.wall(monday + timedelta(weeks=week, days=day), entry.start))


def _people(event: Event, entry: Entry, address: str) -> None:
    """Lena organizes, unless `partstat` says that somebody invited her."""
    others = [_person(name, mail, "ACCEPTED") for name, mail in entry.guests]
    me = _person(PERSON, address, (entry.partstat or "accepted").upper())
    invited = entry.partstat is not None
    host = (
        (others[0] if others else _person("Geschäftsstelle", "post@verein-lindenhof.example", "ACCEPTED")) if invited else me
    )
    event.add("organizer", host)
    for person in [host, *others] if invited and not others else others:
        event.add("attendee", person)
    event.add("attendee", me)


def _person(name: str, mail: str, partstat: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{mail}")
    person.params["cn"] = vText(name)
    person.params["partstat"] = vText(partstat)
    person.params["role"] = vText("REQ-PARTICIPANT")
    return person

"""Instances as the JSON of the contract and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from calmerge_desktop.cli.face import Face
from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import Attendee, Event, EventDetail, Instance, SourceStatus
from calmerge_desktop.core.texts import _, language
from calmerge_desktop.core.when import seconds_date

_LONG = {"de": "EEEE, d. MMMM y", "en": "EEEE d MMMM y"}
_SHORT = {"de": "EEE, d. MMM HH:mm", "en": "EEE d MMM HH:mm"}


def clock(seconds: int, tz: ZoneInfo) -> str:
    """`Wed 25 Nov 09:00` for people."""
    from babel.dates import format_datetime

    return str(format_datetime(datetime.fromtimestamp(seconds, tz), _SHORT[language()], locale=language()))


def moment(seconds: int | None, tz: ZoneInfo) -> str | None:
    """RFC 3339 with the offset of `tz`."""
    return None if seconds is None else datetime.fromtimestamp(seconds, tz).isoformat()


def edge(one: Instance, seconds: int, tz: ZoneInfo) -> str:
    """Start or end of an instance: a date for an all-day one, else RFC 3339."""
    return seconds_date(seconds).isoformat() if one.all_day else str(moment(seconds, tz))


def instances(face: Face, ones: Sequence[Instance], tz: ZoneInfo) -> list[dict[str, Any]]:
    """The `instances` of `agenda` and `search`."""
    accounts = {calendar.id: calendar.account_id for calendar in face.profile.store.calendars()}
    out = []
    for one in ones:
        event = _event_of(face, one) if one.has_people else None
        out.append(instance(one, event, accounts.get(one.calendar), tz))
    return out


def instance(one: Instance, event: Event | None, account: str | None, tz: ZoneInfo) -> dict[str, Any]:
    """One instance, as the contract describes it."""
    return {
        "id": one.id,
        "uid": one.uid,
        "recurrence_id": one.recurrence_id,
        "calendar": one.calendar,
        "calendars": list(one.calendars),
        "account": account,
        "summary": one.summary,
        "start": edge(one, one.start, tz),
        "end": edge(one, one.end, tz),
        "all_day": one.all_day,
        "timezone": one.tzid,
        "status": one.status.value,
        "transparent": one.transparent,
        "location": one.location,
        "organizer": person(event.organizer) if event and event.organizer else None,
        "attendees": [person(who) for who in event.attendees] if event else [],
        "partstat": one.partstat,
        "recurring": one.recurring,
        "private": one.private,
        "conference_url": one.conference_url,
        "pending": one.pending,
        "conflict": one.conflict,
    }


def detail(found: EventDetail, tz: ZoneInfo) -> dict[str, Any]:
    """The `event` of `event add/show/edit`."""
    return instance(found.instance, found.event, found.account, tz) | {
        "rrule": found.rrule,
        "sequence": found.event.sequence,
        "description": found.event.description,
    }


def person(who: Attendee) -> dict[str, Any]:
    """An organizer or attendee."""
    return {"address": who.address, "name": who.name, "partstat": who.partstat, "role": who.role}


def state(status: SourceStatus, tz: ZoneInfo) -> dict[str, Any]:
    """The honest age of a source."""
    return {"state": status.state.value, "as_of": moment(status.as_of, tz), "reason": status.reason}


def lines(ones: Sequence[Instance], names: dict[str, str], tz: ZoneInfo) -> Iterator[str]:
    """An agenda for people: a heading a day, then time, title, place and calendar."""
    from babel.dates import format_date

    last: date | None = None
    for one in ones:
        day = seconds_date(one.start) if one.all_day else datetime.fromtimestamp(one.start, tz).date()
        if day != last:
            if last is not None:
                yield ""
            yield format_date(day, _LONG[language()], locale=language())
            last = day
        where = f" · {one.location.splitlines()[0]}" if one.location else ""
        yield f"  {_times(one, tz):<13}  {one.summary}{where}  [{names.get(one.calendar, '')}]{_marks(one)}"
    if last is None:
        yield _("Nothing in this span.")


def _times(one: Instance, tz: ZoneInfo) -> str:
    from babel.dates import format_time

    if one.all_day:
        last = seconds_date(one.end - 1)
        return _("all-day") if last == seconds_date(one.start) else _("until {day}").format(day=_short(last))
    start, end = (datetime.fromtimestamp(seconds, tz) for seconds in (one.start, one.end))
    return f"{format_time(start, 'HH:mm', locale=language())}–{format_time(end, 'HH:mm', locale=language())}"


def _short(day: date) -> str:
    from babel.dates import format_skeleton

    return str(format_skeleton("Md", datetime(day.year, day.month, day.day, tzinfo=UTC), locale=language()))


def _marks(one: Instance) -> str:
    marks = []
    if one.pending:
        marks.append(_("not sent yet"))
    if one.conflict:
        marks.append(_("needs your decision"))
    if one.status.value != "confirmed":
        marks.append({"tentative": _("tentative"), "cancelled": _("cancelled")}[one.status.value])
    if one.partstat == "declined":
        marks.append(_("declined"))
    return f"  ({', '.join(marks)})" if marks else ""


def _event_of(face: Face, one: Instance) -> Event | None:
    try:
        return face.profile.desk.events.detail(one.id).event
    except CalmergeError:
        return None

"""What the event editor holds, what is wrong with it, and what it becomes: a Draft or Changes. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from calmerge_desktop.core.model import CalendarId, Changes, Draft, EventDetail, Stamp
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import local, seconds_date
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.event import repetition
from calmerge_desktop.ui.event.repetition import Every, Repetition

_ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+$")
_LONGEST_INTERVAL = 999
NO_REPETITION = Repetition()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields as typed. `last_day` is the last date an all-day event covers (inclusive, as people say it)."""

    title: str = ""
    all_day: bool = False
    first_day: date
    start: time = time(9)
    last_day: date
    end: time = time(10)
    tzid: str
    """IANA name; an event without a zone is edited on the person's wall."""
    floating: bool = False
    """Keep it without a zone."""
    calendar: CalendarId | None
    place: str = ""
    description: str = ""
    repetition: Repetition = NO_REPETITION
    people: tuple[str, ...] = ()
    busy: bool = True


def blank(day: date, start: time | None, tzid: str, calendar: CalendarId | None) -> Form:
    """A new event of an hour, or of a whole day when `start` is None."""
    if start is None:
        return Form(all_day=True, first_day=day, last_day=day, tzid=tzid, calendar=calendar)
    end = datetime.combine(day, start) + timedelta(hours=1)
    return Form(first_day=day, start=start, last_day=end.date(), end=end.time(), tzid=tzid, calendar=calendar)


def of(detail: EventDetail, tzid: str) -> Form:
    """The form of an event that exists, on the wall of its own zone."""
    event, instance = detail.event, detail.instance
    own = phrases.zone_or(event.start.tzid, tzid)
    if instance.all_day:
        first = seconds_date(instance.start)
        last = max(seconds_date(instance.end - 1), first)
        start, end = time(9), time(10)
    else:
        begin, finish = local(instance.start, ZoneInfo(own)), local(instance.end, ZoneInfo(own))
        first, last, start, end = begin.date(), finish.date(), begin.time(), finish.time()
    return Form(
        title=event.summary,
        all_day=instance.all_day,
        first_day=first,
        start=start,
        last_day=last,
        end=end,
        tzid=own,
        floating=event.start.tzid is None and not instance.all_day,
        calendar=instance.calendar,
        place=event.location,
        description=event.description,
        repetition=repetition.read(detail.rrule, first, None if instance.all_day else own),
        people=tuple(person.address for person in event.attendees),
        busy=not event.transparent,
    )


def check(form: Form) -> dict[str, str]:
    """What is wrong, by field (`end`, `calendar`, `interval`, `until`, `people`), each a sentence that helps."""
    wrong: dict[str, str] = {}
    if form.calendar is None:
        wrong["calendar"] = _("No calendar takes new events. Link one that you may write to.")
    if form.all_day:
        if form.last_day < form.first_day:
            wrong["end"] = _("The last day is before the first.")
    elif _wall(form.last_day, form.end) <= _wall(form.first_day, form.start):
        wrong["end"] = _("The end is not after the start.")
    again = form.repetition
    if again.every not in (Every.NEVER, Every.OTHER):
        if again.until is not None and again.until < form.first_day:
            wrong["until"] = _("It would end before it begins.")
        if not 1 <= again.interval <= _LONGEST_INTERVAL:
            wrong["interval"] = _("Use a number from 1 to 999.")
    if bad := [person for person in form.people if not is_address(person)]:
        wrong["people"] = _("“{text}” is no mail address.").format(text=bad[0])
    return wrong


def is_address(text: str) -> bool:
    """Whether `text` looks like a mail address."""
    return bool(_ADDRESS.match(text))


def stamps(form: Form) -> tuple[Stamp, Stamp]:
    """Start and exclusive end as a VEVENT writes them."""
    if form.all_day:
        return Stamp(form.first_day), Stamp(form.last_day + timedelta(days=1))
    tzid = None if form.floating else form.tzid
    return Stamp(_wall(form.first_day, form.start), tzid), Stamp(_wall(form.last_day, form.end), tzid)


def length(form: Form) -> int:
    """How long it is on the wall, in seconds; negative when it ends before it starts."""
    return int((_wall(form.last_day, form.end) - _wall(form.first_day, form.start)).total_seconds())


def draft(form: Form) -> Draft:
    """The new event. The form has passed `check`."""
    assert form.calendar is not None
    start, end = stamps(form)
    return Draft(
        calendar=form.calendar,
        summary=form.title.strip(),
        start=start,
        end=end,
        location=form.place.strip(),
        description=form.description.strip(),
        rrule=_rule(form) or None,
        attendees=form.people,
        transparent=not form.busy,
    )


def changes(form: Form, before: Form) -> Changes:
    """Only what differs from `before`, so that what the editor does not know stays as it is."""
    moved = stamps(form) != stamps(before)
    start, end = stamps(form)
    return Changes(
        summary=_new(form.title.strip(), before.title),
        start=start if moved else None,
        end=end if moved else None,
        location=_new(form.place.strip(), before.place),
        description=_new(form.description.strip(), before.description.strip()),
        rrule=_rule(form) if form.repetition != before.repetition else None,
        attendees=form.people if form.people != before.people else None,
        transparent=(not form.busy) if form.busy != before.busy else None,
        calendar=form.calendar if form.calendar != before.calendar else None,
    )


def is_change(made: Changes) -> bool:
    """Whether anything differs."""
    return made != Changes()


def _rule(form: Form) -> str:
    return repetition.write(form.repetition, form.first_day, None if form.all_day or form.floating else form.tzid)


def _new(now: str, before: str) -> str | None:
    return now if now != before else None


def _wall(day: date, at: time) -> datetime:
    return datetime.combine(day, at.replace(tzinfo=None))

"""`event` and `conflict`: one event, from the command line."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from calmerge_desktop.cli.face import Face, pass_face
from calmerge_desktop.cli.show import detail, lines
from calmerge_desktop.cli.speaking import group
from calmerge_desktop.core.errors import BadInput, UserMustAct
from calmerge_desktop.core.model import Changes, Draft, Event, EventDetail, Scope, Stamp, Status
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import parse_moment

_SCOPE = click.option(
    "--scope", type=click.Choice(["this", "following", "all"]), default=None, help="How much of a series is meant."
)


@group()
def event() -> None:
    """Create, look at, change and delete events."""


@event.command("add")
@click.option("--calendar", help="Id or name; else the calendar that takes new events.")
@click.option("--title", required=True, help="What the event is called.")
@click.option("--start", required=True, help="A date or a date-time.")
@click.option("--end", help="Exclusive; without it an hour, or a day.")
@click.option("--all-day", is_flag=True, help="Whole days, without a time.")
@click.option("--rrule", help="A repetition such as FREQ=WEEKLY;BYDAY=MO.")
@click.option("--attendee", "attendees", multiple=True, help="A mail address; may be repeated.")
@click.option("--location", default="", help="Where it takes place.")
@click.option("--description", default="", help="Notes on the event.")
@click.option("--free", is_flag=True, help="Does not make you busy.")
@click.option("--tentative", is_flag=True, help="Not settled yet.")
@click.option("--tz", help="An IANA zone such as Europe/Berlin.")
@pass_face
def add(
    face: Face,
    calendar: str | None,
    title: str,
    start: str,
    end: str | None,
    all_day: bool,
    rrule: str | None,
    attendees: tuple[str, ...],
    location: str,
    description: str,
    free: bool,
    tentative: bool,
    tz: str | None,
) -> None:
    """Create an event; it is sent by the next sync."""
    zone = face.tz(tz)
    begin, finish = _times(start, end, zone, all_day=all_day)
    draft = Draft(
        calendar=(face.calendar(calendar) if calendar else face.profile.default_calendar()).id,
        summary=title,
        start=begin,
        end=finish,
        location=location,
        description=description,
        rrule=rrule,
        attendees=attendees,
        transparent=free,
        status=Status.TENTATIVE if tentative else Status.CONFIRMED,
    )
    _show(face, face.profile.desk.events.add(draft), zone)


@event.command("show")
@click.argument("id")
@click.option("--tz", help="An IANA zone such as Europe/Berlin.")
@pass_face
def show(face: Face, id: str, tz: str | None) -> None:
    """Everything about one event."""
    _show(face, face.profile.desk.events.detail(id), face.tz(tz))


@event.command("edit")
@click.argument("id")
@_SCOPE
@click.option("--calendar", help="Move to this calendar.")
@click.option("--title", help="Another title.")
@click.option("--start", help="A date or a date-time.")
@click.option("--end", help="Exclusive; without it the length stays.")
@click.option("--all-day", is_flag=True, help="Whole days, without a time.")
@click.option("--rrule", help="A repetition; an empty one ends it.")
@click.option("--attendee", "attendees", multiple=True, help="All attendees there shall be; may be repeated.")
@click.option("--location", help="Another place; an empty one takes it away.")
@click.option("--description", help="Other notes; empty ones take them away.")
@click.option("--free/--busy", "free", default=None, help="Whether it makes you busy.")
@click.option("--status", type=click.Choice(["confirmed", "tentative", "cancelled"]), help="Whether it takes place.")
@click.option("--tz", help="An IANA zone such as Europe/Berlin.")
@pass_face
def edit(
    face: Face,
    id: str,
    scope: str | None,
    calendar: str | None,
    title: str | None,
    start: str | None,
    end: str | None,
    all_day: bool,
    rrule: str | None,
    attendees: tuple[str, ...],
    location: str | None,
    description: str | None,
    free: bool | None,
    status: str | None,
    tz: str | None,
) -> None:
    """Change an event; what is not named stays as it is."""
    zone = face.tz(tz)
    found = face.profile.desk.events.detail(id)
    begin, finish = _new_times(found, start, end, zone, all_day=all_day)
    changes = Changes(
        summary=title,
        start=begin,
        end=finish,
        location=location,
        description=description,
        rrule=rrule,
        attendees=attendees or None,
        transparent=free,
        status=Status(status) if status else None,
        calendar=face.calendar(calendar).id if calendar else None,
    )
    _show(face, face.profile.desk.events.edit(id, changes, _scope(scope, id, found)), zone)


@event.command("delete")
@click.argument("id")
@_SCOPE
@pass_face
def delete(face: Face, id: str, scope: str | None) -> None:
    """Delete an event; the journal can bring it back."""
    found = face.profile.desk.events.detail(id)
    ticket = face.profile.desk.events.delete(id, _scope(scope, id, found))
    face.emit(
        {"deleted": id, "journal": ticket},
        [_("Deleted. Take it back with: calmerge journal undo {ticket}").format(ticket=ticket)],
    )


@group()
def conflict() -> None:
    """Events changed here and at the provider since they last agreed."""


@conflict.command("list")
@pass_face
def list_conflicts(face: Face) -> None:
    """Every event that waits for your choice."""
    found = face.profile.desk.events.conflicts()
    document = {
        "conflicts": [
            {
                "id": one.id,
                "calendar": one.calendar,
                "mine": one.mine.summary if one.mine else None,
                "theirs": one.theirs.summary if one.theirs else None,
                "reason": one.reason,
                "gone": one.gone,
            }
            for one in found
        ]
    }
    words = [f"{one.id}  {_title(one.mine)} / {_title(one.theirs)}  {one.reason or ''}".rstrip() for one in found]
    face.emit(document, words or [_("Nothing waits for your choice.")])


@conflict.command("resolve")
@click.argument("id")
@click.argument("keep", type=click.Choice(["mine", "theirs", "both", "move", "drop"]))
@click.option("--calendar", help="Where your version moves to.")
@pass_face
def resolve(face: Face, id: str, keep: str, calendar: str | None) -> None:
    """Keep your version, theirs, or both; move yours to another calendar, or drop it."""
    target = face.calendar(calendar).id if calendar else None
    face.profile.desk.events.resolve(id, "theirs" if keep == "drop" else keep, target)
    face.emit({"resolved": id, "keep": keep}, [_("Settled. It is sent by the next sync.")])


def _title(one: Event | None) -> str:
    return one.summary if one else _("deleted")


def _scope(given: str | None, id: str, found: EventDetail) -> Scope:
    """An occurrence of a series needs a scope to be named."""
    if given:
        return Scope(given)
    if found.instance.recurring and "@" in id:
        raise UserMustAct(
            _("This event repeats."), hint=_("Say which occurrences you mean: --scope this, following or all.")
        )
    return Scope.ALL


def _times(start: str, end: str | None, zone: ZoneInfo, *, all_day: bool) -> tuple[Stamp, Stamp]:
    begin = parse_moment(start, zone)
    if all_day or not isinstance(begin, datetime):
        first = begin.date() if isinstance(begin, datetime) else begin
        last = parse_moment(end, zone) if end else None
        final = last.date() if isinstance(last, datetime) else last
        if final is None or (final == first and not isinstance(last, datetime)):
            final = first + timedelta(days=1)
        return Stamp(first), Stamp(final)
    finish = parse_moment(end, zone) if end else begin + timedelta(hours=1)
    if not isinstance(finish, datetime):
        raise BadInput(_("The end needs a time, as the start has one."))
    return _stamp(begin, zone), _stamp(finish, zone)


def _new_times(
    found: EventDetail, start: str | None, end: str | None, zone: ZoneInfo, *, all_day: bool
) -> tuple[Stamp | None, Stamp | None]:
    if start is None and end is None:
        if all_day and not found.instance.all_day:
            day = datetime.fromtimestamp(found.instance.start, zone).date()
            return Stamp(day), Stamp(day + timedelta(days=1))
        return None, None
    one = found.instance
    length = timedelta(seconds=one.end - one.start)
    if start is None:
        start = _as_text(one.start, zone, all_day=one.all_day)
    begin, finish = _times(start, end, zone, all_day=all_day)
    if end is None:
        if begin.all_day and one.all_day:
            finish = Stamp(begin.value + length)
        elif not begin.all_day and not one.all_day:
            finish = Stamp(begin.value + length, begin.tzid)
    return begin, finish


def _as_text(seconds: int, zone: ZoneInfo, *, all_day: bool) -> str:
    from calmerge_desktop.core.when import seconds_date

    value: date = seconds_date(seconds) if all_day else datetime.fromtimestamp(seconds, zone).replace(tzinfo=None)
    return value.isoformat()


def _stamp(moment: datetime, zone: ZoneInfo) -> Stamp:
    return Stamp(moment.astimezone(zone).replace(tzinfo=None, microsecond=0), zone.key)


def _show(face: Face, found: EventDetail, zone: ZoneInfo) -> None:
    names = {str(one.id): one.name for one in face.profile.store.calendars()}
    words = [*lines([found.instance], names, zone), f"  id: {found.instance.id}"]
    if found.rrule:
        words.append(f"  {found.rrule}")
    if found.event.description:
        words += ["", *("  " + line for line in found.event.description.splitlines())]
    face.emit({"event": detail(found, zone)}, words)

"""`link`, `slots` and `schedule`: what may be booked, and when."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from calmerge_desktop.cli.face import Face, pass_face, table
from calmerge_desktop.cli.free import between, reason, source, trouble
from calmerge_desktop.cli.show import moment
from calmerge_desktop.cli.speaking import command, group
from calmerge_desktop.core.availability.explain import Closed
from calmerge_desktop.core.availability.link import Link, on_clock
from calmerge_desktop.core.availability.plain import from_plain, slug_of, to_plain, to_toml
from calmerge_desktop.core.availability.presets import NAMES, preset
from calmerge_desktop.core.availability.series import SeriesDate
from calmerge_desktop.core.availability.words import say
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.freebusy import Busy
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import instant, parse_moment

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group()
def link() -> None:
    """Booking links: each is one kind of meeting with its rules."""


@link.command("add")
@click.option("--preset", "start", metavar="NAME", help="Start from a preset: " + ", ".join(NAMES))
@click.option("--file", type=_FILE, help="A TOML file with the settings.")
@click.option("--title", help="What the meeting is called.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Any setting, as TOML has it; may be repeated.")
@pass_face
def add(face: Face, start: str | None, file: Path | None, title: str | None, settings: tuple[str, ...]) -> None:
    """A new booking link."""
    if not (start or file or title or settings):
        raise BadInput(
            _("What kind of meeting shall it be?"),
            typed=_("Begin with --preset {names}, or --file.").format(names="|".join(NAMES)),
        )
    given: dict[str, Any] = to_plain(preset(start)) if start else {}
    if file:
        given |= _toml(file)
    if title:
        given["title"] = title
        if not file:
            given["slug"] = slug_of(title)
    given |= _settings(settings)
    given.pop("id", None)
    if "slug" not in given and "title" in given:
        given["slug"] = slug_of(str(given["title"]))
    made = from_plain(_resolved(face, given))
    _show(face, face.profile.desk.links.keep(made))


@link.command("list")
@pass_face
def list_links(face: Face) -> None:
    """All booking links."""
    links = face.profile.desk.links.list()
    rows = [[one.id, one.slug, one.title, _minutes(one), "" if one.active else _("off")] for one in links]
    head = [_("id"), _("address"), _("title"), _("minutes"), ""]
    face.emit(
        {"links": [_link(face, one) for one in links]},
        table(rows, head) or [_("There is no booking link yet. Begin with: calmerge link add --preset check-in")],
    )


@link.command("presets")
@pass_face
def presets(face: Face) -> None:
    """Links to start from."""
    made = [preset(name) for name in NAMES]
    rows = [[name, one.title, one.description] for name, one in zip(NAMES, made, strict=True)]
    document = {"presets": [{"name": name} | to_plain(one) for name, one in zip(NAMES, made, strict=True)]}
    face.emit(document, table(rows, [_("name"), _("title"), ""]))


@link.command("show")
@click.argument("name")
@click.option("--toml", "as_toml", is_flag=True, help="As a TOML file.")
@pass_face
def show(face: Face, name: str, as_toml: bool) -> None:
    """One link with its settings."""
    found = face.profile.desk.links.get(name)
    if as_toml and not face.as_json:
        click.echo(to_toml(replace(found, id="")), nl=False)
        return
    _show(face, found)


@link.command("edit")
@click.argument("name")
@click.option("--file", type=_FILE, help="A TOML file: its settings replace the old ones.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Any setting, as TOML has it; may be repeated.")
@click.option("--unset", multiple=True, metavar="KEY", help="Back to the default; may be repeated.")
@pass_face
def edit(face: Face, name: str, file: Path | None, settings: tuple[str, ...], unset: tuple[str, ...]) -> None:
    """Change a link."""
    found = face.profile.desk.links.get(name)
    given = to_plain(found) | (_toml(file) if file else {}) | _settings(settings)
    for key in unset:
        given.pop(key, None)
    given.pop("id", None)
    made = replace(from_plain(_resolved(face, given)), id=found.id)
    _show(face, face.profile.desk.links.keep(made))


@link.command("remove")
@click.argument("name")
@pass_face
def remove(face: Face, name: str) -> None:
    """Forget a link. What was booked stays."""
    face.profile.desk.links.remove(name)
    face.emit({"removed": name}, [_("Removed.")])


@command()
@click.argument("name", metavar="LINK")
@click.option("--from", "first", help="A date, a date-time, or today, monday, +7d.")
@click.option("--to", "last", help="Exclusive.")
@click.option("--tz", help="An IANA zone such as Europe/Berlin.")
@click.option("--minutes", type=int, help="One of the link's lengths.")
@click.option("--explain", is_flag=True, help="Say for every open hour that is not offered what decided.")
@click.option("--series", "start", help="Look at every date of the series that begins then.")
@pass_face
def slots(
    face: Face,
    name: str,
    first: str | None,
    last: str | None,
    tz: str | None,
    minutes: int | None,
    explain: bool,
    start: str | None,
) -> None:
    """Times a booking link offers."""
    zone = face.tz(tz)
    job = face.profile.desk.links
    found = job.get(name) if tz is None else on_clock(job.get(name), zone.key)
    if start is not None:
        dates = job.series(found, instant(parse_moment(start, zone), zone), minutes=minutes)
        face.emit({"dates": [_date(one, zone) for one in dates]}, [_date_line(one, zone) for one in dates])
        return
    low, high = face.span(first, last, zone)
    answer = job.slots(found, low, high, minutes=minutes)
    hosts = _hosts(face, found)
    document: dict[str, Any] = {
        "slots": [
            {"start": moment(one.start, zone), "end": moment(one.end, zone), "hosts": hosts}
            | ({"rank": one.rank} if found.prefer else {})
            | ({"free_seats": one.free_seats} if found.seats > 1 else {})
            for one in answer.slots
        ],
        "sources": [source(one, zone) for one in answer.sources],
    }
    lines = [between(one.start, one.end, zone) for one in answer.slots] or [_("No time is offered in this span.")]
    if explain:
        closed = job.closed(found, answer)
        document["closed"] = [_closed(one, zone) for one in closed]
        lines += ["", *(_closed_line(one, zone) for one in closed)]
    face.emit(document, [*lines, *trouble(answer.sources)])


# --- words and documents ----------------------------------------------------------------------------------------------


def _show(face: Face, found: Link) -> None:
    document = _link(face, found)
    face.emit({"link": document}, to_toml(found).rstrip().splitlines())
    if not face.as_json:
        for said in document["warnings"]:
            click.echo(said, err=True)


def _link(face: Face, found: Link) -> dict[str, Any]:
    return {"id": found.id, **to_plain(found), "warnings": list(face.profile.desk.links.warnings(found))}


def _hosts(face: Face, found: Link) -> list[str]:
    calendars = face.profile.store.calendars()
    target = next((one for one in calendars if (one.id == found.target if found.target else one.default)), None)
    accounts = {one.id: one.address for one in face.profile.store.accounts()}
    address = accounts.get(target.account_id) if target else None
    return [address] if address else []


def _closed(one: Closed, tz: ZoneInfo) -> dict[str, Any]:
    said = say(one.causes, tz)
    events = [reason(cause.what) for cause in one.causes if isinstance(cause.what, Busy)]
    return {
        "start": moment(one.start, tz),
        "end": moment(one.end, tz),
        "because": said.because,
        "also": [cause.kind for cause in one.causes[1:]],
        "events": events,
        "detail": said.detail,
        "opens_if": said.opens_if,
    }


def _closed_line(one: Closed, tz: ZoneInfo) -> str:
    said = say(one.causes, tz)
    return f"{between(one.start, one.end, tz):<34}  {said.detail} {said.opens_if}"


def _date(one: SeriesDate, tz: ZoneInfo) -> dict[str, Any]:
    return {
        "start": moment(one.start, tz),
        "end": moment(one.end, tz),
        "free": one.free,
        "shift_to": [{"start": moment(slot.start, tz), "end": moment(slot.end, tz)} for slot in one.shift_to],
        "swap_to": [{"start": moment(slot.start, tz), "end": moment(slot.end, tz)} for slot in one.swap_to],
    }


def _date_line(one: SeriesDate, tz: ZoneInfo) -> str:
    text = f"{between(one.start, one.end, tz):<34}  {_('free') if one.free else _('taken')}"
    instead = [between(slot.start, slot.end, tz) for slot in (*one.shift_to, *one.swap_to)]
    return text + (_(" – instead: {times}, or skip it").format(times=", ".join(instead)) if instead else "")


def _minutes(one: Link) -> str:
    return ", ".join(map(str, one.minutes))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(_("“{name}” cannot be read.").format(name=path.name)) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is one, too
        raise BadInput(_("“{name}” is no TOML: {problem}").format(name=path.name, problem=str(error))) from error


def _settings(given: Sequence[str]) -> dict[str, Any]:
    """`KEY=VALUE` pairs; a value that is no TOML is taken as words."""
    out: dict[str, Any] = {}
    for one in given:
        key, equals, value = one.partition("=")
        if not equals or not key.strip():
            raise BadInput(_("“{text}” is no setting.").format(text=one[:40]), hint=_("Use a form such as minutes=30."))
        try:
            read: Any = tomllib.loads(f"x = {value}")["x"]
        except (ValueError, RecursionError):
            read = value
        out[key.strip()] = read
    return out


def _resolved(face: Face, given: dict[str, Any]) -> dict[str, Any]:
    """Calendars may be given by name. A calendar that does not exist stays, and is warned of."""
    names = {one.name: str(one.id) for one in face.profile.store.calendars()}
    if isinstance(busy := given.get("busy"), list):
        given["busy"] = [names.get(one, one) if isinstance(one, str) else one for one in busy]
    if isinstance(target := given.get("target"), str):
        given["target"] = names.get(target, target)
    return given


# --- schedules --------------------------------------------------------------------------------------------------------


@group()
def schedule() -> None:
    """Named weekly hours with their exceptions."""


@schedule.command("list")
@pass_face
def list_schedules(face: Face) -> None:
    """All schedules; the first is the usual one."""
    from calmerge_desktop.core.availability.plain_schedule import schedule_to_plain

    found = face.profile.desk.links.schedules()
    document = {"schedules": [{"id": one.id} | schedule_to_plain(one) for one in found]}
    rows = [[one.id, one.name, one.tzid, one.holidays] for one in found]
    face.emit(document, table(rows, [_("id"), _("name"), _("zone"), _("holidays")]))


@schedule.command("add")
@click.option("--file", type=_FILE, required=True, help="TOML, or .ics with VAVAILABILITY.")
@click.option("--replace", "old", metavar="ID", help="Take the place of this one.")
@pass_face
def add_schedule(face: Face, file: Path, old: str | None) -> None:
    """A new schedule from a file."""
    from calmerge_desktop.core.availability.plain_schedule import schedule_from_plain, schedule_to_plain
    from calmerge_desktop.core.availability.vavailability import from_ics

    job = face.profile.desk.links
    if file.suffix.lower() == ".ics":
        made = from_ics(_text(file), file.stem, face.profile.home_tzid)
    else:
        made = schedule_from_plain({"timezone": face.profile.home_tzid} | _toml(file))
    if old:
        made = replace(made, id=job.schedule(old).id)
    kept = job.keep_schedule(made)
    face.emit({"schedule": {"id": kept.id} | schedule_to_plain(kept)}, [_("Saved as {id}.").format(id=kept.id)])


@schedule.command("show")
@click.argument("name")
@click.option("--ics", "as_ics", is_flag=True, help="As VAVAILABILITY (RFC 7953).")
@pass_face
def show_schedule(face: Face, name: str, as_ics: bool) -> None:
    """One schedule, as TOML or .ics."""
    from calmerge_desktop.core.availability.plain_schedule import schedule_to_plain, schedule_to_toml
    from calmerge_desktop.core.availability.vavailability import to_ics

    found = face.profile.desk.links.schedule(name)
    if face.as_json:
        face.emit({"schedule": {"id": found.id} | schedule_to_plain(found)}, [])
    elif as_ics:
        sys.stdout.write(to_ics(found, datetime.now().year))
    else:
        click.echo(schedule_to_toml(found), nl=False)


@schedule.command("remove")
@click.argument("name")
@pass_face
def remove_schedule(face: Face, name: str) -> None:
    """Forget a schedule that no link uses."""
    face.profile.desk.links.remove_schedule(name)
    face.emit({"removed": name}, [_("Removed.")])


def _text(path: Path) -> str:
    from calmerge_desktop.core.ics.split import decode

    try:
        return decode(path.read_bytes())
    except OSError as error:
        raise BadInput(_("“{name}” cannot be read.").format(name=path.name)) from error

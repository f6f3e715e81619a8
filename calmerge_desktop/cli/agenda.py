"""`agenda`, `search` and `week`: looking at the merged calendar."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from calmerge_desktop.cli.face import Face, pass_face
from calmerge_desktop.cli.show import instance, instances, lines
from calmerge_desktop.cli.speaking import command
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.model import Instance
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import parse_moment


@command()
@click.option("--from", "first", help="A date, a date-time, or today, monday, +7d.")
@click.option("--to", "last", help="Exclusive.")
@click.option("--tz", help="An IANA zone such as Europe/Berlin.")
@click.option("--calendar", "calendars", multiple=True, help="Only this calendar; may be repeated.")
@click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Look into this .ics file instead."
)
@click.option("--merged/--raw", default=True, help="A meeting once, or every copy of every calendar.")
@pass_face
def agenda(
    face: Face,
    first: str | None,
    last: str | None,
    tz: str | None,
    calendars: tuple[str, ...],
    file: Path | None,
    merged: bool,
) -> None:
    """Instances of a span; with --file those of an .ics file, without linking it."""
    zone = face.tz(tz)
    low, high = face.span(first, last, zone)
    if file is not None:
        found, bad = _peek(file, low, high, zone)
        document = {"instances": [instance(one, None, None, zone) for one in found], "set_aside": bad}
        face.emit(document, list(lines(found, {"": file.name}, zone)))
        return
    shown = face.profile.desk.view.instances(
        low, high, zone.key, merged=merged, visible_only=merged and not calendars, calendars=face.calendars(calendars)
    )
    names = {str(one.id): one.name for one in face.profile.store.calendars()}
    document = {"instances": instances(face, shown, zone)} if face.as_json else {}
    face.emit(document, [] if face.as_json else list(lines(shown, names, zone)))


def _peek(file: Path, low: int, high: int, zone: ZoneInfo) -> tuple[list[Instance], int]:
    from calmerge_desktop.core.peek import peek
    from calmerge_desktop.core.zones import iana

    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadInput(_("“{name}” cannot be read.").format(name=file.name)) from error
    return peek(data, low, high, iana(zone.key))


@command()
@click.argument("text", nargs=-1, required=True)
@click.option("--from", "first", help="A date, a date-time, or today, monday, +7d.")
@click.option("--to", "last", help="Exclusive.")
@click.option("--tz", help="An IANA zone such as Europe/Berlin.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many at most.")
@pass_face
def search(face: Face, text: tuple[str, ...], first: str | None, last: str | None, tz: str | None, limit: int) -> None:
    """Events whose title, place, description or people match all words."""
    zone = face.tz(tz)
    dates = [
        moment.date() if isinstance(moment, datetime) else moment
        for moment in (parse_moment(given, zone) for given in (first, last) if given)
    ]
    found = face.profile.desk.search.find(
        " ".join(text),
        first=dates[0] if first else None,
        last=dates[-1] if last else None,
        tzid=zone.key,
        limit=limit,
    )
    ordered = sorted(found, key=lambda one: one.start)
    names = {str(one.id): one.name for one in face.profile.store.calendars()}
    document = {"instances": instances(face, ordered, zone)} if face.as_json else {}
    face.emit(document, [] if face.as_json else list(lines(ordered, names, zone)) if ordered else [_("Nothing found.")])


@command()
@click.option("--date", "day", default="today", help="Any day of the week.")
@click.option("--png", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--size", default="1440x900", show_default=True, help="Width x height in pixels.")
@click.option(
    "--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True, help="The colours of the picture."
)
@click.option("--tz", help="An IANA zone such as Europe/Berlin.")
@click.option("--lang", type=click.Choice(["de", "en"]), help="The language of the picture.")
@pass_face
def week(face: Face, day: str, png: Path, size: str, theme: str, tz: str | None, lang: str | None) -> None:
    """The week as a picture, by the same painter as the window."""
    zone = face.tz(tz)
    moment = parse_moment(day, zone)
    chosen = moment.date() if isinstance(moment, datetime) else moment
    face.profile.week_picture(chosen, zone.key, size=parse_size(size), theme=theme, language=lang, path=png)
    face.emit({"png": str(png)}, [_("Written: {name}").format(name=png.name)])


def parse_size(text: str) -> tuple[int, int]:
    """`1440x900` as numbers. Raises `BadInput`."""
    width, x, height = text.lower().partition("x")
    if not (x and width.isdecimal() and height.isdecimal()):
        raise BadInput(_("“{size}” is no size.").format(size=text[:40]), hint=_("Use a form such as 1440x900."))
    if not (320 <= int(width) <= 8000 and 240 <= int(height) <= 8000):
        raise BadInput(_("A picture is between 320x240 and 8000x8000 pixels."))
    return int(width), int(height)

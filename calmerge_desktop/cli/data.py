"""`export`, `backup`, `restore` and `doctor`: data out and in, and the state of the set-up."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from calmerge_desktop.cli.face import Face, pass_face
from calmerge_desktop.cli.speaking import command
from calmerge_desktop.core.texts import _, ngettext


@command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "first", help="A date, a date-time, or today, monday, +7d.")
@click.option("--to", "last", help="Exclusive.")
@click.option("--tz", help="An IANA zone such as Europe/Berlin.")
@click.option("--calendar", "calendars", multiple=True, help="Only this calendar; may be repeated.")
@click.option("--busy-only", is_flag=True, help="Times only: no titles, places or people.")
@pass_face
def export(
    face: Face, file: Path, first: str | None, last: str | None, tz: str | None, calendars: tuple[str, ...], busy_only: bool
) -> None:
    """Write events as an .ics file."""
    zone = face.tz(tz)
    span = face.span(first, last, zone, "+366d") if first or last or busy_only else None
    wanted = face.calendars(calendars)
    text, count = face.profile.desk.export.text(span, zone.key, calendars=wanted, busy_only=busy_only)
    face.profile.write_file(file, text.encode())
    face.emit(
        {"file": str(file), "events": count}, [ngettext("{n} event written.", "{n} events written.", count).format(n=count)]
    )


@command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_face
def backup(face: Face, file: Path) -> None:
    """Write accounts, roles, unsent changes, journal, settings and own calendars into one file."""
    names = face.profile.backup(file)
    face.emit(
        {"file": str(file), "contents": names},
        [_("Backup written. Passwords are not in it; sign in again after a restore on another computer.")],
    )


@command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_face
def restore(face: Face, file: Path) -> None:
    """Take a backup back. What was here before is kept beside it."""
    kept = face.program.restore(face.home, file)
    face.emit(
        {"restored": str(file), "kept": kept}, [_("Restored. What was here before is kept in {name}.").format(name=kept)]
    )


@command()
@pass_face
def doctor(face: Face) -> None:
    """Check the set-up and say what to do."""
    found = face.profile.checks()
    document = {"checks": [{"name": one.name, "ok": one.ok, "message": one.message, "hint": one.hint} for one in found]}
    lines = []
    for one in found:
        lines.append(f"{'✓' if one.ok else '✗'} {one.name}: {one.message}")
        if one.hint and not one.ok:
            lines.append(f"    {one.hint}")
    face.emit(document, lines if sys.stdout.encoding.lower().startswith("utf") else [_ascii(line) for line in lines])
    if not all(one.ok for one in found):
        raise click.exceptions.Exit(3)


def _ascii(line: str) -> str:
    return line.replace("✓", "ok").replace("✗", "!!")

"""`journal`: every change the person made to a calendar, and taking it back."""

from __future__ import annotations

import click

from calmerge_desktop.cli.face import Face, pass_face, table
from calmerge_desktop.cli.show import clock, moment
from calmerge_desktop.cli.speaking import group
from calmerge_desktop.core.model import Access
from calmerge_desktop.core.texts import _


@group(invoke_without_command=True)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many at most.")
@click.pass_context
def journal(ctx: click.Context, limit: int) -> None:
    """Every change made to a calendar, newest first."""
    if ctx.invoked_subcommand is not None:
        return
    face = ctx.ensure_object(Face)
    tz = face.tz(None)
    listed = face.profile.store.calendars()
    accounts = {one.id: one.account_id for one in listed}
    alive = {one.id for one in listed if one.access is not Access.GONE}
    waits = {one.id: one.reason or _("Changed in two places.") for one in face.profile.desk.events.conflicts()}
    names = {str(one.id): one.name for one in listed}
    entries, times = [], []
    for entry in face.profile.journal(limit):
        times.append(entry.at)
        action = "create" if entry.before is None else "delete" if entry.after is None else "change"
        entries.append(
            {
                "id": f"j-{entry.id}",
                "at": moment(entry.at, tz),
                "account": accounts.get(entry.calendar),
                "calendar": entry.calendar,
                "action": action,
                "before": entry.before,
                "after": entry.after,
                "undoable": not entry.undone and entry.calendar in alive,
                "waits": waits.get(entry.key),
            }
        )
    words = {"create": _("created"), "delete": _("deleted"), "change": _("changed")}
    rows = [
        [
            str(one["id"]),
            clock(at, tz),
            words[str(one["action"])],
            names.get(str(one["calendar"]), str(one["calendar"])),
            str(one["waits"] or ("" if one["undoable"] else _("undone"))),
        ]
        for one, at in zip(entries, times, strict=True)
    ]
    head = [_("id"), _("when"), _("what"), _("calendar"), ""]
    face.emit({"entries": entries}, table(rows, head) or [_("Nothing was changed yet.")])


@journal.command("undo")
@click.argument("id")
@pass_face
def undo(face: Face, id: str) -> None:
    """Take a change back."""
    face.profile.desk.events.undo(id)
    face.emit({"undone": id}, [_("Taken back. It is sent by the next sync.")])

"""`publish`: pages of open times that are kept in a folder of the web."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import click

from calmerge_desktop.cli.accounts import read_password
from calmerge_desktop.cli.face import Face, pass_face, table
from calmerge_desktop.cli.show import moment
from calmerge_desktop.cli.speaking import command
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.proposal.published import Care, Published
from calmerge_desktop.core.texts import _, ngettext


@command()
@click.argument("links", nargs=-1, metavar="[LINK …]")
@click.option("--folder", metavar="DIR|URL", help="A folder of this computer, or the address of one at a WebDAV server.")
@click.option("--user", default="", help="The name to sign in with at the server.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--stop", "stops", is_flag=True, help="Take the pages away, and keep them no longer.")
@click.option("--list", "lists", is_flag=True, help="Only show what is published.")
@pass_face
def publish(
    face: Face, links: tuple[str, ...], folder: str | None, user: str, password_stdin: bool, stops: bool, lists: bool
) -> None:
    """Keep pages of open times in a folder of the web: those of LINKs, or without one those of all open offers.

    A page is brought up to date by every `sync`, by `agent` and by the window, when times change and
    before it grows old.
    Answers come by mail. Nothing but free times leaves.
    """
    job = face.profile.desk.publishing
    chosen: list[Link | None] = [face.profile.desk.links.get(name) for name in links]
    if lists:
        _show(face, job.list())
        return
    if stops:
        if not chosen and not folder:
            raise BadInput(_("Say what to stop: name a link, or --folder."))
        chosen = chosen or [None]
        _show(face, [page for one in chosen for page in job.stop(one, folder or "")], stopped=True)
        return
    if not folder:
        raise BadInput(_("Say where the pages go, with --folder."))
    password = read_password(stdin=password_stdin) if password_stdin or job.needs_password(folder, user) else None
    _show(face, [job.publish(one, folder, user=user, password=password) for one in chosen or [None]])


def _show(face: Face, pages: Sequence[Published], *, stopped: bool = False) -> None:
    tz = face.tz(None)
    written = [name for page in pages for name in page.files]
    document = {"published": written, "pages": [_page(page, tz) for page in pages]}
    troubled = [page for page in pages if page.trouble]
    if stopped and not troubled:
        face.emit(document, [_("Taken away.")])
        return
    rows = [[page.slug or _("open offers"), page.address, _times(page), page.trouble] for page in pages]
    head = [_("page"), _("folder"), _("shows"), _("trouble")]
    lines = table(rows, head) or [_("Nothing is published.")]
    face.emit(document, lines)
    if stopped:
        raise click.exceptions.Exit(4)  # it is tried again with every sync


def _times(page: Published) -> str:
    if not page.link:
        return ngettext("{n} file", "{n} files", len(page.files)).format(n=len(page.files))
    count = len(page.shown[-1].starts) if page.shown else 0
    return ngettext("{n} time", "{n} times", count).format(n=count)


def _page(page: Published, tz: ZoneInfo) -> dict[str, Any]:
    last = page.shown[-1] if page.shown else None
    web = "://" in page.address
    return {
        "link": page.link or None,
        "folder": page.address,
        "files": list(page.files),
        "url": page.address + quote(f"{page.slug}.html") if web and page.link else None,
        "state": "trouble" if page.trouble else ("kept" if page.care is Care.KEPT else "stopped"),
        "trouble": page.trouble or None,
        "times": len(last.starts) if last else None,
        "as_of": moment(last.known, tz) if last else None,
        "expires": moment(last.expires, tz) if last else None,
    }

"""`propose` and `publish`: times offered by mail, and the guest's page."""

from __future__ import annotations

import sys
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from calmerge_desktop.cli.face import Face, pass_face
from calmerge_desktop.cli.proposal_words import document, printed
from calmerge_desktop.cli.speaking import command
from calmerge_desktop.core.agenda.offering import Guest, Wish
from calmerge_desktop.core.availability.shapes import minutes as length
from calmerge_desktop.core.errors import BadInput, UnknownId
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import instant, parse_moment


@command()
@click.argument("what", metavar="LINK_OR_MINUTES")
@click.option("--to", "guests", required=True, multiple=True, metavar="ADDRESS", help="To whom; may be repeated.")
@click.option("--name", default="", help="The guest's name.")
@click.option("--title", default="", help="What the meeting is about.")
@click.option("--slot", "slots", multiple=True, help="A time of your own choice, START or START/END; may be repeated.")
@click.option("--count", type=int, default=3, show_default=True, help="How many times to offer.")
@click.option("--tz", help="The guest's zone, such as America/New_York.")
@click.option("--lang", type=click.Choice(["de", "en"]), help="The guest's language.")
@click.option("--expires", help="Until when the offer stands.")
@click.option("--format", "form", type=click.Choice(["text", "html", "ics", "eml"]), help="What to print.")
@click.option(
    "--page", type=click.Path(dir_okay=False, path_type=Path), help="Write the guest's page with the offer inside."
)
@click.option("--hold", is_flag=True, help="Keep the times free with tentative events.")
@click.option("--send", is_flag=True, help="Really send it.")
@pass_face
def propose(
    face: Face,
    what: str,
    guests: tuple[str, ...],
    name: str,
    title: str,
    slots: tuple[str, ...],
    count: int,
    tz: str | None,
    lang: str | None,
    expires: str | None,
    form: str | None,
    page: Path | None,
    hold: bool,
    send: bool,
) -> None:
    """Offer times by mail. LINK_OR_MINUTES is a booking link, or a length such as 30m.

    Several guests get a mail each over the same times; the first who chooses a time has it.
    """
    job = face.profile.desk.proposing
    zone = face.tz(None)
    link, lasts = _what(face, what)
    wish = Wish(
        guests=_guests(guests, name),
        title=title,
        link=link,
        minutes=lasts,
        slots=tuple(slot(one, zone, lasts) for one in slots),
        count=count,
        tzid=face.tz(tz).key if tz else "",
        language=lang or "",
        hold=hold,
        expires=instant(parse_moment(expires, zone), zone) if expires else None,
    )
    if page is not None and len(wish.guests) > 1:
        raise BadInput(
            _("The page with an offer inside is for one guest."), hint=_("Write each with: calmerge proposal page ID FILE")
        )
    made = job.propose(wish, send=send)
    if page is not None:
        face.profile.write_file(page, job.mail.page(made[0]).encode())
    if form and not face.as_json:
        sys.stdout.write("\n".join(printed(face, one, form) for one in made))
        return
    words = job.mail.words(made[0])
    n = len(made)
    queued = (
        ngettext("{n} mail is queued to be sent.", "{n} mails are queued to be sent.", n).format(n=n)
        if n > 1
        else _("It is queued to be sent.")
    )
    said = queued if send else _("Nothing was sent. To send it, add --send.")
    lines = [f"{_('Subject')}: {words.subject}", "", words.text(), said]
    if n > 1:
        lines.append(_("The same to: {names}").format(names=", ".join(one.to for one in made[1:])))
    documents = [document(face, one) for one in made]
    face.emit({"proposal": documents[0], "proposals": documents}, lines)


# ----------------------------------------------------------------------------------------------------------------------


def _guests(typed: tuple[str, ...], name: str) -> tuple[Guest, ...]:
    """`Sam Okafor <sam@example.org>` or a bare address each; `name` is for a single one."""
    if name and len(typed) > 1:
        raise BadInput(
            _("One name cannot be for several guests."), hint=_('Write each as: --to "Sam Okafor <sam@example.org>"')
        )
    parsed = [parseaddr(one) for one in typed]
    return tuple(
        Guest(address or text.strip(), name or called) for text, (called, address) in zip(typed, parsed, strict=True)
    )


def _what(face: Face, what: str) -> tuple[Any, int]:
    """A booking link with its usual length, or None and a length."""
    try:
        found = face.profile.desk.links.get(what)
    except UnknownId:
        try:
            return None, length("LINK_OR_MINUTES", what)
        except BadInput as error:
            raise BadInput(
                _("“{text}” is neither a booking link nor a length of time.").format(text=what[:40]), hint=error.hint
            ) from error
    return found, found.minutes[0]


def slot(text: str, zone: ZoneInfo, minutes: int) -> tuple[int, int]:
    """A time as START or START/END; START alone lasts `minutes`. Raises `BadInput`."""
    start_text, slash, end_text = text.partition("/")
    start = _moment(start_text, zone)
    return start, _moment(end_text, zone) if slash else start + minutes * 60


def _moment(text: str, zone: ZoneInfo) -> int:
    found = parse_moment(text, zone)
    if not isinstance(found, datetime):
        raise BadInput(_("“{text}” has no time of day.").format(text=text[:40]))
    return instant(found, zone)

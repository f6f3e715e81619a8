"""`proposal`: what was offered, what came back, and what is done about it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from calmerge_desktop.cli.face import Face, pass_face, table
from calmerge_desktop.cli.proposal_words import (
    answer_document,
    answer_words,
    document,
    printed,
    view_document,
    view_lines,
)
from calmerge_desktop.cli.proposing import slot
from calmerge_desktop.cli.speaking import group
from calmerge_desktop.core.errors import BadInput, Conflict
from calmerge_desktop.core.proposal.model import LIVE, state_word
from calmerge_desktop.core.texts import _


@group()
def proposal() -> None:
    """Proposals: look at them, withdraw them, read answers."""


@proposal.command("list")
@pass_face
def list_proposals(face: Face) -> None:
    """All proposals, newest first."""
    found = face.profile.desk.proposing.list()
    rows = [[one.id[:8], state_word(one.state), one.to, one.title] for one in found]
    face.emit(
        {"proposals": [document(face, one) for one in found]},
        table(rows, [_("id"), _("state"), _("to"), _("title")]) or [_("Nothing was proposed yet.")],
    )


@proposal.command("show")
@click.argument("id")
@click.option("--format", "form", type=click.Choice(["text", "html", "ics", "eml"]), help="Print the mail in this form.")
@pass_face
def show(face: Face, id: str, form: str | None) -> None:
    """One proposal: each of its times as it stands now, and its mail."""
    view = face.profile.desk.proposing.look(id)
    if form and not face.as_json:
        sys.stdout.write(printed(face, view.proposal, form))
    else:
        mail = face.profile.desk.proposing.mail.words(view.proposal)
        face.emit(
            {"proposal": view_document(face, view)}, [*view_lines(view, face.tz(None)), "", mail.subject, "", mail.text()]
        )


@proposal.command("page")
@click.argument("id")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@pass_face
def page(face: Face, id: str, file: Path) -> None:
    """Write the guest's page with the offer inside: one file that works anywhere."""
    job = face.profile.desk.proposing
    face.profile.write_file(file, job.mail.page(job.get(id)).encode())
    face.emit({"page": str(file)}, [_("Written: {name}").format(name=file.name)])


@proposal.command("withdraw")
@click.argument("id")
@pass_face
def withdraw(face: Face, id: str) -> None:
    """Take an offer back; its holds are released."""
    found = face.profile.desk.proposing.withdraw(id)
    face.emit({"proposal": document(face, found)}, [_("Withdrawn. Nobody was told.")])


@proposal.command("reopen")
@click.argument("id")
@pass_face
def reopen(face: Face, id: str) -> None:
    """Let a withdrawn offer stand again, with its holds."""
    found = face.profile.desk.proposing.reopen(id)
    face.emit({"proposal": document(face, found)}, [_("The offer stands again.")])


@proposal.command("send")
@click.argument("id")
@click.option("--again", is_flag=True, help="Once more, in the same thread.")
@pass_face
def send(face: Face, id: str, again: bool) -> None:
    """Really send the mail of a proposal."""
    job = face.profile.desk.proposing
    queued = job.send(job.get(id), once_more=again)
    face.emit({"queued": queued}, [_("It is queued to be sent.") if queued else _("It was queued before.")])


@proposal.command("read")
@click.argument("file", default="-")
@pass_face
def read(face: Face, file: str) -> None:
    """Take in an answer: a mail or its text, - for standard input. A sure answer from the guest is booked."""
    answered = face.profile.desk.proposing.read(_data(file))
    said = {"proposal": document(face, answered.proposal), "answer": answer_document(answered)}
    if answered.trouble and answered.proposal.state in LIVE and answered.reading.sure:
        raise Conflict(answered.trouble, hint=_("See other times with: calmerge proposal counter ID NUMBER"))
    face.emit(said, answer_words(answered))


@proposal.command("book")
@click.argument("id")
@click.argument("number", type=int)
@click.option("--force", is_flag=True, help="Also when the time is taken or a calendar cannot be read.")
@pass_face
def book(face: Face, id: str, number: int, force: bool) -> None:
    """Book one of the offered times (1, 2, 3 …): event, invitation, and the other times are released."""
    found = face.profile.desk.proposing.book(id, number - 1, force=force)
    face.emit({"proposal": document(face, found)}, [_("Booked. The invitation waits to be sent.")])


@proposal.command("counter")
@click.argument("id")
@click.argument("number", type=int, required=False)
@click.option("--slot", "slots", multiple=True, help="A time of your own choice, START or START/END; may be repeated.")
@click.option("--count", type=int, default=3, show_default=True, help="How many times to offer.")
@click.option("--keep", is_flag=True, help="Let it stand without sending it, to be sent by hand.")
@click.option("--send", is_flag=True, help="Really send it.")
@pass_face
def counter(face: Face, id: str, number: int | None, slots: tuple[str, ...], count: int, keep: bool, send: bool) -> None:
    """Offer other times in the same thread: the nearest to time NUMBER (1, 2, 3 …) that went, or others than before.

    Without --send or --keep it only shows the mail.
    """
    job = face.profile.desk.proposing
    found = job.get(id)
    zone = face.tz(None)
    own = tuple(slot(one, zone, found.minutes) for one in slots)
    made = job.others(id, None if number is None else number - 1, slots=own, count=count)
    if send or keep:
        made = job.counter(made, send=send)
    words = job.mail.words(made)
    said = _("Nothing was sent or changed. To send it, add --send.")
    if send:
        said = _("It is queued to be sent.")
    elif keep:
        said = _("It stands instead of the earlier offer. Send it with: calmerge proposal send {id}").format(id=made.id[:8])
    said_mail = {"subject": words.subject, "text": words.text(), "html": words.html()}
    lines = [f"{_('Subject')}: {words.subject}", "", words.text(), said]
    face.emit({**said_mail, "proposal": document(face, made) if send or keep else None}, lines)


# ----------------------------------------------------------------------------------------------------------------------


def _data(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read() if hasattr(sys.stdin, "buffer") else sys.stdin.read().encode()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise BadInput(_("“{name}” cannot be read.").format(name=Path(name).name)) from error

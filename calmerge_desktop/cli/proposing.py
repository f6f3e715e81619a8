"""`propose` and `proposal`: times offered by mail, and what comes back."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from calmerge_desktop.cli.face import Face, pass_face, table
from calmerge_desktop.cli.free import between
from calmerge_desktop.cli.show import moment
from calmerge_desktop.core.agenda.proposing import Answered, Wish
from calmerge_desktop.core.availability.plain import minutes as length
from calmerge_desktop.core.errors import BadInput, Conflict, UnknownId
from calmerge_desktop.core.proposal.model import LIVE, Proposal, State, state_word
from calmerge_desktop.core.proposal.reading import How
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import instant, parse_moment


@click.command()
@click.argument("what", metavar="LINK_OR_MINUTES")
@click.option("--to", required=True, metavar="ADDRESS", help="To whom.")
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
    to: str,
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
    """Offer times by mail. LINK_OR_MINUTES is a booking link, or a length such as 30m."""
    job = face.profile.desk.proposing
    zone = face.tz(None)
    link, lasts = _what(face, what)
    wish = Wish(
        to=to,
        name=name,
        title=title,
        link=link,
        minutes=lasts,
        slots=tuple(_slot(one, zone, lasts) for one in slots),
        count=count,
        tzid=face.tz(tz).key if tz else "",
        language=lang or "",
        hold=hold,
        expires=instant(parse_moment(expires, zone), zone) if expires else None,
    )
    made = job.propose(wish)
    if page is not None:
        face.profile.write_file(page, job.mail.page(made).encode())
    if send:
        job.send(made)
    if form and not face.as_json:
        sys.stdout.write(_printed(face, made, form))
        return
    words = job.mail.words(made)
    said = _("It is queued to be sent.") if send else _("Nothing was sent. To send it, add --send.")
    face.emit({"proposal": _proposal(face, made)}, [f"{_('Subject')}: {words.subject}", "", words.text(), said])


@click.group()
def proposal() -> None:
    """Proposals: look at them, withdraw them, read answers."""


@proposal.command("list")
@pass_face
def list_proposals(face: Face) -> None:
    """All proposals, newest first."""
    found = face.profile.desk.proposing.list()
    rows = [[one.id[:8], state_word(one.state), one.to, one.title] for one in found]
    face.emit(
        {"proposals": [_proposal(face, one) for one in found]},
        table(rows, [_("id"), _("state"), _("to"), _("title")]) or [_("Nothing was proposed yet.")],
    )


@proposal.command("show")
@click.argument("id")
@click.option("--format", "form", type=click.Choice(["text", "html", "ics", "eml"]), default="text", show_default=True)
@pass_face
def show(face: Face, id: str, form: str) -> None:
    """One proposal with its mail."""
    found = face.profile.desk.proposing.get(id)
    if face.as_json:
        face.emit({"proposal": _proposal(face, found)}, [])
    else:
        sys.stdout.write(_printed(face, found, form))


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
    face.emit({"proposal": _proposal(face, found)}, [_("Withdrawn.")])


@proposal.command("send")
@click.argument("id")
@pass_face
def send(face: Face, id: str) -> None:
    """Really send the mail of a proposal."""
    job = face.profile.desk.proposing
    found = job.get(id)
    queued = job.send(found)
    face.emit({"queued": queued}, [_("It is queued to be sent.") if queued else _("It was queued before.")])


@proposal.command("read")
@click.argument("file", default="-")
@pass_face
def read(face: Face, file: str) -> None:
    """Take in an answer: a mail or its text, - for standard input. A sure answer from the guest is booked."""
    answered = face.profile.desk.proposing.read(_data(file))
    document = {"proposal": _proposal(face, answered.proposal), "answer": _answer(answered)}
    if answered.trouble and answered.proposal.state in LIVE and answered.reading.sure:
        raise Conflict(answered.trouble, hint=_("See other times with: calmerge proposal counter ID NUMBER"))
    face.emit(document, _words(answered))


@proposal.command("book")
@click.argument("id")
@click.argument("number", type=int)
@click.option("--force", is_flag=True, help="Also when the time is taken or a calendar cannot be read.")
@pass_face
def book(face: Face, id: str, number: int, force: bool) -> None:
    """Book one of the offered times (1, 2, 3 …): event, invitation, and the other times are released."""
    found = face.profile.desk.proposing.book(id, number - 1, force=force)
    face.emit({"proposal": _proposal(face, found)}, [_("Booked. The invitation waits to be sent.")])


@proposal.command("counter")
@click.argument("id")
@click.argument("number", type=int)
@pass_face
def counter(face: Face, id: str, number: int) -> None:
    """The mail to a guest whose time (1, 2, 3 …) went meanwhile, with the nearest others."""
    job = face.profile.desk.proposing
    found = job.get(id)
    if not 1 <= number <= len(found.slots):
        raise BadInput(_("The proposal has no time {n}.").format(n=number))
    words = job.counter(id, number - 1)
    face.emit({"subject": words.subject, "text": words.text(), "html": words.html()}, [words.subject, "", words.text()])


# ----------------------------------------------------------------------------------------------------------------------


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


def _slot(text: str, zone: ZoneInfo, minutes: int) -> tuple[int, int]:
    start_text, slash, end_text = text.partition("/")
    start = _moment(start_text, zone)
    return start, _moment(end_text, zone) if slash else start + minutes * 60


def _moment(text: str, zone: ZoneInfo) -> int:
    found = parse_moment(text, zone)
    if not isinstance(found, datetime):
        raise BadInput(_("“{text}” has no time of day.").format(text=text[:40]))
    return instant(found, zone)


def _data(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read() if hasattr(sys.stdin, "buffer") else sys.stdin.read().encode()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise BadInput(_("“{name}” cannot be read.").format(name=Path(name).name)) from error


def _printed(face: Face, found: Proposal, form: str) -> str:
    mail = face.profile.desk.proposing.mail
    if form == "eml":
        return mail.draft(found)
    if form == "ics":
        return mail.calendar_text(found)
    words = mail.words(found)
    return words.html() if form == "html" else words.text()


def _proposal(face: Face, found: Proposal) -> dict[str, Any]:
    job = face.profile.desk.proposing
    tz = ZoneInfo(found.tzid)
    words = job.mail.words(found)
    booked = None
    if found.state is State.BOOKED and found.chosen is not None:
        start, end = found.slots[found.chosen]
        booked = {"uid": found.uid, "start": moment(start, tz), "end": moment(end, tz), "slot": found.chosen + 1}
    return {
        "id": found.id,
        "state": found.state.value,
        "to": found.to,
        "title": found.title,
        "slots": [
            {
                "start": moment(start, tz),
                "end": moment(end, tz),
                "token": job.mail.token(found, index),
                "hold": found.hold and job.held(found, index),
            }
            for index, (start, end) in enumerate(found.slots)
        ],
        "subject": words.subject,
        "text": words.text(),
        "html": words.html(),
        "expires": moment(found.expires, tz),
        "booking": booked,
        "offer": job.mail.signed(found) if len({end - start for start, end in found.slots}) == 1 else None,
    }


def _answer(answered: Answered) -> dict[str, Any]:
    reading = answered.reading
    return {
        "how": reading.how.value,
        "choices": [one + 1 for one in reading.choices],
        "confidence": reading.confidence,
        "declined": reading.declined,
        "words": reading.words,
        "from": answered.sender or None,
        "known_sender": answered.known_sender,
        "trouble": answered.trouble or None,
    }


def _words(answered: Answered) -> list[str]:
    found, reading = answered.proposal, answered.reading
    if found.state is State.BOOKED and found.chosen is not None and not answered.trouble:
        start, end = found.slots[found.chosen]
        return [_("Booked: {when}. The invitation waits to be sent.").format(when=between(start, end, ZoneInfo(found.tzid)))]
    lines = [answered.trouble] if answered.trouble else []
    if not answered.known_sender:
        lines.append(_("The answer comes from another address than the one that was asked, so nothing was booked."))
    if reading.declined:
        lines.append(_("None of the times seems to suit."))
    elif reading.choices and reading.how is not How.NONE:
        which = ", ".join(str(one + 1) for one in reading.choices)
        lines.append(
            _("It seems to mean {which} ({percent} % sure). Nothing is booked yet.").format(
                which=which, percent=round(reading.confidence * 100)
            )
        )
        lines.append(_("Book it with: calmerge proposal book {id} NUMBER").format(id=found.id[:8]))
    elif not lines:
        lines.append(_("The answer names none of the times. Nothing is booked."))
    return lines

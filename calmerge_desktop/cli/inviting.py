"""`invite`, `rsvp` and `inbox`: invitations out, answers out, and what comes in."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from calmerge_desktop.cli.face import Face, pass_face, table
from calmerge_desktop.cli.show import moment
from calmerge_desktop.cli.speaking import command, group
from calmerge_desktop.core.agenda.inbox import Taken
from calmerge_desktop.core.agenda.inviting import Prepared
from calmerge_desktop.core.agenda.requesting import Request
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import parse_moment, seconds_date

_WORDS = {"accept": "accepted", "decline": "declined", "tentative": "tentative"}


@command()
@click.argument("event", metavar="EVENT")
@click.option("--cancel", is_flag=True, help="Tell everybody that it does not take place.")
@click.option("--scope", type=click.Choice(["this", "all"]), default="all", show_default=True, help="How much of a series.")
@click.option("--comment", default="", help="A word to the guests.")
@click.option("--format", "form", type=click.Choice(["ics", "eml"]), help="Print it instead of a summary.")
@click.option("--send", is_flag=True, help="Really send it.")
@pass_face
def invite(face: Face, event: str, cancel: bool, scope: str, comment: str, form: str | None, send: bool) -> None:
    """The invitation of an event, its update when it was sent before, or its cancellation. Nothing leaves without --send."""
    job = face.profile.desk.inviting
    prepared = job.prepare(event, cancel=cancel, one=scope == "this", comment=comment)
    shown = [(one, job.draft(prepared, one)) for one in prepared.messages]
    queued = job.send(prepared) if send else 0
    document = {
        "invitation": {
            "event": prepared.event,
            "uid": prepared.uid,
            "sequence": prepared.sequence,
            "by_server": prepared.by_server,
            "recipients": list(prepared.recipients),
            "queued": queued,
            "sent": send,
            "messages": [
                {
                    "method": one.method,
                    "to": list(one.recipients),
                    "subject": one.words.subject,
                    "text": one.words.text(),
                    "ics": one.ics,
                    "eml": mail,
                }
                for one, mail in shown
            ],
        }
    }
    if form and not face.as_json:
        message, mail = shown[0]
        sys.stdout.write(message.ics if form == "ics" else mail)
        return
    face.emit(document, _summary(prepared, sent=send))


def _summary(prepared: Prepared, *, sent: bool) -> list[str]:
    lines = [f"{', '.join(one.recipients)}: {one.words.subject}" for one in prepared.messages]
    count = len(prepared.recipients)
    if prepared.by_server:
        lines.append(_("The calendar's server sends this by itself; no mail of ours goes out."))
    elif sent:
        lines.append(ngettext("{n} mail is queued.", "{n} mails are queued.", count).format(n=count))
    else:
        lines.append(_("Nothing was sent. To send it, add --send."))
    return lines


@command()
@click.argument("event", metavar="EVENT")
@click.argument("answer", type=click.Choice([*_WORDS, "counter"]))
@click.option("--comment", default="", help="A word to the organizer.")
@click.option("--start", help="Of the other time you propose.")
@click.option("--end", help="Exclusive.")
@click.option("--scope", type=click.Choice(["this", "all"]), default="all", show_default=True, help="How much of a series.")
@click.option("--tz", help="An IANA zone such as Europe/Berlin.")
@pass_face
def rsvp(
    face: Face, event: str, answer: str, comment: str, start: str | None, end: str | None, scope: str, tz: str | None
) -> None:
    """Answer an invitation, or propose another time."""
    job = face.profile.desk.inviting
    one = scope == "this"
    if answer == "counter":
        if start is None or end is None:
            raise BadInput(_("Another time needs --start and --end."))
        zone = face.tz(tz)
        prepared = job.propose_time(event, _stamp(start, zone), _stamp(end, zone), comment=comment, one=one)
    else:
        prepared = job.answer(event, _WORDS[answer], comment=comment, one=one)
    message = prepared.messages[0]
    document = {
        "answer": {
            "event": event,
            "method": message.method,
            "partstat": _WORDS.get(answer, "tentative"),
            "to": list(message.recipients),
            "by_server": prepared.by_server,
            "ics": message.ics,
        }
    }
    face.emit(document, _summary(prepared, sent=True))


@group(invoke_without_command=True)
@click.option("--read", "files", multiple=True, metavar="FILE", help="A mail or an .ics to take in, - for standard input.")
@click.option("--all", "everything", is_flag=True, help="Also what is settled.")
@click.pass_context
def inbox(ctx: click.Context, files: tuple[str, ...], everything: bool) -> None:
    """Invitations, answers, proposals and cancellations that came in."""
    if ctx.invoked_subcommand is not None:
        return
    face = ctx.ensure_object(Face)
    job = face.profile.desk.inbox
    found = [taken for name in files for taken in job.take(_read(name))] if files else list(job.list(everything=everything))
    tz = face.tz(None)
    rows = [[str(one.message.id), _kind(one.message.kind), one.message.sender, one.message.comment] for one in found]
    document: dict[str, Any] = {"messages": [_message(one, tz) for one in found]}
    if not files:
        wanted = [one for one in face.profile.desk.requests.list() if one.open or everything]
        document["requests"] = [_request(one, tz) for one in wanted]
        rows += [[one.proposal[:8] or one.key, _kind(one.kind), one.address, one.title] for one in wanted if not one.message]
    lines = table(rows, [_("id"), _("what"), _("from"), _("comment")]) or [_("Nothing waits for you.")]
    face.emit(document, lines)


@inbox.command("accept")
@click.argument("id", type=int)
@pass_face
def accept(face: Face, id: int) -> None:
    """Move the event to the time a guest proposed and tell everybody; or believe an answer that came from elsewhere."""
    job = face.profile.desk.inbox
    if any(one.message.id == id and one.message.method == "REPLY" for one in job.list()):
        job.accept_answer(id)
        face.emit({"accepted": id, "recipients": []}, [_("The answer is noted in your calendar.")])
        return
    prepared = face.profile.desk.inbox.accept_time(id)
    face.emit({"accepted": id, "recipients": list(prepared.recipients)}, _summary(prepared, sent=True))


@inbox.command("decline")
@click.argument("id", type=int)
@click.option("--comment", default="", help="A word to the guest.")
@pass_face
def decline(face: Face, id: int, comment: str) -> None:
    """Leave the event where it is, and tell the guest."""
    prepared = face.profile.desk.inbox.decline_time(id, comment=comment)
    face.emit({"declined": id, "recipients": list(prepared.recipients)}, _summary(prepared, sent=True))


@inbox.command("done")
@click.argument("id", type=int)
@pass_face
def done(face: Face, id: int) -> None:
    """You have seen it."""
    face.profile.desk.inbox.settle(id)
    face.emit({"done": id}, [_("Settled.")])


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read() if hasattr(sys.stdin, "buffer") else sys.stdin.read().encode()
    path = Path(name)
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(_("“{name}” cannot be read.").format(name=path.name)) from error


def _stamp(text: str, zone: ZoneInfo) -> Stamp:
    found = parse_moment(text, zone)
    if not isinstance(found, datetime):
        raise BadInput(_("Another time needs a time of day."))
    return Stamp(found.astimezone(zone).replace(tzinfo=None), zone.key)


def _message(one: Taken, tz: ZoneInfo) -> dict[str, Any]:
    message = one.message
    return {
        "id": message.id,
        "at": moment(message.at, tz),
        "method": message.method,
        "kind": message.kind,
        "uid": message.uid,
        "event": message.event or None,
        "from": message.sender,
        "partstat": message.partstat or None,
        "comment": message.comment,
        "start": _time(one.start),
        "end": _time(one.end),
        "state": message.state,
    }


def _request(one: Request, tz: ZoneInfo) -> dict[str, Any]:
    def at(seconds: int) -> str | None:
        if not one.end:
            return None
        return seconds_date(seconds).isoformat() if one.all_day else moment(seconds, tz)

    return {
        "key": one.key,
        "kind": one.kind,
        "open": one.open,
        "from": one.address,
        "summary": one.title,
        "start": at(one.start),
        "end": at(one.end),
        "event": one.event or None,
        "message": one.message or None,
        "proposal": one.proposal or None,
        "partstat": one.partstat or None,
        "comment": one.comment,
        "choices": [number + 1 for number in one.choices],
        "confidence": one.confidence if one.how else None,
        "letter": one.letter or None,
    }


def _time(stamp: Stamp | None) -> str | None:
    if stamp is None:
        return None
    if not isinstance(stamp.value, datetime):
        return stamp.value.isoformat()
    return stamp.value.replace(tzinfo=ZoneInfo(stamp.tzid)).isoformat() if stamp.tzid else stamp.value.isoformat()


def _kind(kind: str) -> str:
    return {
        "invitation": _("invitation"),
        "update": _("update"),
        "cancelled": _("cancelled"),
        "answer": _("answer"),
        "counter": _("proposes another time"),
        "counter-declined": _("keeps the time"),
        "refresh": _("asks for the latest version"),
        "published": _("published"),
        "old": _("older than what is known"),
        "known": _("known already"),
        "not-allowed": _("not from whom it would have to come"),
        "uninvited": _("answer of somebody who was not invited"),
        "unknown-event": _("about an event that is not here"),
        "past": _("proposes a time that is over"),
        "proposal": _("answers your offer"),
        "offer": _("your offer, not answered yet"),
        "booked": _("booked"),
        "answer-for-guest": _("answer of a guest, from another address"),
    }[kind]

"""`mail`: the addresses one sends from, letters that wait, and watching a mailbox."""

from __future__ import annotations

import signal
import threading
from typing import Any
from zoneinfo import ZoneInfo

import click

from calmerge_desktop.cli.accounts import read_password
from calmerge_desktop.cli.face import Face, pass_face, table
from calmerge_desktop.cli.show import moment
from calmerge_desktop.cli.speaking import group
from calmerge_desktop.core.agenda.mail_servers import known, mailbox, server_text
from calmerge_desktop.core.agenda.mailing import MailboxView
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.mail_ports import BY_ACCOUNT, Letter, Mailbox
from calmerge_desktop.core.ports import MailNews
from calmerge_desktop.core.texts import _


@group()
def mail() -> None:
    """Send and receive invitations and answers by mail."""


@mail.command("add")
@click.option("--account", metavar="ID", help="A linked Google or Microsoft account that may send mail.")
@click.option("--address", help="The address you send from.")
@click.option("--name", default="", help="Your name, as others see it.")
@click.option("--smtp", metavar="HOST:PORT", help="The server that sends; found by itself for well-known providers.")
@click.option("--imap", metavar="HOST:PORT", help="The server with your inbox, to read answers.")
@click.option("--security", type=click.Choice(["starttls", "tls", "none"]), help="By default what is usual for the port.")
@click.option("--user", help="The name you sign in with, when it is not the address.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@pass_face
def add(
    face: Face, account: str | None, address: str | None, name: str, smtp: str | None, imap: str | None,
    security: str | None, user: str | None, password_stdin: bool,
) -> None:  # fmt: skip
    """Add a mailbox, or replace its settings. It signs in first; nothing is stored when that fails."""
    clean = " ".join(name.split())
    if account is not None:
        if address or smtp or imap:
            raise BadInput(_("An account brings its own address and server."))
        made = face.profile.desk.mail.add_account(clean, face.profile.account(account))
        face.emit({"mailbox": _box(made)}, [_("{address} is ready to send.").format(address=made.address)])
        return
    provider = known(address or "")
    if provider is not None and not provider.smtp and not smtp:
        raise BadInput(provider.hint())
    if not address or not (smtp or provider):
        raise BadInput(_("A mailbox needs --address and --smtp, or --account."))
    if provider is not None and smtp is None:
        smtp, imap = provider.smtp, imap or provider.imap
    box = mailbox(address, name, smtp or "", imap or "", user=user, security=security)
    made = face.profile.desk.mail.add(box, read_password(stdin=password_stdin))
    face.emit({"mailbox": _box(made)}, [_("{address} is ready to send.").format(address=made.address)])


@mail.command("list")
@pass_face
def list_mailboxes(face: Face) -> None:
    """Your mailboxes."""
    tz = face.tz(None)
    views = face.profile.desk.mail.list()
    rows = [[one.box.address, _host(one.box, ""), _host(one.box, "imap_"), _state(one, tz)] for one in views]
    head = [_("address"), _("sends by"), _("reads at"), _("state")]
    lines = table(rows, head) or [_("There is no mailbox yet."), _("Add it with: calmerge mail add")]
    face.emit({"mailboxes": [_view(one, tz) for one in views]}, lines)


@mail.command("remove")
@click.argument("address")
@pass_face
def remove(face: Face, address: str) -> None:
    """Forget a mailbox and its password. Letters from it wait."""
    face.profile.desk.mail.remove(address)
    face.emit({"removed": address}, [_("Removed.")])


@mail.command("outbox")
@click.option("--all", "everything", is_flag=True, help="Also what is sent or dropped.")
@pass_face
def outbox(face: Face, everything: bool) -> None:
    """Letters that wait or need you, with the reason."""
    tz = face.tz(None)
    letters = face.profile.desk.mail.outbox(everything=everything)
    rows = [[str(one.id), _state_word(one.state), one.recipient, one.subject, one.reason or ""] for one in letters]
    head = [_("id"), _("state"), _("to"), _("subject"), _("why")]
    face.emit({"letters": [_letter(one, tz) for one in letters]}, table(rows, head) or [_("No letter waits.")])


@mail.command("retry")
@click.argument("id", type=int)
@pass_face
def retry(face: Face, id: int) -> None:
    """Send a letter again at the next chance, also one that may have arrived."""
    face.profile.desk.mail.resend(id)
    face.emit({"retried": id}, [_("It is sent with the next sync.")])


@mail.command("drop")
@click.argument("id", type=int)
@pass_face
def drop(face: Face, id: int) -> None:
    """Never send a letter."""
    face.profile.desk.mail.drop(id)
    face.emit({"dropped": id}, [_("It will not be sent.")])


@mail.command("watch")
@pass_face
def watch(face: Face) -> None:
    """Watch your mailboxes and send letters, until stopped. Calendars are left to `sync` or the window."""
    profile = face.profile
    if not any(one.seen for one in profile.desk.mail.list()):
        raise BadInput(_("No mailbox can be watched."), hint=_("Name its server with: calmerge mail add --imap HOST:PORT"))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    click.echo(_("Watching your mail. Stop with Ctrl+C."), err=True)
    profile.mail.run(stop, _told)


def _told(news: MailNews) -> None:
    words = _("{sent} sent, {refused} refused, {unsure} unsure, {received} received")
    if news.sent or news.refused or news.unsure or news.received:
        counts = {"sent": news.sent, "refused": news.refused, "unsure": news.unsure, "received": news.received}
        click.echo(words.format(**counts), err=True)
    for trouble in news.troubles:
        click.echo(trouble, err=True)


def _host(box: Mailbox, prefix: str) -> str:
    if box.kind == BY_ACCOUNT and (not prefix or box.watched):
        return _("account {id}").format(id=box.config["account"])
    return server_text(box, prefix)


def _state(view: MailboxView, tz: ZoneInfo) -> str:
    if view.seen is None:
        return _("sends only")
    if view.seen.trouble:
        return view.seen.trouble
    return moment(view.seen.at or None, tz) or _("not read yet")


def _box(box: Mailbox) -> dict[str, Any]:
    return {
        "address": box.address,
        "name": box.name,
        "account": box.config.get("account"),
        "smtp": _host(box, "") if box.kind != BY_ACCOUNT else None,
        "imap": server_text(box, "imap_") or None,
        "watched": box.watched,
        "security": box.config.get("security"),
        "user": box.config.get("user", box.address),
    }


def _view(view: MailboxView, tz: ZoneInfo) -> dict[str, Any]:
    seen = view.seen
    return _box(view.box) | {
        "as_of": moment(seen.at or None, tz) if seen else None,
        "reason": (seen.trouble or None) if seen else None,
    }


def _letter(one: Letter, tz: ZoneInfo) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state,
        "created": moment(one.created, tz),
        "from": one.sender,
        "to": one.recipient,
        "subject": one.subject,
        "tries": one.tries,
        "not_before": moment(one.not_before or None, tz),
        "reason": one.reason,
    }


def _state_word(state: str) -> str:
    return {
        "waiting": _("waits"),
        "sending": _("is being sent"),
        "sent": _("sent"),
        "refused": _("refused"),
        "unsure": _("may have arrived"),
        "dropped": _("dropped"),
    }[state]

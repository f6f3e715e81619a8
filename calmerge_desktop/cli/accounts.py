"""`account` and `calendar`: sources, their states, the roles of their calendars."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import click

from calmerge_desktop.cli.face import Face, pass_face, table
from calmerge_desktop.cli.show import moment, state
from calmerge_desktop.cli.speaking import group
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.model import Account, CalendarView
from calmerge_desktop.core.texts import _

_LEVELS = ("freebusy", "read", "write", "send", "answers")


@group()
def account() -> None:
    """Link and unlink sources."""


@account.group("add")
def add() -> None:
    """Link a source. It is tried first; nothing is stored when that fails."""


@add.command("ics")
@click.argument("source", metavar="PATH_OR_URL")
@click.option("--name", help="What to call it.")
@click.option("--address", help="Your mail address there.")
@pass_face
def add_ics(face: Face, source: str, name: str | None, address: str | None) -> None:
    """A file, a folder of .ics files, or an http(s)/webcal feed."""
    _add(face, "feed", {"url": source, "name": name, "address": address}, None)


@add.command("local")
@click.option("--name", help="What to call it.")
@click.option("--address", help="Your mail address, the organizer of invitations.")
@pass_face
def add_local(face: Face, name: str | None, address: str | None) -> None:
    """A calendar kept only here."""
    _add(face, "local", {"name": name, "address": address}, None)


@add.command("caldav")
@click.argument("url")
@click.option("--user", required=True, help="The name you sign in with.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--name", help="What to call it.")
@click.option("--address", help="Your mail address there.")
@pass_face
def add_caldav(face: Face, url: str, user: str, password_stdin: bool, name: str | None, address: str | None) -> None:
    """A CalDAV account, found from any URL of the server."""
    fields = {"url": url, "user": user, "name": name, "address": address}
    _add(face, "caldav", fields, read_password(stdin=password_stdin))


@add.command("google")
@click.option("--client-secrets", metavar="FILE", help="The client file (JSON) of your own desktop app at Google.")
@click.option("--login-hint", metavar="ADDRESS", help="Which account the browser shall offer.")
@click.option("--scope-level", type=click.Choice(_LEVELS), help="How far the program may reach; write when not given.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="The port the browser comes back to; any free one when not given."
)
@click.option("--name", help="What to call it.")
@pass_face
def add_google(
    face: Face,
    client_secrets: str | None,
    login_hint: str | None,
    scope_level: str | None,
    port: int | None,
    name: str | None,
) -> None:
    """A Google account, signed in to in your browser."""
    fields = _chosen(client_secrets=client_secrets, login_hint=login_hint, level=scope_level, port=port)
    found = face.profile.signing.sign_in("google", fields, _show, _never)
    _say(found.notices)
    _add(face, "google", {**found.fields, "name": name}, found.secret)


@add.command("microsoft")
@click.option("--client-id", metavar="ID", help="The id of your own app registration at Microsoft (Entra).")
@click.option("--device-code", is_flag=True, help="Sign in on another device, with a code.")
@click.option(
    "--tenant", metavar="TENANT", help="common (usual), organizations, consumers, or your organisation's domain or id."
)
@click.option("--login-hint", metavar="ADDRESS", help="Which account the browser shall offer.")
@click.option("--scope-level", type=click.Choice(_LEVELS), help="How far the program may reach; write when not given.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="The port the browser comes back to; any free one when not given."
)
@click.option("--name", help="What to call it.")
@pass_face
def add_microsoft(
    face: Face,
    client_id: str | None,
    device_code: bool,
    tenant: str | None,
    login_hint: str | None,
    scope_level: str | None,
    port: int | None,
    name: str | None,
) -> None:
    """A Microsoft 365 or Outlook.com account, signed in to in your browser or on another device."""
    fields = _chosen(client_id=client_id, tenant=tenant, login_hint=login_hint, level=scope_level, port=port)
    if device_code:
        fields["device_code"] = "yes"
    found = face.profile.signing.sign_in("microsoft", fields, _show_code if device_code else _show, _never)
    _say(found.notices)
    _add(face, "microsoft", {**found.fields, "name": name}, found.secret)


@account.command("list")
@pass_face
def list_accounts(face: Face) -> None:
    """Every source with its state and age."""
    tz = face.tz(None)
    views = face.profile.desk.accounts.list()
    document = {
        "accounts": [
            _account(view.account) | state(view.status, tz) | {"calendars": [one.calendar.id for one in view.calendars]}
            for view in views
        ]
    }
    rows = [
        [
            view.account.id,
            view.account.provider,
            view.account.name,
            _words(view.status.state.value),
            moment(view.status.as_of, tz) or "",
            view.status.reason or "",
        ]
        for view in views
    ]
    head = [_("id"), _("kind"), _("name"), _("state"), _("as of"), _("why")]
    face.emit(document, table(rows, head) or [_("No account is linked yet.")])


@account.command("remove")
@click.argument("id")
@pass_face
def remove(face: Face, id: str) -> None:
    """Unlink a source. The provider keeps everything."""
    chosen = face.profile.account(id)
    _say(filter(None, [face.profile.signing.sign_out(chosen)]))
    face.profile.desk.accounts.remove(chosen.id)
    face.profile.tidy()
    face.emit({"removed": id}, [_("Unlinked. Everything stays at the provider.")])


@account.command("set")
@click.argument("id")
@click.option("--name", help="What to call it here.")
@click.option("--address", help="Your mail address there, the organizer of invitations.")
@pass_face
def set_account(face: Face, id: str, name: str | None, address: str | None) -> None:
    """Name and mail address of a source."""
    if name is None and address is None:
        raise BadInput(_("There is nothing to change."), typed=_("Give --name or --address."))
    made = face.profile.desk.accounts.change(face.profile.account(id).id, name=name, address=address)
    said = [_("Changed."), *([_("Invitations come from {address}.").format(address=made.address)] if made.address else [])]
    face.emit({"account": _account(made)}, said)


@account.command("reauth")
@click.argument("id")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--client-secrets", metavar="FILE", help="Another client file, for accounts signed in to in the browser.")
@click.option("--client-id", metavar="ID", help="Another app registration, for Microsoft accounts.")
@click.option("--device-code", is_flag=True, help="Sign in on another device, with a code; for Microsoft accounts.")
@click.option("--tenant", metavar="TENANT", help="Whose accounts the registration takes; for Microsoft accounts.")
@click.option("--scope-level", type=click.Choice(_LEVELS), help="How far the program may reach from now on.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port the browser comes back to.")
@pass_face
def reauth(
    face: Face,
    id: str,
    password_stdin: bool,
    client_secrets: str | None,
    client_id: str | None,
    device_code: bool,
    tenant: str | None,
    scope_level: str | None,
    port: int | None,
) -> None:
    """Sign in again: with a new password, or in your browser."""
    chosen = face.profile.account(id)
    address = None
    if face.profile.signing.by_browser(chosen.provider):
        by_code = device_code and chosen.provider == "microsoft"
        fields = _chosen(client_secrets=client_secrets, client_id=client_id, tenant=tenant, level=scope_level, port=port)
        fields |= {"device_code": "yes"} if by_code else {}
        show = _show_code if by_code else _show
        found = face.profile.signing.sign_in(chosen.provider, fields, show, _never, again=chosen)
        _say(found.notices)
        secret, address = found.secret, found.fields.get("address")
    else:
        secret = read_password(stdin=password_stdin)
    face.profile.desk.accounts.reauth(chosen.id, secret, address)
    face.emit({"account": {"id": id}}, [_("Signed in again.")])


@group()
def calendar() -> None:
    """Roles of calendars."""


@calendar.command("list")
@pass_face
def list_calendars(face: Face) -> None:
    """Every calendar with its roles and state."""
    tz = face.tz(None)
    views = [one for view in face.profile.desk.accounts.list() for one in view.calendars]
    rows = [
        [
            one.calendar.id,
            one.calendar.name,
            one.calendar.access.value,
            _("visible") if one.calendar.visible else _("hidden"),
            _("busy") if one.calendar.busy else _("free"),
            _("new events") if one.calendar.default else "",
            _words(one.status.state.value),
        ]
        for one in views
    ]
    head = [_("id"), _("name"), _("access"), _("shown"), _("counts as"), _("takes"), _("state")]
    face.emit(
        {"calendars": [_calendar(one) | state(one.status, tz) for one in views]},
        table(rows, head) or [_("There is no calendar yet.")],
    )


@calendar.command("set")
@click.argument("id")
@click.option("--visible", type=bool, metavar="yes|no", help="Whether the week shows it.")
@click.option("--busy", type=bool, metavar="yes|no", help="Whether its events make you busy.")
@click.option("--color", help="A colour such as #2F6FED.")
@click.option("--name", help="What to call it here.")
@click.option("--default", "default", is_flag=True, default=None, help="New events go here.")
@pass_face
def set_calendar(
    face: Face, id: str, visible: bool | None, busy: bool | None, color: str | None, name: str | None, default: bool | None
) -> None:
    """Give a calendar other roles."""
    chosen = face.calendar(id)
    face.profile.desk.calendars.change(chosen.id, visible=visible, busy=busy, color=color, name=name, default=default)
    view = next(one for each in face.profile.desk.accounts.list() for one in each.calendars if one.calendar.id == chosen.id)
    face.emit({"calendar": _calendar(view) | state(view.status, face.tz(None))}, [_("Saved.")])


def read_password(*, stdin: bool) -> str:
    """A password from standard input or a prompt: never from the arguments."""
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise BadInput(_("There is no terminal to ask for the password."), hint=_("Pipe it in with --password-stdin."))
    return str(click.prompt(_("Password"), hide_input=True, err=True))


def _chosen(**given: str | int | None) -> dict[str, str]:
    return {name: str(value) for name, value in given.items() if value is not None}


def _show(url: str, opens: bool) -> None:
    """Where to sign in; on standard error, so that `--json` stays one document."""
    if opens:
        sentence = _("Your browser opens for the sign-in. If it does not, open this address on this computer:")
    else:
        sentence = _("No browser can be opened from here. Open this address on this computer:")
    sys.stderr.write(f"{sentence}\n{url}\n")
    sys.stderr.flush()


def _show_code(lines: str, _opens: bool) -> None:
    """The address and the code of a sign-in on another device."""
    address, _end, code = lines.partition("\n")
    sys.stderr.write(_("On any device, open {address} and type the code {code}").format(address=address, code=code) + "\n")
    sys.stderr.flush()


def _say(sentences: Iterable[str]) -> None:
    for each in sentences:
        sys.stderr.write(each + "\n")


def _never() -> None:
    """Control-C ends the wait."""


def _add(face: Face, provider: str, fields: dict[str, str | None], secret: str | None) -> None:
    given = {key: value for key, value in fields.items() if value}
    made = face.profile.desk.accounts.add(provider, given, secret)
    face.emit(
        {"account": _account(made)},
        [_("Linked {name} ({id}). Read it with: calmerge sync").format(name=made.name, id=made.id)],
    )


def _account(made: Account) -> dict[str, Any]:
    return {"id": made.id, "provider": made.provider, "name": made.name, "address": made.address}


def _calendar(view: CalendarView) -> dict[str, Any]:
    one = view.calendar
    return {
        "id": one.id,
        "account": one.account_id,
        "name": one.name,
        "color": one.color,
        "access": one.access.value,
        "visible": one.visible,
        "busy": one.busy,
        "default": one.default,
        "url": one.url or one.remote_id,
        "timezone": one.tzid,
        "events": view.events,
        "set_aside": [{"href": aside.href, "reason": aside.reason} for aside in view.set_aside],
    }


def _words(state_value: str) -> str:
    return {"fresh": _("fresh"), "stale": _("stale"), "broken": _("broken")}[state_value]

"""Linking a Microsoft account: in the person's browser (RFC 8252, PKCE), or by a code typed on another device (RFC 8628)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import msal

from calmerge_desktop.core.errors import AccessDenied, CalmergeError
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.oauth import browser
from calmerge_desktop.sync.oauth.browser import Show, ask_browser
from calmerge_desktop.sync.oauth.loopback import Loopback
from calmerge_desktop.sync.oauth.scopes import granted, level
from calmerge_desktop.sync.oauth.signed_in import SignedIn
from calmerge_desktop.sync.providers.microsoft.api import Api
from calmerge_desktop.sync.providers.microsoft.client import chosen, tenant
from calmerge_desktop.sync.providers.microsoft.refusals import nonsense, refused, told
from calmerge_desktop.sync.providers.microsoft.scopes import asked, plain, reached
from calmerge_desktop.sync.providers.microsoft.session import Door, application, with_access
from calmerge_desktop.sync.providers.microsoft.tokens import Tokens, read_tokens


def sign_in(fields: Mapping[str, str], held: str | None, show: Show, stop: Stop) -> SignedIn:
    """Sign in with `fields`: `client_id`, `tenant`, `login_hint`, `level`, `port`, `device_code` (anything: by code).

    By code, `show` gets two lines: the address to open on any device, and the code to type there. With `held` it is the same
    account again: its client and its permissions are kept unless others are chosen. Raises words of `core.errors`.
    """
    before = _before(held)
    client_id = before.client_id if before and not fields.get("client_id") else chosen(fields)
    rung = level(fields.get("level")) if fields.get("level") or not before else before.asked
    whose = tenant(fields.get("tenant", "")) or (before.tenant if before else "")
    cache = msal.SerializableTokenCache()
    door = Door(whose)
    door.stop = stop
    try:
        app = application(client_id, door, cache)
        scopes = asked(rung, before.granted if before else ())
        try:
            way = _by_code if fields.get("device_code") else _by_browser
            found = way(app, door, scopes, fields, show, stop)
        except (ValueError, KeyError, TypeError) as error:
            raise nonsense() from error
    finally:
        door.end()
    if "access_token" not in found:
        raise refused(found)
    account = next(iter(app.get_accounts()), None)
    if account is None:
        raise nonsense()
    empty = Tokens(client_id=client_id, subject=str(account["home_account_id"]), cache="", asked=rung, tenant=whose)
    made = with_access(empty, found, cache)
    outcome = granted(rung, reached(made.granted or plain(scopes)), "Microsoft")
    if outcome.level is None:
        raise AccessDenied(outcome.sentence, hint=_("Sign in again and agree."))
    address = _address(made, stop) or str(account.get("username") or "").lower()
    notices = (outcome.sentence,) if outcome.sentence else ()
    return SignedIn(secret=made.text(), fields={"subject": made.subject, "address": address}, notices=notices)


def _before(held: str | None) -> Tokens | None:
    try:
        return read_tokens(held) if held else None
    except CalmergeError:
        return None


def _by_browser(
    app: msal.PublicClientApplication, door: Door, scopes: list[str], fields: Mapping[str, str], show: Show, stop: Stop
) -> Mapping[str, Any]:
    flow: dict[str, Any] = {}

    def address(listener: Loopback) -> str:
        hint = fields.get("login_hint")
        flow.update(
            app.initiate_auth_code_flow(
                scopes,
                redirect_uri=listener.redirect_uri,
                login_hint=hint,
                prompt=None if hint else "select_account",
                response_mode="form_post",  # the code then stands in no address and no history
            )
        )
        listener.expect(flow["state"])
        return door.spoken(str(flow["auth_uri"]))

    answer = ask_browser(address, show=show, stop=stop, host="localhost", port=_port(fields), judge=told)
    return dict(app.acquire_token_by_auth_code_flow(flow, dict(answer)))


def _by_code(
    app: msal.PublicClientApplication, door: Door, scopes: list[str], _fields: Mapping[str, str], show: Show, stop: Stop
) -> Mapping[str, Any]:
    flow = app.initiate_device_flow(scopes=scopes)
    if "user_code" not in flow:
        raise refused(flow)
    flow["expires_at"] = min(float(flow["expires_at"]), time.time() + browser.patience())
    show(f"{door.spoken(str(flow['verification_uri']))}\n{flow['user_code']}", False)

    def over(held: Mapping[str, Any]) -> bool:
        stop()
        return float(held.get("expires_at", 0)) < time.time()

    return dict(app.acquire_token_by_device_flow(flow, exit_condition=over))


def _port(fields: Mapping[str, str]) -> int:
    text = fields.get("port", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _address(tokens: Tokens, stop: Stop) -> str:
    """The person's address. Also shows that Graph answers at all."""
    api = Api(tokens)
    try:
        found = api.run("GET", api.url("me", select="mail,userPrincipalName"), stop)
    finally:
        api.close()
    said = str(found.get("mail") or found.get("userPrincipalName") or "").lower()
    return said if "@" in said else ""

"""Linking a Google account in the person's browser (RFC 8252, PKCE), and giving the tokens back when it is unlinked."""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import requests
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2.rfc6749.errors import OAuth2Error
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from calmerge_desktop.core.errors import AccessDenied, BadInput, CalmergeError, ServerTrouble
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.http import never
from calmerge_desktop.sync.http_errors import refusal
from calmerge_desktop.sync.oauth.browser import Show, ask_browser
from calmerge_desktop.sync.oauth.loopback import Loopback
from calmerge_desktop.sync.oauth.scopes import granted, level
from calmerge_desktop.sync.oauth.signed_in import SignedIn
from calmerge_desktop.sync.providers.google.api import Api, endpoint, instant
from calmerge_desktop.sync.providers.google.client import Client, chosen
from calmerge_desktop.sync.providers.google.scopes import asked, reached
from calmerge_desktop.sync.providers.google.tokens import Tokens, read_tokens
from calmerge_desktop.sync.providers.google.wire import Wire

_MOST_CALENDARS = 250
_PLAIN_HTTP = "OAUTHLIB_INSECURE_TRANSPORT"
_lock = threading.Lock()


def sign_in(fields: Mapping[str, str], held: str | None, show: Show, stop: Stop) -> SignedIn:
    """Sign in with `fields`: `client_secrets` (a path), `login_hint`, `level`, `port`.

    With `held` it is the same account again: its client and its permissions are kept unless others are chosen. Raises words
    of `core.errors`.
    """
    before = _before(held)
    client = before.client if before and not fields.get("client_secrets") else chosen(fields)
    rung = level(fields.get("level")) if fields.get("level") or not before else before.asked
    wire = Wire(endpoint(), client.token_uri)
    try:
        flow = _flow(client, asked(rung, before.granted if before else ()), wire)
        token = _token(flow, fields, wire, show, stop)
        said = _scopes(token) or tuple(flow.oauth2session.scope)
        outcome = granted(rung, reached(said), "Google")
        if outcome.level is None:
            raise AccessDenied(outcome.sentence, hint=_("Sign in again and tick every box."))
        refresh = token.get("refresh_token")
        if not refresh:
            raise ServerTrouble(_("Google gave no lasting sign-in."), hint=_("Please try again."))
        made = Tokens(
            client=client,
            refresh_token=str(refresh),
            access_token=str(token["access_token"]),
            expires=instant(flow.credentials.expiry),
            granted=said,
            asked=rung,
        )
    finally:
        wire.close_connections()
    made, address = _address(made, stop)
    subject = _subject(token.get("id_token")) or address
    notices = (outcome.sentence,) if outcome.sentence else ()
    return SignedIn(secret=made.text(), fields={"subject": subject, "address": address}, notices=notices)


def revoke(secret: str | None, stop: Stop = never) -> None:
    """Give the tokens back. Raises what the network raises; tokens Google does not know any more are fine."""
    tokens = read_tokens(secret)
    wire = Wire(endpoint(), tokens.client.token_uri)
    wire.stop = stop
    try:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = wire.token_answer(tokens.client.revoke_uri, "POST", f"token={tokens.refresh_token}", form)
    finally:
        wire.close_connections()
    if answer.status == 429 or answer.status >= 500:
        raise refusal(answer.status, answer.headers, answer.url)


def _before(held: str | None) -> Tokens | None:
    try:
        return read_tokens(held) if held else None
    except CalmergeError:
        return None


def _flow(client: Client, scopes: list[str], wire: Wire) -> Any:
    flow = Flow.from_client_config(client.as_config(), scopes=scopes)  # PKCE with S256 is its default
    for scheme in ("https://", "http://"):
        flow.oauth2session.mount(scheme, _Adapter(wire))
    return flow


def _token(flow: Any, fields: Mapping[str, str], wire: Wire, show: Show, stop: Stop) -> Mapping[str, Any]:
    def address(listener: Loopback) -> str:
        flow.redirect_uri = listener.redirect_uri
        more = {"login_hint": fields["login_hint"]} if fields.get("login_hint") else {}
        # Without `consent` Google gives no refresh token to an account that allowed us before.
        with _loopback_may_be_plain(flow.client_config["auth_uri"]):
            url, _state = flow.authorization_url(prompt="consent", access_type="offline", state=listener.state, **more)
        return str(url)

    answer = ask_browser(address, show=show, stop=stop, port=_port(fields))
    wire.stop = stop
    try:
        with _loopback_may_be_plain(flow.client_config["token_uri"]):
            return dict(flow.fetch_token(code=answer["code"]))
    except Warning as scope_changed:  # oauthlib's way to say that a box was not ticked; it holds the token all the same
        token = getattr(scope_changed, "token", None)
        if not token:
            raise _nonsense() from scope_changed
        flow.oauth2session.token = token
        return dict(token)
    except (OAuth2Error, requests.RequestException, ValueError, KeyError) as error:
        raise _nonsense() from error


def _scopes(token: Mapping[str, Any]) -> tuple[str, ...]:
    """What was granted; a server that grants all of it need not say so (RFC 6749 §5.1)."""
    said = token.get("scope") or ()
    return tuple(said.split()) if isinstance(said, str) else tuple(map(str, said))


def _port(fields: Mapping[str, str]) -> int:
    text = fields.get("port", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 6):
        raise BadInput(_("“{port}” is no port.").format(port=text[:20]))
    return int(text or 0)


def _address(tokens: Tokens, stop: Stop) -> tuple[Tokens, str]:
    """The person's address: the id of the primary calendar. Also shows that the API answers at all."""
    api = Api(tokens)
    try:
        page = api.run(api.calendar_list.list(maxResults=_MOST_CALENDARS, showHidden=True), stop)
        primary: dict[str, Any] = next((each for each in page.get("items") or () if each.get("primary")), {})
        names = (str(primary.get(name, "")).lower() for name in ("id", "summary"))
        return api.tokens, next((each for each in names if "@" in each), "")
    finally:
        api.close()


def _subject(id_token: object) -> str:
    """`sub` of an ID token that came straight from the token endpoint: its signature proves nothing more (OIDC §3.1.3.7)."""
    try:
        part = str(id_token).split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["sub"])
    except (ValueError, KeyError, IndexError, TypeError):
        return ""


def _nonsense() -> ServerTrouble:
    return ServerTrouble(_("Google did not accept the sign-in."), hint=_("Please try again."))


@contextmanager
def _loopback_may_be_plain(url: str) -> Iterator[None]:
    """Oauthlib refuses http even on this machine, where nothing leaves it; only tests and proxies come here."""
    if urlsplit(url).scheme == "https":
        yield
        return
    with _lock:
        before = os.environ.get(_PLAIN_HTTP)
        os.environ[_PLAIN_HTTP] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ[_PLAIN_HTTP]
            else:
                os.environ[_PLAIN_HTTP] = before


class _Adapter(BaseAdapter):
    """`requests`, as oauthlib's session uses it, over our own client."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def send(self, request: requests.PreparedRequest, *_more: object, **_named: object) -> requests.Response:
        """One request; failures are already words of `core.errors`."""
        headers = {str(key): str(value) for key, value in request.headers.items()}
        body = request.body if isinstance(request.body, str | bytes) else None
        answer = self._wire.token_answer(str(request.url), str(request.method), body, headers)
        if answer.status == 429 or answer.status >= 500:
            raise refusal(answer.status, answer.headers, answer.url)
        made = requests.Response()
        made.status_code = answer.status
        made.headers = CaseInsensitiveDict(answer.headers)
        made.headers.pop("content-encoding", None)  # it is decoded already
        made._content = answer.body  # noqa: SLF001  # requests has no other door for a whole body
        made.url = answer.url
        made.request = request
        return made

    def close(self) -> None:
        """The wire is closed by who made it."""

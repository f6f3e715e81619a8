"""msal over our own HTTP client: one place for certificates, proxies, silence, interruption and logs."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import msal

from calmerge_desktop.core.ports import Stop
from calmerge_desktop.sync.http import Answer, HttpClient, never
from calmerge_desktop.sync.http_errors import refusal
from calmerge_desktop.sync.providers.microsoft.client import authority
from calmerge_desktop.sync.providers.microsoft.failures import sign_in_again
from calmerge_desktop.sync.providers.microsoft.refusals import nonsense, refused
from calmerge_desktop.sync.providers.microsoft.scopes import asked, plain
from calmerge_desktop.sync.providers.microsoft.tokens import Tokens

logging.getLogger("msal").setLevel(logging.CRITICAL)  # its lines may hold token answers
_ANY = frozenset(range(300, 600))
_WELL_KNOWN = "login.microsoftonline.com"


@dataclass(slots=True)
class _Response:
    """What msal asks of an answer."""

    status_code: int
    text: str
    headers: Mapping[str, str]

    def raise_for_status(self) -> None:
        """Failures with a status were raised before."""


class Door:
    """The transport msal is given. Used on one thread; only `interrupt` may come from another.

    msal insists on https. A sign-in service on this machine may be plain http: msal hears https, the wire speaks http.
    """

    def __init__(self, tenant: str = "", *, timeout: float | None = None) -> None:
        self.authority = authority(tenant)
        self.stop: Stop = never
        self._plain = urlsplit(self.authority).netloc if self.authority.startswith("http:") else ""
        self._client = HttpClient(self.authority, timeout=timeout)

    @property
    def said_authority(self) -> str:
        """The authority as msal hears it."""
        return self._protected(self.authority)

    def get(self, url: str, params: Any = None, headers: Any = None, **_more: object) -> _Response:
        """What msal calls."""
        return self._ask("GET", url + (f"?{urlencode(params)}" if params else ""), None, headers)

    def post(self, url: str, params: Any = None, data: Any = None, headers: Any = None, **_more: object) -> _Response:
        """What msal calls."""
        body = urlencode(data).encode() if isinstance(data, Mapping) else data
        form = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self._ask("POST", url + (f"?{urlencode(params)}" if params else ""), body, form)

    def close(self) -> None:
        """Msal thinks the transport is its own; the connections are given back by `end`."""

    def end(self) -> None:
        """Give connections back."""
        self._client.close()

    def interrupt(self) -> None:
        """End every wait with `Cancelled`. From any thread."""
        self._client.interrupt()

    def spoken(self, url: str) -> str:
        """An address as it really is."""
        return url.replace(f"https://{self._plain}", f"http://{self._plain}", 1) if self._plain else url

    def _protected(self, text: str) -> str:
        return text.replace(f"http://{self._plain}", f"https://{self._plain}") if self._plain else text

    def _ask(self, method: str, url: str, body: bytes | None, headers: Mapping[str, Any] | None) -> _Response:
        where = self.spoken(url)
        said = {key: str(value) for key, value in (headers or {}).items() if value is not None}
        answer: Answer = self._client.request(method, where, stop=self.stop, headers=said, content=body, accept=_ANY)
        if answer.status == 429 or answer.status >= 500:
            raise refusal(answer.status, answer.headers, where)
        text = answer.body.decode("utf-8", "replace")
        try:
            json.loads(text)
        except ValueError as error:
            raise nonsense() from error
        return _Response(answer.status, self._protected(text), answer.headers)


def application(client_id: str, door: Door, cache: msal.SerializableTokenCache) -> msal.PublicClientApplication:
    """Msal's application; making it asks the sign-in service where things are."""
    known = urlsplit(door.authority).hostname == _WELL_KNOWN
    try:
        return msal.PublicClientApplication(
            client_id,
            authority=door.said_authority,
            token_cache=cache,
            http_client=door,
            instance_discovery=None if known else False,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise nonsense() from error


def renewed(tokens: Tokens, door: Door, *, force: bool) -> Tokens:
    """The tokens with a new access token. Raises `SignInNeeded` when Microsoft wants the person."""
    cache = msal.SerializableTokenCache()
    try:
        cache.deserialize(tokens.cache)
    except ValueError as error:
        raise sign_in_again() from error
    app = application(tokens.client_id, door, cache)
    account = next((each for each in app.get_accounts() if each["home_account_id"] == tokens.subject), None)
    if account is None:
        raise sign_in_again()
    scopes = [each for each in asked(tokens.asked) if each.lower() in {one.lower() for one in plain(tokens.granted)}]
    try:
        found = app.acquire_token_silent_with_error(scopes or asked(tokens.asked), account=account, force_refresh=force)
    except (ValueError, KeyError, TypeError) as error:
        raise nonsense() from error
    if not found or "access_token" not in found:
        raise refused(found or {})
    return with_access(tokens, found, cache)


def with_access(tokens: Tokens, found: Mapping[str, Any], cache: msal.SerializableTokenCache) -> Tokens:
    """After msal got a token."""
    scope = str(found.get("scope") or "").split()
    return replace(
        tokens,
        cache=cache.serialize(),
        access_token=str(found["access_token"]),
        expires=int(time.time()) + int(found.get("expires_in") or 3600),
        granted=tuple(plain(scope)) if scope else tokens.granted,
    )

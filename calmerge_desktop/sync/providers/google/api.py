"""The Calendar API (v3) through Google's own client library, from the description that comes with it: nothing is fetched."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from google.auth.exceptions import GoogleAuthError
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError

from calmerge_desktop.core.errors import BadInput, CalmergeError, ServerTrouble, SignInNeeded
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.http import is_loopback
from calmerge_desktop.sync.http_errors import Dropped
from calmerge_desktop.sync.oauth.signed_in import Keep
from calmerge_desktop.sync.providers.google.failures import HOST, Said, meaning, reason_of, sign_in_again
from calmerge_desktop.sync.providers.google.tokens import Tokens
from calmerge_desktop.sync.providers.google.wire import Wire

ENDPOINT = "CALMERGE_GOOGLE_ENDPOINT"
"""Environment variable: another address in front of the API, such as a proxy or a test's server."""


@dataclass(frozen=True, slots=True)
class Service:
    """One of Google's interfaces, and the collections of it that are used."""

    name: str
    version: str
    host: str
    path: str
    collections: tuple[str, ...]


CALENDAR = Service("calendar", "v3", "https://www.googleapis.com", "/calendar/v3/", ("events", "calendarList", "freebusy"))
MAIL = Service("gmail", "v1", "https://gmail.googleapis.com", "/", ("users",))
EARLY = 60
"""Seconds before its end at which a token is renewed."""

_PERSON = frozenset({"invalid_grant", "access_denied", "admin_policy_enforced", "interaction_required", "invalid_rapt"})
"""Refusals of a renewal that no waiting mends (RFC 6749 §5.2, and Workspace's own)."""
_CLIENT = frozenset({"invalid_client", "unauthorized_client", "deleted_client", "disabled_client"})

Json = dict[str, Any]


class Api:
    """A signed-in session. Made, used and closed on one thread; only `interrupt` may come from another."""

    def __init__(
        self, tokens: Tokens, keep: Keep | None = None, *, service: Service = CALENDAR, timeout: float | None = None
    ) -> None:
        self.tokens = tokens
        self._keep = keep
        self._service = service
        self._root = endpoint(service)
        self._wire = Wire(self._root, tokens.client.token_uri, timeout=timeout)
        if tokens.access_token:
            self._wire.bearer(tokens.access_token)

    @property
    def events(self) -> Any:
        """The library's collection: `events.list(...)` makes a request for `run`."""
        return _collections(self._service, self._root)["events"]

    @property
    def calendar_list(self) -> Any:
        """The library's collection."""
        return _collections(self._service, self._root)["calendarList"]

    @property
    def freebusy(self) -> Any:
        """The library's collection."""
        return _collections(self._service, self._root)["freebusy"]

    @property
    def users(self) -> Any:
        """The library's collection, of `MAIL`."""
        return _collections(self._service, self._root)["users"]

    @property
    def messages(self) -> Any:
        """The library's collection, of `MAIL`."""
        return self.users.messages()

    def run(
        self, request: Any, stop: Stop, *, writing: bool = False, own: Collection[int] = (), match: str | None = None
    ) -> Json:
        """Carry out one request; its answer is an object. Statuses in `own` come as `Said`, others as `core.errors`.

        `match` is the ETag that must still hold (RFC 9110 §13.1.1).
        """
        self._wire.stop = stop
        if match:
            request.headers["If-Match"] = match
        if self.tokens.expires - EARLY < time.time():
            self.renew(stop)
        try:
            try:
                found = request.execute(http=self._wire)
            except HttpError as error:
                if error.status_code != 401:
                    raise
                self.renew(stop)  # revoked, or a clock that is wrong here or there
                found = request.execute(http=self._wire)
        except HttpError as error:
            if error.status_code in own:
                raise Said(int(error.status_code), reason_of(error)) from error
            raise meaning(error, writing=writing, mail=self._service is MAIL) from error
        except UnicodeDecodeError as error:
            raise _cut() from error
        if request.method == "DELETE":
            return {}
        if not isinstance(found, dict):
            raise _cut()  # the library takes half an answer for a text
        return found

    def renew(self, stop: Stop) -> None:
        """A new access token. Raises `SignInNeeded` when Google wants the person."""
        self._wire.stop = stop
        self.tokens = renewed(self.tokens, self._wire)
        self._wire.bearer(self.tokens.access_token)
        if self._keep:
            self._keep(self.tokens.text())

    def interrupt(self) -> None:
        """See `abilities.Interruptible`."""
        self._wire.interrupt()

    def close(self) -> None:
        """Give connections back."""
        self._wire.close_connections()


def endpoint(service: Service = CALENDAR) -> str:
    """Where the API is. Raises `BadInput` when the variable names an unprotected or unusable place."""
    given = os.environ.get(ENDPOINT, "").strip().rstrip("/")
    if not given:
        return service.host
    try:
        parts = urlsplit(given)
        sound = bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(given)))
    except ValueError:
        sound = False
    if not sound:
        raise BadInput(_("{name} is no usable address.").format(name=ENDPOINT), hint=_("Use https."))
    return given


def renewed(tokens: Tokens, wire: Wire) -> Tokens:
    """The tokens with a new access token."""
    client = tokens.client
    # Without scopes: asking for one that was not ticked would be refused, and what the token carries is known.
    held = Credentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=tokens.refresh_token,
        token_uri=client.token_uri,
        client_id=client.client_id,
        client_secret=client.client_secret,
    )
    try:
        held.refresh(wire.auth)  # type: ignore[no-untyped-call]
    except GoogleAuthError as error:
        raise _refused(error) from error
    return replace(
        tokens,
        access_token=str(held.token),
        refresh_token=str(held.refresh_token or tokens.refresh_token),
        expires=instant(held.expiry),
    )


def instant(expiry: datetime | None) -> int:
    """google-auth's naive UTC as an instant; a token without an end is renewed when it is refused."""
    return int(expiry.replace(tzinfo=UTC).timestamp()) if expiry else int(time.time()) + 3600


def _refused(error: GoogleAuthError) -> CalmergeError:
    said: Mapping[str, Any] = next((each for each in error.args if isinstance(each, Mapping)), {})
    word = str(said.get("error", ""))
    if word in _CLIENT:
        return SignInNeeded(
            _("Google does not know this program’s client any more."),
            hint=_("Sign in again with a client file that is valid."),
        )
    if word in _PERSON:
        return sign_in_again()
    return ServerTrouble(_("{host} gives an answer that makes no sense.").format(host=HOST))


def _cut() -> Dropped:
    return Dropped(_("The connection to {host} broke off.").format(host=HOST))


@cache
def _collections(api: Service, root: str) -> Mapping[str, Any]:
    """Made once: putting them together takes longer than a request. They hold no connection; `run` gives them one."""
    options = {"api_endpoint": root + api.path}
    service = build_from_document(_document(api), http=object(), client_options=options)
    return {name: getattr(service, name)() for name in api.collections}


def _document(api: Service) -> str:
    """The description of the API inside the library."""
    found = get_static_doc(api.name, api.version)
    assert found, "google-api-python-client comes without its documents"
    return str(found)

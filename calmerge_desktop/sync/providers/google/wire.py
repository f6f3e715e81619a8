"""Google's libraries over our own HTTP client: one place for certificates, proxies, silence, interruption and logs.

`google-auth` and `googleapiclient` take any transport of the right shape. Ours raises words of `core.errors` where no answer
came, and hands every answer with a status on as it is.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import httplib2

from calmerge_desktop.core.ports import Stop
from calmerge_desktop.sync.http import Answer, HttpClient, never
from calmerge_desktop.sync.http_errors import refusal

for _name in ("google", "googleapiclient", "google_auth_oauthlib", "google_auth_httplib2", "oauthlib", "requests_oauthlib"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # at debug level they log tokens and whole events
logging.getLogger("googleapiclient").setLevel(logging.CRITICAL)  # its warnings hold addresses with calendar ids
_ANY = frozenset(range(300, 600))


@dataclass(slots=True)
class AuthAnswer:
    """What `google.auth.transport.Response` asks for."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class Wire:
    """Connections of one account: to the API, with the token, and to the token endpoint, without. Used on one thread."""

    def __init__(self, api: str, token_uri: str, *, timeout: float | None = None) -> None:
        self._api = HttpClient(api, timeout=timeout)
        self._token = HttpClient(token_uri, timeout=timeout)
        self.stop: Stop = never

    def bearer(self, token: str) -> None:
        """Send this token to the API."""
        self._api.bearer(token)

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_more: object,
    ) -> tuple[httplib2.Response, bytes]:
        """What `googleapiclient` calls. Raises `Offline`, `Cancelled` and the like when there is no answer."""
        answer = self._api.request(method, uri, stop=self.stop, headers=_plain(headers), content=_bytes(body), accept=_ANY)
        told = httplib2.Response(
            {**{key.lower(): value for key, value in answer.headers.items()}, "status": str(answer.status)}
        )
        return told, answer.body

    def close_connections(self) -> None:
        """Give sockets back."""
        self._api.close()
        self._token.close()

    def interrupt(self) -> None:
        """End every wait with `Cancelled`. From any thread."""
        self._api.interrupt()
        self._token.interrupt()

    def auth(
        self,
        url: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        **_more: object,
    ) -> AuthAnswer:
        """What `google-auth` calls. A busy token endpoint is raised here: the library would sleep and try again."""
        answer = self.token_answer(url, method, body, headers)
        if answer.status == 429 or answer.status >= 500:
            raise refusal(answer.status, answer.headers, url)
        return AuthAnswer(answer.status, answer.headers, answer.body)

    def token_answer(self, url: str, method: str, body: str | bytes | None, headers: Mapping[str, str] | None) -> Answer:
        """One request to the token endpoint."""
        return self._token.request(method, url, stop=self.stop, headers=_plain(headers), content=_bytes(body), accept=_ANY)


def _plain(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Without what our client sets itself."""
    skip = ("content-length", "user-agent", "accept-encoding", "host", "connection")
    return {key: str(value) for key, value in (headers or {}).items() if key.lower() not in skip}


def _bytes(body: str | bytes | None) -> bytes | None:
    return body.encode() if isinstance(body, str) else body

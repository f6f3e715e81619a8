"""The one HTTP client: HTTP/1.1, the system's trusted certificates, and every failure as a word of `core.errors`.

Credentials (Basic, RFC 7617) go to the host the person named and to hosts explicitly trusted later, never along a redirect
to another host. Sentences name a host, never a URL: feed addresses are secrets. A client is made, used and closed on one
thread; only `interrupt` may be called from another.
"""

from __future__ import annotations

import base64
import ipaddress
import logging
import os
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
import stamina

from calmerge_desktop import __version__
from calmerge_desktop.core.errors import Cancelled, ServerTrouble, UnreadableCalendar
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.http_errors import Dropped, host_of, refusal, transport_failure

MEGABYTE = 1_000_000
BODY_LIMIT = 150 * MEGABYTE
"""Bytes of one decoded answer; beyond it the answer is refused, compressed or not."""
REDIRECTS = 5
_TIMEOUT = httpx2.Timeout(60.0, connect=10.0)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"})
_MOVED = frozenset({301, 302, 303, 307, 308})
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # they log whole addresses, and a feed's address is a secret
_LOOPBACK = ("all://127.0.0.1", "all://localhost", "all://[::1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A complete answer. `url` is where it finally came from."""

    status: int
    headers: httpx2.Headers
    body: bytes
    url: str


class HttpClient:
    """Connections to the servers of one account. `limit` is in bytes of decoded body, `timeout` in seconds of silence."""

    def __init__(
        self,
        url: str,
        *,
        user: str | None = None,
        password: str | None = None,
        limit: int = BODY_LIMIT,
        timeout: float | None = None,
    ) -> None:
        self._trusted = {_origin(url)}
        self._protected = url.startswith("https:")
        self._authorization = _basic(user, password or "") if user else None
        self._limit = limit
        self._sockets: list[socket.socket] = []
        self._interrupted = False
        self._client = httpx2.Client(
            timeout=_TIMEOUT if timeout is None else httpx2.Timeout(timeout),
            verify=_trust(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
            headers={"User-Agent": f"CalMerge/{__version__}"},
            mounts=dict.fromkeys(_LOOPBACK),  # a system proxy never sees loopback
        )

    def trust(self, url: str) -> None:
        """Send the credentials to the host of `url` too: an answer of a trusted host named it, or the person did."""
        self._trusted.add(_origin(url))

    def bearer(self, token: str) -> None:
        """From now on the credentials are this token (RFC 6750), with the same care for whom it is sent to."""
        self._authorization = f"Bearer {token}"

    def request(
        self,
        method: str,
        url: str,
        *,
        stop: Stop,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        accept: frozenset[int] = frozenset(),
    ) -> Answer:
        """One request with up to five redirects; safe methods are tried again when the connection drops.

        Statuses 200 to 299 and those in `accept` are answers. Raises `SignInNeeded`, `AccessDenied`, `UserMustAct` (404,
        410), `Offline`, `RateLimited`, `ServerTrouble`, `UnreadableCalendar` (too large), `Cancelled`.
        """
        tries = 3 if method in _SAFE else 1
        for attempt in stamina.retry_context(
            on=Dropped, attempts=tries, timeout=15, wait_initial=0.1, wait_max=1, wait_jitter=0.2
        ):
            with attempt:
                answer = self._follow(method, url, dict(headers or {}), content, stop)
        if 200 <= answer.status < 300 or answer.status in accept:
            return answer
        raise refusal(answer.status, answer.headers, answer.url)

    def interrupt(self) -> None:
        """End what waits for the network right now, and everything after it, with `Cancelled`. From any thread."""
        self._interrupted = True
        for each in list(self._sockets):
            try:
                each.shutdown(socket.SHUT_RDWR)  # close() would not wake a thread that is inside recv()
            except OSError:
                continue

    def close(self) -> None:
        """Close all connections."""
        self._client.close()
        self._sockets.clear()

    def _follow(self, method: str, url: str, headers: dict[str, str], content: bytes | None, stop: Stop) -> Answer:
        seen: set[str] = set()
        for _hop in range(REDIRECTS + 1):
            stop()
            answer = self._once(method, url, headers, content, stop)
            target = answer.headers.get("location")
            if answer.status not in _MOVED or not target:
                return answer
            seen.add(url)
            url = _next_hop(url, target)
            if url in seen:
                break
            if answer.status == 303 and method not in _SAFE:
                method, content = "GET", None
        raise ServerTrouble(_("{host} sends us around in circles.").format(host=host_of(url)))

    def _once(self, method: str, url: str, headers: dict[str, str], content: bytes | None, stop: Stop) -> Answer:
        if self._authorization and _origin(url) in self._trusted and (url.startswith("https:") or not self._protected):
            headers = {**headers, "Authorization": self._authorization}
        try:
            request = self._client.build_request(
                method,
                url,
                headers=headers,
                content=content,
                extensions={"trace": self._watch, "timeout": self._client.timeout.as_dict()},
            )
            self._check()
            response = self._client.send(request, stream=True, follow_redirects=False)
            try:
                body = self._read(response, stop)
            finally:
                response.close()
        except (httpx2.RequestError, httpx2.InvalidURL, httpx2.StreamError, OSError) as error:
            self._check()
            raise transport_failure(error, url) from error
        return Answer(status=response.status_code, headers=response.headers, body=body, url=url)

    def _read(self, response: httpx2.Response, stop: Stop) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes(
            chunk_size=65_536
        ):  # decoded bit by bit: a gzip bomb meets the limit, not the memory
            self._check()
            stop()
            size += len(part)
            if size > self._limit:
                raise UnreadableCalendar(
                    _("What {host} sends is larger than {size} MB.").format(
                        host=host_of(str(response.url)), size=max(1, self._limit // MEGABYTE)
                    )
                )
            parts.append(part)
        return b"".join(parts)

    def _watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember sockets as they open, so that `interrupt` reaches a thread that waits for a silent server."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            found = info["return_value"].get_extra_info("socket")
            if isinstance(found, socket.socket):
                self._sockets = [each for each in self._sockets if each.fileno() != -1]
                self._sockets.append(found)

    def _check(self) -> None:
        if self._interrupted:
            raise Cancelled(_("Stopped."))


def is_loopback(url: str) -> bool:
    """Whether the host of `url` is this machine."""
    host = (urlsplit(url).hostname or "").lower()
    return host in ("localhost", "::1") or host.startswith("127.")


def same_site(one: str, other: str) -> bool:
    """Whether two URLs belong to one organisation: the same host, or hosts below one registrable domain.

    Without a public suffix list: two labels are a domain, three below a country's second level such as `co.uk`.
    """
    hosts = [(urlsplit(url).hostname or "").lower().rstrip(".") for url in (one, other)]
    if hosts[0] == hosts[1]:
        return True
    labels = [host.split(".") for host in hosts]
    if any(":" in host or host.replace(".", "").isdigit() for host in hosts):
        return False
    deep = len(labels[0]) > 2 and len(labels[0][-1]) == 2 and len(labels[0][-2]) <= 3
    keep = 3 if deep else 2
    return len(labels[0]) >= keep and labels[0][-keep:] == labels[1][-keep:]


def _next_hop(url: str, target: str) -> str:
    try:
        following = urljoin(url, target)
        _origin(following)
        usable = urlsplit(following).scheme in ("http", "https")
    except ValueError:  # a port or an address in brackets that is none
        usable = False
    if not usable:
        raise ServerTrouble(_("{host} sends us to an address that is no web address.").format(host=host_of(url)))
    if _is_inside(following) and not _is_inside(url):
        raise ServerTrouble(_("{host} sends us into the private network.").format(host=host_of(url)))
    if url.startswith("https:") and following.startswith("http:"):
        if urlsplit(following).hostname != urlsplit(url).hostname:
            raise ServerTrouble(_("{host} sends us to an unprotected address.").format(host=host_of(url)))
        following = protected(following)  # a server that does not know it stands behind TLS
    return following


def _is_inside(url: str) -> bool:
    """Whether a URL names this machine or a private network outright; strangers have no business to send us there."""
    host = (urlsplit(url).hostname or "").lower()
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def protected(url: str) -> str:
    """The same address by https; the port of plain http goes."""
    parts = urlsplit(url)
    host = parts.netloc.removesuffix(":80")
    return parts._replace(scheme="https", netloc=host).geturl()


def _origin(url: str) -> tuple[str, str, int]:
    """Scheme class, host and port; http on 80 and https on 443 of one host are the same place, and never a downgrade."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return (
        ("standard", (parts.hostname or "").lower(), 0)
        if port in (80, 443)
        else ("own", (parts.hostname or "").lower(), port)
    )


@lru_cache(maxsize=4)
def _trust(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    """The trusted certificates, read once: that takes longer than a request, and every visit opens a client."""
    return httpx2.create_ssl_context()


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def never() -> None:
    """A `Stop` that never stops."""

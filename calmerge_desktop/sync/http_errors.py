"""HTTP statuses and transport failures -> `core.errors`, each with one sentence that names the host."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx2

from calmerge_desktop.core.errors import (
    AccessDenied,
    BadInput,
    CalmergeError,
    NothingThere,
    Offline,
    RateLimited,
    ServerTrouble,
    SignInNeeded,
    UserMustAct,
)
from calmerge_desktop.core.texts import _

_LONGEST = 7 * 86_400.0
"""Seconds; whoever asks for more gets a week."""


class Dropped(Offline):
    """The connection broke while it was in use; a safe request may be repeated at once."""


def host_of(url: str) -> str:
    """The host a sentence may name (with a port that is not the usual one)."""
    parts = urlsplit(url)
    host = parts.hostname or "?"
    try:
        return f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return host


def refusal(status: int, headers: Mapping[str, str], url: str) -> CalmergeError:
    """What a status outside 200 to 299 means for the person."""
    host = host_of(url)
    wait = retry_after(headers)
    if status == 401:
        return SignInNeeded(
            _("{host} does not accept this user name and password.").format(host=host), hint=_("Sign in again.")
        )
    if status in (429, 503) and (status == 429 or wait is not None):
        return RateLimited(_("{host} asks us to slow down.").format(host=host), retry_after=wait)
    if status in (403, 407, 451):
        return AccessDenied(_("{host} denies access.").format(host=host))
    if status in (404, 410):
        return NothingThere(
            _("There is nothing at this address of {host} any more.").format(host=host), hint=_("Check the address.")
        )
    if status in (408, 421, 425) or status >= 500:
        return ServerTrouble(_("{host} has trouble (HTTP {status}).").format(host=host, status=status), retry_after=wait)
    if status >= 400:
        return UserMustAct(_("{host} does not understand our request (HTTP {status}).").format(host=host, status=status))
    return ServerTrouble(_("{host} gives an answer that makes no sense (HTTP {status}).").format(host=host, status=status))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Retry-After (RFC 9110 §10.2.3) in seconds from now: a number or a date; None when absent or unreadable."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isdigit():
        return min(float(int(text)), _LONGEST)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0.0, (at - datetime.now(UTC)).total_seconds()), _LONGEST)


def transport_failure(error: Exception, url: str) -> CalmergeError:
    """Why no answer came: name, refusal, silence, break, certificate, or data that does not decode."""
    host = host_of(url)
    causes = list(_causes(error))
    if isinstance(error, httpx2.InvalidURL | httpx2.UnsupportedProtocol):
        return BadInput(_("This is no web address."))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Offline(
            _("The certificate of {host} is not trusted on this computer.").format(host=host),
            hint=_("Check the address, the clock of this computer, or ask whoever runs the server."),
        )
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Offline(_("The name {host} is not found.").format(host=host), hint=_("Check the connection and the address."))
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return Offline(_("{host} refuses the connection.").format(host=host))
    if any(isinstance(cause, httpx2.TimeoutException | TimeoutError) for cause in causes):
        return Offline(_("{host} does not answer in time.").format(host=host))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Offline(_("No protected connection to {host} is possible.").format(host=host))
    if isinstance(error, httpx2.DecodingError):
        return ServerTrouble(_("The answer of {host} is damaged.").format(host=host))
    if isinstance(error, httpx2.ConnectError):
        return Offline(_("{host} cannot be reached.").format(host=host))
    return Dropped(_("The connection to {host} broke off.").format(host=host))


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__

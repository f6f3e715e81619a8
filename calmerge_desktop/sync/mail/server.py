"""Where a mailbox's servers are, how they are trusted, and their failures as words of `core.errors`.

Certificates are checked as the HTTP client checks them: against the system's, or the file SSL_CERT_FILE names.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from calmerge_desktop.core.errors import BadInput, CalmergeError, SignInNeeded
from calmerge_desktop.core.mail_ports import Mailbox
from calmerge_desktop.core.texts import _

if TYPE_CHECKING:
    from collections.abc import Mapping

SECURITIES = ("starttls", "tls", "none")
CONNECT = 15.0
"""Seconds until a server must have taken the connection."""
SILENCE = 60.0
"""Seconds a server may be silent."""


@dataclass(frozen=True, slots=True)
class Server:
    """One server of a mailbox; `security` is `starttls`, `tls` or `none`, and `user` is empty when nobody signs in."""

    kind: str
    host: str
    port: int
    security: str
    user: str

    @property
    def url(self) -> str:
        """For sentences that name host and port."""
        return f"{self.kind}://{self.name}"

    @property
    def name(self) -> str:
        """Host and port as a sentence names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def smtp_server(box: Mailbox) -> Server:
    """Where the mailbox sends. Raises `BadInput` when its settings are of no use."""
    return _server("smtp", box.config, "", box.address)


def imap_server(box: Mailbox) -> Server | None:
    """Where mail comes in; None when the person named no such server. Raises `BadInput`."""
    return _server("imap", box.config, "imap_", box.address) if box.config.get("imap_host") else None


def tls() -> ssl.SSLContext:
    """What certificates are checked against."""
    import httpx2

    return httpx2.create_ssl_context()


def failure(error: Exception, server: Server) -> CalmergeError:
    """Why there is no connection: name, refusal, silence, break, or certificate. Always one that time may mend."""
    from calmerge_desktop.sync.http_errors import transport_failure

    return transport_failure(error, server.url)


def refused_sign_in(server: Server) -> SignInNeeded:
    """The password is wrong, or an app password is wanted."""
    return SignInNeeded(
        _("{host} does not accept this user name and password.").format(host=server.name),
        hint=_("Many providers want an app password made in their settings."),
    )


def unprotected(server: Server) -> BadInput:
    """The server offers no TLS although the person asked for it; we do not go on without."""
    return BadInput(_("{host} offers no protected connection.").format(host=server.name))


def _server(kind: str, config: Mapping[str, str], prefix: str, address: str) -> Server:
    host, port = config.get(f"{prefix}host", ""), config.get(f"{prefix}port", "")
    security = config.get(f"{prefix}security") or config.get("security", "starttls")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536 or security not in SECURITIES:
        raise BadInput(_("The server of a mailbox is written HOST:PORT."))
    made = Server(kind, host, int(port), security, config.get("user", address))
    if security == "none" and made.user and not _is_here(host):
        raise BadInput(
            _("Without protection anybody on the way could read the password of {host}.").format(host=made.name),
            hint=_("Use --security starttls or tls."),
        )
    return made


def _is_here(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")

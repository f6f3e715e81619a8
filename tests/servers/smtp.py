"""A real SMTP server (aiosmtpd) that wants STARTTLS and a password, and misbehaves for certain addresses."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.caldav import free_port
from tests.servers.certificates import Certificates

USER, PASSWORD = "alice@example.test", "alice-secret"


class _Controller(Controller):
    """Ends what is still connected when it stops: aiosmtpd leaves that open, and a later test hears of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._open: list[asyncio.Transport] = []

    def factory(self) -> SMTP:
        opened = self._open

        class Noted(SMTP):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                assert isinstance(transport, asyncio.Transport)
                opened.append(transport)
                super().connection_made(transport)

        return Noted(self.handler, **self.SMTP_kwargs)

    def stop(self, no_assert: bool = False) -> None:
        for transport in self._open:
            self.loop.call_soon_threadsafe(transport.abort)
        super().stop(no_assert)


class SmtpServer:
    """`mails` holds (sender, recipients, bytes) of what it took. reject*@ 550, defer*@ 451, dies*@ after DATA, hangs up.

    Without `certificates` it wants neither TLS nor a password: for programs that would not trust them.
    """

    def __init__(self, certificates: Certificates | None) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.dies_before_data = False
        self.closing = False
        self.deferring = True
        safe: dict[str, Any] = {}
        if certificates is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificates.cert, certificates.key)
            safe = {
                "tls_context": context,
                "require_starttls": True,
                "auth_required": True,
                "authenticator": self._authenticate,
            }
        self._controller = _Controller(self, hostname="127.0.0.1", port=free_port(), **safe)
        self._controller.start()
        self.port = int(self._controller.port)

    def stop(self) -> None:
        self._controller.stop()

    @staticmethod
    def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
        return AuthResult(success=good, handled=False)

    async def handle_MAIL(self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802
        if self.closing:
            return "421 4.3.2 closing"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802
        if address.startswith("reject"):
            return "550 5.1.1 no such user here"
        if address.startswith("defer") and self.deferring:
            return "451 4.7.1 come back later"
        if self.dies_before_data:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.mails.append((envelope.mail_from or "", list(envelope.rcpt_tos), envelope.content))
        if any(one.startswith("dies") for one in envelope.rcpt_tos):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "554 5.7.1 looks like spam" if b"SPAM" in envelope.content else "250 taken"


@pytest.fixture
def smtp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpServer]:
    """A server with STARTTLS and a password, whose certificate is trusted; imported where it is needed."""
    certificates = Certificates(tmp_path / "tls")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    made = SmtpServer(certificates)
    yield made
    made.stop()

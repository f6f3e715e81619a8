"""A real profile and window, and real servers: SMTP that wants STARTTLS and a password."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.certificates import Certificates
from tests.servers.smtp import SmtpServer
from tests.ui.inviting.conftest import alice, profile

__all__ = ["alice", "profile"]


@pytest.fixture
def smtp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpServer]:
    certificates = Certificates(tmp_path / "tls")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    made = SmtpServer(certificates)
    yield made
    made.stop()

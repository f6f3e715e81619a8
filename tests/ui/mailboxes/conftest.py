"""A real profile and window, and real servers: SMTP that wants STARTTLS and a password."""

from __future__ import annotations

from tests.servers.smtp import smtp
from tests.ui.inviting.conftest import alice, profile

__all__ = ["alice", "profile", "smtp"]

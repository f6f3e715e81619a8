"""A real SMTP server."""

from __future__ import annotations

from tests.servers.smtp import smtp

__all__ = ["smtp"]

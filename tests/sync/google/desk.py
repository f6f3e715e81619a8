"""This side of a Google account."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from calmerge_desktop.core.model import Account
from calmerge_desktop.core.ports import CalendarProvider
from calmerge_desktop.sync.providers.google.provider import GoogleProvider
from tests.servers.google import FakeGoogle
from tests.sync.google.conftest import ACCOUNT
from tests.sync.vendor_desk import BEGIN, ZONE, VendorDesk

__all__ = ["BEGIN", "ZONE", "Desk"]


class Desk(VendorDesk):
    """See `VendorDesk`."""

    ACCOUNT = ACCOUNT
    FIRST: ClassVar[str] = "Alice"

    def __init__(self, folder: Path, google: FakeGoogle, secret: str) -> None:
        super().__init__(folder, google, secret)
        self.google = google

    def provider(self, account: Account, keep: Callable[[str], None]) -> CalendarProvider:
        return GoogleProvider(account, self.secret, keep, timeout=5)

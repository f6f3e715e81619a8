"""This side of a Microsoft account."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from calmerge_desktop.core.model import Account
from calmerge_desktop.core.ports import CalendarProvider
from calmerge_desktop.sync.providers.microsoft.provider import MicrosoftProvider
from tests.servers.microsoft import FakeMicrosoft
from tests.sync.microsoft.conftest import ACCOUNT
from tests.sync.vendor_desk import BEGIN, ZONE, VendorDesk

__all__ = ["BEGIN", "ZONE", "Desk"]


class Desk(VendorDesk):
    """See `VendorDesk`."""

    ACCOUNT = ACCOUNT
    FIRST: ClassVar[str] = "Calendar"

    def __init__(self, folder: Path, microsoft: FakeMicrosoft, secret: str) -> None:
        super().__init__(folder, microsoft, secret)
        self.microsoft = microsoft

    def provider(self, account: Account, keep: Callable[[str], None]) -> CalendarProvider:
        return MicrosoftProvider(account, self.secret, keep, timeout=5, clock=lambda: self.now)

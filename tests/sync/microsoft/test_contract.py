"""Microsoft keeps what every two-way adapter promises."""

from __future__ import annotations

import pytest

from calmerge_desktop.core.model import RemoteId
from tests.provider_contract import ProviderContract
from tests.servers.microsoft import FakeMicrosoft


class TestMicrosoft(ProviderContract):
    @pytest.fixture
    def calendar(self, microsoft: FakeMicrosoft) -> RemoteId:
        return RemoteId(microsoft.primary.id)

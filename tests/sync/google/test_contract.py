"""Google keeps what every two-way adapter promises."""

from __future__ import annotations

import pytest

from calmerge_desktop.core.model import RemoteId
from tests.provider_contract import ProviderContract


class TestGoogle(ProviderContract):
    @pytest.fixture
    def calendar(self) -> RemoteId:
        return RemoteId("primary")

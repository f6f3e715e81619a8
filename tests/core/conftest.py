"""A store on real files with one account and two calendars."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from calmerge_desktop.core.model import Access, Account, AccountId, RemoteCalendar, RemoteId
from calmerge_desktop.core.store import Store

NOW = 1_795_000_000  # 2026-11-18


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Opened, with calendars `Work` and `Home`."""
    made = Store(tmp_path, clock=lambda: NOW)
    account = Account(id=AccountId("a-1"), provider="caldav", name="Acme", address="me@example.test", config={"url": "x"})
    made.add_account(account)
    made.list_calendars(
        account.id,
        [
            RemoteCalendar(remote_id=RemoteId("work"), name="Work", access=Access.WRITE, color="#112233"),
            RemoteCalendar(remote_id=RemoteId("home"), name="Home", access=Access.READ),
        ],
    )
    yield made
    made.close()

"""gcal_sync in the same way: `python -m benchmarks.wire.gcal google FACTS HOME`, its store a file as its users keep it."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp
from gcal_sync.api import GoogleCalendarService
from gcal_sync.auth import AbstractAuth
from gcal_sync.store import CalendarStore
from gcal_sync.sync import CalendarEventSyncManager


class Auth(AbstractAuth):  # type: ignore[misc]
    """A token that is already there."""

    def __init__(self, session: aiohttp.ClientSession, host: str, token: str) -> None:
        super().__init__(session, host)
        self._token = token

    async def async_get_access_token(self) -> str:
        """See `AbstractAuth`."""
        return self._token


class FileStore(CalendarStore):  # type: ignore[misc]
    """One JSON file, read and written whole, as Home Assistant does."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def async_load(self) -> dict[str, Any] | None:
        """See `CalendarStore`."""
        return json.loads(self._path.read_text()) if self._path.exists() else None

    async def async_save(self, data: dict[str, Any]) -> None:
        """See `CalendarStore`."""
        self._path.write_text(json.dumps(data))


async def work(facts: dict[str, str], home: Path) -> None:
    """First sync, then one for each line."""
    async with aiohttp.ClientSession() as session:
        api = GoogleCalendarService(Auth(session, f"{facts['url']}/calendar/v3", facts["token"]))
        store = FileStore(home / "store.json")
        known: dict[str, Any] = {}
        while True:
            begin = perf_counter()
            await CalendarEventSyncManager(api, "primary", store).run()
            seconds = perf_counter() - begin
            held = next(iter(json.loads((home / "store.json").read_text())["event_sync"].values()))["items"]
            taken = sum(known.get(key) != each for key, each in held.items())
            known = held
            print(json.dumps({"seconds": seconds, "taken": taken}), flush=True)
            if not await asyncio.to_thread(sys.stdin.readline):
                break


if __name__ == "__main__":
    Path(sys.argv[3]).mkdir(parents=True, exist_ok=True)
    asyncio.run(work(json.loads(sys.argv[2]), Path(sys.argv[3])))

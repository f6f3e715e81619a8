"""CalMerge: `python -m benchmarks.wire.calmerge google|caldav FACTS HOME`.

Prints the seconds of the first sync and how many events it took; for each line on its input the same of the next one.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from time import perf_counter

from benchmarks.ours.profile import QUIET
from calmerge_desktop.core.model import Account, AccountId
from calmerge_desktop.core.ports import CalendarProvider
from calmerge_desktop.core.store import Store
from calmerge_desktop.core.when import now
from calmerge_desktop.sync.engine import SyncEngine


def _google(facts: dict[str, str]) -> tuple[Account, CalendarProvider]:
    os.environ["CALMERGE_GOOGLE_ENDPOINT"] = facts["url"]
    from benchmarks.wire.servers import SCOPES
    from calmerge_desktop.sync.oauth.scopes import Level
    from calmerge_desktop.sync.providers.google.client import parse_client
    from calmerge_desktop.sync.providers.google.provider import open_google
    from calmerge_desktop.sync.providers.google.tokens import Tokens

    granted = tuple(f"https://www.googleapis.com/auth/{name}" for name in SCOPES)
    client = parse_client(json.dumps(facts["client"]), "client.json")
    tokens = Tokens(client=client, refresh_token=facts["refresh"], access_token="", granted=granted, asked=Level.WRITE)
    account = Account(id=AccountId("a-bench"), provider="google", name="Bench", config={"subject": "1"})
    return account, open_google(account, tokens.text())


def _caldav(facts: dict[str, str]) -> tuple[Account, CalendarProvider]:
    from calmerge_desktop.sync.providers.caldav import open_caldav

    config = {"url": facts["url"], "user": facts["user"]}
    account = Account(id=AccountId("a-bench"), provider="caldav", name="Bench", config=config)
    return account, open_caldav(account, facts["password"])


def main() -> None:
    """See the module."""
    kind, facts, home = sys.argv[1], json.loads(sys.argv[2]), Path(sys.argv[3])
    account, _first = _google(facts) if kind == "google" else _caldav(facts)
    _first.close()
    home.mkdir(parents=True, exist_ok=True)
    store = Store(home, now)
    store.add_account(account)
    engine = SyncEngine(store, lambda _account: (_google(facts) if kind == "google" else _caldav(facts))[1], now)
    while True:
        begin = perf_counter()
        results = engine.run_once(None, full=False, stop=threading.Event(), listener=QUIET)
        taken = sum(each.added + each.updated for result in results for each in result.calendars)
        print(json.dumps({"seconds": perf_counter() - begin, "taken": taken}), flush=True)
        if not sys.stdin.readline():
            break
    store.close()


if __name__ == "__main__":
    main()

"""Sync throughput: the engine takes a faked provider's whole listing into the store, then looks again: nothing is new.

Anchor `sync_bare`: the same texts with href and ETag into one plain SQLite table, one transaction, nothing read of them.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

from calmerge_desktop import __version__
from calmerge_desktop.core.model import Account, AccountId
from calmerge_desktop.core.store import Store
from calmerge_desktop.sync.engine import SyncEngine

from benchmarks.ours.faked import FakedProvider
from benchmarks.ours.profile import MOMENT, QUIET
from benchmarks.peers.protocol import Job, once, report


def bare(provider: FakedProvider, path: Path) -> None:
    """What no store can do without."""
    with sqlite3.connect(path) as connection:
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE r(h, e, t)")
        connection.executemany(
            "INSERT INTO r VALUES (?, ?, ?)",
            ((str(each.href), each.etag, each.ics) for held in provider.held.values() for each in held),
        )


def main() -> None:
    """See `peers.protocol`."""
    job = Job.given()
    folder = job.out / "sync"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    provider = FakedProvider(job.data)
    anchor, _nothing = once(lambda: bare(provider, folder / "bare.sqlite"))
    store = Store(folder, lambda: MOMENT)
    store.add_account(Account(id=AccountId("a-bench"), provider="feed", name="Bench"))
    engine = SyncEngine(store, lambda _account: provider, lambda: MOMENT)

    def visit() -> int:
        results = engine.run_once(None, full=False, stop=threading.Event(), listener=QUIET)
        return sum(calendar.added for result in results for calendar in result.calendars)

    seconds, added = once(visit)
    again, more = once(visit)
    assert not more, "nothing changed"
    store.close()
    report(__version__, {"sync": seconds, "sync_again": again, "sync_bare": anchor}, resources=added)


if __name__ == "__main__":
    main()

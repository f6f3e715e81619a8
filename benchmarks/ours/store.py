"""From a filled store: the merged week and year, the rows alone, and the first week of a store just opened.

`week` and `year` are asked again and again while nothing changes, as a window does, so the view may answer from memory;
`week_disk` and `year_disk` are the same with that memory emptied before each call: everything comes out of both files.

The statements the rows need are written beside, values filled in, so that bare SQLite can run the very same ones.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from calmerge_desktop import __version__
from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core.zones import UTC_ZONE

from benchmarks.ours.profile import opened
from benchmarks.peers.protocol import Job, once, report, warm

_ONE_TEXT = re.compile(r"WITH t\([^)]*\) AS \((SELECT .*)\) SELECT json_group_array\(.* FROM t")


def statements(work: Callable[[], object]) -> list[str]:
    """Every SELECT of the cache that `work` runs on a new connection, with its values.

    The program reads columns as texts (`window.py`); bare SQLite reads the rows themselves.
    """
    seen: list[str] = []
    real = sqlite3.connect

    def connect(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = real(*args, **kwargs)
        made.set_trace_callback(seen.append)
        return made

    sqlite3.connect = connect  # type: ignore[assignment]  # for a moment, to listen
    try:
        work()
    finally:
        sqlite3.connect = real
    plain = (_ONE_TEXT.sub(r"\1", " ".join(text.split())) for text in seen)
    return [text for text in plain if text.upper().startswith("SELECT")]


def main() -> None:
    """See `peers.protocol`; a seventh argument is the home of the filled profile."""
    job = Job.given()
    home = Path(sys.argv[7])

    def begin() -> tuple[Profile, int]:
        profile = opened(home)
        return profile, len(profile.desk.view.instances(*job.week, "UTC"))

    seconds: dict[str, float] = {}
    seconds["reopen"], (profile, _n) = once(begin)
    ids = [calendar.id for calendar in profile.store.calendars()]
    for name, span in (("week", job.week), ("year", job.year)):

        def rows(span: tuple[int, int] = span) -> object:
            return profile.store.instances(*span, UTC_ZONE, ids)

        def merged(span: tuple[int, int] = span) -> Any:
            return profile.desk.view.instances(*span, "UTC")

        profile.store.window.close()  # so that the next read opens a connection that can be listened to
        (job.out / f"{name}.sql").write_text("\n".join(statements(rows)) + "\n", encoding="utf-8")
        profile.store.window.close()
        seconds[f"{name}_rows"], _rows = warm(rows)
        seconds[f"{name}_disk"], found = warm(merged, profile.desk.view.forget)
        del found
        seconds[name], found = warm(merged)
        job.found(name, ((one.uid, one.start, one.end) for one in found))
    profile.close()
    report(__version__, seconds)


if __name__ == "__main__":
    main()

"""khal: a folder of one file an event taken into its SQLite cache, and a week asked of that cache through its own calls."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from typing import Any

import pytz
from khal.khalendar import CalendarCollection

from benchmarks.peers.protocol import Job, once, report, warm

_LOCALE = {
    "local_timezone": pytz.utc,
    "default_timezone": pytz.utc,
    "timeformat": "%H:%M",
    "dateformat": "%Y-%m-%d",
    "longdateformat": "%Y-%m-%d",
    "datetimeformat": "%Y-%m-%d %H:%M",
    "longdatetimeformat": "%Y-%m-%d %H:%M",
    "unicode_symbols": True,
    "firstweekday": 0,
    "weeknumbers": False,
}


def main() -> None:
    """See `peers.protocol`."""
    job = Job.given()
    database = job.out / "khal"
    shutil.rmtree(database, ignore_errors=True)
    database.mkdir()
    folders = sorted((job.data / "vdir").iterdir())
    calendars = {
        each.name: {
            "name": each.name,
            "path": str(each),
            "readonly": True,
            "color": "",
            "priority": 10,
            "ctype": "calendar",
            "addresses": [],
        }
        for each in folders
    }

    def collect() -> Any:
        return CalendarCollection(
            calendars=calendars, dbpath=str(database / "khal.db"), locale=_LOCALE, color="", priority=10
        )

    taken, collection = once(collect)
    first, last = (datetime.fromtimestamp(at, UTC).date() for at in job.week)

    def shown() -> list[Any]:
        day: date = first
        found: list[Any] = []
        while day < last:
            found += collection.get_events_on(day)
            day += timedelta(days=1)
        return found

    week, _events = warm(shown)
    report(version("khal"), {"import": taken, "week": week})


if __name__ == "__main__":
    main()

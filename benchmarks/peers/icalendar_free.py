"""icalendar with recurring-ical-events asked for sixty days of all calendars, merged into busy spans."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Any

import icalendar
import recurring_ical_events

from benchmarks.peers.protocol import Found, Job, merged, report, warm

_SIXTY = 60 * 86_400


def _seconds(value: date) -> int:
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())


def _taken(events: list[Any]) -> list[tuple[int, int]]:
    return [
        (_seconds(event.start), _seconds(event.end))
        for event in events
        if str(event.get("TRANSP", "")) != "TRANSPARENT" and str(event.get("STATUS", "")) != "CANCELLED"
    ]


def main() -> None:
    """See `peers.protocol`."""
    job = Job.given()
    span = job.week[0], job.week[0] + _SIXTY
    files = sorted((job.data / "calendars").glob("*.ics"))
    queries = {path.stem: recurring_ical_events.of(icalendar.Calendar.from_ical(path.read_bytes())) for path in files}
    first, last = (datetime.fromtimestamp(at, UTC) for at in span)

    def free() -> list[Found]:
        return merged("all", [each for query in queries.values() for each in _taken(query.between(first, last))], span)

    seconds, _all = warm(free)
    job.found(
        "busy", [row for name, query in queries.items() for row in merged(name, _taken(query.between(first, last)), span)]
    )
    report(f"{version('icalendar')} + {version('recurring-ical-events')}", {"freebusy": seconds}, calendars=len(files))


if __name__ == "__main__":
    main()

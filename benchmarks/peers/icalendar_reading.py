"""icalendar with recurring-ical-events: the usual pair in Python."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Any

import icalendar
import recurring_ical_events

from benchmarks.peers.protocol import Found, Job, once, report, warm


def _seconds(value: date) -> int:
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())


def _rows(events: list[Any]) -> list[Found]:
    return [(str(event["UID"]), _seconds(event.start), _seconds(event.end)) for event in events]


def main() -> None:
    """See `peers.protocol`."""
    job = Job.given()
    path = job.data / "all.ics"

    def between(calendar: Any, span: tuple[int, int]) -> list[Any]:
        low, high = (datetime.fromtimestamp(at, UTC) for at in span)
        return list(recurring_ical_events.of(calendar).between(low, high))

    def first_week() -> tuple[Any, list[Any]]:
        calendar = icalendar.Calendar.from_ical(path.read_bytes())
        return calendar, between(calendar, job.week)

    first, (calendar, _week) = once(first_week)
    query = recurring_ical_events.of(calendar)
    week, in_week = warm(lambda: query.between(*(datetime.fromtimestamp(at, UTC) for at in job.week)))
    year, in_year = warm(lambda: query.between(*(datetime.fromtimestamp(at, UTC) for at in job.year)))
    job.found("week", _rows(in_week))
    job.found("year", _rows(in_year))
    report(
        f"{version('icalendar')} + {version('recurring-ical-events')}",
        {"first_week": first, "week": week, "year": year},
    )


if __name__ == "__main__":
    main()

"""ical (by allenporter; the calendar of Home Assistant)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Any

from ical.calendar_stream import IcsCalendarStream

from benchmarks.peers.protocol import Found, Job, once, report, warm


def _seconds(value: date) -> int:
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())


def main() -> None:
    """See `peers.protocol`."""
    job = Job.given()
    path = job.data / "all.ics"

    def between(calendar: Any, span: tuple[int, int]) -> list[Any]:
        low, high = (datetime.fromtimestamp(at, UTC) for at in span)
        return list(calendar.timeline_tz(UTC).overlapping(low, high))

    def first_week() -> tuple[Any, list[Any]]:
        calendar = IcsCalendarStream.calendar_from_ics(path.read_text(encoding="utf-8"))
        return calendar, between(calendar, job.week)

    def rows(events: list[Any]) -> list[Found]:
        return [(str(event.uid), _seconds(event.dtstart), _seconds(event.end)) for event in events]

    first, (calendar, _week) = once(first_week)
    week, in_week = warm(lambda: between(calendar, job.week))
    year, in_year = warm(lambda: between(calendar, job.year))
    job.found("week", rows(in_week))
    job.found("year", rows(in_year))
    report(version("ical"), {"first_week": first, "week": week, "year": year})


if __name__ == "__main__":
    main()

"""From a file to the first week, with nothing stored: what `calmerge agenda --file` does, by the program's own code."""

from __future__ import annotations

from calmerge_desktop import __version__
from calmerge_desktop.core.model import Instance
from calmerge_desktop.core.peek import peek
from calmerge_desktop.core.zones import UTC_ZONE

import tzlocal.windows_tz  # a library loaded when first used: loading is not timed, for nobody

from benchmarks.peers.protocol import Job, once, report


def main() -> None:
    """See `peers.protocol`."""
    job = Job.given()
    assert tzlocal.windows_tz.win_tz
    path = job.data / "all.ics"

    def first_week() -> tuple[bytes, list[Instance]]:
        data = path.read_bytes()
        return data, peek(data, *job.week, UTC_ZONE)[0]

    seconds, (data, week) = once(first_week)
    job.found("week", ((one.uid, one.start, one.end) for one in week))
    year, _bad = peek(data, *job.year, UTC_ZONE)
    job.found("year", ((one.uid, one.start, one.end) for one in year))
    report(__version__, {"first_week": seconds})


if __name__ == "__main__":
    main()

"""dateutil: the rules alone, on the wall clock of each series, turned into instants at the end."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

from benchmarks.peers.protocol import Found, Job, report, warm

_UNTIL = re.compile(r"UNTIL=(\d{8})(?:T(\d{6})(Z)?)?")
Series = tuple[str, datetime, ZoneInfo, str]


def load(job: Job) -> list[Series]:
    """The series, UNTIL rewritten to the wall clock: dateutil wants it naive where DTSTART is naive."""
    out: list[Series] = []
    for line in (job.data / "rules.tsv").read_text(encoding="ascii").splitlines():
        uid, start, tzid, rule = line.split("\t")
        zone = ZoneInfo(tzid or "UTC")
        wall = datetime.strptime(start, "%Y%m%dT%H%M%S" if "T" in start else "%Y%m%d")
        if found := _UNTIL.search(rule):
            until = datetime.strptime(found[1] + (found[2] or "000000"), "%Y%m%d%H%M%S")
            if found[3]:
                until = until.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
            rule = f"{rule[: found.start()]}UNTIL={until:%Y%m%dT%H%M%S}{rule[found.end() :]}"
        out.append((uid, wall, zone, rule))
    return out


def expand(ready: list[tuple[str, ZoneInfo, rrule | rruleset]], low: int, high: int) -> list[Found]:
    """Starts in `[low, high)`."""
    out: list[Found] = []
    day = timedelta(days=1)
    first, last = (datetime.fromtimestamp(at, UTC).replace(tzinfo=None) for at in (low, high))
    for uid, zone, rule in ready:
        for wall in rule.between(first - day, last + day, inc=True):
            start = int(wall.replace(tzinfo=zone).timestamp())
            if low <= start < high:
                out.append((uid, start, start + 1))
    return out


def main() -> None:
    """See `peers.protocol`."""
    job = Job.given()
    series = load(job)

    def parsed() -> list[tuple[str, ZoneInfo, rrule | rruleset]]:
        return [(uid, zone, rrulestr(rule, dtstart=wall, cache=False)) for uid, wall, zone, rule in series]

    ready = parsed()
    seconds: dict[str, float] = {}
    for name, span in (("week", job.week), ("year", job.year)):

        def from_rules(span: tuple[int, int] = span) -> list[Found]:
            return expand(ready, *span)

        def from_text(span: tuple[int, int] = span) -> list[Found]:
            return expand(parsed(), *span)

        seconds[f"rules_{name}"], found = warm(from_rules)
        seconds[f"rules_text_{name}"], _same = warm(from_text)
        job.found(name, found)
    report(version("python-dateutil"), seconds)


if __name__ == "__main__":
    main()

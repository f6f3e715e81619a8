"""The rules alone, through `core.recurrence`: text to `Series`, `Series` to instants."""

from __future__ import annotations

from datetime import date, datetime

from calmerge_desktop import __version__
from calmerge_desktop.core.model import Event, Stamp
from calmerge_desktop.core.recurrence.expand import Series
from calmerge_desktop.core.zones import UTC_ZONE

from benchmarks.peers.protocol import Found, Job, report, warm


def _event(uid: str, start: str, tzid: str, rule: str) -> Event:
    at: date | datetime
    at = datetime.strptime(start, "%Y%m%dT%H%M%S") if "T" in start else datetime.strptime(start, "%Y%m%d").date()
    return Event(uid=uid, start=Stamp(at, tzid or None), rrules=(rule,))


def expand(ready: list[Series], low: int, high: int) -> list[tuple[str, int]]:
    """Starts in `[low, high)`, asked the way the store asks: whole runs, or one by one where there is none."""
    out: list[tuple[str, int]] = []
    for series in ready:
        uid = series.events[0].uid
        run = series.run(low, high)
        starts = run.starts if run is not None else [one.start for one in series.walk(low, high)]
        if starts and starts[0] >= low:
            out += [(uid, start) for start in starts]
        else:
            out += [(uid, start) for start in starts if start >= low]
    return out


def main() -> None:
    """See `peers.protocol`."""
    job = Job.given()
    lines = (job.data / "rules.tsv").read_text(encoding="ascii").splitlines()
    events = [_event(uid, start, tzid, rule) for uid, start, tzid, rule in (line.split("\t") for line in lines)]

    def parsed() -> list[Series]:
        return [Series((event,), {}, UTC_ZONE) for event in events]

    ready = parsed()
    seconds: dict[str, float] = {}
    for name, span in (("week", job.week), ("year", job.year)):

        def from_series(span: tuple[int, int] = span) -> list[tuple[str, int]]:
            return expand(ready, *span)

        def from_text(span: tuple[int, int] = span) -> list[tuple[str, int]]:
            return expand(parsed(), *span)

        seconds[f"rules_{name}"], found = warm(from_series)
        seconds[f"rules_text_{name}"], _same = warm(from_text)
        rows: list[Found] = [(uid, start, start + 1) for uid, start in found]
        job.found(name, rows)
    report(__version__, seconds)


if __name__ == "__main__":
    main()

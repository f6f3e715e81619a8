"""What an engine found against the truth list: missing and extra occurrences, and how far a start was off."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from benchmarks.peers.protocol import Found, merged

_UID = re.compile(r"\nUID:(\S+)")
_DTSTART = re.compile(r"\nDTSTART(?:;VALUE=DATE)?(?:;TZID=\"?([^:;\"]+)\"?)?:(\d{8})(?:T(\d{6}))?")


class Verdict(NamedTuple):
    """Occurrences of one span. A moved one counts as one missing and one extra."""

    truth: int
    missing: int
    extra: int
    examples: tuple[str, ...]

    @property
    def words(self) -> str:
        """As the report prints it."""
        return f"{self.missing} / {self.extra} of {self.truth:,}"


def read(path: Path) -> Counter[Found]:
    """A list of occurrences; one that stands there twice counts twice."""
    with path.open(encoding="utf-8") as file:
        return Counter((uid, int(start), int(end)) for uid, start, end in (line.rstrip("\n").split("\t") for line in file))


def compare(truth: Counter[Found], found: Counter[Found], span: tuple[int, int]) -> Verdict:
    """Only what touches `span` counts, on both sides."""
    low, high = span
    wanted = Counter({one: n for one, n in truth.items() if one[1] < high and one[2] > low})
    got = Counter({one: n for one, n in found.items() if one[1] < high and one[2] > low})
    missing, extra = wanted - got, got - wanted
    examples = [f"missing {one}" for one in sorted(missing)[:2]] + [f"extra {one}" for one in sorted(extra)[:2]]
    return Verdict(wanted.total(), missing.total(), extra.total(), tuple(examples))


def busy_truth(data: Path, span: tuple[int, int]) -> Counter[Found]:
    """Busy time of each calendar by the truth list: every occurrence whose own VEVENT is not TRANSPARENT."""
    truth: dict[str, list[tuple[int, int]]] = {}
    for uid, start, end in read(data / "truth.tsv"):
        truth.setdefault(uid, []).append((start, end))
    out: list[Found] = []
    for path in sorted((data / "calendars").glob("*.ics")):
        free: dict[str, dict[int | None, bool]] = {}
        for event in path.read_text(encoding="utf-8").split("BEGIN:VEVENT")[1:]:
            found = _UID.search(event)
            assert found is not None
            own = _start(event) if "\nRECURRENCE-ID" in event else None
            free.setdefault(found.group(1), {})[own] = "TRANSP:TRANSPARENT" in event
        taken = [
            (start, end)
            for uid, by_start in free.items()
            for start, end in truth.get(uid, ())
            if not by_start.get(start, by_start.get(None, False))
        ]
        out += merged(path.stem, taken, span)
    return Counter(out)


def _start(event: str) -> int:
    """DTSTART as the truth list has it: UTC seconds, dates and floating times as if in UTC."""
    found = _DTSTART.search(event)
    assert found is not None
    zone, day, clock = found.group(1) or "UTC", found.group(2), found.group(3) or "000000"
    tz = ZoneInfo({"W. Europe Standard Time": "Europe/Berlin"}.get(zone, zone))
    return int(datetime.strptime(day + clock, "%Y%m%d%H%M%S").replace(tzinfo=tz).timestamp())

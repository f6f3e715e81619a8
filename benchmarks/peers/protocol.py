"""What all Python drivers share: how time is taken, how results are handed over. No import but the standard library.

A driver is called as `DRIVER DATA OUT WEEK_LOW WEEK_HIGH YEAR_LOW YEAR_HIGH`. It writes what it found to `OUT/<span>.tsv`
(uid, start, end in UTC seconds; dates as their midnight UTC) and prints one JSON object: `seconds`, `rss_kb`, `version`.
"""

from __future__ import annotations

import gc
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

_T = TypeVar("_T")
REPEATS = 7
PATIENCE = 1.5
"""Seconds after which a warm job is not repeated once more; a call that long stands for itself."""
Found = tuple[str, int, int]


class Job(NamedTuple):
    """What the runner asks of a driver."""

    data: Path
    out: Path
    week: tuple[int, int]
    year: tuple[int, int]

    @classmethod
    def given(cls) -> Job:
        """Out of the command line; also switches the collector off, for every Python driver alike."""
        gc.disable()
        data, out, *numbers = sys.argv[1:7]
        low, high, first, last = (int(number) for number in numbers)
        return cls(Path(data), Path(out), (low, high), (first, last))

    def found(self, span: str, rows: Iterable[Found]) -> None:
        """Hand over the occurrences of a span."""
        with (self.out / f"{span}.tsv").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{uid}\t{start}\t{end}\n" for uid, start, end in rows)


def merged(name: str, taken: Iterable[tuple[int, int]], span: tuple[int, int]) -> list[Found]:
    """Busy time of a calendar inside a span, as spans that do not touch."""
    out: list[Found] = []
    for start, end in sorted((max(start, span[0]), min(end, span[1])) for start, end in taken):
        if out and start <= out[-1][2]:
            out[-1] = (name, out[-1][1], max(out[-1][2], end))
        elif start < end:
            out.append((name, start, end))
    return out


def once(work: Callable[[], _T]) -> tuple[float, _T]:
    """Seconds of one call, and its result, which is freed by the caller: outside the timed region."""
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def _nothing() -> None:
    """Nothing to prepare."""


def warm(work: Callable[[], _T], before: Callable[[], None] = _nothing) -> tuple[float, _T]:
    """Median seconds of up to seven calls after one that is not counted, and the last result; `before` each, uncounted."""
    before()
    first, result = once(work)
    if first > PATIENCE:
        return first, result
    taken: list[float] = []
    while len(taken) < REPEATS and (not taken or sum(taken) < PATIENCE):
        del result
        before()
        gc.collect()
        seconds, result = once(work)
        taken.append(seconds)
    return statistics.median(taken), result


def report(version: str, seconds: dict[str, float], **more: Any) -> None:
    """The one line a driver prints."""
    print(json.dumps({"version": version, "seconds": seconds, "rss_kb": peak_kb(), **more}), flush=True)


def peak_kb() -> int:
    """Peak memory of this program in KiB. `ru_maxrss` would count what the process was before it became this program."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

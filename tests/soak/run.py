"""Longer soaks: `python -m tests.soak.run --days N --seed S [--rounds R]`; prints what happened and what the process held."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.soak.month import Month, Usage

_GROWTH = 16_000_000
"""Bytes the second half may add, whatever its length: caches that fill up to their bound."""


def leaks(usage: Sequence[Usage]) -> list[str]:
    """What grew over the second half."""
    middle, last = usage[len(usage) // 2], usage[-1]
    found = []
    if last.memory - middle.memory > _GROWTH:
        found.append(f"memory {middle.memory} -> {last.memory}")
    if last.handles > middle.handles + 2:
        found.append(f"handles {middle.handles} -> {last.handles}")
    if last.threads > middle.threads + 1:
        found.append(f"threads {middle.threads} -> {last.threads}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=6, help="rounds a day")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        month = Month(Path(folder), seed=chosen.seed, rounds_a_day=chosen.rounds)
        try:
            month.run(chosen.days)
            month.calm()
            for what, number in sorted(month.counts.items()):
                print(f"{number:7} {what}")
            for day in range(0, len(month.usage), max(1, len(month.usage) // 10)):
                one = month.usage[day]
                print(f"day {day}: {one.memory / 1e6:.1f} MB, {one.handles} handles, {one.threads} threads")
            month.verify()
        finally:
            month.close()
    found = leaks(month.usage)
    print("equal on both sides;", "; ".join(found) or "nothing leaks")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()

"""Holds our recurrence to libical on generated rules: `python -m benchmarks.judges --count 2000`.

Every rule is in UTC and DTSTART lies on it, because what a rule means for a DTSTART it does not hit is undefined (RFC 5545
§3.8.5.3). Prints how many rules give the same year and how the others differ, by the parts they are made of;
docs/recurrence.md says for each kind of difference which sentence of the RFC decides. ical.js was tried: some of these
rules never let its iterator return.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from dateutil.rrule import rrulestr

from benchmarks.engines import WEEK, YEAR
from benchmarks.ours.rules import _event, expand
from benchmarks.places import compiled
from calmerge_desktop.core.recurrence.expand import Series
from calmerge_desktop.core.zones import UTC_ZONE

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def rule(pick: random.Random) -> str:
    """A rule with every BY-part where §3.3.10 gives it a meaning."""
    freq = pick.choice(["YEARLY", "YEARLY", "MONTHLY", "MONTHLY", "WEEKLY", "WEEKLY", "DAILY", "HOURLY"])
    parts = [f"FREQ={freq}"]
    if pick.random() < 0.4:
        parts.append(f"INTERVAL={pick.randint(2, 7)}")
    if pick.random() < 0.3:
        parts.append(f"WKST={pick.choice(_DAYS)}")
    if pick.random() < 0.3:
        parts.append("BYMONTH=" + _few(pick, range(1, 13)))
    if freq != "WEEKLY" and pick.random() < 0.3:
        parts.append("BYMONTHDAY=" + _few(pick, [*range(1, 32), *range(-5, 0)]))
    if freq == "YEARLY" and pick.random() < 0.25:
        parts.append(pick.choice(["BYYEARDAY", "BYWEEKNO"]) + "=" + _few(pick, range(1, 53)))
    if pick.random() < 0.5:
        numbered = freq in ("MONTHLY", "YEARLY") and "BYWEEKNO" not in parts[-1] and pick.random() < 0.5
        numbers = ["1", "2", "3", "-1", "-2", "5"] if numbered else [""]
        parts.append("BYDAY=" + ",".join(f"{pick.choice(numbers)}{day}" for day in pick.sample(_DAYS, pick.randint(1, 3))))
    if pick.random() < 0.2:
        parts.append("BYHOUR=" + _few(pick, range(24)))
    if len(parts) > 2 and freq != "HOURLY" and pick.random() < 0.25:
        parts.append("BYSETPOS=" + _few(pick, [1, 2, 3, -1, -2]))
    if pick.random() < 0.2:
        parts.append(f"COUNT={pick.randint(1, 60)}")
    return ";".join(parts)


def rows(count: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """(uid, DTSTART, rule), DTSTART on the rule."""
    pick = random.Random(seed)
    made = 0
    while made < count:
        text = rule(pick)
        base = datetime(2020, 1, 1) + timedelta(hours=pick.randrange(24 * 366 * 5))
        try:
            first = rrulestr(text, dtstart=base).after(base, inc=True)
        except ValueError:
            continue
        if first is not None and first.year < 2026:
            yield f"r{made}", f"{first:%Y%m%dT%H%M%S}", text
            made += 1


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    made = list(rows(given.count, given.seed))
    folder = Path(tempfile.mkdtemp(prefix="calmerge-judges-"))
    try:
        lines = (f"{uid}\t{start}\tUTC\t{text}\n" for uid, start, text in made)
        (folder / "rules.tsv").write_text("".join(lines), encoding="ascii")
        ours = _ours(made)
        for name, command in _judges(folder).items():
            if command is None:
                print(f"{name}: skipped, not installed (python -m benchmarks.peers.setup)")
                continue
            (folder / name).mkdir()
            subprocess.run(command, check=True, capture_output=True)
            _compare(name, made, ours, _found(folder / name / "year.tsv"))
    finally:
        shutil.rmtree(folder)


def _judges(folder: Path) -> dict[str, list[str] | None]:
    spans = [str(number) for number in (*WEEK, *YEAR)]
    here = compiled("libical_rules")
    return {
        "libical": [str(here), str(folder), str(folder / "libical"), *spans] if here.exists() else None,
    }


def _ours(made: list[tuple[str, str, str]]) -> dict[str, set[int]]:
    ready = [Series((_event(uid, start, "UTC", text),), {}, UTC_ZONE) for uid, start, text in made]
    out: dict[str, set[int]] = defaultdict(set)
    for uid, start in expand(ready, *YEAR):
        out[uid].add(start)
    return out


def _found(path: Path) -> dict[str, set[int]]:
    out: dict[str, set[int]] = defaultdict(set)
    for line in path.read_text(encoding="ascii").splitlines():
        uid, start, _end = line.split("\t")
        out[uid].add(int(start))
    return out


def _compare(name: str, made: list[tuple[str, str, str]], ours: dict[str, set[int]], theirs: dict[str, set[int]]) -> None:
    kinds: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for uid, start, text in made:
        if ours[uid] != theirs[uid]:
            kind = " ".join(part.split("=")[0] if "FREQ" not in part else part for part in text.split(";"))
            kinds[kind] += 1
            more = f"ours {len(ours[uid])}, theirs {len(theirs[uid])}, both {len(ours[uid] & theirs[uid])}"
            examples.setdefault(kind, f"DTSTART:{start}Z RRULE:{text} ({more})")
    print(f"{name}: {len(made) - sum(kinds.values())} of {len(made)} the same")
    for kind, number in kinds.most_common():
        print(f"  {number:4}  {kind}\n        {examples[kind]}")


def _few(pick: random.Random, values: object) -> str:
    chosen = pick.sample(list(values), pick.randint(1, 3))  # type: ignore[call-overload]  # a range or a list
    return ",".join(map(str, chosen))


if __name__ == "__main__":
    main()

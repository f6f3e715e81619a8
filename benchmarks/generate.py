"""Makes the benchmark calendars and the list of what they hold.

`python -m benchmarks.generate FOLDER --size 10k`: twelve calendars over ten years with 1,000, 10,000 or 100,000 VEVENTs,
one in twenty of them a series. In FOLDER: `calendars/NN-name.ics`, `all.ics` (the same events in one file),
`vdir/NN-name/*.ics` (one file an event, with `--vdir`), `truth.tsv` (uid, start, end of every occurrence, UTC seconds),
`rules.tsv` and `rules_truth.tsv` (the series' rules alone), `checksum`.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from benchmarks.data.compose import Made, series, single
from benchmarks.data.words import Dice
from benchmarks.data.zones import ABROAD, HOME, OUTLOOK, Written

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000}
CHECKSUMS: dict[str, str] = {
    "1k": "6e14286b0c41bcd910417938",
    "10k": "b03797bd4c5693cdd9463d4e",
    "100k": "13f57ee69c68b736646825bc",
}
"""What each size must hash to, text and truth together: a benchmark on other data compares nothing."""
NAMES = (
    "Arbeit", "Team", "Bereitschaft", "Projekte", "Leitung", "Räume",
    "Privat", "Familie", "Schule", "Sport", "Geburtstage", "Feiertage",
)  # fmt: skip
_WEIGHTS = (18, 16, 4, 14, 8, 14, 8, 6, 4, 4, 2, 2)
_RECURRING = 0.05
_OVERRIDDEN = 0.14
_HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//CalMerge//Benchmark//EN\r\n"
_TAIL = "END:VCALENDAR\r\n"
_TZID = re.compile(r";TZID=([^:]+):")


def make(size: str, seed: int = 1) -> list[list[Made]]:
    """The events of the twelve calendars."""
    total = SIZES[size]
    dice = Dice(seed)
    left = {
        "series": round(total * _RECURRING),
        "override": round(total * _RECURRING * _OVERRIDDEN),
    }
    calendars: list[list[Made]] = [[] for _ in NAMES]
    wheel = [n for n, weight in enumerate(_WEIGHTS) for _ in range(weight)]
    written = number = 0
    while written < total:
        number += 1
        uid = f"{number:06d}-{dice.below(1 << 30):08x}@bench.example"
        if left["series"] and number % round(1 / _RECURRING) == 0:
            overrides = 1 + dice.below(2) if left["override"] and written + 3 <= total and dice.chance(0.12) else 0
            one = series(uid, dice, overrides)
            left["series"] -= 1
            left["override"] -= min(left["override"], len(one.blocks) - 1)
        else:
            one = single(uid, dice)
        written += len(one.blocks)
        calendars[dice.one(wheel)].append(one)
    return calendars


def write(folder: Path, size: str, *, vdir: bool = False) -> str:
    """Write a set; returns its checksum. Raises `SystemExit` when it is not the known one."""
    calendars = make(size)
    (folder / "calendars").mkdir(parents=True, exist_ok=True)
    for number, made in enumerate(calendars):
        _write(folder / "calendars" / f"{_stem(number)}.ics", made)
    everything = [one for made in calendars for one in made]
    _write(folder / "all.ics", everything)
    _write_truth(folder, everything)
    if vdir:
        for number, made in enumerate(calendars):
            (folder / "vdir" / _stem(number)).mkdir(parents=True, exist_ok=True)
            for one in made:
                _write(folder / "vdir" / _stem(number) / f"{one.uid}.ics", [one])
    checksum = hashlib.blake2b(digest_size=12)
    for name in ("all.ics", "truth.tsv", "rules.tsv", "rules_truth.tsv"):
        checksum.update((folder / name).read_bytes())
    found = checksum.hexdigest()
    if CHECKSUMS.get(size, found) != found:
        raise SystemExit(f"{size}: made {found}, expected {CHECKSUMS[size]}; is the zone data a very different one?")
    (folder / "checksum").write_text(found + "\n", encoding="ascii")
    return found


def _stem(number: int) -> str:
    return f"{number + 1:02d}-{NAMES[number]}"


def _write(path: Path, made: Iterable[Made]) -> None:
    body = "".join(block for one in made for block in one.blocks)
    named = set(_TZID.findall(body))
    zones: tuple[Written, ...] = (HOME, OUTLOOK, *ABROAD)
    head = "".join(line + "\r\n" for zone in zones if zone.tzid in named for line in zone.vtimezone)
    path.write_text(_HEAD + head + body + _TAIL, encoding="utf-8", newline="")


def _write_truth(folder: Path, everything: list[Made]) -> None:
    with (folder / "truth.tsv").open("w", encoding="ascii", newline="\n") as file:
        for one in everything:
            file.writelines(f"{one.uid}\t{span.start}\t{span.end}\n" for span in one.spans)
    with (
        (folder / "rules.tsv").open("w", encoding="ascii", newline="\n") as rules,
        (folder / "rules_truth.tsv").open("w", encoding="ascii", newline="\n") as truth,
    ):
        for one in everything:
            if one.rule:
                rules.write("\t".join((one.uid, *one.rule)) + "\n")
                truth.writelines(f"{one.uid}\t{start}\n" for start in one.starts)


def main() -> None:
    """Write one set and print its checksum."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", choices=SIZES, default="10k")
    parser.add_argument("--vdir", action="store_true", help="also one file an event")
    given = parser.parse_args()
    print(given.size, write(given.folder, given.size, vdir=given.vdir))


if __name__ == "__main__":
    main()

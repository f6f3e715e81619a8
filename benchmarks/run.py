"""Runs the benchmarks and writes docs/performance.md with its chart: `python -m benchmarks.run`.

Without options: every job at 10k and at 100k, five rounds each. `--report` writes the page anew from what was measured last.
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.engines import JOBS, WEEK, YEAR, Place, ours
from benchmarks.generate import CHECKSUMS, SIZES, write
from benchmarks.peers.setup import compiled_peers
from benchmarks.places import ROOT, cache
from benchmarks.quote import quote
from benchmarks.report import page
from benchmarks.rounds import Result, run

DEFAULT = ("10k", "100k")


def prepare(size: str, *, home: bool) -> Place:
    """The data of a size, and a profile filled with it: made when they are not there or the program has changed."""
    data = cache() / "data" / size
    mark = data / "checksum"
    if not mark.exists() or mark.read_text(encoding="ascii").strip() != CHECKSUMS.get(size):
        print(f"making {size}", flush=True)
        shutil.rmtree(data, ignore_errors=True)
        write(data, size, vdir=size != "100k")
    out = cache() / "out" / size
    place = Place(size, data, out, cache() / "home" / size, out / "calmerge-store")
    place.out.mkdir(parents=True, exist_ok=True)
    if home:
        _fill(place)
    return place


def _fill(place: Place) -> None:
    """Import once for the jobs that begin with a filled store, and let the store write its statements for the floor."""
    mark = place.home / "made-by"
    code = _code()
    if not mark.exists() or mark.read_text(encoding="ascii") != code:
        print(f"filling the store with {place.size}", flush=True)
        _call(ours("importing")(place))
        shutil.rmtree(place.home, ignore_errors=True)
        place.home.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(place.out / "calmerge-importing" / "home", place.home)
        mark.write_text(code, encoding="ascii")
    _call(ours("store", lambda given: str(given.home))(place))


def _call(command: list[str]) -> None:
    Path(command[4]).mkdir(parents=True, exist_ok=True)
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _code() -> str:
    """A hash of the program: a store made by another version may look different."""
    digest = hashlib.blake2b(digest_size=12)
    for room in ("core", "sync"):
        for path in sorted((ROOT / "calmerge_desktop" / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--size", action="append", choices=list(SIZES), help="may be given several times")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", choices=list(JOBS), metavar="JOB", help=", ".join(JOBS))
    parser.add_argument("--slow", action="store_true", help="at 100k also the peers that take minutes a round")
    parser.add_argument("--patience", type=float, default=1800, help="seconds a process may take")
    parser.add_argument("--report", action="store_true", help="measure nothing, only write the page")
    given = parser.parse_args()
    kept = cache() / "results"
    if not given.report:
        compiled_peers()
        for room in ("calmerge_desktop", "benchmarks"):
            compileall.compile_dir(ROOT / room, quiet=1)  # as an installed program is, and every peer
        today = f"{datetime.now(UTC):%Y-%m-%d}"
        jobs = given.only or list(JOBS)
        for size in given.size or DEFAULT:
            place = prepare(size, home=bool({"read", "rows", "start", "free"} & set(jobs)))
            for job in jobs:
                if job == "frame" and size == "100k" and not given.only:
                    continue  # its week does not depend on the size
                done = run(job, JOBS[job], place, rounds=given.rounds, slow=given.slow, patience=given.patience, today=today)
                done.save(kept)
    results = [Result.load_from(path) for path in sorted(kept.glob("*.json"))]
    page(results, ROOT / "docs", spans=(WEEK, YEAR))
    quote(results, ROOT / "README.md")
    print("docs/performance.md is written")


if __name__ == "__main__":
    main()

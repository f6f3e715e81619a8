"""Longer fuzzing: `python -m tests.fuzz.run [TARGET …] [--minutes N] [--engine atheris|hypothesis]`.

Without a target all are taken, one after the other, N minutes each. With atheris installed (it needs CPython 3.11 to 3.13 and
is no dependency of ours) coverage guides the search, else hypothesis generates. Faults are printed and kept, each with its
shortest input, under build/fuzz/TARGET/found: make it a case in tests/fuzz/cases. Exit code 1 when there is one.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENGINES = ("atheris", "hypothesis")


def guided(name: str, seconds: int, folder: Path) -> bool:
    """By atheris, in a process of its own, for it never comes back; whether it ended well."""
    command = [sys.executable, "-m", "tests.fuzz.guided", name, str(seconds), str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log").write_bytes(done.stdout + done.stderr)
    stats = [
        line for line in (done.stdout + done.stderr).decode("utf-8", "replace").splitlines() if line.startswith("stat::")
    ]
    print(name, "ended with", done.returncode, *(line.removeprefix("stat::") for line in stats[:1]), flush=True)
    return done.returncode == 0


def generated(name: str, seconds: int, folder: Path) -> bool:
    """By hypothesis until the time is over; the first fault ends it."""
    from hypothesis import HealthCheck, given, settings

    from tests.fuzz import targets
    from tests.fuzz.findings import Findings
    from tests.fuzz.registry import TARGETS

    target, found = TARGETS[name], Findings(folder / "found")
    until = time.monotonic() + seconds

    @settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(target.inputs)
    def one(value: object) -> None:
        try:
            targets.timed(target.run, value)
        except Exception as error:
            found.note(error, value)
            raise

    rounds = 0
    try:
        while time.monotonic() < until or not rounds:
            one()
            rounds += 1
    except Exception as error:  # noqa: BLE001  told below, as a fault
        print(f"{name}: {error!r:.300}", flush=True)
    print(name, rounds * 500, "inputs", flush=True)
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--minutes", type=float, default=1, help="for each target")
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[importlib.util.find_spec("atheris") is None])
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "fuzz")
    chosen = parser.parse_args()
    if chosen.engine == "atheris" and importlib.util.find_spec("atheris") is None:
        parser.error("atheris is not installed here")
    from tests.fuzz.registry import TARGETS

    if unknown := set(chosen.targets) - TARGETS.keys():
        parser.error(f"no target {min(unknown)}; there are {', '.join(TARGETS)}")
    search = guided if chosen.engine == "atheris" else generated
    well = True
    for name in chosen.targets or TARGETS:
        folder = chosen.folder / name
        well = search(name, int(chosen.minutes * 60), folder) and well
        for path in sorted(folder.glob("found/*.txt")):
            well = False
            print(f"  {path.stem}: {path.with_suffix('.input').relative_to(chosen.folder)}", flush=True)
    raise SystemExit(not well)


if __name__ == "__main__":
    main()

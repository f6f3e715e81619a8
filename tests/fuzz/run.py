"""Longer fuzzing: `python -m tests.fuzz.run [--seconds N] [--target NAME]`.

With atheris installed, coverage guides it (one target a run, `calendar` unless named); else hypothesis goes through all targets
until the time is over. A failing input is printed; make it a case file in tests/core/cases or a test.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import inputs, targets

TARGETS: dict[str, tuple[Callable[..., object], st.SearchStrategy[object]]] = {
    "calendar": (targets.calendar, inputs.calendars()),
    "line": (targets.line, inputs.content_lines()),
    "rule": (targets.rule, inputs.rules()),
    "zone": (targets.zone, inputs.zones()),
    "tzid": (targets.tzid, st.text(max_size=60)),
    "answer": (targets.answer, inputs.answers),
    "settings": (targets.kept_settings, inputs.settings_files),
}


def guided(name: str, seconds: int) -> None:
    """Coverage-guided by atheris; does not come back."""
    import atheris

    target = TARGETS[name][0]
    takes_bytes = name in ("calendar", "answer")

    def one(data: bytes) -> None:
        targets.timed(target, data if takes_bytes else data.decode("utf-8", "replace"))

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=2048"], one)
    atheris.Fuzz()


def generated(names: list[str], seconds: int) -> int:
    """By hypothesis, targets in turn; returns how many rounds were made."""
    until = time.monotonic() + seconds
    rounds = 0
    while time.monotonic() < until:
        for name in names:
            _search(*TARGETS[name])
        rounds += 1
    return rounds


def _search(target: Callable[..., object], strategy: st.SearchStrategy[object]) -> None:
    @settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True)
    @given(strategy)
    def one(value: object) -> None:
        targets.timed(target, value)

    one()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--target", choices=sorted(TARGETS))
    chosen = parser.parse_args()
    if importlib.util.find_spec("atheris"):
        guided(chosen.target or "calendar", chosen.seconds)
    print(generated([chosen.target] if chosen.target else list(TARGETS), chosen.seconds), "rounds, nothing found")


if __name__ == "__main__":
    main()

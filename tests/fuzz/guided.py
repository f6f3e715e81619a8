"""One target under atheris: `python -m tests.fuzz.guided TARGET SECONDS FOLDER`, started by `tests.fuzz.run`.

The product is instrumented, the tests and libraries are not. An input that begins with `~` steers what hypothesis generates;
any other is taken as it is. Faults are noted and the search goes on; only a hang or too much memory ends it.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any, cast

import atheris
from hypothesis import HealthCheck, Phase, given, settings

with atheris.instrument_imports(include=["calmerge_desktop"]):
    from tests.fuzz import targets
    from tests.fuzz.registry import TARGETS, Target
from tests.fuzz.findings import Findings

STEER = b"~"
SECONDS = 10
"""Most a single input may take, instrumented and on a machine that does other work as well."""
MEGABYTES = 1024
_EXAMPLES = 300
_QUIET = settings(
    max_examples=_EXAMPLES, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


def corpus(target: Target, name: str, folder: Path) -> None:
    """Seeds, and what hypothesis generates, as files."""
    folder.mkdir(parents=True, exist_ok=True)

    def keep(data: bytes) -> None:
        (folder / hashlib.blake2b(data, digest_size=10).hexdigest()).write_bytes(data)

    @_QUIET
    @given(target.inputs)
    def generated(value: object) -> None:
        keep(value.encode("utf-8", "surrogatepass") if isinstance(value, str) else bytes(value))  # type: ignore[call-overload]

    for data in target.all_seeds(name):
        keep(data)
    generated()


def main() -> None:
    name, seconds, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    target, found = TARGETS[name], Findings(folder / "found")
    corpus(target, name, folder / "corpus")

    def run(value: object) -> None:
        try:
            targets.timed(target.run, value, SECONDS)
        except Exception as error:  # noqa: BLE001  whatever leaves a target is what we look for
            found.note(error, value)

    steered = cast("Any", _QUIET(given(target.inputs)(run))).hypothesis.fuzz_one_input

    def one(data: bytes) -> None:
        if data.startswith(STEER):
            steered(data[1:])
        else:
            run(target.value(data))

    limits = [
        f"-max_total_time={seconds}",
        f"-timeout={6 * SECONDS}",
        f"-rss_limit_mb={MEGABYTES}",
        "-max_len=8192",
        "-verbosity=1",
    ]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/", "-print_final_stats=1", str(folder / "corpus")], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

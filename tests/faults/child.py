"""Runs the command line in a process of its own, under the limits a test asks for; used as `python -m tests.faults.child`.

Arguments: `--fsize BYTES` (no file grows beyond), `--clock FILE` (the wall clock is off by the seconds that stand in FILE; what
the sync loop has seen of it stands in FILE.seen), `--tmpfs DIR SIZE` (a small disk, in a mount namespace that the caller made),
then `--` and the command line, or `script` and several of them with their words separated by `|`;
`ballast|FILE|BYTES` (or `all` there is room for) and `remove|FILE` fill the disk and make room.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    arguments = sys.argv[1:]
    at = arguments.index("--")
    options, command = arguments[:at], arguments[at + 1 :]
    while options:
        option = options.pop(0)
        if option == "--fsize":
            limit = int(options.pop(0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        elif option == "--tmpfs":
            folder, size = options.pop(0), options.pop(0)
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], check=True)
        elif option == "--clock":
            _shift_the_clock(Path(options.pop(0)))
    if command[0] == "script":
        code = 0
        for line in command[1:]:
            words = line.split("|")
            if words[0] == "ballast":
                _fill(Path(words[1]), None if words[2] == "all" else int(words[2]))
            elif words[0] == "remove":
                Path(words[1]).unlink()
            code = _run(words) if words[0].startswith("--") else 0
            print(f"\n=== {code}", flush=True)
        return code
    return _run(command)


def _fill(file: Path, size: int | None) -> None:
    """`size` bytes, or until nothing fits any more."""
    if size is not None:
        file.write_bytes(bytes(size))
        return
    with file.open("wb", buffering=0) as opened, suppress(OSError):
        while True:
            opened.write(bytes(1024))


def _shift_the_clock(said: Path) -> None:
    """As after a person or a time server set it; the monotonic clock goes on as ever."""
    from calmerge_desktop.sync.loop import SyncLoop

    real, look = time.time, SyncLoop._mind_the_clock

    def shifted() -> float:
        return real() + int(said.read_text())

    def seen(self: SyncLoop) -> None:
        offset = said.read_text()
        look(self)
        said.with_suffix(".seen").write_text(offset)

    time.time = shifted
    SyncLoop._mind_the_clock = seen  # type: ignore[method-assign]


def _peak() -> int:
    """Most memory this program held, in MB; `ru_maxrss` would count the test runner it was forked from."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1]) // 1024


def _run(command: list[str]) -> int:
    from calmerge_desktop.app.program import Program
    from calmerge_desktop.cli.main import main as run

    code = run(Program(), command)
    sys.stderr.flush()
    print(f"peak {_peak()} MB", file=sys.stderr)
    return code


def start(*arguments: str, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run this module with `arguments` and wait."""
    return subprocess.run(
        [*prefix, sys.executable, "-m", "tests.faults.child", *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=100,
    )


def environment() -> dict[str, str]:
    """English, Berlin, no key store."""
    wanted = ("PATH", "HOME", "SYSTEMROOT", "CALMERGE_KILL_EVERY")
    kept = {name: os.environ[name] for name in wanted if name in os.environ}
    return kept | {
        "LANG": "en_GB.UTF-8",
        "TZ": "Europe/Berlin",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


if __name__ == "__main__":
    sys.exit(main())

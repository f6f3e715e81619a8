"""vdirsyncer in the same way: `python -m benchmarks.wire.vdir caldav FACTS HOME`, its own command into a folder of files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter

_CONFIG = """
[general]
status_path = "{home}/status/"
[pair work]
a = "here"
b = "there"
collections = ["work"]
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{home}/files/"
fileext = ".ics"
[storage there]
type = "caldav"
url = "{url}"
username = "{user}"
password = "{password}"
"""


def main() -> None:
    """First sync, then one for each line. Finding the collections is set-up and not counted."""
    facts, home = json.loads(sys.argv[2]), Path(sys.argv[3])
    home.mkdir(parents=True, exist_ok=True)
    (home / "config").write_text(_CONFIG.format(home=home, **facts))
    command = [sys.executable, "-m", "vdirsyncer", "-c", str(home / "config")]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*command, "discover"], input=b"y\n" * 4, check=True, **quiet)  # type: ignore[call-overload]
    known: dict[str, str] = {}
    while True:
        begin = perf_counter()
        subprocess.run([*command, "sync"], check=True, **quiet)  # type: ignore[call-overload]
        seconds = perf_counter() - begin
        held = {path.name: path.read_text() for path in (home / "files" / "work").glob("*.ics")}
        taken = sum(known.get(name) != text for name, text in held.items())
        known = held
        print(json.dumps({"seconds": seconds, "taken": taken}), flush=True)
        if not sys.stdin.readline():
            break


if __name__ == "__main__":
    main()

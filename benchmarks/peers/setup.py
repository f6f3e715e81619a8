"""Installs what can be installed of the peers: `python -m benchmarks.peers.setup`.

Python peers into an environment of their own, Node peers into a folder of their own, compiled drivers into a build folder,
all in the benchmark's cache. The C and C++ libraries come from the system: on Debian `apt install cmake pkg-config g++
libical-dev libkf5calendarcore-dev libsqlite3-dev`. What cannot be had is skipped, and the report says so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.places import cache, npm, peer_python

PYTHON = ("icalendar", "recurring-ical-events", "ical", "khal", "python-dateutil", "gcal_sync", "vdirsyncer")
NODE = ("ical.js", "rrule-rust")
CALCOM = "@calcom/platform-libraries@0.0.360"


def python_peers() -> None:
    """Each package on its own, so that one that does not install costs no other."""
    if not peer_python().exists():
        venv.create(cache() / "py", with_pip=True)
    for package in PYTHON:
        _run([str(peer_python()), "-m", "pip", "install", "--quiet", package], package)


def node_peers() -> None:
    """The packages, if there is an npm."""
    program = shutil.which("npm")
    if program is None:
        print("npm is not here: no Node peers")
        return
    npm().mkdir(parents=True, exist_ok=True)
    (npm() / "package.json").write_text('{"private": true}\n', encoding="ascii")
    for package in NODE:
        _run([program, "install", "--silent", "--prefix", str(npm()), package], package)
    _calcom(program)


def _calcom(program: str) -> None:
    """Cal.com's package names others that were never published, so it is only unpacked; its engine needs dayjs alone."""
    folder = npm().parent / "calcom"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}\n', encoding="ascii")
    _run([program, "install", "--silent", "--prefix", str(folder), "dayjs@1"], "dayjs")
    if _run([program, "pack", "--silent", "--pack-destination", str(folder), CALCOM], CALCOM):
        for archive in folder.glob("*.tgz"):
            shutil.unpack_archive(archive, folder, filter="data")


def compiled_peers() -> bool:
    """Drivers for the libraries that are here; whether any could be built."""
    program = shutil.which("cmake")
    if program is None:
        print("cmake is not here: no compiled peers")
        return False
    build = str(cache() / "build")
    here = str(Path(__file__).parent)
    made = _run([program, "-S", here, "-B", build], "configuring the drivers")
    return made and _run([program, "--build", build], "building the drivers")


def _run(command: list[str], what: str) -> bool:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    print(f"{what}: {'done' if done.returncode == 0 else 'not possible here'}")
    if done.returncode:
        print(done.stderr.strip()[-600:], file=sys.stderr)
    return done.returncode == 0


def main() -> None:
    """Everything, in order."""
    cache().mkdir(parents=True, exist_ok=True)
    python_peers()
    node_peers()
    compiled_peers()


if __name__ == "__main__":
    main()

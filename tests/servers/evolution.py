"""Evolution's back end (Debian: evolution-data-server, gir1.2-ecal-2.0) with a calendar of its own, away from the person's.

A D-Bus session, folders and settings in memory belong to each; the key store is never asked, because a local calendar needs none.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

_DRIVER = Path(__file__).with_name("evolution_driver.py")
_PYTHON = Path("/usr/bin/python3")
_NEEDS = "import gi; [gi.require_version(*one) for one in (('ECal', '2.0'), ('EDataServer', '1.2'), ('ICalGLib', '3.0'))]"
_BACK_END = Path("/usr/libexec/evolution-calendar-factory")


class Refused(Exception):
    """The back end did not take it; its own words."""


def missing() -> str:
    """Why it cannot be asked here; empty when it can."""
    if _PYTHON.exists() and _BACK_END.exists() and shutil.which("dbus-run-session"):
        asked = subprocess.run([_PYTHON, "-c", _NEEDS], capture_output=True, check=False)
        if asked.returncode == 0:
            return ""
    return "evolution-data-server, gir1.2-ecal-2.0 and dbus are not installed"


class Evolution:
    """One calendar. Instants are UTC seconds, days `YYYYMMDD`."""

    def __init__(self, folder: Path) -> None:
        places = {
            name: folder / name.lower() for name in ("XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
        }
        for place in places.values():
            place.mkdir(mode=0o700)
        own = {name: str(place) for name, place in places.items()}
        own |= {"HOME": str(folder), "GSETTINGS_BACKEND": "memory", "TZ": "Europe/Berlin", "LANG": "C.UTF-8"}
        with (folder / "log").open("w") as log:
            self._process = subprocess.Popen(
                ["dbus-run-session", "--", _PYTHON, _DRIVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                text=True, env={"PATH": os.environ["PATH"], **own}, start_new_session=True,
            )  # fmt: skip
        self.version = str(self._answer())

    def receive(self, text: str) -> None:
        """An iTIP message. Raises `Refused`."""
        self._ask("receive", text)

    def events(self, uid: str) -> list[dict[str, Any]]:
        """What it keeps of an event: the series, then each occurrence that differs. Raises `Refused` when there is none."""
        found: list[dict[str, Any]] = self._ask("events", uid)
        return sorted(found, key=lambda one: one["rid"] or 0)

    def occurrences(self, start: int, end: int) -> list[tuple[int, int]]:
        """Start and end of each occurrence in a span."""
        return [(begin, until) for begin, until in self._ask("occurrences", start, end)]

    def reply(self, uid: str, address: str, partstat: str, rid: str | None = None) -> str:
        """The REPLY of an attendee to what it keeps, or to one occurrence, written by its own library."""
        return str(self._ask("reply", uid, address, partstat, rid))

    def close(self) -> None:
        """End the session, and with it what it started."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()

    def _ask(self, *job: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the back end ended"
        answer = json.loads(line)
        if "refused" in answer:
            raise Refused(answer["refused"])
        return answer["ok"]

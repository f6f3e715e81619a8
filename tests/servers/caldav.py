"""Real CalDAV servers as processes of their own on ports the system chose."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2

USER = PASSWORD = "alice"

_RADICALE = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[rights]
type = owner_only
[storage]
filesystem_folder = {folder}/collections
[logging]
level = error
"""
_MKCALENDAR = """<?xml version="1.0"?><C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<set><prop><displayname>{name}</displayname><C:supported-calendar-component-set><C:comp name="{component}"/>
</C:supported-calendar-component-set></prop></set></C:mkcalendar>"""


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class Server:
    """A process, its port, and how to end and start it again on the same data."""

    def __init__(self, command: list[str], port: int, home: str) -> None:
        self.command = command
        self.port = port
        self.url = f"http://127.0.0.1:{port}/"
        self.home = self.url.rstrip("/") + home
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _attempt in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        self.stop()
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """End it without warning."""
        assert self.process
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        assert self.process
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(10)

    def request(self, method: str, path: str, content: str = "", **headers: str) -> httpx2.Response:
        """Straight to the server, past the code under test."""
        url = path if path.startswith("http") else self.url.rstrip("/") + path
        with httpx2.Client(auth=(USER, PASSWORD), trust_env=False) as client:
            return client.request(method, url, content=content.encode(), headers=headers)

    def make_calendar(self, name: str, component: str = "VEVENT") -> str:
        """A new calendar's path below the home."""
        url = f"{self.home}{name}/"
        body = _MKCALENDAR.format(name=name, component=component)
        answer = self.request("MKCALENDAR", url, body, **{"Content-Type": "application/xml"})
        assert answer.status_code == 201, answer.text
        return url


def radicale(folder: Path, dav: str = "") -> Server:
    """`dav` replaces the header in which the server says what it can."""
    port = free_port()
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    headers = f"[headers]\nDAV = {dav}\n" if dav else ""
    (folder / "config").write_text(_RADICALE.format(port=port, folder=folder) + headers)
    return Server([sys.executable, "-m", "radicale", "--config", str(folder / "config")], port, f"/{USER}/")


def xandikos(folder: Path) -> Server:
    port = free_port()
    options = ["-d", str(folder / "data"), "-l", "127.0.0.1", "-p", str(port)]
    options += ["--current-user-principal", f"/{USER}/", "--autocreate", "--defaults"]
    return Server([sys.executable, "-m", "xandikos", "serve", *options], port, f"/{USER}/calendars/")

"""Sign-in servers that others wrote (npm `emulate` for Google, `@inbox-zero/emulate` for Microsoft), run by node.

They know OAuth and little of the calendars: no sync tokens, no deltas, no versions. What they are good for is that nobody of
us wrote them. `.ci/servers` installs them into a cache folder; a checkout never holds them.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.servers.caldav import free_port

PLACE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "calmerge-emulators" / "node_modules"
GOOGLE, MICROSOFT = PLACE / "emulate" / "dist" / "index.js", PLACE / "@inbox-zero" / "emulate" / "dist" / "index.js"
CLIENT_ID = "99999999-2222-3333-4444-555555555555"
_SEED = """
google:
  users:
    - {email: alice@example.com, name: Alice Example}
    - {email: bob@example.com, name: Bob Example}
  calendars:
    - {id: primary, user_email: alice@example.com, summary: alice@example.com, primary: true, time_zone: Europe/Berlin}
microsoft:
  users:
    - {email: alice@contoso.test, name: Alice Contoso}
"""
_LOOPBACK = """
import net from "node:net";
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (first, ...rest) {
  if (typeof first === "number") return listen.call(this, { port: first, host: "127.0.0.1" }, ...rest.filter((one) => typeof one === "function"));
  return listen.call(this, { ...first, host: "127.0.0.1" }, ...rest);
};
"""
BROWSE = r"""
import re, sys, urllib.parse, urllib.request
ADDRESS = "alice@"
url, data = sys.argv[1], None
for _page in range(6):
    with urllib.request.urlopen(url, data) as answer:
        here, page = answer.url, answer.read().decode()
    forms = re.findall(r"<form[^>]*action=\"([^\"]*)\"(.*?)</form>", page, re.S)
    if not forms:
        break
    action, inside = next((one for one in forms if ADDRESS in one[1]), forms[0])
    fields = {}
    for tag in re.findall(r"<input[^>]*>", inside):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            fields[name[1]] = value[1].replace("&amp;", "&") if value else ""
    url, data = urllib.parse.urljoin(here, action), urllib.parse.urlencode(fields).encode()
"""
"""A browser in a few lines: it chooses Alice and sends every form that comes."""


def missing(program: Path) -> str:
    """Why a server cannot run here; empty when it can."""
    if shutil.which("node") is None:
        return "node is not installed"
    return "" if program.exists() else "the npm emulators are not installed (.ci/servers)"


class Emulator:
    """One of them, until `stop`; it answers on loopback only."""

    def __init__(self, program: Path, service: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="calmerge-emulator-"))
        (self._folder / "seed.yaml").write_text(_SEED)
        (self._folder / "loopback.mjs").write_text(_LOOPBACK)
        port = free_port()
        self.url = f"http://localhost:{port}" if service == "microsoft" else f"http://127.0.0.1:{port}"
        command = ["node", "--import", str(self._folder / "loopback.mjs"), str(program), "start", "--service", service]
        command += ["--port", str(port), "--seed", str(self._folder / "seed.yaml")]
        if service == "google":
            command += ["--base-url", self.url]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, cwd=self._folder)
        for _attempt in range(1200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        raise AssertionError("the emulator did not start")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        shutil.rmtree(self._folder, ignore_errors=True)

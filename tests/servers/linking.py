"""What `calmerge account add` needs to link an account at one of the vendors' servers: addresses, a client, a browser."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from tests.servers.google import GoogleServer
from tests.servers.microsoft import BROWSE, CLIENT_ID, MicrosoftServer

SetEnv = Callable[[str, str], None]
"""`monkeypatch.setenv`, or what is like it."""
Words = tuple[str, ...]
_FOLLOW = "import urllib.request\nurllib.request.urlopen(URL).read()\n"


def google(server: GoogleServer, folder: Path, setenv: SetEnv) -> Words:
    """The words after `account add`. From now on a browser agrees to everything Google asks."""
    setenv("CALMERGE_GOOGLE_ENDPOINT", server.url)
    secrets = folder / "client.json"
    secrets.write_text(json.dumps(server.client()))
    _browser(folder, setenv, _FOLLOW)
    return ("google", "--client-secrets", str(secrets))


def microsoft(server: MicrosoftServer, folder: Path, setenv: SetEnv) -> Words:
    """The same for Microsoft."""
    setenv("CALMERGE_GRAPH_ENDPOINT", server.url)
    setenv("CALMERGE_MICROSOFT_AUTHORITY", server.url)
    _browser(folder, setenv, BROWSE)
    return ("microsoft", "--client-id", CLIENT_ID)


def _browser(folder: Path, setenv: SetEnv, code: str) -> None:
    program = folder / "browser.py"
    program.write_text(f"import sys\nURL = sys.argv[1]\n{code}")
    setenv("BROWSER", f"{sys.executable} {program} %s")

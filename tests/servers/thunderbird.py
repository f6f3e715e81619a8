"""Thunderbird without a window, in a profile of its own, with one mail account and its own calendar. Talks to loopback only.

Mails are put into its inbox and opened; answers leave through the SMTP server it is given.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.servers.marionette import Marionette

PROGRAM = shutil.which("thunderbird")
_PATIENCE = 90.0
_SCRIPT = Path(__file__).with_name("thunderbird.js")
_FLAGS = ("--headless", "--marionette", "--remote-allow-system-access", "--no-remote")
_NO_NETWORK: dict[str, Any] = {
    "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9, "network.proxy.allow_hijacking_localhost": False,
    "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
    "network.dns.disabled": True, "app.update.enabled": False, "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False, "extensions.update.enabled": False, "mail.provider.enabled": False,
    "mailnews.start_page.enabled": False, "services.settings.server": "data:,", "media.gmp-manager.url": "data:,",
}  # fmt: skip


class Thunderbird:
    """The mail program of `address`, which speaks English. Times are UTC seconds or YYYYMMDD."""

    def __init__(self, folder: Path, address: str, smtp: int) -> None:
        assert PROGRAM is not None
        self._folder = folder
        self._mails = 0
        profile = folder / "profile"
        profile.mkdir()
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _prefs(address, smtp).items()]
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        own = {"HOME": str(folder), "TZ": "Europe/Berlin", "LANG": "C.UTF-8", "PATH": os.environ["PATH"]}
        with (folder / "log").open("w") as log:
            self._process = subprocess.Popen(
                [PROGRAM, *_FLAGS, "--profile", profile], env=own, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        try:
            self._control = Marionette(self._port(profile / "MarionetteActivePort"), _PATIENCE)
            self.version = str(self._ask("ready"))
        except BaseException:
            self._kill()
            raise

    def show(self, mail: str | bytes) -> Any:
        """A mail comes in and is opened: what stands above it and in it."""
        self._mails += 1
        path = self._folder / f"{self._mails}.eml"
        path.write_bytes(mail.encode() if isinstance(mail, str) else mail)
        return self._ask("show", str(path))

    def press(self, button: str) -> None:
        """A button above the opened mail, such as `imipAcceptButton`; until it is done."""
        self._ask("press", button)

    def events(self, uid: str) -> Any:
        """What its calendar keeps of an event: the series, then each occurrence that differs."""
        return self._ask("events", uid)

    def occurrences(self, uid: str, start: int, end: int) -> list[tuple[int, int]]:
        """Start and end of each occurrence of a series in a span, in UTC seconds."""
        return [(begin, until) for begin, until in self._ask("occurrences", uid, start, end)]

    def parse(self, text: str) -> Any:
        """A calendar file as its import reads it."""
        return self._ask("parse", text)

    def counter(self) -> Any:
        """What the opened counter-proposal changes, as it is shown."""
        return self._ask("counter")

    def invite(self, text: str, guest: str) -> str:
        """A meeting (VEVENT) of its person, sent to a guest; the UID."""
        return str(self._ask("invite", text, guest))

    def postpone(self, uid: str, seconds: int) -> None:
        """Move a meeting of its person and ask the guests again."""
        self._ask("postpone", uid, seconds)

    def call_off(self, uid: str) -> None:
        """Delete a meeting of its person and tell the guests."""
        self._ask("call_off", uid)

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(AssertionError, OSError):
            self._control("Marionette:Quit", flags=["eForceQuit"])
        self._control.close()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._kill()

    def _ask(self, job: str, *arguments: Any) -> Any:
        answer = self._control.run(_SCRIPT.read_text(encoding="utf-8"), job, *arguments)
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def _port(self, file: Path) -> int:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            assert self._process.poll() is None, "Thunderbird ended"
            if file.exists() and (text := file.read_text()):
                return int(text)
            time.sleep(0.05)
        raise AssertionError("Thunderbird does not listen")

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=30)


def _prefs(address: str, smtp: int) -> dict[str, Any]:
    name = address.partition("@")[0]
    return _NO_NETWORK | {
        "marionette.port": 0,
        "mail.accountmanager.accounts": "account1",
        "mail.accountmanager.defaultaccount": "account1",
        "mail.account.account1.server": "server1",
        "mail.account.account1.identities": "id1",
        "mail.identity.id1.useremail": address,
        "mail.identity.id1.fullName": name.title(),
        "mail.identity.id1.valid": True,
        "mail.identity.id1.smtpServer": "smtp1",
        "mail.identity.id1.fcc": False,
        "mail.server.server1.type": "pop3",
        "mail.server.server1.hostname": "127.0.0.1",
        "mail.server.server1.userName": name,
        "mail.server.server1.name": name,
        "mail.server.server1.login_at_startup": False,
        "mail.server.server1.check_new_mail": False,
        "mail.smtpservers": "smtp1",
        "mail.smtp.defaultserver": "smtp1",
        "mail.smtpserver.smtp1.hostname": "127.0.0.1",
        "mail.smtpserver.smtp1.port": smtp,
        "mail.smtpserver.smtp1.authMethod": 1,
        "mail.smtpserver.smtp1.try_ssl": 0,
    }

"""Debian's Cyrus as a CalDAV server that schedules by itself (RFC 6638) between alice, bob and carol @example.test.

The password is the name. Cyrus makes a mailbox with the first mail for it, so its IMAP server, which Debian does not install
beside Dovecot's, is not needed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import httpx2

from tests.servers.caldav import free_port

NAMES = ("alice", "bob", "carol")
MASTER, PASSWORDS = Path("/usr/lib/cyrus/bin/master"), Path("/usr/sbin/saslpasswd2")
_HTTPD, _LMTPD = MASTER.with_name("httpd"), MASTER.with_name("lmtpd")

_IMAPD_CONF = """
configdirectory: {at}/conf
defaultpartition: default
partition-default: {at}/spool
sievedir: {at}/sieve
proc_path: {at}/run/proc
mboxname_lockpath: {at}/run/lock
lmtpsocket: {at}/run/lmtp
idlesocket: {at}/run/idle
notifysocket: {at}/run/notify
unixhierarchysep: yes
altnamespace: yes
virtdomains: off
servername: localhost
admins: admin
allowplaintext: yes
autocreate_quota: 0
autocreate_users: anyone
autocreate_post: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {at}/sasldb2
sasl_mech_list: PLAIN
httpmodules: caldav
caldav_allowscheduling: on
caldav_create_default: yes
caldav_create_sched: yes
caldav_historical_age: -1
calendar_user_address_set: example.test
syslog_prefix: calmerge-test
"""
_CYRUS_CONF = """
START {{
  recover cmd="/usr/sbin/cyrus ctl_cyrusdb -C {at}/imapd.conf -r"
}}
SERVICES {{
  http cmd="{httpd} -C {at}/imapd.conf" listen="127.0.0.1:{port}" prefork=1
  lmtp cmd="{lmtpd} -C {at}/imapd.conf -a" listen="{at}/run/lmtp" prefork=1
}}
EVENTS {{
  checkpoint cmd="/usr/sbin/cyrus ctl_cyrusdb -C {at}/imapd.conf -c" period=30
}}
"""


def missing() -> str:
    """Why this server cannot run here; empty when it can."""
    if not all(each.exists() for each in (MASTER, _HTTPD, PASSWORDS)):
        return "cyrus-caldav and sasl2-bin are not installed"
    return "" if os.geteuid() == 0 else "cyrus needs root"


class CyrusServer:
    """The server, until `stop`."""

    def __init__(self) -> None:
        self.folder = at = Path(tempfile.mkdtemp(prefix="calmerge-cyrus-", dir="/var/tmp"))  # sockets need a short path
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/dav/"
        for name in ("db", "log", "msg", "proc", "ptclient", "socket", "user", "quota", "sync", "lock", "dav", "tmp"):
            (at / "conf" / name).mkdir(parents=True)
        for name in ("spool", "sieve", "run/proc", "run/lock"):
            (at / name).mkdir(parents=True)
        (at / "imapd.conf").write_text(_IMAPD_CONF.format(at=at))
        (at / "cyrus.conf").write_text(_CYRUS_CONF.format(at=at, httpd=_HTTPD, lmtpd=_LMTPD, port=self.port))
        for realm in ("example.test", "localhost", socket.gethostname()):
            for name in NAMES:
                command = [str(PASSWORDS), "-p", "-c", "-f", str(at / "sasldb2"), "-u", realm, name]
                subprocess.run(command, input=name.encode(), check=True, capture_output=True)
        owner = pwd.getpwnam("cyrus")
        for path in (at, *at.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        command = [str(MASTER), "-C", str(at / "imapd.conf"), "-M", str(at / "cyrus.conf"), "-p", str(at / "pid"), "-D"]
        self._log = (at / "said").open("wb")
        self._running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        self._wait()

    def stop(self) -> None:
        self._running.terminate()
        self._running.wait(30)
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def texts(self, name: str, folder: str) -> list[str]:
        """The iCalendar texts in one of a person's collections, straight from the server."""
        home = f"http://127.0.0.1:{self.port}/dav/calendars/user/{name}/{folder}/"
        with httpx2.Client(auth=(name, name), trust_env=False) as client:
            listing = client.request("PROPFIND", home, headers={"Depth": "1"}).text
            paths = {part.partition("<")[0] for part in listing.split("href>") if part.partition("<")[0].endswith(".ics")}
            return [client.get(f"http://127.0.0.1:{self.port}{path}").text for path in sorted(paths)]

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._running.poll() is None:
            try:
                for name in NAMES:
                    self._make(name)
            except (OSError, smtplib.SMTPException, httpx2.TransportError):
                time.sleep(0.1)
            else:
                return
        said = (self.folder / "said").read_text(errors="replace")
        self.stop()
        raise AssertionError(f"cyrus did not start: {said}")

    def _make(self, name: str) -> None:
        """The first mail makes the mailbox, the first look at the calendars makes those."""
        home = f"http://127.0.0.1:{self.port}/dav/calendars/user/{name}/"
        with smtplib.LMTP(str(self.folder / "run" / "lmtp")) as post:
            post.sendmail("a@example.test", [name], "From: a@example.test\r\nSubject: Hello\r\n\r\nHello\r\n")
        answer = httpx2.request("PROPFIND", home, auth=(name, name), headers={"Depth": "1"}, trust_env=False)
        if answer.status_code != 207:
            raise OSError(answer.text)

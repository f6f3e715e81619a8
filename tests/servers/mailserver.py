"""Debian's Exim (submission with STARTTLS and AUTH) and Dovecot (IMAP with STARTTLS, IMAPS) on ports of their own.

Mailboxes alice, bob and carol @example.test; the password is the name.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.servers.caldav import free_port
from tests.servers.certificates import Certificates

NAMES = ("alice", "bob", "carol")
EXIM, DOVECOT = Path("/usr/sbin/exim4"), Path("/usr/sbin/dovecot")

_DOVECOT = """
base_dir = {at}/run
state_dir = {at}/state
log_path = {at}/dovecot.log
rawlog_dir = {at}/raw/%n
protocols = imap lmtp
listen = 127.0.0.1
mail_location = maildir:{at}/mail/%n
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
first_valid_gid = 1
ssl = required
ssl_cert = <{cert}
ssl_key = <{key}
auth_mechanisms = plain login
auth_username_format = %Ln
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%n {at}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={at}/mail/%n
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  unix_listener lmtp {{
    mode = 0666
  }}
}}
service anvil {{
  chroot =
}}
"""
_EXIM = """
primary_hostname = mail.example.test
exim_path = {exim}
spool_directory = {at}/spool
log_file_path = {at}/log/%slog
pid_file_path = {at}/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = {smtp}
tls_certificate = {cert}
tls_privatekey = {key}
tls_advertise_hosts = *
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
domainlist local_domains = example.test
never_users = root
deliver_drop_privilege = true
host_lookup =
rfc1413_query_timeout = 0s
keep_environment =
add_environment = PATH=/usr/bin
begin acl
rcpt:
  deny message = authentication required
       !authenticated = *
  deny message = no such user here
       domains = +local_domains
       !local_parts = alice : bob : carol
  accept domains = +local_domains
  deny message = relaying is off on this test server
begin routers
here:
  driver = accept
  domains = +local_domains
  transport = lmtp
begin transports
lmtp:
  driver = lmtp
  socket = {at}/run/lmtp
  batch_max = 50
begin retry
* * F,1h,5s
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = ${{if and{{{{eq{{${{local_part:$auth2}}}}{{$auth3}}}}{{match_local_part{{${{local_part:$auth2}}}}{{alice:bob:carol}}}}}}}}
  server_set_id = $auth2
"""


def missing() -> str:
    """Why these servers cannot run here; empty when they can."""
    if not EXIM.exists() or not DOVECOT.exists():
        return "exim4 and dovecot are not installed"
    return "" if os.geteuid() == 0 else "exim4 and dovecot need root"


class MailServer:
    """Both servers, until `stop`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="calmerge-mail-", dir="/var/tmp"))  # sockets need a short path
        self.certificates = Certificates(self.folder / "tls")
        self.smtp, self.imap, self.imaps = free_port(), free_port(), free_port()
        at = self.folder
        for name in ("mail", "run", "state", "spool", "log"):
            (at / name).mkdir()
        at.chmod(0o711)
        (at / "tls").chmod(0o755)
        self.certificates.key.chmod(0o644)
        (at / "users").write_text("".join(f"{name}:{{PLAIN}}{name}::::::\n" for name in NAMES))
        nobody, exim = pwd.getpwnam("nobody"), pwd.getpwnam("Debian-exim")
        os.chown(at / "mail", nobody.pw_uid, nobody.pw_gid)
        (at / "raw").mkdir()
        for name in NAMES:
            (at / "raw" / name).mkdir()
            os.chown(at / "raw" / name, nobody.pw_uid, nobody.pw_gid)
        for name in ("spool", "log"):
            os.chown(at / name, exim.pw_uid, exim.pw_gid)
        values = {
            "at": at, "cert": self.certificates.cert, "key": self.certificates.key, "imap": self.imap,
            "imaps": self.imaps, "smtp": self.smtp, "exim": EXIM,
        }  # fmt: skip
        (at / "dovecot.conf").write_text(_DOVECOT.format(**values))
        (at / "exim.conf").write_text(_EXIM.format(**values))
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._running = [
            subprocess.Popen([str(DOVECOT), "-F", "-c", str(at / "dovecot.conf")], **quiet),  # type: ignore[call-overload]
            subprocess.Popen([str(EXIM), "-C", str(at / "exim.conf"), "-bdf", "-q5s"], **quiet),  # type: ignore[call-overload]
        ]
        for port in (self.smtp, self.imap, self.imaps):
            self._wait_for(port)

    def stop(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def inbox(self, name: str) -> list[Path]:
        """The mails in an inbox, read or not."""
        root = self.folder / "mail" / name
        return sorted([*root.glob("new/*"), *root.glob("cur/*")])

    def asked(self, name: str) -> str:
        """What programs said to an inbox over IMAP, as Dovecot wrote it down."""
        return self._raw(name, "in")

    def transferred(self, name: str) -> str:
        """What an inbox said to programs over IMAP: all that left it."""
        return self._raw(name, "out")

    def _raw(self, name: str, end: str) -> str:
        every = sorted((self.folder / "raw" / name).glob(f"*.{end}"))
        return "".join(one.read_text(encoding="utf-8", errors="replace") for one in every)

    def _wait_for(self, port: int) -> None:
        for _attempt in range(500):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        log = self.folder / "dovecot.log"
        said = log.read_text() if log.exists() else ""
        self.stop()
        raise AssertionError(f"the mail servers did not start: {said}")

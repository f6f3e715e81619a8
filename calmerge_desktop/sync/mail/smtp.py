"""Sending by SMTP (RFC 5321, RFC 6409), one mail to one person at a time.

The one thing that matters: to know whether the server has the mail. Its reply to the final dot of DATA says so.
Whatever breaks before the dot left us: surely not taken. Whatever breaks after it: nobody knows, and it is not sent again.
"""

from __future__ import annotations

import re
import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from calmerge_desktop.core.errors import BadInput, CalmergeError, Cancelled, ServerTrouble
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.handing import unsure
from calmerge_desktop.sync.mail.server import CONNECT, SILENCE, Server, failure, refused_sign_in, tls, unprotected

_AFTER_DOT = 120.0
"""Seconds for the reply to the final dot; servers may look for viruses meanwhile (RFC 5321 §4.5.3.2.6 grants more)."""
_BAD_SIGN_IN = frozenset({530, 534, 535, 538})
_LINE_DOT = re.compile(rb"^\.", re.MULTILINE)
_ME = "[127.0.0.1]"
"""What we call ourselves: the computer's name is nobody's business (RFC 5321 §4.1.3)."""


class SmtpSender:
    """`core.ports.MailSender`, connected and signed in once it is made.

    Making it raises `SignInNeeded`, `Offline`, `ServerTrouble`, and `BadInput` for a server without the wished protection.
    """

    def __init__(
        self, server: Server, password: str | None, *, silence: float = SILENCE, after_dot: float = _AFTER_DOT
    ) -> None:
        self._server = server
        self._after_dot = after_dot
        self._interrupted = False
        self._handed_over = False
        with self._sorted():
            host, port = server.host, server.port
            self._smtp: smtplib.SMTP = (
                smtplib.SMTP_SSL(host, port, local_hostname=_ME, timeout=CONNECT, context=tls())
                if server.security == "tls"
                else smtplib.SMTP(host, port, local_hostname=_ME, timeout=CONNECT)
            )
        try:
            with self._sorted():
                self._sign_in(password, silence)
        except CalmergeError:
            self._smtp.close()
            raise

    def send(self, mime: bytes, sender: str, recipient: str) -> None:
        """See `MailSender.send`."""
        self._handed_over = False
        with self._sorted():
            size = [f"SIZE={len(mime)}"] if self._smtp.has_extn("size") else []
            self._step(self._smtp.mail(sender, size), self._refused)
            self._step(self._smtp.rcpt(recipient), self._refused_recipient)
            self._step(self._smtp.docmd("DATA"), self._refused, wanted=354)
            body = _LINE_DOT.sub(b"..", mime if mime.endswith(b"\r\n") else mime + b"\r\n")
            self._smtp.send(body)
        self._hand_over()

    def interrupt(self) -> None:
        """End every wait but the one for the reply to a whole mail. From any thread."""
        self._interrupted = True
        found = None if self._handed_over else self._smtp.sock
        if found is not None:
            with suppress(OSError):
                found.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        with suppress(smtplib.SMTPException, OSError):
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(2)
                self._smtp.quit()
        self._smtp.close()

    def _sign_in(self, password: str | None, silence: float) -> None:
        assert self._smtp.sock is not None
        self._smtp.sock.settimeout(silence)
        self._smtp.ehlo_or_helo_if_needed()
        if self._server.security == "starttls":
            if not self._smtp.has_extn("starttls"):
                raise unprotected(self._server)
            self._smtp.starttls(context=tls())
            self._smtp.ehlo()
        if self._server.user:
            try:
                self._smtp.login(self._server.user, password or "")
            except smtplib.SMTPAuthenticationError as error:
                if error.smtp_code in _BAD_SIGN_IN or error.smtp_code >= 500:
                    raise refused_sign_in(self._server) from error
                raise self._later(error.smtp_code) from error
            except smtplib.SMTPNotSupportedError as error:
                raise BadInput(_("{host} lets nobody sign in.").format(host=self._server.name)) from error

    def _hand_over(self) -> None:
        """The final dot and the reply to it."""
        self._handed_over = True
        try:
            assert self._smtp.sock is not None
            self._smtp.sock.settimeout(self._after_dot)
            self._smtp.send(b".\r\n")
            code, text = self._smtp.getreply()
            if code == -1:
                raise smtplib.SMTPServerDisconnected("no reply code")
        except (smtplib.SMTPException, OSError, AssertionError) as error:
            self._smtp.close()
            raise unsure(self._server.name) from error
        self._handed_over = False
        with self._sorted():
            self._step((code, text), self._refused)

    def _step(self, reply: tuple[int, bytes], refused: Callable[[bytes], CalmergeError], *, wanted: int = 250) -> None:
        """One reply: as wanted, or why not. The server is made to forget the mail."""
        code, text = reply
        if code == wanted or (wanted == 250 and 250 <= code < 260):
            return
        if code == 421:
            self._smtp.close()
            raise smtplib.SMTPServerDisconnected(str(code))
        if code == -1:
            raise smtplib.SMTPServerDisconnected("no reply")
        with suppress(smtplib.SMTPException, OSError):
            self._smtp.rset()
        if code in _BAD_SIGN_IN:
            raise refused_sign_in(self._server)
        raise self._later(code) if 400 <= code < 500 else refused(text)

    def _later(self, code: int) -> ServerTrouble:
        return ServerTrouble(_("{host} asks to come back later (SMTP {code}).").format(host=self._server.name, code=code))

    def _refused(self, text: bytes) -> BadInput:
        return BadInput(_("{host} refuses this mail: {reason}").format(host=self._server.name, reason=_words(text)))

    def _refused_recipient(self, text: bytes) -> BadInput:
        return BadInput(_("{host} refuses this recipient: {reason}").format(host=self._server.name, reason=_words(text)))

    @contextmanager
    def _sorted(self) -> Iterator[None]:
        """Failures of everything that comes before a whole mail is handed over."""
        try:
            yield
        except CalmergeError:
            raise
        except smtplib.SMTPResponseException as error:
            raise (
                self._later(error.smtp_code) if error.smtp_code < 500 else self._refused(_bytes(error.smtp_error))
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            if self._interrupted:
                raise Cancelled(_("Stopped.")) from error
            raise failure(error, self._server) from error


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _words(text: bytes) -> str:
    """What a server says, in one short line."""
    said = " ".join(text.decode("utf-8", "replace").split())
    return (said[:200] or "?").rstrip(".") + "."

"""One folder of one mailbox by IMAP (RFC 9051), opened for looking only: EXAMINE and BODY.PEEK leave every mail as it is."""

from __future__ import annotations

import imaplib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError, ProtocolError

from calmerge_desktop.core.errors import CalmergeError, ServerTrouble
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.mail.choosing import HEADERS, SUBJECT, Head, head_of
from calmerge_desktop.sync.mail.server import CONNECT, SILENCE, Server, failure, refused_sign_in, tls, unprotected

INBOX = "INBOX"
_GLANCE = 0.5
"""Seconds between two looks at `stop` while idle."""


class ImapFolder:
    """Connected, signed in, the folder opened, once it is made. Made, used and closed on one thread.

    Making it raises `SignInNeeded`, `Offline`, `ServerTrouble`, and `BadInput` for a server without the wished protection.
    """

    def __init__(self, server: Server, password: str | None, folder: str = INBOX, *, silence: float = SILENCE) -> None:
        self._server = server
        own = server.security == "tls"
        with self._sorted():
            timeout = SocketTimeout(connect=CONNECT, read=silence)
            self._imap = IMAPClient(
                server.host,
                server.port,
                ssl=own,
                ssl_context=tls() if own else None,
                timeout=timeout,
            )
        try:
            with self._sorted():
                self._sign_in(password)
                state = self._imap.select_folder(folder, readonly=True)
                self.validity = int(state[b"UIDVALIDITY"])
                self.next_uid = int(state.get(b"UIDNEXT", 0))
        except CalmergeError:
            self.close()
            raise

    def since(self, day: date) -> list[int]:
        """UIDs of messages that arrived on `day` (of the server) or later, ascending."""
        with self._sorted():
            return sorted(self._imap.search(["SINCE", day]))

    def after(self, uid: int) -> list[int]:
        """UIDs above `uid`, ascending. The range `n:*` always names the last message, also when it is older."""
        with self._sorted():
            return sorted(one for one in self._imap.search(["UID", f"{uid + 1}:*"]) if one > uid)

    def heads(self, uids: Sequence[int], *, subjects: bool = False) -> dict[int, Head]:
        """What can be known of messages without reading them; marks in their subjects only with `subjects`."""
        asked = " ".join((*HEADERS, SUBJECT) if subjects else HEADERS).upper()
        with self._sorted():
            found = self._imap.fetch(uids, ["BODYSTRUCTURE", "RFC822.SIZE", f"BODY.PEEK[HEADER.FIELDS ({asked})]"])
        out = {}
        for uid, data in found.items():
            headers = next((value for name, value in data.items() if name.startswith(b"BODY[HEADER")), b"")
            out[uid] = head_of(headers or b"", data.get(b"BODYSTRUCTURE"), int(data.get(b"RFC822.SIZE", 0)))
        return out

    def part(self, uid: int, number: str) -> bytes:
        """One part as transferred; empty when it is gone."""
        return self._body(uid, number)

    def whole(self, uid: int) -> bytes:
        """A whole message; empty when it is gone."""
        return self._body(uid, "")

    @property
    def tells(self) -> bool:
        """Whether the server tells of new messages by itself (IDLE, RFC 2177)."""
        return bool(self._imap.has_capability("IDLE"))

    def idle(self, seconds: float, stop: Stop) -> bool:
        """Wait until the server tells of new messages, or for `seconds`; whether it told. `stop` may raise."""
        with self._sorted():
            self._imap.idle()
            told: list[object] = []
            until = time.monotonic() + seconds
            try:
                while time.monotonic() < until and not _new(told):
                    stop()
                    told += self._imap.idle_check(timeout=min(_GLANCE, seconds))
            finally:
                _text, last = self._imap.idle_done()
            return _new([*told, *last])

    def wait(self, seconds: float, stop: Stop) -> None:
        """For servers without IDLE: let time pass, then make the server look."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            stop()
            time.sleep(min(_GLANCE, seconds))
        with self._sorted():
            self._imap.noop()

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        with suppress(IMAPClientError, imaplib.IMAP4.error, OSError, AttributeError):
            self._imap.socket().settimeout(2)
            self._imap.logout()
        with suppress(IMAPClientError, imaplib.IMAP4.error, OSError, AttributeError):
            self._imap.shutdown()

    def _sign_in(self, password: str | None) -> None:
        if self._server.security == "starttls":
            if not self._imap.has_capability("STARTTLS"):
                raise unprotected(self._server)
            self._imap.starttls(tls())
        try:
            if self._imap.has_capability("AUTH=PLAIN"):
                self._imap.plain_login(self._server.user, password or "")  # UTF-8, unlike LOGIN
            else:
                self._imap.login(self._server.user, password or "")
        except LoginError as error:
            if "UNAVAILABLE" in str(error).upper():
                raise self._trouble() from error
            raise refused_sign_in(self._server) from error

    def _body(self, uid: int, section: str) -> bytes:
        with self._sorted():
            data = self._imap.fetch([uid], [f"BODY.PEEK[{section}]"]).get(uid, {})
        found = data.get(f"BODY[{section}]".encode())
        return found if isinstance(found, bytes) else b""

    def _trouble(self) -> ServerTrouble:
        return ServerTrouble(_("{host} has trouble with its mailboxes.").format(host=self._server.name))

    @contextmanager
    def _sorted(self) -> Iterator[None]:
        try:
            yield
        except CalmergeError:
            raise
        except (OSError, imaplib.IMAP4.abort) as error:
            raise failure(error, self._server) from error
        except (IMAPClientError, imaplib.IMAP4.error, ProtocolError) as error:
            raise self._trouble() from error


def _new(told: Sequence[object]) -> bool:
    """Whether untagged responses speak of messages that came (EXISTS) or of the end (BYE)."""
    return any(isinstance(one, tuple) and (b"EXISTS" in one or b"BYE" in one) for one in told)

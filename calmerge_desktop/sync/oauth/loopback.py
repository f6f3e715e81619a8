"""Where the browser brings the answer of a sign-in: one small server on this machine (RFC 8252 §7.3).

It listens on 127.0.0.1 only, on a port the system chooses, in a thread of its own. One request counts: the one on the path
of the redirect that carries our `state`. A favicon, a prefetch, a stranger's page and an old tab are answered and forgotten.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.oauth.page import finished_page

_HERE = "127.0.0.1"
_LONGEST_FORM = 65_536
_SILENCE = 10
"""Seconds a connection may stay silent: a browser opens spare ones and never uses them."""


class Loopback:
    """The listener of one sign-in. Make it, open the browser, `wait`, `close`; safe from any thread."""

    def __init__(self, *, host: str = _HERE, port: int = 0) -> None:
        """`host` is only how the redirect names this machine: some vendors insist on `localhost`. Raises `BadInput`."""
        self.answer: Mapping[str, str] | None = None
        """What the browser brought, once it came: `code` or `error`, always `state`."""
        self._arrived = threading.Event()
        self._state = secrets.token_urlsafe(32)
        try:
            self._server = _Server(self, port)
        except (OSError, OverflowError) as error:
            raise BadInput(
                _("Port {port} of this computer is in use, so the browser could not bring the answer back.").format(
                    port=port
                ),
                hint=_("Choose another port, or leave it to the system."),
            ) from error
        self.port = int(self._server.server_address[1])
        self.redirect_uri = f"http://{host}:{self.port}/"
        self._hosts = {f"{name}:{self.port}" for name in (_HERE, "localhost", host)}
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="sign-in", daemon=True
        )
        self._thread.start()

    @property
    def state(self) -> str:
        """The `state` an answer must carry (RFC 6749 §10.12)."""
        return self._state

    def expect(self, state: str) -> None:
        """Wait for this `state` instead of our own: a vendor's library made it. Before the browser opens."""
        self._state = state

    def wait(self, seconds: float) -> bool:
        """Whether the answer came within `seconds`."""
        return self._arrived.wait(seconds)

    def answered(self) -> None:
        """The browser has its page: only now whoever waits goes on, for that may end the program."""
        if self.answer is not None:
            self._arrived.set()

    def close(self) -> None:
        """Give the port back."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, host: str, target: str, form: str | None) -> tuple[int, bytes]:
        """Judge one request: the status and page it gets. `form` is the body of a POST (the vendor's `form_post`)."""
        parts = urlsplit(target)
        if parts.path != "/" or host not in self._hosts:
            return 404, b""
        given = dict(parse_qsl(parts.query if form is None else form, keep_blank_values=True))
        if not ("code" in given or "error" in given) or not secrets.compare_digest(
            given.get("state", "").encode(), self._state.encode()
        ):
            return 404, finished_page(_("This page belongs to no sign-in"), _("Please go back to CalMerge and begin again."))
        if self.answer is None:
            self.answer = given
        if "error" in given:
            return 200, finished_page(_("You are not signed in"), _("You can close this page. CalMerge says what happened."))
        return 200, finished_page(_("Thank you"), _("You can close this page and go back to CalMerge."))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = False

    def __init__(self, outer: Loopback, port: int) -> None:
        self.outer = outer
        super().__init__((_HERE, port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up in the middle is nobody's fault, and a trace would show the code."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _SILENCE
    server: _Server

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        size = int(length) if length.isascii() and length.isdigit() and len(length) < 9 else 0
        self._answer(self.rfile.read(min(size, _LONGEST_FORM)).decode("utf-8", "replace"))

    def log_message(self, format: str, *args: object) -> None:
        """Its line holds the code."""

    def _answer(self, form: str | None) -> None:
        status, body = self.server.outer.take(self.headers.get("Host", ""), self.path, form)
        try:
            self._send(status, body)
        finally:
            self.server.outer.answered()

    def _send(self, status: int, body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

"""A small real web server for feeds: tests hang answers on paths; it counts and remembers what it was asked."""

from __future__ import annotations

import gzip
import hashlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Asked:
    method: str
    path: str
    headers: Message
    body: bytes = b""


@dataclass
class Page:
    """What a path answers."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: bool = False
    compress: bool = False
    cut: int | None = None
    """Promise the whole body, send this many bytes, drop the connection."""
    hang: bool = False
    reset: int = 0
    """Drop this many connections before the first byte, then answer."""


class WebServer:
    def __init__(self) -> None:
        self.pages: dict[str, Page | Callable[[Asked], Page]] = {}
        self.asked: list[Asked] = []
        self.released = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                outer._answer(self)

            do_GET = do_PROPFIND = do_REPORT = do_PUT = do_DELETE = handle_any  # noqa: N815  # http.server looks for these

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        asked = Asked(handler.command, handler.path, handler.headers, handler.rfile.read(length) if length else b"")
        self.asked.append(asked)
        page = self.pages.get(handler.path, Page(status=404))
        if callable(page):
            page = page(asked)
        if page.hang:
            self.released.wait(30)
            handler.close_connection = True
            return
        if page.reset:
            page.reset -= 1
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
            return
        self._send(handler, page)

    def _send(self, handler: BaseHTTPRequestHandler, page: Page) -> None:
        headers = dict(page.headers)
        body = gzip.compress(page.body) if page.compress else page.body
        if page.compress:
            headers["Content-Encoding"] = "gzip"
        status = page.status
        if page.etag:
            headers["ETag"] = '"' + hashlib.sha256(page.body).hexdigest()[:12] + '"'
            if handler.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        if status != 304:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body if page.cut is None else body[: page.cut])
        if page.cut is not None:
            handler.wfile.flush()
            handler.close_connection = True

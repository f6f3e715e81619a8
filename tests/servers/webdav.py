"""A small real WebDAV server (RFC 4918): files on disk, ETags, preconditions, Basic auth. It can be full, or refuse."""

from __future__ import annotations

import base64
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

USER, PASSWORD = "lena", "open sesame"


class WebdavServer:
    """Serves `folder` below `/dav/`. `asked` are method and path of every request; `refuse` answers instead, by method."""

    def __init__(self, folder: Path, *, etags: bool = True) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.etags = etags
        self.room: int | None = None
        """Bytes a file may have; more is answered with 507."""
        self.refuse: dict[str, int] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        outer = self

        class Handler(_Handler):
            server_of = outer

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/dav/"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def methods(self) -> list[str]:
        """What was asked, and forgotten then."""
        found = [method for method, _path, _headers in self.asked]
        self.asked.clear()
        return found

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: WebdavServer

    def handle_one(self) -> None:
        server = self.server_of
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = unquote(urlsplit(self.path).path)
        server.asked.append((self.command, path, dict(self.headers)))
        wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != wanted:
            self._answer(401, {"WWW-Authenticate": 'Basic realm="dav"'})
        elif self.command in server.refuse:
            self._answer(server.refuse[self.command])
        elif not path.startswith("/dav/") or ".." in path:
            self._answer(404)
        else:
            there = server.folder / path.removeprefix("/dav/").rstrip("/")
            getattr(self, f"on_{self.command.lower()}", lambda _there, _body: self._answer(405))(there, body)

    do_GET = do_PUT = do_DELETE = do_MKCOL = do_PROPFIND = handle_one  # noqa: N815  # http.server looks for these

    def on_propfind(self, there: Path, _body: bytes) -> None:
        self._answer(207 if there.exists() else 404, body=b'<?xml version="1.0"?><multistatus xmlns="DAV:"/>')

    def on_mkcol(self, there: Path, _body: bytes) -> None:
        if there.exists():
            self._answer(405)
        elif not there.parent.is_dir():
            self._answer(409)
        else:
            there.mkdir()
            self._answer(201)

    def on_get(self, there: Path, _body: bytes) -> None:
        if not there.is_file():
            self._answer(404)
        else:
            self._answer(200, self._etag(there), there.read_bytes())

    def on_put(self, there: Path, body: bytes) -> None:
        if not there.parent.is_dir():
            self._answer(409)
        elif not self._met(there):
            self._answer(412)
        elif self.server_of.room is not None and len(body) > self.server_of.room:
            self._answer(507)
        else:
            there.write_bytes(body)
            self._answer(204, self._etag(there))

    def on_delete(self, there: Path, _body: bytes) -> None:
        if not there.exists():
            self._answer(404)
        elif not self._met(there):
            self._answer(412)
        else:
            there.unlink()
            self._answer(204)

    def _met(self, there: Path) -> bool:
        """RFC 9110 §13.1."""
        wanted, unwanted = self.headers.get("If-Match"), self.headers.get("If-None-Match")
        if unwanted == "*" and there.exists():
            return False
        return wanted is None or (there.exists() and wanted == _digest(there))

    def _etag(self, there: Path) -> dict[str, str]:
        return {"ETag": _digest(there)} if self.server_of.etags else {}

    def _answer(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if status == 204 else body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _digest(there: Path) -> str:
    return f'"{hashlib.sha256(there.read_bytes()).hexdigest()[:16]}"'

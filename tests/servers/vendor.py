"""What the servers of both vendors share: ways to fail at a request of one's choice, and a real socket."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

State = TypeVar("State")


@dataclass
class Fault:
    """One way to fail: `kind` is 401, 403, 410, 412, 429, 500, `slow`, `drop` (before the answer), `cut` (in the middle of it),
    `half` (half of a body as if it were whole), `lost` (done, but the answer never comes).
    """

    kind: str
    at: int = 0
    """Which of the following matching requests, from 0."""
    method: str = ""
    """One or several, `PATCH DELETE`."""
    path: str = ""
    """Part of the path."""
    suffix: str = ""
    """End of the path."""
    query: str = ""
    """A parameter that must be there."""
    times: int = 1
    retry_after: str = ""
    reason: str = ""

    def hits(self, request: Request) -> bool:
        path = request.url.path
        if self.times <= 0 or request.method not in (self.method or request.method) or self.path not in path:
            return False
        if path == "/token" and self.kind.startswith("4") and self.kind != "429":
            return False  # that endpoint says what it has against us in words of its own
        if not path.endswith(self.suffix) or (self.query and self.query not in request.query_params):
            return False
        if self.at:
            self.at -= 1
            return False
        self.times -= 1
        return True


class Dropped(Response):
    """Promise more than is sent, then hang up."""

    def __init__(self, part: bytes, promised: int = 0) -> None:
        super().__init__(part)
        self.promised = promised

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.promised:
            headers = [(b"content-type", b"application/json"), (b"content-length", str(self.promised).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": self.body, "more_body": True})
            await asyncio.sleep(0.01)
        scope["extensions"]["hang-up"]["now"]()


async def broken(fault: Fault, answer: Callable[[], Awaitable[Response]] | None) -> Response | None:
    """The answer of a network that fails in this way; None where the request goes on, or the fault is a status."""
    match fault.kind:
        case "slow":
            await asyncio.sleep(1.5)
        case "cut" | "half" if answer is not None:
            body = bytes((await answer()).body)
            part = body[: max(1, len(body) // 2)]
            whole = Response(part, media_type="application/json")
            return Dropped(part, len(body) + 1) if fault.kind == "cut" else whole
        case "drop" | "lost" | "cut" | "half":
            return Dropped(b"")
    return None


class HangUp(H11Protocol):
    """Lets an application drop the connection, as networks do."""

    def handle_events(self) -> None:
        super().handle_events()
        if self.scope is not None:
            self.scope.setdefault("extensions", {})["hang-up"] = {"now": self.transport.abort}


class VendorServer(Generic[State]):
    """A state behind a real socket. `routes` are (path, name of the state's method, HTTP methods)."""

    def __init__(self, routes: Sequence[tuple[str, str, Sequence[str]]], make: Callable[[str], State]) -> None:
        """`make` is given the server's address."""
        self._make = make
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio forgets it for sockets it is given
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.state = make(self.url)
        paths = [Route(path, self._to(name), methods=list(methods)) for path, name, methods in routes]
        config = uvicorn.Config(
            Starlette(routes=paths), http=HangUp, ws="none", lifespan="off", log_config=None, log_level="critical"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)

    def fresh(self) -> State:
        """Begin anew, on the same socket."""
        self.state = self._make(self.url)
        return self.state

    def close(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join()
        self._socket.close()

    def _to(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            found: Response = await getattr(self.state, name)(request)
            return found

        return answer

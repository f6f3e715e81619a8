"""Graph v1.0 over our HTTP client: the headers every request needs, renewal, and refusals in words of `core.errors`.

One account is one mailbox and asks one thing at a time, far below the four at once that Graph allows.
"""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from calmerge_desktop.core.ports import Stop
from calmerge_desktop.sync.http import Answer, HttpClient
from calmerge_desktop.sync.oauth.signed_in import Keep
from calmerge_desktop.sync.providers.microsoft.client import endpoint
from calmerge_desktop.sync.providers.microsoft.failures import Said, code_of, cut, meaning
from calmerge_desktop.sync.providers.microsoft.tokens import Tokens

if TYPE_CHECKING:
    from calmerge_desktop.sync.providers.microsoft.session import Door

PAGE = 500
"""Events a page at most; Graph may give fewer."""
_PREFER = f'IdType="ImmutableId", outlook.timezone="UTC", odata.maxpagesize={PAGE}'
EARLY = 60
"""Seconds before its end at which a token is renewed."""
_ANY = frozenset(range(300, 600))
_PAGES = 100_000

Json = dict[str, Any]


class Api:
    """A signed-in session. Made, used and closed on one thread; only `interrupt` may come from another."""

    def __init__(self, tokens: Tokens, keep: Keep | None = None, *, timeout: float | None = None) -> None:
        self.tokens = tokens
        self._keep = keep
        self._timeout = timeout
        self._root = f"{endpoint()}/v1.0"
        self._http = HttpClient(self._root, timeout=timeout)
        self._http.bearer(tokens.access_token)
        self._door: Door | None = None

    def url(self, *parts: str, **query: str) -> str:
        """An address of Graph; parts are quoted, `query` takes `startDateTime` or `select` (for `$select`)."""
        path = "/".join(quote(each, safe="$") for each in parts)
        asked = {("$" + key if key in _SYSTEM else key): value for key, value in query.items()}
        return f"{self._root}/{path}" + (f"?{urlencode(asked, quote_via=quote)}" if asked else "")

    def run(
        self,
        method: str,
        url: str,
        stop: Stop,
        body: Mapping[str, Any] | None = None,
        *,
        match: str | None = None,
        own: Collection[int] = (),
    ) -> Json:
        """Carry out one request; its answer is an object, empty where Graph says nothing.

        Statuses in `own` come as `Said`, others as `core.errors`. `match` is the ETag that must still hold.
        """
        return _object(self._answer(method, url, stop, body, match=match, own=own))

    def content(self, url: str, stop: Stop, *, own: Collection[int] = ()) -> bytes:
        """What lies at an address that is no object, such as a mail's `$value`. As `run` else."""
        return self._answer("GET", url, stop, None, match=None, own=own).body

    def send(self, mime: bytes, stop: Stop) -> Answer:
        """One mail as it is (RFC 5322), in base64 as Graph wants it; the answer as it comes.

        <https://learn.microsoft.com/graph/outlook-send-mime-message>
        """
        headers = {"Prefer": _PREFER, "Accept": "application/json", "Content-Type": "text/plain"}
        url = self.url("me", "sendMail")
        return self._http.request("POST", url, stop=stop, headers=headers, content=b64encode(mime), accept=_ANY)

    def pages(self, url: str, stop: Stop, own: Collection[int] = ()) -> Iterator[Json]:
        """All pages; links are used as they are given, and only within Graph. Pages may be empty."""
        for _page in range(_PAGES):
            stop()
            page = self.run("GET", url, stop, own=own)
            if not isinstance(page.get("value"), list):
                raise cut()
            yield page
            link = page.get("@odata.nextLink")
            if not link:
                return
            url = self.checked(str(link))
        raise cut()

    def checked(self, link: str) -> str:
        """A link of Graph's: the token goes nowhere else."""
        parts, root = urlsplit(link), urlsplit(self._root)
        if (parts.scheme, parts.netloc) != (root.scheme, root.netloc):
            raise cut()
        return link

    def renew(self, stop: Stop, *, force: bool) -> None:
        """A new access token. Raises `SignInNeeded` when Microsoft wants the person."""
        from calmerge_desktop.sync.providers.microsoft.session import Door, renewed

        if self._door is None:
            self._door = Door(self.tokens.tenant, timeout=self._timeout)
        self._door.stop = stop
        self.tokens = renewed(self.tokens, self._door, force=force)
        self._http.bearer(self.tokens.access_token)
        if self._keep:
            self._keep(self.tokens.text())

    def interrupt(self) -> None:
        """See `abilities.Interruptible`."""
        self._http.interrupt()
        if self._door:
            self._door.interrupt()

    def close(self) -> None:
        """Give connections back."""
        self._http.close()
        if self._door:
            self._door.end()

    def _answer(
        self, method: str, url: str, stop: Stop, body: Mapping[str, Any] | None, *, match: str | None, own: Collection[int]
    ) -> Answer:
        if self.tokens.expires - EARLY < time.time():
            self.renew(stop, force=False)
        answer = self._once(method, url, stop, body, match)
        if answer.status == 401:
            self.renew(stop, force=True)  # revoked, or a clock that is wrong here or there
            answer = self._once(method, url, stop, body, match)
        if answer.status >= 300:
            if answer.status in own:
                raise Said(answer.status, code_of(answer))
            raise meaning(answer, writing=method != "GET" and "getSchedule" not in url)
        return answer

    def _once(self, method: str, url: str, stop: Stop, body: Mapping[str, Any] | None, match: str | None) -> Answer:
        headers = {"Prefer": _PREFER, "Accept": "application/json"}
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        if match:
            headers["If-Match"] = match
        return self._http.request(method, url, stop=stop, headers=headers, content=content, accept=_ANY)


_SYSTEM = frozenset({"select", "expand", "filter", "top"})


def _object(answer: Answer) -> Json:
    if not answer.body.strip():
        return {}
    try:
        found = json.loads(answer.body)
    except ValueError as error:
        raise cut() from error
    if not isinstance(found, dict):
        raise cut()
    return found

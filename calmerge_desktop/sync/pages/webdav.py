"""A folder at a WebDAV server (RFC 4918): PUT under a precondition, MKCOL where a folder is missing."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from calmerge_desktop.core.errors import BadInput, CalmergeError, Conflict, NothingThere, SignInNeeded
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.proposal.page import is_ours
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.http import Answer, HttpClient
from calmerge_desktop.sync.http_errors import host_of, refusal
from calmerge_desktop.sync.pages.folder import not_ours

_TYPE = {"Content-Type": "text/html; charset=utf-8"}
_ANSWERS = frozenset({400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 423, 501, 507})
_GONE = frozenset({404, 410})
_NO_WEBDAV = frozenset({400, 405, 415, 422, 501})
_LIMIT = 5_000_000
"""Bytes of a file that is looked at before it is written over."""


class Webdav:
    """See `core.ports.PagePlace`. Made, used and closed on one thread."""

    def __init__(self, url: str, user: str, password: str | None, stop: Stop) -> None:
        self._url = url
        self._stop = stop
        self._http = HttpClient(url, user=user or None, password=password, limit=_LIMIT)

    def prepare(self) -> None:
        """See `PagePlace.prepare`: PROPFIND of depth 0 tells a WebDAV folder from any other place in the web."""
        answer = self._ask("PROPFIND", self._url, {"Depth": "0"})
        if answer.status in _GONE:
            self._make_folder(self._url)
        elif answer.status != 207:
            raise self._refused(answer)

    def put(self, name: str, page: bytes, etag: str) -> str:
        """See `PagePlace.put`. A changed ETag is no reason to stop when the file is a page of ours all the same."""
        url = self._url + quote(name)
        if etag:
            answer = self._ask("PUT", url, _TYPE | {"If-Match": etag}, page)
            if answer.status < 300:
                return _strong(answer)
            if answer.status not in (409, 412, *_GONE):
                raise self._refused(answer)
        for _attempt in range(2):
            answer = self._ask("PUT", url, _TYPE | self._guard(url, name), page)
            if answer.status not in (409, *_GONE):
                break
            self._make_folder(self._url)
        if answer.status < 300:
            return _strong(answer)
        if answer.status == 412:
            raise Conflict(_("“{name}” was changed at {host} at the same moment.").format(name=name, host=host_of(url)))
        raise self._refused(answer)

    def remove(self, name: str, etag: str) -> None:  # noqa: ARG002  # what is there now decides
        """See `PagePlace.remove`."""
        url = self._url + quote(name)
        there = self._there(url)
        if there is None or not is_ours(there.body):
            return
        found = _strong(there)
        answer = self._ask("DELETE", url, {"If-Match": found} if found else {})
        if answer.status >= 300 and answer.status not in _GONE:
            raise self._refused(answer)

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _guard(self, url: str, name: str) -> dict[str, str]:
        """The precondition for what is there now. Asked first, because some servers ignore If-None-Match."""
        there = self._there(url)
        if there is None:
            return {"If-None-Match": "*"}
        if not is_ours(there.body):
            raise not_ours(name)
        found = _strong(there)
        return {"If-Match": found} if found else {}

    def _there(self, url: str) -> Answer | None:
        # compressed answers carry an ETag of their own, which no If-Match meets
        answer = self._ask("GET", url, {"Accept-Encoding": "identity"})
        if answer.status in (409, *_GONE):
            return None
        if answer.status >= 300:
            raise self._refused(answer)
        return answer

    def _make_folder(self, url: str) -> None:
        """MKCOL, from the first folder that is missing on (RFC 4918 §9.3.1: 409 means the one above is missing)."""
        answer = self._ask("MKCOL", url)
        parent = _above(url)
        if answer.status == 409 and parent:
            self._make_folder(parent)
            answer = self._ask("MKCOL", url)
        if answer.status == 405 and self._ask("PROPFIND", url, {"Depth": "0"}).status == 207:
            return  # it was made in the meantime
        if answer.status >= 300:
            raise self._no_webdav() if answer.status in (*_GONE, *_NO_WEBDAV) else self._refused(answer)

    def _ask(self, method: str, url: str, headers: dict[str, str] | None = None, content: bytes | None = None) -> Answer:
        return self._http.request(method, url, stop=self._stop, headers=headers, content=content, accept=_ANSWERS)

    def _refused(self, answer: Answer) -> CalmergeError:
        host = host_of(answer.url)
        if answer.status == 401:
            said = refusal(401, answer.headers, answer.url)
            return SignInNeeded(said.message, hint=_("Publish again with --user, and with the password when you are asked."))
        if answer.status in (413, 507):
            return BadInput(_("There is no room left at {host}.").format(host=host))
        if answer.status in _GONE or answer.status == 409:
            return NothingThere(_("The folder at {host} is not there any more.").format(host=host))
        if answer.status < 300 or answer.status in _NO_WEBDAV:
            return self._no_webdav()
        return refusal(answer.status, answer.headers, answer.url)

    def _no_webdav(self) -> BadInput:
        return BadInput(
            _("{host} offers no WebDAV folder at this address.").format(host=host_of(self._url)),
            hint=_("Check the address; a provider names it as its WebDAV address."),
        )


def _strong(answer: Answer) -> str:
    """The ETag for If-Match; a weak one never matches (RFC 9110 §13.1.1)."""
    found = answer.headers.get("etag", "")
    return "" if found.startswith("W/") else found


def _above(url: str) -> str:
    """The folder above; empty at the top."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/").rpartition("/")[0]
    return parts._replace(path=path + "/").geturl() if path else ""

"""What changed in one CalDAV calendar: sync-collection (RFC 6578), else ctag and a listing of ETags.

A token of ours is `sync:` and the server's sync-token, or `ctag:` and its ctag.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from calmerge_desktop.core.errors import AccessDenied, NothingThere, ServerTrouble, SyncTokenExpired
from calmerge_desktop.core.model import Delta, ETag, Href, Resource, SyncToken
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.http import HttpClient
from calmerge_desktop.sync.http_errors import host_of
from calmerge_desktop.sync.http_errors import refusal as status_error
from calmerge_desktop.sync.listing import nothing_new
from calmerge_desktop.sync.providers.caldav_discovery import find
from calmerge_desktop.sync.providers.caldav_xml import (
    CAL,
    CS,
    DAV,
    HEADERS,
    Entry,
    MultiStatus,
    canonical,
    multiget,
    multistatus,
    propfind,
    sync_collection,
)

BATCH = 50
"""Hrefs in one calendar-multiget; more is refused by some servers."""
_PAGES = 2_000
"""Truncated answers in a row before we say the server goes in circles."""
_STATE = propfind(CS + "getctag", DAV + "sync-token", DAV + "supported-report-set")
_TAGS = propfind(DAV + "getetag", DAV + "resourcetype")
_EXPIRED = frozenset({400, 403, 405, 409, 410, 412, 415, 500, 501})
"""Statuses servers give for a sync token they do not know (RFC 6578 §3.2 wants 403 with valid-sync-token)."""


class Changes:
    """Reading one calendar at `url`."""

    def __init__(self, http: HttpClient, url: str, stop: Stop) -> None:
        self._http = http
        self._url = url
        self._stop = stop

    def since(self, token: SyncToken | None, known: Mapping[Href, ETag | None]) -> Iterator[Delta]:
        """See `CalendarProvider.changes`."""
        kind, _colon, value = (token or "").partition(":")
        if kind == "sync" and value:
            yield from self._incremental(value, known)
            return
        state = self._state()
        ctag = state.text(CS + "getctag") if state else None
        if kind == "ctag" and value and value == ctag and token:
            yield nothing_new(token)
            return
        if state is None or DAV + "sync-collection" in state.kinds(DAV + "supported-report-set"):
            try:
                tags, _removed, mark = self._collect("")
            except (SyncTokenExpired, ServerTrouble):
                pass  # announced, but of no use: list instead
            else:
                yield from self._pages(tags, known, SyncToken(f"sync:{mark}"))
                return
        yield from self._pages(self._list(), known, SyncToken(f"ctag:{ctag or ''}"))

    def resources(self, hrefs: list[Href]) -> tuple[list[Resource], list[tuple[Href, str]]]:
        """Up to `BATCH` resources, and what of them the server could not hand over. Those that are gone are in neither."""
        urls = {self.url_of(href): href for href in hrefs}
        answer = self._report(multiget(urls), "0")
        found: dict[Href, Resource] = {}
        broken: dict[Href, str] = {}
        said: set[Href] = set()
        for entry in answer.entries:
            href = urls.get(entry.url)
            if href is None:
                continue
            said.add(href)
            data = entry.props.get(CAL + "calendar-data")
            if data is not None and (data.text or "").strip():
                etag = entry.text(DAV + "getetag")
                found[href] = Resource(href=href, ics=data.text or "", etag=ETag(etag) if etag else None)
            elif entry.status not in (404, 410):
                broken[href] = _("{host} does not hand over this event.").format(host=host_of(self._url))
        for href in hrefs:  # silence about an href is no proof that it is gone: ask for it alone
            if href not in said and (alone := self.get(href)):
                found[href] = alone
        return list(found.values()), list(broken.items())

    def get(self, href: Href) -> Resource | None:
        """One resource by GET; None when it is gone."""
        try:
            answer = self._http.request("GET", self.url_of(href), stop=self._stop, headers={"Accept": "text/calendar"})
        except NothingThere:
            return None
        etag = answer.headers.get("etag")
        return Resource(href=href, ics=answer.body.decode("utf-8", "replace"), etag=ETag(etag) if etag else None)

    def url_of(self, href: Href) -> str:
        """An href of this calendar as a URL."""
        return canonical(self._url, href)

    def href_of(self, url: str) -> Href:
        """A URL as we store it: the path alone when the host is the calendar's."""
        parts = urlsplit(url)
        return Href(parts.path if parts.netloc == urlsplit(self._url).netloc else url)

    def _incremental(self, value: str, known: Mapping[Href, ETag | None]) -> Iterator[Delta]:
        tags, removed, mark = self._collect(value)
        fresh = [href for href, etag in tags.items() if etag is None or known.get(href) != etag]
        token = SyncToken(f"sync:{mark}")
        gone = [href for href in removed if href not in tags]
        batches = [fresh[start : start + BATCH] for start in range(0, len(fresh), BATCH)]
        for batch in batches:
            self._stop()
            resources, broken = self.resources(batch)
            handed = {each.href for each in resources} | {href for href, _why in broken}
            gone += [href for href in batch if href not in handed and href in known]
            yield Delta(upserts=tuple(resources), unreadable=tuple(broken), last=False, total=len(fresh))
        yield Delta(removals=tuple(gone), next_token=token, total=len(fresh))

    def _pages(
        self, tags: Mapping[Href, ETag | None], known: Mapping[Href, ETag | None], token: SyncToken
    ) -> Iterator[Delta]:
        fresh = [href for href, etag in tags.items() if etag is None or known.get(href) != etag]
        moved = set(fresh)
        for start in range(0, len(fresh), BATCH):
            self._stop()
            resources, broken = self.resources(fresh[start : start + BATCH])
            yield Delta(upserts=tuple(resources), unreadable=tuple(broken), full=True, last=False, total=len(tags))
        still = tuple(href for href in tags if href not in moved)
        yield Delta(unchanged=still, next_token=token, full=True, total=len(tags))

    def _collect(self, token: str) -> tuple[dict[Href, ETag | None], list[Href], str]:
        """All answers of sync-collection from `token` on: hrefs with ETags, hrefs removed, and the next token."""
        tags: dict[Href, ETag | None] = {}
        removed: dict[Href, None] = {}
        for _page in range(_PAGES):
            self._stop()
            answer = self._sync(token)
            truncated = False
            for entry in answer.entries:
                if self._is_collection(entry):
                    truncated = truncated or entry.status == 507  # RFC 6578 §3.6: there is more
                    continue
                href = self.href_of(entry.url)
                if entry.status in (404, 410):
                    removed[href] = None
                    tags.pop(href, None)
                else:
                    etag = entry.text(DAV + "getetag")
                    tags[href] = ETag(etag) if etag else None
                    removed.pop(href, None)
            following = answer.sync_token
            if following is None:
                raise SyncTokenExpired
            if not truncated or following == token:
                return tags, list(removed), following
            token = following
        raise ServerTrouble(_("{host} never comes to the end of its changes.").format(host=host_of(self._url)))

    def _sync(self, token: str) -> MultiStatus:
        headers = {**HEADERS, "Depth": "0"}
        body = sync_collection(token)
        answer = self._http.request(
            "REPORT", self._url, stop=self._stop, headers=headers, content=body, accept=_EXPIRED | {507}
        )
        if answer.status in _EXPIRED or (answer.status == 507 and b"multistatus" not in answer.body):
            raise SyncTokenExpired
        return multistatus(answer.body, answer.url)

    def _list(self) -> dict[Href, ETag | None]:
        tags: dict[Href, ETag | None] = {}
        for entry in find(self._http, self._url, _TAGS, "1", self._stop).entries:
            if self._is_collection(entry) or DAV + "collection" in entry.kinds(DAV + "resourcetype"):
                continue
            etag = entry.text(DAV + "getetag")
            tags[self.href_of(entry.url)] = ETag(etag) if etag else None
        return tags

    def _state(self) -> Entry | None:
        try:
            entries = find(self._http, self._url, _STATE, "0", self._stop).entries
        except (AccessDenied, ServerTrouble):
            return None
        return entries[0] if entries else None

    def _report(self, body: bytes, depth: str) -> MultiStatus:
        answer = self._http.request(
            "REPORT", self._url, stop=self._stop, headers={**HEADERS, "Depth": depth}, content=body, accept=frozenset({400})
        )
        if answer.status == 400 and depth == "0":
            return self._report(body, "1")  # RFC 4791 §7.9 says Depth is ignored; not every server knows
        if answer.status == 400:
            raise status_error(400, answer.headers, answer.url)
        return multistatus(answer.body, answer.url)

    def _is_collection(self, entry: Entry) -> bool:
        """The calendar itself, which iCloud lists among its members."""
        return entry.url.endswith("/") or entry.url.rstrip("/") == self._url.rstrip("/")

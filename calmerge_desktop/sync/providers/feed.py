"""An .ics feed on the web (http, https, webcal, webcals): read-only, one calendar, read whole when it changed."""

# ruff: noqa: ARG002  # the port names what a read-only feed does not need
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from calmerge_desktop.core.errors import ReadOnly, UnreadableCalendar
from calmerge_desktop.core.ics.split import Stream, split_bytes
from calmerge_desktop.core.model import Access, Account, Delta, ETag, Href, RemoteCalendar, RemoteId, Resource, SyncToken
from calmerge_desktop.core.ports import Stop, Stored
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.http import BODY_LIMIT, Answer, HttpClient, never
from calmerge_desktop.sync.http_errors import host_of
from calmerge_desktop.sync.listing import full_listing, hex_color, nothing_new

_EMPTY_WORDS = frozenset({"basic", "calendar", "feed", "ical", "ics", "public", "private"})
_ACCEPT = {"Accept": "text/calendar, text/plain;q=0.5, */*;q=0.1"}


class FeedProvider:
    """The feed of one account. The token holds the validators (RFC 9110 §8.8) and the interval the feed asks for."""

    single = True
    """Its one calendar never changes place, so it need not be listed before every read."""

    def __init__(self, account: Account, password: str | None, *, limit: int = BODY_LIMIT) -> None:
        self._url = account.config["url"]
        self._name = account.name
        self._http = HttpClient(self._url, user=account.config.get("user"), password=password, limit=limit)
        self._read: tuple[Answer, Stream] | None = None
        self._refresh: int | None = None

    def calendars(self, stop: Stop) -> list[RemoteCalendar]:
        """The feed as a calendar, named by itself, else by the person, else by its file or host."""
        _answer, stream = self._load(stop)
        return [
            RemoteCalendar(
                remote_id=RemoteId(self._url),
                name=stream.name or self._name or feed_name(self._url),
                access=Access.READ,
                color=hex_color(stream.color),
                tzid=stream.tzid,
                url=self._url,
            )
        ]

    def changes(
        self, calendar: RemoteId, since: SyncToken | None, known: Mapping[Href, ETag | None], stop: Stop
    ) -> Iterator[Delta]:
        """See `CalendarProvider.changes`: a conditional GET.

        Events are compared by content, for many hosts send no validators and rewrite DTSTAMP each time.
        """
        before = _validators(since)
        self._refresh = before.get("refresh")
        if self._read is None and before:
            answer = self._get(stop, before)
            if answer.status == 304 and since:
                yield nothing_new(since)
                return
            self._read = (answer, self._split(answer))
        answer, stream = self._load(stop)
        self._refresh = stream.refresh
        yield from full_listing(stream.resources, known, _token(answer, stream), unreadable=stream.unreadable)

    def fetch(self, calendar: RemoteId, href: Href) -> Resource | None:
        """The resource as the feed has it now."""
        self._read = None
        _answer, stream = self._load(never)
        return next((each for each in stream.resources if each.href == href), None)

    def put(self, calendar: RemoteId, resource: Resource, *, base: ETag | None, create: bool) -> Stored:
        """Raises `ReadOnly`."""
        raise self._read_only()

    def delete(self, calendar: RemoteId, href: Href, *, base: ETag | None) -> None:
        """Raises `ReadOnly`."""
        raise self._read_only()

    def poll_seconds(self, calendar: RemoteId) -> int | None:
        """REFRESH-INTERVAL or X-PUBLISHED-TTL as the feed said when it was last read, also in an earlier session."""
        return self._refresh

    def interrupt(self) -> None:
        """Stop waiting for the server. From any thread."""
        self._http.interrupt()

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _load(self, stop: Stop) -> tuple[Answer, Stream]:
        if self._read is None:
            answer = self._get(stop, {})
            self._read = (answer, self._split(answer))
        return self._read

    def _get(self, stop: Stop, before: Mapping[str, Any]) -> Answer:
        headers = dict(_ACCEPT)
        if before.get("etag"):
            headers["If-None-Match"] = before["etag"]
        if before.get("modified"):
            headers["If-Modified-Since"] = before["modified"]
        return self._http.request("GET", self._url, stop=stop, headers=headers, accept=frozenset({304} if before else ()))

    def _split(self, answer: Answer) -> Stream:
        if answer.status in (204, 205) or not answer.body.strip():
            raise UnreadableCalendar(_("{host} sends an empty file.").format(host=host_of(answer.url)))
        return split_bytes(answer.body)

    def _read_only(self) -> ReadOnly:
        return ReadOnly(_("A subscribed calendar cannot be changed."), hint=_("Copy the event into a calendar of your own."))


def open_feed(account: Account, secret: str | None) -> FeedProvider:
    """The feed at `config["url"]`, with Basic credentials when there is a `user`."""
    return FeedProvider(account, secret)


def feed_name(url: str) -> str:
    """What to call a feed that says nothing: its file's name, or its host; never a long part that may be a secret."""
    parts = urlsplit(url)
    stem = PurePosixPath(unquote(parts.path)).stem
    telling = (
        stem and len(stem) <= 30 and stem.lower() not in ("basic", "calendar", "feed", "ical", "ics", "public", "private")
    )
    return stem if telling and any(letter.isalpha() for letter in stem) else parts.hostname or url


def _validators(since: SyncToken | None) -> dict[str, Any]:
    if since is None:
        return {}
    try:
        found = json.loads(since)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _token(answer: Answer, stream: Stream) -> SyncToken:
    held = {
        "etag": answer.headers.get("etag"),
        "modified": answer.headers.get("last-modified"),
        "refresh": stream.refresh,
    }
    return SyncToken(json.dumps({key: value for key, value in held.items() if value is not None}, sort_keys=True) or "{}")

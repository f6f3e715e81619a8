"""Resources that an adapter read whole, on their way into pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from calmerge_desktop.core.errors import BadData
from calmerge_desktop.core.model import Delta, ETag, Href, Resource, SyncToken
from calmerge_desktop.sync.listing import PAGE


class Batch:
    """`known` is what the cache holds."""

    def __init__(self, known: Mapping[Href, ETag | None]) -> None:
        self.known = known
        self._upserts: list[Resource] = []
        self._removals: list[Href] = []
        self._unchanged: list[Href] = []
        self._unreadable: list[tuple[Href, str]] = []

    def gone(self, href: Href) -> None:
        """It is not there any more."""
        self._removals.append(href)

    def take(self, href: Href, etag: ETag | None, make: Callable[[], Resource]) -> None:
        """It is there in this version. `make` words it, if need be, and raises `BadData` when it cannot be worded."""
        if self.known.get(href) == etag:
            self._unchanged.append(href)
            return
        try:
            self._upserts.append(make())
        except BadData as error:
            self._unreadable.append((href, error.message))

    def full_pages(self, *, full: bool) -> Iterator[Delta]:
        """Pages that are full; never the last one."""
        while len(self._upserts) >= PAGE:
            page, self._upserts = self._upserts[:PAGE], self._upserts[PAGE:]
            yield Delta(upserts=tuple(page), full=full, last=False)

    def rest(self, token: SyncToken, *, full: bool) -> Delta:
        """The last page."""
        return Delta(
            upserts=tuple(self._upserts),
            removals=() if full else tuple(dict.fromkeys(self._removals)),
            unchanged=tuple(self._unchanged),
            unreadable=tuple(self._unreadable),
            next_token=token,
            full=full,
        )

"""Pages that were read before they were asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import Delta, Resource


class Ahead:
    """The pages of one calendar: some were looked at, all of them come in the end."""

    def __init__(self, pages: Iterator[Delta]) -> None:
        self._source = pages
        self._read: deque[Delta] = deque()
        self._failure: CalmergeError | None = None

    def upserts(self) -> Iterator[Sequence[Resource]]:
        """Look at the next pages; a failure ends it and is raised when the pages come."""
        try:
            for page in self._source:
                self._read.append(page)
                yield page.upserts
        except CalmergeError as error:
            self._failure = error

    def pages(self) -> Iterator[Delta]:
        """All of them. Raises what reading them raises."""
        while True:
            while self._read:
                yield self._read.popleft()
            if self._failure is not None:
                raise self._failure
            page = next(self._source, None)
            if page is None:
                return
            yield page

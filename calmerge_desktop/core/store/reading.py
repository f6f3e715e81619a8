"""Resources -> rows, many at a time: in the process beside when there is one and it pays, else here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from calmerge_desktop.core.beside import Beside, NoAnswer
from calmerge_desktop.core.errors import BadData
from calmerge_desktop.core.instances import key_of
from calmerge_desktop.core.model import Book, CalendarId, Href, Resource
from calmerge_desktop.core.store.rows import Materialised, materialise

JOB = "rows"
_WORTH = 100
"""Fewer resources are read here: a question and its answer cost about as much."""
_MANY = 1000
"""Resources read here before the process is started where nobody paints: its start takes as long as reading so many."""
_PIECE = 125
"""Resources a question: the window waits no longer than it takes to unpack the answer, well under a millisecond."""
_SMALL = 40
"""The same where nobody paints and both processes read: what one of them waits at the end of a page is one piece."""
_SERIES = 7
"""Resources that take the time of one series."""

_log = logging.getLogger(__name__)

Read = tuple[int, Resource, Materialised]


class Reading:
    """Turns what providers deliver into what the cache stores. Used by the one thread that writes the cache."""

    def __init__(self, beside: Beside | None = None) -> None:
        self._beside = beside
        self._read_here = 0

    def rows(
        self,
        resources: Sequence[tuple[int, Resource]],
        book: Book,
        book_id: int,
        horizon: int,
        take: Callable[[list[Read]], None],
    ) -> None:
        """Give pieces of `resources` (row id, resource), in order and with their rows, to `take`."""
        pieces = _cut(resources, _PIECE if self._beside is None or self._beside.painting else _SMALL)
        if self._beside is not None and self._worth(self._beside, len(resources)):
            heading = (*book, book_id, horizon)
            questions = [(heading, [(row_id, one.href, one.ics) for row_id, one in piece]) for piece in pieces]
            pieces.reverse()

            def taken(answer: list[tuple[Any, ...]]) -> None:
                made = zip(pieces.pop(), answer, strict=True)
                take([(row_id, one, Materialised.from_plain(rows)) for (row_id, one), rows in made])

            try:
                self._beside.answer(JOB, questions, taken, None if self._beside.painting else answer)
            except NoAnswer as error:
                _log.info("reading here: %s", error)
            pieces.reverse()
        for piece in pieces:
            take([(row_id, one, _read(row_id, one, book, book_id, horizon)) for row_id, one in piece])
            self._read_here += len(piece)

    def _worth(self, beside: Beside, number: int) -> bool:
        return number >= _WORTH and (beside.painting or beside.pid is not None or self._read_here + number > _MANY)


def _cut(resources: Sequence[tuple[int, Resource]], size: int) -> list[list[tuple[int, Resource]]]:
    """Pieces that take about equally long, none larger than `size`."""
    pieces: list[list[tuple[int, Resource]]] = [[]]
    left = size
    for one in resources:
        takes = _SERIES if "\nRRULE" in one[1].ics else 1
        if takes > left and pieces[-1]:
            pieces.append([])
            left = size
        left -= takes
        pieces[-1].append(one)
    return pieces if pieces[0] else []


def answer(question: Any) -> list[tuple[Any, ...]]:
    """The same in the process beside: rows as plain values."""
    (calendar, tzid, address, book_id, horizon), resources = question
    book = Book(CalendarId(calendar), tzid, address)
    return [
        _read(row_id, Resource(href=Href(href), ics=ics), book, book_id, horizon).plain for row_id, href, ics in resources
    ]


def _read(row_id: int, resource: Resource, book: Book, book_id: int, horizon: int) -> Materialised:
    """Rows of a resource; one that cannot be read has none."""
    try:
        return materialise(resource, book, book_id, row_id, horizon)
    except BadData as error:
        key = key_of(book.calendar, resource.href)
        return Materialised([], None, None, "", key, (error.message,), ("", "", "", ""))

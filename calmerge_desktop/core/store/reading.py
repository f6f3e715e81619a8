"""Resources -> rows, many at a time: in the process beside when there is one and it pays, else here."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from operator import is_not
from typing import Any

from calmerge_desktop.core.beside import Beside, NoAnswer, Work
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
_Heading = tuple[Any, ...]
"""What a question says of the calendar: the fields of `Book`, and the horizon."""
_Piece = tuple[_Heading, Sequence[Resource]]


class _Foreseen:
    """Pieces of what is going to be stored, being read in the process beside."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.pieces: deque[_Piece] = deque()

    def expects(self, heading: _Heading) -> bool:
        """Whether anything of this calendar is among them."""
        return any(expected == heading for expected, _piece in self.pieces)

    def next(self, heading: _Heading, resources: Sequence[Resource]) -> int | None:
        """How many of the next pieces are just these `resources`; those are taken off."""
        number = at = 0
        for expected, piece in self.pieces:
            if at == len(resources):
                break
            found = resources[at : at + len(piece)]
            if expected != heading or len(found) < len(piece) or any(map(is_not, found, piece)):
                return None
            number += 1
            at += len(piece)
        if at < len(resources):
            return None
        for _n in range(number):
            self.pieces.popleft()
        return number


class Reading:
    """Turns what providers deliver into what the cache stores. Used by the one thread that writes the cache."""

    def __init__(self, beside: Beside | None = None) -> None:
        self._beside = beside
        self._read_here = 0
        self._foreseen: _Foreseen | None = None

    def foresee(self, pages: Sequence[tuple[Book, Sequence[Resource]]], horizon: int) -> None:
        """These will come next, page after page: have them read from now on. What comes instead is read when it comes."""
        if self._beside is None or not self._worth(self._beside, sum(len(resources) for _book, resources in pages)):
            return
        pieces = [((*book, horizon), piece) for book, page in pages for piece in _cut(page, self._size())]
        questions = [_question(*piece) for piece in pieces]
        try:
            if self._foreseen is None:
                self._foreseen = _Foreseen(self._beside.ask(JOB, questions))
            else:
                self._beside.ask_more(self._foreseen.work, questions)
            self._foreseen.pieces += pieces
        except NoAnswer:
            self._foreseen = None

    def rows(
        self, resources: Sequence[tuple[int, Resource]], book: Book, horizon: int, take: Callable[[list[Read]], None]
    ) -> None:
        """Give pieces of `resources` (row id, resource), in order and with their rows, to `take`."""
        left = deque(resources)

        def taken(answer: list[tuple[Any, ...]]) -> None:
            made = [(*left.popleft(), Materialised._make(rows)) for rows in answer]
            take(made)

        try:
            self._ask([one for _row_id, one in resources], (*book, horizon), taken)
        except NoAnswer as error:
            self._foreseen = None
            _log.info("reading here: %s", error)
        while left:
            some = [left.popleft() for _n in range(min(_PIECE, len(left)))]
            take([(row_id, one, _read(one, book, horizon)) for row_id, one in some])
            self._read_here += len(some)

    def _ask(self, resources: Sequence[Resource], heading: _Heading, taken: Callable[[Any], None]) -> None:
        """Raises `NoAnswer`; what was taken before that is good."""
        beside, foreseen = self._beside, self._foreseen
        if beside is None or not resources:
            return
        meanwhile = None if beside.painting else answer
        if foreseen is not None and foreseen.expects(heading):
            number = foreseen.next(heading, resources)
            if number is not None:
                beside.answers(foreseen.work, number, taken, meanwhile)
                return
        if self._worth(beside, len(resources)):
            if foreseen is not None and foreseen.expects(heading):
                self._foreseen = None  # not what was said; whatever comes of other calendars only comes in between
            questions = [_question(heading, piece) for piece in _cut(resources, self._size())]
            beside.answer(JOB, questions, taken, meanwhile)

    def _size(self) -> int:
        return _PIECE if self._beside is None or self._beside.painting else _SMALL

    def _worth(self, beside: Beside, number: int) -> bool:
        return number >= _WORTH and (beside.painting or beside.pid is not None or self._read_here + number > _MANY)


def _cut(resources: Sequence[Resource], size: int) -> list[list[Resource]]:
    """Pieces that take about equally long, none larger than `size`."""
    pieces: list[list[Resource]] = [[]]
    left = size
    for one in resources:
        takes = _SERIES if "\nRRULE" in one.ics else 1
        if takes > left and pieces[-1]:
            pieces.append([])
            left = size
        left -= takes
        pieces[-1].append(one)
    return pieces if pieces[0] else []


def _question(heading: _Heading, resources: Sequence[Resource]) -> Any:
    return heading, [(one.href, one.ics) for one in resources]


def answer(question: Any) -> list[tuple[Any, ...]]:
    """The same in the process beside: rows as plain values."""
    (calendar, tzid, address, horizon), resources = question
    book = Book(CalendarId(calendar), tzid, address)
    return [tuple(_read(Resource(href=Href(href), ics=ics), book, horizon)) for href, ics in resources]


def _read(resource: Resource, book: Book, horizon: int) -> Materialised:
    """Rows of a resource; one that cannot be read has none."""
    try:
        return materialise(resource, book, horizon)
    except BadData as error:
        key = key_of(book.calendar, resource.href)
        return Materialised([], [], None, "", key, (error.message,), ("", "", "", ""))

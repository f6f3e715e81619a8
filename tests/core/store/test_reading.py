"""Rows made in the process beside are those made here, whatever happens to it."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calmerge_desktop import resources
from calmerge_desktop.app.beside import beside as this_program
from calmerge_desktop.core import texts
from calmerge_desktop.core.beside import Beside, NoAnswer
from calmerge_desktop.core.ics.split import HEAD, TAIL, decode, split
from calmerge_desktop.core.model import Book, CalendarId, Delta, ETag, Href, Resource
from calmerge_desktop.core.store import CACHE_FILE, Store, reading
from calmerge_desktop.core.store.reading import Read, Reading
from tests.core.test_plain import _LINES

BOOK = Book(CalendarId("c-1"), "Europe/Berlin", "me@example.test")
HORIZON = 1_900_000_000
CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture(scope="module")
def process() -> Iterator[Beside]:
    made = this_program()
    made.painting = True
    yield made
    made.close()


def numbered(texts: list[str]) -> list[tuple[int, Resource]]:
    return [(n, Resource(href=Href(f"{n}.ics"), ics=text, etag=ETag("1"))) for n, text in enumerate(texts, 1)]


def read(beside: Beside | None, resources: list[tuple[int, Resource]]) -> list[Read]:
    out: list[Read] = []
    Reading(beside).rows(resources, BOOK, HORIZON, out.extend)
    return out


def whole(found: list[Read]) -> list[tuple[Any, ...]]:
    """Everything that is written, with the types the database gets."""
    return [
        (n, one, *made, [[type(v) for v in row] for row in (*made.single, *(row for row, _at in made.runs))])
        for n, one, made in found
    ]


@pytest.mark.parametrize("language", ["en", "de"])
def test_both_ways_give_the_same_rows_of_every_case(process: Beside, language: str) -> None:
    """Series with overrides and exceptions, customised zones, and what cannot be read with its sentence."""
    texts.choose(language, resources.path("i18n"))
    try:
        found = [one.ics for path in sorted(CASES.glob("*.ics")) for one in split(decode(path.read_bytes())).resources]
        many = numbered([*found, "no calendar", HEAD + TAIL] * 3)
        assert len(many) > 100
        here, there = read(None, many), read(process, many)
    finally:
        texts.choose("en", resources.path("i18n"))
    assert process.pid is not None
    assert whole(there) == whole(here)
    assert any(made.runs for _n, _one, made in here)
    assert any(made.bad for _n, _one, made in here)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.lists(_LINES, max_size=9), min_size=1, max_size=12))
def test_both_ways_give_the_same_rows_of_anything(process: Beside, events: list[list[str]]) -> None:
    """Any mixture of lines, good and bad."""
    ics = [HEAD + "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""]) + TAIL for lines in events]
    many = numbered((ics * 100)[:126])
    assert whole(read(process, many)) == whole(read(None, many))
    assert process.pid is not None


def test_half_a_character_goes_both_ways(process: Beside) -> None:
    """A text that is no Unicode is no reason to stumble."""
    many = numbered(
        [HEAD + "BEGIN:VEVENT\r\nUID:u\r\nDTSTART:20261124T090000Z\r\nSUMMARY:\ud800\r\nEND:VEVENT\r\n" + TAIL] * 100
    )
    assert whole(read(process, many)) == whole(read(None, many))


def lunch(n: int) -> Resource:
    lines = f"UID:u{n}\r\nSUMMARY:Lunch {n}\r\nDTSTART:20261124T110000Z\r\nDTEND:20261124T120000Z"
    return Resource(href=Href(f"{n}.ics"), etag=ETag("1"), ics=f"{HEAD}BEGIN:VEVENT\r\n{lines}\r\nEND:VEVENT\r\n{TAIL}")


class Deadly:
    """A process that is killed after an answer, or whose parent hears nothing more."""

    def __init__(self, process: Beside, after: int, *, kill: bool, painting: bool = True) -> None:
        self.painting = painting
        self.fell = False
        self._process, self._after, self._kill = process, after, kill

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def answer(self, job: str, questions: Any, take: Any, meanwhile: Any = None) -> None:
        taken = 0

        def counted(answer: Any) -> None:
            nonlocal taken
            take(answer)
            taken += 1
            if taken == self._after:
                self.fell = True
                if not self._kill:
                    raise NoAnswer("cut")
                assert self.pid
                os.kill(self.pid, signal.SIGKILL)

        if self._after == 0:
            self.fell = True
            raise NoAnswer("cut")
        self._process.answer(job, questions, counted, meanwhile)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9")
@pytest.mark.parametrize("kill", [True, False])
@pytest.mark.parametrize("after", range(6))
def test_an_import_loses_nothing_when_the_process_dies_at_any_step(
    process: Beside, store: Store, after: int, kill: bool
) -> None:
    """600 resources are five questions: cut off before, between and after them, the rest is read here, once."""
    work = store.calendars()[0].id
    page = Delta(upserts=(*(lunch(n) for n in range(599)), Resource(href=Href("bad.ics"), ics="no calendar")))
    plainly = store.apply(work, page)
    expected = content(store._folder)
    store.cache.drop([work])
    deadly = Deadly(process, after, kill=kill)
    store.cache._reading = Reading(deadly)  # type: ignore[arg-type]  # it kills
    assert store.apply(work, page) == plainly
    assert deadly.fell
    assert content(store._folder) == expected
    again = store.apply(work, page)
    assert (again.added, again.updated) == (0, 0)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9")
@pytest.mark.parametrize("kill", [True, False])
@pytest.mark.parametrize("after", [0, 1, 2, 7, 14])
def test_the_same_while_both_read(store: Store, after: int, kill: bool) -> None:
    """Where nobody paints this process reads as well; some of what it read may be lost with the other one, nothing else."""
    work = store.calendars()[0].id
    series = [
        Resource(href=Href(f"s{n}"), ics=lunch(1000 + n).ics.replace("UID", "RRULE:FREQ=WEEKLY;COUNT=9\r\nUID"))
        for n in range(40)
    ]
    page = Delta(
        upserts=(*series, *(lunch(n) for n in range(560)), Resource(href=Href("bad.ics"), ics="no calendar"), lunch(3))
    )
    plainly = store.apply(work, page)
    expected = content(store._folder)
    assert len(expected["occ"]) == 40 * 9 + 560
    store.cache.drop([work])
    process = this_program()
    deadly = Deadly(process, after, kill=kill, painting=False)
    store.cache._reading = Reading(deadly)  # type: ignore[arg-type]  # it kills
    before = reading._MANY
    reading._MANY = 0
    try:
        assert store.apply(work, page) == plainly
    finally:
        reading._MANY = before
        process.close()
    assert deadly.fell
    assert content(store._folder) == expected


def test_pieces_take_about_equally_long() -> None:
    """A series counts as several; nothing is left out, and none is empty."""
    many = [lunch(n) for n in range(100)]
    series = [replace(one, ics=one.ics.replace("UID", "RRULE:FREQ=DAILY\r\nUID")) for one in many[:20]]
    cut = reading._cut([*series, *many], 40)
    assert [one for piece in cut for one in piece] == [*series, *many]
    assert [len(piece) for piece in cut] == [5, 5, 5, 10, 40, 40, 15]
    assert [len(piece) for piece in reading._cut(series, 3)] == [1] * 20
    assert reading._cut([], 40) == []


@pytest.mark.parametrize("after", range(6))
def test_the_rest_is_read_here_in_the_order_given(process: Beside, after: int) -> None:
    """Of two resources with one UID the first keeps it."""
    many = numbered([lunch(n).ics for n in range(600)])
    assert [n for n, _one, _made in read(Deadly(process, after, kill=False), many)] == list(range(1, 601))  # type: ignore[arg-type]  # it cuts


def content(folder: Path) -> dict[str, list[Any]]:
    """All that was stored."""
    with closing(sqlite3.connect(folder / CACHE_FILE)) as connection:
        tables = ("book", "resource", "raw", "vevent", "starts", "occ", "search", "set_aside", "meta")
        return {table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables}


def test_few_are_read_here_and_no_process_starts() -> None:
    """Its start costs more than reading them, unless a window waits for the interpreter."""
    made = this_program()
    try:
        one = Reading(made)
        some = numbered([lunch(n).ics for n in range(400)])
        for _page in range(2):
            one.rows(some, BOOK, HORIZON, lambda _read: None)
        assert made.pid is None
        one.rows(some, BOOK, HORIZON, lambda _read: None)
        assert made.pid is not None
    finally:
        made.close()


def test_what_is_expected_to_be_much_starts_it_beforehand(tmp_path: Path) -> None:
    """And little does not."""
    made = this_program()
    opened = Store(tmp_path, beside=made)
    try:
        opened.expect(10_000)
        assert made.pid is None
        opened.expect(2_000_000)
        assert made.pid is not None
    finally:
        opened.close()


def test_for_a_window_the_first_hundred_are_read_beside() -> None:
    made = this_program()
    made.painting = True
    try:
        Reading(made).rows(numbered([lunch(n).ics for n in range(99)]), BOOK, HORIZON, lambda _read: None)
        assert made.pid is None
        Reading(made).rows(numbered([lunch(n).ics for n in range(100)]), BOOK, HORIZON, lambda _read: None)
        assert made.pid is not None
    finally:
        made.close()


def test_the_store_closes_its_process(tmp_path: Path) -> None:
    """Nothing is left behind, also when it stands in the middle of its work."""
    made = this_program()
    opened = Store(tmp_path, beside=made)
    opened.keep_free()
    Reading(made).rows(numbered([lunch(n).ics for n in range(200)]), BOOK, HORIZON, lambda _read: None)
    pid = made.pid
    assert pid
    opened.close()
    assert made.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert reading._WORTH <= 200

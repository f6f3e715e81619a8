"""What is read beforehand is what would have been read when it came, whatever comes instead and whatever dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from calmerge_desktop.app.beside import beside as this_program
from calmerge_desktop.core.beside import Beside
from calmerge_desktop.core.model import CalendarId, Delta, Resource
from calmerge_desktop.core.store import Store, reading
from calmerge_desktop.core.store.reading import Reading
from tests.core.store.test_reading import content, lunch

PAGES = [tuple(lunch(n) for n in range(begin, begin + 300)) for begin in (0, 300, 600, 900)]


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[Beside]:
    monkeypatch.setattr(reading, "_MANY", 0)
    made = this_program()
    yield made
    made.close()


@pytest.fixture
def two(store: Store) -> tuple[CalendarId, CalendarId]:
    first, second, *_more = (calendar.id for calendar in store.calendars())
    return first, second


class Watched(Beside):
    """Counts whose answers were taken."""

    def __init__(self, process: Beside) -> None:
        self.__dict__ = process.__dict__
        self.given: list[str] = []
        self.fatal = 0
        """At this answer it is killed."""

    def answer(self, *args: Any) -> None:
        self.given.append("now")
        super().answer(*args)

    def answers(self, work: Any, number: int, take: Any, meanwhile: Any = None) -> None:
        self.given.append("beforehand")

        def fatally(answer: Any) -> None:
            take(answer)
            self.fatal -= 1
            if self.fatal == 0:
                assert self.pid
                os.kill(self.pid, signal.SIGKILL)

        super().answers(work, number, fatally, meanwhile)


def stored(
    store: Store, two: tuple[CalendarId, CalendarId], pages: list[tuple[Resource, ...]] = PAGES
) -> dict[str, list[Any]]:
    """The pages in the two calendars, half of them in each; all that is in the cache then."""
    for n, page in enumerate(pages):
        store.apply(two[n * 2 // len(pages)], Delta(upserts=page, last=False))
    found = content(store._folder)
    store.cache.drop(two)
    return found


@pytest.fixture
def watched(store: Store, process: Beside) -> Watched:
    made = Watched(process)
    store.cache._reading = Reading(made)
    return made


@pytest.fixture
def plainly(store: Store, two: tuple[CalendarId, CalendarId]) -> dict[str, list[Any]]:
    store.cache._reading = Reading(None)
    found = stored(store, two)
    assert len(found["occ"]) == 1200
    return found


@pytest.mark.parametrize("painting", [False, True])
@pytest.mark.usefixtures("process")
def test_pages_are_taken_as_they_were_foreseen(
    store: Store, two: tuple[CalendarId, CalendarId], plainly: dict[str, list[Any]], watched: Watched, painting: bool
) -> None:
    """Also when it is told page by page."""
    watched.painting = painting
    first, second = two
    store.foresee([(first, PAGES[0]), (first, PAGES[1])])
    store.foresee([(second, PAGES[2]), (second, PAGES[3])])
    assert stored(store, two) == plainly
    assert watched.given == ["beforehand"] * 4


@pytest.mark.parametrize(
    "foreseen",
    [
        pytest.param([PAGES[1], PAGES[0]], id="another order"),
        pytest.param([PAGES[0][:299], PAGES[1]], id="less"),
        pytest.param([(*PAGES[0], *PAGES[1]), PAGES[2]], id="in other pages"),
        pytest.param([(), PAGES[0][1:]], id="later ones"),
        pytest.param([[replace(one) for one in PAGES[0]]], id="equal ones"),
    ],
)
def test_what_comes_instead_is_read_when_it_comes(
    store: Store,
    two: tuple[CalendarId, CalendarId],
    plainly: dict[str, list[Any]],
    watched: Watched,
    foreseen: list[tuple[Resource, ...]],
) -> None:
    """Nothing that was read beforehand is taken for something else."""
    store.foresee([(two[0], page) for page in foreseen])
    assert stored(store, two) == plainly
    assert "now" in watched.given


def test_what_was_foreseen_of_another_calendar_is_not_taken(
    store: Store, two: tuple[CalendarId, CalendarId], plainly: dict[str, list[Any]], watched: Watched
) -> None:
    """Its rows have other ids."""
    store.foresee([(two[1], page) for page in PAGES])
    assert stored(store, two) == plainly
    assert watched.given[0] == "now"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9")
@pytest.mark.parametrize("painting", [False, True])
@pytest.mark.parametrize("fatal", [1, 2, 3, 4, 6, 8])
def test_it_dies_between(
    store: Store,
    two: tuple[CalendarId, CalendarId],
    plainly: dict[str, list[Any]],
    watched: Watched,
    fatal: int,
    painting: bool,
) -> None:
    """The rest of the page is read here, and what was foreseen beyond it when it comes."""
    watched.painting = painting
    watched.fatal = fatal
    store.foresee([(two[n // 2], page) for n, page in enumerate(PAGES)])
    assert stored(store, two) == plainly
    assert watched.fatal <= 0


@pytest.mark.parametrize("painting", [False, True])
def test_what_comes_in_between_leaves_it(
    store: Store, two: tuple[CalendarId, CalendarId], watched: Watched, painting: bool
) -> None:
    """Another account is visited at the same time, and an edit of the person arrives."""
    first, second = two
    watched.painting = painting
    came = [(first, PAGES[0]), (second, PAGES[2]), (first, (lunch(2000),)), (first, PAGES[1]), (second, PAGES[3])]

    def stored_so() -> dict[str, list[Any]]:
        for calendar, page in came:
            store.apply(calendar, Delta(upserts=page, last=False))
        found = content(store._folder)
        store.cache.drop(two)
        return found

    store.cache._reading = Reading(None)
    plainly = stored_so()
    store.cache._reading = Reading(watched)
    store.foresee([(first, PAGES[0]), (first, PAGES[1])])
    assert stored_so() == plainly
    assert watched.given == ["beforehand", "now", "beforehand", "now"]


def test_something_else_was_asked_meanwhile(
    store: Store, two: tuple[CalendarId, CalendarId], plainly: dict[str, list[Any]], watched: Watched
) -> None:
    """What was foreseen is forgotten, not mixed up."""
    store.foresee([(two[0], PAGES[0]), (two[0], PAGES[1])])
    watched.ask(reading.JOB, [])
    assert stored(store, two) == plainly
    assert watched.given[:2] == ["beforehand", "now"]


def test_a_calendar_that_is_gone_is_not_foreseen(store: Store, watched: Watched) -> None:
    """Nobody will ask for it."""
    store.foresee([(CalendarId("gone"), PAGES[0])])
    assert watched.pid is None

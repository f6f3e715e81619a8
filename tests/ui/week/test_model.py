"""What is asked of the desk, and what of the answers is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.errors import CalmergeError, Offline
from calmerge_desktop.core.model import Calendar, CalendarId, Changed, Instance
from calmerge_desktop.core.week import span_of
from calmerge_desktop.ui.week.model import WeekModel

from .conftest import BERLIN, MONDAY, FakeView

pytestmark = pytest.mark.gui
Lena = tuple[list[Instance], list[Calendar]]
NEXT = MONDAY + timedelta(days=7)
TERMINE, HIDDEN = CalendarId("c-termine"), CalendarId("c-geburtstage")


class Later:
    """A query thread that answers when it is told to."""

    def __init__(self) -> None:
        self.open: list[tuple[Callable[[], Any], Callable[[Any], None], Callable[[CalmergeError], None]]] = []

    def __call__(self, fn: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[CalmergeError], None]) -> None:
        self.open.append((fn, then, failed))

    def answer(self, n: int = 0) -> None:
        fn, then, failed = self.open.pop(n)
        try:
            answer = fn()
        except CalmergeError as error:
            failed(error)
        else:
            then(answer)

    def all(self) -> None:
        while self.open:
            self.answer()


@pytest.fixture
def later() -> Later:
    return Later()


@pytest.fixture
def source(lena: Lena) -> FakeView:
    return FakeView(lena[0])


@pytest.fixture
def model(qapp: QApplication, later: Later, source: FakeView, lena: Lena) -> WeekModel:
    made = WeekModel(later, source, BERLIN)
    made.set_calendars(lena[1])
    return made


def has_week(model: WeekModel) -> bool:
    return model.week is not None


def test_the_first_answer_is_shown(model: WeekModel, later: Later, source: FakeView, qtbot: QtBot) -> None:
    """Asked for exactly the instants of the week."""
    model.show(MONDAY, 7)
    assert not has_week(model)
    with qtbot.waitSignal(model.updated):
        later.answer()
    assert model.week is not None
    assert model.week.first == MONDAY
    assert source.asked == [span_of(MONDAY, 7, BERLIN)]


def test_neighbours_are_read_before_they_are_wanted(model: WeekModel, later: Later) -> None:
    """Paging one week on shows it at once and asks for the one after it, once the first week is on screen."""
    model.look_beside()
    model.show(MONDAY, 7)
    later.all()
    model.move(7)
    assert model.week is not None
    assert model.week.first == NEXT
    assert len(later.open) == 1


def test_neighbours_wait_for_the_first_frame(model: WeekModel, later: Later) -> None:
    """Until it is told that the window is painted, the model reads only what is shown."""
    model.show(MONDAY, 7)
    later.answer()
    assert later.open == []
    model.look_beside()
    assert len(later.open) == 2


def test_the_last_week_stays_while_the_next_is_read(model: WeekModel, later: Later) -> None:
    """Never an empty grid in between."""
    model.show(MONDAY, 7)
    later.all()
    model.show(date(2027, 3, 1), 7)
    assert model.week is not None
    assert model.week.first == MONDAY
    assert model.first == date(2027, 3, 1)
    later.answer()
    assert model.week.first == date(2027, 3, 1)


def test_a_late_answer_does_not_turn_back(model: WeekModel, later: Later) -> None:
    """Two weeks asked for, answered the other way round: the one wanted last is shown."""
    model.show(date(2027, 1, 4), 7)
    model.show(date(2027, 3, 1), 7)
    later.answer(1)
    later.answer(0)
    assert model.week is not None
    assert model.week.first == date(2027, 3, 1)


def test_an_answer_from_before_a_change_is_dropped(model: WeekModel, later: Later, source: FakeView) -> None:
    """It was read from a state that is gone."""
    model.show(MONDAY, 7)
    fn, then, _failed = later.open.pop()
    old = fn()
    source.held = []
    model.reload()
    then(old)
    assert not has_week(model)
    later.answer()
    assert model.week is not None
    assert model.week.empty


def test_news_are_gathered(model: WeekModel, later: Later, qtbot: QtBot) -> None:
    """Twenty changes within a moment are one question."""
    model.show(MONDAY, 7)
    later.all()
    for _n in range(20):
        model.on_changed(Changed(calendars=frozenset({TERMINE})))
    assert not later.open
    qtbot.waitUntil(lambda: len(later.open) > 0)
    assert len(later.open) == 1


def test_news_of_hidden_calendars_do_not_matter(model: WeekModel, later: Later, qtbot: QtBot) -> None:
    """But those that change accounts do."""
    model.show(MONDAY, 7)
    later.all()
    model.on_changed(Changed(calendars=frozenset({HIDDEN})))
    assert not model._soon.isActive()
    model.on_changed(Changed(calendars=frozenset({HIDDEN}), accounts=True))
    assert model._soon.isActive()


def test_hiding_a_calendar_reads_again(model: WeekModel, later: Later, lena: Lena) -> None:
    """Another name or colour only paints again."""
    from dataclasses import replace

    model.show(MONDAY, 7)
    later.all()
    renamed = [replace(lena[1][0], color="#1F9254"), *lena[1][1:]]
    model.set_calendars(renamed)
    assert not later.open
    model.set_calendars([replace(renamed[0], visible=False), *renamed[1:]])
    assert len(later.open) == 1


def test_a_failure_is_told_and_the_week_stays(model: WeekModel, later: Later, qtbot: QtBot) -> None:
    """And the same week can be asked for again."""
    model.show(MONDAY, 7)
    later.all()
    model.reload()
    _fn, _then, failed = later.open.pop()
    with qtbot.waitSignal(model.failed):
        failed(Offline("Offline."))
    assert model.week is not None
    model.show(MONDAY, 7)
    assert len(later.open) == 1


def test_another_zone_is_another_week(model: WeekModel, later: Later) -> None:
    """The same days on another clock."""
    model.show(MONDAY, 7)
    later.all()
    model.set_zone("America/New_York")
    later.answer()
    assert model.week is not None
    assert model.week.tzid == "America/New_York"


def test_the_same_week_again_is_no_news(model: WeekModel, later: Later, qtbot: QtBot) -> None:
    """A calendar that changed on other days repaints nothing."""
    model.show(MONDAY, 7)
    later.all()
    with qtbot.assertNotEmitted(model.updated):
        model.reload()
        later.all()

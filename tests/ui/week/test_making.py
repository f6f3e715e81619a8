"""A full week is made a little at a time while the one before stays; an ordinary one is there at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.model import Calendar, Changed, Instance
from calmerge_desktop.core.week import lay_out
from calmerge_desktop.ui.week import text
from calmerge_desktop.ui.week.making import Making
from calmerge_desktop.ui.week.model import WeekModel
from calmerge_desktop.ui.week.parts import in_steps, parts
from calmerge_desktop.ui.week.rehearsal import rehearse
from calmerge_desktop.ui.week.scene import Scene
from calmerge_desktop.ui.week.view import WeekView

from .conftest import BERLIN, MONDAY, FakeView

pytestmark = pytest.mark.gui
Lena = tuple[list[Instance], list[Calendar]]
SOON = 60_000


def many(count: int, pattern: Instance, first: date = MONDAY) -> list[Instance]:
    """Events side by side on seven days, of all lengths."""
    start = int(datetime(first.year, first.month, first.day, 7, tzinfo=ZoneInfo(BERLIN)).timestamp())
    out = []
    for n in range(count):
        begin = start + n % 7 * 86_400 + n // 7 % 40 * 900
        out.append(pattern._replace(id=f"m-{n}", start=begin, end=begin + 900 * (1 + n % 9), summary=f"Meeting {n}"))
    return out


@pytest.fixture
def pattern(lena: Lena) -> Instance:
    return next(one for one in lena[0] if not one.all_day)


def source_of(view: WeekView) -> FakeView:
    made = view._model._view
    assert isinstance(made, FakeView)
    return made


def news(view: WeekView, held: list[Instance]) -> None:
    source_of(view).held = held
    view._model.reload()


def shown(view: WeekView) -> int:
    assert view.scene is not None
    return len(view.scene.week.blocks)


def test_steps_make_what_is_made_in_one_go(view: WeekView, pattern: Instance) -> None:
    assert view.scene is not None
    week = lay_out(many(600, pattern), MONDAY, 7, BERLIN)
    steps = in_steps(week, view.scene.geometry, view.scene.look, ())
    count = 0
    while True:
        try:
            next(steps)
            count += 1
        except StopIteration as done:
            made = done.value
            break
    assert count > 20
    assert made == parts(week, view.scene.geometry, view.scene.look)


def test_a_change_of_an_ordinary_week_is_there_at_once(view: WeekView, lena: Lena, pattern: Instance) -> None:
    before = shown(view)
    news(view, [*lena[0], *many(1, pattern)])
    assert shown(view) == before + 1


def test_a_full_week_leaves_turns_to_others_and_the_old_one_on_screen(
    view: WeekView, qtbot: QtBot, pattern: Instance
) -> None:
    before = shown(view)
    turns = []
    beat = QTimer(view)
    beat.timeout.connect(lambda: turns.append(shown(view)))
    beat.start(0)
    news(view, many(900, pattern))
    assert shown(view) == before
    qtbot.waitUntil(lambda: shown(view) != before, timeout=SOON)
    beat.stop()
    assert turns.count(before) > 10
    assert view.scene is not None
    assert {block.instance.id for block in view.scene.week.blocks} == {f"m-{n}" for n in range(900)}
    assert "days" in view.scene.__dict__


def test_another_week_does_not_wait_for_one_that_is_being_made(
    view: WeekView, qtbot: QtBot, lena: Lena, pattern: Instance
) -> None:
    """A person who turns the page sees it."""
    news(view, many(900, pattern))
    source_of(view).held = lena[0]
    view._model.show(MONDAY + timedelta(days=7), 7)
    qtbot.waitUntil(lambda: view.scene is not None and view.scene.week.first == MONDAY + timedelta(days=7), timeout=SOON)
    spare: list[bool] = []
    QTimer.singleShot(50, lambda: spare.append(True))
    qtbot.waitUntil(lambda: bool(spare), timeout=SOON)
    assert view.scene is not None
    assert view.scene.week.first == MONDAY + timedelta(days=7)


def test_news_without_end_do_not_keep_a_full_week_off_the_screen(view: WeekView, qtbot: QtBot, pattern: Instance) -> None:
    """Each is made to its end, and what came last is shown at last."""
    sizes = iter(range(500, 5_000))
    seen = set()

    def again() -> None:
        seen.add(shown(view))
        news(view, many(next(sizes), pattern))

    timer = QTimer(view)
    timer.timeout.connect(again)
    timer.start(0)
    qtbot.waitUntil(lambda: len([n for n in seen if n >= 500]) >= 2, timeout=SOON)
    timer.stop()
    last = next(sizes) - 1
    qtbot.waitUntil(lambda: shown(view) == last, timeout=SOON)


def test_a_new_size_is_never_shown_with_the_old_measures(view: WeekView, qtbot: QtBot, pattern: Instance) -> None:
    """While a scene is being made the window may become smaller."""
    news(view, many(900, pattern))
    view.resize(800, 600)
    assert view.scene is not None
    assert view.scene.geometry.width < 800
    assert shown(view) == 900
    spare: list[bool] = []
    QTimer.singleShot(50, lambda: spare.append(True))
    qtbot.waitUntil(lambda: bool(spare), timeout=SOON)
    assert view.scene.geometry.width < 800


def test_the_neighbours_wait_until_the_news_are_over(model: WeekModel, qtbot: QtBot) -> None:
    """While calendars are read a week is asked again and again, and its neighbours once."""
    model._calm.setInterval(200)
    model.look_beside()
    source = model._view
    assert isinstance(source, FakeView)
    source.asked.clear()
    for _n in range(5):
        model.on_changed(Changed(calendars=frozenset()))
        model.reload()
    assert len(source.asked) == 5
    qtbot.waitUntil(lambda: len(source.asked) == 7, timeout=SOON)


def test_an_empty_week_is_rehearsed_and_shows_nothing_of_it(view: WeekView) -> None:
    """Fonts and records of the first event are there; a week that has events needs none of it."""
    assert view.scene is not None
    text._fitted.cache_clear()
    rehearse(view.scene)
    assert text._fitted.cache_info().currsize == 0
    news(view, [])
    empty = view.scene
    rehearse(empty)
    assert text._fitted.cache_info().currsize > 0
    assert view.scene is empty
    assert shown(view) == 0
    rehearse(None)


def test_what_is_late_is_asked_for_once(qtbot: QtBot, view: WeekView, pattern: Instance) -> None:
    assert view.scene is not None
    before = view.scene
    owner = QObject()
    done: list[Scene] = []
    again: list[bool] = []
    making = Making(done.append, lambda: again.append(True), owner)
    full = Scene.of(lay_out(many(900, pattern), MONDAY, 7, BERLIN), before.geometry, before.look, (), before)
    for _n in range(3):
        making.make(full, before)
    assert (done, again) == ([], [])
    qtbot.waitUntil(lambda: bool(done), timeout=SOON)
    assert (done, again) == ([full], [True])


def test_a_full_week_is_painted_before_it_is_shown(view: WeekView, qtbot: QtBot, pattern: Instance) -> None:
    """As long as it is not ready the old pixels stay; what appears is what would be painted in one go."""
    news(view, many(300, pattern))
    qtbot.waitUntil(lambda: shown(view) == 300, timeout=SOON)
    layers = view._head._layer, view._sheet._layer
    seen: list[bool] = []
    beat = QTimer(view)
    beat.timeout.connect(lambda: seen.append(shown(view) == 300 and view._sheet._layer is layers[1]))
    beat.start(0)
    news(view, many(600, pattern))
    qtbot.waitUntil(lambda: shown(view) == 600, timeout=SOON)
    beat.stop()
    assert seen.count(True) > 20
    sheet = view._sheet._layer
    assert sheet is not layers[1]
    assert sheet is not None
    assert not sheet.touched(view._sheet.visibleRegion().boundingRect())
    before = view._sheet.grab().toImage()
    view._sheet.drop_layer()
    assert view._sheet.grab().toImage() == before


def test_a_week_that_is_given_up_while_it_is_painted_leaves_no_trace(
    view: WeekView, qtbot: QtBot, lena: Lena, pattern: Instance
) -> None:
    making = view._making
    beat = QTimer(view)  # in every turn: to look now and then could miss the few in which it is painted

    def give_up() -> None:
        if making._scene is not None and "days" in making._scene.__dict__:
            beat.stop()
            view.resize(900, 700)
            news(view, lena[0])

    beat.timeout.connect(give_up)
    beat.start(0)
    news(view, many(600, pattern))
    qtbot.waitUntil(lambda: shown(view) == 28 and making._scene is None and not beat.isActive(), timeout=SOON)
    before = view._sheet.grab().toImage()
    view._sheet.drop_layer()
    assert view._sheet.grab().toImage() == before


def test_what_a_full_week_leaves_behind_is_freed_a_little_at_a_time(
    view: WeekView, qtbot: QtBot, lena: Lena, pattern: Instance
) -> None:
    """Thousands of rectangles freed at once hold up a key press longer than painting them does."""
    news(view, many(900, pattern))
    qtbot.waitUntil(lambda: shown(view) == 900, timeout=SOON)
    assert view.scene is not None
    assert not view.scene.kept
    left: list[int] = []
    beat = QTimer(view)  # in every turn: to look now and then could find nothing left
    beat.timeout.connect(lambda: left.append(view._gone.count))
    beat.start(0)
    news(view, lena[0])
    qtbot.waitUntil(lambda: shown(view) == 28 and view._gone.count == 0, timeout=SOON)
    beat.stop()
    assert max(left) > 900
    assert len(set(left)) > 3

"""The accounts of the sidebar while they change: many rows are made a little at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.model import AccountView, CalendarId, SourceState
from calmerge_desktop.ui.frame.accounts import AccountsList
from calmerge_desktop.ui.main_window import MainWindow
from tests.ui.frame.conftest import calm

pytestmark = pytest.mark.gui
SOON = 60_000


def many(window: MainWindow, count: int, name: str = "Calendar") -> tuple[AccountView, ...]:
    """The first account with `count` calendars, and the others as they are."""
    first, *others = window.session.accounts
    pattern = first.calendars[0]
    calendars = tuple(
        replace(pattern, calendar=replace(pattern.calendar, id=CalendarId(f"c-{n}"), name=f"{name} {n}"))
        for n in range(count)
    )
    return (replace(first, calendars=calendars), *others)


def tell(window: MainWindow, accounts: tuple[AccountView, ...]) -> AccountsList:
    window.session.accounts = accounts
    window.session.accounts_changed.emit()
    return window.sidebar.accounts


def test_other_things_have_their_turn_between_the_rows(window: MainWindow, qtbot: QtBot) -> None:
    """The rows of before stay until all are made."""
    before = dict(window.sidebar.accounts.rows)
    shown = tell(window, many(window, 40))
    turns = []
    beat = QTimer(window)
    beat.timeout.connect(lambda: turns.append(len(shown.rows)))
    beat.start(0)
    assert shown.rows == before
    qtbot.waitUntil(lambda: "c-39" in shown.rows, timeout=SOON)
    beat.stop()
    assert turns.count(len(before)) >= 20
    assert [row.name.text() for row in shown.rows.values()][:40] == [f"Calendar {n}" for n in range(40)]
    assert all(row.isVisible() for row in shown.rows.values())
    calm(qtbot, window)


def test_rows_that_were_made_are_painted_a_few_at_a_time_and_all_of_them(window: MainWindow, qtbot: QtBot) -> None:
    shown = tell(window, many(window, 20))
    qtbot.waitUntil(lambda: "c-19" in shown.rows, timeout=SOON)
    assert not all(row.updatesEnabled() for row in shown.rows.values())
    calm(qtbot, window)
    qtbot.waitUntil(lambda: all(row.updatesEnabled() for row in shown.rows.values()), timeout=SOON)
    assert all(head.updatesEnabled() for head in shown.heads.values())


def test_news_between_are_shown_after_and_do_not_begin_anew(window: MainWindow, qtbot: QtBot) -> None:
    """An account that is read for minutes tells something every second."""
    shown = tell(window, many(window, 40))
    seen: list[str] = []
    real = shown.setWidget

    def noted(widget: QWidget) -> None:
        seen.append("shown")
        real(widget)

    shown.setWidget = noted  # type: ignore[method-assign]
    for n in range(3):
        tell(window, many(window, 30, f"Name {n}"))
    views = many(window, 30, "Last")
    broken = replace(views[0], status=replace(views[0].status, state=SourceState.BROKEN, reason="Gone"))
    tell(window, (broken, *views[1:]))
    qtbot.waitUntil(lambda: "c-0" in shown.rows and shown.rows["c-0"].name.text() == "Last 0", timeout=SOON)
    assert seen == ["shown", "shown"]
    assert set(shown.heads) == {view.account.id for view in views}
    assert shown.heads[views[0].account.id].health.text().startswith("Broken")
    calm(qtbot, window)


def test_the_focus_stays_on_a_row_that_is_made_anew(window: MainWindow, qtbot: QtBot) -> None:
    """Also when it came there while the rows were being made."""
    shown = tell(window, many(window, 40))
    qtbot.waitUntil(lambda: "c-39" in shown.rows, timeout=SOON)
    tell(window, many(window, 41))
    shown.rows["c-3"].pill.setFocus()
    qtbot.waitUntil(lambda: "c-40" in shown.rows, timeout=SOON)
    assert shown.rows["c-3"].pill.hasFocus()
    calm(qtbot, window)


def test_a_window_that_opens_has_its_accounts_at_once(window: MainWindow) -> None:
    """The first frame waits for no turn."""
    window.session.accounts = many(window, 40)
    shown = AccountsList(window.session, window.speaker)
    assert len(shown.rows) >= 40

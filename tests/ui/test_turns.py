"""What is done a little at a time takes turns: one little in a turn of the event loop, whoever else waits."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from calmerge_desktop.ui.turns import Turn

pytestmark = pytest.mark.gui


def test_of_several_one_works_in_a_turn_of_the_event_loop(qtbot: QtBot) -> None:
    """A key press waits for one of them, not for the sum."""
    owner, done, between = QObject(), [], []
    turns = [Turn(lambda n=n: done.append(n), owner) for n in range(3)]  # type: ignore[misc]
    beat = QTimer(owner)
    beat.timeout.connect(lambda: between.append(len(done)))
    beat.start(0)
    for turn in turns:
        turn.start()
    qtbot.waitUntil(lambda: len(done) >= 12)
    for turn in turns:
        turn.stop()
    assert done[:12] == [0, 1, 2] * 4
    assert max(after - before for before, after in pairwise(between)) <= 1


def test_who_stopped_or_is_gone_is_passed_over(qtbot: QtBot) -> None:
    owner, other, done = QObject(), QObject(), []

    def once() -> None:
        done.append("once")
        first.stop()

    first = Turn(once, owner)
    gone = Turn(lambda: done.append("gone"), other)
    last = Turn(lambda: done.append("last"), owner)
    for turn in (first, gone, last):
        turn.start()
    other.deleteLater()
    qtbot.waitUntil(lambda: done.count("last") >= 3)
    last.stop()
    seen = done.count("gone")
    assert seen <= 1
    assert done.count("once") == 1
    first.start()
    qtbot.waitUntil(lambda: done.count("once") == 2)
    assert done.count("gone") == seen

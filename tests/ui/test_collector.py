"""Garbage with Qt objects in it is collected on the GUI thread and on no other."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from calmerge_desktop.ui.collector import Collector

pytestmark = pytest.mark.gui


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    owner = QObject()
    yield Collector(owner, settling=0)
    gc.unfreeze()


class _Cycle:
    """Tells on which thread it is thrown away."""

    def __init__(self, told: list[int]) -> None:
        self.told = told
        self.widget = QWidget()
        self.me = self

    def __del__(self) -> None:
        self.told.append(threading.get_ident())


def test_a_busy_thread_throws_nothing_away_and_the_window_does(collector: Collector, qtbot: QtBot) -> None:
    told: list[int] = []
    for _n in range(5):
        _Cycle(told)
    busy = threading.Thread(target=lambda: [[n] for n in range(200_000)])
    kept: list[list[int]] = []
    other = threading.Thread(target=lambda: kept.extend([n] for n in range(60_000)))
    for thread in (busy, other):
        thread.start()
        thread.join()
    assert told == []
    qtbot.waitUntil(lambda: len(told) == 5, timeout=4000)
    assert set(told) == {threading.get_ident()}


def test_automatic_collection_is_off_as_long_as_a_window_is_open(collector: Collector) -> None:
    assert not gc.isenabled()


def test_what_loads_at_the_beginning_is_never_looked_at_again(qtbot: QtBot) -> None:
    """A look at the libraries of the background would hold up the first key press."""
    owner = QObject()
    collector = Collector(owner, settling=1)
    try:
        loaded = [[n] for n in range(5_000)]
        collector.look()
        assert gc.get_freeze_count() > len(loaded)
        assert gc.get_count()[0] < 100  # what asserting itself makes
        later = [[n] for n in range(5_000)]
        before = gc.get_freeze_count()
        collector.look()
        assert gc.get_freeze_count() <= before
        assert len(later) == 5_000
    finally:
        gc.unfreeze()


def test_a_busy_time_is_looked_at_often_and_a_quiet_one_is_not(collector: Collector, qtbot: QtBot) -> None:
    """So that each look is short, and an idle window does not wake the machine."""
    made = [[n] for n in range(5_000)]
    collector.look()
    busy = collector.interval
    collector.look()
    assert (len(made), busy, collector.interval) == (5_000, 10, 500)

"""Questions go off the GUI thread, answers come back on it, and only to who still lives."""

from __future__ import annotations

import logging
import threading

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.errors import BadInput, CalmergeError
from calmerge_desktop.ui.workers import QueryRunner

pytestmark = pytest.mark.gui


class Asker(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def hear(self, answer: object) -> None:
        self.heard.append((answer, QThread.currentThread() is self.thread()))


def test_the_answer_arrives_on_the_gui_thread(qtbot: QtBot) -> None:
    """The work does not."""
    runner, asker = QueryRunner(), Asker()
    runner.ask(lambda: threading.current_thread().name, asker.hear)
    qtbot.waitUntil(lambda: bool(asker.heard))
    assert asker.heard == [("calmerge-query-0", True)]
    runner.close()


def test_a_dead_asker_hears_nothing(qtbot: QtBot) -> None:
    """Deleted while the question was on its way."""
    runner, asker, release = QueryRunner(), Asker(), threading.Event()
    heard = asker.heard
    runner.ask(lambda: release.wait(5), asker.hear)
    asker.deleteLater()
    qtbot.waitUntil(lambda: not _alive(asker))
    release.set()
    qtbot.waitUntil(lambda: not runner.busy)
    assert heard == []
    runner.close()


def test_slow_work_does_not_stand_in_the_way(qtbot: QtBot) -> None:
    """A query answers while an account is being added."""
    runner, asker, release = QueryRunner(), Asker(), threading.Event()
    runner.ask(lambda: release.wait(5), asker.hear, slow=True)
    runner.ask(lambda: "quick", asker.hear)
    qtbot.waitUntil(lambda: bool(asker.heard))
    assert asker.heard[0] == ("quick", True)
    release.set()
    qtbot.waitUntil(lambda: not runner.busy)
    runner.close()


def test_an_expected_error_goes_to_who_asked(qtbot: QtBot) -> None:
    """As the error it is."""
    runner, asker = QueryRunner(), Asker()
    got: list[CalmergeError] = []

    def work() -> None:
        raise BadInput("No.")

    runner.ask(work, asker.hear, got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert got[0].message == "No."
    assert asker.heard == []
    runner.close()


def test_a_bug_is_told_and_logged_without_its_values(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    """The log names type and place, never what was private in it."""
    runner, asker = QueryRunner(), Asker()

    def work() -> None:
        raise KeyError("Zahnarzt Dr. Brandt")

    with caplog.at_level(logging.ERROR), qtbot.waitSignal(runner.broke):
        runner.ask(work, asker.hear)
    assert "KeyError" in caplog.text
    assert "test_workers" in caplog.text
    assert "Brandt" not in caplog.records[0].getMessage().replace('raise KeyError("Zahnarzt Dr. Brandt")', "")
    runner.close()


def _alive(thing: QObject) -> bool:
    import shiboken6

    return shiboken6.isValid(thing)

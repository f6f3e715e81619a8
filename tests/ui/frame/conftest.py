"""The whole window on Lena's sample, at 11:20 on Tuesday 24 November 2026."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop import resources
from calmerge_desktop.core import texts
from calmerge_desktop.core.ports import Listener
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.ui import start
from calmerge_desktop.ui.main_window import MainWindow
from tests.ui import sample
from tests.ui.desk import MemoryDesk

SETTINGS = Settings(theme="light", language="en", zone="Europe/Berlin", second_zone="America/New_York")


@dataclass
class Loop:
    """A synchronisation that notes what it was told; `run` waits for its stop."""

    told: list[str] = field(default_factory=list)
    listener: Listener | None = None
    running: threading.Event = field(default_factory=threading.Event)

    def run(self, stop: threading.Event, listener: Listener) -> None:
        self.listener = listener
        self.running.set()
        stop.wait(30)

    def wake(self, accounts: object = None, *, full: bool = False) -> None:
        self.told.append("wake" if accounts is None else f"wake {','.join(accounts)}")  # type: ignore[arg-type]

    def push(self) -> None:
        self.told.append("push")

    def cancel(self) -> None:
        self.told.append("cancel")


Open = Callable[..., MainWindow]


@pytest.fixture
def loop() -> Loop:
    return Loop()


@pytest.fixture
def saved() -> list[Settings]:
    return []


@pytest.fixture
def open_window(qapp: QApplication, qtbot: QtBot, loop: Loop, saved: list[Settings]) -> Iterator[Open]:
    """`open_window(desk)` shows the window and waits for its first data."""
    made: list[MainWindow] = []
    texts.choose("en", resources.path("i18n"))

    def open_(desk: MemoryDesk | None = None, size: tuple[int, int] = (1440, 900), **more: object) -> MainWindow:
        start.application("light")
        window = start.make_window(
            desk or sample.desk(),
            loop,
            SETTINGS,
            saved.append,
            clock=lambda: sample.NOW,
            today=sample.TODAY,
            **more,  # type: ignore[arg-type]
        )
        made.append(window)
        window.resize(*size)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.is_ready and not window.session.runner.busy)
        return window

    yield open_
    for window in made:
        start.close_window(window)
    qapp.processEvents()


@pytest.fixture
def window(open_window: Open) -> MainWindow:
    """The window on the full sample."""
    return open_window()


def calm(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing is asked any more."""
    qtbot.waitUntil(lambda: not window.session.runner.busy)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not window.session.runner.busy)


def desk_of(window: MainWindow) -> MemoryDesk:
    """The fake behind a window."""
    desk = window.session.desk
    assert isinstance(desk, MemoryDesk)
    return desk

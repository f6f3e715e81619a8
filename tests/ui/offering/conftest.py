"""The window on a real, temporary profile: the sample's, at 11:20 on Tuesday 24 November 2026."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop import resources
from calmerge_desktop.app.sample import Sample
from calmerge_desktop.core import texts
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.ui import start
from calmerge_desktop.ui.main_window import MainWindow
from tests.ui import sample as lena

Real = Callable[..., MainWindow]


@pytest.fixture
def real(qapp: QApplication, qtbot: QtBot) -> Iterator[Real]:
    """`real(language, theme)` opens the window."""
    made: list[tuple[MainWindow, Sample]] = []

    def open_(language: str = "en", theme: str = "light") -> MainWindow:
        texts.choose(language, resources.path("i18n"))
        settings = Settings(theme=theme, language=language, zone="Europe/Berlin", second_zone="America/New_York")
        play = Sample(lena.TODAY)
        start.application(theme)
        window = start.make_window(
            play.profile.desk, start.Quiet(), settings, lambda _s: None, clock=lambda: play.now, today=lena.TODAY
        )
        made.append((window, play))
        window.resize(1440, 900)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.is_ready and not window.session.runner.busy)
        return window

    yield open_
    for window, play in made:
        start.close_window(window)
        play.close()
    texts.choose("en", resources.path("i18n"))
    qapp.processEvents()

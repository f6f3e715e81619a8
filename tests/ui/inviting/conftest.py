"""The window on a real, empty profile with one calendar of alice@example.test on this computer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop import resources
from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core import texts
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.ui import start
from calmerge_desktop.ui.main_window import MainWindow

NOW = int(datetime(2026, 11, 24, 10, 20, tzinfo=UTC).timestamp())
Alice = Callable[..., MainWindow]


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Profile]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    opened = Profile.open(str(tmp_path / "home"), clock=lambda: NOW)
    opened.settings = replace(opened.settings, zone="Europe/Berlin")  # whatever this machine's is
    fields = {"name": "Alice", "path": str(tmp_path / "own"), "address": "alice@example.test"}
    opened.desk.accounts.add("local", fields)
    yield opened
    opened.close()


@pytest.fixture
def alice(qapp: QApplication, qtbot: QtBot, profile: Profile) -> Iterator[Alice]:
    """`alice(language, theme)` opens the window."""
    made: list[MainWindow] = []

    def open_(language: str = "en", theme: str = "light") -> MainWindow:
        texts.choose(language, resources.path("i18n"))
        settings = Settings(theme=theme, language=language, zone="Europe/Berlin")
        start.application(theme)
        window = start.make_window(
            profile.desk, start.Quiet(), settings, lambda _s: None, clock=lambda: NOW, today=date(2026, 11, 24)
        )
        made.append(window)
        window.resize(1280, 860)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.is_ready and not window.session.runner.busy)
        return window

    yield open_
    for window in made:
        start.close_window(window)
    texts.choose("en", resources.path("i18n"))
    qapp.processEvents()

"""The window on a real profile, with Google and Microsoft as real servers and a browser of a few lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop import resources
from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core import texts
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.ui import start
from calmerge_desktop.ui.linking.dialog import LinkSheet
from calmerge_desktop.ui.main_window import MainWindow
from tests.servers.google import FakeGoogle, GoogleServer
from tests.servers.microsoft import BROWSE, FakeMicrosoft, MicrosoftServer
from tests.ui.frame.conftest import Loop

GET = "import sys, urllib.request\nurllib.request.urlopen(sys.argv[1]).read()\n"
FORM = "import sys\nURL = sys.argv[1]\n" + BROWSE


@pytest.fixture(scope="session")
def google_server() -> Iterator[GoogleServer]:
    made = GoogleServer()
    yield made
    made.close()


@pytest.fixture(scope="session")
def microsoft_server() -> Iterator[MicrosoftServer]:
    made = MicrosoftServer()
    yield made
    made.close()


class Browser:
    """What `BROWSER` names; `does(code)` gives it another behaviour."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._file = folder / "browser.py"
        self._log = folder / "opened"
        monkeypatch.setenv("BROWSER", f"{sys.executable} {self._file} %s")

    def does(self, code: str) -> None:
        note = f"import sys\nopen({str(self._log)!r}, 'a').write(sys.argv[1] + '\\n')\n"
        self._file.write_text(note + code)

    def opened(self) -> list[str]:
        return self._log.read_text().splitlines() if self._log.exists() else []


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return Browser(tmp_path, monkeypatch)


@pytest.fixture
def google(google_server: GoogleServer, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGoogle]:
    monkeypatch.setenv("CALMERGE_GOOGLE_ENDPOINT", google_server.url)
    browser.does(GET)
    state = google_server.fresh()
    yield state
    assert state.complaints == []


@pytest.fixture
def client_file(google_server: GoogleServer, tmp_path: Path) -> Path:
    file = tmp_path / "client_secret.json"
    file.write_text(json.dumps(google_server.client()))
    return file


@pytest.fixture
def microsoft(
    microsoft_server: MicrosoftServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeMicrosoft]:
    monkeypatch.setenv("CALMERGE_GRAPH_ENDPOINT", microsoft_server.url)
    monkeypatch.setenv("CALMERGE_MICROSOFT_AUTHORITY", microsoft_server.url)
    browser.does(FORM)
    state = microsoft_server.fresh()
    yield state
    assert state.complaints == []


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    made = Profile.open(str(tmp_path / "home"))
    yield made
    made.close()


OpenReal = Callable[..., MainWindow]


@pytest.fixture
def open_real(qapp: QApplication, qtbot: QtBot, profile: Profile) -> Iterator[OpenReal]:
    """`open_real(theme, language)` shows the window of the profile."""
    made: list[MainWindow] = []

    def open_(theme: str = "light", language: str = "en") -> MainWindow:
        texts.choose(language, resources.path("i18n"))
        start.application(theme)
        settings = Settings(theme=theme, language=language, zone="Europe/Berlin")
        window = start.make_window(profile.desk, Loop(), settings, lambda _s: None, clock=profile.clock)
        made.append(window)
        window.resize(1280, 820)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.is_ready and not window.session.runner.busy)
        return window

    yield open_
    for window in made:
        start.close_window(window)
    texts.choose("en", resources.path("i18n"))
    qapp.processEvents()


def sheet_of(window: MainWindow, key: str = "") -> LinkSheet:
    if window.floating() is None:
        window.links.open(key)
    sheet = window.floating()
    assert isinstance(sheet, LinkSheet)
    return sheet

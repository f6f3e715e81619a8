"""The window as the program opens it, and as a picture."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from calmerge_desktop.core.settings import Settings
from calmerge_desktop.ui import start
from calmerge_desktop.ui.main_window import MainWindow
from tests.ui import sample
from tests.ui.frame.conftest import Loop

pytestmark = pytest.mark.gui


def test_opens_syncs_and_ends_with_its_window(qapp: QApplication) -> None:
    """The synchronisation runs while the window is open, and is stopped with it."""
    loop, seen = Loop(), []

    def look() -> None:
        window = next((each for each in qapp.topLevelWidgets() if isinstance(each, MainWindow) and each.isVisible()), None)
        if window is not None and window.is_ready and loop.running.is_set():
            seen.append(window.top.title.text())
            timer.stop()
            window.close()

    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(look)
    timer.start()
    code = start.run_window(
        sample.desk(),
        loop,
        Settings(zone="Europe/Berlin"),
        lambda _s: None,
        demo=True,
        open_demo=None,
        clock=lambda: sample.NOW,
        today=sample.TODAY,
    )
    assert code == 0
    assert seen == ["November 2026"]
    assert loop.told[-1] == "cancel"


def test_a_polite_kill_ends_it_like_its_window(qapp: QApplication) -> None:
    """SIGTERM: the synchronisation is stopped, and the code is 0."""
    loop, before = Loop(), signal.getsignal(signal.SIGTERM)

    def kill() -> None:
        if loop.running.is_set():
            timer.stop()
            os.kill(os.getpid(), signal.SIGTERM)

    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(kill)
    timer.start()
    code = start.run_window(
        sample.empty(), loop, Settings(), lambda _s: None, demo=True, open_demo=None, clock=lambda: sample.NOW
    )
    assert code == 0
    assert loop.told[-1] == "cancel"
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_picture_has_the_size_asked_for_and_all_its_data(qapp: QApplication, tmp_path: Path) -> None:
    """Two pictures are the same, so nothing was still on its way."""
    for name in ("a.png", "b.png"):
        start.grab_window(
            sample.desk(),
            Settings(),
            size=(1100, 700),
            theme="dark",
            language="en",
            today=sample.TODAY,
            now=sample.NOW,
            tzid="Europe/Berlin",
            path=tmp_path / name,
        )
    one, other = QImage(str(tmp_path / "a.png")), QImage(str(tmp_path / "b.png"))
    assert (one.width(), one.height()) == (1100, 700)
    assert one == other


def test_a_picture_that_cannot_be_written_is_an_error(qapp: QApplication, tmp_path: Path) -> None:
    """Not a silence."""
    with pytest.raises(OSError):
        start.grab_window(
            sample.empty(),
            Settings(),
            size=(960, 640),
            theme="light",
            language="en",
            today=sample.TODAY,
            now=sample.NOW,
            tzid="Europe/Berlin",
            path=tmp_path / "no" / "a.png",
        )


def test_threads_take_short_turns_and_the_painter_waits_for_none_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_NO_GUI_THREADPOOL", raising=False)
    before = sys.getswitchinterval()
    try:
        start.share_fairly()
        assert sys.getswitchinterval() < 0.001
        assert os.environ["QT_NO_GUI_THREADPOOL"] == "1"
    finally:
        sys.setswitchinterval(before)

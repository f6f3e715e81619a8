"""Opens the window and closes it cleanly; and renders it to a picture without a screen."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calmerge_desktop.core.records import replace
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.core.when import Clock
from calmerge_desktop.ui import almanac, lean_qt
from calmerge_desktop.ui.first import FirstLook, zone_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from calmerge_desktop.core.agenda.desk import Desk
    from calmerge_desktop.ui.main_window import MainWindow
    from calmerge_desktop.ui.workers import SyncLoop, SyncThread

_TICK = 30_000
_TURN = 0.00005
"""Seconds a thread may keep the interpreter while another waits. A paint gives it away at every call into Qt: with Python's
own 5 ms each of these calls may wait that long for a thread that reads a calendar."""
_SETTLE = 2_000
_PICTURE_SECONDS = 20


def run_window(
    desk: Desk,
    loop: SyncLoop,
    settings: Settings,
    save_settings: Callable[[Settings], None],
    *,
    demo: bool,
    open_demo: Callable[[], None] | None,
    clock: Clock,
    today: date | None = None,
) -> int:
    """Show the window until the person closes it; the exit code. `demo` keeps no window geometry."""
    first = FirstLook(desk, settings, clock, today)
    lean_qt.load()
    from PySide6.QtCore import QSettings, Qt, QTimer

    from calmerge_desktop.ui.workers import SyncThread

    share_fairly()
    app = application(settings.theme)
    kept = None if demo else QSettings("CalMerge", "CalMerge")
    window = make_window(
        desk, loop, settings, save_settings, clock=clock, today=today, open_demo=open_demo, kept=kept, first=first
    )
    window.show()
    thread = SyncThread(loop)
    later = Qt.ConnectionType.QueuedConnection  # the window makes first what clicks and keys need
    window.settled.connect(lambda: listen(window, thread), later)
    window.settled.connect(thread.start, later)
    window.settled.connect(lambda: localise(window), later)
    window.settled.connect(lambda: collect(window), later)
    QTimer.singleShot(_SETTLE, window, window.settle)  # a window that opens minimised is not painted
    minute = QTimer(window)
    minute.setInterval(_TICK)
    minute.timeout.connect(window.tick)
    minute.start()
    ending = Ending(app)
    window.settled.connect(ending.begin, later)
    try:
        return app.exec()
    finally:
        ending.restore()
        thread.quit_cleanly()
        close_window(window)


def share_fairly() -> None:
    """How often the threads of a window take turns; called before the first paint.

    Qt's painter shares what is large with threads of its own and waits for them. While calendars are read they get no
    processor, so that a page that is painted alone in a millisecond takes up to eighteen (measured).
    """
    sys.setswitchinterval(_TURN)
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")


def listen(window: MainWindow, thread: SyncThread) -> None:
    """Show what the synchronisation says."""
    thread.changed.connect(window.session.on_synced)
    thread.progress.connect(window.status.on_progress)
    thread.idle.connect(window.status.on_idle)
    thread.idle.connect(window.session.reload)
    thread.mailed.connect(window.links.mailed)
    thread.broke.connect(window.speaker.bug)


def collect(window: QWidget) -> None:
    """Throw garbage away on the GUI thread, as long as the window lives."""
    from calmerge_desktop.ui.collector import Collector

    Collector(window)


def localise(window: QWidget) -> None:
    """Numbers and dates in fields as the language writes them.

    After the first frame: it needs none, and Qt's list of all languages takes long to load.
    """
    from PySide6.QtCore import QLocale

    locale = QLocale(almanac.locale_name())
    QLocale.setDefault(locale)
    window.setLocale(locale)


def grab_window(
    desk: Desk,
    settings: Settings,
    *,
    size: tuple[int, int],
    theme: str,
    language: str,
    today: date,
    now: int,
    tzid: str,
    path: Path,
) -> None:
    """Render the whole window with its first data to a PNG; no screen needed. Raises `OSError` when it cannot be written."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    lean_qt.load()
    from PySide6.QtCore import QDeadlineTimer

    from calmerge_desktop import resources
    from calmerge_desktop.core import texts

    texts.choose(language, resources.path("i18n"))
    chosen = replace(settings, theme=theme, language=language, zone=tzid)
    app = application(theme)
    window = make_window(desk, Quiet(), chosen, lambda _s: None, clock=lambda: now, today=today)
    localise(window)
    window.resize(*size)
    window.show()
    deadline = QDeadlineTimer(_PICTURE_SECONDS * 1000)
    while not deadline.hasExpired() and (not window.is_ready or window.session.runner.busy):
        app.processEvents()
    app.processEvents()
    picture = window.grab()
    close_window(window)
    if not picture.save(str(path), "PNG"):
        raise OSError(str(path))


def application(theme: str) -> QApplication:
    """The one QApplication, dressed."""
    from PySide6.QtWidgets import QApplication

    from calmerge_desktop.ui.theme import style

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([*sys.argv[:1], "-style", style.STYLE])
        app.setProperty(style.HAS_STYLE, True)
        app.setApplicationName("CalMerge")
        app.setApplicationDisplayName("CalMerge")
        app.setDesktopFileName("calmerge")
        # Offscreen, a clipboard that holds an object of ours crashes at the very end.
        app.aboutToQuit.connect(lambda: QApplication.clipboard().clear())
    style.apply(app, theme, whole=bool(app.styleSheet()))
    return app


def make_window(
    desk: Desk,
    loop: SyncLoop,
    settings: Settings,
    save_settings: Callable[[Settings], None],
    *,
    clock: Clock,
    today: date | None = None,
    open_demo: Callable[[], None] | None = None,
    kept: object = None,
    first: FirstLook | None = None,
) -> MainWindow:
    """The window with its threads, not shown yet. `kept` is the `QSettings` of its geometry, `first` what was read ahead."""
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from calmerge_desktop.ui.main_window import MainWindow
    from calmerge_desktop.ui.session import Session
    from calmerge_desktop.ui.theme import style
    from calmerge_desktop.ui.workers import QueryRunner

    session = Session(desk, loop, QueryRunner(), settings, save_settings, clock=clock, tzid=zone_of(settings))
    look = first.take() if first else None
    if look is not None:
        session.begin_with(look.accounts)
    geometry = kept if isinstance(kept, QSettings) else None
    window = MainWindow(session, today=today, open_demo=open_demo, geometry=geometry, week=look.week if look else None)
    app = QApplication.instance()
    if isinstance(app, QApplication):
        style.finish(app)
    return window


def close_window(window: MainWindow) -> None:
    """End the window's threads and let it go."""
    window.session.runner.close()
    window.close()
    window.deleteLater()


class Ending:
    """Ctrl+C in the terminal and a polite kill end the program like closing its window does."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._before: dict[int, Any] = {}

    def begin(self) -> None:
        """Listen to signals from now on. Before the first frame there is nothing to be ended cleanly."""
        import signal
        import socket

        from PySide6.QtCore import QSocketNotifier

        # Qt's loop is no Python code, so a handler would wait for the next event: the signal itself wakes the loop.
        self._here, self._there = socket.socketpair()
        for end in (self._here, self._there):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._drain)
        self._wakeup = signal.set_wakeup_fd(self._there.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, lambda *_args: self._app.closeAllWindows())

    def restore(self) -> None:
        """Leave signals as they were."""
        if not self._before:
            return
        import signal

        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._notifier.setEnabled(False)
        self._here.close()
        self._there.close()

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._here.recv(64)


class Quiet:
    """A synchronisation that does nothing: for pictures."""

    def run(self, stop: object, listener: object) -> None:
        """Nothing to do."""

    def wake(self, accounts: object = None, *, full: bool = False) -> None:
        """Nothing to do."""

    def push(self) -> None:
        """Nothing to do."""

    def cancel(self) -> None:
        """Nothing to do."""

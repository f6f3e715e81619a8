"""Keys of the window: each an action, so that the system shows and translates it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from calmerge_desktop.ui.frame.span import Page

if TYPE_CHECKING:
    from calmerge_desktop.ui.main_window import MainWindow


def add_window_keys(window: MainWindow) -> None:
    """What each key of the main window does."""
    pages = {f"Ctrl+{n}": lambda page=page: window.show_page(page) for n, page in enumerate(Page, 1)}
    keys: dict[str, Callable[[], object]] = {
        **pages,
        "T": window.today,
        "C": window.new_event,
        "N": window.modes.offer_times,
        "A": window.modes.show_availability,
        "Ctrl+N": window.new_event,
        "Ctrl+K": window.open_search,
        "Ctrl+F": window.open_search,
        "Ctrl+Z": window.actions_.undo_last,
        "Ctrl+,": window.open_settings,
        "Ctrl+B": lambda: window.fold_by_hand(not window.sidebar.folded),
        "F1": window.opening.help,
        "?": window.opening.help,
        "F5": window.session.wake,
        "F6": window.next_pane,
    }
    add_keys(window, keys, quiet=lambda: window.floating() is not None)


def add_keys(window: QWidget, keys: Mapping[str, Callable[[], object]], *, quiet: Callable[[], bool]) -> None:
    """Let each key do its deed unless `quiet` (something floats over the window); the system's key for leaving closes it."""
    for key, deed in keys.items():
        _add(window, QKeySequence(key), _unless(quiet, deed))
    _add(window, QKeySequence(QKeySequence.StandardKey.Quit), window.close)


def _unless(quiet: Callable[[], bool], deed: Callable[[], object]) -> Callable[[], object]:
    return lambda: None if quiet() else deed()


def _add(window: QWidget, key: QKeySequence, deed: Callable[[], object]) -> None:
    action = QAction(window)
    action.setShortcut(key)
    action.triggered.connect(lambda _on=False: deed())
    window.addAction(action)

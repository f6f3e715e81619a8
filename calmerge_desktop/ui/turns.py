"""What is done a little at a time on the GUI thread: of everything that waits, one little in a turn of the event loop.

Timers without an interval of their own would all come in the same turn, and a key press would wait for the sum of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QTimer


class Turn(QObject):
    """Calls `work` again and again from `start` to `stop`, when nothing else is to do and the others had theirs."""

    def __init__(self, work: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self.work = work
        self.active = False

    def start(self) -> None:
        """From now on, unless it is so already."""
        if not self.active:
            self.active = True
            _Round.current().join(self)

    def stop(self) -> None:
        """Not any more."""
        self.active = False


class _Round(QObject):
    """Whose turn it is."""

    _only: _Round | None = None

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._waiting: deque[Turn] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._next)

    @classmethod
    def current(cls) -> _Round:
        """The one of this application."""
        if cls._only is None or not shiboken6.isValid(cls._only):
            cls._only = cls(QCoreApplication.instance())
        return cls._only

    def join(self, turn: Turn) -> None:
        """At the end of the row."""
        if turn not in self._waiting:
            self._waiting.append(turn)
        if not self._timer.isActive():
            self._timer.start()

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if shiboken6.isValid(turn) and turn.active:
                self._waiting.append(turn)
                turn.work()
                return
        self._timer.stop()

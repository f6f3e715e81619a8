"""The garbage collector on the GUI thread, and only there.

Python collects on whatever thread happens to cross a threshold. A cycle that holds a widget (a closed dialog with its slots)
would then be destroyed by the sync thread, and Qt objects may be destroyed on their own thread only: the program would end
without a word. So automatic collection stays off while a window is open, and a timer does the same work here.

How long a look takes depends on how many objects it looks at, and the person waits for it. So while objects are made the
timer comes often and each look is short, and the long look at everything waits until the person is in another program.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_CALM, _BUSY = 500, 10
"""Milliseconds between two looks: while nothing is made, and while much is."""
_YOUNG = 700
"""Objects more than at the last young collection that are worth one. Those to be looked at may be many times as many."""
_MIDDLE = 4_000
"""Objects that survived young collections and are worth a look at them: two milliseconds."""
_OLD = 100_000
"""Objects that survived those and are worth a look at everything, when the person is elsewhere …"""
_TOO_OLD = 1_000_000
"""… and so many that it cannot wait."""


_SETTLING = 10
"""Looks at the beginning that keep everything for good instead: what the libraries of the background leave behind when they
load is as much as the window itself, and stays as long."""


class Collector(QObject):
    """Collects as Python would, but when this thread's event loop comes round."""

    def __init__(self, parent: QObject, settling: int = _SETTLING) -> None:
        """Takes over from now on; what is alive already, and after `settling` looks, is never looked at again."""
        super().__init__(parent)
        gc.disable()
        gc.freeze()
        self._middle = self._old = 0
        self._settling = settling
        self._timer = QTimer(self)
        self._timer.setInterval(_CALM)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @property
    def interval(self) -> int:
        """Milliseconds to the next look."""
        return self._timer.interval()

    def look(self) -> None:
        """Collect the generation that is due, if one is."""
        if self._settling:
            self._settling -= 1
            gc.freeze()
            gc.collect(0)  # of nothing: it only sets the count of new objects to naught
            return
        young = gc.get_count()[0]
        if young <= _YOUNG:
            if self._timer.interval() != _CALM:
                self._timer.setInterval(_CALM)
            return
        if self._timer.interval() != _BUSY:
            self._timer.setInterval(_BUSY)
        if self._old > (_OLD if _away() else _TOO_OLD):
            gc.collect()
            self._middle = self._old = 0
        elif self._middle > _MIDDLE:
            self._old += self._middle + young - gc.collect(1)
            self._middle = 0
        else:
            self._middle += max(young - gc.collect(0), 0)


def _away() -> bool:
    return QGuiApplication.applicationState() != Qt.ApplicationState.ApplicationActive

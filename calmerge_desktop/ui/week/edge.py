"""Scrolling while a drag rests at the upper or lower edge of what is seen."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QScrollArea

from calmerge_desktop.ui.week.panes import SheetPane

ZONE = 24
"""How near to the edge, in pixels, a drag scrolls."""
_STEP = 10
_EVERY_MS = 24


class EdgeScroll(QObject):
    """Moves the sheet under a drag that holds still at an edge; the drag follows."""

    def __init__(self, area: QScrollArea, sheet: SheetPane, parent: QObject) -> None:
        super().__init__(parent)
        self._area = area
        self._sheet = sheet
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.step)

    def watch(self) -> None:
        """A drag has begun or moved."""
        if self._sheet.drag is not None and not self._timer.isActive():
            self._timer.start()

    def step(self) -> None:
        """Scroll a little if the pointer is at an edge; stop with the drag."""
        if self._sheet.drag is None:
            self._timer.stop()
            return
        port = self._area.viewport()
        y = port.mapFromGlobal(QCursor.pos()).y()
        by = -_STEP if y < ZONE else _STEP if y > port.height() - ZONE else 0
        bar = self._area.verticalScrollBar()
        before = bar.value()
        bar.setValue(before + by)
        if bar.value() != before:
            self._sheet.drag_to(QPointF(self._sheet.mapFromGlobal(QCursor.pos())))

"""What scenes leave behind, freed a little at a time.

A full week holds thousands of rectangles of Qt. Each gives the interpreter away while it is freed, so all of them at once
hold up a key press for longer than painting them does.
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

from PySide6.QtCore import QObject

from calmerge_desktop.ui.turns import Turn
from calmerge_desktop.ui.week.scene import Scene

_PORTION = 20
_LITTLE = 0.001
"""Seconds a turn takes, or a little more."""


class Leaving(QObject):
    """Whoever lets go of a scene gives it here first; one that is still in use elsewhere takes no harm."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._held: list[Any] = []
        self._turn = Turn(self._go_on, self)

    def take(self, scene: Scene) -> None:
        """Hold the parts of `scene`, so that with the whole nothing of them goes."""
        for day in scene.made:
            self._held += day.places
            self._held += day.large
            self._held += day.blocks
            for _color, rects in day.marks:
                self._held += rects
        self._held += scene.week.bars
        if self._held:
            self._turn.start()

    @property
    def count(self) -> int:
        """Parts that are still to go."""
        return len(self._held)

    def _go_on(self) -> None:
        end = perf_counter() + _LITTLE
        while self._held:
            del self._held[-_PORTION:]
            if perf_counter() > end:
                return
        self._turn.stop()

"""Turning pages by the wheel."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent

_NOTCH = 120
"""A click of a mouse wheel, in eighths of a degree; a touchpad sends it in many small parts (`QWheelEvent.angleDelta`)."""


class Notches:
    """Counts whole notches, so that a page is turned by one and not by every small movement of a finger."""

    def __init__(self) -> None:
        self._rest = 0

    def steps(self, event: QWheelEvent) -> int:
        """Pages to go on (positive: later) after this event."""
        delta = event.angleDelta().y()
        if delta * self._rest < 0:
            self._rest = 0  # the other way begins anew
        whole, self._rest = divmod(abs(self._rest + delta), _NOTCH)
        if delta < 0:
            self._rest = -self._rest
        return whole if delta < 0 else -whole

"""Turning pages by the wheel."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from calmerge_desktop.ui.parts.wheel import Notches


def turned(delta: int) -> QWheelEvent:
    return QWheelEvent(
        QPointF(), QPointF(), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip


def test_a_notch_of_a_mouse_is_a_page_and_a_touchpad_needs_as_much() -> None:
    """Small movements add up; the other way begins anew."""
    notches = Notches()
    assert [notches.steps(turned(each)) for each in (-120, 120, 240)] == [1, -1, -2]
    assert [notches.steps(turned(-30)) for _ in range(9)] == [0, 0, 0, 1, 0, 0, 0, 1, 0]
    assert [notches.steps(turned(40)) for _ in range(3)] == [0, 0, -1]
    assert notches.steps(turned(0)) == 0

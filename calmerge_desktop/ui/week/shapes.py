"""Outlines of blocks. Paths are made once per size: thousands of blocks share a handful of shapes."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from calmerge_desktop.ui.theme.tokens import RADIUS

BAR = 3.0


@lru_cache(maxsize=2_048)
def outline(width: float, height: float, left: bool = True, right: bool = True, inset: float = 0.0) -> QPainterPath:
    """A block at the origin; without `left` or `right` that end is square, as the event goes on there."""
    radius = min(RADIUS.event - inset, width / 2, height / 2)
    box = QRectF(inset, inset, width - 2 * inset, height - 2 * inset)
    path = QPainterPath()
    path.addRoundedRect(box, radius, radius)
    if left and right:
        return path
    path.setFillRule(path.fillRule().WindingFill)
    if not left:
        path.addRect(QRectF(box.left(), box.top(), box.width() / 2, box.height()))
    if not right:
        path.addRect(QRectF(box.center().x(), box.top(), box.width() / 2, box.height()))
    return path.simplified()


@lru_cache(maxsize=2_048)
def body(width: float, height: float, left: bool = True, right: bool = True) -> QPainterPath:
    """What is right of the bar; the whole block when its left end is open."""
    if not left:
        return outline(width, height, left, right)
    return outline(width, height, left, right).intersected(_box(BAR, 0, width - BAR, height))


@lru_cache(maxsize=2_048)
def bar(width: float, height: float, low: float = 0.0, high: float = 1.0) -> QPainterPath:
    """The saturated bar at the left, or its part between two shares of the height."""
    return outline(width, height).intersected(_box(0, height * low, BAR, height * (high - low)))


def _box(x: float, y: float, width: float, height: float) -> QPainterPath:
    path = QPainterPath()
    path.addRect(QRectF(x, y, width, height))
    return path

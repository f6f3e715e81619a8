"""The slow part of a pane as pixels: painted a tile at a time, and kept while nothing on it changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPixmap, QRegion

from calmerge_desktop.ui.week.geometry import Geometry

BAND = 120
"""Height of a tile out of sight, in logical pixels: whole device pixels at every usual scale."""
_GRAIN = 4
"""Tiles in sight begin and end at multiples of this, which are whole device pixels as well."""
Render = Callable[[QPainter, QRect], Iterator[None]]
"""Paints what touches a rectangle, in steps; the painter is clipped to it."""


def tiles(size: QSize, geometry: Geometry, sight: QRect, days: Iterable[int] | None = None) -> list[QRect]:
    """Rectangles that cover a layer, or the columns of `days`: a part of one day each, the hours with the first.

    They are cut at the edges of what is in `sight`, so that the first frame paints that and no more.
    """
    out = []
    last = geometry.days - 1
    columns = []
    for day in range(geometry.days) if days is None else days:
        left = int(geometry.x(day)) if day else 0
        right = int(geometry.x(day + 1) + 1) if day < last else size.width()
        columns.append((left, right - left))
    for top, tall in _rows(size.height(), sight):
        out += [QRect(left, top, wide, tall) for left, wide in columns]
    return out


def _rows(height: int, sight: QRect) -> Iterator[tuple[int, int]]:
    """Top and height of the rows of tiles: one in sight, bands above and below it."""
    top, bottom = 0, 0
    if not sight.isEmpty():
        top = min(sight.top() // _GRAIN * _GRAIN, height)
        bottom = min(-((-sight.bottom() - 1) // _GRAIN) * _GRAIN, height)
    for start, end, step in ((0, top, BAND), (top, bottom, height), (bottom, height, BAND)):
        for at in range(start, end, step):
            yield at, min(step, end - at)


class Layer:
    """Pixels, and what of them is not painted yet."""

    def __init__(self, size: QSize, dpr: float) -> None:
        """Nothing is painted, and nothing asked for."""
        self.pixels = QPixmap(QSize(round(size.width() * dpr), round(size.height() * dpr)))
        self.pixels.setDevicePixelRatio(dpr)
        self.todo: list[QRect] = []

    def copy(self) -> Layer:
        """The same pixels once more."""
        made = Layer.__new__(Layer)
        made.pixels, made.todo = self.pixels.copy(), self.todo.copy()
        return made

    def again(self, areas: Iterable[QRect]) -> None:
        """These must be painted anew."""
        self.todo += [area for area in areas if not any(one.contains(area) for one in self.todo)]

    def paint(self, areas: Sequence[QRect], render: Render) -> None:
        """Paint some of `todo`, in one go."""
        deque(self.painting(areas, render), maxlen=0)

    def painting(self, areas: Sequence[QRect], render: Render) -> Iterator[None]:
        """The same in steps, for pixels nobody sees yet. `areas` are objects of `todo`."""
        clip = QRegion()
        for area in areas:
            clip += area
        gone = set(map(id, areas))  # to compare rectangles takes longer than to paint some of them
        self.todo = [one for one in self.todo if id(one) not in gone]
        painter = QPainter(self.pixels)
        try:
            painter.setClipRegion(clip)
            yield from render(painter, clip.boundingRect())
        finally:
            painter.end()

    def touched(self, area: QRect) -> list[QRect]:
        """What of `todo` touches `area`."""
        return [one for one in self.todo if one.intersects(area)]

"""Head and sheet: the all-day lane above, 24 hours below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter

from calmerge_desktop.core.week import DAY
from calmerge_desktop.ui.week import cursor, paint
from calmerge_desktop.ui.week.cursor import SLOT, Stop
from calmerge_desktop.ui.week.drag import Drag, Kind
from calmerge_desktop.ui.week.geometry import HEAD, Place
from calmerge_desktop.ui.week.overlay import paint_overlay
from calmerge_desktop.ui.week.pane import EDGE, Hit, Pane
from calmerge_desktop.ui.week.scene import Scene

_FEW = 40
"""Events that are painted in less time than a key press may wait."""


def ahead(panes: Iterable[Pane], scene: Scene, before: Scene | None) -> Iterator[None]:
    """Paint what is in sight of head and sheet while `before` is shown; an ordinary week is painted when it is shown."""
    if len(scene.week.blocks) + len(scene.week.bars) <= _FEW:
        return
    for pane, days in zip(panes, scene.differs(before), strict=True):
        yield from pane.prepare(scene, days)


class SheetPane(Pane):
    """The hours."""

    def hit(self, at: QPointF) -> Hit | None:
        """The timed event under a point."""
        return self._host.scene.on_sheet(at) if self._host.scene else None

    def place(self, at: QPointF) -> Place:
        """Day and second under a point."""
        assert self._host.scene is not None
        return self._host.scene.geometry.place(at, 1)

    def stop_at(self, at: QPointF) -> Stop | None:
        """The half hour under a point."""
        scene = self._host.scene
        if scene is None or at.x() < scene.geometry.gutter:
            return None
        day, second = scene.geometry.place(at, SLOT)
        start = min(second, DAY - SLOT)
        return Stop(day, start, start + SLOT, None, day, day)

    def extent(self, scene: Scene) -> QSize:
        """All hours."""
        return QSize(int(scene.geometry.width), int(scene.geometry.sheet))

    def render_layer(self, scene: Scene, painter: QPainter, area: QRect) -> Iterator[None]:
        """Grid and events."""
        return paint.sheet_steps(painter, scene.week, scene.geometry, scene.look, area=area, days=scene.days)

    def overlay(self, painter: QPainter, scene: Scene) -> None:
        """What is offered, and the line of now."""
        if scene.overlay is not None:
            paint_overlay(painter, scene.overlay, scene.geometry, scene.look)
        paint.paint_now(painter, scene.week, scene.geometry, scene.look)

    def ghosts(self, drag: Drag, scene: Scene) -> list[QRectF]:
        """One box a day."""
        return [scene.geometry.span(*part) for part in drag.parts()]

    def grip(self, at: QPointF, hit: Hit) -> Kind:
        """Near the upper or lower edge of an event that is tall enough: pull; else move."""
        _instance, rect, stop = hit
        if rect.height() < 3 * EDGE:
            return Kind.MOVE
        if at.y() >= rect.bottom() - EDGE and stop.end < DAY:
            return Kind.END
        return Kind.START if at.y() < rect.top() + EDGE / 2 and stop.start > 0 else Kind.MOVE


class HeadPane(Pane):
    """Day heads and the all-day lane."""

    folding = Signal()
    """The lane is to be folded or unfolded."""
    all_day = True
    _pull = Qt.CursorShape.SizeHorCursor

    def hit(self, at: QPointF) -> Hit | None:
        """The bar under a point."""
        return self._host.scene.in_head(at) if self._host.scene else None

    def place(self, at: QPointF) -> Place:
        """The day under a point."""
        assert self._host.scene is not None
        return Place(self._host.scene.geometry.day_at(at.x()), 0)

    def stop_at(self, at: QPointF) -> Stop | None:
        """The day as a whole."""
        scene = self._host.scene
        if scene is None or at.x() < scene.geometry.gutter:
            return None
        return cursor.nearest(scene.week, scene.geometry.day_at(at.x()), scene.look.day_begins * 3600)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The line that counts what is folded away is a button."""
        scene, at = self._host.scene, event.position()
        if scene is not None and scene.geometry.folds and at.y() >= scene.geometry.fold(0).top():
            self.folding.emit()
            return
        super().mousePressEvent(event)

    def extent(self, scene: Scene) -> QSize:
        """Also above the scroll bar."""
        return QSize(self.width(), int(scene.geometry.head))

    def render_layer(self, scene: Scene, painter: QPainter, area: QRect) -> Iterator[None]:
        """Heads and bars, and the line that closes the head also above the scroll bar."""
        left = scene.geometry.width
        painter.fillRect(QRectF(left, 0, self.width() - left, scene.geometry.head), QColor(scene.look.tokens.bg))
        yield from paint.head_steps(painter, scene.week, scene.geometry, scene.look, area=area)
        painter.fillRect(
            QRectF(left, scene.geometry.head - 1, self.width(), 1 / scene.geometry.dpr),
            QColor(scene.look.tokens.line),
        )

    def ghosts(self, drag: Drag, scene: Scene) -> list[QRectF]:
        """One box over all days."""
        parts = drag.parts()
        if not parts:
            return []
        first, last = parts[0][0], parts[-1][0]
        row = self._row(drag, scene, first, last)
        if row is None:
            left, right = scene.geometry.x(first), scene.geometry.x(last + 1)
            return [QRectF(left + 2, 2, right - left - 4, HEAD - 5)]
        return [scene.geometry.row(first, last, row)]

    def _row(self, drag: Drag, scene: Scene, first: int, last: int) -> int | None:
        """The row of what moves, else the first free one; None: the ghost stands over the day heads."""
        if drag.instance is not None:
            return next((bar.row for bar in scene.week.bars if bar.instance.id == drag.instance.id), None)
        taken = {bar.row for bar in scene.week.bars if bar.first <= last and first <= bar.last}
        return next((row for row in range(scene.geometry.shown_rows) if row not in taken), None)

    def grip(self, at: QPointF, hit: Hit) -> Kind:
        """Near the right or left end: pull; else move. What has times is only moved here."""
        instance, rect, stop = hit
        scene = self._host.scene
        if not instance.all_day or scene is None or rect.width() < 6 * EDGE:
            return Kind.MOVE
        if at.x() >= rect.right() - EDGE and stop.last < scene.week.days - 1:
            return Kind.END
        return Kind.START if at.x() < rect.left() + EDGE and stop.first > 0 else Kind.MOVE

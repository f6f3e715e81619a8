"""The two painted surfaces of a week: a slow layer kept as a pixmap, and the little that moves painted over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from calmerge_desktop.core.model import Instance
from calmerge_desktop.core.week import DAY
from calmerge_desktop.ui.theme import fonts
from calmerge_desktop.ui.theme.tokens import TYPE
from calmerge_desktop.ui.turns import Turn
from calmerge_desktop.ui.week import shapes, text, words
from calmerge_desktop.ui.week.cursor import Stop
from calmerge_desktop.ui.week.drag import Drag, Kind, begin, dates
from calmerge_desktop.ui.week.geometry import Place
from calmerge_desktop.ui.week.layer import BAND, Layer, tiles
from calmerge_desktop.ui.week.scene import Scene

EDGE = 6
"""How near to its end an event is pulled longer instead of moved."""
_RING = 2.0
Hit = tuple[Instance, QRectF, Stop]


class Host(Protocol):
    """What a pane needs of the view around it."""

    scene: Scene | None

    def take_stop(self, stop: Stop) -> None:
        """The pointer chose a place."""

    def open_event(self, instance: Instance, area: QRect) -> None:
        """An event was clicked; `area` in global coordinates."""

    def finish(self, drag: Drag) -> None:
        """A drag was let go."""

    def ask_about(self, stop: Stop, at: int | None = None) -> None:
        """A free place was pressed; `at` is the wall second under the pointer."""

    def ring(self, all_day: bool) -> tuple[QRectF, bool] | None:
        """The rectangle of the chosen place in this pane, and whether it is an event."""

    def dragging(self) -> None:
        """A drag goes on: scroll when it reaches the edge of what is seen."""

    def shown(self) -> None:
        """A pane was painted with its events."""


class Pane(QWidget):
    """What head and sheet share: layer, hover, press, drag."""

    all_day = False

    def __init__(self, host: Host, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = host
        self._layer: Layer | None = None
        self._ready: tuple[Scene, Layer] | None = None
        self._later = Turn(self._paint_next, self)
        self._hover: Hit | None = None
        self._pressed: tuple[QPoint, Kind, Instance | None] | None = None
        self.drag: Drag | None = None
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def drop_layer(self) -> None:
        """Everything may have changed: paint anew."""
        self._layer = self._hover = None
        self.update()

    def prepare(self, scene: Scene, days: Sequence[int] | None) -> Iterator[None]:
        """Paint what will be in sight of a scene that is not shown yet, a little at a step.

        `days`: only these differ from what is shown; None: everything may.
        """
        self._ready = None
        if days is not None and not days:
            return
        layer = self._begun(scene, days)
        yield
        sight = self.visibleRegion().boundingRect().adjusted(0, -BAND, 0, BAND)
        yield from layer.painting(layer.touched(sight), partial(self.render_layer, scene))
        self._ready = scene, layer

    def take(self, scene: Scene, days: Sequence[int] | None) -> None:
        """`scene` is shown from now on: as it was prepared, else it is painted when it is looked at. `days` as there."""
        ready, self._ready = self._ready, None
        if ready is not None and ready[0] is scene:
            self._layer = ready[1]
        elif self._layer is None or days is None:
            self._layer = None
        else:
            self._layer.again(self._tiles(scene, days))
        self._hover = None
        if days is None or days:
            self.update()

    def cancel(self) -> bool:
        """Esc: forget the drag; whether there was one."""
        had = self.drag is not None
        self.drag = self._pressed = None
        self.update()
        return had

    def drag_to(self, at: QPointF) -> None:
        """The drag is at a point now."""
        if self.drag is not None:
            place = self.place(at)
            self.drag.to(place.day * DAY + place.second)
            self.update()

    def hit(self, at: QPointF) -> Hit | None:
        """The event under a point."""
        raise NotImplementedError

    def place(self, at: QPointF) -> Place:
        """The place in the week under a point."""
        raise NotImplementedError

    def stop_at(self, at: QPointF) -> Stop | None:
        """The free place a click on nothing chooses."""
        raise NotImplementedError

    def extent(self, scene: Scene) -> QSize:
        """The size of the layer of a scene, in logical pixels."""
        raise NotImplementedError

    def render_layer(self, scene: Scene, painter: QPainter, area: QRect) -> Iterator[None]:
        """Paint what seldom changes, as far as it touches `area`, in steps."""
        raise NotImplementedError

    def ghosts(self, drag: Drag, scene: Scene) -> list[QRectF]:
        """Where the result of a drag would stand."""
        raise NotImplementedError

    def overlay(self, painter: QPainter, scene: Scene) -> None:
        """Paint what moves by itself."""

    def grip(self, at: QPointF, hit: Hit) -> Kind:
        """What a drag that starts here does to the event."""
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:
        """The layer, then hover, ring and ghost."""
        scene, painter = self._host.scene, QPainter(self)
        if scene is None:
            painter.fillRect(event.rect(), self.palette().window())
            return
        dpr = scene.geometry.dpr
        area = event.rect()
        layer = self._painted(scene, area)
        source = QRectF(area.x() * dpr, area.y() * dpr, area.width() * dpr, area.height() * dpr)
        painter.drawPixmap(QRectF(area), layer.pixels, source)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._hover is not None and self.drag is None:
            self._frame(painter, self._hover[1], scene.look.triple(self._hover[0].calendar).bar, 1.25)
        self.overlay(painter, scene)
        if (ring := self._host.ring(self.all_day)) is not None:
            self._ring(painter, scene, *ring)
        if self.drag is not None:
            self._ghost(painter, scene, self.drag)
        self._host.shown()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is under the pointer; a drag may follow."""
        if event.button() != Qt.MouseButton.LeftButton or self._host.scene is None:
            return
        at = event.position()
        hit = self.hit(at)
        stop = hit[2] if hit else self.stop_at(at)
        if stop is None:
            return
        kind = self.grip(at, hit) if hit else Kind.CREATE
        self._pressed = (at.toPoint(), kind, hit[0] if hit else None)
        self._host.take_stop(stop)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up what is under the pointer, or drag."""
        at = event.position()
        if self._pressed is None:
            self._light(self.hit(at), at)
            return
        pressed, kind, instance = self._pressed
        scene = self._host.scene
        if scene is None:
            return
        if self.drag is None:
            far = (at.toPoint() - pressed).manhattanLength() >= QApplication.startDragDistance() // 2
            if not far or scene.asks or (instance is not None and not scene.movable(instance)):
                return
            self.drag = begin(kind, scene.week, self.place(QPointF(pressed)), instance, self.all_day)
        self.drag_to(at)
        self._host.dragging()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish the drag, or open what was clicked."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        _at, _kind, instance = self._pressed
        drag, self.drag, self._pressed = self.drag, None, None
        self.update()
        if drag is not None:
            if drag.moved:
                self._host.finish(drag)
        elif instance is not None and (hit := self.hit(event.position())) and hit[0].id == instance.id:
            self._host.open_event(instance, self.area(hit[1]))
        elif instance is None and not self.all_day and (stop := self.stop_at(event.position())) is not None:
            self._host.ask_about(stop, self.place(event.position()).second)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On nothing: a new event of an hour, or of a day."""
        scene, at = self._host.scene, event.position()
        if scene is None or event.button() != Qt.MouseButton.LeftButton or self.hit(at):
            return
        stop = self.stop_at(at)
        if stop is None or scene.asks:
            return
        drag = begin(Kind.CREATE, scene.week, Place(stop.day, max(stop.start, 0)), None, self.all_day)
        self._pressed = None
        self._host.finish(drag if self.all_day else drag.lasting(3600))

    def leaveEvent(self, _event: QEvent) -> None:
        """Nothing is under the pointer."""
        self._light(None, QPointF())

    def event(self, event: QEvent) -> bool:
        """The whole event in words where there was no room for them."""
        scene = self._host.scene
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and scene is not None:
            hit = self.hit(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), scene.sentence(hit[0]) if hit else "", self)
            return True
        return super().event(event)

    def area(self, rect: QRectF) -> QRect:
        """A rectangle of this pane in global coordinates."""
        return QRect(self.mapToGlobal(rect.topLeft().toPoint()), rect.size().toSize())

    def _begun(self, scene: Scene, days: Sequence[int] | None) -> Layer:
        if days is not None and self._layer is not None:
            layer = self._layer.copy()
            layer.again(self._tiles(scene, days))
        else:
            layer = Layer(self.extent(scene), scene.geometry.dpr)
            layer.again(self._tiles(scene, None))
        return layer

    def _tiles(self, scene: Scene, days: Sequence[int] | None) -> list[QRect]:
        return tiles(self.extent(scene), scene.geometry, self.visibleRegion().boundingRect(), days)

    def _painted(self, scene: Scene, area: QRect) -> Layer:
        """The layer, painted at least where it touches `area`; the tiles out of sight follow one by one."""
        if self._layer is None:
            self._layer = self._begun(scene, None)
        if wanted := self._layer.touched(area):
            self._layer.paint(wanted, partial(self.render_layer, scene))
        if self._layer.todo:
            self._later.start()
        return self._layer

    def _paint_next(self) -> None:
        """A turn of the event loop without anything else to do: the next tile."""
        layer, scene = self._layer, self._host.scene
        if layer is not None and layer.todo and scene is not None:
            layer.paint(layer.todo[:1], partial(self.render_layer, scene))
        if layer is None or not layer.todo:
            self._later.stop()

    def _light(self, hit: Hit | None, at: QPointF) -> None:
        before = self._hover
        self._hover = hit
        if (before and before[1]) != (hit and hit[1]):
            for one in (before, hit):
                if one is not None:
                    self.update(one[1].toAlignedRect().adjusted(-2, -2, 2, 2))
        scene = self._host.scene
        shape = Qt.CursorShape.ArrowCursor
        if hit is not None and scene is not None and scene.movable(hit[0]):
            kind = self.grip(at, hit)
            shape = Qt.CursorShape.PointingHandCursor if kind is Kind.MOVE else self._pull
        self.setCursor(shape)

    _pull = Qt.CursorShape.SizeVerCursor

    def _frame(self, painter: QPainter, rect: QRectF, color: str, width: float) -> None:
        painter.save()
        painter.translate(rect.topLeft())
        painter.strokePath(shapes.outline(rect.width(), rect.height(), inset=width / 2), QPen(QColor(color), width))
        painter.restore()

    def _ring(self, painter: QPainter, scene: Scene, rect: QRectF, event: bool) -> None:
        tokens = scene.look.tokens
        if event:
            self._frame(painter, rect.adjusted(-1, -1, 1, 1), tokens.focus, _RING)
            return
        painter.setPen(QPen(QColor(tokens.focus), 1.5))
        veil = QColor(tokens.accent_soft)
        veil.setAlphaF(0.6)  # a half hour may be taken in part
        painter.setBrush(veil)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 5, 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _ghost(self, painter: QPainter, scene: Scene, drag: Drag) -> None:
        """The result as a dashed accent box with its times; what is moved recedes where it was."""
        tokens = scene.look.tokens
        if drag.instance is not None:
            veil = QColor(tokens.bg)
            veil.setAlphaF(0.6)
            for rect in self._places(scene, drag.instance):
                painter.fillRect(rect, veil)
        label = words.title(drag.instance) if drag.instance else ""
        ends = dates(drag)
        times = "" if drag.all_day else words.span(*ends)
        for n, rect in enumerate(self.ghosts(drag, scene)):
            painter.setPen(QPen(QColor(tokens.accent), 1.5, Qt.PenStyle.CustomDashLine))
            pen = painter.pen()
            pen.setDashPattern([3, 2])
            painter.setPen(pen)
            painter.setBrush(QColor(tokens.accent_soft))
            painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if n == 0:
                _ghost_words(painter, rect, [part for part in (label, times) if part], tokens.text)

    def _places(self, scene: Scene, instance: Instance) -> list[QRectF]:
        blocks = [scene.geometry.block(b) for b in scene.week.blocks if b.instance.id == instance.id]
        bars = [scene.geometry.bar(b) for b in scene.week.bars if b.instance.id == instance.id]
        return [bar for bar in bars if bar is not None] if self.all_day else blocks


def _ghost_words(painter: QPainter, rect: QRectF, lines: list[str], color: str) -> None:
    style = text.style(TYPE.caption, fonts.SEMIBOLD)
    room = rect.width() - 14
    if rect.height() < 34 or len(lines) == 1:
        baseline = text.middle(rect.top(), min(rect.height(), 28), TYPE.caption)
        text.draw(painter, (rect.left() + 10, baseline), text.fit(lines[-1] if lines else "", style, room), style, color)
        return
    for n, line in enumerate(lines):
        text.draw(painter, (rect.left() + 10, rect.top() + 16 + 15 * n), text.fit(line, style, room), style, color)

"""What lies over a week while it is about more than one's own events: windows that are offered, buffers, one chosen gap.

`WeekView.set_overlay` takes it. It is painted over the layer of the events, so that a change of what is offered costs no
new layer. Days are indices into the visible ones, times wall seconds since their midnight.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from calmerge_desktop.core.records import dataclass
from calmerge_desktop.ui.theme import fonts
from calmerge_desktop.ui.theme.tokens import TYPE
from calmerge_desktop.ui.week import shapes, text
from calmerge_desktop.ui.week.geometry import Geometry
from calmerge_desktop.ui.week.look import Look

_PAD = 10.0
_TICK = 7.0
_TICKS_FROM = 76
"""From this width on a window has its ticks beside its words."""
_CLOSE = 5.0
"""Ticks nearer than this would be a bar."""
_LINE = 14.0
"""Height a line of words needs."""
_HATCH = 8
_ASIDE = 0.5
_HEAD = 6.0
"""Length of the wings of an arrow."""
Part = tuple[int, int, int]
"""Day, start, end."""


class Window(NamedTuple):
    """One stretch that is offered."""

    day: int
    start: int
    end: int
    ticks: tuple[int, ...] = ()
    """Wall seconds of every start in it."""
    title: str = ""
    note: str = ""
    number: int = 0
    """Its place in a list beside the week; 0: none."""
    dashed: bool = False
    """Not given out yet."""
    aside: bool = False
    """Something else is at this time: leave room at the left, so that both are seen."""


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """Everything over one week."""

    windows: tuple[Window, ...] = ()
    hatches: tuple[Part, ...] = ()
    """Buffers."""
    gap: Part | None = None
    """What is being explained."""
    open: tuple[tuple[tuple[int, int], ...], ...] | None = None
    """Hours of each day that are not shaded; None: the working hours."""
    recede: bool = True
    """One's own events are paler."""
    arrow: bool = False
    """From the gap to the first window: it moves there."""
    asks: bool = True
    """A press on a free place asks about it, and nothing is dragged."""


def paint_overlay(painter: QPainter, overlay: Overlay, geometry: Geometry, look: Look) -> None:
    """Everything of `overlay` on the sheet."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for part in overlay.hatches:
        _hatch(painter, geometry.span(*part).adjusted(0, -1, 0, 2), look)
    for window in overlay.windows:
        _window(painter, window, geometry, look)
    if overlay.gap is not None:
        rect = geometry.span(*overlay.gap)
        _gap(painter, rect, look)
        if overlay.arrow and overlay.windows:
            _arrow(painter, rect, geometry.span(*overlay.windows[0][:3]), look)


def _window(painter: QPainter, window: Window, geometry: Geometry, look: Look) -> None:
    rect = geometry.span(window.day, window.start, window.end)
    if window.aside:
        rect.setLeft(geometry.snap(rect.left() + rect.width() * _ASIDE))
    wide, tall = rect.width(), rect.height()
    tokens = look.tokens
    accent = QColor(tokens.accent)
    painter.save()
    painter.translate(rect.topLeft())
    if window.dashed:
        painter.fillPath(shapes.outline(wide, tall, True, True), QColor(tokens.accent_soft))
        pen = QPen(accent, 1.5)
        pen.setDashPattern([3, 2])
        painter.strokePath(shapes.outline(wide, tall, True, True, 0.75), pen)
    else:
        painter.fillPath(shapes.body(wide, tall, True, True), QColor(tokens.accent_soft))
        painter.fillPath(shapes.bar(wide, tall, 0, 1), accent)
    left = _PAD + (_number(painter, window.number, look) if window.number else 0)
    ticks = [geometry.y(tick) - rect.top() for tick in window.ticks]
    ticked = wide >= _TICKS_FROM and all(after - one >= _CLOSE for one, after in pairwise(ticks))
    if ticked:
        painter.setPen(QPen(accent, 2))
        painter.drawLines([QLineF(wide - _TICK - 6, y + 5, wide - 6, y + 5) for y in ticks])
    _say(painter, window, QRectF(left, 0, wide - left - (_TICK + 9 if ticked else 4), tall), tokens.accent)
    painter.restore()


def _say(painter: QPainter, window: Window, room: QRectF, color: str) -> None:
    """Title over note; on one line where there is no height for two, nothing where there is none for one."""
    if room.height() < _LINE:
        return
    bold, small = text.style(TYPE.caption, fonts.SEMIBOLD), text.style(TYPE.caption)
    whole = bold.width(window.title) <= room.width()
    title = text.fit(window.title if whole else window.title.partition("–")[0], bold, room.width())
    if room.height() >= 34:
        text.draw(painter, (room.left(), 15), title, bold, color)
        text.draw(painter, (room.left(), 30), text.fit(window.note, small, room.width()), small, color)
        return
    baseline = text.middle(0, room.height(), TYPE.caption)
    text.draw(painter, (room.left(), baseline), title, bold, color)
    after = room.left() + bold.width(title) + 8
    if window.note and after + small.width(window.note) <= room.right():
        text.draw(painter, (after, baseline), window.note, small, color)


def _number(painter: QPainter, number: int, look: Look) -> float:
    """A disc with the number; how much room it takes."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.tokens.accent))
    painter.drawEllipse(QPointF(_PAD + 7, 11), 8, 8)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    bold = text.style(TYPE.axis, fonts.SEMIBOLD)
    said = str(number)
    text.draw(painter, (_PAD + 7 - bold.width(said) / 2, text.middle(3, 16, TYPE.axis)), said, bold, look.tokens.on_accent)
    return 22.0


def _hatch(painter: QPainter, rect: QRectF, look: Look) -> None:
    color = QColor(look.tokens.text3)
    color.setAlphaF(0.55)
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(color, 1))
    tall, first = int(rect.height()) + 4, int(rect.left())
    for x in range(first - first % _HATCH - tall - _HATCH, int(rect.right()) + _HATCH, _HATCH):
        painter.drawLine(QLineF(x, rect.top() + tall, x + tall, rect.top()))
    painter.restore()


def _gap(painter: QPainter, rect: QRectF, look: Look) -> None:
    painter.setPen(QPen(QColor(look.tokens.accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)


def _arrow(painter: QPainter, old: QRectF, new: QRectF, look: Look) -> None:
    """From edge to edge: up or down within a day, sideways between days; none where the two touch."""
    if old.intersects(new):
        return
    if abs(old.center().x() - new.center().x()) < 1:
        down = new.top() > old.bottom()
        line = QLineF(old.center().x(), old.bottom() if down else old.top(), new.center().x(), 0)
        line.setP2(QPointF(new.center().x(), new.top() if down else new.bottom()))
    else:
        right = new.left() > old.left()
        line = QLineF(old.right() if right else old.left(), old.center().y(), 0, new.center().y())
        line.setP2(QPointF(new.left() if right else new.right(), new.center().y()))
    if line.length() < 4 * _HEAD:
        return
    painter.setPen(QPen(QColor(look.tokens.accent), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    line.setLength(line.length() - 2)
    painter.drawLine(line)
    for turn in (150, 210):
        wing = QLineF.fromPolar(_HEAD, line.angle() + turn)
        painter.drawLine(wing.translated(line.p2()))

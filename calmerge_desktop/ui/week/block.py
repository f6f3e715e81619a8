"""One event as a picture: tinted fill, saturated bar, words; every state told by shape or word, never by colour alone."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from calmerge_desktop.core.model import Instance, Status
from calmerge_desktop.core.records import dataclass
from calmerge_desktop.ui import icons
from calmerge_desktop.ui.theme import fonts
from calmerge_desktop.ui.theme.tokens import TYPE, mix
from calmerge_desktop.ui.week import shapes, text, words
from calmerge_desktop.ui.week.look import Look

PAST = 0.55
"""Opacity of the fill of what is over; the words keep their colour."""
RECEDED = 0.5
"""The same for what is not to be looked at now."""
_PAD = 10.0
_WORDY = 24
"""From this width on a block has words."""
_MARKED = 60
"""And beyond this one an icon."""
TINY = 12.0
"""Below this width or height a block is a plain mark without words."""
_LINE = 15
_MARK = 12


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of one block after all its states were weighed."""

    fill: QBrush
    bars: tuple[QBrush, ...]
    words: str
    edge: QBrush | None = None
    dashed: bool = False
    hatch: QColor | None = None
    struck: bool = False


def ink(instance: Instance, look: Look, past: bool) -> Ink:
    """How the states of an event look. Declined and cancelled are empty and struck, tentative is hatched and dashed."""
    key = (instance.calendars, instance.calendar, instance.status, instance.partstat, past)
    known = look.inks.get(key)
    if known is None:
        known = look.inks[key] = _ink(instance, look, past)
    assert isinstance(known, Ink)
    return known


def _ink(instance: Instance, look: Look, past: bool) -> Ink:
    tokens = look.tokens
    own = look.triple(instance.calendar)
    paper = tokens.bg
    bars = [look.triple(held).bar for held in instance.calendars[:2]] or [own.bar]
    bars = bars[:1] if len(set(bars)) == 1 else bars
    if instance.status is Status.CANCELLED:
        grey = brush(tokens.text3)
        return Ink(brush(paper), (grey,), tokens.text2, edge=grey, struck=True)
    if instance.partstat == "declined":
        return Ink(brush(paper), _brushes(bars), tokens.text2, edge=brush(own.bar), struck=True)
    fill, faint = own.fill, RECEDED if look.receded else PAST if past else 1.0
    if faint < 1.0:
        fill = mix(fill, paper, faint)
        bars = [mix(bar, paper, faint) for bar in bars]
    if instance.partstat == "needs-action":
        return Ink(brush(fill), (), own.text, edge=brush(own.bar), dashed=True)
    if instance.status is Status.TENTATIVE or instance.partstat == "tentative":
        pale = brush(mix(fill, paper, 0.45))
        return Ink(pale, _brushes(bars), own.text, edge=brush(own.bar), dashed=True, hatch=QColor(fill))
    return Ink(brush(fill), _brushes(bars), own.text)


def _brushes(names: list[str]) -> tuple[QBrush, ...]:
    return tuple(brush(name) for name in names)


@lru_cache(maxsize=256)
def brush(name: str) -> QBrush:
    """The one brush of a colour: what is painted alike is gathered by its brush, also from several calendars."""
    return QBrush(QColor(name))


class Line(NamedTuple):
    """Words in a block: where they begin (x and baseline, from the block's corner) and how they look."""

    at: tuple[float, float]
    words: str
    style: text.Style


class Ready(NamedTuple):
    """A block with everything decided."""

    rect: QRectF
    colours: Ink
    lines: list[Line]
    mark: str | None
    """The icon at its right."""


def ready(rect: QRectF, instance: Instance, look: Look) -> Ready:
    """A timed event, or the part of it that falls on one day, in `rect`; smaller ones are marks (`parts`)."""
    colours = ink(instance, look, instance.end <= look.now)
    width, height = rect.width(), rect.height()
    lines = _lines(width, height, instance, look, colours) if width >= _WORDY else []
    return Ready(rect, colours, lines, _marks(instance) if width > _MARKED else None)


def paint_block(painter: QPainter, block: Ready) -> None:
    """A block that was made ready, with a painter that smooths edges."""
    rect, colours, lines, mark = block
    left, top, width, height = rect.left(), rect.top(), rect.width(), rect.height()
    painter.translate(left, top)
    _ground(painter, width, height, colours)
    if mark:
        _paint_mark(painter, mark, width - _MARK - 6, 5 if height > 30 else (height - _MARK) / 2, colours.words)
    painter.translate(-left, -top)  # to save and restore all of the painter costs as much as a shape
    for (x, baseline), shown, style in lines:
        text.draw(painter, (left + x, top + baseline), shown, style, colours.words)


def paint_bar(
    painter: QPainter, rect: QRectF, instance: Instance, look: Look, *, opens: bool = False, continues: bool = False
) -> None:
    """An event of the all-day lane in `rect`; open ends are square and have no bar. The painter smooths edges."""
    colours = ink(instance, look, False)
    left, top, width, height = rect.left(), rect.top(), rect.width(), rect.height()
    marks = _marks(instance)
    painter.translate(left, top)
    _ground(painter, width, height, colours, left=not opens, right=not continues)
    if marks and width > 40:
        _paint_mark(painter, marks, width - _MARK - 6, (height - _MARK) / 2, colours.words)
    painter.translate(-left, -top)
    look_of = text.style(TYPE.event, fonts.SEMIBOLD, colours.struck)
    room = width - _PAD - 6 - (_MARK + 4 if marks else 0)
    if room > 8:
        shown = text.fit(words.title(instance), look_of, room)
        text.draw(painter, (left + _PAD, text.middle(top, height, TYPE.event)), shown, look_of, colours.words)


def _ground(painter: QPainter, width: float, height: float, colours: Ink, left: bool = True, right: bool = True) -> None:
    barred = left and bool(colours.bars)
    shape = shapes.body(width, height, left, right) if barred else shapes.outline(width, height, left, right)
    painter.fillPath(shape, colours.fill)
    if colours.hatch:
        _hatch(painter, shape, width, height, colours.hatch)
    if barred:
        for n, bar in enumerate(colours.bars):
            part = shapes.bar(width, height, n / len(colours.bars), (n + 1) / len(colours.bars))
            painter.fillPath(part, bar)
    if colours.edge:
        pen = QPen(colours.edge, 1.2)
        if colours.dashed:
            pen.setDashPattern([3, 2])
        painter.strokePath(shapes.outline(width, height, left, right, 0.6), pen)


def _hatch(painter: QPainter, shape: QPainterPath, width: float, height: float, color: QColor) -> None:
    painter.save()
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(color, 3))
    lines = [QLineF(x, height + 4, x + height + 8, -4) for x in range(int(-height) - 8, int(width) + 8, 8)]
    painter.drawLines(lines)
    painter.restore()


def _lines(width: float, height: float, instance: Instance, look: Look, colours: Ink) -> list[Line]:
    """What is written in a block of a size."""
    narrow = width < 60
    pad = 6.0 if narrow else _PAD
    room = width - pad - (3 if narrow else 4) - (_MARK + 2 if _marks(instance) and width > _MARKED else 0)
    if height < 36:
        return _one_line(QRectF(pad, 0, room, height), instance, look, colours)
    most = 1 if width < 80 else max(1, min(2, int((height - 6) // _LINE) - 1))
    title = words.title(instance)
    lines = text.wrap(title, TYPE.event, fonts.SEMIBOLD, int(room), most)
    bold = text.style(TYPE.event, fonts.SEMIBOLD, colours.struck)
    out = [Line((pad, 16 + n * _LINE), line, bold) for n, line in enumerate(lines)]
    baseline = 15 + len(lines) * _LINE
    if baseline + 3 <= height:
        small = text.style(TYPE.caption)
        out.append(Line((pad, baseline), _below(instance, look, small, width - pad - 3), small))
    return out


def _below(instance: Instance, look: Look, small: text.Style, room: float) -> str:
    """The second line as far as it says something: a state whole, a place also shortened, the time alone, or nothing."""
    time, state = words.begins(instance, look.tz), words.told(instance)
    line = " · ".join(part for part in (time, state or " ".join(instance.location.split())) if part)
    if small.width(line) <= room:
        return line
    if not state and line != time and room - small.width(time) > 48:
        return text.fit(line, small, room)
    return time if small.width(time) <= room else ""


def _one_line(room: QRectF, instance: Instance, look: Look, colours: Ink) -> list[Line]:
    """Title alone; the time beside it where there is room for both."""
    size = TYPE.event if room.height() >= 16 else TYPE.axis
    title = text.style(size, fonts.SEMIBOLD, colours.struck)
    shown = text.fit(words.title(instance), title, room.width())
    baseline = text.middle(0, room.height(), size)
    out = [Line((room.left(), baseline), shown, title)]
    if room.right() >= 168:
        small = text.style(min(TYPE.caption, size))
        after = room.left() + title.width(shown) + 8
        out.append(Line((after, baseline), _below(instance, look, small, room.right() - after), small))
    return out


def _marks(instance: Instance) -> str | None:
    """The icon of what still has to happen with an event."""
    if instance.conflict:
        return "warning"
    return "arrow-up" if instance.pending else None


def _paint_mark(painter: QPainter, name: str, x: float, y: float, color: str) -> None:
    icons.paint(painter, name, QRectF(x, y, _MARK, _MARK), color)

"""The week as a picture, for the window and for files alike.

`paint_head` and `paint_sheet` are the two slow layers a window keeps as pixmaps, and `head_steps` and `sheet_steps` the same
a little at a time; `paint_now` is what moves every minute; `paint_week` puts all of them together.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime, time

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from calmerge_desktop.core import when
from calmerge_desktop.core.week import Week
from calmerge_desktop.ui.theme import fonts
from calmerge_desktop.ui.theme.tokens import TYPE
from calmerge_desktop.ui.week import block, text, words
from calmerge_desktop.ui.week.geometry import GUTTER_AIR, HEAD, ROW, ROW_GAP, Geometry
from calmerge_desktop.ui.week.look import Look
from calmerge_desktop.ui.week.parts import DayParts, parts

_SECOND_EDGE = 49
"""Right edges of the two columns of hours are this far apart."""
_WEEKEND = 5
_SMOOTH = QPainter.RenderHint.Antialiasing
_BLOCKS, _BARS = 6, 2
"""Events painted in one step: about as long as a step of `parts`."""
_COVERS = 15
"""The pill of now hides an hour's label that is nearer than this."""


def paint_week(painter: QPainter, week: Week, geometry: Geometry, look: Look, *, height: float, scroll: float) -> None:
    """The whole view, `height` tall, with the sheet scrolled by `scroll`."""
    paint_head(painter, week, geometry, look)
    painter.save()
    painter.setClipRect(QRectF(0, geometry.head, geometry.width, height - geometry.head))
    painter.translate(0, geometry.head - scroll)
    paint_sheet(painter, week, geometry, look)
    paint_now(painter, week, geometry, look)
    painter.restore()


def paint_head(painter: QPainter, week: Week, geometry: Geometry, look: Look) -> None:
    """Day heads, names of the zones and the all-day lane."""
    deque(head_steps(painter, week, geometry, look), maxlen=0)


def head_steps(
    painter: QPainter, week: Week, geometry: Geometry, look: Look, *, area: QRect | None = None
) -> Iterator[None]:
    """`paint_head` in steps. With `area` only what may touch it; the painter clips."""
    tokens = look.tokens
    left, right = _sides(geometry, area)
    painter.fillRect(QRectF(0, 0, geometry.width, geometry.head), QColor(tokens.bg))
    if left < geometry.gutter:
        _zones(painter, geometry, look)
    for day in range(week.days):
        if geometry.x(day) <= right and geometry.x(day + 1) >= left:
            _day_head(painter, week, geometry, look, day)
    _upright(painter, geometry, 38, geometry.head, tokens.line_soft)
    yield
    yield from _lane(painter, week, geometry, look, area)
    _hairline(painter, geometry, QLineF(0, geometry.head - 1, geometry.width, geometry.head - 1), tokens.line)


def paint_sheet(painter: QPainter, week: Week, geometry: Geometry, look: Look) -> None:
    """24 hours with their lines, shades, labels and events; without the line of now."""
    deque(sheet_steps(painter, week, geometry, look), maxlen=0)


def sheet_steps(
    painter: QPainter,
    week: Week,
    geometry: Geometry,
    look: Look,
    *,
    area: QRect | None = None,
    days: Sequence[DayParts] | None = None,
) -> Iterator[None]:
    """`paint_sheet` in steps.

    With `area` only events that touch it are painted; the rest is cheap and left to the painter's clip. `days` are the
    parts of the days, where they are known.
    """
    tokens = look.tokens
    bottom = geometry.sheet
    above, below = (area.top() - 2, area.bottom() + 3) if area is not None else (0, bottom)
    painter.fillRect(QRectF(0, 0, geometry.gutter, bottom), QColor(tokens.bg))
    painter.fillRect(QRectF(geometry.gutter, 0, geometry.width - geometry.gutter, bottom), QColor(tokens.surface))
    usual = ((look.day_begins * 3600, look.day_ends * 3600),)
    for day in range(week.days):
        left, work = geometry.x(day), usual if week.date(day).weekday() < _WEEKEND else ()
        for start, end in look.open[day] if look.open is not None else work:
            top = geometry.y(start)
            painter.fillRect(QRectF(left, top, geometry.x(day + 1) - left, geometry.y(end) - top), QColor(tokens.bg))
    for hour in range(1, 24):
        y = geometry.y(hour * 3600)
        if above <= y <= below:
            _hairline(painter, geometry, QLineF(geometry.gutter, y, geometry.width, y), tokens.line_soft)
    _upright(painter, geometry, 0, bottom, tokens.line_soft)
    yield
    if area is None or area.left() < geometry.gutter:
        paint_hours(painter, week, geometry, look, above, below)
        yield
    yield from _events(painter, geometry, area, days or parts(week, geometry, look))
    if week.empty:
        _nothing(painter, week, geometry, look)


def _sides(geometry: Geometry, area: QRect | None) -> tuple[float, float]:
    """From where to where something is to be painted."""
    return (0.0, geometry.width) if area is None else (area.left() - 1.0, area.right() + 2.0)


def _events(painter: QPainter, geometry: Geometry, area: QRect | None, days: Sequence[DayParts]) -> Iterator[None]:
    above, below = (area.top() - 2, area.bottom() + 3) if area is not None else (0, geometry.sheet)
    left, right = _sides(geometry, area)
    touched = [made for day, made in enumerate(days) if geometry.x(day + 1) >= left and geometry.x(day) <= right]
    painter.setPen(Qt.PenStyle.NoPen)
    for made in touched:
        for brush, rects in made.marks:
            painter.setBrush(brush)
            painter.drawRects(rects)
        yield
    painter.setBrush(Qt.BrushStyle.NoBrush)
    smooth = painter.testRenderHint(_SMOOTH)
    painter.setRenderHint(_SMOOTH)  # once: a call with an enumeration costs as much as a small shape
    seen = (one for made in touched for one in made.large if one.rect.bottom() >= above and one.rect.top() <= below)
    for n, one in enumerate(seen, 1):
        block.paint_block(painter, one)
        if n % _BLOCKS == 0:
            yield
    painter.setRenderHint(_SMOOTH, smooth)


def paint_hours(
    painter: QPainter, week: Week, geometry: Geometry, look: Look, above: float = 0, below: float = math.inf
) -> None:
    """The hours of the day that touch a part of the sheet, in the second zone too, right-aligned and tabular."""
    tokens = look.tokens
    right = geometry.gutter - GUTTER_AIR
    style = text.style(TYPE.caption)
    day = week.day_of(look.now) or 0
    second = when.zone(look.second_tzid) if look.second_tzid else None
    for hour in range(1, 24):
        y = geometry.y(hour * 3600)
        if not above - TYPE.caption <= y <= below + TYPE.caption:
            continue
        baseline = text.middle(y, 0, TYPE.caption)
        text.draw_right(painter, (right, baseline), words.clock(hour * 3600), style, tokens.text2)
        if second is not None:
            instant = int(datetime.combine(week.date(day), time(hour), tzinfo=look.tz).timestamp())
            wall = words.wall_seconds(instant, second)
            text.draw_right(painter, (right - _SECOND_EDGE, baseline), words.clock(wall), style, tokens.text3)


def paint_now(painter: QPainter, week: Week, geometry: Geometry, look: Look) -> None:
    """The red line: strong today, faint over the week, with its time in the gutter. Nothing when today is not there."""
    today = week.day_of(look.now)
    if today is None:
        return
    tokens = look.tokens
    second = words.wall_seconds(look.now, look.tz)
    y = geometry.snap(second * geometry.hour / 3600)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    faint = QColor(tokens.now)
    faint.setAlphaF(0.35)
    _hairline(painter, geometry, QLineF(geometry.gutter, y, geometry.width, y), faint.name(QColor.NameFormat.HexArgb))
    left, right = geometry.x(today), geometry.x(today + 1)
    painter.fillRect(QRectF(left, y - 1, right - left, 2), QColor(tokens.now))
    painter.setPen(QPen(QColor(tokens.bg), 2))
    painter.setBrush(QColor(tokens.now))
    painter.drawEllipse(QPointF(left + 0.5, y), 4.75, 4.75)
    shown, bold = words.clock(second), text.style(TYPE.caption, fonts.SEMIBOLD)
    wide = bold.width(shown) + 16
    _clear_label(painter, geometry, look, y)
    pill = QRectF(geometry.gutter - wide - 4, y - 9, wide, 18)
    painter.setPen(QPen(QColor(tokens.bg), 2))
    painter.drawRoundedRect(pill, 9, 9)
    text.draw(painter, (pill.left() + 8, text.middle(pill.top(), 18, TYPE.caption)), shown, bold, tokens.on_now)


def _clear_label(painter: QPainter, geometry: Geometry, look: Look, y: float) -> None:
    """Take away the hour that the pill would cover in part."""
    hour = round(y / geometry.hour)
    line = geometry.y(hour * 3600)
    if 0 < hour < 24 and abs(line - y) < _COVERS:
        right = geometry.gutter - GUTTER_AIR
        painter.fillRect(QRectF(right - 34, line - 7, 36, 14), QColor(look.tokens.bg))


def now_area(week: Week, geometry: Geometry, look: Look) -> QRectF:
    """The part of the sheet `paint_now` touches; empty when today is not there."""
    if week.day_of(look.now) is None:
        return QRectF()
    y = words.wall_seconds(look.now, look.tz) * geometry.hour / 3600
    return QRectF(0, y - _COVERS - 7, geometry.width, 2 * (_COVERS + 7))


def _zones(painter: QPainter, geometry: Geometry, look: Look) -> None:
    right = geometry.gutter - GUTTER_AIR
    baseline = text.middle(34, 16, TYPE.axis)
    home, other = text.style(TYPE.axis, fonts.SEMIBOLD), text.style(TYPE.axis)
    room = _SECOND_EDGE - 6 if look.second_tzid else right - 4
    text.draw_right(painter, (right, baseline), _zone(look.tzid, look.now, home, room), home, look.tokens.text2)
    if look.second_tzid:
        shown = _zone(look.second_tzid, look.now, other, right - _SECOND_EDGE)
        text.draw_right(painter, (right - _SECOND_EDGE, baseline), shown, other, look.tokens.text3)


def _zone(tzid: str, now: int, style: text.Style, room: float) -> str:
    name = words.city(tzid)
    return name if style.width(name) <= room else words.offset(tzid, now)


def _day_head(painter: QPainter, week: Week, geometry: Geometry, look: Look, day: int) -> None:
    tokens = look.tokens
    on, today = week.date(day), week.day_of(look.now) == day
    left = geometry.x(day) + 8
    weekend = on.weekday() >= _WEEKEND
    caps = text.style(TYPE.caption, fonts.SEMIBOLD)
    color = tokens.accent if today else tokens.text3
    text.draw(painter, (left, text.middle(5, 16, TYPE.caption)), words.weekday_caps(on), caps, color)
    number = text.style(TYPE.title, fonts.SEMIBOLD)
    shown = words.day_number(on)
    baseline = text.middle(21, 28, TYPE.title)
    if today:
        pill = QRectF(left - 5, 21, max(number.width(shown) + 10, 28), 28)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent))
        painter.drawRoundedRect(pill, 14, 14)
        x = pill.center().x() - number.width(shown) / 2
        text.draw(painter, (x, baseline), shown, number, tokens.on_accent)
    else:
        text.draw(painter, (left, baseline), shown, number, tokens.text3 if weekend else tokens.text)


def _lane(painter: QPainter, week: Week, geometry: Geometry, look: Look, area: QRect | None) -> Iterator[None]:
    if not geometry.rows:
        return
    left, right = _sides(geometry, area)
    tokens = look.tokens
    axis = text.style(TYPE.axis)
    label = text.fit(words.all_day(), axis, geometry.gutter - GUTTER_AIR - 4)
    baseline = text.middle(HEAD + ROW_GAP, ROW, TYPE.axis)
    text.draw_right(painter, (geometry.gutter - GUTTER_AIR, baseline), label, axis, tokens.text3)
    smooth = painter.testRenderHint(_SMOOTH)
    painter.setRenderHint(_SMOOTH)
    hidden, painted, rows = [0] * week.days, 0, geometry.shown_rows
    for bar in week.bars:
        rect = geometry.bar(bar) if bar.row < rows else None
        if rect is None:
            for day in range(bar.first, bar.last + 1):
                hidden[day] += 1
        elif rect.left() <= right and rect.right() >= left:
            block.paint_bar(painter, rect, bar.instance, look, opens=bar.opens, continues=bar.continues)
            painted += 1
            if painted % _BARS == 0:
                yield
    painter.setRenderHint(_SMOOTH, smooth)
    if geometry.folds:
        counts = [words.fewer()] if geometry.unfolded else [words.more(n) if n else "" for n in hidden]
        small = text.style(TYPE.caption, fonts.MEDIUM)
        for day, count in enumerate(counts):
            rect = geometry.fold(day)
            if rect.left() > right or rect.right() < left:
                continue
            shown = text.fit(count, small, rect.width() - 10)
            text.draw(painter, (rect.left() + 8, text.middle(rect.top(), ROW, TYPE.caption)), shown, small, tokens.text2)


def _nothing(painter: QPainter, week: Week, geometry: Geometry, look: Look) -> None:
    """One quiet sentence on the empty grid, a little below where it opens."""
    said, style = words.nothing(week.days), text.style(TYPE.body)
    wide = style.width(said) + 24
    middle = (geometry.gutter + geometry.width) / 2
    y = geometry.y((look.day_begins + 2.5) * 3600)
    plate = QRectF(middle - wide / 2, y - 14, wide, 28)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(look.tokens.line), 1))
    painter.setBrush(QColor(look.tokens.bg))
    painter.drawRoundedRect(plate, 14, 14)
    text.draw(painter, (round(plate.left() + 12), text.middle(plate.top(), 28, TYPE.body)), said, style, look.tokens.text2)


def _upright(painter: QPainter, geometry: Geometry, top: float, bottom: float, color: str) -> None:
    for day in range(geometry.days):
        x = geometry.x(day)
        _hairline(painter, geometry, QLineF(x, top, x, bottom), color)


def _hairline(painter: QPainter, geometry: Geometry, line: QLineF, color: str) -> None:
    """A horizontal or vertical line, exactly one device pixel wide."""
    thin = 1 / geometry.dpr
    if line.y1() == line.y2():
        painter.fillRect(QRectF(line.x1(), geometry.snap(line.y1()), line.x2() - line.x1(), thin), QColor(color))
    else:
        painter.fillRect(QRectF(geometry.snap(line.x1()), line.y1(), thin, line.y2() - line.y1()), QColor(color))

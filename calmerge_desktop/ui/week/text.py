"""Words on the sheet: measured once, elided whole, drawn from Qt's prepared text.

Shaping a line costs ten times what drawing it again costs; a week of two thousand events is only smooth with a memory.
"""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QStaticText

from calmerge_desktop.ui.theme import fonts

_BREAKS = re.compile(r"\s+|(?<=[-/–—])(?=\w)")
_ASCENT = 0.96875
"""Of Inter, in em: static text is placed by its top, lines are placed by their baseline."""
_FEW = 2
_MOST = 16_384
"""Lines whose width is remembered."""
WIDEST = 1.2
"""No letter of ASCII is wider, in em. Others may be: an em dash for three, or a whole sentence in one sign."""
_USUAL = 0.55
"""A letter is about that wide, in em: longer lines are probably shortened, and Qt measures them then anyway."""
_CAP = 0.727
"""Height of a capital in em."""


class Style:
    """A size and weight with its metrics. `struck` crosses the words out."""

    __slots__ = ("_widths", "font", "key", "metrics", "size", "struck")

    def __init__(self, size: int, weight: QFont.Weight, struck: bool = False) -> None:
        self.font = QFont(fonts.font(size, weight))
        self.struck = struck
        self.metrics = QFontMetricsF(self.font)
        self.size = size
        self.key = (size, weight.value, struck)
        self._widths: dict[str, float] = {}

    def width(self, words: str) -> float:
        """Width of a line in logical pixels."""
        known = self._widths.get(words)
        if known is None:
            if len(self._widths) >= _MOST:
                self._widths.clear()
            known = self._widths[words] = self.metrics.horizontalAdvance(words)
        return known

    def fits(self, words: str, width: float) -> bool:
        """Whether a line is at most that wide. Qt shapes each line it measures: short ones need not be asked about."""
        short = words.isascii() and len(words) * self.size * WIDEST <= width
        return short or self.width(words) <= width


@lru_cache(maxsize=64)
def style(size: int, weight: QFont.Weight = fonts.REGULAR, struck: bool = False) -> Style:
    """The shared style of a size and weight."""
    return Style(size, weight, struck)


@lru_cache(maxsize=16_384)
def _prepared(words: str, key: tuple[int, int, bool]) -> QStaticText:
    made = QStaticText(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    made.prepare(font=style(key[0], QFont.Weight(key[1]), key[2]).font)
    return made


@lru_cache(maxsize=256)
def _color(name: str) -> QColor:
    return QColor(name)


@lru_cache(maxsize=16_384)
def _fitted(words: str, key: tuple[int, int, bool], width: int) -> str:
    look = style(key[0], QFont.Weight(key[1]), key[2])
    if len(words) * look.size * _USUAL <= width and look.fits(words, width):
        return words
    shown = look.metrics.elidedText(words, Qt.TextElideMode.ElideRight, width)
    return shown if shown == words or len(shown) > _FEW else ""


def fit(words: str, look: Style, width: float) -> str:
    """`words` on one line of at most `width`, shortened with an ellipsis when they are too long.

    Nothing at all when only a letter would be left: that says less than an empty block.
    """
    return _fitted(words, look.key, int(width))


def draw(painter: QPainter, at: tuple[float, float], words: str, look: Style, color: str) -> None:
    """One line that begins at `at`, x and baseline; nothing happens for no words."""
    if words:
        x, baseline = at
        painter.setFont(look.font)
        ink = _color(color)
        painter.setPen(ink)
        painter.drawStaticText(QPointF(x, baseline - round(look.size * _ASCENT)), _prepared(words, look.key))
        if look.struck:  # by hand: Qt forgets the painter's position when static text is struck out
            painter.fillRect(QRectF(x - 1, baseline - round(look.size * 0.33), look.width(words) + 2, 1), ink)


def draw_right(painter: QPainter, at: tuple[float, float], words: str, look: Style, color: str) -> None:
    """One line that ends at `at`, x and baseline."""
    draw(painter, (at[0] - look.width(words), at[1]), words, look, color)


def middle(top: float, height: float, size: int) -> float:
    """The baseline that puts capitals of `size` in the middle, on a whole pixel."""
    return round(top + height / 2 + size * _CAP / 2)


@lru_cache(maxsize=8_192)
def wrap(words: str, size: int, weight: QFont.Weight, width: int, most: int) -> tuple[str, ...]:
    """`words` on up to `most` lines, if the longest word fits in `width`; else on one line. The last line is elided."""
    look = style(size, weight)
    if most == 1 or look.fits(words, width):
        return (fit(words, look, width),)
    parts = [part for part in _BREAKS.split(words) if part]
    if not all(look.fits(part, width) for part in parts):
        return (fit(words, look, width),)
    return _filled(words, look, width, most)


def _filled(words: str, look: Style, width: int, most: int) -> tuple[str, ...]:
    lines: list[str] = []
    rest = words
    while rest and len(lines) < most - 1:
        taken = _as_much(rest, look, width)
        lines.append(taken.rstrip())
        rest = rest[len(taken) :].lstrip()
    if rest:
        lines.append(fit(rest, look, width))
    return tuple(lines)


def _as_much(rest: str, look: Style, width: int) -> str:
    """The longest beginning of `rest` that ends at a break and fits."""
    ends = [match.start() for match in _BREAKS.finditer(rest)] + [len(rest)]
    best = ends[0]
    for end in ends:
        if not look.fits(rest[:end], width):
            break
        best = end
    return rest[:best]

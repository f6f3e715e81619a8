"""The tokens in force as colours and fonts to paint with."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QPainter

from calmerge_desktop.core.records import dataclass
from calmerge_desktop.ui import icons
from calmerge_desktop.ui.theme import fonts, tokens
from calmerge_desktop.ui.theme.style import Theme
from calmerge_desktop.ui.theme.tokens import Tokens

_WEIGHTS = {400: fonts.REGULAR, 500: fonts.MEDIUM, 600: fonts.SEMIBOLD}


@dataclass(frozen=True, slots=True)
class Plate:
    """A tinted triple: ground, saturated mark, words on the ground."""

    fill: QColor
    bar: QColor
    text: QColor


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """Every colour of the theme as a `QColor`. Copy one before changing it."""

    dark: bool
    bg: QColor
    surface: QColor
    surface2: QColor
    line: QColor
    line_soft: QColor
    text: QColor
    text2: QColor
    text3: QColor
    accent: QColor
    on_accent: QColor
    accent_soft: QColor
    focus: QColor
    now: QColor
    on_now: QColor
    warn: QColor
    danger: QColor
    done: QColor
    inverse: QColor
    on_inverse: QColor
    scrim: QColor
    shadow_alpha: float

    @staticmethod
    def mixed(one: QColor, other: QColor, share: float) -> QColor:
        """`one` with `share` (0..1) of `other`."""
        return QColor(tokens.mix(other.name(), one.name(), share)) if share else one


def current() -> Tokens:
    """The tokens in force."""
    return Theme.current().tokens


def ink() -> Ink:
    """The tokens in force as colours."""
    return _ink(current().name)


def plate(color: str) -> Plate:
    """The event colour nearest to `color` (`#RRGGBB`), or the one of that name."""
    name = color if color in current().events else tokens.nearest(color)
    return _plate(current().name, name)


def font(size_px: int, weight: int = 400) -> QFont:
    """Inter with tabular digits; `weight` is 400, 500 or 600. Shared: copy before changing."""
    return fonts.font(size_px, _WEIGHTS[weight])


def paint_icon(painter: QPainter, name: str, rect: QRectF, color: QColor) -> None:
    """A stroke icon in `color`."""
    icons.paint(painter, name, rect, color.name())


@lru_cache(maxsize=4)
def _ink(name: str) -> Ink:
    t = tokens.DARK if name == "dark" else tokens.LIGHT
    scrim = QColor(t.scrim)
    scrim.setAlphaF(t.scrim_alpha)
    return Ink(
        dark=name == "dark",
        bg=QColor(t.bg),
        surface=QColor(t.surface),
        surface2=QColor(t.surface2),
        line=QColor(t.line),
        line_soft=QColor(t.line_soft),
        text=QColor(t.text),
        text2=QColor(t.text2),
        text3=QColor(t.text3),
        accent=QColor(t.accent),
        on_accent=QColor(t.on_accent),
        accent_soft=QColor(t.accent_soft),
        focus=QColor(t.focus),
        now=QColor(t.now),
        on_now=QColor(t.on_now),
        warn=QColor(t.warn),
        danger=QColor(t.error),
        done=QColor(t.done),
        inverse=QColor(t.inverse),
        on_inverse=QColor(t.on_inverse),
        scrim=scrim,
        shadow_alpha=t.shadow_alpha,
    )


@lru_cache(maxsize=32)
def _plate(theme: str, name: str) -> Plate:
    triple = (tokens.DARK if theme == "dark" else tokens.LIGHT).events[name]
    return Plate(QColor(triple.fill), QColor(triple.bar), QColor(triple.text))

"""Stroke icons of our own, 16 px, tinted when they are loaded."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from calmerge_desktop import resources

SIZE = 16
"""Edge of an icon in logical pixels."""


def names() -> list[str]:
    """Every icon there is, sorted."""
    return sorted(file.stem for file in resources.path("icons").glob("*.svg"))


def paint(painter: QPainter, name: str, rect: QRectF, color: str) -> None:
    """Draw the icon into `rect` at the painter's own resolution. Raises `KeyError` for an unknown name."""
    _renderer(name, color).render(painter, rect)


@lru_cache(maxsize=512)
def pixmap(name: str, color: str, size: int = SIZE, dpr: float = 1.0) -> QPixmap:
    """The icon in `color` (`#RRGGBB`), `size` logical pixels wide, for a screen of `dpr`."""
    renderer = _renderer(name, color)
    made = QPixmap(round(size * dpr), round(size * dpr))
    made.setDevicePixelRatio(dpr)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return made


@lru_cache(maxsize=512)
def icon(name: str, color: str, disabled: str | None = None, size: int = SIZE) -> QIcon:
    """A QIcon in `color`, sharp at 1x, 1.5x and 2x; `disabled` is the tint when its button is off."""
    made = QIcon()
    for dpr in (1.0, 1.5, 2.0):
        made.addPixmap(pixmap(name, color, size, dpr))
        if disabled:
            made.addPixmap(pixmap(name, disabled, size, dpr), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=512)
def _renderer(name: str, color: str) -> QSvgRenderer:
    file = resources.path(f"icons/{name}.svg")
    if not file.is_file():
        raise KeyError(name)
    svg = file.read_text(encoding="utf-8").replace("#000000", color)
    return QSvgRenderer(QByteArray(svg.encode()))

"""The week as a PNG, without a screen: `calmerge week --png`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter

from calmerge_desktop import resources
from calmerge_desktop.core import texts
from calmerge_desktop.core.model import Calendar, Instance
from calmerge_desktop.core.week import lay_out
from calmerge_desktop.ui.theme.tokens import DARK, LIGHT
from calmerge_desktop.ui.week.geometry import Geometry
from calmerge_desktop.ui.week.look import Look
from calmerge_desktop.ui.week.paint import paint_week

_AIR = 28
"""How far above the first shown hour the sheet opens."""


def opening(day_begins: int, geometry: Geometry) -> float:
    """Scroll offset at which a week opens: a little before the hour ahead of the working day."""
    return max(geometry.y((day_begins - 1) * 3600) - _AIR, 0.0)


def render_image(
    instances: Iterable[Instance],
    calendars: Iterable[Calendar],
    first_day: date,
    days: int,
    tzid: str,
    *,
    size: tuple[int, int],
    theme: str,
    now: int,
    second_tzid: str | None = None,
    dpr: float = 1,
    day_begins: int = 9,
    day_ends: int = 18,
) -> QImage:
    """The week as an image of `size` logical pixels. Needs a QGuiApplication; `theme` is `light` or `dark`."""
    width, height = size
    tokens = DARK if theme == "dark" else LIGHT
    week = lay_out(instances, first_day, days, tzid)
    look = Look.of(tokens, calendars, tzid=tzid, now=now, day_begins=day_begins, day_ends=day_ends, second_tzid=second_tzid)
    geometry = Geometry.of(week, width, second_zone=second_tzid is not None, dpr=dpr)
    image = QImage(round(width * dpr), round(height * dpr), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(dpr)
    image.fill(tokens.bg)
    scroll = min(opening(day_begins, geometry), max(geometry.sheet - (height - geometry.head), 0))
    painter = QPainter(image)
    paint_week(painter, week, geometry, look, height=height, scroll=scroll)
    painter.end()
    return image


def render_png(
    instances: Iterable[Instance],
    calendars: Iterable[Calendar],
    first_day: date,
    days: int,
    tzid: str,
    size: tuple[int, int],
    theme: str,
    language: str,
    now: int,
    path: Path,
    second_tzid: str | None = None,
    dpr: float = 1,
    *,
    day_begins: int = 9,
    day_ends: int = 18,
) -> None:
    """Write the week to `path` as PNG. Works without a screen; speaks `language` from then on. Raises `OSError`."""
    offscreen_application()
    texts.choose(language, resources.path("i18n"))
    image = render_image(
        instances,
        calendars,
        first_day,
        days,
        tzid,
        size=size,
        theme=theme,
        now=now,
        second_tzid=second_tzid,
        dpr=dpr,
        day_begins=day_begins,
        day_ends=day_ends,
    )
    if not QImageWriter(str(path), QByteArray(b"png")).write(image):
        raise OSError(f"cannot write {path}")


def offscreen_application() -> QGuiApplication:
    """The running application, or a new one that needs no screen."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    return QApplication([])

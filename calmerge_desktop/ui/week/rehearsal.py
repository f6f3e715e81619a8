"""What the first event of an empty week needs, loaded before it comes.

Fonts are opened and records compiled when they are first used. In an empty window that would be while everything arrives at
once, and a key press would wait for both.
"""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtGui import QImage, QPainter

from calmerge_desktop.core.model import CalendarId, Instance
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.week import lay_out
from calmerge_desktop.ui.week.block import paint_block
from calmerge_desktop.ui.week.parts import parts
from calmerge_desktop.ui.week.scene import Scene

_LENGTHS = (timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=3))


def rehearse(scene: Scene | None) -> None:
    """Make a few events ready and paint them where nobody sees it; nothing when the week has shown events already."""
    if scene is None or scene.week.blocks:
        return
    week, nobody = scene.week, CalendarId("")
    events = [
        Instance(
            *(f"{n}", "", None, nobody, (nobody,), scene.look.now + n * 86_400, 0),
            summary="CalMerge is a calendar of calendars",
            location="Everywhere",
        )._replace(end=scene.look.now + n * 86_400 + int(length.total_seconds()))
        for n, length in enumerate(_LENGTHS)
    ]
    full = lay_out(events, week.first, week.days, week.tzid)
    later = Scene.of(full, replace(scene.geometry), replace(scene.look), (), scene)
    if not scene.matches(later):
        return
    made = parts(full, later.geometry, later.look)
    canvas = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for day in made:
        for block in day.large:
            paint_block(painter, block)
    painter.end()

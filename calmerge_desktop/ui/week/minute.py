"""What the passing of a minute changes in a week on screen: usually nothing but the line of now."""

from __future__ import annotations

from PySide6.QtCore import QRect

from calmerge_desktop.core.records import replace
from calmerge_desktop.ui.week import paint
from calmerge_desktop.ui.week.scene import Scene

_MINUTE = 60


def until_next(now: int) -> int:
    """Milliseconds to the next full minute of the wall."""
    return (_MINUTE - now % _MINUTE) * 1000


def moved(scene: Scene, now: int) -> tuple[Scene, QRect] | None:
    """The scene at a later moment and what of the sheet to paint; None when an event ended or the day changed."""
    before = scene.look.now
    ended = any(before < block.instance.end <= now for block in scene.week.blocks)
    if ended or scene.week.day_of(before) != scene.week.day_of(now):
        return None
    old = paint.now_area(scene.week, scene.geometry, scene.look)
    later = replace(scene, look=scene.look.at(now), kept=scene.made)
    new = paint.now_area(later.week, later.geometry, later.look)
    return later, old.united(new).toAlignedRect()

"""The blocks of each day made ready to paint, and kept while the day does not change.

A full week has thousands of blocks, and nearly all are too small for words: those are plain rectangles, gathered by colour
and painted in a few calls. An edit changes one day: the others keep what was made for them, and their pixels.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QBrush

from calmerge_desktop.core.week import Block, Week
from calmerge_desktop.ui.week.block import TINY, Ready, ink, ready
from calmerge_desktop.ui.week.geometry import Geometry
from calmerge_desktop.ui.week.look import Look
from calmerge_desktop.ui.week.shapes import BAR

_NEVER = 1 << 62
STEP = 4
"""Blocks with a shape, and perhaps words to be measured, in one step; of plain marks it is eight times as many."""
_Groups = dict[int, tuple[QBrush, Any]]


class DayParts(NamedTuple):
    """One day, ready to paint."""

    blocks: tuple[Block, ...]
    places: list[QRectF]
    """Where they stand on the sheet, in their order."""
    marks: list[tuple[QBrush, list[QRectF] | list[QRect]]]
    """What is too small for a shape: grounds first, then bars, by colour."""
    large: list[Ready]
    """What has a shape, and perhaps words."""
    since: int
    """From this moment on …"""
    until: int
    """… to this one the same blocks are over (and paler): the parts hold."""


def parts(week: Week, geometry: Geometry, look: Look, before: Sequence[DayParts] = ()) -> tuple[DayParts, ...]:
    """Parts of every day. `before` are those of the same days with the same geometry, tokens and colours, to be kept."""
    making = in_steps(week, geometry, look, before)
    while True:
        try:
            next(making)
        except StopIteration as done:
            made: tuple[DayParts, ...] = done.value
            return made


def in_steps(
    week: Week, geometry: Geometry, look: Look, before: Sequence[DayParts]
) -> Generator[None, None, tuple[DayParts, ...]]:
    """`parts` a few blocks at a time, for who has something else to do between."""
    by_day: list[list[Block]] = [[] for _ in range(week.days)]
    for block in week.blocks:
        by_day[block.day].append(block)
    out = []
    for day, found in enumerate(by_day):
        blocks, old = tuple(found), before[day] if before else None
        if old is not None and old.since <= look.now < old.until and old.blocks == blocks:
            out.append(old)
        else:
            out.append((yield from _day(blocks, geometry, look)))
    return tuple(out)


def _day(blocks: tuple[Block, ...], geometry: Geometry, look: Look) -> Generator[None, None, DayParts]:
    places, now = geometry.blocks(blocks), look.now
    whole = geometry.dpr == 1  # then Qt paints these pixels in half the time when they come as whole numbers
    grounds: _Groups = {}
    bars: _Groups = {}
    large = []
    since, until = -_NEVER, _NEVER
    work = 0
    for block, rect in zip(blocks, places, strict=True):
        instance = block[0]
        end = instance.end
        if end <= now:
            since = max(since, end)
        else:
            until = min(until, end)
        width, height = rect.width(), rect.height()
        if width >= TINY and height >= TINY:
            large.append(ready(rect, instance, look))
            work += 8
            if work >= STEP * 8:
                work = 0
                yield
            continue
        colours = ink(instance, look, end <= now)
        _put(grounds, colours.fill, rect.toRect() if whole else rect)
        left, top = rect.left(), rect.top()
        shown = colours.bars or ((colours.edge,) if colours.edge else ())
        wide, share = min(BAR, width / 2), height / max(len(shown), 1)
        for n, bar in enumerate(shown):
            part = QRectF(left, top + n * share, wide, share)
            _put(bars, bar, part.toRect() if whole else part)
        work += 1
        if work >= STEP * 8:
            work = 0
            yield
    return DayParts(blocks, places, [*grounds.values(), *bars.values()], large, since, until)


def _put(where: _Groups, brush: QBrush, rect: QRectF | QRect) -> None:
    key = id(brush)  # there is one of each colour, and the group holds it
    found = where.get(key)
    if found is None:
        where[key] = (brush, [rect])
    else:
        found[1].append(rect)

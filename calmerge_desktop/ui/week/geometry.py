"""Where everything of a week stands, in logical pixels snapped to the screen's own. No painting here.

Two coordinate systems: the *head* (day heads and the all-day lane) and the *sheet* (24 hours, scrolled below it).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF

from calmerge_desktop.core.records import dataclass
from calmerge_desktop.core.week import DAY, Bar, Block, Week

HEAD = 56
ROW = 22
ROW_GAP = 3
ROWS = 6
"""Rows of the all-day lane before it folds."""
GUTTER = 64
SECOND = 48
"""What a second zone adds to the gutter."""
GUTTER_AIR = 12
"""Between the hours and the first day."""
LEFT_AIR, RIGHT_AIR = 2.0, 4.0
BETWEEN = 2.0
"""Air between neighbouring blocks."""
WIDE = 2.4
"""How many times as wide as its neighbours the day is that they make room for."""
SNAP = 15 * 60
"""A drag moves in steps of a quarter of an hour."""


class Place(NamedTuple):
    """A place in the week: index of the day and wall seconds since its midnight."""

    day: int
    second: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """Measures of one week in one window."""

    width: float
    days: int
    rows: int
    """Rows the all-day lane needs."""
    second_zone: bool = False
    unfolded: bool = False
    """All rows of the all-day lane are shown, however many."""
    most: int = 40
    """Rows that fit the window even when unfolded."""
    hour: float = 56.0
    dpr: float = 1.0
    wide: int | None = None
    """The day the others make room for; None: all are equal."""

    @classmethod
    def of(
        cls,
        week: Week,
        width: float,
        *,
        second_zone: bool,
        unfolded: bool = False,
        most: int = 40,
        dpr: float = 1.0,
        wide: int | None = None,
    ) -> Geometry:
        """The measures of `week` in a sheet `width` wide."""
        return cls(
            width=width,
            days=week.days,
            rows=week.rows,
            second_zone=second_zone,
            unfolded=unfolded,
            most=most,
            dpr=dpr,
            wide=wide if wide is not None and wide < week.days else None,
        )

    @property
    def gutter(self) -> float:
        """Width of the hours."""
        return GUTTER + (SECOND if self.second_zone else 0)

    @property
    def folds(self) -> bool:
        """Whether the lane has more rows than it shows by itself."""
        return self.rows > ROWS

    @property
    def shown_rows(self) -> int:
        """Rows of bars; when folded, the last line says how many are missing."""
        if not self.folds:
            return self.rows
        return min(self.rows, max(self.most, ROWS - 1)) if self.unfolded else ROWS - 1

    @property
    def lane(self) -> float:
        """Height of the all-day lane."""
        lines = self.shown_rows + (1 if self.folds else 0)
        return ROW_GAP + lines * (ROW + ROW_GAP) + 4 if lines else 0.0

    @property
    def head(self) -> float:
        """Height of day heads and lane, with the line below them."""
        return HEAD + self.lane + 1

    @property
    def sheet(self) -> float:
        """Height of the 24 hours."""
        return 24 * self.hour

    def snap(self, value: float) -> float:
        """The nearest edge of a device pixel."""
        return round(value * self.dpr) / self.dpr

    def x(self, day: int) -> float:
        """Left edge of a day; of `days`, the right edge of the last."""
        room = self.width - self.gutter
        if self.wide is None:
            return self.snap(self.gutter + room * day / self.days)
        share = room / (self.days - 1 + WIDE)
        return self.snap(self.gutter + share * (day if day <= self.wide else day - 1 + WIDE))

    def y(self, second: float) -> float:
        """Height of a wall second on the sheet."""
        return self.snap(second * self.hour / 3600)

    def block(self, block: Block) -> QRectF:
        """Where a block is painted on the sheet."""
        return self.blocks((block,))[0]

    def blocks(self, blocks: Iterable[Block]) -> list[QRectF]:
        """Where blocks are painted, in their order. One pass without calls: there may be thousands of them."""
        dpr, second = self.dpr, self.hour * self.dpr / 3600
        edges = [self.x(day) for day in range(self.days + 1)]
        out = []
        for _instance, day, start, end, column, span, columns, _opens, _continues in blocks:
            left = edges[day] + LEFT_AIR
            share = (edges[day + 1] - RIGHT_AIR - left + BETWEEN) / columns
            x = left + share * column
            wide = share * span - BETWEEN
            near = round(x * dpr) / dpr
            far = round((x + max(wide, 2.0)) * dpr) / dpr
            top = round(start * second) / dpr
            tall = round(end * second) / dpr - top - 3
            out.append(QRectF(near, top + 1, far - near, max(tall, 4.0)))
        return out

    def span(self, day: int, start: int, end: int) -> QRectF:
        """A whole column between two wall times: a slot, a ghost."""
        left, right = self.x(day) + LEFT_AIR, self.x(day + 1) - RIGHT_AIR
        return QRectF(left, self.y(start) + 1, right - left, max(self.y(end) - self.y(start) - 3, 4.0))

    def bar(self, bar: Bar) -> QRectF | None:
        """Where a bar is painted in the head; None when it is folded away."""
        return self.row(bar.first, bar.last, bar.row, bar.opens, bar.continues) if bar.row < self.shown_rows else None

    def row(self, first: int, last: int, row: int, opens: bool = False, continues: bool = False) -> QRectF:
        """A bar from day to day in a row of the lane; open ends reach the edge."""
        left = self.x(first) + (0 if opens else LEFT_AIR)
        right = self.x(last + 1) - (0 if continues else RIGHT_AIR - 1)
        return QRectF(left, HEAD + ROW_GAP + row * (ROW + ROW_GAP), right - left, ROW)

    def fold(self, day: int) -> QRectF:
        """Where "n more" stands for a day (the first: also where "show less" stands)."""
        return self.row(day, day, self.shown_rows)

    def day_at(self, x: float) -> int:
        """The day under `x`, the nearest one beside the grid."""
        if self.wide is not None:
            return next((day for day in range(self.days) if x < self.x(day + 1)), self.days - 1)
        share = (x - self.gutter) / (self.width - self.gutter)
        return min(max(int(share * self.days), 0), self.days - 1)

    def place(self, at: QPointF, step: int = SNAP) -> Place:
        """Day and wall time under a point of the sheet, rounded down to `step` seconds."""
        second = int(at.y() * 3600 / self.hour)
        return Place(self.day_at(at.x()), min(max(second - second % step, 0), DAY))

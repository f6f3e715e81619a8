"""What is on screen now, and what is under the pointer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF

from calmerge_desktop.core.model import Access, Calendar, CalendarId, Instance
from calmerge_desktop.core.records import dataclass, replace
from calmerge_desktop.core.week import Week
from calmerge_desktop.ui.week import words
from calmerge_desktop.ui.week.cursor import Stop
from calmerge_desktop.ui.week.geometry import Geometry
from calmerge_desktop.ui.week.look import Look
from calmerge_desktop.ui.week.overlay import Overlay
from calmerge_desktop.ui.week.parts import DayParts, in_steps, parts


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A week with its measures and its look; replaced as a whole when one of them changes."""

    week: Week
    geometry: Geometry
    look: Look
    names: dict[CalendarId, str]
    writable: frozenset[CalendarId]
    overlay: Overlay | None = None
    """What is offered, over the events."""
    kept: tuple[DayParts, ...] = ()
    """Days of the scene before, to be taken over where they are the same."""

    @classmethod
    def of(
        cls,
        week: Week,
        geometry: Geometry,
        look: Look,
        calendars: Iterable[Calendar],
        before: Scene | None = None,
        overlay: Overlay | None = None,
    ) -> Scene:
        """A scene with the names and rights of the calendars; days that are the same in `before` keep what it made."""
        known = tuple(calendars)
        if before is not None and not before.stays(week, geometry, look):
            before = None
        if before is not None and before.look.colors == look.colors:
            look = replace(look, inks=before.look.inks)
        return cls(
            week=week,
            geometry=geometry,
            look=look,
            names={calendar.id: calendar.name for calendar in known},
            kept=before.made if before else (),
            overlay=overlay,
            writable=frozenset(calendar.id for calendar in known if calendar.access is Access.WRITE),
        )

    @cached_property
    def days(self) -> tuple[DayParts, ...]:
        """The blocks of each day, ready to paint: made for the first paint, as a window that opens has several sizes."""
        return self._keep(parts(self.week, self.geometry, self.look, self.kept))

    def make_days(self) -> Iterator[None]:
        """Make `days` in small steps, for a scene that may wait for its turn to be shown."""
        if "days" not in self.__dict__:
            self.__dict__["days"] = self._keep((yield from in_steps(self.week, self.geometry, self.look, self.kept)))

    def _keep(self, made: tuple[DayParts, ...]) -> tuple[DayParts, ...]:
        self.__dict__["kept"] = ()  # of no use any more: `Leaving` frees what is not taken over
        return made

    @property
    def made(self) -> tuple[DayParts, ...]:
        """`days`, or what they would be made from."""
        found: tuple[DayParts, ...] = self.__dict__.get("days", self.kept)
        return found

    def stays(self, week: Week, geometry: Geometry, look: Look) -> bool:
        """Whether the same days look the same way here, so that only what is on them can differ."""
        return (
            (week.first, week.days, week.tzid, week.empty)
            == (self.week.first, self.week.days, self.week.tzid, self.week.empty)
            and geometry == self.geometry
            and replace(look, now=self.look.now, colors=self.look.colors if week.empty else look.colors) == self.look
            and week.day_of(look.now) == week.day_of(self.look.now)
        )

    def differs(self, before: Scene | None) -> tuple[list[int] | None, list[int] | None]:
        """The days whose pixels are others than in `before`, in the head and on the sheet; None for all of them."""
        if before is None or not before.stays(self.week, self.geometry, self.look):
            return None, None
        head: list[int] | None = [] if before.week.bars == self.week.bars else None
        if not before.made:
            return head, None
        return head, [day for day, now in enumerate(self.days) if now is not before.made[day]]

    def same_days(self, other: Scene) -> bool:
        """Whether both show the same days of the same wall clock."""
        mine, theirs = self.week, other.week
        return (mine.first, mine.days, mine.tzid) == (theirs.first, theirs.days, theirs.tzid)

    def matches(self, later: Scene) -> bool:
        """Whether it may stay on screen until `later` is made: it has the same measures and colours."""
        mine, other = (replace(one.geometry, days=0, rows=0) for one in (self, later))
        return mine == other and self.look.tokens == later.look.tokens

    def movable(self, instance: Instance) -> bool:
        """Whether a drag may change it."""
        return instance.calendar in self.writable and not self.asks

    @property
    def asks(self) -> bool:
        """Whether a press on a free place asks about it."""
        return self.overlay is not None and self.overlay.asks

    def on_sheet(self, at: QPointF) -> tuple[Instance, QRectF, Stop] | None:
        """The timed event under a point of the sheet."""
        if at.x() < self.geometry.gutter:
            return None
        place = self.geometry.place(at, 1)
        for block in reversed(self.week.blocks):
            if block.day == place.day and block.start <= place.second < block.end:
                rect = self.geometry.block(block)
                if rect.contains(at):
                    stop = Stop(block.day, block.start, block.end, block.instance, block.day, block.day)
                    return block.instance, rect, stop
        return None

    def in_head(self, at: QPointF) -> tuple[Instance, QRectF, Stop] | None:
        """The event of the all-day lane under a point of the head."""
        for bar in self.week.bars:
            rect = self.geometry.bar(bar)
            if rect is not None and rect.contains(at):
                day = self.geometry.day_at(at.x())
                return bar.instance, rect, Stop(day, -1, -1, bar.instance, bar.first, bar.last)
        return None

    def rect(self, stop: Stop) -> QRectF | None:
        """Where a stop is painted: in the head when it is `all_day`, else on the sheet. None: folded away or gone."""
        if stop.instance is None:
            return self.geometry.span(stop.day, stop.start, stop.end)
        if stop.all_day:
            bars = (bar for bar in self.week.bars if bar.instance.id == stop.instance.id)
            return next((self.geometry.bar(bar) for bar in bars), None)
        blocks = (b for b in self.week.blocks if b.instance.id == stop.instance.id and b.day == stop.day)
        return next((self.geometry.block(block) for block in blocks), None)

    def sentence(self, instance: Instance) -> str:
        """The whole event in words."""
        return words.accessible(instance, self.look.tz, self.names)

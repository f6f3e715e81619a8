"""A drag on the week as arithmetic: wall seconds in, two Stamps out. No widgets.

Positions are wall seconds since the midnight the week begins with; all-day drags count whole days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from calmerge_desktop.core.model import Instance, Stamp
from calmerge_desktop.core.records import dataclass
from calmerge_desktop.core.week import DAY, Week
from calmerge_desktop.core.when import date_seconds, local
from calmerge_desktop.ui.week.geometry import SNAP, Place


class Kind(Enum):
    """What a drag does."""

    CREATE = "create"
    MOVE = "move"
    START = "start"
    """Pulls the beginning of an event."""
    END = "end"


@dataclass(slots=True, kw_only=True)
class Drag:
    """One drag from press to release or Esc."""

    kind: Kind
    week: Week
    grip: int
    """Where it was pressed."""
    start: int
    end: int
    """The result so far."""
    instance: Instance | None = None
    all_day: bool = False
    _from: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        self._from = (self.start, self.end)

    @property
    def moved(self) -> bool:
        """Whether releasing now changes anything."""
        return self.kind is Kind.CREATE or (self.start, self.end) != self._from

    def to(self, at: int) -> None:
        """The pointer is over `at`."""
        step = DAY if self.all_day else SNAP
        start, end = self._from
        shift = (at // step - self.grip // step) * step
        if self.kind is Kind.MOVE:
            self.start, self.end = start + shift, end + shift
        elif self.kind is Kind.END:
            self.end = max(end + shift, start + step)
        elif self.kind is Kind.START:
            self.start = min(start + shift, end - step)
        else:
            # A new timed event stays on its day.
            low, high = (0, self.week.days * DAY) if self.all_day else _day_of(self.grip)
            here = min(max(at, low), high - 1)
            self.start = min(self.grip, here) // step * step
            self.end = max(self.grip, here) // step * step + step

    def lasting(self, seconds: int) -> Drag:
        """The same, with another length."""
        self.end = self.start + seconds
        return self

    def stamps(self) -> tuple[Stamp, Stamp]:
        """Start and exclusive end: dates for an all-day drag, else wall times in the zone of the week."""
        midnight = datetime.combine(self.week.first, datetime.min.time())
        start, end = midnight + timedelta(seconds=self.start), midnight + timedelta(seconds=self.end)
        if self.all_day and (self.instance is None or self.instance.all_day):
            return Stamp(start.date()), Stamp(end.date())
        return Stamp(start, self.week.tzid), Stamp(end, self.week.tzid)

    def parts(self) -> list[tuple[int, int, int]]:
        """What the ghost covers, per visible day: (day, start, end) in wall seconds of that day."""
        first, last = max(self.start // DAY, 0), min((self.end - 1) // DAY, self.week.days - 1)
        return [(day, max(self.start - day * DAY, 0), min(self.end - day * DAY, DAY)) for day in range(first, last + 1)]


def begin(kind: Kind, week: Week, at: Place, instance: Instance | None = None, all_day: bool = False) -> Drag:
    """A drag that was pressed at `at`, on `instance` unless it creates one."""
    grip = at.day * DAY + at.second
    if instance is None:
        step = DAY if all_day else SNAP
        start = grip // step * step
        return Drag(kind=kind, week=week, grip=grip, start=start, end=start + step, all_day=all_day)
    start, end = walls(instance, week)
    return Drag(kind=kind, week=week, grip=grip, start=start, end=end, instance=instance, all_day=all_day)


def shifted(instance: Instance, week: Week, *, start: int = 0, end: int = 0) -> Drag:
    """The drag that a key makes: both ends moved by so many wall seconds; never shorter than a step."""
    low, high = walls(instance, week)
    step = DAY if instance.all_day else SNAP
    drag = Drag(kind=Kind.MOVE, week=week, grip=0, start=low, end=high, instance=instance, all_day=instance.all_day)
    drag.start, drag.end = low + start, max(high + end, low + start + step)
    return drag


def walls(instance: Instance, week: Week) -> tuple[int, int]:
    """Start and end of an instance in wall seconds since the midnight the week begins with."""
    if instance.all_day:
        zero = date_seconds(week.first)
        return instance.start - zero, max(instance.end, instance.start + DAY) - zero
    tz, midnight = ZoneInfo(week.tzid), datetime.combine(week.first, datetime.min.time())
    ends = [local(at, tz).replace(tzinfo=None) - midnight for at in (instance.start, instance.end)]
    start, end = (wall.days * DAY + wall.seconds for wall in ends)
    return start, max(end, start)


def dates(drag: Drag) -> tuple[datetime, datetime]:
    """The ends of a drag as naive wall times, for its label."""
    midnight = datetime.combine(drag.week.first, datetime.min.time())
    return midnight + timedelta(seconds=drag.start), midnight + timedelta(seconds=drag.end)


def _day_of(at: int) -> tuple[int, int]:
    return at // DAY * DAY, at // DAY * DAY + DAY

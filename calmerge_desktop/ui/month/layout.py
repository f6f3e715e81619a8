"""Where everything of a month goes: which days, which bars on which lane, which lines on which day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from calmerge_desktop.core.model import Instance
from calmerge_desktop.core.when import local, week_of
from calmerge_desktop.ui import phrases


@dataclass(frozen=True, slots=True)
class Bar:
    """An event of whole days, or one over midnight, inside one week row."""

    instance: Instance
    column: int
    columns: int
    lane: int
    begins: bool
    """Whether it begins in this week, else it comes from the week before."""
    ends: bool


@dataclass(slots=True)
class Day:
    """One cell: its date and its timed events in order."""

    date: date
    lines: list[Instance] = field(default_factory=list)


@dataclass(slots=True)
class Week:
    """One row of the month."""

    days: list[Day]
    bars: list[Bar] = field(default_factory=list)

    def lanes(self, column: int) -> int:
        """How many lanes above the lines of this day are taken by bars."""
        return max((bar.lane + 1 for bar in self.bars if bar.column <= column < bar.column + bar.columns), default=0)


def first_day(month: date, first_weekday: int) -> date:
    """The first date of the grid that shows the month of `month`."""
    return week_of(month.replace(day=1), first_weekday)


def weeks_shown(month: date, first_weekday: int) -> int:
    """Four to six: as many weeks as the month touches."""
    first = first_day(month, first_weekday)
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return -(-(following - first).days // 7)


def place(instances: Sequence[Instance], first: date, weeks: int, tz: ZoneInfo) -> list[Week]:
    """Lay `instances` out on `weeks` rows that begin with `first`."""
    rows = [Week([Day(first + timedelta(days=7 * row + column)) for column in range(7)]) for row in range(weeks)]
    for instance in sorted(instances, key=_order):
        begin, end = phrases.first_date(instance, tz), phrases.last_date(instance, tz)
        if is_bar(instance, tz):
            for row in rows:
                _add_bar(row, instance, begin, end)
        elif 0 <= (begin - first).days < 7 * weeks:
            row_number, column = divmod((begin - first).days, 7)
            rows[row_number].days[column].lines.append(instance)
    return rows


def is_bar(instance: Instance, tz: ZoneInfo) -> bool:
    """Whole days, or at least a full day long: painted as a bar across its days."""
    if instance.all_day:
        return True
    return local(instance.start, tz).date() != phrases.last_date(instance, tz) and instance.end - instance.start >= 86_400


def _order(instance: Instance) -> tuple[bool, int, int, str]:
    return (not instance.all_day, instance.start, -instance.end, instance.id)


def _add_bar(week: Week, instance: Instance, begin: date, end: date) -> None:
    monday, sunday = week.days[0].date, week.days[-1].date
    if end < monday or begin > sunday:
        return
    column = max((begin - monday).days, 0)
    last = min((end - monday).days, 6)
    lane = 0
    while any(bar.lane == lane and bar.column <= last and column < bar.column + bar.columns for bar in week.bars):
        lane += 1
    week.bars.append(Bar(instance, column, last - column + 1, lane, begin >= monday, end <= sunday))

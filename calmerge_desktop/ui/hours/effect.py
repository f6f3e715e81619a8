"""What a schedule under edit does to a link: its starts in one week, by weekday. Pure: runs on the query thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.schedule import Schedule, hours_of
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import local, midnight

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.desk import LinksJob


@dataclass(frozen=True, slots=True)
class Effect:
    """One week of one link under the edited hours."""

    count: int
    before: int | None
    """What it had under the saved hours; None when nothing is changed."""
    ticks: Mapping[int, Sequence[int]]
    """Weekday -> minutes of its starts, on the clock of the schedule."""
    different: Mapping[int, str]
    """Weekday -> why its date in this week has other hours."""


def effect(job: LinksJob, link: Link | None, edited: Schedule, saved: Schedule | None, first: date) -> Effect:
    """The week from Monday `first` on. Raises `BadInput` when a setting of the link cannot work."""
    tz = ZoneInfo(edited.tzid)
    low, high = midnight(first, tz), midnight(first + timedelta(days=7), tz)
    different = _different(edited, first, low, high)
    if link is None:
        return Effect(0, None, {}, different)
    found = job.slots(link, low, high, schedule=edited).slots
    before = None
    if saved is not None and saved != edited:
        before = len(job.slots(link, low, high, schedule=saved).slots)
    ticks: dict[int, list[int]] = {}
    for slot in found:
        at = local(slot.start, tz)
        ticks.setdefault(at.weekday(), []).append(at.hour * 60 + at.minute)
    return Effect(len(found), before, ticks, different)


def _different(schedule: Schedule, first: date, low: int, high: int) -> dict[int, str]:
    """Dates of the week that do not follow the weekly hours, in a word."""
    words = {"override": _("other hours"), "away": _("away"), "holiday": _("holiday")}
    out = {one.day.weekday(): one.note or words[one.why] for one in hours_of(schedule, low, high)[1]}
    for day in (first + timedelta(days=n) for n in range(7)):
        if day in schedule.overrides:
            out[day.weekday()] = words["override"]
        elif travel := next((one for one in schedule.travel if one.first <= day <= one.last), None):
            out.setdefault(day.weekday(), travel.tzid.rpartition("/")[2].replace("_", " "))
    return out


def effect_words(made: Effect) -> str:
    """`27 starts this week, 6 fewer than before your change`."""
    count = ngettext("{n} start this week", "{n} starts this week", made.count).format(n=made.count)
    if made.before is None or made.count == made.before:
        return count
    apart = made.count - made.before
    if apart > 0:
        return _("{count}, {n} more than before your change").format(count=count, n=apart)
    return _("{count}, {n} fewer than before your change").format(count=count, n=-apart)


def uses(link: Link, schedule: Schedule, usual: bool) -> bool:
    """Whether a link takes its hours from a schedule; `usual`: it is the one links without a name have."""
    named = link.schedule in (schedule.id, schedule.name) if link.schedule else usual
    return named and link.hours is None

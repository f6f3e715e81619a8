"""What a link offers in a week, as an overlay of that week. Pure: runs on the query thread."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from calmerge_desktop.core.agenda.links import SlotAnswer
from calmerge_desktop.core.availability.explain import Closed
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.slots import Frame, Slot
from calmerge_desktop.core.span import Span, subtract
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import DAY, midnight
from calmerge_desktop.ui.week import words
from calmerge_desktop.ui.week.overlay import Overlay, Part, Window

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.desk import LinksJob


@dataclass(frozen=True, slots=True)
class Result:
    """The week of one link."""

    overlay: Overlay
    count: int
    """Starts in the shown days."""
    before: int | None
    """What the saved link had; None when nothing is changed."""
    answer: SlotAnswer


class Days:
    """Instants -> visible days and wall seconds in one zone."""

    def __init__(self, first: date, days: int, tzid: str) -> None:
        self.tz = ZoneInfo(tzid)
        self.starts = [midnight(first + timedelta(days=n), self.tz) for n in range(days + 1)]

    def parts(self, low: int, high: int) -> Iterator[Part]:
        """`[low, high)` cut at the midnights of the shown days."""
        low, high = max(low, self.starts[0]), min(high, self.starts[-1])
        while low < high:
            day = bisect_right(self.starts, low) - 1
            end = min(high, self.starts[day + 1])
            yield day, words.wall_seconds(low, self.tz), DAY if end == self.starts[day + 1] else self.wall(end)
            low = end

    def wall(self, instant: int) -> int:
        """Wall seconds since midnight."""
        return words.wall_seconds(instant, self.tz)


def result(job: LinksJob, link: Link, saved: Link | None, first: date, days: int, tzid: str) -> Result:
    """What `link` offers on the `days` from `first` on, read in `tzid`; `saved` is what it is compared with.

    Raises `BadInput` when a setting cannot work.
    """
    shown = Days(first, days, tzid)
    low, high = shown.starts[0], shown.starts[-1]
    answer = job.slots(link, low, high)
    before = len(job.slots(saved, low, high).slots) if saved is not None and saved != link else None
    return Result(overlay(answer, shown), len(answer.slots), before, answer)


def overlay(answer: SlotAnswer, shown: Days) -> Overlay:
    """Windows with a tick a start, buffers hatched, the hours of the link unshaded."""
    frame = answer.frame
    hours: list[list[tuple[int, int]]] = [[] for _day in shown.starts[1:]]
    for one in frame.hours:
        for day, start, end in shown.parts(one.start, one.end):
            hours[day].append((start, end))
    windows = [made for run in _runs(answer.slots) for made in _windows(run, shown)]
    hatches = [part for span in _buffers(frame) for part in shown.parts(span.start, span.end)]
    return Overlay(windows=tuple(windows), hatches=tuple(hatches), open=tuple(tuple(sorted(day)) for day in hours))


def _runs(slots: Sequence[Slot]) -> Iterator[list[Slot]]:
    """Slots that touch or overlap are one window."""
    run: list[Slot] = []
    for one in slots:
        if run and one.start > max(slot.end for slot in run[-1:]):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _windows(run: Sequence[Slot], shown: Days) -> Iterator[Window]:
    starts = [one.start for one in run]
    title = f"{words.clock(shown.wall(run[0].start))}–{words.clock(shown.wall(run[-1].end))}"
    said = ngettext("{n} start", "{n} starts", len(run)).format(n=len(run))
    for n, (day, start, end) in enumerate(shown.parts(run[0].start, run[-1].end)):
        low, high = shown.starts[day], shown.starts[day + 1]
        ticks = tuple(shown.wall(at) for at in starts if low <= at < high)
        yield Window(day, start, end, ticks, title if n == 0 else "", said if n == 0 else "")


def _buffers(frame: Frame) -> list[Span]:
    """What events close beside themselves, inside the hours."""
    cuts = [Span(one.start - frame.after, one.end + frame.before) for one in frame.busy]
    hours = [Span(max(one.start, frame.low), one.end) for one in frame.hours if one.end > frame.low]
    inside = [part for cut in cuts for one in hours if (part := cut.clip(one))]
    return subtract(inside, [Span(one.start, one.end) for one in frame.busy])


def count_words(made: Result) -> tuple[str, str]:
    """`27 starts`, and `this week, 6 fewer than before your change`."""
    count = ngettext("{n} start", "{n} starts", made.count).format(n=made.count)
    if made.before is None:
        return count, _("this week")
    apart = made.count - made.before
    if not apart:
        return count, _("this week, as many as before your change")
    if apart > 0:
        return count, _("this week, {n} more than before your change").format(n=apart)
    return count, _("this week, {n} fewer than before your change").format(n=-apart)


def slot_at(answer: SlotAnswer, instant: int) -> Slot | None:
    """The slot that covers an instant."""
    return next((one for one in answer.slots if one.start <= instant < one.end), None)


def closed_at(closed: Sequence[Closed], instant: int) -> Closed | None:
    """The closed stretch that covers an instant; None outside the hours."""
    return next((one for one in closed if one.start <= instant < one.end), None)

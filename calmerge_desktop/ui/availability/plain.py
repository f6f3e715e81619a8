"""Plain free and busy as an overlay of the week, and why a place is not free. Pure: runs on the query thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from calmerge_desktop.core.agenda.free import FreeAnswer
from calmerge_desktop.core.availability.causes import Cause
from calmerge_desktop.core.availability.words import say
from calmerge_desktop.core.freebusy import Busy, Load, Taken
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.links.explain import Verdict, kinds
from calmerge_desktop.ui.links.result import Days
from calmerge_desktop.ui.links.rulings import Ruling, where
from calmerge_desktop.ui.week import words
from calmerge_desktop.ui.week.overlay import Overlay, Part, Window

if TYPE_CHECKING:
    from calmerge_desktop.ui.session import Session

_WEEKEND = 5
Hours = tuple[tuple[tuple[int, int], ...], ...]


def plain_overlay(answer: FreeAnswer, shown: Days, first: date, day_hours: tuple[int, int]) -> tuple[Overlay, int]:
    """Free time inside the working hours (first and last hour of weekdays), and how many seconds of it there are."""
    hours = _working(first, len(shown.starts) - 1, day_hours)
    windows, seconds = [], 0
    hatches: list[Part] = []
    for span in answer.spans:
        for day, start, end in shown.parts(span.start, span.end):
            for low, high in hours[day]:
                begin, finish = max(start, low), min(end, high)
                if begin >= finish:
                    continue
                if span.load is Load.FREE:
                    seconds += finish - begin
                    title = f"{words.clock(begin)}–{words.clock(finish)}"
                    windows.append(Window(day, begin, finish, (), title, phrases.duration(finish - begin)))
                elif span.load is not Load.BUSY:
                    hatches.append((day, begin, finish))
    return Overlay(windows=tuple(windows), hatches=tuple(hatches), open=hours), seconds


def plain_verdict(answer: FreeAnswer, instant: int, session: Session) -> Verdict:
    """Free, or everything that takes the time, with the calendars it lies in."""
    span = next((one for one in answer.spans if one.start <= instant < one.end), None)
    if span is None or span.load is Load.FREE:
        low, high = (span.start, span.end) if span else (instant, instant + 1800)
        return Verdict(True, low, high, _("None of your calendars has anything here."), "", "", answer.sources, plain=True)
    names = {one.id: one.name for one in session.calendars()}
    causes = tuple(_cause(one) for one in span.because)
    said = say(causes, session.tz)
    held = tuple(_ruling(cause, names) for cause in causes)
    low, high = _whole(answer.spans, span)
    return Verdict(False, low, high, said.detail, kinds()[said.because], said.opens_if, answer.sources, held, plain=True)


def _cause(one: Busy) -> Cause:
    return Cause("unreadable" if one.load is Load.UNKNOWN else "event", one)


def _ruling(cause: Cause, names: Mapping[CalendarId, str]) -> Ruling:
    one: Busy = cause.what
    if cause.kind == "unreadable":
        return Ruling(False, kinds()["unreadable"], one.summary, f"calendar:{one.calendars[0]}")
    return Ruling(
        False, kinds()["event"], _("“{words}”").format(words=one.summary) + f" · {where(one, names)}", f"event:{one.id}"
    )


def _whole(spans: Sequence[Taken], span: Taken) -> tuple[int, int]:
    """The stretch with the same reasons around a span."""
    low, high = span.start, span.end
    for one in spans:
        if one.end == low and one.because == span.because:
            low = one.start
        if one.start == high and one.because == span.because:
            high = one.end
    return low, high


def _working(first: date, days: int, day_hours: tuple[int, int]) -> Hours:
    span = ((day_hours[0] * 3600, day_hours[1] * 3600),)
    return tuple(span if (first + timedelta(days=n)).weekday() < _WEEKEND else () for n in range(days))


def instant_of(first: date, day: int, second: int, session: Session) -> int:
    """The instant of a place in the week."""
    midnight = datetime.combine(first + timedelta(days=day), datetime.min.time())
    return int((midnight + timedelta(seconds=min(second, 86_340))).replace(tzinfo=session.tz).timestamp())

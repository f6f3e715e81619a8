"""Everything the week says: heads, hours, states, and the full sentence of an event for who cannot see it.

Formats come from `ui.almanac`, longer ones from Babel, for the language spoken now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from calmerge_desktop.core.model import CalendarId, Instance, Status
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.week import DAY
from calmerge_desktop.core.when import local, seconds_date
from calmerge_desktop.ui import almanac
from calmerge_desktop.ui.almanac import city, clock, locale_name

__all__ = ["city", "clock", "locale_name"]


def wall_seconds(instant: int, tz: ZoneInfo) -> int:
    """Wall seconds since midnight at an instant."""
    at = local(instant, tz)
    return at.hour * 3600 + at.minute * 60 + at.second


def weekday_caps(day: date) -> str:
    """`TUE`, `DI`."""
    return almanac.weekday(day.weekday(), "abbreviated").rstrip(".").upper()


@lru_cache(maxsize=1024)
def _day_words(day: date, pattern: str, locale: str) -> str:
    from babel import dates

    return dates.format_date(day, pattern, locale=locale)


def load() -> None:
    """Load what long dates need, on a thread where that holds up nobody."""
    day_words(date(2026, 11, 24))


def day_words(day: date) -> str:
    """`Tuesday 24 November`."""
    return _day_words(day, _("EEEE d MMMM"), locale_name())


def day_number(day: date) -> str:
    """The number in a day's head; the first of a month names it."""
    return str(day.day)


def offset(tzid: str, at: int) -> str:
    """`UTC+1`, `UTC+5:30`: what a zone is called when its city does not fit."""
    minutes = int((local(at, ZoneInfo(tzid)).utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def all_day() -> str:
    """Head of the all-day lane."""
    return _("all-day")


def more(n: int) -> str:
    """What is folded away in the all-day lane."""
    return ngettext("{n} more", "{n} more", n).format(n=n)


def fewer() -> str:
    """Folds the all-day lane again."""
    return _("show less")


def nothing(days: int) -> str:
    """The one sentence of an empty week."""
    if days == 1:
        return _("Nothing on this day")
    return _("Nothing this week") if days == 7 else _("Nothing on these days")


def state(instance: Instance) -> str:
    """The state of an event in one word or two; empty for an ordinary one. Colour never says it alone."""
    if instance.status is Status.CANCELLED:
        return _("cancelled")
    if instance.conflict:
        return _("two versions")
    if instance.pending:
        return _("sending")
    if instance.partstat == "declined":
        return _("declined")
    if instance.partstat == "needs-action":
        return _("not answered")
    if instance.status is Status.TENTATIVE or instance.partstat == "tentative":
        return _("tentative")
    return ""


def begins(instance: Instance, tz: ZoneInfo) -> str:
    """When it begins: `09:45`."""
    return clock(wall_seconds(instance.start, tz))


def told(instance: Instance) -> str:
    """The state that no shape tells by itself, for the line below the title; empty for all others."""
    silent = instance.conflict or instance.pending or instance.partstat == "needs-action"
    return state(instance) if silent or instance.status is Status.CANCELLED else ""


def title(instance: Instance) -> str:
    """The summary on one line; an event without one still can be named."""
    return " ".join(instance.summary.split()) or _("(no title)")


def times(instance: Instance, tz: ZoneInfo) -> str:
    """When, in words: `Tuesday 24 November, 14:00 to 15:00`."""
    if instance.all_day:
        first, last = seconds_date(instance.start), seconds_date(max(instance.end - 1, instance.start))
        if first == last:
            return _("{day}, all day").format(day=day_words(first))
        return _("{first} to {last}, all day").format(first=day_words(first), last=day_words(last))
    begins, ends = local(instance.start, tz), local(instance.end, tz)
    if begins.date() == ends.date() or (ends.time() == time() and instance.end - instance.start < DAY):
        return _("{day}, {start} to {end}").format(day=day_words(begins.date()), start=_at(begins), end=_at(ends))
    return _("{first}, {start} to {last}, {end}").format(
        first=day_words(begins.date()), start=_at(begins), last=day_words(ends.date()), end=_at(ends)
    )


def accessible(instance: Instance, tz: ZoneInfo, calendars: Mapping[CalendarId, str]) -> str:
    """The whole event as a sentence: `Dentist, Tuesday 24 November, 14:00 to 15:00, Private`, then its state."""
    names = [calendars[held] for held in instance.calendars if held in calendars]
    parts = [title(instance), times(instance, tz), instance.location, *names, state(instance)]
    return ", ".join(part for part in parts if part)


def slot(day: date, start: int, end: int) -> str:
    """An empty place on the grid, for who moves by keyboard."""
    return _("Free, {day}, {start} to {end}").format(day=day_words(day), start=clock(start), end=clock(end))


def span(start: datetime, end: datetime) -> str:
    """Times of a drag: `14:00 – 15:30`."""
    return f"{_at(start)} – {_at(end)}"


def _at(moment: datetime) -> str:
    return clock(moment.hour * 3600 + moment.minute * 60)

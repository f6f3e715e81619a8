"""Which dates a view shows, where a step leads, and how the top bar names it. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import IntEnum

from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import week_of
from calmerge_desktop.ui import almanac, phrases

AGENDA_DAYS = 14


class Page(IntEnum):
    """The views, in the order of the switch and of Ctrl+1 to Ctrl+4."""

    DAY = 0
    WEEK = 1
    MONTH = 2
    AGENDA = 3


def span_of(page: Page, day: date, first_weekday: int) -> tuple[date, date]:
    """First and last date a view shows around `day`; 0 is Monday."""
    if page is Page.DAY:
        return day, day
    if page is Page.WEEK:
        first = week_of(day, first_weekday)
        return first, first + timedelta(days=6)
    if page is Page.MONTH:
        return day.replace(day=1), day.replace(day=_days_in(day.year, day.month))
    return day, day + timedelta(days=AGENDA_DAYS - 1)


def stepped(page: Page, day: date, steps: int) -> date:
    """The date one view's length back or on; a month keeps its day where it can."""
    if page is Page.MONTH:
        index = day.year * 12 + day.month - 1 + steps
        year, month = index // 12, index % 12 + 1
        return date(year, month, min(day.day, _days_in(year, month)))
    return day + timedelta(days=steps * {Page.DAY: 1, Page.WEEK: 7}.get(page, AGENDA_DAYS))


def named(page: Page, day: date, first_weekday: int) -> tuple[str, str]:
    """Title and caption of the top bar."""
    first, last = span_of(page, day, first_weekday)
    if page is Page.DAY:
        return phrases.skeleton(day, "yMMMMEEEEd"), _("Week {n}").format(n=phrases.week_number(day))
    if page is Page.WEEK:
        thursday = first + timedelta(days=(3 - first.weekday()) % 7)
        title = phrases.month_title(first + (last - first) / 2)
        return title, _("Week {n}").format(n=phrases.week_number(thursday))
    if page is Page.MONTH:
        numbers = {"first": phrases.week_number(first), "last": phrases.week_number(last)}
        return phrases.month_title(day), _("Weeks {first}–{last}").format(**numbers)
    return phrases.month_title(day), phrases.day_range(first, last)


def first_weekday(setting: int) -> int:
    """The setting, or what the language has; 0 is Monday."""
    if 0 <= setting <= 6:
        return setting
    return almanac.first_weekday()


def _days_in(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day

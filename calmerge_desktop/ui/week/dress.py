"""How a week looks and measures in the view it is shown in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from calmerge_desktop.core.model import Calendar
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.week import Week
from calmerge_desktop.ui.theme.style import Theme
from calmerge_desktop.ui.week.geometry import HEAD, ROW, ROW_GAP, Geometry
from calmerge_desktop.ui.week.look import Look

if TYPE_CHECKING:
    from calmerge_desktop.ui.week.view import WeekView

BAR = 10
"""Width of the scroll bar beside the sheet."""
_LEAST = 200


def dress(view: WeekView, week: Week, calendars: Iterable[Calendar], now: int) -> tuple[Look, Geometry]:
    """Look and measures of `week` at the instant `now`."""
    look = Look.of(
        Theme.current().tokens,
        calendars,
        tzid=week.tzid,
        now=now,
        day_begins=view.hours[0],
        day_ends=view.hours[1],
        second_tzid=view.second,
    )
    if view.overlay is not None:
        hours = view.overlay.open
        look = replace(look, receded=view.overlay.recede, open=hours if hours and len(hours) == week.days else None)
    geometry = Geometry.of(
        week,
        max(view.width() - BAR, _LEAST),
        second_zone=view.second is not None,
        unfolded=view.unfolded,
        most=int((view.height() / 2 - HEAD) // (ROW + ROW_GAP)),
        dpr=view.devicePixelRatioF(),
        wide=view.wide,
    )
    return look, geometry

"""What a painter must know besides the week itself."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from calmerge_desktop.core.model import Calendar, CalendarId
from calmerge_desktop.core.records import dataclass, field, replace
from calmerge_desktop.ui.theme.tokens import Tokens, Triple, nearest


@dataclass(frozen=True, kw_only=True)
class Look:
    """Theme, colours of calendars, hours and the moment: everything that decides how a week is painted."""

    tokens: Tokens
    tzid: str
    now: int
    colors: dict[CalendarId, str] = field(default_factory=dict)
    """Palette names."""
    day_begins: int = 9
    day_ends: int = 18
    second_tzid: str | None = None
    receded: bool = False
    """Something else is to be looked at: events are paler, their words are not."""
    open: tuple[tuple[tuple[int, int], ...], ...] | None = None
    """Hours of each visible day that are not shaded, as wall seconds; None: the working hours."""
    inks: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)
    """Memory of the painter: colours of a block by calendar and state."""

    @classmethod
    def of(
        cls,
        tokens: Tokens,
        calendars: Iterable[Calendar],
        *,
        tzid: str,
        now: int,
        day_begins: int = 9,
        day_ends: int = 18,
        second_tzid: str | None = None,
    ) -> Look:
        """A look whose calendars have the palette colour nearest to their own."""
        return cls(
            tokens=tokens,
            tzid=tzid,
            now=now,
            colors={calendar.id: nearest(calendar.color) for calendar in calendars},
            day_begins=day_begins,
            day_ends=day_ends,
            second_tzid=second_tzid,
        )

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone of the grid."""
        return ZoneInfo(self.tzid)

    def triple(self, calendar: CalendarId) -> Triple:
        """Fill, bar and text of a calendar; blue for an unknown one."""
        return self.tokens.events[self.colors.get(calendar, "blue")]

    def at(self, now: int) -> Look:
        """The same look at another moment."""
        return replace(self, now=now)

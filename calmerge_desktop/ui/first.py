"""What the first frame shows, read on a thread of its own while Qt loads on the main one.

Nothing depends on it: when it is late or fails, the window asks again the usual way, and says then what is wrong.
"""

from __future__ import annotations

import threading
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.week import Week, lay_out, span_of
from calmerge_desktop.core.when import Clock, known_zone, local, system_tzid, week_of, zone
from calmerge_desktop.ui.frame.span import first_weekday

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.desk import Desk
    from calmerge_desktop.core.model import AccountView
    from calmerge_desktop.core.settings import Settings

WEEK_DAYS = 7
_PATIENCE = 0.5
"""Seconds the window waits for it: a disk that is slower than this gets an empty window first."""


class Look(NamedTuple):
    """Accounts as `Session.accounts`, and the week around today as `WeekModel.week`."""

    accounts: tuple[AccountView, ...]
    week: Week


class FirstLook:
    """Begins to read when it is made."""

    def __init__(self, desk: Desk, settings: Settings, clock: Clock, today: date | None = None) -> None:
        self._look: Look | None = None
        self._thread = threading.Thread(
            target=self._read, args=(desk, settings, clock, today), name="calmerge-first", daemon=True
        )
        self._thread.start()

    def take(self) -> Look | None:
        """What was read; None when that takes too long or went wrong."""
        self._thread.join(_PATIENCE)
        return self._look

    def _read(self, desk: Desk, settings: Settings, clock: Clock, today: date | None) -> None:
        try:
            tzid = zone_of(settings)
            first = week_of(today or local(clock(), zone(tzid)).date(), first_weekday(settings.week_start))
            low, high = span_of(first, WEEK_DAYS, tzid)
            accounts = tuple(desk.accounts.list(counted=False))
            week = lay_out(desk.view.instances(low, high, tzid), first, WEEK_DAYS, tzid)
            self._look = Look(accounts, week)
        except CalmergeError:
            return  # the window asks the same again, and shows the sentence


def zone_of(settings: Settings) -> str:
    """IANA name of the person's zone."""
    return settings.zone if settings.zone and known_zone(settings.zone) else system_tzid()

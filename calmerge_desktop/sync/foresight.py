"""Looking ahead: what the first reading of calendars is going to bring is told to the store before it comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from calmerge_desktop.core.model import Calendar, CalendarId, Resource
from calmerge_desktop.core.ports import CalendarProvider, Stop, SyncStore
from calmerge_desktop.sync.abilities import Foresees
from calmerge_desktop.sync.counter import Counter

FIRST = 2_000
"""Resources looked ahead to before anything is stored: soon there is something to see."""
MOST = 20_000
"""The same from then on: enough that nobody waits for a file, few enough to hold."""


class Foresight:
    """Used on a worker; the store is asked through the counter."""

    def __init__(
        self, provider: CalendarProvider, calendars: Sequence[Calendar], store: SyncStore, counter: Counter, stop: Stop
    ) -> None:
        """`calendars`: those of which nothing is known, in the order in which they will be read."""
        self._provider = provider
        self._store = store
        self._ask = counter.ask
        self._stop = stop
        self._ended: set[CalendarId] = set()
        self._told: dict[CalendarId, int] = {}
        """Resources told and not come yet, by calendar."""
        self._most = FIRST
        self._coming = self._pages(calendars)

    def look(self) -> None:
        """Tell of the next pages, until enough are told that did not come yet."""
        while sum(self._told.values()) < self._most:
            self._stop()
            found = next(self._coming, None)
            if found is None:
                return
            calendar, resources = found
            self._told[calendar] = self._told.get(calendar, 0) + len(resources)
            self._ask(self._store.foresee, [found])

    def came(self, calendar: CalendarId, number: int) -> None:
        """So many resources came: look further."""
        self._most = MOST
        if calendar in self._told:
            self._told[calendar] -= number
            self.look()

    def ended(self, calendar: CalendarId) -> None:
        """Nothing more comes of it, whatever was told."""
        self._told.pop(calendar, None)
        self._ended.add(calendar)
        self.look()

    def _pages(self, calendars: Sequence[Calendar]) -> Iterator[tuple[CalendarId, Sequence[Resource]]]:
        if not isinstance(self._provider, Foresees):
            return
        for each in calendars:
            for resources in self._provider.foreseen(each.remote_id, self._stop):
                if each.id in self._ended:
                    break
                yield each.id, resources

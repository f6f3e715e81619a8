"""Reading one calendar: pages into the store, the token with the last one, and no removal that looks like a fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from calmerge_desktop.core.errors import ServerTrouble, SuspiciouslyEmpty, SyncTokenExpired
from calmerge_desktop.core.model import Calendar, Changed, Delta, ETag, Href, Progress, SyncToken
from calmerge_desktop.core.ports import Applied, CalendarProvider, Listener, Stop, SyncStore
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.sync.counter import Counter
from calmerge_desktop.sync.foresight import Foresight
from calmerge_desktop.sync.results import Task
from calmerge_desktop.sync.verdict import suspicious


@dataclass(slots=True)
class Counts:
    """What the pages of one calendar changed."""

    added: int = 0
    updated: int = 0
    removed: int = 0
    set_aside: int = 0
    read: int = 0

    def add(self, applied: Applied) -> None:
        """Count one page."""
        self.added += applied.added
        self.updated += applied.updated
        self.removed += applied.removed
        self.set_aside += len(applied.set_aside)


class Pull:
    """Reads calendars of one account. Used on a worker; the store is asked through the counter."""

    def __init__(self, task: Task, store: SyncStore, counter: Counter, listener: Listener) -> None:
        self._task = task
        self._store = store
        self._ask = counter.ask
        self._listener = listener

    def read(
        self,
        provider: CalendarProvider,
        calendar: Calendar,
        place: tuple[int, int],
        foresight: Foresight,
        stop: Stop,
    ) -> Counts:
        """Bring `calendar`, number `place[0]` of `place[1]`, up to date. Raises `SuspiciouslyEmpty` too."""
        again = self._task.full or self._task.reconcile
        token = None if again else self._ask(self._store.token, calendar.id)
        counts = Counts()
        try:
            self._pages(provider, calendar, token, place, counts, foresight, stop=stop)
        except SyncTokenExpired:
            # The one place: the old view stays readable while everything is listed again.
            self._ask(self._store.forget_token, calendar.id)
            try:
                self._pages(provider, calendar, None, place, counts, foresight, stop=stop)
            except SyncTokenExpired as error:
                raise ServerTrouble(_("“{name}” cannot be listed completely.").format(name=calendar.name)) from error
        return counts

    def _pages(
        self,
        provider: CalendarProvider,
        calendar: Calendar,
        token: SyncToken | None,
        place: tuple[int, int],
        counts: Counts,
        foresight: Foresight,
        *,
        stop: Stop,
    ) -> None:
        held = self._ask(self._store.known, calendar.id)
        known: Mapping[Href, ETag | None] = {} if self._task.full else held
        keep: set[Href] = set()
        gone: set[Href] = set()
        for page in provider.changes(calendar.remote_id, token, known, stop):
            stop()
            keep.update(each.href for each in page.upserts)
            keep.update(page.unchanged)
            keep.update(href for href, _why in page.unreadable)
            complete = page.full and page.last
            gone.update(href for href in page.removals if href in held)
            if complete:
                gone.update(held.keys() - keep)
            # What came instead is set off: some publishers give every event a new UID with each fetch.
            arrived = len(keep - held.keys()) if complete else 0
            self._check(calendar, len(held), len(gone) - arrived)
            counts.read += len(page.upserts)
            self._ask(self._take, calendar, page, keep if complete else None, place, counts)
            foresight.came(calendar.id, len(page.upserts))

    def _check(self, calendar: Calendar, known: int, gone: int) -> None:
        if suspicious(known, gone) and not self._task.full:
            raise SuspiciouslyEmpty(
                ngettext(
                    "{n} of {all} events would vanish from “{name}” at once. They are kept.",
                    "{n} of {all} events would vanish from “{name}” at once. They are kept.",
                    gone,
                ).format(n=gone, all=known, name=calendar.name),
                hint=_("If that is right, read the calendar again completely."),
            )

    def _take(self, calendar: Calendar, page: Delta, keep: set[Href] | None, place: tuple[int, int], counts: Counts) -> None:
        """On the sync thread: store a page and tell."""
        applied = self._store.apply(calendar.id, page, keep)
        counts.add(applied)
        if applied.added or applied.updated or applied.removed or applied.set_aside:
            self._listener.changed(Changed(calendars=frozenset({calendar.id})))
        self._listener.progress(
            Progress(
                account=calendar.account_id,
                calendar=calendar.id,
                name=calendar.name,
                done=counts.read,
                total=page.total,
                step=place[0],
                steps=place[1],
            )
        )

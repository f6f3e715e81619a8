"""The sample profile: a throw-away store in a temporary folder, filled from `demo`, that talks to nobody."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Collection
from datetime import date
from pathlib import Path

from calmerge_desktop.app.paths import Folders
from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core.instances import key_of
from calmerge_desktop.core.model import (
    Account,
    AccountId,
    CalendarId,
    Changed,
    Delta,
    ETag,
    Href,
    RemoteCalendar,
    RemoteId,
    Resource,
)
from calmerge_desktop.core.ports import Listener
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.core.store import Store
from calmerge_desktop.core.when import Clock
from calmerge_desktop.demo import links, sample
from calmerge_desktop.demo.entries import TZID

PICTURED = date(2026, 11, 24)
"""The day of the published pictures."""


class Sample:
    """An opened sample profile; `close` takes it away again."""

    def __init__(self, today: date, clock: Clock | None = None) -> None:
        """`clock` None stops the time at the moment the sample plays in."""
        self.today = today
        self._folder = Path(tempfile.mkdtemp(prefix="calmerge-demo-"))
        where = Folders(self._folder, self._folder, self._folder, own=True)
        self.now = sample.now(today)
        tick = clock or (lambda: self.now)
        settings = Settings(zone=TZID, second_zone=sample.second_zone())
        self.profile = Profile(where, settings, Store(self._folder, tick), tick)
        self._fill()

    def close(self) -> None:
        """Close the store and remove every trace."""
        self.profile.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _fill(self) -> None:
        store = self.profile.store
        for number, made in enumerate(sample.resources(self.today)):
            account = AccountId(f"a-demo{number}")
            store.add_account(
                Account(
                    id=account,
                    provider=made.provider,
                    name=made.name,
                    address=made.address,
                    config={"service": made.service},
                )
            )
            remotes = [
                RemoteCalendar(remote_id=RemoteId(one.key), name=one.name, access=one.access, color=one.color)
                for one in made.calendars
            ]
            listed = store.list_calendars(account, remotes)
            for calendar, one in zip(listed, made.calendars, strict=True):
                store.ledger.change_calendar(calendar.id, {"visible": one.visible, "busy": one.busy})
                known = tuple(
                    Resource(href=resource.href, ics=resource.ics, etag=ETag("demo")) for resource in one.resources
                )
                store.apply(calendar.id, Delta(upserts=known))
                store.set_status(calendar.id, made.state)
                for resource in known:
                    if str(resource.href).removesuffix(".ics") in one.waiting:
                        self._leave_unsent(account, calendar.id, resource)
            store.set_status(account, made.state)
        self._offer()

    def _offer(self) -> None:
        """Lena's booking links and hours; a calendar that cannot be read warns and does not close her weeks."""
        box, listed = self.profile.store.links, self.profile.store.calendars()
        for schedule in links.schedules():
            box.keep_schedule(schedule)
        for link in links.links(next((one.id for one in listed if one.default), None)):
            box.keep_link(link)
        for calendar, rule in links.rules(tuple(one.id for one in listed)).items():
            box.set_blocking(calendar, rule)

    def _leave_unsent(self, account: AccountId, calendar: CalendarId, resource: Resource) -> None:
        uid = str(resource.href).removesuffix(".ics")
        self.profile.store.box.put(
            account=account,
            calendar=calendar,
            href=resource.href,
            key=key_of(calendar, uid),
            base=resource,
            before=resource.ics,
            after=resource.ics,
            now=self.now,
        )


class SampleLoop:
    """Stands in for the sync of the sample: what the person changes is taken as sent, and nothing leaves the machine."""

    def __init__(self, made: Sample) -> None:
        self._store = made.profile.store
        self._wanted = threading.Event()
        self._mine = {one.id for one in self._store.pending()}  # the sample's own waiting edit stays for the eye

    def run(self, stop: threading.Event, listener: Listener) -> None:
        """See `SyncLoop.run`."""
        listener.idle()
        while not stop.is_set():
            if self._wanted.wait(0.2):
                self._wanted.clear()
                self._send(listener)

    def wake(self, accounts: Collection[AccountId] | None = None, *, full: bool = False) -> None:  # noqa: ARG002  the port's
        """See `SyncControl`."""
        self._wanted.set()

    def push(self) -> None:
        """See `SyncControl`."""
        self._wanted.set()

    def cancel(self) -> None:
        """See `SyncControl`."""

    def _send(self, listener: Listener) -> None:
        for one in self._store.pending():
            if one.id in self._mine:
                continue
            resource = None if one.ics is None else Resource(href=Href(one.href), ics=one.ics, etag=ETag(f"demo-{one.id}"))
            self._store.sent(one.id, resource)
            listener.changed(Changed(calendars=frozenset({one.calendar})))
        listener.idle()

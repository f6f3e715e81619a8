"""The sync loop with what only the composition root knows: the lock of the profile, and who may write the cache."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from calmerge_desktop.core.model import AccountId, Changed
from calmerge_desktop.core.ports import Listener, MailNews
from calmerge_desktop.core.records import replace

if TYPE_CHECKING:
    from calmerge_desktop.app.profile import Profile
    from calmerge_desktop.sync.loop import SyncLoop


class Background:
    """`core.ports.SyncControl` for any thread, and `run` for the sync thread.

    What the loop needs is imported on its own thread: the window is painted by then. Orders from before are kept for it.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._lock = threading.Lock()
        self._loop: SyncLoop | None = None
        self._early: list[Callable[[SyncLoop], None]] = []

    def run(self, stop: threading.Event, listener: Listener) -> None:
        """Work until `stop`; the calling thread becomes the sync thread. Raises `Busy` when another process syncs."""
        profile = self._profile
        profile.lock.acquire()
        profile.store.own_thread()
        profile.store.keep_free()
        profile.store.box.start_again()
        loop = profile.sync_loop()
        with self._lock:
            self._loop, early = loop, self._early
        for order in early:
            order(loop)
        profile.mail.start(lambda news: self._mailed(news, listener))
        profile.pages.start()
        try:
            loop.run(stop, replace(listener, idle=lambda: self._idle(listener)))
        finally:
            profile.pages.stop()
            profile.mail.stop()

    def _idle(self, listener: Listener) -> None:
        """Every calendar was read: pages of open times follow."""
        self._profile.pages.nudge()
        listener.idle()

    def _mailed(self, news: MailNews, listener: Listener) -> None:
        """On a thread of the mail: what came in may have changed events, and its changes want to be sent."""
        listener.mailed(news)
        if news.sent or news.refused or news.unsure:
            listener.changed(Changed(calendars=frozenset()))  # a letter that waited is told of differently now
        if news.received:
            calendars = frozenset(one.id for one in self._profile.store.calendars())
            listener.changed(Changed(calendars=calendars))
            self._tell(lambda loop: loop.push())

    def wake(self, accounts: Collection[AccountId] | None = None, *, full: bool = False) -> None:
        """See `SyncControl`."""
        self._tell(lambda loop: loop.wake(accounts, full=full))

    def push(self) -> None:
        """See `SyncControl`."""
        self._tell(lambda loop: loop.push())
        self._profile.mail.nudge()
        self._profile.pages.nudge()

    def cancel(self) -> None:
        """See `SyncControl`."""
        self._tell(lambda loop: loop.cancel())

    def _tell(self, order: Callable[[SyncLoop], None]) -> None:
        with self._lock:
            loop = self._loop
            if loop is None:
                self._early.append(order)
        if loop is not None:
            order(loop)

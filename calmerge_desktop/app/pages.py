"""Pages put together: folders, passwords, and the thread that keeps them right while the program runs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from calmerge_desktop.app.lock import ProfileLock
from calmerge_desktop.core.agenda.publishing import Places, Publishing
from calmerge_desktop.core.errors import Busy, CalmergeError, Cancelled
from calmerge_desktop.core.ports import PagePlace, Stop
from calmerge_desktop.core.proposal.published import Published
from calmerge_desktop.core.texts import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from calmerge_desktop.app.profile import Profile

_LOOK_AGAIN = 15 * 60.0
"""Seconds after which pages are looked at although nothing happened: offers grow old, and servers come back."""
_SETTLE = 2.0
"""Seconds in which several changes become one round."""
_PATIENCE = 5.0
"""Seconds the end of the program waits for a page under way."""
_WAIT = 20.0
"""Seconds to wait for another process that writes pages."""

log = logging.getLogger(__name__)


class Pages:
    """Opens folders, and runs the rounds on `calmerge-pages`."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._lock = ProfileLock(profile.folders.data / "pages.lock")
        self._one = threading.Lock()
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def places(self) -> Places:
        """How folders are reached."""
        from calmerge_desktop.sync.pages import checked, open_place

        def spelled(typed: str, login: bool) -> str:
            return checked(typed, login=login)

        def opened(address: str, user: str, password: str | None, stop: Stop) -> PagePlace:
            return open_place(address, user, password, stop)

        return Places(spelled, opened, self._profile.kept_secrets, self._alone)

    def once(self) -> Sequence[Published]:
        """One round now. Raises `Busy` when another process writes pages and does not end."""
        return self._job.refresh(self._check) if self._profile.store.pages.list() else ()

    def start(self) -> None:
        """Keep pages right on a thread of its own; `stop` ends it."""
        self._stopped.clear()
        self._woken.set()
        self._thread = threading.Thread(target=self._work, name="calmerge-pages", daemon=True)
        self._thread.start()

    def nudge(self) -> None:
        """Calendars, links or offers may have changed."""
        self._woken.set()

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        self._woken.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(_PATIENCE)

    def _work(self) -> None:
        while not self._stopped.is_set():
            self._woken.wait(_LOOK_AGAIN)
            self._stopped.wait(_SETTLE)
            self._woken.clear()
            if self._stopped.is_set():
                return
            try:
                self.once()
            except CalmergeError as error:
                log.info("pages: %s", error.kind)
            except Exception:  # a bug or a damaged ledger: calendars and mail go on
                log.exception("pages ended")
                return

    @cached_property
    def _job(self) -> Publishing:
        """On a desk of its own, as its thread is."""
        from calmerge_desktop.app.desk import Desk

        return Desk(self._profile).publishing

    def _check(self) -> None:
        if self._stopped.is_set():
            raise Cancelled(_("Stopped."))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        end = time.monotonic() + _WAIT
        if not self._one.acquire(timeout=_WAIT):
            raise Busy(_("Pages are being written just now."))
        try:
            while True:
                try:
                    self._lock.acquire()
                    break
                except Busy:
                    if time.monotonic() > end or self._stopped.wait(0.2):
                        raise Busy(_("Pages are being written just now.")) from None
            try:
                yield
            finally:
                self._lock.release()
        finally:
            self._one.release()

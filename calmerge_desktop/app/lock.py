"""One process at a time syncs a profile: an advisory lock on a file, given back by the system when the process dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from calmerge_desktop.core.errors import BadInput, Busy
from calmerge_desktop.core.texts import _


class ProfileLock:
    """Held from `acquire` to `release`; acquiring twice is fine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises `Busy` when another process has it."""
        if self._handle is not None:
            return
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise BadInput(
                _("The folder “{name}” cannot be written.").format(name=self._path.parent.name),
                hint=_("Check its permissions, or name another one with --home."),
            ) from error
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            raise Busy(
                _("CalMerge is already running and keeps this profile in step."),
                hint=_("Use its window, or close it first."),
            ) from error
        self._handle = handle

    def release(self) -> None:
        """Give the lock back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

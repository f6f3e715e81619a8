"""A folder of this computer that a web server shows, or that something else carries there."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from calmerge_desktop.core.errors import BadInput, CalmergeError, Conflict, DiskFull
from calmerge_desktop.core.proposal.page import is_ours
from calmerge_desktop.core.texts import _


class Folder:
    """See `core.ports.PagePlace`. ETags mean nothing here: a rename is whole by itself."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def prepare(self) -> None:
        """Make the folder itself, but never the way to it: that would be a slip of the keyboard."""
        try:
            if self._path.is_dir():
                return
            if self._path.exists() or not self._path.parent.is_dir():
                raise BadInput(
                    _("There is no folder “{name}”.").format(name=str(self._path)), hint=_("Check the spelling of the path.")
                )
            self._path.mkdir()
        except OSError as error:
            raise self._failure(error) from error

    def put(self, name: str, page: bytes, etag: str) -> str:  # noqa: ARG002  # the port names it
        """See `PagePlace.put`."""
        target = self._path / name
        beside = self._path / f".{name}.new"  # the same each time, so that a crash leaves at most one behind
        try:
            if target.exists() and not is_ours(target.read_bytes()):
                raise not_ours(name)
            try:
                with beside.open("wb") as file:
                    file.write(page)
                    file.flush()
                    os.fsync(file.fileno())
                beside.replace(target)
            finally:
                beside.unlink(missing_ok=True)
        except OSError as error:
            raise self._failure(error) from error
        return ""

    def remove(self, name: str, etag: str) -> None:  # noqa: ARG002  # the port names it
        """See `PagePlace.remove`."""
        target = self._path / name
        try:
            if target.exists() and is_ours(target.read_bytes()):
                target.unlink()
        except OSError as error:
            raise self._failure(error) from error

    def close(self) -> None:
        """Nothing is held."""

    def _failure(self, error: OSError) -> CalmergeError:
        name = self._path.name
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return DiskFull(_("There is no room left in the folder “{name}”.").format(name=name))
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return BadInput(_("The folder “{name}” is not there any more.").format(name=name))
        return BadInput(_("The folder “{name}” cannot be written.").format(name=name), hint=_("Check its permissions."))


def not_ours(name: str) -> Conflict:
    """Somebody else's file is never written over."""
    return Conflict(
        _("“{name}” is there already and was not made here, so it is not overwritten.").format(name=name),
        hint=_("Move it away, or name another folder."),
    )

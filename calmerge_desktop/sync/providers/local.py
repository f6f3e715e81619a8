"""A calendar kept only here: a folder of .ics files of our own, one event each, that any other program can read."""

from __future__ import annotations

from pathlib import Path

from calmerge_desktop.core.errors import AccessDenied
from calmerge_desktop.core.model import Account
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.files.provider import FilesProvider


def open_local(account: Account) -> FilesProvider:
    """The calendar in `config["path"]`, made when missing. Raises `AccessDenied` when it cannot be made."""
    path = Path(account.config["path"])
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise AccessDenied(_("The folder {path} cannot be made.").format(path=path)) from error
    return FilesProvider(path, name=account.name, own=True)

"""`account add ics PATH`: a file or a folder of .ics files that other programs write too."""

from __future__ import annotations

from pathlib import Path

from calmerge_desktop.core.model import Account
from calmerge_desktop.sync.files.provider import FilesProvider


def open_folder(account: Account) -> FilesProvider:
    """The calendars under `config["path"]`."""
    return FilesProvider(Path(account.config["path"]), name=account.name)

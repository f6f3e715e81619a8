"""Where a profile lives: everything under one folder when the person names one, else the platform's own folders."""

from __future__ import annotations

import os
from pathlib import Path

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.records import dataclass
from calmerge_desktop.core.texts import _

NAME = "CalMerge"


@dataclass(frozen=True, slots=True)
class Folders:
    """Data (databases, own calendars, secrets), settings and logs of one profile."""

    data: Path
    config: Path
    logs: Path
    own: bool
    """The person named the folder (`--home`, CALMERGE_HOME): nothing may be kept outside it."""

    @property
    def calendars(self) -> Path:
        """Calendars kept only here: a folder each."""
        return self.data / "calendars"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.config / "settings.json"

    @property
    def restoring(self) -> Path:
        """A backup that is ready to take the profile's place; there only while that is done."""
        return self.data / "restore-ready"


def places(home: str | None = None) -> Folders:
    """Where the profile's folders are or would be. `home` wins over CALMERGE_HOME."""
    named = home or os.environ.get("CALMERGE_HOME")
    if named:
        root = Path(named).expanduser().absolute()
        return Folders(root, root, root / "logs", own=True)
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(NAME.lower(), appauthor=False)
    return Folders(dirs.user_data_path, dirs.user_config_path, dirs.user_log_path, own=False)


def folders(home: str | None = None) -> Folders:
    """The profile's folders, created. `home` wins over CALMERGE_HOME. Raises `BadInput` when they cannot be made."""
    found = places(home)
    for folder in (found.data, found.config, found.logs):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise BadInput(
                _("The folder “{name}” cannot be created.").format(name=folder.name),
                hint=_("Check its permissions, or name another one with --home."),
            ) from error
        if not os.access(folder, os.W_OK):
            raise BadInput(
                _("The folder “{name}” cannot be written.").format(name=folder.name),
                hint=_("Check its permissions, or name another one with --home."),
            )
    return found

"""Where the files that are no code live: icons, fonts, translations.

Three homes, one answer: the source tree (`resources/`), an installed wheel (`calmerge_desktop/_resources/`) and a frozen
program (PyInstaller's `_MEIPASS`).
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path


def path(name: str) -> Path:
    """The file or folder `name` (`icons/check.svg`, `i18n`) below the resources; it need not exist."""
    return _root() / name


@lru_cache(maxsize=1)
def _root() -> Path:
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    homes = [package / "_resources", package.parent / "resources"]
    if frozen:
        homes = [Path(frozen) / "calmerge_desktop" / "_resources", Path(frozen) / "resources", *homes]
    return next((home for home in homes if home.is_dir()), homes[-1])

"""Where the benchmark keeps what it makes and installs: a cache folder of its own, outside the repository."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The repository."""


def cache() -> Path:
    """`calmerge-bench` in the person's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "calmerge-bench"


def peer_python() -> Path:
    """The interpreter of the Python peers."""
    return cache() / "py" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def npm() -> Path:
    """The folder of the Node peers."""
    return cache() / "npm"


def compiled(name: str) -> Path:
    """A compiled driver."""
    return cache() / "build" / name

"""For every test: windows open offscreen, and the language is English until a test says otherwise."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

for each in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
    os.environ.pop(each, None)
os.environ["LANG"] = "C.UTF-8"  # a profile without a language speaks the system's
os.environ["QT_QPA_PLATFORM"] = os.environ.get("CALMERGE_TEST_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts=false")

# The same examples on every run, so that whatever turns red is the change; CALMERGE_HYPOTHESIS=random explores.
settings.register_profile("steady", derandomize=True, database=None)
settings.register_profile("random", print_blob=True)
settings.load_profile(os.environ.get("CALMERGE_HYPOTHESIS", "steady"))

_CATALOGUES = Path(__file__).parent.parent / "resources/i18n"
_FULL = 40
"""Tests between two full collections."""
_ran = 0


def pytest_sessionstart() -> None:
    """Qt objects in garbage may be destroyed on the main thread only (`calmerge_desktop.ui.collector`)."""
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Collect here, between tests, and never on a thread that a test started; the next one has its own TZ and English."""
    global _ran
    _ran += 1
    if zones := sys.modules.get("tzlocal.unix"):  # it remembers the first answer for the whole process
        vars(zones).update(_cache_tz=None, _cache_tz_name=None)
    if texts := sys.modules.get("calmerge_desktop.core.texts"):
        texts.choose("en", _CATALOGUES)
    gc.collect(2 if _ran % _FULL == 0 else 1)


@pytest.fixture
def german(tmp_path: Path) -> Path:
    """A folder with the German catalogue, with fragments that are not merged into it yet."""
    files = sorted(_CATALOGUES.glob("de*.po"))
    (tmp_path / "de.po").write_text("\n".join(one.read_text(encoding="utf-8") for one in files), encoding="utf-8")
    return tmp_path

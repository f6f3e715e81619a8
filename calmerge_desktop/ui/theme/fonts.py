"""The bundled typeface. Inter travels with the program, so that a week looks the same on every machine."""

from __future__ import annotations

import logging
from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase

from calmerge_desktop import resources

FAMILY = "Inter"
REGULAR = QFont.Weight.Normal
MEDIUM = QFont.Weight.Medium
SEMIBOLD = QFont.Weight.DemiBold

_log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def register() -> str:
    """Hand the bundled files to Qt, once per process; the family to ask for. Needs a QGuiApplication.

    Without the files (a broken installation) the system's own family is the answer.
    """
    loaded = [
        QFontDatabase.addApplicationFont(str(resources.path(f"fonts/Inter-{weight}.otf")))
        for weight in ("Regular", "Medium", "SemiBold")
    ]
    if min(loaded) < 0:
        _log.warning("bundled fonts are missing, using the system's")
        return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    return FAMILY


@lru_cache(maxsize=64)
def font(size_px: int, weight: QFont.Weight = REGULAR, tabular: bool = True) -> QFont:
    """Inter at `size_px` logical pixels. `tabular` gives all digits one width, so that columns of times never jump.

    Without hinting text looks the same at 1x and 2x. The result is shared: copy it before changing it.
    """
    made = QFont(register())
    made.setPixelSize(size_px)
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made

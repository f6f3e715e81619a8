"""A column that scrolls keeps the width of what is in it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from calmerge_desktop.ui.parts.scroll import ScrollColumn

pytestmark = pytest.mark.gui


def test_what_no_longer_fits_stays_as_wide(qtbot: QtBot) -> None:
    """Else text wraps anew when the bar comes, which makes it taller, which may need the bar."""
    inside = QWidget()
    area = ScrollColumn(inside)
    qtbot.addWidget(area)
    area.resize(300, 200)
    area.show()
    qtbot.waitExposed(area)
    wide = inside.width()
    assert not area.verticalScrollBar().isEnabled()
    inside.setMinimumHeight(900)
    qtbot.waitUntil(area.verticalScrollBar().isEnabled)
    assert inside.width() == wide < 300

"""Type, icons and style on a real QApplication."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from calmerge_desktop import resources
from calmerge_desktop.ui import icons
from calmerge_desktop.ui.theme import fonts, style
from calmerge_desktop.ui.theme.focus import FocusRing
from calmerge_desktop.ui.theme.tokens import DARK, LIGHT

pytestmark = pytest.mark.gui


@pytest.mark.parametrize("weight", [fonts.REGULAR, fonts.MEDIUM, fonts.SEMIBOLD])
def test_the_bundled_weights_are_really_there(qapp: QApplication, weight: QFont.Weight) -> None:
    """Each weight resolves to its own Inter, not to a bolded regular."""
    info = QFontInfo(fonts.font(13, weight))
    assert info.family() == "Inter"
    assert info.weight() == weight


def test_digits_are_tabular(qapp: QApplication) -> None:
    """Ones are as wide as zeros, so that columns of times never jump."""
    metrics = QFontMetricsF(fonts.font(13))
    assert metrics.horizontalAdvance("11:11") == metrics.horizontalAdvance("00:00")
    loose = QFontMetricsF(fonts.font(13, tabular=False))
    assert loose.horizontalAdvance("11:11") < loose.horizontalAdvance("00:00")


def test_the_licence_travels_with_the_fonts() -> None:
    """The OFL asks for it."""
    assert "SIL OPEN FONT LICENSE" in resources.path("fonts/OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", icons.names())
def test_every_icon_paints_in_its_tint(qapp: QApplication, name: str) -> None:
    """No icon is empty or keeps the black of its file."""
    image = icons.pixmap(name, "#FF0000", 16, 2.0).toImage()
    seen = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
    inked = [color for color in seen if color.alpha() > 200]
    assert inked
    assert all(color.red() > 200 and color.green() < 60 for color in inked)


def test_an_unknown_icon_is_an_error(qapp: QApplication) -> None:
    """A typing mistake shows at once, not as an empty square."""
    with pytest.raises(KeyError):
        icons.pixmap("no-such-icon", "#000000")


def test_the_theme_switches_and_tells(qapp: QApplication, qtbot: QtBot) -> None:
    """Palette and tokens change together, and who paints hears of it once."""
    style.apply(qapp, "light")
    theme = style.Theme.current()
    with qtbot.waitSignal(theme.changed):
        style.apply(qapp, "dark")
    assert theme.tokens is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.bg
    style.apply(qapp, "light")
    assert theme.tokens is LIGHT


def test_the_focus_ring_waits_for_the_keyboard(qapp: QApplication, qtbot: QtBot) -> None:
    """A click shows no ring; the first key does, around the button that has the focus."""
    window = QWidget()
    button = QPushButton("Save", window)
    button.move(20, 20)
    window.resize(200, 100)
    ring = FocusRing(window)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    assert not ring.isVisible()
    handle = window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_Shift)
    assert ring.isVisible()
    assert ring.geometry().contains(button.geometry())
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, button.geometry().center())
    assert not ring.isVisible()

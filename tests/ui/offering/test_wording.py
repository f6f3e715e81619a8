"""The words of offers in the window: typed, seen at once as a mail, kept, refused, given back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from calmerge_desktop.core import texts
from calmerge_desktop.ui.commands import commands
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.parts.question import Question
from calmerge_desktop.ui.settings_sheet import SettingsSheet
from calmerge_desktop.ui.wording.sheet import WordingSheet
from tests.ui.frame.conftest import calm
from tests.ui.offering.conftest import Real
from tests.ui.offering.test_offering import entered

pytestmark = pytest.mark.gui


def opened(window: MainWindow, qtbot: QtBot) -> WordingSheet:
    window.opening.words()
    return on_top(window, qtbot)


def on_top(window: MainWindow, qtbot: QtBot) -> WordingSheet:
    calm(qtbot, window)
    sheet = window.floating()
    assert isinstance(sheet, WordingSheet)
    return sheet


def test_the_mail_changes_while_one_types(real: Real, qtbot: QtBot) -> None:
    """In both forms; nothing is kept before Save, and then every offer says it."""
    window = real()
    sheet = opened(window, qtbot)
    assert not sheet.save.isEnabled()
    assert "These three times are free on my side" in sheet.preview.mail.toPlainText()
    sheet.fields.closing.setFocus()
    sheet.fields.closing.selectAll()
    QTest.keyClicks(sheet.fields.closing, "All the best & <b>more</b>")
    calm(qtbot, window)
    assert "All the best & <b>more</b>" in sheet.preview.mail.toPlainText()
    assert "&lt;b&gt;more" in sheet.preview.mail.toHtml()
    sheet.preview.form.setFocus()
    QTest.keyClick(sheet.preview.form, Qt.Key.Key_Right)
    assert "All the best & <b>more</b>\n" in sheet.preview.mail.toPlainText()
    assert window.session.desk.templates.get("en").own == ()
    sheet.save.click()
    calm(qtbot, window)
    assert window.floating() is None
    assert window.session.desk.templates.get("en").own == ("closing",)


def test_wrong_words_are_named_where_they_are_typed(real: Real, qtbot: QtBot) -> None:
    """The last good mail stays on show, and Save waits."""
    window = real()
    sheet = opened(window, qtbot)
    sheet.fields.text.setPlainText("Hello {gast}\n\n{times}")
    calm(qtbot, window)
    assert sheet.wrong.text().startswith("“{gast}” is no placeholder here. There are: {guest}, ")
    assert sheet.wrong.isVisible()
    assert not sheet.save.isEnabled()
    assert "Hello Sam Okafor," in sheet.preview.mail.toPlainText()
    sheet.fields.text.setPlainText("Hello")
    calm(qtbot, window)
    assert sheet.wrong.text() == "The text needs {times}, where the times shall stand."
    sheet.reset.click()
    calm(qtbot, window)
    assert not sheet.wrong.isVisible()
    assert not sheet.save.isEnabled()


def test_the_other_language_keeps_what_was_typed(real: Real, qtbot: QtBot) -> None:
    """And a fault there, out of sight, keeps both from being stored."""
    window = real()
    sheet = opened(window, qtbot)
    sheet.fields.text.setPlainText("no times")
    sheet.language.setFocus()
    QTest.keyClick(sheet.language, Qt.Key.Key_Right)
    calm(qtbot, window)
    assert sheet.fields.subject.text() == "{count} Terminvorschläge: {title}"
    sheet.fields.closing.setText("Bis bald")
    QTest.keyClicks(sheet.fields.closing, "!")
    calm(qtbot, window)
    sheet.save.click()
    calm(qtbot, window)
    assert sheet.wrong.text() == "The text needs {times}, where the times shall stand."
    assert all(one.own == () for one in window.session.desk.templates.list())
    QTest.keyClick(sheet.language, Qt.Key.Key_Left)
    calm(qtbot, window)
    assert sheet.fields.text.toPlainText() == "no times"


def test_placeholders_go_where_the_cursor_is(real: Real, qtbot: QtBot) -> None:
    """In the field that was used last."""
    window = real()
    sheet = opened(window, qtbot)
    sheet.fields.subject.setFocus()
    sheet.fields.subject.setCursorPosition(0)
    sheet.fields.put("me")
    assert sheet.fields.subject.text() == "{me}{count} times for {title}"


def test_one_esc_does_not_lose_what_was_typed(real: Real, qtbot: QtBot) -> None:
    """It asks; without a change it leaves at once."""
    window = real()
    sheet = opened(window, qtbot)
    sheet.fields.closing.setText("Yours")
    sheet.fields.closing.setFocus()
    QTest.keyClick(sheet.fields.closing, Qt.Key.Key_Escape)
    assert sheet.isVisible()
    assert window.findChild(Question) is not None


def test_the_ways_in(real: Real, qtbot: QtBot) -> None:
    """From the settings, from the search, and from an offer, whose own times are then in the mail."""
    window = real()
    window.open_settings()
    settings = window.floating()
    assert isinstance(settings, SettingsSheet)
    settings.words.click()
    on_top(window, qtbot).cancel.click()
    settings.cancel.click()
    next(one for one in commands(window) if one.label == "Words of offers").deed()
    on_top(window, qtbot).cancel.click()
    flow = entered(window, qtbot)
    flow.suggest()
    calm(qtbot, window)
    flow.panel.title.setText("Talk about the roof")
    flow.panel.words.click()
    sheet = on_top(window, qtbot)
    assert "Talk about the roof" in sheet.preview.subject.text()
    sheet.fields.closing.setText("See you")
    calm(qtbot, window)
    QTest.keyClicks(sheet.fields.closing, " soon")
    calm(qtbot, window)
    sheet.save.click()
    calm(qtbot, window)
    assert "See you soon" in flow.panel.text.text()


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("de", "dark")])
def test_pictures(
    real: Real, qtbot: QtBot, snapshot: Callable[[str, QImage], None], german: Path, language: str, theme: str
) -> None:
    """The sheet over the window; the mail is on white paper in every theme."""
    window = real(language, theme)
    texts.choose(language, german)
    opened(window, qtbot)
    calm(qtbot, window)
    snapshot(f"wording-{language}-{theme}", window.grab().toImage())
    window.resize(960, 640)
    calm(qtbot, window)
    snapshot(f"wording-{language}-{theme}-narrow", window.grab().toImage())

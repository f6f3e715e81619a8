"""Puts the look on: Fusion, a palette, one small style sheet, the bundled typeface.

`apply(app, "system")` once at start; later `apply(app, "dark")` switches at once. What paints itself reads
`Theme.current().tokens` and repaints on `Theme.current().changed`.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from calmerge_desktop.ui.theme import fonts, sheet
from calmerge_desktop.ui.theme.tokens import DARK, LIGHT, TYPE, Tokens

STYLE = "Fusion"
HAS_STYLE = "calmergeStyle"
"""Property of an application that was started with `-style`: Qt then hands no `QStyle` to Python, whose lists of all that
a style can draw take longer to load than the week to be painted."""

_ROLES = (
    (QPalette.ColorRole.Window, "bg"),
    (QPalette.ColorRole.WindowText, "text"),
    (QPalette.ColorRole.Base, "bg"),
    (QPalette.ColorRole.AlternateBase, "surface"),
    (QPalette.ColorRole.Text, "text"),
    (QPalette.ColorRole.PlaceholderText, "text3"),
    (QPalette.ColorRole.Button, "surface2"),
    (QPalette.ColorRole.ButtonText, "text"),
    (QPalette.ColorRole.BrightText, "on_accent"),
    (QPalette.ColorRole.Highlight, "accent"),
    (QPalette.ColorRole.HighlightedText, "on_accent"),
    (QPalette.ColorRole.Accent, "accent"),
    (QPalette.ColorRole.Link, "accent"),
    (QPalette.ColorRole.LinkVisited, "accent"),
    (QPalette.ColorRole.ToolTipBase, "inverse"),
    (QPalette.ColorRole.ToolTipText, "on_inverse"),
    (QPalette.ColorRole.Light, "surface"),
    (QPalette.ColorRole.Midlight, "line_soft"),
    (QPalette.ColorRole.Mid, "line"),
    (QPalette.ColorRole.Dark, "line"),
    (QPalette.ColorRole.Shadow, "text3"),
)


class Theme(QObject):
    """The look in force. One per process: `Theme.current()`."""

    changed = Signal()
    """The tokens are others now: repaint, drop cached pixmaps and icons."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: Tokens = LIGHT
        self.wanted = "light"
        """What was asked for: `light`, `dark` or `system`."""

    @staticmethod
    def current() -> Theme:
        """The one Theme."""
        return _theme()

    def take(self, tokens: Tokens) -> None:
        """Use `tokens` from now on and tell everyone."""
        if tokens is not self.tokens:
            self.tokens = tokens
            self.changed.emit()


@lru_cache(maxsize=1)
def _theme() -> Theme:
    return Theme()


def apply(app: QApplication, theme: str = "system", *, whole: bool = True) -> None:
    """Dress `app` in `light`, `dark`, or what the `system` shows now and later.

    Not `whole`: without the style sheet, which `finish` adds. Under a style sheet every widget that gets a parent looks up
    its rules, and so do all below it, again and again while a window is put together.
    """
    current = Theme.current()
    current.wanted = theme if theme in ("light", "dark") else "system"
    hints = app.styleHints()
    if not app.property("calmergeDressed"):  # once per application, so that connections do not pile up
        app.setProperty("calmergeDressed", True)
        if not app.property(HAS_STYLE):
            app.setStyle(STYLE)
        hints.colorSchemeChanged.connect(lambda _scheme: _follow(app))
    hints.setColorScheme(
        {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(current.wanted, Qt.ColorScheme.Unknown)
    )
    _dress(app, _tokens_for(app, current.wanted), whole=whole)


def finish(app: QApplication) -> None:
    """Add the style sheet, if `apply` was told to leave it out."""
    if not app.styleSheet():
        app.setStyleSheet(sheet.write(Theme.current().tokens))


def palette(tokens: Tokens) -> QPalette:
    """The QPalette of a theme; what is switched off is text-3."""
    made = QPalette()
    for role, field in _ROLES:
        made.setColor(role, QColor(getattr(tokens, field)))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.text3))
    return made


def _tokens_for(app: QApplication, wanted: str) -> Tokens:
    if wanted == "system":
        return DARK if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return DARK if wanted == "dark" else LIGHT


def _follow(app: QApplication) -> None:
    current = Theme.current()
    tokens = _tokens_for(app, current.wanted)
    if tokens is not current.tokens:
        _dress(app, tokens)


def _dress(app: QApplication, tokens: Tokens, *, whole: bool = True) -> None:
    app.setPalette(palette(tokens))
    app.setFont(fonts.font(TYPE.body))
    if whole:
        app.setStyleSheet(sheet.write(tokens))
    Theme.current().take(tokens)

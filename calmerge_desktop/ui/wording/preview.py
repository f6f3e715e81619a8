"""The mail as it would leave, plain and rich. Nothing in it is followed, and nothing is fetched."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from calmerge_desktop.core.letters.letter import Letter
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.ink import font
from calmerge_desktop.ui.parts.segmented import Segmented
from calmerge_desktop.ui.parts.words import Words

_PAPER, _INK = "#FFFFFF", "#1B1F24"
"""Those of the mail itself: it is light in every theme, as in most mail programs."""

_FAMILY = re.compile(r"font-family:[^;\"]*;")
_TABLE = re.compile(r"(</p><table [^>]*)margin:0 0 10px")


class MailPreview(QWidget):
    """Subject, and the mail below it."""

    def __init__(self) -> None:
        super().__init__()
        self._letter: Letter | None = None
        self.form = Segmented([_("Rich"), _("Plain")], small=True)
        self.form.setAccessibleName(_("Form of the mail"))
        self.form.chosen.connect(self._draw)
        self.subject = Words("", 15, 600, wrap=True)
        self.subject.setAccessibleDescription(_("Subject"))
        self.mail = _Paper()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Words(_("The mail as it would leave"), 12, 500, "text2"))
        head.addStretch(1)
        head.addWidget(self.form)
        column.addLayout(head)
        column.addWidget(self.subject)
        column.addWidget(self.mail, 1)

    def show_letter(self, letter: Letter) -> None:
        """Another wording; the place one has scrolled to stays."""
        self._letter = letter
        self._draw()

    def _draw(self, *_args: object) -> None:
        if self._letter is None:
            return
        bar = self.mail.verticalScrollBar()
        at = bar.value()
        self.subject.setText(self._letter.subject)
        if self.form.current == 0:
            self.mail.setHtml(_for_qt(self._letter.html()))
        else:
            self.mail.setPlainText(self._letter.text())
        bar.setValue(at)


def _for_qt(html: str) -> str:
    """The same mail for Qt: in the font of the window, and with the gap above a table that Qt leaves out."""
    return _FAMILY.sub("", _TABLE.sub(r"\1margin:16px 0 10px", html))


class _Paper(QTextBrowser):
    """White paper. A mail brings everything along, so whatever would be loaded is not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setAccessibleName(_("The mail as it would leave"))
        self.setStyleSheet(f"QTextBrowser {{ background: {_PAPER}; color: {_INK}; }}")
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, QColor(_PAPER))
        palette.setColor(QPalette.ColorRole.Text, QColor(_INK))
        self.setPalette(palette)
        self.document().setDefaultFont(font(13))

    def loadResource(self, _kind: int, _name: QUrl | str) -> Any:
        return None

"""Letters that did not leave as they should: to whom, why, and what the person can do about each."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.mail_ports import Letter
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.words import Elided, Mark, Words

_LOOK = {"refused": ("cross-circle", "danger"), "unsure": ("question", "warn"), "waiting": ("clock", "text2")}


def stuck(letters: Iterable[Letter]) -> list[Letter]:
    """Those that need the person, first; then those that wait and say why."""
    order = list(_LOOK)
    found = [one for one in letters if one.state in ("refused", "unsure") or (one.state == "waiting" and one.reason)]
    return sorted(found, key=lambda one: order.index(one.state))


class LetterRow(QWidget):
    """What it is, why it is still here, and two buttons."""

    again_wanted = Signal()
    drop_wanted = Signal()

    def __init__(self, letter: Letter) -> None:
        super().__init__()
        self.letter = letter
        icon, color = _LOOK[letter.state]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(12)
        row.addWidget(Mark(icon, color), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Elided(f"{letter.recipient} · {letter.subject}", 13, 600))
        self.reason = Words(letter.reason or "", 12, 400, color, wrap=True)
        words.addWidget(self.reason)
        row.addLayout(words, 1)
        self.again = Button(_("Send again") if letter.state == "unsure" else _("Send now"), Kind.SECONDARY, small=True)
        self.again.setAccessibleName(f"{self.again.text()}: {letter.recipient}")
        self.drop = Button("", Kind.QUIET, icon="trash", small=True)
        self.drop.setAccessibleName(_("Never send: {what}").format(what=letter.recipient))
        self.drop.setToolTip(_("Never send it"))
        self.again.clicked.connect(self.again_wanted)
        self.drop.clicked.connect(self.drop_wanted)
        for button in (self.again, self.drop):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

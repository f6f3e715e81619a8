"""To whom the times are offered: an address becomes a chip; Backspace takes it out again."""

from __future__ import annotations

from email.utils import parseaddr

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.avatar import Avatar
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.words import Elided, Words

_TAKES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Comma, Qt.Key.Key_Semicolon)


class _Field(QLineEdit):
    taken = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _TAKES and not event.modifiers():
            self.taken.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.taken.emit()


class GuestField(QWidget):
    """One person an offer. `Sam Okafor <sam@halden.example>` and a bare address are both understood."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._name = self._address = ""
        self.setFixedHeight(32)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(Words(_("To"), 13, 400, "text2"))
        self.field = _Field()
        self.field.setPlaceholderText(_("Mail address"))
        self.field.setAccessibleName(_("To whom the times are offered, a mail address"))
        self.field.taken.connect(self._take)
        self._row.addWidget(self.field, 1)
        self.chip: _Chip | None = None

    def address(self) -> str:
        """The mail address, empty while there is none."""
        return self._address

    def name(self) -> str:
        """The name, as far as it was typed."""
        return self._name

    def take(self, text: str) -> bool:
        """Choose somebody; False when it is no address."""
        name, address = parseaddr(text.strip())
        if "@" not in address or address.startswith("@") or address.endswith("@"):
            return False
        self._name, self._address = name, address
        self.field.clear()
        self.field.hide()
        self.chip = _Chip(name or address, address)
        self.chip.dropped.connect(self.drop)
        self._row.addWidget(self.chip, 1)
        self.changed.emit()
        return True

    def drop(self) -> None:
        """Nobody again."""
        self._name = self._address = ""
        if self.chip is not None:
            self._row.removeWidget(self.chip)
            self.chip.hide()
            self.chip.deleteLater()
            self.chip = None
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _take(self) -> None:
        text = self.field.text().strip()
        if text and not self.take(text):
            self.field.setProperty("error", True)
            self.field.style().polish(self.field)
        elif text:
            self.field.setProperty("error", False)
            self.field.style().polish(self.field)


class _Chip(QWidget):
    """Avatar, name, x. Backspace and Del take it out."""

    dropped = Signal()

    def __init__(self, name: str, address: str) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{name}, {address}")
        self.setToolTip(address)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Avatar(name))
        row.addWidget(Elided(name, 13, 500), 1)
        out = Button("", Kind.QUIET, icon="close", small=True)
        out.setAccessibleName(_("Remove {name}").format(name=name))
        out.clicked.connect(self.dropped)
        row.addWidget(out)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.dropped.emit()
        else:
            super().keyPressEvent(event)

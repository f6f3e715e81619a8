"""To whom the times are offered: each address becomes a chip; Backspace takes it out again."""

from __future__ import annotations

from email.utils import getaddresses

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from calmerge_desktop.core.agenda.offering import Guest
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.avatar import Avatar
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.words import Elided, Words

_TAKES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Comma, Qt.Key.Key_Semicolon)


class _Field(QLineEdit):
    taken = Signal()
    last_wanted = Signal()
    """Backspace in an empty field."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _TAKES and not event.modifiers():
            self.taken.emit()
            return
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.last_wanted.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.taken.emit()


class GuestField(QWidget):
    """Several people an offer. `Sam Okafor <sam@halden.example>`, bare addresses, and a pasted list are understood."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        label = Words(_("To"), 13, 400, "text2")
        label.setFixedHeight(32)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        row.addLayout(self._column, 1)
        self.field = _Field()
        self.field.setAccessibleName(_("To whom the times are offered, a mail address"))
        self.field.taken.connect(self._take)
        self.field.last_wanted.connect(self._drop_last)
        self._column.addWidget(self.field)
        self.chips: list[_Chip] = []
        self._tell()

    def guests(self) -> tuple[Guest, ...]:
        """Whom, in the order they were typed."""
        return tuple(chip.guest for chip in self.chips)

    def take(self, text: str) -> bool:
        """Choose everybody a text names; False, and nobody, when something in it is no address."""
        found = [Guest(address, name) for name, address in getaddresses([text.replace(";", ",")]) if name or address]
        if not found or any(not _is_address(one.address) for one in found):
            return False
        for one in found:
            if all(one.address.lower() != known.guest.address.lower() for known in self.chips):
                self._add(one)
        self.field.clear()
        self._tell()
        self.changed.emit()
        return True

    def lock(self) -> None:
        """These people and no others."""
        self.field.hide()
        for chip in self.chips:
            chip.out.hide()
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def drop(self, chip: _Chip) -> None:
        """Somebody less."""
        self.chips.remove(chip)
        self._column.removeWidget(chip)
        chip.hide()
        chip.deleteLater()
        self._tell()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _add(self, guest: Guest) -> None:
        chip = _Chip(guest)
        chip.dropped.connect(lambda chip=chip: self.drop(chip))
        self._column.insertWidget(len(self.chips), chip)
        self.chips.append(chip)

    def _drop_last(self) -> None:
        if self.chips:
            self.drop(self.chips[-1])

    def _tell(self) -> None:
        self.field.setPlaceholderText(_("Another mail address") if self.chips else _("Mail address"))

    def _take(self) -> None:
        text = self.field.text().strip()
        wrong = bool(text) and not self.take(text)
        if text:
            self.field.setProperty("error", wrong)
            self.field.style().polish(self.field)


class _Chip(QWidget):
    """Avatar, name, x. Backspace and Del take it out."""

    dropped = Signal()

    def __init__(self, guest: Guest) -> None:
        super().__init__()
        self.guest = guest
        name = guest.name or guest.address
        self.setFixedHeight(32)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{name}, {guest.address}")
        self.setToolTip(guest.address)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Avatar(name))
        row.addWidget(Elided(name, 13, 500), 1)
        self.out = Button("", Kind.QUIET, icon="close", small=True)
        self.out.setAccessibleName(_("Remove {name}").format(name=name))
        self.out.clicked.connect(self.dropped)
        row.addWidget(self.out)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.dropped.emit()
        else:
            super().keyPressEvent(event)


def _is_address(text: str) -> bool:
    user, at, domain = text.rpartition("@")
    return bool(user and at and domain)

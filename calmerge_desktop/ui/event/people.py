"""The people of an event as mail addresses, each with the answer it gave."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from calmerge_desktop.core.model import Attendee
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.event.popover import answer
from calmerge_desktop.ui.parts.avatar import Avatar
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.words import Elided, Mark, Words


class _AddressField(QLineEdit):
    """Enter, comma or semicolon takes the address in; Backspace in an empty field takes the last one out."""

    taken = Signal()
    dropped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Comma, Qt.Key.Key_Semicolon) and not (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.taken.emit()
            return
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.dropped.emit()
            return
        super().keyPressEvent(event)


class PeopleFields(QWidget):
    """A field to type addresses, and who is in."""

    changed = Signal()

    def __init__(self, people: Sequence[Attendee], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known = {person.address: person for person in people}
        self._addresses = [person.address for person in people]
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 24, 24, 16)
        self.column.setSpacing(12)
        self.column.addWidget(Words(_("People"), 15, 600))
        self.field = _AddressField()
        self.field.setPlaceholderText(_("Mail address"))
        self.field.setAccessibleName(_("Add a person by mail address"))
        self.field.taken.connect(self._take)
        self.field.dropped.connect(self._drop_last)
        self.field.textChanged.connect(self.changed)
        self.column.addWidget(self.field)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.column.addLayout(self._rows)
        self._show()

    def addresses(self) -> tuple[str, ...]:
        """Everyone who is in, and what still stands in the field."""
        rest = self.field.text().strip().lower()
        return tuple(self._addresses) + ((rest,) if rest and rest not in self._addresses else ())

    def _take(self) -> None:
        for text in self.field.text().replace(";", ",").split(","):
            address = text.strip().strip("<>").lower()
            if address and address not in self._addresses:
                self._addresses.append(address)
        self.field.clear()
        self._show()
        self.changed.emit()

    def _drop(self, address: str) -> None:
        self._addresses.remove(address)
        self._show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _drop_last(self) -> None:
        if self._addresses:
            self._drop(self._addresses[-1])

    def _show(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for address in self._addresses:
            self._rows.addWidget(self._row(self._known.get(address, Attendee(address=address))))
        if not self._addresses:
            self._rows.addWidget(Words(_("Nobody yet. The event is only yours."), 12, 400, "text2", wrap=True))

    def _row(self, person: Attendee) -> QWidget:
        holder = QWidget()
        holder.setFixedHeight(32)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Avatar(person.name or person.address, 22))
        row.addWidget(Elided(person.name or person.address, 13), 1)
        if person.address in self._known:
            text, icon, color = answer(person.partstat)
            row.addWidget(Mark(icon, color, 12))
            row.addWidget(Words(text, 11, 400, "text2"))
        drop = Button("", Kind.QUIET, icon="close", small=True)
        drop.setAccessibleName(_("Remove {name}").format(name=person.name or person.address))
        drop.clicked.connect(lambda: self._drop(person.address))
        row.addWidget(drop)
        return holder

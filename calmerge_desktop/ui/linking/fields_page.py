"""The second page of linking: the fields of one kind of source, and how far it lets the program see."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.linking.cards import RungRow
from calmerge_desktop.ui.linking.kinds import FieldKind, LinkKind
from calmerge_desktop.ui.parts.buttons import Button
from calmerge_desktop.ui.parts.notes import Note
from calmerge_desktop.ui.parts.words import Words

_LABEL = 132


class FieldsPage(QWidget):
    """Errors stand at their field; what was typed stays."""

    submitted = Signal()
    """Enter in a field."""

    def __init__(
        self,
        chosen: LinkKind,
        title: str,
        values: Mapping[str, str],
        *,
        only_secret: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.inputs: dict[str, QLineEdit] = {}
        self.wrong: dict[str, tuple[Words, str]] = {}
        self.problem = Note("error")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Words(title, 20, 600))
        column.addSpacing(4)
        column.addWidget(Words(chosen.about, 12, 400, "text2", wrap=True))
        column.addSpacing(12)
        for field in chosen.fields:
            self._add(column, field, values.get(field.name, ""), enabled=not only_secret or field.name == "password")
        column.addWidget(self.problem)
        column.addStretch(1)
        if chosen.rungs and not only_secret:
            column.addWidget(Words(_("The program sees"), 11, 400, "text2"))
            column.addSpacing(4)
            for rung in chosen.rungs:
                column.addWidget(RungRow(rung))

    def values(self) -> dict[str, str]:
        """What was typed, by field."""
        return {name: field.text() for name, field in self.inputs.items()}

    def show_wrong(self, wrong: Mapping[str, str]) -> None:
        """Say at each field what is wrong with it; nothing wrong brings the hints back."""
        self.problem.say("error", "")
        for name, (label, hint) in self.wrong.items():
            label.setText(wrong.get(name, hint))
            label.setColor("danger" if name in wrong else "text2")
            label.setVisible(bool(wrong.get(name, hint)))
            field = self.inputs[name]
            field.setProperty("error", name in wrong)
            field.style().unpolish(field)
            field.style().polish(field)

    def _add(self, column: QVBoxLayout, field: FieldKind, value: str, *, enabled: bool) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        caption = Words(field.label, 13, 500, "text2")
        caption.setFixedWidth(_LABEL)
        entry = QLineEdit(value)
        entry.setPlaceholderText(field.placeholder)
        entry.setAccessibleName(field.label)
        entry.setEnabled(enabled)
        caption.setBuddy(entry)
        if field.name == "password":
            entry.setEchoMode(QLineEdit.EchoMode.Password)
        entry.returnPressed.connect(self.submitted)
        entry.textEdited.connect(lambda _text: self._edited(field.name))
        row.addWidget(caption)
        row.addWidget(entry, 1)
        if field.name == "path":
            pick = Button(_("Choose…"), icon="folder")
            pick.clicked.connect(lambda: self._pick_path(pick))
            row.addWidget(pick)
        column.addLayout(row)
        below = Words(field.hint, 11, 400, "text2", wrap=True)
        below.setContentsMargins(_LABEL + 12, 2, 0, 0)
        column.addWidget(below)
        if not field.hint:
            below.hide()
        column.addSpacing(8)
        self.inputs[field.name], self.wrong[field.name] = entry, (below, field.hint)

    def _edited(self, name: str) -> None:
        if self.inputs[name].property("error"):
            self.show_wrong({})

    def _pick_path(self, button: Button) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("An .ics file…")).triggered.connect(self._pick_file)
        menu.addAction(_("A folder…")).triggered.connect(self._pick_folder)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _pick_file(self) -> None:
        self._picked(QFileDialog.getOpenFileName(self, _("Open a calendar file"), "", "iCalendar (*.ics)")[0])

    def _pick_folder(self) -> None:
        self._picked(QFileDialog.getExistingDirectory(self, _("Open a folder of calendars")))

    def _picked(self, path: str) -> None:
        if path:
            self.inputs["path"].setText(path)
            self._edited("path")

"""Another name for a calendar, on this computer only."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.words import Words


class RenameSheet(Sheet):
    """One field."""

    renamed = Signal(str)

    def __init__(self, window: QWidget, name: str) -> None:
        super().__init__(window, QSize(420, 196))
        self.setAccessibleName(_("Rename calendar"))
        column = QVBoxLayout(self.body)
        column.setContentsMargins(24, 20, 24, 12)
        column.setSpacing(8)
        column.addWidget(Words(_("Rename “{name}”").format(name=name), 15, 600))
        column.addWidget(Words(_("Only here; the provider keeps its own name."), 12, 400, "text2"))
        self.field = QLineEdit(name)
        self.field.setAccessibleName(_("Name"))
        self.field.returnPressed.connect(self._save)
        column.addWidget(self.field)
        column.addStretch(1)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(8)
        row.addStretch(1)
        cancel = Button(_("Cancel"))
        cancel.clicked.connect(self.dismiss)
        self.save = Button(_("Rename"), Kind.PRIMARY)
        self.save.clicked.connect(self._save)
        row.addWidget(cancel)
        row.addWidget(self.save)
        self.field.textChanged.connect(lambda text: self.save.setEnabled(bool(text.strip())))

    def open(self) -> None:
        """Show, with the old name selected."""
        super().open()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def _save(self) -> None:
        name = self.field.text().strip()
        if name:
            self.dismiss()
            self.renamed.emit(name)

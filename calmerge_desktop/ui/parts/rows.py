"""Lists in a form: any number of lines of one kind, each with its own words when it cannot work."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.scroll import BAR
from calmerge_desktop.ui.parts.words import Words


class Row(QWidget):
    """What every line has: fields, a button that takes it away, a sentence below."""

    changed = Signal()
    gone = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.error = Words("", 11, 500, "danger", wrap=True)
        self.error.hide()
        self.drop = Button("", Kind.QUIET, icon="close", small=True)
        self.drop.setAccessibleName(_("Remove: {what}").format(what=name))
        self.drop.clicked.connect(self.gone)

    def lay_out(self, *lines: tuple[QWidget, ...]) -> None:
        """The fields, the last line with the button at its end."""
        for line in lines:
            row = QHBoxLayout()
            row.setSpacing(6)
            for widget in line:
                row.addWidget(widget, int(_wide(widget)))
            if line is lines[0]:
                if not any(map(_wide, line)):
                    row.addStretch(1)
                row.addWidget(self.drop)
            self._column.addLayout(row)
        self._column.addWidget(self.error)

    def enter(self) -> None:
        """Put the focus on the first field."""
        if (first := self.nextInFocusChain()) is not None:
            first.setFocus()

    def problem(self) -> str:
        """What cannot work here, in a sentence; also shown below."""
        try:
            self.try_out()
        except BadInput as error:
            said = error.message
        else:
            said = ""
        self.error.setText(said)
        self.error.setVisible(bool(said))
        return said

    def try_out(self) -> None:
        """Raises `BadInput` when the line means nothing."""
        raise NotImplementedError


class Rows(QWidget):
    """All lines of one kind, and the button that adds one."""

    changed = Signal()

    def __init__(self, add: str, make: Callable[[], Row], *, inset: bool = True) -> None:
        """`inset`: it stands alone in a fold, so it keeps the margins of a group itself."""
        super().__init__()
        self.rows: list[Row] = []
        self._make = make
        self._column = QVBoxLayout(self)
        if inset:
            self._column.setContentsMargins(20, 0, 20 - BAR, 12)
        else:
            self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.add = Button(add, Kind.QUIET, icon="plus", small=True)
        self.add.clicked.connect(self._added)
        self._column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def take(self, rows: list[Row]) -> None:
        """Show these lines instead."""
        for old in self.rows:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = []
        for row in rows:
            self._insert(row)

    def problems(self) -> list[str]:
        """The sentence of each line that cannot work."""
        return [said for row in self.rows if (said := row.problem())]

    def _added(self, *_args: object) -> None:
        row = self._make()
        self._insert(row)
        self.changed.emit()
        row.enter()

    def _insert(self, row: Row) -> None:
        self.rows.append(row)
        self._column.insertWidget(len(self.rows) - 1, row)
        row.changed.connect(self.changed)
        row.gone.connect(partial(self._gone, row))

    def _gone(self, row: Row) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.changed.emit()


def _wide(widget: QWidget) -> bool:
    """What takes the room that is left: fields one types words into."""
    return isinstance(widget, QLineEdit) or (isinstance(widget, QComboBox) and widget.isEditable())

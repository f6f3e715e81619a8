"""Numbers and times without arrow buttons.

Qt's style sheets leave a spin box without buttons one pixel for its text; these lay their line out themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QSpinBox, QTimeEdit, QWidget

_AIR = 10


if TYPE_CHECKING:
    _Base = QAbstractSpinBox
else:
    _Base = object  # Qt takes one widget class as a base, and each field has its own


class _Plain(_Base):
    """What both fields share: no buttons, and the line laid over the whole box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        self.lineEdit().setGeometry(self.rect().adjusted(_AIR, 1, -_AIR, -1))


class PlainSpin(_Plain, QSpinBox):
    """A whole number to type or step with the arrow keys."""


class PlainTime(_Plain, QTimeEdit):
    """A time of day to type or step with the arrow keys."""


class Still(QObject):
    """Keeps the wheel from changing a field one only scrolls past. Install it on the fields of a scrolled form."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def hold(self, form: QWidget) -> None:
        """Watch every field inside `form`."""
        for kind in (QComboBox, QAbstractSpinBox):
            for field in form.findChildren(kind):
                field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                field.installEventFilter(self)

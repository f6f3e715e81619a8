"""What every folded part of the form has: it shows some settings of a link, and lays what it says over a link."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QLineEdit, QPlainTextEdit, QWidget

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.ui.links.fields import Group
from calmerge_desktop.ui.parts.words import Words


class Section(Group):
    """`errors` and `marked` are by the names of `ui.links.wrong`; `problems` holds what was typed and means nothing."""

    changed = Signal()
    jumps: tuple[str, ...] = ()
    """Causes of an explanation (`ui.links.rulings`) that are decided here."""

    def __init__(self) -> None:
        super().__init__("")
        self.errors: dict[str, Words] = {}
        self.marked: dict[str, tuple[QWidget, ...]] = {}
        self.problems: dict[str, str] = {}

    def title(self) -> str:
        """Its name in the form."""
        raise NotImplementedError

    def take(self, link: Link) -> None:
        """Show what a link says."""
        raise NotImplementedError

    def read(self, link: Link) -> Link:
        """The link with what the fields say; a field that means nothing leaves it as it was and is in `problems`."""
        raise NotImplementedError

    def say(self, link: Link) -> str:
        """The value in one line, while it is folded."""
        raise NotImplementedError

    def enter(self, field: str) -> QWidget | None:
        """Where the focus belongs for a cause of `jumps`."""
        del field
        return None

    def hear(self, *fields: QWidget) -> None:
        """Tell when one of these changes."""
        for field in fields:
            if isinstance(field, QLineEdit):
                field.textChanged.connect(self.changed)
            elif isinstance(field, QComboBox):
                field.currentTextChanged.connect(self.changed)
            elif isinstance(field, QCheckBox):
                field.toggled.connect(self.changed)
            elif isinstance(field, QPlainTextEdit):
                field.textChanged.connect(self.changed)
            elif isinstance(field, QDateEdit):
                field.dateChanged.connect(self.changed)


def number(text: str, nothing: int | None = None) -> int | None:
    """A whole number as typed; `nothing` for an empty field; 0, which no setting takes, for what is no number."""
    text = text.strip()
    if not text:
        return nothing
    return int(text) if text.isdigit() and len(text) < 6 else 0

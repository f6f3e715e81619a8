"""The bar of the mode: through whose eyes the week is read, what they see, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.ink import ink
from calmerge_desktop.ui.parts.words import Elided, Mark, Words


class AvailabilityBar(QWidget):
    """44 px: a field stands in it."""

    left = Signal()
    chosen = Signal(str)
    """Id of a link, or empty for plain free and busy."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(44)
        self.setAccessibleName(_("Availability"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(10)
        self.link = QComboBox()
        self.link.setAccessibleName(_("What is shown"))
        self.link.setMinimumWidth(180)
        self.link.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.link.addItem(_("When I am free"), "")
        self.said = Elided("", 12, 400, "text2")
        self.leave = Button(_("Back to my calendar"), Kind.QUIET, key=_("Esc"), small=True)
        row.addWidget(Mark("eye", "accent"))
        row.addWidget(Words(_("Availability"), 13, 600))
        row.addWidget(self.link)
        row.addWidget(self.said, 1)
        row.addWidget(self.leave)
        self.leave.clicked.connect(self.left)
        self.link.currentIndexChanged.connect(lambda _index: self.chosen.emit(self.choice))

    @property
    def choice(self) -> str:
        """Id of the chosen link, or empty."""
        return str(self.link.currentData() or "")

    def set_links(self, links: Sequence[Link], choose: str | None = None) -> None:
        """The links one can look through; `choose` or what was chosen stays chosen."""
        wanted = self.choice if choose is None else choose
        self.link.blockSignals(True)
        while self.link.count() > 1:
            self.link.removeItem(1)
        for one in links:
            self.link.addItem(_("What guests of “{title}” can book").format(title=one.title), one.id)
        self.link.setCurrentIndex(max(self.link.findData(wanted), 0))
        self.link.blockSignals(False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink().surface)
        painter.fillRect(0, self.height() - 1, self.width(), 1, ink().line)
        painter.end()

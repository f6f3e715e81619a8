"""The head over a week that is looked at beside a form: its name, its dates, and the steps to others."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.words import Elided

_DAYS = 7
_ROOM = 520
"""Width from which there is room for the name; the dates are needed more."""


class WeekSteps(QWidget):
    """Further widgets may be added to `row`."""

    stepped = Signal(int)
    """Days to go."""
    today = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(16, 12, 16, 12)
        self.row.setSpacing(8)
        self.name = Elided(title, 15, 600)
        self.dates = Elided("", 12, 400, "text2")
        self.back, self.on = Button("", Kind.QUIET, icon="chevron-left"), Button("", Kind.QUIET, icon="chevron-right")
        self.back.setAccessibleName(_("Week before"))
        self.on.setAccessibleName(_("Week after"))
        self.now = Button(_("This week"))
        for words in (self.name, self.dates):
            words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            self.row.addWidget(words)
        self.row.addStretch(1)
        for button in (self.back, self.now, self.on):
            self.row.addWidget(button)
        self.back.clicked.connect(partial(self._step, -_DAYS))
        self.on.clicked.connect(partial(self._step, _DAYS))
        self.now.clicked.connect(lambda _on=False: self.today.emit())

    def say(self, dates: str) -> None:
        """The dates on show."""
        self.dates.setText(dates)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self.name.setVisible(self.width() >= _ROOM)

    def _step(self, days: int, *_args: object) -> None:
        self.stepped.emit(days)

"""The sidebar: where one is, the month, the accounts with their honest health. Folds to a rail of icons."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from calmerge_desktop.core.model import SourceState
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.frame.accounts import AccountsList
from calmerge_desktop.ui.frame.mini_month import MiniMonth
from calmerge_desktop.ui.frame.pages import CALENDAR, Entry
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.ink import ink
from calmerge_desktop.ui.parts.words import Hairline, Mark
from calmerge_desktop.ui.session import Session

WIDE, RAIL = 248, 52


class Sidebar(QWidget):
    """248 px wide, or a rail of 52."""

    link_wanted = Signal()
    settings_wanted = Signal()
    unfold_wanted = Signal()
    page_wanted = Signal(str)
    """Key of a page, or `frame.pages.CALENDAR`."""

    def __init__(self, session: Session, speaker: Speaker, first_weekday: int, pages: tuple[Entry, ...] = ()) -> None:
        super().__init__()
        self._session = session
        self.folded = False
        self._here = CALENDAR
        self.nav = self._leading(_("Calendar"), "calendar")
        self.nav.setChosen(True)
        self.nav.clicked.connect(self._nav_pressed)
        self.pages: dict[str, Button] = {CALENDAR: self.nav}
        for entry in pages:
            button = self.pages[entry.key] = self._leading(entry.label(), entry.icon)
            button.clicked.connect(lambda _on=False, key=entry.key: self.page_wanted.emit(key))
        self.month = MiniMonth(session.today(), first_weekday)
        self.accounts = AccountsList(session, speaker)
        self.link = Button(_("Link an account"), Kind.QUIET, icon="plus")
        self.link.left = True
        self.link.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.link.clicked.connect(self.link_wanted)
        self.gear = Button("", Kind.QUIET, icon="gear")
        self.gear.setAccessibleName(_("Settings"))
        self.gear.setToolTip(_("Settings"))
        self.gear.clicked.connect(self.settings_wanted)
        self.worst = Mark("warning", "warn")
        self.worst.hide()
        self._lines = (self._inset(), self._inset())
        self._lay_out()
        session.accounts_changed.connect(self._tell_worst)
        self.fold(False)

    def choose(self, key: str) -> None:
        """Mark the page that is shown."""
        for each, button in self.pages.items():
            button.setChosen(each == key)
        self._here = key

    def set_badge(self, key: str, number: int, said: str) -> None:
        """How many wait at a page; `said` is its name with the number, for a screen reader."""
        if key in self.pages:
            self.pages[key].setBadge(number)
            self.pages[key].setAccessibleName(said)

    def fold(self, folded: bool) -> None:
        """Show the rail, or everything."""
        self.folded = folded
        self.setFixedWidth(RAIL if folded else WIDE)
        for wide in (self.month, self.accounts, *self._lines):
            wide.setVisible(not folded)
        self._stretch.setVisible(folded)
        for button in (*self.pages.values(), self.link):
            button.setCompact(folded)
        self._foot.setDirection(QHBoxLayout.Direction.TopToBottom if folded else QHBoxLayout.Direction.LeftToRight)
        self._tell_worst()

    def show_span(self, first: date, last: date) -> None:
        """Mark the dates on show in the small month."""
        self.month.show_span(first, last)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.surface)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), t.line)
        painter.end()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 1, 8)
        column.setSpacing(0)
        nav = QVBoxLayout()
        nav.setContentsMargins(8, 0, 8, 0)
        nav.setSpacing(2)
        for button in self.pages.values():
            nav.addWidget(button)
        column.addLayout(nav)
        column.addSpacing(10)
        column.addWidget(self._lines[0])
        column.addSpacing(10)
        column.addWidget(self.month)
        column.addSpacing(8)
        column.addWidget(self._lines[1])
        column.addSpacing(4)
        column.addWidget(self.accounts, 1)
        self._stretch = QWidget()
        self._stretch.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        column.addWidget(self._stretch, 1)
        self._foot = QHBoxLayout()
        self._foot.setContentsMargins(8, 4, 8, 0)
        self._foot.setSpacing(4)
        self._foot.addWidget(self.worst, 0, Qt.AlignmentFlag.AlignHCenter)
        self._foot.addWidget(self.link, 1)
        self._foot.addWidget(self.gear, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(self._foot)

    def _inset(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(16, 0, 16, 0)
        row.addWidget(Hairline())
        return holder

    def _nav_pressed(self) -> None:
        if self._here != CALENDAR:
            self.page_wanted.emit(CALENDAR)
        elif self.folded:
            self.unfold_wanted.emit()

    def _leading(self, label: str, icon: str) -> Button:
        button = Button(label, Kind.QUIET, icon=icon)
        button.left = True
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return button

    def _tell_worst(self) -> None:
        """Folded, the worst state of a source stays visible."""
        states = [view for view in self._session.accounts if view.status.state is not SourceState.FRESH]
        broken = [view for view in states if view.status.state is SourceState.BROKEN]
        self.worst.set("cross-circle" if broken else "clock", "danger" if broken else "warn")
        text = "\n".join(
            f"{view.account.name}: {phrases.health(view.status, self._session.clock(), self._session.tz)}" for view in states
        )
        self.worst.setToolTip(text)
        self.worst.setAccessibleName(text)
        self.worst.setVisible(self.folded and bool(states))

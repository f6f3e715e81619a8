"""The foot of the page: what a deed does, said before, and the deeds an offer has."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.agenda.offers import OfferView, SlotState
from calmerge_desktop.core.proposal.model import LIVE, State
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.offers import words
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.ink import ink
from calmerge_desktop.ui.parts.words import Mark, Words


class Act(StrEnum):
    """What a button or key means."""

    BOOK = "book"
    OTHERS = "others"
    WITHDRAW = "withdraw"
    SEND = "send"
    ASIDE = "aside"
    REOPEN = "reopen"
    SHOW = "show"


KEYS = {
    Qt.Key.Key_B: Act.BOOK,
    Qt.Key.Key_O: Act.OTHERS,
    Qt.Key.Key_W: Act.WITHDRAW,
    Qt.Key.Key_S: Act.SEND,
    Qt.Key.Key_L: Act.ASIDE,
    Qt.Key.Key_R: Act.REOPEN,
    Qt.Key.Key_G: Act.SHOW,
}
_LETTERS = {act: Qt.Key(key).name.removeprefix("Key_") for key, act in KEYS.items()}
_BOOKABLE = (SlotState.OPEN, SlotState.CHOSEN, SlotState.TAKEN, SlotState.UNKNOWN)
_ROW = 3


class Offered(NamedTuple):
    """A deed an offer has; the first is the primary one."""

    act: Act
    label: str


def deeds(view: OfferView, now: int) -> list[Offered]:
    """What can be done with an offer, the most likely first."""
    state = view.proposal.state
    book = Offered(Act.BOOK, _("Book…"))
    others = Offered(Act.OTHERS, _("Offer other times…"))
    withdraw = Offered(Act.WITHDRAW, _("Withdraw"))
    bookable = [book] if any(slot.state in _BOOKABLE for slot in view.slots) else []
    if state is State.ANSWERED:
        good = any(slot.state is SlotState.CHOSEN for slot in view.slots)
        first = [*bookable, others] if good else [others, *bookable]
        return [*first, Offered(Act.ASIDE, _("Leave it open")), withdraw]
    if state is State.OPEN:
        sent = any(letter.key.endswith(":offer") for letter in view.letters)
        send = Offered(Act.SEND, _("Send again…") if sent else _("Send…"))
        return [others, *bookable, send, withdraw] if sent else [send, *bookable, others, withdraw]
    if state is State.EXPIRED:
        return [others, *bookable]
    if state is State.BOOKED:
        return [Offered(Act.SHOW, _("Show in the calendar"))]
    if state is State.WITHDRAWN and view.proposal.expires > now:
        return [Offered(Act.REOPEN, _("Open it again"))]
    return []


class OfferFoot(QWidget):
    """Emits the deed; hidden while there is none."""

    acted = Signal(str)
    """An `Act`."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[Act, Button] = {}
        self.leaves = Words("", 12, 400, "text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 14, 24, 14)
        column.setSpacing(10)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(Mark("info", "text2", 14), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.leaves, 1)
        self._line = QWidget()
        self._line.setLayout(line)
        line.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._line)
        self._rows = QVBoxLayout()
        column.addLayout(self._rows)
        self._row: QWidget | None = None
        self._made: list[Offered] = []
        self._per = 0

    def show_offer(self, view: OfferView | None, now: int) -> None:
        """The deeds of another offer, or none."""
        found = deeds(view, now) if view is not None else []
        self.setVisible(bool(found))
        if view is None or not found:
            self.buttons, self._made = {}, []
            return
        self.leaves.setText(words.withdrawing(view) if view.proposal.state in LIVE else "")
        self._line.setVisible(view.proposal.state in LIVE)
        if found != self._made:
            self._made = found
            self._make()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._made and self._per_row() != self._per:
            focused = next((act for act, button in self.buttons.items() if button.hasFocus()), None)
            self._make()
            if focused is not None:
                self.buttons[focused].setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, ink().line)
        painter.end()

    def _per_row(self) -> int:
        """All in one row where they fit."""
        need = sum(button.sizeHint().width() + 8 for button in self.buttons.values())
        return len(self._made) if need <= self.width() - 48 else _ROW

    def _make(self) -> None:
        if self._row is not None:
            self._rows.removeWidget(self._row)
            self._row.hide()
            self._row.deleteLater()
        self._row = QWidget()
        column = QVBoxLayout(self._row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.buttons = {}
        for number, one in enumerate(self._made):
            kind = Kind.PRIMARY if number == 0 else Kind.SECONDARY
            button = self.buttons[one.act] = Button(one.label, kind, key=_LETTERS[one.act])
            button.clicked.connect(lambda _on=False, act=one.act: self.acted.emit(act))
        self._per = self._per_row()
        made = list(self.buttons.values())
        for at in range(0, len(made), self._per):
            line = QHBoxLayout()
            line.setSpacing(8)
            for button in made[at : at + self._per]:
                line.addWidget(button)
            line.addStretch(1)
            column.addLayout(line)
        self._rows.addWidget(self._row)

"""The foot of the middle: what an answer sends, a word to go with it, the buttons; and the form for another time."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import local
from calmerge_desktop.ui.inbox import words
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.ink import ink
from calmerge_desktop.ui.parts.words import Mark, Words
from calmerge_desktop.ui.session import Session

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.requesting import Request
    from calmerge_desktop.ui.event.fields import DateField, TimeField


class Act(StrEnum):
    """What a button or key means."""

    ACCEPT = "accept"
    MAYBE = "maybe"
    DECLINE = "decline"
    PROPOSE = "propose"
    OTHERS = "others"
    REMOVE = "remove"
    SETTLE = "settle"


KEYS = {
    Qt.Key.Key_A: Act.ACCEPT,
    Qt.Key.Key_T: Act.MAYBE,
    Qt.Key.Key_D: Act.DECLINE,
    Qt.Key.Key_P: Act.PROPOSE,
    Qt.Key.Key_O: Act.OTHERS,
    Qt.Key.Key_R: Act.REMOVE,
    Qt.Key.Key_S: Act.SETTLE,
}
_LETTERS = {act: Qt.Key(key).name.removeprefix("Key_") for key, act in KEYS.items()}


class Offered(NamedTuple):
    """A deed a request has; the first is the primary one."""

    act: Act
    label: str


def offered(one: Request, now: int) -> list[Offered]:
    """What can be done with a request, the most likely first."""
    seen = Offered(Act.SETTLE, _("Seen"))
    if one.asks and (one.open or one.end > now or one.rrule) and one.sender and not one.guests:
        out = [
            Offered(Act.ACCEPT, _("Accept")),
            Offered(Act.MAYBE, _("Maybe")),
            Offered(Act.DECLINE, _("Decline")),
            Offered(Act.PROPOSE, _("Propose another time…")),
        ]
        return [*out, seen] if one.kind == "update" and one.open else out
    if not one.open:
        return []
    if one.kind == "counter":
        return [Offered(Act.ACCEPT, _("Accept…")), Offered(Act.DECLINE, _("Decline"))]
    if one.kind == "proposal":
        choose = [Offered(Act.ACCEPT, _("Book…"))] if not one.declined or one.choices else []
        others = Offered(Act.OTHERS, _("Offer other times…"))
        return [*choose, others, Offered(Act.SETTLE, _("Leave the offer open"))]
    if one.kind == "answer-for-guest":
        return [Offered(Act.ACCEPT, _("Note the answer")), seen]
    if one.kind == "cancelled" and one.event:
        return [Offered(Act.REMOVE, _("Remove from calendar")), seen]
    return [seen]


class RequestFoot(QWidget):
    """Shows what can be done with one request. Emits the deed; the form of another time emits its stamps."""

    acted = Signal(str)
    """An `Act`."""
    proposed = Signal(object, object)
    """Start and end as `Stamp`s."""
    picking = Signal(object)
    """While another time is chosen: (start, end) as instants, None when that is over."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.request: Request | None = None
        self.buttons: dict[Act, Button] = {}
        self._deeds = QWidget()
        self._column = QVBoxLayout(self._deeds)
        self._column.setContentsMargins(20, 14, 20, 14)
        self._column.setSpacing(10)
        self.leaves = Words("", 12, 400, "text2", wrap=True)
        self.comment = QLineEdit()
        self.comment.setAccessibleName(_("A word with your answer"))
        self.comment.setMaxLength(1000)
        self._rows = QVBoxLayout()
        self._row: QWidget | None = None
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(Mark("lock", "text2", 14), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.leaves, 1)
        self._column.addLayout(line)
        self._column.addWidget(self.comment)
        self._column.addLayout(self._rows)
        self.form: OtherTime | None = None
        self.beside = True
        """The day is shown, so that another time can be dragged."""
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 1, 0, 0)
        self._outer.addWidget(self._deeds)

    def show_request(self, one: Request | None) -> None:
        """The deeds of another request; a word that was typed stays with the request it was typed for."""
        same = one is not None and self.request is not None and one.key == self.request.key
        self.request = one
        if not same:
            self.comment.clear()
            self.end_proposing()
        deeds = offered(one, self._session.clock()) if one else []
        self.setVisible(bool(deeds))
        if one is None or not deeds:
            return
        calendar = self._session.calendar(one.calendar) if one.calendar else None
        offline = words.is_offline(self._session.accounts)
        self.leaves.setText(words.leaves(one, calendar.name if calendar else "", offline=offline))
        acts = {deed.act for deed in deeds}
        counter = one.kind == "counter"
        self.comment.setVisible(one.asks or counter)
        said = _("A word if you decline (optional)") if counter else _("A word with your answer (optional)")
        self.comment.setPlaceholderText(said)
        if list(self.buttons) != [deed.act for deed in deeds] or not same:
            self._make_buttons(deeds)
        if self.form is not None and Act.PROPOSE not in acts:
            self.end_proposing()

    @property
    def proposing(self) -> bool:
        """Whether another time is being chosen."""
        return self.form is not None

    def propose(self, start: int | None = None, end: int | None = None) -> None:
        """Choose another time, beginning with these instants, else with the same time of the next day."""
        one = self.request
        if one is None or Act.PROPOSE not in self.buttons:
            return
        if start is None or end is None:
            start, end = self._next_day(one)
        if self.form is None:
            self.form = OtherTime(self._session, beside=self.beside)
            self.form.changed.connect(self._picked)
            self.form.left.connect(self.end_proposing)
            self.form.sent.connect(self._send)
            self._outer.addWidget(self.form)
            self._deeds.hide()
            self.form.word.setText(self.comment.text())
        self.form.take(start, end)
        self.form.start.setFocus(Qt.FocusReason.OtherFocusReason)
        self._picked()

    def end_proposing(self) -> None:
        """Back to the buttons."""
        if self.form is None:
            return
        form, self.form = self.form, None
        focus: QWidget | None = self.window().focusWidget()
        had = focus is not None and form.isAncestorOf(focus)
        self.comment.setText(form.word.text())
        form.hide()
        form.deleteLater()
        self._deeds.show()
        if had and (first := next(iter(self.buttons.values()), None)):
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.picking.emit(None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, ink().line)
        painter.end()

    def _make_buttons(self, deeds: list[Offered]) -> None:
        if self._row is not None:
            self._rows.removeWidget(self._row)
            self._row.hide()
            self._row.deleteLater()
        self._row = QWidget()
        column = QVBoxLayout(self._row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._rows.addWidget(self._row)
        self.buttons = {}
        for at in range(0, len(deeds), 3):
            line = QHBoxLayout()
            line.setSpacing(8)
            for number, deed in enumerate(deeds[at : at + 3]):
                kind = Kind.PRIMARY if at + number == 0 else Kind.SECONDARY
                button = self.buttons[deed.act] = Button(deed.label, kind, key=_LETTERS[deed.act])
                button.clicked.connect(lambda _on=False, act=deed.act: self.acted.emit(act))
                line.addWidget(button, 1)
            column.addLayout(line)

    def _next_day(self, one: Request) -> tuple[int, int]:
        tz = self._session.tz
        begin = max(one.start, self._session.clock())
        day = local(begin, tz).date() + timedelta(days=1)
        if one.all_day:
            at = datetime(day.year, day.month, day.day, self._session.settings.day_begins, tzinfo=tz)
            return int(at.timestamp()), int(at.timestamp()) + 3600
        wall = local(one.start, tz)
        at = datetime(day.year, day.month, day.day, wall.hour, wall.minute, tzinfo=tz)
        return int(at.timestamp()), int(at.timestamp()) + one.end - one.start

    def _picked(self) -> None:
        if self.form is not None:
            self.picking.emit(self.form.span())

    def _send(self) -> None:
        if self.form is not None:
            self.comment.setText(self.form.word.text())
            start, end = self.form.stamps()
            self.proposed.emit(start, end)


class OtherTime(QWidget):
    """Day, from, to, a word; Enter sends, Esc leaves. The day beside it takes a drag instead."""

    changed = Signal()
    left = Signal()
    sent = Signal()

    def __init__(self, session: Session, *, beside: bool) -> None:
        super().__init__()
        self._session = session
        self._beside = beside
        self._taking = False
        self.day, self.start, self.end = _fields()
        self.word = QLineEdit()
        self.word.setPlaceholderText(_("A word with it (optional)"))
        self.word.setAccessibleName(_("A word with it"))
        self.word.setMaxLength(1000)
        self.wrong = Words("", 11, 500, "danger", wrap=True)
        self.send = Button(_("Propose this time"), Kind.PRIMARY, key="↵")
        self.cancel = Button(_("Back"), key=_("Esc"))
        self._lay_out()
        for signal in (self.day.dateChanged, self.start.timeChanged, self.end.timeChanged):
            signal.connect(self._edited)
        self.send.clicked.connect(self._try)
        self.cancel.clicked.connect(self.left)

    def take(self, start: int, end: int) -> None:
        """Show these instants."""
        low, high = local(start, self._session.tz), local(end, self._session.tz)
        self._taking = True
        self.day.take(low.date())
        self.start.take(low.time())
        self.end.take(high.time())
        self._taking = False
        self._tell()

    def span(self) -> tuple[int, int]:
        """The instants on show; an end before the start is on the next day."""
        low, high = (
            datetime.combine(self.day.day(), field.at(), tzinfo=self._session.tz) for field in (self.start, self.end)
        )
        if high <= low:
            high += timedelta(days=1)
        return int(low.timestamp()), int(high.timestamp())

    def stamps(self) -> tuple[Stamp, Stamp]:
        """The same as wall times in the person's zone."""
        low, high = (local(at, self._session.tz).replace(tzinfo=None) for at in self.span())
        return Stamp(low, self._session.tzid), Stamp(high, self._session.tzid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._try()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(10)
        said = _("Another time: type it, or drag on the day.") if self._beside else _("Another time")
        column.addWidget(Words(said, 12, 500, "text2", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.day, 1)
        for field in (self.start, self.end):
            field.setFixedWidth(72)
        row.addWidget(self.start)
        row.addWidget(Words("–", 13, 400, "text2"))
        row.addWidget(self.end)
        column.addLayout(row)
        column.addWidget(self.wrong)
        column.addWidget(self.word)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.send, 2)
        buttons.addWidget(self.cancel, 1)
        column.addLayout(buttons)

    def _edited(self) -> None:
        if not self._taking:
            self._tell()
            self.changed.emit()

    def _tell(self) -> None:
        over = self.span()[0] <= self._session.clock()
        self.wrong.setText(_("This time is over already.") if over else "")
        self.wrong.setVisible(over)
        self.send.setEnabled(not over)

    def _try(self) -> None:
        if self.send.isEnabled():
            self.sent.emit()


def _fields() -> tuple[DateField, TimeField, TimeField]:
    from calmerge_desktop.ui.event.fields import DateField, TimeField

    return DateField(_("Day")), TimeField(_("From")), TimeField(_("To"))

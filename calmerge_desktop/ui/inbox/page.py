"""The page of the inbox: the list, the request with its deeds, the day.

A, T, D and P decide, J and K or the arrows move, Enter goes to the deeds, Z takes back. What is dropped or
pasted here goes the way of `calmerge inbox --read`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.inbox import words
from calmerge_desktop.ui.inbox.card import RequestCard
from calmerge_desktop.ui.inbox.day import DayPane
from calmerge_desktop.ui.inbox.deciding import FIELDS, DecidingPage
from calmerge_desktop.ui.inbox.deeds import Deeds
from calmerge_desktop.ui.inbox.foot import KEYS, Act, RequestFoot
from calmerge_desktop.ui.inbox.model import InboxModel
from calmerge_desktop.ui.inbox.rows import RequestList
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.notes import Note
from calmerge_desktop.ui.parts.picking import KeyHints, ListColumn
from calmerge_desktop.ui.parts.segmented import Segmented
from calmerge_desktop.ui.parts.words import Hairline, Words
from calmerge_desktop.ui.session import Session

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.requesting import Fit, Request

LIST, MIDDLE = 408, 396
_NARROW_LIST = 320
_DAY_FROM = 320
"""The day is shown when it has so much room."""
_RECENT = 12
"""Rows that are done and still shown beside what is open."""


class InboxPage(DecidingPage):
    """Shows the model's requests. `current` is the chosen one."""

    week_wanted = Signal(object)
    """`date`"""
    mailboxes_wanted = Signal()
    others_wanted = Signal(str)
    """Other times are to be offered instead of those of this proposal."""

    def __init__(self, session: Session, speaker: Speaker, model: InboxModel) -> None:
        super().__init__(session, speaker, _("Inbox"), KEYS)
        self.model = model
        self.deeds = Deeds(session, speaker, self)
        self._prefer = ""
        self._asked = 0
        self.list, self.card = RequestList(session), RequestCard(session)
        self.foot, self.day = RequestFoot(session), DayPane(session)
        self._lay_out()
        self._connect()
        if model.known:
            self.refresh()
        model.load()

    @property
    def current(self) -> Request | None:
        """The chosen request."""
        return self.list.current

    def refresh(self) -> None:
        """Show what the model has."""
        every = self.model.requests
        open_ = [one for one in every if one.open]
        done = [one for one in every if not one.open]
        self.filter.setLabels([_("Open {n}").format(n=len(open_)), _("All")])
        shown = every if self.filter.current else [*open_, *done[:_RECENT]]
        prefer, self._prefer = self._prefer, ""
        deciding = self._deciding()
        self.list.take(shown, prefer=prefer)
        if deciding:
            self.focus_list()
        if self.model.known and not self.model.mailboxes:
            said = _("No mailbox is linked: invitations come by the calendars, or by dropping or pasting a mail here.")
            self.hint.say("info", said, _("Add a mailbox"))
        else:
            self.hint.say("info", "")

    def act(self, act: str) -> None:
        """Do a deed with the chosen request, if it has it."""
        one = self.current
        if one is None or Act(act) not in self.foot.buttons or not self.foot.buttons[Act(act)].isEnabled():
            return
        word = self.foot.comment.text().strip()
        answers = {Act.ACCEPT: "accepted", Act.MAYBE: "tentative", Act.DECLINE: "declined"}
        match Act(act):
            case Act.PROPOSE:
                self.foot.propose()
            case Act.ACCEPT if one.kind == "counter":
                self.deeds.accept_time(one)
            case Act.DECLINE if one.kind == "counter":
                self.deeds.keep_time(one, word)
            case Act.ACCEPT if one.kind == "answer-for-guest":
                self.deeds.accept_answer(one)
            case Act.ACCEPT if one.kind == "proposal":
                self._book(one)
            case Act.OTHERS:
                self.others_wanted.emit(one.proposal)
            case Act.SETTLE:
                self.deeds.settle(one)
            case Act.REMOVE:
                self.deeds.remove(one)
            case found:
                self.deeds.answer(one, answers[found], word)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - MIDDLE
        wide = min(max(room - 440, _NARROW_LIST), LIST)
        with_day = room - wide >= _DAY_FROM
        self._left.setFixedWidth(wide if with_day else min(max(room, _NARROW_LIST), LIST))
        self._middle.setFixedWidth(MIDDLE if with_day else max(self.width() - self._left.width(), MIDDLE))
        self.day.setVisible(with_day)
        self.foot.beside = with_day

    # parts

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._left = ListColumn(grey=True)
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        self.hint = Note("info")
        self.hint.pressed.connect(self.mailboxes_wanted)
        holder = QHBoxLayout()
        holder.setContentsMargins(16, 0, 16, 0)
        holder.addWidget(self.hint)
        column.addLayout(holder)
        column.addSpacing(8)
        column.addWidget(Hairline())
        column.addWidget(self.list, 1)
        column.addWidget(KeyHints([(("J", "K"), _("next, previous")), (("↵",), _("decide")), (("Z",), _("undo"))]))
        self._middle = ListColumn(grey=False)
        middle = QVBoxLayout(self._middle)
        middle.setContentsMargins(0, 0, 1, 0)
        middle.setSpacing(0)
        middle.addWidget(self.card, 1)
        middle.addWidget(self.foot)
        row.addWidget(self._left)
        row.addWidget(self._middle)
        row.addWidget(self.day, 1)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 12, 12)
        head.setSpacing(8)
        self.filter = Segmented([_("Open {n}").format(n=0), _("All")])
        self.filter.setAccessibleName(_("Which requests are shown"))
        self.read = Button("", Kind.QUIET, icon="download")
        self.read.setAccessibleName(_("Read a mail or an invitation"))
        self.read.setToolTip(_("Read a mail or an invitation"))
        head.addWidget(Words(_("Inbox"), 20, 600))
        head.addStretch(1)
        head.addWidget(self.filter)
        head.addWidget(self.read)
        return head

    def _connect(self) -> None:
        self.model.changed.connect(self.refresh)
        self.filter.chosen.connect(lambda _index: self.refresh())
        self.read.clicked.connect(self.choose_files)
        self.list.chosen.connect(self._show)
        self.foot.acted.connect(self.act)
        self.foot.comment.returnPressed.connect(self.to_deeds)
        self.foot.proposed.connect(self._propose)
        self.foot.picking.connect(self._picking)
        self.day.dragged.connect(self.foot.propose)
        self.day.week_wanted.connect(self.week_wanted)
        self.deeds.returned.connect(self._choose_next)
        self.deeds.done.connect(self.model.load)
        self.taking.taken.connect(self._taken)
        self._session.changed.connect(self._look_again)

    # inside

    def quiet_part(self) -> QWidget | None:
        """Where a toast covers no button of the next request."""
        if not self.isVisible():
            return None
        return self.day if self.day.isVisible() else self._left

    def focus_list(self) -> None:
        """The focus goes back to the chosen one."""
        if self.current is not None:
            self.list.focus_current()
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _deciding(self) -> bool:
        """Whether the focus is where a decision is made: the buttons are made anew, and the list takes it."""
        here: QWidget | None = QApplication.focusWidget()
        if not self.isVisible() or isinstance(here, FIELDS):
            return False
        return here is None or here is self or self.foot.isAncestorOf(here) or self.list.isAncestorOf(here)

    def back_off(self) -> None:
        """Escape: no other time is proposed after all."""
        self.foot.end_proposing()
        self.focus_list()

    def move_by(self, steps: int) -> None:
        """Choose the next or the one before."""
        self.list.step(steps)

    def to_deeds(self) -> None:
        """The focus goes to the first deed."""
        if self.foot.buttons and self.foot.isVisible():
            next(iter(self.foot.buttons.values())).setFocus(Qt.FocusReason.TabFocusReason)

    def _show(self, one: Request | None) -> None:
        if one is None:
            hint = _("Drop a mail or an invitation here, or paste one with Ctrl+V.")
            self.card.show_empty(words.empty(self.model.requests), hint)
        else:
            self.card.show_request(one)
        self.foot.show_request(one)
        movable = Act.PROPOSE in self.foot.buttons and one is not None
        self.day.show_request(one, movable=movable)
        self._ask_fit()

    def _ask_fit(self) -> None:
        one, job = self.current, self._session.desk.requests
        self._asked += 1
        asked = self._asked
        if one is None or not (one.weighs or self.foot.proposing):
            return
        span = self.foot.form.span() if self.foot.form is not None else None

        def then(fit: Fit) -> None:
            if asked == self._asked:
                self.card.show_fit(one, fit)

        self._session.runner.ask(lambda: job.fit(one, span), then, lambda _error: None, owner=self)

    def _look_again(self, _news: object) -> None:
        if self.isVisible():
            self._ask_fit()

    def _picking(self, span: tuple[int, int] | None) -> None:
        self.day.pick(span)
        self._ask_fit()

    def _propose(self, start: Stamp, end: Stamp) -> None:
        one = self.current
        if one is not None:
            self.deeds.propose(one, start, end, self.foot.comment.text().strip())
            self.foot.end_proposing()
            self.focus_list()

    def _book(self, one: Request) -> None:
        """The one time it chooses, or a menu when it is not clear which."""
        if len(one.choices) == 1:
            self.deeds.book(one, one.choices[0])
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, (start, end) in enumerate(one.slots):
            action = menu.addAction(words.span(start, end, self._session.tz))
            action.triggered.connect(lambda _on=False, n=number: self.deeds.book(one, n))
        button = self.foot.buttons[Act.ACCEPT]
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _choose_next(self, key: str) -> None:
        """Choose this one once the list is read again."""
        self._prefer = key

    def _taken(self, keys: list[str]) -> None:
        """What was read is chosen, also when it is no news."""
        self._prefer = keys[0]
        known = next((row for row in self.list.rows if row.request.key == keys[0]), None)
        if known is not None:
            self.list.choose(known)
        self.model.load()

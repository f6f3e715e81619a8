"""The page of offers: the list by state, and the chosen one with its times, its mail, its history and its deeds.

J and K or the arrows move, Enter goes to the deeds, letters do them, Z takes back. An answer that is dropped or pasted here
is read as in the inbox.
"""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from calmerge_desktop.core.agenda.offers import OfferLine, OfferView
from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.proposal.model import LIVE
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import local
from calmerge_desktop.ui.inbox.deciding import DecidingPage
from calmerge_desktop.ui.inbox.words import span
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.offers import words
from calmerge_desktop.ui.offers.card import OfferCard
from calmerge_desktop.ui.offers.deeds import OfferDeeds
from calmerge_desktop.ui.offers.foot import KEYS, Act, OfferFoot
from calmerge_desktop.ui.offers.model import OffersModel
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.picking import KeyHints, ListColumn, PickList, PickRow
from calmerge_desktop.ui.parts.segmented import Segmented
from calmerge_desktop.ui.parts.words import Hairline, Words
from calmerge_desktop.ui.session import Session

LIST, _NARROW_LIST = 408, 320
_RECENT = 6
"""Closed offers of each kind that are shown beside the open ones."""


class OfferRow(PickRow):
    """One offer of the list."""

    def __init__(self, line: OfferLine, session: Session) -> None:
        super().__init__(words.row(line, session.clock(), session.tz))
        self.line = line


class OffersPage(DecidingPage):
    """Shows the model's offers. `view` is the chosen one, once it was looked at."""

    week_wanted = Signal(object)
    """`date`"""
    offer_wanted = Signal()
    """Times are to be painted over the week."""
    paint_wanted = Signal(object)
    """The same for other times instead of this `Proposal`."""
    inbox_wanted = Signal()
    """What was read here is for the inbox."""

    def __init__(self, session: Session, speaker: Speaker, model: OffersModel) -> None:
        super().__init__(session, speaker, _("Offers"), KEYS)
        self.model = model
        self.deeds = OfferDeeds(session, speaker, self)
        self._prefer = self._counter = ""
        self._asked = 0
        self.list: PickList[OfferRow] = PickList(_("Offers"))
        self.card, self.foot = OfferCard(session), OfferFoot()
        self._lay_out()
        self._connect()
        if model.known:
            self.refresh()
        else:
            self.foot.hide()
        model.load()

    @property
    def view(self) -> OfferView | None:
        """The chosen offer."""
        return self.card.view

    def refresh(self) -> None:
        """Show what the model has."""
        lines = self.model.lines
        n = sum(one.proposal.state in LIVE for one in lines)
        self.filter.setLabels([_("Open {n}").format(n=n), _("All")])
        before, place = self.list.row, next((n for n, row in enumerate(self.list.rows) if row.isChecked()), 0)
        wanted, self._prefer = self._prefer or (before.line.proposal.id if before else ""), ""
        focused = self._deciding()
        groups = words.grouped(lines, None if self.filter.current else _RECENT)
        kept = [(head, self._with(found, lines, wanted)) for head, found in groups]
        self.list.fill([(head, [OfferRow(one, self._session) for one in found]) for head, found in kept])
        rows = self.list.rows
        row = next((row for row in rows if row.line.proposal.id == wanted), None)
        row = row or (rows[min(place, len(rows) - 1)] if rows else None)
        if row is not None:
            self.list.choose(row, focus=focused)
        else:
            self._asked += 1
            self.card.show_empty(words.empty(lines), first=not lines)
            self.foot.show_offer(None, self._session.clock())
            if self.isVisible() and focused and self.card.first is not None:
                self.card.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, id: str) -> None:
        """Choose an offer, now or once the list has it."""
        row = next((row for row in self.list.rows if row.line.proposal.id == id), None)
        if row is not None:
            self.list.choose(row)
            return
        self._prefer = id
        self.refresh() if any(one.proposal.id == id for one in self.model.lines) else self.model.load()

    def counter(self, id: str) -> None:
        """Choose an offer and ask about other times, once it is known."""
        self._counter = id
        self.choose(id)

    def act(self, act: str) -> None:
        """Do a deed with the chosen offer, if it has it."""
        view = self.view
        if view is None or Act(act) not in self.foot.buttons:
            return
        match Act(act):
            case Act.BOOK:
                self._book(view)
            case Act.OTHERS:
                self.deeds.others(view)
            case Act.WITHDRAW:
                self.deeds.withdraw(view)
            case Act.SEND:
                self.deeds.send(view)
            case Act.ASIDE:
                self.deeds.aside(view)
            case Act.REOPEN:
                self.deeds.reopen(view)
            case Act.SHOW if view.proposal.chosen is not None:
                start, _end = view.proposal.slots[view.proposal.chosen]
                self.week_wanted.emit(local(start, self._session.tz).date())

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._left.setFixedWidth(min(max(self.width() - 620, _NARROW_LIST), LIST))

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
        column.addWidget(Hairline())
        column.addWidget(self.list, 1)
        column.addWidget(KeyHints([(("J", "K"), _("next, previous")), (("↵",), _("decide")), (("Z",), _("undo"))]))
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.card, 1)
        right.addWidget(self.foot)
        row.addWidget(self._left)
        row.addLayout(right, 1)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(20, 12, 8, 12)
        head.setSpacing(4)
        self.filter = Segmented([_("Open {n}").format(n=0), _("All")], small=True)
        self.filter.setAccessibleName(_("Which offers are shown"))
        self.read = Button("", Kind.QUIET, icon="download")
        self.read.setAccessibleName(_("Read an answer from a mail"))
        self.read.setToolTip(_("Read an answer from a mail"))
        self.new = Button("", Kind.QUIET, icon="plus")
        self.new.setAccessibleName(_("Offer times"))
        self.new.setToolTip(_("Offer times"))
        head.addWidget(Words(_("Offers"), 20, 600))
        head.addStretch(1)
        head.addWidget(self.filter)
        head.addWidget(self.read)
        head.addWidget(self.new)
        return head

    def _connect(self) -> None:
        self.model.changed.connect(self.refresh)
        self.filter.chosen.connect(lambda _index: self.refresh())
        self.read.clicked.connect(self.choose_files)
        self.new.clicked.connect(self.offer_wanted)
        self.list.picked.connect(self._look)
        self.card.copy_wanted.connect(self._copy)
        self.card.offer_wanted.connect(self.choose)
        self.card.first_wanted.connect(self.offer_wanted)
        self.foot.acted.connect(self.act)
        self.deeds.done.connect(self._decided)
        self.deeds.paint_wanted.connect(self.paint_wanted)
        self.taking.taken.connect(self._taken)
        self._session.changed.connect(self._look_again)

    # inside

    def quiet_part(self) -> QWidget | None:
        """Where a toast covers no button."""
        return self._left if self.isVisible() else None

    def _with(self, found: list[OfferLine], lines: tuple[OfferLine, ...], wanted: str) -> list[OfferLine]:
        """The one that is to be chosen is never left out of its group."""
        extra = next((one for one in lines if one.proposal.id == wanted and one not in found), None)
        states = {one.proposal.state for one in found}
        return [*found, extra] if extra is not None and extra.proposal.state in states else found

    def focus_list(self) -> None:
        """The focus goes back to the chosen one, or to what begins the first offer."""
        if self.list.row is not None:
            self.list.focus_current()
        elif self.card.first is not None:
            self.card.first.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _deciding(self) -> bool:
        here: QWidget | None = QApplication.focusWidget()
        return self.isVisible() and (here is None or here is self or self.isAncestorOf(here)) and here is not self.filter

    def move_by(self, steps: int) -> None:
        """Choose the next or the one before."""
        self.list.step(steps)

    def to_deeds(self) -> None:
        """The focus goes to the first deed."""
        if self.foot.buttons:
            next(iter(self.foot.buttons.values())).setFocus(Qt.FocusReason.TabFocusReason)

    def more_keys(self) -> Collection[Qt.Key]:
        """C copies the mail."""
        return (Qt.Key.Key_C,)

    def press(self, _key: Qt.Key) -> None:
        """Copy."""
        self._copy()

    def _look(self, row: OfferRow | None) -> None:
        """Ask for everything about the chosen one."""
        self._asked += 1
        if row is None:
            return
        asked, job, id = self._asked, self._session.desk.proposing, row.line.proposal.id

        def then(view: OfferView) -> None:
            if asked == self._asked:
                self.card.show_offer(view)
                self.foot.show_offer(view, self._session.clock())
                wanted, self._counter = self._counter, ""
                if wanted == view.proposal.id:
                    self.act(Act.OTHERS)

        def failed(error: CalmergeError) -> None:
            if asked == self._asked:
                self._speaker.problem(error)

        self._session.runner.ask(lambda: job.look(id), then, failed, owner=self)

    def _look_again(self, _news: object) -> None:
        if self.isVisible() and self.list.row is not None:
            self._look(self.list.row)

    def _copy(self) -> None:
        if self.view is not None:
            self.deeds.copy(self.view)

    def _book(self, view: OfferView) -> None:
        """The one time the answer chooses, or a menu when it is not clear which."""
        chosen = view.reading.choices if view.reading is not None else ()
        if len(chosen) == 1:
            self.deeds.book(view, chosen[0])
            return
        now = self._session.clock()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, (start, end) in enumerate(view.proposal.slots):
            if start > now:
                action = menu.addAction(span(start, end, self._session.tz))
                action.triggered.connect(lambda _on=False, n=number: self.deeds.book(view, n))
        button = self.foot.buttons[Act.BOOK]
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _decided(self, id: str) -> None:
        self._prefer = id
        self.model.load()

    def _taken(self, keys: list[str]) -> None:
        """An answer is chosen here; any other message is for the inbox."""
        ours = [key[1:] for key in keys if key.startswith("p")]
        if ours:
            self._decided(ours[0])
        else:
            self.inbox_wanted.emit()

"""One offer: its times as they stand now, the answer, the mail, and what happened. In two columns where there is room."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from calmerge_desktop.core.agenda.offers import OfferView
from calmerge_desktop.core.proposal.model import Proposal, State
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.inbox.words import recognised
from calmerge_desktop.ui.offers import words
from calmerge_desktop.ui.offers.slots import SlotRows
from calmerge_desktop.ui.parts.avatar import Avatar
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.facts import Line, Plate, fact, quote
from calmerge_desktop.ui.parts.words import Elided, Words
from calmerge_desktop.ui.session import Session

_TWO_FROM = 820
_MAIL = 400


class OfferCard(QScrollArea):
    """Shows one offer, or one sentence when there is none."""

    copy_wanted = Signal()
    offer_wanted = Signal(str)
    """Id of another offer: one before or after it, or another guest's."""
    first_wanted = Signal()
    """Make the first offer."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.view: OfferView | None = None
        self.empty = ""
        self.times: SlotRows | None = None
        self.mail: Words | None = None
        self.first: Button | None = None
        self._columns: QBoxLayout | None = None
        self._side: QWidget | None = None

    def show_offer(self, view: OfferView) -> None:
        """Everything about it."""
        scroll = self.verticalScrollBar().value() if self._same(view) else 0
        self.view, self.first, self.empty = view, None, ""
        body = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, body)
        self._columns.setContentsMargins(24, 20, 24, 20)
        self._columns.setSpacing(24)
        self._columns.addWidget(self._main(view), 1)
        self._side = self._beside(view)
        self._columns.addWidget(self._side)
        self._put(body)
        self._turn()
        self.verticalScrollBar().setValue(scroll)

    def show_empty(self, text: str, *, first: bool) -> None:
        """Nothing is chosen; `first`: there is no offer at all, so the way to one is shown."""
        self.view, self._columns, self.times, self.mail, self.empty = None, None, None, None, text
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addStretch(2)
        hint = _("Paint times over your week; CalMerge writes the mail, and what comes of it is shown here.")
        for said, px, weight, color in ((text, 15, 600, "text"), (hint if first else "", 12, 400, "text2")):
            if said:
                label = Words(said, px, weight, color, wrap=True)
                label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                column.addWidget(label)
        self.first = None
        if first:
            self.first = Button(_("Offer times"), Kind.PRIMARY, icon="plus", key="N")
            self.first.clicked.connect(self.first_wanted)
            column.addWidget(self.first, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._put(body)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    # parts

    def _same(self, view: OfferView) -> bool:
        return self.view is not None and self.view.proposal.id == view.proposal.id

    def _put(self, body: QWidget) -> None:
        self.setWidget(body)
        body.setAutoFillBackground(False)

    def _turn(self) -> None:
        if self._columns is None or self._side is None:
            return
        wide = self.width() >= _TWO_FROM
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._side.setFixedWidth(_MAIL) if wide else self._side.setMaximumWidth(16_777_215)
        if not wide:
            self._side.setMinimumWidth(0)

    def _main(self, view: OfferView) -> QWidget:
        one, tz = view.proposal, self._session.tz
        holder, column = _column(16)
        column.addWidget(self._head(view))
        column.addWidget(Words(one.title, 20, 600, wrap=True))
        calendar = self._session.calendar(one.calendar)
        lines = words.facts(view, calendar.name if calendar else "", tz)
        column.addWidget(_block("", [fact(line) for line in lines], 6))
        self.times = SlotRows(view, tz)
        column.addWidget(_block(_("Offered times"), [self.times]))
        if view.reading is not None and one.state is State.ANSWERED:
            said = [quote(view.reading.words)] if view.reading.words else []
            reading = view.reading
            how = recognised(reading.how.value, len(reading.choices), reading.confidence)
            if reading.declined:
                how = _("It seems to say that none of the times suits.")
            column.addWidget(_block(_("The answer"), [*said, fact(Line("info", "text2", how))]))
        for head, related in self._related(view):
            column.addWidget(_block(head, related, 2))
        if said_nothing := words.nothing(view, tz):
            column.addWidget(_block(_("If you do nothing"), [Words(said_nothing, 12, 400, "text2", wrap=True)], 4))
        column.addStretch(1)
        return holder

    def _head(self, view: OfferView) -> QWidget:
        one = view.proposal
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(Avatar(words.who(one), 28))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(Elided(words.who(one), 15, 600))
        if one.name:
            names.addWidget(Elided(one.to, 12, 400, "text2"))
        row.addLayout(names, 1)
        tag = words.tag(one.state)
        left = words.left(one, self._session.clock())
        if left:
            row.addWidget(Plate("clock", left, "blue"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Plate(tag.icon, tag.label, tag.color), 0, Qt.AlignmentFlag.AlignTop)
        return holder

    def _related(self, view: OfferView) -> list[tuple[str, list[QWidget]]]:
        """The offer before and after it, and those to others; each leads there."""
        thread = [
            self._way(one, "mail", label)
            for one, label in (
                (view.before, _("The offer before it")),
                (view.after, _("The other times offered since")),
            )
            if one is not None
        ]
        others = [self._way(one, "people", f"{words.who(one)} · {words.tag(one.state).label}") for one in view.others]
        pairs = [(_("In the same thread"), thread), (_("The same times were offered to"), others)]
        return [(head, pieces) for head, pieces in pairs if pieces]

    def _way(self, one: Proposal, icon: str, label: str) -> QWidget:
        button = Button(label, Kind.QUIET, icon=icon, small=True)
        button.left = True
        button.clicked.connect(lambda: self.offer_wanted.emit(one.id))
        return button

    def _beside(self, view: OfferView) -> QWidget:
        holder, column = _column(16)
        frame = QFrame()
        frame.setProperty("kind", "card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(14, 12, 14, 12)
        inside.setSpacing(8)
        subject = Words(view.subject, 12, 600, wrap=True)
        self.mail = Words(view.text.strip(), 12, 400, "text2", wrap=True)
        for label in (subject, self.mail):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            inside.addWidget(label)
        head = QHBoxLayout()
        head.addWidget(Words(_("The mail"), 11, 600, "text2"), 1)
        copy = Button(_("Copy"), Kind.QUIET, icon="copy", key="C", small=True)
        copy.setAccessibleName(_("Copy the mail"))
        copy.clicked.connect(self.copy_wanted)
        head.addWidget(copy)
        block = QVBoxLayout()
        block.setSpacing(6)
        block.addLayout(head)
        block.addWidget(frame)
        column.addLayout(block)
        past = [fact(line) for line in words.history(view, self._session.tz)]
        column.addWidget(_block(_("What happened"), past, 6))
        column.addStretch(1)
        return holder


def _column(spacing: int) -> tuple[QWidget, QVBoxLayout]:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    return holder, column


def _block(head: str, pieces: list[QWidget], spacing: int = 8) -> QWidget:
    """Pieces under a small heading."""
    holder, column = _column(spacing)
    if head:
        column.addWidget(Words(head, 11, 600, "text2"))
    for piece in pieces:
        column.addWidget(piece)
    return holder

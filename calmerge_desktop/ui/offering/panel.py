"""The panel beside the week while times are offered: to whom, how long, which, until when, and the words."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from calmerge_desktop.core.agenda.offering import Wish
from calmerge_desktop.core.proposal.model import Proposal
from calmerge_desktop.core.texts import _, language, ngettext
from calmerge_desktop.core.when import local
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.event.fields import ZoneField
from calmerge_desktop.ui.offering.board import Board
from calmerge_desktop.ui.offering.guest import GuestField
from calmerge_desktop.ui.offering.rows import SlotList
from calmerge_desktop.ui.offering.switch import Switch
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.ink import ink
from calmerge_desktop.ui.parts.notes import Note
from calmerge_desktop.ui.parts.scroll import BAR, ScrollColumn
from calmerge_desktop.ui.parts.segmented import Segmented
from calmerge_desktop.ui.parts.words import Hairline, Mark, Words
from calmerge_desktop.ui.session import Session

WIDTH = 372
LENGTHS: tuple[int | None, ...] = (30, 45, 60, None)
LANGUAGES = ("en", "de")
_DAYS = (1, 2, 4, 7)
_EVENING = time(18)


class OfferPanel(QWidget):
    """372 px wide: head, a body that scrolls, a fixed foot."""

    closed = Signal()
    edited = Signal()
    """Something that changes the text."""
    copy_wanted = Signal()
    draft_wanted = Signal()
    send_wanted = Signal()
    words_wanted = Signal()
    """Other words for the mail."""

    def __init__(self, session: Session, board: Board) -> None:
        super().__init__()
        self._session, self._board = session, board
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(_("Offer times"))
        self._make()
        self._lay_out()
        self._connect()
        self.tell()

    def wish(self) -> Wish:
        """What the person wants to offer, as it stands."""
        return Wish(
            guests=self.guests.guests(),
            title=self.title.text(),
            minutes=self._board.length or 60,
            slots=self._board.offered(),
            tzid=self._board.guest.key,
            language=LANGUAGES[self.language.current],
            hold=self.hold.isChecked(),
            expires=self.until,
        )

    def answer(self, offer: Proposal) -> None:
        """Other times for the guest of this offer: everything but the times stays as it was."""
        self.heading.setText(_("Offer other times"))
        self.guests.take(f'"{offer.name}" <{offer.to}>' if offer.name else offer.to)
        self.title.setText(offer.title)
        self.hold.setChecked(offer.hold)
        self.language.choose(LANGUAGES.index(offer.language) if offer.language in LANGUAGES else 0)
        self.guests.lock()
        for part in (self.title, self.hold, self.language, self.zone, self.ends):
            part.setEnabled(False)

    def preview(self, text: str) -> None:
        """The mail as it will arrive."""
        self.text.setText(text)

    def tell(self) -> None:
        """Counts, warnings, and which buttons can do something."""
        count = len(self._board.offered())
        self.count.setText(ngettext("{n} time to offer", "{n} times to offer", count).format(n=count))
        said, old = phrases.honest_age(self._session.accounts, self._session.clock(), self._session.tz)
        self.stale.say("warn", said if old else "", icon="clock")
        gone = len(self._board.slots) - count
        struck = ngettext(
            "{n} time was just taken. It is not offered.", "{n} times were just taken. They are not offered.", gone
        )
        self.gone.say("warn", struck.format(n=gone) if gone else "")
        self.leaves.setText(
            ngettext(
                "Leaves this computer: this time, your name and the length. No titles, places or people.",
                "Leaves this computer: these {n} times, your name and the length. No titles, places or people.",
                count,
            ).format(n=count)
            if count
            else _("Nothing leaves this computer before you copy or send.")
        )
        for button in (self.copy, self.draft, self.send):
            button.setEnabled(count > 0 and bool(self.guests.guests()))
        self.need.setVisible(count > 0 and not self.guests.guests())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink().surface)
        painter.fillRect(0, 0, 1, self.height(), ink().line)
        painter.end()

    # inside

    def _make(self) -> None:
        self.heading = Words(_("Offer times"), 15, 600)
        self.guests = GuestField()
        self.title = QLineEdit()
        self.title.setPlaceholderText(_("What about, such as “Intro call”"))
        self.title.setAccessibleName(_("What the meeting is about"))
        self.length = Segmented(["30", "45", "60", _("Window")])
        self.length.setAccessibleName(_("Length in minutes"))
        self.length.choose(LENGTHS.index(self._board.length))
        self.count = Words("", 12, 600, "text2")
        self.best = Button(_("Best three"), Kind.QUIET, small=True)
        self.stale, self.gone = Note("warn"), Note("warn")
        self.list = SlotList(self._board)
        self.hold = Switch(_("Hold until answered"))
        self.until = self._evening(2)
        self.ends = Button("", small=True)
        self.ends.setAccessibleDescription(_("When the offer ends"))
        self.language = Segmented(["English", "Deutsch"], small=True)
        self.language.setAccessibleName(_("Language of the mail"))
        self.language.choose(LANGUAGES.index("de" if language() == "de" else "en"))
        self.zone = ZoneField([self._board.guest.key, self._session.tzid, "America/New_York", "Asia/Kolkata"])
        self.zone.setAccessibleName(_("Time zone of the guest"))
        self.zone.choose(self._board.guest.key)
        self.words = Button(_("Edit words"), Kind.QUIET, icon="pencil", small=True)
        self.text = Words("", 12, 400, "text2", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setAccessibleDescription(_("The mail as it will arrive"))
        self.copy = Button(_("Copy as e-mail"), Kind.PRIMARY, icon="copy", key=_("Ctrl ↵"))
        self.draft = Button(_("Open draft"), icon="mail")
        self.send = Button(_("Send…"), icon="offer")
        self.leaves = Words("", 11, 400, "text2", wrap=True)
        self.need = Words(_("Say to whom, then it can be copied or sent."), 11, 500, "text2", wrap=True)
        self._say_end()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        self.area = ScrollColumn(self._body())
        self.area.viewport().setAutoFillBackground(False)
        column.addWidget(self.area, 1)
        column.addWidget(Hairline())
        column.addLayout(self._foot())

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 12, 12)
        head.addWidget(self.heading)
        head.addStretch(1)
        close = Button("", Kind.QUIET, icon="close")
        close.setAccessibleName(_("Leave"))
        close.clicked.connect(self.closed)
        head.addWidget(close)
        return head

    def _body(self) -> QWidget:
        body = _Tall()
        body.setAutoFillBackground(False)
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 4, 16 - BAR, 16)
        column.setSpacing(8)
        column.addWidget(self.guests)
        column.addWidget(self.title)
        column.addLayout(_row(self.length, None))
        column.addLayout(_row(self.count, None, self.best))
        column.addWidget(self.list)
        column.addWidget(self.gone)
        column.addWidget(self.stale)
        column.addSpacing(4)
        column.addLayout(_row(self.hold, None))
        column.addLayout(_row(Words(_("Offer ends")), None, self.ends))
        column.addWidget(Hairline())
        column.addLayout(_row(self.language, None, self.words))
        column.addWidget(self.zone)
        frame = QFrame()
        frame.setProperty("kind", "card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(12, 10, 12, 10)
        inside.addWidget(self.text)
        column.addWidget(frame)
        column.addStretch(1)
        return body

    def _foot(self) -> QVBoxLayout:
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 12, 16, 12)
        foot.setSpacing(8)
        foot.addWidget(self.copy)
        pair = QHBoxLayout()
        pair.setSpacing(8)
        pair.addWidget(self.draft, 1)
        pair.addWidget(self.send, 1)
        foot.addLayout(pair)
        foot.addWidget(self.need)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(Mark("lock", "text3", 12), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.leaves, 1)
        foot.addLayout(line)
        return foot

    def _connect(self) -> None:
        board = self._board
        board.changed.connect(self.tell)
        board.changed.connect(self.edited)
        self._session.accounts_changed.connect(self.tell)
        self.guests.changed.connect(self.tell)
        self.guests.changed.connect(self.edited)
        self.title.textChanged.connect(self.edited)
        self.length.chosen.connect(lambda index: board.cut_to(LENGTHS[index]))
        self.hold.toggled.connect(self.edited)
        self.language.chosen.connect(self.edited)
        self.zone.currentTextChanged.connect(self._zone_picked)
        self.ends.clicked.connect(self._choose_end)
        self.copy.clicked.connect(self.copy_wanted)
        self.draft.clicked.connect(self.draft_wanted)
        self.send.clicked.connect(self.send_wanted)
        self.words.clicked.connect(self.words_wanted)

    def _zone_picked(self) -> None:
        from zoneinfo import ZoneInfo

        chosen = self.zone.chosen()
        if chosen and chosen != self._board.guest.key:
            self._board.for_guest(ZoneInfo(chosen))

    def _choose_end(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for days in _DAYS:
            at = self._evening(days)
            menu.addAction(self._moment(at)).triggered.connect(lambda _on=False, at=at: self.end_at(at))
        menu.popup(self.ends.mapToGlobal(self.ends.rect().bottomLeft()))

    def end_at(self, instant: int) -> None:
        """The offer stands until then."""
        self.until = instant
        self._say_end()
        self.edited.emit()

    def _say_end(self) -> None:
        self.ends.setText(self._moment(self.until))
        self.ends.updateGeometry()

    def _moment(self, instant: int) -> str:
        at = local(instant, self._session.tz)
        return f"{phrases.day_short(at.date())}, {phrases.clock_time(at)}"

    def _evening(self, days: int) -> int:
        day = self._session.today() + timedelta(days=days)
        return int(datetime.combine(day, _EVENING, tzinfo=self._session.tz).timestamp())


class _Tall(QWidget):
    """As tall as its wrapped text needs: a scroll area alone gives it the height of unwrapped text."""

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            layout.activate()
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return done


def _row(*pieces: QWidget | None) -> QHBoxLayout:
    """Pieces in a row; None takes the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for piece in pieces:
        if piece is None:
            row.addStretch(1)
        else:
            row.addWidget(piece, 0, Qt.AlignmentFlag.AlignVCenter)
    return row

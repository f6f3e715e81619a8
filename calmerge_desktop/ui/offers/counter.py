"""One sheet before other times leave: which of them, the mail as it will arrive, and the ways: send, draft, not now."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.proposal.model import Proposal
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.inbox.words import span
from calmerge_desktop.ui.offers.words import who
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.facts import framed
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.words import Words
from calmerge_desktop.ui.session import Session

_SIZE = QSize(680, 640)
FEW = 3
"""Times that are ticked at first."""
MANY = 6
"""Times that are suggested."""


class CounterSheet(Sheet):
    """Lists the new times; sends nothing itself."""

    chosen = Signal(object)
    """The ticked times (tuples of instants); `show_mail` follows."""
    send_wanted = Signal()
    draft_wanted = Signal()
    paint_wanted = Signal()

    def __init__(self, window: QWidget, session: Session, found: Proposal, *, sends: bool) -> None:
        """`found` holds the suggestions; `sends`: there is a mailbox. Without one a draft is the way."""
        super().__init__(window, _SIZE)
        self._found = found
        self.made: Proposal | None = None
        """What would leave, once it is worded."""
        title = _("Offer other times to {who}?").format(who=who(found))
        self.setAccessibleName(title)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        column.addWidget(Words(title, 20, 600, wrap=True))
        said = _("They take the place of the earlier times, in the same thread. An answer to those books nothing then.")
        column.addWidget(Words(said, 13, 400, "text2", wrap=True))
        column.addSpacing(4)
        self.boxes: list[QCheckBox] = []
        first = _nearest(found)
        for slot in found.slots:
            box = QCheckBox(span(*slot, session.tz))
            box.setChecked(slot in first)
            box.toggled.connect(self._tell)
            self.boxes.append(box)
            column.addWidget(box)
        self.paint = Button(_("Paint others over the week…"), Kind.QUIET, icon="pencil", small=True)
        self.paint.clicked.connect(lambda: self._leave(self.paint_wanted))
        column.addWidget(self.paint, 0, Qt.AlignmentFlag.AlignLeft)
        self.mail = Words("", 12, 400, "text2", wrap=True)
        self.mail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.mail.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.mail.setAccessibleDescription(_("The mail as it will arrive"))
        column.addWidget(framed(self.mail), 1)
        count = _("Leaves this computer: these times, your name and the length. No titles, places or people.")
        column.addWidget(Words(count, 11, 400, "text2", wrap=True))
        self._add_ways(sends=sends)

    @property
    def slots(self) -> tuple[tuple[int, int], ...]:
        """The ticked times."""
        return tuple(slot for slot, box in zip(self._found.slots, self.boxes, strict=True) if box.isChecked())

    def show_mail(self, made: Proposal, text: str) -> None:
        """The mail of the ticked times."""
        if made.slots != self.slots:
            return  # worded for other ticks than these
        self.made = made
        self.mail.setText(text)
        for button in (self.send, self.draft):
            button.setEnabled(True)

    def open(self) -> None:
        """Show, with the focus on the first time."""
        super().open()
        self.boxes[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    def _tell(self) -> None:
        self.made = None
        for button in (self.send, self.draft):
            button.setEnabled(False)
        if self.slots:
            self.chosen.emit(self.slots)
        else:
            self.mail.setText(_("Tick at least one time, then it can be sent."))

    def _add_ways(self, *, sends: bool) -> None:
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(8)
        later = Button(_("Not now"), Kind.QUIET)
        later.clicked.connect(self.dismiss)
        row.addWidget(later)
        row.addStretch(1)
        self.draft = Button(_("Open draft"), Kind.SECONDARY if sends else Kind.PRIMARY, icon="mail")
        self.draft.clicked.connect(lambda: self._leave(self.draft_wanted))
        row.addWidget(self.draft)
        label = ngettext("Send to {n} person", "Send to {n} people", 1).format(n=1)
        self.send = Button(label, Kind.PRIMARY if sends else Kind.SECONDARY)
        self.send.clicked.connect(lambda: self._leave(self.send_wanted))
        row.addWidget(self.send)

    def _leave(self, signal: object) -> None:
        self.dismiss()
        signal.emit()  # type: ignore[attr-defined]  # a bound signal


def _nearest(found: Proposal) -> set[tuple[int, int]]:
    """The few that are offered first: the nearest to a time that went, else the earliest."""
    went = found.went
    key = (lambda one: one[0]) if went is None else (lambda one: abs(one[0] - went))
    return set(sorted(found.slots, key=key)[:FEW])

"""One sheet before a mail leaves: how many people, who, what they get, and the ways: send, draft, not now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from calmerge_desktop.core.agenda.inviting import Prepared
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.facts import framed
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.words import Words

_SIZE = QSize(680, 520)
_NAMED = 8
"""Guests that are named; of more there is a number."""


class InviteSheet(Sheet):
    """What would leave, as `Prepared` says. It sends nothing itself."""

    send_wanted = Signal()
    draft_wanted = Signal()
    worded = Signal(str)
    """The word to the guests was changed; `show_mails` follows."""
    here_wanted = Signal()
    """For a cancellation: only delete it here."""

    def __init__(self, window: QWidget, prepared: Prepared, *, sends: bool, cancels: bool = False) -> None:
        """`sends`: there is a mailbox. Without one a draft is the way."""
        super().__init__(window, _SIZE)
        self.prepared = prepared
        count = len(prepared.recipients)
        title = _title(prepared, count)
        self.setAccessibleName(title)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        column.addWidget(Words(title, 20, 600, wrap=True))
        column.addWidget(Words(_names(prepared.recipients), 13, 400, "text2", wrap=True))
        self.word = QLineEdit()
        self.word.setPlaceholderText(_("A word to your guests (optional)"))
        self.word.setAccessibleName(_("A word to your guests"))
        self.word.setMaxLength(500)
        self.word.editingFinished.connect(lambda: self.worded.emit(self.word.text().strip()))
        column.addWidget(self.word)
        self.word.setHidden(not (prepared.again or prepared.cancels))
        self.mails = Words("", 12, 400, wrap=True)
        self.mails.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.mails.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(framed(self.mails), 1)
        said = _("Leaves this computer: this mail with the event in it, to these people. Your reminders stay here.")
        column.addWidget(Words(said, 11, 400, "text2", wrap=True))
        self._add_ways(count, sends=sends, cancels=cancels)
        self.show_mails(prepared)

    def show_mails(self, prepared: Prepared) -> None:
        """Another wording of the same."""
        self.prepared = prepared
        texts = [f"{one.words.subject}\n\n{one.words.text(width=None).strip()}" for one in prepared.messages]
        self.mails.setText("\n\n⁂\n\n".join(texts))

    def open(self) -> None:
        """Show, with the focus on the way that is meant."""
        super().open()
        (self.send if self.send.isVisible() else self.draft).setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_ways(self, count: int, *, sends: bool, cancels: bool) -> None:
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(8)
        later = Button(_("Keep the event") if cancels else _("Not now"), Kind.QUIET)
        later.clicked.connect(self.dismiss)
        row.addWidget(later)
        row.addStretch(1)
        self.here = Button(_("Only delete it here"))
        self.here.clicked.connect(self._leaving(self.here_wanted))
        row.addWidget(self.here)
        self.here.setHidden(not cancels)
        self.draft = Button(_("Open draft"), icon="mail")
        self.draft.clicked.connect(self._leaving(self.draft_wanted))
        row.addWidget(self.draft)
        self.send = Button(ngettext("Send to {n} person", "Send to {n} people", count).format(n=count), Kind.PRIMARY)
        self.send.clicked.connect(self._leaving(self.send_wanted))
        row.addWidget(self.send)
        self.send.setHidden(not sends)

    def _leaving(self, signal: SignalInstance) -> Callable[[], None]:
        def go() -> None:
            self.dismiss()
            signal.emit()

        return go


def _title(prepared: Prepared, count: int) -> str:
    if prepared.cancels:
        said = ngettext("Tell {n} person that it is cancelled?", "Tell {n} people that it is cancelled?", count)
        return said.format(n=count)
    if prepared.again:
        return ngettext("Tell {n} person what changed?", "Tell {n} people what changed?", count).format(n=count)
    return ngettext("Invite {n} person?", "Invite {n} people?", count).format(n=count)


def _names(people: tuple[str, ...]) -> str:
    shown = ", ".join(people[:_NAMED])
    more = len(people) - _NAMED
    return shown if more <= 0 else ngettext("{names} and {n} more", "{names} and {n} more", more).format(names=shown, n=more)

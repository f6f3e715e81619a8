"""One mailbox in the list: its address, its servers, how its inbox was looked at last, and what one can do with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.agenda.mail_servers import server_text
from calmerge_desktop.core.agenda.mailing import MailboxView
from calmerge_desktop.core.mail_ports import BY_ACCOUNT
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.words import Elided, Mark, Words
from calmerge_desktop.ui.session import Session


class MailboxRow(QWidget):
    """Three lines and two buttons."""

    edit_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, view: MailboxView, session: Session) -> None:
        super().__init__()
        self.view = view
        box = view.box
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(12)
        row.addWidget(Mark("mail", "text2"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Elided(f"{box.address} · {box.name}" if box.name else box.address, 13, 600))
        words.addWidget(Elided(ways(view), 12, 400, "text2"))
        troubled = view.seen is not None and bool(view.seen.trouble)
        self.state = Words(state(view, session), 12, 400, "danger" if troubled else "text2", wrap=True)
        words.addWidget(self.state)
        row.addLayout(words, 1)
        self.edit = Button(_("Change …"), Kind.SECONDARY, small=True)
        self.edit.setAccessibleName(_("Change {address}").format(address=box.address))
        self.remove = Button("", Kind.QUIET, icon="trash", small=True)
        self.remove.setAccessibleName(_("Remove: {what}").format(what=box.address))
        self.remove.setToolTip(_("Remove"))
        self.edit.clicked.connect(self.edit_wanted)
        self.remove.clicked.connect(self.remove_wanted)
        for button in (self.edit, self.remove):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)


def ways(view: MailboxView) -> str:
    """By what it sends, and what it looks into."""
    box = view.box
    if box.kind == BY_ACCOUNT:
        return _("sends by its linked account")
    return " · ".join(filter(None, (server_text(box), server_text(box, "imap_"))))


def state(view: MailboxView, session: Session) -> str:
    """How its inbox was looked at last."""
    seen = view.seen
    if seen is None:
        return _("Only sends; answers are not looked for.")
    if seen.trouble:
        return seen.trouble
    if not seen.at:
        return _("Not looked into yet.")
    return _("Looked into for answers: {when}").format(when=phrases.moment(seen.at, session.clock(), session.tz))

"""One folder in which the page of a link is kept: where, what it shows, what troubles it, and the way to stop."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.proposal.published import Care, Published
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import local
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.parts.buttons import Button
from calmerge_desktop.ui.parts.words import Elided, Mark, Words
from calmerge_desktop.ui.session import Session


class PlaceRow(QWidget):
    """Two lines and a button."""

    stop_wanted = Signal(object)
    """`Published`"""

    def __init__(self, session: Session, page: Published) -> None:
        super().__init__()
        self.page = page
        stopping = page.care is Care.STOPPING
        self.state = Words(_state(session, page), 12, 400, "danger" if page.trouble else "text2", wrap=True)
        self.stop = Button(_("Stop"), small=True)
        self.stop.setAccessibleDescription(_("Take the page away from {folder}").format(folder=page.address))
        self.stop.setHidden(stopping)
        self.stop.clicked.connect(lambda: self.stop_wanted.emit(page))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(10)
        icon, color = ("warning", "danger") if page.trouble else ("globe", "accent")
        row.addWidget(Mark(icon, color), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(Elided(page.address, 13, 500))
        column.addWidget(self.state)
        row.addLayout(column, 1)
        row.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignVCenter)


def _state(session: Session, page: Published) -> str:
    if page.care is Care.STOPPING:
        said = _("It is being taken away; it is tried again with every synchronisation.")
        return f"{said} {page.trouble}" if page.trouble else said
    if page.trouble:
        return page.trouble
    last = page.shown[-1]
    count = len(last.starts)
    at = local(last.known, session.tz)
    when = f"{phrases.day_short(at.date())}, {phrases.clock_time(at)}"
    return ngettext("{n} time, as of {when}", "{n} times, as of {when}", count).format(n=count, when=when)

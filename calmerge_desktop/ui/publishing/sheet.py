"""The sheet that puts the page of a booking link into a folder, and shows where it is kept already."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.errors import CalmergeError, Cancelled
from calmerge_desktop.core.proposal.published import Published
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.messages import words as error_words
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.notes import Note
from calmerge_desktop.ui.parts.scroll import ScrollColumn
from calmerge_desktop.ui.parts.words import Hairline, Mark, Words
from calmerge_desktop.ui.publishing.rows import PlaceRow
from calmerge_desktop.ui.session import Session

_SIZE = QSize(640, 560)


class PublishSheet(Sheet):
    """One link. Publishing and stopping wait for a server off the GUI thread; closing gives both up."""

    def __init__(self, window: QWidget, session: Session, speaker: Speaker, link: Link) -> None:
        super().__init__(window, _SIZE)
        self._session, self._speaker, self._link = session, speaker, link
        self._given_up = threading.Event()
        self._busy = False
        self.rows: list[PlaceRow] = []
        self.setAccessibleName(_("Publish “{title}”").format(title=link.title))
        self.folder, self.user, self.password = QLineEdit(), QLineEdit(), QLineEdit()
        self.folder.setPlaceholderText(_("A folder, or https:// … of a WebDAV server"))
        self.folder.setAccessibleName(_("Folder"))
        self.user.setAccessibleName(_("User name"))
        self.password.setAccessibleName(_("Password"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.browse = Button(_("Browse…"), icon="folder")
        self.problem = Note("error")
        self.close_, self.publish = Button(_("Close"), key="Esc"), Button(_("Publish"), Kind.PRIMARY)
        self._lay_out()
        self.folder.textChanged.connect(self._refresh)
        self.browse.clicked.connect(self._choose)
        self.close_.clicked.connect(self.dismiss)
        self.publish.clicked.connect(self._publish)
        for field in (self.folder, self.user, self.password):
            field.returnPressed.connect(self._publish)
        self.closed.connect(self._given_up.set)
        self._refresh()

    def open(self) -> None:
        """Show, and read where the page is kept."""
        super().open()
        self.folder.setFocus(Qt.FocusReason.OtherFocusReason)
        self._load()

    # inside

    def _lay_out(self) -> None:
        column = QVBoxLayout(self.body)
        column.setContentsMargins(24, 20, 24, 12)
        column.setSpacing(10)
        column.addWidget(Words(_("Publish “{title}”").format(title=self._link.title), 20, 600, wrap=True))
        said = _("A page of open times, kept in a folder that the web shows. Guests choose there and answer by mail.")
        column.addWidget(Words(said, 13, 400, "text2", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        self._labels = [Words(text, 13, 400, "text2") for text in (_("Folder"), _("User name"), _("Password"))]
        for line, (label, field) in enumerate(zip(self._labels, (self.folder, self.user, self.password), strict=True)):
            grid.addWidget(label, line, 0)
            grid.addWidget(field, line, 1)
        grid.addWidget(self.browse, 0, 2)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addWidget(self.problem)
        column.addWidget(Hairline(soft=True))
        self.head = Words(_("Published in"), 12, 600, "text2")
        column.addWidget(self.head)
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(8)
        self._list.addStretch(1)
        area = ScrollColumn(inner)
        area.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        column.addWidget(area, 1)
        leaves = QHBoxLayout()
        leaves.setSpacing(8)
        leaves.addWidget(Mark("lock", "text3", 12), 0, Qt.AlignmentFlag.AlignTop)
        told = _("Leaves this computer: free times, your name, and what the link says. Nothing of your events.")
        leaves.addWidget(Words(told, 11, 400, "text2", wrap=True), 1)
        column.addLayout(leaves)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(8)
        self.reason = Words("", 12, 400, "text2")
        row.addWidget(self.reason, 1)
        row.addWidget(self.close_)
        row.addWidget(self.publish)

    def _load(self) -> None:
        desk = self._session.desk

        def read() -> Sequence[Published]:
            return desk.publishing.list()

        self._session.runner.ask(read, self._show_places, self._failed, owner=self)

    def _show_places(self, found: Sequence[Published]) -> None:
        while self._list.count() > 1:
            item = self._list.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.rows = []
        for page in found:
            if page.link == self._link.id:
                row = PlaceRow(self._session, page)
                row.stop_wanted.connect(self._stop)
                self._list.insertWidget(self._list.count() - 1, _framed(row))
                self.rows.append(row)
        self.head.setText(_("Published in") if self.rows else _("Not published yet."))

    def _refresh(self, *_args: object) -> None:
        web = "://" in self.folder.text()
        for widget in (self.user, self.password, *self._labels[1:]):
            widget.setVisible(web)
        self.publish.setEnabled(bool(self.folder.text().strip()) and not self._busy)
        self.publish.busy = self._busy
        self.publish.update()
        self.reason.setText(_("Writing the page …") if self._busy else "")

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("Folder"))
        if chosen:
            self.folder.setText(chosen)

    def _publish(self) -> None:
        if not self.publish.isEnabled():
            return
        desk, link, address = self._session.desk, self._link, self.folder.text().strip()
        user = self.user.text().strip() if self.user.isVisible() else ""
        password = (self.password.text() or None) if user else None
        stop = self._check

        def work() -> None:
            desk.publishing.publish(link, address, user=user, password=password, stop=stop)

        self._run(work, _("The page is there. It follows your calendars from now on."))

    def _stop(self, page: Published) -> None:
        desk, link, stop = self._session.desk, self._link, self._check

        def work() -> None:
            desk.publishing.stop(link, page.address, stop=stop)

        self._run(work, "")

    def _run(self, work: Callable[[], None], done: str) -> None:
        def then(_nothing: None) -> None:
            self._busy = False
            self.password.clear()
            if done:
                self.folder.clear()
                self._speaker.toast(done)
            self._refresh()
            self._load()

        self._busy = True
        self.problem.say("error", "")
        self._refresh()
        self._session.runner.ask(work, then, self._failed, owner=self, slow=True)

    def _check(self) -> None:
        if self._given_up.is_set():
            raise Cancelled(_("Stopped."))

    def _failed(self, error: CalmergeError) -> None:
        self._busy = False
        self.problem.say("error", error_words(error).text)
        self._refresh()
        self._load()


def _framed(row: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("kind", "card")
    inside = QVBoxLayout(card)
    inside.setContentsMargins(1, 1, 1, 1)
    inside.addWidget(row)
    return card

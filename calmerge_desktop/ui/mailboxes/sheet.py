"""The sheet of mailboxes: the list, and the form with its test. One thing is asked of servers at a time, and can be left."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from calmerge_desktop.core.agenda.mailing import MailboxView
from calmerge_desktop.core.errors import BadInput, CalmergeError, Cancelled, SignInNeeded
from calmerge_desktop.core.mail_ports import BY_ACCOUNT, Letter, Mailbox
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.linking.signs import lined
from calmerge_desktop.ui.mailboxes.form import MailboxForm, mailbox_of, missing
from calmerge_desktop.ui.mailboxes.letters import LetterRow, stuck
from calmerge_desktop.ui.mailboxes.rows import MailboxRow
from calmerge_desktop.ui.messages import Speaker, words
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.scroll import ScrollColumn
from calmerge_desktop.ui.parts.words import Hairline, Words
from calmerge_desktop.ui.session import Session

_LIST, _FORM = range(2)
_FOCUS = Qt.FocusReason.OtherFocusReason


class MailboxesSheet(Sheet):
    """What one sends from and looks into."""

    changed = Signal()

    def __init__(self, window: QWidget, session: Session, speaker: Speaker) -> None:
        super().__init__(window, QSize(680, 560))
        self._session, self._speaker = session, speaker
        self._box: Mailbox | None = None
        self._over = threading.Event()
        self._asking = False
        self.rows: list[MailboxRow] = []
        self.letters: list[LetterRow] = []
        self.form: MailboxForm | None = None
        self.setAccessibleName(_("Mailboxes"))
        self.pages = QStackedWidget()
        column = QVBoxLayout(self.body)
        column.setContentsMargins(24, 20, 24, 12)
        column.addWidget(self.pages)
        for _page in (_LIST, _FORM):
            self.pages.addWidget(QWidget())
        self._lay_out_foot()
        self._go(_LIST)

    def open(self) -> None:
        """Show, and read the mailboxes."""
        super().open()
        self.load()

    def load(self) -> None:
        """Read the mailboxes again and show their list."""
        job = self._session.desk.mail
        self._session.runner.ask(
            lambda: (job.list(), stuck(job.outbox())),
            lambda found: self._show_list(*found),
            self._speaker.problem,
            owner=self,
        )

    def edit(self, box: Mailbox | None) -> None:
        """The form of a mailbox, or of a new one."""
        self._box = box
        self.form = MailboxForm(box)
        self.form.submitted.connect(self._save)
        self._replace(_FORM, self.form)
        self._go(_FORM)
        first = "address" if box is None else "name" if box.kind == BY_ACCOUNT else "password"
        self.form.inputs[first].setFocus(_FOCUS)

    def dismiss(self) -> None:
        """Close; what is under way stores nothing."""
        self._stop()
        super().dismiss()

    def may_close(self) -> bool:
        """Esc ends what is under way first, then the form, then the sheet."""
        if self._asking:
            self._stop()
            return False
        if self.pages.currentIndex() == _FORM:
            self.load()
            return False
        return True

    # pages

    def _show_list(self, views: Sequence[MailboxView], letters: Sequence[Letter]) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Words(_("Mailboxes"), 20, 600))
        about = _("Invitations and offers leave from here, and answers are looked for. Accounts that may send are here too.")
        column.addWidget(Words(about, 12, 400, "text2", wrap=True))
        column.addSpacing(8)
        inner = QWidget()
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(0, 0, 4, 0)
        lines.setSpacing(0)
        self.rows = [self._row(view) for view in views]
        for number, row in enumerate(self.rows):
            if number:
                lines.addWidget(Hairline(soft=True))
            lines.addWidget(row)
        if not views:
            lines.addStretch(1)
            lines.addWidget(Words(_("There is no mailbox yet."), 13, 600), 0, Qt.AlignmentFlag.AlignHCenter)
            how = _("Without one, mails open as drafts in your mail program.")
            lines.addWidget(Words(how, 12, 400, "text2"), 0, Qt.AlignmentFlag.AlignHCenter)
        self.letters = [self._letter(one) for one in letters]
        if letters:
            lines.addSpacing(16)
            lines.addWidget(Words(_("Mails that did not leave"), 15, 600))
        for letter in self.letters:
            lines.addWidget(letter)
        lines.addStretch(1)
        scroll = ScrollColumn(inner)
        for each in (scroll.viewport(), inner):
            each.setAutoFillBackground(False)
        column.addWidget(scroll, 1)
        sealed = _("Passwords and sign-ins are sealed under a key of your system’s key store, and lie nowhere else.")
        column.addLayout(lined("lock", sealed))
        self._replace(_LIST, page)
        self._go(_LIST)
        self.next.setFocus(_FOCUS)

    def _row(self, view: MailboxView) -> MailboxRow:
        row = MailboxRow(view, self._session)
        row.edit_wanted.connect(lambda: self.edit(view.box))
        row.remove_wanted.connect(lambda: self._ask_remove(view.box))
        return row

    def _letter(self, letter: Letter) -> LetterRow:
        row, job = LetterRow(letter), self._session.desk.mail
        row.again_wanted.connect(
            lambda: self._settle(lambda: job.resend(letter.id), _("It leaves with the next connection."))
        )
        row.drop_wanted.connect(lambda: self._settle(lambda: job.drop(letter.id), _("It will not be sent.")))
        return row

    def _settle(self, deed: Callable[[], None], said: str) -> None:
        def then(_nothing: None) -> None:
            self._session.touch()
            self._speaker.toast(said)
            self.load()

        self._session.runner.ask(deed, then, self._speaker.problem, owner=self)

    def _lay_out_foot(self) -> None:
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        self.doing = Words("", 12, 400, "text2")
        self.test = Button(_("Test"))
        self.cancel = Button("", key="Esc")
        self.next = Button("", Kind.PRIMARY)
        row.addWidget(self.doing, 1)
        for button in (self.test, self.cancel, self.next):
            row.addWidget(button)
        self.test.clicked.connect(self._try_out)
        self.cancel.clicked.connect(self._leave)
        self.next.clicked.connect(self._on)

    def _go(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        form = page == _FORM
        self.test.setVisible(form and not (self._box is not None and self._box.kind == BY_ACCOUNT))
        self.cancel.setText(_("Cancel") if form else _("Close"))
        self.next.setText(_("Save") if form else _("Add a mailbox"))
        for button in (self.cancel, self.next):
            button.updateGeometry()
        self.doing.setText("")

    def _replace(self, page: int, widget: QWidget) -> None:
        old = self.pages.widget(page)
        if old is not None:
            self.pages.removeWidget(old)
            old.deleteLater()
        self.pages.insertWidget(page, widget)

    # deeds

    def _on(self) -> None:
        if self.pages.currentIndex() == _LIST:
            self.edit(None)
        else:
            self._save()

    def _leave(self) -> None:
        if self.may_close():
            self.dismiss()

    def _try_out(self) -> None:
        job = self._session.desk.mail

        def good(_nothing: None) -> None:
            if self.form is not None:
                self.form.problem.say("done", _("It works: the servers take this name and password."))

        self._ask(lambda box, password, _stop: job.try_out(box, password), good)

    def _save(self) -> None:
        job, box = self._session.desk.mail, self._box
        if box is not None and box.kind == BY_ACCOUNT:
            self._rename(box)
            return

        def good(made: Mailbox) -> None:
            self._session.touch()
            self.changed.emit()
            self._speaker.toast(_("{address} is ready to send.").format(address=made.address))
            self.load()

        self._ask(job.add, good)

    def _ask(self, deed: Callable[[Mailbox, str | None, Stop], object], good: Callable[..., None]) -> None:
        """Ask the servers about what is typed, unless something is missing; one sentence about what goes wrong."""
        form, before = self.form, self._box
        if form is None or self._asking:
            return
        typed = form.values()
        wrong = missing(typed, before, {row.view.box.address for row in self.rows})
        form.show_wrong(wrong)
        if wrong:
            form.inputs[next(name for name in form.inputs if name in wrong)].setFocus(_FOCUS)
            return
        try:
            box = mailbox_of(typed, before)
        except BadInput as error:
            form.problem.say("error", words(error).text)
            return
        over = self._over
        self._wait(True)

        def stop() -> None:
            if over.is_set():
                raise Cancelled(_("Stopped."))

        def done(answer: object) -> None:
            if over is self._over:
                self._wait(False)
                good(answer)

        def failed(error: CalmergeError) -> None:
            if over is self._over:
                self._wait(False)
                self._refused(form, error)

        password = typed["password"] or None
        self._session.runner.ask(lambda: deed(box, password, stop), done, failed, owner=self, slow=True)

    def _refused(self, form: MailboxForm, error: CalmergeError) -> None:
        if isinstance(error, SignInNeeded):
            form.show_wrong({"password": words(error).text})
            form.inputs["password"].setFocus(_FOCUS)
            form.inputs["password"].selectAll()
        else:
            form.problem.say("error", words(error).text)

    def _wait(self, on: bool) -> None:
        self._asking = on
        if self.form is not None:
            self.form.setEnabled(not on)
        self.doing.setText(_("Signing in …") if on else "")
        for button in (self.test, self.next):
            button.setEnabled(not on)
        if on:
            self.cancel.setFocus(_FOCUS)

    def _stop(self) -> None:
        """What is under way is none of ours any more, and stores nothing."""
        self._over.set()
        self._over = threading.Event()
        if self._asking:
            self._wait(False)

    def _rename(self, box: Mailbox) -> None:
        desk, form = self._session.desk, self.form
        account = next((one.account for one in self._session.accounts if one.account.id == box.config["account"]), None)
        if form is None or account is None:
            return
        name = " ".join(form.values()["name"].split())
        same = replace(account, address=box.address)

        def good(_made: Mailbox) -> None:
            self._wait(False)
            self._speaker.toast(_("Saved."))
            self.load()

        def failed(error: CalmergeError) -> None:
            self._wait(False)
            form.problem.say("error", words(error).text)

        self._wait(True)
        self._session.runner.ask(lambda: desk.mail.add_account(name, same), good, failed, owner=self, slow=True)

    def _ask_remove(self, box: Mailbox) -> None:
        text = _("Its password is forgotten. Letters from it wait until it is back.")
        if box.kind == BY_ACCOUNT:
            text = _("Nothing leaves by this account any more, until you sign in to it again.")
        self._speaker.ask(
            _("Remove {name}?").format(name=box.address),
            text,
            keep=_("Keep"),
            deed=_("Remove {name}").format(name=box.address),
            then=lambda: self._remove(box),
            danger=True,
        )

    def _remove(self, box: Mailbox) -> None:
        def then(_nothing: None) -> None:
            self._session.touch()
            self.changed.emit()
            self._speaker.toast(_("{name} is removed.").format(name=box.address))
            self.load()

        desk = self._session.desk
        self._session.runner.ask(lambda: desk.mail.remove(box.address), then, self._speaker.problem, owner=self)

"""The sheet for the words of offers. Every change is tried on a mail at once; nothing is kept before Save."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.letters.letter import Letter
from calmerge_desktop.core.letters.template import Template, ours, tidy
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import LANGUAGES, _, language
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.segmented import Segmented
from calmerge_desktop.ui.parts.spoken import announce
from calmerge_desktop.ui.parts.words import Words
from calmerge_desktop.ui.session import Session
from calmerge_desktop.ui.wording.fields import TemplateFields
from calmerge_desktop.ui.wording.preview import MailPreview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from calmerge_desktop.core.agenda.wording import Worded
    from calmerge_desktop.core.proposal.model import Proposal

_SIZE = QSize(1080, 720)
_NAMES = {"en": "English", "de": "Deutsch"}


class WordingSheet(Sheet):
    """Both languages at once: what was typed in one waits while the other is on show."""

    def __init__(
        self, window: QWidget, session: Session, speaker: Speaker, proposal: Proposal | None = None, spoken: str = ""
    ) -> None:
        """`proposal` is what the mail is tried on; without one it is an example."""
        super().__init__(window, _SIZE)
        self._session, self._speaker, self._proposal = session, speaker, proposal
        self._kept: dict[str, Template] = {}
        self._typed: dict[str, Template] = {}
        self._asked = 0
        self._saving = False
        self.setAccessibleName(_("Words of offers"))
        self.fields, self.preview = TemplateFields(), MailPreview()
        self.language = Segmented([_NAMES[one] for one in LANGUAGES])
        self.language.setAccessibleName(_("Language of the mail"))
        self.language.choose(LANGUAGES.index(spoken if spoken in LANGUAGES else language()))
        self.wrong = Words("", 12, 500, "danger", wrap=True)
        self.reset = Button(_("Back to our words"), Kind.QUIET, icon="undo")
        self.reason = Words("", 12, 400, "text2")
        self.cancel = Button(_("Cancel"), key="Esc")
        self.save = Button(_("Save"), Kind.PRIMARY)
        self._lay_out()
        self.language.chosen.connect(self._switch)
        self.fields.edited.connect(self._typing)
        self.reset.clicked.connect(self._back_to_ours)
        self.cancel.clicked.connect(self._leave)
        self.save.clicked.connect(self._save)
        self.fields.setEnabled(False)
        self._refresh()

    def open(self) -> None:
        """Show, and read the words in force."""
        super().open()
        desk = self._session.desk

        def read() -> Sequence[Worded]:
            return desk.templates.list()  # the job is put together on the query thread, too

        self._session.runner.ask(read, self._loaded, self._failed, owner=self)

    def may_close(self) -> bool:
        """Typed words are not lost by one Esc: it asks."""
        if self._saving or not self._changed():
            return True
        self._speaker.ask(
            _("Leave without saving?"),
            _("What you changed here is lost."),
            keep=_("Keep editing"),
            deed=_("Leave without saving"),
            then=self.dismiss,
            danger=True,
        )
        return False

    @property
    def spoken(self) -> str:
        """The language on show."""
        return LANGUAGES[self.language.current]

    # inside

    def _lay_out(self) -> None:
        column = QVBoxLayout(self.body)
        column.setContentsMargins(24, 20, 24, 12)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(Words(_("Words of offers"), 20, 600))
        head.addStretch(1)
        head.addWidget(self.language)
        column.addLayout(head)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.fields, 1)
        left.addWidget(self.wrong)
        pair = QHBoxLayout()
        pair.setSpacing(24)
        pair.addLayout(left, 1)
        pair.addWidget(self.preview, 1)
        column.addLayout(pair, 1)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(8)
        row.addWidget(self.reset)
        row.addWidget(self.reason, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.save)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _loaded(self, found: Sequence[Worded]) -> None:
        self._kept = {one.language: one.template for one in found}
        self._typed = dict(self._kept)
        self.fields.setEnabled(True)
        self.fields.show_template(self._typed[self.spoken])
        self.fields.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._try()

    def _switch(self, _index: int) -> None:
        self.fields.show_template(self._typed[self.spoken])
        self._try()

    def _typing(self) -> None:
        self._typed[self.spoken] = self.fields.template()
        self._try()

    def _back_to_ours(self) -> None:
        self._typed[self.spoken] = ours(self.spoken)
        self.fields.show_template(self._typed[self.spoken])
        self._try()

    def _try(self) -> None:
        """Word the mail on the query thread: it looks at the ledger for the person's name. Only the newest counts."""
        self._asked += 1
        asked, desk, spoken, template = self._asked, self._session.desk, self.spoken, self._typed[self.spoken]
        sketch = replace(self._proposal, language=spoken) if self._proposal else None

        def then(letter: Letter) -> None:
            if asked == self._asked:
                self._say_wrong("")
                self.preview.show_letter(letter)

        def failed(error: CalmergeError) -> None:
            if asked == self._asked:
                self._say_wrong(" ".join(filter(None, (error.message, error.hint))))

        self._session.runner.ask(lambda: desk.templates.preview(spoken, template, sketch), then, failed, owner=self)
        self._refresh()

    def _say_wrong(self, text: str) -> None:
        if text and text != self.wrong.text():
            announce(self, text)
        self.wrong.setText(text)
        self._refresh()

    def _changed(self) -> dict[str, Template]:
        return {one: made for one, made in self._typed.items() if tidy(made) != self._kept[one]}

    def _refresh(self) -> None:
        changed = bool(self._changed())
        self.wrong.setVisible(bool(self.wrong.text()))
        self.save.setEnabled(changed and not self.wrong.text() and not self._saving)
        self.reset.setEnabled(bool(self._typed) and tidy(self._typed[self.spoken]) != ours(self.spoken))
        self.reason.setText("" if changed else _("Nothing is changed yet."))

    def _leave(self) -> None:
        if self.may_close():
            self.dismiss()

    def _save(self) -> None:
        desk, changed, sketch = self._session.desk, self._changed(), self._proposal
        self._saving = True
        self._refresh()

        def work() -> None:
            for spoken, made in changed.items():  # all or none: the other language may be wrong out of sight
                desk.templates.preview(spoken, made, sketch)
            for spoken, made in changed.items():
                desk.templates.keep(spoken, made)

        def done(_nothing: None) -> None:
            self._session.touch()
            self.dismiss()
            self._speaker.toast(_("Saved. Offers say it in your words from now on."))

        self._session.runner.ask(work, done, self._failed, owner=self)

    def _failed(self, error: CalmergeError) -> None:
        self._saving = False
        self._say_wrong(" ".join(filter(None, (error.message, error.hint))))

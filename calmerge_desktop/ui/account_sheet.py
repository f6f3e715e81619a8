"""What an account is called here, and the address its invitations come from."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import Account
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.linking.fields_page import FieldsPage
from calmerge_desktop.ui.linking.kinds import FieldKind, LinkKind
from calmerge_desktop.ui.messages import words as error_words
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.session import Session


class AccountSheet(Sheet):
    """Two fields. What is wrong is said in the sheet, and what was typed stays."""

    def __init__(self, window: QWidget, session: Session, account: Account) -> None:
        super().__init__(window, QSize(520, 288))
        self._session, self._account = session, account
        self.setAccessibleName(_("Name and address"))
        values = {"name": account.name, "address": account.address or ""}
        self.page = FieldsPage(_kind(), _("Name and address"), values)
        self.page.submitted.connect(self._save)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(24, 20, 24, 12)
        column.addWidget(self.page)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(8)
        row.addStretch(1)
        cancel = Button(_("Cancel"), key="Esc")
        cancel.clicked.connect(self.dismiss)
        self.save = Button(_("Save"), Kind.PRIMARY)
        self.save.clicked.connect(self._save)
        row.addWidget(cancel)
        row.addWidget(self.save)

    def open(self) -> None:
        """Show, with the focus on the address: it is what is missing."""
        super().open()
        self.page.inputs["address"].setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self) -> None:
        typed = {name: text.strip() for name, text in self.page.values().items()}
        if not typed["name"]:
            self.page.show_wrong({"name": _("This is needed.")})
            return
        if self._account.address and not typed["address"]:
            self.page.show_wrong({"address": _("This is needed.")})
            return
        job, session, id = self._session.desk.accounts, self._session, self._account.id

        def then(_account: Account) -> None:
            self.dismiss()
            session.touch()

        session.runner.ask(
            lambda: job.change(id, name=typed["name"], address=typed["address"] or None), then, self._refused, owner=self
        )

    def _refused(self, error: CalmergeError) -> None:
        self.page.problem.say("error", error_words(error).text)


def _kind() -> LinkKind:
    return LinkKind(
        key="", provider="", name="", caption="", icon="user",
        about=_("Only here. From this address come the invitations and offers of its calendars."),
        fields=(
            FieldKind(name="name", label=_("Name")),
            FieldKind(name="address", label=_("Your mail address"), placeholder="name@example.org", required=False),
        ),
    )  # fmt: skip

"""Linking a source in one sheet of one size: choose, sign in, connect, give the calendars their roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from calmerge_desktop.core.errors import CalmergeError, SignInNeeded
from calmerge_desktop.core.model import Account, AccountView
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.linking.cards import KindCard
from calmerge_desktop.ui.linking.fields_page import FieldsPage
from calmerge_desktop.ui.linking.kinds import LinkKind, adding, kind, kinds, problems
from calmerge_desktop.ui.linking.ladder_page import LadderPage
from calmerge_desktop.ui.linking.roles import RolesTable
from calmerge_desktop.ui.linking.signing_in import Linked, SigningIn
from calmerge_desktop.ui.linking.signs import Ring, Steps, lined
from calmerge_desktop.ui.messages import Speaker, words
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.notes import Note
from calmerge_desktop.ui.parts.words import Words
from calmerge_desktop.ui.session import Session

SIZE = QSize(680, 500)
_CHOOSE, _FIELDS, _WAIT, _DONE = range(4)


class LinkSheet(Sheet):
    """The whole way from a card to a linked account."""

    linked = Signal()

    def __init__(self, window: QWidget, session: Session, speaker: Speaker) -> None:
        super().__init__(window, SIZE)
        self._session, self._speaker = session, speaker
        self._kind: LinkKind | None = None
        self._reauth: Account | None = None
        self._browser: SigningIn | None = None
        self._attempt = 0
        self._values: dict[str, str] = {}
        self.setAccessibleName(_("Link an account"))
        self.pages = QStackedWidget()
        column = QVBoxLayout(self.body)
        column.setContentsMargins(24, 20, 24, 12)
        column.addWidget(self.pages)
        self.cards: dict[str, KindCard] = {}
        self.pages.addWidget(self._choose_page())
        self.pages.addWidget(self._fields_page(kind("icloud")))
        for _page in (_WAIT, _DONE):
            self.pages.addWidget(QWidget())
        self._lay_out_foot()
        self._go(_CHOOSE)

    def open(self) -> None:
        """Show, with the focus on the first way that works."""
        super().open()
        if self.pages.currentIndex() == _CHOOSE:
            self.cards["google"].setFocus(Qt.FocusReason.OtherFocusReason)

    def start_with(self, key: str, values: Mapping[str, str] | None = None) -> None:
        """Skip the choice."""
        self._values = dict(values or {})
        self._choose(key)

    def sign_in_again(self, account: Account) -> None:
        """Ask only for the secret of an account that is linked already, or for the browser."""
        self._reauth = account
        if account.provider in ("google", "microsoft"):
            self._choose(account.provider)
            return
        url = account.config.get("url", "")
        self._values = {"url": url, "user": account.config.get("user", account.address or "")}
        self._choose("icloud" if "icloud.com" in url else "caldav")

    def dismiss(self) -> None:
        """Close; an attempt on its way is taken back when it succeeds."""
        self._attempt += 1
        if self._browser is not None:
            self._browser.cancel()
        super().dismiss()

    def may_close(self) -> bool:
        """Not while an attempt is under way: it is cancelled first. A browser may be left at any time."""
        return self.pages.currentIndex() != _WAIT or self._browser is not None

    # pages

    def _choose_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Words(_("Which calendar comes next?"), 20, 600))
        column.addSpacing(12)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for number, each in enumerate(kinds()):
            card = KindCard(each)
            card.clicked.connect(lambda _on=False, k=each.key: self._choose(k))
            self.cards[each.key] = card
            row, place = divmod(number, 2)
            grid.addWidget(card, row, place, 1, 2 if each.key == "local" else 1)
        column.addLayout(grid)
        column.addStretch(1)
        sealed = _("Passwords and sign-ins are sealed under a key of your system’s key store, and lie nowhere else.")
        column.addLayout(lined("lock", sealed))
        return page

    def _fields_page(self, chosen: LinkKind) -> FieldsPage:
        title = _("{name}: sign in again").format(name=self._reauth.name) if self._reauth else chosen.title
        self.fields = FieldsPage(chosen, title, self._values, only_secret=self._reauth is not None)
        self.fields.submitted.connect(self._connect_source)
        return self.fields

    def _wait_page(self, chosen: LinkKind) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Words(_("Connecting"), 20, 600))
        column.addWidget(Words(self._where(), 13, 400, "text2"))
        column.addStretch(2)
        column.addWidget(Ring(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(16)
        steps = {
            "caldav": _("Signing in and looking for calendars."),
            "feed": _("Reading the feed."),
        }
        doing = _("Reading the files.") if chosen.key == "file" else steps.get(chosen.provider, _("One moment."))
        column.addWidget(Words(doing, 13, 600), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(Words(_("Nothing is stored before it works."), 12, 400, "text2"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return page

    def _done_page(self, view: AccountView, notices: Sequence[str] = ()) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Words(_("Linked: {name}").format(name=view.account.name), 20, 600))
        later = _("You can change all of this later in the sidebar.")
        n = len(view.calendars)
        text = ngettext("{n} calendar. Its events are being read now.", "{n} calendars. Their events are being read now.", n)
        column.addWidget(Words(text.format(n=n), 13, 400, "text2"))
        column.addSpacing(12)
        self.roles = RolesTable(view)
        self.roles.changed.connect(self._change_role)
        column.addWidget(self.roles, 1)
        column.addSpacing(8)
        column.addWidget(Note("warn", " ".join(notices)) if notices else Note("done", later))
        column.addStretch(0)
        return page

    def _lay_out_foot(self) -> None:
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        self.steps = Steps()
        self.back = Button(_("Back"))
        self.cancel = Button(_("Cancel"))
        self.another = Button(_("Link another"))
        self.next = Button("", Kind.PRIMARY)
        row.addWidget(self.steps)
        row.addStretch(1)
        for button in (self.back, self.cancel, self.another, self.next):
            row.addWidget(button)
        self.back.clicked.connect(self._back)
        self.cancel.clicked.connect(self._cancel)
        self.another.clicked.connect(self._again)
        self.next.clicked.connect(self._on)

    # the way

    def _go(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.steps.show_step(page)
        browser = self._browser if page in (_FIELDS, _WAIT) else None
        self.back.setVisible(browser.may_go_back if browser else page == _FIELDS and self._reauth is None)
        self.cancel.setVisible(page != _DONE)
        self.another.setVisible(page == _DONE)
        self.next.setVisible(page in (_FIELDS, _DONE))
        onward = browser.label if browser else _("Connect")
        self.next.setText(onward if page == _FIELDS else _("Show my week"))
        self.next.updateGeometry()

    def _replace(self, page: int, widget: QWidget) -> None:
        old = self.pages.widget(page)
        if old is not None:
            self.pages.removeWidget(old)
            old.deleteLater()
        self.pages.insertWidget(page, widget)

    def _choose(self, key: str) -> None:
        self._leave_browser()
        self._kind = kind(key)
        if self._kind.browser:
            self._browser = SigningIn(self, self._session, self._kind, self._reauth)
            self._browser.page.connect(self._browser_page)
            self._browser.linked.connect(self._signed_in)
            self._browser.begin()
            return
        self._replace(_FIELDS, self._fields_page(self._kind))
        self._go(_FIELDS)
        first = next((field for field in self.fields.inputs.values() if field.isEnabled() and not field.text()), None)
        if first is not None:
            QTimer.singleShot(0, first, lambda: first.setFocus(Qt.FocusReason.OtherFocusReason))

    def _leave_browser(self) -> None:
        if self._browser is not None:
            self._browser.cancel()
            self._browser.deleteLater()
            self._browser = None

    def _browser_page(self, page: QWidget, waits: bool) -> None:
        place = _WAIT if waits else _FIELDS
        self._replace(place, page)
        if isinstance(page, LadderPage) and page.device is not None:
            page.device.chosen.connect(lambda _index: self._go(_FIELDS))
        self._go(place)

    def _signed_in(self, linked: Linked) -> None:
        self._leave_browser()
        self._attempt += 1
        self._arrived(self._attempt, linked.account, linked.notices)

    def _back(self) -> None:
        if self._browser is not None:
            if not self._browser.back():
                self._leave_browser()
                self._go(_CHOOSE)
            return
        self._keep_values()
        self._go(_CHOOSE)
        if self._kind is not None:
            self.cards[self._kind.key].setFocus(Qt.FocusReason.OtherFocusReason)

    def _cancel(self) -> None:
        if self._browser is not None:
            if not (self.pages.currentIndex() == _WAIT and self._browser.back()):
                self.dismiss()
        elif self.pages.currentIndex() == _WAIT:
            self._attempt += 1
            self._go(_FIELDS)
        else:
            self.dismiss()

    def _again(self) -> None:
        self._values, self._reauth = {}, None
        self._go(_CHOOSE)
        self.cards["google"].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on(self) -> None:
        if self.pages.currentIndex() == _DONE:
            self.dismiss()
        elif self._browser is not None:
            self._browser.next()
        else:
            self._connect_source()

    def _keep_values(self) -> None:
        self._values |= self.fields.values()

    def _connect_source(self) -> None:
        if self._kind is None or self.pages.currentIndex() != _FIELDS:
            return
        self._keep_values()
        wrong = problems(self._kind, self._values)
        self.fields.show_wrong(wrong)
        if wrong:
            self.fields.inputs[next(iter(wrong))].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._attempt += 1
        attempt = self._attempt
        self._replace(_WAIT, self._wait_page(self._kind))
        self._go(_WAIT)
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        desk, account = self._session.desk, self._reauth
        provider, fields, secret = adding(self._kind, self._values)

        def work() -> Account:
            if account is not None:
                desk.accounts.reauth(account.id, secret or "")
                return account
            return desk.accounts.add(provider, fields, secret)

        session = self._session
        session.runner.ask(
            work,
            lambda made: self._arrived(attempt, made),
            lambda error: self._refused(attempt, error),
            owner=session,
            slow=True,
        )

    def _arrived(self, attempt: int, account: Account, notices: Sequence[str] = ()) -> None:
        if attempt != self._attempt:
            if self._reauth is None:  # cancelled meanwhile: nothing stays behind
                desk = self._session.desk
                self._session.runner.ask(lambda: desk.accounts.remove(account.id), lambda _n: None, owner=self._session)
            return
        self._session.sync.wake([account.id])
        self._session.touch()
        if self._reauth is not None:
            name = account.name
            self.dismiss()
            said = _("{name}: signed in. Reading now.").format(name=name)
            self._speaker.toast(" ".join([*notices, said]))
            return
        desk = self._session.desk
        self._session.runner.ask(
            lambda: next(view for view in desk.accounts.list() if view.account.id == account.id),
            lambda view: self._show_roles(view, notices),
            self._speaker.problem,
            owner=self,
        )

    def _show_roles(self, view: AccountView, notices: Sequence[str]) -> None:
        self._replace(_DONE, self._done_page(view, notices))
        self._go(_DONE)
        self.next.setFocus(Qt.FocusReason.OtherFocusReason)
        self.linked.emit()

    def _refused(self, attempt: int, error: CalmergeError) -> None:
        if attempt != self._attempt:
            return
        self._go(_FIELDS)
        if isinstance(error, SignInNeeded) and "password" in self.fields.inputs:
            self.fields.show_wrong({"password": words(error).text or _("The server refuses this password.")})
            self.fields.inputs["password"].setFocus(Qt.FocusReason.OtherFocusReason)
            self.fields.inputs["password"].selectAll()
            if self._kind is not None and self._kind.key == "icloud":
                self.fields.problem.say(
                    "warn", _("Apple takes only an app password here, not the one of your Apple Account.")
                )
            return
        self.fields.problem.say("error", words(error).text)
        first = next(iter(self.fields.inputs.values()))
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _change_role(self, calendar: str, roles: dict[str, bool]) -> None:
        desk = self._session.desk
        from calmerge_desktop.core.model import CalendarId

        self._session.runner.ask(
            lambda: desk.calendars.change(CalendarId(calendar), **roles),  # type: ignore[arg-type]  # only flags
            lambda _c: self._session.touch(),
            self._speaker.problem,
            owner=self,
        )

    def _where(self) -> str:
        url = self._values.get("url", "")
        if self._kind is not None and self._kind.key == "icloud":
            return f"iCloud · {self._values.get('user', '')}"
        if url:
            return url.split("://", 1)[-1].split("/", 1)[0]
        return Path(self._values.get("path", "")).name or self._values.get("name", "")

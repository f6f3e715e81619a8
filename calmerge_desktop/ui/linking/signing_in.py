"""The way through a vendor's sign-in, between the sheet and the desk: registration, ladder, browser, calendars."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from calmerge_desktop.core.errors import BadInput, CalmergeError, Cancelled
from calmerge_desktop.core.model import Account
from calmerge_desktop.core.records import dataclass
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.linking.browser_page import BrowserPage
from calmerge_desktop.ui.linking.client_page import ClientPage
from calmerge_desktop.ui.linking.kinds import LinkKind, problems
from calmerge_desktop.ui.linking.ladder_page import LadderPage
from calmerge_desktop.ui.messages import words
from calmerge_desktop.ui.session import Session


@dataclass(frozen=True, slots=True)
class Linked:
    """How it ended well."""

    account: Account
    notices: Sequence[str]


class _Herald(QObject):
    """Carries words of the sign-in's thread to the window's."""

    told = Signal(str, bool)
    signed = Signal()


class SigningIn(QObject):
    """One way; the sheet shows the pages it asks for."""

    page = Signal(object, bool)
    """A page (`QWidget`), and whether it only waits."""
    linked = Signal(object)
    """`Linked`"""

    def __init__(self, parent: QObject, session: Session, kind: LinkKind, again: Account | None) -> None:
        super().__init__(parent)
        self._session, self._kind, self._again = session, kind, again
        self._values: dict[str, str] = {}
        self._level = "write"
        self._over = threading.Event()
        self._attempt = 0
        self._needs_client = False
        self.client: ClientPage | None = None
        self.ladder: LadderPage | None = None
        self.browser: BrowserPage | None = None

    def begin(self) -> None:
        """Find out whether the person needs a registration, and show the first page."""
        signing, kind, again = self._session.desk.signing, self._kind, self._again

        def look() -> tuple[bool, str]:
            return again is None and not signing.carries(kind.provider), signing.level(again) if again else ""

        self._session.runner.ask(look, self._looked, self._refused, owner=self)

    def next(self) -> None:
        """The person pressed the button of the page that is shown."""
        if self.ladder is not None:
            self._level = self.ladder.level
            self._sign_in(by_code=self.ladder.by_code)
        elif self.client is not None:
            self._check()

    def back(self) -> bool:
        """One page back; False when there is none of ours."""
        self._stop()
        if self.browser is not None:
            self._show_ladder()
            return True
        if self.ladder is not None and self._needs_client:
            self._show_client()
            return True
        return False

    def cancel(self) -> None:
        """End every wait; nothing stays behind."""
        self._stop()

    @property
    def label(self) -> str:
        """The words of the button that goes on."""
        if self.client is not None:
            return _("Continue")
        if self.ladder is not None and self.ladder.by_code:
            return _("Get a code")
        return _("Continue in browser")

    @property
    def may_go_back(self) -> bool:
        """Whether there is a page before this one, of ours or the choice of a provider."""
        return self._again is None or self.browser is not None or (self.ladder is not None and self._needs_client)

    # pages

    def _looked(self, found: tuple[bool, str]) -> None:
        self._needs_client, level = found
        self._level = level or "write"
        (self._show_client if self._needs_client else self._show_ladder)()

    def _only(self, page: QWidget, *, waits: bool = False) -> None:
        self.client = page if isinstance(page, ClientPage) else None
        self.ladder = page if isinstance(page, LadderPage) else None
        self.browser = page if isinstance(page, BrowserPage) else None
        self.page.emit(page, waits)

    def _show_client(self) -> None:
        page = ClientPage(self._kind, self._values, self._session.desk.signing.show_page)
        page.submitted.connect(self.next)
        self._only(page)
        next(iter(page.inputs.values())).setFocus()

    def _show_ladder(self) -> None:
        again = self._again
        title = _("{name}: sign in again").format(name=again.name) if again else _("How much may CalMerge see?")
        page = LadderPage(self._kind, title, self._level)
        page.client_wanted.connect(self._other_client)
        self._only(page)
        page.focus()

    def _other_client(self) -> None:
        if self.ladder is not None:
            self._level = self.ladder.level
        self._needs_client = True
        self._show_client()

    # doing

    def _check(self) -> None:
        """Look at the registration before the browser opens."""
        page = self.client
        if page is None:
            return
        self._values = page.values()
        if wrong := problems(self._kind, self._values):
            name = next(iter(wrong))
            page.show_wrong(wrong[name], name)
            return
        fields = {name: text for name, text in self._values.items() if text}
        signing, provider = self._session.desk.signing, self._kind.provider

        def failed(error: CalmergeError) -> None:
            if self.client is page:
                page.show_wrong(words(error).text, "tenant" if fields.get("tenant", "\0") in error.message else "")

        def good(_nothing: None) -> None:
            if self.client is page:
                self._show_ladder()

        self._session.runner.ask(lambda: signing.check(provider, fields), good, failed, owner=self)

    def _sign_in(self, *, by_code: bool) -> None:
        self._stop()
        attempt, over = self._attempt, self._over
        desk, again, provider = self._session.desk, self._again, self._kind.provider
        fields = self._fields(by_code=by_code)
        page = BrowserPage(self._kind, desk.signing.patience(), desk.signing.show_page, by_code=by_code)
        herald = _Herald()
        herald.told.connect(page.told)
        herald.signed.connect(page.finishing)
        self._only(page, waits=True)

        def stop() -> None:
            if over.is_set():
                raise Cancelled(_("Stopped."))

        def work() -> Linked:
            signed = desk.signing.sign_in(provider, fields, herald.told.emit, stop, again=again)
            stop()
            herald.signed.emit()
            if again is not None:
                desk.accounts.reauth(again.id, signed.secret, signed.fields.get("address"))
                return Linked(again, signed.notices)
            made = desk.accounts.add(provider, signed.fields, signed.secret)
            if over.is_set():  # cancelled meanwhile: nothing stays behind
                desk.signing.sign_out(made)
                desk.accounts.remove(made.id)
                stop()
            return Linked(made, signed.notices)

        self._session.runner.ask(
            work,
            lambda made: self._arrived(attempt, made),
            lambda error: self._refused(error) if attempt == self._attempt else None,
            owner=self._session,
            slow=True,
        )

    def _fields(self, *, by_code: bool) -> Mapping[str, str]:
        fields = {name: text for name, text in self._values.items() if text} | {"level": self._level}
        return fields | ({"device_code": "yes"} if by_code else {})

    def _arrived(self, attempt: int, made: Linked) -> None:
        if attempt == self._attempt:
            self.linked.emit(made)
        elif self._again is None:  # cancelled in the last moment
            desk, account = self._session.desk, made.account

            def take_back() -> None:
                desk.signing.sign_out(account)
                desk.accounts.remove(account.id)

            self._session.runner.ask(take_back, lambda _n: self._session.touch(), owner=self._session, slow=True)

    def _refused(self, error: CalmergeError) -> None:
        if isinstance(error, Cancelled):
            return
        self._show_ladder()
        if self.ladder is not None:
            self.ladder.problem.say("warn" if isinstance(error, BadInput) else "error", words(error).text)

    def _stop(self) -> None:
        """What runs is none of ours any more."""
        self._over.set()
        self._over = threading.Event()
        self._attempt += 1

"""The accounts of the sidebar with their menus. Shows what the session knows; changes go to the desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget

from calmerge_desktop.core.model import Access, Account, AccountView, Calendar, CalendarView, SourceState
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.frame.account_rows import AccountHead, CalendarRow
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.parts.ink import plate
from calmerge_desktop.ui.parts.words import Words
from calmerge_desktop.ui.session import Session
from calmerge_desktop.ui.theme import tokens
from calmerge_desktop.ui.turns import Turn

_AT_ONCE = 8
"""Calendars whose rows are made in one go; a row takes about a millisecond, and a key press may wait for it."""
_PAINTED = 3
"""Rows that are painted in one turn."""
COLOR_NAMES = {
    "blue": lambda: _("Blue"),
    "green": lambda: _("Green"),
    "violet": lambda: _("Violet"),
    "amber": lambda: _("Amber"),
    "rose": lambda: _("Rose"),
    "teal": lambda: _("Teal"),
    "grey": lambda: _("Grey"),
}


class AccountsList(QScrollArea):
    """Every account with its calendars; scrolls when long."""

    sign_in = Signal(str)
    """Account id."""
    describe = Signal(str)
    """Account id."""
    rename = Signal(str)
    """Calendar id."""

    def __init__(self, session: Session, speaker: Speaker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._speaker = speaker
        self.rows: dict[str, CalendarRow] = {}
        self.heads: dict[str, AccountHead] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        port = QWidget()  # to ask for Qt's own would load the Python side of every widget there is
        port.setAutoFillBackground(False)
        self.setViewport(port)
        self._views: dict[str, AccountView] = {}
        self._steps: Iterator[None] = iter(())
        self._late = False
        self._turn = Turn(self._go_on, self)
        session.accounts_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the session's accounts: in place when only their health changed, as while a calendar is read."""
        if self._turn.active:
            self._late = True  # what is being made is shown first, so that news without end do not keep it away
            return
        before = self._views
        now: dict[str, AccountView] = {view.account.id: view for view in self._session.accounts}
        if not before or [_fixed(view) for view in before.values()] != [_fixed(view) for view in now.values()]:
            self.rebuild()
            return
        self._views = now
        for key, view in now.items():
            if view.status != before[key].status:
                self.heads[key].tell(view, self._session)

    def rebuild(self) -> None:
        """Show the session's accounts anew, many of them a row at a time once there is a window; scroll and focus stay."""
        accounts = list(self._session.accounts)
        self._steps, self._late = self._made(accounts), False
        if self.window().isVisible() and sum(len(view.calendars) for view in accounts) > _AT_ONCE:
            self._turn.start()
            return
        self._turn.stop()
        for _step in self._steps:
            pass

    def _go_on(self) -> None:
        if next(self._steps, self) is self:
            self._turn.stop()
            if self._late:
                self._late = False
                self.refresh()

    def _made(self, accounts: list[AccountView]) -> Iterator[None]:
        """Make rows for `accounts` one by one beside those that are shown, then show them in the same way."""
        rows: dict[str, CalendarRow] = {}
        heads: dict[str, AccountHead] = {}
        content = QWidget()
        content.setAutoFillBackground(False)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 4, 0, 8)
        column.setSpacing(0)
        for view in accounts:
            heads[view.account.id] = self._add_head(column, view)
            yield
            for calendar in view.calendars:
                rows[calendar.calendar.id] = self._add_row(column, calendar)
                yield
        if self._session.known and not accounts:
            self._add_empty(column)
        column.addStretch(1)
        at, focused = self.verticalScrollBar().value(), self._focused()
        self._views = {view.account.id: view for view in accounts}
        self.rows, self.heads = rows, heads
        shown = [*heads.values(), *rows.values()] if self._turn.active else []
        for each in shown:
            each.setUpdatesEnabled(False)
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.verticalScrollBar().setValue(at)
        if focused is not None and focused[0] in self.rows:
            row = self.rows[focused[0]]
            (row.square if focused[1] == "square" else row.pill).setFocus(Qt.FocusReason.OtherFocusReason)
        for n, each in enumerate(shown):  # to paint a row takes as long as to make it
            if n % _PAINTED == 0:
                yield
            each.setUpdatesEnabled(True)

    def tell_time(self) -> None:
        """Time has passed: say the ages anew, if their words are others now."""
        session = self._session
        for view in session.accounts:
            head = self.heads.get(view.account.id)
            if head is not None:
                head.health.say(phrases.health(view.status, session.clock(), session.tz))

    def calendar_menu(self, view: CalendarView) -> QMenu:
        """Colour, name, target of new events, what was set aside."""
        calendar, menu = view.calendar, QMenu(self)
        self._add_colors(menu.addMenu(_("Colour")), calendar)
        menu.addAction(_("Rename…"), lambda: self.rename.emit(calendar.id))
        target = menu.addAction(_("New events go here"))
        target.setCheckable(True)
        target.setChecked(calendar.default)
        target.setEnabled(calendar.access is Access.WRITE)
        target.triggered.connect(lambda: self._change(calendar, default=True))
        if calendar.access is not Access.WRITE:
            target.setText(_("Read only: new events cannot go here"))
        menu.addAction(_("How it takes your time…"), lambda: self.open_rules(calendar.id))
        menu.addSeparator()
        menu.addAction(_("Only show this one"), lambda: self._only(calendar))
        if view.set_aside:
            count = len(view.set_aside)
            text = ngettext("{n} event set aside, unreadable", "{n} events set aside, unreadable", count).format(n=count)
            aside = menu.addMenu(text)
            for item in view.set_aside[:12]:
                aside.addAction(item.reason).setEnabled(False)
        return menu

    def open_rules(self, id: str) -> None:
        """What the events of a calendar do to free times, as a sheet; nothing for one that is gone."""
        from calmerge_desktop.ui.frame.calendar_rules import open_rules

        found = next((one for one in self._session.calendars() if one.id == id), None)
        if found is not None:
            open_rules(self.window(), self._session, self._speaker, found)

    def account_menu(self, view: AccountView) -> QMenu:
        """Read now, sign in again, remove."""
        account, menu = view.account, QMenu(self)
        menu.addAction(_("Read now"), lambda: self._session.sync.wake([account.id]))
        menu.addAction(_("Read everything again"), lambda: self._session.sync.wake([account.id], full=True))
        if account.provider not in ("feed", "local"):
            menu.addAction(_("Sign in again…"), lambda: self.sign_in.emit(account.id))
        menu.addAction(_("Name and address…"), lambda: self.describe.emit(account.id))
        if view.status.reason:
            menu.addSeparator()
            menu.addAction(view.status.reason).setEnabled(False)
        menu.addSeparator()
        menu.addAction(_("Remove this account…"), lambda: self._ask_remove(view))
        return menu

    def _add_head(self, column: QVBoxLayout, view: AccountView) -> AccountHead:
        head = AccountHead(view, self._session)
        key = view.account.id
        head.menu_wanted.connect(lambda at: self._popup(self.account_menu(self._views[key]), at))
        head.health_pressed.connect(lambda: self.mend(self._views[key]))
        column.addWidget(head)
        return head

    def _add_row(self, column: QVBoxLayout, view: CalendarView) -> CalendarRow:
        row, calendar = CalendarRow(view), view.calendar
        row.visible_wanted.connect(lambda on: self._change(calendar, visible=on))
        row.busy_wanted.connect(lambda on: self._change(calendar, busy=on))
        row.menu_wanted.connect(lambda at: self._popup(self.calendar_menu(view), at))
        column.addWidget(row)
        return row

    def _add_empty(self, column: QVBoxLayout) -> None:
        holder = QVBoxLayout()
        holder.setContentsMargins(16, 8, 16, 0)
        holder.setSpacing(4)
        holder.addWidget(Words(_("No calendars yet"), 13, 600))
        holder.addWidget(
            Words(_("Your accounts will be here, with their colours and how current they are."), 12, 400, "text2", wrap=True)
        )
        column.addLayout(holder)

    def mend(self, view: AccountView) -> None:
        """What the words of the health line promise."""
        if view.status.state is SourceState.BROKEN and view.status.kind == "sign-in":
            self.sign_in.emit(view.account.id)
        elif view.status.state is SourceState.BROKEN and view.status.kind == "suspicious":
            self._speaker.ask(
                _("{name} seems to have lost most of its events").format(name=view.account.name),
                view.status.reason or "",
                keep=_("Keep what is here"),
                deed=_("Take over the empty state"),
                then=lambda: self._session.sync.wake([view.account.id], full=True),
                danger=True,
            )
        elif view.status.state is SourceState.BROKEN:
            self._speaker.ask(
                view.account.name,
                view.status.reason or "",
                keep=_("Close"),
                deed=_("Read now"),
                then=lambda: self._session.sync.wake([view.account.id]),
            )
        else:
            self._session.sync.wake([view.account.id])

    def _ask_remove(self, view: AccountView) -> None:
        count = len(view.calendars)
        text = ngettext(
            "{n} calendar leaves this window. Nothing is deleted at the provider.",
            "{n} calendars leave this window. Nothing is deleted at the provider.",
            count,
        ).format(n=count)
        if view.account.provider == "local":
            text = _("It is kept only here: its events are deleted for good.")
        self._speaker.ask(
            _("Remove {name}?").format(name=view.account.name),
            text,
            keep=_("Keep"),
            deed=_("Remove {name}").format(name=view.account.name),
            then=lambda: self._remove(view.account),
            danger=True,
        )

    def _remove(self, account: Account) -> None:
        desk = self._session.desk

        def work() -> str:
            said = desk.signing.sign_out(account)
            desk.accounts.remove(account.id)
            return said

        def then(said: str) -> None:
            self._session.touch()
            gone = _("{name} is removed.").format(name=account.name)
            self._speaker.toast(f"{gone} {said}".strip())

        self._session.runner.ask(work, then, self._speaker.problem, owner=self, slow=True)

    def _change(self, calendar: Calendar, **roles: Any) -> None:
        desk = self._session.desk

        def failed(error: Any) -> None:
            self.rebuild()
            self._speaker.problem(error)

        self._session.runner.ask(
            lambda: desk.calendars.change(calendar.id, **roles), lambda _c: self._session.touch(), failed, owner=self
        )

    def _only(self, calendar: Calendar) -> None:
        desk, all_ = self._session.desk, list(self._session.calendars())

        def work() -> None:
            for other in all_:
                desk.calendars.change(other.id, visible=other.id == calendar.id)

        self._session.runner.ask(work, lambda _n: self._session.touch(), self._speaker.problem, owner=self)

    def _add_colors(self, menu: QMenu, calendar: Calendar) -> None:
        group = QActionGroup(menu)
        for name in tokens.PALETTE:
            action = QAction(swatch(name), COLOR_NAMES[name](), menu)
            action.setCheckable(True)
            action.setChecked(tokens.nearest(calendar.color) == name)
            value = tokens.LIGHT.events[name].bar
            action.triggered.connect(lambda _on=False, v=value: self._change(calendar, color=v))
            group.addAction(action)
            menu.addAction(action)

    def _popup(self, menu: QMenu, at: QPoint) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _focused(self) -> tuple[str, str] | None:
        here = QApplication.focusWidget()
        for key, row in self.rows.items():
            if here is row.square:
                return key, "square"
            if here is row.pill:
                return key, "pill"
        return None


def _fixed(view: AccountView) -> tuple[object, ...]:
    """Everything of an account that its rows show, but how current it is."""
    return view.account, tuple((one.calendar, one.set_aside) for one in view.calendars)


def swatch(color: str, size: int = 12) -> QIcon:
    """A filled square in an event colour."""
    made = QPixmap(QSize(size * 2, size * 2))
    made.setDevicePixelRatio(2)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(plate(color).bar)
    painter.drawRoundedRect(0, 0, size, size, 3, 3)
    painter.end()
    return QIcon(made)

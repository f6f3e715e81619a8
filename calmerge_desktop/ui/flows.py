"""The ways through the window that touch several pieces: an event from click to save, a source from card to week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QCursor, QDragEnterEvent, QDropEvent

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import Account, CalendarId, Draft, EventDetail, Instance, Scope, Stamp
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import local
from calmerge_desktop.ui.event.actions import EventActions
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.session import Session

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.telling import Word
    from calmerge_desktop.core.ports import MailNews
    from calmerge_desktop.ui.event.form import Form
    from calmerge_desktop.ui.inviting.flow import InviteFlow
    from calmerge_desktop.ui.linking.first_start import FirstStart
    from calmerge_desktop.ui.main_window import MainWindow


class EventFlow(QObject):
    """Popover, quick create, editor and conflict, one at a time."""

    def __init__(self, window: MainWindow, session: Session, speaker: Speaker, actions: EventActions) -> None:
        super().__init__(window)
        self._window, self._session, self._speaker, self._actions = window, session, speaker, actions
        self._asked = 0
        self._inviting: InviteFlow | None = None
        actions.changed.connect(self._tell_guests)

    @property
    def inviting(self) -> InviteFlow:
        """Mails to the guests of an event."""
        if self._inviting is None:
            from calmerge_desktop.ui.inviting.flow import InviteFlow

            self._inviting = InviteFlow(self._window, self._session, self._speaker)
        return self._inviting

    def _tell_guests(self, detail: EventDetail) -> None:
        if detail.event.attendees:
            self.inviting.after(detail)

    def _delete(self, instance: Instance, scope: Scope) -> None:
        self.inviting.delete(instance, scope, self._actions.delete)

    def open_popover(self, id: str, at: QRect) -> None:
        """Details of one instance, beside its block."""
        self._asked += 1
        asked, desk = self._asked, self._session.desk

        def work() -> tuple[EventDetail, Word]:
            detail = desk.events.detail(id)
            return detail, desk.inviting.due(id) if detail.event.attendees else ""

        def then(found: tuple[EventDetail, Word]) -> None:
            if asked != self._asked or self._window.floating() is not None:
                return
            from calmerge_desktop.ui.event.popover import EventPopover

            popover = EventPopover(self._window, self._session, *found)
            # Close first: what opens next takes the focus, and gives it back to the block.
            signals = (popover.edit_wanted, popover.delete_wanted, popover.conflict_wanted, popover.answered)
            for signal in (*signals, popover.tell_wanted):
                signal.connect(popover.dismiss)
            popover.answered.connect(self._answer)
            popover.tell_wanted.connect(lambda: self.inviting.open(id))
            popover.edit_wanted.connect(self.edit)
            popover.delete_wanted.connect(self._delete)
            popover.conflict_wanted.connect(self.open_conflict)
            popover.open_at(at)
            (popover.edit if popover.edit.isVisible() else popover).setFocus(Qt.FocusReason.OtherFocusReason)

        self._session.runner.ask(work, then, self._speaker.problem, owner=self)

    def open_menu(self, id: str, at: QPoint) -> None:
        """The context menu of one instance."""
        desk = self._session.desk

        def then(detail: EventDetail) -> None:
            from calmerge_desktop.ui.event.menu import event_menu

            menu = event_menu(self._window, detail, at, open_=self.open_popover, edit=self.edit, delete=self._delete)
            menu.popup(at)

        self._session.runner.ask(lambda: desk.events.detail(id), then, self._speaker.problem, owner=self)

    def create_span(self, start: Stamp, end: Stamp, at: QRect | None = None) -> None:
        """A span was dragged: ask for a title beside it."""
        target = self._session.target()
        if target is None or self._window.floating() is not None:
            if target is None and self._session.accounts:
                self._speaker.toast(_("No calendar here takes new events. Link one that you may write to."))
            return
        if at is None:
            here = QCursor.pos()
            inside = self._window.rect().contains(self._window.mapFromGlobal(here))
            centre = self._window.mapToGlobal(self._window.rect().center())
            at = QRect((here if inside else centre) - QPoint(4, 4), QSize(8, 8))
        from calmerge_desktop.ui.event.quick import QuickCreate

        popover = QuickCreate(self._window, self._session, self._form(start, end, target.id), self._quick_save)
        self._quick = popover
        popover.more_wanted.connect(self._open_editor)
        popover.open_at(at)

    def create_on(self, day: date, start: time | None, at: QRect) -> None:
        """A day was chosen: a whole-day event, or one that begins at `start`."""
        if start is None:
            self.create_span(Stamp(day), Stamp(day + timedelta(days=1)), at)
            return
        begin = datetime.combine(day, start)
        self.create_span(Stamp(begin, self._session.tzid), Stamp(begin + timedelta(hours=1), self._session.tzid), at)

    def edit_new(self, day: date, _at: QRect) -> None:
        """The editor for a new event at the next full hour, or in the morning of another day."""
        target = self._session.target()
        if target is None:
            return
        now = local(self._session.clock(), self._session.tz)
        hour = min(now.hour + 1, 22) if day == now.date() else self._session.settings.day_begins
        from calmerge_desktop.ui.event import form as forms

        self._open_editor(forms.blank(day, time(hour), self._session.tzid, target.id))

    def edit(self, detail: EventDetail) -> None:
        """The editor for an event that exists."""
        from calmerge_desktop.ui.event import form as forms

        self._open_editor(forms.of(detail, self._session.tzid), detail)

    def open_conflict(self) -> None:
        """The first conflict that waits."""
        conflicts = self._session.conflicts
        if conflicts and self._window.floating() is None:
            from calmerge_desktop.ui.event.conflict import ConflictSheet

            sheet = ConflictSheet(self._window, self._session, conflicts[0], len(conflicts))
            sheet.chosen.connect(self._actions.resolve)
            sheet.moved.connect(lambda which, where: self._actions.resolve(which, "move", CalendarId(where)))
            sheet.open()

    def _answer(self, id: str, partstat: str, one: bool) -> None:
        from calmerge_desktop.ui.inbox.deeds import Deeds

        Deeds(self._session, self._speaker, self).answer_event(id, partstat, one=one)

    def _form(self, start: Stamp, end: Stamp, calendar: CalendarId) -> Form:
        from calmerge_desktop.ui.event.form import Form

        begin, finish = start.value, end.value
        tzid = self._session.tzid
        if isinstance(begin, datetime) and isinstance(finish, datetime):
            return Form(
                first_day=begin.date(),
                start=begin.time(),
                last_day=finish.date(),
                end=finish.time(),
                tzid=start.tzid or tzid,
                calendar=calendar,
            )
        return Form(
            all_day=True, first_day=begin, last_day=max(finish - timedelta(days=1), begin), tzid=tzid, calendar=calendar
        )

    def _open_editor(self, form: Form, detail: EventDetail | None = None) -> None:
        from calmerge_desktop.ui.event.editor import EventEditor

        editor = EventEditor(self._window, self._session, self._speaker, form, save=self._save, detail=detail)
        self._editor = editor
        editor.delete_wanted.connect(self._delete)
        editor.open()

    def _quick_save(self, draft: Draft, failed: Callable[[CalmergeError], None]) -> None:
        self._actions.create(draft, lambda _detail: self._quick.created.emit(), failed)

    def _save(self, form: Form, before: Form | None, scope: Scope, failed: Callable[[CalmergeError], None]) -> None:
        from calmerge_desktop.ui.event import form as forms

        editor = self._editor

        def done(_detail: EventDetail) -> None:
            editor.dismiss()

        if before is None:
            self._actions.create(forms.draft(form), done, failed)
            return
        detail = editor.detail
        assert detail is not None
        self._actions.edit(detail.instance.id, forms.changes(form, before), scope, done, failed)


class LinkFlow(QObject):
    """The first start, linking, signing in again, dropping files, renaming."""

    def __init__(self, window: MainWindow, session: Session, speaker: Speaker, open_demo: Callable[[], None] | None) -> None:
        super().__init__(window)
        self._window, self._session, self._speaker, self._open_demo = window, session, speaker, open_demo
        self.first: FirstStart | None = None

    def show_first_start(self, wanted: bool) -> None:
        """The card on the empty week, while there is no account."""
        if wanted and self.first is None:
            from calmerge_desktop.ui.linking.first_start import FirstStart

            self.first = FirstStart(self._window.stack, with_demo=self._open_demo is not None)
            self.first.link_wanted.connect(self.open)
            if self._open_demo is not None:
                self.first.demo_wanted.connect(self._open_demo)
            self.first.open()
            self._window.stack.currentChanged.connect(self.first.raise_)
        elif not wanted and self.first is not None:
            self.first.hide()
            self.first.deleteLater()
            self.first = None

    def open(self, key: str = "") -> None:
        """The sheet; with a key its fields at once."""
        if self._window.floating() is None:
            from calmerge_desktop.ui.linking.dialog import LinkSheet

            sheet = LinkSheet(self._window, self._session, self._speaker)
            if key:
                sheet.start_with(key)
            sheet.open()

    def mailboxes(self) -> None:
        """What one sends from and looks into."""
        if self._window.floating() is None:
            from calmerge_desktop.ui.mailboxes.sheet import MailboxesSheet

            MailboxesSheet(self._window, self._session, self._speaker).open()

    def mailed(self, news: MailNews) -> None:
        """Say that a mail needs the person; what left or came in shows by itself."""
        n = news.refused + news.unsure
        if n:
            said = ngettext("{n} mail needs you: see Mailboxes.", "{n} mails need you: see Mailboxes.", n)
            self._speaker.toast(said.format(n=n))

    def sign_in_again(self, id: str) -> None:
        """Ask for the secret of a linked account."""
        account = next((view.account for view in self._session.accounts if view.account.id == id), None)
        if account is not None and self._window.floating() is None:
            from calmerge_desktop.ui.linking.dialog import LinkSheet

            sheet = LinkSheet(self._window, self._session, self._speaker)
            sheet.sign_in_again(account)
            sheet.open()

    def rename(self, id: str) -> None:
        """Another name for a calendar, here only."""
        calendar = self._session.calendar(CalendarId(id))
        if calendar is None or self._window.floating() is not None:
            return
        from calmerge_desktop.ui.rename import RenameSheet

        desk = self._session.desk
        sheet = RenameSheet(self._window, calendar.name)
        sheet.renamed.connect(
            lambda name: self._session.runner.ask(
                lambda: desk.calendars.change(CalendarId(id), name=name),
                lambda _c: self._session.touch(),
                self._speaker.problem,
                owner=self,
            )
        )
        sheet.open()

    def describe(self, id: str) -> None:
        """Name of an account, and the address its invitations come from."""
        account = next((view.account for view in self._session.accounts if view.account.id == id), None)
        if account is not None and self._window.floating() is None:
            from calmerge_desktop.ui.account_sheet import AccountSheet

            AccountSheet(self._window, self._session, account).open()

    def drag_enter(self, event: QDragEnterEvent) -> None:
        """Take files and folders of calendars, and what is for the inbox."""
        data = event.mimeData()
        if dropped(event) or data.hasUrls() or data.hasText() or data.hasFormat("message/rfc822"):
            event.acceptProposedAction()

    def drop(self, event: QDropEvent) -> None:
        """Link what was dropped."""
        paths = dropped(event)
        if paths:
            event.acceptProposedAction()
            for path in paths:
                self._link_path(path)

    def _link_path(self, path: Path) -> None:
        desk, session = self._session.desk, self._session

        def then(account: Account) -> None:
            session.sync.wake([account.id])
            session.touch()
            self._speaker.toast(_("Linked: {name}").format(name=account.name), lambda: self._unlink(account))

        fields = {"url": str(path), "name": path.stem if path.suffix.lower() == ".ics" else path.name}
        session.runner.ask(lambda: desk.accounts.add("feed", fields), then, self._speaker.problem, owner=self, slow=True)

    def _unlink(self, account: Account) -> None:
        desk = self._session.desk
        self._session.runner.ask(
            lambda: desk.accounts.remove(account.id),
            lambda _n: self._session.touch(),
            self._speaker.problem,
            owner=self,
        )


def dropped(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    """The .ics files and folders of a drag."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() == ".ics" or path.is_dir()]

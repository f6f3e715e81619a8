"""What the person does to events, as one place: ask the desk, tell the window, offer the way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import CalendarId, Changes, Draft, EventDetail, Instance, Scope, Stamp
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import known_zone
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.session import Session

Done = Callable[[EventDetail], None]
Failed = Callable[[CalmergeError], None]


class EventActions(QObject):
    """Create, change, move, delete, undo. Every deed ends in a toast with Undo, or in words about what went wrong."""

    changed = Signal(object)
    """`EventDetail` of an event that was made, changed or moved."""

    def __init__(self, session: Session, speaker: Speaker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._speaker = speaker

    def create(self, draft: Draft, done: Done | None = None, failed: Failed | None = None) -> None:
        """Add a new event."""
        desk = self._session.desk

        def say(detail: EventDetail, _ticket: str | None) -> None:
            text = _("“{title}” added to {calendar}").format(
                title=_titled(detail.instance.summary), calendar=self._calendar_name(draft.calendar)
            )
            self._speaker.toast(text, lambda: self._delete_again(detail.instance.id))

        self._run(lambda: (desk.events.add(draft), None), say, done, failed)

    def edit(self, id: str, changes: Changes, scope: Scope, done: Done | None = None, failed: Failed | None = None) -> None:
        """Change an event; the toast names it and offers Undo."""
        desk = self._session.desk

        def say(detail: EventDetail, ticket: str | None) -> None:
            text = _("“{title}” changed").format(title=_titled(detail.instance.summary))
            self._speaker.toast(text, self._undoing(ticket))

        self._run(lambda: (desk.events.edit(id, changes, scope), desk.events.last_ticket()), say, done, failed)

    def move(self, id: str, start: Stamp, end: Stamp) -> None:
        """Give one occurrence another start and end; timed ones stay in the zone they were written in."""
        desk, fallback = self._session.desk, self._session.tzid

        def work() -> tuple[EventDetail, str | None]:
            detail = desk.events.detail(id)
            made = in_own_zone(start, end, detail, fallback)
            scope = Scope.THIS if detail.instance.recurring else Scope.ALL
            return desk.events.edit(id, Changes(start=made[0], end=made[1]), scope), desk.events.last_ticket()

        def say(detail: EventDetail, ticket: str | None) -> None:
            text = _("“{title}” is now {when}").format(
                title=_titled(detail.instance.summary), when=phrases.when(detail.instance, self._session.tz)
            )
            if detail.rrule or detail.instance.recurring:
                text = _("Only this one: {text}").format(text=text)
            self._speaker.toast(text, self._undoing(ticket))

        self._run(work, say, None, self._move_failed)

    def delete(self, instance: Instance, scope: Scope = Scope.ALL) -> None:
        """Delete without asking; the toast offers Undo."""
        desk = self._session.desk

        def then(ticket: str) -> None:
            self._session.touch()
            text = _("“{title}” deleted").format(title=_titled(instance.summary))
            self._speaker.toast(text, self._undoing(ticket))

        self._session.runner.ask(lambda: desk.events.delete(instance.id, scope), then, self._speaker.problem, owner=self)

    def delete_id(self, id: str) -> None:
        """Delete by id, as the week asks for it: one occurrence of a series, else the event."""
        desk = self._session.desk

        def then(detail: EventDetail) -> None:
            if not detail.writable:
                self._speaker.toast(_("This calendar takes no changes."))
                return
            self.delete(detail.instance, Scope.THIS if detail.instance.recurring else Scope.ALL)

        self._session.runner.ask(lambda: desk.events.detail(id), then, self._speaker.problem, owner=self)

    def undo_last(self) -> None:
        """Ctrl+Z: take back what the toast on screen tells, else the newest edit or deletion."""
        if self._speaker.take_back():
            return
        desk = self._session.desk

        def work() -> bool:
            ticket = desk.events.last_ticket()
            if ticket is not None:
                desk.events.undo(ticket)
            return ticket is not None

        def then(did: bool) -> None:
            if did:
                self._undone(None)
            else:
                self._speaker.toast(_("There is nothing to take back."))

        self._session.runner.ask(work, then, self._speaker.problem, owner=self)

    def resolve(self, conflict: str, keep: str, calendar: CalendarId | None = None) -> None:
        """Settle a conflict: `mine`, `theirs`, `both`, or `move` to a calendar."""
        desk = self._session.desk

        def then(_nothing: None) -> None:
            self._session.touch()
            words = {
                "mine": _("Your version is kept."),
                "theirs": _("Their version is kept."),
                "both": _("Both versions are kept."),
                "move": _("Your version moves to the other calendar."),
            }
            self._speaker.toast(words[keep])

        self._session.runner.ask(
            lambda: desk.events.resolve(conflict, keep, calendar), then, self._speaker.problem, owner=self
        )

    def _run(
        self,
        work: Callable[[], tuple[EventDetail, str | None]],
        say: Callable[[EventDetail, str | None], None],
        done: Done | None,
        failed: Failed | None,
    ) -> None:
        def then(answer: tuple[EventDetail, str | None]) -> None:
            self._session.touch()
            say(*answer)
            if done is not None:
                done(answer[0])
            self.changed.emit(answer[0])

        self._session.runner.ask(work, then, failed or self._speaker.problem, owner=self)

    def _move_failed(self, error: CalmergeError) -> None:
        self._session.touch()  # the week puts the block back where it was
        self._speaker.problem(error)

    def _undoing(self, ticket: str | None) -> Callable[[], None] | None:
        if ticket is None:
            return None
        desk = self._session.desk
        return lambda: self._session.runner.ask(
            lambda: desk.events.undo(ticket), self._undone, self._speaker.problem, owner=self
        )

    def _delete_again(self, id: str) -> None:
        desk = self._session.desk
        self._session.runner.ask(lambda: desk.events.delete(id, Scope.ALL), self._undone, self._speaker.problem, owner=self)

    def _undone(self, _answer: object) -> None:
        self._session.touch()
        self._speaker.toast(_("Taken back."))

    def _calendar_name(self, id: CalendarId) -> str:
        calendar = self._session.calendar(id)
        return calendar.name if calendar else ""


def in_own_zone(start: Stamp, end: Stamp, detail: EventDetail, fallback: str) -> tuple[Stamp, Stamp]:
    """The same instants on the wall of the zone the event was written in; dates, and what has no zone, stay as they are."""
    written = detail.event.start
    if start.all_day or written.all_day:
        return start, end
    if written.tzid is None:
        return Stamp(start.value), Stamp(end.value)
    own = written.tzid if known_zone(written.tzid) else fallback

    def moved(stamp: Stamp) -> Stamp:
        assert isinstance(stamp.value, datetime)
        shown = stamp.value.replace(tzinfo=ZoneInfo(stamp.tzid or fallback))
        return Stamp(shown.astimezone(ZoneInfo(own)).replace(tzinfo=None), own)

    return moved(start), moved(end)


def _titled(summary: str) -> str:
    return summary or _("Untitled")

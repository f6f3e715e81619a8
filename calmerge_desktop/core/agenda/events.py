"""One event: look, create, change, delete, undo, settle a conflict. Every change goes into the outbox and the journal."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from calmerge_desktop.core.agenda.memory import Memory, PendingResource
from calmerge_desktop.core.errors import BadData, BadInput, EditConflict, ReadOnly, UnknownId
from calmerge_desktop.core.ics import series as editing
from calmerge_desktop.core.ics.read import read
from calmerge_desktop.core.ics.write import new_resource
from calmerge_desktop.core.instances import key_of, open_series, place_at, placed, resolved, split_id
from calmerge_desktop.core.model import (
    Access,
    Account,
    Book,
    Calendar,
    CalendarId,
    Changes,
    Draft,
    EditConflictView,
    Event,
    EventDetail,
    Href,
    Instance,
    Resource,
    Scope,
)
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.recurrence.expand import Series
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock
from calmerge_desktop.core.zones import iana


class _Found(NamedTuple):
    """A resource with the version the person sees and the version the cache holds."""

    key: str
    calendar: Calendar
    account: Account
    href: Href
    ics: str
    cached: Resource | None
    pending: PendingResource | None


class HeldEvent(NamedTuple):
    """An event's whole resource and where it lies."""

    key: str
    calendar: Calendar
    account: Account
    ics: str


class Events:
    """See `core.agenda.desk.EventsJob`."""

    def __init__(self, memory: Memory, clock: Clock, home_tzid: str) -> None:
        """`home_tzid` is the person's zone: floating times are shown on its wall clock."""
        self._memory = memory
        self._clock = clock
        self._home = home_tzid
        self._last: str | None = None

    # --- looking ----------------------------------------------------------------------------------------------------

    def detail(self, id: str) -> EventDetail:
        """See `EventsJob.detail`."""
        key, rid = split_id(id)
        found = self._find(key)
        book = self._memory.books()[found.calendar.id]
        series, _bad = open_series(found.ics, book.tzid)
        instance, event = self._occurrence(series, book, key, rid)
        if found.pending:
            instance = instance._replace(pending=True, conflict=found.pending.state in ("conflict", "refused"))
        return EventDetail(
            instance=instance,
            event=event,
            account=found.account.id,
            writable=found.calendar.access is Access.WRITE,
            rrule=series.master.rrules[0] if series.master and series.master.rrules else None,
        )

    def _occurrence(self, series: Series, book: Book, key: str, rid: str | None) -> tuple[Instance, Event]:
        if rid is None:
            found = next(placed(series, book, key, -(1 << 40), 1 << 40), None)
        else:
            found = place_at(series, book, key, rid)
        if found is None:
            raise UnknownId(_("This occurrence does not exist any more."))
        return resolved(found, iana(self._home)), found.event

    # --- whole texts, for the jobs that speak iTIP -------------------------------------------------------------------

    def held(self, key: str) -> HeldEvent:
        """The resource of an event as the person sees it. Raises `UnknownId`."""
        found = self._find(key)
        return HeldEvent(key, found.calendar, found.account, found.ics)

    def find_uid(self, uid: str) -> HeldEvent | None:
        """The resource of a UID: in a calendar that can be written, if there is one."""
        listed = sorted(self._memory.calendars(), key=lambda one: one.access is not Access.WRITE)
        for calendar in listed:
            key = key_of(calendar.id, uid)
            pending = self._pending(key)
            if (pending is not None and pending.ics is not None) or (pending is None and self._memory.resource(key)):
                return self.held(key)
        return None

    def keep_text(self, key: str, ics: str) -> str:
        """Let a whole resource stand where another stood; returns the ticket. Raises `ReadOnly`, `UnreadableEvent`."""
        found = self._find(key)
        self._writable(found.calendar.id)
        open_series(ics, found.calendar.tzid)
        return self._record(found, ics, self._clock())

    def add_text(self, calendar: CalendarId, ics: str) -> str:
        """A new resource with the UID it has; returns its key. Raises `ReadOnly`, `UnreadableEvent`."""
        chosen, account = self._writable(calendar)
        open_series(ics, chosen.tzid)
        key, self._last = self._create(chosen, account, _uid(ics), ics, self._clock())
        return key

    # --- changing ---------------------------------------------------------------------------------------------------

    def add(self, draft: Draft) -> EventDetail:
        """See `EventsJob.add`."""
        calendar, account = self._writable(draft.calendar)
        if not draft.summary.strip():
            raise BadInput(_("The event has no title."))
        uid = f"{uuid.uuid4()}"
        now = self._clock()
        ics = new_resource(draft, uid=uid, now=now, organizer=account.address)
        open_series(ics, calendar.tzid)  # whatever cannot be shown is refused here, not set aside later
        key, self._last = self._create(calendar, account, uid, ics, now)
        return self.detail(key)

    def edit(self, id: str, changes: Changes, scope: Scope = Scope.ALL) -> EventDetail:
        """See `EventsJob.edit`."""
        key, rid = split_id(id)
        found = self._find(key)
        self._writable(found.calendar.id)
        now = self._clock()
        if changes.calendar is not None and changes.calendar != found.calendar.id:
            return self._move(found, changes, scope, now)
        edited = editing.edit(
            found.ics,
            rid,
            replace(changes, calendar=None),
            scope,
            now=now,
            organizer=found.account.address,
            new_uid=f"{uuid.uuid4()}",
        )
        for text in (edited.ics, edited.added):
            if text is not None:
                open_series(text, found.calendar.tzid)
        ticket = self._record(found, edited.ics, now)
        if edited.added is not None:
            key, second = self._create(found.calendar, found.account, _uid(edited.added), edited.added, now)
            self._last = f"{ticket}+{second}"
            return self.detail(key)
        return self._detail_after(id, key)

    def delete(self, id: str, scope: Scope = Scope.ALL) -> str:
        """See `EventsJob.delete`."""
        key, rid = split_id(id)
        found = self._find(key)
        self._writable(found.calendar.id)
        now = self._clock()
        edited = editing.remove(found.ics, rid, scope, now=now)
        return self._record(found, edited.ics, now)

    def undo(self, ticket: str) -> None:
        """See `EventsJob.undo`. Raises `EditConflict` when the event changed since."""
        for number in reversed(ticket.split("+")):
            self._undo_one(number)

    def _undo_one(self, ticket: str) -> None:
        number = ticket.removeprefix("j-")
        if not number.isdigit():
            raise UnknownId(
                _("There is no journal entry “{id}”.").format(id=ticket), typed=_("See them with: calmerge journal")
            )
        entry = self._memory.box.entry(int(number))
        if entry.undone:
            raise EditConflict(_("This change was already taken back."))
        cached = self._memory.resource(entry.key)
        pending = self._pending(entry.key)
        now_there = pending.ics if pending else (cached[1].ics if cached else None)
        if not _same(now_there, entry.after):
            raise EditConflict(_("The event was changed since, so this change is not taken back."))
        calendar, account = self._writable(entry.calendar)
        self._memory.box.put(
            account=account.id,
            calendar=calendar.id,
            href=entry.href,
            key=entry.key,
            base=cached[1] if cached else None,
            before=now_there,
            after=entry.before,
            now=self._clock(),
        )
        self._memory.box.mark_undone(entry.id)

    def last_ticket(self) -> str | None:
        """See `EventsJob.last_ticket`."""
        return self._last

    # --- conflicts --------------------------------------------------------------------------------------------------

    def conflicts(self) -> Sequence[EditConflictView]:
        """See `EventsJob.conflicts`."""
        gone = {one.id for one in self._memory.calendars() if one.access is Access.GONE}
        return [
            EditConflictView(
                id=one.key,
                calendar=one.calendar,
                mine=_event(one.ics),
                theirs=_event(one.theirs),
                reason=one.reason if one.state == "refused" else None,
                gone=one.calendar in gone,
            )
            for one in self._memory.pending()
            if one.state in ("conflict", "refused")
        ]

    def resolve(self, conflict: str, keep: str, calendar: CalendarId | None = None) -> None:
        """See `EventsJob.resolve`. Raises `UnknownId`, `BadInput`, `ReadOnly`."""
        if keep not in ("mine", "theirs", "both", "move"):
            raise BadInput(_("Keep mine, theirs or both, or move mine to another calendar."))
        one = self._pending(conflict)
        if one is None or one.state not in ("conflict", "refused"):
            raise UnknownId(
                _("There is no conflict “{id}”.").format(id=conflict), typed=_("See them with: calmerge conflict list")
            )
        if keep in ("mine", "both") and self._calendar(one.calendar)[0].access is Access.GONE:
            raise BadInput(
                _("The calendar of this event is gone."),
                hint=_("Move your version to another calendar, or drop it."),
            )
        if keep == "move":
            self._move_mine(one, calendar)
        elif keep == "both" and one.ics is not None:
            same, account = self._writable(one.calendar)
            uid = f"{uuid.uuid4()}"
            self._create(same, account, uid, editing.with_uid(one.ics, uid), self._clock())
        self._memory.box.reconsider(one.id, drop=keep != "mine", theirs_is_base=one.state == "conflict")
        self._memory.ledger.forget_gone()

    def _move_mine(self, one: PendingResource, calendar: CalendarId | None) -> None:
        """A copy in another calendar, under a UID that is the same when a crash makes us do it twice."""
        if calendar is None or calendar == one.calendar:
            raise BadInput(_("Say which other calendar your version shall move to."))
        if one.ics is None:
            raise BadInput(_("You deleted this event, so there is nothing to move."))
        target, account = self._writable(calendar)
        uid = f"{uuid.uuid5(uuid.NAMESPACE_URL, f'calmerge:{one.key}:{one.id}:{target.id}')}"
        self._create(target, account, uid, editing.with_uid(one.ics, uid), self._clock())

    def waiting(self) -> int:
        """See `EventsJob.waiting`."""
        return self._memory.waiting()

    # ----------------------------------------------------------------------------------------------------------------

    def _find(self, key: str) -> _Found:
        pending = self._pending(key)
        cached = self._memory.resource(key)
        if pending is None and cached is None:
            raise UnknownId(_("There is no event “{id}”.").format(id=key), typed=_("The ids are in: calmerge agenda --json"))
        if pending is not None and pending.ics is None:
            raise UnknownId(_("This event was deleted."))
        calendar_id = pending.calendar if pending else cached[0] if cached else CalendarId("")
        calendar, account = self._calendar(calendar_id)
        ics = pending.ics if pending else None
        return _Found(
            key=key,
            calendar=calendar,
            account=account,
            href=pending.href if pending else cached[1].href if cached else Href(""),
            ics=ics if ics is not None else cached[1].ics if cached else "",
            cached=cached[1] if cached else None,
            pending=pending,
        )

    def _pending(self, key: str) -> PendingResource | None:
        return next((one for one in self._memory.pending() if one.key == key), None)

    def _calendar(self, id: CalendarId) -> tuple[Calendar, Account]:
        calendar = next((one for one in self._memory.calendars() if one.id == id), None)
        if calendar is None:
            raise UnknownId(_("There is no calendar “{id}”.").format(id=id))
        account = next(one for one in self._memory.accounts() if one.id == calendar.account_id)
        return calendar, account

    def _writable(self, id: CalendarId) -> tuple[Calendar, Account]:
        calendar, account = self._calendar(id)
        if calendar.access is not Access.WRITE:
            raise ReadOnly(_("“{name}” can only be read.").format(name=calendar.name))
        return calendar, account

    def _create(self, calendar: Calendar, account: Account, uid: str, ics: str, now: int) -> tuple[str, str]:
        """Id and ticket of a new resource. Its href is a wish: the provider says where it really lies."""
        href = Href(uid)
        key = key_of(calendar.id, uid)
        number = self._memory.box.put(
            account=account.id, calendar=calendar.id, href=href, key=key, base=None, before=None, after=ics, now=now
        )
        return key, f"j-{number}"

    def _record(self, found: _Found, after: str | None, now: int) -> str:
        number = self._memory.box.put(
            account=found.account.id,
            calendar=found.calendar.id,
            href=found.href,
            key=found.key,
            base=found.cached,
            before=found.ics,
            after=after,
            now=now,
        )
        self._last = f"j-{number}"
        return self._last

    def _move(self, found: _Found, changes: Changes, scope: Scope, now: int) -> EventDetail:
        """To another calendar: gone here first, since many servers hold a UID only once per person."""
        assert changes.calendar is not None
        target, account = self._writable(changes.calendar)
        series, _bad = open_series(found.ics, found.calendar.tzid)
        if series.recurring and scope is not Scope.ALL:
            raise BadInput(_("A series moves to another calendar as a whole."))
        edited = editing.edit(
            found.ics, None, replace(changes, calendar=None), Scope.ALL, now=now, organizer=account.address, new_uid=""
        )
        assert edited.ics is not None
        ticket = self._record(found, None, now)
        key, second = self._create(target, account, _uid(edited.ics), edited.ics, now)
        self._last = f"{ticket}+{second}"
        return self.detail(key)

    def _detail_after(self, id: str, key: str) -> EventDetail:
        try:
            return self.detail(id)
        except UnknownId:
            return self.detail(key)  # the occurrence moved with its series


def _event(ics: str | None) -> Event | None:
    if ics is None:
        return None
    try:
        series, _bad = open_series(ics, None)
    except BadData:
        return None
    return series.master or series.events[0]


def _uid(ics: str) -> str:
    event = _event(ics)
    return event.uid if event else ""


def _same(one: str | None, other: str | None) -> bool:
    """Whether two versions mean the same: servers rewrite what they are given."""
    if one is None or other is None:
        return one is other
    return sorted(map(repr, read(one).events)) == sorted(map(repr, read(other).events))

"""A small Desk in memory with real behaviour: events are added, edited by scope, deleted, undone and found."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from calmerge_desktop.core.agenda.desk import InboxJob, InvitingJob
from calmerge_desktop.core.agenda.free import Free
from calmerge_desktop.core.agenda.guest_jobs import PublishingJob, TemplatesJob
from calmerge_desktop.core.agenda.linking import MailJob, SigningJob
from calmerge_desktop.core.agenda.links import Links
from calmerge_desktop.core.agenda.offers import ProposingJob
from calmerge_desktop.core.agenda.requesting import RequestsJob
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.schedule import Schedule
from calmerge_desktop.core.availability.slots import Booking
from calmerge_desktop.core.errors import BadInput, CalmergeError, ReadOnly, UnknownId
from calmerge_desktop.core.freebusy import Blocking, Busy, busy_times
from calmerge_desktop.core.model import (
    Access,
    Account,
    AccountId,
    AccountView,
    Attendee,
    Calendar,
    CalendarId,
    CalendarView,
    Changes,
    Draft,
    EditConflictView,
    Event,
    EventDetail,
    Instance,
    RemoteId,
    Scope,
    SetAside,
    SourceState,
    SourceStatus,
    Stamp,
)
from calmerge_desktop.core.when import date_seconds, zone

_FORM = "%Y%m%dT%H%M%S"


@dataclass(slots=True)
class Kept:
    """One UID: its master, what was taken out of the series, and what was changed in it."""

    master: Event
    calendars: tuple[CalendarId, ...]
    gone: set[str] = field(default_factory=set)
    overrides: dict[str, Event] = field(default_factory=dict)
    partstat: str | None = None
    pending: bool = False
    conflict: bool = False

    def copy(self) -> Kept:
        return replace(self, gone=set(self.gone), overrides=dict(self.overrides))


class _NoSigning:
    """Nothing is signed in to, so there is nothing to give back."""

    def sign_out(self, _account: Account) -> str:
        return ""


class _NoRequests:
    """Nobody wants anything; the inbox is tested on real profiles (tests/ui/inbox)."""

    def list(self) -> tuple[()]:
        return ()

    def mailboxes(self) -> int:
        return 1


class _NoOffers:
    """Nothing was offered; offers are tested on real profiles (tests/ui/offering, tests/ui/offers)."""

    def lines(self) -> tuple[()]:
        return ()


class _NoGuests:
    """Nobody waits for mail; inviting is tested on real profiles (tests/ui/inviting)."""

    def due(self, _id: str, *, cancel: bool = False) -> str:
        return ""


class MemoryDesk:
    """All jobs of `core.agenda.desk.Desk` on a dictionary. `threads` records from where it was called."""

    def __init__(self, tzid: str = "Europe/Berlin", now: Callable[[], int] = lambda: 0) -> None:
        self.tzid = tzid
        self.now = now
        self.kept: dict[str, Kept] = {}
        self.views: list[AccountView] = []
        self.conflict_views: list[EditConflictView] = []
        self.tickets: dict[str, dict[str, Kept]] = {}
        self.newest: str | None = None
        self.threads: set[str] = set()
        self.accounts = MemoryAccounts(self)
        # Signing in is tested on real profiles against real servers (tests/ui/linking).
        self.signing: SigningJob = cast("SigningJob", _NoSigning())
        self.calendars = MemoryCalendars(self)
        self.view = MemoryView(self)
        self.events = MemoryEvents(self)
        self.search = MemorySearch(self)
        self.box = MemoryBox(self)
        self.free = Free(self.box, self.view, now)  # type: ignore[arg-type]  # the real job, on this desk
        self.links = Links(self.box, self.free, now, self.box.usual)  # type: ignore[arg-type]
        # What goes by mail is tested on real profiles (tests/ui/offering): no window on this desk asks for it.
        self.inviting: InvitingJob = cast("InvitingJob", _NoGuests())
        self.mail: MailJob = cast("MailJob", None)
        self.inbox: InboxJob = cast("InboxJob", None)
        self.proposing: ProposingJob = cast("ProposingJob", _NoOffers())
        self.templates: TemplatesJob = cast("TemplatesJob", None)
        self.publishing: PublishingJob = cast("PublishingJob", None)
        self.requests: RequestsJob = cast("RequestsJob", _NoRequests())

    # what tests set up

    def link(self, name: str, provider: str, calendars: Sequence[Calendar], status: SourceStatus, address: str = "") -> None:
        account = Account(id=AccountId(f"a-{len(self.views)}"), provider=provider, name=name, address=address or None)
        views = tuple(
            CalendarView(calendar=replace(calendar, account_id=account.id, position=n), status=status, events=12 + n * 7)
            for n, calendar in enumerate(calendars)
        )
        self.views.append(AccountView(account=account, status=status, calendars=views))

    def put(self, event: Event, *calendars: str, **more: object) -> str:
        self.kept[event.uid] = Kept(event, tuple(CalendarId(c) for c in calendars), **more)  # type: ignore[arg-type]
        return event.uid

    # shared by the jobs

    def called(self) -> None:
        self.threads.add(threading.current_thread().name)

    def calendar(self, id: CalendarId) -> Calendar:
        for view in self.views:
            for calendar in view.calendars:
                if calendar.calendar.id == id:
                    return calendar.calendar
        raise UnknownId("No such calendar.")

    def instant(self, stamp: Stamp, tz: ZoneInfo) -> int:
        if not isinstance(stamp.value, datetime):
            return date_seconds(stamp.value)
        return int(stamp.value.replace(tzinfo=zone(stamp.tzid) if stamp.tzid else tz).timestamp())

    def occurrences(self, kept: Kept, tz: ZoneInfo, until: int) -> list[Instance]:
        event = kept.master
        starts: list[date | datetime] = [event.start.value]
        if event.rrules:
            base = event.start.value
            naive = base if isinstance(base, datetime) else datetime(base.year, base.month, base.day)
            rule = rrulestr(event.rrules[0].replace("Z", ""), dtstart=naive)
            last = datetime.fromtimestamp(until, tz).replace(tzinfo=None) + timedelta(days=1)
            found = list(rule.between(naive, last, inc=True))
            starts = list(found) if isinstance(base, datetime) else [at.date() for at in found]
        out = []
        for value in starts:
            rid = value.strftime(_FORM if isinstance(value, datetime) else "%Y%m%d") if event.rrules else None
            if rid in kept.gone:
                continue
            override = kept.overrides.get(rid or "")
            out.append(self.instance(kept, override or event, None if override else value, rid, tz))
        return out

    def instance(self, kept: Kept, event: Event, at: date | datetime | None, rid: str | None, tz: ZoneInfo) -> Instance:
        start = self.instant(event.start, tz)
        length = self.instant(event.end, tz) - start if event.end else 3600
        if at is not None:
            start = self.instant(Stamp(at, event.start.tzid), tz)
        return Instance(
            id=event.uid + (f"/{rid}" if rid else ""),
            uid=event.uid,
            recurrence_id=rid,
            calendar=kept.calendars[0],
            calendars=kept.calendars,
            start=start,
            end=start + length,
            all_day=event.start.all_day,
            summary=event.summary,
            location=event.location,
            tzid=event.start.tzid,
            status=event.status,
            transparent=event.transparent,
            partstat=kept.partstat,
            recurring=rid is not None,
            pending=kept.pending,
            conflict=kept.conflict,
            conference_url=event.conference_url,
            has_people=bool(event.attendees),
        )

    def find(self, id: str) -> tuple[Kept, Instance]:
        uid, _slash, rid = id.partition("/")
        kept = self.kept.get(uid)
        if kept is None:
            raise UnknownId("This event is gone.")
        tz = zone(self.tzid)
        all_ = self.occurrences(kept, tz, self.now() + 800 * 86_400)
        for instance in all_:
            if not rid or instance.recurrence_id == rid:
                return kept, instance
        raise UnknownId("This event is gone.")

    def ticket(self) -> str:
        name = f"t-{len(self.tickets)}"
        self.tickets[name] = {uid: kept.copy() for uid, kept in self.kept.items()}
        return name


class MemoryBox:
    """What the real jobs of availability remember: links, schedules, rules. Also the `links` of such a memory."""

    def __init__(self, desk: MemoryDesk) -> None:
        self._desk = desk
        self.kept_links: list[Link] = []
        self.kept_schedules: list[Schedule] = []
        self.rules: dict[CalendarId, Blocking] = {}
        self.booked: dict[str, list[Booking]] = {}

    def usual(self) -> Schedule:
        day = ((9 * 60, 18 * 60),)
        week = (*[day] * 5, (), ())
        return Schedule(id="usual", name="Working hours", tzid=self._desk.tzid, week=week)

    def version(self) -> object:
        """Another one each time: nothing is remembered from one question to the next."""
        return object()

    def calendars(self) -> Sequence[Calendar]:
        self._desk.called()
        return [one.calendar for view in self._desk.views for one in view.calendars]

    def accounts(self) -> Sequence[Account]:
        return [view.account for view in self._desk.views]

    def statuses(self) -> Mapping[str, SourceStatus]:
        return {one.calendar.id: view.status for view in self._desk.views for one in view.calendars}

    def set_aside(self) -> Sequence[SetAside]:
        return [aside for view in self._desk.views for one in view.calendars for aside in one.set_aside]

    @property
    def links(self) -> MemoryLinks:
        return MemoryLinks(self)


class MemoryLinks:
    def __init__(self, box: MemoryBox) -> None:
        self._box = box

    def blocking(self) -> Mapping[CalendarId, Blocking]:
        return dict(self._box.rules)

    def set_blocking(self, calendar: CalendarId, rule: Blocking) -> None:
        self._box.rules[calendar] = rule

    def links(self) -> Sequence[Link]:
        return list(self._box.kept_links)

    def keep_link(self, link: Link) -> None:
        known = [one.id for one in self._box.kept_links]
        if link.id in known:
            self._box.kept_links[known.index(link.id)] = link
        else:
            self._box.kept_links.append(link)

    def drop_link(self, id: str) -> None:
        self._box.kept_links = [one for one in self._box.kept_links if one.id != id]

    def schedules(self) -> Sequence[Schedule]:
        return list(self._box.kept_schedules)

    def keep_schedule(self, schedule: Schedule) -> None:
        self.drop_schedule(schedule.id)
        self._box.kept_schedules.append(schedule)

    def drop_schedule(self, id: str) -> None:
        self._box.kept_schedules = [one for one in self._box.kept_schedules if one.id != id]

    def bookings(self, link: str, states: Collection[str] = ()) -> Sequence[Booking]:
        del states
        return self._box.booked.get(link, [])


class MemoryAccounts:
    def __init__(self, desk: MemoryDesk) -> None:
        self._desk = desk
        self.fails: CalmergeError | None = None
        self.hold: threading.Event | None = None
        self.secrets: dict[str, str] = {}

    def list(self, *, counted: bool = True) -> Sequence[AccountView]:
        del counted
        self._desk.called()
        return list(self._desk.views)

    def add(self, provider: str, fields: Mapping[str, str], secret: str | None = None) -> Account:
        self._desk.called()
        if self.hold is not None:
            self.hold.wait(10)
        if self.fails is not None:
            raise self.fails
        if unknown := fields.keys() - {"url", "user", "name", "address"}:
            raise BadInput(f"No field {min(unknown)}.")
        number = len(self._desk.views)
        names = {"caldav": ("Termine", "Kunden", "Büro")}.get(provider, (fields.get("name") or "Kalender",))
        access = Access.READ if provider == "feed" else Access.WRITE
        calendars = [
            Calendar(
                id=CalendarId(f"c-{number}-{n}"),
                account_id=AccountId(""),
                remote_id=RemoteId(name),
                name=name,
                color=("#2F6FED", "#7A4FE0", "#C77A00")[n % 3],
                access=access,
                default=False,
            )
            for n, name in enumerate(names)
        ]
        fresh = SourceStatus(state=SourceState.FRESH, as_of=self._desk.now())
        self._desk.link(fields.get("name") or fields.get("user") or "Konto", provider, calendars, fresh)
        account = self._desk.views[-1].account
        if secret is not None:
            self.secrets[account.id] = secret
        return account

    def remove(self, account: AccountId) -> None:
        self._desk.called()
        gone = {c.calendar.id for view in self._desk.views if view.account.id == account for c in view.calendars}
        self._desk.views = [view for view in self._desk.views if view.account.id != account]
        self._desk.kept = {uid: kept for uid, kept in self._desk.kept.items() if kept.calendars[0] not in gone}

    def reauth(self, account: AccountId, secret: str, address: str | None = None) -> None:
        self._desk.called()
        if self.fails is not None:
            raise self.fails
        self.secrets[account] = secret
        fresh = SourceStatus(state=SourceState.FRESH, as_of=self._desk.now())
        self._desk.views = [replace(v, status=fresh) if v.account.id == account else v for v in self._desk.views]

    def change(self, account: AccountId, *, name: str | None = None, address: str | None = None) -> Account:
        self._desk.called()
        if self.fails is not None:
            raise self.fails
        known = next(v.account for v in self._desk.views if v.account.id == account)
        made = replace(known, name=name or known.name, address=address or known.address)
        self._desk.views = [replace(v, account=made) if v.account.id == account else v for v in self._desk.views]
        return made


class MemoryCalendars:
    def __init__(self, desk: MemoryDesk) -> None:
        self._desk = desk

    def change(
        self,
        calendar: CalendarId,
        *,
        visible: bool | None = None,
        busy: bool | None = None,
        color: str | None = None,
        name: str | None = None,
        default: bool | None = None,
    ) -> Calendar:
        self._desk.called()
        self._desk.calendar(calendar)
        given: dict[str, Any] = {"visible": visible, "busy": busy, "color": color, "name": name, "default": default}
        given = {key: value for key, value in given.items() if value is not None}

        def roles(view: CalendarView) -> CalendarView:
            if view.calendar.id == calendar:
                return replace(view, calendar=replace(view.calendar, **given))
            return replace(view, calendar=replace(view.calendar, default=False)) if default else view

        self._desk.views = [replace(v, calendars=tuple(roles(c) for c in v.calendars)) for v in self._desk.views]
        return self._desk.calendar(calendar)


class MemoryView:
    def __init__(self, desk: MemoryDesk) -> None:
        self._desk = desk
        self.asked = 0

    def busy(
        self, low: int, high: int, tzid: str, rules: Mapping[CalendarId, Blocking], calendars: Collection[CalendarId]
    ) -> list[Busy]:
        raw = self.instances(low, high, tzid, merged=False, visible_only=False, calendars=calendars)
        return busy_times(raw, rules, zone(tzid))

    def instances(
        self,
        low: int,
        high: int,
        tzid: str,
        *,
        merged: bool = True,
        visible_only: bool = True,
        calendars: Collection[CalendarId] | None = None,
    ) -> Sequence[Instance]:
        self._desk.called()
        self.asked += 1
        tz = zone(tzid)
        out = []
        for kept in self._desk.kept.values():
            shown = [c for c in kept.calendars if not visible_only or self._desk.calendar(c).visible]
            if not shown or (calendars is not None and not set(shown) & set(calendars)):
                continue
            for instance in self._desk.occurrences(kept, tz, high):
                start, end = instance.start, max(instance.end, instance.start + 1)
                if instance.all_day:
                    shift = int((datetime.fromtimestamp(low, tz).utcoffset() or timedelta()).total_seconds())
                    start, end = start - shift, end - shift
                if start < high and end > low:
                    out.append(instance._replace(calendar=shown[0], calendars=tuple(shown)))
        return sorted(out, key=lambda one: (one.start, -one.end, one.id))


class MemoryEvents:
    def __init__(self, desk: MemoryDesk) -> None:
        self._desk = desk
        self.resolved: list[tuple[str, str]] = []
        self.moved: CalendarId | None = None

    def detail(self, id: str) -> EventDetail:
        self._desk.called()
        kept, instance = self._desk.find(id)
        event = kept.overrides.get(instance.recurrence_id or "", kept.master)
        calendar = self._desk.calendar(kept.calendars[0])
        rrule = kept.master.rrules[0] if kept.master.rrules else None
        writable = calendar.access is Access.WRITE
        return EventDetail(instance=instance, event=event, account=calendar.account_id, writable=writable, rrule=rrule)

    def add(self, draft: Draft) -> EventDetail:
        self._desk.called()
        if self._desk.calendar(draft.calendar).access is not Access.WRITE:
            raise ReadOnly("This calendar takes no new events.")
        self._desk.newest = self._desk.ticket()
        event = Event(
            uid=f"new-{len(self._desk.kept)}",
            start=draft.start,
            end=draft.end,
            rrules=(draft.rrule,) if draft.rrule else (),
            summary=draft.summary,
            location=draft.location,
            description=draft.description,
            transparent=draft.transparent,
            attendees=tuple(Attendee(address=a) for a in draft.attendees),
        )
        self._desk.put(event, draft.calendar, pending=True)
        return self.detail(event.uid)

    def edit(self, id: str, changes: Changes, scope: Scope = Scope.ALL) -> EventDetail:
        self._desk.called()
        kept, instance = self._desk.find(id)
        if self._desk.calendar(kept.calendars[0]).access is not Access.WRITE:
            raise ReadOnly("This calendar takes no changes.")
        self._desk.newest = self._desk.ticket()
        if changes.calendar:
            kept.calendars = (changes.calendar,)
        kept.pending = True
        rid = instance.recurrence_id
        if rid is None or scope is Scope.ALL:
            if instance.recurrence_id is not None and changes.start is not None and changes.end is not None:
                changes = self._for_master(kept.master, instance, changes)
            kept.master = _changed(kept.master, changes)
            return self.detail(kept.master.uid)
        if scope is Scope.THIS:
            kept.overrides[rid] = _changed(replace(self._at(kept.master, instance), rrules=()), changes)
            return self.detail(id)
        rest = _changed(self._at(kept.master, instance), changes)
        rest = replace(rest, uid=f"{kept.master.uid}-{rid}")
        self._desk.kept[rest.uid] = Kept(rest, kept.calendars, pending=True)
        self._end_before(kept, instance)
        return self.detail(rest.uid)

    def delete(self, id: str, scope: Scope = Scope.ALL) -> str:
        self._desk.called()
        kept, instance = self._desk.find(id)
        ticket = self._desk.newest = self._desk.ticket()
        if instance.recurrence_id is None or scope is Scope.ALL:
            del self._desk.kept[kept.master.uid]
        elif scope is Scope.THIS:
            kept.gone.add(instance.recurrence_id)
        else:
            self._end_before(kept, instance)
        return ticket

    def undo(self, ticket: str) -> None:
        self._desk.called()
        if ticket not in self._desk.tickets:
            raise BadInput("This cannot be taken back any more.")
        self._desk.kept = self._desk.tickets.pop(ticket)
        self._desk.newest = None

    def last_ticket(self) -> str | None:
        return self._desk.newest

    def conflicts(self) -> Sequence[EditConflictView]:
        self._desk.called()
        return list(self._desk.conflict_views)

    def resolve(self, conflict: str, keep: str, calendar: CalendarId | None = None) -> None:
        self._desk.called()
        self.resolved.append((conflict, keep))
        self.moved = calendar
        self._desk.conflict_views = [view for view in self._desk.conflict_views if view.id != conflict]

    def waiting(self) -> int:
        self._desk.called()
        return sum(kept.pending for kept in self._desk.kept.values())

    def _at(self, master: Event, instance: Instance) -> Event:
        tz = zone(master.start.tzid or self._desk.tzid)
        if instance.all_day:
            day = date.fromordinal(instance.start // 86_400 + date(1970, 1, 1).toordinal())
            return replace(master, start=Stamp(day), end=Stamp(day + timedelta(days=1)))
        start = datetime.fromtimestamp(instance.start, tz).replace(tzinfo=None)
        end = datetime.fromtimestamp(instance.end, tz).replace(tzinfo=None)
        return replace(master, start=Stamp(start, master.start.tzid), end=Stamp(end, master.start.tzid))

    def _for_master(self, master: Event, instance: Instance, changes: Changes) -> Changes:
        """The move of one occurrence as a move of the series' first."""
        here, first = self._at(master, instance).start.value, master.start.value
        there, end = changes.start, changes.end
        assert there is not None
        assert end is not None
        start = Stamp(first + (there.value - here), there.tzid)  # type: ignore[operator]
        return replace(changes, start=start, end=Stamp(start.value + (end.value - there.value), end.tzid))  # type: ignore[operator]

    def _end_before(self, kept: Kept, instance: Instance) -> None:
        value = self._at(kept.master, instance).start.value
        last = (value - timedelta(days=1)).strftime("%Y%m%dT235959")
        parts = [p for p in kept.master.rrules[0].split(";") if not p.startswith(("UNTIL", "COUNT"))]
        kept.master = replace(kept.master, rrules=(";".join([*parts, f"UNTIL={last}"]),))


class MemorySearch:
    def __init__(self, desk: MemoryDesk) -> None:
        self._desk = desk

    def find(
        self, text: str, *, first: date | None = None, last: date | None = None, tzid: str, limit: int = 50
    ) -> Sequence[Instance]:
        self._desk.called()
        words = text.lower().split()
        out = []
        for kept in self._desk.kept.values():
            people = " ".join(a.address + " " + a.name for a in kept.master.attendees)
            hay = f"{kept.master.summary} {kept.master.location} {kept.master.description} {people}".lower()
            if all(word in hay for word in words):
                found = self._desk.occurrences(kept, zone(tzid), self._desk.now() + 14 * 86_400)
                out += sorted(found, key=lambda one: abs(one.start - self._desk.now()))[:2]
        return sorted(out, key=lambda one: abs(one.start - self._desk.now()))[:limit]


def _changed(event: Event, changes: Changes) -> Event:
    given: dict[str, object] = {}
    for name in ("summary", "location", "description", "transparent", "status"):
        if (value := getattr(changes, name)) is not None:
            given[name] = value
    if changes.start is not None:
        given |= {"start": changes.start, "end": changes.end}
    if changes.rrule is not None:
        given["rrules"] = (changes.rrule,) if changes.rrule else ()
    if changes.attendees is not None:
        known = {a.address: a for a in event.attendees}
        given["attendees"] = tuple(known.get(a, Attendee(address=a)) for a in changes.attendees)
    return replace(event, **given)  # type: ignore[arg-type]


def set_aside(calendar: str) -> SetAside:
    from calmerge_desktop.core.model import Href

    return SetAside(calendar=CalendarId(calendar), href=Href("x.ics"), reason="An event without a start.")

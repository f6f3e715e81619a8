"""What others want of the person, as one list. Here it is only read; `answering` does what the person decides.

It is made of messages that came in, invitations a provider put into a calendar, and answers to the person's own offers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from calmerge_desktop.core.agenda.events import Events
from calmerge_desktop.core.agenda.free import Free
from calmerge_desktop.core.agenda.inviting import Inviting
from calmerge_desktop.core.agenda.proposing import Proposing
from calmerge_desktop.core.agenda.requesting import Fit, Request, Sort
from calmerge_desktop.core.agenda.servers import schedules
from calmerge_desktop.core.agenda.view import View
from calmerge_desktop.core.errors import BadData, CalmergeError, UnknownId
from calmerge_desktop.core.freebusy import Load
from calmerge_desktop.core.ics.read import read
from calmerge_desktop.core.instances import key_of, open_series, placed, resolved, split_id
from calmerge_desktop.core.itip.decide import Kind
from calmerge_desktop.core.itip.make import recipients, sequence_of
from calmerge_desktop.core.itip.message import Method, at_instant, bare, is_me, read_messages, same_address
from calmerge_desktop.core.model import Access, Account, AccountId, Event, EventDetail, Instance, SourceState, Status
from calmerge_desktop.core.proposal.model import Proposal, State
from calmerge_desktop.core.proposal.reading import How, Reading
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.when import DAY, Clock
from calmerge_desktop.core.zones import Zone, iana

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory
    from calmerge_desktop.core.mail_ports import Incoming

AHEAD = 120 * DAY
"""How far ahead calendars are searched for invitations without an answer."""
_MOST_DONE = 80
"""Messages of which a row is made, though nothing is to be done about them."""
_MOST_DATES = 26
_REMEMBERED = 30 * DAY
_CLOSE = 10 * 60
"""A neighbour nearer than this leaves no break."""


class Requests:
    """Reads; see `core.agenda.desk.RequestsJob`."""

    def __init__(
        self, memory: Memory, events: Events, view: View, free: Free, inviting: Inviting, proposing: Proposing, clock: Clock,
        home_tzid: str,
    ) -> None:  # fmt: skip
        self._memory = memory
        self._events = events
        self._view = view
        self._free = free
        self._inviting = inviting
        self._proposing = proposing
        self._clock = clock
        self._home = home_tzid

    def list(self) -> Sequence[Request]:
        """See `RequestsJob.list`."""
        every = self._memory.post.incoming(everything=True)
        over, before = _chains(every)
        known = _Known(
            self._inviting.addresses(),
            {one.id: one for one in self._memory.accounts()},
            {bare(one.address) for one in self._memory.post.mailboxes()},
            over,
            before,
        )
        newest = {one.id for one in every[:_MOST_DONE]}
        shown = [one for one in every if one.id in newest or (one.state == "open" and one.id not in over)]
        found = [self._message(one, known) for one in shown]
        found += self._unanswered(found, every, known)
        found += self._offers()
        letters = [(one.key, one.state) for one in self._memory.post.letters()]
        found = [replace(one, letter=_letter_of(one, letters)) for one in found]
        return sorted(found, key=lambda one: (not one.open, -(one.at or self._clock()), one.start, one.key))

    def fit(self, request: Request, span: tuple[int, int] | None = None) -> Fit:
        """See `RequestsJob.fit`."""
        spans = [span] if span else self._spans(request)
        if not spans or request.all_day:
            return Fit(dates=0)
        low, high = min(start for start, _end in spans), max(end for _start, end in spans)
        busy, sources = self._free.busy(low - DAY, high + DAY, self._home)
        own = self._own(request)
        there = [one for one in busy if split_id(one.id)[0] not in own and one.load in (Load.BUSY, Load.TENTATIVE)]
        clashes = [
            (start, one) for start, end in spans for one in there if one.start < end and one.end > start
        ]  # fmt: skip
        single = spans[0] if len(spans) == 1 and not clashes else None
        return Fit(
            dates=len(spans),
            clashes=tuple(clashes),
            before=next((one for one in there if single and 0 <= single[0] - one.end < _CLOSE), None),
            after=next((one for one in there if single and 0 <= one.start - single[1] < _CLOSE), None),
            calendars=len(sources),
            unread=tuple(one for one in sources if one.state is not SourceState.FRESH),
        )

    # --- messages ---------------------------------------------------------------------------------------------------

    def _message(self, one: Incoming, known: _Known) -> Request:
        made = Request(
            key=f"m{one.id}",
            kind=one.kind,
            open=one.state == "open" and one.id not in known.over,
            at=one.at,
            who=one.sender,
            address=one.sender,
            uid=one.uid,
            comment=one.comment,
            partstat=one.partstat,
            message=one.id,
        )
        said = _said(one.ics, one.method)
        if said is not None:
            made = replace(made, title=said.summary, place=said.location, video=said.conference_url or "")
            made = _named(made, said)
            made = _at(made, _times(said, read(one.ics).zones))
        if one.kind == Kind.UPDATE and (earlier := known.before.get(one.id)) is not None:
            made = _moved(made, earlier)
        detail = self._detail(one.event) if one.event else None
        if detail is None:
            return replace(made, open=made.open and made.kind not in (Kind.INVITATION, Kind.COUNTER))
        if one.kind == Kind.NOT_ALLOWED and one.method == Method.REPLY and said is not None:
            made = _for_guest(made, said, detail.event, known)
        return self._with_event(made, detail, known)

    def _with_event(self, made: Request, detail: EventDetail, known: _Known) -> Request:
        """The row with what the event in the calendar says now."""
        made = self._about(made, detail, known)
        shown = detail.instance
        if made.kind == Kind.COUNTER:
            return replace(made, was=(shown.start, shown.end), title=made.title or shown.summary)
        if made.kind in (Kind.INVITATION, Kind.UPDATE):
            mine = shown.partstat or self._mine(detail.event, known)
            waits = made.open and not _over(detail, self._clock()) and shown.status is not Status.CANCELLED
            if made.kind == Kind.INVITATION:
                waits = waits and mine == "needs-action"
            return _at(replace(made, open=waits, partstat=mine or ""), _place(shown))
        return made

    def _about(self, made: Request, detail: EventDetail, known: _Known) -> Request:
        event, shown = detail.event, detail.instance
        account = known.accounts.get(detail.account)
        organizer = event.organizer.address if event.organizer else ""
        invited = [one for one in event.attendees if is_me(one.address, known.me)]
        sender = organizer if is_me(organizer, known.me) else invited[0].address if invited else ""
        others = [one.name or one.address for one in event.attendees if not is_me(one.address, known.me)]
        if event.organizer and not is_me(organizer, known.me) and all(one.address != organizer for one in event.attendees):
            others.insert(0, event.organizer.name or organizer)
        held = self._events.held(split_id(shown.id)[0])
        return replace(
            made,
            title=made.title or event.summary,
            event=shown.id if made.event else split_id(shown.id)[0],
            calendar=shown.calendar,
            account=account.name if account else "",
            by_server=account is not None and schedules(account) and held.calendar.access is Access.WRITE,
            sender=sender,
            mailbox=bare(sender) in known.boxes,
            place=made.place or event.location,
            video=made.video or event.conference_url or "",
            rrule=detail.rrule or "",
            tzid=shown.tzid or "",
            people=tuple(others),
            guests=tuple(recipients(held.ics, known.me)) if is_me(organizer, known.me) else (),
        )

    # --- invitations a provider put into a calendar -----------------------------------------------------------------

    def _unanswered(self, found: Iterable[Request], messages: Sequence[Incoming], known: _Known) -> Iterator[Request]:
        """Events without an answer of which no message speaks, or only an older one."""
        shown = {split_id(one.event)[0] for one in found if one.open and one.event}
        now = self._clock()
        firsts: dict[str, Instance] = {}
        for one in self._view.unanswered(now, now + AHEAD, self._home):
            key = split_id(one.id)[0]
            if one.status is not Status.CANCELLED and key not in shown:
                firsts.setdefault(key, one)
        for key, one in firsts.items():
            detail = self._detail(key)
            if detail is None or detail.event.organizer is None or is_me(detail.event.organizer.address, known.me):
                continue
            whole = not one.recurring or detail.instance.partstat == "needs-action"
            if whole and self._seen(key, messages):
                continue
            chosen = detail if whole and not one.recurring else self._detail(one.id) or detail
            organizer = detail.event.organizer
            made = Request(
                key=key if whole else one.id,
                kind=Kind.INVITATION,
                open=True,
                who=organizer.name or organizer.address,
                address=organizer.address,
                title=one.summary,
                event="" if whole else one.id,
                uid=one.uid,
                partstat="needs-action",
            )
            yield _at(self._about(made, chosen, known), _place(one))

    def _seen(self, key: str, messages: Sequence[Incoming]) -> bool:
        """Whether the person has dealt with this version of the event already, without an answer in the calendar."""
        mine = [one for one in messages if one.event == key and one.state == "done"]
        if not mine:
            return False
        now = sequence_of(self._events.held(key).ics)
        return any(sequence_of(one.ics) >= now for one in mine if one.kind in (Kind.INVITATION, Kind.UPDATE))

    # --- the person's own offers ------------------------------------------------------------------------------------

    def _offers(self) -> Iterator[Request]:
        since = self._clock() - _REMEMBERED
        for one in self._proposing.list():
            if one.state is State.ANSWERED:
                reading = self._proposing.answer(one.id) or Reading(How.NONE)
                made = replace(
                    _offer(one, Sort.PROPOSAL, waits=True),
                    choices=reading.choices,
                    how=reading.how.value,
                    confidence=reading.confidence,
                    declined=reading.declined,
                    comment=reading.words,
                )
                yield _at(made, _slot(one, reading.choices[0] if reading.choices else None))
            elif one.state is State.OPEN:
                yield _offer(one, Sort.OFFER, waits=False)
            elif one.state is State.BOOKED and one.created > since:
                yield _at(_offer(one, Sort.BOOKED, waits=False), _slot(one, one.chosen))

    # --- inside -----------------------------------------------------------------------------------------------------

    def _spans(self, request: Request) -> Sequence[tuple[int, int]]:
        if request.rrule and request.asks:
            held = self._events.held(split_id(request.event)[0])
            book = self._memory.books()[held.calendar.id]
            series, _bad = open_series(held.ics, book.tzid)
            now = self._clock()
            dates = islice(placed(series, book, held.key, now, now + AHEAD), _MOST_DATES)
            shown = [resolved(one, iana(self._home)) for one in dates]
            return [(one.start, one.end) for one in shown if one.status is not Status.CANCELLED]
        return [(request.start, request.end)] if request.end > request.start else []

    def _own(self, request: Request) -> frozenset[str]:
        """Keys of the event itself in every calendar, and of what is held for an offer."""
        listed = self._memory.calendars()
        own = {key_of(one.id, request.uid) for one in listed} if request.uid else set()
        if request.proposal:
            offer = self._proposing.get(request.proposal)
            own |= {key_of(offer.calendar, offer.hold_uid(index)) for index in range(len(offer.slots))}
        return frozenset(own)

    def _detail(self, id: str) -> EventDetail | None:
        try:
            return self._events.detail(id)
        except (UnknownId, BadData):
            return None

    @staticmethod
    def _mine(event: Event, known: _Known) -> str | None:
        return next((one.partstat for one in event.attendees if is_me(one.address, known.me)), None)


class _Known(NamedTuple):
    """What is asked once for a whole list."""

    me: Sequence[str]
    accounts: dict[AccountId, Account]
    boxes: set[str]
    over: set[int]
    before: dict[int, Incoming]


def _for_guest(made: Request, said: Event, event: Event, known: _Known) -> Request:
    """A reply that came from another address than the guest's it speaks of, when that guest was asked by the person."""
    guest = next(iter(said.attendees), None)
    asked = next((one for one in event.attendees if guest and same_address(one.address, guest.address)), None)
    if guest is None or asked is None or event.organizer is None or not is_me(event.organizer.address, known.me):
        return made
    return replace(made, kind=Sort.FOR_GUEST, who=asked.name or asked.address, partstat=guest.partstat)


def _chains(every: Sequence[Incoming]) -> tuple[set[int], dict[int, Incoming]]:
    """Messages a later one speaks over, and the message before each.

    An invitation waits no more when it was updated or called off. `every` is newest first.
    """
    latest: dict[str, Incoming] = {}
    over, before = set(), {}
    for one in every:
        if one.kind in (Kind.INVITATION, Kind.UPDATE, Kind.CANCELLED):
            if (later := latest.get(one.uid)) is not None:
                over.add(one.id)
                before[later.id] = one
            latest[one.uid] = one
    return over, before


def _moved(made: Request, earlier: Incoming) -> Request:
    """An update with what it moved."""
    said = _said(earlier.ics, earlier.method)
    times = _times(said, read(earlier.ics).zones) if said else None
    if times is None or not made.end or (times.start, times.end) == (made.start, made.end):
        return made
    return replace(made, moved=True, was=None if made.all_day else (times.start, times.end))


def _said(ics: str, method: str) -> Event | None:
    try:
        return read_messages(ics, method=method)[0].main.event
    except CalmergeError:
        return None


def _named(made: Request, said: Event) -> Request:
    """The sender by name, where the message gives one."""
    people = [*([said.organizer] if said.organizer else []), *said.attendees]
    name = next((one.name for one in people if one.name and bare(one.address) == bare(made.address)), "")
    return replace(made, who=name or made.who)


class _Times(NamedTuple):
    start: int
    end: int
    all_day: bool = False


def _at(made: Request, times: _Times | None) -> Request:
    return made if times is None else replace(made, start=times.start, end=times.end, all_day=times.all_day)


def _times(said: Event, zones: dict[str, Zone]) -> _Times | None:
    start = at_instant(said.start, zones)
    if said.end is None or start == 0:  # a CANCEL or REPLY without its times (`itip.message`)
        return None
    return _Times(start, at_instant(said.end, zones), said.start.all_day)


def _place(shown: Instance) -> _Times:
    return _Times(shown.start, shown.end, shown.all_day)


def _over(detail: EventDetail, now: int) -> bool:
    return not detail.rrule and not detail.instance.recurring and detail.instance.end <= now


def _letter_of(one: Request, letters: Sequence[tuple[str, str]]) -> str:
    """What became of the person's own letter about it, unless it was sent."""
    if not one.uid:
        return ""
    ours = (f"REPLY:{one.uid}:", f"COUNTER:{one.uid}:", f"DECLINECOUNTER:{one.uid}:")
    return next((state for key, state in reversed(letters) if key.startswith(ours)), "")


def _offer(one: Proposal, kind: Sort, *, waits: bool) -> Request:
    return Request(
        key=f"p{one.id}",
        kind=kind,
        open=waits,
        at=one.created,
        who=one.name or one.to,
        address=one.to,
        title=one.title,
        calendar=one.calendar,
        place=one.location,
        proposal=one.id,
        slots=one.slots,
        expires=one.expires,
        guests=(one.to,),
    )


def _slot(one: Proposal, index: int | None) -> _Times | None:
    return _Times(*one.slots[index]) if index is not None and 0 <= index < len(one.slots) else None

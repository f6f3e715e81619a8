"""Everything a face of the program (window, command line) may ask for, one Protocol a job.

All calls are synchronous, work offline, touch the disk and may raise `CalmergeError`; a window calls them on its query
thread, never on the GUI thread. Implementations live beside this file; `app` puts them together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from calmerge_desktop.core.agenda.guest_jobs import PublishingJob, TemplatesJob
from calmerge_desktop.core.agenda.linking import AccountsJob, MailJob, SigningJob
from calmerge_desktop.core.agenda.telling import Word
from calmerge_desktop.core.model import (
    Calendar,
    CalendarId,
    Changes,
    Draft,
    EditConflictView,
    EventDetail,
    Instance,
    Scope,
    Stamp,
)

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.free import FreeAnswer
    from calmerge_desktop.core.agenda.inbox import Taken
    from calmerge_desktop.core.agenda.inviting import Message, Prepared
    from calmerge_desktop.core.agenda.links import SlotAnswer
    from calmerge_desktop.core.agenda.offers import ProposingJob
    from calmerge_desktop.core.agenda.requesting import RequestsJob
    from calmerge_desktop.core.availability.explain import Closed
    from calmerge_desktop.core.availability.link import Link
    from calmerge_desktop.core.availability.schedule import Schedule
    from calmerge_desktop.core.availability.series import SeriesDate
    from calmerge_desktop.core.freebusy import Blocking


class CalendarsJob(Protocol):
    """Roles of calendars."""

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
        """Give a calendar other roles; None leaves one as it is."""


class ViewJob(Protocol):
    """The merged calendar."""

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
        """Instances that touch the instants `[low, high)`, by start.

        An all-day event touches them when one of its dates does.

        Dates and floating times without a calendar zone are read on the wall clock of the IANA zone `tzid`. `merged`
        shows a meeting that several calendars hold once. Cancelled instances are among them, marked as such.
        """


class EventsJob(Protocol):
    """One event: look, create, change, delete, undo."""

    def detail(self, id: str) -> EventDetail:
        """Everything about one instance id (or whole-series id: its first occurrence)."""

    def add(self, draft: Draft) -> EventDetail:
        """Create; shown at once as pending and sent by the next sync."""

    def edit(self, id: str, changes: Changes, scope: Scope = Scope.ALL) -> EventDetail:
        """Change; `scope` matters for series only. Raises `ReadOnly`, `BadInput`, `UnknownId`."""

    def delete(self, id: str, scope: Scope = Scope.ALL) -> str:
        """Delete; returns a ticket for `undo`."""

    def undo(self, ticket: str) -> None:
        """Take back the edit or deletion with this ticket, as long as nothing else changed the event."""

    def last_ticket(self) -> str | None:
        """Ticket of the newest edit or deletion made by this process, None when there is none."""

    def conflicts(self) -> Sequence[EditConflictView]:
        """Events that wait for the person's choice."""

    def resolve(self, conflict: str, keep: str, calendar: CalendarId | None = None) -> None:
        """Settle a conflict: `keep` is `mine`, `theirs`, `both` (mine becomes a copy) or `move` (mine goes to `calendar`).

        Where the calendar is gone, only `move` and `theirs`, which drops mine, are left.
        """

    def waiting(self) -> int:
        """How many changes wait to be sent."""


class SearchJob(Protocol):
    """Full-text search over the cache."""

    def find(
        self, text: str, *, first: date | None = None, last: date | None = None, tzid: str, limit: int = 50
    ) -> Sequence[Instance]:
        """Instances whose title, place, description or people match all words (prefixes count), nearest to now first."""


class ExportJob(Protocol):
    """Data out."""

    def text(
        self,
        span: tuple[int, int] | None,
        tzid: str,
        *,
        calendars: Collection[CalendarId] | None = None,
        busy_only: bool = False,
    ) -> tuple[str, int]:
        """An iCalendar text of all events that touch the instants of `span` (None: all), and how many it holds.

        `busy_only` (needs a span) gives merged busy times without titles, places or people.
        """


class FreeJob(Protocol):
    """When the person is free, across all calendars."""

    def spans(self, low: int, high: int, tzid: str, calendars: Collection[CalendarId] | None = None) -> FreeAnswer:
        """`[low, high)` as spans of one load each, with every event that says so, and the calendars asked.

        `calendars` None: all that count as busy. All-day events block the days of the IANA zone `tzid`. A calendar that
        cannot be read makes its time unknown, unless its rule says otherwise.
        """

    def rules(self) -> Mapping[CalendarId, Blocking]:
        """What events of each calendar do to availability."""

    def set_rule(self, calendar: CalendarId, rule: Blocking) -> None:
        """Give a calendar other rules. Raises `UnknownId`."""


class LinksJob(Protocol):
    """Booking links ("event types"), schedules, and the slots they offer."""

    def list(self) -> Sequence[Link]:
        """All links in the person's order."""

    def get(self, name: str) -> Link:
        """By id or slug. Raises `UnknownId`."""

    def keep(self, link: Link) -> Link:
        """Add (no id yet) or replace; returns it with its id. Raises `BadInput` when a setting cannot work."""

    def remove(self, name: str) -> None:
        """Forget a link; its bookings stay. Raises `UnknownId`."""

    def warnings(self, link: Link) -> Sequence[str]:
        """Sentences about what works but is probably not meant, such as a target that can only be read."""

    def schedules(self) -> Sequence[Schedule]:
        """Named weekly hours; the first is the usual one. There is always one."""

    def schedule(self, name: str) -> Schedule:
        """By id or name. Raises `UnknownId`."""

    def keep_schedule(self, schedule: Schedule) -> Schedule:
        """Add (no id yet) or replace. Raises `BadInput`."""

    def remove_schedule(self, name: str) -> None:
        """Forget. Raises `UnknownId`, and `BadInput` while a link uses it."""

    def slots(
        self, link: Link, low: int, high: int, *, minutes: int | None = None, schedule: Schedule | None = None
    ) -> SlotAnswer:
        """Slots of the link, saved or not, that lie in `[low, high)`. `minutes` is one of its lengths. Raises `BadInput`.

        `schedule` stands in for the named one of the link, as while its hours are edited.
        """

    def closed(self, link: Link, answer: SlotAnswer) -> Sequence[Closed]:
        """Every stretch of open hours that `answer` does not offer, with what decided."""

    def series(self, link: Link, start: int, *, minutes: int | None = None) -> Sequence[SeriesDate]:
        """Every date of a series that begins at `start`, with repairs for taken ones. Raises `BadInput`."""


class InvitingJob(Protocol):
    """Inviting people to events, and answering invitations."""

    def prepare(self, id: str, *, cancel: bool = False, one: bool = False, comment: str = "") -> Prepared:
        """What an invitation, its update or its cancellation would send; nothing leaves yet. Raises `BadInput`.

        `one`: only the occurrence `id` names, not its whole series.
        """

    def due(self, id: str, *, cancel: bool = False) -> Word:
        """Whether guests wait for an invitation or an update by mail, or with `cancel` would miss a cancellation.

        Nothing where a server tells them.
        """

    def send(self, prepared: Prepared, *, by_hand: bool = False) -> int:
        """Let it leave: the event takes the new SEQUENCE and the letters are queued. Returns how many are new.

        `by_hand`: the person sends it from a draft, so nothing is queued.
        """

    def answer(self, id: str, partstat: str, *, comment: str = "", one: bool = False) -> Prepared:
        """Accept, decline or tentatively accept; recorded in the person's copy and sent to the organizer."""

    def propose_time(self, id: str, start: Stamp, end: Stamp, *, comment: str = "", one: bool = False) -> Prepared:
        """Ask the organizer for another time. Raises `BadInput` for one that is over."""

    def draft(self, prepared: Prepared, message: Message) -> str:
        """A message as a mail (RFC 5322) to be opened in a mail program."""

    def addresses(self) -> Sequence[str]:
        """All mail addresses that are the person's."""


class InboxJob(Protocol):
    """Invitations, answers and proposals that came in."""

    def take(self, data: bytes) -> Sequence[Taken]:
        """Read a mail or an .ics, apply what may be applied, keep the rest for the person. Raises `BadInput`."""

    def list(self, *, everything: bool = False) -> Sequence[Taken]:
        """What waits for the person, newest first; or everything that ever came in."""

    def accept_time(self, id: int) -> Prepared:
        """Move the event to the time a guest proposed, and tell everybody."""

    def accept_answer(self, id: int) -> str:
        """Believe a guest's answer that came from another address, and note it in the event; returns a ticket for undo.

        Raises `UnknownId` for any other message, `BadInput` when it cannot be noted any more.
        """

    def decline_time(self, id: int, *, comment: str = "") -> Prepared:
        """Leave the event where it is, and tell the guest."""

    def settle(self, id: int) -> None:
        """The person has seen it."""


class Desk(Protocol):
    """The jobs the window asks for."""

    @property
    def accounts(self) -> AccountsJob: ...

    @property
    def signing(self) -> SigningJob: ...

    @property
    def calendars(self) -> CalendarsJob: ...

    @property
    def view(self) -> ViewJob: ...

    @property
    def events(self) -> EventsJob: ...

    @property
    def search(self) -> SearchJob: ...

    @property
    def free(self) -> FreeJob: ...

    @property
    def links(self) -> LinksJob: ...

    @property
    def inviting(self) -> InvitingJob: ...

    @property
    def inbox(self) -> InboxJob: ...

    @property
    def proposing(self) -> ProposingJob: ...

    @property
    def templates(self) -> TemplatesJob: ...

    @property
    def publishing(self) -> PublishingJob: ...

    @property
    def requests(self) -> RequestsJob: ...

    @property
    def mail(self) -> MailJob: ...


class WholeDesk(Desk, Protocol):
    """The jobs of the window and those that only the command line offers so far."""

    @property
    def export(self) -> ExportJob: ...

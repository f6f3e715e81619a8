"""The nouns every room uses, in the words of RFC 5545, 4791 and 6578.

Time is kept in three shapes and nothing else:

* an instant: `int`, seconds since 1970-01-01T00:00:00Z;
* a date of an all-day event: `datetime.date`; inside an `Instance` (and the cache) it is the instant of midnight **UTC**
  of that date, and `all_day` is set, so that it never shifts with a zone;
* wall time as written in a VEVENT: `Stamp`, a naive `datetime` with the TZID it was written with.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, NewType

from calmerge_desktop.core.records import dataclass, field

AccountId = NewType("AccountId", str)
"""Short, stable, ours: `a-` and some letters."""
CalendarId = NewType("CalendarId", str)
"""Short, stable, ours: `c-` and some letters, derived from the account and the remote id."""
RemoteId = NewType("RemoteId", str)
"""What the provider calls a calendar: a collection URL, a feed URL, a file name, Google's calendar id."""
Href = NewType("Href", str)
"""What the provider calls one calendar object resource inside a calendar."""
ETag = NewType("ETag", str)
"""Opaque version of a resource."""
SyncToken = NewType("SyncToken", str)
"""Opaque version of a calendar: DAV sync-token or ctag, feed validators, Google's syncToken, Graph's deltaLink."""


class SourceState(StrEnum):
    """How far an answer built on a source can be trusted."""

    FRESH = "fresh"
    STALE = "stale"
    BROKEN = "broken"


class Access(StrEnum):
    """What we may do with a calendar."""

    FREEBUSY = "freebusy"
    READ = "read"
    WRITE = "write"
    GONE = "gone"
    """Deleted or unshared at the provider; it stays only as long as the person's changes wait in it."""


class Status(StrEnum):
    """STATUS of a VEVENT."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A source the person linked. Secrets are not here but in the SecretStore under `id`."""

    id: AccountId
    provider: str
    """Key of the adapter: `feed`, `local`, `caldav` …"""
    name: str
    address: str | None = None
    """The person's mail address there: organizer of its invitations, and "me" among attendees."""
    config: Mapping[str, str] = field(default_factory=dict)
    """What the adapter needs besides secrets: `url`, `user`, `path`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """The honest age of one calendar or account."""

    state: SourceState
    as_of: int | None = None
    """Instant of the last complete read; None when never read."""
    reason: str | None = None
    """One sentence for the person, in their language; None when fresh."""
    kind: str | None = None
    """`CalmergeError.kind` behind the reason, for scripts and for the button to show."""
    retry_at: int | None = None
    """Instant of the next try, when one is planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One calendar of an account with the roles the person gave it."""

    id: CalendarId
    account_id: AccountId
    remote_id: RemoteId
    name: str
    color: str
    """`#RRGGBB`; the nearest pair of the palette is painted."""
    access: Access = Access.READ
    visible: bool = True
    busy: bool = True
    default: bool = False
    """New events go here. At most one calendar is the default."""
    tzid: str | None = None
    """IANA zone that resolves floating times; None means the person's own zone."""
    position: int = 0
    url: str = ""
    """The collection's or feed's address, or the provider's id, for people and scripts."""


class Book(NamedTuple):
    """What a resource needs from the calendar it lies in."""

    calendar: CalendarId
    tzid: str | None
    """IANA zone of floating times; None leaves them floating."""
    address: str | None
    """The person's address in that account, lower-case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteCalendar:
    """A calendar as the provider describes it, before the person gave it roles."""

    remote_id: RemoteId
    name: str
    access: Access
    color: str | None = None
    tzid: str | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A calendar object resource (RFC 4791 §4.1): all VEVENTs of one UID, with the VTIMEZONEs they name."""

    href: Href
    ics: str
    """VCALENDAR text; everything the program does not understand is still in here."""
    etag: ETag | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """One page of changes of one calendar.

    `full` says that this listing holds every resource there is, so what it does not name is gone. `next_token` comes
    with the last page only; it is stored together with that page.
    """

    upserts: tuple[Resource, ...] = ()
    removals: tuple[Href, ...] = ()
    unchanged: tuple[Href, ...] = ()
    """In a full listing: hrefs that are still there in the version the cache holds."""
    next_token: SyncToken | None = None
    full: bool = False
    last: bool = True
    unreadable: tuple[tuple[Href, str], ...] = ()
    """Resources the provider could not even hand over, each with a sentence."""
    total: int | None = None
    """How many resources the whole listing has, when known: for progress only."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time as a VEVENT writes it (RFC 5545 §3.3.4, §3.3.5).

    `value` is a `date` (all-day) or a naive `datetime`. `tzid` is None for a date and for a floating time, `"UTC"` for the
    Z form, else the IANA name or the TZID of a VTIMEZONE inside the same resource.
    """

    value: date | datetime
    tzid: str | None = None

    @property
    def all_day(self) -> bool:
        """Whether this is a DATE."""
        return not isinstance(self.value, datetime)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """ATTENDEE or ORGANIZER. `address` is lower-case without `mailto:`."""

    address: str
    name: str = ""
    partstat: str = "needs-action"
    role: str = "req-participant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What one VEVENT says: a master (no `recurrence_id`) or an override of one of its instances."""

    uid: str
    start: Stamp
    end: Stamp | None = None
    """DTEND as written; None when DURATION or nothing was given."""
    duration: tuple[int, int] | None = None
    """DURATION as (nominal days, exact seconds), RFC 5545 §3.3.6."""
    recurrence_id: Stamp | None = None
    this_and_future: bool = False
    """RANGE=THISANDFUTURE on the RECURRENCE-ID."""
    rrules: tuple[str, ...] = ()
    rdates: tuple[tuple[Stamp, Stamp | tuple[int, int] | None], ...] = ()
    """Each with the end or (days, seconds) of a PERIOD, else None."""
    exdates: tuple[Stamp, ...] = ()
    exrules: tuple[str, ...] = ()
    """EXRULE of RFC 2445, still found in old feeds."""
    sequence: int = 0
    summary: str = ""
    location: str = ""
    description: str = ""
    status: Status = Status.CONFIRMED
    transparent: bool = False
    private: bool = False
    organizer: Attendee | None = None
    attendees: tuple[Attendee, ...] = ()
    conference_url: str | None = None
    color: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observance:
    """STANDARD or DAYLIGHT of a VTIMEZONE (RFC 5545 §3.6.5): from its onsets on, `offset_to` seconds east hold."""

    start: datetime
    """First onset, wall time of `offset_from`."""
    offset_from: int
    offset_to: int
    rrules: tuple[str, ...] = ()
    rdates: tuple[datetime, ...] = ()


class Instance(NamedTuple):
    """One occurrence on the week: what `agenda --json` prints, and what the week paints.

    A tuple, for a year of ten calendars is 25,000 of them and a frozen dataclass takes fifteen times as long to make.
    """

    id: str
    """What `event edit` takes; stable as long as calendar, UID and RECURRENCE-ID are."""
    uid: str
    recurrence_id: str | None
    """RECURRENCE-ID of this occurrence in the series' own form (`20261124`, `20261124T090000Z`), None outside a series."""
    calendar: CalendarId
    calendars: tuple[CalendarId, ...]
    """All calendars that hold it, `calendar` first."""
    start: int
    end: int
    all_day: bool = False
    """Then `start` and `end` are midnights UTC of dates; the end date is exclusive."""
    summary: str = ""
    location: str = ""
    tzid: str | None = None
    """IANA zone it was written in; None for dates, floating times and zones without an IANA name."""
    status: Status = Status.CONFIRMED
    transparent: bool = False
    partstat: str | None = None
    """The person's own answer (`accepted`, `declined`, `tentative`, `needs-action`), None when not invited."""
    recurring: bool = False
    private: bool = False
    pending: bool = False
    """An edit waits to be sent."""
    conflict: bool = False
    """Changed here and there; the person decides."""
    conference_url: str | None = None
    has_people: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDetail:
    """An instance with everything its resource says about it; for the details pane and `event show`."""

    instance: Instance
    event: Event
    """The VEVENT in force for this occurrence: its override, else the master."""
    account: AccountId
    writable: bool
    rrule: str | None
    """The master's rule, also for an overridden occurrence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Something of a source that could not be read; listed, never silently dropped."""

    calendar: CalendarId
    href: Href
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a change signal carries: where to look again, never what to show."""

    calendars: frozenset[CalendarId]
    accounts: bool = False
    """Also names, roles or states changed."""


class Scope(StrEnum):
    """How much of a series an edit or a deletion means."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A new event as a person enters it. `start`/`end` are Stamps of one shape; `end` is exclusive, also for dates."""

    calendar: CalendarId
    summary: str
    start: Stamp
    end: Stamp
    location: str = ""
    description: str = ""
    rrule: str | None = None
    attendees: tuple[str, ...] = ()
    """Mail addresses."""
    transparent: bool = False
    status: Status = Status.CONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an edit changes; None leaves a field as it is. To move, give both `start` and `end`."""

    summary: str | None = None
    start: Stamp | None = None
    end: Stamp | None = None
    location: str | None = None
    description: str | None = None
    rrule: str | None = None
    """An empty string ends the recurrence."""
    attendees: tuple[str, ...] | None = None
    transparent: bool | None = None
    status: Status | None = None
    calendar: CalendarId | None = None
    """Move to another calendar (whole events and series only)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """An account with its honest state and its calendars, as the sidebar and `account list` show it."""

    account: Account
    status: SourceStatus
    calendars: tuple[CalendarView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    """A calendar with its own state and what of it could not be read."""

    calendar: Calendar
    status: SourceStatus
    events: int = 0
    """Resources in the cache."""
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EditConflictView:
    """One event changed here and on the server since they last agreed; both versions are kept until the person chooses."""

    id: str
    calendar: CalendarId
    mine: Event | None
    """None: deleted here."""
    theirs: Event | None
    """None: deleted there."""
    reason: str | None = None
    """Why the provider will never take mine; None in a plain conflict."""
    gone: bool = False
    """The whole calendar is gone: mine can move to another one, or be dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a synchronisation stands, per calendar, for the status line."""

    account: AccountId
    calendar: CalendarId | None
    name: str
    """Calendar's or account's name."""
    done: int
    total: int | None
    """Resources read so far of how many; None: unknown."""
    step: int
    steps: int
    """Calendar `step` of `steps` of this account."""

"""The sample as the program would receive it: accounts with states, calendars with roles, resources with iCalendar text.

Everything is relative to a `today`, so that the demo always shows a full current week; with 24 November 2026 it is the
week of the published pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from calmerge_desktop.core.model import (
    Access,
    AccountId,
    Calendar,
    Href,
    Instance,
    RemoteId,
    Resource,
    SourceState,
    SourceStatus,
)
from calmerge_desktop.core.when import week_of
from calmerge_desktop.demo import entries, expand, write
from calmerge_desktop.demo.entries import ENTRIES, TZID


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCalendar:
    """A calendar with the roles Lena gave it and everything in it."""

    key: str
    name: str
    color: str
    busy: bool
    visible: bool
    access: Access
    resources: tuple[Resource, ...]
    waiting: tuple[str, ...]
    """UIDs with an edit that is not sent yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """A linked source. `provider` is the adapter's key, `service` the word people know it by."""

    provider: str
    service: str
    name: str
    address: str
    state: SourceStatus
    calendars: tuple[DemoCalendar, ...]


_BLUE, _VIOLET, _AMBER, _TEAL, _ROSE, _GREEN, _GREY = (
    "#2F6FED",
    "#7A4FE0",
    "#C77A00",
    "#128A87",
    "#D63B5C",
    "#1F9254",
    "#7A8494",
)
# Of an account: adapter, word for it, name, address; of its calendars: key, name, colour, and whether it is busy, visible
# and writable.
_ACCOUNTS = (
    (
        "google",
        "Google",
        "hartwig.example",
        "lena@hartwig.example",
        (
            ("termine", "Termine", _BLUE, True, True, True),
            ("kunden", "Kunden", _VIOLET, True, True, True),
            ("büro", "Büro", _AMBER, True, True, True),
        ),
    ),
    (
        "microsoft",
        "Microsoft 365",
        "Halden Robotics",
        "lena.extern@halden-robotics.example",
        (("lena (extern)", "Lena (extern)", _TEAL, True, True, True),),
    ),
    (
        "caldav",
        "iCloud",
        "Familie",
        "lena.hartwig@familie.example",
        (("familie", "Familie", _ROSE, True, True, True), ("geburtstage", "Geburtstage", _ROSE, False, False, True)),
    ),
    (
        "caldav",
        "CalDAV",
        "Verein Lindenhof",
        "lena@verein-lindenhof.example",
        (("vorstand", "Vorstand", _GREEN, True, True, True),),
    ),
    ("feed", "Feed", "Feiertage", "", (("feiertage", "Berlin + New York", _GREY, False, True, False),)),
)


def now(today: date) -> int:
    """The moment the sample plays in: 11:20 in Berlin."""
    return _at(today, 11, 20)


def resources(today: date) -> list[DemoAccount]:
    """All accounts of the sample with everything in them, around `today`."""
    monday = week_of(today)
    states = _states(today)
    out = []
    for (provider, service, name, address, calendars), state in zip(_ACCOUNTS, states, strict=True):
        made = tuple(
            DemoCalendar(
                key=key,
                name=shown,
                color=color,
                busy=busy,
                visible=visible,
                access=Access.WRITE if writable else Access.READ,
                resources=tuple(
                    Resource(href=Href(f"{expand.uid(entry)}.ics"), ics=write.ics(entry, monday, address))
                    for entry in ENTRIES
                    if key in (entry.calendar, entry.also)
                ),
                waiting=tuple(expand.uid(entry) for entry in ENTRIES if entry.calendar == key and entry.pending),
            )
            for key, shown, color, busy, visible, writable in calendars
        )
        out.append(DemoAccount(provider=provider, service=service, name=name, address=address, state=state, calendars=made))
    return out


def calendars() -> list[Calendar]:
    """The calendars of the sample as the core describes them, without a store."""
    rows = [(account, row) for account, (*_about, found) in enumerate(_ACCOUNTS) for row in found]
    return [
        Calendar(
            id=expand.calendar_id(key),
            account_id=AccountId(f"a-demo{account}"),
            remote_id=RemoteId(key),
            name=name,
            color=color,
            access=Access.WRITE if writable else Access.READ,
            visible=visible,
            busy=busy,
            default=key == "termine",
            position=position,
        )
        for position, (account, (key, name, color, busy, visible, writable)) in enumerate(rows)
    ]


def instances(today: date) -> tuple[list[Instance], list[Calendar]]:
    """What the visible calendars show around `today`, by start, and all calendars: the sample without a store."""
    known = calendars()
    shown = {calendar.id for calendar in known if calendar.visible}
    found = [one for entry in ENTRIES for one in expand.instances(entry, week_of(today))]
    return sorted((one for one in found if one.calendar in shown), key=lambda one: (one.start, -one.end)), known


def second_zone() -> str:
    """IANA name of the zone of Lena's clients, the second column of hours."""
    return entries.SECOND_TZID


def _states(today: date) -> tuple[SourceStatus, ...]:
    sunday = week_of(today) - timedelta(days=1)
    fresh = SourceState.FRESH
    return (
        SourceStatus(state=fresh, as_of=_at(today, 11, 18)),
        SourceStatus(state=SourceState.STALE, as_of=_at(today, 8, 5), kind="rate-limited", retry_at=_at(today, 11, 24)),
        SourceStatus(state=fresh, as_of=_at(today, 11, 19)),
        SourceStatus(state=SourceState.BROKEN, as_of=_at(sunday, 17, 40), kind="sign-in"),
        SourceStatus(state=fresh, as_of=_at(today, 6, 0)),
    )


def _at(day: date, hour: int, minute: int) -> int:
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(TZID)).timestamp())

"""Lena Hartwig's week of 23 November 2026, as a `MemoryDesk`: what the pictures of the window show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from calmerge_desktop.core.model import (
    Access,
    AccountId,
    Attendee,
    Calendar,
    CalendarId,
    EditConflictView,
    Event,
    RemoteId,
    SourceState,
    SourceStatus,
    Stamp,
    Status,
)
from calmerge_desktop.demo import links
from tests.ui.desk import MemoryDesk, set_aside

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 24)
NOW = int(datetime(2026, 11, 24, 11, 20, tzinfo=BERLIN).timestamp())
COLORS = {
    "blue": "#2F6FED",
    "green": "#1F9254",
    "violet": "#7A4FE0",
    "amber": "#C77A00",
    "rose": "#D63B5C",
    "teal": "#128A87",
    "grey": "#7A8494",
}


def at(day: int, clock: str, month: int = 11) -> int:
    """An instant of November 2026 on Berlin's wall."""
    hour, minute = clock.split(":")
    return int(datetime(2026, month, day, int(hour), int(minute), tzinfo=BERLIN).timestamp())


def calendar(id: str, name: str, color: str, *, access: Access = Access.WRITE, **more: bool) -> Calendar:
    return Calendar(
        id=CalendarId(id),
        account_id=AccountId(""),
        remote_id=RemoteId(id),
        name=name,
        color=COLORS[color],
        access=access,
        **more,  # type: ignore[arg-type]
    )


def timed(uid: str, summary: str, day: int, start: str, end: str, **more: object) -> Event:
    def wall(clock: str) -> Stamp:
        hour, minute = clock.split(":")
        return Stamp(datetime(2026, 11, day, int(hour), int(minute)), "Europe/Berlin")

    return Event(uid=uid, summary=summary, start=wall(start), end=wall(end), **more)  # type: ignore[arg-type]


def whole(uid: str, summary: str, first: int, days: int = 1, month: int = 11) -> Event:
    start = date(2026, month, first)
    return Event(uid=uid, summary=summary, start=Stamp(start), end=Stamp(start + timedelta(days=days)))


def desk(*, now: int = NOW) -> MemoryDesk:
    """The full sample."""
    made = MemoryDesk("Europe/Berlin", lambda: now)
    _link(made)
    _events(made)
    _offer(made)
    return made


def empty(*, now: int = NOW) -> MemoryDesk:
    """No account yet."""
    return MemoryDesk("Europe/Berlin", lambda: now)


def with_conflict() -> MemoryDesk:
    """The sample with one event changed on both sides."""
    made = desk()
    mine = timed("q", "Quartalsplanung", 23, "10:00", "12:00", location="Raum Isar")
    theirs = timed("q", "Quartalsplanung", 23, "14:00", "16:00", location="Raum Isar")
    made.conflict_views = [EditConflictView(id="k-1", calendar=CalendarId("termine"), mine=mine, theirs=theirs)]
    made.kept["quartal"].conflict = True
    return made


def with_gone_calendar() -> MemoryDesk:
    """The sample with a change whose calendar was deleted elsewhere."""
    made = with_conflict()
    reason = "The calendar “Termine” was deleted or is not shared with you any more. Your change is kept here."
    made.conflict_views = [replace(made.conflict_views[0], theirs=None, reason=reason, gone=True)]
    return made


def _offer(made: MemoryDesk) -> None:
    """Office hours, two booking links; Halden and Lindenhof, which cannot be read, warn; all-day events do not block."""
    made.box.kept_schedules = list(links.schedules())
    made.box.kept_links = list(links.links(CalendarId("termine")))
    made.box.rules = dict(links.rules(tuple(CalendarId(one) for one in ("lena", "buero", "familie", "vorstand"))))


def _link(made: MemoryDesk) -> None:
    fresh = SourceStatus(state=SourceState.FRESH, as_of=at(24, "11:18"))
    made.link(
        "hartwig.example",
        "caldav",
        [
            calendar("termine", "Termine", "blue", default=True),
            calendar("kunden", "Kunden", "violet"),
            calendar("buero", "Büro", "amber"),
        ],
        fresh,
        "lena@hartwig.example",
    )
    stale = SourceStatus(
        state=SourceState.STALE,
        as_of=at(24, "08:05"),
        retry_at=at(24, "11:24"),
        reason="Halden Robotics asks us to slow down.",
        kind="rate-limited",
    )
    made.link("Halden Robotics", "caldav", [calendar("lena", "Lena (extern)", "teal")], stale, "lena@halden.example")
    family = SourceStatus(state=SourceState.FRESH, as_of=at(24, "11:19"))
    made.link(
        "Familie",
        "icloud",
        [calendar("familie", "Familie", "rose"), calendar("geburt", "Geburtstage", "rose", visible=False, busy=False)],
        family,
    )
    broken = SourceStatus(
        state=SourceState.BROKEN, as_of=at(22, "19:40"), kind="sign-in", reason="The server refuses the password."
    )
    made.link("Verein Lindenhof", "caldav", [calendar("vorstand", "Vorstand", "green")], broken, "lena@lindenhof.example")
    feed = SourceStatus(state=SourceState.FRESH, as_of=at(24, "06:00"))
    made.link("Feiertage", "feed", [calendar("feier", "Berlin + New York", "grey", access=Access.READ, busy=False)], feed)
    from dataclasses import replace

    view = made.views[4]
    made.views[4] = replace(view, calendars=(replace(view.calendars[0], set_aside=(set_aside("feier"),)),))


def _events(made: MemoryDesk) -> None:
    people = (
        Attendee(address="lena@hartwig.example", name="Lena Hartwig", partstat="accepted"),
        Attendee(address="priya@sahyadri.example", name="Priya Kulkarni", partstat="accepted"),
        Attendee(address="sam@halden.example", name="Sam Okafor", partstat="needs-action"),
        Attendee(address="dana@sahyadri.example", name="Dana Kamath", partstat="declined", role="opt-participant"),
    )
    organizer = Attendee(address="priya@sahyadri.example", name="Priya Kulkarni")
    standup = timed("standup", "Stand-up Sahyadri", 2, "09:00", "09:30", rrules=("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH",))
    made.put(standup, "kunden")
    made.put(timed("quartal", "Quartalsplanung", 23, "10:00", "12:00"), "termine")
    made.put(timed("steuer", "Steuerbüro Weber", 23, "10:30", "11:15"), "buero")
    made.put(timed("jonas", "Mittag mit Jonas", 23, "12:30", "13:15"), "termine")
    made.put(
        timed("weekly", "Halden weekly", 2, "15:00", "16:00", location="Teams", rrules=("FREQ=WEEKLY;BYDAY=MO",)), "lena"
    )
    made.put(timed("laufen", "Laufen", 23, "17:00", "18:00"), "familie")
    made.put(timed("konzept", "Konzept Datenmodell", 24, "09:45", "11:00"), "termine")
    review = timed(
        "review",
        "Sahyadri: Architektur-Review",
        24,
        "11:30",
        "12:30",
        location="Meet",
        organizer=organizer,
        attendees=people,
        conference_url="https://meet.example/abc-defg-hij",
        description="Datenmodell v2, offene Punkte aus Pune.\nProtokoll führt Dana.",
    )
    made.put(review, "kunden", "lena", partstat="accepted")
    made.put(timed("zahn", "Zahnarzt Dr. Brandt", 24, "13:30", "14:15", location="Torstr. 12"), "familie")
    made.put(timed("sam", "1:1 Sam Okafor", 24, "15:00", "15:45", location="Teams", attendees=people[:3:2]), "lena")
    made.put(timed("eltern", "Elternabend", 24, "18:30", "19:45", location="Schule am Lindenhof"), "familie")
    made.put(timed("fokus", "Fokuszeit", 25, "10:00", "12:30", status=Status.TENTATIVE), "termine")
    made.put(timed("mittag", "Mittag", 25, "13:00", "13:45"), "termine")
    made.put(timed("procure", "Halden: Procurement call", 25, "16:00", "17:00", location="Teams"), "lena", "termine")
    made.put(timed("workshop", "Workshop vorbereiten", 26, "10:00", "11:30"), "termine", pending=True)
    made.put(timed("mittag2", "Mittag", 26, "12:00", "13:00"), "termine")
    made.put(timed("sync", "Sync Sahyadri", 26, "14:00", "14:45"), "kunden")
    made.put(timed("q3", "Steuer Q3", 26, "14:15", "15:15"), "buero")
    made.put(timed("angebot", "Angebot Halden schreiben", 27, "09:30", "11:00"), "buero")
    made.put(timed("meyer", "Meyer GmbH", 27, "11:30", "12:15", location="Raum Isar"), "termine")
    made.put(timed("beirat", "Beirat Vorstand", 27, "13:00", "13:45"), "vorstand", partstat="declined")
    made.put(timed("kita", "Kita-Fest", 27, "16:00", "18:00", location="Kita Lindenhof"), "familie")
    made.put(timed("oma", "Geburtstag Oma Inge", 28, "11:00", "13:00", location="Potsdam"), "familie")
    made.put(timed("kaffee", "Adventskaffee", 29, "15:00", "16:30"), "familie")
    made.put(timed("chor", "Chor", 4, "18:30", "20:00", rrules=("FREQ=WEEKLY;INTERVAL=2",)), "familie")
    made.put(whole("tomas", "Tomás im Urlaub", 23, 3), "lena")
    made.put(whole("thanks", "Thanksgiving (US)", 26), "feier")
    made.put(whole("faellig", "Angebot Halden fällig", 27), "buero")
    made.put(whole("inge", "Oma Inge 80", 28), "familie")
    made.put(whole("advent", "1. Advent", 29), "feier")
    made.put(whole("sprint", "Sprint Sahyadri", 9, 5), "kunden")
    made.put(whole("messe", "Messe embedded, Köln", 19, 2), "buero")
    made.put(whole("lissabon", "Tomás: Kundentermin Lissabon", 2, 3), "lena")

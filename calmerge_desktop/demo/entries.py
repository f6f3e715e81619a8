"""Lena Hartwig's calendar as a table: who she is, and everything around the week that holds "today".

Weeks count from the current one (0), weekdays from Monday (0). Titles stay German in every language: they are her data.
"""

from __future__ import annotations

from dataclasses import dataclass

PERSON = "Lena Hartwig"
TZID = "Europe/Berlin"
SECOND_TZID = "America/New_York"
TEAMS = "https://teams.example/l/meetup"
MEET = "https://meet.example/sah-yadri"

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One VEVENT (or series) of the sample."""

    calendar: str
    """Key of the calendar: its name in lower case."""
    title: str
    week: int = 0
    day: int
    start: str | None = None
    """`HH:MM` on the wall in Berlin; None: all-day."""
    length: int = 60
    """Minutes; of an all-day entry, days."""
    place: str = ""
    repeats: tuple[int, ...] = ()
    """Weekdays of a weekly series that begins in `week`."""
    times: int = 0
    """Weeks the series runs."""
    interval: int = 1
    skipped: tuple[tuple[int, int], ...] = ()
    """(week, weekday) left out: EXDATE."""
    moved: tuple[tuple[int, int, str], ...] = ()
    """(week, weekday, new HH:MM): overrides with RECURRENCE-ID."""
    tentative: bool = False
    partstat: str | None = None
    """Lena's own answer, when someone else invited her."""
    pending: bool = False
    also: str | None = None
    """A second calendar that holds the same UID."""
    url: str | None = None
    guests: tuple[tuple[str, str], ...] = ()
    """(name, address) of other people."""


SAM = ("Sam Okafor", "sam@halden-robotics.example")
PRIYA = ("Priya Kulkarni", "priya@sahyadri.example")

THIS_WEEK = (
    Entry(calendar="termine", title="Quartalsplanung", day=MON, start="10:00", length=120),
    Entry(calendar="büro", title="Steuerbüro Weber", day=MON, start="10:30", length=45),
    Entry(calendar="termine", title="Mittag mit Jonas", day=MON, start="12:30", length=45),
    Entry(calendar="lena (extern)", title="Tomás im Urlaub", day=MON, length=3),
    Entry(calendar="termine", title="Konzept Datenmodell", day=TUE, start="09:45", length=75),
    Entry(
        calendar="kunden",
        title="Sahyadri: Architektur-Review",
        day=TUE,
        start="11:30",
        place="Meet",
        url=MEET,
        guests=(PRIYA,),
    ),
    Entry(calendar="familie", title="Zahnarzt Dr. Brandt", day=TUE, start="13:30", length=45),
    Entry(calendar="familie", title="Elternabend", day=TUE, start="18:30", length=75, place="Schule"),
    Entry(calendar="termine", title="Fokuszeit", day=WED, start="10:00", length=150, tentative=True),
    Entry(calendar="termine", title="Mittag", day=WED, start="13:00", length=45),
    Entry(
        calendar="lena (extern)",
        title="Halden: Procurement call",
        day=WED,
        start="16:00",
        place="Teams",
        url=TEAMS,
        also="termine",
        guests=(SAM,),
    ),
    Entry(calendar="feiertage", title="Thanksgiving (US)", day=THU, length=1),
    Entry(calendar="termine", title="Workshop vorbereiten", day=THU, start="10:00", length=90, pending=True),
    Entry(calendar="termine", title="Mittag", day=THU, start="12:00"),
    Entry(calendar="kunden", title="Sync Sahyadri", day=THU, start="14:00", length=45, guests=(PRIYA,)),
    Entry(calendar="büro", title="Steuer Q3", day=THU, start="14:15"),
    Entry(
        calendar="termine",
        title="Anfrage: M. Chen",
        day=THU,
        start="15:30",
        length=45,
        partstat="needs-action",
        guests=(("M. Chen", "m.chen@brightwater.example"),),
    ),
    Entry(calendar="büro", title="Angebot Halden fällig", day=FRI, length=1),
    Entry(calendar="büro", title="Angebot Halden schreiben", day=FRI, start="09:30", length=90),
    Entry(calendar="vorstand", title="Beirat Vorstand", day=FRI, start="13:00", length=45, partstat="declined"),
    Entry(calendar="familie", title="Kita-Fest", day=FRI, start="16:00", length=120, place="Kita Lindenhof"),
    Entry(calendar="familie", title="Oma Inge 80", day=SAT, length=1),
    Entry(calendar="geburtstage", title="Oma Inge", day=SAT, length=1),
    Entry(calendar="familie", title="Geburtstag Oma Inge", day=SAT, start="11:00", length=120, place="Potsdam"),
    Entry(calendar="feiertage", title="1. Advent", day=SUN, length=1),
    Entry(calendar="familie", title="Adventskaffee", day=SUN, start="15:00", length=90),
)

SERIES = (
    Entry(
        calendar="kunden",
        title="Stand-up Sahyadri",
        week=-3,
        day=MON,
        start="09:00",
        length=30,
        repeats=(MON, TUE, WED, THU),
        times=8,
        skipped=((-3, THU), (-1, THU), (1, MON)),
        moved=((1, WED, "09:30"),),
        guests=(PRIYA,),
    ),
    Entry(
        calendar="lena (extern)",
        title="Halden weekly",
        week=-4,
        day=MON,
        start="15:00",
        place="Teams",
        repeats=(MON,),
        times=16,
        skipped=((3, MON),),
        url=TEAMS,
        guests=(SAM,),
    ),
    Entry(
        calendar="lena (extern)",
        title="1:1 Sam Okafor",
        week=-2,
        day=TUE,
        start="15:00",
        length=45,
        place="Teams",
        repeats=(TUE,),
        times=12,
        moved=((-2, TUE, "16:00"),),
        url=TEAMS,
        guests=(SAM,),
    ),
    Entry(
        calendar="familie", title="Laufen", week=-3, day=MON, start="17:00", repeats=(MON,), times=14, skipped=((-1, MON),)
    ),
    Entry(
        calendar="termine",
        title="Meyer GmbH",
        week=-2,
        day=FRI,
        start="11:30",
        length=45,
        place="Raum Isar",
        repeats=(FRI,),
        times=6,
        interval=2,
    ),
    Entry(
        calendar="familie", title="Chor", week=-3, day=WED, start="18:30", length=120, repeats=(WED,), times=10, interval=2
    ),
)

AROUND = (
    Entry(calendar="termine", title="Meyer GmbH", week=-4, day=WED, start="10:00", place="Raum Isar"),
    Entry(calendar="kunden", title="Architektur-Review", week=-4, day=THU, start="11:30", url=MEET),
    Entry(calendar="feiertage", title="Allerheiligen", week=-4, day=SUN, length=1),
    Entry(calendar="lena (extern)", title="Tomás: Kundentermin Lissabon", week=-3, day=MON, length=3),
    Entry(calendar="termine", title="Meyer GmbH", week=-3, day=TUE, start="11:00", place="Raum Isar"),
    Entry(calendar="büro", title="Steuerbüro Weber", week=-3, day=FRI, start="10:00", length=45),
    Entry(calendar="büro", title="Angebot Brightwater", week=-3, day=FRI, start="14:00", length=90),
    Entry(calendar="kunden", title="Sprint Sahyadri", week=-2, day=MON, length=5),
    Entry(calendar="kunden", title="Rollout Pune", week=-2, day=TUE, start="10:00", length=90, guests=(PRIYA,)),
    Entry(calendar="familie", title="Kinderarzt", week=-2, day=TUE, start="13:30", length=30),
    Entry(
        calendar="familie", title="Kita Laternenumzug", week=-2, day=WED, start="17:11", length=90, place="Kita Lindenhof"
    ),
    Entry(calendar="büro", title="Angebot schreiben", week=-2, day=FRI, start="09:30", length=90),
    Entry(
        calendar="familie",
        title="Konzert mit Jonas",
        week=-2,
        day=SAT,
        start="19:00",
        length=150,
        place="Pierre Boulez Saal",
    ),
    Entry(calendar="büro", title="Miete", week=-1, day=MON, length=1),
    Entry(calendar="kunden", title="Architektur-Review", week=-1, day=TUE, start="11:30", url=MEET, guests=(PRIYA,)),
    Entry(calendar="büro", title="Messe embedded, Köln", week=-1, day=THU, length=2),
    Entry(calendar="büro", title="Steuerbüro Weber", week=-1, day=FRI, start="10:00", length=45),
    Entry(calendar="termine", title="Nachtzug nach Wien", week=1, day=FRI, start="22:30", length=9 * 60, place="Berlin Hbf"),
    Entry(calendar="kunden", title="Sprint Sahyadri", week=1, day=TUE, length=4),
    Entry(calendar="termine", title="Architektur-Workshop", week=1, day=TUE, start="13:00", length=110),
    Entry(calendar="kunden", title="Strategie-Sprechstunde", week=1, day=WED, start="14:00", guests=(PRIYA,)),
    Entry(calendar="vorstand", title="Vorstandssitzung", week=1, day=THU, start="18:30", length=90, place="Vereinsheim"),
    Entry(calendar="feiertage", title="2. Advent", week=1, day=SUN, length=1),
    Entry(calendar="büro", title="Rechnungen schreiben", week=2, day=TUE, start="10:00", length=120),
    Entry(calendar="familie", title="Plätzchen backen", week=2, day=SAT, start="14:00", length=180),
    Entry(calendar="feiertage", title="3. Advent", week=2, day=SUN, length=1),
)

ENTRIES = THIS_WEEK + SERIES + AROUND

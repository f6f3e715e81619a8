"""Settings as people type them: what is read, what is written, and the sentence for what cannot work."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.plain import from_plain, from_toml, to_plain, to_toml
from calmerge_desktop.core.availability.plain_schedule import schedule_from_toml, schedule_to_toml
from calmerge_desktop.core.availability.presets import NAMES, preset
from calmerge_desktop.core.availability.rules import (
    BookerRules,
    ChangeRules,
    Horizon,
    PageRules,
    PrivateAddress,
    Question,
    SeriesRule,
)
from calmerge_desktop.core.availability.schedule import Away, Schedule, Travel
from calmerge_desktop.core.availability.shapes import minutes
from calmerge_desktop.core.availability.vavailability import from_ics, to_ics
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.model import CalendarId

WHOLE = """
title = "Beratung"
slug = "beratung"
minutes = [30, 60]
interval = "15m"
offset = 5
buffer_before = "5m"
buffer_after = "PT10M"
minimum_notice = "2h"
timezone = "Europe/Berlin"
first_only = true
keep_blocks_whole = true
per_day = 2
per_week = 5
minutes_per_day = "2h"
prefer = ["morning", "not-fri"]
confirm = true
confirm_within = "1d"
busy = ["c-work", "c-home"]
target = "c-work"
location = ["Raum 3", "guest-phone"]
video = "jitsi"
seats = 4
private = true
active = false
guest_clock = true
restrict = "evenings"

[horizon]
range = [2026-12-01, 2026-12-24]

[hours]
mon = ["09:00-12:00", "13:00-17:00"]
fri = "10:00-12:00"

[[overrides]]
date = 2026-12-24
hours = []

[[questions]]
label = "Worum geht es?"
required = true

[[questions]]
label = "Wie?"
kind = "choice"
choices = ["Telefon", "Video"]

[series]
every_weeks = 2
count = 6

[changes]
notice = "1d"
reason = "guest"
rebook = true
series = "rest"

[booker]
most = 2
offer_move = true
verify_mail = true
free_mail = true

[page]
layout = "list"
hide_lengths = true
prefill = false
redirect = "https://beratung.example/danke?von=kalender"
hide_notes = true
hide_organizer = true

[[private_addresses]]
key = "abcdefghijklmnop"
note = "Frau Novak"
until = 2026-12-24

[[private_addresses]]
uses = "any"
"""


def test_every_setting_of_a_file_is_understood() -> None:
    link = from_toml(WHOLE)
    assert link.minutes == (30, 60)
    assert (link.interval, link.offset, link.buffer_before, link.buffer_after, link.minimum_notice) == (15, 5, 5, 10, 120)
    assert link.counts == {"day": 2, "week": 5}
    assert link.totals == {"day": 120}
    assert link.horizon == Horizon(range=(date(2026, 12, 1), date(2026, 12, 24)))
    assert link.hours is not None
    assert link.hours[0] == ((540, 720), (780, 1020))
    assert link.hours[4] == ((600, 720),)
    assert link.overrides == {date(2026, 12, 24): ()}
    assert link.questions == (
        Question(label="Worum geht es?", required=True),
        Question(label="Wie?", kind="choice", choices=("Telefon", "Video")),
    )
    assert link.series == SeriesRule(every_weeks=2, count=6)
    assert link.changes == ChangeRules(notice=1440, reason="guest", rebook=True, series="rest")
    assert link.booker == BookerRules(most=2, offer_move=True, verify_mail=True, free_mail=True)
    assert link.page == PageRules(
        layout="list",
        hide_lengths=True,
        prefill=False,
        redirect="https://beratung.example/danke?von=kalender",
        hide_notes=True,
        hide_organizer=True,
    )
    assert link.private_addresses == (
        PrivateAddress(key="abcdefghijklmnop", note="Frau Novak", until=date(2026, 12, 24)),
        PrivateAddress(uses=None),
    )
    assert (link.guest_clock, link.restrict) == (True, "evenings")
    assert (link.confirm_within, link.seats, link.target, link.active) == (1440, 4, "c-work", False)


def test_what_is_written_is_read_back() -> None:
    link = from_toml(WHOLE)
    assert from_toml(to_toml(link)) == link
    assert from_plain(to_plain(link)) == link


@pytest.mark.parametrize("name", NAMES)
def test_presets_are_valid_and_survive_a_file(name: str) -> None:
    assert from_toml(to_toml(preset(name))) == preset(name)


def test_the_series_preset_is_a_series_and_the_late_one_asks() -> None:
    assert preset("consultation").series == SeriesRule(every_weeks=2, count=6)
    late = preset("late-support")
    assert late.confirm
    assert late.pending_blocks


@given(
    st.builds(
        Link,
        title=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip),
        slug=st.from_regex(r"[a-z0-9]{1,10}", fullmatch=True),
        minutes=st.lists(st.integers(1, 1440), min_size=1, max_size=3, unique=True).map(tuple),
        description=st.text(st.characters(exclude_categories=("Cs", "Cc"))),
        buffer_before=st.integers(0, 1440),
        minimum_notice=st.integers(0, 10_000),
        horizon=st.sampled_from([Horizon(), Horizon(days=9), Horizon(business_days=3), Horizon(until=date(2027, 1, 1))]),
        counts=st.dictionaries(st.sampled_from(["day", "week", "month", "year"]), st.integers(1, 9)),
        busy=st.lists(st.just(CalendarId("c-x")), max_size=1).map(tuple),
        seats=st.integers(1, 9),
        private=st.booleans(),
    )
)
def test_any_link_survives_a_file(link: Link) -> None:
    assert from_toml(to_toml(link)) == link


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (15, 15),
        ("15", 15),
        ("15m", 15),
        ("2h", 120),
        ("1d", 1440),
        ("1h30m", 90),
        ("PT1H30M", 90),
        ("P1D", 1440),
        ("1w", 10080),
    ],
)
def test_lengths(text: int | str, expected: int) -> None:
    assert minutes("x", text) == expected


@pytest.mark.parametrize("text", ["", "m", "1x", "-5m", "P", "1.5h", True, None, 1.5, "9" * 30, "PT"])
def test_what_is_no_length(text: object) -> None:
    with pytest.raises(BadInput):
        minutes("x", text)


@pytest.mark.parametrize(
    ("toml", "part"),
    [
        ("minutes = 30", "“title” is missing"),
        ('title = "x"', "“minutes” is missing"),
        ('title = "x"\nminutes = 0', "between 1 minute and a day"),
        ('title = "x"\nminutes = 1441', "between 1 minute and a day"),
        ('title = "x"\nminutes = [30, 30]', "twice"),
        ('title = "x"\nminutes = []', "needs a length"),
        ('title = "x"\nminutes = 30\noffset = 30', "smaller than the interval"),
        ('title = "x"\nminutes = 30\ninterval = "2d"', "between 1 minute and a day"),
        ('title = "x"\nminutes = 30\nper_day = 0', "never let anybody book"),
        ('title = "x"\nminutes = 30\nminutes_per_day = 20', "less than one meeting"),
        ('title = "x"\nminutes = 30\ntimezone = "Mars/Base"', "no time zone"),
        ('title = "x"\nminutes = 30\n[hours]\nmon = ["12:00-09:00"]', "cannot end before they start"),
        ('title = "x"\nminutes = 30\n[hours]\nmon = ["09:00-12:00", "11:00-13:00"]', "overlap"),
        ('title = "x"\nminutes = 30\n[hours]\nmon = ["9-25"]', "no hours"),
        ('title = "x"\nminutes = 30\n[hours]\nmo = ["9-12"]', "no day"),
        ('title = "x"\nminutes = 30\n[horizon]\ndays = 0', "1 day and ten years"),
        ('title = "x"\nminutes = 30\n[horizon]\ndays = 3\nbusiness_days = 3', "one of"),
        ('title = "x"\nminutes = 30\n[horizon]\nrange = [2026-12-02, 2026-12-01]', "is before"),
        ('title = "x"\nminutes = 30\nprefer = ["noon"]', "no preference"),
        ('title = "x"\nminutes = 30\ncolour = "red"', "no setting “colour”"),
        ('title = "x"\nminutes = 30\nslug = "a/b"', "part of an address"),
        ('title = "x"\nminutes = 30\nconfirm = "yes"', "true or false"),
        ('title = "x"\nminutes = 30\nseats = 0', "seats"),
        ('title = "x"\nminutes = 30\n[series]\nevery_weeks = 0\ncount = 6', "2 to 60 meetings"),
        ('title = "x"\nminutes = 30\nevent_name = "{secret}"', "nothing else in braces"),
        ('title = "x"\nminutes = 30\nquestions = [{label="?", kind="choice"}]', "two choices"),
        ('title = "x"\nminutes = 30\nguest_clock = true\nlock_timezone = true', "locked zone"),
        ('title = "x"\nminutes = 30\n[booker]\nmost = 0', "between 1 and 1000 bookings"),
        ('title = "x"\nminutes = 30\n[booker]\nmost = "two"', "booker.most: a number is needed"),
        ('title = "x"\nminutes = 30\n[booker]\nleast = 1', "booker: known are free_mail, most"),
        ('title = "x"\nminutes = 30\n[page]\nredirect = "http://plain.example/"', "begins with https://"),
        ('title = "x"\nminutes = 30\n[page]\nredirect = "https://["', "begins with https://"),
        ('title = "x"\nminutes = 30\n[page]\nlayout = "year"', "layout: known are week, month, list"),
        ('title = "x"\nminutes = 30\n[page]\nprefill = 1', "page.prefill: true or false"),
        ('title = "x"\nminutes = 30\n[changes]\nseries = "none"', "series: known are one, rest, all"),
        ('title = "x"\nminutes = 30\nprivate_addresses = [{key = "short"}]', "16 to 64 letters"),
        ('title = "x"\nminutes = 30\nprivate_addresses = [{uses = 0}]', "between 1 and 10,000 bookings"),
        ('title = "x"\nminutes = 30\nprivate_addresses = [{until = "soon"}]', "no date"),
        ("title = ", "no TOML"),
    ],
)
def test_each_mistake_gets_its_sentence(toml: str, part: str) -> None:
    with pytest.raises(BadInput) as raised:
        from_toml(toml)
    assert part in raised.value.message


_AVAILABLE = (
    "BEGIN:VCALENDAR\r\nBEGIN:VAVAILABILITY\r\nBEGIN:AVAILABLE\r\nDTSTART:{start}\r\nDTEND:20260101T080000\r\n"
    "RRULE:FREQ={rule}\r\nEND:AVAILABLE\r\nEND:VAVAILABILITY\r\nEND:VCALENDAR\r\n"
)
SCHEDULE = Schedule(
    name="Praxis",
    tzid="Europe/Berlin",
    week=(((540, 720), (780, 1020)), ((540, 720),), ((540, 720),), (), ((600, 1440),), (), ()),
    overrides={date(2026, 12, 24): (), date(2026, 12, 23): ((600, 660), (700, 720))},
    away=(Away(date(2026, 8, 3), date(2026, 8, 21), "Urlaub"),),
    travel=(Travel(date(2026, 11, 2), date(2026, 11, 6), "America/New_York"),),
)


def test_a_schedule_survives_toml_and_vavailability() -> None:
    assert schedule_from_toml(schedule_to_toml(SCHEDULE)) == SCHEDULE
    assert from_ics(to_ics(SCHEDULE, 2026), "x", "UTC") == SCHEDULE


def test_holidays_leave_as_days_without_hours() -> None:
    from dataclasses import replace

    back = from_ics(to_ics(replace(SCHEDULE, holidays="DE-BY"), 2026), "x", "UTC")
    assert [one.note for one in back.away if one.first == date(2026, 12, 25)] == ["Christmas Day"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        _AVAILABLE.format(start="20260101T090000", rule="DAILY"),
        _AVAILABLE.format(start="nonsense", rule="DAILY"),
        _AVAILABLE.format(start="20260101T070000", rule="MONTHLY"),
    ],
)
def test_a_file_without_usable_hours_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        from_ics(text, "x", "UTC")

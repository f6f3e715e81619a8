"""Dates, ages and states in words."""

from __future__ import annotations

from datetime import date

import pytest

from calmerge_desktop.core.errors import BadInput, EditConflict, Offline, SignInNeeded
from calmerge_desktop.core.model import SourceState, SourceStatus
from calmerge_desktop.core.records import replace
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.agenda_list.rows import Kind, build, details, times
from calmerge_desktop.ui.messages import Deed, words
from calmerge_desktop.ui.month.layout import first_day, place, weeks_shown
from tests.ui import sample
from tests.ui.sample import BERLIN, NOW, at


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (SourceStatus(state=SourceState.FRESH, as_of=at(24, "11:18")), "Fresh · 11:18"),
        (SourceStatus(state=SourceState.STALE, as_of=at(24, "08:05")), "Stale · last read 08:05"),
        (
            SourceStatus(state=SourceState.STALE, as_of=at(22, "19:40"), retry_at=at(24, "11:24")),
            "Stale · last read Sun, retry 11:24",
        ),
        (SourceStatus(state=SourceState.BROKEN, as_of=at(3, "10:00"), kind="access"), "Broken since 3 Nov · access denied"),
        (SourceStatus(state=SourceState.BROKEN, kind="sign-in"), "Broken · sign in again"),
        (SourceStatus(state=SourceState.BROKEN, kind="never"), "Not read yet"),
    ],
)
def test_health_in_words(status: SourceStatus, said: str) -> None:
    """State, age, and what to do."""
    assert phrases.health(status, NOW, BERLIN) == said


def test_when_everything_is_fresh_the_oldest_read_counts() -> None:
    """The honest age is the age of the oldest part."""
    views = [view for view in sample.desk().views if view.status.state is SourceState.FRESH]
    assert phrases.honest_age(views, NOW, BERLIN) == ("Everything as of 06:00", False)


def test_offsets_of_half_hours() -> None:
    """Pune."""
    assert phrases.offset("Asia/Kolkata", NOW) == "UTC+5:30"
    assert phrases.offset("America/New_York", NOW) == "UTC−5"


def test_an_error_is_words_and_at_most_one_button() -> None:
    """By who must act."""
    assert words(SignInNeeded("No.")).deed is Deed.SIGN_IN
    assert words(Offline("No.", hint="Later.")).text == "No. Later."
    assert words(EditConflict("No.")).deed is Deed.COMPARE
    assert words(BadInput("No.")).deed is Deed.NONE


def test_the_agenda_tells_events_free_time_and_now() -> None:
    """Today only, inside working hours, from half an hour on."""
    desk = sample.desk()
    found = desk.view.instances(at(24, "00:00"), at(26, "00:00"), "Europe/Berlin")
    rows = build(found, sample.TODAY, 2, BERLIN, now=NOW, hours=(9, 18))
    today = [(row.kind, row.instance.id if row.instance else "") for row in rows if row.day == sample.TODAY]
    assert today == [
        (Kind.EVENT, "tomas"),
        (Kind.EVENT, "standup/20261124T090000"),
        (Kind.EVENT, "konzept"),
        (Kind.NOW, ""),
        (Kind.EVENT, "review"),
        (Kind.FREE, ""),
        (Kind.EVENT, "zahn"),
        (Kind.FREE, ""),
        (Kind.EVENT, "sam"),
        (Kind.FREE, ""),
        (Kind.EVENT, "eltern"),
    ]
    assert [row.head for row in rows].count(True) == 2


def test_an_event_over_midnight_stands_on_each_of_its_days() -> None:
    """With what of it is on that day; so the free time of its last day begins where it ends."""
    desk = sample.empty()
    desk.accounts.add("local", {"name": "x"})
    trip = sample.timed("trip", "Trip", 23, "22:30", "23:00")
    desk.put(replace(trip, end=sample.timed("", "", 25, "13:00", "13:00").start), "c-0-0")
    found = desk.view.instances(at(22, "00:00"), at(27, "00:00"), "Europe/Berlin")
    rows = build(found, date(2026, 11, 22), 5, BERLIN, now=at(25, "08:00"), hours=(9, 18))
    told = [(row.day.day, times(row, BERLIN)) for row in rows if row.kind is Kind.EVENT]
    assert told == [(23, "from 22:30"), (24, "all day"), (25, "until 13:00")]
    assert [times(row, BERLIN) for row in rows if row.kind is Kind.FREE] == ["13:00–18:00"]
    soon = [details(row, at(23, "22:20"), BERLIN) for row in rows if row.kind is Kind.EVENT]
    assert soon == ["in 10 minutes", "", ""]


def test_an_empty_today_says_so() -> None:
    """A day with nothing is still a day."""
    rows = build([], sample.TODAY, 3, BERLIN, now=NOW, hours=(9, 18))
    assert [row.kind for row in rows] == [Kind.NOTHING, Kind.NOW]


def test_a_month_has_as_many_rows_as_it_touches_weeks() -> None:
    """Four to six."""
    assert weeks_shown(date(2026, 11, 1), 0) == 6
    assert weeks_shown(date(2027, 2, 1), 0) == 4
    assert first_day(date(2026, 11, 1), 6) == date(2026, 11, 1)


def test_a_bar_over_a_weekend_is_cut_at_the_week() -> None:
    """And keeps its lane apart from another one."""
    desk = sample.empty()
    desk.accounts.add("local", {"name": "x"})
    desk.put(sample.whole("a", "Reise", 20, 6), "c-0-0")
    desk.put(sample.whole("b", "Messe", 21, 1), "c-0-0")
    found = desk.view.instances(at(1, "00:00"), at(30, "00:00"), "Europe/Berlin")
    weeks = place(found, date(2026, 10, 26), 6, BERLIN)
    bars = [
        (row, bar.instance.id, bar.column, bar.columns, bar.lane, bar.begins)
        for row, week in enumerate(weeks)
        for bar in week.bars
    ]
    assert bars == [(3, "a", 4, 3, 0, True), (3, "b", 5, 1, 1, True), (4, "a", 0, 3, 0, False)]

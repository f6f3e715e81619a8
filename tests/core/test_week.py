"""The layout of a week: nothing lost, nothing twice, nothing on top of another."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.model import CalendarId, Instance
from calmerge_desktop.core.week import DAY, MINIMAL, Week, lay_out, span_of
from calmerge_desktop.core.when import date_seconds, midnight

BERLIN = "Europe/Berlin"
MONDAY = date(2026, 11, 23)
CALENDAR = CalendarId("c-one")


def timed(start: int, end: int, name: str = "x") -> Instance:
    return Instance(
        id=name, uid=name, recurrence_id=None, calendar=CALENDAR, calendars=(CALENDAR,), start=start, end=end, summary=name
    )


def at(day: date, hour: int, minute: int = 0, tzid: str = BERLIN, fold: int = 0) -> int:
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(tzid), fold=fold).timestamp())


def dated(first: date, last: date, name: str = "d") -> Instance:
    """An all-day instance from `first` to `last` inclusive."""
    return Instance(
        id=name,
        uid=name,
        recurrence_id=None,
        calendar=CALENDAR,
        calendars=(CALENDAR,),
        start=date_seconds(first),
        end=date_seconds(last) + DAY,
        all_day=True,
        summary=name,
    )


def test_a_meeting_stands_on_its_day_and_hour() -> None:
    """Ten to half past eleven on Tuesday."""
    tuesday = MONDAY + timedelta(days=1)
    week = lay_out([timed(at(tuesday, 10), at(tuesday, 11, 30))], MONDAY, 7, BERLIN)
    (block,) = week.blocks
    assert (block.day, block.start, block.end) == (1, 36_000, 41_400)
    assert (block.column, block.span, block.columns) == (0, 1, 1)


def test_a_night_is_split_at_midnight() -> None:
    """Both halves say that there is more."""
    week = lay_out([timed(at(MONDAY, 23), at(MONDAY + timedelta(days=1), 1))], MONDAY, 7, BERLIN)
    one, other = week.blocks
    assert (one.day, one.start, one.end, one.opens, one.continues) == (0, 82_800, DAY, False, True)
    assert (other.day, other.start, other.end, other.opens, other.continues) == (1, 0, 3600, True, False)


def test_an_end_at_midnight_stays_on_its_day() -> None:
    """Half-open: nothing spills over."""
    week = lay_out([timed(at(MONDAY, 22), at(MONDAY + timedelta(days=1), 0))], MONDAY, 7, BERLIN)
    (block,) = week.blocks
    assert (block.end, block.continues) == (DAY, False)


def test_no_length_still_can_be_seen() -> None:
    """Also one second before midnight, where it must not leave the day."""
    late = at(MONDAY, 23, 59)
    week = lay_out([timed(at(MONDAY, 9), at(MONDAY, 9)), timed(late, late)], MONDAY, 7, BERLIN)
    assert [(block.start, block.end) for block in week.blocks] == [(32_400, 32_400 + MINIMAL), (DAY - MINIMAL, DAY)]


def test_the_short_day_keeps_the_wall_clock() -> None:
    """On 28 March 2027 the clock jumps from two to three: five past the jump stands at five."""
    day = date(2027, 3, 28)
    week = lay_out([timed(at(day, 1, 30), at(day, 5))], date(2027, 3, 22), 7, BERLIN)
    (block,) = week.blocks
    assert (block.start, block.end) == (5400, 5 * 3600)
    assert week.starts[7] - week.starts[6] == 23 * 3600


def test_midnight_at_the_end_of_the_short_day() -> None:
    """22 hours on the clock, 23 rows on the wall: it still reaches the end of its day."""
    day = date(2027, 3, 28)
    week = lay_out([timed(at(day, 1), at(day + timedelta(days=1), 0))], day, 2, BERLIN)
    (block,) = week.blocks
    assert (block.day, block.start, block.end, block.continues) == (0, 3600, DAY, False)


def test_the_repeated_hour_shares_columns() -> None:
    """Both 02:30 of 25 October 2026 are there, side by side."""
    day = date(2026, 10, 25)
    first, second = at(day, 2, 30), at(day, 2, 30, fold=1)
    week = lay_out([timed(first, first + 1800, "a"), timed(second, second + 1800, "b")], day, 1, BERLIN)
    assert [(b.start, b.column, b.columns) for b in week.blocks] == [(9000, 0, 2), (9000, 1, 2)]


def test_an_end_before_its_start_on_the_wall() -> None:
    """02:45 to the second 02:15 lasts half an hour, and is painted as long as that."""
    day = date(2026, 10, 25)
    week = lay_out([timed(at(day, 2, 45), at(day, 2, 15, fold=1))], day, 1, BERLIN)
    (block,) = week.blocks
    assert (block.start, block.end) == (9900, 9900 + 1800)


def test_a_day_long_meeting_goes_up() -> None:
    """24 hours and more belong into the all-day lane."""
    week = lay_out([timed(at(MONDAY, 12), at(MONDAY + timedelta(days=2), 12))], MONDAY, 7, BERLIN)
    assert week.blocks == ()
    (bar,) = week.bars
    assert (bar.first, bar.last, bar.opens, bar.continues) == (0, 2, False, False)


def test_a_long_holiday_is_open_at_both_ends() -> None:
    """Clipped to the week, and saying so."""
    week = lay_out([dated(MONDAY - timedelta(days=3), MONDAY + timedelta(days=9))], MONDAY, 7, BERLIN)
    (bar,) = week.bars
    assert (bar.first, bar.last, bar.opens, bar.continues) == (0, 6, True, True)


def test_dates_do_not_shift_with_the_zone() -> None:
    """A birthday on Friday is on Friday in Honolulu and in Auckland."""
    friday = MONDAY + timedelta(days=4)
    for tzid in ("Pacific/Honolulu", "Pacific/Auckland"):
        (bar,) = lay_out([dated(friday, friday)], MONDAY, 7, tzid).bars
        assert (bar.first, bar.last) == (4, 4)


def test_rows_are_compact() -> None:
    """A free place in the first row is used before a second row is opened."""
    days = [MONDAY + timedelta(days=n) for n in range(7)]
    week = lay_out(
        [dated(days[0], days[2], "a"), dated(days[1], days[1], "b"), dated(days[4], days[4], "c")], MONDAY, 7, BERLIN
    )
    assert {bar.instance.id: bar.row for bar in week.bars} == {"a": 0, "b": 1, "c": 0}
    assert week.rows == 2


def test_a_block_widens_where_nothing_is_in_the_way() -> None:
    """Three columns in the morning; who meets only one of them takes the rest."""
    week = lay_out(
        [
            timed(at(MONDAY, 9), at(MONDAY, 12), "a"),
            timed(at(MONDAY, 9), at(MONDAY, 10), "b"),
            timed(at(MONDAY, 9), at(MONDAY, 10), "c"),
            timed(at(MONDAY, 10), at(MONDAY, 11), "d"),
        ],
        MONDAY,
        7,
        BERLIN,
    )
    assert {b.instance.id: (b.column, b.span, b.columns) for b in week.blocks} == {
        "a": (0, 1, 3),
        "b": (1, 1, 3),
        "c": (2, 1, 3),
        "d": (1, 2, 3),
    }


def test_the_span_of_a_week_follows_the_zone() -> None:
    """The week of the autumn change has an hour more."""
    low, high = span_of(date(2026, 10, 19), 7, BERLIN)
    assert high - low == 7 * DAY + 3600
    assert low == midnight(date(2026, 10, 19), ZoneInfo(BERLIN))


@pytest.mark.parametrize("offset", [-1, 0, 3 * DAY, 7 * DAY - 1, 7 * DAY])
def test_the_day_of_an_instant(offset: int) -> None:
    """Before and after the week there is none."""
    week = lay_out([], MONDAY, 7, BERLIN)
    expected = offset // DAY if 0 <= offset < 7 * DAY else None
    assert week.day_of(week.starts[0] + offset) == expected
    assert week.empty


ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "America/Havana", "Africa/Cairo", "Australia/Lord_Howe")


@st.composite
def weeks(draw: st.DrawFn) -> tuple[list[Instance], date, int, str]:
    """Any week near a clock change, with up to sixty events of every kind."""
    first = date(2026, draw(st.sampled_from([3, 4, 10, 11])), draw(st.integers(1, 30)))
    days = draw(st.sampled_from([1, 3, 7, 14]))
    low = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
    found = []
    for n in range(draw(st.integers(0, 60))):
        start = low + draw(st.integers(-3 * 96, (days + 2) * 96)) * 900
        length = draw(st.sampled_from([0, 300, 900, 1800, 3600, 5400, 7200, 30_000, DAY - 60, DAY, 3 * DAY]))
        if draw(st.integers(0, 5)) == 0:
            begin = first + timedelta(days=draw(st.integers(-4, days + 2)))
            found.append(dated(begin, begin + timedelta(days=draw(st.integers(0, 5))), f"d{n}"))
        else:
            found.append(timed(start, start + length, f"t{n}"))
    return found, first, days, draw(st.sampled_from(ZONES))


@settings(max_examples=150, deadline=None)
@given(weeks())
def test_nothing_is_lost_and_nothing_overlaps(case: tuple[list[Instance], date, int, str]) -> None:
    """Every instance is on exactly the days it touches, once, and no two pictures share a place."""
    found, first, days, tzid = case
    week = lay_out(found, first, days, tzid)
    assert Counter((b.instance.id, b.day) for b in week.blocks) == Counter(_expected(found, week))
    assert Counter(bar.instance.id for bar in week.bars) == Counter(_expected_bars(found, week))
    for day in range(days):
        mine = [block for block in week.blocks if block.day == day]
        for n, one in enumerate(mine):
            assert 0 <= one.start < one.end <= DAY
            assert one.end - one.start >= MINIMAL
            assert 0 <= one.column < one.column + one.span <= one.columns
            for other in mine[n + 1 :]:
                apart = one.end <= other.start or other.end <= one.start
                beside = one.column + one.span <= other.column or other.column + other.span <= one.column
                assert apart or (beside and one.columns == other.columns)
    for n, bar in enumerate(week.bars):
        assert 0 <= bar.first <= bar.last < days
        assert bar.row < week.rows
        for rival in week.bars[n + 1 :]:
            assert bar.row != rival.row or bar.last < rival.first or rival.last < bar.first


def _expected(found: list[Instance], week: Week) -> list[tuple[str, int]]:
    out = []
    for instance in found:
        if instance.all_day or instance.end - instance.start >= DAY:
            continue
        for day in range(week.days):
            low, high = week.starts[day], week.starts[day + 1]
            touches = instance.start < high and (instance.end > low or (instance.end == instance.start == low))
            if touches and (instance.end != instance.start or low <= instance.start < high):
                out.append((instance.id, day))
    return out


def _expected_bars(found: list[Instance], week: Week) -> list[str]:
    zero = date_seconds(week.first)
    out = []
    for instance in found:
        if instance.all_day:
            inside = instance.start < zero + week.days * DAY and instance.end > zero
        else:
            inside = (
                instance.end - instance.start >= DAY and instance.start < week.starts[-1] and instance.end > week.starts[0]
            )
        if inside:
            out.append(instance.id)
    return out

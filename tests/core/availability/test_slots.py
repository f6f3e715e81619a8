"""One table of cases a rule: the starts that are offered on a day or in a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest

from calmerge_desktop.core.availability.link import on_clock, own_schedule
from calmerge_desktop.core.availability.rules import Horizon
from calmerge_desktop.core.availability.schedule import Away, Schedule, Travel
from calmerge_desktop.core.availability.slots import Booking, Slot, offered
from calmerge_desktop.core.freebusy import Busy

from .conftest import BERLIN, NINE_TO_FIVE, at, busy, frame, hours, link

TUESDAY = ("2026-11-24T00:00", "2026-11-25T00:00")
WEEK = ("2026-11-23T00:00", "2026-11-30T00:00")


def starts(slots: list[Slot]) -> list[str]:
    return [f"{datetime.fromtimestamp(one.start, BERLIN):%H:%M}" for one in slots]


def days(slots: list[Slot]) -> list[int]:
    return sorted({datetime.fromtimestamp(one.start, BERLIN).day for one in slots})


def day(settings: dict[str, Any], open_: str = "09:00-12:00", taken: Sequence[Busy] = (), **more: Any) -> list[str]:
    return starts(offered(frame(link(**settings), hours(open_), TUESDAY, taken, **more)))


@pytest.mark.parametrize(
    ("settings", "open_", "expected"),
    [
        ({}, "09:00-11:00", ["09:00", "09:30", "10:00", "10:30"]),
        ({"minutes": (45,)}, "09:00-11:30", ["09:00", "09:45", "10:30"]),
        ({"interval": 15}, "09:00-10:00", ["09:00", "09:15", "09:30"]),
        ({"interval": 60}, "09:00-11:00", ["09:00", "10:00"]),
        ({}, "09:10-10:30", ["09:30", "10:00"]),  # starts lie on round times of the wall
        ({"offset": 5}, "09:00-10:40", ["09:05", "09:35", "10:05"]),
        ({"offset": 5, "interval": 60}, "09:00-12:00", ["09:05", "10:05", "11:05"]),
        ({"minutes": (180,)}, "09:00-12:00", ["09:00"]),
        ({"minutes": (181,)}, "09:00-12:00", []),
        ({"minutes": (60, 30)}, "09:00-11:00", ["09:00", "10:00"]),
    ],
)
def test_grid(settings: dict[str, Any], open_: str, expected: list[str]) -> None:
    assert day(settings, open_) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ["09:00", "09:30", "11:00", "11:30"]),
        ({"buffer_before": 5}, ["09:00", "09:30", "11:30"]),  # 11:00 would begin 5 minutes too early after 11:00
        ({"buffer_after": 5}, ["09:00", "11:00", "11:30"]),  # 09:30 would end at 10:00, the event needs 5 more
        ({"buffer_before": 5, "buffer_after": 5}, ["09:00", "11:30"]),
        ({"buffer_before": 30, "buffer_after": 0, "interval": 15}, ["09:00", "09:15", "09:30", "11:30"]),
        ({"minutes": (20,), "buffer_after": 5}, ["09:00", "09:20", "11:00", "11:20", "11:40"]),
    ],
)
def test_meetings_touch_but_buffers_stay_free(settings: dict[str, Any], expected: list[str]) -> None:
    assert day(settings, taken=[busy("2026-11-24T10:00", "2026-11-24T11:00")]) == expected


def test_a_booking_keeps_the_buffers_it_was_made_with() -> None:
    booked = [Booking(at("2026-11-24T10:00"), at("2026-11-24T10:30"), before=1800, after=1800)]
    assert day({}, bookings=booked) == ["09:00", "11:00", "11:30"]


def test_the_event_of_a_booking_is_not_counted_beside_it() -> None:
    """Its event has no buffers; taken for a foreign one, a full seat would look taken for good."""
    booked = [Booking(at("2026-11-24T10:00"), at("2026-11-24T10:30"), event="e-mine")]
    event = busy("2026-11-24T10:00", "2026-11-24T10:30", "mine")
    assert "10:00" in day({"seats": 3}, taken=[event], bookings=booked)
    assert "10:00" not in day({"seats": 1}, taken=[event], bookings=booked)


@pytest.mark.parametrize(
    ("pending_blocks", "expected"),
    [(True, ["09:00", "09:30", "10:30"]), (False, ["09:00", "09:30", "10:00", "10:30"])],
)
def test_a_request_that_waits_takes_its_time_if_it_shall(pending_blocks: bool, expected: list[str]) -> None:
    waits = [Booking(at("2026-11-24T10:00"), at("2026-11-24T10:30"), "pending")]
    assert day({"pending_blocks": pending_blocks}, "09:00-11:00", bookings=waits) == expected


@pytest.mark.parametrize(
    ("notice", "now", "expected"),
    [
        (0, "2026-11-24T09:00", ["09:00", "09:30", "10:00", "10:30"]),
        (0, "2026-11-24T09:01", ["09:30", "10:00", "10:30"]),
        (60, "2026-11-24T09:00", ["10:00", "10:30"]),
        (120, "2026-11-24T09:00", []),
        (1440, "2026-11-23T09:15", ["09:30", "10:00", "10:30"]),
    ],
)
def test_minimum_notice(notice: int, now: str, expected: list[str]) -> None:
    assert day({"minimum_notice": notice}, "09:00-11:00", now=now) == expected


@pytest.mark.parametrize(
    ("horizon", "expected"),
    [
        (Horizon(), [23, 24, 25, 26, 27]),
        (Horizon(days=1), [23, 24]),
        (Horizon(days=2), [23, 24, 25]),
        (Horizon(until=date(2026, 11, 26)), [23, 24, 25, 26]),
        (Horizon(range=(date(2026, 11, 24), date(2026, 11, 25))), [24, 25]),
        (Horizon(bookable_days=2), [23, 25]),  # Tuesday is full
    ],
)
def test_horizon(horizon: Horizon, expected: list[int]) -> None:
    full = [busy("2026-11-24T00:00", "2026-11-25T00:00")] if horizon.bookable_days else []
    found = offered(frame(link(horizon=horizon), hours("09:00-12:00"), WEEK, full, now="2026-11-23T00:00"))
    assert days(found) == expected


def test_business_days_skip_the_weekend() -> None:
    span = ("2026-11-27T00:00", "2026-12-05T00:00")
    found = offered(frame(link(horizon=Horizon(business_days=2)), hours("09:00-10:00"), span, now="2026-11-27T08:00"))
    assert days(found) == [1, 27, 30]


@pytest.mark.parametrize(
    ("settings", "booked", "expected"),
    [
        ({"counts": {"day": 1}}, ["2026-11-24T09:00"], [23, 25, 26, 27]),
        ({"counts": {"day": 2}}, ["2026-11-24T09:00"], [23, 24, 25, 26, 27]),
        ({"counts": {"week": 2}}, ["2026-11-24T09:00", "2026-11-26T09:00"], []),
        ({"counts": {"week": 1}}, ["2026-11-22T09:00"], [23, 24, 25, 26, 27]),  # the Sunday before is another week
        ({"counts": {"month": 1}}, ["2026-11-02T09:00"], []),
        ({"counts": {"year": 1}}, ["2026-01-02T09:00"], []),
        ({"counts": {"year": 1}}, ["2025-12-31T09:00"], [23, 24, 25, 26, 27]),
        ({"totals": {"day": 60}}, ["2026-11-24T09:00"], [23, 24, 25, 26, 27]),
        ({"totals": {"day": 60}}, ["2026-11-24T09:00", "2026-11-24T09:30"], [23, 25, 26, 27]),
        ({"totals": {"week": 45}}, ["2026-11-24T09:00"], []),
    ],
)
def test_limits(settings: dict[str, Any], booked: list[str], expected: list[int]) -> None:
    bookings = [Booking(at(one), at(one) + 1800) for one in booked]
    assert days(offered(frame(link(**settings), hours("09:00-12:00"), WEEK, bookings=bookings))) == expected


def test_only_the_first_of_each_day() -> None:
    taken = [busy("2026-11-24T08:00", "2026-11-24T10:00")]
    found = offered(frame(link(first_only=True), hours("09:00-12:00"), WEEK, taken))
    assert starts(found) == ["09:00", "10:00", "09:00", "09:00", "09:00"]


def test_free_blocks_stay_whole() -> None:
    """90 minutes free: 09:30 would leave two halves; with 60 minutes only the edges leave a usable rest."""
    assert day({"minutes": (60,), "interval": 30, "keep_blocks_whole": True}, "09:00-11:00") == ["09:00", "10:00"]
    assert day({"keep_blocks_whole": True, "interval": 15}, "09:00-10:15") == ["09:00", "09:45"]


def test_seats_are_offered_until_they_are_taken() -> None:
    spot = (at("2026-11-24T10:00"), at("2026-11-24T10:30"))
    for used, free in ((1, 1), (2, None)):
        found = offered(frame(link(seats=2), hours("09:00-11:00"), TUESDAY, bookings=[Booking(*spot)] * used))
        at_ten = [one.free_seats for one in found if one.start == spot[0]]
        assert at_ten == ([free] if free else [])
    overlapping = link(seats=2, interval=15)
    found = offered(frame(overlapping, hours("09:00-11:00"), TUESDAY, bookings=[Booking(*spot)]))
    assert starts(found) == ["09:00", "09:15", "09:30", "10:00", "10:30"]


def test_rank_follows_the_wishes_in_order() -> None:
    wishes = link(prefer=("not-tue", "morning", "adjacent"))
    taken = [busy("2026-11-25T10:00", "2026-11-25T10:30")]
    found = offered(frame(wishes, hours("09:00-14:00"), ("2026-11-24T00:00", "2026-11-26T00:00"), taken))
    rank = {f"{datetime.fromtimestamp(one.start, BERLIN):%d %H:%M}": one.rank for one in found}
    assert rank["25 09:30"] > rank["25 09:00"] > rank["25 13:00"] > rank["24 13:00"]
    assert rank["24 09:00"] > rank["24 13:00"]


def test_dates_that_differ() -> None:
    schedule = hours(
        "09:00-10:00",
        overrides={date(2026, 11, 24): (), date(2026, 11, 28): ((600, 660),)},
        away=(Away(date(2026, 11, 25), date(2026, 11, 26), "holiday"),),
    )
    assert days(offered(frame(link(), schedule, WEEK))) == [23, 27, 28]


def test_public_holidays_are_days_off_unless_the_date_has_hours() -> None:
    span = ("2026-12-24T00:00", "2027-01-02T00:00")
    assert days(offered(frame(link(), hours("09:00-10:00", holidays="DE-BY"), span))) == [24, 28, 29, 30, 31]
    special = hours("09:00-10:00", holidays="DE-BY", overrides={date(2026, 12, 25): ((600, 660),)})
    assert days(offered(frame(link(), special, span))) == [24, 25, 28, 29, 30, 31]


def test_on_a_journey_the_hours_are_those_of_the_place() -> None:
    schedule = hours("09:00-10:00", travel=(Travel(date(2026, 11, 24), date(2026, 11, 24), "America/New_York"),))
    found = offered(frame(link(), schedule, ("2026-11-23T00:00", "2026-11-26T00:00")))
    assert starts(found) == ["09:00", "09:30", "15:00", "15:30", "09:00", "09:30"]


@pytest.mark.parametrize(
    ("tzid", "day_", "open_", "seconds"),
    [
        ("Europe/Berlin", "2026-03-29", (0, 360), 5 * 3600),
        ("Europe/Berlin", "2026-10-25", (0, 360), 7 * 3600),
        ("America/New_York", "2026-03-08", (0, 360), 5 * 3600),
        ("America/New_York", "2026-11-01", (0, 360), 7 * 3600),
        ("Australia/Lord_Howe", "2026-04-05", (0, 360), 6 * 3600 + 1800),
        ("Australia/Lord_Howe", "2026-10-04", (0, 360), 5 * 3600 + 1800),
        ("Asia/Kolkata", "2026-03-29", (0, 360), 6 * 3600),
        ("Pacific/Apia", "2011-12-30", (0, 360), 0),  # the day that Samoa left out
    ],
)
def test_hours_stay_on_the_wall_through_every_change_of_the_clock(
    tzid: str, day_: str, open_: tuple[int, int], seconds: int
) -> None:
    from calmerge_desktop.core.availability.schedule import hours_of
    from calmerge_desktop.core.when import date_seconds

    schedule = Schedule(name="x", tzid=tzid, week=((open_,),) * 7)
    noon = date_seconds(date.fromisoformat(day_))
    found = [one for one in hours_of(schedule, noon - 86_400, noon + 2 * 86_400)[0] if one.day == date.fromisoformat(day_)]
    assert sum(one.end - one.start for one in found) == seconds


def test_hours_that_meet_at_midnight_are_one() -> None:
    night = Schedule(name="x", tzid="Europe/Berlin", week=(((0, 60), (1380, 1440)),) * 7)
    found = offered(frame(link(minutes=(90,)), night, ("2026-11-23T12:00", "2026-11-24T12:00")))
    assert starts(found) == ["23:00"]


def test_the_same_starts_whatever_span_is_asked() -> None:
    odd, schedule = link(minutes=(50,)), hours("09:00-17:00")
    taken = [busy("2026-11-24T10:05", "2026-11-24T11:20")]
    whole = offered(frame(odd, schedule, TUESDAY, taken))
    parts = offered(frame(odd, schedule, ("2026-11-24T00:00", "2026-11-24T13:10"), taken))
    parts += offered(frame(odd, schedule, ("2026-11-24T13:10", "2026-11-25T00:00"), taken))
    assert parts == whole
    assert starts(whole)[:3] == ["09:00", "11:30", "12:20"]


def test_a_week_of_nine_to_five() -> None:
    assert len(offered(frame(link(), Schedule(name="x", tzid="UTC", week=(NINE_TO_FIVE,) * 7), WEEK))) == 7 * 16


@pytest.mark.parametrize(
    "tzid", ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "America/New_York"]
)
@pytest.mark.parametrize("first", ["2026-03-20", "2026-10-20", "2011-12-28", "2026-04-01"])
def test_plain_weeks_are_the_same_the_fast_and_the_careful_way(tzid: str, first: str) -> None:
    from calmerge_desktop.core.availability.schedule import hours_of
    from calmerge_desktop.core.when import date_seconds

    low = date_seconds(date.fromisoformat(first))
    week = (((0, 200), (540, 1020)), ((120, 180),), (), ((0, 1440),), ((0, 1440),), ((90, 250),), ())
    plain = Schedule(name="x", tzid=tzid, week=week)
    careful = Schedule(name="x", tzid=tzid, week=week, overrides={date(1999, 1, 1): ()})
    for span in ((low, low + 14 * 86_400), (low + 4000, low + 86_400)):
        assert hours_of(plain, *span) == hours_of(careful, *span)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ("10:00-11:00", ["10:00", "10:30"]),
        ("08:00-09:30", ["09:00"]),
        ("12:00-13:00", []),
        ("00:00-24:00", ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]),
    ],
)
def test_a_second_schedule_restricts_the_first(limits: str, expected: list[str]) -> None:
    assert day({}, restriction=hours(limits)) == expected


def test_a_restriction_goes_by_its_own_clock_and_its_own_days_off() -> None:
    """Nine to noon in London is ten to one in Berlin."""
    london = hours("09:00-12:00", tzid="Europe/London")
    assert day({}, restriction=london) == ["10:00", "10:30", "11:00", "11:30"]
    assert day({}, restriction=hours("00:00-24:00", away=(Away(date(2026, 11, 24), date(2026, 11, 24)),))) == []


def test_hours_go_by_the_clock_of_the_guest() -> None:
    """Nine to eleven on the guest's wall; a link whose hours stay at home does not care."""
    for on, expected in ((True, ["15:00", "15:30", "16:00", "16:30"]), (False, ["09:00", "09:30", "10:00", "10:30"])):
        asked = on_clock(link(guest_clock=on), "America/New_York")
        assert starts(offered(frame(asked, own_schedule(asked, hours("09:00-11:00")), TUESDAY))) == expected

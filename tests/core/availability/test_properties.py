"""What holds for any calendars, settings, zones and days: held against a slow judge and against itself.

`CALMERGE_HYPOTHESIS=random` explores other examples than the steady ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.availability.causes import Cause, openings, without
from calmerge_desktop.core.availability.explain import explain
from calmerge_desktop.core.availability.frame import build
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.rules import Horizon
from calmerge_desktop.core.availability.schedule import Schedule
from calmerge_desktop.core.availability.slots import Booking, Frame, alignment, offered
from calmerge_desktop.core.availability.words import say
from calmerge_desktop.core.freebusy import Busy, Load
from calmerge_desktop.core.when import midnight
from calmerge_desktop.core.zones import iana

from .conftest import WORK

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia")
DAYS = (date(2026, 3, 28), date(2026, 10, 24), date(2026, 3, 7), date(2026, 10, 31), date(2026, 4, 4), date(2026, 10, 3))
MINUTE = 60


@st.composite
def links(draw: st.DrawFn) -> Link:
    minutes = draw(st.sampled_from([15, 20, 30, 45, 50, 60, 90]))
    interval = draw(st.sampled_from([None, 15, 30, 60]))
    step = interval or minutes
    return Link(
        title="x",
        slug="x",
        minutes=(minutes,),
        interval=interval,
        offset=draw(st.sampled_from([0, 5, 10])) if step > 10 else 0,
        buffer_before=draw(st.sampled_from([0, 0, 5, 30])),
        buffer_after=draw(st.sampled_from([0, 0, 10, 45])),
        minimum_notice=draw(st.sampled_from([0, 120, 2000])),
        horizon=draw(st.sampled_from([Horizon(), Horizon(days=2), Horizon(business_days=1)])),
        counts=draw(st.sampled_from([{}, {"day": 1}, {"week": 2}])),
        first_only=draw(st.booleans()),
        keep_blocks_whole=draw(st.booleans()),
        seats=draw(st.sampled_from([1, 1, 3])),
    )


@st.composite
def frames(draw: st.DrawFn, plain: bool = False) -> Frame:
    tzid = draw(st.sampled_from(ZONES))
    first = midnight(draw(st.sampled_from(DAYS)), ZoneInfo(tzid))
    link = draw(links())
    if plain:
        link = replace(link, first_only=False, keep_blocks_whole=False)
    span = (first, first + draw(st.integers(1, 3)) * 86_400)
    spans = st.tuples(st.integers(-60, 72 * 60), st.integers(5, 400))
    busy = [
        Busy(first + at * MINUTE, first + (at + length) * MINUTE, Load.BUSY, f"e-{n}", f"event {n}", (WORK,))
        for n, (at, length) in enumerate(draw(st.lists(spans, max_size=8)))
    ]
    bookings = [
        Booking(first + at * 15 * MINUTE, first + (at + 2) * 15 * MINUTE)
        for at in draw(st.lists(st.integers(0, 280), max_size=3))
    ]
    hours = draw(st.sampled_from([((540, 1020),), ((0, 1440),), ((0, 200), (480, 720), (780, 1440)), ((90, 250),)]))
    schedule = Schedule(name="x", tzid=tzid, week=(hours,) * 7)
    now = first + draw(st.sampled_from([-86_400, -3600, 12 * 3600]))
    return build(link, schedule, sorted(busy), bookings, span, now)


def judge(frame: Frame) -> list[int]:
    """Every start by trying each one: no interval arithmetic, no bisect, no ranges."""
    chains: list[list[int]] = []
    for one in sorted(frame.hours):
        if chains and one.start <= chains[-1][1]:
            chains[-1][1] = max(chains[-1][1], one.end)
        else:
            chains.append([one.start, one.end])
    out = []
    for low, high in chains:
        start = _grid_begins(frame, low)
        while start + frame.length <= high:
            if frame.low <= start and start + frame.length <= frame.high and _fits(frame, start):
                out.append(start)
            start += frame.step
    return out


def _grid_begins(frame: Frame, low: int) -> int:
    """The next round wall time, plus the offset, found by walking second by second."""
    shift = frame.zone.to_wall(low) - low
    start = low
    while (start + shift - frame.offset) % alignment(frame.step):
        start += 1
    return start


def _fits(frame: Frame, start: int) -> bool:
    end = start + frame.length
    if start < frame.earliest or not frame.first_day <= start < frame.last_day:
        return False
    if any(cap.low <= start < cap.high for cap in frame.caps):
        return False
    for one in frame.busy:
        if one.start < end + frame.after and start - frame.before < one.end:
            return False
    same = [b for b in frame.bookings if (b.start, b.end) == (start, end)]
    if frame.seats > 1 and same:
        return len(same) < frame.seats
    return not any(
        b.start - max(frame.after, b.before) < end and start < b.end + max(frame.before, b.after) for b in frame.bookings
    )


@given(frames(plain=True))
def test_the_fast_way_offers_what_the_slow_judge_offers(frame: Frame) -> None:
    assert [one.start for one in offered(frame)] == judge(frame)


@given(frames())
def test_busy_times_as_plain_pairs_are_the_same_busy_times(frame: Frame) -> None:
    """Also once one of them is taken away to see what it decided."""
    paired = replace(frame, pairs=[(one.start, one.end) for one in frame.busy])
    assert offered(paired) == offered(frame)
    for one in frame.busy[:3]:
        causes = [Cause("event", one)]
        assert offered(without(paired, causes)) == offered(without(frame, causes))


@given(frames())
def test_nothing_offered_is_busy_too_soon_too_late_or_over_a_limit(frame: Frame) -> None:
    allowed = set(judge(frame))
    assert all(one.start in allowed for one in offered(frame))


@given(frames(plain=True), st.integers(0, 72 * 60), st.integers(5, 300))
def test_one_more_event_never_opens_a_time(frame: Frame, at: int, length: int) -> None:
    more = Busy(frame.low + at * MINUTE, frame.low + (at + length) * MINUTE, Load.BUSY, "e-more", "", (WORK,))
    before = {one.start for one in offered(frame)}
    after = {one.start for one in offered(replace(frame, busy=sorted([*frame.busy, more])))}
    assert after <= before


def _less(frame: Frame, causes: tuple[Cause, ...]) -> Iterator[list[Cause]]:
    """The same causes with one setting changed a little less."""
    for n, (kind, what) in enumerate(causes):
        more: int | None = None
        if kind == "buffer" and (what or 0) + 300 < max(frame.before, frame.after):
            more = (what or 0) + 300
        elif kind == "notice" and what:
            more = what - (60 if what <= 7200 else 3600 if what <= 2 * 86_400 else 86_400)
        if more is not None:
            yield [*causes[:n], Cause(kind, more), *causes[n + 1 :]]


@settings(max_examples=60, deadline=None)
@given(frames())
def test_every_explanation_is_true_and_every_gap_has_one(frame: Frame) -> None:
    """Without the causes named there is a slot in the gap; and gaps and slots together are the hours."""
    slots = offered(frame)
    closed = explain(frame, slots)
    for gap in closed:
        assert gap.start < gap.end
        assert openings(frame, gap.causes, gap.start, gap.end), gap
        said = say(gap.causes, ZoneInfo("Europe/Berlin"))
        assert said.detail
        assert said.opens_if
        assert not [less for less in _less(frame, gap.causes) if openings(frame, less, gap.start, gap.end)]
    covered = sorted([(one.start, one.end) for one in slots] + [(one.start, one.end) for one in closed])
    for hours in frame.hours:
        at = max(hours.start, frame.low)
        for low, high in covered:
            if low <= at:
                at = max(at, high)
        assert at >= min(hours.end, frame.high)


@settings(max_examples=40, deadline=None)
@given(frames())
def test_no_cause_is_named_in_vain(frame: Frame) -> None:
    """With any one of several named causes still there, the gap stays shut."""
    for gap in explain(frame):
        if len(gap.causes) > 1:
            for kept in gap.causes:
                rest = tuple(one for one in gap.causes if one is not kept)
                assert not openings(frame, rest, gap.start, gap.end), (
                    gap,
                    kept,
                )


def test_the_wall_clock_of_the_zone_rules_the_grid() -> None:
    """In Kolkata a full hour is half past in UTC."""
    schedule = Schedule(name="x", tzid="Asia/Kolkata", week=(((540, 660),),) * 7)
    low = midnight(date(2026, 11, 24), ZoneInfo("Asia/Kolkata"))
    link = Link(title="x", slug="x", minutes=(60,), minimum_notice=0, horizon=Horizon())
    found = offered(build(link, schedule, [], [], (low, low + 86_400), low))
    assert [iana("Asia/Kolkata").to_wall(one.start) // 3600 % 24 for one in found] == [9, 10]

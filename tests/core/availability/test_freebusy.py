"""What counts as busy, and how overlapping reasons become spans."""

from __future__ import annotations

from typing import Any

import pytest

from calmerge_desktop.core.freebusy import (
    AllDay,
    Blocking,
    Load,
    Source,
    Unreadable,
    busy_times,
    taken,
    unknown,
)
from calmerge_desktop.core.model import CalendarId, SourceState, Status
from calmerge_desktop.core.when import date_seconds

from .conftest import BERLIN, WORK, at, busy, instance

HOME = CalendarId("c-home")
TIMED = ("2026-11-24T09:00", "2026-11-24T10:00")


def loads(*given: Any, rules: dict[CalendarId, Blocking] | None = None) -> list[Load]:
    return [one.load for one in busy_times(given, rules or {}, BERLIN)]


@pytest.mark.parametrize(
    ("more", "rule", "expected"),
    [
        ({}, Blocking(), [Load.BUSY]),
        ({"transparent": True}, Blocking(), []),
        ({"status": Status.CANCELLED}, Blocking(), []),
        ({"status": Status.TENTATIVE}, Blocking(), [Load.TENTATIVE]),
        ({"status": Status.TENTATIVE}, Blocking(tentative=False), []),
        ({"partstat": "accepted"}, Blocking(), [Load.BUSY]),
        ({"partstat": "declined"}, Blocking(), []),
        ({"partstat": "tentative"}, Blocking(), [Load.TENTATIVE]),
        ({"partstat": "tentative"}, Blocking(tentative=False), []),
        ({"partstat": "needs-action"}, Blocking(), [Load.TENTATIVE]),
        ({"partstat": "needs-action"}, Blocking(unanswered=False), []),
        ({"partstat": "delegated"}, Blocking(), []),
    ],
)
def test_what_a_timed_event_does(more: dict[str, Any], rule: Blocking, expected: list[Load]) -> None:
    assert loads(instance(*TIMED, **more), rules={WORK: rule}) == expected


@pytest.mark.parametrize(
    ("transparent", "rule", "blocks"),
    [
        (False, AllDay.BUSY, True),
        (True, AllDay.BUSY, False),
        (True, AllDay.BLOCK, True),
        (False, AllDay.IGNORE, False),
    ],
)
def test_an_all_day_event_takes_the_local_day_by_the_calendars_rule(transparent: bool, rule: AllDay, blocks: bool) -> None:
    from datetime import date

    one = instance(*TIMED, all_day=True, transparent=transparent)._replace(
        start=date_seconds(date(2026, 10, 25)), end=date_seconds(date(2026, 10, 26))
    )
    found = busy_times([one], {WORK: Blocking(all_day=rule)}, BERLIN)
    expected = [(at("2026-10-25T00:00"), at("2026-10-26T00:00"))] if blocks else []
    assert [(a.start, a.end) for a in found] == expected
    assert all(a.end - a.start == 25 * 3600 for a in found)  # the day the clocks go back


def test_the_same_meeting_in_two_calendars_counts_once_and_names_both() -> None:
    copy = instance(*TIMED)._replace(calendar=HOME, calendars=(HOME,), id="e-2")
    found = busy_times([instance(*TIMED), copy], {}, BERLIN)
    assert len(found) == 1
    assert set(found[0].calendars) == {WORK, HOME}


def test_an_answer_given_in_one_copy_holds_for_all() -> None:
    shared = instance(*TIMED)._replace(calendar=HOME, calendars=(HOME,), id="e-2")
    assert loads(instance(*TIMED, partstat="declined"), shared) == []
    assert loads(instance(*TIMED, partstat="tentative"), shared) == [Load.TENTATIVE]


def test_two_different_events_of_one_uid_are_two() -> None:
    moved = instance("2026-11-24T14:00", "2026-11-24T15:00")
    assert loads(instance(*TIMED), moved) == [Load.BUSY, Load.BUSY]


def test_an_event_without_length_takes_nothing() -> None:
    assert loads(instance("2026-11-24T09:00", "2026-11-24T09:00")) == []


def test_spans_cover_everything_and_the_strongest_load_shows() -> None:
    ones = sorted(
        [
            busy("2026-11-24T09:00", "2026-11-24T11:00", "long"),
            busy("2026-11-24T10:00", "2026-11-24T12:00", "maybe", Load.TENTATIVE),
        ]
    )
    low, high = at("2026-11-24T08:00"), at("2026-11-24T13:00")
    found = taken(ones, low, high)
    assert [(one.load, [b.summary for b in one.because]) for one in found] == [
        (Load.FREE, []),
        (Load.BUSY, ["long"]),
        (Load.BUSY, ["long", "maybe"]),
        (Load.TENTATIVE, ["maybe"]),
        (Load.FREE, []),
    ]
    assert [found[0].start, *(one.end for one in found)] == [low, *(one.start for one in found[1:]), high]


@pytest.mark.parametrize(
    ("state", "policy", "closes"),
    [
        (SourceState.BROKEN, Unreadable.BLOCK, True),
        (SourceState.BROKEN, Unreadable.WARN, False),
        (SourceState.BROKEN, Unreadable.IGNORE, False),
        (SourceState.STALE, Unreadable.BLOCK, False),
        (SourceState.FRESH, Unreadable.BLOCK, False),
    ],
)
def test_only_a_broken_calendar_that_is_to_block_closes_time(state: SourceState, policy: Unreadable, closes: bool) -> None:
    source = Source(calendar=WORK, name="Work", state=state, as_of=None, policy=policy)
    found = unknown([source], 0, 100)
    assert [(one.start, one.end, one.load) for one in found] == ([(0, 100, Load.UNKNOWN)] if closes else [])

"""The repetition of Graph and of iCalendar: a table in both directions, and both against the engine's own arithmetic."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.model import Stamp
from calmerge_desktop.core.recurrence.generate import generate
from calmerge_desktop.core.recurrence.rule import WEEKDAYS, Rule, parse
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import iana, seconds_of, wall_of
from calmerge_desktop.sync.providers.microsoft.recurrence import DAYS, Untold, graph, rrule
from tests.servers import microsoft_contract as contract
from tests.servers.microsoft_events import days

BERLIN = iana("Europe/Berlin")
START = date(2026, 11, 24)  # a Tuesday, the fourth of its month
WORK = ["monday", "tuesday", "wednesday", "thursday", "friday"]


def at(day: date = START, hour: int = 9) -> Stamp:
    return Stamp(datetime(day.year, day.month, day.day, hour), "Europe/Berlin")


def said(kind: str, day: date = START, limits: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    head = {"startDate": day.isoformat(), "recurrenceTimeZone": "W. Europe Standard Time"}
    return {
        "pattern": {"type": kind, "interval": 1, **more},
        "range": {**head, **(limits or {"type": "noEnd"})},
    }


# RRULE, Graph, first day, and the RRULE that comes back where it is another spelling.
TABLE: list[tuple[str, dict[str, Any], date, str]] = [
    ("FREQ=DAILY", said("daily"), START, ""),
    ("FREQ=DAILY;INTERVAL=3", said("daily", interval=3), START, ""),
    ("FREQ=WEEKLY;BYDAY=TU", said("weekly", daysOfWeek=["tuesday"], firstDayOfWeek="monday"), START, ""),
    ("FREQ=WEEKLY", said("weekly", daysOfWeek=["tuesday"], firstDayOfWeek="monday"), START, "FREQ=WEEKLY;BYDAY=TU"),
    ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", said("weekly", daysOfWeek=WORK, firstDayOfWeek="monday"), START,
     "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU", said("weekly", interval=2, daysOfWeek=["tuesday", "sunday"], firstDayOfWeek="monday"), START, ""),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
     said("weekly", interval=2, daysOfWeek=["tuesday", "sunday"], firstDayOfWeek="sunday"), START, ""),
    ("FREQ=MONTHLY;BYMONTHDAY=24", said("absoluteMonthly", dayOfMonth=24), START, ""),
    ("FREQ=MONTHLY", said("absoluteMonthly", dayOfMonth=24), START, "FREQ=MONTHLY;BYMONTHDAY=24"),
    ("FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", said("absoluteMonthly", date(2026, 11, 30), dayOfMonth=30), date(2026, 11, 30), ""),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", said("relativeMonthly", date(2026, 11, 30), daysOfWeek=list(DAYS), index="last"), date(2026, 11, 30), ""),
    ("FREQ=MONTHLY;BYDAY=4TU", said("relativeMonthly", daysOfWeek=["tuesday"], index="fourth"), START, ""),
    ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=4", said("relativeMonthly", daysOfWeek=["tuesday"], index="fourth"), START, "FREQ=MONTHLY;BYDAY=4TU"),
    ("FREQ=MONTHLY;BYDAY=-1TU", said("relativeMonthly", daysOfWeek=["tuesday"], index="last"), START, ""),
    ("FREQ=MONTHLY;BYDAY=TU,TH;BYSETPOS=-1", said("relativeMonthly", date(2026, 11, 26), daysOfWeek=["tuesday", "thursday"], index="last"),
     date(2026, 11, 26), ""),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", said("relativeMonthly", date(2026, 11, 30), daysOfWeek=WORK, index="last"),
     date(2026, 11, 30), ""),
    ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24", said("absoluteYearly", dayOfMonth=24, month=11), START, ""),
    ("FREQ=YEARLY", said("absoluteYearly", dayOfMonth=24, month=11), START, "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24"),
    ("FREQ=MONTHLY;INTERVAL=12", said("absoluteYearly", dayOfMonth=24, month=11), START, "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24"),
    ("FREQ=MONTHLY;BYMONTH=11;BYMONTHDAY=24", said("absoluteYearly", dayOfMonth=24, month=11), START, "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24"),
    ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", said("absoluteYearly", date(2026, 12, 31), dayOfMonth=31, month=12), date(2026, 12, 31), ""),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", said("relativeYearly", date(2027, 2, 28), daysOfWeek=list(DAYS), index="last", month=2), date(2027, 2, 28), ""),
    ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TU", said("relativeYearly", daysOfWeek=["tuesday"], index="fourth", month=11), START, ""),
    ("FREQ=DAILY;COUNT=5", said("daily", limits={"type": "numbered", "numberOfOccurrences": 5}), START, ""),
    ("FREQ=DAILY;BYHOUR=9;BYMINUTE=0", said("daily"), START, "FREQ=DAILY"),
    # 1 December, 00:30 in Berlin: the last day is the 30th, whatever date UNTIL shows in UTC
    ("FREQ=DAILY;UNTIL=20261130T233000Z", said("daily", limits={"type": "endDate", "endDate": "2026-11-30"}), START,
     "FREQ=DAILY;UNTIL=20261130T080000Z"),
    ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261207", said("weekly", limits={"type": "endDate", "endDate": "2026-12-01"}, daysOfWeek=["tuesday"],
     firstDayOfWeek="monday"), START, "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261201T080000Z"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "wanted", "day", "back"), TABLE, ids=[each[0] for each in TABLE])
def test_the_table(rule: str, wanted: dict[str, Any], day: date, back: str) -> None:
    """There, exactly and as Graph's description allows it; and back."""
    found = graph(rule, at(day), BERLIN, "W. Europe Standard Time")
    assert found == wanted
    assert contract.complaints(found, "patternedRecurrence") == []
    assert rrule(found, at(day), BERLIN) == (back or rule)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY", "FREQ=MINUTELY", "FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=9,17", "FREQ=YEARLY;BYYEARDAY=328",
        "FREQ=YEARLY;BYWEEKNO=48", "FREQ=MONTHLY;BYMONTHDAY=24,25", "FREQ=MONTHLY;BYMONTHDAY=-7", "FREQ=YEARLY;BYMONTH=5,11",
        "FREQ=MONTHLY;BYDAY=5TU", "FREQ=MONTHLY;BYDAY=-2TU", "FREQ=MONTHLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=2TU,4TU",
        "FREQ=MONTHLY;BYMONTHDAY=24;BYDAY=TU", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY;BYDAY=48TU",
        "FREQ=YEARLY;BYMONTHDAY=24", "FREQ=DAILY;INTERVAL=2;BYDAY=TU", "FREQ=DAILY;BYMONTH=11", "FREQ=WEEKLY;BYMONTH=11",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=MONTHLY;INTERVAL=5;BYMONTH=11", "FREQ=WEEKLY;BYDAY=WE",
        "FREQ=WEEKLY;BYDAY=TU,TH;BYSETPOS=1", "FREQ=DAILY;UNTIL=20261101",
    ],
)  # fmt: skip
def test_what_outlook_cannot_say_is_refused_in_a_sentence(rule: str) -> None:
    """And never sent as something else."""
    with pytest.raises(BadInput, match=r"Outlook cannot keep this repetition: .+\.$|ends before"):
        graph(rule, at(), BERLIN, "UTC")


@pytest.mark.parametrize(
    "odd",
    [
        said("lunar"), said("weekly", daysOfWeek=[]), said("relativeMonthly", daysOfWeek=["tuesday"], index="fifth"),
        said("daily", limits={"type": "someday"}), {"pattern": {"type": "daily"}}, said("absoluteMonthly"), said("daily", interval=-1),
    ],
)  # fmt: skip
def test_a_pattern_nobody_knows_is_told_as_such(odd: dict[str, Any]) -> None:
    """Whatever the vendor may invent."""
    with pytest.raises(Untold):
        rrule(odd, at(), BERLIN)


_WEEKDAYS = st.lists(st.sampled_from(DAYS), min_size=1, max_size=7, unique=True)
_LIMITS = st.one_of(
    st.just({"type": "noEnd"}),
    st.integers(1, 40).map(lambda n: {"type": "numbered", "numberOfOccurrences": n}),
    st.integers(0, 900).map(lambda n: {"type": "endDate", "endDate": (START + timedelta(days=n)).isoformat()}),
)
_INDEX = st.sampled_from(["first", "second", "third", "fourth", "last"])
_PATTERNS = st.one_of(
    st.fixed_dictionaries({"type": st.just("daily"), "interval": st.integers(1, 9)}),
    st.fixed_dictionaries(
        {"type": st.just("weekly"), "interval": st.integers(1, 4), "daysOfWeek": _WEEKDAYS, "firstDayOfWeek": st.sampled_from(DAYS)}
    ),
    st.fixed_dictionaries({"type": st.just("absoluteMonthly"), "interval": st.integers(1, 14), "dayOfMonth": st.integers(1, 31)}),
    st.fixed_dictionaries({"type": st.just("relativeMonthly"), "interval": st.integers(1, 14), "daysOfWeek": _WEEKDAYS, "index": _INDEX}),
    st.fixed_dictionaries(
        {"type": st.just("absoluteYearly"), "interval": st.integers(1, 3), "dayOfMonth": st.integers(1, 31), "month": st.integers(1, 12)}
    ),
    st.fixed_dictionaries(
        {"type": st.just("relativeYearly"), "interval": st.integers(1, 3), "daysOfWeek": _WEEKDAYS, "index": _INDEX,
         "month": st.integers(1, 12)}
    ),
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(pattern=_PATTERNS, limits=_LIMITS, hour=st.integers(0, 23))
def test_every_repetition_of_graph_happens_on_the_same_days_here(
    pattern: dict[str, Any], limits: dict[str, Any], hour: int
) -> None:
    """Exchange's days, counted by arithmetic of their own, are the engine's; and so they are after the way back."""
    first = next(days({"pattern": pattern, "range": {"type": "noEnd", "startDate": START.isoformat()}}))
    recurrence = {"pattern": pattern, "range": {"startDate": first.isoformat(), "recurrenceTimeZone": "X", **limits}}
    theirs = list(itertools.islice(days(recurrence), 30))
    assume(theirs)
    begin = at(first, hour)
    text = rrule(recurrence, begin, BERLIN)
    assert ours(text, begin) == theirs
    back = graph(text, begin, BERLIN, "X")
    assert contract.complaints(back, "patternedRecurrence") == []
    assert list(itertools.islice(days(back), 30)) == theirs


_RULES = st.builds(
    lambda freq, interval, by, more: ";".join([f"FREQ={freq}", *([f"INTERVAL={interval}"] if interval > 1 else []), *by, *more]),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 13),
    st.lists(
        st.one_of(
            st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=3, unique=True).map(lambda found: f"BYDAY={','.join(found)}"),
            st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1, -2]), st.sampled_from(WEEKDAYS)).map(lambda one: f"BYDAY={one[0]}{one[1]}"),
            st.integers(-31, 31).filter(bool).map(lambda n: f"BYMONTHDAY={n}"),
            st.integers(1, 12).map(lambda n: f"BYMONTH={n}"),
            st.sampled_from([1, 2, -1, 5]).map(lambda n: f"BYSETPOS={n}"),
        ),
        max_size=3,
        unique_by=lambda part: part.split("=")[0],
    ),
    st.one_of(
        st.just([]), st.integers(1, 30).map(lambda n: [f"COUNT={n}"]),
        st.integers(0, 2000).map(lambda n: [f"UNTIL={START + timedelta(days=n):%Y%m%d}T120000Z"]),
    ),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(text=_RULES)
def test_a_rule_is_sent_with_the_same_days_or_not_at_all(text: str) -> None:
    """Whatever Graph can say it says right; the rest is refused."""
    rule = parse(text)
    wall = seconds_of(datetime(START.year, START.month, START.day, 9))
    unlimited = Rule(**{name: getattr(rule, name) for name in Rule.__slots__ if name not in ("count", "until")})
    first = next(iter(generate(unlimited, wall, wall, wall + 20_000 * DAY)), None)
    assume(first is not None)
    assert first is not None
    begin = at(wall_of(first).date())
    try:
        found = graph(text, begin, BERLIN, "X")
    except BadInput:
        return
    assert contract.complaints(found, "patternedRecurrence") == []
    assert list(itertools.islice(days(found), 25)) == ours(text, begin)[:25]


def ours(text: str, begin: Stamp) -> list[date]:
    rule = parse(text)
    assert isinstance(begin.value, datetime)
    wall = seconds_of(begin.value)
    end = 1 << 40
    if rule.until is not None:
        value = rule.until.value
        assert isinstance(value, datetime)
        end = BERLIN.to_wall(seconds_of(value)) + 1
    unlimited = Rule(**{name: getattr(rule, name) for name in Rule.__slots__ if name not in ("count", "until")})
    found = generate(unlimited, wall, wall, end)
    listed = [wall_of(each).date() for each in itertools.islice(found, min(rule.count or 30, 30))]
    return [each for each in listed if each.year < 2040]  # as far as Exchange's double goes

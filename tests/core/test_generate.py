"""The rule engine against dateutil, an independent judge, on rules it and RFC 5545 agree about."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice

from dateutil.rrule import rrulestr
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.recurrence.generate import generate
from calmerge_desktop.core.recurrence.rule import WEEKDAYS, parse
from calmerge_desktop.core.zones import seconds_of, wall_of


def _numbers(low: int, high: int, *, signed: bool = False, most: int = 4) -> st.SearchStrategy[str]:
    one = st.integers(low, high)
    if signed:
        one = one | one.map(lambda n: -n)
    return st.lists(one, min_size=1, max_size=most, unique=True).map(lambda items: ",".join(map(str, items)))


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules of every frequency with every BY-part where RFC 5545 gives it a meaning, DTSTART off the rule included."""
    freq = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]))
    parts = [f"FREQ={freq}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 40))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(WEEKDAYS))}")
    some = st.integers(0, 3).map(lambda n: n == 0)
    if freq in ("HOURLY", "MINUTELY", "SECONDLY"):
        # dateutil walks every second to the year 9999 when a limit on days never lets one through
        return _times_of_day(draw, parts, some)
    if draw(some):
        parts.append("BYMONTH=" + draw(_numbers(1, 12)))
    if freq != "WEEKLY" and draw(some):
        parts.append("BYMONTHDAY=" + draw(_numbers(1, 31, signed=True)))
    if freq == "YEARLY" and draw(some):
        parts.append("BYYEARDAY=" + draw(_numbers(1, 366, signed=True)))
    weekno = freq == "YEARLY" and draw(some)
    if weekno:
        # dateutil loses days of the first and last weeks that lie in the neighbour year; isocalendar judges those below
        parts.append("BYWEEKNO=" + draw(_numbers(2, 51)))
    if weekno or draw(st.booleans()):
        numbered = (freq == "MONTHLY" or (freq == "YEARLY" and not weekno)) and draw(st.booleans())
        # dateutil lets a plain weekday limit a numbered one; the standard adds the two
        one = st.tuples(st.sampled_from([1, 2, -1, 3, -2, 5]) if numbered else st.just(0), st.sampled_from(WEEKDAYS)).map(
            lambda pair: f"{pair[0] or ''}{pair[1]}"
        )
        parts.append("BYDAY=" + ",".join(draw(st.lists(one, min_size=1, max_size=4, unique=True))))
    return _times_of_day(draw, parts, some)


def _times_of_day(draw: st.DrawFn, parts: list[str], some: st.SearchStrategy[bool]) -> str:
    for name, top in (("BYHOUR", 23), ("BYMINUTE", 59), ("BYSECOND", 59)):
        if draw(some):
            parts.append(f"{name}=" + draw(_numbers(0, top, most=3)))
    below_a_day = parts[0] in ("FREQ=HOURLY", "FREQ=MINUTELY", "FREQ=SECONDLY")
    # dateutil takes the positions of the first week from the days after DTSTART only; its own test is below
    weekly = parts[0] == "FREQ=WEEKLY"
    if not below_a_day and not weekly and len(parts) > 2 and draw(some):
        parts.append("BYSETPOS=" + draw(_numbers(1, 4, signed=True, most=2)))
    return ";".join(parts)


_STARTS = st.datetimes(datetime(1999, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(microsecond=0))
_SPANS = {"YEARLY": 3650 * 3, "MONTHLY": 1500, "WEEKLY": 800, "DAILY": 800, "HOURLY": 40, "MINUTELY": 3, "SECONDLY": 1}


@settings(max_examples=120, deadline=None, phases=(Phase.generate, Phase.shrink))
@given(text=rules(), start=_STARTS)
def test_generates_what_dateutil_generates(text: str, start: datetime) -> None:
    """Both give the same wall times over a span that fits the frequency."""
    rule = parse(text)
    end = start + timedelta(days=_SPANS[rule.freq])
    expected = list(islice(_judge(text, start, end), 3000))
    actual = [wall_of(wall) for wall in islice(generate(rule, seconds_of(start), seconds_of(start), seconds_of(end)), 3000)]
    assert actual == expected


def _judge(text: str, start: datetime, end: datetime):  # type: ignore[no-untyped-def]
    """dateutil, with a last date so that a rule that never matches ends."""
    until = (end - timedelta(seconds=1)).strftime("%Y%m%dT%H%M%S")
    try:
        yield from rrulestr(f"{text};UNTIL={until}", dtstart=start)
    except ValueError:
        assume(False)


@settings(max_examples=60, deadline=None)
@given(limit=st.sampled_from(["BYMONTH=2,7", "BYMONTHDAY=-1,13", "BYYEARDAY=60,-1", "BYDAY=TU,SU"]), start=_STARTS)
def test_hourly_rules_respect_limits_on_days(limit: str, start: datetime) -> None:
    """HOURLY with a limit on days is every hour of the days that DAILY with the same limit gives."""
    low, high = seconds_of(start), seconds_of(start + timedelta(days=500))
    days = {wall // 86_400 for wall in generate(parse(f"FREQ=DAILY;{limit}"), low - low % 86_400, low - 86_400, high)}
    every = generate(parse("FREQ=HOURLY;INTERVAL=5"), low, low, high)
    expected = [wall for wall in every if wall // 86_400 in days]
    assert list(generate(parse(f"FREQ=HOURLY;INTERVAL=5;{limit}"), low, low, high)) == expected


@settings(max_examples=150, deadline=None, phases=(Phase.generate, Phase.shrink))
@given(text=rules(), start=_STARTS, skip=st.integers(0, 2000), days=st.integers(1, 60))
def test_starting_late_gives_the_same_as_walking_there(text: str, start: datetime, skip: int, days: int) -> None:
    """Seeking by division never loses or invents a wall time."""
    rule = parse(text)
    skip = skip if rule.freq in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY") else skip % 2
    days = days if rule.freq not in ("SECONDLY", "MINUTELY") else 1
    first = seconds_of(start)
    low = first + skip * 86_400 + 12_345
    high = low + days * 86_400
    walked = [wall for wall in generate(rule, first, first, high) if wall >= low]
    assert list(generate(rule, first, low, high)) == walked


def test_week_number_without_weekday_takes_the_weekday_of_dtstart() -> None:
    """RFC 5545 §3.3.10: information not contained in the rule is derived from DTSTART (dateutil gives all seven days)."""
    start = seconds_of(datetime(2024, 5, 15, 9))
    walls = list(generate(parse("FREQ=YEARLY;BYWEEKNO=20"), start, start, seconds_of(datetime(2027, 1, 1))))
    assert [wall_of(wall) for wall in walls] == [
        datetime(2024, 5, 15, 9),
        datetime(2025, 5, 14, 9),
        datetime(2026, 5, 13, 9),
    ]


def test_a_rule_that_never_matches_ends() -> None:
    """30 February comes nowhere between here and the end of time."""
    assert list(generate(parse("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), 0, 0, 10**18)) == []


def test_positions_of_a_week_count_its_days_before_dtstart_too() -> None:
    """Monday is the first of {MO,SA} in the week of a DTSTART on Saturday, so the week gives nothing."""
    saturday = seconds_of(datetime(2000, 1, 1))
    walls = list(generate(parse("FREQ=WEEKLY;BYDAY=MO,SA;BYSETPOS=1"), saturday, saturday, saturday + 15 * 86_400))
    assert [wall_of(wall) for wall in walls] == [datetime(2000, 1, 3), datetime(2000, 1, 10)]


@settings(max_examples=100, deadline=None)
@given(
    numbers=st.lists(st.integers(1, 53) | st.integers(-53, -1), min_size=1, max_size=3, unique=True),
    year=st.integers(1990, 2030),
)
def test_week_numbers_are_those_of_iso_8601(numbers: list[int], year: int) -> None:
    """With WKST=MO every day belongs to the week that `date.isocalendar` says, at the edges of years too."""
    first, last = date(year, 1, 1), date(year + 3, 1, 1)
    rule = parse(f"FREQ=YEARLY;BYWEEKNO={','.join(map(str, numbers))};BYDAY=MO,TU,WE,TH,FR,SA,SU")
    low, high = (seconds_of(datetime(day.year, day.month, day.day)) for day in (first, last))
    expected = []
    for ordinal in range(first.toordinal(), last.toordinal()):
        iso = date.fromordinal(ordinal).isocalendar()
        weeks = date(iso.year, 12, 28).isocalendar().week
        if iso.week in numbers or iso.week - weeks - 1 in numbers:
            expected.append(date.fromordinal(ordinal))
    assert [wall_of(wall).date() for wall in generate(rule, low, low, high)] == expected

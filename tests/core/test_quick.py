"""The short way through a series gives what the careful way gives, or steps aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.model import Book, CalendarId, Event, Stamp
from calmerge_desktop.core.recurrence.expand import Series
from calmerge_desktop.core.store.rows import MOST_ROWS, run_rows, walked_rows
from calmerge_desktop.core.zones import iana
from tests.core.store.stored import occurrences
from tests.core.test_generate import rules

DAY = 86_400
_ZONES = ["Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "UTC", None]
_COMMON = st.sampled_from(
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,SU;WKST=SU",
        "FREQ=WEEKLY;BYDAY=TU,FR",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=-1,31",
        "FREQ=MONTHLY;BYDAY=2TH,-1MO",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=MONTHLY;BYMONTH=2,7;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=YEARLY",
        "FREQ=YEARLY;INTERVAL=4",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
        "FREQ=YEARLY;BYDAY=20MO;BYSETPOS=1",
    ]
)


@st.composite
def series(draw: st.DrawFn) -> Event:
    """A master: any rule, with or without an end, exceptions, a length in any form, DTSTART off its rule included."""
    start = draw(st.datetimes(datetime(1969, 6, 1), datetime(2030, 1, 1))).replace(microsecond=0)
    if draw(st.booleans()):
        start = start.replace(hour=2, minute=30, second=0)
    rule = draw(_COMMON | rules().filter(lambda text: not text.startswith(("FREQ=SEC", "FREQ=MIN", "FREQ=HOUR"))))
    end = draw(st.sampled_from(["", "COUNT", "UNTIL", "DATE"]))
    if end == "COUNT":
        rule += f";COUNT={draw(st.integers(1, 40))}"
    elif end:
        last = start + timedelta(days=draw(st.integers(-3, 900)), hours=draw(st.integers(0, 23)))
        rule += f";UNTIL={last:%Y%m%dT%H%M%SZ}" if end == "UNTIL" else f";UNTIL={last:%Y%m%d}"
    dates = draw(st.integers(0, 3)) == 0
    tzid = None if dates else draw(st.sampled_from(_ZONES))

    def stamp(at: datetime) -> Stamp:
        return Stamp(at.date()) if dates else Stamp(at, tzid)

    event = Event(uid="u", start=stamp(start), rrules=(rule,))
    near = st.integers(0, 40).map(lambda n: start + timedelta(days=n))
    event = replace(event, exdates=tuple(stamp(at) for at in draw(st.lists(near, max_size=3))))
    if dates and draw(st.booleans()):
        event = replace(event, exdates=(*event.exdates, Stamp(start, None)))
    shape = draw(st.integers(0, 3))
    if shape == 0:
        return replace(event, end=stamp(start + timedelta(hours=draw(st.integers(-2, 90)))))
    if shape == 1:
        return replace(event, duration=(draw(st.sampled_from([0, 0, 1, -1, 3])), draw(st.sampled_from([0, 900, -60, 7200]))))
    return event


@settings(max_examples=500, deadline=None)
@given(master=series(), skip=st.integers(-40, 1500), days=st.integers(0, 500), data=st.data())
def test_the_short_way_gives_what_the_careful_way_gives(master: Event, skip: int, days: int, data: st.DataObject) -> None:
    """The same occurrences in the same order, overrides included."""
    value = master.start.value
    base = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    low = int((base - datetime(1970, 1, 1)).total_seconds()) + skip * DAY + data.draw(st.sampled_from([0, 1, -1, 40_000]))
    high = low + days * DAY
    events = [master]
    moved = data.draw(st.none() | st.integers(0, 30))
    if moved is not None:
        rid = base + timedelta(days=moved)
        stamp = Stamp(rid.date()) if master.start.all_day else Stamp(rid, master.start.tzid)
        to = Stamp(rid.date() + timedelta(days=1)) if master.start.all_day else Stamp(rid + timedelta(hours=5), "UTC")
        events.append(Event(uid="u", start=to, recurrence_id=stamp))
    found = Series(events, {}, None)
    assert list(found.occurrences(low, high)) == list(found.walk(low, high))


@pytest.mark.parametrize("text", ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY", "FREQ=YEARLY"])
def test_rules_as_people_have_them_go_the_short_way(text: str) -> None:
    """Else the test above compares the careful way with itself."""
    found = Series([Event(uid="u", start=Stamp(datetime(2020, 1, 31, 9), "Europe/Berlin"), rrules=(f"{text};COUNT=9",))], {})
    assert found.run(0, 1 << 40) is not None


@pytest.mark.parametrize(
    "event",
    [
        Event(uid="u", start=Stamp(datetime(2020, 1, 1, 9)), rrules=("FREQ=DAILY;BYHOUR=9,17",)),
        Event(uid="u", start=Stamp(datetime(2020, 1, 1, 9)), rrules=("FREQ=HOURLY",)),
        Event(uid="u", start=Stamp(datetime(2020, 1, 1, 9)), rrules=("FREQ=DAILY", "FREQ=WEEKLY")),
        Event(uid="u", start=Stamp(datetime(2020, 1, 1, 9)), rrules=("FREQ=DAILY",), exrules=("FREQ=WEEKLY",)),
        Event(uid="u", start=Stamp(date(2020, 1, 1)), rrules=("FREQ=DAILY",), rdates=((Stamp(date(2020, 1, 9)), None),)),
        Event(uid="u", start=Stamp(datetime(2020, 1, 1, 9), "Europe/Berlin"), duration=(1, 0), rrules=("FREQ=DAILY",)),
    ],
)
def test_what_it_does_not_understand_goes_the_careful_way(event: Event) -> None:
    """It says None, and the occurrences come all the same."""
    found = Series([event], {})
    assert found.run(1_577_836_800, 1_578_836_800) is None
    assert len(list(found.occurrences(1_577_836_800, 1_578_836_800))) >= 10


def test_a_very_long_span_is_not_held_in_memory() -> None:
    """Nothing is made before it is asked for."""
    found = Series([Event(uid="u", start=Stamp(date(1970, 1, 1)), rrules=("FREQ=DAILY",))], {})
    assert found.run(0, 1 << 40) is None
    assert next(found.occurrences(0, 1 << 40)).start == 0


@settings(max_examples=200, deadline=None)
@given(
    walls=st.lists(st.integers(-(10**9), 4 * 10**9), max_size=40).map(sorted),
    name=st.sampled_from(["Europe/Berlin", "Pacific/Apia", "Australia/Lord_Howe", "UTC", "Africa/Casablanca"]),
)
def test_many_wall_times_become_instants_as_one_does(walls: list[int], name: str) -> None:
    """`to_utc_all` is `to_utc` of each."""
    zone = iana(name)
    assert zone.to_utc_all(walls) == [zone.to_utc(wall) for wall in walls]


@settings(max_examples=200, deadline=None)
@given(master=series())
def test_rows_of_whole_lists_are_those_of_one_by_one(master: Event) -> None:
    """What the cache stores does not depend on the way it was computed."""
    found = Series([master], {}, None)
    book, high = Book(CalendarId("c-1"), None, None), 1_900_000_000
    answer = run_rows(found, book, "e-1", high)
    if answer is not None:
        rows = occurrences(*answer)
        if len(rows) <= MOST_ROWS:
            assert rows == occurrences(*walked_rows(found, book, "e-1", high))

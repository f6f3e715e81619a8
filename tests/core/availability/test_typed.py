"""Hours as they are typed and painted, and the places whose holidays are known."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmerge_desktop.core.availability.schedule import check_hours, holiday_names
from calmerge_desktop.core.availability.typed import (
    day_from_text,
    day_to_text,
    holiday_countries,
    holiday_regions,
    with_span,
    without_span,
)
from calmerge_desktop.core.errors import BadInput

quarters = st.integers(0, 95).map(lambda n: n * 15)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", ()),
        ("09:00–12:30", ((540, 750),)),
        ("9-12, 13-17", ((540, 720), (780, 1020))),
        ("13:00 - 17:00; 09:00 – 12:00", ((540, 720), (780, 1020))),
        ("09:00-12:00 13:00-24:00", ((540, 720), (780, 1440))),
    ],
)
def test_what_people_type(text: str, hours: tuple[tuple[int, int], ...]) -> None:
    assert day_from_text(text) == hours
    assert day_from_text(day_to_text(hours)) == hours


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("17:00-09:00", "Hours cannot end before they start: 17:00-09:00."),
        ("09:00-09:00", "Hours cannot end before they start: 09:00-09:00."),
        ("09:00-12:00, 11:00-13:00", "Hours overlap: 11:00-13:00."),
        ("09:00-25:00", "“09:00-25:00” are no hours."),
        ("morning", "“morning” are no hours."),
    ],
)
def test_what_means_nothing_is_said_in_words(text: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        day_from_text(text)
    assert refused.value.message == said


@given(st.lists(st.tuples(quarters, quarters, st.booleans()), max_size=12))
def test_painting_is_what_a_set_of_quarters_would_be(strokes: list[tuple[int, int, bool]]) -> None:
    hours: tuple[tuple[int, int], ...] = ()
    judge: set[int] = set()
    for one, other, paints in strokes:
        low, high = min(one, other), max(one, other) + 15
        hours = (with_span if paints else without_span)(hours, low, high)
        judge = judge | set(range(low, high)) if paints else judge - set(range(low, high))
    check_hours(hours)
    assert {minute for start, end in hours for minute in range(start, end)} == judge
    assert all(one[1] < two[0] for one, two in pairwise(hours))


def test_places_have_names_and_holidays() -> None:
    assert holiday_countries("de")["AT"] == "Österreich"
    assert holiday_regions("DE")["BY"] == "Bayern"
    assert holiday_regions("XX") == {}
    assert holiday_names("DE-BY", 2026)

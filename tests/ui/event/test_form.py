"""The editor's form: what is wrong with it, and what it becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from calmerge_desktop.core.model import CalendarId, Changes, Stamp
from calmerge_desktop.ui.event import form as forms
from calmerge_desktop.ui.event.form import Form, check
from calmerge_desktop.ui.event.repetition import Every, Repetition
from tests.ui import sample

DAY = date(2026, 11, 24)
GOOD = forms.blank(DAY, time(14), "Europe/Berlin", CalendarId("c"))


def test_a_good_form_has_nothing_wrong() -> None:
    """An hour on a Tuesday."""
    assert check(GOOD) == {}


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (replace(GOOD, end=time(14)), "end"),
        (replace(GOOD, all_day=True, last_day=date(2026, 11, 23)), "end"),
        (replace(GOOD, calendar=None), "calendar"),
        (replace(GOOD, people=("sam@halden.example", "sam")), "people"),
        (replace(GOOD, repetition=Repetition(every=Every.DAY, until=date(2026, 11, 1))), "until"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(form: Form, field: str) -> None:
    """One sentence, at the field it belongs to."""
    assert list(check(form)) == [field]


def test_an_event_over_midnight_is_fine() -> None:
    """22:00 to 01:00 of the next day."""
    form = replace(GOOD, start=time(22), last_day=date(2026, 11, 25), end=time(1))
    assert check(form) == {}
    assert forms.draft(form).end == Stamp(datetime(2026, 11, 25, 1), "Europe/Berlin")


def test_the_last_day_of_people_is_the_day_before_the_end_of_a_vevent() -> None:
    """DTEND of a DATE is exclusive (RFC 5545 §3.6.1)."""
    form = replace(GOOD, all_day=True, last_day=date(2026, 11, 26))
    assert forms.stamps(form) == (Stamp(DAY), Stamp(date(2026, 11, 27)))


def test_an_untouched_form_changes_nothing() -> None:
    """What the editor does not know stays as it is."""
    desk = sample.desk()
    for each in ("review", "standup/20261124T090000", "tomas", "chor/20261202T183000"):
        form = forms.of(desk.events.detail(each), "Europe/Berlin")
        assert forms.changes(form, form) == Changes()


def test_only_what_differs_is_changed() -> None:
    """A new place, and nothing else."""
    before = forms.of(sample.desk().events.detail("review"), "Europe/Berlin")
    assert forms.changes(replace(before, place="Zoom"), before) == Changes(location="Zoom")


def test_a_floating_event_stays_floating() -> None:
    """07:00 wherever one is."""
    desk = sample.desk()
    event = replace(sample.timed("x", "Tabletten", 24, "07:00", "07:05"), start=Stamp(datetime(2026, 11, 24, 7)))
    desk.put(replace(event, end=Stamp(datetime(2026, 11, 24, 7, 5))), "termine")
    before = forms.of(desk.events.detail("x"), "Europe/Berlin")
    made = forms.changes(replace(before, start=time(8), end=time(8, 5)), before)
    assert made.start == Stamp(datetime(2026, 11, 24, 8))

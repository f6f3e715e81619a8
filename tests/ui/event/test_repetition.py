"""An RRULE and the editor's repetition say the same, and any rule can be read out."""

from __future__ import annotations

from datetime import date

import pytest

from calmerge_desktop.ui.event.repetition import Every, Repetition, in_words, nth, read, write

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=6",
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=4TU",
        "FREQ=YEARLY;UNTIL=20301231T225959Z",
    ],
)
def test_what_the_editor_can_say_goes_there_and_back(rrule: str) -> None:
    """Read, then written: the same rule."""
    assert write(read(rrule, TUESDAY, "Europe/Berlin"), TUESDAY, "Europe/Berlin") == rrule


@pytest.mark.parametrize("rrule", ["FREQ=MONTHLY;BYDAY=-2FR", "FREQ=YEARLY;BYWEEKNO=20", "FREQ=WEEKLY;WKST=SU", "nonsense"])
def test_what_it_cannot_say_is_kept_as_it_is(rrule: str) -> None:
    """Never simplified behind the person's back."""
    found = read(rrule, TUESDAY, "Europe/Berlin")
    assert found.every is Every.OTHER
    assert write(found, TUESDAY, "Europe/Berlin") == rrule


def test_until_is_a_date_for_whole_days_and_utc_for_times() -> None:
    """RFC 5545 §3.3.10: UNTIL has the form of DTSTART, UTC when that has a zone."""
    made = Repetition(every=Every.DAY, until=date(2026, 12, 24))
    assert write(made, TUESDAY, None) == "FREQ=DAILY;UNTIL=20261224"
    assert write(made, TUESDAY, "Europe/Berlin") == "FREQ=DAILY;UNTIL=20261224T225959Z"


@pytest.mark.parametrize(
    ("rrule", "words"),
    [
        ("FREQ=DAILY", "Every day"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=4", "Every 3 days, 4 times"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every weekday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "Every 2 weeks on Tuesday and Thursday"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "Every month on the last Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "Every month on the last day"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "Every month on the last weekday"),
        ("FREQ=YEARLY", "Every year on 24 November"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "Every year on the fourth Thursday of November"),
        ("FREQ=WEEKLY;UNTIL=20261231T225959Z", "Every week on Tuesday, until 31 Dec 2026"),
        ("rubbish", "Repeats"),
    ],
)
def test_a_rule_is_a_sentence(rrule: str, words: str) -> None:
    """In plain words."""
    assert in_words(rrule, TUESDAY, "Europe/Berlin") == words


def test_a_fifth_weekday_is_the_last() -> None:
    """Not every month has five."""
    assert nth(date(2026, 11, 30)) == -1
    assert nth(date(2026, 11, 24)) == 4

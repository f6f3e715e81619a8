"""Editing a resource: what was meant changes, everything else stays to the byte."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.errors import BadInput, UnknownId
from calmerge_desktop.core.ics.read import read
from calmerge_desktop.core.ics.series import Edited, edit, remove
from calmerge_desktop.core.ics.write import new_resource
from calmerge_desktop.core.model import CalendarId, Changes, Draft, Scope, Stamp
from calmerge_desktop.core.recurrence.expand import Series

NOW = 1_790_000_000
STRANGE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Vendor//Thing//EN
X-VENDOR-HEAD:kept
BEGIN:VEVENT
UID:u1
DTSTAMP:20260101T000000Z
DTSTART;TZID=W. Europe Standard Time:20260105T090000
DTEND;TZID=W. Europe Standard Time:20260105T100000
RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=6
SUMMARY:Jour fixe
X-VENDOR;FOO=bar:kept\\, too
ATTACH;FMTTYPE=text/plain:https://files.example/a.txt
ATTENDEE;CN=Bo;PARTSTAT=ACCEPTED;X-NUM=3:mailto:bo@example.test
ORGANIZER:mailto:me@example.test
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
X-ALARM:kept
END:VALARM
BEGIN:X-UNKNOWN
FOO:bar
END:X-UNKNOWN
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def _edit(ics: str, rid: str | None, scope: Scope = Scope.ALL, **changes: object) -> Edited:
    return edit(ics, rid, Changes(**changes), scope, now=NOW, organizer="me@example.test", new_uid="new")  # type: ignore[arg-type]


def _starts(*texts: str | None) -> list[str]:
    out = []
    for text in texts:
        if text is None:
            continue
        parsed = read(text)
        assert not parsed.bad
        series = Series(parsed.events, parsed.zones)
        found = series.occurrences(-(1 << 40), 1 << 40)
        out += [f"{datetime.fromtimestamp(one.start, UTC):%m-%d} {one.event.summary}" for one in found]
    return sorted(out)


def _mondays(summary: str = "Jour fixe") -> list[str]:
    return [f"{day} {summary}" for day in ("01-05", "01-12", "01-19", "01-26", "02-02", "02-09")]


def test_what_is_not_understood_survives_an_edit() -> None:
    """X- properties, parameters, alarms, attachments and unknown components stay as they were."""
    edited = _edit(STRANGE, None, summary="Neu; mit, Zeichen")
    assert edited.ics is not None
    changed = {"SUMMARY", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE"}
    kept = [line for line in STRANGE.split("\r\n") if line.partition(":")[0].partition(";")[0] not in changed]
    text = edited.ics
    for line in kept:
        assert line in text
    assert "SUMMARY:Neu\\; mit\\, Zeichen\r\n" in text
    assert "SEQUENCE:1\r\n" in text


def test_a_missing_vtimezone_is_added_under_the_name_used() -> None:
    """RFC 5545 §3.6.5: every TZID is defined in the object."""
    edited = _edit(STRANGE, None, summary="x")
    assert edited.ics is not None
    assert "TZID:W. Europe Standard Time\r\n" in edited.ics
    assert edited.ics.index("BEGIN:VTIMEZONE") < edited.ics.index("BEGIN:VEVENT")


def test_one_occurrence_gets_a_vevent_of_its_own() -> None:
    """The others keep title and time."""
    edited = _edit(STRANGE, "20260112T080000Z", Scope.THIS, summary="Nur heute")
    expected = _mondays()
    expected[1] = "01-12 Nur heute"
    assert _starts(edited.ics) == expected
    assert edited.ics is not None
    assert "RECURRENCE-ID;TZID=W. Europe Standard Time:20260112T090000\r\n" in edited.ics
    assert edited.ics.count("X-ALARM:kept") == 2


def test_editing_an_occurrence_twice_keeps_one_override() -> None:
    """The second edit changes the override of the first."""
    once = _edit(STRANGE, "20260112T080000Z", Scope.THIS, summary="Eins").ics
    assert once is not None
    twice = _edit(once, "20260112T080000Z", Scope.THIS, location="Raum 2").ics
    assert twice is not None
    assert twice.count("RECURRENCE-ID") == 1
    assert "SUMMARY:Eins" in twice


def test_following_cuts_the_series_in_two() -> None:
    """COUNT is shared out; the tail has a UID of its own."""
    edited = _edit(STRANGE, "20260119T080000Z", Scope.FOLLOWING, summary="Neu")
    assert edited.added is not None
    assert _starts(edited.ics) == _mondays()[:2]
    assert _starts(edited.added) == _mondays("Neu")[2:]
    assert "UID:new\r\n" in edited.added
    assert "COUNT=4" in edited.added


def test_following_from_the_first_is_all() -> None:
    """Nothing is cut off before it."""
    edited = _edit(STRANGE, "20260105T080000Z", Scope.FOLLOWING, summary="Neu")
    assert edited.added is None
    assert _starts(edited.ics) == _mondays("Neu")


def test_moving_a_series_takes_weekday_exceptions_and_overrides_along() -> None:
    """Tuesday 11:00 instead of Monday 09:00, everywhere."""
    ics = _edit(STRANGE, "20260112T080000Z", Scope.THIS, summary="Eins").ics
    assert ics is not None
    ics = remove(ics, "20260126T080000Z", Scope.THIS, now=NOW).ics
    assert ics is not None
    moved = _edit(
        ics,
        "20260105T080000Z",
        Scope.ALL,
        start=Stamp(datetime(2026, 1, 6, 11), "Europe/Berlin"),
        end=Stamp(datetime(2026, 1, 6, 12, 30), "Europe/Berlin"),
    ).ics
    assert moved is not None
    assert "BYDAY=TU" in moved
    assert _starts(moved) == ["01-06 Jour fixe", "01-13 Eins", "01-20 Jour fixe", "02-03 Jour fixe", "02-10 Jour fixe"]


def test_a_series_that_cannot_move_says_so() -> None:
    """The last workday of a month has no day after it that a rule names."""
    ics = STRANGE.replace("FREQ=WEEKLY;BYDAY=MO;COUNT=6", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1;COUNT=6")
    with pytest.raises(BadInput, match="cannot be moved"):
        _edit(
            ics,
            "20260105T080000Z",
            start=Stamp(datetime(2026, 1, 6, 9), "Europe/Berlin"),
            end=Stamp(datetime(2026, 1, 6, 10), "Europe/Berlin"),
        )


def test_deleting_one_occurrence_leaves_an_exdate() -> None:
    """And takes its override along."""
    ics = _edit(STRANGE, "20260112T080000Z", Scope.THIS, summary="Eins").ics
    assert ics is not None
    left = remove(ics, "20260112T080000Z", Scope.THIS, now=NOW).ics
    assert left is not None
    assert "RECURRENCE-ID" not in left
    assert _starts(left) == _mondays()[:1] + _mondays()[2:]


def test_deleting_following_ends_the_series() -> None:
    """An UNTIL takes the place of COUNT."""
    left = remove(STRANGE, "20260119T080000Z", Scope.FOLLOWING, now=NOW).ics
    assert left is not None
    assert "COUNT" not in left
    assert _starts(left) == _mondays()[:2]


def test_deleting_all_leaves_nothing() -> None:
    """The resource goes."""
    assert remove(STRANGE, "20260119T080000Z", Scope.ALL, now=NOW).ics is None


def test_an_occurrence_that_is_none_is_unknown() -> None:
    """A deleted one cannot be edited."""
    with pytest.raises(UnknownId):
        _edit(STRANGE, "20260113T080000Z", Scope.THIS, summary="x")


def test_attendees_who_stay_keep_their_answer() -> None:
    """Their parameters too; new ones are asked."""
    text = _edit(STRANGE, None, attendees=("bo@example.test", "cy@example.test")).ics
    assert text is not None
    assert "ATTENDEE;CN=Bo;PARTSTAT=ACCEPTED;X-NUM=3:mailto:bo@example.test" in text
    assert "mailto:cy@example.test" in text


def test_no_address_no_invitation() -> None:
    """An account without an address cannot invite."""
    draft = Draft(
        calendar=CalendarId("c"),
        summary="x",
        start=Stamp(date(2026, 1, 1)),
        end=Stamp(date(2026, 1, 2)),
        attendees=("bo@example.test",),
    )
    with pytest.raises(BadInput, match="no address"):
        new_resource(draft, uid="u", now=NOW, organizer=None)


_TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"]) | st.just("\n"), max_size=120)


@settings(max_examples=120, deadline=None)
@example(summary="a\u2028b", location="c\u2029d", description="e\u2028\n f")
@example(summary="", location="", description="0" * 6 + "\n\n" + "\xa0" * 11 + "\U00010000" * 8)
@given(summary=_TEXT, location=_TEXT, description=_TEXT)
def test_texts_come_back_as_they_were_written(summary: str, location: str, description: str) -> None:
    """Escapes and folds are undone, whatever the characters, also for icalendar."""
    import icalendar

    draft = Draft(
        calendar=CalendarId("c"),
        summary=summary,
        location=location,
        description=description,
        start=Stamp(datetime(2026, 1, 1, 9), "Europe/Berlin"),
        end=Stamp(datetime(2026, 1, 1, 10), "Europe/Berlin"),
    )
    ics = new_resource(draft, uid="u", now=NOW, organizer=None)
    event = read(ics).events[0]
    assert (event.summary, event.location, event.description) == (summary.strip(), location.strip(), description.strip())
    judged = next(iter(icalendar.Calendar.from_ical(ics).walk("VEVENT")))
    assert str(judged["SUMMARY"]) == summary
    assert all(len(line.encode()) <= 75 for line in ics.split("\r\n"))

"""A bounded share of fuzzing for every run; `python -m tests.fuzz.run --seconds N` goes on for longer."""

from __future__ import annotations

from datetime import date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.ics.read import read
from tests.fuzz import inputs, targets

bounded = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@bounded
@given(inputs.calendars() | st.binary(max_size=300))
def test_calendars(data: bytes) -> None:
    """Whatever is in a file, only our own errors leave, in time, up to an edit."""
    targets.timed(targets.calendar, data)


@bounded
@given(inputs.content_lines() | st.text(max_size=200))
def test_content_lines(written: str) -> None:
    """A line never raises."""
    targets.timed(targets.line, written)


@settings(bounded, max_examples=400)
@given(inputs.rules() | st.text(max_size=40))
def test_rules(written: str) -> None:
    """A rule is understood or refused, and its first occurrences come in time, no more a day than it was said."""
    targets.timed(targets.rule, written)


@bounded
@given(inputs.zones())
def test_zones(written: str) -> None:
    """A VTIMEZONE gives a table or none."""
    targets.timed(targets.zone, written)


@bounded
@given(st.text(max_size=60))
def test_names_of_zones(written: str) -> None:
    """A TZID is a zone or none."""
    targets.timed(targets.tzid, written)


@bounded
@given(inputs.answers)
def test_answers_of_servers(data: bytes) -> None:
    """XML is read or refused."""
    targets.timed(targets.answer, data)


@bounded
@given(inputs.settings_files)
def test_settings(written: str) -> None:
    """Settings never stop a start."""
    targets.timed(targets.kept_settings, written)


@settings(bounded, max_examples=120)
@given(inputs.calendars())
def test_what_icalendar_reads_we_read_too(data: bytes) -> None:
    """The same DTSTARTs in the same order, or set aside with a reason."""
    import icalendar

    try:
        judged = [
            event.decoded("DTSTART")
            for event in icalendar.Calendar.from_ical(data.decode()).walk("VEVENT")
            if "DTSTART" in event and not event.errors
        ]
    except Exception:  # noqa: BLE001  icalendar may refuse in any way it likes
        return
    stream = targets.calendar(data)
    assert stream is not None or not judged
    if stream is None:
        return
    parsed = [read(each.ics) for each in stream.resources]
    ours = sum(len(each.events) + len(each.bad) for each in parsed)
    assert ours or not judged or all("RECURRENCE-ID" in each.ics or "SEQUENCE" in each.ics for each in stream.resources)
    walls: set[object] = {event.start.value for each in parsed for event in each.events}
    # a value without a time is a date to us, also when VALUE=DATE is missing; icalendar makes it a midnight
    walls |= {
        datetime(at.year, at.month, at.day) for at in list(walls) if not isinstance(at, datetime) and isinstance(at, date)
    }
    aside = sum(len(each.bad) for each in parsed)
    missing = [at for at in judged if getattr(at, "replace", None) and _wall(at) not in walls]
    assert len(missing) <= aside + _superseded(stream.resources, judged)


def _wall(at: object) -> object:
    return at.replace(tzinfo=None) if hasattr(at, "hour") else at  # type: ignore[attr-defined]


def _superseded(resources: object, judged: list[object]) -> int:
    """Older revisions and exact copies of one UID that we leave out on purpose."""
    return len(judged) if any("SEQUENCE" in each.ics for each in resources) else 0  # type: ignore[attr-defined]

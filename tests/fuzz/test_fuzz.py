"""A bounded share of fuzzing for every run; `python -m tests.fuzz.run --minutes N` goes on for longer."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from calmerge_desktop.core.ics.read import read
from tests.fuzz import inputs, targets
from tests.fuzz.findings import Findings
from tests.fuzz.registry import TARGETS, cases

_SHARES = {"calendar": 150, "rule": 400}
bounded = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


@pytest.mark.parametrize("name", TARGETS)
def test_a_share_of_each_target(name: str) -> None:
    """Whatever comes in, only our own errors leave, in time; where two ways lead to an answer, they agree."""
    target = TARGETS[name]

    @settings(bounded, max_examples=_SHARES.get(name, 80))
    @given(target.inputs)
    def one(value: object) -> None:
        targets.timed(target.run, value)

    one()


@pytest.mark.parametrize(
    "path", [path for name in TARGETS for path in cases(name)], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_what_was_found_once(path: Path) -> None:
    """Each fault that longer runs found, with the input that shows it."""
    target = TARGETS[path.parent.name]
    targets.timed(target.run, target.value(path.read_bytes()))


def test_every_target_begins_with_what_it_understands() -> None:
    """A target without seeds, or with such that it cannot take, would search in the dark."""
    for name, target in TARGETS.items():
        for data in target.all_seeds(name):
            targets.timed(target.run, target.value(data))


def test_a_fault_is_kept_once_with_its_shortest_input(tmp_path: Path) -> None:
    """What the long run writes is what one makes a case of."""
    found = Findings(tmp_path)
    for value in ("longer", "short", "long, too"):
        try:
            int(value)
        except ValueError as error:
            found.note(error, value)
    (kept,) = tmp_path.glob("*.input")
    assert kept.read_text() == "short"
    assert "ValueError" in kept.with_suffix(".txt").read_text()


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

"""What `invite` and `rsvp` write, taken by Evolution's back end; what it writes, taken by the inbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Calmerge
from tests.cli.letters import calendar_part, read
from tests.cli.meetings import ACROSS_SUMMER_TIME, ALL_DAY, DAILY, TZ, WHEN, at, expected, meeting, occurrences
from tests.servers import evolution
from tests.servers.evolution import Evolution, Refused

pytestmark = pytest.mark.skipif(bool(evolution.missing()), reason=evolution.missing() or "-")


@pytest.fixture
def bob(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evolution]:
    """Bob's calendar in Evolution, empty."""
    made = Evolution(tmp_path_factory.mktemp("evolution"))
    yield made
    made.close()


@pytest.fixture
def alice(person: Callable[[str], Calmerge]) -> Calmerge:
    return person("alice")


def _send(alice: Calmerge, bob: Evolution, event: str, *more: str) -> str:
    """The invitation of an event into Bob's calendar; its UID. The .ics and the mail say the same."""
    made = alice.ok("invite", event, *more, "--send")["invitation"]
    (message,) = made["messages"]
    assert calendar_part(message["eml"]) == message["ics"]
    bob.receive(message["ics"])
    return str(made["uid"])


@pytest.mark.parametrize(
    ("when", "later"),
    [
        (WHEN, ("--start", "2027-11-24T14:00", "--end", "2027-11-24T15:30", *TZ)),
        (DAILY, ("--start", "2027-11-23T08:00", "--end", "2027-11-23T08:30", *TZ)),
        (ACROSS_SUMMER_TIME, ("--location", "Zimmer 5")),
        (ALL_DAY, ("--start", "2027-11-24", "--end", "2027-11-25", "--all-day")),
    ],
    ids=["once", "daily", "summer-time", "all-day"],
)
def test_invited_changed_answered_and_called_off(
    alice: Calmerge, bob: Evolution, tmp_path: Path, when: tuple[str, ...], later: tuple[str, ...]
) -> None:
    """After each step the back end keeps what Alice sees; its reply counts; afterwards nothing is left."""
    event = meeting(alice, when)
    uid = _send(alice, bob, event)
    assert bob.events(uid) == [expected(alice, event, 0)]

    alice.ok("event", "edit", event, "--title", "Review again", *later, "--scope", "all")
    _send(alice, bob, event)
    assert bob.events(uid) == [expected(alice, event, 1)]
    if "--all-day" not in when:
        assert bob.occurrences(at("2027-10-20"), at("2027-11-30")) == occurrences(alice)

    (answer,) = read(alice, tmp_path, bob.reply(uid, "bob@example.test", "TENTATIVE"))
    assert (answer["kind"], answer["from"], answer["partstat"]) == ("answer", "bob@example.test", "tentative")
    people = {one["address"]: one["partstat"] for one in alice.ok("event", "show", event)["event"]["attendees"]}
    assert people["bob@example.test"] == "tentative"

    _send(alice, bob, event, "--cancel", "--comment", "Ich bin krank")
    with pytest.raises(Refused):
        bob.events(uid)


def test_single_occurrences_are_moved_and_cancelled(alice: Calmerge, bob: Evolution) -> None:
    """Each by a message of its own, then the whole series again: the back end expands what Alice sees."""
    series = meeting(alice, DAILY)
    uid = _send(alice, bob, series)
    moved, off = f"{series}@20271124T090000Z", f"{series}@20271126T090000Z"
    alice.ok("event", "edit", moved, "--scope", "this", "--start", "2027-11-24T16:00", "--end", "2027-11-24T18:00", *TZ)
    _send(alice, bob, moved, "--scope", "this")
    whole, one = bob.events(uid)
    assert (whole["rules"], one["rules"]) == (["FREQ=DAILY;COUNT=5"], [])
    assert (one["rid"], one["start"]) == (at("2027-11-24", 10), at("2027-11-24", 16))
    _send(alice, bob, off, "--cancel", "--scope", "this")
    seen = occurrences(alice)
    assert len(seen) == 4
    assert bob.occurrences(at("2027-11-22"), at("2027-11-30")) == seen

    alice.ok("event", "edit", series, "--title", "Review again", "--scope", "all")
    _send(alice, bob, series)
    assert bob.occurrences(at("2027-11-22"), at("2027-11-30")) == seen
    assert {one["summary"] for one in bob.events(uid)} == {"Review again"}
    _send(alice, bob, series, "--cancel")
    assert bob.occurrences(at("2027-11-22"), at("2027-11-30")) == []


def test_one_occurrence_is_answered(alice: Calmerge, bob: Evolution, tmp_path: Path) -> None:
    """A reply to an occurrence that was moved counts for it alone."""
    series = meeting(alice, DAILY)
    uid = _send(alice, bob, series)
    moved = f"{series}@20271124T090000Z"
    alice.ok("event", "edit", moved, "--scope", "this", "--start", "2027-11-24T16:00", "--end", "2027-11-24T18:00", *TZ)
    _send(alice, bob, moved, "--scope", "this")
    (answer,) = read(alice, tmp_path, bob.reply(uid, "bob@example.test", "DECLINED", "20271124T100000"))
    assert (answer["kind"], answer["partstat"]) == ("answer", "declined")
    people = [
        {who["address"]: who["partstat"] for who in alice.ok("event", "show", f"{series}@{rid}")["event"]["attendees"]}
        for rid in ("20271124T090000Z", "20271125T090000Z")
    ]
    assert [one["bob@example.test"] for one in people] == ["declined", "needs-action"]


def test_a_series_that_goes_on_differently(alice: Calmerge, bob: Evolution) -> None:
    """From one date on: the series of before ends, another begins, and both are sent."""
    series = meeting(alice, DAILY)
    _send(alice, bob, series)
    rest = f"{series}@20271125T090000Z"
    alice.ok("event", "edit", rest, "--scope", "following", "--start", "2027-11-25T18:00", "--end", "2027-11-25T19:00", *TZ)
    shown = alice.ok("agenda", "--from", "2027-11-22", "--to", "2027-11-30", *TZ)["instances"]
    for one in sorted({each["id"].partition("@")[0] for each in shown}):
        _send(alice, bob, one)
    seen = occurrences(alice)
    assert [one[0] for one in seen][1:3] == [at("2027-11-24", 10), at("2027-11-25", 18)]
    assert bob.occurrences(at("2027-11-22"), at("2027-11-30")) == seen
    for one in sorted({each["id"].partition("@")[0] for each in shown}):
        _send(alice, bob, one, "--cancel")
    assert bob.occurrences(at("2027-11-22"), at("2027-11-30")) == []


def test_the_check_can_fail(bob: Evolution) -> None:
    """A message without a date, and one with a method that is none."""
    for method, start in (("REQUEST", ""), ("ASK", "DTSTART:20271123T100000Z\r\n")):
        with pytest.raises(Refused):
            bob.receive(
                f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\n{start}"
                "END:VEVENT\r\nEND:VCALENDAR\r\n"
            )

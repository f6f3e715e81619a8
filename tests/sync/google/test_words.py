"""Google's words and those of iCalendar: a case is a pair of files, `NAME.json` with events and `NAME.ics` with what they say.

`CALMERGE_CASES=write` writes the `.ics` of new cases; look at each before committing.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.ics.block import Block, read_block
from calmerge_desktop.core.ics.read import read
from calmerge_desktop.core.model import Status
from calmerge_desktop.sync.providers.google.extra import leftover
from calmerge_desktop.sync.providers.google.patch import audience, changes, merged, new_event
from calmerge_desktop.sync.providers.google.series import Series, gather, href_of, is_cancelled
from calmerge_desktop.sync.providers.google.to_ics import event_lines, resource_text
from calmerge_desktop.sync.wall import Zones
from tests.servers import google_contract as contract

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
ZONES = Zones(floating="Europe/Berlin")


def series_of(events: list[dict[str, Any]]) -> Series:
    return gather(href_of(events[0]), events)


def event(text: str) -> Block:
    (block,) = read_block(text).blocks("VEVENT")
    return block


def vevent(*lines: str) -> Block:
    return read_block("\r\n".join(["BEGIN:VEVENT", "UID:u", "DTSTART:20261124T090000Z", *lines, "END:VEVENT"]))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_says_what_it_says(path: Path) -> None:
    """Google's events as iCalendar, exactly; and our reader takes it."""
    said = resource_text(series_of(json.loads(path.read_text())))
    expected = path.with_suffix(".ics")
    if os.environ.get("CALMERGE_CASES") == "write" and not expected.exists():
        expected.write_bytes(said.encode())
    assert said == expected.read_bytes().decode()
    assert read(said).bad == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_was_not_changed_is_not_sent(path: Path) -> None:
    """An event and what we made of it differ in nothing, whatever Google may have put there."""
    series = series_of(json.loads(path.read_text()))
    blocks = read_block(resource_text(series)).blocks("VEVENT")
    alive = [each for each in series.pieces if not is_cancelled(each)]
    for each, block in zip(alive, blocks, strict=True):
        assert changes(each, block, ZONES, without=frozenset({"recurrence"})) == {}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_event_made_anew_says_the_same(path: Path) -> None:
    """What a client may write comes through; the body is one Google's description allows."""
    series = series_of(json.loads(path.read_text()))
    if series.master is None or path.stem == "unknown-fields-and-values":
        pytest.skip("nothing a client could make")
    block = read_block(resource_text(series)).blocks("VEVENT")[0]
    body = new_event(block, ZONES, uid="u-1", event_id="abcde")
    assert contract.complaints(body, "Event") == []
    for name in ("summary", "start", "end", "transparency", "visibility", "colorId", "source", "guestsCanModify"):
        if name in series.master and (name, series.master[name]) != ("visibility", "default"):
            assert moment(body.get(name)) == moment(series.master[name])
    for name in ("outOfOfficeProperties", "focusTimeProperties", "workingLocationProperties"):
        assert body.get(name) == series.master.get(name)
    assert "conferenceData" not in body


def moment(value: Any) -> Any:
    """A time as its instant."""
    timed = isinstance(value, dict) and "dateTime" in value
    return datetime.fromisoformat(value["dateTime"]).timestamp() if timed else value


def test_a_patch_holds_only_what_changed() -> None:
    """One field; and what guests do not see sends no mail."""
    people = json.loads((Path(__file__).parent / "cases" / "meeting-with-people.json").read_text())[0]
    block = event(resource_text(series_of([people])))
    block.put("SUMMARY", "SUMMARY:New plan")
    patch = changes(people, block, ZONES)
    assert patch == {"summary": "New plan"}
    assert audience(people, patch) == "all"
    block = event(resource_text(series_of([people])))
    block.put("X-GOOGLE-COLOR-ID", "X-GOOGLE-COLOR-ID:3")
    assert changes(people, block, ZONES) == {"colorId": "3"}
    assert audience(people, {"colorId": "3"}) == "none"


def test_an_answer_keeps_every_other_guest_as_google_has_them() -> None:
    """The list is replaced whole, so all are in it, with what we do not understand."""
    people = json.loads((Path(__file__).parent / "cases" / "meeting-with-people.json").read_text())[0]
    text = resource_text(series_of([people])).replace("PARTSTAT=ACCEPTED:mailto:alice", "PARTSTAT=DECLINED:mailto:alice")
    patch = changes(people, event(text), ZONES)
    assert patch.keys() == {"attendees"}
    before = [{**each, "responseStatus": "declined"} if each.get("self") else each for each in people["attendees"]]
    assert patch["attendees"] == before


def test_five_hundred_guests_are_never_cut() -> None:
    """Another title touches nobody; one guest less is a list of 499."""
    guests = [{"email": f"g{n}@example.test", "responseStatus": "accepted", "id": str(n)} for n in range(500)]
    big = {**json.loads((Path(__file__).parent / "cases" / "single-with-zone.json").read_text())[0], "attendees": guests}
    block = event(resource_text(series_of([big])))
    block.put("SUMMARY", "SUMMARY:x")
    assert changes(big, block, ZONES) == {"summary": "x"}
    block.drop("ATTENDEE", when=lambda line: "g7@" in line.value)
    assert changes(big, block, ZONES)["attendees"] == [each for each in guests if each["id"] != "7"]


def test_guests_google_left_out_are_not_uninvited() -> None:
    """One's own answer alone is sent; anything else is refused in a sentence."""
    people = json.loads((Path(__file__).parent / "cases" / "meeting-with-people.json").read_text())[0]
    cut = {**people, "attendees": people["attendees"][:2], "attendeesOmitted": True}
    text = resource_text(series_of([cut]))
    mine = changes(cut, event(text.replace("PARTSTAT=ACCEPTED:mailto:alice", "PARTSTAT=DECLINED:mailto:alice")), ZONES)
    assert mine == {"attendeesOmitted": True, "attendees": [{**people["attendees"][0], "responseStatus": "declined"}]}
    theirs = event(text)
    theirs.drop("ATTENDEE", when=lambda line: "bob" in line.value)
    with pytest.raises(BadInput, match="did not tell all guests"):
        changes(cut, theirs, ZONES)


def test_timed_becomes_all_day_and_back() -> None:
    """A patch merges objects, so the other form is taken away by name."""
    timed = json.loads((Path(__file__).parent / "cases" / "single-with-zone.json").read_text())[0]
    block = event(resource_text(series_of([timed])))
    block.put("DTSTART", "DTSTART;VALUE=DATE:20261124")
    block.put("DTEND", "DTEND;VALUE=DATE:20261125")
    patch = changes(timed, block, ZONES)
    assert patch["start"] == {"date": "2026-11-24", "dateTime": None, "timeZone": None}
    assert merged(timed, patch)["start"] == {"date": "2026-11-24"}


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (("DURATION:PT90M",), {"dateTime": "2026-11-24T10:30:00Z", "timeZone": "UTC"}),
        ((), {"dateTime": "2026-11-24T09:00:00Z", "timeZone": "UTC"}),
    ],
)
def test_every_way_to_say_an_end(lines: tuple[str, ...], end: dict[str, str]) -> None:
    """DURATION, or none at all (RFC 5545 §3.6.1)."""
    assert new_event(vevent(*lines), ZONES, uid="u", event_id="abcde")["end"] == end


def test_a_floating_time_gets_the_calendars_zone_and_stays_floating_here() -> None:
    """Google knows no floating time; ours comes back as long as Google's stays."""
    block = read_block("BEGIN:VEVENT\nUID:u\nDTSTART:20261124T090000\nDTEND:20261124T100000\nEND:VEVENT\n")
    body = new_event(block, ZONES, uid="u", event_id="abcde")
    assert body["start"] == {"dateTime": "2026-11-24T09:00:00+01:00", "timeZone": "Europe/Berlin"}
    assert "DTSTART:20261124T090000" in event_lines({"status": "confirmed", **body})
    moved = {**body, "start": {"dateTime": "2026-11-24T08:00:00+01:00", "timeZone": "Europe/Berlin"}}
    assert "DTSTART;TZID=Europe/Berlin:20261124T080000" in event_lines(moved)


def test_what_google_has_no_place_for_comes_back() -> None:
    """Unknown properties, alarms beyond Google's, a long text; and only as long as Google does not say otherwise."""
    alarms = [
        line for n in range(8) for line in ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-PT{n}H", "X-A:b", "END:VALARM")
    ]
    long = "X-LONG:" + "ä1b2" * 2000
    block = vevent("DTEND:20261124T100000Z", "CATEGORIES:A,B", "X-KEEP;P=1:yes", long, "PRIORITY:3", *alarms)
    body = new_event(block, ZONES, uid="u", event_id="abcde")
    assert contract.complaints(body, "Event") == []
    assert len(body["reminders"]["overrides"]) == 5
    assert all(len(each) <= 1024 for each in body["extendedProperties"]["private"].values())
    back = event_lines(body)
    assert {"CATEGORIES:A,B", "X-KEEP;P=1:yes", long, "PRIORITY:3"} <= set(back)
    assert back.count("BEGIN:VALARM") == 8
    changed = {**body, "reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 7}]}}
    assert [line for line in event_lines(changed) if line.startswith("TRIGGER")] == ["TRIGGER:-PT7M"]
    assert "X-KEEP;P=1:yes" in event_lines(changed)


def test_what_others_write_into_our_place_stays_in_its_place() -> None:
    """Whoever may write in the calendar cannot break out of the VEVENT."""
    evil = leftover(["X-A:1"], [], zones_known=True)
    key = next(iter(evil))
    for text in (
        '[["X-A","0",["END:VEVENT"]]]',
        '[["VEVENT","0",["BEGIN:VEVENT","END:VEVENT"]]]',
        '[["X-A"',
        "z!!",
        '[["X-A","e4a6","no list"]]',
        "[1]",
    ):
        held = {**json.loads(CASES[0].read_text())[0], "extendedProperties": {"private": {key: text}}}
        lines = event_lines(held)
        assert "END:VEVENT" not in lines
        assert read(resource_text(series_of([held]))).bad == []


def test_too_much_for_google_is_refused() -> None:
    """Rather than lost."""
    noise = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(30_000))
    with pytest.raises(BadInput, match="more than Google can keep"):
        new_event(vevent("DTEND:20261124T100000Z", f"X-HUGE:{noise}"), ZONES, uid="u", event_id="abcde")


_OWN_ZONE = """BEGIN:VCALENDAR
BEGIN:VTIMEZONE
TZID:Mine
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0112
TZOFFSETTO:+0112
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:u
DTSTART;TZID=Mine:20261124T090000
DTEND;TZID=Mine:20261124T100000
{more}END:VEVENT
END:VCALENDAR
"""


def test_a_zone_only_the_event_knows() -> None:
    """A single event is sent as its instant; a series cannot be, and says so."""
    single, series = _OWN_ZONE.format(more=""), _OWN_ZONE.format(more="RRULE:FREQ=DAILY\n")
    zones = Zones(read(single).zones)
    body = new_event(event(single), zones, uid="u", event_id="abcde")
    assert body["start"] == {"dateTime": "2026-11-24T07:48:00Z", "timeZone": "UTC"}
    assert "DTSTART:20261124T074800Z" in event_lines(body)
    with pytest.raises(BadInput, match="does not know the time zone"):
        new_event(event(series), zones, uid="u", event_id="abcde")


def test_a_cancelled_event_is_never_sent_as_an_event() -> None:
    """Deleting is another thing."""
    with pytest.raises(BadInput, match="as cancelled"):
        new_event(vevent("STATUS:CANCELLED"), ZONES, uid="u", event_id="abcde")


def test_a_meeting_is_asked_for_once() -> None:
    """The same request for the same event; none once there is a link."""
    first = new_event(vevent("X-CALMERGE-CONFERENCE:hangoutsMeet"), ZONES, uid="u", event_id="abcde")["conferenceData"]
    again = new_event(vevent("X-CALMERGE-CONFERENCE:hangoutsMeet"), ZONES, uid="u", event_id="abcde")["conferenceData"]
    assert first == again
    linked = vevent("X-CALMERGE-CONFERENCE:hangoutsMeet", "X-GOOGLE-CONFERENCE:https://meet.google.com/a")
    assert "conferenceData" not in new_event(linked, ZONES, uid="u", event_id="abcde")


_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=40)


@settings(max_examples=60, deadline=None)
@given(
    summary=_TEXT,
    description=_TEXT,
    place=_TEXT,
    start=st.integers(1_700_000_000, 1_900_000_000),
    minutes=st.integers(0, 5000),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", "Australia/Lord_Howe"]),
    status=st.sampled_from(["confirmed", "tentative"]),
    reminders=st.lists(st.tuples(st.sampled_from(["popup", "email"]), st.integers(0, 40320)), max_size=5, unique=True),
)
def test_any_event_survives_the_way_there_and_back(
    summary: str,
    description: str,
    place: str,
    start: int,
    minutes: int,
    zone: str,
    status: str,
    reminders: list[tuple[str, int]],
) -> None:
    """Words, times and reminders, through iCalendar and back: nothing to send."""

    def time(at: int) -> dict[str, str]:
        return {"dateTime": datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).isoformat(), "timeZone": zone}

    said = {
        "id": "abcde", "iCalUID": "u@google.com", "status": status, "summary": summary, "description": description, "location": place,
        "start": time(start), "end": time(start + minutes * 60),
        "reminders": {"useDefault": False, "overrides": [{"method": how, "minutes": n} for how, n in reminders]},
    }  # fmt: skip
    text = resource_text(series_of([said]))
    (seen,) = read(text).events
    assert seen.status is Status(status)
    assert changes(said, event(text), ZONES) == {}
    body = new_event(event(text), ZONES, uid="u@google.com", event_id="abcde")
    assert body.get("summary", "").strip() == summary.strip()
    assert datetime.fromisoformat(body["start"]["dateTime"]).timestamp() == start

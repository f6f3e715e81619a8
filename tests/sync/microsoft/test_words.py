"""Graph's words and those of iCalendar: a case is a pair of files, `NAME.json` with events and `NAME.ics` with what they say.

`CALMERGE_CASES=write` writes the `.ics` of new cases; look at each before committing.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.ics.block import Block, read_block
from calmerge_desktop.core.ics.read import read
from calmerge_desktop.core.itip.held import NEW_TIME
from calmerge_desktop.core.model import Href
from calmerge_desktop.core.zones import iana
from calmerge_desktop.sync.providers.microsoft import names
from calmerge_desktop.sync.providers.microsoft.patch import MARKS, answer, changes, new_event
from calmerge_desktop.sync.providers.microsoft.series import Series
from calmerge_desktop.sync.providers.microsoft.times import outlook_name
from calmerge_desktop.sync.providers.microsoft.to_ics import event_lines, resource_text
from calmerge_desktop.sync.wall import Zones
from tests.servers import microsoft_contract as contract
from tests.servers.microsoft_events import GraphCalendar, public, zone

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
ME = "alice@outlook.example.test"
ZONES = Zones(floating="Europe/Berlin")


def load(name: Path | str) -> Series:
    path = name if isinstance(name, Path) else Path(__file__).parent / "cases" / f"{name}.json"
    found = json.loads(path.read_text())
    master, *exceptions = found["events"]
    return Series(href=Href(master["id"]), master=master, exceptions=tuple(exceptions), cancelled=tuple(found["cancelled"]))


def blocks(series: Series) -> list[Block]:
    return read_block(resource_text(series, ME)).blocks("VEVENT")


def vevent(*lines: str) -> Block:
    return read_block("\r\n".join(["BEGIN:VEVENT", "UID:u", "DTSTART:20261124T090000Z", *lines, "END:VEVENT"]))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_says_what_it_says(path: Path) -> None:
    """Graph's events as iCalendar, exactly; and our reader takes it."""
    said = resource_text(load(path), ME)
    expected = path.with_suffix(".ics")
    if os.environ.get("CALMERGE_CASES") == "write" and not expected.exists():
        expected.write_bytes(said.encode())
    assert said == expected.read_bytes().decode()
    assert read(said).bad == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_was_not_changed_is_not_sent(path: Path) -> None:
    """An event and what we made of it differ in nothing, whatever Graph may have put there; and it is no answer."""
    series = load(path)
    for each, block in zip(series.pieces, blocks(series), strict=True):
        master = None if each is series.master else series.master
        assert changes(each, block, ZONES, me=ME, master=master) == {}
        assert answer(each, block, ME) is None


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_an_event_made_anew_says_the_same(path: Path) -> None:
    """What a client may write comes through the server and back; the body is one Graph's description allows."""
    series = load(path)
    block = blocks(series)[0]
    block.drop("EXDATE")
    if path.stem in ("called-off", "unknown-fields-and-values", "shown-as-unknown-status", "series-nobody-knows"):
        pytest.skip("nothing a client could make")
    body = new_event(block, ZONES, uid="u-1")
    assert contract.complaints(body, "event") == []
    there = {**public(GraphCalendar("x").insert(body)), "isOrganizer": series.master and series.master["isOrganizer"]}
    assert changes(there, block, ZONES, me=ME) == {}


def test_one_changed_word_is_one_field() -> None:
    """And the guests stay as they are."""
    series = load("organized")
    (block,) = blocks(series)
    block.put("SUMMARY", "SUMMARY:New plan")
    assert series.master
    assert changes(series.master, block, ZONES, me=ME) == {"subject": "New plan"}


@pytest.mark.parametrize(
    ("word", "action"), [("ACCEPTED", "accept"), ("DECLINED", "decline"), ("NEEDS-ACTION", None), ("TENTATIVE", None)]
)
def test_ones_own_partstat_is_an_answer(word: str, action: str | None) -> None:
    """Not a patch; the same answer again is none, and an answer cannot be taken back."""
    series = load("invited")
    assert series.master
    text = resource_text(series, ME).replace("PARTSTAT=TENTATIVE:mailto:alice", f"PARTSTAT={word}:mailto:alice")
    (block,) = read_block(text).blocks("VEVENT")
    found = answer(series.master, block, ME)
    assert (found.action if found else None) == action
    assert changes(series.master, block, ZONES, me=ME) == {}
    assert not found or found.body == {"comment": "", "sendResponse": True}


def test_another_time_is_proposed_with_the_answer() -> None:
    """Tentatively; refused in words where the organizer wants none."""
    series = load("invited")
    assert series.master
    (block,) = blocks(series)
    block.put(NEW_TIME, f"{NEW_TIME}:20261124T130000Z/20261124T140000Z")
    found = answer(series.master, block, ME)
    assert found
    assert found.action == "tentativelyAccept"
    assert found.body["proposedNewTime"]["start"] == {"dateTime": "2026-11-24T13:00:00", "timeZone": "UTC"}
    assert changes(series.master, block, ZONES, me=ME) == {}
    with pytest.raises(BadInput, match="takes no proposals"):
        answer({**series.master, "allowNewTimeProposals": False}, block, ME)


def test_only_the_organizer_changes_who_is_invited() -> None:
    """One sentence, before anything is sent."""
    series = load("invited")
    (block,) = blocks(series)
    block.drop("ATTENDEE", when=lambda line: "room" in line.value)
    assert series.master
    with pytest.raises(BadInput, match="Only the organizer"):
        changes(series.master, block, ZONES, me=ME)


def test_new_words_leave_the_teams_part_of_a_body() -> None:
    """Without it the meeting would be none any more."""
    series = load("teams")
    (block,) = blocks(series)
    block.put("DESCRIPTION", "DESCRIPTION:Theirs & <ours>")
    block.drop("X-ALT-DESC")
    assert series.master
    body = changes(series.master, block, ZONES, me=ME)["body"]
    assert body["contentType"] == "html"
    assert "Theirs &amp; &lt;ours&gt;" in body["content"]
    assert '<a href="https://teams.microsoft.com/l/meetup-join/1">' in body["content"]
    assert ">Ours<" not in body["content"]


def test_what_outlook_has_no_place_for_comes_back() -> None:
    """Our own marks, unknown properties and further alarms; and only as long as Outlook does not say otherwise."""
    alarms = [
        line for n in (30, 5) for line in ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-PT{n}M", "X-A:b", "END:VALARM")
    ]
    marks = ("X-CALMERGE-HOLD:h", "X-CALMERGE-PROPOSAL:p", "SEQUENCE:3")
    block = vevent("DTEND:20261124T100000Z", *marks, "X-KEEP;P=1:yes", "PRIORITY:3", "URL:https://example.test/", *alarms)
    body = new_event(block, ZONES, uid="u")
    assert (body["isReminderOn"], body["reminderMinutesBeforeStart"], body["importance"]) == (True, 5, "high")
    back = event_lines({"id": "x", **body})
    assert {*marks, "X-KEEP;P=1:yes", "PRIORITY:3", "URL:https://example.test/", "TRIGGER:-PT30M"} <= set(back)
    changed = event_lines({"id": "x", **body, "reminderMinutesBeforeStart": 7})
    assert [line for line in changed if line.startswith("TRIGGER")] == ["TRIGGER:-PT7M"]
    assert "X-KEEP;P=1:yes" in changed


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"), "several rules"),
        (("RRULE:FREQ=DAILY", "RDATE:20261224T090000Z"), "several rules"),
        (("STATUS:CANCELLED",), "as cancelled"),
        ((f"X-HUGE:{''.join(chr(0x4E00 + (n * 7919) % 20000) for n in range(30_000))}",), "more than Outlook can keep"),
    ],
    ids=["two rules", "dates", "cancelled", "too large"],
)
def test_what_cannot_be_kept_is_refused(lines: tuple[str, ...], words: str) -> None:
    """Rather than lost."""
    with pytest.raises(BadInput, match=words):
        new_event(vevent("DTEND:20261124T100000Z", *lines), ZONES, uid="u")


def test_what_others_write_into_our_place_stays_in_its_place() -> None:
    """Whoever may write in the calendar cannot break out of the VEVENT."""
    for text in ('[["X-A","0",["END:VEVENT"]]]', '[["VEVENT","0",["BEGIN:VEVENT","END:VEVENT"]]]', '[["X-A"', "z!!", "[1]"):
        master = load("single").master
        held = {**(master or {}), MARKS: [{"id": names.MORE_KEY, "value": text}]}
        assert "END:VEVENT" not in event_lines(held)


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "Europe/Vienna", "America/New_York", "Asia/Kolkata", "UTC", "Africa/Casablanca"]
)
def test_a_zone_goes_there_by_its_windows_name_and_means_the_same(name: str) -> None:
    """Where no Windows name does, the IANA name goes."""
    sent = outlook_name(name, 1_795_500_000)
    theirs = zone(sent)
    for at in range(1_795_500_000, 1_795_500_000 + 300 * 86_400, 86_400 * 20):
        shift = datetime.fromtimestamp(at, theirs).utcoffset()
        assert shift is not None
        assert iana(name).to_wall(at) - at == shift.total_seconds()


_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zs"], include_characters=" \n"), max_size=40)


@settings(max_examples=60, deadline=None)
@given(
    subject=_TEXT, words=_TEXT, place=_TEXT, start=st.integers(1_700_000_000, 1_900_000_000), minutes=st.integers(0, 5000),
    home=st.sampled_from(["W. Europe Standard Time", "Eastern Standard Time", "India Standard Time", "UTC", "Europe/Vienna"]),
    shown=st.sampled_from(["free", "tentative", "busy", "oof", "workingElsewhere", "unknown", "new"]),
    secret=st.sampled_from(["normal", "personal", "private", "confidential"]), reminder=st.integers(0, 40320) | st.none(),
)  # fmt: skip
def test_any_event_survives_the_way_there_and_back(
    subject: str, words: str, place: str, start: int, minutes: int, home: str, shown: str, secret: str, reminder: int | None
) -> None:  # fmt: skip
    """Words, times, states and reminders, through iCalendar and back: nothing to send."""

    def time(at: int) -> dict[str, str]:
        return {"dateTime": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"}

    said: dict[str, Any] = {
        "id": "x", "iCalUId": "u", "subject": subject, "body": {"contentType": "text", "content": words},
        "location": {"displayName": place}, "start": time(start), "end": time(start + minutes * 60), "showAs": shown,
        "originalStartTimeZone": home, "originalEndTimeZone": home, "sensitivity": secret, "isOrganizer": True,
        "isReminderOn": reminder is not None, "reminderMinutesBeforeStart": reminder or 0,
    }  # fmt: skip
    series = Series(href=Href("x"), master=said)
    assert read(resource_text(series)).bad == []
    assert changes(said, blocks(series)[0], ZONES, me=ME) == {}

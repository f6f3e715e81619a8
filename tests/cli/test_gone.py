"""A calendar is deleted or unshared elsewhere while changes wait in it: they are kept, shown, moved, dropped, or sent after all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Calmerge
from tests.servers import caldav as servers
from tests.servers import linking
from tests.servers.caldav import PASSWORD, USER
from tests.servers.google import GoogleServer
from tests.servers.microsoft import MicrosoftServer
from tests.servers.microsoft_events import at

WEEK = ("--from", "2026-11-23", "--to", "2026-11-30", "--tz", "Europe/Berlin")


@dataclass
class World:
    """One provider with a calendar `Home` that stays and `Team` that may go."""

    link: tuple[str, ...]
    stdin: str
    vanish: Callable[[], object]
    return_: Callable[[], object]
    team: Callable[[], list[str]]
    """Titles in Team at the provider."""
    home: str
    """Name of the calendar that stays."""


@pytest.fixture(params=["google", "microsoft", "caldav"])
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made: Iterator[World] = _MADE[request.param](tmp_path, monkeypatch)
    yield next(made)
    assert next(made, None) is None


def _google(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    server = GoogleServer()
    state = server.fresh()
    team = state.add("team@group.example.test", summary="Team")
    team.put("kept00", summary="Theirs")
    yield World(
        link=linking.google(server, folder, monkeypatch.setenv),
        stdin="",
        vanish=lambda: state.calendars.pop(team.id),
        return_=lambda: state.calendars.update({team.id: team}),
        team=lambda: sorted(each["summary"] for each in team.alive().values()),
        home="Alice",
    )
    assert state.complaints == []
    server.close()


def _microsoft(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    server = MicrosoftServer()
    state = server.fresh()
    team = state.add("Team")
    team.insert({"subject": "Theirs", "start": at("2026-11-24T10:00:00"), "end": at("2026-11-24T11:00:00")})
    yield World(
        link=linking.microsoft(server, folder, monkeypatch.setenv),
        stdin="",
        vanish=lambda: state.calendars.pop(team.id),
        return_=lambda: state.calendars.update({team.id: team}),
        team=lambda: sorted(each["subject"] for each in team.events.values()),
        home="Calendar",
    )
    assert state.complaints == []
    server.close()


_EVENT = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:theirs
DTSTAMP:20261101T000000Z
DTSTART:20261124T090000Z
DTEND:20261124T100000Z
SUMMARY:Theirs
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def _caldav(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    (folder / "server").mkdir()
    server = servers.radicale(folder / "server")
    server.make_calendar("Home")
    url = server.make_calendar("Team")
    text = {"Content-Type": "text/calendar"}
    server.request("PUT", f"{url}theirs.ics", _EVENT, **text)

    def come_back() -> None:
        server.make_calendar("Team")
        server.request("PUT", f"{url}theirs.ics", _EVENT, **text)

    def titles() -> list[str]:
        lines = server.request("GET", url).text.splitlines()
        return sorted(line.partition(":")[2] for line in lines if line.startswith("SUMMARY:"))

    yield World(
        link=("caldav", server.url, "--user", USER, "--password-stdin"),
        stdin=PASSWORD + "\n",
        vanish=lambda: server.request("DELETE", url),
        return_=come_back,
        team=titles,
        home="Home",
    )
    server.stop()


_MADE = {"google": _google, "microsoft": _microsoft, "caldav": _caldav}


@pytest.fixture
def waiting(calmerge: Calmerge, world: World) -> Calmerge:
    """Linked and read; then one event was made in Team and one of it changed, and Team went away."""
    calmerge.ok("account", "add", *world.link, stdin=world.stdin)
    calmerge.ok("sync")
    where = ("--calendar", "Team", "--tz", "Europe/Berlin")
    calmerge.ok("event", "add", "--title", "Mine", "--start", "2026-11-25T14:00", *where)
    theirs = next(one for one in calmerge.ok("agenda", *WEEK)["instances"] if one["summary"] == "Theirs")
    calmerge.ok("event", "edit", theirs["id"], "--title", "Changed here")
    world.vanish()
    answer = calmerge("sync", "--json")
    assert answer.code == 0, answer.out
    return calmerge


def titles(calmerge: Calmerge) -> list[str]:
    return sorted(one["summary"] for one in calmerge.ok("agenda", *WEEK)["instances"])


def conflicts(calmerge: Calmerge) -> dict[str, dict[str, Any]]:
    return {one["mine"]: one for one in calmerge.ok("conflict", "list")["conflicts"]}


def test_what_waits_is_kept_and_shown(waiting: Calmerge, world: World) -> None:
    """In the week, as conflicts with a sentence, in the journal, by the doctor and by every sync; time stays bookable."""
    assert titles(waiting) == ["Changed here", "Mine"]
    found = conflicts(waiting)
    assert set(found) == {"Mine", "Changed here"}
    for one in found.values():
        assert (one["gone"], one["theirs"]) == (True, None)
        assert one["reason"].startswith("The calendar “Team” was deleted or is not shared with you any more.")
    entries = waiting.ok("journal")["entries"]
    assert {one["action"]: (one["waits"] or "")[:23] for one in entries} == dict.fromkeys(
        ("create", "change"), "The calendar “Team” was"
    )
    assert not any(one["undoable"] for one in entries)
    assert "2 events wait for your choice" in waiting("doctor").out
    (account,) = waiting.ok("sync")["accounts"]
    assert account["state"] == "fresh"
    assert sum("waits for your word" in error for one in account["calendars"] for error in one["errors"]) == 1
    (team,) = [one for one in waiting.ok("calendar", "list")["calendars"] if one["name"] == "Team"]
    assert team["access"] == "gone"
    assert {one["state"] for one in waiting.ok("free", *WEEK)["sources"]} == {"fresh"}
    refused = waiting("event", "add", "--title", "No", "--start", "2026-11-25T14:00", "--calendar", "Team", "--json")
    assert (refused.code, refused.json["error"]["kind"]) == (3, "read-only")


def test_moving_and_dropping_what_waits(waiting: Calmerge, world: World) -> None:
    """Each by its own; with the last one the calendar is forgotten."""
    found = conflicts(waiting)
    for keep in ("mine", "both"):
        assert waiting("conflict", "resolve", found["Mine"]["id"], keep).code == 3
    assert waiting("conflict", "resolve", found["Mine"]["id"], "move").code == 3
    waiting.ok("conflict", "resolve", found["Mine"]["id"], "move", "--calendar", world.home)
    assert set(conflicts(waiting)) == {"Changed here"}
    assert {one["name"] for one in waiting.ok("calendar", "list")["calendars"]} == {world.home, "Team"}
    waiting.ok("conflict", "resolve", found["Changed here"]["id"], "drop")
    assert [one["name"] for one in waiting.ok("calendar", "list")["calendars"]] == [world.home]
    waiting.ok("sync")
    waiting.ok("sync", "--full")
    (mine,) = waiting.ok("agenda", *WEEK)["instances"]
    assert (mine["summary"], mine["start"], mine["pending"]) == ("Mine", "2026-11-25T14:00:00+01:00", False)


def test_a_calendar_that_comes_back_takes_what_waits(waiting: Calmerge, world: World) -> None:
    """By itself, with the next sync: nothing was lost and nothing is asked."""
    world.return_()
    waiting.ok("sync")
    waiting.ok("sync")
    found = conflicts(waiting)
    if found:  # a collection that was made anew has other versions of its events: the person says which one counts
        assert set(found) == {"Changed here"}
        assert not found["Changed here"]["gone"]
        waiting.ok("conflict", "resolve", found["Changed here"]["id"], "mine")
        waiting.ok("sync")
    assert world.team() == ["Changed here", "Mine"]
    assert titles(waiting) == ["Changed here", "Mine"]
    assert conflicts(waiting) == {}


def test_a_calendar_without_changes_just_goes(calmerge: Calmerge, world: World) -> None:
    """As before: its events and its row leave."""
    calmerge.ok("account", "add", *world.link, stdin=world.stdin)
    calmerge.ok("sync")
    world.vanish()
    calmerge.ok("sync")
    assert titles(calmerge) == []
    assert [one["name"] for one in calmerge.ok("calendar", "list")["calendars"]] == [world.home]


def test_a_calendar_that_goes_between_two_syncs_of_a_change(calmerge: Calmerge, world: World) -> None:
    """Two changes of one event are one thing that waits, and a deletion waits too."""
    calmerge.ok("account", "add", *world.link, stdin=world.stdin)
    calmerge.ok("sync")
    (theirs,) = calmerge.ok("agenda", *WEEK)["instances"]
    calmerge.ok("event", "delete", theirs["id"])
    made = calmerge.ok(
        "event", "add", "--title", "One", "--start", "2026-11-25T14:00", "--tz", "Europe/Berlin", "--calendar", "Team"
    )
    calmerge.ok("event", "edit", made["event"]["id"], "--title", "Two")
    world.vanish()
    calmerge.ok("sync")
    found = calmerge.ok("conflict", "list")["conflicts"]
    assert sorted(str(one["mine"]) for one in found) == ["None", "Two"]
    deleted = next(one for one in found if one["mine"] is None)
    answer = calmerge("conflict", "resolve", deleted["id"], "move", "--calendar", world.home, "--json")
    assert answer.json["error"]["message"] == "You deleted this event, so there is nothing to move."
    world.return_()
    calmerge.ok("sync")
    calmerge.ok("sync")
    if found := calmerge.ok("conflict", "list")["conflicts"]:
        calmerge.ok("conflict", "resolve", found[0]["id"], "mine")
        calmerge.ok("sync")
    assert world.team() == ["Two"]

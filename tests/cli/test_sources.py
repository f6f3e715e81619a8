"""Real sources through the command line: files, feeds, CalDAV servers; in both directions."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

from tests.cli.conftest import Calmerge
from tests.servers.caldav import Server
from tests.servers.web import Page, WebServer

EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\n{head}BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n"
    "DTSTART;TZID=Europe/Berlin:20261124T090000\r\nDTEND;TZID=Europe/Berlin:20261124T100000\r\nSUMMARY:{title}\r\n"
    "{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
)
WEEK = ("--from", "2026-11-23", "--to", "2026-11-30", "--tz", "Europe/Berlin")


def _event(title: str, uid: str | None = None, head: str = "", more: str = "") -> str:
    return EVENT.format(uid=uid or uuid.uuid4(), title=title, head=head, more=more)


def _titles(calmerge: Calmerge) -> list[str]:
    return [one["summary"] for one in calmerge.ok("agenda", *WEEK)["instances"]]


def test_a_folder_gives_exactly_its_instances(calmerge: Calmerge, tmp_path: Path) -> None:
    """Added, read, shown; the bad event is set aside and named."""
    folder = tmp_path / "ics"
    folder.mkdir()
    (folder / "a.ics").write_text(_event("Alpha", more="RRULE:FREQ=DAILY;COUNT=2\r\n"), newline="")
    (folder / "b.ics").write_text(_event("Beta").replace("DTSTART", "X-START"), newline="")
    calmerge.ok("account", "add", "ics", str(folder))
    document = calmerge.ok("sync")
    totals = {key: sum(one[key] for one in document["accounts"][0]["calendars"]) for key in ("added", "set_aside")}
    assert totals == {"added": 2, "set_aside": 1}
    found = calmerge.ok("agenda", *WEEK)["instances"]
    assert [(one["start"], one["end"], one["summary"]) for one in found] == [
        ("2026-11-24T09:00:00+01:00", "2026-11-24T10:00:00+01:00", "Alpha"),
        ("2026-11-25T09:00:00+01:00", "2026-11-25T10:00:00+01:00", "Alpha"),
    ]
    aside = [one for each in calmerge.ok("calendar", "list")["calendars"] for one in each["set_aside"]]
    assert [one["reason"] for one in aside] == ["The event has no start."]


def test_an_edit_goes_into_the_file_and_an_edit_of_the_file_comes_back(calmerge: Calmerge, tmp_path: Path) -> None:
    """Both directions, and the unknown survives."""
    folder = tmp_path / "ics"
    folder.mkdir()
    path = folder / "a.ics"
    path.write_text(_event("Alpha", more="X-STRANGE;A=b:kept\r\n"), newline="")
    calmerge.ok("account", "add", "ics", str(folder))
    calmerge.ok("sync")
    one = calmerge.ok("agenda", *WEEK)["instances"][0]
    calmerge.ok("event", "edit", one["id"], "--title", "Beta")
    assert _titles(calmerge) == ["Beta"]
    assert "Alpha" in path.read_text()
    pushed = calmerge.ok("sync")["accounts"][0]["calendars"][0]["pushed"]
    assert pushed == 1
    assert "SUMMARY:Beta" in path.read_text()
    assert "X-STRANGE;A=b:kept" in path.read_text()
    path.write_text(path.read_text().replace("Beta", "Gamma!"))
    calmerge.ok("sync")
    assert _titles(calmerge) == ["Gamma!"]


def test_a_feed_is_read_and_stays_readable_when_it_fails(calmerge: Calmerge, web: WebServer) -> None:
    """Fresh, then stale with a reason, exit 4; the events stay."""
    web.pages["/cal.ics"] = Page(_event("Feed", head="X-WR-CALNAME:Verein\r\n").encode(), etag=True)
    made = calmerge.ok("account", "add", "ics", f"{web.url}/cal.ics")
    calmerge.ok("sync")
    assert _titles(calmerge) == ["Feed"]
    assert calmerge.ok("calendar", "list")["calendars"][0]["name"] == "Verein"
    web.pages["/cal.ics"] = Page(b"oops", status=500)
    answer = calmerge("sync", "--json")
    assert answer.code == 4
    state = calmerge.ok("account", "list")["accounts"][0]
    assert (state["id"], state["state"]) == (made["account"]["id"], "stale")
    assert state["reason"]
    assert _titles(calmerge) == ["Feed"]


def test_caldav_in_both_directions(calmerge: Calmerge, caldav: Server) -> None:
    """What is made, changed and deleted on one side arrives on the other."""
    name = f"cal-{uuid.uuid4().hex[:8]}"
    url = caldav.make_calendar(name)
    caldav.request("PUT", f"{url}theirs.ics", _event("Theirs", "theirs"), **{"Content-Type": "text/calendar"})
    calmerge.ok("account", "add", "caldav", caldav.url, "--user", "alice", "--password-stdin", stdin="alice\n")
    calmerge.ok("sync")
    assert _titles(calmerge).count("Theirs") == 1
    calendar = next(
        one["id"] for one in calmerge.ok("calendar", "list")["calendars"] if one["url"].rstrip("/").endswith(name)
    )
    mine: dict[str, Any] = calmerge.ok(
        "event", "add", "--calendar", calendar, "--title", "Mine", "--start", "2026-11-25T14:00", "--tz", "Europe/Berlin"
    )["event"]
    calmerge.ok("sync")
    there = [caldav.request("GET", href).text for href in _hrefs(caldav, url)]
    assert any("SUMMARY:Mine" in text and "BEGIN:VTIMEZONE" in text for text in there)
    theirs = next(one for one in calmerge.ok("agenda", *WEEK)["instances"] if one["summary"] == "Theirs")
    calmerge.ok("event", "edit", theirs["id"], "--start", "2026-11-26T09:30", "--tz", "Europe/Berlin")
    calmerge.ok("event", "delete", mine["id"])
    calmerge.ok("sync")
    texts = [caldav.request("GET", href).text for href in _hrefs(caldav, url)]
    assert len(texts) == 1
    assert "DTSTART;TZID=Europe/Berlin:20261126T093000" in texts[0]
    caldav.request("DELETE", f"{url}theirs.ics")
    calmerge.ok("sync")
    assert "Theirs" not in _titles(calmerge)


def test_a_change_on_both_sides_keeps_both_and_asks(calmerge: Calmerge, caldav: Server) -> None:
    """Nothing is overwritten until the person chooses."""
    url = caldav.make_calendar(f"cal-{uuid.uuid4().hex[:8]}")
    uid = uuid.uuid4().hex
    caldav.request("PUT", f"{url}{uid}.ics", _event("Start", uid), **{"Content-Type": "text/calendar"})
    calmerge.ok("account", "add", "caldav", url, "--user", "alice", "--password-stdin", stdin="alice\n")
    calmerge.ok("sync")
    one = next(each for each in calmerge.ok("agenda", *WEEK)["instances"] if each["summary"] == "Start")
    calmerge.ok("event", "edit", one["id"], "--title", "Mine")
    caldav.request("PUT", f"{url}{uid}.ics", _event("Theirs", uid), **{"Content-Type": "text/calendar"})
    calmerge("sync", "--json")
    assert "SUMMARY:Theirs" in caldav.request("GET", f"{url}{uid}.ics").text
    conflicts = calmerge.ok("conflict", "list")["conflicts"]
    assert [(each["mine"], each["theirs"]) for each in conflicts] == [("Mine", "Theirs")]
    calmerge.ok("conflict", "resolve", conflicts[0]["id"], "mine")
    calmerge.ok("sync")
    assert "SUMMARY:Mine" in caldav.request("GET", f"{url}{uid}.ics").text
    assert calmerge.ok("conflict", "list")["conflicts"] == []


def test_a_wrong_password_stores_nothing(calmerge: Calmerge, caldav: Server) -> None:
    """Exit 3 and one sentence; Xandikos asks for no password, so it has nothing to refuse."""
    answer = calmerge(
        "account", "add", "caldav", caldav.url, "--user", "alice", "--password-stdin", "--json", stdin="wrong\n"
    )
    if "xandikos" in " ".join(caldav.process.args):  # type: ignore[union-attr,arg-type]
        assert answer.code == 0
        return
    assert answer.code == 3
    assert answer.json["error"]["kind"] == "sign-in"
    assert calmerge.ok("account", "list")["accounts"] == []


def test_a_dead_server_says_so_and_costs_the_others_nothing(calmerge: Calmerge, tmp_path: Path, web: WebServer) -> None:
    """Exit 4; the folder is fresh."""
    folder = tmp_path / "ics"
    folder.mkdir()
    (folder / "a.ics").write_text(_event("Alpha"), newline="")
    web.pages["/cal.ics"] = Page(_event("Feed").encode())
    calmerge.ok("account", "add", "ics", f"{web.url}/cal.ics", "--name", "Dead")
    calmerge.ok("account", "add", "ics", str(folder), "--name", "Alive")
    web.close()
    answer = calmerge("sync", "--json")
    assert answer.code == 4
    states = {one["name"]: one["state"] for one in calmerge.ok("account", "list")["accounts"]}
    assert states == {"Dead": "broken", "Alive": "fresh"}
    assert _titles(calmerge) == ["Alpha"]


def _hrefs(server: Server, url: str) -> list[str]:
    body = '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'
    text = server.request("PROPFIND", url, body, **{"Depth": "1", "Content-Type": "application/xml"}).text
    return re.findall(r"<(?:\w+:)?href>([^<]+\.ics)</", text)

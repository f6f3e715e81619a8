"""`free`, `link`, `slots`, `schedule` on the real command line, with sources that fail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Calmerge
from tests.servers.web import Page, WebServer

WEEK = ("--from", "2027-11-22", "--to", "2027-11-27", "--tz", "Europe/Berlin")
EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n"
    "DTSTART;TZID=Europe/Berlin:{start}\r\nDTEND;TZID=Europe/Berlin:{end}\r\nSUMMARY:{title}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
SETTINGS = ("--set", 'timezone="Europe/Berlin"', "--set", "horizon={}", "--set", "minimum_notice=0")


def _local(calmerge: Calmerge) -> str:
    calmerge.ok("account", "add", "local", "--name", "Own", "--address", "lena@example.test")
    return str(calmerge.ok("calendar", "list")["calendars"][0]["id"])


def _event(calmerge: Calmerge, calendar: str, title: str, start: str, end: str) -> None:
    calmerge.ok(
        "event", "add", "--calendar", calendar, "--title", title, "--start", start, "--end", end, "--tz", "Europe/Berlin"
    )


def test_free_spans_cover_the_span_and_name_the_events(calmerge: Calmerge) -> None:
    own = _local(calmerge)
    _event(calmerge, own, "Dentist", "2027-11-23T10:00", "2027-11-23T11:00")
    found = calmerge.ok("free", "--from", "2027-11-23", "--to", "2027-11-24", "--tz", "Europe/Berlin")
    assert [(one["start"], one["end"], one["state"]) for one in found["spans"]] == [
        ("2027-11-23T00:00:00+01:00", "2027-11-23T10:00:00+01:00", "free"),
        ("2027-11-23T10:00:00+01:00", "2027-11-23T11:00:00+01:00", "busy"),
        ("2027-11-23T11:00:00+01:00", "2027-11-24T00:00:00+01:00", "free"),
    ]
    assert found["spans"][1]["because"][0]["summary"] == "Dentist"
    assert [(one["calendar"], one["state"]) for one in found["sources"]] == [(own, "fresh")]


def test_a_link_from_a_preset_offers_slots_and_says_why_not(calmerge: Calmerge) -> None:
    own = _local(calmerge)
    _event(calmerge, own, "Dentist", "2027-11-23T10:00", "2027-11-23T11:00")
    made = calmerge.ok("link", "add", "--preset", "check-in", *SETTINGS)["link"]
    assert made["slug"] == "check-in"
    assert made["warnings"] == []
    found = calmerge.ok("slots", "check-in", *WEEK, "--explain")
    starts = [one["start"] for one in found["slots"]]
    assert "2027-11-23T09:45:00+01:00" in starts
    assert "2027-11-23T10:00:00+01:00" not in starts
    assert "2027-11-23T11:00:00+01:00" in starts
    assert found["slots"][0]["hosts"] == ["lena@example.test"]
    closed = [one for one in found["closed"] if one["because"] == "event"]
    assert [(one["start"], one["end"]) for one in closed] == [("2027-11-23T10:00:00+01:00", "2027-11-23T11:00:00+01:00")]
    assert "Dentist" in closed[0]["detail"]
    assert closed[0]["opens_if"]


def test_an_unreachable_calendar_closes_its_time_and_gives_it_back_by_itself(calmerge: Calmerge, web: WebServer) -> None:
    """The heart of failing closed: exit 0, the source named broken, no slot; reachable again, the slots are back."""
    _local(calmerge)
    web.pages["/a.ics"] = Page(EVENT.format(uid="1", start="20271123T100000", end="20271123T110000", title="Board").encode())
    calmerge.ok("account", "add", "ics", web.url + "/a.ics", "--name", "Feed")
    calmerge.ok("sync")
    calmerge.ok("link", "add", "--preset", "check-in", *SETTINGS)
    before = calmerge.ok("slots", "check-in", *WEEK)["slots"]
    assert before
    web.pages["/a.ics"] = Page(status=500)
    assert calmerge("sync").code == 4
    broken = calmerge.ok("slots", "check-in", *WEEK, "--explain")
    assert broken["slots"] == []
    assert {one["name"]: one["state"] for one in broken["sources"]} == {"Own": "fresh", "Feed": "broken"}
    assert {one["because"] for one in broken["closed"]} == {"unreadable"}
    assert "Feed" in broken["closed"][0]["opens_if"]
    assert {one["state"] for one in calmerge.ok("free", *WEEK)["spans"]} == {"unknown"}
    said = calmerge("slots", "check-in", *WEEK)
    assert said.code == 0
    assert "“Feed” cannot be read and closes its time" in said.out
    web.pages["/a.ics"] = Page(EVENT.format(uid="1", start="20271123T100000", end="20271123T110000", title="Board").encode())
    calmerge.ok("sync")
    assert calmerge.ok("slots", "check-in", *WEEK)["slots"] == before


def test_a_broken_calendar_closes_only_the_links_that_look_at_it(calmerge: Calmerge, web: WebServer) -> None:
    own = _local(calmerge)
    web.pages["/a.ics"] = Page(status=500)
    web.pages["/a.ics"] = Page(EVENT.format(uid="1", start="20271123T100000", end="20271123T110000", title="Board").encode())
    calmerge.ok("account", "add", "ics", web.url + "/a.ics", "--name", "Feed")
    calmerge.ok("sync")
    web.pages["/a.ics"] = Page(status=500)
    calmerge("sync")
    calmerge.ok("link", "add", "--preset", "check-in", *SETTINGS, "--set", f'busy=["{own}"]')
    assert calmerge.ok("slots", "check-in", *WEEK)["slots"]
    feed = next(one["id"] for one in calmerge.ok("calendar", "list")["calendars"] if one["name"] == "Feed")
    calmerge.ok("link", "edit", "check-in", "--unset", "busy")
    assert calmerge.ok("slots", "check-in", *WEEK)["slots"] == []
    calmerge.ok("calendar", "rule", feed, "--unreadable", "warn")
    found = calmerge.ok("slots", "check-in", *WEEK)
    assert found["slots"]
    assert "2027-11-23T10:00:00+01:00" not in [one["start"] for one in found["slots"]]  # what was known stays
    assert [one["state"] for one in found["sources"] if one["name"] == "Feed"] == ["broken"]


def test_a_series_needs_every_date_and_offers_repairs(calmerge: Calmerge) -> None:
    own = _local(calmerge)
    _event(calmerge, own, "Trade fair", "2027-12-21T09:00", "2027-12-21T10:00")
    calmerge.ok("link", "add", "--preset", "consultation", *SETTINGS)
    found = calmerge.ok(
        "slots", "consultation", "--from", "2027-11-23", "--to", "2027-11-24", "--tz", "Europe/Berlin", "--explain"
    )
    starts = [one["start"][11:16] for one in found["slots"]]
    assert "09:00" not in starts
    assert "10:30" in starts
    why = [one for one in found["closed"] if one["because"] == "series"]
    assert why
    dates = calmerge.ok("slots", "consultation", "--series", "2027-11-23T09:00", "--tz", "Europe/Berlin")["dates"]
    assert [one["free"] for one in dates] == [True, True, False, True, True, True]
    assert dates[2]["shift_to"][0]["start"] == "2027-12-21T10:00:00+01:00"
    assert dates[2]["swap_to"]


def test_the_file_of_a_link_comes_back_as_it_was(calmerge: Calmerge, tmp_path: Path) -> None:
    _local(calmerge)
    file = tmp_path / "link.toml"
    file.write_text('title = "Beratung"\nminutes = [30, 60]\nbuffer_after = "10m"\n[hours]\ntue = ["09:00-12:00"]\n')
    calmerge.ok("link", "add", "--file", str(file))
    shown = calmerge("link", "show", "beratung", "--toml")
    again = tmp_path / "again.toml"
    again.write_text(shown.out.replace('slug = "beratung"', 'slug = "zweite"'))
    calmerge.ok("link", "add", "--file", str(again))
    one, two = (calmerge.ok("link", "show", name)["link"] for name in ("beratung", "zweite"))
    assert {k: v for k, v in one.items() if k not in ("id", "slug")} == {
        k: v for k, v in two.items() if k not in ("id", "slug")
    }
    assert [each["slug"] for each in calmerge.ok("link", "list")["links"]] == ["beratung", "zweite"]
    calmerge.ok("link", "remove", "zweite")
    assert [each["slug"] for each in calmerge.ok("link", "list")["links"]] == ["beratung"]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["link", "add", "--preset", "nonsense"], "no preset"),
        (["link", "add", "--title", "x"], "“minutes” is missing"),
        (["link", "add", "--preset", "check-in", "--set", "offset=15"], "smaller than the interval"),
        (["link", "add", "--preset", "check-in", "--set", "nothing"], "no setting"),
        (["link", "add", "--preset", "check-in", "--set", 'hours={mon=["17:00-09:00"]}'], "before they start"),
        (["link", "add", "--preset", "check-in", "--set", "timezone=Mars/Base"], "no time zone"),
        (["link", "add", "--preset", "check-in", "--set", "per_day=0"], "never let anybody book"),
        (["link", "add", "--preset", "check-in", "--set", "schedule=nobody"], "no schedule"),
        (["link", "show", "nothing"], "no booking link"),
        (["slots", "nothing"], "no booking link"),
        (["schedule", "remove", "nothing"], "no schedule"),
        (["calendar", "rule", "nothing"], "no calendar"),
    ],
)
def test_bad_input_is_one_sentence(calmerge: Calmerge, arguments: list[str], part: str) -> None:
    answer = calmerge(*arguments)
    assert answer.code == 3
    assert part in answer.err
    assert answer.err.count("\n") == 1
    assert calmerge.ok("link", "list")["links"] == []


def test_a_target_that_cannot_work_is_warned_of_at_once(calmerge: Calmerge, web: WebServer) -> None:
    own = _local(calmerge)
    web.pages["/a.ics"] = Page(EVENT.format(uid="1", start="20271123T100000", end="20271123T110000", title="Board").encode())
    calmerge.ok("account", "add", "ics", web.url + "/a.ics", "--name", "Feed")

    def warned(*settings: str) -> list[str]:
        given: list[str] = [part for one in settings for part in ("--set", one)]
        made: dict[str, Any] = calmerge.ok("link", "add", "--title", "x", "--set", "minutes=30", *given)["link"]
        calmerge.ok("link", "remove", made["slug"])
        return list(made["warnings"])

    assert warned() == []
    assert "can only be read" in warned("target=Feed")[0]
    assert "is gone" in warned("target=c-nothing")[0]
    assert "not looked at" in warned(f"target={own}", 'busy=["Feed"]')[0]
    assert "No hours are as long" in warned('hours={mon=["09:00-09:20"]}')[0]


def test_schedules_come_from_files_and_leave_as_files(calmerge: Calmerge, tmp_path: Path) -> None:
    _local(calmerge)
    file = tmp_path / "praxis.toml"
    file.write_text('name = "Praxis"\ntimezone = "Europe/Berlin"\nholidays = "DE-BY"\n[hours]\ntue = ["09:00-12:00"]\n')
    made = calmerge.ok("schedule", "add", "--file", str(file))["schedule"]
    ics = tmp_path / "praxis.ics"
    ics.write_text(calmerge("schedule", "show", "Praxis", "--ics").out, newline="")
    calmerge.ok("schedule", "add", "--file", str(ics), "--replace", made["id"])
    assert calmerge.ok("schedule", "show", "Praxis")["schedule"]["hours"] == {"tue": ["09:00-12:00"]}
    calmerge.ok("link", "add", "--preset", "check-in", "--set", "schedule=Praxis", "--set", "horizon={}")
    found = calmerge.ok("slots", "check-in", *WEEK)["slots"]
    assert {one["start"][:10] for one in found} == {"2027-11-23"}
    assert calmerge("schedule", "remove", "Praxis").code == 3  # a link uses it


def test_a_link_keeps_within_a_second_schedule_and_on_the_guests_clock(calmerge: Calmerge, tmp_path: Path) -> None:
    """The second schedule cannot be removed while a link needs it; one that does not exist is refused."""
    _local(calmerge)
    for name, hours in (("days", "09:00-17:00"), ("mornings", "09:00-10:00")):
        file = tmp_path / f"{name}.toml"
        file.write_text(f'name = "{name}"\ntimezone = "Europe/Berlin"\nhours = {{tue = ["{hours}"]}}\n', encoding="utf-8")
        calmerge.ok("schedule", "add", "--file", str(file))
    plain = ("--set", "horizon={}", "--set", "minimum_notice=0", "--set", 'schedule="days"')
    refused = calmerge("link", "add", "--preset", "one-to-one", *plain, "--set", 'restrict="nights"')
    assert (refused.code, "no schedule “nights”" in refused.err) == (3, True)
    calmerge.ok("link", "add", "--preset", "one-to-one", *plain, "--set", 'restrict="mornings"')
    starts = [one["start"] for one in calmerge.ok("slots", "one-to-one", *WEEK)["slots"]]
    assert starts == ["2027-11-23T09:00:00+01:00", "2027-11-23T09:30:00+01:00"]
    refused = calmerge("schedule", "remove", "mornings")
    assert (refused.code, "One-to-one" in refused.err) == (3, True)
    calmerge.ok("link", "edit", "one-to-one", "--set", 'restrict=""', "--set", "guest_clock=true")
    asked = calmerge.ok("slots", "one-to-one", *WEEK[:4], "--tz", "America/New_York")["slots"]
    assert asked[0]["start"] == "2027-11-23T09:00:00-05:00"


def test_a_private_address_gets_a_key_nobody_can_guess(calmerge: Calmerge) -> None:
    _local(calmerge)
    made = calmerge.ok("link", "add", "--preset", "check-in", "--set", 'private_addresses=[{note="Novak"}, {uses="any"}]')
    addresses = made["link"]["private_addresses"]
    assert [(one.get("note"), one["uses"]) for one in addresses] == [("Novak", 1), (None, "any")]
    keys = {one["key"] for one in addresses}
    assert len(keys) == 2
    assert min(map(len, keys)) >= 22
    again = calmerge.ok("link", "edit", "check-in", "--set", "minimum_notice=60")["link"]["private_addresses"]
    assert {one["key"] for one in again} == keys


def test_a_link_is_shown_as_it_is_typed(calmerge: Calmerge, tmp_path: Path) -> None:
    """What stands there can be copied into a file; no notation of Python."""
    _local(calmerge)
    calmerge.ok("link", "add", "--preset", "consultation", "--set", "booker={most=2}", "--set", "hidden=true")
    said = calmerge("link", "show", "consultation").out
    assert "hidden = true" in said
    assert "[booker]\nmost = 2" in said
    file = tmp_path / "again.toml"
    file.write_text(said.replace('slug = "consultation"', 'slug = "again"'), encoding="utf-8")
    assert calmerge.ok("link", "edit", "consultation", "--file", str(file))["link"]["slug"] == "again"

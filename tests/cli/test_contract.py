"""The contract of the command line: documents, exit codes, sentences, and what never leaves."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Calmerge
from tests.servers.web import Page, WebServer

INSTANCE_KEYS = {
    "uid", "recurrence_id", "calendar", "calendars", "account", "summary", "start", "end", "all_day", "timezone", "status",
    "transparent", "location", "organizer", "attendees", "partstat", "recurring", "conference_url", "pending", "id",
}  # fmt: skip
ADD = ("event", "add", "--start", "2026-11-24T09:00", "--tz", "Europe/Berlin")
WEEK = ("--from", "2026-11-23", "--to", "2026-11-30", "--tz", "Europe/Berlin")


@pytest.fixture
def local(calmerge: Calmerge) -> Calmerge:
    """With a calendar kept only here."""
    calmerge.ok("account", "add", "local", "--name", "Privat", "--address", "me@example.test")
    return calmerge


def test_an_instance_has_the_keys_of_the_contract(local: Calmerge) -> None:
    """All of them, and people as objects."""
    local.ok(*ADD, "--title", "Lunch", "--attendee", "bo@example.test", "--location", "Küche")
    one = local.ok("agenda", *WEEK)["instances"][0]
    assert one.keys() >= INSTANCE_KEYS
    assert one["organizer"]["address"] == "me@example.test"
    assert [who["address"] for who in one["attendees"]] == ["bo@example.test"]
    assert (one["partstat"], one["pending"], one["timezone"]) == ("accepted", True, "Europe/Berlin")


def test_event_add_show_edit_delete_and_undo(local: Calmerge) -> None:
    """The whole life of an event, also after it was written."""
    made = local.ok(*ADD, "--title", "Lunch", "--rrule", "FREQ=DAILY;COUNT=3")["event"]
    assert (made["rrule"], made["sequence"]) == ("FREQ=DAILY;COUNT=3", 0)
    local.ok("sync")
    answer = local("event", "edit", made["id"], "--title", "x", "--json")
    assert (answer.code, answer.json["error"]["kind"]) == (3, "user")
    local.ok("event", "edit", made["id"], "--scope", "this", "--title", "Einmal")
    local.ok("sync")
    assert [one["summary"] for one in local.ok("agenda", *WEEK)["instances"]] == ["Einmal", "Lunch", "Lunch"]
    deleted = local.ok("event", "delete", made["id"], "--scope", "all")
    local.ok("sync")
    assert local.ok("agenda", *WEEK)["instances"] == []
    local.ok("journal", "undo", deleted["journal"])
    local.ok("sync")
    assert len(local.ok("agenda", *WEEK)["instances"]) == 3
    assert [one["action"] for one in local.ok("journal")["entries"]] == ["create", "delete", "change", "create"]


def test_options_stand_before_or_after_the_command(local: Calmerge) -> None:
    """`--json` anywhere."""
    assert local("--json", "account", "list").json == local("account", "list", "--json").json


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (("event", "show", "e-nothing"), 3, "unknown-id"),
        (("calendar", "set", "c-nothing", "--visible", "no"), 3, "unknown-id"),
        (("account", "remove", "a-nothing"), 3, "unknown-id"),
        (("account", "add", "ics", "/does/not/exist.ics"), 3, "input"),
        (("account", "add", "ics", "ftp://example.test/a.ics"), 3, "input"),
        (("account", "add", "ics", "http://127.0.0.1:9/a.ics"), 4, "offline"),
        (("agenda", "--from", "nonsense"), 3, "input"),
        (("agenda", "--from", "2026-02-30"), 3, "input"),
        (("agenda", "--from", "2026-11-24", "--to", "2026-11-20"), 3, "input"),
        (("agenda", "--tz", "Mars/Olympus"), 3, "input"),
        (("agenda", "--calendar", "nobody"), 3, "unknown-id"),
        (("event", "add", "--title", "x", "--start", "2026-11-24T09:00", "--end", "2026-11-24T08:00"), 3, "input"),
        (("event", "add", "--title", "x", "--start", "2026-11-24", "--rrule", "FREQ=NEVER"), 3, "bad-data"),
        (("event", "add", "--title", "x", "--start", "2026-11-24", "--attendee", "nobody"), 3, "input"),
        (("week", "--png", "/does/not/exist/week.png"), 3, "input"),
        (("journal", "undo", "j-99"), 3, "unknown-id"),
        (("conflict", "resolve", "e-x", "mine"), 3, "unknown-id"),
    ],
)
def test_what_cannot_be_done_ends_with_one_sentence(
    local: Calmerge, arguments: tuple[str, ...], code: int, kind: str
) -> None:
    """On stderr for people, as a document with `--json`; never a traceback."""
    answer = local(*arguments, "--json")
    assert (answer.code, answer.json["error"]["kind"]) == (code, kind)
    assert answer.json["error"]["message"].endswith(".")
    assert answer.err.strip()


def test_wrong_usage_ends_with_2(calmerge: Calmerge) -> None:
    """Unknown commands, missing arguments."""
    assert calmerge("nonsense").code == 2
    assert calmerge("event", "add").code == 2
    assert calmerge("sync", "--nonsense").code == 2


def test_a_web_page_is_no_calendar(calmerge: Calmerge, web: WebServer) -> None:
    """It says so and stores nothing."""
    web.pages["/page"] = Page(b"<!DOCTYPE html><html><body>Hello</body></html>")
    answer = calmerge("account", "add", "ics", f"{web.url}/page", "--json")
    assert (answer.code, answer.json["error"]["kind"]) == (3, "not-a-calendar")
    assert calmerge.ok("account", "list")["accounts"] == []


def test_search_export_and_busy_only(local: Calmerge, tmp_path: Path) -> None:
    """What is found, and what an export shows of it."""
    local.ok(*ADD, "--title", "Geheimes Treffen", "--location", "Keller")
    local.ok("sync")
    assert [one["summary"] for one in local.ok("search", "geheim")["instances"]] == ["Geheimes Treffen"]
    whole, busy = tmp_path / "all.ics", tmp_path / "busy.ics"
    assert local.ok("export", str(whole))["events"] == 1
    assert "SUMMARY:Geheimes Treffen" in whole.read_text()
    assert "BEGIN:VTIMEZONE" in whole.read_text()
    local.ok("export", *WEEK, "--busy-only", str(busy))
    text = busy.read_text()
    assert "DTSTART:20261124T080000Z" in text
    assert "Geheim" not in text
    assert "Keller" not in text


def test_backup_and_restore_bring_everything_back(local: Calmerge, tmp_path: Path) -> None:
    """Own calendars, roles and what was not sent yet; what was there is kept aside."""
    local.ok(*ADD, "--title", "Sent")
    local.ok("sync")
    local.ok(*ADD, "--title", "Unsent")
    archive = tmp_path / "calmerge.zip"
    local.ok("backup", str(archive))
    assert "ledger.sqlite" in zipfile.ZipFile(archive).namelist()
    account = local.ok("account", "list")["accounts"][0]["id"]
    local.ok("account", "remove", account)
    assert local.ok("agenda", *WEEK)["instances"] == []
    kept = local.ok("restore", str(archive))["kept"]
    assert (local.home / kept / "ledger.sqlite").exists()
    local.ok("sync")
    assert sorted(one["summary"] for one in local.ok("agenda", *WEEK)["instances"]) == ["Sent", "Unsent"]


def test_a_restore_from_nonsense_changes_nothing(local: Calmerge, tmp_path: Path) -> None:
    """One sentence."""
    (tmp_path / "x.zip").write_bytes(b"PK nonsense")
    answer = local("restore", str(tmp_path / "x.zip"), "--json")
    assert (answer.code, answer.json["error"]["kind"]) == (3, "input")
    assert len(local.ok("account", "list")["accounts"]) == 1


def test_two_processes_never_sync_one_profile(local: Calmerge) -> None:
    """The second is told, exit 4."""
    from calmerge_desktop.app.lock import ProfileLock

    lock = ProfileLock(local.home / "sync.lock")
    lock.acquire()
    answer = local("sync", "--json")
    lock.release()
    assert (answer.code, answer.json["error"]["kind"]) == (4, "busy")


CANARIES = ("Kanarienvogel", "Geheimort", "kanari@example.test", "hunter2canary")


def test_nothing_private_reaches_the_log_and_no_password_the_disk(
    calmerge: Calmerge, web: WebServer, tmp_path: Path
) -> None:
    """Canary words in titles, places, people, addresses and passwords: searched for afterwards, debug log and failures included."""
    title, place, person, password = CANARIES
    body = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261124T090000Z\r\n"
        f"SUMMARY:{title}\r\nLOCATION:{place}\r\nATTENDEE:mailto:{person}\r\nEND:VEVENT\r\n"
        f"BEGIN:VEVENT\r\nUID:2\r\nDTSTART:{title}\r\nSUMMARY:{title}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    web.pages["/cal.ics"] = Page(body.encode())
    address = web.url.replace("http://", f"http://user:{password}@") + "/cal.ics"
    calmerge.ok("--debug", "account", "add", "ics", address)
    calmerge.ok("--debug", "sync")
    web.pages["/cal.ics"] = Page(title.encode(), status=500)
    calmerge("--debug", "sync")
    calmerge.ok("--debug", "account", "add", "local", "--name", "Privat", "--address", person)
    calmerge.ok("--debug", *ADD, "--calendar", "Privat", "--title", title, "--location", place, "--attendee", person)
    calmerge.ok("--debug", "sync", "--account", "Privat")
    calmerge("--debug", "search", title)
    logs = "".join(path.read_text() for path in (calmerge.home / "logs").glob("*"))
    assert "visit" in logs, "the log is written at all"
    for word in CANARIES:
        assert word not in logs
    guilty = [path for path in calmerge.home.rglob("*") if path.is_file() and password.encode() in path.read_bytes()]
    assert guilty == []


def test_the_program_runs_as_a_process(tmp_path: Path) -> None:
    """`python -m calmerge_desktop` is the command; JSON on stdout and nothing else."""
    command = [sys.executable, "-m", "calmerge_desktop", "--home", str(tmp_path), "account", "list", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == '{\n  "accounts": []\n}'
    assert done.stderr == ""


@pytest.mark.gui
def test_pictures_are_written(local: Calmerge, tmp_path: Path) -> None:
    """The week and the sample, as PNG files of the size asked for."""
    for arguments in (("week", "--date", "2026-11-24"), ("demo",)):
        path = tmp_path / f"{arguments[0]}.png"
        command = [sys.executable, "-m", "calmerge_desktop", "--home", str(local.home), *arguments]
        subprocess.run([*command, "--png", str(path), "--size", "1000x700", "--theme", "dark"], check=True)
        data = path.read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (1000, 700)


def test_the_sample_is_printed(calmerge: Calmerge) -> None:
    """The week of the pictures."""
    found = calmerge.ok("demo", "--text")["instances"]
    assert {"Zahnarzt Dr. Brandt", "Fokuszeit", "Kita-Fest"} <= {one["summary"] for one in found}


def test_an_account_gets_an_address_and_then_offers_times(calmerge: Calmerge) -> None:
    """The sentence that refuses names the command, and the command helps."""
    made = calmerge.ok("account", "add", "local")["account"]
    asked = ("propose", "30m", "--to", "sam@example.test")
    refused = calmerge(*asked, "--json")
    assert refused.code == 3
    assert f"calmerge account set {made['id']} --address" in refused.json["error"]["hint"]
    assert calmerge("account", "set", made["id"], "--address", "nonsense").code == 3
    assert calmerge("account", "set", made["id"], "--name", " ").code == 3
    assert calmerge("account", "set", made["id"]).code == 3
    changed = calmerge.ok("account", "set", made["id"], "--address", "Me@example.test", "--name", "Mine")["account"]
    assert (changed["address"], changed["name"]) == ("me@example.test", "Mine")
    calmerge.ok("sync")
    assert calmerge(*asked).code == 0


def test_what_is_unknown_says_where_the_known_ones_are(calmerge: Calmerge) -> None:
    wrong = (("event", "show", "x"), ("proposal", "show", "x"), ("schedule", "show", "x"), ("journal", "undo", "x"))
    for words in wrong:
        answer = calmerge(*words, "--json")
        assert (answer.code, answer.json["error"]["kind"]) == (3, "unknown-id")
        assert "calmerge " in answer.json["error"]["hint"], words


def test_a_password_without_a_terminal_is_asked_for_by_its_option(calmerge: Calmerge) -> None:
    answer = calmerge("account", "add", "caldav", "http://127.0.0.1:1/", "--user", "me", "--json")
    assert (answer.code, answer.json["error"]["hint"]) == (3, "Pipe it in with --password-stdin.")

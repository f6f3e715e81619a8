"""The round trip without a server: offered, answered, booked; and every way in which an answer is not a booking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Calmerge

GUEST = "sam@example.test"
_NOW = datetime.now(UTC)
_MONDAY = (_NOW + timedelta(days=7 - _NOW.weekday())).date()


def when(day: int, hour: str) -> str:
    """A time next week; day 0 is Monday."""
    return f"{_MONDAY + timedelta(days=day)}T{hour}"


SLOTS = ("--slot", when(1, "10:00"), "--slot", when(2, "14:00"), "--slot", when(3, "09:30"))


@pytest.fixture
def lena(calmerge: Calmerge) -> Calmerge:
    calmerge.ok("account", "add", "local", "--name", "Own", "--address", "lena@example.test")
    return calmerge


def _propose(lena: Calmerge, *more: str) -> Any:
    return lena.ok("propose", "30m", "--to", GUEST, "--title", "Erstgespräch", *(more or SLOTS))["proposal"]


def _events(lena: Calmerge) -> list[tuple[str, str]]:
    found = lena.ok("agenda", "--from", str(_MONDAY), "--to", str(_MONDAY + timedelta(days=7)))["instances"]
    return [(one["summary"], one["start"][:16]) for one in found]


def _reply(text: str, sender: str = GUEST, references: str = "") -> str:
    mail = EmailMessage(policy=default)
    mail["From"], mail["To"], mail["Subject"] = sender, "lena@example.test", "Re: Erstgespräch"
    if references:
        mail["In-Reply-To"] = references
    mail.set_content(text)
    return mail.as_string()


def _read(lena: Calmerge, text: str) -> Any:
    return lena.ok("proposal", "read", "-", stdin=text)


def test_a_token_books_and_releases_the_rest(lena: Calmerge) -> None:
    made = _propose(lena, *SLOTS, "--hold", "--expires", str(_MONDAY + timedelta(days=1)))
    assert [one["hold"] for one in made["slots"]] == [True] * 3
    assert [name for name, _start in _events(lena)] == ["Held: Erstgespräch"] * 3
    done = _read(lena, f"Gern, diese Zeit:\n\n{made['slots'][1]['token']}\n")
    assert done["proposal"]["state"] == "booked"
    assert done["proposal"]["booking"]["slot"] == 2
    assert _events(lena) == [("Erstgespräch", when(2, "14:00"))]
    again = _read(lena, made["slots"][1]["token"])
    assert again["proposal"]["state"] == "booked"
    assert len(_events(lena)) == 1


def test_the_booking_invites_the_guest_once(lena: Calmerge) -> None:
    made = _propose(lena)
    _read(lena, made["slots"][0]["token"])
    event = lena.ok("agenda", "--from", when(1, "00:00"), "--to", when(2, "00:00"))["instances"][0]
    assert [one["address"] for one in event["attendees"]] == [GUEST]
    assert event["organizer"]["address"] == "lena@example.test"


def test_a_number_in_a_mail_from_the_guest_books(lena: Calmerge) -> None:
    _propose(lena)
    quoted = "> 1) Dienstag\n> 2) Mittwoch\n> 3) Donnerstag\n"
    done = _read(lena, _reply(f"2 passt\n\nAm Mo., 22. Nov. schrieb Lena:\n{quoted}"))
    assert done["proposal"]["booking"]["slot"] == 2


def test_words_wait_for_the_person(lena: Calmerge) -> None:
    made = _propose(lena)
    found = _read(lena, _reply("Mittwoch 14 Uhr passt mir gut."))
    assert (found["proposal"]["state"], found["answer"]["choices"]) == ("answered", [2])
    assert 0 < found["answer"]["confidence"] < 1
    assert _events(lena) == []
    done = lena.ok("proposal", "book", made["id"], "2")
    assert done["proposal"]["state"] == "booked"
    assert _events(lena) == [("Erstgespräch", when(2, "14:00"))]


def test_an_answer_from_another_address_is_shown_and_not_booked(lena: Calmerge) -> None:
    made = _propose(lena)
    found = _read(lena, _reply(made["slots"][0]["token"], sender="eve@example.test"))
    assert found["proposal"]["state"] == "answered"
    assert found["answer"]["known_sender"] is False
    assert _events(lena) == []


def test_a_time_that_went_is_a_conflict_and_has_a_polite_answer(lena: Calmerge) -> None:
    made = _propose(lena)
    lena.ok("event", "add", "--title", "Board", "--start", when(1, "10:00"), "--end", when(1, "11:00"))
    answer = lena("proposal", "read", "-", "--json", stdin=made["slots"][0]["token"])
    assert answer.code == 5
    assert answer.json["error"]["kind"] == "conflict"
    assert [name for name, _start in _events(lena)] == ["Board"]
    polite = lena.ok("proposal", "counter", made["id"], "1")
    assert polite["subject"].startswith("Re: ")
    assert "was taken in the meantime" in polite["text"]
    assert "1) " in polite["text"]


def test_two_guests_one_slot_one_meeting(lena: Calmerge) -> None:
    one, two = _propose(lena), _propose(lena)
    assert _read(lena, one["slots"][0]["token"])["proposal"]["state"] == "booked"
    assert lena("proposal", "read", "-", stdin=two["slots"][0]["token"]).code == 5
    assert len(_events(lena)) == 1


@pytest.mark.parametrize("how", ["forged", "other proposal", "nothing", "two"])
def test_what_is_no_choice_books_nothing(lena: Calmerge, how: str) -> None:
    made, other = _propose(lena), _propose(lena, *SLOTS, "--title", "Other")
    token = made["slots"][0]["token"]
    texts = {
        "forged": token[:-8] + ("A" if token[-8] != "A" else "B") + token[-7:],
        "other proposal": "CM1-" + other["slots"][0]["token"][4:24] + token[24:],
        "nothing": "Danke!",
        "two": f"{token}\n{made['slots'][1]['token']}",
    }
    lena("proposal", "read", "-", stdin=texts[how])
    assert _events(lena) == []
    assert {one["state"] for one in lena.ok("proposal", "list")["proposals"]} <= {"open", "answered"}


def test_withdrawn_and_expired_offers_hold_nothing_and_book_nothing(lena: Calmerge) -> None:
    made = _propose(lena, *SLOTS, "--hold")
    assert lena.ok("proposal", "withdraw", made["id"])["proposal"]["state"] == "withdrawn"
    assert _events(lena) == []
    found = _read(lena, made["slots"][0]["token"])
    assert "withdrawn" in found["answer"]["trouble"]
    assert _events(lena) == []
    old = lena.ok("propose", "30m", "--to", GUEST, *SLOTS, "--hold", "--expires", "now")["proposal"]
    assert old["state"] in ("open", "expired")
    assert lena.ok("proposal", "show", old["id"])["proposal"]["state"] == "expired"
    assert _events(lena) == []


def test_an_unreadable_calendar_stops_the_booking_until_the_person_insists(lena: Calmerge, tmp_path: Path) -> None:
    feed = tmp_path / "feed.ics"
    feed.write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
        "DTSTART:20260102T000000Z\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", newline="",
    )  # fmt: skip
    lena.ok("account", "add", "ics", str(feed), "--name", "Feed")
    lena.ok("sync")
    made = _propose(lena)
    feed.write_text("no calendar")
    lena("sync")
    answer = lena("proposal", "read", "-", stdin=made["slots"][0]["token"])
    assert answer.code == 5
    assert "“Feed” cannot be read" in answer.err
    assert _events(lena) == []
    assert lena("proposal", "book", made["id"], "1").code == 4
    assert lena.ok("proposal", "book", made["id"], "1", "--force")["proposal"]["state"] == "booked"


def test_the_program_chooses_free_times_on_different_days(lena: Calmerge) -> None:
    lena.ok("event", "add", "--title", "Full", "--start", when(1, "00:00"), "--end", when(2, "00:00"))
    made = lena.ok("propose", "45m", "--to", GUEST, "--count", "3", "--tz", "America/New_York", "--lang", "en")["proposal"]
    days = [one["start"][:10] for one in made["slots"]]
    assert len(set(days)) == 3
    assert str(_MONDAY + timedelta(days=1)) not in days
    assert "New York" in made["text"]
    assert "Berlin" in made["text"]
    assert "mailto:lena@example.test" in made["html"]
    assert "mailto:" not in made["text"]
    longest = max(part.split('"')[0] for part in made["html"].split('href="')[1:])
    assert len(longest) <= 1500


def test_german_reads_as_german(lena: Calmerge) -> None:
    made = _propose(lena, *SLOTS, "--lang", "de", "--name", "Clara Nunes")
    assert "Clara Nunes" in made["text"]
    assert "10:00–10:30 Uhr, Berlin (UTC+1)" in made["text"] or "10:00–10:30 Uhr, Berlin (UTC+2)" in made["text"]
    assert "Kind regards" not in made["text"]


@pytest.mark.parametrize("form", ["text", "html", "ics", "eml"])
def test_every_format_is_printed(lena: Calmerge, form: str) -> None:
    out = lena("propose", "30m", "--to", GUEST, *SLOTS, "--format", form).out
    start = {"text": "Hello,", "html": "<!DOCTYPE html>", "ics": "BEGIN:VCALENDAR", "eml": "From: "}[form]
    assert out.startswith(start)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["propose", "30m", "--to", "nobody"], "no mail address"),
        (["propose", "nonsense", "--to", GUEST], "neither a booking link nor a length"),
        (["propose", "30m", "--to", GUEST, "--slot", "2020-01-01T10:00"], "over already"),
        (["propose", "30m", "--to", GUEST, "--slot", "2030-01-01"], "no time of day"),
        (["propose", "30m", "--to", GUEST, "--slot", "2030-01-01T10:00/2030-01-01T09:00"], "ends before it starts"),
        (["propose", "30m", "--to", GUEST, "--count", "0"], "Between 1 and"),
        (["propose", "2d", "--to", GUEST], "between 1 minute and a day"),
        (["propose", "30m", "--to", GUEST, "--tz", "Mars/Base"], "no time zone"),
        (["proposal", "show", "nothing"], "no proposal"),
        (["proposal", "withdraw", "nothing"], "no proposal"),
        (["proposal", "read", "no-such-file"], "cannot be read"),
    ],
)
def test_bad_input_is_one_sentence_and_keeps_nothing(lena: Calmerge, arguments: list[str], part: str) -> None:
    answer = lena(*arguments)
    assert answer.code == 3
    assert part in answer.err
    assert answer.err.count("\n") == 1
    assert lena.ok("proposal", "list")["proposals"] == []


def test_an_account_without_address_cannot_invite(calmerge: Calmerge) -> None:
    calmerge.ok("account", "add", "local", "--name", "Own")
    answer = calmerge("propose", "30m", "--to", GUEST, *SLOTS)
    assert answer.code == 3
    assert "no mail address to invite from" in answer.err

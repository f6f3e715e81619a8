"""What a watched mailbox may change by itself."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core.errors import UnknownId


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Profile]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    opened = Profile.open(str(tmp_path / "home"))
    opened.desk.accounts.add("local", {"name": "Lena", "path": str(tmp_path / "own"), "address": "lena@example.test"})
    yield opened
    opened.close()


def mail(method: str) -> bytes:
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", f"METHOD:{method}", "BEGIN:VEVENT", "UID:win-a-prize",
        "DTSTAMP:20261101T090000Z", "DTSTART:20270105T090000Z", "DTEND:20270105T100000Z", "SUMMARY:Win a prize",
        "ORGANIZER:mailto:eve@example.test",
        *(["ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:lena@example.test"] if method == "REQUEST" else []),
        "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "eve@example.test", "lena@example.test", "Look"
    made["Message-ID"] = "<1@example.test>"
    made.set_content("Hello")
    made.add_attachment("\r\n".join(lines).encode(), maintype="text", subtype="calendar", filename="x.ics")
    return made.as_bytes()


def titles(profile: Profile) -> list[str]:
    return [one.summary for one in profile.desk.view.instances(1_798_000_000, 1_800_000_000, "UTC")]


def test_an_event_that_a_stranger_shows_does_not_come_in_by_itself(profile: Profile) -> None:
    """The person may still take it in."""
    with pytest.raises(UnknownId):
        profile.mail.take(mail("PUBLISH"))
    assert titles(profile) == []
    assert profile.desk.inbox.list() == []
    profile.desk.inbox.take(mail("PUBLISH"))
    assert titles(profile) == ["Win a prize"]


def test_an_invitation_does(profile: Profile) -> None:
    assert profile.mail.take(mail("REQUEST"))
    assert titles(profile) == ["Win a prize"]

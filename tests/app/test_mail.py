"""What a watched mailbox may change by itself."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from calmerge_desktop.app.lock import ProfileLock
from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core.errors import UnknownId
from calmerge_desktop.core.mail_ports import Letter, Mailbox
from tests.servers.smtp import PASSWORD, USER, SmtpServer


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


def test_what_waits_to_be_taken_back_leaves_when_the_window_is_closed(profile: Profile, smtp: SmtpServer) -> None:
    """What a server deferred keeps its own time; a second CalMerge that has the mail is left to send it."""
    config = {"host": "localhost", "port": str(smtp.port), "security": "starttls", "user": USER}
    profile.desk.mail.add(Mailbox(address=USER, name="", kind="smtp", config=config), PASSWORD)
    later = profile.clock() + 10

    def put(key: str) -> None:
        letter = Letter(
            key=key, created=0, sender=USER, recipient="bob@example.test", subject=key, mime=f"Subject: {key}\r\n\r\nHi\r\n",
            not_before=later,
        )  # fmt: skip
        assert profile.store.post.put_letters([letter]) == 1

    put("fresh")
    put("deferred")
    (_fresh, deferred) = profile.store.post.letters()
    profile.store.post.mark(deferred.id, "waiting", not_before=later, again=True)
    other = ProfileLock(profile.folders.data / "mail.lock")
    other.acquire()
    profile.mail.part()
    assert smtp.mails == []
    other.release()
    profile.mail.part()
    assert [b"fresh" in data for _sender, _to, data in smtp.mails] == [True]
    assert [one.key for one in profile.store.post.letters()] == ["deferred"]

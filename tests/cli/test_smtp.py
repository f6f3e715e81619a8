"""Letters by SMTP from the real command line: some guests refused, a server that wants patience, dies, or is not the right one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Calmerge
from tests.servers.smtp import PASSWORD, USER, SmtpServer


@pytest.fixture
def alice(calmerge: Calmerge, smtp: SmtpServer) -> Calmerge:
    calmerge.ok("account", "add", "local", "--name", "Own", "--address", USER)
    add(calmerge, smtp)
    return calmerge


def add(one: Calmerge, smtp: SmtpServer, password: str = PASSWORD, *more: str) -> Any:
    words = ("--address", USER, "--smtp", f"127.0.0.1:{smtp.port}", "--password-stdin", *more)
    return one("mail", "add", *words, "--json", stdin=f"{password}\n")


def invite(alice: Calmerge, *names: str) -> None:
    guests = [word for name in names for word in ("--attendee", f"{name}@example.test")]
    made = alice.ok(
        "event", "add", "--title", "canary-title", "--start", "2027-11-23T10:00", "--tz", "Europe/Berlin", *guests
    )
    alice.ok("invite", made["event"]["id"], "--send")


def letters(alice: Calmerge) -> dict[str, Any]:
    return {one["to"].partition("@")[0]: one for one in alice.ok("mail", "outbox", "--all")["letters"]}


def arrived(smtp: SmtpServer) -> list[str]:
    return sorted(recipient.partition("@")[0] for _sender, recipients, _mail in smtp.mails for recipient in recipients)


def test_one_of_three_guests_is_refused(alice: Calmerge, smtp: SmtpServer) -> None:
    """The others have it; the person is told who, and why; nothing is sent twice."""
    invite(alice, "bob", "reject", "carol")
    done = alice("sync", "--json")
    assert done.code == 3
    assert (done.json["mail"]["sent"], done.json["mail"]["refused"]) == (2, 1)
    found = letters(alice)
    assert {name: one["state"] for name, one in found.items()} == {"bob": "sent", "carol": "sent", "reject": "refused"}
    assert "no such user here" in found["reject"]["reason"]
    assert alice("sync").code == 0
    assert arrived(smtp) == ["bob", "carol"]
    check = next(one for one in alice("doctor", "--json").json["checks"] if one["name"] == "Mail")
    assert (check["ok"], check["message"]) == (False, "1 letter needs you.")
    alice.ok("mail", "drop", str(found["reject"]["id"]))
    assert alice.ok("mail", "outbox")["letters"] == []


def test_come_back_later(alice: Calmerge, smtp: SmtpServer) -> None:
    """It waits with its reason, is not asked again at once, and leaves when the server is ready."""
    invite(alice, "defer", "bob")
    done = alice.ok("sync")
    assert (done["mail"]["sent"], done["mail"]["waiting"]) == (1, 1)
    one = letters(alice)["defer"]
    assert (one["state"], one["tries"]) == ("waiting", 1)
    assert "asks to come back later (SMTP 451)" in one["reason"]
    smtp.deferring = False
    assert alice.ok("sync")["mail"]["sent"] == 0
    alice.ok("mail", "retry", str(one["id"]))
    assert alice.ok("sync")["mail"]["sent"] == 1
    assert arrived(smtp) == ["bob", "defer"]


def test_a_server_that_dies_after_the_whole_mail(alice: Calmerge, smtp: SmtpServer) -> None:
    """Nobody knows whether it arrived: told, and sent again only at the person's word."""
    invite(alice, "dies", "bob")
    done = alice("sync", "--json")
    assert (done.code, done.json["mail"]["unsure"]) == (3, 1)
    alice("sync")
    found = letters(alice)
    assert found["dies"]["state"] == "unsure"
    assert "may have arrived. Ask the recipient before you send it again." in found["dies"]["reason"]
    assert arrived(smtp).count("dies") == 1
    alice.ok("mail", "retry", str(found["bob"]["id"])) if found["bob"]["state"] == "waiting" else None
    alice("sync")
    assert arrived(smtp) == ["bob", "dies"]


def test_a_server_that_dies_before_the_mail(alice: Calmerge, smtp: SmtpServer) -> None:
    """Surely not taken, so it waits and is tried again."""
    smtp.dies_before_data = True
    invite(alice, "bob")
    alice("sync")
    one = letters(alice)["bob"]
    assert one["state"] == "waiting"
    assert "broke off" in one["reason"]
    smtp.dies_before_data = False
    alice.ok("mail", "retry", str(one["id"]))
    assert alice.ok("sync")["mail"]["sent"] == 1
    assert arrived(smtp) == ["bob"]


def test_a_password_that_was_changed_elsewhere(alice: Calmerge, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its letters wait and say why; with the new one they leave at once."""
    monkeypatch.setattr("tests.servers.smtp.PASSWORD", "a new one")
    invite(alice, "bob")
    done = alice.ok("sync")
    assert (done["mail"]["sent"], done["mail"]["waiting"]) == (0, 1)
    assert "does not accept this user name and password" in letters(alice)["bob"]["reason"]
    refused = add(alice, smtp, PASSWORD)
    assert (refused.code, refused.json["error"]["kind"]) == (3, "sign-in")
    assert add(alice, smtp, "a new one").code == 0
    assert alice.ok("sync")["mail"]["sent"] == 1


def test_a_certificate_nobody_trusts(alice: Calmerge, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """No password and no mail leaves; the letter says why it waits."""
    monkeypatch.delenv("SSL_CERT_FILE")
    invite(alice, "bob")
    alice("sync")
    assert "The certificate of 127.0.0.1" in letters(alice)["bob"]["reason"]
    answer = add(alice, smtp)
    assert answer.code == 4
    assert "is not trusted on this computer" in answer.json["error"]["message"]
    assert smtp.mails == []


def test_nobody_reads_titles_or_guests_in_the_log(alice: Calmerge, smtp: SmtpServer) -> None:
    invite(alice, "bob", "reject", "defer", "dies")
    alice("sync")
    assert smtp.mails
    logs = "".join(one.read_text() for one in alice.home.rglob("*.log*"))
    assert logs
    for word in ("canary", "bob@", "reject@", "defer@", "dies@", USER, PASSWORD):
        assert word not in logs

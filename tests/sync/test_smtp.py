"""Sending through a real SMTP server: every failure sorted by who must act, and nothing sent twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from calmerge_desktop.core.errors import BadInput, CalmergeError, DeliveryUnknown, Offline, ServerTrouble, SignInNeeded
from calmerge_desktop.core.mail_ports import Letter, Mailbox
from calmerge_desktop.core.store import Store
from calmerge_desktop.sync.mail.outgoing import Outgoing
from calmerge_desktop.sync.mail.server import smtp_server
from calmerge_desktop.sync.mail.smtp import SmtpSender
from tests.servers.caldav import free_port
from tests.servers.smtp import PASSWORD, USER, SmtpServer

MIME = b"Subject: x\r\n\r\n.dot\r\nHello\r\n"


def box(port: int, **more: str) -> Mailbox:
    config = {"host": "127.0.0.1", "port": str(port), "security": "starttls"} | more
    return Mailbox(USER, "Alice", "smtp", config)


def opened(one: Mailbox, password: str = PASSWORD) -> SmtpSender:
    return SmtpSender(smtp_server(one), password)


def test_a_mail_arrives_as_it_is(smtp: SmtpServer) -> None:
    """Dots at the beginning of a line included; several over one connection."""
    sender = opened(box(smtp.port))
    for name in ("bob", "carol"):
        sender.send(MIME, USER, f"{name}@example.test")
    sender.close()
    assert [one[1:] for one in smtp.mails] == [([f"{name}@example.test"], MIME) for name in ("bob", "carol")]


@pytest.mark.parametrize(
    ("recipient", "mime", "error"),
    [
        ("reject@example.test", MIME, BadInput),
        ("defer@example.test", MIME, ServerTrouble),
        ("bob@example.test", b"Subject: SPAM\r\n\r\n", BadInput),
        ("dies@example.test", MIME, DeliveryUnknown),
    ],
)
def test_every_refusal_is_sorted(smtp: SmtpServer, recipient: str, mime: bytes, error: type[CalmergeError]) -> None:
    sender = opened(box(smtp.port))
    with pytest.raises(error) as caught:
        sender.send(mime, USER, recipient)
    assert caught.value.message.endswith(".")
    sender.close()


def test_a_connection_that_breaks_before_the_mail_is_worth_another_try(smtp: SmtpServer) -> None:
    smtp.dies_before_data = True
    sender = opened(box(smtp.port))
    with pytest.raises(Offline):
        sender.send(MIME, USER, "bob@example.test")
    sender.close()
    assert smtp.mails == []


def test_who_cannot_sign_in_or_be_trusted_is_told(smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong password, nobody there, no TLS, a certificate nobody trusts, a password in the clear."""
    with pytest.raises(SignInNeeded):
        opened(box(smtp.port), "wrong")
    with pytest.raises(Offline, match="refuses the connection"):
        opened(box(free_port()))
    with pytest.raises(BadInput, match="anybody on the way"):
        opened(box(25, host="mail.example.test", security="none"))
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Offline, match="not trusted"):
        opened(box(smtp.port))


def _store(folder: Path, smtp: SmtpServer, *recipients: str) -> Store:
    store = Store(folder, lambda: 1000)
    store.post.keep_mailbox(box(smtp.port))
    store.post.put_letters(
        [
            Letter(key=one, created=0, sender=USER, recipient=one, subject="x", mime="Subject: x\r\n\r\nHi\r\n")
            for one in recipients
        ]
    )
    return store


def test_letters_end_in_the_state_that_is_true(smtp: SmtpServer, tmp_path: Path) -> None:
    """One server's trouble with one letter holds up no other; what is unsure or refused is never sent again by itself."""
    names = ["bob", "reject", "defer", "carol", "dies"]
    store = _store(tmp_path, smtp, *(f"{name}@example.test" for name in names))
    store.post.put_letters(
        [Letter(key="y", created=0, sender="eve@example.test", recipient="bob@example.test", subject="x", mime="x")]
    )
    outgoing = Outgoing(store.post, opened, lambda: 1000)
    news = outgoing.send_due(lambda: None)
    assert (news.sent, news.refused, news.unsure) == (2, 1, 1)
    states = {one.recipient.partition("@")[0] + one.sender[0]: one.state for one in store.post.letters(everything=True)}
    assert states == {
        "boba": "sent",
        "rejecta": "refused",
        "defera": "waiting",
        "carola": "sent",
        "diesa": "unsure",
        "bobe": "waiting",
    }
    assert all(one.reason for one in store.post.letters())
    before = len(smtp.mails)
    again = Outgoing(store.post, opened, lambda: 1000).send_due(lambda: None)
    assert (again.sent, again.refused, again.unsure, len(smtp.mails)) == (0, 0, 0, before)
    store.close()


def test_a_letter_under_way_when_the_program_died_is_unsure(smtp: SmtpServer, tmp_path: Path) -> None:
    store = _store(tmp_path, smtp, "bob@example.test")
    (letter,) = store.post.due(1000)
    assert store.post.claim(letter.id)
    assert not store.post.claim(letter.id)
    assert store.post.interrupted() == 1
    assert Outgoing(store.post, opened, lambda: 1000).send_due(lambda: None).sent == 0
    assert [one.state for one in store.post.letters()] == ["unsure"]
    store.post.resend(letter.id)
    assert Outgoing(store.post, opened, lambda: 1000).send_due(lambda: None).sent == 1
    store.close()


def test_a_wrong_password_lets_the_letters_wait(smtp: SmtpServer, tmp_path: Path) -> None:
    store = _store(tmp_path, smtp, "bob@example.test", "carol@example.test")
    outgoing = Outgoing(store.post, lambda one: opened(one, "wrong"), lambda: 1000)
    assert len(outgoing.send_due(lambda: None).troubles) == 1
    assert {(one.state, one.tries) for one in store.post.letters()} == {("waiting", 1)}
    assert store.post.due(1000) == []
    store.close()

"""Mailboxes in the window: linked, tested, changed and removed against real servers, with one sentence for each failure."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core import texts
from calmerge_desktop.core.agenda.mailing import secret_of
from calmerge_desktop.core.mail_ports import BY_ACCOUNT, Letter, Mailbox, Seen
from calmerge_desktop.ui.inbox.page import InboxPage
from calmerge_desktop.ui.mailboxes.sheet import MailboxesSheet
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.settings_sheet import SettingsSheet
from tests.servers import linking
from tests.servers.google import GoogleServer
from tests.servers.smtp import PASSWORD, USER, SmtpServer
from tests.ui.inviting.conftest import Alice

pytestmark = pytest.mark.gui
Snapshot = Callable[[str, QImage], None]


def calm(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.session.runner.busy)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not window.session.runner.busy)


def opened(qtbot: QtBot, window: MainWindow) -> MailboxesSheet:
    window.links.mailboxes()
    sheet = window.floating()
    assert isinstance(sheet, MailboxesSheet)
    calm(qtbot, window)
    return sheet


def typed(sheet: MailboxesSheet, **values: str) -> None:
    assert sheet.form is not None
    for name, text in values.items():
        sheet.form.inputs[name].setText(text)
        sheet.form.inputs[name].textEdited.emit(text)


def filled(qtbot: QtBot, window: MainWindow, port: int, **more: str) -> MailboxesSheet:
    sheet = opened(qtbot, window)
    sheet.next.click()
    typed(sheet, **{"address": USER, "password": PASSWORD, "smtp": f"127.0.0.1:{port}", **more})
    return sheet


def said(sheet: MailboxesSheet) -> str:
    """The sentence of the form, wherever it stands."""
    assert sheet.form is not None
    below = [label.text() for name, (label, _hint) in sheet.form.wrong.items() if sheet.form.inputs[name].property("error")]
    return " ".join([*below, sheet.form.problem.text()]).strip()


def addresses(profile: Profile) -> list[str]:
    return [one.address for one in profile.store.post.mailboxes()]


def test_from_the_settings_to_a_letter_that_leaves(alice: Alice, profile: Profile, smtp: SmtpServer, qtbot: QtBot) -> None:
    """The password is sealed; what is queued leaves with it."""
    window = alice()
    window.open_settings()
    settings = window.floating()
    assert isinstance(settings, SettingsSheet)
    settings.mailboxes.click()
    calm(qtbot, window)
    sheet = window.floating()
    assert isinstance(sheet, MailboxesSheet)
    assert sheet.rows == []
    sheet.next.click()
    typed(sheet, address=USER, name="  Alice   Berg ", password=PASSWORD, smtp=f"localhost:{smtp.port}")
    sheet.next.click()
    assert sheet.doing.text() == "Signing in …"
    assert not sheet.next.isEnabled()
    calm(qtbot, window)
    assert [row.view.box.address for row in sheet.rows] == [USER]
    assert window.speaker.current_toast is not None
    (box,) = profile.store.post.mailboxes()
    assert (box.name, box.config["host"], box.config["security"]) == ("Alice Berg", "localhost", "starttls")
    assert profile.secrets.get(secret_of(USER)) == PASSWORD
    letter = Letter(
        key="k", created=0, sender=USER, recipient="bob@example.test", subject="x", mime="Subject: x\r\n\r\nHi\r\n"
    )
    profile.store.post.put_letters([letter])
    assert profile.mail.work.once(threading.Event()).sent == 1


def test_the_way_to_the_mailboxes_saves_what_was_changed(alice: Alice, qtbot: QtBot) -> None:
    """What cannot be saved keeps the settings open."""
    window = alice()
    window.open_settings()
    settings = window.floating()
    assert isinstance(settings, SettingsSheet)
    before = window.session.settings.day_ends
    settings.ends.setCurrentIndex(settings.ends.findData(1))
    settings.mailboxes.click()
    calm(qtbot, window)
    assert window.floating() is settings
    assert window.session.settings.day_ends == before
    settings.ends.setCurrentIndex(settings.ends.findData(23))
    settings.mailboxes.click()
    calm(qtbot, window)
    assert window.session.settings.day_ends == 23
    assert isinstance(window.floating(), MailboxesSheet)


def test_servers_are_known_by_the_address(alice: Alice, qtbot: QtBot) -> None:
    """Filled in while one types and taken away again; what was typed by hand stays; nothing is asked of a network."""
    sheet = opened(qtbot, alice())
    sheet.next.click()
    assert sheet.form is not None
    assert QApplication.focusWidget() is sheet.form.inputs["address"]
    typed(sheet, address="lena@gmx.de")
    assert [sheet.form.inputs[name].text() for name in ("smtp", "imap")] == ["mail.gmx.net:587", "imap.gmx.net:993"]
    assert "IMAP must be switched on" in said(sheet)
    typed(sheet, address="lena@example.test")
    assert [sheet.form.inputs[name].text() for name in ("smtp", "imap")] == ["", ""]
    typed(sheet, smtp="mail.example.test:465")
    typed(sheet, address="lena@posteo.de")
    assert [sheet.form.inputs[name].text() for name in ("smtp", "imap")] == ["mail.example.test:465", "posteo.de:993"]
    typed(sheet, address="lena@outlook.com")
    assert said(sheet) == "Microsoft takes no passwords from programs. Link your Microsoft account instead, and let it send."


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"password": "wrong"}, "does not accept this user name and password"),
        ({"smtp": "nowhere.invalid:587"}, "The name nowhere.invalid:587 is not found."),
        ({"smtp": "127.0.0.1:1"}, "127.0.0.1:1 refuses the connection."),
        ({"imap": "127.0.0.1:1"}, "127.0.0.1:1 refuses the connection."),
        ({"password": ""}, "This is needed."),
        ({"address": "alice"}, "“alice” is no mail address."),
        ({"smtp": "localhost"}, "The server of a mailbox is written HOST:PORT."),
        ({"smtp": "localhost:99999"}, "The server of a mailbox is written HOST:PORT."),
    ],
)
@pytest.mark.parametrize("button", ["test", "next"])
def test_one_sentence_for_each_failure(
    alice: Alice, profile: Profile, smtp: SmtpServer, qtbot: QtBot, values: dict[str, str], sentence: str, button: str
) -> None:
    """From the test and from saving alike; nothing is stored, what was typed stays."""
    window = alice()
    sheet = filled(qtbot, window, smtp.port, **values)
    getattr(sheet, button).click()
    calm(qtbot, window)
    assert sentence in said(sheet)
    assert sheet.form is not None
    for name, text in values.items():
        assert sheet.form.inputs[name].text() == text
    assert addresses(profile) == []
    assert profile.secrets.get(secret_of(USER)) is None
    if values == {"password": "wrong"}:
        assert QApplication.focusWidget() is sheet.form.inputs["password"]


def test_a_certificate_nobody_trusts(
    alice: Alice, profile: Profile, smtp: SmtpServer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said as what it is, and no password was sent."""
    monkeypatch.delenv("SSL_CERT_FILE")
    window = alice()
    sheet = filled(qtbot, window, smtp.port)
    sheet.next.click()
    calm(qtbot, window)
    assert "The certificate of 127.0.0.1" in said(sheet)
    assert addresses(profile) == []


def test_the_test_stores_nothing(alice: Alice, profile: Profile, smtp: SmtpServer, qtbot: QtBot) -> None:
    """It says that it works."""
    window = alice()
    sheet = filled(qtbot, window, smtp.port)
    sheet.test.click()
    calm(qtbot, window)
    assert said(sheet) == "It works: the servers take this name and password."
    assert addresses(profile) == []
    assert smtp.mails == []


class Gate:
    """A way to a server that opens when it is told to."""

    def __init__(self, port: int) -> None:
        self.opened, self.asked, self._port = threading.Event(), threading.Event(), port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.opened.set()
        with socket.create_connection(("127.0.0.1", self.port)):  # so that a gate nobody came to ends too
            self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        near, _address = self._listener.accept()
        self.asked.set()
        self.opened.wait(30)
        with near, socket.create_connection(("127.0.0.1", self._port)) as far:
            there = threading.Thread(target=_pump, args=(near, far), daemon=True)
            there.start()
            _pump(far, near)
            there.join(10)


def _pump(one: socket.socket, other: socket.socket) -> None:
    try:
        while data := one.recv(65_536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@pytest.fixture
def gate(smtp: SmtpServer) -> Iterator[Gate]:
    made = Gate(smtp.port)
    yield made
    made.close()


def test_what_was_cancelled_stores_nothing(alice: Alice, profile: Profile, gate: Gate, qtbot: QtBot) -> None:
    """Esc while a server is silent: the form is back at once, and a late yes changes nothing."""
    window = alice()
    sheet = filled(qtbot, window, gate.port)
    sheet.next.click()
    qtbot.waitUntil(gate.asked.is_set)
    assert sheet.form is not None
    assert not sheet.form.isEnabled()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.form.isEnabled()
    assert sheet.isVisible()
    gate.opened.set()
    calm(qtbot, window)
    assert addresses(profile) == []
    assert profile.secrets.get(secret_of(USER)) is None
    assert said(sheet) == ""


def test_the_window_stays_alive_while_a_server_is_silent(alice: Alice, gate: Gate, qtbot: QtBot) -> None:
    """Queries for the week are answered meanwhile."""
    window = alice()
    sheet = filled(qtbot, window, gate.port)
    sheet.test.click()
    qtbot.waitUntil(gate.asked.is_set)
    seen: list[int] = []
    window.session.runner.ask(lambda: 1, seen.append, owner=window)
    qtbot.waitUntil(lambda: seen == [1])
    assert sheet.doing.text() == "Signing in …"
    gate.opened.set()
    calm(qtbot, window)


def test_a_mailbox_is_changed(alice: Alice, profile: Profile, smtp: SmtpServer, qtbot: QtBot) -> None:
    """An empty password keeps the old one; a wrong new one changes nothing; how it was protected stays."""
    config = {"host": "127.0.0.1", "port": str(smtp.port), "security": "starttls", "user": USER}
    profile.desk.mail.add(Mailbox(USER, "Alice", "smtp", config), PASSWORD)
    window = alice()
    sheet = opened(qtbot, window)
    sheet.rows[0].edit.click()
    assert sheet.form is not None
    assert not sheet.form.inputs["address"].isEnabled()
    assert QApplication.focusWidget() is sheet.form.inputs["password"]
    typed(sheet, name="Alice Berg", password="wrong")
    sheet.next.click()
    calm(qtbot, window)
    assert "does not accept" in said(sheet)
    assert profile.store.post.mailboxes()[0].name == "Alice"
    typed(sheet, password="")
    QTest.keyClick(sheet.form.inputs["name"], Qt.Key.Key_Return)
    calm(qtbot, window)
    (box,) = profile.store.post.mailboxes()
    assert (box.name, box.config["security"]) == ("Alice Berg", "starttls")
    assert profile.secrets.get(secret_of(USER)) == PASSWORD


def test_a_mailbox_is_removed(alice: Alice, profile: Profile, smtp: SmtpServer, qtbot: QtBot) -> None:
    """After a question; its password goes too. One that is there cannot be added again."""
    config = {"host": "127.0.0.1", "port": str(smtp.port), "security": "starttls"}
    profile.desk.mail.add(Mailbox(USER, "Alice", "smtp", config), PASSWORD)
    window = alice()
    sheet = filled(qtbot, window, smtp.port, address=USER.upper())
    sheet.next.click()
    assert said(sheet) == "This mailbox is in the list already."
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    calm(qtbot, window)
    sheet.rows[0].remove.click()
    assert window.speaker.question is not None
    window.speaker.question.keep.click()
    assert addresses(profile) == [USER]
    sheet.rows[0].remove.click()
    window.speaker.question.deed.click()
    calm(qtbot, window)
    assert addresses(profile) == []
    assert profile.secrets.get(secret_of(USER)) is None
    assert sheet.rows == []


def test_the_mailbox_of_an_account_has_a_name_only(
    alice: Alice, profile: Profile, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changing it needs no password, and answers are looked for as before."""
    server = GoogleServer()
    words = linking.google(server, tmp_path, monkeypatch.setenv)
    fields = {"client_secrets": words[2], "level": "answers"}
    signed = profile.signing.sign_in("google", fields, lambda _url, _opens: None, lambda: None)
    profile.desk.accounts.add("google", signed.fields, signed.secret)
    window = alice()
    sheet = opened(qtbot, window)
    sheet.rows[0].edit.click()
    assert sheet.form is not None
    assert set(sheet.form.inputs) == {"address", "name"}
    assert not sheet.test.isVisible()
    typed(sheet, name="Alice")
    sheet.next.click()
    calm(qtbot, window)
    (box,) = profile.store.post.mailboxes()
    assert (box.name, box.kind, box.watched) == ("Alice", BY_ACCOUNT, True)
    assert server.state.complaints == []
    server.close()


def test_letters_that_did_not_leave(alice: Alice, profile: Profile, smtp: SmtpServer, qtbot: QtBot) -> None:
    """Refused and unsure ones with their reason: sent once more, or never, at the person's word; the window says so."""
    config = {"host": "127.0.0.1", "port": str(smtp.port), "security": "starttls"}
    profile.desk.mail.add(Mailbox(USER, "Alice", "smtp", config), PASSWORD)
    body = "Subject: x\r\n\r\nHi\r\n"
    profile.store.post.put_letters(
        [
            Letter(key=name, created=0, sender=USER, recipient=f"{name}@example.test", subject="Review", mime=body)
            for name in ("bob", "reject", "dies")
        ]
    )
    news = profile.mail.work.once(threading.Event())
    assert (news.refused, news.unsure) == (1, 1)
    window = alice()
    window.links.mailed(news)
    assert window.speaker.current_toast is not None
    assert window.speaker.current_toast.text() == "2 mails need you: see Mailboxes."
    sheet = opened(qtbot, window)
    found = {row.letter.recipient.partition("@")[0]: row for row in sheet.letters}
    assert list(found)[:2] == ["reject", "dies"]
    assert "no such user here" in found["reject"].reason.text()
    assert "may have arrived" in found["dies"].reason.text()
    assert [found[name].again.text() for name in ("reject", "dies")] == ["Send now", "Send again"]
    found["reject"].drop.click()
    calm(qtbot, window)
    next(row for row in sheet.letters if row.letter.recipient.startswith("dies")).again.click()
    calm(qtbot, window)
    states = {one.recipient.partition("@")[0]: one.state for one in profile.store.post.letters(everything=True)}
    assert (states["reject"], states["dies"]) == ("dropped", "waiting")
    assert all(not row.letter.recipient.startswith(("reject", "dies")) for row in sheet.letters)


def test_by_keyboard_alone(alice: Alice, smtp: SmtpServer, profile: Profile, qtbot: QtBot) -> None:
    """Tab goes round inside the sheet; Esc goes back step by step."""
    window = alice()
    sheet = opened(qtbot, window)
    assert QApplication.focusWidget() is sheet.next
    QTest.keyClick(sheet.next, Qt.Key.Key_Return)
    assert sheet.form is not None
    names = []
    for _step in range(9):
        here = QApplication.focusWidget()
        assert here is not None
        assert sheet.isAncestorOf(here)
        names.append(here.accessibleName() or getattr(here, "text", str)())
        QTest.keyClick(here, Qt.Key.Key_Tab)
    assert names == ["Address", "Your name", "Password", "Sends by", "Looks into", "Signs in as", "Test", "Cancel", "Save"]
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    calm(qtbot, window)
    assert sheet.isVisible()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert window.floating() is None


def test_the_inbox_leads_there(alice: Alice, qtbot: QtBot) -> None:
    """While there is no mailbox."""
    window = alice()
    page = window.open_page("inbox")
    assert isinstance(page, InboxPage)
    calm(qtbot, window)
    assert page.hint.isVisible()
    page.hint.pressed.emit()
    assert isinstance(window.floating(), MailboxesSheet)
    calm(qtbot, window)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("de", "dark")])
def test_pictures(
    alice: Alice, profile: Profile, qtbot: QtBot, snapshot: Snapshot, german: Path, language: str, theme: str
) -> None:
    """The list with every state, and the form."""
    window = alice(language, theme)
    texts.choose(language, german)
    post, at = profile.store.post, window.session.clock() - 400
    gmx = {"host": "mail.gmx.net", "port": "587", "imap_host": "imap.gmx.net", "imap_port": "993"}
    post.keep_mailbox(Mailbox("lena@gmx.de", "Lena Marten", "smtp", gmx))
    post.set_seen("lena@gmx.de", "INBOX", Seen(1, 1, at))
    post.keep_mailbox(Mailbox("lena.marten@gmail.com", "", BY_ACCOUNT, {"account": "a-1", "reads": "yes"}))
    trouble = "Google bittet Sie, sich neu anzumelden." if language == "de" else "Google asks you to sign in again."
    post.set_seen("lena.marten@gmail.com", "INBOX", Seen(at=at, trouble=trouble))
    post.keep_mailbox(Mailbox("buero@verein.example", "Verein", "smtp", {"host": "mail.verein.example", "port": "465"}))
    reason = (
        "mail.gmx.net:587 lehnt diesen Empfänger ab: no such user."
        if language == "de"
        else "mail.gmx.net:587 refuses this recipient: no such user."
    )
    post.put_letters(
        [Letter(key="k", created=0, sender="lena@gmx.de", recipient="sam@example.test", subject="Review", mime="")]
    )
    post.mark(post.letters()[0].id, "refused", reason=reason)
    sheet = opened(qtbot, window)
    snapshot(f"mailboxes-{language}-{theme}", _card(sheet))
    sheet.edit(None)
    typed(sheet, address="lena@web.de")
    snapshot(f"mailbox-{language}-{theme}", _card(sheet))


def _card(sheet: MailboxesSheet) -> QImage:
    sheet.over.setFocus()  # a caret would blink
    QApplication.processEvents()
    return sheet.card.grab().toImage()

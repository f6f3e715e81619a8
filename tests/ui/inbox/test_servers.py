"""Alice invites Bob through Exim and Dovecot; his open window hears of it, answers with a key, and she knows."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop import resources
from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core import texts
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.ui import start
from calmerge_desktop.ui.inbox.page import InboxPage
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.workers import SyncThread
from tests.cli.conftest import at_home
from tests.cli.test_mail_round import Person, people, server
from tests.servers import mailserver

__all__ = ["at_home", "people", "server"]
pytestmark = [
    pytest.mark.gui,
    pytest.mark.skipif(bool(mailserver.missing()), reason=mailserver.missing() or "-"),
    pytest.mark.timeout(240),
]
PATIENCE = 90_000


@pytest.fixture
def bobs(people: list[Person], qapp: QApplication, qtbot: QtBot) -> Iterator[MainWindow]:
    """Bob's window with its real background work."""
    _alice, bob, _carol = people
    texts.choose("en", resources.path("i18n"))
    start.application("light")
    profile = Profile.open(str(bob.run.home))
    loop = profile.loop()
    settings = Settings(theme="light", language="en", zone="Europe/Berlin")
    window = start.make_window(profile.desk, loop, settings, lambda _s: None, clock=profile.clock)
    thread = SyncThread(loop)
    start.listen(window, thread)
    window.settled.connect(thread.start)
    window.resize(1440, 900)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.is_ready and thread.isRunning(), timeout=PATIENCE)
    yield window
    assert thread.quit_cleanly()
    start.close_window(window)
    profile.close()
    qapp.processEvents()


def test_an_invitation_arrives_in_the_open_window_and_is_answered(
    people: list[Person], bobs: MainWindow, qtbot: QtBot
) -> None:
    """Badge and list by IMAP's word, the answer by SMTP once it cannot be taken back any more."""
    alice, _bob, _carol = people
    page = bobs.open_page("inbox")
    assert isinstance(page, InboxPage)
    event = alice.run.ok(
        "event", "add", "--title", "Review", "--start", "2027-11-23T10:00", "--end", "2027-11-23T11:00", "--tz",
        "Europe/Berlin", "--attendee", "bob@example.test",
    )["event"]["id"]  # fmt: skip
    alice.run.ok("invite", event, "--send")
    alice.sync(0, sent=1)
    qtbot.waitUntil(lambda: bobs.sidebar.pages["inbox"].badge == 1, timeout=PATIENCE)
    qtbot.waitUntil(lambda: page.current is not None and not bobs.session.runner.busy, timeout=PATIENCE)
    page.list.focus_current()
    QTest.keyClick(page.list.rows[0], Qt.Key.Key_A)
    qtbot.waitUntil(lambda: bobs.sidebar.pages["inbox"].badge == 0, timeout=PATIENCE)
    assert page.list.rows[0].request.letter == "waiting"
    qtbot.waitUntil(lambda: page.list.rows[0].request.letter == "", timeout=PATIENCE)
    deadline = time.monotonic() + PATIENCE / 1000
    while alice.answers() != {"bob": "accepted"}:
        assert time.monotonic() < deadline, "the answer does not arrive"
        alice.run.ok("sync")

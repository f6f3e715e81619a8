"""Guests are told by mail when, and only when, the person says so."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core.mail_ports import Mailbox
from calmerge_desktop.core.model import Changes, Draft, Scope, Stamp
from calmerge_desktop.ui.event.popover import EventPopover
from calmerge_desktop.ui.inviting.sheet import InviteSheet
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.parts.notes import Note
from tests.ui.frame.conftest import calm
from tests.ui.inviting.conftest import Alice

pytestmark = pytest.mark.gui


def meeting(profile: Profile, *, rrule: str | None = None) -> Draft:
    return Draft(
        calendar=profile.store.calendars()[0].id,
        summary="Review",
        start=Stamp(datetime(2026, 11, 25, 10), "Europe/Berlin"),
        end=Stamp(datetime(2026, 11, 25, 11), "Europe/Berlin"),
        attendees=("bob@example.test", "carol@example.test"),
        rrule=rrule,
    )


def made(window: MainWindow, profile: Profile, qtbot: QtBot, **more: str) -> str:
    """Added in the window; its id."""
    ids: list[str] = []
    window.actions_.create(meeting(profile, **more), lambda detail: ids.append(detail.instance.id))
    calm(qtbot, window)
    qtbot.waitUntil(lambda: window.floating() is not None)
    return ids[0]


def sheet(window: MainWindow) -> InviteSheet:
    found = window.floating()
    assert isinstance(found, InviteSheet)
    return found


def mailbox(profile: Profile) -> None:
    profile.store.post.keep_mailbox(Mailbox("alice@example.test", "Alice", "smtp", {"host": "x", "port": "1"}))


def letters(profile: Profile) -> list[tuple[str, str]]:
    return [(one.recipient, one.subject) for one in profile.store.post.letters(everything=True)]


def send(window: MainWindow, qtbot: QtBot) -> None:
    sheet(window).send.click()
    calm(qtbot, window)


def test_a_new_event_with_guests_asks_and_sends(alice: Alice, profile: Profile, qtbot: QtBot) -> None:
    """Number and people are named; nothing is queued before the button; the same is not asked again."""
    mailbox(profile)
    window = alice()
    id = made(window, profile, qtbot)
    assert sheet(window).accessibleName() == "Invite 2 people?"
    assert "Review" in sheet(window).mails.text()
    assert sheet(window).send.text() == "Send to 2 people"
    assert letters(profile) == []
    send(window, qtbot)
    assert [who for who, _subject in letters(profile)] == ["bob@example.test", "carol@example.test"]
    window.actions_.edit(id, Changes(transparent=True), Scope.ALL)
    calm(qtbot, window)
    assert window.floating() is None


def test_not_now_is_remembered_in_the_event(alice: Alice, profile: Profile, qtbot: QtBot) -> None:
    """The card of the event says that nobody knows, and leads to the sheet."""
    mailbox(profile)
    window = alice()
    id = made(window, profile, qtbot)
    QTest.keyClick(sheet(window), Qt.Key.Key_Escape)
    calm(qtbot, window)
    assert letters(profile) == []
    window.events.open_popover(id, QRect(200, 200, 50, 20))
    calm(qtbot, window)
    popover = window.floating()
    assert isinstance(popover, EventPopover)
    notes = {one.accessibleName(): one for one in popover.findChildren(Note)}
    note = notes["Your guests do not know of it yet."]
    note.pressed.emit()
    calm(qtbot, window)
    send(window, qtbot)
    assert len(letters(profile)) == 2


def test_moving_tells_what_changed_with_a_word(alice: Alice, profile: Profile, qtbot: QtBot) -> None:
    """The word stands in the mail."""
    mailbox(profile)
    window = alice()
    id = made(window, profile, qtbot)
    send(window, qtbot)
    start, end = datetime(2026, 11, 25, 14), datetime(2026, 11, 25, 15)
    window.actions_.move(id, Stamp(start, "Europe/Berlin"), Stamp(end, "Europe/Berlin"))
    calm(qtbot, window)
    qtbot.waitUntil(lambda: window.floating() is not None)
    assert sheet(window).accessibleName() == "Tell 2 people what changed?"
    assert sheet(window).word.isVisible()
    sheet(window).word.setText("The train is late")
    sheet(window).word.editingFinished.emit()
    calm(qtbot, window)
    assert "The train is late" in sheet(window).mails.text()
    send(window, qtbot)
    assert [subject.partition(":")[0] for _who, subject in letters(profile)[2:]] == ["Moved", "Moved"]


@pytest.mark.parametrize("told", [True, False])
def test_deleting_asks_whether_guests_are_told(alice: Alice, profile: Profile, qtbot: QtBot, told: bool) -> None:
    """Either way it is gone here; guests that never heard of it are not asked about."""
    mailbox(profile)
    window = alice()
    id = made(window, profile, qtbot)
    send(window, qtbot)
    instance = profile.desk.events.detail(id).instance
    window.events._delete(instance, Scope.ALL)
    calm(qtbot, window)
    qtbot.waitUntil(lambda: window.floating() is not None)
    assert sheet(window).accessibleName() == "Tell 2 people that it is cancelled?"
    (sheet(window).send if told else sheet(window).here).click()
    calm(qtbot, window)
    assert len(letters(profile)) == (4 if told else 2)
    assert profile.desk.view.instances(1_795_388_400, 1_795_993_200, "Europe/Berlin") == []


def test_an_event_nobody_heard_of_is_just_deleted(alice: Alice, profile: Profile, qtbot: QtBot) -> None:
    """No sheet."""
    window = alice()
    id = made(window, profile, qtbot)
    QTest.keyClick(sheet(window), Qt.Key.Key_Escape)
    instance = profile.desk.events.detail(id).instance
    window.events._delete(instance, Scope.ALL)
    calm(qtbot, window)
    assert window.floating() is None
    assert profile.desk.view.instances(1_795_388_400, 1_795_993_200, "Europe/Berlin") == []


def test_without_a_mailbox_a_draft_is_the_way(
    alice: Alice, profile: Profile, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By xdg-email with the calendar attached; nothing is queued, and the guests count as told."""
    told = tmp_path / "told.json"
    program = tmp_path / "bin" / "xdg-email"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nimport json, sys\njson.dump(sys.argv[1:], open({str(told)!r}, 'w'))\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setattr(sys, "platform", "linux")
    window = alice()
    id = made(window, profile, qtbot)
    assert not sheet(window).send.isVisible()
    sheet(window).draft.click()
    qtbot.waitUntil(lambda: told.exists() and bool(told.read_text()))
    words = json.loads(told.read_text())
    assert words[-2:] == ["bob@example.test", "carol@example.test"]
    ics = Path(words[words.index("--attach") + 1]).read_text()
    assert "METHOD:REQUEST" in ics
    assert letters(profile) == []
    assert profile.desk.inviting.due(id) == ""


@pytest.mark.parametrize("fails", [True, False])
def test_a_file_is_the_other_way(
    alice: Alice, profile: Profile, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fails: bool
) -> None:
    """Where xdg-email is missing or fails: an .eml that says it was not sent."""
    opened: list[QUrl] = []
    program = tmp_path / "xdg-email"
    program.write_text("#!/bin/sh\nexit 4\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path) if fails else "")
    window = alice()

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return True

    window.events.inviting.drafts.open_url = open_url
    made(window, profile, qtbot)
    sheet(window).draft.click()
    qtbot.waitUntil(lambda: bool(opened))
    text = Path(opened[0].toLocalFile()).read_text()
    assert "X-Unsent: 1" in text
    assert "text/calendar" in text


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("de", "dark")])
def test_what_it_looks_like(
    alice: Alice, profile: Profile, qtbot: QtBot, snapshot: Callable[[str, QImage], None], language: str, theme: str
) -> None:
    """Title, people, the mail, what leaves, the ways."""
    mailbox(profile)
    window = alice(language, theme)
    made(window, profile, qtbot)
    if window.speaker.current_toast:
        window.speaker.current_toast.dismiss()  # it counts down
    calm(qtbot, window)
    QApplication.processEvents()
    snapshot(f"invite-{language}-{theme}", window.grab().toImage())

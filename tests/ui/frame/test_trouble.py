"""A source that breaks is told once, in words, with the deed that helps; on the desktop without a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from calmerge_desktop import resources
from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core import texts
from calmerge_desktop.core.freebusy import Blocking, Load, Unreadable
from calmerge_desktop.core.model import CalendarId, Changed, SourceState, SourceStatus
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.ui import start
from calmerge_desktop.ui.linking.dialog import LinkSheet
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.parts.card import Card
from calmerge_desktop.ui.theme import style
from calmerge_desktop.ui.workers import SyncThread
from tests.servers.web import Page, WebServer
from tests.ui import sample
from tests.ui.frame.conftest import Loop, Open, calm, desk_of

pytestmark = pytest.mark.gui

HARTWIG, FAMILY, HOLIDAYS = 0, 2, 4
SIGN_IN = SourceStatus(
    state=SourceState.BROKEN, as_of=sample.at(24, "11:18"), kind="sign-in", reason="The server refuses the password."
)
LATER = SourceStatus(
    state=SourceState.STALE,
    as_of=sample.at(24, "11:18"),
    retry_at=sample.at(24, "11:24"),
    kind="server",
    reason="The server has trouble.",
)
FRESH = SourceStatus(state=SourceState.FRESH, as_of=sample.at(24, "11:19"))


def becomes(qtbot: QtBot, window: MainWindow, status: SourceStatus, *accounts: int) -> None:
    """The synchronisation says so."""
    desk = desk_of(window)
    for number in accounts:
        desk.views[number] = replace(desk.views[number], status=status)
    window.session.on_changed(Changed(calendars=frozenset(), accounts=True))
    calm(qtbot, window)


def rule(window: MainWindow, policy: Unreadable, *calendars: str) -> None:
    desk_of(window).box.rules |= {CalendarId(one): Blocking(unreadable=policy) for one in calendars}


def card_of(window: MainWindow) -> Card | None:
    return window.trouble.card


def test_what_was_broken_before_is_not_news(window: MainWindow, qtbot: QtBot) -> None:
    """The sample has a stale and a broken source from the start: sidebar and status line say so."""
    becomes(qtbot, window, FRESH, HARTWIG)
    assert card_of(window) is None


def test_a_refused_password_is_told_once(window: MainWindow, qtbot: QtBot) -> None:
    """Later sends it away for good; the button leads to signing in."""
    becomes(qtbot, window, SIGN_IN, HARTWIG)
    card = card_of(window)
    assert card is not None
    assert card.title() == "hartwig.example: sign in again"
    assert card.text() == "The server refuses the password. Until then nothing is offered that it could affect."
    assert card.deed.text() == "Sign in again"
    assert QApplication.focusWidget() is not card.deed
    card.later.click()
    becomes(qtbot, window, replace(SIGN_IN, retry_at=1), HARTWIG)
    assert card_of(window) is None
    becomes(qtbot, window, FRESH, HARTWIG)
    becomes(qtbot, window, SIGN_IN, HARTWIG)
    again = card_of(window)
    assert again is not None
    again.deed.click()
    assert isinstance(window.floating(), LinkSheet)


def test_what_it_does_to_offers_is_said_as_the_calendars_are_set(window: MainWindow, qtbot: QtBot) -> None:
    """Warn, and ignore; the strictest of an account's calendars counts."""
    rule(window, Unreadable.WARN, "termine", "kunden", "buero")
    becomes(qtbot, window, LATER, HARTWIG)
    card = card_of(window)
    assert card is not None
    assert card.title() == "hartwig.example cannot be read"
    assert card.text() == (
        "The server has trouble. Next try at 11:24. Until then its state of 11:18 is used, with a warning on every offer."
    )
    becomes(qtbot, window, FRESH, HARTWIG)
    rule(window, Unreadable.IGNORE, "termine", "kunden")
    rule(window, Unreadable.BLOCK, "buero")
    becomes(qtbot, window, LATER, HARTWIG)
    card = card_of(window)
    assert card is not None
    assert card.text().endswith("Until then nothing is offered that it could affect.")


def test_calendars_that_take_no_time_close_none(window: MainWindow, qtbot: QtBot) -> None:
    """Holidays are free: nothing is said of offers."""
    becomes(qtbot, window, LATER, HOLIDAYS)
    card = card_of(window)
    assert card is not None
    assert card.text() == "The server has trouble. Next try at 11:24."


def test_several_are_one_card_and_it_goes_when_all_can_be_read(window: MainWindow, qtbot: QtBot, loop: Loop) -> None:
    becomes(qtbot, window, LATER, HARTWIG)
    becomes(qtbot, window, LATER, FAMILY)
    card = card_of(window)
    assert card is not None
    assert card.title() == "2 accounts cannot be read"
    assert card.text().startswith("hartwig.example, Familie. ")
    becomes(qtbot, window, FRESH, HARTWIG)
    assert card_of(window) is not None
    becomes(qtbot, window, FRESH, FAMILY)
    assert card_of(window) is None
    becomes(qtbot, window, LATER, HARTWIG, FAMILY)
    card = card_of(window)
    assert card is not None
    card.deed.click()
    assert loop.told[-1] == "wake a-0,a-2"


def test_the_desktop_hears_of_it_without_a_name(window: MainWindow, qtbot: QtBot) -> None:
    """And only while another window is in front; coming back takes it away."""
    qtbot.waitUntil(window.isActiveWindow)
    becomes(qtbot, window, SIGN_IN, HARTWIG)
    assert window.trouble.desktop.told == []
    becomes(qtbot, window, FRESH, HARTWIG)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not window.isActiveWindow())
    becomes(qtbot, window, SIGN_IN, HARTWIG)
    (said,) = window.trouble.desktop.told
    assert said == ("A calendar account wants you to sign in again. Until then nothing is offered that it could affect.")
    becomes(qtbot, window, LATER, FAMILY)
    assert len(window.trouble.desktop.told) == 1
    window.activateWindow()
    qtbot.waitUntil(lambda: window.trouble.desktop.told == [])


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("de", "dark")])
def test_what_it_looks_like(
    open_window: Open,
    qapp: QApplication,
    qtbot: QtBot,
    snapshot: Callable[[str, QImage], None],
    german: Path,
    language: str,
    theme: str,
) -> None:
    window = open_window(size=(1200, 760))
    texts.choose(language, german)
    style.apply(qapp, theme)
    reason = {"en": "The server refuses the password.", "de": "Der Server lehnt das Passwort ab."}[language]
    becomes(qtbot, window, replace(SIGN_IN, as_of=sample.at(22, "19:40"), reason=reason), HARTWIG)
    card = card_of(window)
    assert card is not None
    QApplication.processEvents()
    snapshot(f"source-broken-{language}-{theme}", card.grab().toImage())


@pytest.fixture
def web() -> Iterator[WebServer]:
    server = WebServer()
    yield server
    server.close()


@pytest.fixture
def feed(web: WebServer, tmp_path: Path) -> Iterator[Profile]:
    """A profile with one linked feed."""
    body = Path(__file__).parents[2] / "core/cases"
    web.pages["/a.ics"] = Page(min(body.rglob("*.ics")).read_bytes())
    profile = Profile.open(str(tmp_path / "home"))
    profile.desk.accounts.add("feed", {"url": web.url + "/a.ics", "name": "Team"})
    yield profile
    profile.close()
    texts.choose("en", resources.path("i18n"))


def test_a_feed_that_stops_answering(feed: Profile, web: WebServer, qapp: QApplication, qtbot: QtBot) -> None:
    """The real loop against a real server: its time is unknown, the window tells, the desktop is told without a name."""
    start.application("light")
    loop = feed.loop()
    settings = Settings(theme="light", language="en", zone="Europe/Berlin")
    window = start.make_window(feed.desk, loop, settings, lambda _s: None, clock=feed.clock)
    thread = SyncThread(loop)
    start.listen(window, thread)
    try:
        window.show()
        qtbot.waitUntil(lambda: window.is_ready and not window.session.runner.busy)
        other = QWidget()
        qtbot.addWidget(other)
        other.show()
        other.activateWindow()
        qtbot.waitUntil(lambda: not window.isActiveWindow())
        thread.start()
        qtbot.waitUntil(lambda: [view.status.state for view in window.session.accounts] == [SourceState.FRESH])
        web.close()
        window.session.wake()
        qtbot.waitUntil(lambda: card_of(window) is not None)
        card = card_of(window)
        assert card is not None
        assert card.title() == "Team cannot be read"
        assert card.text().endswith("Until then nothing is offered that it could affect.")
        assert window.trouble.desktop.told == [
            "A calendar account cannot be read. Until then nothing is offered that it could affect."
        ]
        answer = feed.desk.free.spans(feed.clock(), feed.clock() + 86_400, "Europe/Berlin")
        assert {one.load for one in answer.spans} == {Load.UNKNOWN}
    finally:
        thread.quit_cleanly()
        start.close_window(window)


@pytest.mark.qt_log_ignore("systemTrayWindowChanged", "does not support raise")  # offscreen has neither tray nor stack
def test_a_tray_shows_the_message_until_the_window_is_back(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is a tray: its icon is there only meanwhile, and pressing it brings the window to the front."""
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", staticmethod(lambda: True))
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _tray, title, text, _icon: said.append((title, text)))
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not window.isActiveWindow())
    becomes(qtbot, window, LATER, HARTWIG)
    assert said == [("CalMerge", "A calendar account cannot be read. Until then nothing is offered that it could affect.")]
    (tray,) = window.findChildren(QSystemTrayIcon)
    assert tray.isVisible()
    tray.messageClicked.emit()
    qtbot.waitUntil(window.isActiveWindow)
    assert not tray.isVisible()

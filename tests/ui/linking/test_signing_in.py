"""Linking Google and Microsoft through the window: registration, ladder, browser, code, cancel, errors, signing in again."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop.app.profile import Profile
from calmerge_desktop.ui.linking.dialog import LinkSheet
from calmerge_desktop.ui.linking.signing_in import SigningIn
from calmerge_desktop.ui.main_window import MainWindow
from tests.servers.google import FakeGoogle
from tests.servers.google_events import OWNER as ALICE
from tests.servers.microsoft import CLIENT_ID, FakeMicrosoft
from tests.servers.microsoft_events import OWNER
from tests.servers.vendor import Fault
from tests.ui.linking.conftest import Browser, OpenReal, sheet_of

pytestmark = pytest.mark.gui
_LONG = 15_000


def way(sheet: LinkSheet) -> SigningIn:
    assert sheet._browser is not None
    return sheet._browser


def at_ladder(qtbot: QtBot, sheet: LinkSheet) -> None:
    qtbot.waitUntil(lambda: way(sheet).ladder is not None, timeout=_LONG)


def google_sheet(qtbot: QtBot, window: MainWindow, client_file: Path) -> LinkSheet:
    """With the client given: at the ladder."""
    sheet = sheet_of(window, "google")
    qtbot.waitUntil(lambda: way(sheet).client is not None)
    page = way(sheet).client
    assert page is not None
    page.inputs["client_secrets"].setText(str(client_file))
    sheet.next.click()
    at_ladder(qtbot, sheet)
    return sheet


def microsoft_sheet(qtbot: QtBot, window: MainWindow) -> LinkSheet:
    sheet = sheet_of(window, "microsoft")
    qtbot.waitUntil(lambda: way(sheet).client is not None)
    page = way(sheet).client
    assert page is not None
    page.inputs["client_id"].setText(CLIENT_ID)
    sheet.next.click()
    at_ladder(qtbot, sheet)
    return sheet


def done(qtbot: QtBot, sheet: LinkSheet) -> None:
    qtbot.waitUntil(lambda: sheet.pages.currentIndex() == 3, timeout=_LONG)


def problem(qtbot: QtBot, sheet: LinkSheet) -> str:
    """The sentence above the ladder after a failure."""
    qtbot.waitUntil(lambda: (p := way(sheet).ladder) is not None and bool(p.problem.text()), timeout=_LONG)
    page = way(sheet).ladder
    assert page is not None
    return page.problem.text()


def test_google_from_the_card_to_its_calendars(
    open_real: OpenReal, google: FakeGoogle, client_file: Path, profile: Profile, qtbot: QtBot
) -> None:
    """Card, registration, ladder, browser, roles; the account is there with what was chosen."""
    window = open_real()
    sheet = sheet_of(window)
    sheet.cards["google"].click()
    qtbot.waitUntil(lambda: way(sheet).client is not None)
    sheet.dismiss()
    sheet = google_sheet(qtbot, window, client_file)
    ladder = way(sheet).ladder
    assert ladder is not None
    assert ladder.level == "write"
    ladder.rungs["read"].click()
    assert sheet.next.text() == "Continue in browser"
    sheet.next.click()
    done(qtbot, sheet)
    (account,) = profile.store.accounts()
    assert (account.provider, account.address) == ("google", ALICE)
    asked = google.authorized[0]["scope"]
    assert "calendar.events.readonly" in asked
    assert "gmail.send" not in asked
    assert list(sheet.roles.switches) == [each.id for each in profile.store.calendars()]
    sheet.next.click()
    assert window.floating() is None


def test_microsoft_by_the_browser(open_real: OpenReal, microsoft: FakeMicrosoft, profile: Profile, qtbot: QtBot) -> None:
    """The id, the ladder, the browser, the calendars."""
    sheet = microsoft_sheet(qtbot, open_real())
    sheet.next.click()
    done(qtbot, sheet)
    (account,) = profile.store.accounts()
    assert (account.provider, account.address) == ("microsoft", OWNER)


def test_a_code_is_shown_large_and_can_be_copied(
    open_real: OpenReal, microsoft: FakeMicrosoft, browser: Browser, profile: Profile, qtbot: QtBot
) -> None:
    """No browser opens by itself; the address too can be copied, and opened here on a click."""
    microsoft.pending = 10_000
    sheet = microsoft_sheet(qtbot, open_real())
    ladder = way(sheet).ladder
    assert ladder is not None
    assert ladder.device is not None
    QTest.keyClick(ladder.device, Qt.Key.Key_Right)
    assert sheet.next.text() == "Get a code"
    sheet.next.click()
    qtbot.waitUntil(lambda: (p := way(sheet).browser) is not None and p.code.text() == "CODE1234", timeout=_LONG)
    page = way(sheet).browser
    assert page is not None
    assert page.code.font().pixelSize() >= 28
    page.copy_code.click()
    assert QApplication.clipboard().text() == "CODE1234"
    page.copy_address.click()
    assert QApplication.clipboard().text() == f"{microsoft.url}/devicelogin"
    assert browser.opened() == []
    page.again.click()
    qtbot.waitUntil(lambda: browser.opened() == [f"{microsoft.url}/devicelogin"], timeout=_LONG)
    microsoft.pending = 0
    done(qtbot, sheet)
    assert [each.address for each in profile.store.accounts()] == [OWNER]


def test_a_wrong_client_file_is_said_at_its_field(
    open_real: OpenReal, google: FakeGoogle, tmp_path: Path, qtbot: QtBot
) -> None:
    """Empty, not there, for web sites; the browser is never opened, and the right one goes on."""
    (tmp_path / "web.json").write_text('{"web": {"client_id": "x"}}')
    sheet = sheet_of(open_real(), "google")
    qtbot.waitUntil(lambda: way(sheet).client is not None)
    page = way(sheet).client
    assert page is not None
    for text, said in (
        ("", "This is needed."),
        ("/nowhere.json", "cannot be read"),
        (str(tmp_path / "web.json"), "“Desktop app”"),
    ):
        page.inputs["client_secrets"].setText(text)
        page.show_wrong("")
        QTest.keyClick(page.inputs["client_secrets"], Qt.Key.Key_Return)
        qtbot.waitUntil(lambda s=said: s in page.wrong.text(), timeout=_LONG)  # type: ignore[misc]
        assert QApplication.focusWidget() is page.inputs["client_secrets"]
    assert google.authorized == []


def test_a_wrong_id_or_tenant_is_said_at_its_field(open_real: OpenReal, microsoft: FakeMicrosoft, qtbot: QtBot) -> None:
    """Each at its own."""
    sheet = sheet_of(open_real(), "microsoft")
    qtbot.waitUntil(lambda: way(sheet).client is not None)
    page = way(sheet).client
    assert page is not None
    for client, tenant, blamed in (("my app", "", "client_id"), (CLIENT_ID, "a/b", "tenant")):
        page.inputs["client_id"].setText(client)
        page.inputs["tenant"].setText(tenant)
        page.show_wrong("")
        sheet.next.click()
        qtbot.waitUntil(lambda: bool(page.wrong.text()), timeout=_LONG)
        assert QApplication.focusWidget() is page.inputs[blamed]


def test_every_step_that_is_done_on_a_page_opens_it(
    open_real: OpenReal, google: FakeGoogle, browser: Browser, qtbot: QtBot
) -> None:
    """In the person's browser; the sheet stays."""
    browser.does("")
    sheet = sheet_of(open_real(), "google")
    qtbot.waitUntil(lambda: way(sheet).client is not None)
    page = way(sheet).client
    assert page is not None
    assert len(page.links) == 5
    page.links[0].click()
    qtbot.waitUntil(lambda: browser.opened() == ["https://console.cloud.google.com/projectcreate"], timeout=_LONG)


def test_cancelling_while_the_browser_is_open(
    open_real: OpenReal, google: FakeGoogle, client_file: Path, browser: Browser, profile: Profile, qtbot: QtBot
) -> None:
    """The address stands there and can be copied; Cancel goes back, Esc closes, the waiting thread ends, nothing is linked."""
    browser.does("")
    window = open_real()
    sheet = google_sheet(qtbot, window, client_file)
    for end in ("cancel", "escape"):
        sheet.next.click()
        qtbot.waitUntil(lambda: (p := way(sheet).browser) is not None and bool(p.address.text()), timeout=_LONG)
        page = way(sheet).browser
        assert page is not None
        assert page.left.text() == "Waiting, 5 minutes left"
        page.copy_address.click()
        assert "/o/oauth2/v2/auth?" in QApplication.clipboard().text()
        assert any(each.name == "sign-in" for each in threading.enumerate())
        if end == "cancel":
            sheet.cancel.click()
            at_ladder(qtbot, sheet)
        else:
            QTest.keyClick(sheet, Qt.Key.Key_Escape)
            assert window.floating() is None
        qtbot.waitUntil(lambda: not any(each.name == "sign-in" for each in threading.enumerate()), timeout=_LONG)
        qtbot.waitUntil(lambda: not window.session.runner.busy, timeout=_LONG)
    assert profile.store.accounts() == []


def test_an_account_that_arrives_after_cancel_is_taken_back(
    open_real: OpenReal, google: FakeGoogle, client_file: Path, profile: Profile, qtbot: QtBot
) -> None:
    """Nothing stays: no account, no secret, and the tokens are given back."""
    window = open_real()
    sheet = google_sheet(qtbot, window, client_file)
    held, go = threading.Event(), threading.Event()
    real = profile.desk.accounts.add

    def slowly(*args: object) -> object:
        held.set()
        go.wait(10)
        return real(*args)  # type: ignore[arg-type]

    profile.desk.accounts.add = slowly  # type: ignore[method-assign, assignment]
    sheet.next.click()
    qtbot.waitUntil(held.is_set, timeout=_LONG)
    sheet.cancel.click()
    go.set()
    qtbot.waitUntil(lambda: not window.session.runner.busy, timeout=_LONG)
    assert profile.store.accounts() == []
    assert not any(each.alive for each in google.grants.values())
    assert sheet.pages.currentIndex() == 1


def test_saying_no_and_being_late_are_sentences(
    open_real: OpenReal,
    google: FakeGoogle,
    client_file: Path,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    """Above the ladder, which keeps what was chosen; the next try is one click."""
    google.deny = True
    sheet = google_sheet(qtbot, open_real(), client_file)
    ladder = way(sheet).ladder
    assert ladder is not None
    ladder.rungs["freebusy"].click()
    sheet.next.click()
    assert problem(qtbot, sheet) == "You did not allow the access in the browser. Nothing was linked."
    assert way(sheet).ladder.level == "freebusy"  # type: ignore[union-attr]
    monkeypatch.setenv("CALMERGE_SIGN_IN_SECONDS", "1")
    browser.does("")
    sheet.next.click()
    qtbot.waitUntil(lambda: way(sheet).browser is not None)
    assert problem(qtbot, sheet).startswith("The sign-in was not finished in the browser.")
    google.faults.append(Fault("500", path="/token", times=9))
    browser.does("import sys, urllib.request\nurllib.request.urlopen(sys.argv[1]).read()\n")
    monkeypatch.delenv("CALMERGE_SIGN_IN_SECONDS")
    sheet.next.click()
    qtbot.waitUntil(lambda: way(sheet).browser is not None)
    assert problem(qtbot, sheet)


def test_an_organisation_that_blocks_codes(open_real: OpenReal, microsoft: FakeMicrosoft, qtbot: QtBot) -> None:
    """Says so, and what still works."""
    microsoft.refusals["device_code"] = ("invalid_grant", "AADSTS53003: canary")
    sheet = microsoft_sheet(qtbot, open_real())
    ladder = way(sheet).ladder
    assert ladder is not None
    assert ladder.device is not None
    QTest.keyClick(ladder.device, Qt.Key.Key_Right)
    sheet.next.click()
    assert problem(qtbot, sheet).startswith("Your organisation does not allow this way of signing in.")


def test_a_box_that_was_not_ticked_is_told_with_the_calendars(
    open_real: OpenReal, google: FakeGoogle, client_file: Path, qtbot: QtBot
) -> None:
    """The calendars can only be read, and the sheet says why."""
    google.untick = frozenset({"calendar.events"})
    sheet = google_sheet(qtbot, open_real(), client_file)
    sheet.next.click()
    done(qtbot, sheet)
    from calmerge_desktop.ui.parts.notes import Note

    page = sheet.pages.widget(3)
    assert page is not None
    assert any("Not every box was ticked at Google" in note.text() for note in page.findChildren(Note))
    assert sheet.roles.targets == {}


def test_signing_in_again_from_the_card(
    open_real: OpenReal, google: FakeGoogle, client_file: Path, profile: Profile, qtbot: QtBot
) -> None:
    """From the words of the account: no registration is asked for, the rung is the one of before, the sheet closes."""
    window = open_real()
    sheet = google_sheet(qtbot, window, client_file)
    ladder = way(sheet).ladder
    assert ladder is not None
    ladder.rungs["read"].click()
    sheet.next.click()
    done(qtbot, sheet)
    sheet.next.click()
    (account,) = profile.store.accounts()
    google.revoke()
    window.links.sign_in_again(account.id)
    sheet = sheet_of(window)
    at_ladder(qtbot, sheet)
    ladder = way(sheet).ladder
    assert ladder is not None
    assert ladder.level == "read"
    assert not sheet.back.isVisible()
    ladder.rungs["write"].click()
    sheet.next.click()
    qtbot.waitUntil(lambda: window.floating() is None, timeout=_LONG)
    assert google.authorized[-1]["login_hint"] == ALICE
    assert sum(each.alive for each in google.grants.values()) == 1
    assert profile.desk.signing.level(account) == "write"


def test_another_account_in_the_browser(
    open_real: OpenReal, microsoft: FakeMicrosoft, profile: Profile, qtbot: QtBot
) -> None:
    """Signing in again as somebody else changes nothing and says who it was."""
    window = open_real()
    sheet = microsoft_sheet(qtbot, window)
    sheet.next.click()
    done(qtbot, sheet)
    sheet.dismiss()
    (account,) = profile.store.accounts()
    microsoft.subject, microsoft.address = "11111111-0000-0000-0000-0000b0b00000", "bob@outlook.example.test"
    window.links.sign_in_again(account.id)
    sheet = sheet_of(window)
    at_ladder(qtbot, sheet)
    sheet.next.click()
    qtbot.waitUntil(lambda: way(sheet).browser is not None)
    assert "You signed in as bob@outlook.example.test" in problem(qtbot, sheet)
    assert profile.store.accounts()[0].address == OWNER


def test_removing_the_account_gives_its_tokens_back(
    open_real: OpenReal, google: FakeGoogle, client_file: Path, profile: Profile, qtbot: QtBot
) -> None:
    """As the command line does."""
    window = open_real()
    sheet = google_sheet(qtbot, window, client_file)
    sheet.next.click()
    done(qtbot, sheet)
    sheet.next.click()
    (account,) = profile.store.accounts()
    window.sidebar.accounts._remove(account)
    qtbot.waitUntil(lambda: profile.store.accounts() == [], timeout=_LONG)
    qtbot.waitUntil(lambda: not window.session.runner.busy, timeout=_LONG)
    assert not any(each.alive for each in google.grants.values())


def test_the_rungs_by_keyboard(open_real: OpenReal, microsoft: FakeMicrosoft, qtbot: QtBot) -> None:
    """Arrows move the choice and the focus; Tab never leaves the sheet."""
    sheet = microsoft_sheet(qtbot, open_real())
    ladder = way(sheet).ladder
    assert ladder is not None
    QTest.keyClick(ladder.rungs["write"], Qt.Key.Key_Down)
    assert ladder.level == "send"
    assert QApplication.focusWidget() is ladder.rungs["send"]
    QTest.keyClick(ladder.rungs["send"], Qt.Key.Key_Down)
    QTest.keyClick(ladder.rungs["answers"], Qt.Key.Key_Down)
    assert ladder.level == "freebusy"
    for _step in range(12):
        here = QApplication.focusWidget()
        assert here is not None
        assert sheet.isAncestorOf(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)

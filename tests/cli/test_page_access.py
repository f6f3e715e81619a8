"""The guest's page for everybody: by keyboard alone, without barriers, in every state, language and light."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from calmerge_desktop import resources
from calmerge_desktop.core.proposal.offer import Offer, encode
from calmerge_desktop.core.proposal.page import build
from calmerge_desktop.core.proposal.token import find_tokens
from tests.servers import browser
from tests.servers.browser import Browser

pytestmark = pytest.mark.skipif(browser.PROGRAM is None, reason="Chromium is not installed")
NEW_YORK = ZoneInfo("America/New_York")
NOW = int(datetime.now(UTC).timestamp()) // 60 * 60
_KEY = b"k" * 32
_SECRET = "cd" * 16
DAY = 86_400
FIRST = NOW - NOW % DAY + 2 * DAY + 15 * 3600
STARTS = tuple(FIRST + day * DAY + half * 1800 for day in (0, 1, 7, 8) for half in (0, 1, 13))
GUESTS = {"en": ("en-US", "America/New_York"), "de": ("de-DE", "America/New_York")}
HEADS = {
    "en": ("Choose a time", "Your details", "One step left: send your choice", "There is nothing to book here"),
    "de": ("Zeit auswählen", "Angaben", "Noch ein Schritt: Wahl absenden", "Hier gibt es nichts zu buchen"),
}


def offer(**changed: Any) -> str:
    fields: dict[str, Any] = {
        "id": "ab" * 11,
        "secret": _SECRET,
        "created": NOW - 3600,
        "expires": NOW + 3 * DAY,
        "minutes": 30,
        "title": "Intro call",
        "host": "Anna Moser",
        "address": "anna@example.test",
        "place": "Video call",
        "tzid": "Europe/Berlin",
        "language": "en",
        "starts": STARTS,
    }
    return encode(Offer(**fields | changed), _KEY)


@pytest.fixture(scope="module", params=["en", "de"])
def guest(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, str]]:
    language, tz = GUESTS[request.param]
    made = Browser(tmp_path_factory.mktemp(f"guest-{request.param}"), tz=tz, language=language, size=(1280, 900))
    yield made, request.param
    made.close()


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def written(inside: str = "") -> str:
        path = tmp_path / "page.html"
        path.write_text(build(resources.path("booking"), offer=inside), encoding="utf-8")
        return path.as_uri()

    return written


def head(guest: Browser) -> str:
    return str(guest.js("[...document.querySelectorAll('#app h2, #app h1')].pop().textContent"))


def focused(guest: Browser) -> str:
    return str(guest.js("(document.activeElement.id || document.activeElement.className || document.activeElement.tagName)"))


def tab_to(guest: Browser, wanted: str) -> None:
    """With Tab alone; fails when it is not on the way."""
    for _step in range(40):
        if wanted in focused(guest).split():
            return
        guest.press("Tab")
    raise AssertionError(f"Tab never reaches {wanted}")


# --- barriers ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not browser.AXE.exists(), reason="axe is not installed (.ci/servers)")
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
def test_no_state_has_barriers(guest: tuple[Browser, str], write: Any, dark: bool, size: tuple[int, int]) -> None:
    page, language = guest
    page.paint(dark=dark, size=size)
    found: dict[str, list[str]] = {}
    page.open(write(offer()))
    found["pick"] = page.barriers()
    page.js("document.querySelector('.slot').click()")
    page.wait("document.querySelector('#name')")
    page.js("document.querySelector('form button').click()")
    page.wait("!document.querySelector('#nameError').hidden")
    found["details"] = page.barriers()
    page.js("document.querySelector('#name').value = 'Sam Okafor'; document.querySelector('form button').click()")
    page.wait("document.querySelector('#draft')")
    found["last"] = page.barriers()
    for name, inside in (
        ("expired", offer(expires=NOW - 60)),
        ("tampered", offer()[:50] + "AAAA" + offer()[54:]),
        ("none now", offer(starts=())),
        ("over", offer(starts=(NOW - DAY,))),
    ):
        page.open(write(inside))
        found[name] = page.barriers()
        if name in ("expired", "tampered"):
            assert head(page) == HEADS[language][3]
    assert {name: there for name, there in found.items() if there} == {}


def test_nothing_is_wider_than_the_smallest_screen(guest: tuple[Browser, str], write: Any) -> None:
    """320 px is a screen of 1280 px at 400 %."""
    page, _language = guest
    page.paint(size=(320, 640))
    page.open(write(offer()))
    assert page.js("document.documentElement.scrollWidth") == 320
    page.js("document.querySelector('.slot').click()")
    page.wait("document.querySelector('#name')")
    assert page.js("document.documentElement.scrollWidth") == 320


# --- by keyboard alone ------------------------------------------------------------------------------------------------


def test_from_choice_to_answer_with_the_keyboard_alone(guest: tuple[Browser, str], write: Any) -> None:
    """From the first Tab to the mail draft; every step's heading has the focus, and Esc goes back one step."""
    page, language = guest
    page.paint(size=(1280, 900))
    page.open(write(offer()))
    page.press("Tab")
    assert focused(page) == "skip"
    page.press("Enter")
    assert "slot" in focused(page)
    assert page.js("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.press("ArrowDown")
    assert page.js("document.activeElement.dataset.index") == "1"
    page.press("Enter")
    page.wait("document.activeElement.tagName === 'H2'")
    assert head(page) == HEADS[language][1]
    page.press("Escape")
    page.wait("document.activeElement.classList.contains('slot')")
    assert page.js("document.activeElement.dataset.index") == "1"
    page.press("Enter")
    page.wait("document.activeElement.tagName === 'H2'")
    tab_to(page, "name")
    page.type("Sam Okafor")
    tab_to(page, "primary")
    page.press("Enter")
    page.wait("document.querySelector('#draft') && document.activeElement.tagName === 'H2'")
    assert head(page) == HEADS[language][2]
    page.press("Tab")
    assert focused(page) == "draft"
    letter = page.js("document.querySelector('#text').textContent")
    assert "Sam Okafor" in letter
    assert [one.number for one in find_tokens(letter, {"ab" * 11: bytes.fromhex(_SECRET)})] == [1]


def test_what_changes_the_list_keeps_the_focus(guest: tuple[Browser, str], write: Any) -> None:
    """Weeks, the clock, the language, the early times: one goes on where one was."""
    page, _language = guest
    page.paint(size=(1280, 900))
    night = tuple(sorted((*STARTS, FIRST + 12 * 3600)))
    page.open(write(offer(starts=night)))
    tab_to(page, "zone")
    tab_to(page, "both")
    page.press("Space")
    assert focused(page) == "both"
    assert page.js("document.activeElement.checked") is False
    page.js("document.querySelector('#early').focus()")
    before = page.js("document.querySelectorAll('.slot').length")
    page.press("Space")
    assert focused(page) == "early"
    assert page.js("document.querySelectorAll('.slot').length") > before
    page.js("document.querySelector('#lang').focus()")
    page.press("Enter")
    assert focused(page) == "lang"
    page.press("Enter")
    page.js("document.querySelectorAll('.weeks button')[1].focus()")
    page.press("Enter")
    assert page.js("document.activeElement.getAttribute('aria-current')") == "true"


# --- odd browsers, odd days -------------------------------------------------------------------------------------------


def test_a_browser_without_cryptography_says_so(guest: tuple[Browser, str], write: Any) -> None:
    """The times are there all the same, and answered by mail."""
    page, language = guest
    page.paint(size=(1280, 900))
    script = page(
        "Page.addScriptToEvaluateOnNewDocument", source="Object.defineProperty(window, 'crypto', {value: undefined})"
    )
    try:
        page.open(write(offer()))
        said = {"en": "This browser cannot check here", "de": "Dieser Browser kann hier nicht prüfen"}[language]
        assert said in page.text()
        assert page.js("document.querySelectorAll('.slot').length") > 0
    finally:
        page("Page.removeScriptToEvaluateOnNewDocument", identifier=script["identifier"])


def test_a_night_with_a_missing_hour(guest: tuple[Browser, str], write: Any) -> None:
    """Where the guest's clocks jump, the page says so, and no time of that hour is made up."""
    page, language = guest
    page.paint(size=(1280, 900))
    year = datetime.now(UTC).year + 1
    jump = next(
        datetime(year, 3, day, 7, tzinfo=UTC)
        for day in range(8, 15)
        if datetime(year, 3, day).weekday() == 6  # a date's weekday
    )
    begins = int(jump.timestamp())
    saturday = begins - 12 * 3600
    page.open(write(offer(starts=(saturday, begins - 1800, begins, begins + 1800, begins + 8 * 3600), expires=begins + DAY)))
    page.js("document.querySelector('#early') && document.querySelector('#early').click()")
    shown = page.text()
    local = [datetime.fromtimestamp(at, NEW_YORK) for at in (begins - 1800, begins)]
    assert [f"{one:%H:%M}" for one in local] == ["01:30", "03:00"]
    wanted = {"en": ["1:30 AM", "3:00 AM", "3:30 AM"], "de": ["01:30 Uhr", "03:00 Uhr", "03:30 Uhr"]}[language]
    assert all(one in shown or one.removeprefix("0") in shown for one in wanted)
    assert {"en": "2:00 AM", "de": "02:00 Uhr"}[language] not in shown
    assert {"en": "Clocks change on Sunday", "de": "wird in New York die Uhr umgestellt"}[language] in shown


def test_while_nothing_is_known_the_page_says_since_when(guest: tuple[Browser, str], write: Any) -> None:
    page, language = guest
    page.paint(size=(1280, 900))
    page.open(write(offer(starts=())))
    said = {"en": "They were last known for certain on", "de": "Sicher bekannt waren sie zuletzt am"}[language]
    assert said in page.text()
    assert page.js("document.querySelectorAll('.slot').length") == 0
    assert page.js("document.querySelector('#write').href").startswith("mailto:anna@example.test?subject=Intro%20call")

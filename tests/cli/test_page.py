"""The guest's page in a real browser, from file://, with no network at all: chosen there, booked here."""

from __future__ import annotations

import html
import urllib.parse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from calmerge_desktop.core.proposal.token import mark_of
from tests.cli.conftest import Calmerge
from tests.servers import browser
from tests.servers.browser import Browser

pytestmark = pytest.mark.skipif(browser.PROGRAM is None, reason="Chromium is not installed")
_NOW = datetime.now(UTC)
_MONDAY = (_NOW + timedelta(days=7 - _NOW.weekday())).date()
SLOTS = [
    part
    for day, hour in ((1, "15:00"), (1, "16:00"), (2, "17:30"), (9, "15:00"))
    for part in ("--slot", f"{_MONDAY + timedelta(days=day)}T{hour}")
]


@pytest.fixture
def lena(calmerge: Calmerge) -> Calmerge:
    calmerge.ok("account", "add", "local", "--name", "Own", "--address", "lena@example.test")
    return calmerge


@pytest.fixture(scope="module")
def new_york(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    made = Browser(tmp_path_factory.mktemp("chromium"), tz="America/New_York")
    yield made
    made.close()


@pytest.fixture(scope="module")
def berlin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    made = Browser(tmp_path_factory.mktemp("chromium-de"), tz="Europe/Berlin", language="de-DE", size=(390, 900))
    yield made
    made.close()


def _offered(lena: Calmerge, path: Path, *more: str) -> Any:
    return lena.ok(
        "propose", "30m", "--to", "sam@example.test", "--title", "Intro call", *SLOTS, "--page", str(path), *more
    )["proposal"]


def _draft(guest: Browser) -> tuple[str, str, str]:
    """Address, subject and body of the mail draft that the page would open."""
    url = urllib.parse.urlsplit(guest.js("document.querySelector('#draft').href"))
    assert len(guest.js("document.querySelector('#draft').href")) <= 1500
    query = urllib.parse.parse_qs(url.query, errors="strict")
    return urllib.parse.unquote(url.path), query["subject"][0], query["body"][0]


def test_the_whole_round_by_keyboard_without_network(lena: Calmerge, new_york: Browser, tmp_path: Path) -> None:
    page = tmp_path / "offer.html"
    made = _offered(lena, page, "--hold")
    assert page.stat().st_size <= 40_960
    new_york.open(page.as_uri())
    shown = new_york.text()
    assert "Intro call" in shown
    assert "9:00 AM" in shown  # 15:00 in Berlin
    assert "3:00 PM Berlin" in shown
    new_york.js("document.querySelector('.slot').focus()")
    new_york.press("ArrowDown")
    new_york.press("Enter")
    new_york.wait("document.querySelector('#name')")
    new_york.js("document.querySelector('#name').focus()")
    new_york.press("Enter")
    new_york.wait("!document.querySelector('#nameError').hidden")
    new_york.type("Sam Okafor")
    new_york.press("Enter")
    new_york.wait("document.querySelector('#draft')")
    address, subject, body = _draft(new_york)
    assert address == "lena@example.test"
    assert subject.startswith("Intro call: Tue")
    assert subject.endswith(f" ({mark_of(made['id'])})")
    assert "10:00 – 10:30 AM, New York (UTC−5)" in body or "10:00 – 10:30 AM, New York (UTC−4)" in body
    done = lena.ok("proposal", "read", "-", stdin=body)
    assert done["proposal"]["id"] == made["id"]
    assert done["proposal"]["booking"]["slot"] == 2
    week = lena.ok("agenda", "--from", str(_MONDAY), "--to", str(_MONDAY + timedelta(days=14)))["instances"]
    assert [one["summary"] for one in week] == ["Intro call"]


def test_german_on_a_phone(lena: Calmerge, berlin: Browser, tmp_path: Path) -> None:
    page = tmp_path / "offer.html"
    _offered(lena, page)
    berlin.open(page.as_uri())
    shown = berlin.text()
    assert "Zeit auswählen" in shown
    assert "15:00 Uhr" in shown
    assert "Dieselbe Zeit in Berlin" in shown
    assert berlin.js("document.documentElement.lang") == "de"
    assert berlin.js("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("letter", ["n", "ü", "ж", "🎉"])
def test_a_long_word_to_the_host_fits_into_the_draft(lena: Calmerge, new_york: Browser, tmp_path: Path, letter: str) -> None:
    """What mail programs pass on is not long: the end of the word goes, never the mark or the token; the page shows it."""
    page = tmp_path / "offer.html"
    long = ("--title", f"{letter} " * 60)
    made = lena.ok("propose", "30m", "--to", "sam@example.test", *long, *SLOTS, "--page", str(page))["proposal"]
    new_york.open(page.as_uri())
    new_york.js("document.querySelector('.slot').click()")
    new_york.wait("document.querySelector('#name')")
    new_york.js(
        f"document.querySelector('#name').value = 'Sam';"
        f"document.querySelector('#note').value = '{letter * 9} '.repeat(30).slice(0, 299)"
    )
    new_york.js("document.querySelector('form button').click()")
    new_york.wait("document.querySelector('#draft')")
    _address, subject, body = _draft(new_york)
    assert subject.endswith(f" ({mark_of(made['id'])})")
    shown = str(new_york.js("document.querySelector('#text').textContent"))
    assert shown.split("\n") == body.replace("\r\n", "\n").split("\n")
    assert ("…" in body) == (letter != "n")
    assert lena.ok("proposal", "read", "-", stdin=body)["proposal"]["state"] == "booked"


def test_subject_and_text_are_copied_for_webmail(lena: Calmerge, new_york: Browser, tmp_path: Path) -> None:
    """Where no mail program is, the mark must come along."""
    page = tmp_path / "offer.html"
    made = _offered(lena, page)
    new_york.open(f"{page.as_uri()}#&s=1")
    new_york.wait("document.querySelector('#name')")
    new_york.js("document.querySelector('#name').value = 'Sam'; document.querySelector('form button').click()")
    new_york.wait("document.querySelector('#draft')")
    new_york.js("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
    for id, end in (("copySubject", f"({mark_of(made['id'])})"), ("copy", made["slots"][1]["token"])):
        new_york.js(f"document.querySelector('#{id}').click()")
        new_york.wait(f"(window.copied || '').endsWith('{end}')")


def test_an_answer_as_a_calendar_is_an_answer(lena: Calmerge, new_york: Browser, tmp_path: Path) -> None:
    """The .ics that the page makes, attached to a mail without a word; it does not become an event by itself."""
    page = tmp_path / "offer.html"
    made = _offered(lena, page)
    new_york.open(f"{page.as_uri()}#&s=1")
    new_york.wait("document.querySelector('#name')")
    new_york.js("document.querySelector('#name').value = 'Sam'; document.querySelector('form button').click()")
    new_york.wait("document.querySelector('#ics')")
    ics = urllib.parse.unquote(new_york.js("document.querySelector('#ics').href").partition(",")[2])
    (tmp_path / "answer.ics").write_text(ics, newline="")
    refused = lena("inbox", "--read", str(tmp_path / "answer.ics"))
    assert (refused.code, refused.err.partition(".")[0]) == (3, "This is an answer to an offer, and no invitation")
    assert lena.ok("agenda", "--from", str(_MONDAY), "--to", str(_MONDAY + timedelta(days=14)))["instances"] == []
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Sam <sam@example.test>", "a time"
    mail.add_attachment(ics.encode(), maintype="text", subtype="calendar", filename="answer.ics")
    done = lena.ok("proposal", "read", "-", stdin=mail.as_string())["proposal"]
    assert (done["id"], done["booking"]["slot"]) == (made["id"], 2)


def test_a_link_opens_the_time_it_names(lena: Calmerge, new_york: Browser, tmp_path: Path) -> None:
    made = _offered(lena, tmp_path / "x.html")
    lena.ok("publish", "--folder", str(tmp_path / "web"))
    assert {one.name for one in (tmp_path / "web").iterdir()} == {"index.html", f"{made['id']}.html"}
    new_york.open(f"{(tmp_path / 'web' / 'index.html').as_uri()}#{made['offer']}&s=2")
    new_york.wait("document.querySelector('#name')")
    assert "11:30 AM – 12:00 PM" in new_york.text()
    lena.ok("proposal", "withdraw", made["id"])
    lena.ok("publish", "--folder", str(tmp_path / "web"))
    assert {one.name for one in (tmp_path / "web").iterdir()} == {"index.html"}


@pytest.mark.parametrize("at", [0, 40, 90, -10])
def test_an_altered_link_is_refused(lena: Calmerge, new_york: Browser, tmp_path: Path, at: int) -> None:
    made = _offered(lena, tmp_path / "x.html")
    lena.ok("publish", "--folder", str(tmp_path / "web"))
    offer = made["offer"]
    changed = offer[:at] + ("A" if offer[at] != "A" else "B") + offer[at:][1:]
    new_york.open(f"{(tmp_path / 'web' / 'index.html').as_uri()}#{changed}")
    assert "nothing to book" in new_york.text()
    assert new_york.js("document.querySelectorAll('.slot').length") == 0


def test_a_guests_own_calendar_is_laid_over_and_leaves_nowhere(lena: Calmerge, new_york: Browser, tmp_path: Path) -> None:
    page = tmp_path / "offer.html"
    _offered(lena, page)
    new_york.open(page.as_uri())
    day = f"{_MONDAY + timedelta(days=1):%Y%m%d}"
    ics = (
        "BEGIN:VCALENDAR\\r\\nBEGIN:VEVENT\\r\\nUID:1\\r\\nSUMMARY:Dentist\\r\\n"
        f"DTSTART;TZID=America/New_York:{day}T090000\\r\\nDTEND;TZID=America/New_York:{day}T093000\\r\\nEND:VEVENT\\r\\nEND:VCALENDAR\\r\\n"
    )
    new_york.js(
        "(() => { const d = new DataTransfer(); d.items.add(new File(['" + ics + "'], 'me.ics'));"
        " const i = document.querySelector('#own'); i.files = d.files; i.dispatchEvent(new Event('change')); })()"
    )
    new_york.wait("document.querySelector('.slot.busy')")
    shown = new_york.text()
    assert "Dentist" in shown
    assert "You are free" in shown
    assert "never uploaded" in shown
    assert new_york.js("document.querySelectorAll('.slot.busy').length") == 1


def test_the_page_may_talk_to_nobody(lena: Calmerge, new_york: Browser, tmp_path: Path) -> None:
    page = tmp_path / "offer.html"
    _offered(lena, page)
    new_york.open(page.as_uri())
    refused = new_york.js("fetch('http://127.0.0.1:9/').then(() => 'sent', (e) => e.name)")
    assert refused == "TypeError"
    text = html.unescape(page.read_text())
    assert "default-src 'none'" in text
    assert "http" not in text.replace("http-equiv", "")


def test_without_scripts_the_times_are_there(lena: Calmerge, new_york: Browser, tmp_path: Path) -> None:
    page = tmp_path / "offer.html"
    made = _offered(lena, page)
    new_york("Emulation.setScriptExecutionDisabled", value=True)
    try:
        new_york("Page.navigate", url=page.as_uri())
        text = page.read_text()
        assert text.count('<li><a href="mailto:lena@example.test') == 4
        assert text.count(urllib.parse.quote(f"Re: Intro call ({mark_of(made['id'])})", safe="")) == 4
    finally:
        new_york("Emulation.setScriptExecutionDisabled", value=False)


def test_an_offer_that_is_over_shows_nothing(lena: Calmerge, new_york: Browser, tmp_path: Path) -> None:
    page = tmp_path / "offer.html"
    _offered(lena, page, "--expires", "now")
    new_york.open(page.as_uri())
    assert "nothing to book" in new_york.text()

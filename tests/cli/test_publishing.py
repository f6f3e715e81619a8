"""`publish`: pages of open times kept in folders and at WebDAV servers, by the real command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from calmerge_desktop.core.proposal.offer import Offer, decode
from calmerge_desktop.core.proposal.token import make_token
from tests.cli.conftest import Calmerge
from tests.servers.caldav import free_port
from tests.servers.web import Page, WebServer
from tests.servers.webdav import PASSWORD, USER, WebdavServer

ALWAYS = '--set=hours={mon=["00:00-24:00"],tue=["00:00-24:00"],wed=["00:00-24:00"],thu=["00:00-24:00"],fri=["00:00-24:00"]}'
_LOGIN = ("--user", USER, "--password-stdin")


@pytest.fixture
def lena(calmerge: Calmerge) -> Calmerge:
    calmerge.ok("account", "add", "local", "--name", "Own", "--address", "lena@example.test")
    calmerge.ok("link", "add", "--title", "Intro call", "--set", "minutes=30", "--set", "minimum_notice=0", ALWAYS)
    return calmerge


@pytest.fixture
def dav(tmp_path: Path) -> Iterator[WebdavServer]:
    server = WebdavServer(tmp_path / "dav")
    yield server
    server.close()


def offer_of(page: Path) -> Offer:
    found = re.search(r'data-offer="([^"]*)"', page.read_text(encoding="utf-8"))
    assert found
    return decode(found[1])


def kept(calmerge: Calmerge) -> Any:
    return calmerge.ok("publish", "--list")["pages"]


def busy(calmerge: Calmerge, offer: Offer, number: int = 0) -> int:
    """An event at one of the offered times; its start."""
    start = offer.starts[number]
    when = datetime.fromtimestamp(start, UTC).isoformat()
    end = datetime.fromtimestamp(start + 1800, UTC).isoformat()
    calendar = calmerge.ok("calendar", "list")["calendars"][0]["id"]
    calmerge.ok("event", "add", "--calendar", calendar, "--title", "Dentist", "--start", when, "--end", end)
    return start


# --- a folder of this computer ----------------------------------------------------------------------------------------


def test_a_page_follows_the_calendar_with_every_sync(lena: Calmerge, tmp_path: Path) -> None:
    web = tmp_path / "web"
    made = lena.ok("publish", "intro-call", "--folder", str(web))
    assert made["published"] == ["intro-call.html"]
    before = offer_of(web / "intro-call.html")
    assert made["pages"][0]["times"] == len(before.starts) > 10
    text = (web / "intro-call.html").read_bytes()
    ledger = (lena.home / "ledger.sqlite").read_bytes()
    assert lena.ok("sync")["pages"] == {"kept": 1, "troubles": []}
    assert (lena.home / "ledger.sqlite").read_bytes() == ledger
    assert (web / "intro-call.html").read_bytes() == text
    taken = busy(lena, before, 3)
    lena.ok("sync")
    after = offer_of(web / "intro-call.html")
    assert taken not in after.starts
    assert set(before.starts) - set(after.starts) <= {taken, *before.starts[:1]}
    assert after.id != before.id
    assert b"Dentist" not in (web / "intro-call.html").read_bytes()
    assert [one.name for one in web.iterdir()] == ["intro-call.html"]


def test_a_link_that_is_off_offers_nothing_and_one_that_is_gone_has_no_page(lena: Calmerge, tmp_path: Path) -> None:
    web = tmp_path / "web"
    lena.ok("publish", "intro-call", "--folder", str(web))
    lena.ok("link", "edit", "intro-call", "--set", "active=false")
    lena.ok("sync")
    assert 'data-offer=""' in (web / "intro-call.html").read_text()
    lena.ok("link", "edit", "intro-call", "--set", "active=true", "--set", 'slug="first-talk"')
    lena.ok("sync")
    assert [one.name for one in web.iterdir()] == ["first-talk.html"]
    lena.ok("link", "remove", "first-talk")
    lena.ok("sync")
    assert list(web.iterdir()) == []
    assert kept(lena) == []


def test_stop_takes_the_page_away(lena: Calmerge, tmp_path: Path) -> None:
    web = tmp_path / "web"
    lena.ok("publish", "intro-call", "--folder", str(web))
    assert lena("publish", "--stop").code == 3
    lena.ok("publish", "intro-call", "--stop")
    assert list(web.iterdir()) == []
    assert kept(lena) == []
    assert lena("publish", "intro-call", "--stop").err.startswith("Nothing is published there.")


def test_somebody_elses_file_is_never_written_over(lena: Calmerge, tmp_path: Path) -> None:
    web = tmp_path / "web"
    web.mkdir()
    (web / "index.html").write_text("<h1>My own site</h1>")
    refused = lena("publish", "--folder", str(web))
    assert refused.code == 5
    assert "was not made here, so it is not overwritten" in refused.err
    assert (web / "index.html").read_text() == "<h1>My own site</h1>"
    assert [one.name for one in web.iterdir()] == ["index.html"]


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [
        ("{tmp}/no/such/folder", "There is no folder “{tmp}/no/such/folder”."),
        ("{tmp}/file", "There is no folder “{tmp}/file”."),
        ("/proc/self/fdinfo", "The folder “fdinfo” "),
        ("ftp://example.test/x", "Addresses that begin with ftp:// cannot be written to."),
        ("http://u:p@127.0.0.1/x", "An address with a name or a password in it is not used."),
        ("http://127.0.0.1:{port}/dav/", "127.0.0.1:{port} refuses the connection."),
    ],
)
def test_places_of_no_use_are_one_sentence(lena: Calmerge, tmp_path: Path, folder: str, sentence: str) -> None:
    (tmp_path / "file").write_text("")
    port = free_port()
    refused = lena("publish", "intro-call", "--folder", folder.format(tmp=tmp_path, port=port))
    assert refused.code in (3, 4)
    assert refused.err.startswith(sentence.format(tmp=tmp_path, port=port))
    assert refused.err.count("\n") == 1
    assert kept(lena) == []


def test_a_password_goes_over_no_open_line(lena: Calmerge) -> None:
    refused = lena("publish", "intro-call", "--folder", "http://example.test/dav/", *_LOGIN, stdin="x\n")
    assert refused.code == 3
    assert refused.err.startswith("A password is not sent over a connection that anybody can read.")


# --- a WebDAV server --------------------------------------------------------------------------------------------------


def test_a_webdav_folder_is_made_filled_and_kept(lena: Calmerge, dav: WebdavServer, tmp_path: Path) -> None:
    url = dav.url + "a/b"
    made = lena.ok("publish", "intro-call", "--folder", url, *_LOGIN, stdin=PASSWORD + "\n")
    assert made["pages"][0]["url"] == url + "/intro-call.html"
    page = tmp_path / "dav" / "a" / "b" / "intro-call.html"
    before = offer_of(page)
    assert dav.methods() == ["PROPFIND", "MKCOL", "MKCOL", "MKCOL", "GET", "PUT"]
    lena.ok("sync")
    assert dav.methods() == []
    busy(lena, before, 2)
    lena.ok("sync")
    put = [headers for method, _path, headers in dav.asked if method == "PUT"]
    assert [one.get("If-Match", "")[:1] for one in put] == ['"']
    assert dav.methods() == ["PUT"]
    assert offer_of(page).id != before.id
    lena.ok("publish", "intro-call", "--stop")
    assert not page.exists()
    assert PASSWORD not in "".join(one.read_text(errors="replace") for one in lena.home.rglob("*") if one.is_file())


def test_a_changed_etag_is_no_trouble_while_the_page_is_ours(lena: Calmerge, dav: WebdavServer, tmp_path: Path) -> None:
    lena.ok("publish", "intro-call", "--folder", dav.url, *_LOGIN, stdin=PASSWORD + "\n")
    page = tmp_path / "dav" / "intro-call.html"
    before = offer_of(page)
    page.write_bytes(page.read_bytes() + b"\n")
    busy(lena, before, 2)
    assert lena.ok("sync")["pages"]["troubles"] == []
    assert offer_of(page).id != before.id
    page.unlink()
    busy(lena, before, 5)
    assert lena.ok("sync")["pages"]["troubles"] == []
    assert page.exists()
    page.write_text("somebody else's")
    busy(lena, before, 8)
    (trouble,) = lena.ok("sync")["pages"]["troubles"]
    assert trouble == "“intro-call.html” is there already and was not made here, so it is not overwritten."
    assert page.read_text() == "somebody else's"
    page.unlink()
    assert lena.ok("sync")["pages"]["troubles"] == []
    assert kept(lena)[0]["state"] == "kept"


def test_a_server_without_etags_is_looked_at_first(lena: Calmerge, tmp_path: Path) -> None:
    dav = WebdavServer(tmp_path / "plain", etags=False)
    try:
        lena.ok("publish", "intro-call", "--folder", dav.url, *_LOGIN, stdin=PASSWORD + "\n")
        page = tmp_path / "plain" / "intro-call.html"
        busy(lena, offer_of(page), 2)
        before = offer_of(page)
        lena.ok("sync")
        assert offer_of(page).id != before.id
    finally:
        dav.close()


def test_a_server_that_says_no_is_one_sentence(lena: Calmerge, dav: WebdavServer, web: WebServer) -> None:
    wrong = lena("publish", "intro-call", "--folder", dav.url, *_LOGIN, stdin="wrong\n")
    assert (wrong.code, "does not accept this user name and password" in wrong.err) == (3, True)
    dav.room = 1000
    full = lena("publish", "intro-call", "--folder", dav.url, *_LOGIN, stdin=PASSWORD + "\n")
    assert full.code == 3
    assert full.err.startswith("There is no room left at 127.0.0.1")
    dav.room = None
    dav.refuse = {"PUT": 403}
    denied = lena("publish", "intro-call", "--folder", dav.url, *_LOGIN, stdin=PASSWORD + "\n")
    assert denied.err.startswith("127.0.0.1") and "denies access" in denied.err  # noqa: PT018
    for status in (200, 405, 501):
        web.pages["/dav/"] = Page(status=status, body=b"<h1>a web site</h1>")
        none = lena("publish", "intro-call", "--folder", web.url + "/dav/")
        assert "offers no WebDAV folder at this address." in none.err
    none = lena("publish", "intro-call", "--folder", web.url + "/nothing/")
    assert none.code == 3
    for answer in (wrong, full, denied, none):
        assert answer.err.count("\n") == 1
        assert PASSWORD not in answer.err


def test_what_a_server_refuses_is_tried_again(lena: Calmerge, dav: WebdavServer, tmp_path: Path) -> None:
    lena.ok("publish", "intro-call", "--folder", dav.url, *_LOGIN, stdin=PASSWORD + "\n")
    page = tmp_path / "dav" / "intro-call.html"
    before = offer_of(page)
    busy(lena, before, 2)
    dav.refuse = {"PUT": 503}
    assert len(lena.ok("sync")["pages"]["troubles"]) == 1
    assert kept(lena)[0]["state"] == "trouble"
    assert offer_of(page).id == before.id
    dav.refuse = {"DELETE": 503}
    assert lena.ok("sync")["pages"]["troubles"] == []
    stopped = lena("publish", "intro-call", "--stop")
    assert stopped.code == 4
    assert kept(lena)[0]["state"] == "trouble"
    lena.ok("publish", "intro-call", "--folder", dav.url, *_LOGIN, stdin=PASSWORD + "\n")
    assert kept(lena)[0]["state"] == "kept"
    assert lena("publish", "intro-call", "--stop").code == 4
    dav.refuse = {}
    lena.ok("sync")
    assert not page.exists()
    assert kept(lena) == []


# --- what nobody knows, and what comes back ---------------------------------------------------------------------------


def test_while_a_calendar_cannot_be_read_no_time_is_offered(lena: Calmerge, web: WebServer, tmp_path: Path) -> None:
    feed = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"
    web.pages["/cal.ics"] = Page(body=feed.encode(), headers={"Content-Type": "text/calendar"})
    lena.ok("account", "add", "ics", web.url + "/cal.ics")
    unread = lena("publish", "intro-call", "--folder", str(tmp_path / "web"))
    assert unread.code == 4
    assert "cannot be read, so nobody knows what is free." in unread.err
    lena.ok("sync")
    lena.ok("publish", "intro-call", "--folder", str(tmp_path / "web"))
    page = tmp_path / "web" / "intro-call.html"
    good = offer_of(page)
    web.pages["/cal.ics"] = Page(status=500)
    lena("sync")
    closed = offer_of(page)
    assert closed.starts == ()
    assert closed.created <= good.created + 60
    web.pages["/cal.ics"] = Page(body=feed.encode(), headers={"Content-Type": "text/calendar"})
    lena.ok("sync", "--full")
    assert len(offer_of(page).starts) > 10


def test_a_link_that_lost_its_calendar_offers_nothing(lena: Calmerge, tmp_path: Path) -> None:
    """And says why, until it has one again."""
    lena.ok("publish", "intro-call", "--folder", str(tmp_path / "web"))
    page = tmp_path / "web" / "intro-call.html"
    lena.ok("account", "remove", lena.ok("account", "list")["accounts"][0]["id"])
    assert lena.ok("sync")["pages"]["troubles"] == ["No calendar takes the new meetings."]
    assert 'data-offer=""' in page.read_text()
    lena.ok("account", "add", "local", "--name", "Other", "--address", "lena@example.test")
    assert lena.ok("sync")["pages"]["troubles"] == []
    assert len(offer_of(page).starts) > 10


def _answer(offer: Offer, number: int, sender: str = "Sam <sam@guest.example>") -> str:
    token = make_token(offer.id, number, bytes.fromhex(offer.secret))
    return f"From: {sender}\r\nTo: lena@example.test\r\nSubject: x\r\nMessage-ID: <1@g>\r\n\r\nHello, this one\r\n\r\n{token}\r\n"


def test_an_answer_to_a_page_waits_and_books_the_time_it_named(lena: Calmerge, tmp_path: Path) -> None:
    lena.ok("publish", "intro-call", "--folder", str(tmp_path / "web"))
    page = tmp_path / "web" / "intro-call.html"
    offer = offer_of(page)
    busy(lena, offer, 1)
    lena.ok("sync")
    assert offer_of(page).id != offer.id
    mail = _answer(offer, 4)  # to the page as it was before
    first = lena.ok("proposal", "read", "-", stdin=mail)["proposal"]
    again = lena.ok("proposal", "read", "-", stdin=mail)["proposal"]
    assert (first["id"], first["state"], first["to"]) == (again["id"], "answered", "sam@guest.example")
    other = lena.ok("proposal", "read", "-", stdin=_answer(offer, 4, "kim@guest.example"))["proposal"]
    assert other["id"] != first["id"]
    lena.ok("proposal", "book", first["id"], "1")
    booked = lena.ok("proposal", "show", first["id"])["proposal"]
    assert datetime.fromisoformat(booked["booking"]["start"]).timestamp() == offer.starts[4]
    assert lena("proposal", "book", other["id"], "1").code == 5
    lena.ok("sync")
    assert offer.starts[4] not in offer_of(page).starts


def test_an_answer_without_a_sender_books_nothing(lena: Calmerge, tmp_path: Path) -> None:
    lena.ok("publish", "intro-call", "--folder", str(tmp_path / "web"))
    offer = offer_of(tmp_path / "web" / "intro-call.html")
    bare = lena("proposal", "read", "-", stdin=make_token(offer.id, 0, bytes.fromhex(offer.secret)))
    assert bare.code == 3
    assert "who wrote it is missing" in bare.err
    forged = lena("proposal", "read", "-", stdin=_answer(offer, 4).replace("CM1-", "CM1-7"))
    assert forged.code == 3
    assert lena.ok("proposal", "list")["proposals"] == []

"""The engine against a real server: both ways, conflicts, and a server that dies in the middle."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from calmerge_desktop.core.model import Account, AccountId, Href, Resource, SourceState, SyncToken
from calmerge_desktop.core.ports import CalendarProvider
from calmerge_desktop.sync.engine import SyncEngine
from calmerge_desktop.sync.providers.caldav import CaldavProvider
from calmerge_desktop.sync.results import AccountResult
from tests.fakes import FakeStore, Heard
from tests.provider_contract import ics
from tests.servers import caldav as servers
from tests.servers.caldav import PASSWORD, USER, Server

_numbers = itertools.count(1)
_CALENDAR = {"Content-Type": "text/calendar"}


class Home:
    def __init__(self, server: Server, url: str) -> None:
        self.server = server
        self.url = url
        self.account = Account(id=AccountId("a"), provider="caldav", name="Radicale", config={"url": url, "user": USER})
        self.store = FakeStore(self.account)
        self.opened: list[CaldavProvider] = []

    def open(self, account: Account) -> CalendarProvider:
        return CaldavProvider(account, PASSWORD)

    def sync(self) -> AccountResult:
        engine = SyncEngine(self.store, self.open)
        (result,) = engine.run_once(None, full=False, stop=threading.Event(), listener=Heard().listener())
        return result

    def put(self, uid: str, summary: str = "Coffee") -> None:
        answer = self.server.request("PUT", f"{self.url}{uid}.ics", ics(uid, summary), **_CALENDAR)
        assert answer.status_code in (201, 204)

    def held(self) -> dict[Href, Resource]:
        (calendar,) = self.store.lists[AccountId("a")]
        return self.store.resources[calendar.id]

    def one(self, uid: str) -> Resource:
        return next(each for each in self.held().values() if f"UID:{uid}" in each.ics)


@pytest.fixture
def home(radicale: Server) -> Home:
    return Home(radicale, radicale.make_calendar(f"r{next(_numbers)}"))


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Home]:
    server = servers.radicale(tmp_path)
    yield Home(server, server.make_calendar("work"))
    server.stop()


def test_both_ways(home: Home) -> None:
    """Their changes come, mine go, and both sides hold the same in the end."""
    home.put("theirs")
    home.sync()
    (calendar,) = home.store.lists[AccountId("a")]
    home.store.edit(calendar, "mine.ics", ics("mine"), create=True)
    result = home.sync()
    assert result.calendars[0].pushed == 1
    home.store.edit(calendar, home.one("theirs").href, ics("theirs", "Changed here"), base=home.one("theirs"))
    home.put("mine", "Changed there")
    home.sync()
    assert "Changed there" in home.one("mine").ics
    assert "Changed here" in home.server.request("GET", f"{home.url}theirs.ics").text
    assert len(home.held()) == 2


def test_a_change_on_both_sides_is_kept_for_the_person(home: Home) -> None:
    """412 on the real server, both texts kept."""
    home.put("both")
    home.sync()
    (calendar,) = home.store.lists[AccountId("a")]
    number = home.store.edit(calendar, home.one("both").href, ics("both", "Mine"), base=home.one("both"))
    home.put("both", "Theirs")
    home.sync()
    theirs = home.store.conflicts[number]
    assert theirs
    assert "SUMMARY:Theirs" in theirs.ics
    assert "Theirs" in home.server.request("GET", f"{home.url}both.ics").text


def test_a_token_the_server_forgot_costs_a_full_listing_only(home: Home) -> None:
    """Removals are found by absence, and the next sync is incremental again."""
    home.put("a")
    home.put("b")
    home.sync()
    (calendar,) = home.store.lists[AccountId("a")]
    home.server.request("DELETE", f"{home.url}a.ics")
    home.store.tokens[calendar.id] = SyncToken("sync:http://radicale.org/ns/sync/" + "f" * 64)
    result = home.sync()
    assert (result.state, result.calendars[0].removed, len(home.held())) == (SourceState.FRESH, 1, 1)
    assert home.sync().calendars[0].updated == 0


def test_a_server_killed_in_the_middle_loses_and_doubles_nothing(mortal: Home) -> None:
    """Pages that came stay, the token waits, writes stay in the outbox; after the restart all is there once."""
    for number in range(120):
        mortal.put(f"e{number}")
    real = mortal.store.apply
    pages = itertools.count()

    def dying(calendar: object, page: object, keep: object = None) -> object:
        if next(pages) == 0:
            mortal.server.kill()
        return real(calendar, page, keep)  # type: ignore[arg-type]  # passed through

    mortal.store.apply = dying  # type: ignore[method-assign,assignment]  # kills in the middle
    first = mortal.sync()
    assert first.state is SourceState.BROKEN
    assert first.status.kind == "offline"
    assert len(mortal.held()) == 50
    assert mortal.store.tokens == {}
    (calendar,) = mortal.store.lists[AccountId("a")]
    mortal.store.edit(calendar, "mine.ics", ics("mine"), create=True)
    assert mortal.sync().state is SourceState.BROKEN
    assert len(mortal.store.writes) == 1
    mortal.server.start()
    second = mortal.sync()
    assert second.state is SourceState.FRESH
    assert len(mortal.held()) == 121
    listing = mortal.server.request("REPORT", mortal.url, _ALL, Depth="1", **{"Content-Type": "application/xml"}).text
    assert listing.count("<href>/alice/work/") == 121
    assert mortal.store.writes == {}


_ALL = """<?xml version="1.0"?><C:calendar-query xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><prop><getetag/></prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter></C:filter></C:calendar-query>"""

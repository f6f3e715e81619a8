"""The engine with real files and real feeds."""

from __future__ import annotations

import threading
from pathlib import Path

from calmerge_desktop.core.errors import Cancelled
from calmerge_desktop.core.model import Account, AccountId, SourceState
from calmerge_desktop.core.ports import CalendarProvider
from calmerge_desktop.sync.engine import SyncEngine
from calmerge_desktop.sync.files import disk
from calmerge_desktop.sync.registry import open_provider
from calmerge_desktop.sync.results import AccountResult
from tests.fakes import FakeStore, Heard
from tests.provider_contract import ics
from tests.servers.web import Asked, Page, WebServer
from tests.sync.test_feed import named
from tests.sync.test_files import BIG


class Source:
    def __init__(self, **config: str) -> None:
        self.store = FakeStore(Account(id=AccountId("a"), provider="feed", name="Source", config=config))
        self.stop = threading.Event()

    def open(self, account: Account) -> CalendarProvider:
        return open_provider(account, None)

    def sync(self, *, full: bool = False) -> AccountResult:
        engine = SyncEngine(self.store, self.open)
        (result,) = engine.run_once(None, full=full, stop=self.stop, listener=Heard().listener())
        return result

    def events(self) -> int:
        return sum(len(each) for each in self.store.resources.values())


def test_a_shared_file_that_became_empty_keeps_its_calendar(tmp_path: Path) -> None:
    """Half a save of another program deletes nothing; when the file is whole again, so are we."""
    (tmp_path / "a.ics").write_text(ics("a"))
    (tmp_path / "team.ics").write_text(BIG)
    source = Source(path=str(tmp_path))
    assert source.sync().state is SourceState.FRESH
    (tmp_path / "team.ics").write_text("")
    for _session in range(2):
        result = source.sync()
        assert {each.name: each.status.kind for each in result.calendars} == {"Source": None, "Team": "not-a-calendar"}
        assert source.events() == 3
        disk._seen.clear()  # another session knows nothing of what the file was
    (tmp_path / "team.ics").write_text(BIG)
    assert source.sync().state is SourceState.FRESH


def test_one_broken_file_keeps_what_was_read_from_it(tmp_path: Path) -> None:
    """A known event whose file breaks stays in the cache."""
    (tmp_path / "a.ics").write_text(ics("a"))
    (tmp_path / "b.ics").write_text(ics("b"))
    source = Source(path=str(tmp_path))
    source.sync()
    (tmp_path / "b.ics").write_text("BEGIN:VCALENDAR\r\n")
    assert source.sync().state is SourceState.FRESH
    assert source.events() == 2
    (tmp_path / "b.ics").unlink()
    source.sync()
    assert source.events() == 1


def test_a_feed_that_goes_away_keeps_its_events(web: WebServer) -> None:
    """404, then a web page, then the feed again."""
    web.pages["/f.ics"] = Page(named("a", "b"), etag=True)
    source = Source(url=web.url + "/f.ics")
    source.sync()
    for page, kind in ((Page(status=404), "not-found"), (Page(b"<html>"), "not-a-calendar")):
        web.pages["/f.ics"] = page
        result = source.sync()
        assert (result.state, result.status.kind) == (SourceState.BROKEN, kind)
        assert source.events() == 2
    web.pages["/f.ics"] = Page(named("a"), etag=True)
    result = source.sync()
    assert (result.state, result.calendars[0].removed, source.events()) == (SourceState.FRESH, 1, 1)


def test_a_feed_is_transferred_once_and_then_asked_for_changes_only(web: WebServer) -> None:
    """Listing the one calendar costs no request of its own; `full` reads its name again."""
    web.pages["/f.ics"] = Page(named("a", head="X-WR-CALNAME:Old\r\n"), etag=True)
    source = Source(url=web.url + "/f.ics")
    source.sync()
    source.sync()
    assert [bool(each.headers["If-None-Match"]) for each in web.asked] == [False, True]
    web.pages["/f.ics"] = Page(named("a", head="X-WR-CALNAME:New\r\n"), etag=True)
    source.sync(full=True)
    assert source.store.lists[AccountId("a")][0].name == "New"


def test_stopping_while_a_feed_is_silent_ends_the_wait(web: WebServer) -> None:
    """The connection is cut from outside; nothing is stored."""
    source = Source(url=web.url + "/f.ics")

    def silent(_asked: Asked) -> Page:
        source.stop.set()
        return Page(hang=True)

    web.pages["/f.ics"] = silent
    result = source.sync()
    assert isinstance(result.error, Cancelled)
    assert not web.released.is_set()
    assert source.store.states == {}

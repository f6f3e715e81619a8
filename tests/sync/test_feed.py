from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from calmerge_desktop.core.errors import CalmergeError, NothingThere, ReadOnly, UnreadableCalendar
from calmerge_desktop.core.model import Access, Account, AccountId, RemoteId
from calmerge_desktop.sync.http import never
from calmerge_desktop.sync.providers.feed import FeedProvider, feed_name
from tests.provider_contract import event, ics, pull
from tests.servers.web import Page, WebServer

Feed = Callable[..., FeedProvider]


@pytest.fixture
def feed(web: WebServer) -> Iterator[Feed]:
    made: list[FeedProvider] = []

    def make(path: str = "/team.ics", *, limit: int = 1_000_000, name: str = "") -> FeedProvider:
        account = Account(id=AccountId("a-1"), provider="feed", name=name, config={"url": web.url + path})
        made.append(FeedProvider(account, None, limit=limit))
        return made[-1]

    yield make
    for each in made:
        each.close()


def named(*uids: str, head: str = "") -> bytes:
    events = "".join(ics(uid).split("\r\n", 3)[3].replace("END:VCALENDAR\r\n", "") for uid in uids)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{events}END:VCALENDAR\r\n".encode()


def test_a_feed_is_one_read_only_calendar(web: WebServer, feed: Feed) -> None:
    """It takes its name and interval from the feed, and refuses writes."""
    web.pages["/team.ics"] = Page(named("a", "b", head="X-WR-CALNAME:Team\r\nREFRESH-INTERVAL;VALUE=DURATION:PT4H\r\n"))
    provider = feed()
    (calendar,) = provider.calendars(never)
    assert (calendar.name, calendar.access) == ("Team", Access.READ)
    upserts, _removed, _unchanged, _token, full = pull(provider, calendar.remote_id)
    assert set(upserts) == {"a", "b"}
    assert full
    assert provider.poll_seconds(calendar.remote_id) == 4 * 3600
    assert len(web.asked) == 1
    with pytest.raises(ReadOnly):
        provider.put(calendar.remote_id, event("c"), base=None, create=True)


def test_an_unchanged_feed_costs_a_304(web: WebServer, feed: Feed) -> None:
    """The validators travel in the token, and the interval survives a 304."""
    web.pages["/team.ics"] = Page(named("a", head="X-PUBLISHED-TTL:PT2H\r\n"), etag=True)
    first = feed()
    *_rest, token, _full = pull(first, RemoteId("x"))
    second = feed()
    upserts, _removed, _unchanged, again, full = pull(second, RemoteId("x"), token)
    assert (upserts, again, full) == ({}, token, False)
    assert web.asked[1].headers["If-None-Match"]
    assert second.poll_seconds(RemoteId("x")) == 7200


def test_a_host_that_rewrites_dtstamp_changes_nothing(web: WebServer, feed: Feed) -> None:
    """Without validators events are compared by what matters in them."""
    web.pages["/team.ics"] = Page(named("a", "b"))
    upserts, _removed, _unchanged, token, _full = pull(feed(), RemoteId("x"))
    web.pages["/team.ics"] = Page(named("a", "b").replace(b"20261101T000000Z", b"20261102T000000Z"))
    known = {href: each.etag for href, each in upserts.items()}
    again, _removed, unchanged, _token, _full = pull(feed(), RemoteId("x"), token, known)
    assert again == {}
    assert unchanged == {"a", "b"}


@pytest.mark.parametrize("body", [b"", b"<html><body>Sign in</body></html>", named("a")[:-30], b"hello"])
def test_what_is_no_calendar_is_no_empty_calendar(web: WebServer, feed: Feed, body: bytes) -> None:
    """Empty, a web page, cut short, or anything else: unreadable, never "everything deleted"."""
    web.pages["/team.ics"] = Page(body)
    with pytest.raises(UnreadableCalendar):
        pull(feed(), RemoteId("x"))


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500])
def test_a_refused_feed_raises_a_sentence_without_its_address(web: WebServer, feed: Feed, status: int) -> None:
    """A feed's path is a secret."""
    web.pages["/secret-token.ics"] = Page(status=status)
    with pytest.raises(CalmergeError) as caught:
        pull(feed("/secret-token.ics"), RemoteId("x"))
    assert "secret" not in caught.value.message
    assert isinstance(caught.value, NothingThere) == (status in (404, 410))


def test_a_large_feed_comes_in_pages(web: WebServer, feed: Feed) -> None:
    """Every event arrives once, with the token on the last page."""
    web.pages["/team.ics"] = Page(named(*(f"e{number}" for number in range(2201))), compress=True)
    pages = list(feed().changes(RemoteId("x"), None, {}, never))
    assert [len(page.upserts) for page in pages] == [1000, 1000, 201]
    assert [bool(page.next_token) for page in pages] == [False, False, True]


def test_a_feed_beyond_the_limit_is_refused(web: WebServer, feed: Feed) -> None:
    """Too large is unreadable."""
    web.pages["/team.ics"] = Page(named("a") + b" " * 100_000)
    with pytest.raises(UnreadableCalendar, match="larger"):
        pull(feed(limit=50_000), RemoteId("x"))


def test_a_nameless_feed_is_called_after_its_file_or_host() -> None:
    """Long random parts are secrets and are not shown."""
    assert feed_name("https://example.test/schulferien.ics") == "schulferien"
    assert feed_name("https://example.test/private-0123456789abcdef0123456789abcdef/basic.ics") == "example.test"

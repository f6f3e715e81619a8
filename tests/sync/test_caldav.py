from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from calmerge_desktop.core.errors import BadInput, Offline, ServerTrouble, SignInNeeded, SyncTokenExpired
from calmerge_desktop.core.model import Access, Account, AccountId, Href, RemoteId, Resource, SyncToken
from calmerge_desktop.core.ports import CalendarProvider
from calmerge_desktop.sync.http import never
from calmerge_desktop.sync.providers.caldav import CaldavProvider
from tests.provider_contract import ProviderContract, event, ics, pull
from tests.servers.caldav import PASSWORD, USER, Server, free_port
from tests.servers.web import Asked, Page, WebServer

_numbers = itertools.count(1)


def account(url: str, user: str = USER) -> Account:
    return Account(id=AccountId("a-1"), provider="caldav", name="Server", config={"url": url, "user": user})


@pytest.fixture(params=["radicale", "xandikos"])
def server(request: pytest.FixtureRequest) -> Server:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Server)
    return found


@pytest.fixture
def calendar(server: Server) -> RemoteId:
    return RemoteId(server.make_calendar(f"c{next(_numbers)}"))


@pytest.fixture
def provider(server: Server) -> Iterator[CaldavProvider]:
    made = CaldavProvider(account(server.url), PASSWORD)
    yield made
    made.close()


class TestCaldav(ProviderContract):
    """Both servers, the whole contract."""


def test_any_url_of_the_server_leads_to_the_calendars(server: Server, calendar: RemoteId) -> None:
    """The bare host, the well-known path, the principal, the home, and the calendar itself."""
    for url in (
        server.url,
        server.url.rstrip("/"),
        server.url + ".well-known/caldav",
        server.url + f"{USER}/",
        server.home,
        calendar,
        calendar.rstrip("/"),
        server.url + "no/such/page",
    ):
        made = CaldavProvider(account(url), PASSWORD)
        try:
            assert calendar in {each.remote_id for each in made.calendars(never)}, url
        finally:
            made.close()


def test_a_calendar_for_tasks_is_not_listed(server: Server, provider: CalendarProvider) -> None:
    """Only collections that can hold VEVENTs are calendars here."""
    tasks = server.make_calendar(f"t{next(_numbers)}", "VTODO")
    assert tasks not in {each.remote_id for each in provider.calendars(never)}


def test_an_unknown_token_is_expired(provider: CalendarProvider, calendar: RemoteId) -> None:
    """Whatever status the server gives for it."""
    with pytest.raises(SyncTokenExpired):
        pull(provider, calendar, SyncToken("sync:http://radicale.org/ns/sync/" + "0" * 64))


def test_many_events_come_in_batches(server: Server, provider: CalendarProvider, calendar: RemoteId) -> None:
    """More than one multiget, each event once."""
    for number in range(60):
        answer = server.request("PUT", f"{calendar}e{number}.ics", ics(f"e{number}"), **{"Content-Type": "text/calendar"})
        assert answer.status_code == 201
    pages = list(provider.changes(calendar, None, {}, never))
    assert [len(page.upserts) for page in pages] == [50, 10, 0]
    assert len({each.href for page in pages for each in page.upserts}) == 60


def test_refused_data_is_the_persons_to_mend(provider: CalendarProvider, calendar: RemoteId) -> None:
    """Garbage raises an input error, not a retry."""
    broken = Resource(href=Href("bad-1.ics"), ics="this is no calendar at all")
    with pytest.raises(BadInput):
        provider.put(calendar, broken, base=None, create=True)


def test_a_wrong_password_asks_to_sign_in(radicale: Server) -> None:
    """401 from every candidate is one clear sentence."""
    made = CaldavProvider(account(radicale.url), "wrong")
    with pytest.raises(SignInNeeded, match=r"127\.0\.0\.1"):
        made.calendars(never)
    made.close()


def test_nobody_there_is_offline() -> None:
    """A port nobody listens on."""
    made = CaldavProvider(account(f"http://127.0.0.1:{free_port()}/"), PASSWORD)
    with pytest.raises(Offline):
        made.calendars(never)
    made.close()


# What other servers do, told by a small server that says exactly that.

_D = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/"'


def multi(*responses: str, token: str = "") -> Page:
    body = f'<?xml version="1.0"?><multistatus {_D}>{"".join(responses)}{token and f"<sync-token>{token}</sync-token>"}</multistatus>'
    return Page(body.encode(), status=207, headers={"Content-Type": "application/xml"})


def entry(href: str, props: str = "", status: str = "") -> str:
    inner = f"<propstat><prop>{props}</prop><status>HTTP/1.1 200 OK</status></propstat>" if props else ""
    return f"<response><href>{href}</href>{inner}{status and f'<status>HTTP/1.1 {status} x</status>'}</response>"


def data(uid: str, etag: str) -> str:
    return f"<getetag>{etag}</getetag><C:calendar-data>{ics(uid)}</C:calendar-data>"


_SYNCS = (
    "<supported-report-set><supported-report><report><sync-collection/></report></supported-report></supported-report-set>"
)


@pytest.fixture
def odd(web: WebServer) -> Iterator[CaldavProvider]:
    made = CaldavProvider(account(web.url + "/cal/"), PASSWORD)
    yield made
    made.close()


def scripted(web: WebServer, path: str, *pages: Page) -> None:
    left = list(pages)
    web.pages[path] = lambda _asked: left.pop(0)


def test_a_truncated_listing_goes_on(web: WebServer, odd: CaldavProvider) -> None:
    """507 for the collection means: ask again with the new token; the collection itself is no event."""
    scripted(
        web,
        "/cal/",
        multi(entry("/cal/", _SYNCS)),
        multi(entry("/cal/", status="507"), entry("/cal/a.ics", "<getetag>1</getetag>"), token="t1"),
        multi(entry("/cal/", "<getetag>x</getetag>"), entry("/cal/b%40.ics", "<getetag>2</getetag>"), token="t2"),
        multi(entry("/cal/a.ics", data("a", "1")), entry("/cal/b@.ics", data("b", "2"))),
    )
    upserts, _removed, _unchanged, token, full = pull(odd, RemoteId(web.url + "/cal/"))
    assert set(upserts) == {"/cal/a.ics", "/cal/b@.ics"}
    assert (token, full) == ("sync:t2", True)


def test_without_sync_collection_ctag_and_etags_do(web: WebServer, odd: CaldavProvider) -> None:
    """An old server: the same ctag costs one request, another one a listing."""
    ctag = "<CS:getctag>c1</CS:getctag>"
    scripted(
        web,
        "/cal/",
        multi(entry("/cal/", ctag)),
        multi(entry("/cal/"), entry("/cal/a.ics", "<getetag>1</getetag>")),
        multi(entry("/cal/a.ics", data("a", "1"))),
        multi(entry("/cal/", ctag)),
        multi(entry("/cal/", ctag.replace("c1", "c2"))),
        multi(entry("/cal/"), entry("/cal/a.ics", "<getetag>1</getetag>")),
    )
    calendar = RemoteId(web.url + "/cal/")
    upserts, _removed, _unchanged, token, _full = pull(odd, calendar)
    assert token == "ctag:c1"
    assert pull(odd, calendar, token)[:2] == ({}, set())
    known = {href: each.etag for href, each in upserts.items()}
    again, _removed, unchanged, _token, full = pull(odd, calendar, token, known)
    assert (again, unchanged, full) == ({}, {"/cal/a.ics"}, True)


def test_silence_about_an_href_is_asked_again(web: WebServer, odd: CaldavProvider) -> None:
    """A server that leaves an href out of a multiget is asked for it alone, before it counts as gone."""
    scripted(
        web,
        "/cal/",
        multi(entry("/cal/", _SYNCS)),
        multi(entry("/cal/a.ics", "<getetag>1</getetag>"), entry("/cal/b.ics", "<getetag>2</getetag>"), token="t"),
        multi(entry("/cal/a.ics", data("a", "1"))),
    )
    web.pages["/cal/b.ics"] = Page(ics("b").encode(), headers={"ETag": "2"})
    upserts, *_rest = pull(odd, RemoteId(web.url + "/cal/"))
    assert set(upserts) == {"/cal/a.ics", "/cal/b.ics"}


def test_a_read_only_calendar_is_seen_by_its_privileges(web: WebServer, odd: CaldavProvider) -> None:
    """Only read among the privileges: no writing."""
    kind = "<resourcetype><collection/><C:calendar/></resourcetype>"
    rights = "<current-user-privilege-set><privilege><read/></privilege></current-user-privilege-set>"
    web.pages["/cal/"] = multi(entry("/cal/", kind + rights))
    assert [each.access for each in odd.calendars(never)] == [Access.READ]


def test_hrefs_on_a_shard_get_no_password_elsewhere(web: WebServer) -> None:
    """A home on a stranger's host is asked without our credentials."""
    other = WebServer()
    try:
        other.pages["/home/"] = Page(status=401)
        web.pages["/cal/"] = multi(
            entry("/cal/", f"<C:calendar-home-set><href>http://localhost:{other.port}/home/</href></C:calendar-home-set>")
        )
        made = CaldavProvider(account(web.url + "/cal/"), PASSWORD)
        with pytest.raises(SignInNeeded):
            made.calendars(never)
        made.close()
        assert [each.headers["Authorization"] for each in other.asked] == [None]
    finally:
        other.close()


def test_an_answer_that_is_no_multistatus_is_no_empty_calendar(web: WebServer, odd: CaldavProvider) -> None:
    """A captive portal's page raises; it never deletes."""
    web.pages["/cal/"] = Page(b"<html>Sign in</html>", status=200)
    with pytest.raises(ServerTrouble, match="calendar server"):
        pull(odd, RemoteId(web.url + "/cal/"), SyncToken("sync:t"))


def test_a_weak_etag_is_read_back(web: WebServer, odd: CaldavProvider) -> None:
    """W/ after a PUT proves nothing, so the engine is told to look."""

    def put(asked: Asked) -> Page:
        assert asked.headers["If-Match"] == '"1"'
        return Page(status=204, headers={"ETag": 'W/"2"'})

    web.pages["/cal/a.ics"] = put
    stored = odd.put(RemoteId(web.url + "/cal/"), event("a", href="/cal/a.ics"), base='W/"1"', create=False)  # type: ignore[arg-type]  # a literal
    assert stored.etag is None


def test_a_duplicate_uid_says_so(web: WebServer, odd: CaldavProvider) -> None:
    """no-uid-conflict in any status is the person's to decide."""
    web.pages["/cal/"] = multi(entry("/cal/new.ics", status="404"))
    body = f"<error {_D}><C:no-uid-conflict><href>/cal/x.ics</href></C:no-uid-conflict></error>".encode()
    web.pages["/cal/new.ics"] = Page(body, status=403, headers={"Content-Type": "application/xml"})
    with pytest.raises(BadInput, match="identifier"):
        odd.put(RemoteId(web.url + "/cal/"), event("new"), base=None, create=True)

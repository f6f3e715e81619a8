from __future__ import annotations

import logging
import socket
import threading

import pytest

from calmerge_desktop.core.errors import (
    AccessDenied,
    Cancelled,
    Offline,
    RateLimited,
    ServerTrouble,
    SignInNeeded,
    UnreadableCalendar,
    UserMustAct,
)
from calmerge_desktop.sync.http import Answer, HttpClient, _next_hop, never, same_site
from calmerge_desktop.sync.http_errors import retry_after
from tests.servers.web import Page, WebServer


def get(web: WebServer, path: str, **options: object) -> Answer:
    client = HttpClient(web.url, **options)  # type: ignore[arg-type]  # passed through
    try:
        return client.request("GET", web.url + path, stop=never)
    finally:
        client.close()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, SignInNeeded),
        (403, AccessDenied),
        (404, UserMustAct),
        (410, UserMustAct),
        (429, RateLimited),
        (500, ServerTrouble),
        (503, ServerTrouble),
    ],
)
def test_a_status_becomes_the_word_for_who_must_act(web: WebServer, status: int, error: type[Exception]) -> None:
    """Each status raises its own class, and the sentence names the host but never the secret path."""
    web.pages["/private-secret.ics"] = Page(status=status)
    with pytest.raises(error) as caught:
        get(web, "/private-secret.ics")
    assert "127.0.0.1" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_retry_after_is_honoured_in_seconds(web: WebServer) -> None:
    """503 with Retry-After is a request to slow down, and says for how long."""
    web.pages["/busy"] = Page(status=503, headers={"Retry-After": "120"})
    with pytest.raises(RateLimited) as caught:
        get(web, "/busy")
    assert caught.value.retry_after == 120


def test_redirects_are_followed_and_a_loop_ends(web: WebServer) -> None:
    """A short chain arrives; a circle is the server's trouble."""
    web.pages["/a"] = Page(status=302, headers={"Location": "/b"})
    web.pages["/b"] = Page(b"here")
    web.pages["/loop"] = Page(status=302, headers={"Location": "/loop2"})
    web.pages["/loop2"] = Page(status=302, headers={"Location": "/loop"})
    assert get(web, "/a").body == b"here"
    with pytest.raises(ServerTrouble):
        get(web, "/loop")


def test_a_stranger_cannot_send_us_into_the_private_network() -> None:
    """A redirect from outside to this machine is refused; one that stays inside is the person's own affair."""
    with pytest.raises(ServerTrouble, match="private"):
        _next_hop("https://example.test/a", "http://127.0.0.1:8080/admin")
    with pytest.raises(ServerTrouble, match="private"):
        _next_hop("https://example.test/a", "https://192.168.1.1/")
    assert _next_hop("http://192.168.1.2/a", "http://192.168.1.1/b") == "http://192.168.1.1/b"
    assert _next_hop("https://example.test/a", "http://example.test/b") == "https://example.test/b"
    with pytest.raises(ServerTrouble, match="unprotected"):
        _next_hop("https://example.test/a", "http://other.test/b")


def test_credentials_stay_with_their_host(web: WebServer) -> None:
    """A redirect to another host is followed without the password."""
    other = WebServer()
    try:
        other.pages["/there"] = Page(b"ok")
        web.pages["/move"] = Page(status=307, headers={"Location": other.url + "/there"})
        assert get(web, "/move", user="lena", password="s3cret").body == b"ok"
        assert web.asked[0].headers["Authorization"]
        assert other.asked[0].headers["Authorization"] is None
    finally:
        other.close()


def test_a_compressed_answer_is_read_and_a_bomb_is_not(web: WebServer) -> None:
    """The limit counts decoded bytes."""
    web.pages["/small"] = Page(b"x" * 1000, compress=True)
    web.pages["/bomb"] = Page(b"\0" * 30_000_000, compress=True)
    assert get(web, "/small", limit=100_000).body == b"x" * 1000
    with pytest.raises(UnreadableCalendar):
        get(web, "/bomb", limit=100_000)


def test_a_body_that_ends_early_is_a_broken_connection(web: WebServer) -> None:
    """Half a file is never taken for a whole one."""
    web.pages["/half"] = Page(b"BEGIN:VCALENDAR" * 100, cut=50)
    with pytest.raises(Offline):
        get(web, "/half")


def test_a_dropped_connection_is_tried_again_for_reading(web: WebServer) -> None:
    """A safe request survives one dropped connection."""
    web.pages["/flaky"] = Page(b"fine", reset=1)
    assert get(web, "/flaky").body == b"fine"
    assert len(web.asked) == 2


def test_nobody_listening_is_offline() -> None:
    """A refused connection says so."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/"
        client = HttpClient(url)
        with pytest.raises(Offline, match="refuses"):
            client.request("GET", url, stop=never)
        client.close()


def test_an_unknown_name_is_offline() -> None:
    """A name that does not resolve says so."""
    client = HttpClient("http://calendar.invalid/")
    with pytest.raises(Offline, match=r"calendar\.invalid"):
        client.request("GET", "http://calendar.invalid/", stop=never)
    client.close()


def test_a_silent_server_times_out(web: WebServer) -> None:
    """Silence is offline, after the timeout."""
    web.pages["/hang"] = Page(hang=True)
    with pytest.raises(Offline, match="in time"):
        get(web, "/hang", timeout=0.2)


def test_interrupt_wakes_a_thread_that_waits_for_a_silent_server(web: WebServer) -> None:
    """Another thread can end the wait at once."""
    web.pages["/hang"] = Page(hang=True)
    client = HttpClient(web.url)
    seen: list[BaseException] = []

    def work() -> None:
        try:
            client.request("GET", web.url + "/hang", stop=never)
        except Cancelled as error:
            seen.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while not web.asked:
        pass
    client.interrupt()
    thread.join(5)
    assert [type(error) for error in seen] == [Cancelled]
    client.close()


def test_no_address_reaches_the_log(web: WebServer, caplog: pytest.LogCaptureFixture) -> None:
    """Neither ours nor the libraries' lines hold a feed's path, also when everything is logged and retried."""
    web.pages["/secret-token.ics"] = Page(b"x", reset=1)
    with caplog.at_level(logging.DEBUG):
        get(web, "/secret-token.ics")
    assert "secret-token" not in caplog.text
    assert web.url not in caplog.text


def test_one_site_is_one_registrable_domain() -> None:
    """Shards of one provider belong together, strangers do not."""
    assert same_site("https://caldav.icloud.com/", "https://p12-caldav.icloud.com/x")
    assert not same_site("https://caldav.icloud.com/", "https://icloud.com.evil.example/")
    assert not same_site("https://a.co.uk/", "https://b.co.uk/")
    assert not same_site("https://10.0.0.1/", "https://10.0.1.1/")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("90", 90, 90),
        ("Wed, 01 Jan 2020 00:00:00 GMT", 0, 0),
        ("99999999999", 604_800, 604_800),
        ("soon", None, None),
        ("", None, None),
    ],
)
def test_retry_after_is_read_in_every_form(text: str, low: float | None, high: float | None) -> None:
    """Seconds, a date, nonsense; never longer than a week."""
    found = retry_after({"retry-after": text})
    assert (found is None) == (low is None)
    assert found is None or (low or 0) <= found <= (high or 0)

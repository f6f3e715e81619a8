"""Servers that misbehave, through the real command line: one sentence, the right exit code, and the neighbour arrives."""

from __future__ import annotations

import gzip
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from calmerge_desktop.sync import http
from tests.faults.calendars import calendar, event
from tests.faults.conftest import Calmerge
from tests.servers.dav import XML, MisbehavingDav
from tests.servers.web import Asked, Page, WebServer

FEED = calendar(event("feed", "feed"))


def _bomb() -> Page:
    packed = gzip.compress(bytes(160_000_000), 1)
    return Page(body=packed, headers={"Content-Encoding": "gzip"})


@dataclass
class Trouble:
    page: Callable[[], Page]
    code: int
    kind: str
    sentence: str
    state: str = "stale"


TROUBLES = {
    "a loop of redirects": Trouble(
        lambda: Page(status=302, headers={"Location": "/again.ics"}), 4, "server", "sends us around in circles"
    ),
    "a redirect to nowhere": Trouble(
        lambda: Page(status=302, headers={"Location": "http://127.0.0.1:99999/x"}), 4, "server", "no web address"
    ),
    "a redirect that is no address": Trouble(
        lambda: Page(status=302, headers={"Location": "http://[broken/"}), 4, "server", "no web address"
    ),
    "401": Trouble(lambda: Page(status=401), 3, "sign-in", "does not accept this user name and password", "broken"),
    "403": Trouble(lambda: Page(status=403), 3, "access", "denies access", "broken"),
    "404": Trouble(lambda: Page(status=404), 3, "not-found", "nothing at this address", "broken"),
    "410": Trouble(lambda: Page(status=410), 3, "not-found", "nothing at this address", "broken"),
    "500": Trouble(lambda: Page(status=500), 4, "server", "has trouble (HTTP 500)"),
    "429": Trouble(lambda: Page(status=429, headers={"Retry-After": "1800"}), 4, "rate-limited", "asks us to slow down"),
    "silence": Trouble(lambda: Page(hang=True), 4, "offline", "does not answer in time"),
    "half an answer": Trouble(lambda: Page(body=FEED, cut=20), 4, "offline", "broke off"),
    "a web page": Trouble(
        lambda: Page(body=b"<html>Sign in</html>"), 3, "not-a-calendar", "This is a web page, not a calendar.", "broken"
    ),
    "nothing": Trouble(lambda: Page(body=b""), 3, "not-a-calendar", "sends an empty file", "broken"),
    "a gzip bomb": Trouble(_bomb, 3, "not-a-calendar", "is larger than 150 MB", "broken"),
    "broken gzip": Trouble(lambda: Page(body=b"no gzip", headers={"Content-Encoding": "gzip"}), 4, "server", "is damaged"),
}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_TIMEOUT", httpx2.Timeout(0.5))


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES.keys())
def test_a_feed_in_trouble(trouble: Trouble, calmerge: Calmerge, web: WebServer) -> None:
    """Linking says why and stores nothing; a linked one keeps what was read, tells its age, and the rest arrives."""
    web.pages["/again.ics"] = Page(status=302, headers={"Location": "/feed.ics"})
    web.pages["/feed.ics"] = page = trouble.page()
    refused = calmerge("account", "add", "ics", web.url + "/feed.ics", "--name", "Feed", "--json")
    assert (refused.code, refused.json["error"]["kind"]) == (trouble.code, trouble.kind)
    assert trouble.sentence in refused.err
    assert refused.err.count("\n") == 1
    assert [one["name"] for one in calmerge.ok("account", "list")["accounts"]] == ["Healthy"]

    web.pages["/feed.ics"] = Page(body=FEED)
    calmerge.ok("account", "add", "ics", web.url + "/feed.ics", "--name", "Feed")
    calmerge.ok("sync")
    as_of = calmerge.account("Feed")["as_of"]
    web.pages["/feed.ics"] = page
    answer = calmerge("sync", "--json")
    assert answer.code == trouble.code
    feed = calmerge.account("Feed")
    assert (feed["state"], feed["as_of"]) == (trouble.state, as_of)
    assert trouble.sentence in feed["reason"]
    assert calmerge.account("Healthy")["state"] == "fresh"
    assert calmerge.titles() == {"well", "feed"}


def test_when_to_come_back_is_kept(calmerge: Calmerge, web: WebServer) -> None:
    """Retry-After is honoured to the second, and shown."""
    web.pages["/feed.ics"] = Page(body=FEED)
    calmerge.ok("account", "add", "ics", web.url + "/feed.ics", "--name", "Feed")
    web.pages["/feed.ics"] = Page(status=429, headers={"Retry-After": "1800"})
    assert calmerge("sync").code == 4
    from calmerge_desktop.app.profile import Profile

    profile = Profile.open(str(calmerge.home))
    try:
        account = profile.account("Feed")
        status = profile.store.status(account.id)
        assert status is not None
        assert status.retry_at is not None
        assert 1700 < status.retry_at - profile.clock() <= 1801
    finally:
        profile.close()


@pytest.fixture
def untrusted(tmp_path: Path) -> Iterator[str]:
    """A TLS server that signed its certificate itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    held = tmp_path / "server.pem"
    held.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )

    class Quiet(HTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(held)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_address[1]}/feed.ics"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_nobody_trusts(calmerge: Calmerge, untrusted: str) -> None:
    """It is named as such, and nothing is sent there."""
    refused = calmerge("account", "add", "ics", untrusted, "--name", "Feed", "--json")
    assert (refused.code, refused.json["error"]["kind"]) == (4, "offline")
    assert "certificate of localhost" in refused.err
    assert "not trusted" in refused.err
    calmerge.ok("sync")
    assert calmerge.titles() == {"well"}


# --- CalDAV -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def dav(calmerge: Calmerge, web: WebServer) -> MisbehavingDav:
    """Linked and read once; its events are `one` and `two`."""
    made = MisbehavingDav(web)
    made.events = {f"{name}.ics": calendar(event(name, name)).decode() for name in ("one", "two")}
    calmerge.ok("account", "add", "caldav", made.url, "--user", "u", "--password-stdin", "--name", "Dav", stdin="p\n")
    calmerge.ok("sync")
    assert calmerge.titles() == {"well", "one", "two"}
    return made


def _always(kind: str, page: Page) -> Callable[[Asked, str, Page], Page]:
    return lambda _asked, asked_kind, honest: page if kind in (asked_kind, "any") else honest


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">]><multistatus xmlns="DAV:">&e;</multistatus>"""
NONSENSE = {
    "broken xml": b'<?xml version="1.0"?><multistatus xmlns="DAV:"><response>',
    "billions of laughs": LAUGHS,
    "a web page": b"<!DOCTYPE html><html><body>Welcome</body></html>",
    "another document": b'<?xml version="1.0"?><error xmlns="DAV:"/>',
    "nothing": b"",
    "an unknown encoding": b'<?xml version="1.0" encoding="x-nowhere"?><multistatus xmlns="DAV:"/>',
}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        *(pytest.param(body, "any", id=name) for name, body in NONSENSE.items()),
        pytest.param(NONSENSE["a web page"], "multiget", id="a web page instead of events"),
    ],
)
def test_an_answer_that_makes_no_sense(
    body: bytes, kind: str, calmerge: Calmerge, web: WebServer, dav: MisbehavingDav
) -> None:
    """Time may mend it: exit 4, what was read stays, the neighbour arrives; when it is mended, all is well."""
    dav.version += 1
    dav.events["three.ics"] = calendar(event("three", "three")).decode()
    dav.spoil = _always(kind, Page(status=200, body=body, headers=XML))
    answer = calmerge("sync", "--json")
    assert answer.code == 4
    found = calmerge.account("Dav")
    assert found["state"] == "stale"
    assert "does not answer as a calendar server does" in found["reason"]
    assert calmerge.titles() == {"well", "one", "two"}
    assert calmerge.account("Healthy")["state"] == "fresh"
    dav.spoil = _always("", Page())
    calmerge.ok("sync")
    assert calmerge.titles() == {"well", "one", "two", "three"}


def test_hrefs_that_are_no_addresses(calmerge: Calmerge, dav: MisbehavingDav) -> None:
    """They are passed over; the others arrive."""
    dav.version += 1
    dav.events["three.ics"] = calendar(event("three", "three")).decode()

    def spoil(_asked: Asked, kind: str, page: Page) -> Page:
        odd = "".join(
            f'<response><href>{href}</href><propstat><prop><getetag>"9"</getetag></prop><status>HTTP/1.1 200 OK</status>'
            "</propstat></response>"
            for href in ("http://[broken/x.ics", "http://host:99999/y.ics", "http://host:port/z.ics", "")
        )
        page.body = page.body.replace(b"<response>", odd.encode() + b"<response>", 1) if kind == "sync" else page.body
        return page

    dav.spoil = spoil
    answer = calmerge("sync", "--json")
    assert answer.code == 0
    assert calmerge.titles() == {"well", "one", "two", "three"}


def test_a_multistatus_without_etags(calmerge: Calmerge, dav: MisbehavingDav) -> None:
    """Everything is read again each time, and changes still arrive."""
    dav.etags = False
    dav.version += 1
    dav.events["one.ics"] = calendar(event("one", "changed")).decode()
    calmerge.ok("sync")
    assert calmerge.titles() == {"well", "changed", "two"}


@pytest.mark.parametrize("kind", ["sync", "multiget"])
def test_the_connection_drops_in_a_page(kind: str, calmerge: Calmerge, dav: MisbehavingDav) -> None:
    """Exit 4 and the old view; the next sync brings what is missing."""
    dav.version += 1
    dav.events |= {f"n{n}.ics": calendar(event(f"n{n}", f"n{n}")).decode() for n in range(120)}
    asked = 0

    def spoil(_asked: Asked, asked_kind: str, page: Page) -> Page:
        nonlocal asked
        asked += asked_kind == "multiget"
        if kind == asked_kind and (kind == "sync" or asked > 1):
            page.cut = len(page.body) // 2
        return page

    dav.spoil = spoil
    assert calmerge("sync").code == 4
    found = calmerge.account("Dav")
    assert found["state"] == "stale"
    assert "broke off" in found["reason"]
    assert calmerge.titles() >= {"well", "one", "two"}
    dav.spoil = _always("", Page())
    calmerge.ok("sync")
    assert len(calmerge.titles()) == 123


@pytest.mark.parametrize("status", [400, 403, 409, 410, 412, 500])
def test_the_token_is_not_known_any_more(status: int, calmerge: Calmerge, dav: MisbehavingDav) -> None:
    """Everything is listed anew; nothing is lost or doubled."""
    dav.version += 1
    del dav.events["one.ics"]
    dav.events["three.ics"] = calendar(event("three", "three")).decode()
    body = b'<?xml version="1.0"?><error xmlns="DAV:"><valid-sync-token/></error>'

    def spoil(asked: Asked, kind: str, page: Page) -> Page:
        first = b"sync-token></" in asked.body or b"sync-token/>" in asked.body
        return page if kind != "sync" or first else Page(status=status, headers=XML, body=body)

    dav.spoil = spoil
    calmerge.ok("sync")
    assert calmerge.titles() == {"well", "two", "three"}


def test_one_broken_event_costs_no_other(calmerge: Calmerge, dav: MisbehavingDav) -> None:
    """It is set aside and listed; when it is mended, it is shown."""
    dav.version += 1
    dav.events["bad.ics"] = calendar(event("bad", "bad", start=None)).decode()
    dav.events["html.ics"] = "<html></html>"
    calmerge.ok("sync")
    assert calmerge.titles() == {"well", "one", "two"}
    listed = next(one for one in calmerge.ok("calendar", "list")["calendars"] if one["name"] == "Odd")
    assert {one["href"] for one in listed["set_aside"]} == {"/cal/bad.ics", "/cal/html.ics"}
    dav.version += 1
    dav.events["bad.ics"] = calendar(event("bad", "bad")).decode()
    dav.events["html.ics"] = calendar(event("html", "html")).decode()
    calmerge.ok("sync")
    assert calmerge.titles() == {"well", "one", "two", "bad", "html"}

"""The listener of a sign-in, by real requests; and the browser that does or does not come back."""

from __future__ import annotations

import http.client
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from calmerge_desktop.core.errors import AccessDenied, BadInput, Cancelled, ServerTrouble, SignInNeeded
from calmerge_desktop.core.texts import choose
from calmerge_desktop.resources import path
from calmerge_desktop.sync.http import never
from calmerge_desktop.sync.oauth.browser import ask_browser
from calmerge_desktop.sync.oauth.loopback import Loopback


def ask(port: int, target: str, method: str = "GET", body: str | None = None, host: str | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, target, body, {**form, **({"Host": host} if host else {})})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.fixture
def listener() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


def test_only_the_right_path_and_state_count(listener: Loopback) -> None:
    """Favicons, strangers and old tabs are answered 404; the sign-in still waits, then takes the right one."""
    state = listener.state
    assert ask(listener.port, "/favicon.ico")[0] == 404
    assert ask(listener.port, f"/other?code=c&state={state}")[0] == 404
    assert ask(listener.port, "/?code=evil&state=wrong")[0] == 404
    assert ask(listener.port, f"/?state={state}")[0] == 404
    assert ask(listener.port, f"/?code=c&state={state}", host="evil.example")[0] == 404
    assert not listener.wait(0)
    status, page = ask(listener.port, f"/?code=good&state={state}")
    assert (status, "CalMerge" in page) == (200, True)
    assert listener.wait(1)
    ask(listener.port, f"/?code=late&state={state}")
    assert listener.answer == {"code": "good", "state": state}


def test_a_form_is_an_answer_too(listener: Loopback) -> None:
    """Microsoft's `form_post`."""
    assert ask(listener.port, "/", "POST", f"code=c&state={listener.state}")[0] == 200
    assert listener.answer == {"code": "c", "state": listener.state}


def test_the_page_speaks_german(listener: Loopback) -> None:
    """In the language of the program."""
    choose("de", path("i18n"))
    try:
        assert '<html lang="de">' in ask(listener.port, f"/?error=x&state={listener.state}")[1]
    finally:
        choose("en", path("i18n"))


def test_a_taken_port_is_one_sentence(listener: Loopback) -> None:
    """Only a chosen port can be taken."""
    with pytest.raises(BadInput, match="in use"):
        Loopback(port=listener.port)


def browse(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    """A scripted browser: `sys.argv[1]` is the address."""
    script = folder / "browser.py"
    script.write_text("import sys, urllib.parse, urllib.request\nurl = sys.argv[1]\n" + code)
    monkeypatch.setenv("BROWSER", f"{sys.executable} {script} %s")


_BACK = "urllib.request.urlopen(url).read()\n"


def test_the_browser_brings_the_answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Opened by BROWSER, answered on the port the system chose."""
    browse(monkeypatch, tmp_path, _BACK)
    shown: list[bool] = []
    answer = ask_browser(
        lambda listener: f"{listener.redirect_uri}?code=abc&state={listener.state}",
        show=lambda _url, opened: shown.append(opened),
        stop=never,
    )
    assert (answer["code"], shown) == ("abc", [True])


@pytest.mark.parametrize(("said", "error"), [("access_denied", AccessDenied), ("server_error", ServerTrouble)])
def test_a_refusal_is_sorted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, error: type[Exception]) -> None:
    """The person said no, or the vendor did."""
    browse(monkeypatch, tmp_path, _BACK)
    with pytest.raises(error):
        ask_browser(lambda one: f"{one.redirect_uri}?error={said}&state={one.state}", show=lambda *_: None, stop=never)


def test_a_closed_browser_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It came, looked and went; the wait ends by itself, and the port is free again."""
    browse(monkeypatch, tmp_path, "")
    ports: list[int] = []

    def address(listener: Loopback) -> str:
        ports.append(listener.port)
        return listener.redirect_uri

    with pytest.raises(SignInNeeded, match="not finished"):
        ask_browser(address, show=lambda *_: None, stop=never, seconds=0.3)
    Loopback(port=ports[0]).close()


def test_a_cancelled_sign_in_ends_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The person closed the dialog."""
    browse(monkeypatch, tmp_path, "")
    closed = threading.Event()

    def stop() -> None:
        if closed.is_set():
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        ask_browser(lambda one: one.redirect_uri, show=lambda *_: closed.set(), stop=stop)


def test_without_a_browser_the_address_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """To be opened by hand."""
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    shown: list[bool] = []
    with pytest.raises(SignInNeeded):
        ask_browser(lambda one: one.redirect_uri, show=lambda _url, opened: shown.append(opened), stop=never, seconds=0.2)
    assert shown == [False]

"""Signing in through the person's own browser (RFC 8252): open it, wait for its answer, never for ever.

The browser is the system's; `BROWSER` names another. Where there is none, the address is handed to `show`, to be
opened on this machine by hand (or on another one whose port is forwarded here).
"""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic

from calmerge_desktop.core.errors import AccessDenied, CalmergeError, ServerTrouble, SignInNeeded
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.oauth.loopback import Loopback

SECONDS = 300.0
"""How long a person may take in the browser, unless `CALMERGE_SIGN_IN_SECONDS` says otherwise."""
_LOOK = 0.1
"""Seconds between two looks at `stop`."""

Judge = Callable[[Mapping[str, str]], CalmergeError | None]
"""What a vendor's refusal means, by the parameters of the redirect; None: what its word commonly means."""

Show = Callable[[str, bool], None]
"""Tell the person the address of the sign-in, and whether a browser was asked to open it. From any thread."""


def ask_browser(
    address: Callable[[Loopback], str],
    *,
    show: Show,
    stop: Stop,
    host: str = "127.0.0.1",
    port: int = 0,
    seconds: float | None = None,
    judge: Judge = lambda _answer: None,
) -> Mapping[str, str]:
    """What the browser brings back: the parameters of the redirect, with `code`, our `state` checked.

    `address` makes the sign-in's address once the listener is there; it may call `expect`. Blocks, so never on the window's
    thread. Raises what `stop` raises, `SignInNeeded` when nothing came in time, `AccessDenied` when the person said no,
    `ServerTrouble` or what `judge` says for another refusal, `BadInput` when `port` is taken.
    """
    listener = Loopback(host=host, port=port)
    try:
        url = address(listener)
        stop()
        show(url, show_page(url))
        last = monotonic() + (seconds if seconds is not None else patience())
        while not listener.wait(_LOOK):
            stop()
            if monotonic() > last:
                raise SignInNeeded(
                    _("The sign-in was not finished in the browser."), hint=_("Begin again when you are ready.")
                )
    finally:
        listener.close()
    answer = dict(listener.answer or {})
    _check(answer, judge)
    return answer


def _check(answer: Mapping[str, str], judge: Judge) -> None:
    said = answer.get("error")
    if said and (known := judge(answer)):
        raise known
    if said == "access_denied":
        raise AccessDenied(_("You did not allow the access in the browser."), hint=_("Nothing was linked."))
    if said or not answer.get("code"):
        word = "".join(each for each in (said or "?") if each.isascii() and (each.isalnum() or each in "_-"))[:60]
        raise ServerTrouble(_("The sign-in page refused: {reason}.").format(reason=word or "?"))


def show_page(url: str) -> bool:
    """Ask the person's browser to open a page; whether there is one to ask.

    On a thread of its own, for some commands return only when the browser closes.
    """
    if not _has_browser():
        return False
    threading.Thread(target=_quietly, args=(url,), name="browser", daemon=True).start()
    return True


def _quietly(url: str) -> None:
    for named in filter(None, os.environ.get("BROWSER", "").split(os.pathsep)):
        # `webbrowser` reads the variable once in the life of a program; whoever sets it later means it too.
        with suppress(Exception):
            if webbrowser.get(named).open(url):
                return
    with suppress(Exception):  # whatever a system's browser does: the address was shown and the wait goes on
        webbrowser.open(url)


def _has_browser() -> bool:
    """Whether a browser with windows can be asked; one that takes over the terminal is none."""
    if os.environ.get("BROWSER") or sys.platform in ("win32", "darwin"):
        return True
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def patience() -> float:
    """Seconds a person may take."""
    text = os.environ.get("CALMERGE_SIGN_IN_SECONDS", "")
    try:
        return max(1.0, float(text))
    except ValueError:
        return SECONDS

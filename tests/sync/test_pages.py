"""Folders for pages at servers that others wrote: Xandikos keeps any file, Radicale keeps calendars only."""

from __future__ import annotations

import pytest

from calmerge_desktop import resources
from calmerge_desktop.core.errors import AccessDenied, Cancelled
from calmerge_desktop.core.proposal.page import build, is_ours
from calmerge_desktop.sync.http import never
from calmerge_desktop.sync.pages import open_place
from tests.servers.caldav import PASSWORD, USER, Server

PAGE = build(resources.path("booking")).encode()


def test_a_page_at_xandikos(xandikos: Server) -> None:
    """Its folder is made; an ETag of before is no trouble while the file is ours; it goes once, and twice."""
    url = f"{xandikos.url}{USER}/pages/"
    place = open_place(url, USER, PASSWORD, never)
    place.prepare()
    first = place.put("talk.html", PAGE, "")
    second = place.put("talk.html", PAGE + b"\n", first)
    assert "" not in (first, second)
    assert first != second
    place.put("talk.html", PAGE, first)
    assert is_ours(xandikos.request("GET", f"/{USER}/pages/talk.html").content)
    place.remove("talk.html", "")
    assert xandikos.request("GET", f"/{USER}/pages/talk.html").status_code == 404
    place.remove("talk.html", "")
    place.close()


def test_a_server_for_calendars_only_says_no(radicale: Server) -> None:
    """In one sentence, and nothing is left there."""
    place = open_place(f"{radicale.url}{USER}/pages/", USER, PASSWORD, never)
    with pytest.raises(AccessDenied) as refused:
        place.prepare()
    assert refused.value.message.endswith("denies access.")
    place.close()


def test_whoever_gives_up_is_heard(xandikos: Server) -> None:
    """Before the next request."""

    def stop() -> None:
        raise Cancelled("Stopped.")

    place = open_place(f"{xandikos.url}{USER}/other/", USER, PASSWORD, stop)
    with pytest.raises(Cancelled):
        place.prepare()
    place.close()

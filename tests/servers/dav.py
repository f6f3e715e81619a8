"""A CalDAV server with one calendar that misbehaves on demand; the well-behaved ones are real (`caldav.py`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from tests.servers.web import Asked, Page, WebServer

_ROOT = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/"'
XML = {"Content-Type": "application/xml; charset=utf-8"}
PATH = "/cal/"


class MisbehavingDav:
    """The calendar at `url`. `spoil` may replace any answer: it gets the request, its kind and the honest page."""

    def __init__(self, web: WebServer) -> None:
        self.url = web.url + PATH
        self.events: dict[str, str] = {}
        self.version = 1
        self.etags = True
        self.spoil: Callable[[Asked, str, Page], Page] = lambda _asked, _kind, page: page
        web.pages[PATH] = self._answer

    def _answer(self, asked: Asked) -> Page:
        kind, page = self._honest(asked)
        return self.spoil(asked, kind, page)

    def _honest(self, asked: Asked) -> tuple[str, Page]:
        if asked.method == "PROPFIND":
            return "propfind", multistatus(self._collection())
        if b"sync-collection" in asked.body:
            found = re.search(rb"sync-token>([^<]*)<", asked.body)
            since = int(found[1].decode() or 0) if found else 0
            members = [] if since == self.version else [self._member(name, data=False) for name in self.events]
            return "sync", multistatus(*members, token=str(self.version))
        wanted = [name for name in self.events if (PATH + name).encode() in asked.body]
        return "multiget", multistatus(*(self._member(name, data=True) for name in wanted))

    def _collection(self) -> str:
        return response(
            PATH,
            "<resourcetype><collection/><C:calendar/></resourcetype><displayname>Odd</displayname>"
            f"<S:getctag>{self.version}</S:getctag><sync-token>{self.version}</sync-token>"
            "<supported-report-set><supported-report><report><sync-collection/></report></supported-report>"
            "</supported-report-set>",
        )

    def _member(self, name: str, *, data: bool) -> str:
        props = f'<getetag>"{self.version}"</getetag>' if self.etags else ""
        if data:
            props += f"<C:calendar-data>{escape(self.events[name])}</C:calendar-data>"
        return response(PATH + name, props)


def response(href: str, props: str) -> str:
    """A DAV:response whose properties were found."""
    return (
        f"<response><href>{href}</href><propstat><prop>{props}</prop><status>HTTP/1.1 200 OK</status></propstat></response>"
    )


def multistatus(*responses: str, token: str | None = None) -> Page:
    """A 207 answer."""
    last = f"<sync-token>{token}</sync-token>" if token else ""
    body = f'<?xml version="1.0"?><multistatus {_ROOT}>{"".join(responses)}{last}</multistatus>'
    return Page(status=207, headers=XML, body=body.encode())

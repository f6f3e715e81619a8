"""WebDAV XML (RFC 4918 §13, RFC 4791, RFC 6578): request bodies out, multistatus and error bodies in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from calmerge_desktop.core.errors import ServerTrouble
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.http import protected
from calmerge_desktop.sync.http_errors import host_of

DAV = "{DAV:}"
CAL = "{urn:ietf:params:xml:ns:caldav}"
CS = "{http://calendarserver.org/ns/}"
APPLE = "{http://apple.com/ns/ical/}"
HEADERS: Mapping[str, str] = {"Content-Type": "application/xml; charset=utf-8"}

_PREFIX = {DAV: "D", CAL: "C", CS: "CS", APPLE: "A"}
_ROOT = "".join(f' xmlns:{prefix}="{space[1:-1]}"' for space, prefix in _PREFIX.items())
_STATUS = re.compile(r"HTTP/\S+\s+(\d{3})")
_KEPT = "@:!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One DAV:response: an absolute URL, its own status when it has one, and the properties found (status 200)."""

    url: str
    status: int | None
    props: Mapping[str, Element]

    def text(self, name: str) -> str | None:
        """Text of a property; None when it is missing or empty."""
        found = self.props.get(name)
        return (found.text or "").strip() or None if found is not None else None

    def kinds(self, name: str) -> frozenset[str]:
        """Names of the elements anywhere inside a property, such as resourcetype or the privileges."""
        found = self.props.get(name)
        return frozenset(str(each.tag) for each in found.iter()) - {name} if found is not None else frozenset()

    def hrefs(self, name: str) -> list[str]:
        """Absolute URLs of the DAV:href elements inside a property."""
        found = self.props.get(name)
        return _addresses(self.url, found.iter(DAV + "href")) if found is not None else []


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiStatus:
    """A 207 answer."""

    entries: tuple[Entry, ...] = ()
    sync_token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A DAV:error body (RFC 4918 §16): preconditions that failed, what the server says, and hrefs it names."""

    conditions: frozenset[str] = frozenset()
    reason: str = ""
    hrefs: tuple[str, ...] = field(default=())


def propfind(*names: str) -> bytes:
    """A PROPFIND body for these properties."""
    return _document(f"<D:propfind{_ROOT}><D:prop>{_props(names)}</D:prop></D:propfind>")


def sync_collection(token: str) -> bytes:
    """A sync-collection REPORT (RFC 6578 §3.2). Never with DAV:limit: some servers cut there and forget the rest."""
    return _document(
        f"<D:sync-collection{_ROOT}><D:sync-token>{escape(token)}</D:sync-token><D:sync-level>1</D:sync-level>"
        f"<D:prop><D:getetag/></D:prop></D:sync-collection>"
    )


def multiget(urls: Iterable[str]) -> bytes:
    """A calendar-multiget REPORT (RFC 4791 §7.9)."""
    hrefs = "".join(f"<D:href>{escape(urlsplit(url).path)}</D:href>" for url in urls)
    return _document(
        f"<C:calendar-multiget{_ROOT}><D:prop><D:getetag/><C:calendar-data/></D:prop>{hrefs}</C:calendar-multiget>"
    )


def multistatus(body: bytes, url: str) -> MultiStatus:
    """Parse a multistatus that came from `url`. Raises `ServerTrouble` when it is none."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise _nonsense(url) from error
    if root.tag != DAV + "multistatus":
        raise _nonsense(url)
    token = root.findtext(DAV + "sync-token")
    entries = tuple(entry for each in root.iter(DAV + "response") if (entry := _entry(each, url)))
    return MultiStatus(entries=entries, sync_token=(token or "").strip() or None)


def refusal(body: bytes, url: str) -> Refusal:
    """What an error body says; empty when it is no DAV:error. A short plain text counts as the reason."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        text = body[:2000].decode("utf-8", "replace").strip()
        plain = text.split("\n")[0].strip() if text and "<" not in text else ""
        return Refusal(reason=plain[:160])
    conditions = frozenset(str(each.tag) for each in root) if root.tag == DAV + "error" else frozenset()
    said = next((each.text for each in root.iter() if str(each.tag).endswith("}message") and each.text), None)
    said = (
        said
        or root.findtext(DAV + "responsedescription")
        or next((each.text for each in root if (each.text or "").strip()), "")
    )
    hrefs = tuple(_addresses(url, root.iter(DAV + "href")))
    words = ", ".join(
        sorted(each.rpartition("}")[2] for each in conditions if not each.endswith(("}message", "}exception")))
    )
    return Refusal(conditions=conditions, reason=(said or "").strip()[:160] or words, hrefs=hrefs)


def canonical(base: str, href: str) -> str:
    """An href of an answer from `base` as an absolute URL in one spelling, so that `%40` and `@` are the same resource.

    The host an href names is kept (iCloud spreads accounts over hosts). Servers behind a TLS proxy that still write http
    mean https. Raises `ValueError` when it is no address.
    """
    parts = urlsplit(urljoin(base, href.strip()))
    if parts.port == 0:
        raise ValueError(href)
    path = "/".join(quote(unquote(segment), safe=_KEPT) for segment in parts.path.split("/"))
    url = parts._replace(path=path or "/", query="", fragment="").geturl()
    start = urlsplit(base)
    return protected(url) if start.scheme == "https" and parts.scheme == "http" and parts.hostname == start.hostname else url


def _addresses(base: str, hrefs: Iterable[Element]) -> list[str]:
    found: list[str] = []
    for each in hrefs:
        with suppress(ValueError):  # what is no address names nothing
            found.append(canonical(base, each.text or ""))
    return found


def _entry(response: Element, url: str) -> Entry | None:
    """None when its href is no address."""
    href = response.find(DAV + "href")
    named = _addresses(url, [Element("href") if href is None else href])
    if not named:
        return None
    status = _code(response.findtext(DAV + "status"))
    props: dict[str, Element] = {}
    missing = 0
    for propstat in response.findall(DAV + "propstat"):
        code = _code(propstat.findtext(DAV + "status")) or 200
        missing = missing or (code if code >= 400 else 0)
        if code < 300:
            props.update({str(each.tag): each for part in propstat.findall(DAV + "prop") for each in part})
    if status is None and not props and missing:
        status = missing  # some servers say "gone" per property only
    return Entry(url=named[0], status=status, props=props)


def _code(line: str | None) -> int | None:
    found = _STATUS.match((line or "").strip())
    return int(found[1]) if found else None


def _props(names: Iterable[str]) -> str:
    return "".join(f"<{_PREFIX[space + '}']}:{name}/>" for space, _brace, name in (each.partition("}") for each in names))


def _document(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode()


def _nonsense(url: str) -> ServerTrouble:
    return ServerTrouble(_("{host} does not answer as a calendar server does.").format(host=host_of(url)))

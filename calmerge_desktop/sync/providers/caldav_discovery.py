"""From any URL of a CalDAV server to the person's calendars (RFC 6764 §6, RFC 4791 §6.2.1, RFC 5397)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from calmerge_desktop.core.errors import CalmergeError, NothingThere, Offline, ServerTrouble, SignInNeeded, UserMustAct
from calmerge_desktop.core.ics.lines import unfold
from calmerge_desktop.core.model import Access, RemoteCalendar, RemoteId
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.zones import resolve
from calmerge_desktop.sync.http import HttpClient, same_site
from calmerge_desktop.sync.http_errors import host_of
from calmerge_desktop.sync.listing import hex_color
from calmerge_desktop.sync.providers.caldav_xml import APPLE, CAL, DAV, HEADERS, Entry, MultiStatus, multistatus, propfind

_WHERE = propfind(DAV + "resourcetype", DAV + "current-user-principal", DAV + "principal-URL", CAL + "calendar-home-set")
_WHO = propfind(CAL + "calendar-home-set", CAL + "calendar-user-address-set", DAV + "displayname")
_WHAT = propfind(
    DAV + "resourcetype",
    DAV + "displayname",
    DAV + "current-user-privilege-set",
    CAL + "supported-calendar-component-set",
    CAL + "calendar-timezone",
    APPLE + "calendar-color",
)
_CALENDAR = CAL + "calendar"
_WRITE = frozenset({DAV + "all", DAV + "write", DAV + "write-content", DAV + "bind"})
_NO_OPTIONS = frozenset({400, 403, 404, 405, 501})
_READ = _WRITE | {DAV + "read"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where calendars are: collections to list, or calendars named directly; and the person's mail address, if told."""

    homes: tuple[str, ...] = ()
    calendar: str | None = None
    address: str | None = None


def discover(http: HttpClient, url: str, stop: Stop) -> Place:
    """Try the URL itself, the well-known path and the root, in the order that fits. Raises `core.errors` for the person."""
    failures: list[CalmergeError] = []
    for candidate in _candidates(url):
        try:
            place = _ask(http, url, candidate, stop)
        except Offline:
            raise
        except (UserMustAct, ServerTrouble) as error:
            failures.append(error)
            continue
        if place:
            return place
    for failure in failures:
        if isinstance(failure, SignInNeeded):
            raise failure
    if failures and not all(isinstance(error, NothingThere) for error in failures):
        raise failures[0]
    raise UserMustAct(
        _("No calendars were found at {host}.").format(host=host_of(url)),
        hint=_("Ask whoever runs the server for its CalDAV address."),
    )


def list_calendars(http: HttpClient, place: Place, stop: Stop) -> list[RemoteCalendar]:
    """The calendars of a place that can hold events, in the server's order."""
    if place.calendar:
        entries = find(http, place.calendar, _WHAT, "0", stop).entries
    else:
        entries = tuple(each for home in place.homes for each in find(http, home, _WHAT, "1", stop).entries)
    found = {each.url: each for each in entries if _holds_events(each)}
    return [_remote(each) for each in found.values()]


def schedules(http: HttpClient, place: Place, stop: Stop) -> bool:
    """Whether the server sends invitations by itself: `calendar-auto-schedule` in the DAV header (RFC 6638 §2).

    A server that does not answer the question is taken as one that does not.
    """
    for where in place.homes or ((place.calendar,) if place.calendar else ()):
        answer = http.request("OPTIONS", where, stop=stop, accept=_NO_OPTIONS)
        if "calendar-auto-schedule" in re.split(r"[\s,]+", answer.headers.get("dav", "").lower()):
            return True
    return False


def find(http: HttpClient, url: str, body: bytes, depth: str, stop: Stop) -> MultiStatus:
    """One PROPFIND."""
    answer = http.request("PROPFIND", url, stop=stop, headers={**HEADERS, "Depth": depth}, content=body)
    return multistatus(answer.body, answer.url)


def slashed(url: str) -> str:
    """A collection's URL ends with a slash."""
    return url if url.endswith("/") else url + "/"


def _candidates(url: str) -> Iterator[str]:
    if urlsplit(url).path not in ("", "/"):
        yield url
    yield urljoin(url, "/.well-known/caldav")
    yield urljoin(url, "/")


def _ask(http: HttpClient, typed: str, url: str, stop: Stop) -> Place | None:
    headers = {**HEADERS, "Depth": "0"}
    answer = http.request("PROPFIND", url, stop=stop, headers=headers, content=_WHERE, accept=frozenset({401}))
    if answer.status == 401 and urlsplit(answer.url).netloc != urlsplit(url).netloc and same_site(typed, answer.url):
        http.trust(answer.url)  # the well-known path of a provider led to its own calendar host
        answer = http.request("PROPFIND", answer.url, stop=stop, headers=headers, content=_WHERE)
    elif answer.status == 401:
        raise SignInNeeded(
            _("{host} does not accept this user name and password.").format(host=host_of(answer.url)),
            hint=_("Many providers want an app password made in their settings."),
        )
    entries = multistatus(answer.body, answer.url).entries
    if not entries:
        return None
    here = entries[0]
    if _CALENDAR in here.kinds(DAV + "resourcetype"):
        return Place(calendar=slashed(here.url))
    homes = here.hrefs(CAL + "calendar-home-set")
    address = None
    for principal in [*here.hrefs(DAV + "current-user-principal"), *here.hrefs(DAV + "principal-URL")][:1]:
        named, address = _principal(http, typed, principal, stop)
        homes = homes or named  # Cyrus names the homes on every collection, but the address on the principal only
    if not homes and _has_calendars(http, answer.url, stop):
        homes = [answer.url]
    for home in homes:
        if same_site(typed, home):
            http.trust(home)
    return Place(homes=tuple(slashed(home) for home in homes), address=address) if homes else None


def _principal(http: HttpClient, typed: str, url: str, stop: Stop) -> tuple[list[str], str | None]:
    if same_site(typed, url):
        http.trust(url)
    homes: list[str] = []
    addresses: list[str] = []
    for entry in find(http, url, _WHO, "0", stop).entries:
        homes += entry.hrefs(CAL + "calendar-home-set")
        found = entry.props.get(CAL + "calendar-user-address-set")
        if found is not None:
            addresses += [(each.text or "").strip() for each in found.iter(DAV + "href")]
    mails = [each[7:] for each in addresses if each.lower().startswith("mailto:") and "@" in each]
    return homes, unquote(mails[0]).lower() if mails else None


def _has_calendars(http: HttpClient, url: str, stop: Stop) -> bool:
    try:
        return any(_holds_events(each) for each in find(http, url, _WHAT, "1", stop).entries)
    except (UserMustAct, ServerTrouble):
        return False


def _holds_events(entry: Entry) -> bool:
    kinds = entry.kinds(DAV + "resourcetype")
    if _CALENDAR not in kinds or kinds & {CAL + "schedule-inbox", CAL + "schedule-outbox"}:
        return False
    components = entry.props.get(CAL + "supported-calendar-component-set")
    names = {each.get("name", "").upper() for each in components} if components is not None else set()
    if names and "VEVENT" not in names:
        return False
    rights = entry.kinds(DAV + "current-user-privilege-set")
    return not rights or bool(rights & _READ)


def _remote(entry: Entry) -> RemoteCalendar:
    rights = entry.kinds(DAV + "current-user-privilege-set")
    url = slashed(entry.url)
    return RemoteCalendar(
        remote_id=RemoteId(url),
        name=entry.text(DAV + "displayname") or unquote(url.rstrip("/").rpartition("/")[2]),
        access=Access.WRITE if not rights or rights & _WRITE else Access.READ,
        color=hex_color(entry.text(APPLE + "calendar-color")),
        tzid=_zone(entry.text(CAL + "calendar-timezone")),
        url=url,
    )


def _zone(vtimezone: str | None) -> str | None:
    """IANA name of the TZID in CALDAV:calendar-timezone (RFC 4791 §5.2.2)."""
    for line in unfold(vtimezone or "").splitlines():
        if line.upper().startswith("TZID:"):
            return resolve(line[5:].strip())
    return None

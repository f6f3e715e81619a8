"""CalDAV (RFC 4791) as a calendar account. RemoteId: the collection's URL; Href: the resource's path on that host."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from calmerge_desktop.core.errors import BadInput, CalmergeError, EditConflict, NothingThere, ReadOnly
from calmerge_desktop.core.ics.lines import unfold
from calmerge_desktop.core.model import Account, Delta, ETag, Href, RemoteCalendar, RemoteId, Resource, SyncToken
from calmerge_desktop.core.ports import Itself, Stop, Stored
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.http import Answer, HttpClient, never, same_site
from calmerge_desktop.sync.http_errors import host_of
from calmerge_desktop.sync.http_errors import refusal as status_error
from calmerge_desktop.sync.names import file_name, is_plain
from calmerge_desktop.sync.providers.caldav_changes import Changes
from calmerge_desktop.sync.providers.caldav_discovery import Place, discover, list_calendars, schedules
from calmerge_desktop.sync.providers.caldav_xml import CAL, DAV, Refusal, refusal
from calmerge_desktop.sync.sameness import same

_UID = re.compile(r"^UID(?:;[^:\r\n]*)?:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_BODY = {"Content-Type": "text/calendar; charset=utf-8"}
_BAD_DATA = frozenset(
    CAL + name
    for name in (
        "valid-calendar-data",
        "supported-calendar-data",
        "valid-calendar-object-resource",
        "supported-calendar-component",
        "max-resource-size",
        "min-date-time",
        "max-date-time",
        "max-instances",
        "max-attendees-per-instance",
    )
)
"""Preconditions of PUT that are about the data (RFC 4791 §5.3.2.1), whatever the status."""
_SAME_UID = frozenset({CAL + "no-uid-conflict", CAL + "unique-scheduling-object-resource"})
"""RFC 4791 §5.3.2.1; Cyrus answers with the one of RFC 6638 §3.2.4.1 for every duplicate, meetings or not."""
_WRITE_ANSWERS = frozenset({400, 403, 404, 405, 409, 410, 412, 413, 415, 422, 507})


class CaldavProvider:
    """One user at one server."""

    def __init__(self, account: Account, password: str | None, *, timeout: float | None = None) -> None:
        self._url = account.config["url"]
        self._http = HttpClient(self._url, user=account.config.get("user"), password=password, timeout=timeout)
        self._place: Place | None = None

    def calendars(self, stop: Stop) -> list[RemoteCalendar]:
        """See `CalendarProvider.calendars`."""
        return list_calendars(self._http, self._found(stop), stop)

    def itself(self, stop: Stop) -> Itself:
        """See `KnowsItself.itself`: the address of RFC 6638 §2.4.1."""
        place = self._found(stop)
        return Itself(address=place.address, schedules=schedules(self._http, place, stop))

    def changes(
        self, calendar: RemoteId, since: SyncToken | None, known: Mapping[Href, ETag | None], stop: Stop
    ) -> Iterator[Delta]:
        """See `CalendarProvider.changes`."""
        return self._in(calendar, stop).since(since, known)

    def fetch(self, calendar: RemoteId, href: Href) -> Resource | None:
        """See `CalendarProvider.fetch`. By multiget: its ETag is that of listings, while compressors change a GET's."""
        inside = self._in(calendar, never)
        found, _broken = inside.resources([href])
        return found[0] if found else None

    def put(self, calendar: RemoteId, resource: Resource, *, base: ETag | None, create: bool) -> Stored:
        """See `CalendarProvider.put`. Always with a precondition, never `If-Match: *`, which servers read differently."""
        inside = self._in(calendar, never)
        href = self._new_href(inside, calendar, resource) if create else resource.href
        if create or base is None:
            # Asked first, because some servers ignore If-None-Match and would overwrite.
            there = self.fetch(calendar, href)
            if create and there:
                return _same_or_conflict(there, resource)
            if not create and there is None:
                raise _changed(calendar)
            base = there.etag if there else None
        guard = {"If-None-Match": "*"} if create else {"If-Match": _strong(base)}
        answer = self._http.request(
            "PUT",
            inside.url_of(href),
            stop=never,
            headers={**_BODY, **guard},
            content=resource.ics.encode(),
            accept=_WRITE_ANSWERS,
        )
        if answer.status < 300:
            return Stored(href=href, etag=_trustworthy(answer))
        if answer.status == 412 and create and (there := self.fetch(calendar, href)):
            return _same_or_conflict(there, resource)
        raise self._refused(answer, calendar, create=create)

    def delete(self, calendar: RemoteId, href: Href, *, base: ETag | None) -> None:
        """See `CalendarProvider.delete`."""
        if base is None:
            there = self.fetch(calendar, href)
            if there is None:
                return
            base = there.etag
        guard = {"If-Match": _strong(base)} if base else {}
        url = self._in(calendar, never).url_of(href)
        answer = self._http.request("DELETE", url, stop=never, headers=guard, accept=_WRITE_ANSWERS)
        if answer.status < 300 or answer.status in (404, 410):
            return
        if answer.status == 412 and self.fetch(calendar, href) is None:
            return
        raise self._refused(answer, calendar, create=False)

    def poll_seconds(self, calendar: RemoteId) -> int | None:  # noqa: ARG002  # the port names it
        """CalDAV servers ask for nothing."""
        return None

    def interrupt(self) -> None:
        """Stop waiting for the server. From any thread."""
        self._http.interrupt()

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _found(self, stop: Stop) -> Place:
        if self._place is None:
            self._place = discover(self._http, self._url, stop)
        return self._place

    def _in(self, calendar: RemoteId, stop: Stop) -> Changes:
        if same_site(self._url, calendar):
            self._http.trust(calendar)
        return Changes(self._http, calendar, stop)

    def _new_href(self, inside: Changes, calendar: RemoteId, resource: Resource) -> Href:
        """The wished href when it is a plain name or lies in the collection, else a name made from the UID."""
        wish = str(resource.href)
        folder = urlsplit(calendar).path
        name = wish.removeprefix(folder)
        if not (name.endswith(".ics") and is_plain(name)):
            found = _UID.search(unfold(resource.ics))
            if not found or not found[1].strip():
                raise BadInput(_("An event needs exactly one identifier (UID)."))
            name = file_name(found[1].strip())
        return inside.href_of(inside.url_of(Href(folder + name)))

    def _refused(self, answer: Answer, calendar: RemoteId, *, create: bool) -> CalmergeError:
        """Why a write failed, sorted by who must act."""
        host = host_of(answer.url)
        said = refusal(answer.body, answer.url)
        if said.conditions & _BAD_DATA:
            return BadInput(_("{host} refuses this event: {reason}").format(host=host, reason=said.reason))
        if said.conditions & _SAME_UID or (create and answer.status == 412):
            return BadInput(_("{host} already holds an event with this identifier.").format(host=host))
        if answer.status == 412 or (answer.status in (404, 410) and not create):
            return _changed(calendar)
        if answer.status == 405 or (answer.status == 403 and _is_about_rights(said)):
            return ReadOnly(_("{host} does not let you change this calendar.").format(host=host))
        if answer.status in (413, 507):
            return BadInput(_("There is no room for this event at {host}.").format(host=host))
        if answer.status in (404, 410):
            return NothingThere(_("This calendar is not at {host} any more.").format(host=host))
        if answer.status in (400, 403, 409, 415, 422):
            if said.reason:
                return BadInput(_("{host} refuses this event: {reason}").format(host=host, reason=said.reason))
            return BadInput(_("{host} refuses this event.").format(host=host))
        return status_error(answer.status, answer.headers, answer.url)


def open_caldav(account: Account, secret: str | None) -> CaldavProvider:
    """The account at `config["url"]` for `config["user"]`."""
    return CaldavProvider(account, secret)


def _same_or_conflict(there: Resource, mine: Resource) -> Stored:
    """A create that already succeeded, but whose answer was lost, is no conflict."""
    if same(there.ics, mine.ics):
        return Stored(href=there.href, etag=there.etag)
    raise EditConflict(_("An event with this identifier is already there."))


def _changed(calendar: RemoteId) -> EditConflict:
    return EditConflict(_("The event was changed at {host} meanwhile.").format(host=host_of(calendar)))


def _strong(base: ETag | None) -> str:
    """A weak ETag never matches If-Match (RFC 9110 §13.1.1); proxies that compress make strong ones weak, so undo that."""
    return (base or '""').removeprefix("W/")


def _trustworthy(answer: Answer) -> ETag | None:
    """The ETag of a PUT answer when it proves that our text is stored as sent (RFC 4791 §5.3.4); else read it back."""
    etag = answer.headers.get("etag")
    if not etag or etag.startswith("W/") or "x-sabre-ew-gross" in answer.headers:
        return None
    return ETag(etag)


def _is_about_rights(said: Refusal) -> bool:
    return DAV + "need-privileges" in said.conditions or not said.conditions

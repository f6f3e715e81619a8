"""Asking for calendars and events: whole series, with what was changed and what was taken out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from calmerge_desktop.core.errors import BadData, SyncTokenExpired
from calmerge_desktop.core.model import Access, Href, RemoteCalendar, RemoteId
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.recurrence.generate import generate
from calmerge_desktop.core.recurrence.rule import parse
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import iana, seconds_of, wall_of
from calmerge_desktop.sync.listing import hex_color
from calmerge_desktop.sync.oauth.scopes import Level
from calmerge_desktop.sync.providers.microsoft import names
from calmerge_desktop.sync.providers.microsoft.api import Api
from calmerge_desktop.sync.providers.microsoft.failures import Said
from calmerge_desktop.sync.providers.microsoft.recurrence import Untold, rrule
from calmerge_desktop.sync.providers.microsoft.series import Json, Key, Series, key_of, start_of, zone_of

_GONE = (404, 410)
_REFUSED = (400, 403, 404, 501)
_MOST_CALENDARS = "100"
_COLORS = {
    "lightBlue": "#A6D1F5", "lightGreen": "#87D28E", "lightOrange": "#FCBB6A", "lightGray": "#C0C0C0",
    "lightYellow": "#F5DC5E",
    "lightTeal": "#4ADACC", "lightPink": "#F08CC0", "lightBrown": "#CBA287", "lightRed": "#F88C9B",
}  # fmt: skip
"""Outlook's named colours, for answers without `hexColor`."""


class Reading:
    """One session's questions."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def calendars(self, rung: Level, stop: Stop) -> list[RemoteCalendar]:
        """All calendars; what `rung` does not allow is not offered. The person's own first."""
        found = [
            each
            for page in self._api.pages(self._api.url("me", "calendars", top=_MOST_CALENDARS), stop)
            for each in page["value"]
        ]
        found.sort(key=lambda each: not each.get("isDefaultCalendar"))
        return [_calendar(each, rung) for each in found]

    def delta(self, calendar: RemoteId, low: int, high: int, stop: Stop) -> Iterator[Json]:
        """Pages of what lies in a window of instants; the last one has `@odata.deltaLink`."""
        url = self._api.url(
            "me", "calendars", calendar, "calendarView", "delta", startDateTime=utc(low), endDateTime=utc(high)
        )
        return self._api.pages(url, stop)

    def since(self, link: str, stop: Stop) -> Iterator[Json]:
        """Pages of what changed since a deltaLink. Raises `SyncTokenExpired`."""
        try:
            yield from self._api.pages(self._api.checked(link), stop, own=(400, 404, 409, 410, 412))
        except Said as said:
            raise SyncTokenExpired from said  # also a 404: listing it anew says whether the calendar is gone

    def marked(self, calendar: RemoteId, stop: Stop) -> dict[str, Json]:
        """Events that carry our marks, by id: a delta does not show them. Empty when Graph does not take the question."""
        asked = f"singleValueExtendedProperties/any(ep: ep/id eq '{names.UID_KEY}' and ep/value ne null)"
        kept = f"singleValueExtendedProperties/any(ep: ep/id eq '{names.MORE_KEY}' and ep/value ne null)"
        found: dict[str, Json] = {}
        for question in (asked, kept):
            url = self._api.url("me", "calendars", calendar, "events", filter=question, expand=names.MARKS, select="id")
            try:
                for page in self._api.pages(url, stop, own=_REFUSED):
                    found.update({str(each["id"]): each for each in page["value"]})
            except Said:
                continue
        return found

    def with_uid(self, calendar: RemoteId, uid: str, stop: Stop) -> Json | None:
        """The event we made for a UID, if Graph can be asked so."""
        quoted = uid.replace("'", "''")
        question = f"singleValueExtendedProperties/any(ep: ep/id eq '{names.UID_KEY}' and ep/value eq '{quoted}')"
        for asked in (question, f"iCalUId eq '{quoted}'"):
            url = self._api.url("me", "calendars", calendar, "events", filter=asked, expand=names.MARKS)
            try:
                for page in self._api.pages(url, stop, own=_REFUSED):
                    for each in page["value"]:
                        return dict(each)
            except Said as said:
                if said.status == 404:
                    return None
        return None

    def event(self, calendar: RemoteId, event_id: str, stop: Stop) -> Json | None:
        """One event with our marks; None when it is not there."""
        url = self._api.url("me", "calendars", calendar, "events", event_id, expand=names.MARKS)
        try:
            return self._api.run("GET", url, stop, own=_GONE)
        except Said:
            return None

    def series(self, calendar: RemoteId, href: Href, stop: Stop) -> Series:
        """Everything of one event, as it is now."""
        master = self.event(calendar, str(href), stop)
        if master is None or not master.get("recurrence"):
            return Series(href=href, master=master)
        told = self._told(calendar, href, stop)
        if told is None:
            return self._looked(calendar, href, master, stop)
        exceptions, cancelled = told
        return self._whole(calendar, href, master, exceptions, cancelled, stop)

    def instance(self, calendar: RemoteId, master: Json, place: Key, stop: Stop) -> Json | None:
        """The occurrence of a series on a day; None when it was taken out. Wherever it was moved to."""
        held = self._told(calendar, Href(str(master["id"])), stop)
        for each in held[0] if held else ():
            if key_of(each, master) == place:
                return self.event(calendar, str(each["id"]), stop)
        at = _day(place)
        for each in self.instances(calendar, str(master["id"]), at - 2 * DAY, at + 3 * DAY, stop):
            if key_of(_with_plan(each), master) == place:
                return self.event(calendar, str(each["id"]), stop)
        return None

    def instances(self, calendar: RemoteId, master: str, low: int, high: int, stop: Stop) -> Iterator[Json]:
        """Occurrences of a series within a window."""
        url = self._api.url(
            "me", "calendars", calendar, "events", master, "instances", startDateTime=utc(low), endDateTime=utc(high)
        )
        for page in self._api.pages(url, stop):
            yield from page["value"]

    def _told(self, calendar: RemoteId, href: Href, stop: Stop) -> tuple[list[Json], list[str]] | None:
        """Exceptions and cancelled occurrences as Graph lists them; None when it does not."""
        url = self._api.url(
            "me", "calendars", calendar, "events", str(href),
            select="id,cancelledOccurrences,exceptionOccurrences", expand="exceptionOccurrences",
        )  # fmt: skip
        try:
            found = self._api.run("GET", url, stop, own=_REFUSED)
        except Said:
            return None
        cancelled, exceptions = found.get("cancelledOccurrences"), found.get("exceptionOccurrences")
        if not isinstance(cancelled, list) or not isinstance(exceptions, list):
            return None
        days = [str(each)[-10:] for each in cancelled]
        return (exceptions, days) if all(_is_day(each) for each in days) else None

    def _looked(self, calendar: RemoteId, href: Href, master: Json, stop: Stop) -> Series:
        """The other way: every occurrence there is beside every one there should be, over five years."""
        begin = start_of(master, repeating=True)
        value = begin.value
        first = seconds_of(value if isinstance(value, datetime) else datetime(value.year, value.month, value.day))
        high = first + 1800 * DAY
        there = [_with_plan(each) for each in self.instances(calendar, str(href), first - 2 * DAY, high, stop)]
        days = {key_of(each, master) for each in there}
        try:
            rule = parse(rrule(master["recurrence"], begin, iana(zone_of(master))))
        except Untold:
            planned: set[str] = set()
        else:
            limit = rule.count or 2000
            walls = (wall for n, wall in zip(range(limit), generate(rule, first, first, high - 3 * DAY), strict=False))
            last = max(days, default="")
            ends = rule.until is not None  # the last ones may lie behind it on another clock
            planned = {f"{wall_of(wall):%Y-%m-%d}" for wall in walls}
            planned = {each for each in planned if not ends or each <= last}
        exceptions = [each for each in there if each.get("type") == "exception"]
        return self._whole(calendar, href, master, exceptions, sorted(planned - days), stop)

    def _whole(
        self, calendar: RemoteId, href: Href, master: Json, exceptions: list[Json], cancelled: list[str], stop: Stop
    ) -> Series:
        """With the marks of every exception, which are shown one by one only."""
        full = [found for each in exceptions if (found := self.event(calendar, str(each["id"]), stop))]
        full.sort(key=lambda each: (_plan(each, master), str(each["id"])))
        return Series(href=href, master=master, exceptions=tuple(full), cancelled=tuple(sorted(set(cancelled))))


def utc(at: int) -> str:
    """An instant as a query takes it."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _plan(exception: Json, master: Json) -> str:
    try:
        return key_of(exception, master)
    except BadData:
        return ""


def _with_plan(occurrence: Json) -> Json:
    """An ordinary occurrence is where it was planned, even if Graph does not say so."""
    if occurrence.get("originalStart"):
        return occurrence
    return {**occurrence, "originalStart": str(occurrence["start"]["dateTime"])[:19] + "Z"}


def _day(place: str) -> int:
    return seconds_of(datetime.fromisoformat(place))


def _is_day(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _calendar(entry: Json, rung: Level) -> RemoteCalendar:
    owner: Any = entry.get("owner") or {}
    name = str(entry.get("name") or owner.get("name") or owner.get("address") or entry["id"])
    writable = bool(entry.get("canEdit")) and rung.rank >= Level.WRITE.rank
    return RemoteCalendar(
        remote_id=RemoteId(str(entry["id"])),
        name=name,
        access=Access.WRITE if writable else Access.READ,
        color=hex_color(entry.get("hexColor") or _COLORS.get(str(entry.get("color")))),
        url=str(entry["id"]),
    )

"""A calendar as Exchange keeps it behind Graph: series with their own arithmetic, exceptions, deletions, versions."""

from __future__ import annotations

import calendar
import itertools
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tzlocal.windows_tz import win_tz

Json = dict[str, Any]
OWNER = "alice@outlook.example.test"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_INDEX = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_FAR = date(2040, 1, 1)


class Refusal(Exception):  # an answer
    def __init__(self, status: int, code: str) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code


def zone(name: str) -> ZoneInfo:
    """By its Windows or IANA name, as Exchange takes both."""
    try:
        return ZoneInfo(win_tz.get(name, name))
    except (KeyError, ValueError) as error:
        raise Refusal(400, "ErrorInvalidTimeZone") from error


def utc_of(time: Json) -> datetime:
    return datetime.fromisoformat(time["dateTime"][:19]).replace(tzinfo=zone(time["timeZone"])).astimezone(UTC)


def days(recurrence: Json) -> Iterator[date]:
    """Every day of a repetition, counted as Exchange does: a day a month does not have is its last one."""
    pattern, limits = recurrence["pattern"], recurrence["range"]
    begin = date.fromisoformat(limits["startDate"])
    end = date.fromisoformat(limits["endDate"]) if limits["type"] == "endDate" else _FAR
    most = limits["numberOfOccurrences"] if limits["type"] == "numbered" else None
    found = (each for each in _days(pattern, begin) if each >= begin)
    yield from itertools.takewhile(lambda each: each <= end, itertools.islice(found, most))


def _days(pattern: Json, begin: date) -> Iterator[date]:
    step = pattern["interval"]
    kind = pattern["type"]
    if kind == "daily":
        day = begin
        while day < _FAR:
            yield day
            day += timedelta(days=step)
    elif kind == "weekly":
        first = _DAYS.index(pattern.get("firstDayOfWeek", "sunday"))
        week = begin - timedelta(days=(begin.weekday() - first) % 7)
        while week < _FAR:
            yield from (
                each for n in range(7) if _DAYS[(each := week + timedelta(days=n)).weekday()] in pattern["daysOfWeek"]
            )
            week += timedelta(days=7 * step)
    else:
        yearly = kind.endswith("Yearly")
        month = begin.year * 12 + (pattern["month"] if yearly else begin.month) - 1
        while month // 12 < _FAR.year:
            yield _in_month(month // 12, month % 12 + 1, pattern)
            month += step * (12 if yearly else 1)


def _in_month(year: int, month: int, pattern: Json) -> date:
    length = calendar.monthrange(year, month)[1]
    if pattern["type"].startswith("absolute"):
        return date(year, month, min(pattern["dayOfMonth"], length))
    fitting = [day for n in range(1, length + 1) if _DAYS[(day := date(year, month, n)).weekday()] in pattern["daysOfWeek"]]
    return fitting[_INDEX[pattern.get("index", "first")]]


class GraphCalendar:
    def __init__(self, name: str, *, default: bool = False, can_edit: bool = True) -> None:
        self.id = f"AAkcal-{uuid.uuid4().hex[:8]}"
        self.name = name
        self.default = default
        self.can_edit = can_edit
        self.events: dict[str, Json] = {}
        self.log: list[str] = []
        """Hrefs of everything that changed, in order."""
        self.gone: set[str] = set()
        self.oldest = 0
        self.sent: list[tuple[str, str, Json]] = []
        """Answers and cancellations the mailbox mailed: event, action, body."""
        self._number = itertools.count(1)
        self.quirks: set[str] = set()

    # --- for tests --------------------------------------------------------------------------------------------------

    def put(self, key: str, **more: Any) -> Json:
        """Somebody else makes or changes an event."""
        if key in self.events:
            return self.patch(key, more)
        start = more.pop("start", at("2026-11-24T09:00:00"))
        end = more.pop("end", at("2026-11-24T10:00:00"))
        return self.insert({"start": start, "end": end, **more}, key)

    def drop(self, key: str) -> None:
        self.delete(key, None)

    def alive(self) -> dict[str, Json]:
        return dict(self.events)

    def shown(self) -> list[tuple[str, int, int]]:
        """What a person sees: title, start, end."""
        out = []
        for event in self.events.values():
            if event.get("recurrence"):
                out += [self._seen(one) for one in self.occurrences(event)]
            elif event["type"] in ("singleInstance", "exception"):
                out.append(self._seen(event))
        return sorted(out)

    @staticmethod
    def _seen(event: Json) -> tuple[str, int, int]:
        start, end = (int(utc_of(event[name]).timestamp()) for name in ("start", "end"))
        return str(event.get("subject", "")), start, end

    # --- what Graph does --------------------------------------------------------------------------------------------

    def insert(self, body: Json, key: str | None = None) -> Json:
        token = body.get("transactionId")
        same = [each for each in self.events.values() if token and each.get("transactionId") == token]
        if same:
            return same[0]
        key = key or f"AAk{uuid.uuid4().hex}"
        event: Json = {
            "id": key, "type": "seriesMaster" if body.get("recurrence") else "singleInstance", "iCalUId": f"040000{key}",
            "createdDateTime": "2026-11-01T08:00:00Z", "isOrganizer": True, "isAllDay": False, "showAs": "busy",
            "sensitivity": "normal", "importance": "normal", "isReminderOn": True, "reminderMinutesBeforeStart": 15,
            "isCancelled": False, "isOnlineMeeting": False, "responseStatus": {"response": "organizer"}, "categories": [],
            "attendees": [], "organizer": {"emailAddress": {"name": "Alice", "address": OWNER}}, "body": _body({}),
            "_cancelled": set(), "subject": "",
        }  # fmt: skip
        self.events[key] = event
        self._set(event, body)
        self._told(event)
        return event

    def patch(self, key: str, body: Json, match: str | None = None) -> Json:
        event = self.events.get(key) or self._occurrence(key)
        self._match(event, match)
        if key not in self.events:
            event = {**event, "type": "exception"}
            self.events[key] = event
        if "transactionId" in body:
            raise Refusal(400, "ErrorInvalidRequest")
        if event["type"] == "seriesMaster" and body.keys() & {"recurrence", "start", "end", "isAllDay"}:
            for each in [one for one, other in self.events.items() if other.get("seriesMasterId") == key]:
                del self.events[each]  # Exchange forgets what was changed and taken out
            event["_cancelled"] = set()
        self._set(event, body)
        self._told(event)
        return event

    def delete(self, key: str, match: str | None) -> None:
        event = self.events.get(key) or self._occurrence(key)
        self._match(event, match)
        master = event.get("seriesMasterId")
        if master:
            self.events[master]["_cancelled"].add(key[-10:])
            self.events.pop(key, None)
            self._told(self.events[master])
            return
        for each in [one for one, other in self.events.items() if other.get("seriesMasterId") == key or one == key]:
            del self.events[each]
        self.gone.add(key)
        self.log.append(key)

    def act(self, key: str, action: str, body: Json) -> None:
        event = self.events.get(key) or self._occurrence(key)
        self.sent.append((key, action, body))
        if action == "cancel":
            if not event.get("isOrganizer"):
                raise Refusal(400, "ErrorAccessDenied")
            self.delete(key, None)
        elif event.get("isOrganizer"):
            raise Refusal(400, "ErrorInvalidRequest")
        elif action == "decline":
            self.delete(key, None)
        else:
            word = {"accept": "accepted", "tentativelyAccept": "tentativelyAccepted"}[action]
            self.patch(key, {"responseStatus": {"response": word, "time": "2026-11-02T08:00:00Z"}})

    def occurrences(self, master: Json) -> list[Json]:
        """What the series alone still gives: neither changed nor taken out."""
        home = zone(master["start"]["timeZone"])
        length = utc_of(master["end"]) - utc_of(master["start"])
        clock = datetime.fromisoformat(master["start"]["dateTime"][:19]).time()
        out = []
        for day in itertools.islice(days(master["recurrence"]), 400):
            key = f"{master['id']}.occ.{day.isoformat()}"
            if day.isoformat() in master["_cancelled"] or key in self.events:
                continue
            begin = datetime.combine(day, clock, home).astimezone(UTC)
            own = {
                "id": key,
                "type": "occurrence",
                "seriesMasterId": master["id"],
                "originalStart": f"{begin:%Y-%m-%dT%H:%M:%SZ}",
            }
            body = {
                name: value
                for name, value in master.items()
                if name not in ("recurrence", "_cancelled", "singleValueExtendedProperties")
            }
            times = {
                name: _time(when, master["start"]["timeZone"]) for name, when in (("start", begin), ("end", begin + length))
            }
            out.append({**body, **own, **times})
        return out

    def exceptions(self, master: str) -> list[Json]:
        return [each for each in self.events.values() if each.get("seriesMasterId") == master]

    def get(self, key: str) -> Json:
        return self.events.get(key) or self._occurrence(key)

    def _occurrence(self, key: str) -> Json:
        master = self.events.get(key.rpartition(".occ.")[0])
        for each in self.occurrences(master) if master else ():
            if each["id"] == key:
                return each
        raise Refusal(404, "ErrorItemNotFound")

    @staticmethod
    def _match(event: Json, match: str | None) -> None:
        if match is not None and match != event["@odata.etag"]:
            raise Refusal(412, "ErrorIrresolvableConflict")

    def _set(self, event: Json, body: Json) -> None:
        for name, value in body.items():
            if name == "body":
                event["body"] = _body(value)
            elif name == "singleValueExtendedProperties":
                held = {each["id"]: each for each in event.get(name, [])}
                held.update({each["id"]: each for each in value})
                event[name] = [each for each in held.values() if each["value"]]
            elif name == "attendees":
                known = {each["emailAddress"]["address"]: each for each in event["attendees"]}
                event[name] = [
                    {"status": {"response": "none"}, **known.get(each["emailAddress"]["address"], {}), **each}
                    for each in value
                ]
            else:
                event[name] = value
        if event["isAllDay"] and any(event[name]["dateTime"][11:19] != "00:00:00" for name in ("start", "end")):
            raise Refusal(400, "ErrorPropertyValidation")
        if utc_of(event["end"]) < utc_of(event["start"]):
            raise Refusal(400, "ErrorPropertyValidation")
        if event["type"] != "exception":
            event["type"] = "seriesMaster" if event.get("recurrence") else "singleInstance"
            if event.get("recurrence"):
                first = next(days(event["recurrence"]))
                if event["start"]["dateTime"][:10] != first.isoformat():
                    raise Refusal(400, "ErrorPropertyValidation")
            else:
                event.pop("recurrence", None)
        if event.get("isOnlineMeeting") and "no-teams" not in self.quirks:
            event["onlineMeeting"] = {"joinUrl": f"https://teams.microsoft.com/l/meetup-join/{event['id'][:9]}"}

    def _told(self, event: Json) -> None:
        number = next(self._number)
        event["@odata.etag"] = f'W/"{event["id"][:6]}{number:06}"'
        event["lastModifiedDateTime"] = f"2026-11-02T08:{number // 60 % 60:02}:{number % 60:02}Z"
        self.log.append(str(event.get("seriesMasterId") or event["id"]))


def _body(given: Json) -> Json:
    """Outlook wraps everything in HTML."""
    text = given.get("content", "")
    if not text or given.get("contentType") == "html":
        return {"contentType": "html", "content": text}
    words = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>\r\n")
    head = '<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>'
    return {"contentType": "html", "content": f"{head}<body><div>{words}</div></body></html>"}


def at(text: str, name: str = "W. Europe Standard Time") -> Json:
    return {"dateTime": text, "timeZone": name}


def _time(when: datetime, name: str) -> Json:
    return {"dateTime": f"{when.astimezone(zone(name)):%Y-%m-%dT%H:%M:%S}", "timeZone": name}


def public(event: Json) -> Json:
    """As Graph shows it to who prefers UTC."""
    out = {name: value for name, value in event.items() if not name.startswith("_")}
    for name in ("start", "end"):
        out[f"original{name.capitalize()}TimeZone"] = event[name]["timeZone"]
        when = utc_of(event[name])
        if event.get("isAllDay"):
            when = datetime.fromisoformat(event[name]["dateTime"][:19])
        out[name] = {"dateTime": f"{when:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"}
    return out

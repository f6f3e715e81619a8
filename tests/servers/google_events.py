"""How Google Calendar keeps events, in memory: ids, ETags, series, sync tokens. Times are kept as they were sent."""

from __future__ import annotations

import itertools
import re
import uuid
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

Json = dict[str, Any]
OWNER = "alice@example.test"
_ID = re.compile(r"[0-9a-v]{5,1024}")
_SILENT = frozenset({"reminders", "colorId", "extendedProperties"})


class Refusal(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(status, reason)
        self.status, self.reason = status, reason


@dataclass
class GoogleCalendar:
    id: str
    summary: str = "Work"
    zone: str = "Europe/Berlin"
    role: str = "owner"
    primary: bool = False
    events: dict[str, Json] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    """Ids in the order they changed; a sync token is a place in it."""
    oldest: int = 0
    """Sync tokens before this place have expired."""
    conference: str = "success"
    """What becomes of a wish for a meeting when one looks again."""
    mails: list[tuple[str, str]] = field(default_factory=list)
    """Event and `sendUpdates` of every change that reached guests."""
    quirks: set[str] = field(default_factory=set)
    _versions: Any = field(default_factory=lambda: itertools.count(1))

    # --- what others do in the browser ------------------------------------------------------------------------------

    def put(self, event_id: str, /, **fields: Any) -> Json:
        """Someone makes or changes an event."""
        if event_id in self.events:
            return self._store(_merge(self.events[event_id], fields))
        body = {"summary": "Coffee", "start": at("2026-11-24T09:00:00Z"), "end": at("2026-11-24T10:00:00Z"), **fields}
        return self.insert({"id": event_id, **body}, checked=False)

    def drop(self, event_id: str) -> None:
        """Someone deletes an event or an occurrence."""
        self.delete(event_id, None, "none")

    def alive(self) -> dict[str, Json]:
        """Events that are not deleted."""
        return {key: each for key, each in self.events.items() if each["status"] != "cancelled"}

    def shown(self) -> list[tuple[str, int, int]]:
        """What a person sees in Google's own calendar: title, start, end of every occurrence."""
        out = []
        for each in self.alive().values():
            if each.get("recurringEventId"):
                out.append(each)
            elif each.get("recurrence"):
                out += [
                    found for one in self._occurrences(each) if one not in self.events and (found := self._instance(one))
                ]
            else:
                out.append(each)
        return sorted((one.get("summary", ""), int(_instant(one["start"])), int(_instant(one["end"]))) for one in out)

    # --- the API ----------------------------------------------------------------------------------------------------

    def entry(self) -> Json:
        entry: Json = {
            "kind": "calendar#calendarListEntry", "id": self.id, "summary": self.summary, "timeZone": self.zone,
            "accessRole": self.role, "backgroundColor": "#9fe1e7", "foregroundColor": "#000000", "colorId": "14",
            "selected": True, "conferenceProperties": {"allowedConferenceSolutionTypes": ["hangoutsMeet"]},
        }  # fmt: skip
        return {**entry, "primary": True} if self.primary else entry

    def insert(self, body: Json, updates: str = "none", *, version: int = 1, checked: bool = True) -> Json:
        body = deepcopy(body)
        event_id = body.pop("id", None) or uuid.uuid4().hex
        if checked and ("iCalUID" in body and body.get("id")):
            raise Refusal(400, "invalid")
        if checked and not _ID.fullmatch(event_id):
            raise Refusal(400, "invalid")
        if event_id in self.events:
            raise Refusal(409, "duplicate")
        _check(body)
        if not version:
            body.pop("conferenceData", None)
        made = {
            "kind": "calendar#event", "id": event_id, "status": "confirmed", "iCalUID": f"{event_id}@google.com",
            "htmlLink": f"https://calendar.google.com/event?eid={event_id}", "sequence": 0, "eventType": "default",
            "creator": {"email": OWNER, "self": True}, "organizer": {"email": OWNER, "self": True},
            "reminders": {"useDefault": True}, "created": _now(), **body,
        }  # fmt: skip
        stored = self._store(made)
        self._tell(stored, updates)
        return stored

    def get(self, event_id: str) -> Json:
        found = self.events.get(event_id) or self._instance(event_id)
        if found is None:
            raise Refusal(404, "notFound")
        request = (found.get("conferenceData") or {}).get("createRequest")
        if request and request.get("status", {}).get("statusCode") == "pending" and self.conference != "pending":
            self.settle(event_id)
        return deepcopy(self.events.get(event_id, found))

    def settle(self, event_id: str) -> None:
        """Google has made the meeting, or could not."""
        event = self.events[event_id]
        data = event["conferenceData"]
        data["createRequest"]["status"] = {"statusCode": self.conference}
        if self.conference == "success":
            data |= {"conferenceId": "abc-defg-hij", "entryPoints": [
                {"entryPointType": "video", "uri": "https://meet.google.com/abc-defg-hij", "label": "meet.google.com/abc-defg-hij"}
            ]}  # fmt: skip
            event["hangoutLink"] = "https://meet.google.com/abc-defg-hij"
        self._store(event)

    def patch(self, event_id: str, body: Json, match: str | None, updates: str, version: int) -> Json:
        current = self._current(event_id, match)
        if current["status"] == "cancelled" and body.get("status") != "confirmed":
            raise Refusal(404, "notFound")
        if not version:
            body = {key: value for key, value in body.items() if key != "conferenceData"}
        if current.get("attendeesOmitted") and "attendees" in body and not body.get("attendeesOmitted"):
            raise Refusal(400, "attendeesWouldBeLost")
        if body.get("attendeesOmitted") and "attendees" in body:
            own = {each["email"]: each for each in body["attendees"]}
            guests = [own.get(each.get("email"), each) for each in current.get("attendees", [])]
            body = {**body, "attendees": guests}
        after = _merge(current, body)
        if current["status"] == "cancelled" and current.get("recurringEventId"):
            after = {**self._blank(current), **after}
        _check(after)
        if body.keys() & {"start", "end", "recurrence"}:
            after["sequence"] = after.get("sequence", 0) + 1
        stored = self._store(after)
        self._tell(stored, updates)
        return stored

    def update(self, event_id: str, body: Json, match: str | None, updates: str) -> Json:
        current = self._current(event_id, match)
        kept = ("kind", "id", "iCalUID", "htmlLink", "creator", "organizer", "created", "eventType")
        after = {"reminders": {"useDefault": True}, **{key: current[key] for key in kept}, **deepcopy(body)}
        _check(after)
        stored = self._store(after)
        self._tell(stored, updates)
        return stored

    def delete(self, event_id: str, match: str | None, updates: str) -> None:
        current = self._current(event_id, match)
        if current["status"] == "cancelled":
            raise Refusal(410, "deleted")
        self._tell(current, updates)
        if master := current.get("recurringEventId"):
            kept = {key: current[key] for key in ("kind", "id", "recurringEventId", "originalStartTime")}
            if "full" in self.quirks:
                kept = current
            self._store({**kept, "status": "cancelled", "_uid": self.events[master]["iCalUID"]})
            return
        self._store({**current, "status": "cancelled"})
        for each in [one for one in self.events.values() if one.get("recurringEventId") == event_id]:
            self._store({**each, "status": "cancelled"})

    def with_uid(self, uid: str) -> list[str]:
        hidden = "no-cancelled-by-uid" in self.quirks
        return [
            key for key, each in self.events.items()
            if uid in (each.get("iCalUID"), each.get("_uid"))
            and not (hidden and each["status"] == "cancelled" and each.get("recurringEventId"))
        ]  # fmt: skip

    def instances(self, event_id: str, original: str | None, *, deleted: bool) -> list[Json]:
        master = self.events.get(event_id)
        if master is None or master["status"] == "cancelled":
            raise Refusal(404, "notFound")
        found = [self.get(each) for each in self._occurrences(master)]
        if original is not None:
            wanted = _instant(_time_of(original))
            found = [each for each in found if _instant(each["originalStartTime"]) == wanted]
        return [each for each in found if deleted or each["status"] != "cancelled"]

    # --- inside -----------------------------------------------------------------------------------------------------

    def _current(self, event_id: str, match: str | None) -> Json:
        found = self.events.get(event_id) or self._instance(event_id)
        if found is None:
            raise Refusal(404, "notFound")
        if match is not None and match != found["etag"]:
            raise Refusal(412, "conditionNotMet")
        return deepcopy(found)

    def _store(self, event: Json) -> Json:
        event = deepcopy(event)
        event["updated"] = _now()
        event["etag"] = f'"{next(self._versions)}"'
        event.setdefault("status", "confirmed")
        for each in event.get("attendees", []):
            each.setdefault("responseStatus", "needsAction")
            if each.get("email") == OWNER:
                each["self"] = True
        request = (event.get("conferenceData") or {}).get("createRequest")
        if request is not None and "status" not in request:
            request["status"] = {"statusCode": "pending"}
        self.events[event["id"]] = event
        self.log.append(event["id"])
        return deepcopy(event)

    def _tell(self, event: Json, updates: str) -> None:
        guests = [each for each in event.get("attendees", []) if not each.get("self")]
        if guests and updates == "all":
            self.mails.append((event["id"], updates))

    def _instance(self, event_id: str) -> Json | None:
        master = self.events.get(event_id.rpartition("_")[0])
        if master is None or event_id not in self._occurrences(master):
            return None
        return self._blank(
            {"id": event_id, "recurringEventId": master["id"], "originalStartTime": self._occurrences(master)[event_id]}
        )

    def _blank(self, exception: Json) -> Json:
        """An occurrence as the series has it."""
        master = self.events[exception["recurringEventId"]]
        start = exception["originalStartTime"]
        length = _instant(master["end"]) - _instant(master["start"])
        body = {key: value for key, value in master.items() if key not in ("recurrence", "id")}
        return {**deepcopy(body), **exception, "start": start, "end": _shifted(start, length), "status": "confirmed"}

    def _occurrences(self, master: Json) -> dict[str, Json]:
        """Instance id -> original start, for the first hundred."""
        if not master.get("recurrence"):
            return {}
        zone = ZoneInfo(master["start"].get("timeZone", "UTC"))
        day = master["start"].get("date")
        first = datetime.fromisoformat(day) if day else _at(master["start"]).astimezone(zone).replace(tzinfo=None)
        lines = [_local_until(line, zone) for line in master["recurrence"] if not line.upper().startswith("EXDATE")]
        out = {}
        taken = {
            _local(line, zone) for each in master["recurrence"] if each.upper().startswith("EXDATE") for line in _dates(each)
        }
        walls = list(itertools.islice(rrulestr("\n".join(lines), dtstart=first, forceset=True), 100))
        for wall in walls if first in walls else [first, *walls]:  # the start is always the first occurrence
            if wall in taken:
                continue
            if day:
                out[f"{master['id']}_{wall:%Y%m%d}"] = {"date": f"{wall:%Y-%m-%d}"}
            else:
                moment = wall.replace(tzinfo=zone)
                name = f"{master['id']}_{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
                out[name] = {"dateTime": moment.isoformat(), "timeZone": zone.key}
        return out


def at(text: str, zone: str = "UTC") -> Json:
    """A Google time."""
    return {"dateTime": text, "timeZone": zone}


def _merge(held: Json, body: Json) -> Json:
    after = deepcopy(held)
    for key, value in body.items():
        if value is None:
            after.pop(key, None)
        elif isinstance(value, dict):
            after[key] = _merge(after.get(key) or {}, value)
        else:
            after[key] = deepcopy(value)
    return after


def _check(event: Json) -> None:
    start, end = event.get("start"), event.get("end")
    if not start or not end:
        raise Refusal(400, "required")
    for each in (start, end):
        if ("date" in each) == ("dateTime" in each):
            raise Refusal(400, "invalid")
        if "dateTime" in each and not _has_offset(each["dateTime"]) and not each.get("timeZone"):
            raise Refusal(400, "timeZoneRequired")
        if each.get("timeZone"):
            try:
                ZoneInfo(each["timeZone"])
            except Exception as error:
                raise Refusal(400, "invalidTimeZone") from error
    if ("date" in start) != ("date" in end) or _instant(end) < _instant(start):
        raise Refusal(400, "timeRangeEmpty")
    if event.get("recurrence") and "dateTime" in start and not start.get("timeZone"):
        raise Refusal(400, "timeZoneRequired")
    for line in event.get("recurrence") or []:
        if line.split(":")[0].split(";")[0] not in ("RRULE", "EXRULE", "RDATE", "EXDATE"):
            raise Refusal(400, "invalid")
    reminders = event.get("reminders") or {}
    if reminders.get("useDefault") and reminders.get("overrides"):
        raise Refusal(400, "cannotUseDefaultRemindersAndSpecifyOverride")
    if len(reminders.get("overrides") or []) > 5 or any(
        not 0 <= one["minutes"] <= 40320 for one in reminders.get("overrides") or []
    ):
        raise Refusal(400, "invalid")
    for held in (event.get("extendedProperties") or {}).values():
        if any(len(key) > 44 or len(value) > 1024 for key, value in held.items()) or len(held) > 300:
            raise Refusal(400, "invalid")


def _has_offset(text: str) -> bool:
    return datetime.fromisoformat(text).tzinfo is not None


def _at(time: Json) -> datetime:
    found = datetime.fromisoformat(time["dateTime"])
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(time["timeZone"]))


def _instant(time: Json) -> float:
    if "date" in time:
        return datetime.fromisoformat(time["date"]).replace(tzinfo=UTC).timestamp()
    return _at(time).timestamp()


def _time_of(text: str) -> Json:
    return {"date": text} if len(text) == 10 else {"dateTime": text}


def _shifted(start: Json, seconds: float) -> Json:
    if "date" in start:
        return {"date": (date.fromisoformat(start["date"]) + timedelta(seconds=seconds)).isoformat()}
    moment = _at(start)
    zone = ZoneInfo(start.get("timeZone", "UTC"))
    return {
        "dateTime": (moment.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(zone).isoformat(),
        "timeZone": zone.key,
    }


def _dates(line: str) -> list[str]:
    head, _colon, value = line.partition(":")
    zone = next((part[5:] for part in head.split(";") if part.upper().startswith("TZID=")), "")
    return [f"{zone}|{each}" for each in value.split(",")]


def _local(item: str, zone: ZoneInfo) -> datetime:
    tzid, _bar, text = item.partition("|")
    if len(text) == 8:
        return datetime.strptime(text, "%Y%m%d")
    found = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")
    if text.endswith("Z"):
        return found.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    return found.replace(tzinfo=ZoneInfo(tzid) if tzid else zone).astimezone(zone).replace(tzinfo=None)


def _local_until(line: str, zone: ZoneInfo) -> str:
    """Dateutil wants UNTIL in the form of a naive start."""
    found = re.search(r"UNTIL=(\d{8}T\d{6}Z)", line)
    return line.replace(found[1], f"{_local('|' + found[1], zone):%Y%m%dT%H%M%S}") if found else line


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""Microsoft as a real server on loopback: the sign-in service as msal needs it, and Graph, held to Graph's own description.

`Fault`s make it fail in all the ways Graph and networks do, at a request of one's choice; see `tests.servers.vendor`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from tests.servers import microsoft_contract as contract
from tests.servers.microsoft_events import OWNER, GraphCalendar, Json, Refusal, public, utc_of
from tests.servers.microsoft_mail import GraphBox
from tests.servers.vendor import Dropped, Fault, VendorServer, broken

CLIENT_ID = "11111111-2222-3333-4444-555555555555"
BROWSE = r"""
import re, urllib.parse, urllib.request
page = urllib.request.urlopen(URL).read().decode()
form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
if form:
    target = re.search(r'action="([^"]*)"', page)[1]
    urllib.request.urlopen(target, urllib.parse.urlencode(form).encode()).read()
"""
"""A browser in a few lines: it opens `URL` and sends the form that comes."""
PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"
_MARK = re.compile(r"ep/id eq '([^']*)' and ep/value (?:eq '((?:[^']|'')*)'|ne null)")


@dataclass
class Grant:
    scopes: frozenset[str]
    refresh: str
    alive: bool = True


@dataclass
class FakeMicrosoft:
    """The state, and the switches."""

    url: str = ""
    calendars: dict[str, GraphCalendar] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    """Mails that were taken."""
    box: GraphBox = field(default_factory=GraphBox)
    """Mails that came in."""
    page: int = 0
    empty_pages: bool = False
    untick: frozenset[str] = frozenset()
    deny: bool = False
    refusals: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By place (`authorize`, `devicecode`, `token`, or the kind of grant): the error and its description."""
    tenants: list[str] = field(default_factory=list)
    """Of every request to the sign-in service."""
    tenant: str = PERSONAL
    subject: str = "00000000-0000-0000-0000-0000a11ce000"
    address: str = OWNER
    pending: int = 0
    """How often a device code is still waited for."""
    no_filters: bool = False
    no_cancelled: bool = False
    most: int = 0
    """The most requests that were under way at once."""
    lifetime: int = 3600
    meanwhile: dict[str, Callable[[], object]] = field(default_factory=dict)
    """By method: what somebody else does, once, just before such a request is carried out."""
    grants: dict[str, Grant] = field(default_factory=dict)
    access: dict[str, tuple[Grant, float]] = field(default_factory=dict)
    authorized: list[Mapping[str, str]] = field(default_factory=list)
    token_requests: list[Mapping[str, str]] = field(default_factory=list)
    _running: int = 0
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _pages: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.calendars:
            self.add("Calendar", default=True)

    # --- for tests --------------------------------------------------------------------------------------------------

    def add(self, name: str, **more: Any) -> GraphCalendar:
        made = GraphCalendar(name, **more)
        self.calendars[made.id] = made
        return made

    @property
    def primary(self) -> GraphCalendar:
        return next(each for each in self.calendars.values() if each.default)

    def sign_in(self, *scopes: str) -> Grant:
        grant = Grant(frozenset(scopes), f"M.canary-{secrets.token_hex(8)}")
        self.grants[grant.refresh] = grant
        return grant

    def revoke(self) -> None:
        for grant in self.grants.values():
            grant.alive = False

    def expire(self) -> None:
        for each in self.calendars.values():
            each.oldest = len(each.log) + 1
            each.log.append("")

    def end_access_tokens(self) -> None:
        self.access.clear()

    # --- sign-in ----------------------------------------------------------------------------------------------------

    async def configuration(self, request: Request) -> Response:
        named = request.path_params["tenant"]
        self.tenants.append(named)
        base = f"{self.url}/{named}"
        return JSONResponse(
            {
                "issuer": f"{self.url}/{self.tenant}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            }
        )

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.authorized.append(asked)
        target = urlsplit(asked.get("redirect_uri", ""))
        sound = (
            asked.get("client_id") == CLIENT_ID and asked.get("response_type") == "code" and target.hostname == "localhost"
            and asked.get("code_challenge_method") == "S256" and asked.get("state")
            and {"openid", "profile", "offline_access"} <= set(asked["scope"].split())
        )  # fmt: skip
        if not sound:
            return Response("AADSTS50011", 400)
        answer = {"state": asked["state"]}
        if refusal := self.refusals.get("authorize"):
            answer |= {"error": refusal[0], "error_description": refusal[1]}
        elif self.deny:
            answer |= {"error": "access_denied", "error_description": "AADSTS65004: canary-vendor-message"}
        else:
            code = secrets.token_urlsafe(16)
            self._codes[code] = asked
            answer["code"] = code
        if asked.get("response_mode") != "form_post":
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}")
        inputs = "".join(f'<input type="hidden" name="{key}" value="{value}"/>' for key, value in answer.items())
        return Response(f'<form method="POST" action="{asked["redirect_uri"]}">{inputs}</form>', media_type="text/html")

    async def devicecode(self, request: Request) -> Response:
        form = {key: value[0] for key, value in parse_qs((await request.body()).decode()).items()}
        if form.get("client_id") != CLIENT_ID:
            return _invalid("unauthorized_client", "AADSTS700016: canary")
        if refusal := self.refusals.get("devicecode"):
            return _invalid(*refusal)
        code = secrets.token_urlsafe(16)
        self._codes[code] = form
        return JSONResponse(
            {
                "user_code": "CODE1234", "device_code": code, "verification_uri": f"{self.url}/devicelogin",
                "expires_in": 900, "interval": 1, "message": "canary-vendor-message",
            }
        )  # fmt: skip

    async def token(self, request: Request) -> Response:
        form = {key: value[0] for key, value in parse_qs((await request.body()).decode()).items()}
        self.token_requests.append(form)
        if (fault := self._fault(request)) and (answer := await self._fail(fault, None)):
            return answer
        if form.get("client_id") != CLIENT_ID:
            return _invalid("unauthorized_client", "AADSTS700016: canary")
        kind = form.get("grant_type", "")
        if refusal := self.refusals.get("token") or self.refusals.get(kind.rpartition(":")[2]):
            return _invalid(*refusal)
        if kind == "refresh_token":
            grant = self.grants.get(form.get("refresh_token", ""))
            if grant is None or not grant.alive:
                return _invalid("invalid_grant", "AADSTS50173: canary")
            return JSONResponse(self._answer_token(grant))
        code = form.get("code") or form.get("device_code", "")
        asked = self._codes.get(code)
        if asked is None:
            return _invalid("invalid_grant", "AADSTS70000: canary")
        if kind.endswith("device_code"):
            if self.pending or self.deny:
                self.pending = max(0, self.pending - 1)
                return _invalid("authorization_declined" if self.deny else "authorization_pending", "canary")
        else:
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]:
                return _invalid("invalid_grant", "AADSTS501481: canary")
        del self._codes[code]
        scopes = [each for each in asked["scope"].split() if each not in self.untick]
        return JSONResponse(self._answer_token(self.sign_in(*scopes), asked.get("nonce")))

    def _answer_token(self, grant: Grant, nonce: str | None = None) -> Json:
        token = f"EwB.canary-{secrets.token_urlsafe(12)}"
        self.access[token] = (grant, time.time() + self.lifetime)
        now = int(time.time())
        claims = {
            "aud": CLIENT_ID, "iss": f"{self.url}/{self.tenant}/v2.0", "iat": now, "nbf": now, "exp": now + 3600,
            "oid": self.subject, "sub": "sub", "tid": self.tenant, "preferred_username": self.address,
            **({"nonce": nonce} if nonce else {}),
        }  # fmt: skip
        about = {"uid": self.subject, "utid": self.tenant}
        return {
            "token_type": "Bearer", "access_token": token, "expires_in": 3599, "refresh_token": grant.refresh,
            "scope": " ".join(sorted(grant.scopes)), "id_token": f"e30.{_b64(claims)}.c2ln", "client_info": _b64(about),
        }  # fmt: skip

    # --- Graph ------------------------------------------------------------------------------------------------------

    async def api(self, request: Request) -> Response:
        self._running += 1
        self.most = max(self.most, self._running)
        try:
            path = request.scope["raw_path"].decode().removeprefix("/v1.0/")
            self.asked.append(f"{request.method} {path}")
            if act := self.meanwhile.pop(request.method, None):
                act()
            if (fault := self._fault(request)) and fault.kind != "lost":
                answer = await self._fail(fault, lambda: self._answer(request, path))
                if answer is not None:
                    return answer
            answer = await self._answer(request, path)
            return Dropped(b"") if fault and fault.kind == "lost" else answer
        finally:
            self._running -= 1

    async def _answer(self, request: Request, path: str) -> Response:
        prefer = request.headers.get("prefer", "")
        if 'IdType="ImmutableId"' not in prefer or "odata.maxpagesize=" not in prefer or 'timezone="UTC"' not in prefer:
            self.complaints.append(f"Prefer is missing: {path}")
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        grant, end = self.access.get(token, (None, 0.0))
        if grant is None or not grant.alive or end < time.time():
            return _refuse(401, "InvalidAuthenticationToken")
        have = {each.lower() for each in grant.scopes}
        if request.method in ("PATCH", "DELETE") and "calendars.readwrite" not in have:
            return _refuse(403, "ErrorAccessDenied")
        raw = await request.body()
        if path == "me/sendMail":
            return self._send(request, raw, have)
        body = json.loads(raw) if raw else None
        try:
            if path.startswith(("me/messages", "me/mailFolders")):
                return self._mail(request, [unquote(each) for each in path.split("/")], have)
            status, found = self._do(request.method, [unquote(each) for each in path.split("/")], request, body)
        except Refusal as refusal:
            return _refuse(refusal.status, refusal.code)
        return Response(status_code=status) if found is None else JSONResponse(found, status)

    def _send(self, request: Request, raw: bytes, have: set[str]) -> Response:
        """A mail as MIME in base64: <https://learn.microsoft.com/graph/outlook-send-mime-message>"""
        if request.headers.get("content-type") != "text/plain":
            self.complaints.append("sendMail is not text/plain")
        if "mail.send" not in have:
            return _refuse(403, "ErrorAccessDenied")
        mail = base64.b64decode(raw, validate=True)
        if b"canary-refuse" in mail:
            return _refuse(400, "ErrorInvalidRecipients")
        self.sent.append(mail)
        return Response(status_code=202)

    def _mail(self, request: Request, parts: list[str], have: set[str]) -> Response:
        """<https://learn.microsoft.com/graph/api/message-delta> and what is around it. Nothing is written."""
        if request.method != "GET":
            self.complaints.append(f"{request.method} in the mailbox")
        if "mail.read" not in have:
            raise Refusal(403, "ErrorAccessDenied")
        query = dict(request.query_params)
        match parts[1:]:
            case ["mailFolders", "inbox", "messages", "delta"]:
                if "$skiptoken" in query:
                    return JSONResponse(self._page_of(request, query["$skiptoken"]))
                found, token = self.box.delta(query, self.complaints)
                return JSONResponse(self._paged(found, request, f"{self._here(request)}?$deltatoken={token}"))
            case ["messages", key, *rest]:
                one = self.box.get(key, rest, query, self.complaints)
                return Response(one, media_type="text/plain") if isinstance(one, bytes) else JSONResponse(one)
        raise Refusal(404, "ResourceNotFound")

    def _do(self, method: str, parts: list[str], request: Request, body: Any) -> tuple[int, Json | None]:
        query = dict(request.query_params)
        if "$skiptoken" in query:
            return 200, self._page_of(request, query["$skiptoken"])
        match parts:
            case ["me"]:
                return 200, {"mail": self.address, "userPrincipalName": self.address}
            case ["me", "calendars"]:
                return 200, self._paged([self._entry(each) for each in self.calendars.values()], request)
            case ["me", "calendar", "getSchedule"]:
                return 200, {"value": [self._schedule(each, body) for each in body["schedules"]]}
            case ["me", "calendars", name, *rest]:
                if name not in self.calendars:
                    raise Refusal(404, "ErrorItemNotFound")
                return self._calendar(self.calendars[name], method, rest, request, query, body)
        self.complaints.append(f"no such thing: {method} {'/'.join(parts)}")
        raise Refusal(404, "ResourceNotFound")

    def _calendar(
        self, calendar: GraphCalendar, method: str, rest: list[str], request: Request, query: Mapping[str, str], body: Any
    ) -> tuple[int, Json | None]:
        match = request.headers.get("if-match")
        if method != "GET":
            if not calendar.can_edit:
                raise Refusal(403, "ErrorAccessDenied")
            if body is not None and len(rest) < 3:
                self.complaints += contract.complaints(body, "event", method)
        match (method, rest):
            case ("GET", ["calendarView", "delta"]):
                return 200, self._delta(calendar, request, query)
            case ("GET", ["events"]):
                return 200, self._paged(self._filtered(calendar, query), request)
            case ("POST", ["events"]):
                return 201, self._public(calendar.insert(body))
            case ("GET", ["events", key]):
                return 200, self._one(calendar, key, query)
            case ("PATCH", ["events", key]):
                return 200, self._public(calendar.patch(key, body, match))
            case ("DELETE", ["events", key]):
                calendar.delete(key, match)
                return 204, None
            case ("GET", ["events", key, "instances"]):
                master = calendar.get(key)
                found = [*calendar.occurrences(master), *calendar.exceptions(key)]
                low, high = (_instant(query[name]) for name in ("startDateTime", "endDateTime"))
                inside = [each for each in found if low < _stamp(each["end"]) and _stamp(each["start"]) < high]
                return 200, self._paged([self._public(each) for each in inside], request)
            case ("POST", ["events", key, "accept" | "decline" | "tentativelyAccept" | "cancel" as action]):
                calendar.act(key, action, body)
                return 202, None
        self.complaints.append(f"no such thing: {method} {rest}")
        raise Refusal(404, "ResourceNotFound")

    def _one(self, calendar: GraphCalendar, key: str, query: Mapping[str, str]) -> Json:
        event = calendar.get(key)
        if "cancelledOccurrences" in query.get("$select", ""):
            if self.no_cancelled:
                raise Refusal(400, "BadRequest")
            out = [f"OID.{key}.{day}" for day in sorted(event["_cancelled"])]
            changed = [self._public(each) for each in calendar.exceptions(key)]
            return {
                "id": key,
                "@odata.etag": event["@odata.etag"],
                "cancelledOccurrences": out,
                "exceptionOccurrences": changed,
            }
        return self._public(event, marks="singleValueExtendedProperties" in query.get("$expand", ""))

    def _filtered(self, calendar: GraphCalendar, query: Mapping[str, str]) -> list[Json]:
        said = query.get("$filter", "")
        if self.no_filters and said:
            raise Refusal(400, "ErrorInvalidUrlQueryFilter")
        whole = [each for each in calendar.events.values() if each["type"] != "exception"]
        if found := _MARK.search(said):
            wanted = found[2].replace("''", "'") if found[2] is not None else None
            whole = [each for each in whole if any(
                one["id"] == found[1] and wanted in (None, one["value"]) for one in each.get("singleValueExtendedProperties", [])
            )]  # fmt: skip
        elif said.startswith("iCalUId eq '"):
            whole = [each for each in whole if each["iCalUId"] == said[12:-1].replace("''", "'")]
        return [self._public(each, marks="$expand" in query) for each in whole]

    def _delta(self, calendar: GraphCalendar, request: Request, query: Mapping[str, str]) -> Json:
        if query.keys() & {"$select", "$expand", "$filter", "$orderby"}:
            raise Refusal(400, "ErrorInvalidUrlQuery")
        if "$deltatoken" in query:
            since, low, high = (int(each) for each in query["$deltatoken"].split("."))
            if since < calendar.oldest:
                raise Refusal(410, "syncStateNotFound")
            touched = [each for each in dict.fromkeys(calendar.log[since:]) if each]
            events = [each for key in touched for each in self._told(calendar, key, low, high, removed=True)]
        else:
            low, high = int(_instant(query["startDateTime"])), int(_instant(query["endDateTime"]))
            if high - low > 1825 * 86_400:
                raise Refusal(400, "ErrorCalendarViewRangeTooBig")
            whole = [key for key, each in calendar.events.items() if each["type"] != "exception"]
            events = [each for key in whole for each in self._told(calendar, key, low, high, removed=False)]
        link = f"{self._here(request)}?$deltatoken={len(calendar.log)}.{low}.{high}"
        return self._paged(events, request, link)

    def _told(self, calendar: GraphCalendar, key: str, low: int, high: int, *, removed: bool) -> list[Json]:
        gone = [{"id": key, "@removed": {"reason": "deleted"}}] if removed else []
        event = calendar.events.get(key)
        if event is None:
            return gone
        one = [event]
        if event.get("recurrence"):
            one = [*calendar.occurrences(event), *calendar.exceptions(key)]
        inside = [each for each in one if low < _stamp(each["end"]) and _stamp(each["start"]) < high]
        if not inside:
            return gone
        thin = ("id", "seriesMasterId", "type", "start", "end", "@odata.etag")
        shown = [self._public(each) for each in inside]
        shown = [{name: each[name] for name in thin} if each["type"] == "occurrence" else each for each in shown]
        return [*shown, *([self._public(event)] if event.get("recurrence") else [])]

    def _paged(self, found: list[Json], request: Request, delta: str = "") -> Json:
        size = self.page or 500
        chunks = [found[n : n + size] for n in range(0, len(found), size)] or [[]]
        if self.empty_pages:
            chunks = [[], *chunks]
        return self._chunk(request, chunks, delta)

    def _page_of(self, request: Request, token: str) -> Json:
        if token not in self._pages:
            raise Refusal(400, "ErrorInvalidUrlQuery")
        chunks, delta = self._pages[token]
        return self._chunk(request, chunks, delta)

    def _chunk(self, request: Request, chunks: list[list[Json]], delta: str) -> Json:
        page: Json = {"value": chunks[0]}
        if chunks[1:]:
            token = secrets.token_hex(8)
            self._pages[token] = (chunks[1:], delta)
            page["@odata.nextLink"] = f"{self._here(request)}?$skiptoken={token}"
        elif delta:
            page["@odata.deltaLink"] = delta
        return page

    def _here(self, request: Request) -> str:
        return f"{self.url}{request.scope['raw_path'].decode()}"

    def _public(self, event: Json, *, marks: bool = False) -> Json:
        found = public(event)
        if not marks:
            found.pop("singleValueExtendedProperties", None)
        known = {name: value for name, value in found.items() if name in contract.document()["types"]["event"]}
        self.complaints += contract.complaints(known, "event", "answer")
        return found

    def _entry(self, calendar: GraphCalendar) -> Json:
        found = {
            "id": calendar.id, "name": calendar.name, "isDefaultCalendar": calendar.default, "canEdit": calendar.can_edit,
            "color": "lightBlue", "hexColor": "#0078d4", "owner": {"name": "Alice", "address": self.address},
            "allowedOnlineMeetingProviders": ["teamsForBusiness"], "defaultOnlineMeetingProvider": "teamsForBusiness",
        }  # fmt: skip
        self.complaints += contract.complaints(found, "calendar", "calendar")
        return found

    def _schedule(self, address: str, body: Json) -> Json:
        if address != self.address:
            return {"scheduleId": address, "error": {"message": "canary", "responseCode": "ErrorMailRecipientNotFound"}}
        low, high = (_stamp(body[name]) for name in ("startTime", "endTime"))
        items = [
            {"status": each["showAs"], **{name: public(each)[name] for name in ("start", "end")}, "subject": "canary-title"}
            for each in self.primary.events.values() if low < _stamp(each["end"]) and _stamp(each["start"]) < high
        ]  # fmt: skip
        return {"scheduleId": address, "availabilityView": "", "scheduleItems": items}

    # --- failing ----------------------------------------------------------------------------------------------------

    def _fault(self, request: Request) -> Fault | None:
        if request.url.path.endswith("/token"):
            return next((each for each in self.faults if not each.kind.startswith("4") and each.hits(request)), None)
        return next((each for each in self.faults if each.hits(request)), None)

    async def _fail(self, fault: Fault, answer: Callable[[], Awaitable[Response]] | None) -> Response | None:
        if fault.kind == "revoked":
            self.revoke()
        if not fault.kind.isdigit():
            return await broken(fault, answer)
        codes = {"401": "InvalidAuthenticationToken", "403": "ErrorAccessDenied", "410": "syncStateNotFound"}
        codes |= {"412": "ErrorIrresolvableConflict", "429": "ApplicationThrottled"}
        headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        return _refuse(int(fault.kind), fault.reason or codes.get(fault.kind, "UnknownError"), headers)


def _stamp(time: Json) -> float:
    return utc_of(time).timestamp()


def _instant(text: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(text).timestamp()


def _b64(value: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _refuse(status: int, code: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"code": code, "message": "canary-vendor-message"}}, status, headers=dict(headers or {}))


def _invalid(error: str, text: str) -> Response:
    return JSONResponse({"error": error, "error_description": text}, 400)


_ROUTES = (
    ("/{tenant}/v2.0/.well-known/openid-configuration", "configuration", ("GET",)),
    ("/{tenant}/oauth2/v2.0/authorize", "authorize", ("GET",)),
    ("/{tenant}/oauth2/v2.0/token", "token", ("POST",)),
    ("/{tenant}/oauth2/v2.0/devicecode", "devicecode", ("POST",)),
    ("/v1.0/{rest:path}", "api", ("GET", "POST", "PATCH", "DELETE")),
)


class MicrosoftServer(VendorServer[FakeMicrosoft]):
    """`FakeMicrosoft` behind a real socket."""

    def __init__(self) -> None:
        super().__init__(_ROUTES, FakeMicrosoft)

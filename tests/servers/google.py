"""Google as a real server on loopback: sign-in with PKCE and the Calendar API, held to Google's own description of it.

Every body it takes or gives is checked against the discovery document; what breaks it is in `complaints`. `Fault`s make it fail in
all the ways Google and networks do, at a request of one's choice.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from tests.servers import google_contract as contract
from tests.servers.google_events import OWNER, GoogleCalendar, Json, Refusal
from tests.servers.google_mail import GmailBox, masked
from tests.servers.vendor import Dropped, Fault, VendorServer, broken

_API = "/calendar/v3/"
CLIENT_ID, CLIENT_SECRET = "123.apps.googleusercontent.com", "GOCSPX-canary-client-secret"


@dataclass
class Grant:
    scopes: frozenset[str]
    refresh: str
    alive: bool = True


@dataclass
class FakeGoogle:
    """The state, and the switches."""

    calendars: dict[str, GoogleCalendar] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Method and path of every API request."""
    complaints: list[str] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    """Mails that were taken."""
    box: GmailBox = field(default_factory=GmailBox)
    """Mails that came in."""
    page: int = 0
    """Events a page at most, whatever is asked for; 0: as asked."""
    empty_pages: bool = False
    untick: frozenset[str] = frozenset()
    """Ends of scopes the person does not tick."""
    deny: bool = False
    meanwhile: dict[str, Callable[[], object]] = field(default_factory=dict)
    """By method: what somebody else does, once, just before such a request is carried out."""
    subject: str = "10769150350006150715113082367"
    skew: float = 0.0
    """Seconds this server's clock is ahead."""
    lifetime: int = 3600
    grants: dict[str, Grant] = field(default_factory=dict)
    access: dict[str, tuple[Grant, float]] = field(default_factory=dict)
    authorized: list[Mapping[str, str]] = field(default_factory=list)
    token_requests: list[Mapping[str, str]] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _pages: dict[str, tuple[list[str], str | None, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.calendars:
            self.add(OWNER, primary=True, summary="Alice")

    # --- for tests --------------------------------------------------------------------------------------------------

    def add(self, name: str, **more: Any) -> GoogleCalendar:
        self.calendars[name] = GoogleCalendar(name, **more)
        return self.calendars[name]

    @property
    def primary(self) -> GoogleCalendar:
        return next(each for each in self.calendars.values() if each.primary)

    def sign_in(self, *scopes: str) -> str:
        """A refresh token, as if somebody had allowed these scopes."""
        grant = Grant(frozenset(scopes), secrets.token_hex(8))
        self.grants[grant.refresh] = grant
        return grant.refresh

    def revoke(self) -> None:
        """The person takes the permission back."""
        for grant in self.grants.values():
            grant.alive = False

    def expire(self) -> None:
        """Sync tokens are of no use any more."""
        for each in self.calendars.values():
            each.oldest = len(each.log) + 1
            each.log.append("")

    def end_access_tokens(self) -> None:
        self.access.clear()

    # --- sign-in ----------------------------------------------------------------------------------------------------

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.authorized.append(asked)
        target = urlsplit(asked.get("redirect_uri", ""))
        sound = (
            asked.get("client_id") == CLIENT_ID and asked.get("response_type") == "code" and target.scheme == "http"
            and target.hostname in ("127.0.0.1", "localhost") and asked.get("code_challenge_method") == "S256"
            and len(asked.get("code_challenge", "")) == 43 and asked.get("state")
        )  # fmt: skip
        if not sound:
            return Response("Error 400: invalid_request", 400)
        if self.deny:
            return RedirectResponse(
                f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
            )
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'state': asked['state'], 'code': code})}")

    async def token(self, request: Request) -> Response:
        form = {key: value[0] for key, value in parse_qs((await request.body()).decode()).items()}
        self.token_requests.append(form)
        if (fault := self._fault(request)) and (answer := await self._fail(fault, None)):
            return answer
        basic = request.headers.get("authorization", "").removeprefix("Basic ")  # as google-auth-oauthlib does it
        named = base64.b64decode(basic).decode() if basic else f"{form.get('client_id')}:{form.get('client_secret')}"
        if named != f"{CLIENT_ID}:{CLIENT_SECRET}":
            return JSONResponse({"error": "invalid_client", "error_description": "The OAuth client was not found."}, 401)
        if form.get("grant_type") == "refresh_token":
            grant = self.grants.get(form.get("refresh_token", ""))
            if grant is None or not grant.alive:
                return _invalid_grant()
            return JSONResponse(self._access(grant))
        asked = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or challenge != asked["code_challenge"] or form.get("redirect_uri") != asked["redirect_uri"]:
            return _invalid_grant()
        scopes = [each for each in asked["scope"].split() if not any(each.endswith(end) for end in self.untick)]
        grant = self.grants[self.sign_in(*scopes)]
        more = (
            {"refresh_token": grant.refresh, "id_token": self._id_token()} if asked.get("access_type") == "offline" else {}
        )
        return JSONResponse({**self._access(grant), **more})

    async def revoke_token(self, request: Request) -> Response:
        token = parse_qs((await request.body()).decode()).get("token", [""])[0]
        grant = self.grants.get(token)
        if grant is None or not grant.alive:
            return JSONResponse({"error": "invalid_token"}, 400)
        grant.alive = False
        return JSONResponse({})

    def _access(self, grant: Grant) -> Json:
        token = f"ya29.canary-{secrets.token_urlsafe(12)}"
        self.access[token] = (grant, time.time() + self.skew + self.lifetime)
        return {"access_token": token, "expires_in": 3599, "token_type": "Bearer", "scope": " ".join(sorted(grant.scopes))}

    def _id_token(self) -> str:
        payload = {"sub": self.subject, "iat": int(time.time() + self.skew), "aud": CLIENT_ID}
        part = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
        return f"e30.{part}.c2ln"

    # --- the API ----------------------------------------------------------------------------------------------------

    async def api(self, request: Request) -> Response:
        path = request.scope["raw_path"].decode().removeprefix(_API)
        self.asked.append(f"{request.method} {path}")
        if act := self.meanwhile.pop(request.method, None):
            act()
        if (fault := self._fault(request)) and fault.kind != "lost":
            answer = await self._fail(fault, lambda: self._answer(request, path))
            if answer is not None:
                return answer
        answer = await self._answer(request, path)
        return Dropped(b"") if fault and fault.kind == "lost" else answer

    async def send(self, request: Request) -> Response:
        """Gmail's `users.messages.send`, held to its own description."""
        self.asked.append("POST gmail")
        fault = self._fault(request)
        if fault and fault.kind not in ("lost", "cut", "half"):
            answer = await self._fail(fault, None)
            if answer is not None:
                return answer
        method = contract.document("gmail", "v1")["resources"]["users"]["resources"]["messages"]["methods"]["send"]
        grant = self._granted(request)
        if grant is None:
            return _refuse(401, "authError")
        if not grant.scopes & set(method["scopes"]):
            return _refuse(403, "insufficientPermissions")
        body = json.loads(await request.body())
        if body.keys() != {"raw"}:
            self.complaints.append(f"gmail: {sorted(body)}")
        mail = base64.urlsafe_b64decode(body["raw"])
        if b"canary-refuse" in mail:
            return _refuse(400, "invalidArgument")
        self.sent.append(mail)
        return Dropped(b"") if fault else JSONResponse({"id": "18f", "threadId": "18f", "labelIds": ["SENT"]})

    async def mailbox(self, request: Request) -> Response:
        """Looking into the mailbox, held to Gmail's own description; only what `fields` names is answered."""
        path = request.url.path.lstrip("/")
        self.asked.append(f"{request.method} {path}")
        if fault := self._fault(request):
            answer = await self._fail(fault, lambda: self._mail(request, path))
            if answer is not None:
                return answer
        return await self._mail(request, path)

    async def _mail(self, request: Request, path: str) -> Response:
        method = contract.method(request.method, path, "gmail")
        query: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            query.setdefault(name, []).append(value)
        if method is None or "fields" not in query:
            self.complaints.append(f"gmail: {request.method} {path} {sorted(query)}")
            return _refuse(404, "notFound")
        self.complaints += contract.query_complaints(method, query, "gmail")
        grant = self._granted(request)
        if grant is None:
            return _refuse(401, "authError")
        if not grant.scopes & set(method["scopes"]):
            return _refuse(403, "insufficientPermissions")
        key, fields = path.rpartition("/")[2], query["fields"][0]
        try:
            match method["id"]:
                case "gmail.users.getProfile":
                    found = self.box.profile()
                case "gmail.users.messages.list":
                    found = self.box.listed(query)
                case "gmail.users.history.list":
                    found = self.box.history(query)
                case "gmail.users.messages.get":
                    found = self.box.get(key, query)
                    headers = ",".join(query.get("metadataHeaders", ["all"]))
                    self.box.transferred.setdefault(key, []).append(f"{query['format'][0]} {fields} {headers}")
                case other:
                    self.complaints.append(f"not for us: {other}")
                    return _refuse(501, "notImplemented")
        except Refusal as refusal:
            return _refuse(refusal.status, refusal.reason)
        self.complaints += contract.complaints(found, method["response"]["$ref"], method["id"], api="gmail")
        return JSONResponse(masked(found, fields))

    def _granted(self, request: Request) -> Grant | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        grant, end = self.access.get(token, (None, 0.0))
        return grant if grant and grant.alive and end >= time.time() + self.skew else None

    async def _answer(self, request: Request, path: str) -> Response:
        method = contract.method(request.method, path)
        if method is None:
            self.complaints.append(f"no such method: {request.method} {path}")
            return _refuse(404, "notFound")
        query = dict(request.query_params.multi_items())
        self.complaints += contract.query_complaints(method, query)
        grant = self._granted(request)
        if grant is None:
            return _refuse(401, "authError")
        if not grant.scopes & set(method["scopes"]):
            return _refuse(403, "insufficientPermissions")
        raw = await request.body()
        body = json.loads(raw) if raw else None
        if schema := method.get("request", {}).get("$ref"):
            self.complaints += contract.complaints(body, schema, method["id"], patch=request.method == "PATCH")
        try:
            found = self._do(method["id"], path, query, body, request.headers.get("if-match"), grant)
        except Refusal as refusal:
            return _refuse(refusal.status, refusal.reason)
        if found is None:
            return Response(status_code=204)
        found = _public(found)
        self.complaints += contract.complaints(found, method["response"]["$ref"], method["id"])
        return JSONResponse(found)

    def _do(self, name: str, path: str, query: Mapping[str, str], body: Any, match: str | None, grant: Grant) -> Json | None:
        parts = [unquote(each) for each in path.split("/")]
        if name == "calendar.calendarList.list":
            return {"kind": "calendar#calendarList", "items": [each.entry() for each in self.calendars.values()]}
        if name == "calendar.calendarList.get":
            return self._calendar(parts[3]).entry()
        if name == "calendar.freebusy.query":
            return self._busy(body)
        calendar = self._calendar(parts[1])
        version, updates = int(query.get("conferenceDataVersion", 0)), query.get("sendUpdates", "none")
        if name.rpartition(".")[2] in ("insert", "import", "patch", "update", "delete") and calendar.role not in (
            "owner",
            "writer",
        ):
            raise Refusal(403, "forbidden")
        match name.rpartition(".")[2]:
            case "list":
                return self._list(calendar, query)
            case "get":
                return calendar.get(parts[3])
            case "insert":
                if body.get("id") and body.get("iCalUID"):
                    self.complaints.append("insert with both id and iCalUID")
                return calendar.insert(body, updates, version=version)
            case "import":
                if same := [
                    each for each in calendar.with_uid(body["iCalUID"]) if "recurringEventId" not in calendar.events[each]
                ]:
                    return calendar.patch(same[0], {**body, "status": "confirmed"}, None, "none", 1)
                return calendar.insert(body, "none", version=version)
            case "instances":
                found = calendar.instances(parts[3], query.get("originalStart"), deleted=query.get("showDeleted") == "true")
                return {"kind": "calendar#events", "items": found}
            case "patch":
                return calendar.patch(parts[3], body, match, updates, version)
            case "update":
                return calendar.update(parts[3], body, match, updates)
            case "delete":
                calendar.delete(parts[3], match, updates)
                return None
        raise Refusal(501, "notImplemented")

    def _calendar(self, name: str) -> GoogleCalendar:
        if name == "primary":
            return self.primary
        if name not in self.calendars:
            raise Refusal(404, "notFound")
        return self.calendars[name]

    def _list(self, calendar: GoogleCalendar, query: Mapping[str, str]) -> Json:
        since = query.get("syncToken")
        forbidden = {"iCalUID", "orderBy", "privateExtendedProperty", "q", "timeMin", "timeMax", "updatedMin"}
        if since is not None and forbidden & query.keys():
            raise Refusal(400, "invalid")
        head = {
            "kind": "calendar#events",
            "summary": calendar.summary,
            "timeZone": calendar.zone,
            "accessRole": calendar.role,
        }
        if token := query.get("pageToken"):
            if token not in self._pages:
                raise Refusal(400, "invalid")
            ids, mark, deleted = self._pages[token]
        else:
            deleted = since is not None or query.get("showDeleted") == "true"
            mark = None if "iCalUID" in query else str(len(calendar.log))
            if since is not None:
                if not since.isdigit() or int(since) < calendar.oldest:
                    raise Refusal(410, "fullSyncRequired")
                ids = list(dict.fromkeys(each for each in calendar.log[int(since) :] if each))
            else:
                ids = calendar.with_uid(query["iCalUID"]) if "iCalUID" in query else list(calendar.events)
        size = min(int(query.get("maxResults", 250)), self.page or 2500)
        here, rest = ids[:size], ids[size:]
        if self.empty_pages and not query.get("pageToken"):
            here, rest = [], ids
        events = [calendar.events[each] for each in here]
        items = [each for each in events if deleted or each["status"] != "cancelled" or each.get("recurringEventId")]
        if rest:
            token = secrets.token_hex(8)
            self._pages[token] = (rest, mark, deleted)
            return {**head, "items": items, "nextPageToken": token}
        return {**head, "items": items, **({"nextSyncToken": mark} if mark is not None else {})}

    def _busy(self, body: Json) -> Json:
        found: Json = {}
        for item in body["items"]:
            calendar = self.calendars.get(item["id"])
            if calendar is None:
                found[item["id"]] = {"errors": [{"domain": "global", "reason": "notFound"}]}
                continue
            spans = [
                {"start": each["start"]["dateTime"], "end": each["end"]["dateTime"]}
                for each in calendar.alive().values()
                if "dateTime" in each["start"] and each.get("transparency") != "transparent"
                and body["timeMin"] < each["end"]["dateTime"] and each["start"]["dateTime"] < body["timeMax"]
            ]  # fmt: skip
            found[item["id"]] = {"busy": spans}
        return {"kind": "calendar#freeBusy", "timeMin": body["timeMin"], "timeMax": body["timeMax"], "calendars": found}

    # --- failing ----------------------------------------------------------------------------------------------------

    def _fault(self, request: Request) -> Fault | None:
        return next((each for each in self.faults if each.hits(request)), None)

    async def _fail(self, fault: Fault, answer: Callable[[], Awaitable[Response]] | None) -> Response | None:
        if fault.kind == "revoked":
            self.revoke()
        if not fault.kind.isdigit():
            return await broken(fault, answer)
        reasons = {"401": "authError", "403": "rateLimitExceeded", "410": "fullSyncRequired", "412": "conditionNotMet"}
        headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        return _refuse(int(fault.kind), fault.reason or reasons.get(fault.kind, "backendError"), headers)


def _public(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _public(each) for key, each in value.items() if not key.startswith("_")}
    return [_public(each) for each in value] if isinstance(value, list) else value


def _refuse(status: int, reason: str, headers: Mapping[str, str] | None = None) -> Response:
    error = {"domain": "global", "reason": reason, "message": "canary-vendor-message"}
    body = {"error": {"errors": [error], "code": status, "message": "canary-vendor-message"}}
    return JSONResponse(body, status, headers=dict(headers or {}))


def _invalid_grant() -> Response:
    return JSONResponse({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400)


_EVERY = ("GET", "POST", "PATCH", "PUT", "DELETE")
_ROUTES = (
    ("/o/oauth2/v2/auth", "authorize", ("GET",)),
    ("/token", "token", ("POST",)),
    ("/revoke", "revoke_token", ("POST",)),
    ("/calendar/v3/{rest:path}", "api", _EVERY),
    ("/gmail/v1/users/me/messages/send", "send", ("POST",)),
    ("/gmail/v1/{rest:path}", "mailbox", _EVERY),
)


class GoogleServer(VendorServer[FakeGoogle]):
    """`FakeGoogle` behind a real socket."""

    def __init__(self) -> None:
        super().__init__(_ROUTES, lambda _url: FakeGoogle())

    def client(self) -> Json:
        """The client file."""
        installed = {
            "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "auth_uri": f"{self.url}/o/oauth2/v2/auth",
            "token_uri": f"{self.url}/token", "project_id": "calmerge", "redirect_uris": ["http://localhost"],
        }  # fmt: skip
        return {"installed": installed}

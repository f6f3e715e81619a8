"""An inbox as Graph shows it: message delta, one message with `$select` and `$expand`, its attachments, its MIME."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP

from tests.servers.microsoft_events import Json, Refusal

_EXTENDED = {"String 0x1042": "In-Reply-To", "String 0x1039": "References"}


@dataclass
class Mail:
    data: bytes
    at: int
    read: bool = False

    @property
    def parsed(self) -> EmailMessage:
        made = BytesParser(policy=SMTP).parsebytes(self.data)
        assert isinstance(made, EmailMessage)
        return made


@dataclass
class GraphBox:
    """`put` delivers. `transferred` holds, by message, what left the server beyond its id."""

    mails: dict[str, Mail] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    oldest: int = 0
    transferred: dict[str, list[str]] = field(default_factory=dict)
    _number: int = 0

    def put(self, data: bytes, *, at: int = 1_900_000_000) -> str:
        self._number += 1
        key = f"AAMk{self._number}="
        self.mails[key] = Mail(data, at)
        self.log.append(key)
        return key

    def expire(self) -> None:
        self.oldest = len(self.log) + 1
        self.log.append("")

    def delta(self, query: Mapping[str, str], complaints: list[str]) -> tuple[list[Json], str]:
        """What changed, and the token behind it."""
        if "$deltatoken" in query:
            since, low = (int(each) for each in query["$deltatoken"].split("."))
            if since < self.oldest:
                raise Refusal(410, "syncStateNotFound")
            keys = [each for each in self.log[since:] if each]
        else:
            if query.keys() - {"changeType", "$select", "$filter"} or query.get("changeType") != "created":
                complaints.append(f"message delta: {sorted(query)}")
            when = re.fullmatch(r"receivedDateTime ge (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)", query["$filter"])
            if when is None:
                raise Refusal(400, "ErrorInvalidUrlQueryFilter")
            low = int(datetime.fromisoformat(when[1]).timestamp())
            keys = list(self.mails)
        found = []
        for key in keys:
            if key not in self.mails:
                found.append({"id": key, "@removed": {"reason": "deleted"}})
            elif self.mails[key].at >= low:
                stamp = f"{datetime.fromtimestamp(self.mails[key].at, UTC):%Y-%m-%dT%H:%M:%SZ}"
                found.append({"id": key, "@odata.etag": 'W/"1"', "receivedDateTime": stamp})
        return found, f"{len(self.log)}.{low}"

    def get(self, key: str, rest: list[str], query: Mapping[str, str], complaints: list[str]) -> Json | bytes:
        if key not in self.mails:
            raise Refusal(404, "ErrorItemNotFound")
        mail = self.mails[key]
        told = self.transferred.setdefault(key, [])
        if rest == ["$value"]:
            told.append("$value")
            return mail.data
        chosen = set(filter(None, query.get("$select", "").split(",")))
        if not chosen:
            complaints.append("a message is asked for without $select")
        if rest == ["attachments"]:
            told.append("attachments")
            if "contentBytes" in chosen:
                complaints.append("an attachment is transferred")
            return {"value": [{name: one[name] for name in {"id", *chosen}} for one in _attachments(mail)]}
        if rest:
            raise Refusal(404, "ResourceNotFound")
        told += sorted(chosen)
        return self._message(key, mail, chosen, query.get("$expand", ""))

    def _message(self, key: str, mail: Mail, chosen: set[str], expand: str) -> Json:
        parsed = mail.parsed
        body = parsed.get_body(("html", "plain"))
        kinds = [part.get_content_type() for part in parsed.walk() if not part.get_filename()]
        whole: Json = {
            "subject": str(parsed["Subject"] or ""),
            "from": {"emailAddress": {"address": parsed["From"].addresses[0].addr_spec, "name": "canary-name"}},
            "hasAttachments": bool(_attachments(mail)),
            "body": {"contentType": "html", "content": body.get_content() if body else ""},
        }
        found: Json = {"id": key, **{name: whole[name] for name in chosen}}
        if "text/calendar" in kinds:
            found["@odata.type"] = "#microsoft.graph.eventMessageResponse"
        if expand:
            wanted = re.findall(r"id eq '([^']*)'", expand)
            found["singleValueExtendedProperties"] = [
                {"id": each, "value": str(parsed[_EXTENDED[each]])} for each in wanted if parsed[_EXTENDED[each]]
            ]
        return found


def _attachments(mail: Mail) -> list[Json]:
    return [
        {
            "id": "a1", "name": part.get_filename(), "contentType": part.get_content_type(), "contentBytes": "canary",
            "size": len(part.get_payload(decode=True) or b""),
        }
        for part in mail.parsed.walk() if part.get_filename()
    ]  # fmt: skip

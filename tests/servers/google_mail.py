"""A mailbox as Gmail's API shows it: history, labels, and messages as far as `format` and `fields` say."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import SMTP
from typing import Any

from tests.servers.google_events import Json, Refusal


@dataclass
class Mail:
    data: bytes
    labels: list[str]
    at: int
    history: int


@dataclass
class GmailBox:
    """`put` delivers. `transferred` holds, by message, what left the server beyond its id."""

    mails: dict[str, Mail] = field(default_factory=dict)
    log: list[tuple[int, str, str]] = field(default_factory=list)
    """(history id, what, message)"""
    oldest: int = 1
    transferred: dict[str, list[str]] = field(default_factory=dict)
    page: int = 0
    _clock: int = 1000

    def put(self, data: bytes, *labels: str, at: int = 1_900_000_000) -> str:
        self._clock += 7
        key = f"m{self._clock:x}"
        self.mails[key] = Mail(data, list(labels or ("INBOX", "UNREAD")), at, self._clock)
        self.log.append((self._clock, "messagesAdded", key))
        return key

    def move(self, key: str, *labels: str) -> None:
        """Give a message labels, such as INBOX to what was elsewhere."""
        self._clock += 7
        self.mails[key].labels += labels
        self.log.append((self._clock, "labelsAdded", key))

    def expire(self) -> None:
        self.oldest = self._clock + 1

    def profile(self) -> Json:
        return {"emailAddress": "canary-address", "historyId": str(self._clock), "messagesTotal": len(self.mails)}

    def listed(self, query: Mapping[str, list[str]]) -> Json:
        wanted = set(query.get("labelIds", []))
        since = re.fullmatch(r"after:(\d+)", query.get("q", ["after:0"])[0])
        if since is None:
            raise Refusal(400, "invalidArgument")
        found = [
            key for key, mail in self.mails.items() if wanted <= set(mail.labels) and mail.at >= int(since[1])
        ][::-1]  # fmt: skip
        return self._page(query, found, "messages", lambda key: {"id": key, "threadId": key})

    def history(self, query: Mapping[str, list[str]]) -> Json:
        start = query["startHistoryId"][0]
        if not start.isdigit() or int(start) < self.oldest:
            raise Refusal(404, "notFound")
        label, kinds = query.get("labelId", [""])[0], query.get("historyTypes", [])
        found = [
            each for each in self.log
            if each[0] > int(start) and _kind(each[1]) in kinds and label in self.mails[each[2]].labels
        ]  # fmt: skip

        def record(each: tuple[int, str, str]) -> Json:
            one: Json = {"message": {"id": each[2], "threadId": each[2]}}
            if each[1] == "labelsAdded":
                one["labelIds"] = self.mails[each[2]].labels[-1:]
            return {"id": str(each[0]), each[1]: [one]}

        return {**self._page(query, found, "history", record), "historyId": str(self._clock)}

    def get(self, key: str, query: Mapping[str, list[str]]) -> Json:
        if key not in self.mails:
            raise Refusal(404, "notFound")
        mail, how = self.mails[key], query.get("format", ["full"])[0]
        found: Json = {
            "id": key, "threadId": key, "labelIds": mail.labels, "snippet": "canary-snippet", "historyId": str(mail.history),
            "internalDate": str(mail.at * 1000), "sizeEstimate": len(mail.data),
        }  # fmt: skip
        parsed = BytesParser(policy=SMTP).parsebytes(mail.data)
        if how == "raw":
            found["raw"] = _b64(mail.data)
        elif how == "metadata":
            wanted = {each.lower() for each in query.get("metadataHeaders", [])}
            headers = [each for each in _headers(parsed) if not wanted or each["name"].lower() in wanted]
            found["payload"] = {"mimeType": parsed.get_content_type(), "headers": headers}
        elif how == "full":
            found["payload"] = _part(parsed, "")
        return found

    def _page(self, query: Mapping[str, list[str]], found: Any, name: str, show: Any) -> Json:
        size = min(int(query.get("maxResults", ["100"])[0]), self.page or 500)
        at = int(query.get("pageToken", ["0"])[0])
        here = found[at : at + size]
        page: Json = {name: [show(each) for each in here]} if here else {}
        return page | ({"nextPageToken": str(at + size)} if found[at + size :] else {})


def masked(value: Any, fields: str) -> Any:
    """A partial answer: only what `fields` names (`a,b/c,d(e,f)`)."""
    tree, rest = _tree(fields)
    assert not rest, f"unreadable fields: {fields}"
    return _only(value, tree)


def _only(value: Any, tree: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_only(each, tree) for each in value]
    return {key: _only(value[key], inner) if inner else value[key] for key, inner in tree.items() if key in value}


def _tree(text: str) -> tuple[dict[str, Any], str]:
    found: dict[str, Any] = {}
    while text and text[0] != ")":
        name = re.match(r"[A-Za-z]+", text)
        assert name, text
        text = text[name.end() :]
        inner: dict[str, Any] = {}
        if text.startswith("/"):
            cut = re.match(r"/([A-Za-z/]+)", text)
            assert cut
            for each in reversed(cut[1].split("/")):
                inner = {each: inner}
            text = text[cut.end() :]
        elif text.startswith("("):
            inner, text = _tree(text[1:])
            assert text.startswith(")"), text
            text = text[1:]
        found[name[0]] = inner
        text = text.removeprefix(",")
    return found, text


def _kind(name: str) -> str:
    return {"messagesAdded": "messageAdded", "labelsAdded": "labelAdded"}[name]


def _part(mail: Message, number: str) -> Json:
    part: Json = {
        "partId": number, "mimeType": mail.get_content_type(), "filename": mail.get_filename() or "", "headers": _headers(mail)
    }  # fmt: skip
    if mail.is_multipart():
        inner = mail.get_payload()
        assert isinstance(inner, list)
        return {
            **part,
            "body": {"size": 0},
            "parts": [_part(each, f"{number}.{at}".strip(".")) for at, each in enumerate(inner)],
        }
    data = mail.get_payload(decode=True)
    assert isinstance(data, bytes)
    if mail.get_filename():
        return {**part, "body": {"size": len(data), "attachmentId": "a1"}}
    return {**part, "body": {"size": len(data), "data": _b64(data)}}


def _headers(mail: Message) -> list[Json]:
    return [{"name": name, "value": str(value)} for name, value in mail.items()]


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()

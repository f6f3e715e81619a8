"""Looking for answers in Gmail, by `gmail.readonly`: three headers and the structure first, then only what is ours.

What came is told by the mailbox's history (`users.history`). A partial answer (`fields`) leaves out every text and every
other header; the subject is one of them unless a published page is waiting for answers. Reading changes no label, so a mail
stays unread.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from email.utils import parseaddr
from functools import cache
from typing import Any

from calmerge_desktop.core.errors import SignInNeeded, SyncTokenExpired
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.mail.account_inbox import News
from calmerge_desktop.sync.mail.choosing import HEADERS, MOST_BYTES, SUBJECT, Head, Part, answered, marks_in, texts
from calmerge_desktop.sync.oauth.scopes import Level, reaches
from calmerge_desktop.sync.oauth.signed_in import Keep
from calmerge_desktop.sync.providers.google.api import MAIL, Api, Json
from calmerge_desktop.sync.providers.google.failures import Said
from calmerge_desktop.sync.providers.google.scopes import reached
from calmerge_desktop.sync.providers.google.tokens import read_tokens

_INBOX = "INBOX"
_ELSEWHERE = frozenset({"SPAM", "TRASH", "DRAFT"})
_PAGE = 500
_DEEP = 8
"""Levels of nested parts that are asked for; mails have two to four."""
_GONE = (404, 410)


class GmailInbox:
    """See `AccountInbox`. Making it raises `SignInNeeded` when it may not read."""

    def __init__(self, secret: str | None, keep: Keep | None, *, timeout: float | None = None) -> None:
        tokens = read_tokens(secret)
        # Both: a permission outlives the wish of a person who stepped down again.
        if not (reaches(reached(tokens.granted), Level.ANSWERS) and reaches(tokens.asked, Level.ANSWERS)):
            raise SignInNeeded(
                _("CalMerge may not look for answers in the mail of this Google account."),
                typed=_("Allow it with: calmerge account reauth ID --scope-level answers"),
            )
        self._api = Api(tokens, keep, service=MAIL, timeout=timeout)

    def recent(self, since: int, most: int, stop: Stop) -> News:
        """See `AccountInbox.recent`."""
        # The position is asked for first: what comes while the list is read is told again by the history.
        position = self._api.run(self._api.users.getProfile(userId="me", fields="historyId"), stop)
        found: list[str] = []
        page: str | None = None
        while len(found) < most:
            request = self._api.messages.list(
                userId="me", labelIds=[_INBOX], q=f"after:{since}", maxResults=min(most, _PAGE), pageToken=page,
                fields="messages/id,nextPageToken",
            )  # fmt: skip
            answer = self._api.run(request, stop)
            found += [str(each["id"]) for each in answer.get("messages") or ()]
            page = answer.get("nextPageToken")
            if not page:
                break
        return News(tuple(reversed(found[:most])), str(position.get("historyId") or ""))

    def news(self, token: str, stop: Stop) -> Iterator[News]:
        """See `AccountInbox.news`."""
        page: str | None = None
        while True:
            request = self._api.users.history().list(
                userId="me", startHistoryId=token, labelId=_INBOX, historyTypes=["messageAdded", "labelAdded"],
                maxResults=_PAGE, pageToken=page,
                fields="history(id,messagesAdded/message/id,labelsAdded(labelIds,message/id)),nextPageToken,historyId",
            )  # fmt: skip
            try:
                answer = self._api.run(request, stop, own=(400, *_GONE))
            except Said as said:
                raise SyncTokenExpired from said
            records: list[Json] = answer.get("history") or []
            page = answer.get("nextPageToken")
            behind = str(answer.get("historyId") or token)
            if page and records:
                behind = str(records[-1]["id"])
            yield News(tuple(dict.fromkeys(each for one in records for each in _came(one))), behind)
            if not page:
                return

    def head(self, message: str, stop: Stop, *, subject: bool) -> Head | None:
        """See `AccountInbox.head`."""
        known = self._get(
            message,
            stop,
            format="metadata",
            metadataHeaders=[*HEADERS, SUBJECT] if subject else [*HEADERS],
            fields="labelIds,sizeEstimate,payload(mimeType,headers)",
        )
        if not known or _ELSEWHERE & set(known.get("labelIds") or ()):
            return None
        top = known.get("payload") or {}
        said = {str(each.get("name", "")).lower(): str(each.get("value", "")) for each in top.get("headers") or ()}
        size, kind = int(known.get("sizeEstimate") or 0), str(top.get("mimeType") or "").lower()
        parts: tuple[Part, ...] = (Part("", kind, size, "", ""),)
        if size <= MOST_BYTES and kind not in ("text/plain", "text/html"):
            asked = f"payload({_mask('partId,mimeType,filename,body/size')})"
            parts = tuple(_leaves(self._get(message, stop, format="full", fields=asked).get("payload") or {}))
        return Head(
            sender=parseaddr(said.get("from", ""))[1].lower(),
            answers=answered(f"{said.get('in-reply-to', '')} {said.get('references', '')}"),
            size=size,
            parts=parts,
            marks=marks_in(said.get("subject", "")),
        )

    def texts(self, message: str, head: Head, stop: Stop) -> Iterator[str]:
        """See `AccountInbox.texts`. Only texts are inside the answer; what is attached stays where it is."""
        wanted = {part.number for part in texts(head)}
        asked = f"payload({_mask('partId,body/data')})"
        waiting: list[Json] = [self._get(message, stop, format="full", fields=asked).get("payload") or {}]
        while waiting:
            part = waiting.pop()
            waiting += part.get("parts") or ()
            data = (part.get("body") or {}).get("data")
            if data and str(part.get("partId") or "") in wanted:
                yield _bytes(data).decode("utf-8", "replace")

    def whole(self, message: str, stop: Stop) -> bytes:
        """See `AccountInbox.whole`."""
        return _bytes(str(self._get(message, stop, format="raw", fields="raw").get("raw") or ""))

    def close(self) -> None:
        """See `AccountInbox.close`."""
        self._api.close()

    def _get(self, message: str, stop: Stop, **how: Any) -> Json:
        """One message as far as `how` says; empty when it is gone."""
        try:
            return self._api.run(self._api.messages.get(userId="me", id=message, **how), stop, own=_GONE)
        except Said:
            return {}


def _came(record: Json) -> Iterator[str]:
    """Messages that a record says came into the inbox: new there, or moved there."""
    for one in record.get("messagesAdded") or ():
        yield str(one["message"]["id"])
    for one in record.get("labelsAdded") or ():
        if _INBOX in (one.get("labelIds") or ()):
            yield str(one["message"]["id"])


@cache
def _mask(leaf: str) -> str:
    """`leaf` of a part and of the parts within."""
    found = leaf
    for _level in range(_DEEP):
        found = f"{leaf},parts({found})"
    return found


def _leaves(part: Json) -> Iterator[Part]:
    if inner := part.get("parts"):
        for each in inner:
            yield from _leaves(each)
    elif part:
        size = int((part.get("body") or {}).get("size") or 0)
        kind, file = (str(part.get(name) or "").lower() for name in ("mimeType", "filename"))
        yield Part(str(part.get("partId") or ""), kind, size, "", file)


def _bytes(data: str) -> bytes:
    return urlsafe_b64decode(data + "=" * (-len(data) % 4))

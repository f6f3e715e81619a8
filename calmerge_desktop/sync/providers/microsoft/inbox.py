"""Looking for answers in Outlook, by `Mail.Read`: sender, thread and names of attachments first, then only what is ours.

Graph does not show a mail's MIME structure. It says what is a meeting message (`eventMessage`), and names what is attached.
Its subject is asked for only while a published page is waiting for answers. Reading a message does not mark it as read.
<https://learn.microsoft.com/graph/api/message-delta>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from calmerge_desktop.core.errors import AccessDenied, NothingThere, SignInNeeded, SyncTokenExpired
from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.mail.account_inbox import News
from calmerge_desktop.sync.mail.choosing import MOST_TEXT, Head, Part, answered, marks_in
from calmerge_desktop.sync.oauth.scopes import Level, reaches
from calmerge_desktop.sync.oauth.signed_in import Keep
from calmerge_desktop.sync.providers.microsoft.api import Api, Json
from calmerge_desktop.sync.providers.microsoft.failures import Said, cut
from calmerge_desktop.sync.providers.microsoft.scopes import reached
from calmerge_desktop.sync.providers.microsoft.tokens import read_tokens

_MEETING = re.compile(r"#microsoft\.graph\.eventMessage\w*")
_BODY = "body"
_IN_REPLY_TO, _REFERENCES = "String 0x1042", "String 0x1039"
"""PidTagInReplyToId and PidTagInternetReferences ([MS-OXPROPS]): two headers, where `internetMessageHeaders` gives all."""
_THREAD = f"singleValueExtendedProperties($filter=id eq '{_IN_REPLY_TO}' or id eq '{_REFERENCES}')"
_GONE = (404, 410)
_EXPIRED = (400, 404, 410)


class GraphInbox:
    """See `AccountInbox`. Making it raises `SignInNeeded` when it may not read."""

    def __init__(self, secret: str | None, keep: Keep | None, *, timeout: float | None = None) -> None:
        tokens = read_tokens(secret)
        # Both: a permission outlives the wish of a person who stepped down again.
        if not (reaches(reached(tokens.granted), Level.ANSWERS) and reaches(tokens.asked, Level.ANSWERS)):
            raise _may_not()
        self._api = Api(tokens, keep, timeout=timeout)

    def recent(self, since: int, most: int, stop: Stop) -> News:
        """See `AccountInbox.recent`."""
        start = f"{datetime.fromtimestamp(since, UTC):%Y-%m-%dT%H:%M:%SZ}"
        url = self._api.url(
            "me", "mailFolders", "inbox", "messages", "delta",
            changeType="created", select="receivedDateTime", filter=f"receivedDateTime ge {start}",
        )  # fmt: skip
        found: list[Json] = []
        page: Json = {}
        for page in self._pages(url, stop):
            found += page["value"]
        link = page.get("@odata.deltaLink")
        if not link:
            raise cut()
        there = sorted(
            (each for each in found if "@removed" not in each), key=lambda each: str(each.get("receivedDateTime"))
        )
        return News(tuple(str(each["id"]) for each in there[-most:]), str(link))

    def news(self, token: str, stop: Stop) -> Iterator[News]:
        """See `AccountInbox.news`."""
        try:
            for page in self._pages(self._api.checked(token), stop, expired=True):
                ids = dict.fromkeys(str(each["id"]) for each in page["value"] if "@removed" not in each)
                link = page.get("@odata.nextLink") or page.get("@odata.deltaLink")
                if not link:
                    raise cut()
                yield News(tuple(ids), str(link))
        except Said as said:
            raise SyncTokenExpired from said

    def head(self, message: str, stop: Stop, *, subject: bool) -> Head | None:
        """See `AccountInbox.head`."""
        asked = "from,hasAttachments,subject" if subject else "from,hasAttachments"
        found = self._get(stop, message, select=asked, expand=_THREAD)
        if not found:
            return None
        sender = ((found.get("from") or {}).get("emailAddress") or {}).get("address") or ""
        said = " ".join(str(each.get("value")) for each in found.get("singleValueExtendedProperties") or ())
        parts = [Part(_BODY, "text/html", 0, "", "")]
        if _MEETING.fullmatch(str(found.get("@odata.type") or "")):
            parts.append(Part("", "text/calendar", 0, "", ""))
        elif found.get("hasAttachments"):
            listed = self._get(stop, message, "attachments", select="name,contentType,size")
            parts += [_attached(each) for each in listed.get("value") or ()]
        return Head(
            sender=str(sender).lower(),
            answers=answered(said),
            size=sum(part.size for part in parts),
            parts=tuple(parts),
            marks=marks_in(str(found.get("subject") or "")),
        )

    def texts(self, message: str, _head: Head, stop: Stop) -> Iterator[str]:
        """See `AccountInbox.texts`. Graph has one text of a mail, and the plain one is made of it."""
        body = self._get(stop, message, select="body").get("body") or {}
        text = str(body.get("content") or "")
        if len(text) <= MOST_TEXT:
            yield text

    def whole(self, message: str, stop: Stop) -> bytes:
        """See `AccountInbox.whole`."""
        try:
            return self._api.content(self._api.url("me", "messages", message, "$value"), stop, own=_GONE)
        except Said:
            return b""
        except AccessDenied as error:
            raise _may_not() from error

    def close(self) -> None:
        """See `AccountInbox.close`."""
        self._api.close()

    def _pages(self, url: str, stop: Stop, *, expired: bool = False) -> Iterator[Json]:
        try:
            yield from self._api.pages(url, stop, own=_EXPIRED if expired else ())
        except (AccessDenied, NothingThere) as error:
            raise _may_not() from error

    def _get(self, stop: Stop, message: str, *rest: str, **query: str) -> Json:
        """Something of a message; empty when it is gone."""
        try:
            return self._api.run("GET", self._api.url("me", "messages", message, *rest, **query), stop, own=_GONE)
        except Said:
            return {}
        except AccessDenied as error:
            raise _may_not() from error


def _attached(found: Json) -> Part:
    kind = str(found.get("contentType") or "").partition(";")[0].strip().lower()
    return Part("", kind, int(found.get("size") or 0), "", str(found.get("name") or "").lower())


def _may_not() -> SignInNeeded:
    return SignInNeeded(
        _("CalMerge may not look for answers in the mail of this Microsoft account."),
        typed=_("Allow it with: calmerge account reauth ID --scope-level answers"),
    )

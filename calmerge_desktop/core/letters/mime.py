"""Letters as mails and mails as what they carry; all MIME is Python's `email` with its SMTP policy, which keeps CRLF.

The tree is the one Gmail, Outlook, Apple Mail and Thunderbird show as an invitation: text, HTML and calendar as
alternatives, the calendar last and with its `method` (RFC 6047 §2.4), and once more as an attachment for the others.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.policy import SMTP, EmailPolicy
from email.utils import collapse_rfc2231_value, format_datetime, parseaddr
from typing import Any

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.ics.split import decode
from calmerge_desktop.core.letters.letter import Letter
from calmerge_desktop.core.texts import _

_IDS = re.compile(r"<[^<>\s]+>")
_LONGEST_ID = 250
_LONGEST_HEADER = 10_000
"""Characters of a header that are read: Python's time for one grows with the square of its length."""
MOST_BYTES = 25_000_000
"""A larger mail is not opened."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom to whom. `key` names the letter: it becomes the Message-ID, so that a copy is recognised as one."""

    sender: str
    recipients: tuple[str, ...]
    name: str = ""
    key: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    """Message-IDs of the thread before the mail it answers (RFC 5322 §3.6.4)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a mail carries. `calendars` are (method of the Content-Type, text)."""

    sender: str
    subject: str
    message_id: str
    calendars: tuple[tuple[str | None, str], ...]
    references: tuple[str, ...]
    """Message-IDs of the mails it answers."""
    text: str
    """The readable text: plain, else the HTML."""
    reply_to: str = ""
    """Where an answer goes, when that is not the sender."""


class _Patient(EmailPolicy):
    """Python's own policy, but a header it stumbles over is the text that stands there: in a mail anything may stand."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """See `email.policy.Policy`. What is no header raises whatever its parser happened to run into."""
        value = value[:_LONGEST_HEADER]
        try:
            return super().header_fetch_parse(name, value)
        except (AttributeError, IndexError, LookupError, TypeError, ValueError, HeaderParseError, RecursionError):
            return " ".join(str(value).split())


PATIENT = _Patient()
"""To read what others wrote."""


def compose(letter: Letter, envelope: Envelope, now: int, *, ics: str = "", method: str = "", draft: bool = False) -> str:
    """A whole mail in ASCII with CRLF line ends. `draft` marks it as not sent yet, for mail programs that open files."""
    mail = EmailMessage(policy=SMTP.clone(max_line_length=78))
    mail["From"] = _address(envelope.name, envelope.sender)
    mail["To"] = [_address("", one) for one in envelope.recipients]
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(datetime.fromtimestamp(now, UTC))
    mail["Message-ID"] = message_id(envelope.key or f"{now}", envelope.sender)
    if envelope.in_reply_to:
        mail["In-Reply-To"] = envelope.in_reply_to
        mail["References"] = " ".join(dict.fromkeys([*envelope.references, envelope.in_reply_to]))
    if draft:
        mail["X-Unsent"] = "1"
    mail.set_content(letter.text(), cte="quoted-printable")
    mail.add_alternative(letter.html(), subtype="html", cte="quoted-printable")
    if ics:
        mail.add_alternative(ics, subtype="calendar", charset="utf-8", cte="base64", params={"method": method})
        mail.add_attachment(ics.encode(), maintype="application", subtype="ics", filename="invite.ics")
    return mail.as_bytes().decode("ascii")


def message_id(key: str, sender: str) -> str:
    """The Message-ID of the letter `key`: the same whenever it is made."""
    digest = hashlib.blake2b(key.encode(), digest_size=12).hexdigest()
    return f"<{digest}@{sender.rpartition('@')[2] or 'calmerge.invalid'}>"


def is_message_id(text: str) -> bool:
    """Whether what a mail calls its Message-ID is one that may be referred to."""
    return len(text) <= _LONGEST_ID and text.isascii() and bool(_IDS.fullmatch(text))


def looks_like_mail(data: bytes) -> bool:
    """Whether a file is a mail rather than a calendar: it begins with header lines."""
    head = data.lstrip(b"\xef\xbb\xbf\r\n\t ")[:4000]
    if head[:15].upper() == b"BEGIN:VCALENDAR":
        return False
    lines = head.split(b"\n")[:40]
    names = {line.split(b":")[0].strip().lower() for line in lines if b":" in line}
    return bool(names & {b"from", b"received", b"mime-version", b"return-path", b"message-id", b"delivered-to"})


def open_mail(data: bytes) -> Opened:
    """A mail, however broken. Raises `BadInput` when it is too large, or nested deeper than any program writes."""
    if len(data) > MOST_BYTES:
        raise BadInput(_("The mail is too large to be an answer, so it is not opened."))
    try:
        return _opened(data)
    except RecursionError as error:
        raise BadInput(_("The mail is nested too deeply, so it is not opened.")) from error


def _opened(data: bytes) -> Opened:
    mail = message_from_bytes(data, policy=PATIENT)
    assert isinstance(mail, EmailMessage)
    calendars: list[tuple[str | None, str]] = []
    texts: dict[str, str] = {}
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "text/calendar" or (kind == "application/ics" or _file(part).endswith(".ics")):
            text = decode(_payload(part))
            if all(text != known for _method, known in calendars):
                calendars.append((_method(part) if kind == "text/calendar" else None, text))
        elif kind in ("text/plain", "text/html") and kind not in texts and part.get_content_disposition() != "attachment":
            texts[kind] = _readable(part)
    return Opened(
        sender=address_in(mail, "From"),
        subject=str(mail.get("Subject", "")),
        message_id=str(mail.get("Message-ID", "")).strip(),
        calendars=tuple(calendars),
        references=tuple(_IDS.findall(f"{mail.get('In-Reply-To', '')} {mail.get('References', '')}")),
        text=texts.get("text/plain") or texts.get("text/html", ""),
        reply_to=address_in(mail, "Reply-To"),
    )


def address_in(mail: Message, name: str) -> str:
    """The first address in a header, in small letters; empty when there is none."""
    try:
        return parseaddr(str(mail.get(name, "")))[1].lower()
    except RecursionError:  # comments in comments
        return ""


def _method(part: EmailMessage) -> str | None:
    found = part.get_param("method")
    try:
        return collapse_rfc2231_value(found) if found else None
    except ValueError:
        return None


def _payload(part: EmailMessage) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _readable(part: EmailMessage) -> str:
    """The text of a part; a charset that does not exist or does not fit is read as well as it goes."""
    data = _payload(part)
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _file(part: EmailMessage) -> str:
    try:
        return (part.get_filename() or "").lower()
    except (ValueError, IndexError):
        return ""


def _address(name: str, address: str) -> Address:
    """An address object. Raises `BadInput` for what is no mail address."""
    user, at, domain = address.strip().rpartition("@")
    if not at or not user or not domain or any(c in address for c in "\r\n<>, "):
        raise BadInput(_("“{address}” is no mail address.").format(address=address[:80]))
    try:
        return Address(" ".join(name.split()), user, domain)
    except (ValueError, IndexError) as error:
        raise BadInput(_("“{address}” is no mail address.").format(address=address[:80])) from error


def addresses(recipients: Sequence[str]) -> None:
    """Raises `BadInput` for the first that is no mail address."""
    for one in recipients:
        _address("", one)

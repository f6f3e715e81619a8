"""Mail as the core names it: mailboxes, what leaves, what comes, and who carries it (`core.ports` for calendars)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from calmerge_desktop.core.records import dataclass, field

BY_ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address the person sends from, and how. Its password lies in the secret store under `mail:` and the address."""

    address: str
    name: str = ""
    kind: str = "smtp"
    """`smtp`, or `BY_ACCOUNT`: it sends through the interface of a linked account, which holds the secret."""
    config: Mapping[str, str] = field(default_factory=dict)
    """`host`, `port`, `security` (`starttls`, `tls`, `none`), `user`; `imap_host`, `imap_port`, `imap_security`. Of an
    account: its id as `account`, and `reads` when it may look for answers. `changed` is the instant of the last sign-in."""

    @property
    def watched(self) -> bool:
        """Whether its inbox is looked into for answers."""
        return bool(self.config.get("imap_host") or self.config.get("reads"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail to one person. `mime` is the whole message (RFC 5322) with CRLF line ends, in ASCII."""

    id: int = 0
    key: str
    """What it is for; a second letter of the same key is never made."""
    created: int
    sender: str
    recipient: str
    subject: str
    mime: str
    state: str = "waiting"
    """`waiting`, `sending`, `sent`, `refused`, or `unsure`: nobody knows whether it arrived, so it is not sent again."""
    tries: int = 0
    not_before: int = 0
    reason: str | None = None


class Written(NamedTuple):
    """A letter without its text: what it is for, when it was written, and what became of it (`Letter.state`)."""

    id: int
    key: str
    created: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An iTIP message that came in, and what was made of it (`core.itip.decide.Kind`)."""

    id: int = 0
    digest: str
    at: int
    method: str
    kind: str
    uid: str
    sender: str
    comment: str = ""
    partstat: str = ""
    event: str = ""
    """Key of our event, empty when there is none."""
    ics: str
    state: str = "open"
    """`open`: waits for the person; `done`."""


@dataclass(frozen=True, slots=True)
class SentBefore:
    """What the guests of an event know of it."""

    sequence: int
    recipients: tuple[str, ...]
    at: int
    ics: str


class MailSender(Protocol):
    """A signed-in way to send mail for one mailbox. Made, used and closed on one thread."""

    def send(self, mime: bytes, sender: str, recipient: str) -> None:
        """Hand over one mail; returning means that the server took it.

        Raises `BadInput` when the server refuses this recipient or mail for good, `TryLater` when it asks for patience or
        cannot be reached and surely has not taken it, `SignInNeeded`, and `DeliveryUnknown` when the connection died after
        the whole mail was handed over: then it must not be sent again by itself.
        """

    def close(self) -> None:
        """Give back the connection."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a folder of a mailbox was looked at (RFC 9051 §2.3.1.1), and how that went last."""

    validity: int = 0
    """UIDVALIDITY; 0: never looked at."""
    uid: int = 0
    """The highest UID that was looked at."""
    at: int = 0
    """Instant of the last look that succeeded; 0: none."""
    trouble: str = ""
    """Why the last look failed."""
    token: str = ""
    """Of an account's inbox, which has no UIDs: where the next look begins, in the words of its service."""


class MailStore(Protocol):
    """Memory as the transport of mail needs it. Each call is one transaction, on any thread."""

    def mailboxes(self) -> Sequence[Mailbox]:
        """The addresses one sends from."""

    def due(self, now: int) -> Sequence[Letter]:
        """Letters that wait and whose time has come, oldest first."""

    def claim(self, letter: int) -> bool:
        """The letter is about to leave: from `waiting` to `sending`. False when it does not wait any more."""

    def mark(self, letter: int, state: str, *, reason: str | None = None, not_before: int = 0, again: bool = False) -> None:
        """What became of a letter; `again` counts one more try."""

    def interrupted(self) -> int:
        """Letters that were `sending` when the program died become `unsure`; how many. Only while nobody sends."""

    def seen(self, address: str, folder: str) -> Seen:
        """How far a folder was looked at."""

    def set_seen(self, address: str, folder: str, seen: Seen) -> None:
        """Keep how far a folder was looked at."""

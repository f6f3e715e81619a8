"""What an account's server tells other people by itself, so that no letter of ours must (RFC 6638, Google, Graph)."""

from __future__ import annotations

from calmerge_desktop.core.agenda.events import HeldEvent
from calmerge_desktop.core.itip.held import COMMENT
from calmerge_desktop.core.model import Access, Account

OWN_WORD = ("google", "microsoft")
"""They have a word of their own for what is cancelled. CalDAV servers tell guests when an event or occurrence goes away
(RFC 6638 §3.2.1.2, §3.2.1.3), and not all of them when it only says STATUS:CANCELLED."""


def schedules(account: Account) -> bool:
    """Whether the account's server sends invitations and answers by itself, so that we must not."""
    return account.provider in OWN_WORD or account.config.get("schedules") == "yes"


def proposes(held: HeldEvent) -> bool:
    """Whether the account's server proposes another time by itself."""
    return held.account.provider == "microsoft" and held.calendar.access is Access.WRITE


def said(account: Account, comment: str) -> str:
    """The comment for a server that writes to the organizer itself (RFC 6868)."""
    if not comment or account.provider not in OWN_WORD:
        return ""
    text = comment.replace("^", "^^").replace("\r", "").replace("\n", "^n").replace('"', "^'")
    return f';{COMMENT}="{text}"'

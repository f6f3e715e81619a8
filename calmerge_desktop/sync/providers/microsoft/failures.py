"""What Graph's refusals mean, sorted by who must act. Their messages may quote events: only the code's word is used."""

from __future__ import annotations

import json
import re
from typing import Any

from calmerge_desktop.core.errors import (
    AccessDenied,
    BadInput,
    CalmergeError,
    EditConflict,
    NothingThere,
    RateLimited,
    ReadOnly,
    ServerTrouble,
    SignInNeeded,
)
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.http import Answer
from calmerge_desktop.sync.http_errors import Dropped, retry_after

HOST = "Microsoft"
_THROTTLED = frozenset({"applicationthrottled", "mailboxconcurrency", "toomanyrequests", "errorserverbusy"})
_CODE = re.compile(r"[^A-Za-z0-9_.-]")


class Said(Exception):  # an answer, judged by who asked; it never leaves this adapter
    """A status the caller wants to judge itself."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code


def code_of(answer: Answer) -> str:
    """The word Graph gives for why, empty when it gives none."""
    try:
        found: Any = json.loads(answer.body)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return ""
    return _CODE.sub("", str(found))[:60]


def meaning(answer: Answer, *, writing: bool) -> CalmergeError:
    """One of our errors for one of theirs."""
    status, code = answer.status, code_of(answer)
    wait = retry_after(answer.headers)
    if status == 401:
        return sign_in_again()
    if status == 429 or code.lower() in _THROTTLED:
        return RateLimited(_("{host} asks us to slow down.").format(host=HOST), retry_after=wait)
    if status == 403:
        return _forbidden(code, writing=writing)
    if status in (404, 410):
        if writing:
            return EditConflict(_("The event is not in Outlook any more."))
        return NothingThere(_("This calendar is not in Outlook any more, or not shared with you."))
    if status in (409, 412):
        return EditConflict(_("The event was changed in Outlook meanwhile."))
    if status in (408, 421, 423, 425) or status >= 500:
        return ServerTrouble(_("{host} has trouble (HTTP {status}).").format(host=HOST, status=status), retry_after=wait)
    if writing:
        return BadInput(_("Outlook refuses this event ({reason}).").format(reason=code or status))
    return ServerTrouble(_("Microsoft does not understand our request ({reason}).").format(reason=code or status))


def sign_in_again() -> SignInNeeded:
    """The token is of no use any more; what was read and what waits stays."""
    return SignInNeeded(
        _("Microsoft asks you to sign in again."), hint=_("Nothing is lost: what you changed here is sent after that.")
    )


def cut() -> Dropped:
    """Half an answer."""
    return Dropped(_("The connection to {host} broke off.").format(host=HOST))


def _forbidden(code: str, *, writing: bool) -> CalmergeError:
    if writing:
        return ReadOnly(_("Outlook does not let you change this event."))
    if code.lower() in ("mailboxnotenabledforrestapi", "mailboxnotsupportedforrestapi"):
        return AccessDenied(_("This account has no mailbox at Microsoft that programs may read."))
    return AccessDenied(
        _("Microsoft did not give CalMerge the permission for this."),
        hint=_("Sign in again and agree, or ask whoever runs your organisation’s accounts."),
    )

"""What Google's refusals mean, sorted by who must act. Their messages may quote events: only the reason's word is used."""

from __future__ import annotations

import json
from typing import Any

from googleapiclient.errors import HttpError

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
    TryLater,
)
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.http_errors import retry_after

HOST = "Google"
_SLOWER = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_SPENT = frozenset({"dailyLimitExceeded", "dailyLimitExceededUnreg"})
_TOO_MANY_WRITES = frozenset({"quotaExceeded", "calendarUsageLimitsExceeded"})
_NO_SCOPE = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientScope"})
_SWITCHED_OFF = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_NO_RIGHT = frozenset({"forbidden", "requiredAccessLevel", "insufficientPermission", "accessDenied"})
SPENT_SECONDS = 3600.0
"""How long a spent quota is left alone; it may last hours, and asking in a loop makes it worse."""


class Said(Exception):  # an answer, judged by who asked; it never leaves this adapter
    """A status the caller wants to judge itself."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(status, reason)
        self.status = status
        self.reason = reason


def reason_of(error: HttpError) -> str:
    """The word Google gives for why, empty when it gives none."""
    try:
        said: Any = json.loads(error.content)["error"]
        for each in (*said.get("details", ()), *said.get("errors", ())):
            if isinstance(each, dict) and isinstance(each.get("reason"), str):
                return str(each["reason"])[:60]
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    return ""


def meaning(error: HttpError, *, writing: bool, mail: bool = False) -> CalmergeError:
    """One of our errors for one of theirs; `mail`: of Gmail, not of a calendar."""
    status, reason = int(error.status_code), reason_of(error)
    if status == 401:
        return sign_in_again()
    if status == 403:
        return _of_mail(error, reason) if mail else _forbidden(error, reason, writing=writing)
    if status == 429:
        return _slower(error)
    if status in (404, 410):
        if writing:
            return EditConflict(_("The event is not at Google any more."))
        return NothingThere(_("This calendar is not at Google any more, or not shared with you."))
    if status in (409, 412):
        return EditConflict(_("The event was changed at Google meanwhile."))
    if status in (408, 421, 425) or status >= 500:
        return ServerTrouble(
            _("{host} has trouble (HTTP {status}).").format(host=HOST, status=status), retry_after=retry_after(error.resp)
        )
    if writing:
        return BadInput(_("Google refuses this event ({reason}).").format(reason=reason or status))
    return ServerTrouble(_("Google does not understand our request ({reason}).").format(reason=reason or status))


def sign_in_again() -> SignInNeeded:
    """The token is of no use any more; what was read and what waits stays."""
    return SignInNeeded(
        _("Google asks you to sign in again."), hint=_("Nothing is lost: what you changed here is sent after that.")
    )


def _forbidden(error: HttpError, reason: str, *, writing: bool) -> CalmergeError:
    if reason in _SLOWER:
        return _slower(error)
    if reason in _SPENT:
        return RateLimited(_("Today’s requests to Google are used up."), retry_after=SPENT_SECONDS)
    if reason in _TOO_MANY_WRITES:  # of this one calendar: the others go on, so it is no RateLimited
        return TryLater(_("Google takes no more changes in this calendar for a while."), retry_after=SPENT_SECONDS)
    if reason in _SWITCHED_OFF:
        return AccessDenied(
            _("The Google Calendar API is switched off in the project of this client."),
            hint=_("Switch it on in the Google Cloud console, under “APIs and services”."),
        )
    if reason in _NO_SCOPE:
        return AccessDenied(
            _("Google did not give CalMerge the permission for this."), hint=_("Sign in again and tick every box.")
        )
    if writing and reason == "forbiddenForNonOrganizer":
        return BadInput(_("Only the organizer may change this event."))
    if writing and reason in _NO_RIGHT:
        return ReadOnly(_("Google does not let you change this event."))
    if writing:
        return BadInput(_("Google refuses this event ({reason}).").format(reason=reason or 403))
    return AccessDenied(_("Google denies access to this calendar."))


def _of_mail(error: HttpError, reason: str) -> CalmergeError:
    if reason in _SLOWER:
        return _slower(error)
    if reason in _SPENT:
        return RateLimited(_("Today’s requests to Google are used up."), retry_after=SPENT_SECONDS)
    if reason in _SWITCHED_OFF:
        return SignInNeeded(
            _("The Gmail API is switched off in the project of this client."),
            hint=_("Switch it on in the Google Cloud console, under “APIs and services”."),
        )
    return SignInNeeded(
        _("Google did not give CalMerge the permission for this."), hint=_("Sign in again and tick every box.")
    )


def _slower(error: HttpError) -> RateLimited:
    return RateLimited(_("{host} asks us to slow down.").format(host=HOST), retry_after=retry_after(error.resp))

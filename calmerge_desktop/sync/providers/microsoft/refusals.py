"""What a refusal of Microsoft's sign-in service means. Descriptions may name people: only AADSTS numbers are read.

The numbers: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from calmerge_desktop.core.errors import AccessDenied, CalmergeError, ServerTrouble, SignInNeeded
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.providers.microsoft.failures import sign_in_again

_NUMBER = re.compile(r"AADSTS(\d{4,8})")
_ADMIN = frozenset({"65001", "90094", "90093", "90008", "650052", "650056"})
_NO_CLIENT = frozenset({"700016", "700011", "700025", "900144", "90013"})
_NOT_PUBLIC = frozenset({"7000218", "70002", "7000215", "7000216"})
_OTHER_ACCOUNTS = frozenset(
    {"50020", "50194", "50059", "90002", "700005", "9002346", "90133", "9002331", "9002332", "50105"}
)
_BLOCKED = frozenset({"53003", "53000", "53001", "53002", "530003", "530021", "530034", "53011", "50005", "530084"})
_REDIRECT = frozenset({"50011", "500113", "900971"})
_UNFINISHED = frozenset({"authorization_pending", "expired_token", "code_expired"})
_SAID_NO = frozenset({"access_denied", "authorization_declined"})
_CLIENT = frozenset({"invalid_client", "unauthorized_client"})
_LATER = frozenset({"temporarily_unavailable", "server_error"})


def numbers(found: Mapping[str, Any]) -> frozenset[str]:
    """The AADSTS numbers of an answer."""
    listed = found.get("error_codes")
    more = map(str, listed) if isinstance(listed, list) else ()
    return frozenset([*_NUMBER.findall(str(found.get("error_description", ""))), *more])


def refused(found: Mapping[str, Any]) -> CalmergeError:
    """The word of `core.errors` for an answer with `error`."""
    if known := told(found):
        return known
    word = str(found.get("error", ""))
    if word in _UNFINISHED:
        return SignInNeeded(_("The code was not used in time."), hint=_("Begin again when you are ready."))
    if word in _SAID_NO:
        return AccessDenied(_("You did not allow the access in the browser."), hint=_("Nothing was linked."))
    if word in _CLIENT:
        return _no_client()
    if word in _LATER:
        return ServerTrouble(_("The sign-in service of Microsoft has trouble."))
    return sign_in_again()


def told(found: Mapping[str, Any]) -> CalmergeError | None:
    """The same by number alone, which is more exact than the word beside it; None for numbers we have no word for."""
    said = numbers(found)
    if said & _ADMIN:
        return SignInNeeded(
            _("Your organisation wants an administrator to agree before CalMerge may be used."),
            hint=_("Ask whoever runs your organisation’s accounts to give the app “admin consent” in Entra."),
        )
    if said & _BLOCKED:
        return AccessDenied(
            _("Your organisation does not allow this way of signing in."),
            hint=_(
                "If you used a code for another device, sign in with the browser of this computer; else ask who runs it."
            ),
        )
    if said & _NOT_PUBLIC:
        return SignInNeeded(
            _("The registration at Microsoft does not allow programs on a desktop to sign in."),
            hint=_("In Entra, under Authentication, set “Allow public client flows” to Yes."),
        )
    if said & _OTHER_ACCOUNTS:
        return SignInNeeded(
            _("The registration at Microsoft does not take accounts of this kind."),
            hint=_(
                "Choose “any organization and personal accounts” in Entra, or give your organisation’s domain as tenant."
            ),
        )
    if said & _REDIRECT:
        return SignInNeeded(
            _("The registration at Microsoft lacks the address the browser comes back to."),
            hint=_("In Entra, under Authentication, add http://localhost for “Mobile and desktop applications”."),
        )
    return _no_client() if said & _NO_CLIENT else None


def _no_client() -> SignInNeeded:
    return SignInNeeded(
        _("Microsoft does not know this program’s client id."),
        hint=_("Check the id, and that the registration allows public client flows and your kind of account."),
    )


def nonsense() -> ServerTrouble:
    """An answer that is none."""
    return ServerTrouble(_("Microsoft did not accept the sign-in."), hint=_("Please try again."))

"""Sending through Gmail's own interface (`users.messages.send`) with the permission `gmail.send`, which reads nothing."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode

from calmerge_desktop.core.errors import BadInput, SignInNeeded
from calmerge_desktop.core.model import Account
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.handing import UNSURE, handing_over, unsure
from calmerge_desktop.sync.http import never
from calmerge_desktop.sync.oauth.scopes import Level, reaches
from calmerge_desktop.sync.oauth.signed_in import Keep
from calmerge_desktop.sync.providers.google.api import EARLY, MAIL, Api
from calmerge_desktop.sync.providers.google.failures import HOST, Said
from calmerge_desktop.sync.providers.google.scopes import reached
from calmerge_desktop.sync.providers.google.tokens import read_tokens

_REFUSED = frozenset({400, 413})


class GmailSender:
    """`core.ports.MailSender` for one account. Making it raises `SignInNeeded` when it may not send."""

    def __init__(self, secret: str | None, keep: Keep | None, *, timeout: float | None = None) -> None:
        tokens = read_tokens(secret)
        if not reaches(reached(tokens.granted), Level.SEND):
            raise SignInNeeded(
                _("CalMerge may not send mail through this Google account."),
                typed=_("Allow it with: calmerge account reauth ID --scope-level send"),
            )
        self._api = Api(tokens, keep, service=MAIL, timeout=timeout)
        self._ready()

    def send(self, mime: bytes, sender: str, recipient: str) -> None:  # noqa: ARG002  # Gmail takes both from the mail
        """See `MailSender.send`."""
        self._ready()
        request = self._api.messages.send(userId="me", body={"raw": urlsafe_b64encode(mime).decode("ascii")})
        try:
            with handing_over(HOST):
                self._api.run(request, never, own=UNSURE | _REFUSED)
        except Said as said:
            if said.status in UNSURE:
                raise unsure(HOST) from said
            raise BadInput(_("Google refuses this mail ({reason}).").format(reason=said.reason or said.status)) from said

    def close(self) -> None:
        """Give the connection back."""
        self._api.close()

    def _ready(self) -> None:
        """A token that lasts: what fails here has surely sent nothing."""
        if self._api.tokens.expires - EARLY < time.time():
            self._api.renew(never)


def open_mail(_account: Account, secret: str | None, keep: Keep | None) -> GmailSender:
    """A way to send from the account's own address."""
    return GmailSender(secret, keep)

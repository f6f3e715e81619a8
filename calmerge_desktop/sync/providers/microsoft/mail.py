"""Sending through Graph (`/me/sendMail`) with the permission `Mail.Send`, which reads nothing."""

from __future__ import annotations

import time

from calmerge_desktop.core.errors import AccessDenied, BadInput, SignInNeeded
from calmerge_desktop.core.model import Account
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.handing import UNSURE, handing_over, unsure
from calmerge_desktop.sync.http import Answer, never
from calmerge_desktop.sync.oauth.scopes import Level, reaches
from calmerge_desktop.sync.oauth.signed_in import Keep
from calmerge_desktop.sync.providers.microsoft.api import EARLY, Api
from calmerge_desktop.sync.providers.microsoft.failures import HOST, code_of, meaning
from calmerge_desktop.sync.providers.microsoft.scopes import reached
from calmerge_desktop.sync.providers.microsoft.tokens import read_tokens

_REFUSED = frozenset({400, 413})


class GraphSender:
    """`core.ports.MailSender` for one account. Making it raises `SignInNeeded` when it may not send."""

    def __init__(self, secret: str | None, keep: Keep | None, *, timeout: float | None = None) -> None:
        tokens = read_tokens(secret)
        if not reaches(reached(tokens.granted), Level.SEND):
            raise _may_not()
        self._api = Api(tokens, keep, timeout=timeout)
        self._ready()

    def send(self, mime: bytes, sender: str, recipient: str) -> None:  # noqa: ARG002  # Graph takes both from the mail
        """See `MailSender.send`."""
        self._ready()
        answer = self._hand_over(mime)
        if answer.status == 401:  # revoked, or a clock that is wrong here or there: nothing was sent
            self._api.renew(never, force=True)
            answer = self._hand_over(mime)
        if answer.status < 300:
            return
        if answer.status in UNSURE:
            raise unsure(HOST)
        if answer.status in _REFUSED:
            raise BadInput(_("Microsoft refuses this mail ({reason}).").format(reason=code_of(answer) or answer.status))
        error = meaning(answer, writing=False)
        raise _may_not() if isinstance(error, AccessDenied) else error

    def close(self) -> None:
        """Give the connection back."""
        self._api.close()

    def _hand_over(self, mime: bytes) -> Answer:
        with handing_over(HOST):
            return self._api.send(mime, never)

    def _ready(self) -> None:
        """A token that lasts: what fails here has surely sent nothing."""
        if self._api.tokens.expires - EARLY < time.time():
            self._api.renew(never, force=False)


def open_mail(_account: Account, secret: str | None, keep: Keep | None) -> GraphSender:
    """A way to send from the account's own address."""
    return GraphSender(secret, keep)


def _may_not() -> SignInNeeded:
    return SignInNeeded(
        _("CalMerge may not send mail through this Microsoft account."),
        typed=_("Allow it with: calmerge account reauth ID --scope-level send"),
    )

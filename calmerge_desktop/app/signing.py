"""Accounts that are signed in to in the browser: signing in, again, and out; and tokens that renew themselves meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from calmerge_desktop.core.errors import BadInput, CalmergeError
from calmerge_desktop.core.mail_ports import MailSender
from calmerge_desktop.core.model import Account
from calmerge_desktop.core.ports import CalendarProvider, SecretStore, Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync import registry

if TYPE_CHECKING:
    from calmerge_desktop.sync.mail.account_inbox import AccountInbox
    from calmerge_desktop.sync.oauth.browser import Show
    from calmerge_desktop.sync.oauth.signed_in import Keep, SignedIn

log = logging.getLogger(__name__)


class Signing:
    """Between the registry of sources and the secrets of a profile. From any thread but the window's, for it blocks."""

    def __init__(self, secrets: SecretStore) -> None:
        self._secrets = secrets

    def open(self, account: Account) -> CalendarProvider:
        """A session with what is kept for the account; tokens it renews are kept in their place."""
        return registry.open_provider(account, *self._held(account))

    def open_mail(self, account: Account) -> MailSender:
        """A way to send from the account's own address. Raises `BadInput`, `SignInNeeded`."""
        return registry.open_mail(account, *self._held(account))

    def open_inbox(self, account: Account) -> AccountInbox:
        """The account's own inbox, for looking. Raises `BadInput`, `SignInNeeded`."""
        return registry.open_inbox(account, *self._held(account))

    def _held(self, account: Account) -> tuple[str | None, Keep]:
        """The account's secret, and what keeps a renewed one."""
        held = self._secrets.get(account.id)

        def keep(renewed: str) -> None:
            """Unless the person signed in anew or unlinked the account while this session was open."""
            nonlocal held
            if held is not None and self._secrets.get(account.id) == held:
                self._secrets.put(account.id, renewed)
                held = renewed

        return held, keep

    def by_browser(self, provider: str) -> bool:
        """Whether accounts of this kind are signed in to in the browser."""
        kind = registry.kinds().get(provider)
        return kind is not None and kind.sign_in is not None

    def check(self, provider: str, fields: Mapping[str, str]) -> None:
        """See `SigningJob.check`."""
        kind = registry.kinds().get(provider)
        if kind and kind.client:
            kind.client(fields)

    def carries(self, provider: str) -> bool:
        """See `SigningJob.carries`."""
        try:
            self.check(provider, {})
        except BadInput:
            return False
        return True

    def level(self, account: Account) -> str:
        """See `SigningJob.level`."""
        kind = registry.kinds().get(account.provider)
        try:
            return kind.level(self._secrets.get(account.id)) if kind and kind.level else ""
        except CalmergeError:
            return ""

    def show_page(self, url: str) -> bool:
        """See `SigningJob.show_page`."""
        from calmerge_desktop.sync.oauth.browser import show_page

        return show_page(url)

    def patience(self) -> float:
        """See `SigningJob.patience`."""
        from calmerge_desktop.sync.oauth.browser import patience

        return patience()

    def sign_in(
        self, provider: str, fields: Mapping[str, str], show: Show, stop: Stop, *, again: Account | None = None
    ) -> SignedIn:
        """Sign in through the browser, or sign in to the account `again`. Blocks until the person is done.

        Raises `BadInput` when another person's account came back.
        """
        held = self._secrets.get(again.id) if again else None
        hint = {"login_hint": again.address} if again and again.address else {}
        found = registry.sign_in(provider, {**hint, **fields}, held, show=show, stop=stop)
        if again and found.fields["subject"] != again.config.get("subject"):
            raise BadInput(
                _("You signed in as {other}, but this account is {name}.").format(
                    other=found.fields.get("address") or "?", name=again.address or again.name
                ),
                hint=_("Begin again, and choose the other account in the browser."),
            )
        return found

    def sign_out(self, account: Account) -> str:
        """Give an account's tokens back before it is unlinked; a sentence when that did not work, which stops nothing."""
        kind = registry.kinds().get(account.provider)
        try:
            held = self._secrets.get(account.id)
            if held and kind and kind.sign_out:
                kind.sign_out(held)
        except CalmergeError as error:
            log.info("sign-out of %s: %s", account.id, error.kind)
            return _("{name} could not be told. You can take the permission back in your account there.").format(
                name=kind.label() if kind else account.name
            )
        return ""

"""What a face may ask for about linking: accounts, signing in to them through a browser, and mailboxes; a Protocol each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from calmerge_desktop.core.model import Account, AccountId, AccountView

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.mailing import MailboxView
    from calmerge_desktop.core.mail_ports import Letter, Mailbox
    from calmerge_desktop.core.ports import Stop


class AccountsJob(Protocol):
    """Linking and unlinking sources."""

    def list(self, *, counted: bool = True) -> Sequence[AccountView]:
        """Every account with state and calendars, in the person's order.

        Without `counted` calendars say 0 events: counting looks at all of them.
        """

    def add(self, provider: str, fields: Mapping[str, str], secret: str | None = None) -> Account:
        """Link a source: checks it by really connecting, lists its calendars, stores account and secret.

        `fields`: `name`, `address`, and by provider `url`, `user`, `path`. Raises `BadInput`, `SignInNeeded`, `Offline` …
        and then has stored nothing.
        """

    def remove(self, account: AccountId) -> None:
        """Unlink: forget the account, its secret and its cached calendars. The provider keeps everything."""

    def reauth(self, account: AccountId, secret: str, address: str | None = None) -> None:
        """Replace the secret after trying it; `address` is what the account is called now, if the provider said."""

    def change(self, account: AccountId, *, name: str | None = None, address: str | None = None) -> Account:
        """What the account is called here, and the address its invitations come from; None leaves what is.

        Raises `BadInput`, `UnknownId`.
        """


class Signed(Protocol):
    """What a sign-in in the browser gave."""

    @property
    def secret(self) -> str:
        """Tokens, for `AccountsJob.add` or `reauth` and nowhere else."""

    @property
    def fields(self) -> Mapping[str, str]:
        """For `AccountsJob.add`: whose account it is."""

    @property
    def notices(self) -> Sequence[str]:
        """Sentences for the person, such as a permission that was not given."""


class SigningJob(Protocol):
    """Accounts that are signed in to in the person's browser, or with a code on another device."""

    def carries(self, provider: str) -> bool:
        """Whether this build has a registration of its own, so that the person needs none."""

    def check(self, provider: str, fields: Mapping[str, str]) -> None:
        """Look at the person's own registration (`client_secrets`, `client_id`, `tenant`). Raises `BadInput`."""

    def level(self, account: Account) -> str:
        """How far the person let this account reach; empty when that is not known."""

    def show_page(self, url: str) -> bool:
        """Open a page in the person's browser; whether there is one. From any thread."""

    def patience(self) -> float:
        """Seconds a sign-in may take."""

    def sign_in(
        self,
        provider: str,
        fields: Mapping[str, str],
        show: Callable[[str, bool], None],
        stop: Stop,
        *,
        again: Account | None = None,
    ) -> Signed:
        """Sign in; blocks until the person is done, which `stop` ends.

        `show` is told the address and whether a browser opens; by code, two lines: the address and the code. Raises
        `BadInput`, `AccessDenied`, `SignInNeeded`, `Offline`, `ServerTrouble`.
        """

    def sign_out(self, account: Account) -> str:
        """Give the tokens of an account back; a sentence when that did not work, which stops nothing."""


class MailJob(Protocol):
    """Mailboxes one sends from and looks into, and letters that wait."""

    def try_out(self, box: Mailbox, password: str | None) -> None:
        """Sign in to the servers of a mailbox; stores nothing. `password` None takes the kept one.

        Raises `BadInput`, `SignInNeeded`, `Offline`, `ServerTrouble`.
        """

    def add(self, box: Mailbox, password: str | None, stop: Stop = ...) -> Mailbox:
        """Add or replace a mailbox: tries it out first; nothing is stored when that fails, or when `stop` then raises."""

    def add_account(self, name: str, account: Account) -> Mailbox:
        """The same for the own address of a linked account that may send mail.

        Raises `BadInput` for one that sends none, `SignInNeeded` when that was not allowed.
        """

    def list(self) -> Sequence[MailboxView]:
        """In the person's order; the first is the usual one."""

    def remove(self, address: str) -> None:
        """Forget a mailbox with its password; its letters wait. Raises `UnknownId`."""

    def outbox(self, *, everything: bool = False) -> Sequence[Letter]:
        """Letters that wait or need the person, oldest first; or all that ever were."""

    def resend(self, id: int) -> None:
        """Send a letter at the next chance, also one that may have arrived. Raises `UnknownId`, `BadInput`."""

    def drop(self, id: int) -> None:
        """Never send a letter. Raises `UnknownId`, `BadInput`."""

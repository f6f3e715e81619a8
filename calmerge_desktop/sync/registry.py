"""All adapters on one page: what each is called, what it asks for, how its fields become an account, how it is opened.

Adapters are imported where they are opened: start-up stays fast, and a packed program still finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.mail_ports import MailSender
from calmerge_desktop.core.model import Account
from calmerge_desktop.core.ports import CalendarProvider, Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync import prepared
from calmerge_desktop.sync.prepared import PreparedAccount

if TYPE_CHECKING:
    from calmerge_desktop.sync.mail.account_inbox import AccountInbox
    from calmerge_desktop.sync.oauth.browser import Show
    from calmerge_desktop.sync.oauth.signed_in import Keep, SignedIn, SignIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of source."""

    key: str
    label: Callable[[], str]
    needs: tuple[str, ...]
    """Fields that must be filled."""
    offers: tuple[str, ...]
    """Fields that may be filled."""
    prepare: Callable[[Mapping[str, str]], PreparedAccount]
    open: Callable[[Account, str | None, Keep | None], CalendarProvider]
    sign_in: SignIn | None = None
    """For sources that are signed in to in the browser; what it gives goes into `prepare`."""
    client: Callable[[Mapping[str, str]], object] | None = None
    """Check the program's registration that fields name, or the one this build carries. Raises `BadInput`."""
    level: Callable[[str | None], str] | None = None
    """The rung that was asked for when a secret was made. Raises `SignInNeeded`."""
    mail: Callable[[Account, str | None, Keep | None], MailSender] | None = None
    """A way to send from the account's own address. Raises `SignInNeeded` when that was not allowed."""
    inbox: Callable[[Account, str | None, Keep | None], AccountInbox] | None = None
    """The account's inbox, for looking; asks nothing over a network. Raises `SignInNeeded` when that was not allowed."""
    sign_out: Callable[[str], None] | None = None
    """Give the tokens of a secret back. Raises what a network raises."""


def kinds() -> Mapping[str, Kind]:
    """Every kind there is, in the order a person is asked."""
    return _KINDS


def prepare(provider: str, fields: Mapping[str, str]) -> PreparedAccount:
    """Check and normalise what the person gave. Raises `BadInput` with one sentence."""
    kind = _kind(provider)
    clean = {key: value.strip() if key != "password" else value for key, value in fields.items() if value and value.strip()}
    unknown = clean.keys() - {*kind.needs, *kind.offers}
    if unknown:
        raise BadInput(_("{kind} takes no field {field}.").format(kind=kind.label(), field=min(unknown)))
    for name in kind.needs:
        if name not in clean:
            raise BadInput(_("{kind} needs the field {field}.").format(kind=kind.label(), field=name))
    address = clean.get("address")
    if address and ("@" not in address[1:-1] or any(each.isspace() for each in address)):
        raise BadInput(_("“{address}” is no mail address.").format(address=address))
    return kind.prepare(clean)


def sign_in(provider: str, fields: Mapping[str, str], held: str | None, *, show: Show, stop: Stop) -> SignedIn:
    """Sign in through the browser; blocks until the person is done. Raises `BadInput` when this kind has no such way."""
    kind = _kind(provider)
    if kind.sign_in is None:
        raise BadInput(_("{kind} is signed in to with a password.").format(kind=kind.label()))
    return kind.sign_in(fields, held, show, stop)


def open_provider(account: Account, secret: str | None, keep: Keep | None = None) -> CalendarProvider:
    """A session with the account's source, on the calling thread. Raises `BadInput` for an unknown kind.

    `keep` is called with the new secret when the session had to renew its tokens.
    """
    return _kind(account.provider).open(account, secret, keep)


def open_mail(account: Account, secret: str | None, keep: Keep | None = None) -> MailSender:
    """A way to send from the account's own address. Raises `BadInput` for accounts that send no mail."""
    kind = _kind(account.provider)
    if kind.mail is None:
        raise BadInput(
            _("No mail is sent through “{name}”.").format(name=account.name),
            typed=_("Name the server that sends: calmerge mail add --smtp HOST:PORT"),
        )
    return kind.mail(account, secret, keep)


def open_inbox(account: Account, secret: str | None, keep: Keep | None = None) -> AccountInbox:
    """The account's own inbox, for looking. Raises `BadInput` for accounts without one, `SignInNeeded`."""
    kind = _kind(account.provider)
    if kind.inbox is None:
        raise BadInput(_("No mail is read through “{name}”.").format(name=account.name))
    return kind.inbox(account, secret, keep)


def _kind(provider: str) -> Kind:
    if provider not in _KINDS:
        raise BadInput(_("“{kind}” is no kind of account.").format(kind=provider))
    return _KINDS[provider]


def _open_feed(account: Account, secret: str | None, _keep: Keep | None) -> CalendarProvider:
    if "path" in account.config:
        from calmerge_desktop.sync.providers.folder import open_folder

        return open_folder(account)
    from calmerge_desktop.sync.providers.feed import open_feed

    return open_feed(account, secret)


def _open_local(account: Account, _secret: str | None, _keep: Keep | None) -> CalendarProvider:
    from calmerge_desktop.sync.providers.local import open_local

    return open_local(account)


def _open_google(account: Account, secret: str | None, keep: Keep | None) -> CalendarProvider:
    from calmerge_desktop.sync.providers.google.provider import open_google

    return open_google(account, secret, keep)


def _sign_in_google(fields: Mapping[str, str], held: str | None, show: Show, stop: Stop) -> SignedIn:
    from calmerge_desktop.sync.providers.google.sign_in import sign_in as google

    return google(fields, held, show, stop)


def _sign_out_google(secret: str) -> None:
    from calmerge_desktop.sync.providers.google.sign_in import revoke

    revoke(secret)


def _open_microsoft(account: Account, secret: str | None, keep: Keep | None) -> CalendarProvider:
    from calmerge_desktop.sync.providers.microsoft.provider import open_microsoft

    return open_microsoft(account, secret, keep)


def _sign_in_microsoft(fields: Mapping[str, str], held: str | None, show: Show, stop: Stop) -> SignedIn:
    from calmerge_desktop.sync.providers.microsoft.sign_in import sign_in as microsoft

    return microsoft(fields, held, show, stop)


def _client_google(fields: Mapping[str, str]) -> object:
    from calmerge_desktop.sync.providers.google.client import chosen

    return chosen(fields)


def _client_microsoft(fields: Mapping[str, str]) -> object:
    from calmerge_desktop.sync.providers.microsoft.client import authority, chosen, tenant

    return chosen(fields), authority(tenant(fields.get("tenant", "")))


def _mail_google(account: Account, secret: str | None, keep: Keep | None) -> MailSender:
    from calmerge_desktop.sync.providers.google.mail import open_mail

    return open_mail(account, secret, keep)


def _mail_microsoft(account: Account, secret: str | None, keep: Keep | None) -> MailSender:
    from calmerge_desktop.sync.providers.microsoft.mail import open_mail

    return open_mail(account, secret, keep)


def _inbox_google(_account: Account, secret: str | None, keep: Keep | None) -> AccountInbox:
    from calmerge_desktop.sync.providers.google.inbox import GmailInbox

    return GmailInbox(secret, keep)


def _inbox_microsoft(_account: Account, secret: str | None, keep: Keep | None) -> AccountInbox:
    from calmerge_desktop.sync.providers.microsoft.inbox import GraphInbox

    return GraphInbox(secret, keep)


def _level_google(secret: str | None) -> str:
    from calmerge_desktop.sync.providers.google.tokens import read_tokens

    return read_tokens(secret).asked.value


def _level_microsoft(secret: str | None) -> str:
    from calmerge_desktop.sync.providers.microsoft.tokens import read_tokens

    return read_tokens(secret).asked.value


def _open_caldav(account: Account, secret: str | None, _keep: Keep | None) -> CalendarProvider:
    from calmerge_desktop.sync.providers.caldav import open_caldav

    return open_caldav(account, secret)


_KINDS: Mapping[str, Kind] = {
    each.key: each
    for each in (
        Kind(
            key="feed",
            label=lambda: _("Calendar feed or file"),
            needs=("url",),
            offers=("name", "address", "user", "password"),
            prepare=prepared.feed,
            open=_open_feed,
        ),
        Kind(
            key="local",
            label=lambda: _("Calendar on this computer"),
            needs=("path",),
            offers=("name", "address"),
            prepare=prepared.local,
            open=_open_local,
        ),
        Kind(
            key="caldav",
            label=lambda: _("CalDAV server"),
            needs=("url",),
            offers=("user", "password", "name", "address"),
            prepare=prepared.caldav,
            open=_open_caldav,
        ),
        Kind(
            key="google",
            label=lambda: _("Google Calendar"),
            needs=("subject",),
            offers=("address", "name"),
            prepare=lambda found: prepared.signed_in("google", "Google", found),
            open=_open_google,
            sign_in=_sign_in_google,
            client=_client_google,
            level=_level_google,
            mail=_mail_google,
            inbox=_inbox_google,
            sign_out=_sign_out_google,
        ),
        Kind(
            key="microsoft",
            label=lambda: _("Microsoft 365 or Outlook.com"),
            needs=("subject",),
            offers=("address", "name"),
            prepare=lambda found: prepared.signed_in("microsoft", "Microsoft", found),
            open=_open_microsoft,
            sign_in=_sign_in_microsoft,
            client=_client_microsoft,
            level=_level_microsoft,
            mail=_mail_microsoft,
            inbox=_inbox_microsoft,
        ),
    )
}

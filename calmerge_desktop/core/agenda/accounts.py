"""Linking sources, and the roles of their calendars."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from calmerge_desktop.core.errors import BadInput, ReadOnly, UnknownId
from calmerge_desktop.core.model import (
    Access,
    Account,
    AccountId,
    AccountView,
    Calendar,
    CalendarId,
    CalendarView,
    SourceState,
    SourceStatus,
)
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import DAY, Clock

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory
    from calmerge_desktop.core.ports import CalendarProvider, SecretStore

Prepare = Callable[[str, Mapping[str, str]], tuple[Account, str | None]]
"""Provider and fields -> the account, and a password that stood in the fields. The same source is the same id."""
May = Callable[[Account, str], bool]
"""Whether an account with this secret has a permission."""
Open = Callable[[Account, "str | None"], "CalendarProvider"]
_WORST = (SourceState.BROKEN, SourceState.STALE, SourceState.FRESH)


class Accounts:
    """See `core.agenda.desk.AccountsJob`."""

    def __init__(
        self,
        memory: Memory,
        secrets: SecretStore,
        prepare: Prepare,
        open_provider: Open,
        clock: Clock,
        may_send: May = lambda _account, _secret: False,
        may_read: May = lambda _account, _secret: False,
    ) -> None:
        """`may_send`: whether an account with a secret sends mail by itself; `may_read`: whether its inbox is open to us."""
        self._memory = memory
        self._secrets = secrets
        self._prepare = prepare
        self._open = open_provider
        self._clock = clock
        self._may_send = may_send
        self._may_read = may_read

    def list(self, *, counted: bool = True) -> Sequence[AccountView]:
        """See `AccountsJob.list`."""
        statuses = self._memory.statuses()
        counts = self._memory.counts() if counted else {}
        aside = self._memory.set_aside()
        views = []
        for account in self._memory.accounts():
            calendars = tuple(
                CalendarView(
                    calendar=calendar,
                    status=self._aged(statuses.get(calendar.id)),
                    events=counts.get(calendar.id, 0),
                    set_aside=tuple(one for one in aside if one.calendar == calendar.id),
                )
                for calendar in self._memory.calendars(account.id)
            )
            own = self._aged(statuses.get(account.id))
            views.append(AccountView(account=account, status=_together(own, calendars), calendars=calendars))
        return views

    def add(self, provider: str, fields: Mapping[str, str], secret: str | None = None) -> Account:
        """See `AccountsJob.add`."""
        from calmerge_desktop.core.ports import KnowsItself

        account, typed = self._prepare(provider, fields)
        secret = secret if secret is not None else typed
        if any(one.id == account.id for one in self._memory.accounts()):
            raise BadInput(_("“{name}” is already linked.").format(name=account.name))
        client = self._open(account, secret)
        try:
            found = client.calendars(_never)
            itself = client.itself(_never) if isinstance(client, KnowsItself) else None
        finally:
            client.close()
        if not found:
            raise BadInput(_("There is no calendar in this account."))
        if secret is not None:
            self._secrets.put(account.id, secret)
        self._memory.add_account(account)
        if itself is not None:
            self._memory.ledger.learn(account.id, itself)
        self._memory.ledger.list_calendars(account.id, found)
        self._keep_mailbox(account, secret)
        return account

    def remove(self, account: AccountId) -> None:
        """See `AccountsJob.remove`."""
        self._memory.remove_account(account)
        self._secrets.delete(account)
        for box in self._memory.post.mailboxes():
            if box.config.get("account") == account:
                self._memory.post.drop_mailbox(box.address)

    def reauth(self, account: AccountId, secret: str, address: str | None = None) -> None:
        """See `AccountsJob.reauth`."""
        known = next((one for one in self._memory.accounts() if one.id == account), None)
        if known is None:
            raise UnknownId(_("There is no account “{id}”.").format(id=account))
        client = self._open(known, secret)
        try:
            client.calendars(_never)
        finally:
            client.close()
        self._secrets.put(account, secret)
        if address and address != known.address:
            name = address if known.name == known.address else known.name
            self._memory.ledger.change_account(account, name, address)
        self._keep_mailbox(replace(known, address=address or known.address), secret)

    def change(self, account: AccountId, *, name: str | None = None, address: str | None = None) -> Account:
        """See `AccountsJob.change`."""
        known = next((one for one in self._memory.accounts() if one.id == account), None)
        if known is None:
            raise UnknownId(_("There is no account “{id}”.").format(id=account))
        if name is not None and not name.strip():
            raise BadInput(_("An account needs a name."))
        if address is not None:
            from calmerge_desktop.core.letters.mime import addresses

            address = address.strip().lower()
            addresses([address])
        called, mine = " ".join((name or known.name).split()), address or known.address
        self._memory.ledger.change_account(account, called, mine or "")
        return replace(known, name=called, address=mine)

    def _keep_mailbox(self, account: Account, secret: str | None) -> None:
        """An account that may send mail is a mailbox of its address, unless the person named a server for that.

        Whether its inbox is looked into follows what was granted, at each sign-in anew.
        """
        from calmerge_desktop.core.itip.message import same_address
        from calmerge_desktop.core.mail_ports import BY_ACCOUNT, Mailbox

        address = (account.address or "").lower()
        known = next((one for one in self._memory.post.mailboxes() if same_address(one.address, address)), None)
        if not address or secret is None or (known and known.config.get("account") != account.id):
            return
        if known or self._may_send(account, secret):
            config = {"account": account.id, "changed": str(self._clock())}
            config |= {"reads": "yes"} if self._may_read(account, secret) else {}
            self._memory.post.keep_mailbox(
                Mailbox(known.address if known else address, known.name if known else "", BY_ACCOUNT, config)
            )
            self._memory.post.hurry(address)

    def _aged(self, status: SourceStatus | None) -> SourceStatus:
        """A state as it is now: what was never read is broken, what was fresh long ago is stale."""
        if status is None:
            return SourceStatus(state=SourceState.BROKEN, reason=_("Not read yet."), kind="never")
        if status.state is SourceState.FRESH and status.as_of is not None and self._clock() - status.as_of > DAY:
            return replace(status, state=SourceState.STALE, reason=_("Not read for more than a day."), kind="old")
        return status


class Calendars:
    """See `core.agenda.desk.CalendarsJob`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def change(
        self,
        calendar: CalendarId,
        *,
        visible: bool | None = None,
        busy: bool | None = None,
        color: str | None = None,
        name: str | None = None,
        default: bool | None = None,
    ) -> Calendar:
        """See `CalendarsJob.change`. Raises `BadInput`, `ReadOnly`, `UnknownId`."""
        known = next((one for one in self._memory.calendars() if one.id == calendar), None)
        if known is None:
            raise UnknownId(_("There is no calendar “{id}”.").format(id=calendar))
        if color is not None and not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
            raise BadInput(_("“{color}” is no colour.").format(color=color[:20]), hint=_("Use a form such as #2F6FED."))
        if name is not None and not name.strip():
            raise BadInput(_("A calendar needs a name."))
        if default and known.access is not Access.WRITE:
            raise ReadOnly(_("“{name}” can only be read.").format(name=known.name))
        wishes: dict[str, Any] = {
            "visible": visible,
            "busy": busy,
            "own_color": color,
            "own_name": name.strip() if name else None,
            "is_default": default,
        }
        return self._memory.ledger.change_calendar(
            calendar, {column: value for column, value in wishes.items() if value is not None}
        )


def _together(own: SourceStatus, calendars: Sequence[CalendarView]) -> SourceStatus:
    """An account is as good as the worst of what it holds; its age is that of its oldest calendar."""
    worst = min([own, *(view.status for view in calendars)], key=lambda status: _WORST.index(status.state))
    ages = [view.status.as_of for view in calendars if view.status.as_of is not None]
    return replace(worst, as_of=min(ages) if ages else own.as_of)


def _never() -> None:
    """Linking is not stopped half-way."""

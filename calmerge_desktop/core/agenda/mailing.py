"""Mailboxes and letters as a person handles them; the transport itself is elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from calmerge_desktop.core.errors import BadInput, UnknownId
from calmerge_desktop.core.itip.message import same_address
from calmerge_desktop.core.letters.mime import addresses
from calmerge_desktop.core.mail_ports import BY_ACCOUNT, Letter, Mailbox, Seen
from calmerge_desktop.core.model import Account
from calmerge_desktop.core.ports import SecretStore, Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory

INBOX = "INBOX"


@dataclass(frozen=True, slots=True)
class MailboxView:
    """A mailbox, and how far its mail was looked at; `seen` is None when only sending was asked for."""

    box: Mailbox
    seen: Seen | None


class Mailing:
    """See `core.agenda.linking.MailJob`."""

    def __init__(
        self,
        memory: Memory,
        secrets: SecretStore,
        try_out: Callable[[Mailbox, str | None], None],
        clock: Clock,
        may_read: Callable[[Account, str], bool] = lambda _account, _secret: False,
    ) -> None:
        """`try_out` signs in to the servers of a mailbox and raises what goes wrong; `may_read` see `Accounts`."""
        self._memory = memory
        self._secrets = secrets
        self._try_out = try_out
        self._clock = clock
        self._may_read = may_read

    def try_out(self, box: Mailbox, password: str | None) -> None:
        """See `MailJob.try_out`."""
        addresses([box.address])
        self._try_out(box, password)

    def add(self, box: Mailbox, password: str | None, stop: Stop = lambda: None) -> Mailbox:
        """See `MailJob.add`."""
        addresses([box.address])
        box = replace(box, config={**box.config, "changed": str(self._clock())})  # whoever watches it begins anew
        self._try_out(box, password)
        stop()
        if box.kind != BY_ACCOUNT and password is not None:
            self._secrets.put(secret_of(box.address), password)
        self._memory.post.keep_mailbox(box)
        self._memory.post.hurry(box.address)
        return box

    def add_account(self, name: str, account: Account) -> Mailbox:
        """See `MailJob.add_account`."""
        if not account.address:
            raise BadInput(_("The address of “{name}” is not known.").format(name=account.name))
        reads = self._may_read(account, self._secrets.get(account.id) or "")
        config = {"account": account.id} | ({"reads": "yes"} if reads else {})
        return self.add(Mailbox(account.address.lower(), name, BY_ACCOUNT, config), "")

    def list(self) -> Sequence[MailboxView]:
        """See `MailJob.list`."""
        post = self._memory.post
        return [MailboxView(box, post.seen(box.address, INBOX) if box.watched else None) for box in post.mailboxes()]

    def remove(self, address: str) -> None:
        """See `MailJob.remove`."""
        known = next((one for one in self._memory.post.mailboxes() if same_address(one.address, address)), None)
        if known is None:
            raise UnknownId(
                _("There is no mailbox “{address}”.").format(address=address[:80]),
                typed=_("See them with: calmerge mail list"),
            )
        self._memory.post.drop_mailbox(known.address)
        if known.kind != BY_ACCOUNT:
            self._secrets.delete(secret_of(known.address))

    def outbox(self, *, everything: bool = False) -> Sequence[Letter]:
        """See `MailJob.outbox`."""
        return self._memory.post.letters(everything=everything)

    def resend(self, id: int) -> None:
        """See `MailJob.resend`."""
        self._memory.post.resend(id)

    def drop(self, id: int) -> None:
        """See `MailJob.drop`."""
        self._memory.post.drop(id)


def secret_of(address: str) -> str:
    """Where the password of a mailbox is kept in the secret store."""
    return f"mail:{address.lower()}"

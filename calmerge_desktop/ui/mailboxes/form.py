"""What is typed about one mailbox, and what it becomes. Pure but for the page that shows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from calmerge_desktop.core.agenda.mail_servers import known, mailbox, server_text
from calmerge_desktop.core.mail_ports import BY_ACCOUNT, Mailbox
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.linking.fields_page import FieldsPage
from calmerge_desktop.ui.linking.kinds import FieldKind, LinkKind, Rung

_FOUND = ("smtp", "imap")


def values_of(box: Mailbox | None) -> dict[str, str]:
    """The fields of a mailbox that is known; empty ones for a new one."""
    if box is None:
        return {}
    user = box.config.get("user", "")
    return {
        "address": box.address,
        "name": box.name,
        "smtp": server_text(box),
        "imap": server_text(box, "imap_"),
        "user": "" if user == box.address else user,
    }


def missing(values: Mapping[str, str], box: Mailbox | None, others: Collection[str]) -> dict[str, str]:
    """What is wrong before anything is asked of a server, by field; `others` are the addresses of mailboxes there are."""
    wanted = ["address", "smtp"] if box is None else ["smtp"]
    wanted += ["password"] if box is None else []
    if box is not None and box.kind == BY_ACCOUNT:
        wanted = []
    wrong = {name: _("This is needed.") for name in wanted if not values.get(name, "").strip()}
    address = values.get("address", "").strip()
    if address and ("@" not in address[1:-1] or any(each.isspace() for each in address)):
        wrong["address"] = _("“{address}” is no mail address.").format(address=address[:80])
    elif box is None and address.lower() in others:
        wrong["address"] = _("This mailbox is in the list already.")
    for name in _FOUND:
        text = values.get(name, "").strip()
        host, _colon, port = text.rpartition(":")
        if text and not (host and port.isdigit()):
            wrong[name] = _("The server of a mailbox is written HOST:PORT.")
    return wrong


def mailbox_of(values: Mapping[str, str], box: Mailbox | None) -> Mailbox:
    """The mailbox that was typed, over the one it replaces. Raises `BadInput`."""
    user = values.get("user", "").strip() or (box.config.get("user") if box and not box.config.get("user", "-") else None)
    address = box.address if box else values.get("address", "")
    return mailbox(address, values.get("name", ""), values["smtp"], values.get("imap", ""), user=user, before=box)


class MailboxForm(FieldsPage):
    """The fields of one mailbox. Servers of well-known providers appear as soon as the address says who that is."""

    def __init__(self, box: Mailbox | None) -> None:
        by_account = box is not None and box.kind == BY_ACCOUNT
        title = _("Add a mailbox") if box is None else _("Mailbox {address}").format(address=box.address)
        super().__init__(_kind(by_account=by_account, edited=box is not None), title, values_of(box))
        self._found = ("", "")
        if box is None:
            self.inputs["address"].textEdited.connect(self._look)
        else:
            self.inputs["address"].setEnabled(False)

    def _look(self, address: str) -> None:
        """Fill in what is known; what was typed by hand stays."""
        provider = known(address)
        found = (provider.smtp, provider.imap) if provider else ("", "")
        for name, before, now in zip(_FOUND, self._found, found, strict=True):
            if self.inputs[name].text() == before:
                self.inputs[name].setText(now)
        self._found = found
        self.problem.say("info", provider.hint() if provider else "")


def _kind(*, by_account: bool, edited: bool) -> LinkKind:
    address = FieldKind(name="address", label=_("Address"), placeholder="name@example.org")
    name = FieldKind(name="name", label=_("Your name"), placeholder=_("as others see it"), required=False)
    if by_account:
        about = _("It sends through a linked account, with the permission you gave there.")
        return LinkKind(key="", provider="", name="", caption="", icon="mail", about=about, fields=(address, name))
    kept = _("as it was") if edited else ""
    reach = Rung(
        name=_("Send, and look for answers"), sees=_("Headers of new mail; whole only answers"), level=5,
        buys=_("Invitations from this address;answers are applied by themselves"),
    )  # fmt: skip
    return LinkKind(
        key="", provider="", name="", caption="", icon="mail",
        about=_("With the name and password of your mail program. It signs in first; nothing is stored when that fails."),
        fields=(
            address,
            name,
            FieldKind(name="password", label=_("Password"), placeholder=kept),
            FieldKind(name="smtp", label=_("Sends by"), placeholder="smtp.example.org:465"),
            FieldKind(name="imap", label=_("Looks into"), placeholder="imap.example.org:993", required=False),
            FieldKind(name="user", label=_("Signs in as"), placeholder=_("the address"), required=False),
        ),
        rungs=(reach,),
    )  # fmt: skip

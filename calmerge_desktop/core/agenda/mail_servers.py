"""What a person types about a mailbox, as a mailbox; and the servers of well-known providers, so that an address is enough.

The list is small and lies here: to ask a stranger's directory would tell it the address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.mail_ports import Mailbox
from calmerge_desktop.core.texts import _

TLS_PORTS = ("465", "993")
"""TLS from the first byte (RFC 8314 §3); elsewhere STARTTLS."""


@dataclass(frozen=True, slots=True)
class Known:
    """Servers of a provider as HOST:PORT, and what one must know. Without servers a password is of no use there."""

    smtp: str
    imap: str
    hint: Callable[[], str] = lambda: ""


def known(address: str) -> Known | None:
    """The servers of an address; None when we do not know its provider."""
    return _KNOWN.get(address.strip().lower().rpartition("@")[2])


def mailbox(
    address: str,
    name: str,
    smtp: str,
    imap: str,
    *,
    user: str | None = None,
    security: str | None = None,
    before: Mailbox | None = None,
) -> Mailbox:
    """A mailbox of servers written HOST:PORT; without `imap` it only sends. Raises `BadInput`.

    `security` (`starttls`, `tls`, `none`): as is usual for the port when not given, or as it was `before` at that server.
    """
    config = _place(smtp, "", security, before) | (_place(imap, "imap_", security, before) if imap.strip() else {})
    if user is not None:
        config["user"] = user
    return Mailbox(address.strip().lower(), " ".join(name.split()), "smtp", config)


def server_text(box: Mailbox, prefix: str = "") -> str:
    """A server as HOST:PORT, `prefix` `imap_` for the one that is looked into; empty when there is none."""
    host = box.config.get(f"{prefix}host", "")
    return f"{f'[{host}]' if ':' in host else host}:{box.config.get(f'{prefix}port', '')}" if host else ""


def _place(text: str, prefix: str, security: str | None, before: Mailbox | None) -> dict[str, str]:
    host, _colon, port = text.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536 or any(each.isspace() for each in host):
        raise BadInput(_("The server of a mailbox is written HOST:PORT."))
    kept = before.config.get(f"{prefix}security") if before and server_text(before, prefix) == text.strip() else None
    chosen = security or kept or ("tls" if port in TLS_PORTS else "starttls")
    return {f"{prefix}host": host, f"{prefix}port": port, f"{prefix}security": chosen}


def _app_password() -> str:
    return _("This provider wants an app password made in its settings, not the usual one.")


def _switch_on() -> str:
    return _("IMAP must be switched on in the settings of this provider’s web site first.")


def _google() -> str:
    return _("Easier: link your Google account and let it send. By password, Google wants an app password.")


def _microsoft() -> str:
    return _("Microsoft takes no passwords from programs. Link your Microsoft account instead, and let it send.")


_GMX = Known("mail.gmx.net:587", "imap.gmx.net:993", _switch_on)
_TELEKOM = Known("securesmtp.t-online.de:465", "secureimap.t-online.de:993")
_POSTEO = Known("posteo.de:465", "posteo.de:993")
_FASTMAIL = Known("smtp.fastmail.com:465", "imap.fastmail.com:993", _app_password)
_APPLE = Known("smtp.mail.me.com:587", "imap.mail.me.com:993", _app_password)
_YAHOO = Known("smtp.mail.yahoo.com:465", "imap.mail.yahoo.com:993", _app_password)
_GOOGLE = Known("smtp.gmail.com:465", "imap.gmail.com:993", _google)
_MICROSOFT = Known("", "", _microsoft)
_KNOWN: Mapping[str, Known] = {
    **dict.fromkeys(("gmx.de", "gmx.net", "gmx.at", "gmx.ch"), _GMX),
    "gmx.com": Known("mail.gmx.com:587", "imap.gmx.com:993", _switch_on),
    "web.de": Known("smtp.web.de:587", "imap.web.de:993", _switch_on),
    **dict.fromkeys(("t-online.de", "magenta.de"), _TELEKOM),
    "freenet.de": Known("smtp.freenet.de:465", "imap.freenet.de:993"),
    **dict.fromkeys(("posteo.de", "posteo.net"), _POSTEO),
    "mailbox.org": Known("smtp.mailbox.org:465", "imap.mailbox.org:993"),
    **dict.fromkeys(("fastmail.com", "fastmail.fm"), _FASTMAIL),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), _APPLE),
    **dict.fromkeys(("yahoo.com", "yahoo.de", "yahoo.co.uk", "yahoo.fr", "ymail.com"), _YAHOO),
    "aol.com": Known("smtp.aol.com:465", "imap.aol.com:993", _app_password),
    **dict.fromkeys(("gmail.com", "googlemail.com"), _GOOGLE),
    **dict.fromkeys(
        ("outlook.com", "outlook.de", "hotmail.com", "hotmail.de", "live.com", "live.de", "msn.com"), _MICROSOFT
    ),
}

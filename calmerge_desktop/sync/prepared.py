"""What a person typed or a sign-in found out, as an account: checked, in one spelling, and nothing asked over a network."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedAccount:
    """What the person typed, checked and in one spelling; nothing was asked over the network yet."""

    provider: str
    name: str
    """A first name; the source itself may know a better one."""
    address: str | None = None
    config: Mapping[str, str] = field(default_factory=dict)
    identity: str = ""
    """The same source linked twice has the same identity."""
    secret: str | None = field(default=None, repr=False)
    """A password that stood in the fields; it belongs into the SecretStore, never into the config."""


def feed(fields: Mapping[str, str]) -> PreparedAccount:
    """A web address, or a path of a file or folder."""
    typed = fields["url"]
    scheme = typed.partition(":")[0].lower() if "://" in typed else ""
    if not scheme or scheme == "file":
        return _path(typed, fields)
    if scheme not in ("http", "https", "webcal", "webcals"):
        raise BadInput(
            _("Addresses that begin with {scheme}:// cannot be read.").format(scheme=scheme),
            hint=_("Use http, https or webcal."),
        )
    rest = typed.partition("://")[2]
    insecure = scheme == "http" or (scheme == "webcal" and is_here(f"http://{rest}"))
    url, user, password = without_login(f"{'http' if insecure else 'https'}://{rest}")
    from calmerge_desktop.sync.providers.feed import feed_name

    user = fields.get("user") or user
    config = {"url": url} | ({"user": user} if user else {})
    return PreparedAccount(
        provider="feed",
        name=fields.get("name") or feed_name(url),
        address=_address(fields),
        config=config,
        identity=url,
        secret=fields.get("password") or password,
    )


def _path(typed: str, fields: Mapping[str, str]) -> PreparedAccount:
    text = unquote(urlsplit(typed).path) if typed.lower().startswith("file:") else typed
    path = Path(text).expanduser()
    if not path.exists():
        raise BadInput(_("There is no file or folder {path}.").format(path=path), hint=_("Check the spelling of the path."))
    path = path.resolve()
    if path.is_file() and path.stat().st_size:
        from calmerge_desktop.sync.files.disk import parse

        parse(path)  # a picture or a web page is refused now, not at the first read
    return PreparedAccount(
        provider="feed",
        name=fields.get("name") or path.stem or str(path),
        address=_address(fields),
        config={"path": str(path)},
        identity=str(path),
    )


def local(fields: Mapping[str, str]) -> PreparedAccount:
    """A folder of our own on this computer."""
    path = Path(fields["path"]).expanduser()
    if path.exists() and not path.is_dir():
        raise BadInput(_("{path} is no folder.").format(path=path))
    return PreparedAccount(
        provider="local",
        name=fields.get("name") or _("Calendar on this computer"),
        address=_address(fields),
        config={"path": str(path.absolute())},
        identity=str(path.absolute()),
    )


def caldav(fields: Mapping[str, str]) -> PreparedAccount:
    """A web address, a host, or a mail address whose domain has a server."""
    typed = fields["url"]
    if "://" not in typed:
        typed = typed.rpartition("@")[2]  # a mail address names its domain
        typed = f"{'http' if is_here(f'http://{typed}') else 'https'}://{typed}"
    scheme, _colon, rest = typed.partition("://")
    scheme = {"caldav": "https", "caldavs": "https"}.get(scheme.lower(), scheme.lower())
    if scheme not in ("http", "https"):
        raise BadInput(
            _("Addresses that begin with {scheme}:// cannot be read.").format(scheme=scheme), hint=_("Use https.")
        )
    url, user, password = without_login(f"{scheme}://{rest}")
    user = fields.get("user") or user
    if not user:
        raise BadInput(_("{kind} needs the field {field}.").format(kind=_("CalDAV server"), field="user"))
    host = urlsplit(url).hostname or url
    return PreparedAccount(
        provider="caldav",
        name=fields.get("name") or host,
        address=_address(fields) or (user.lower() if "@" in user else None),
        config={"url": url, "user": user},
        identity=f"{user}@{host}{urlsplit(url).path.rstrip('/')}",
        secret=fields.get("password") or password,
    )


def without_login(url: str) -> tuple[str, str | None, str | None]:
    """The address without `user:password@`, and those two."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise BadInput(_("This is no web address.")) from error
    if not host or any(each.isspace() for each in url):
        raise BadInput(_("This is no web address."))
    place = f"[{host}]" if ":" in host else host
    clean = parts._replace(netloc=place if port is None else f"{place}:{port}", path=parts.path or "/", fragment="")
    return clean.geturl(), unquote(parts.username or "") or None, unquote(parts.password or "") or None


def is_here(url: str) -> bool:
    """Whether an address is this machine, where plain http is safe."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _address(fields: Mapping[str, str]) -> str | None:
    return fields["address"].lower() if "address" in fields else None


def signed_in(provider: str, name: str, fields: Mapping[str, str]) -> PreparedAccount:
    """What the sign-in found out; there is nothing for a person to type. `name` is that of the service."""
    address = _address(fields)
    return PreparedAccount(
        provider=provider,
        name=fields.get("name") or address or name,
        address=address,
        config={"subject": fields["subject"]},
        identity=fields["subject"],
    )

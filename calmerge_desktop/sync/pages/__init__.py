"""Folders in which the guest's pages are kept: of this computer, or at a WebDAV server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.ports import PagePlace, Stop
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.prepared import is_here, without_login


def checked(typed: str, *, login: bool) -> str:
    """An address in one spelling; nothing is asked over a network. `login`: a password will be sent there.

    Raises `BadInput`.
    """
    if "://" not in typed:
        return str(Path(typed).expanduser().absolute())
    scheme = urlsplit(typed).scheme.lower()
    scheme = {"dav": "http", "davs": "https"}.get(scheme, scheme)
    if scheme not in ("http", "https"):
        raise BadInput(
            _("Addresses that begin with {scheme}:// cannot be written to.").format(scheme=scheme),
            hint=_("Name a folder, or an address that begins with https://."),
        )
    url, user, password = without_login(f"{scheme}://{typed.partition('://')[2]}")
    if user or password:
        raise BadInput(
            _("An address with a name or a password in it is not used."),
            hint=_("Use --user, and --password-stdin for the password."),
        )
    if login and scheme == "http" and not is_here(url):
        raise BadInput(_("A password is not sent over a connection that anybody can read."), hint=_("Use https."))
    return url.partition("?")[0].rstrip("/") + "/"


def open_place(address: str, user: str, password: str | None, stop: Stop) -> PagePlace:
    """The folder at an address that `checked` gave."""
    if "://" not in address:
        from calmerge_desktop.sync.pages.folder import Folder

        return Folder(Path(address))
    from calmerge_desktop.sync.pages.webdav import Webdav

    return Webdav(address, user, password, stop)

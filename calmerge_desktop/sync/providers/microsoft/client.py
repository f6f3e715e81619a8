"""The program's own registration at Microsoft (Entra): an id, the person's own or the one a build carries. No secret."""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Mapping
from urllib.parse import urlsplit

from calmerge_desktop import resources
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.http import is_loopback

CARRIED = "clients.json"
"""Written into the resources while a build runs, from `CALMERGE_MICROSOFT_CLIENT`; never in the repository."""
AUTHORITY = "CALMERGE_MICROSOFT_AUTHORITY"
"""Environment variable: another sign-in service, with or without a tenant."""
ENDPOINT = "CALMERGE_GRAPH_ENDPOINT"
"""Environment variable: another address in front of Graph, such as a proxy or a test's server."""
_USUAL_AUTHORITY = "https://login.microsoftonline.com"
_USUAL_ENDPOINT = "https://graph.microsoft.com"
_USUAL_TENANT = "common"
"""Work, school and personal accounts alike."""
_TENANT = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")


def carried() -> str | None:
    """The client id this build carries. Raises `BadInput` when what it carries is of no use."""
    try:
        found = json.loads(resources.path(CARRIED).read_text("utf-8"))["microsoft"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return checked(str(found))


def chosen(fields: Mapping[str, str]) -> str:
    """The client id in `client_id`, else the one this build carries. Raises `BadInput`."""
    if given := fields.get("client_id"):
        return checked(given)
    if found := carried():
        return found
    raise BadInput(
        _("This build carries no registration at Microsoft, so it needs yours."),
        hint=_("docs/microsoft.md leads through it; then give its id with --client-id."),
    )


def checked(text: str) -> str:
    """A client id in one spelling. Raises `BadInput`."""
    try:
        return str(uuid.UUID(text.strip()))
    except ValueError as error:
        raise BadInput(
            _("“{text}” is no client id of Microsoft.").format(text=text.strip()[:40]),
            hint=_("It is the “Application (client) ID” on the overview page of your app registration."),
        ) from error


def tenant(text: str) -> str:
    """Whose accounts may sign in: `common`, `organizations`, `consumers`, or one organisation's id or domain.

    Empty: as the environment says, else `common`. Raises `BadInput`.
    """
    given = text.strip().lower()
    if given and not _TENANT.fullmatch(given):
        raise BadInput(
            _("“{text}” is no tenant of Microsoft.").format(text=given[:40]),
            hint=_("Give common, organizations, consumers, or your organisation’s domain or directory (tenant) ID."),
        )
    return given


def authority(of: str = "") -> str:
    """Where people of a tenant sign in; a tenant that an account names wins over the environment's. Raises `BadInput`."""
    found = _address(AUTHORITY, _USUAL_AUTHORITY)
    parts = urlsplit(found)
    *before, named = parts.path.strip("/").split("/")
    path = "/".join([*before, of or named or _USUAL_TENANT])
    return parts._replace(path=f"/{path}").geturl()


def endpoint() -> str:
    """Where Graph is, without its version. Raises `BadInput`."""
    return _address(ENDPOINT, _USUAL_ENDPOINT).removesuffix("/v1.0")


def _address(name: str, usual: str) -> str:
    """An address out of the environment: protected, or this machine."""
    given = os.environ.get(name, "").strip().rstrip("/")
    if not given:
        return usual
    try:
        parts = urlsplit(given)
        sound = bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(given)))
    except ValueError:
        sound = False
    if not sound:
        raise BadInput(_("{name} is no usable address.").format(name=name), hint=_("Use https."))
    return given

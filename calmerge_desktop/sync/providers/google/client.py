"""The program's own registration at Google: the `client_secret_….json` of a desktop app, or the one a build carries.

The "secret" of a desktop app is none (RFC 8252 §8.5); Google's token endpoint wants it all the same. Whoever holds the
file can pose as this program, not as a person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from calmerge_desktop import resources
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.http import is_loopback

CARRIED = "clients.json"
"""Written into the resources while a build runs, from `CALMERGE_GOOGLE_CLIENT`; never in the repository."""
_REVOKE = "https://oauth2.googleapis.com/revoke"
_LARGEST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A desktop client. The addresses are those of its file."""

    client_id: str
    client_secret: str = field(repr=False)
    auth_uri: str
    token_uri: str

    @property
    def revoke_uri(self) -> str:
        """Where a token is given back. The file does not name it; another server's stands beside its token endpoint."""
        parts = urlsplit(self.token_uri)
        if (parts.hostname or "").endswith("googleapis.com"):
            return _REVOKE
        return parts._replace(path="/revoke", query="", fragment="").geturl()

    def as_config(self) -> dict[str, Any]:
        """In the form Google's library takes."""
        return {"installed": asdict(self)}


def read_client(path: str) -> Client:
    """The client in a file. Raises `BadInput` with one sentence on what is wrong with it."""
    place = Path(path).expanduser()
    try:
        data = place.read_bytes()[: _LARGEST + 1]
    except OSError as error:
        raise BadInput(_("The client file {path} cannot be read.").format(path=place), hint=_hint()) from error
    return parse_client(data.decode("utf-8-sig", "replace"), place.name)


def parse_client(text: str, name: str) -> Client:
    """The client in a text; `name` is for the sentence. Raises `BadInput`."""
    try:
        found = json.loads(text) if len(text) <= _LARGEST else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BadInput(_("{name} is no client file of Google: it is not whole JSON.").format(name=name), hint=_hint())
    if found.get("type") == "service_account":
        raise BadInput(
            _("{name} is the key of a service account, which cannot read a person’s calendars.").format(name=name),
            hint=_hint(),
        )
    if "web" in found:
        raise BadInput(
            _("{name} is a client for web sites; this program needs one of the type “Desktop app”.").format(name=name),
            hint=_hint(),
        )
    made = _made(found.get("installed"))
    if made is None:
        raise BadInput(_("{name} is no client file of Google for a desktop app.").format(name=name), hint=_hint())
    return made


def carried() -> Client | None:
    """The client this build carries. Raises `BadInput` when what it carries is of no use."""
    try:
        found = json.loads(resources.path(CARRIED).read_text("utf-8"))["google"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return parse_client(json.dumps(found), CARRIED)


def chosen(fields: Mapping[str, str]) -> Client:
    """The client of the file in `client_secrets`, else the one this build carries. Raises `BadInput`."""
    if path := fields.get("client_secrets"):
        return read_client(path)
    if found := carried():
        return found
    raise BadInput(
        _("This build carries no registration at Google, so it needs yours."),
        hint=_("docs/google.md leads through it; then give the file with --client-secrets."),
    )


def from_dict(held: Mapping[str, Any]) -> Client | None:
    """A client as it was kept."""
    return _made(held)


def _made(found: object) -> Client | None:
    if not isinstance(found, Mapping):
        return None
    texts = [found.get(key) for key in ("client_id", "client_secret", "auth_uri", "token_uri")]
    if not all(isinstance(each, str) and each.strip() for each in texts):
        return None
    client_id, client_secret, auth_uri, token_uri = map(str, texts)
    if not all(_is_safe(each) for each in (auth_uri, token_uri)):
        return None
    return Client(client_id=client_id, client_secret=client_secret, auth_uri=auth_uri, token_uri=token_uri)


def _is_safe(url: str) -> bool:
    """Tokens travel protected, or not at all beyond this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url)))


def _hint() -> str:
    return _("In the Google Cloud console create an OAuth client of the type “Desktop app” and download its JSON file.")

"""What is kept sealed for one account: the client, the tokens, and what they allow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from calmerge_desktop.core.errors import SignInNeeded
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.oauth.scopes import Level
from calmerge_desktop.sync.providers.google import client as clients
from calmerge_desktop.sync.providers.google.client import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Frozen: a renewal makes new ones."""

    client: Client
    refresh_token: str = field(repr=False)
    access_token: str = field(default="", repr=False)
    expires: int = 0
    """Instant by this machine's clock."""
    granted: tuple[str, ...] = ()
    """Scopes as Google said them, not as they were asked for."""
    asked: Level = Level.WRITE
    """The rung the person chose."""

    def text(self) -> str:
        """For the SecretStore."""
        return json.dumps(asdict(self), sort_keys=True)


def _client(held: Mapping[str, Any]) -> Client:
    found = clients.from_dict(held)
    if found is None:
        raise ValueError
    return found


def read_tokens(text: str | None) -> Tokens:
    """What was kept. Raises `SignInNeeded` when there is nothing, or nothing usable."""
    try:
        held = json.loads(text or "")
        client = _client(held["client"])
        return Tokens(
            client=client,
            refresh_token=str(held["refresh_token"]),
            access_token=str(held["access_token"]),
            expires=int(held["expires"]),
            granted=tuple(map(str, held["granted"])),
            asked=Level(held["asked"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise SignInNeeded(_("There is no sign-in for this Google account here."), hint=_("Sign in again.")) from error

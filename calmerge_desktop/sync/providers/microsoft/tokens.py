"""What is kept sealed for one account: msal's cache, the client it belongs to, and what the person chose."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from calmerge_desktop.core.errors import SignInNeeded
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.oauth.scopes import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Frozen: a renewal makes new ones."""

    client_id: str
    subject: str
    """msal's `home_account_id`: it outlives a change of address."""
    cache: str = field(repr=False)
    """msal's own serialized cache, with the refresh token."""
    access_token: str = field(default="", repr=False)
    expires: int = 0
    """Instant by this machine's clock; beside the cache, so that an ordinary visit need not ask msal."""
    granted: tuple[str, ...] = ()
    """Scopes as Microsoft said them, not as they were asked for."""
    asked: Level = Level.WRITE
    """The rung the person chose."""
    tenant: str = ""
    """Whose accounts the client takes, when the person had to say so."""

    def text(self) -> str:
        """For the SecretStore."""
        return json.dumps(asdict(self), sort_keys=True)


def read_tokens(text: str | None) -> Tokens:
    """What was kept. Raises `SignInNeeded` when there is nothing, or nothing usable."""
    try:
        held = json.loads(text or "")
        return Tokens(
            client_id=str(held["client_id"]),
            subject=str(held["subject"]),
            cache=str(held["cache"]),
            access_token=str(held["access_token"]),
            expires=int(held["expires"]),
            granted=tuple(map(str, held["granted"])),
            asked=Level(held["asked"]),
            tenant=str(held.get("tenant", "")),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise SignInNeeded(_("There is no sign-in for this Microsoft account here."), hint=_("Sign in again.")) from error

"""What a finished sign-in hands over, the same for every vendor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from calmerge_desktop.core.ports import Stop
from calmerge_desktop.sync.oauth.browser import Show


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Tokens in the hand of the person's program, and who they belong to."""

    secret: str = field(repr=False)
    """For the SecretStore and nowhere else: tokens, and the client they belong to."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """For `registry.prepare`: `subject` (the vendor's lasting number of the person), `address`, `level`."""
    notices: tuple[str, ...] = ()
    """Sentences for the person, such as a permission that was not given."""


SignIn = Callable[[Mapping[str, str], str | None, Show, Stop], SignedIn]
"""Sign in by what the person chose (`level`, `login_hint`, …). The second argument is the secret held so far, when it is the
same account again. Blocks until the person is done; raises words of `core.errors`."""

Keep = Callable[[str], None]
"""Keep a changed secret: tokens were renewed. From the thread the provider lives on."""

"""What other rooms implement and the core only names.

Terminology: a *calendar* is a collection of *resources*; a resource is everything with one UID (RFC 4791 §4.1) and is
addressed by its *href*; its *ETag* is its version; a *sync token* is the version of a whole calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from calmerge_desktop.core.model import (
    Delta,
    ETag,
    Href,
    RemoteCalendar,
    RemoteId,
    Resource,
    SyncToken,
)

Stop = Callable[[], None]
"""Called between steps of long work; raises `Cancelled` when it is time to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the provider made of a write. `etag` None means: read it back to know. `href` may differ from the wish."""

    href: Href
    etag: ETag | None


class CalendarProvider(Protocol):
    """One signed-in account at one provider. Made, used and closed on one thread.

    Every method may raise `SignInNeeded`, `AccessDenied`, `Offline`, `RateLimited`, `ServerTrouble`, `Cancelled`; no other
    vendor exception leaves an adapter.
    """

    def calendars(self, stop: Stop) -> list[RemoteCalendar]:
        """All calendars that can hold events, in the provider's order."""

    def changes(self, calendar: RemoteId, since: SyncToken | None, stop: Stop) -> Iterator[Delta]:
        """Pages of changes after `since` (everything when None); the last page has `last` and the next token.

        Nothing changed: one empty, last page that repeats the token. Raises `SyncTokenExpired` when `since` is of no
        use any more, `UnreadableCalendar` when the source is no calendar.
        """

    def fetch(self, calendar: RemoteId, href: Href) -> Resource | None:
        """The resource as it is there now; None when it is gone."""

    def put(self, calendar: RemoteId, resource: Resource, *, base: ETag | None, create: bool) -> Stored:
        """Create (`create`, fails with `EditConflict` if it exists) or replace the version `base`.

        Raises `EditConflict` when the resource is not at `base` any more, `ReadOnly`, `BadInput` when the provider
        refuses the data. Repeating a create that already succeeded with the same content is not an error.
        """

    def delete(self, calendar: RemoteId, href: Href, *, base: ETag | None) -> None:
        """Remove the version `base`. Gone already is fine; another version there raises `EditConflict`."""

    def poll_seconds(self, calendar: RemoteId) -> int | None:
        """What the source itself asks for between reads (REFRESH-INTERVAL), or None."""

    def close(self) -> None:
        """Give back connections and files."""


class SecretStore(Protocol):
    """Where passwords and tokens live. Values are opaque text."""

    def get(self, ref: str) -> str | None:
        """The secret under `ref`, None when there is none. Raises `SignInNeeded` when the store is locked for good."""

    def put(self, ref: str, secret: str) -> None:
        """Keep `secret` under `ref`, replacing what was there."""

    def delete(self, ref: str) -> None:
        """Forget `ref`; unknown is fine."""

    def describe(self) -> str:
        """One sentence for the person on where secrets are kept."""

"""Microsoft 365 and Outlook.com as an account. RemoteId: Graph's calendar id; Href: an immutable id of an event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from calmerge_desktop.core.errors import AccessDenied, ReadOnly
from calmerge_desktop.core.model import Account, Delta, ETag, Href, RemoteCalendar, RemoteId, Resource, SyncToken
from calmerge_desktop.core.ports import Stop, Stored
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock, now, system_tzid
from calmerge_desktop.sync.abilities import BusySpans
from calmerge_desktop.sync.http import never
from calmerge_desktop.sync.oauth.scopes import Level
from calmerge_desktop.sync.oauth.signed_in import Keep
from calmerge_desktop.sync.providers.microsoft import busy
from calmerge_desktop.sync.providers.microsoft.api import Api
from calmerge_desktop.sync.providers.microsoft.changes import Changes, resource
from calmerge_desktop.sync.providers.microsoft.reading import Reading
from calmerge_desktop.sync.providers.microsoft.scopes import reached
from calmerge_desktop.sync.providers.microsoft.tokens import read_tokens
from calmerge_desktop.sync.providers.microsoft.writing import Writing, wish_of


class MicrosoftProvider:
    """One person at Microsoft."""

    def __init__(
        self,
        account: Account,
        secret: str | None,
        keep: Keep | None = None,
        *,
        timeout: float | None = None,
        clock: Clock = now,
    ) -> None:
        """Raises `SignInNeeded` when there are no tokens. `timeout` is in seconds of silence."""
        tokens = read_tokens(secret)
        self._address = (account.address or "").lower()
        self._rung = reached(tokens.granted)
        self._clock = clock
        self._api = Api(tokens, keep, timeout=timeout)
        self._reading = Reading(self._api)

    def calendars(self, stop: Stop) -> list[RemoteCalendar]:
        """See `CalendarProvider.calendars`."""
        if self._rung is None:
            raise AccessDenied(_("CalMerge may not see your calendars at Microsoft."), hint=_("Sign in again and agree."))
        return self._reading.calendars(self._rung, stop)

    def changes(
        self, calendar: RemoteId, since: SyncToken | None, known: Mapping[Href, ETag | None], stop: Stop
    ) -> Iterator[Delta]:
        """See `CalendarProvider.changes`."""
        return Changes(self._reading, calendar, self._address, self._clock, stop).since(since, known)

    def fetch(self, calendar: RemoteId, href: Href) -> Resource | None:
        """See `CalendarProvider.fetch`."""
        found = self._reading.series(calendar, href, never)
        return resource(found, self._address) if found.master is not None else None

    def put(self, calendar: RemoteId, resource: Resource, *, base: ETag | None, create: bool) -> Stored:
        """See `CalendarProvider.put`. Outlook words events in its own way, so what it made of it is always read back.

        Only the person's own PARTSTAT changed: that is an answer, and the mailbox tells the organizer.
        """
        self._may_write()
        wish = wish_of(resource.ics, system_tzid())
        writing = self._writing(calendar)
        return writing.create(wish) if create else writing.change(resource.href, wish, base)

    def delete(self, calendar: RemoteId, href: Href, *, base: ETag | None) -> None:
        """See `CalendarProvider.delete`."""
        self._may_write()
        self._writing(calendar).delete(href, base)

    def busy(self, addresses: Sequence[str], low: int, high: int, stop: Stop) -> Mapping[str, BusySpans | None]:
        """See `abilities.KnowsOthers`."""
        return busy.ask(self._api, addresses, low, high, stop)

    def poll_seconds(self, calendar: RemoteId) -> int | None:  # noqa: ARG002  # the port names it
        """Microsoft asks for nothing."""
        return None

    def interrupt(self) -> None:
        """Stop waiting for Microsoft. From any thread."""
        self._api.interrupt()

    def close(self) -> None:
        """Close connections."""
        self._api.close()

    def _writing(self, calendar: RemoteId) -> Writing:
        return Writing(self._api, self._reading, calendar, address=self._address, stop=never)

    def _may_write(self) -> None:
        if self._rung is None or self._rung.rank < Level.WRITE.rank:
            raise ReadOnly(_("Microsoft gave no permission to change events."), hint=_("Sign in again and agree to it."))


def open_microsoft(account: Account, secret: str | None, keep: Keep | None = None) -> MicrosoftProvider:
    """The account whose tokens are in `secret`."""
    return MicrosoftProvider(account, secret, keep)

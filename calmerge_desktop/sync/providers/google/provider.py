"""Google Calendar as an account. RemoteId: Google's calendar id (`primary` for the person's own); Href: an event's id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from calmerge_desktop.core.errors import AccessDenied, ReadOnly
from calmerge_desktop.core.model import Account, Delta, ETag, Href, RemoteCalendar, RemoteId, Resource, SyncToken
from calmerge_desktop.core.ports import Stop, Stored
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.abilities import BusySpans
from calmerge_desktop.sync.http import never
from calmerge_desktop.sync.oauth.scopes import Level
from calmerge_desktop.sync.oauth.signed_in import Keep
from calmerge_desktop.sync.providers.google import busy
from calmerge_desktop.sync.providers.google.api import Api
from calmerge_desktop.sync.providers.google.changes import Changes, resource
from calmerge_desktop.sync.providers.google.reading import Reading
from calmerge_desktop.sync.providers.google.scopes import may_ask_busy, reached
from calmerge_desktop.sync.providers.google.tokens import read_tokens
from calmerge_desktop.sync.providers.google.writing import Writing, wish_of


class GoogleProvider:
    """One person at Google."""

    def __init__(
        self, account: Account, secret: str | None, keep: Keep | None = None, *, timeout: float | None = None
    ) -> None:
        """Raises `SignInNeeded` when there are no tokens. `timeout` is in seconds of silence."""
        tokens = read_tokens(secret)
        self._address = account.address
        self._rung = reached(tokens.granted)
        self._granted = tokens.granted
        self._api = Api(tokens, keep, timeout=timeout)
        self._reading = Reading(self._api)
        self._zones: dict[RemoteId, str] = {}
        self._written: dict[tuple[RemoteId, Href], ETag] = {}

    def calendars(self, stop: Stop) -> list[RemoteCalendar]:
        """See `CalendarProvider.calendars`."""
        if self._rung is None:
            raise AccessDenied(
                _("CalMerge may not see the list of your Google calendars."), hint=_("Sign in again and tick every box.")
            )
        found = self._reading.calendars(self._rung, stop)
        self._zones = {each.remote_id: each.tzid for each, _entry in found if each.tzid}
        return [each for each, _entry in found]

    def changes(
        self, calendar: RemoteId, since: SyncToken | None, known: Mapping[Href, ETag | None], stop: Stop
    ) -> Iterator[Delta]:
        """See `CalendarProvider.changes`."""
        return Changes(self._reading, calendar, stop).since(since, known)

    def fetch(self, calendar: RemoteId, href: Href) -> Resource | None:
        """See `CalendarProvider.fetch`."""
        found = self._reading.series(calendar, href, never, known=self._written.pop((calendar, href), None))
        return resource(found) if found.alive else None

    def put(self, calendar: RemoteId, resource: Resource, *, base: ETag | None, create: bool) -> Stored:
        """See `CalendarProvider.put`. Google words events in its own way, so what it made of it is always read back."""
        self._may_write()
        wish = wish_of(resource.ics, self._floating(calendar, resource.ics))
        writing = self._writing(calendar)
        href = writing.create(wish) if create else writing.change(resource.href, wish, base)
        if base is not None:
            self._written[calendar, href] = base  # it is read back next, and must not lose pieces that base had
        return Stored(href=href, etag=None)

    def delete(self, calendar: RemoteId, href: Href, *, base: ETag | None) -> None:
        """See `CalendarProvider.delete`."""
        self._may_write()
        self._writing(calendar).delete(href, base)

    def busy(self, addresses: Sequence[str], low: int, high: int, stop: Stop) -> Mapping[str, BusySpans | None]:
        """See `abilities.KnowsOthers`."""
        if not may_ask_busy(self._granted):
            raise AccessDenied(
                _("CalMerge may not ask Google when others are busy."), hint=_("Sign in again and tick every box.")
            )
        return busy.ask(self._api, addresses, low, high, stop)

    def poll_seconds(self, calendar: RemoteId) -> int | None:  # noqa: ARG002  # the port names it
        """Google asks for nothing."""
        return None

    def interrupt(self) -> None:
        """Stop waiting for Google. From any thread."""
        self._api.interrupt()

    def close(self) -> None:
        """Close connections."""
        self._api.close()

    def _writing(self, calendar: RemoteId) -> Writing:
        return Writing(self._api, self._reading, calendar, address=self._address, stop=never)

    def _may_write(self) -> None:
        if self._rung is None or self._rung.rank < Level.WRITE.rank:
            raise ReadOnly(
                _("Google gave no permission to change events."), hint=_("Sign in again and tick the box for it.")
            )

    def _floating(self, calendar: RemoteId, ics: str) -> str:
        """The zone for times without one, asked only when there is such a time."""
        if calendar not in self._zones and _has_floating(ics):
            self._zones[calendar] = self._reading.zone(calendar, never)
        return self._zones.get(calendar, "UTC")


def open_google(account: Account, secret: str | None, keep: Keep | None = None) -> GoogleProvider:
    """The account whose tokens are in `secret`."""
    return GoogleProvider(account, secret, keep)


def _has_floating(ics: str) -> bool:
    from calmerge_desktop.core.ics.read import read

    return any(each.start.tzid is None and not each.start.all_day for each in read(ics).events)

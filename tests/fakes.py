"""Memory and a server without disk or network, which keep the promises of `core.ports`."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from calmerge_desktop.core.errors import BadInput, CalmergeError, Cancelled, EditConflict, Offline, SyncTokenExpired
from calmerge_desktop.core.model import (
    Access,
    Account,
    AccountId,
    Calendar,
    CalendarId,
    Changed,
    Delta,
    ETag,
    Href,
    Progress,
    RemoteCalendar,
    RemoteId,
    Resource,
    SourceStatus,
    SyncToken,
)
from calmerge_desktop.core.ports import Applied, Itself, Listener, PendingWrite, Stop, Stored


class FakeStore:
    """`SyncStore` in dictionaries; every call must come from one thread."""

    def __init__(self, *accounts: Account) -> None:
        self.held = {each.id: each for each in accounts}
        self.lists: dict[AccountId, list[Calendar]] = {each.id: [] for each in accounts}
        self.resources: dict[CalendarId, dict[Href, Resource]] = {}
        self.tokens: dict[CalendarId, SyncToken] = {}
        self.states: dict[str, SourceStatus] = {}
        self.writes: dict[int, PendingWrite] = {}
        self.refused: dict[int, str] = {}
        self.conflicts: dict[int, Resource | None] = {}
        self.learned: dict[AccountId, Itself] = {}
        self.log: list[str] = []
        self.foreseen: list[tuple[CalendarId, tuple[Resource, ...]]] = []
        self.expected: list[int] = []
        self._owner = threading.get_ident()
        self._ids = itertools.count(1)

    def handed_over(self) -> None:
        """From now on the calling thread is the sync thread."""
        self._owner = threading.get_ident()

    def _here(self) -> None:
        assert threading.get_ident() == self._owner, "the store belongs to the sync thread"

    def foresee(self, pages: Sequence[tuple[CalendarId, Sequence[Resource]]]) -> None:
        """See `SyncStore`."""
        self._here()
        self.foreseen += [(id, tuple(page)) for id, page in pages]

    def expect(self, weight: int) -> None:
        """See `SyncStore`."""
        self._here()
        self.expected.append(weight)

    def housekeep(self) -> None:
        """Nothing is kept that could go stale."""
        self._here()

    def accounts(self) -> Sequence[Account]:
        self._here()
        return list(self.held.values())

    def calendars(self, account: AccountId) -> Sequence[Calendar]:
        self._here()
        return list(self.lists[account])

    def learn(self, account: AccountId, itself: Itself) -> None:
        self._here()
        self.learned[account] = itself

    def list_calendars(self, account: AccountId, found: Sequence[RemoteCalendar]) -> Sequence[Calendar]:
        self._here()
        self.lists[account] = [
            Calendar(
                id=CalendarId(f"c-{account}-{each.remote_id}"),
                account_id=account,
                remote_id=each.remote_id,
                name=each.name,
                color="#000000",
                access=each.access,
                url=each.url,
            )
            for each in found
        ]
        ids = {each.id for each in self.lists[account]}
        for gone in [each for each in self.resources if each.startswith(f"c-{account}-") and each not in ids]:
            del self.resources[gone]
            self.tokens.pop(gone, None)
        return list(self.lists[account])

    def token(self, calendar: CalendarId) -> SyncToken | None:
        self._here()
        return self.tokens.get(calendar)

    def known(self, calendar: CalendarId) -> Mapping[Href, ETag | None]:
        self._here()
        return {href: each.etag for href, each in self.resources.get(calendar, {}).items()}

    def apply(self, calendar: CalendarId, page: Delta, keep: Collection[Href] | None = None) -> Applied:
        self._here()
        held = self.resources.setdefault(calendar, {})
        added = updated = 0
        for each in page.upserts:
            added += each.href not in held
            updated += each.href in held
            held[each.href] = each
        gone = {href for href in page.removals if href in held}
        if keep is not None:
            gone |= held.keys() - set(keep)
        for href in gone:
            del held[href]
        if page.next_token is not None:
            self.tokens[calendar] = page.next_token
        return Applied(added=added, updated=updated, removed=len(gone))

    def forget_token(self, calendar: CalendarId) -> None:
        self._here()
        self.log.append("forget_token")
        self.tokens.pop(calendar, None)

    def status(self, of: AccountId | CalendarId) -> SourceStatus | None:
        self._here()
        return self.states.get(of)

    def set_status(self, of: AccountId | CalendarId, status: SourceStatus) -> None:
        self._here()
        self.states[of] = status

    def outbox(self, account: AccountId, now: int) -> Sequence[PendingWrite]:
        self._here()
        ids = {each.id for each in self.lists[account]}
        rows: dict[Href, PendingWrite] = {}
        for number, row in self.writes.items():
            if row.calendar in ids and row.not_before <= now and number not in self.refused and number not in self.conflicts:
                rows.setdefault(row.href, row)
        return list(rows.values())

    def sending(self, write: int) -> PendingWrite | None:
        self._here()
        self.log.append("sending")
        return self.writes.get(write)

    def sent(self, write: int, resource: Resource | None) -> None:
        self._here()
        row = self.writes.pop(write)
        held = self.resources.setdefault(row.calendar, {})
        held.pop(row.href, None)
        if resource:
            held[resource.href] = resource

    def postpone(self, write: int, not_before: int, reason: str) -> None:
        self._here()
        self.writes[write] = replace(self.writes[write], not_before=not_before, tries=self.writes[write].tries + 1)

    def refuse(self, write: int, reason: str) -> None:
        self._here()
        self.refused[write] = reason

    def conflict(self, write: int, theirs: Resource | None) -> None:
        self._here()
        self.conflicts[write] = theirs

    def edit(
        self, calendar: Calendar, href: str, ics: str | None, *, base: Resource | None = None, create: bool = False
    ) -> int:
        """Put a write into the outbox, as the agenda does."""
        number = next(self._ids)
        self.writes[number] = PendingWrite(
            id=number,
            calendar=calendar.id,
            remote_id=calendar.remote_id,
            href=Href(href),
            ics=ics,
            base=base.etag if base else None,
            base_ics=base.ics if base else None,
            create=create,
            tries=0,
            not_before=0,
        )
        return number


@dataclass
class FakeServer:
    """What several sessions of `FakeProvider` talk to: calendars with versions, and faults that tests switch on."""

    calendars: dict[RemoteId, dict[Href, Resource]] = field(default_factory=dict)
    history: dict[RemoteId, list[Href]] = field(default_factory=dict)
    fail: dict[str, list[Exception]] = field(default_factory=dict)
    """Method name -> errors to raise, one a call."""
    lose_answers: int = 0
    """So many writes take effect and then the connection breaks."""
    silent_etag: bool = False
    hang: threading.Event | None = None
    """When set, listing waits for it."""
    expired: bool = False
    page: int = 100
    calls: list[str] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    hanging: threading.Event = field(default_factory=threading.Event)
    _versions: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def set(self, calendar: str, href: str, ics: str | None) -> Resource | None:
        """Someone else changes something."""
        held = self.calendars.setdefault(RemoteId(calendar), {})
        self.history.setdefault(RemoteId(calendar), []).append(Href(href))
        if ics is None:
            held.pop(Href(href), None)
            return None
        held[Href(href)] = Resource(href=Href(href), ics=ics, etag=ETag(f'"{next(self._versions)}"'))
        return held[Href(href)]


class FakeProvider:
    """A session at a `FakeServer`."""

    def __init__(self, server: FakeServer) -> None:
        self.server = server
        self._interrupted = threading.Event()
        self._owner = threading.get_ident()
        server.opened += 1

    def _call(self, name: str) -> None:
        assert threading.get_ident() == self._owner, "a provider stays on the thread that made it"
        self.server.calls.append(name)
        if errors := self.server.fail.get(name):
            raise errors.pop(0)

    def calendars(self, stop: Stop) -> list[RemoteCalendar]:
        self._call("calendars")
        if self.server.hang:
            self.server.hanging.set()
            while not self.server.hang.wait(0.01):
                if self._interrupted.is_set():
                    raise Cancelled("Stopped.")
        return [RemoteCalendar(remote_id=each, name=str(each), access=Access.WRITE) for each in self.server.calendars]

    def changes(
        self, calendar: RemoteId, since: SyncToken | None, known: Mapping[Href, ETag | None], stop: Stop
    ) -> Iterator[Delta]:
        self._call("changes")
        if since is not None and self.server.expired:
            raise SyncTokenExpired
        held = self.server.calendars[calendar]
        history = self.server.history.get(calendar, [])
        token = SyncToken(str(len(history)))
        names = list(held) if since is None else list(dict.fromkeys(history[int(since) :]))
        fresh = [held[name] for name in names if name in held and known.get(name) != held[name].etag]
        for start in range(0, len(fresh), self.server.page):
            self._call("page")
            stop()
            yield Delta(
                upserts=tuple(fresh[start : start + self.server.page]), full=since is None, last=False, total=len(fresh)
            )
        if since is None:
            same = tuple(name for name in names if held[name] not in fresh)
            yield Delta(unchanged=same, full=True, next_token=token)
        else:
            yield Delta(removals=tuple(name for name in names if name not in held), next_token=token)

    def fetch(self, calendar: RemoteId, href: Href) -> Resource | None:
        self._call("fetch")
        return self.server.calendars[calendar].get(href)

    def put(self, calendar: RemoteId, resource: Resource, *, base: ETag | None, create: bool) -> Stored:
        self._call("put")
        there = self.server.calendars[calendar].get(resource.href)
        if create and there and there.ics == resource.ics:
            return Stored(href=there.href, etag=there.etag)
        if (create and there) or (not create and (there is None or there.etag != base)):
            raise EditConflict("It was changed.")
        if "REFUSED" in resource.ics:
            raise BadInput("The server refuses it.")
        stored = self.server.set(calendar, resource.href, resource.ics)
        self._lose()
        return Stored(href=resource.href, etag=None if self.server.silent_etag or not stored else stored.etag)

    def delete(self, calendar: RemoteId, href: Href, *, base: ETag | None) -> None:
        self._call("delete")
        there = self.server.calendars[calendar].get(href)
        if there and base is not None and there.etag != base:
            raise EditConflict("It was changed.")
        if there:
            self.server.set(calendar, href, None)
        self._lose()

    def poll_seconds(self, calendar: RemoteId) -> int | None:
        return None

    def interrupt(self) -> None:
        self._interrupted.set()

    def close(self) -> None:
        self.server.closed += 1

    def _lose(self) -> None:
        if self.server.lose_answers:
            self.server.lose_answers -= 1
            raise Offline("The connection broke off.")


@dataclass
class Heard:
    """A listener that remembers."""

    changes: list[Changed] = field(default_factory=list)
    steps: list[Progress] = field(default_factory=list)
    idles: int = 0
    idle: threading.Event = field(default_factory=threading.Event)

    def listener(self) -> Listener:
        return Listener(changed=self.changes.append, progress=self.steps.append, idle=self._idle)

    def _idle(self) -> None:
        self.idles += 1
        self.idle.set()


def refusing(error: CalmergeError) -> FakeServer:
    """A server that answers every listing with `error`."""
    return FakeServer(fail={"calendars": [error] * 100})

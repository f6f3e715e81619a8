"""What the first frame needs to know of both files: accounts, calendars, unsent versions, states and numbers.

Straight from `sqlite3`, as in `window.py`: SQLAlchemy takes longer to import than the whole window to appear (measured), and
these fixed statements leave it nothing to do. `Store` builds its engines when something is written, or something else is
read.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from calmerge_desktop.core.model import (
    Access,
    Account,
    AccountId,
    Calendar,
    CalendarId,
    Href,
    RemoteId,
    SetAside,
    SourceState,
    SourceStatus,
)
from calmerge_desktop.core.store.files import translated

_T = TypeVar("_T")
_CALENDARS = (
    "SELECT c.id, c.account, c.remote_id, coalesce(c.own_name, c.name), coalesce(c.own_color, c.color), c.access, c.visible,"
    " c.busy, c.is_default, c.tzid, c.position, c.url FROM calendar c JOIN account a ON a.id = c.account"
    " WHERE c.account = ?1 OR ?1 IS NULL ORDER BY a.position, c.position"
)


class Pending(NamedTuple):
    """An unsent version of a resource: it is what the person sees."""

    id: int
    calendar: CalendarId
    href: Href
    key: str
    ics: str | None
    """None: deleted here."""
    state: str
    """`waiting`, `sending`, `refused` or `conflict`."""
    reason: str | None
    theirs: str | None


class First:
    """Reads both files on any thread, each with connections of its own. Raises what `files.translated` raises."""

    def __init__(self, cache: Path, ledger: Path) -> None:
        self._paths = {"cache": cache, "ledger": ledger}
        self._local = threading.local()

    # --- ledger -----------------------------------------------------------------------------------------------------

    def accounts(self) -> list[Account]:
        """All accounts in the person's order."""
        sql = "SELECT id, provider, name, address, config FROM account ORDER BY position"
        return self._rows("ledger", sql, (), _account)

    def calendars(self, account: AccountId | None = None) -> list[Calendar]:
        """Calendars of one account or all, accounts in order, then as the provider orders them."""
        return self._rows("ledger", _CALENDARS, (account,), _calendar)

    def pending(self) -> list[Pending]:
        """The newest unsent version of every resource that has one."""
        sql = "SELECT id, calendar, href, key, ics, state, reason, theirs FROM outbox ORDER BY id"
        return list({one.key: one for one in self._rows("ledger", sql, (), Pending)}.values())

    def waiting(self) -> int:
        """How many changes have not arrived, those that wait for the person included."""
        return self._rows("ledger", "SELECT count(*) FROM outbox", (), int)[0]

    # --- cache ------------------------------------------------------------------------------------------------------

    def statuses(self) -> dict[str, SourceStatus]:
        """State of every account and calendar that has one."""
        return dict(
            self._rows(
                "cache",
                "SELECT of, state, as_of, reason, kind, retry_at FROM status",
                (),
                lambda of, state, as_of, reason, kind, retry_at: (
                    of,
                    SourceStatus(state=SourceState(state), as_of=as_of, reason=reason, kind=kind, retry_at=retry_at),
                ),
            )
        )

    def counts(self) -> dict[CalendarId, int]:
        """Resources by calendar."""
        sql = "SELECT b.calendar, n FROM (SELECT book, count(*) n FROM resource GROUP BY book) JOIN book b ON b.id = book"
        return dict(self._rows("cache", sql, (), lambda calendar, n: (CalendarId(calendar), n)))

    def set_aside(self) -> list[SetAside]:
        """Everything that could not be read."""
        return self._rows(
            "cache",
            "SELECT b.calendar, s.href, s.reason FROM set_aside s JOIN book b ON b.id = s.book",
            (),
            lambda calendar, href, reason: SetAside(calendar=CalendarId(calendar), href=Href(href), reason=reason),
        )

    # ----------------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Give back the connections of this thread."""
        while self._local.__dict__:
            self._local.__dict__.popitem()[1].close()

    def _rows(self, file: str, sql: str, arguments: tuple[Any, ...], made: Callable[..., _T]) -> list[_T]:
        with translated(self._paths[file]):
            connection = self._local.__dict__.get(file)
            if connection is None:
                uri = f"{self._paths[file].absolute().as_uri()}?mode=ro"
                connection = sqlite3.connect(uri, uri=True, timeout=15, isolation_level=None)
                self._local.__dict__[file] = connection
            return [made(*row) for row in connection.execute(sql, arguments)]


def _account(id: str, provider: str, name: str, address: str | None, config: str) -> Account:
    return Account(id=AccountId(id), provider=provider, name=name, address=address, config=json.loads(config))


def _calendar(
    id: str,
    account: str,
    remote_id: str,
    name: str,
    color: str,
    access: str,
    visible: int,
    busy: int,
    default: int,
    tzid: str | None,
    position: int,
    url: str,
) -> Calendar:
    return Calendar(
        id=CalendarId(id),
        account_id=AccountId(account),
        remote_id=RemoteId(remote_id),
        name=name,
        color=color,
        access=Access(access),
        visible=bool(visible),
        busy=bool(busy),
        default=bool(default),
        tzid=tzid,
        position=position,
        url=url,
    )

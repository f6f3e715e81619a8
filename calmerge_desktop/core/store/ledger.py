"""What is ours and never lost: accounts, roles of calendars, the outbox, the journal. Rows <-> model.

Calls come from the query thread (the person's wishes) and the sync thread (what became of them); each is one transaction.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b32encode
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, select, update

from calmerge_desktop.core.errors import UnknownId
from calmerge_desktop.core.model import (
    Access,
    Account,
    AccountId,
    Calendar,
    CalendarId,
    RemoteCalendar,
    RemoteId,
)
from calmerge_desktop.core.ports import Itself
from calmerge_desktop.core.store import tables as t
from calmerge_desktop.core.store.files import writing
from calmerge_desktop.core.texts import _

PALETTE = ("#2F6FED", "#7A4FE0", "#C77A00", "#128A87", "#D63B5C", "#1F9254", "#7A8494")
"""Colours given to calendars that bring none, in turn."""


class Ledger:
    """Writes accounts and calendars; `first.py` reads them, the outbox and the journal are in `outbox.py`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    # --- accounts ---------------------------------------------------------------------------------------------------

    def add_account(self, account: Account) -> None:
        """Keep a new account, last in order."""
        with writing(self.engine) as connection:
            last = connection.scalar(select(func.max(t.account.c.position))) or 0
            connection.execute(
                t.account.insert().values(
                    id=account.id,
                    provider=account.provider,
                    name=account.name,
                    address=account.address,
                    config=json.dumps(dict(account.config), sort_keys=True),
                    position=last + 1,
                )
            )

    def change_account(self, account: AccountId, name: str, address: str) -> None:
        """The same account under another name and address."""
        with writing(self.engine) as connection:
            connection.execute(update(t.account).where(t.account.c.id == account).values(name=name, address=address))

    def learn(self, account: AccountId, itself: Itself) -> None:
        """Keep what the server says about the account. An address the person gave stays."""
        with writing(self.engine) as connection:
            row = connection.execute(select(t.account).where(t.account.c.id == account)).first()
            if row is None:
                return  # removed while it was asked
            config = json.loads(row.config) | {"schedules": "yes" if itself.schedules else "no"}
            after = {"address": row.address or itself.address, "config": json.dumps(config, sort_keys=True)}
            if after != {"address": row.address, "config": row.config}:
                connection.execute(update(t.account).where(t.account.c.id == account).values(**after))

    def remove_account(self, account: AccountId) -> list[CalendarId]:
        """Forget an account with its calendars, their outbox included; returns the calendars. Raises `UnknownId`."""
        with writing(self.engine) as connection:
            ids = connection.execute(select(t.calendar.c.id).where(t.calendar.c.account == account)).scalars().all()
            if not connection.execute(delete(t.account).where(t.account.c.id == account)).rowcount:
                raise UnknownId(_("There is no account “{id}”.").format(id=account))
            return [CalendarId(id) for id in ids]

    # --- calendars --------------------------------------------------------------------------------------------------

    def list_calendars(self, account: AccountId, found: Sequence[RemoteCalendar]) -> list[CalendarId]:
        """Take over a listing; returns calendars that are gone now, whose copies are of no use any more.

        They are forgotten with their roles, unless changes of the person wait in them: then they stay, as `Access.GONE`,
        and the changes wait for the person. A calendar that comes back takes them after all.
        """
        with writing(self.engine) as connection:
            rows = connection.execute(select(t.calendar).where(t.calendar.c.account == account)).all()
            there = {row.remote_id: row for row in rows}
            total = connection.scalar(select(func.count()).select_from(t.calendar)) or 0
            for position, remote in enumerate(found):
                values = {
                    "name": remote.name,
                    "access": remote.access.value,
                    "tzid": remote.tzid,
                    "url": remote.url,
                    "position": position,
                }
                if row := there.pop(remote.remote_id, None):
                    if remote.color:
                        values["color"] = remote.color
                    connection.execute(update(t.calendar).where(t.calendar.c.id == row.id).values(**values))
                    if row.access == Access.GONE:
                        _send_again(connection, row.id)
                else:
                    self._add_calendar(connection, account, remote, values, total)
                    total += 1
            for row in there.values():
                _keep_changes(connection, row)
            _forget_empty(connection)
            return [CalendarId(row.id) for row in there.values() if row.access != Access.GONE]

    def forget_gone(self) -> None:
        """Calendars that were kept for the person's changes go with the last of them."""
        with writing(self.engine) as connection:
            _forget_empty(connection)

    def change_calendar(self, calendar: CalendarId, values: dict[str, Any]) -> Calendar:
        """Set columns of a calendar; `is_default` moves the mark here. Raises `UnknownId`."""
        with writing(self.engine) as connection:
            if values.get("is_default"):
                connection.execute(update(t.calendar).values(is_default=False))
            if values:
                connection.execute(update(t.calendar).where(t.calendar.c.id == calendar).values(**values))
            row = connection.execute(select(t.calendar).where(t.calendar.c.id == calendar)).first()
        if row is None:
            raise UnknownId(_("There is no calendar “{id}”.").format(id=calendar))
        return _calendar(row)

    def _add_calendar(
        self, connection: Connection, account: AccountId, remote: RemoteCalendar, values: dict[str, Any], total: int
    ) -> None:
        writable = remote.access is Access.WRITE
        has_default = connection.scalar(select(func.count()).where(t.calendar.c.is_default))
        connection.execute(
            t.calendar.insert().values(
                id=calendar_id(account, remote.remote_id),
                account=account,
                remote_id=remote.remote_id,
                color=remote.color or PALETTE[total % len(PALETTE)],
                visible=True,
                busy=True,
                is_default=writable and not has_default,
                **values,
            )
        )


def _keep_changes(connection: Connection, row: Any) -> None:
    """A calendar is not listed any more: nothing is sent to it, and what waits needs the person."""
    values = {"access": Access.GONE.value, "is_default": False}
    connection.execute(update(t.calendar).where(t.calendar.c.id == row.id).values(**values))
    reason = _("The calendar “{name}” was deleted or is not shared with you any more. Your change is kept here.")
    said = reason.format(name=row.own_name or row.name)
    mine = t.outbox.c.calendar == row.id
    _only_newest(connection, mine)
    connection.execute(update(t.outbox).where(mine).values(state="refused", reason=said, theirs=None, theirs_etag=None))


def _only_newest(connection: Connection, mine: ColumnElement[bool]) -> None:
    """One write an event: the newest, on what the oldest was made on, for whether that one arrived cannot be known now."""
    oldest: dict[str, Any] = {}
    newest: dict[str, Any] = {}
    for row in connection.execute(select(t.outbox).where(mine).order_by(t.outbox.c.id)).all():
        oldest.setdefault(row.key, row)
        if row.key in newest:
            connection.execute(delete(t.outbox).where(t.outbox.c.id == newest[row.key].id))
        newest[row.key] = row
    for key, row in newest.items():
        base = {name: getattr(oldest[key], name) for name in ("base", "base_ics", "creates")}
        connection.execute(update(t.outbox).where(t.outbox.c.id == row.id).values(**base))


def _send_again(connection: Connection, calendar: str) -> None:
    """It is there again, so the changes that waited for it go out."""
    values: dict[str, Any] = {"state": "waiting", "reason": None, "not_before": 0, "tries": 0}
    connection.execute(update(t.outbox).where(t.outbox.c.calendar == calendar).values(**values))


def _forget_empty(connection: Connection) -> None:
    waiting = select(t.outbox.c.calendar)
    connection.execute(delete(t.calendar).where(t.calendar.c.access == Access.GONE.value, t.calendar.c.id.not_in(waiting)))


def calendar_id(account: AccountId, remote_id: RemoteId) -> CalendarId:
    """Short id of a calendar, the same whenever it is listed again."""
    digest = hashlib.blake2b(f"{account}\n{remote_id}".encode(), digest_size=5).digest()
    return CalendarId("c-" + b32encode(digest).decode().rstrip("=").lower())


def _calendar(row: Any) -> Calendar:
    return Calendar(
        id=CalendarId(row.id),
        account_id=AccountId(row.account),
        remote_id=RemoteId(row.remote_id),
        name=row.own_name or row.name,
        color=row.own_color or row.color,
        access=Access(row.access),
        visible=row.visible,
        busy=row.busy,
        default=row.is_default,
        tzid=row.tzid,
        position=row.position,
        url=row.url,
    )

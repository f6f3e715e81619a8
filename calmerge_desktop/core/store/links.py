"""What one may book: rules of calendars, schedules, booking links, bookings. Rows <-> model.

Links and schedules are kept as JSON of the same plain values that TOML files hold, so there is one form to keep true.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.plain import from_plain, to_plain
from calmerge_desktop.core.availability.plain_schedule import schedule_from_plain, schedule_to_plain
from calmerge_desktop.core.availability.schedule import Schedule
from calmerge_desktop.core.availability.slots import Booking
from calmerge_desktop.core.errors import BadInput, UnknownId
from calmerge_desktop.core.freebusy import AllDay, Blocking, Unreadable
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.store import tables as t
from calmerge_desktop.core.store.files import writing
from calmerge_desktop.core.texts import _


class Links:
    """Reads and writes; each call is one transaction, on any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # --- rules of calendars -----------------------------------------------------------------------------------------

    def blocking(self) -> Mapping[CalendarId, Blocking]:
        """Calendars with other rules than the usual ones."""
        with self._engine.connect() as connection:
            return {
                CalendarId(row.calendar): Blocking(
                    all_day=AllDay(row.all_day),
                    tentative=row.tentative,
                    unanswered=row.unanswered,
                    unreadable=Unreadable(row.unreadable),
                )
                for row in connection.execute(select(t.blocking))
            }

    def set_blocking(self, calendar: CalendarId, rule: Blocking) -> None:
        """Keep the rules of a calendar."""
        values = {
            "all_day": rule.all_day.value,
            "tentative": rule.tentative,
            "unanswered": rule.unanswered,
            "unreadable": rule.unreadable.value,
        }
        with writing(self._engine) as connection:
            made = insert(t.blocking).values(calendar=calendar, **values)
            connection.execute(made.on_conflict_do_update(index_elements=["calendar"], set_=values))

    # --- schedules --------------------------------------------------------------------------------------------------

    def schedules(self) -> Sequence[Schedule]:
        """In the person's order; the first is the usual one."""
        return [replace(schedule_from_plain(body), id=id) for id, body in self._bodies(t.schedule)]

    def keep_schedule(self, schedule: Schedule) -> None:
        """Add or replace by id. Raises `BadInput` when another one has the name."""
        self._keep(t.schedule, schedule.id, schedule.name, schedule_to_plain(schedule))

    def drop_schedule(self, id: str) -> None:
        """Forget. Raises `UnknownId`."""
        self._drop(t.schedule, id, _("There is no schedule “{id}”."))

    # --- links ------------------------------------------------------------------------------------------------------

    def links(self) -> Sequence[Link]:
        """In the person's order."""
        return [replace(from_plain(body), id=id) for id, body in self._bodies(t.link)]

    def keep_link(self, link: Link) -> None:
        """Add or replace by id. Raises `BadInput` when another link has the slug."""
        self._keep(t.link, link.id, link.slug, to_plain(link))

    def drop_link(self, id: str) -> None:
        """Forget; its bookings stay. Raises `UnknownId`."""
        self._drop(t.link, id, _("There is no booking link “{id}”."))

    def bookings(self, link: str, states: Collection[str] = ("pending", "accepted")) -> Sequence[Booking]:
        """Bookings of a link in these states, by start."""
        wanted = select(t.booking).where(t.booking.c.link == link, t.booking.c.state.in_(states))
        with self._engine.connect() as connection:
            return [
                Booking(row.start, row.end, row.state, row.event, row.before, row.after)
                for row in connection.execute(wanted.order_by(t.booking.c.start))
            ]

    # --- rows -------------------------------------------------------------------------------------------------------

    def _bodies(self, table: Table) -> list[tuple[str, dict[str, Any]]]:
        with self._engine.connect() as connection:
            rows = connection.execute(select(table.c.id, table.c.body).order_by(table.c.position))
            return [(row.id, json.loads(row.body)) for row in rows]

    def _keep(self, table: Table, id: str, name: str, body: Mapping[str, Any]) -> None:
        with writing(self._engine) as connection:
            if connection.scalar(select(func.count()).where(table.c.name == name, table.c.id != id)):
                raise BadInput(_("The name “{name}” is taken.").format(name=name))
            values = {"name": name, "body": json.dumps(body, ensure_ascii=False, sort_keys=True)}
            made = insert(table).values(id=id, position=_last(connection, table) + 1, **values)
            connection.execute(made.on_conflict_do_update(index_elements=["id"], set_=values))

    def _drop(self, table: Table, id: str, sentence: str) -> None:
        with writing(self._engine) as connection:
            if not connection.execute(delete(table).where(table.c.id == id)).rowcount:
                raise UnknownId(sentence.format(id=id[:60]))


def _last(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.max(table.c.position))) or 0

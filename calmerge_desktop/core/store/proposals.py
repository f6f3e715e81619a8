"""Proposals in the ledger. Rows <-> model; a step from state to state is one conditional update, so two never both win."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, literal_column, select, update

from calmerge_desktop.core.errors import Conflict
from calmerge_desktop.core.mail_ports import Letter
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.proposal.model import Past, Proposal, State, check_step
from calmerge_desktop.core.store import tables as t
from calmerge_desktop.core.store.files import writing
from calmerge_desktop.core.store.post import add_letters
from calmerge_desktop.core.texts import _

_COLUMNS = ("id", "state", "created", "expires", "chosen", "offering", "history")
_ADDED: ColumnElement[int] = literal_column("rowid")
"""The order they were kept in."""
_CHOSEN = (State.BOOKING.value, State.BOOKED.value)


class Proposals:
    """Reads and writes; each call is one transaction, on any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list(self) -> Sequence[Proposal]:
        """All, newest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(t.proposal).order_by(t.proposal.c.created.desc(), _ADDED.desc()))
            return [_proposal(row) for row in rows]

    def get(self, id: str) -> Proposal | None:
        """By id."""
        with self._engine.connect() as connection:
            row = connection.execute(select(t.proposal).where(t.proposal.c.id == id)).first()
        return _proposal(row) if row else None

    def offering(self, offering: str) -> Sequence[Proposal]:
        """The proposals that share these times, in the order of the wish."""
        with self._engine.connect() as connection:
            wanted = select(t.proposal).where(t.proposal.c.offering == offering).order_by(_ADDED)
            return [_proposal(row) for row in connection.execute(wanted)]

    def add(
        self, proposals: Sequence[Proposal], letters: Sequence[Letter] = (), *, instead_of: Proposal | None = None
    ) -> None:
        """Keep new ones with the letters that tell of them, all or nothing.

        `instead_of` is replaced by them in the same transaction. Raises `Conflict` when it is in another state by now.
        """
        with writing(self._engine) as connection:
            if instead_of is not None:
                check_step(instead_of.state, State.REPLACED)
                _step(connection, instead_of.id, instead_of.state, State.REPLACED, None, proposals[0].created)
            for one in proposals:
                connection.execute(t.proposal.insert().values(_row(one)))
            add_letters(connection, letters)

    def step(self, id: str, before: State, after: State, chosen: int | None = None, *, at: int, first: bool = False) -> None:
        """From one state to the next at an instant. Raises `Conflict` when it is not legal, or somebody else made another.

        `first`: only when no other guest of the same offering has the time `chosen`; checked in the same transaction.
        """
        check_step(before, after)
        with writing(self._engine) as connection:
            if first:
                mine = select(t.proposal.c.offering).where(t.proposal.c.id == id).scalar_subquery()
                other = (t.proposal.c.offering == mine) & (t.proposal.c.id != id) & (t.proposal.c.chosen == chosen)
                if connection.execute(select(t.proposal.c.id).where(other, t.proposal.c.state.in_(_CHOSEN))).first():
                    raise Conflict(_("Somebody else chose this time first."))
            _step(connection, id, before, after, chosen, at)

    def bring_back(self, old: str, after: State, new: str, *, at: int) -> None:
        """`old` stands again as before it was replaced by `new`, which is withdrawn. Raises `Conflict`."""
        with writing(self._engine) as connection:
            state = State(connection.execute(select(t.proposal.c.state).where(t.proposal.c.id == new)).scalar_one())
            check_step(state, State.WITHDRAWN)
            check_step(State.REPLACED, after)
            _step(connection, new, state, State.WITHDRAWN, None, at)
            _step(connection, old, State.REPLACED, after, None, at)

    def answer(self, id: str) -> str:
        """What the guest wrote and the person has not decided on; empty when there is nothing."""
        with self._engine.connect() as connection:
            return connection.scalar(select(t.proposal.c.answer).where(t.proposal.c.id == id)) or ""

    def set_answer(self, id: str, answer: str) -> None:
        """Keep what the guest wrote."""
        with writing(self._engine) as connection:
            connection.execute(update(t.proposal).where(t.proposal.c.id == id).values(answer=answer or None))


def _step(connection: Connection, id: str, before: State, after: State, chosen: int | None, at: int) -> None:
    wanted = (t.proposal.c.id == id) & (t.proposal.c.state == before.value)
    history = connection.scalar(select(t.proposal.c.history).where(wanted))
    if history is None:
        raise Conflict(_("The proposal changed in the meantime."))
    past = json.dumps([*json.loads(history), [at, after.value]])
    connection.execute(update(t.proposal).where(wanted).values(state=after.value, chosen=chosen, history=past))


def _row(one: Proposal) -> dict[str, object]:
    body = {name: value for name, value in asdict(one).items() if name not in _COLUMNS}
    return {
        "id": one.id,
        "state": one.state.value,
        "guest": one.to,
        "created": one.created,
        "expires": one.expires,
        "chosen": one.chosen,
        "offering": one.offering or one.id,
        "history": json.dumps([[past.at, past.state.value] for past in one.history]),
        "body": json.dumps(body, sort_keys=True),
    }


def _proposal(row: Any) -> Proposal:
    body = json.loads(row.body)
    body["slots"] = tuple((start, end) for start, end in body["slots"])
    body["busy"] = tuple(CalendarId(one) for one in body["busy"])
    body["calendar"] = CalendarId(body["calendar"])
    body["thread"] = tuple(body.get("thread", ()))
    return Proposal(
        id=row.id,
        state=State(row.state),
        created=row.created,
        expires=row.expires,
        chosen=row.chosen,
        offering=row.offering or row.id,
        history=tuple(Past(at, State(state)) for at, state in json.loads(row.history)),
        **body,
    )

"""Proposals in the ledger. Rows <-> model; a step from state to state is one conditional update, so two never both win."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine, select, update

from calmerge_desktop.core.errors import Conflict
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.proposal.model import Proposal, State, check_step
from calmerge_desktop.core.store import tables as t
from calmerge_desktop.core.store.files import writing
from calmerge_desktop.core.texts import _

_COLUMNS = ("id", "state", "created", "expires", "chosen")


class Proposals:
    """Reads and writes; each call is one transaction, on any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list(self) -> Sequence[Proposal]:
        """All, newest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(t.proposal).order_by(t.proposal.c.created.desc(), t.proposal.c.id))
            return [_proposal(row) for row in rows]

    def get(self, id: str) -> Proposal | None:
        """By id."""
        with self._engine.connect() as connection:
            row = connection.execute(select(t.proposal).where(t.proposal.c.id == id)).first()
        return _proposal(row) if row else None

    def add(self, proposal: Proposal) -> None:
        """Keep a new one."""
        body = {name: value for name, value in asdict(proposal).items() if name not in _COLUMNS}
        with writing(self._engine) as connection:
            connection.execute(
                t.proposal.insert().values(
                    id=proposal.id,
                    state=proposal.state.value,
                    guest=proposal.to,
                    created=proposal.created,
                    expires=proposal.expires,
                    chosen=proposal.chosen,
                    body=json.dumps(body, sort_keys=True),
                )
            )

    def step(self, id: str, before: State, after: State, chosen: int | None = None) -> None:
        """From one state to the next. Raises `Conflict` when it is not legal, or somebody else made another step."""
        check_step(before, after)
        with writing(self._engine) as connection:
            wanted = (t.proposal.c.id == id) & (t.proposal.c.state == before.value)
            made = update(t.proposal).where(wanted).values(state=after.value, chosen=chosen)
            if not connection.execute(made).rowcount:
                raise Conflict(_("The proposal changed in the meantime."))

    def answer(self, id: str) -> str:
        """What the guest wrote and the person has not decided on; empty when there is nothing."""
        with self._engine.connect() as connection:
            return connection.scalar(select(t.proposal.c.answer).where(t.proposal.c.id == id)) or ""

    def set_answer(self, id: str, answer: str) -> None:
        """Keep what the guest wrote."""
        with writing(self._engine) as connection:
            connection.execute(update(t.proposal).where(t.proposal.c.id == id).values(answer=answer or None))


def _proposal(row: Any) -> Proposal:
    body = json.loads(row.body)
    body["slots"] = tuple((start, end) for start, end in body["slots"])
    body["busy"] = tuple(CalendarId(one) for one in body["busy"])
    body["calendar"] = CalendarId(body["calendar"])
    state = State(row.state)
    return Proposal(id=row.id, state=state, created=row.created, expires=row.expires, chosen=row.chosen, **body)

"""Pages that are kept in folders. Rows <-> model."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from calmerge_desktop.core.proposal.published import Published, from_plain, to_plain
from calmerge_desktop.core.store import tables as t
from calmerge_desktop.core.store.files import writing


class Pages:
    """Reads and writes; each call is one transaction, on any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list(self) -> Sequence[Published]:
        """All, by id."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(t.published).order_by(t.published.c.id))
            return [from_plain(row.id, json.loads(row.body)) for row in rows]

    def keep(self, page: Published) -> None:
        """Add or replace by id."""
        body = json.dumps(to_plain(page), ensure_ascii=False, sort_keys=True)
        with writing(self._engine) as connection:
            made = insert(t.published).values(id=page.id, body=body)
            connection.execute(made.on_conflict_do_update(index_elements=["id"], set_={"body": body}))

    def drop(self, id: str) -> None:
        """Forget; unknown is fine."""
        with writing(self._engine) as connection:
            connection.execute(delete(t.published).where(t.published.c.id == id))

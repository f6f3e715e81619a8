"""The person's own words for offers, in the ledger: by language, only the fields that are not ours."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from calmerge_desktop.core.store import tables as t
from calmerge_desktop.core.store.files import writing


class Templates:
    """Reads and writes; each call is one transaction, on any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def own(self, language: str) -> Mapping[str, str]:
        """Own fields of a language; empty when every word is ours."""
        with self._engine.connect() as connection:
            body = connection.scalar(select(t.template.c.body).where(t.template.c.language == language))
        return {str(name): str(text) for name, text in json.loads(body).items()} if body else {}

    def keep(self, language: str, own: Mapping[str, str]) -> None:
        """Exactly these fields are the person's own; none: all are ours again."""
        with writing(self._engine) as connection:
            if not own:
                connection.execute(delete(t.template).where(t.template.c.language == language))
                return
            body = json.dumps(dict(own), ensure_ascii=False, sort_keys=True)
            made = insert(t.template).values(language=language, body=body)
            connection.execute(made.on_conflict_do_update(index_elements=["language"], set_={"body": body}))

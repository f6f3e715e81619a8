"""Bringing the ledger to the version this program writes, with a copy of the file before each step."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from calmerge_desktop.core.errors import CalmergeError, NewerDatabase
from calmerge_desktop.core.store.files import engine, translated
from calmerge_desktop.core.texts import _

HEAD = "0008"
"""Newest step; tests hold it against the migrations folder."""
_KEPT = 5  # copies


def bring_up(path: Path) -> None:
    """Create the ledger or move it step by step to `HEAD`.

    Raises `NewerDatabase` for a file of a later version, `Damaged` for a damaged one.
    """
    there = _version(path)
    if there == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    steps = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    if there is not None and there not in steps:
        raise NewerDatabase(
            _("Your data was written by a newer CalMerge."), hint=_("Install the newer version; nothing was changed.")
        )
    made = engine(path)
    before = there  # a ledger that is being made needs no copies of its beginnings
    try:
        for step in steps[steps.index(there) + 1 if there else 0 :]:
            if before is not None and there is not None:
                _copy(path, there)
            with made.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                config.attributes["connection"] = connection
                command.upgrade(config, step)
                if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
                    connection.exec_driver_sql("COMMIT")
            there = step
    finally:
        made.dispose()


def _version(path: Path) -> str | None:
    """Step the file is at; None when there is no ledger yet. Reads with `sqlite3` so that a start needs no Alembic."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    with translated(path):
        connection = sqlite3.connect(path, timeout=15)
        try:
            found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if found else None
        finally:
            connection.close()
    return str(row[0]) if row else None


def _copy(path: Path, version: str) -> None:
    """A whole copy beside the file; the oldest of too many goes."""
    target = path.with_name(f"{path.stem}.before-{version}-{datetime.now(UTC):%Y%m%d-%H%M%S}{path.suffix}")
    source, copy = sqlite3.connect(path), sqlite3.connect(target)
    try:
        with translated(path):
            source.backup(copy)
    except CalmergeError:
        target.unlink(missing_ok=True)
        raise
    finally:
        source.close()
        copy.close()
    for old in sorted(path.parent.glob(f"{path.stem}.before-*{path.suffix}"))[:-_KEPT]:
        old.unlink()

"""Opening the two SQLite files: pragmas, layout versions, damage.

Raises `Busy` when another process holds a file too long, `NewerDatabase` for a ledger of a later version, `DiskFull`,
`Damaged`, and `BadInput` when the folder cannot be written. SQLite finds most damage only when it reads the page in
question, so a damaged cache leaves a mark beside it: the next start puts the file aside and begins a new one.
SQLAlchemy is imported only to make an engine: an existing profile opens without it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from calmerge_desktop.core.errors import BadInput, Busy, CalmergeError, Damaged, DiskFull
from calmerge_desktop.core.texts import _

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import ExceptionContext

CACHE_FILE = "cache.sqlite"
LEDGER_FILE = "ledger.sqlite"
CACHE_LAYOUT = 2
"""Raise it with every change of a cache table or of what is written into one: caches of another layout are dropped."""
_KEPT = 3  # damaged caches
_PRAGMAS = """PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;
PRAGMA cache_size=-64000; PRAGMA wal_autocheckpoint=4000; PRAGMA temp_store=MEMORY;"""
"""SQLite's own 2 MB of pages make an import of 100,000 events write the same pages again and again."""
_CACHE_PAGE = 8192
"""Bytes. Series are rows all over the table of occurrences: pages twice as large are split and written half as often."""
_WAIT = 15.0
"""Seconds a writer waits for another one."""


def engine(path: Path, *, durable: bool = False) -> Engine:
    """An engine with WAL, foreign keys and a wait for other writers; every transaction that writes begins IMMEDIATE.

    `durable`: a transaction survives the loss of power. What SQLite complains about leaves as one of `core.errors`.
    """
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import QueuePool

    synchronous = "FULL" if durable else "NORMAL"
    made = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=8,
        connect_args={"timeout": _WAIT, "check_same_thread": False},
    )

    @event.listens_for(made, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours, see below
        connection.executescript(f"{_PRAGMAS} PRAGMA synchronous={synchronous};")

    @event.listens_for(made, "handle_error")
    def _explain(context: ExceptionContext) -> None:
        if isinstance(context.original_exception, sqlite3.DatabaseError):
            raise explained(context.original_exception, path) from context.original_exception

    return made


@contextmanager
def writing(made: Engine) -> Iterator[Connection]:
    """One write transaction; what SQLite complains about becomes a sentence."""
    with made.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            driver: sqlite3.Connection | None = connection.connection.driver_connection  # ours
            if driver is not None and driver.in_transaction:  # a full disk ends it by itself
                with suppress(CalmergeError):
                    connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """SQLite's failures with the file `path` as ours: locked, full, read-only, damaged."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise explained(error, path) from error


def explained(error: sqlite3.DatabaseError, path: Path) -> BaseException:
    """What a failure of SQLite means for the person; the failure itself when it is a bug of ours."""
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return Busy(_("Another CalMerge is writing to the same data. This is tried again."))
    if "full" in text or "disk i/o error" in text:
        return DiskFull(
            _("The disk is full, or does not take what is written."), hint=_("Make some room; nothing was lost.")
        )
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return BadInput(_("The data folder cannot be written."), hint=_("Check its permissions."))
    if "malformed" in text or "not a database" in text:
        return damaged(path)
    return error


def damaged(path: Path) -> Damaged:
    """What to say of a damaged file; a cache is marked to be put aside by the next start."""
    if path.name != CACHE_FILE:
        return Damaged(
            _("Your data file {name} is damaged and was not touched.").format(name=path.name),
            hint=_("Restore a backup with: calmerge restore FILE. Copies from before updates lie beside it."),
        )
    with suppress(OSError):
        _mark(path).touch()
    return Damaged(
        _("The copy of your calendars is damaged; what is yours is not."),
        hint=_("Start CalMerge again: it is then read anew from the providers."),
    )


def _mark(path: Path) -> Path:
    return path.with_name(path.name + ".damaged")


def open_cache(path: Path) -> str | None:
    """Make the cache anew when its layout is another one or it is damaged; then a sentence that says so."""
    notice = None
    layout = _layout(path) if path.exists() else 0
    if layout is None:
        kept = path.with_name(f"{path.stem}.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}{path.suffix}")
        with _writable(path):
            import shutil

            shutil.move(path, kept)
            _mark(path).unlink(missing_ok=True)
            for old in sorted(path.parent.glob(f"{path.stem}.damaged-*{path.suffix}"))[:-_KEPT]:
                old.unlink()
        notice = _("The copy of your calendars was damaged. It is kept as {name} and read again from the providers.").format(
            name=kept.name
        )
    if layout == CACHE_LAYOUT:
        return notice  # nothing is written, so that a full disk can still be looked at
    if layout != 0:
        with _writable(path):
            for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
                leftover.unlink(missing_ok=True)
    _create(path)
    return notice


def _create(path: Path) -> None:
    from calmerge_desktop.core.store import tables

    with translated(path), closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as first:
        first.executescript(f"PRAGMA page_size={_CACHE_PAGE}; VACUUM;")  # before anything else, or it stays what it is
    made = engine(path)
    try:
        with writing(made) as connection:
            tables.cache.create_all(connection)
            connection.exec_driver_sql(tables.SEARCH)
            connection.exec_driver_sql(f"PRAGMA user_version={CACHE_LAYOUT}")
    finally:
        made.dispose()


def _layout(path: Path) -> int | None:
    """`user_version` of a cache file; None when it is damaged."""
    if _mark(path).exists():
        return None
    try:
        connection = sqlite3.connect(path, timeout=_WAIT)
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if version == CACHE_LAYOUT:
                connection.execute("SELECT key FROM meta LIMIT 1").fetchone()
                connection.execute("SELECT kind FROM occ LIMIT 1").fetchone()
                connection.execute("SELECT kind FROM vevent LIMIT 1").fetchone()
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        found = explained(error, path)
        if isinstance(found, Damaged) or "no such" in str(error):  # a table of ours is missing
            return None
        raise found from error
    except sqlite3.DatabaseError:
        return None
    return version


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadInput(_("“{name}” cannot be written.").format(name=path.name), hint=_("Check its permissions.")) from error

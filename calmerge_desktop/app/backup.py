"""A profile in one file and back: ledger, settings and own calendars. No secrets, and no copy of what providers hold."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from calmerge_desktop.app.lock import ProfileLock
from calmerge_desktop.app.paths import Folders
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.store import CACHE_FILE, LEDGER_FILE
from calmerge_desktop.core.store.files import translated
from calmerge_desktop.core.store.migrate import bring_up
from calmerge_desktop.core.texts import _

_SETTINGS = "settings.json"
_CALENDARS = "calendars"
_LIMIT = 4 << 30
_KEPT_AS, _ABSENT = "kept-as", ".absent"


def write(where: Folders, path: Path) -> list[str]:
    """Write the backup of a profile, whole or not at all; returns the names inside. Raises `BadInput`."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=where.data) as folder:
            copy = Path(folder) / LEDGER_FILE
            source, target = sqlite3.connect(where.data / LEDGER_FILE), sqlite3.connect(copy)
            try:
                with translated(where.data / LEDGER_FILE):
                    source.backup(target)  # a consistent copy, also while a window writes
            finally:
                source.close()
                target.close()
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(copy, LEDGER_FILE)
                if where.settings.exists():
                    archive.write(where.settings, _SETTINGS)
                for file in sorted(where.calendars.rglob("*")):
                    if file.is_file():
                        archive.write(file, str(PurePosixPath(_CALENDARS, *file.relative_to(where.calendars).parts)))
                names = archive.namelist()
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise BadInput(_("“{name}” cannot be written.").format(name=path.name)) from error
    return names


def take_back(where: Folders, path: Path) -> str:
    """Replace a profile by a backup. Raises `BadInput` (nothing is changed then) or `Busy` when the profile is in use.

    What was there is moved into a folder beside it, whose name is returned. The backup is made ready in a folder first; from
    the moment that has its final name, whoever opens the profile carries the rest out (`finish`).
    """
    lock = ProfileLock(where.data / "sync.lock")
    lock.acquire()
    try:
        with tempfile.TemporaryDirectory(dir=where.data) as folder:
            fresh = Path(folder) / where.restoring.name
            fresh.mkdir()
            _unpack(path, fresh)
            bring_up(fresh / LEDGER_FILE)
            for name in (_SETTINGS, _CALENDARS):
                if not (fresh / name).exists():
                    (fresh / (name + _ABSENT)).touch()
            kept = f"before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}"
            (fresh / _KEPT_AS).write_text(kept, encoding="utf-8")
            fresh.replace(where.restoring)
        _carry_out(where)
    finally:
        lock.release()
    return kept


def finish(where: Folders) -> None:
    """Carry out a restore that was cut off. Raises `Busy` while another process is at it."""
    if not where.restoring.exists():
        return
    lock = ProfileLock(where.data / "sync.lock")
    lock.acquire()
    try:
        _carry_out(where)
    finally:
        lock.release()


def _carry_out(where: Folders) -> None:
    """Each step can be cut off and done again."""
    ready = where.restoring
    if (ready / _KEPT_AS).exists():
        kept = where.data / (ready / _KEPT_AS).read_text(encoding="utf-8")
        kept.mkdir(exist_ok=True)
        if (ready / LEDGER_FILE).exists():
            for name in (CACHE_FILE, LEDGER_FILE):
                for file in where.data.glob(name + "*"):
                    shutil.move(file, kept / file.name)
            shutil.move(ready / LEDGER_FILE, where.data / LEDGER_FILE)
        _swap(where.settings, ready / _SETTINGS, kept)
        _swap(where.calendars, ready / _CALENDARS, kept)
    shutil.rmtree(ready)


def _unpack(path: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if LEDGER_FILE not in archive.namelist() or sum(info.file_size for info in infos) > _LIMIT:
                raise BadInput(_("“{name}” is no backup of CalMerge.").format(name=path.name))
            for info in infos:
                parts = PurePosixPath(info.filename).parts
                safe = ".." not in parts and not info.filename.startswith("/") and ":" not in info.filename
                if safe and (info.filename in (LEDGER_FILE, _SETTINGS) or parts[0] == _CALENDARS):
                    archive.extract(info, folder)
            if archive.testzip() is not None:
                raise BadInput(_("“{name}” is damaged.").format(name=path.name))
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise BadInput(_("“{name}” is no backup of CalMerge.").format(name=path.name)) from error


def _swap(old: Path, new: Path, kept: Path) -> None:
    absent = new.with_name(new.name + _ABSENT)
    if not new.exists() and not absent.exists():
        return  # was done
    if old.exists() and not (kept / old.name).exists():
        shutil.move(old, kept / old.name)
    if new.exists():
        shutil.move(new, old)
    absent.unlink(missing_ok=True)

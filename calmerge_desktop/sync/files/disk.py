"""Reading and writing one .ics file on disk: what it is, whether it changed, and a write that never leaves half a file."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from calmerge_desktop.core.errors import AccessDenied, EditConflict, NothingThere, UnreadableCalendar
from calmerge_desktop.core.ics.split import Stream, decode, split_bytes
from calmerge_desktop.core.model import ETag
from calmerge_desktop.core.texts import _

FILE_MEGABYTES = 150
"""A larger file is refused: reading takes about four times its size of memory."""
_RACE = 2_000_000_000
"""Nanoseconds. A file changed this recently may change again without a new time and size: it is read again next time."""
_UIDS = re.compile(r"^UID(?:;[^:\r\n]*)?:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_NAMED = re.compile(r"^(?:NAME|X-WR-CALNAME)(?:;[^:\r\n]*)?:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)

ParsedFiles = dict[Path, tuple[str, str, Stream]]
"""Stamp, digest and content of files that one session read already."""

_seen: dict[Path, Scan] = {}
_saved: set[Path] = set()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a file is, without its content."""

    stamp: str
    """`mtime_ns:size`, empty when the file was too young to be sure."""
    stream: bool = False
    """A calendar of its own: it has a name or more than one resource."""
    name: str | None = None
    color: str | None = None
    tzid: str | None = None
    uid: str = ""
    """Of a file with one resource."""
    etag: ETag | None = None
    problem: str | None = None
    """Why it cannot be read, for the person."""


def stamp(path: Path) -> str:
    """`mtime_ns:size`. Raises `NothingThere` when the file is gone."""
    try:
        stat = path.stat()
    except OSError as error:
        raise unavailable(path, error) from error
    return f"{stat.st_mtime_ns}:{stat.st_size}"


def settled(mark: str) -> bool:
    """Whether a stamp is old enough to prove later that nothing changed."""
    return time.time_ns() - int(mark.split(":", maxsplit=1)[0]) > _RACE


def load(path: Path) -> bytes:
    """The bytes of a file. Raises `NothingThere`, `AccessDenied`, `UnreadableCalendar` (too large)."""
    try:
        if path.stat().st_size > FILE_MEGABYTES * 1_000_000:
            raise UnreadableCalendar(_("{name} is larger than {size} MB.").format(name=path.name, size=FILE_MEGABYTES))
        return path.read_bytes()
    except OSError as error:
        raise unavailable(path, error) from error


def parse(path: Path) -> Stream:
    """The file's resources. Raises what `load` raises, and `UnreadableCalendar` naming the file."""
    return parse_bytes(path, load(path))


def parse_bytes(path: Path, data: bytes) -> Stream:
    """`data` of the file `path` as resources. Raises `UnreadableCalendar` naming the file."""
    try:
        return split_bytes(data)
    except UnreadableCalendar as error:
        raise UnreadableCalendar(
            _("{name} cannot be read: {why}").format(name=path.name, why=error.message), hint=error.hint
        ) from error


def scan(path: Path, parsed: ParsedFiles | None = None) -> Scan:
    """What the file is; read only when it changed since this process saw it last. A file that is gone has a `problem`.

    A calendar of its own that had to be read is left in `parsed`, so that the session need not read it twice.
    """
    try:
        mark = stamp(path)
    except (NothingThere, AccessDenied) as error:
        return Scan(stamp="", problem=error.message)
    with _lock:
        before = _seen.get(path)
    if before and before.stamp == mark:
        return before
    found = _look(path, mark, before, parsed)
    with _lock:
        _seen[path] = found
    return found


def digest(data: bytes) -> str:
    """A short hash of a file's bytes."""
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def replace(path: Path, data: bytes, *, expect: str | None) -> None:
    """Put `data` in place of the file at once or not at all, also when the power fails.

    `expect` is the stamp the change was made on (None: no file). Raises `EditConflict` when another program was faster.
    """
    target = path.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".calmerge-", suffix=".tmp")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if (stamp(target) if target.exists() else None) != expect:
                raise EditConflict(_("{name} was changed by another program.").format(name=path.name))
            if expect is None:
                temporary.chmod(0o600)
            else:
                shutil.copymode(target, temporary)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)
    except OSError as error:
        raise unavailable(path, error) from error


def keep_copy(path: Path) -> None:
    """Keep the file as it was before our first change of this session, beside it as `NAME.bak`."""
    with _lock:
        if path in _saved:
            return
        _saved.add(path)
    try:
        shutil.copy2(path, path.with_name(path.name + ".bak"))
    except OSError as error:
        raise unavailable(path, error) from error


def remove(path: Path) -> None:
    """Delete a file; gone already is fine."""
    try:
        path.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise unavailable(path, error) from error


def unavailable(path: Path, error: OSError) -> NothingThere | AccessDenied:
    """What an error of the file system means for the person."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return NothingThere(
            _("{name} is not there any more.").format(name=path.name),
            hint=_("Check whether it was moved, or a drive is missing."),
        )
    if isinstance(error, PermissionError):
        return AccessDenied(_("This computer does not let us read or write {name}.").format(name=path.name))
    why = error.strerror or type(error).__name__
    return AccessDenied(_("{name} cannot be used: {why}.").format(name=path.name, why=why))


def _look(path: Path, seen_at: str, before: Scan | None, parsed: ParsedFiles | None) -> Scan:
    mark = seen_at if settled(seen_at) else ""
    try:
        data = load(path)
    except (NothingThere, AccessDenied, UnreadableCalendar) as error:
        return _broken("", error.message, before)
    try:
        stream = parse_bytes(path, data)
    except UnreadableCalendar as error:
        return _broken(mark, error.message, before if before and before.stream else _remains(data))
    own = bool(stream.name) or len(stream.resources) > 1
    if own and parsed is not None:
        parsed[path] = (seen_at, digest(data), stream)
    only = stream.resources[0] if len(stream.resources) == 1 else None
    return Scan(
        stamp=mark,
        stream=own,
        name=stream.name,
        color=stream.color,
        tzid=stream.tzid,
        uid=str(only.href) if only else "",
        etag=only.etag if only else None,
    )


def _broken(mark: str, problem: str, before: Scan | None) -> Scan:
    """An unreadable file stays what it was before, so that its calendar keeps its place and name."""
    before = before or Scan(stamp="")
    return Scan(stamp=mark, stream=before.stream, name=before.name, color=before.color, tzid=before.tzid, problem=problem)


def _remains(data: bytes) -> Scan:
    """What a file that ends in the middle began as."""
    text = decode(data)
    named = _NAMED.search(text)
    several = len({found[1] for found in _UIDS.finditer(text)}) > 1
    return Scan(stamp="", stream=bool(named) or several, name=named[1].rstrip() or None if named else None)


def _sync_folder(folder: Path) -> None:
    """Make a rename or removal durable; Windows has no such call and does not need it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

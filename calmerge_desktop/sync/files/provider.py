"""A path as a calendar account: one .ics file, or a folder with its sub-folders.

In a folder, a file with several events or a name of its own is a calendar; the other files together are the folder's own
calendar; every sub-folder is looked at in the same way. RemoteId: the path below the root, with slashes, `.` for the root.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path

from calmerge_desktop.core.errors import AccessDenied, NothingThere
from calmerge_desktop.core.model import Access, Delta, ETag, Href, RemoteCalendar, RemoteId, Resource, SyncToken
from calmerge_desktop.core.ports import Stop, Stored
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.files import disk
from calmerge_desktop.sync.files.ahead import Ahead
from calmerge_desktop.sync.files.folder import Folder, ics_files
from calmerge_desktop.sync.files.stream_file import StreamFile
from calmerge_desktop.sync.listing import hex_color

_MUCH = 1_000_000
"""Bytes; more need not be counted."""
_DEPTH = 3
"""How many folders deep calendars are looked for."""


class FilesProvider:
    """The calendars below `root`. With `own` the root is always a calendar itself, also when it is empty."""

    def __init__(self, root: Path, *, name: str = "", own: bool = False) -> None:
        self._root = root
        self._name = name
        self._own = own
        self._parsed: disk.ParsedFiles = {}
        self._ahead: dict[RemoteId, Ahead] = {}

    def calendars(self, stop: Stop) -> list[RemoteCalendar]:
        """See `CalendarProvider.calendars`. Raises `NothingThere` when the root is missing."""
        if not self._root.exists():
            raise NothingThere(
                _("{path} is not there any more.").format(path=self._root),
                hint=_("Check whether it was moved, or a drive is missing."),
            )
        if self._root.is_file():
            return [self._stream(self._root, disk.scan(self._root, self._parsed))]
        found = self._below(self._root, stop, 0)
        return found or [self._folder(self._root)]

    def unsettled(self, calendar: RemoteId) -> bool:
        """Whether a calendar that is not listed may only be unreadable for now: its file exists and is broken."""
        path = self._path(calendar)
        return path.is_file() and disk.scan(path).problem is not None

    def changes(
        self, calendar: RemoteId, since: SyncToken | None, known: Mapping[Href, ETag | None], stop: Stop
    ) -> Iterator[Delta]:
        """See `CalendarProvider.changes`. What was foreseen comes as it was read then, with the token of that moment."""
        ahead = self._ahead.pop(calendar, None)
        if ahead is not None and not since and not known:
            return ahead.pages()
        held = self._open(calendar)
        return held.changes(since, known) if isinstance(held, StreamFile) else held.changes(since, known, stop)

    def foreseen(self, calendar: RemoteId, stop: Stop) -> Iterator[Sequence[Resource]]:
        """See `Foresees`."""
        ahead = self._ahead[calendar] = Ahead(self.changes(calendar, None, {}, stop))
        return ahead.upserts()

    def fetch(self, calendar: RemoteId, href: Href) -> Resource | None:
        """See `CalendarProvider.fetch`."""
        return self._open(calendar).fetch(href)

    def put(self, calendar: RemoteId, resource: Resource, *, base: ETag | None, create: bool) -> Stored:
        """See `CalendarProvider.put`."""
        return self._open(calendar).put(resource, base=base, create=create)

    def delete(self, calendar: RemoteId, href: Href, *, base: ETag | None) -> None:
        """See `CalendarProvider.delete`."""
        self._open(calendar).delete(href, base=base)

    def weight(self) -> int:
        """See `Weighs`: files in the root and its folders, until they are many."""
        found = 0
        with suppress(OSError):
            for path in chain([self._root], self._root.glob("*.ics"), self._root.glob("*/*.ics")):
                found += path.stat().st_size if path.is_file() else 0
                if found > _MUCH:
                    break
        return found

    def poll_seconds(self, calendar: RemoteId) -> int | None:  # noqa: ARG002  # the port names it
        """Files ask for nothing."""
        return None

    def close(self) -> None:
        """Forget what was read."""
        self._parsed.clear()
        self._ahead.clear()

    def _below(self, folder: Path, stop: Stop, depth: int) -> list[RemoteCalendar]:
        scans = []
        for path in ics_files(folder):
            stop()
            scans.append((path, disk.scan(path, self._parsed)))
        found = [self._stream(path, seen) for path, seen in scans if seen.stream]
        if any(not seen.stream for path, seen in scans) or self._is_marked(folder, depth):
            found.insert(0, self._folder(folder))
        if depth < _DEPTH:
            for each in sorted(each for each in folder.iterdir() if each.is_dir() and not each.name.startswith(".")):
                try:
                    found += self._below(each, stop, depth + 1)
                except AccessDenied:
                    continue  # a folder of another person below ours
        return found

    def _is_marked(self, folder: Path, depth: int) -> bool:
        """Whether a folder without single events is a calendar all the same: asked for, described, or empty (vdir)."""
        if depth == 0:
            return self._own
        return (folder / "displayname").is_file() or (folder / "color").is_file() or not any(folder.iterdir())

    def _folder(self, path: Path) -> RemoteCalendar:
        root = path == self._root
        return RemoteCalendar(
            remote_id=self._id(path),
            name=_line(path / "displayname") or (self._name if root else "") or path.name,
            access=Folder(path).access(),
            color=hex_color(_line(path / "color")),
            url=str(path),
        )

    def _stream(self, path: Path, seen: disk.Scan) -> RemoteCalendar:
        return RemoteCalendar(
            remote_id=self._id(path),
            name=seen.name or (self._name if path == self._root else "") or path.stem,
            access=Access.READ if seen.problem else StreamFile(path).access(),
            color=hex_color(seen.color),
            tzid=seen.tzid,
            url=str(path),
        )

    def _open(self, calendar: RemoteId) -> StreamFile | Folder:
        path = self._path(calendar)
        return Folder(path) if path.is_dir() else StreamFile(path, self._parsed)

    def _id(self, path: Path) -> RemoteId:
        return RemoteId(path.relative_to(self._root).as_posix())

    def _path(self, calendar: RemoteId) -> Path:
        return self._root if calendar == "." else self._root / calendar


def _line(path: Path) -> str:
    """The one line of a vdir's `displayname` or `color` file; empty when there is none."""
    try:
        return path.read_text("utf-8", "replace").strip().split("\n")[0].strip()
    except OSError:
        return ""

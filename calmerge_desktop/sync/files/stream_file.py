"""One .ics file with many events as a two-way calendar. Href: the UID; ETag: the content hash of `core.ics.split`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from calmerge_desktop.core.errors import BadInput, EditConflict, ReadOnly
from calmerge_desktop.core.ics.split import Stream
from calmerge_desktop.core.model import Access, Delta, ETag, Href, Resource, SyncToken
from calmerge_desktop.core.ports import Stored
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.files import disk, text
from calmerge_desktop.sync.listing import full_listing, nothing_new
from calmerge_desktop.sync.sameness import same


class StreamFile:
    """The calendar in the file `path`."""

    def __init__(self, path: Path, parsed: disk.ParsedFiles | None = None) -> None:
        self._path = path
        self._parsed = parsed if parsed is not None else {}

    def access(self) -> Access:
        """Two-way where the file and its folder can be written (a rename needs both)."""
        writable = os.access(self._path, os.W_OK) and os.access(self._path.parent, os.W_OK)
        return Access.WRITE if writable else Access.READ

    def changes(self, since: SyncToken | None, known: Mapping[Href, ETag | None]) -> Iterator[Delta]:
        """See `CalendarProvider.changes`. The token is `mtime_ns:size` and a hash, so an untouched file costs one stat."""
        mark = disk.stamp(self._path)
        if since and since.startswith(mark + " "):
            yield nothing_new(since)
            return
        seen_at, digest, stream = self._parsed.pop(self._path, ("", "", None))
        data = b""
        if stream is None or seen_at != mark:
            data, stream = disk.load(self._path), None
            digest = disk.digest(data)
        token = SyncToken(f"{mark if disk.settled(mark) else '-'} {digest}")
        if since and since.split(" ")[-1] == digest:
            yield nothing_new(token)
            return
        stream = stream or disk.parse_bytes(self._path, data)
        yield from full_listing(stream.resources, known, token, unreadable=stream.unreadable)

    def fetch(self, href: Href) -> Resource | None:
        """The resource as the file holds it now."""
        return _find(disk.parse(self._path), href)

    def put(self, resource: Resource, *, base: ETag | None, create: bool) -> Stored:
        """See `CalendarProvider.put`."""
        uid = _only_uid(resource)
        mark, before = disk.stamp(self._path), disk.load(self._path)
        there = self._unambiguous(before, uid)
        if there and same(there.ics, resource.ics, exact=True):
            return Stored(href=there.href, etag=there.etag)
        if create and there:
            raise EditConflict(_("{name} already holds an event with this identifier.").format(name=self._path.name))
        if not create and (there is None or (base is not None and there.etag != base)):
            raise EditConflict(_("The event was changed in {name} meanwhile.").format(name=self._path.name))
        return Stored(href=Href(uid), etag=self._edit(before, mark, uid, resource.ics))

    def delete(self, href: Href, *, base: ETag | None) -> None:
        """See `CalendarProvider.delete`."""
        mark, before = disk.stamp(self._path), disk.load(self._path)
        there = self._unambiguous(before, str(href))
        if there is None:
            return
        if base is not None and there.etag != base:
            raise EditConflict(_("The event was changed in {name} meanwhile.").format(name=self._path.name))
        self._edit(before, mark, str(href), None)

    def _unambiguous(self, data: bytes, uid: str) -> Resource | None:
        """The resource of a UID; refused when the file uses the UID for several events, for then we cannot say which."""
        stream = disk.parse_bytes(self._path, data)
        if "#" in uid and _find(stream, Href(uid)) and _find(stream, Href(uid.rpartition("#")[0])):
            uid = uid.rpartition("#")[0]
        if _find(stream, Href(f"{uid}#2")) or uid.startswith("no-uid-"):
            raise BadInput(
                _("This event has no identifier of its own, so {name} cannot be changed here.").format(name=self._path.name),
                hint=_("Change it in the program that wrote the file."),
            )
        return _find(stream, Href(uid))

    def _edit(self, before: bytes, mark: str, uid: str, ics: str | None) -> ETag | None:
        """Write, and say the event's new ETag. A file whose broken lines would cost a neighbour is refused beforehand."""
        if self.access() is not Access.WRITE:
            raise ReadOnly(_("{name} cannot be written.").format(name=self._path.name))
        content, encoding = text.read(before)
        after = text.write(text.with_event(content, uid, ics), encoding)
        now = {each.href: each for each in disk.parse_bytes(self._path, after).resources}
        mine = now.pop(Href(uid), None)
        others = {each.href: each.etag for each in disk.parse_bytes(self._path, before).resources if each.href != uid}
        exact = same(mine.ics if mine else None, ics, exact=True) and {k: each.etag for k, each in now.items()} == others
        glued = mine is not None and ics is not None and mine.ics.count("BEGIN:VEVENT") != ics.count("BEGIN:VEVENT")
        if glued or text.tangled(content, uid) or not exact:
            raise text.damaged(self._path.name)
        disk.keep_copy(self._path)
        disk.replace(self._path, after, expect=mark)
        return mine.etag if mine else None


def _find(stream: Stream, href: Href) -> Resource | None:
    return next((each for each in stream.resources if each.href == href), None)


def _only_uid(resource: Resource) -> str:
    keys = {part.key for part in text.parts(resource.ics) if part.kind == "VEVENT"}
    if len(keys) != 1 or not (uid := keys.pop()):
        raise BadInput(_("An event needs exactly one identifier (UID)."))
    return uid

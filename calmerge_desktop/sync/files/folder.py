"""The .ics files of one folder that hold one event each, as a two-way calendar (vdir). Href: the file's name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from operator import attrgetter
from pathlib import Path

from calmerge_desktop.core.errors import BadInput, EditConflict, NothingThere, ReadOnly, UnreadableCalendar
from calmerge_desktop.core.model import Access, Delta, ETag, Href, Resource, SyncToken
from calmerge_desktop.core.ports import Stop, Stored
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.files import disk, text
from calmerge_desktop.sync.listing import content_tag, full_listing, nothing_new
from calmerge_desktop.sync.names import file_name
from calmerge_desktop.sync.sameness import same


def ics_files(folder: Path) -> list[Path]:
    """The visible .ics files of a folder in order of their names. Raises `NothingThere`, `AccessDenied`."""
    try:
        found = (each for each in folder.iterdir() if each.suffix.lower() == ".ics" and not each.name.startswith("."))
        return sorted(found, key=attrgetter("name"))
    except OSError as error:
        raise disk.unavailable(folder, error) from error


class Folder:
    """The calendar made of the single-event files of `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def access(self) -> Access:
        """Two-way where files can be made in the folder."""
        return Access.WRITE if os.access(self._path, os.W_OK | os.X_OK) else Access.READ

    def changes(self, since: SyncToken | None, known: Mapping[Href, ETag | None], stop: Stop) -> Iterator[Delta]:
        """See `CalendarProvider.changes`. One unreadable file is named and costs no other."""
        resources: list[Resource] = []
        unreadable: list[tuple[Href, str]] = []
        marks = hashlib.blake2b(digest_size=12)
        sure = True
        for path in ics_files(self._path):
            stop()
            seen = disk.scan(path)
            if seen.stream:
                continue
            sure = sure and bool(seen.stamp)
            marks.update(f"{path.name}\0{seen.stamp}\0".encode(errors="surrogateescape"))
            href = Href(path.name)
            if seen.problem:
                unreadable.append((href, seen.problem))
            elif seen.uid:
                resources.append(Resource(href=href, ics="", etag=seen.etag))
        token = SyncToken(marks.hexdigest() if sure else "-")
        if since and since == token and sure:
            yield nothing_new(token)
            return
        for page in full_listing(resources, known, token, unreadable=unreadable):
            stop()
            yield self._with_text(page)

    def fetch(self, href: Href) -> Resource | None:
        """The resource as its file holds it now; None when the file is gone or holds no event."""
        path = self._inside(href)
        try:
            stream = disk.parse(path)
        except NothingThere:
            return None
        if not stream.resources:
            return None
        return Resource(href=href, ics=stream.resources[0].ics, etag=stream.resources[0].etag)

    def put(self, resource: Resource, *, base: ETag | None, create: bool) -> Stored:
        """See `CalendarProvider.put`. A new event becomes `<uid>.ics`, whatever href was wished."""
        uids = {part.key for part in text.parts(resource.ics) if part.kind == "VEVENT"}
        if len(uids) != 1 or not (uid := uids.pop()):
            raise BadInput(_("An event needs exactly one identifier (UID)."))
        self._writable()
        if create:
            return self._create(uid, resource.ics, content_tag(resource.ics))
        path = self._inside(resource.href)
        there = self.fetch(resource.href)
        if there and same(there.ics, resource.ics, exact=True):
            return Stored(href=resource.href, etag=there.etag)
        if there is None or (base is not None and there.etag != base):
            raise EditConflict(_("The event was changed in {name} meanwhile.").format(name=path.name))
        mark = disk.stamp(path)
        content, encoding = text.read(disk.load(path))
        after = text.with_event(content, uid, resource.ics)
        if text.tangled(content, uid) or not same(after, resource.ics, exact=True):
            raise text.damaged(path.name)
        disk.replace(path, text.write(after, encoding), expect=mark)
        return Stored(href=resource.href, etag=content_tag(after))

    def delete(self, href: Href, *, base: ETag | None) -> None:
        """See `CalendarProvider.delete`."""
        there = self.fetch(href)
        path = self._inside(href)
        if there is None:
            return
        if base is not None and there.etag != base:
            raise EditConflict(_("The event was changed in {name} meanwhile.").format(name=path.name))
        self._writable()
        disk.remove(path)

    def _create(self, uid: str, ics: str, tag: ETag | None) -> Stored:
        for path in ics_files(self._path):
            seen = disk.scan(path)
            if not seen.stream and seen.uid == uid:
                if seen.etag == tag:
                    return Stored(href=Href(path.name), etag=tag)  # it was us, and the answer got lost
                raise EditConflict(_("{name} already holds an event with this identifier.").format(name=path.name))
        path = self._path / file_name(uid)
        if path.exists():  # a file of that name with something else in it
            path = self._path / file_name(f"\0{uid}")
        disk.replace(path, ics.encode(), expect=None)
        return Stored(href=Href(path.name), etag=tag)

    def _with_text(self, page: Delta) -> Delta:
        """Read the files a page names; one that broke since it was listed becomes unreadable."""
        upserts: list[Resource] = []
        broken: list[tuple[Href, str]] = []
        for each in page.upserts:
            try:
                found = self.fetch(each.href)
            except (UnreadableCalendar, NothingThere) as error:
                broken.append((each.href, error.message))
                continue
            if found:
                upserts.append(found)
        return Delta(
            upserts=tuple(upserts),
            unchanged=page.unchanged,
            unreadable=(*page.unreadable, *broken),
            next_token=page.next_token,
            full=True,
            last=page.last,
            total=page.total,
        )

    def _inside(self, href: Href) -> Path:
        if href != Path(href).name:
            raise BadInput(_("This is no name of a file in {name}.").format(name=self._path.name))
        return self._path / href

    def _writable(self) -> None:
        if self.access() is not Access.WRITE:
            raise ReadOnly(_("{name} cannot be written.").format(name=self._path.name))

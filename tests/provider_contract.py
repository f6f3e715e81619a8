"""What every two-way adapter promises the engine; a test class inherits this and gives `provider` and `calendar`."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from calmerge_desktop.core.errors import EditConflict
from calmerge_desktop.core.model import Access, ETag, Href, RemoteId, Resource, SyncToken
from calmerge_desktop.core.ports import CalendarProvider, Stored
from calmerge_desktop.sync.http import never
from calmerge_desktop.sync.sameness import same


def ics(uid: str, summary: str = "Coffee", *, extra: str = "", start: str = "20261124T090000Z") -> str:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:{start}\r\nDTEND:20261124T100000Z\r\nSUMMARY:{summary}\r\n{extra}"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def event(uid: str, summary: str = "Coffee", *, href: str | None = None, extra: str = "") -> Resource:
    return Resource(href=Href(href or f"{uid}.ics"), ics=ics(uid, summary, extra=extra))


def pull(
    provider: CalendarProvider,
    calendar: RemoteId,
    since: SyncToken | None = None,
    known: Mapping[Href, ETag | None] | None = None,
) -> tuple[dict[Href, Resource], set[Href], set[Href], SyncToken, bool]:
    """Upserts, removals, unchanged, token and whether it was a full listing."""
    upserts: dict[Href, Resource] = {}
    removals: set[Href] = set()
    unchanged: set[Href] = set()
    page = None
    for page in provider.changes(calendar, since, known or {}, never):
        assert (page.next_token is not None) == page.last
        upserts.update({each.href: each for each in page.upserts})
        removals.update(page.removals)
        unchanged.update(page.unchanged)
    assert page is not None
    assert page.last
    assert page.next_token is not None
    return upserts, removals, unchanged, page.next_token, page.full


class ProviderContract:
    def put(self, provider: CalendarProvider, calendar: RemoteId, uid: str, summary: str = "Coffee") -> Stored:
        return provider.put(calendar, event(uid, summary), base=None, create=True)

    def tag(self, provider: CalendarProvider, calendar: RemoteId, stored: Stored) -> ETag:
        if stored.etag:
            return stored.etag
        found = provider.fetch(calendar, stored.href)
        assert found
        assert found.etag
        return found.etag

    def test_the_calendar_is_listed_and_writable(self, provider: CalendarProvider, calendar: RemoteId) -> None:
        """A two-way calendar says so, under the id every other call takes."""
        found = {each.remote_id: each for each in provider.calendars(never)}
        assert found[calendar].access is Access.WRITE
        assert found[calendar].name

    def test_a_created_event_is_read_back(self, provider: CalendarProvider, calendar: RemoteId) -> None:
        """What was put is in the next full listing and can be fetched."""
        stored = self.put(provider, calendar, "made-1")
        upserts, _removals, _unchanged, _token, _full = pull(provider, calendar)
        assert same(upserts[stored.href].ics, ics("made-1"))
        fetched = provider.fetch(calendar, stored.href)
        assert fetched
        assert same(fetched.ics, ics("made-1"))

    def test_nothing_new_is_one_empty_page(self, provider: CalendarProvider, calendar: RemoteId) -> None:
        """Reading again after reading brings nothing."""
        self.put(provider, calendar, "still-1")
        upserts, _removals, _unchanged, token, _full = pull(provider, calendar)
        known = {href: each.etag for href, each in upserts.items()}
        again, removed, _unchanged, _token, _full = pull(provider, calendar, token, known)
        assert (again, removed) == ({}, set())

    def test_a_full_listing_names_what_is_unchanged(self, provider: CalendarProvider, calendar: RemoteId) -> None:
        """Without a token everything is named, but a known version is not transferred again."""
        stored = self.put(provider, calendar, "known-1")
        upserts, *_rest = pull(provider, calendar)
        known = {href: each.etag for href, each in upserts.items()}
        again, _removed, unchanged, _token, full = pull(provider, calendar, None, known)
        assert again == {}
        assert stored.href in unchanged
        assert full

    def test_a_change_and_a_removal_come_with_the_token(self, provider: CalendarProvider, calendar: RemoteId) -> None:
        """After a token only what happened since is told, one way or the other."""
        kept = self.put(provider, calendar, "kept-1")
        gone = self.put(provider, calendar, "gone-1")
        upserts, _removals, _unchanged, token, _full = pull(provider, calendar)
        known = {href: each.etag for href, each in upserts.items()}
        provider.put(calendar, event("kept-1", "Tea", href=kept.href), base=known[kept.href], create=False)
        provider.delete(calendar, gone.href, base=known[gone.href])
        changed, removed, unchanged, _token, full = pull(provider, calendar, token, known)
        assert "SUMMARY:Tea" in changed[kept.href].ics
        assert set(changed) == {kept.href}
        assert gone.href in (removed | (set(known) - set(changed) - unchanged if full else set()))

    def test_an_edit_on_an_old_version_is_a_conflict(self, provider: CalendarProvider, calendar: RemoteId) -> None:
        """The second of two edits on one version fails, and the first stays."""
        stored = self.put(provider, calendar, "twice-1")
        base = self.tag(provider, calendar, stored)
        provider.put(calendar, event("twice-1", "Mine", href=stored.href), base=base, create=False)
        with pytest.raises(EditConflict):
            provider.put(calendar, event("twice-1", "Theirs", href=stored.href), base=base, create=False)
        with pytest.raises(EditConflict):
            provider.delete(calendar, stored.href, base=base)
        found = provider.fetch(calendar, stored.href)
        assert found
        assert "SUMMARY:Mine" in found.ics

    def test_an_edit_of_a_deleted_event_is_a_conflict(self, provider: CalendarProvider, calendar: RemoteId) -> None:
        """An update never resurrects what was deleted there."""
        stored = self.put(provider, calendar, "dead-1")
        base = self.tag(provider, calendar, stored)
        provider.delete(calendar, stored.href, base=base)
        with pytest.raises(EditConflict):
            provider.put(calendar, event("dead-1", "Back", href=stored.href), base=base, create=False)
        assert provider.fetch(calendar, stored.href) is None

    def test_a_create_may_be_repeated_but_not_overwrite(self, provider: CalendarProvider, calendar: RemoteId) -> None:
        """The same create twice is one event; another one under its UID is a conflict."""
        first = self.put(provider, calendar, "again-1")
        second = self.put(provider, calendar, "again-1")
        assert first.href == second.href
        with pytest.raises(EditConflict):
            self.put(provider, calendar, "again-1", "Something else")

    def test_deleting_twice_is_fine(self, provider: CalendarProvider, calendar: RemoteId) -> None:
        """Gone already is what was wanted."""
        stored = self.put(provider, calendar, "del-1")
        base = self.tag(provider, calendar, stored)
        provider.delete(calendar, stored.href, base=base)
        provider.delete(calendar, stored.href, base=base)
        assert provider.fetch(calendar, stored.href) is None

    def test_an_awkward_uid_survives(self, provider: CalendarProvider, calendar: RemoteId) -> None:
        """Slashes, umlauts and blanks in a UID never reach a path."""
        uid = "a/../b c#ü%41@x"
        stored = provider.put(calendar, event(uid, href="wish"), base=None, create=True)
        upserts, *_rest = pull(provider, calendar)
        assert f"UID:{uid}" in upserts[stored.href].ics.replace("\r\n ", "")

    def test_what_we_do_not_understand_survives(self, provider: CalendarProvider, calendar: RemoteId) -> None:
        """Unknown properties and alarms come back as they went."""
        extra = "X-KEEP;P=1:yes\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n"
        stored = provider.put(calendar, event("full-1", extra=extra), base=None, create=True)
        found = provider.fetch(calendar, stored.href)
        assert found
        assert "X-KEEP;P=1:yes" in found.ics
        assert "TRIGGER:-PT5M" in found.ics

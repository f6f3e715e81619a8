from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.errors import BadInput, EditConflict, NothingThere, UnreadableCalendar
from calmerge_desktop.core.model import Account, AccountId, Href, RemoteId, Resource
from calmerge_desktop.sync.files import disk, text
from calmerge_desktop.sync.files.provider import FilesProvider
from calmerge_desktop.sync.files.stream_file import StreamFile
from calmerge_desktop.sync.http import never
from calmerge_desktop.sync.listing import content_tag
from calmerge_desktop.sync.providers.local import open_local
from tests.provider_contract import ProviderContract, event, ics, pull

OWN = RemoteId(".")
BIG = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nX-WR-CALNAME:Team\nX-ODD: kept \n"
    "BEGIN:VEVENT\nUID:one\nDTSTART:20261124T090000Z\nSUMMARY:One\nEND:VEVENT\n"
    "BEGIN:VTODO\nUID:task\nSUMMARY:Not ours\nEND:VTODO\n"
    "BEGIN:VEVENT\nUID:two\nDTSTART:20261125T090000Z\nSUMMARY:Two\nEND:VEVENT\nEND:VCALENDAR\n"
)
_LINES = [
    "BEGIN:VEVENT",
    "END:VEVENT",
    "BEGIN:VCALENDAR",
    "END:VCALENDAR",
    "UID:one",
    "UID:two",
    "UID:",
    "BEGIN:VALARM",
    "END:VALARM",
    "BEGIN:VTIMEZONE",
    "TZID:Odd",
    "END:VTIMEZONE",
    " folded",
    "RECURRENCE-ID:20260101T000000Z",
]


def old(path: Path, seconds: int = 60) -> Path:
    """As if the file had been written a while ago."""
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


class TestFolder(ProviderContract):
    @pytest.fixture
    def provider(self, tmp_path: Path) -> FilesProvider:
        return FilesProvider(tmp_path)

    @pytest.fixture
    def calendar(self) -> RemoteId:
        return OWN


class TestLocal(ProviderContract):
    @pytest.fixture
    def provider(self, tmp_path: Path) -> FilesProvider:
        return open_local(
            Account(id=AccountId("a-1"), provider="local", name="Mine", config={"path": str(tmp_path / "new" / "c")})
        )

    @pytest.fixture
    def calendar(self) -> RemoteId:
        return OWN


class TestStreamFile(ProviderContract):
    @pytest.fixture
    def provider(self, tmp_path: Path) -> FilesProvider:
        (tmp_path / "team.ics").write_text(BIG)
        return FilesProvider(tmp_path / "team.ics")

    @pytest.fixture
    def calendar(self) -> RemoteId:
        return OWN


def test_only_the_changed_events_lines_change(tmp_path: Path) -> None:
    """A put into a shared file replaces one VEVENT; every other byte and a copy of before stay."""
    path = tmp_path / "team.ics"
    path.write_bytes(BIG.encode())
    provider = FilesProvider(path)
    upserts, *_rest = pull(provider, OWN)
    one = next(each for each in upserts.values() if each.href == "one")
    provider.put(OWN, event("one", "Changed", href="one"), base=one.etag, create=False)
    before, after = BIG.split("BEGIN:VEVENT\nUID:one"), path.read_text().split("BEGIN:VEVENT\nUID:one")
    assert before[0] == after[0]
    assert after[1].split("END:VEVENT\n", 1)[1] == before[1].split("END:VEVENT\n", 1)[1]
    assert "SUMMARY:Changed\n" in after[1]
    assert (tmp_path / "team.ics.bak").read_bytes() == BIG.encode()


@given(st.binary(max_size=300))
def test_any_bytes_survive_reading_and_writing(data: bytes) -> None:
    """Whatever the encoding, what is not edited is not changed."""
    content, encoding = text.read(data)
    try:
        assert text.write(content, encoding) == data
    except UnicodeEncodeError:
        assert encoding.startswith("utf-16")  # a lone surrogate


def test_a_folder_falls_apart_into_its_calendars(tmp_path: Path) -> None:
    """Single events are the folder's calendar; a named or many-event file and a sub-folder are calendars of their own."""
    (tmp_path / "a.ics").write_text(ics("a"))
    (tmp_path / "team.ics").write_text(BIG)
    sub = tmp_path / "private"
    sub.mkdir()
    (sub / "displayname").write_text("Privat\n")
    (sub / "color").write_text("#AABBCCFF")
    (sub / "b.ics").write_text(ics("b"))
    found = FilesProvider(tmp_path, name="Home").calendars(never)
    assert [(each.remote_id, each.name, each.color) for each in found] == [
        (".", "Home", None),
        ("team.ics", "Team", None),
        ("private", "Privat", "#aabbcc"),
    ]


@pytest.mark.parametrize("broken", ["", "<html>Sign in</html>", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:b\r\n"])
def test_one_broken_file_costs_no_other(tmp_path: Path, broken: str) -> None:
    """It is listed as unreadable, and neither it nor its neighbours are removed."""
    (tmp_path / "a.ics").write_text(ics("a"))
    (tmp_path / "b.ics").write_text(broken)
    (page,) = FilesProvider(tmp_path).changes(OWN, None, {}, never)
    assert [each.href for each in page.upserts] == ["a.ics"]
    assert [href for href, _why in page.unreadable] == ["b.ics"]


def test_a_shared_file_cut_short_stays_a_calendar(tmp_path: Path) -> None:
    """A half-written file is an unreadable calendar, not a folder that lost one."""
    (tmp_path / "team.ics").write_text(BIG[:-20])
    provider = FilesProvider(tmp_path)
    assert [each.remote_id for each in provider.calendars(never)] == ["team.ics"]
    with pytest.raises(UnreadableCalendar, match=r"team\.ics"):
        list(provider.changes(RemoteId("team.ics"), None, {}, never))


def test_a_file_that_became_empty_is_unsettled_not_gone(tmp_path: Path) -> None:
    """Zero bytes where a calendar was: the engine is told to keep it."""
    (tmp_path / "team.ics").write_text("")
    assert FilesProvider(tmp_path).unsettled(RemoteId("team.ics"))
    assert not FilesProvider(tmp_path).unsettled(RemoteId("never.ics"))


def test_an_untouched_file_is_not_read_again(tmp_path: Path) -> None:
    """Time and size settle it; a touched file with the same bytes brings nothing either."""
    path = tmp_path / "team.ics"
    path.write_text(BIG)
    old(path)
    provider = FilesProvider(path)
    upserts, _removed, _unchanged, token, _full = pull(provider, OWN)
    assert len(upserts) == 2
    assert pull(provider, OWN, token)[0] == {}
    old(path, 30)
    assert pull(provider, OWN, token)[0] == {}


def test_a_change_from_outside_is_seen(tmp_path: Path) -> None:
    """Another program's write comes with the next read, in a folder as in a file."""
    path = old_file = tmp_path / "a.ics"
    path.write_text(ics("a"))
    old(old_file)
    provider = FilesProvider(tmp_path)
    upserts, _removed, _unchanged, token, _full = pull(provider, OWN)
    path.write_text(ics("a", "Later"))
    changed, *_rest = pull(provider, OWN, token, {href: each.etag for href, each in upserts.items()})
    assert "SUMMARY:Later" in changed[next(iter(changed))].ics


def test_a_damaged_file_is_not_edited(tmp_path: Path) -> None:
    """Where an edit would cost a neighbour, nothing is written at all."""
    path = tmp_path / "team.ics"
    damaged = BIG.replace("SUMMARY:One\nEND:VEVENT\n", "SUMMARY:One\n")  # its VEVENT runs into the next components
    path.write_text(damaged)
    provider = FilesProvider(path)
    upserts, *_rest = pull(provider, OWN)
    (one,) = upserts.values()
    with pytest.raises(BadInput, match="damaged"):
        provider.put(OWN, event("one", "Changed", href="one"), base=one.etag, create=False)
    assert path.read_text() == damaged
    assert not path.with_name("team.ics.bak").exists()


@pytest.mark.parametrize("shared", [True, False])
def test_the_files_own_zone_stays_and_the_etag_is_the_files(tmp_path: Path, shared: bool) -> None:
    """A VTIMEZONE the file already has is kept as it is; the ETag we report is the one the next read finds."""
    zone = "BEGIN:VTIMEZONE\nTZID:Odd\nX-OLD:1\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n"
    path = tmp_path / "one.ics"
    timed = ics("one").replace("DTSTART:20261124T090000Z", "DTSTART;TZID=Odd:20261124T090000")
    path.write_text((BIG if shared else ics("one")).replace("BEGIN:VEVENT", zone + "BEGIN:VEVENT", 1))
    provider = FilesProvider(path if shared else tmp_path)
    upserts, *_rest = pull(provider, OWN)
    href = next(each for each in upserts if each.startswith("one"))
    mine = timed.replace("BEGIN:VEVENT", zone.replace("X-OLD:1\n", "") + "BEGIN:VEVENT", 1)
    stored = provider.put(OWN, Resource(href=href, ics=mine), base=upserts[href].etag, create=False)
    again, *_rest = pull(provider, OWN)
    assert again[href].etag == stored.etag
    assert path.read_text().count("BEGIN:VTIMEZONE") == 1
    assert "X-OLD:1" in path.read_text()


def test_a_damaged_file_in_a_folder_is_not_edited(tmp_path: Path) -> None:
    """A task swallowed by an event that does not end is not lost."""
    path = tmp_path / "one.ics"
    path.write_text(ics("one").replace("END:VEVENT", "BEGIN:VTODO\r\nUID:task\r\nEND:VTODO\r\nEND:VEVENT"))
    before = path.read_bytes()
    provider = FilesProvider(tmp_path)
    upserts, *_rest = pull(provider, OWN)
    (one,) = upserts.values()
    with pytest.raises(BadInput, match="damaged"):
        provider.put(OWN, event("one", "Changed", href="one.ics"), base=one.etag, create=False)
    assert path.read_bytes() == before


@settings(deadline=None)
@example(mess=[(17, None), (14, "BEGIN:VALARM"), (1, None), (25, None)], newline="\n")
@given(
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(_LINES) | st.none()), max_size=5), st.sampled_from(["\n", "\r\n"])
)
def test_an_edit_never_costs_a_neighbour(mess: list[tuple[int, str | None]], newline: str) -> None:
    """Whatever lines are missing or too many: the edit is exact, or it is refused."""
    lines = BIG.splitlines()
    for at, line in mess:
        lines[at % len(lines) : at % len(lines) + (line is None)] = [] if line is None else [line]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "team.ics"
        path.write_bytes(newline.join(lines).encode())
        held = StreamFile(path)
        try:
            before = {each.href: each.etag for each in disk.parse(path).resources}
            held.put(event("one", "New", href="one"), base=None, create="one" not in before)
        except (UnreadableCalendar, BadInput):
            return
        after = {each.href: each.etag for each in disk.parse(path).resources}
        assert after == before | {Href("one"): content_tag(ics("one", "New"))}


def test_two_writes_in_one_breath_are_both_seen(tmp_path: Path) -> None:
    """The same time and size prove nothing while a file is young."""
    path = tmp_path / "a.ics"
    now = time.time_ns()
    for provider in (FilesProvider(tmp_path), FilesProvider(path)):
        path.write_text(ics("a", "One"))
        os.utime(path, ns=(now, now))
        upserts, _removed, _unchanged, token, _full = pull(provider, OWN)
        path.write_text(ics("a", "Two"))
        os.utime(path, ns=(now, now))
        changed, *_rest = pull(provider, OWN, token, {href: each.etag for href, each in upserts.items()})
        assert ["SUMMARY:Two" in each.ics for each in changed.values()] == [True]


def test_a_write_gives_way_to_another_program(tmp_path: Path) -> None:
    """A file that changed since it was read is not overwritten, and nothing is left lying about."""
    path = tmp_path / "a.ics"
    path.write_text("theirs")
    with pytest.raises(EditConflict):
        disk.replace(path, b"mine", expect="1:1")
    with pytest.raises(EditConflict):
        disk.replace(path, b"mine", expect=None)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a.ics", "theirs")]
    disk.replace(path, b"mine", expect=disk.stamp(path))
    assert path.read_text() == "mine"


def test_a_missing_root_says_so(tmp_path: Path) -> None:
    """A drive that is not plugged in never reads as an empty calendar."""
    with pytest.raises(NothingThere):
        FilesProvider(tmp_path / "usb").calendars(never)


def test_line_endings_and_zones_follow_the_file() -> None:
    """An added event takes the file's line endings, and its VTIMEZONE comes only once."""
    zone = "BEGIN:VTIMEZONE\r\nTZID:Odd\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    with_zone = ics("n").replace("BEGIN:VEVENT", zone + "BEGIN:VEVENT")
    once = text.with_event(BIG, "n", with_zone)
    twice = text.with_event(once, "m", with_zone.replace("UID:n", "UID:m"))
    assert "\r" not in twice
    assert twice.count("BEGIN:VTIMEZONE") == 1
    assert text.with_event(text.with_event(twice, "m", None), "n", None).count("BEGIN:VEVENT") == 2

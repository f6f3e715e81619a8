"""What the first reading of files will bring is told before it comes: just that, in time, and not too much of it."""

from __future__ import annotations

import threading
from collections.abc import Collection
from pathlib import Path
from random import Random

import pytest

from calmerge_desktop.core.errors import UnreadableCalendar
from calmerge_desktop.core.model import Account, AccountId, CalendarId, Delta, Href, RemoteId
from calmerge_desktop.core.ports import Applied
from calmerge_desktop.sync import foresight, listing
from calmerge_desktop.sync.engine import SyncEngine
from calmerge_desktop.sync.files.provider import FilesProvider
from calmerge_desktop.sync.results import AccountResult
from tests.fakes import FakeStore, Heard

STOP = lambda: None  # noqa: E731  # nobody stops
_HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"


def write(path: Path, number: int, first: int = 0) -> None:
    """A calendar of so many events, some of which recur."""
    blocks = [
        f"BEGIN:VEVENT\r\nUID:{path.stem}-{n}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20{20 + n % 9}0101T090000Z\r\n"
        f"{'RRULE:FREQ=DAILY;COUNT=3' if n % 3 == 0 else 'DURATION:PT1H'}\r\nSUMMARY:Event {n}\r\nEND:VEVENT\r\n"
        for n in range(first, first + number)
    ]
    path.write_text(f"{_HEAD}{''.join(blocks)}END:VCALENDAR\r\n", encoding="utf-8", newline="")


class Store(FakeStore):
    """Notes what of each page had been foreseen when it came, and how much was foreseen beyond it."""

    def __init__(self) -> None:
        super().__init__(Account(id=AccountId("a"), provider="ics", name="Files"))
        self.in_time: list[bool] = []
        self.beyond: list[int] = []
        self._came = 0

    def apply(self, calendar: CalendarId, page: Delta, keep: Collection[Href] | None = None) -> Applied:
        told = self.foreseen[self._came] if self._came < len(self.foreseen) else None
        self.in_time.append(
            told is not None
            and told[0] == calendar
            and len(told[1]) == len(page.upserts)
            and all(one is other for one, other in zip(told[1], page.upserts, strict=True))
        )
        self._came += 1
        self.beyond.append(sum(len(resources) for _id, resources in self.foreseen[self._came :]))
        return super().apply(calendar, page, keep)


def sync(store: Store, folder: Path, *, full: bool = False) -> AccountResult:
    engine = SyncEngine(store, lambda _account: FilesProvider(folder), lambda: 1_795_000_000, random=Random(1))
    return engine.run_once(None, full=full, stop=threading.Event(), listener=Heard().listener())[0]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three calendars; a page holds four resources."""
    monkeypatch.setattr(listing, "PAGE", 4)
    for name, number in (("one", 10), ("two", 3), ("three", 8)):
        write(tmp_path / f"{name}.ics", number)
    return tmp_path


@pytest.mark.parametrize("listed", [True, False])
def test_every_page_of_a_first_reading_is_told_just_as_it_comes(folder: Path, listed: bool) -> None:
    """Whether or not the listing had to open the files."""
    if listed:
        FilesProvider(folder).calendars(lambda: None)
    store = Store()
    result = sync(store, folder)
    assert sum(one.added for one in result.calendars) == 21
    assert store.in_time == [True] * 6
    assert store.expected == [pytest.approx(sum(path.stat().st_size for path in folder.glob("*.ics")))]


def test_a_calendar_that_was_read_before_is_not_told(folder: Path) -> None:
    """Most of it will not come again; a new file beside it will."""
    store = Store()
    sync(store, folder)
    store.foreseen.clear()
    write(folder / "two.ics", 5)
    write(folder / "four.ics", 2)
    result = sync(store, folder)
    assert [(one.name, one.added) for one in result.calendars if one.added] == [("four", 2), ("two", 2)]
    assert [(str(id), len(resources)) for id, resources in store.foreseen] == [("c-a-four.ics", 2)]
    assert len(store.expected) == 1


def test_no_more_is_held_than_a_bound_and_one_calendar(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foresight, "FIRST", 5)
    monkeypatch.setattr(foresight, "MOST", 5)
    store = Store()
    sync(store, folder)
    assert store.in_time == [True] * 6
    assert max(store.beyond) < 5 + 10


def test_looking_ahead_raises_nothing(folder: Path) -> None:
    """Reading says why when it is its turn."""
    provider = FilesProvider(folder)
    (folder / "two.ics").write_text("<html>", encoding="utf-8")
    assert list(provider.foreseen(RemoteId("two.ics"), STOP)) == []
    with pytest.raises(UnreadableCalendar, match=r"two\.ics"):
        list(provider.changes(RemoteId("two.ics"), None, {}, lambda: None))
    (folder / "two.ics").unlink()
    assert list(provider.foreseen(RemoteId("two.ics"), STOP)) == []
    assert list(provider.foreseen(RemoteId("."), STOP)) == [()]


def test_a_file_that_changed_after_it_was_told_comes_with_the_next_reading(folder: Path) -> None:
    """What was read goes with the token of what was read."""
    provider = FilesProvider(folder)
    two = RemoteId("two.ics")
    told = [one for page in provider.foreseen(two, STOP) for one in page]
    write(folder / "two.ics", 4, first=7)
    (first,) = provider.changes(two, None, {}, STOP)
    assert list(first.upserts) == told
    pages = list(provider.changes(two, first.next_token, {one.href: one.etag for one in told}, STOP))
    assert sorted(str(one.href) for page in pages for one in page.upserts) == ["two-10", "two-7", "two-8", "two-9"]


def test_what_was_told_is_forgotten_when_something_is_known(folder: Path) -> None:
    """Another reading came between: only what differs comes."""
    provider = FilesProvider(folder)
    two = RemoteId("two.ics")
    told = [one for page in provider.foreseen(two, STOP) for one in page]
    (page,) = provider.changes(two, None, {one.href: one.etag for one in told}, STOP)
    assert (page.upserts, len(page.unchanged)) == ((), 3)
    assert len(next(provider.changes(two, None, {}, STOP)).upserts) == 3


def test_a_look_that_was_not_taken_to_the_end(folder: Path) -> None:
    """All pages come, each once."""
    provider = FilesProvider(folder)
    one = RemoteId("one.ics")
    looked = provider.foreseen(one, STOP)
    first = next(looked)
    pages = list(provider.changes(one, None, {}, STOP))
    assert [len(page.upserts) for page in pages] == [4, 4, 2]
    assert pages[0].upserts is first
    assert list(looked) == []
    assert len({each.href for page in pages for each in page.upserts}) == 10


def test_a_folder_of_single_events_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 4)
    for n in range(9):
        write(tmp_path / f"{n}.ics", 1, first=n)
    store = Store()
    result = sync(store, tmp_path)
    assert result.calendars[0].added == 9
    assert store.in_time == [True] * 3

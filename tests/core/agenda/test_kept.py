"""What the view keeps in memory is what reading anew would give, whatever changed in between."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.agenda import kept
from calmerge_desktop.core.agenda.events import Events
from calmerge_desktop.core.agenda.kept import Kept, Stretch
from calmerge_desktop.core.agenda.view import View
from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.ics.split import HEAD, TAIL
from calmerge_desktop.core.model import (
    Access,
    AccountId,
    Changes,
    Delta,
    Draft,
    ETag,
    Href,
    RemoteCalendar,
    RemoteId,
    Resource,
    Scope,
    Stamp,
)
from calmerge_desktop.core.store import Store, rows
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import UTC_ZONE, iana

NOW = 1_795_000_000
SPRING = 1_774_738_800  # Sunday 29 March 2026 in Berlin: the clock goes forward in that night
_ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Africa/Cairo", "Pacific/Auckland"]
_TIMES = [
    "DTSTART:20260329T003000\r\nDURATION:PT1H", "DTSTART:20260329T023000\r\nDURATION:PT30M",
    "DTSTART;TZID=Europe/Berlin:20260329T023000\r\nDURATION:PT30M", "DTSTART;VALUE=DATE:20260329",
    "DTSTART;VALUE=DATE:20260320\r\nDTEND;VALUE=DATE:20260410", "DTSTART:20260327T220000Z\r\nDURATION:PT50H",
    "DTSTART:20260301T090000Z\r\nDTEND:20260330T090000Z", "DTSTART:20260330T000000Z", "DTSTART:20260329T220000Z",
    "DTSTART;TZID=America/New_York:20260308T093000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY",
    "DTSTART:20260310T120000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=5",
    "DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=DAILY;INTERVAL=3", "DTSTART:20260328T000000Z\r\nRRULE:FREQ=HOURLY;COUNT=60",
    "no start at all",
]  # fmt: skip
_SPAN = st.tuples(
    st.sampled_from([-7, -2, -1, 0, 0, 0, 1, 7]),
    st.sampled_from([0, 0, 0, 3600, -1800, 5400]),
    st.sampled_from([0, 3600, DAY, DAY, 7 * DAY, 7 * DAY, 7 * DAY, 31 * DAY]),
)
_ASKED = st.tuples(
    st.sampled_from(_ZONES), st.booleans(), st.sampled_from([True, True, False]), st.sampled_from([None, None, None, 0, 1])
)
_PAGE = st.tuples(st.just("page"), st.integers(0, 1), st.sampled_from("abcdefghi"), st.sampled_from(_TIMES))
_CHANGED = st.one_of(
    _PAGE,
    _PAGE,
    st.tuples(st.just("gone"), st.integers(0, 1), st.sampled_from("abcdefghi")),
    st.tuples(st.just("hide"), st.integers(0, 1), st.booleans()),
    st.tuples(st.just("zone"), st.sampled_from([None, "Asia/Tokyo"])),
    st.tuples(st.just("clock"), st.integers(0, 400)),
    st.tuples(st.just("edit"), st.integers(0, 3), st.sampled_from(["create", "edit", "delete"])),
    st.tuples(st.just("arrive")),
    st.tuples(st.just("status")),
)


class _World:
    """One profile as two programs see it: ours that keeps, and another that writes."""

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.mine, self.other = Store(folder, lambda: self.now), Store(folder, lambda: self.now)
        self.view = View(self.mine)
        self.ids = [calendar.id for calendar in self.mine.calendars()]
        self.events = Events(self.mine, lambda: self.now, "Europe/Berlin")

    def page(self, calendar: int, name: str, lines: str) -> None:
        ics = f"{HEAD}BEGIN:VEVENT\r\nUID:{name}\r\n{lines}\r\nSUMMARY:{name}\r\nEND:VEVENT\r\n{TAIL}"
        resource = Resource(href=Href(name), etag=ETag(str(hash(lines))), ics=ics)
        self.other.apply(self.ids[calendar], Delta(upserts=(resource,)))

    def gone(self, calendar: int, name: str) -> None:
        self.other.apply(self.ids[calendar], Delta(removals=(Href(name),)))

    def hide(self, calendar: int, shown: bool) -> None:
        self.other.ledger.change_calendar(self.ids[calendar], {"visible": shown})

    def zone(self, tzid: str | None) -> None:
        listed = [
            RemoteCalendar(remote_id=RemoteId("work"), name="Work", access=Access.WRITE, tzid=tzid),
            RemoteCalendar(remote_id=RemoteId("home"), name="Home", access=Access.READ),
        ]
        self.other.list_calendars(AccountId("a-1"), listed)

    def clock(self, days: int) -> None:
        self.now = NOW + days * DAY
        self.other.housekeep()

    def edit(self, which: int, how: str) -> None:
        start = Stamp(datetime(2026, 3, 28 + which % 2, 12), "Europe/Berlin")
        end = Stamp(datetime(2026, 3, 28 + which % 2, 13), "Europe/Berlin")
        shown = self.view.instances(SPRING - 2 * DAY, SPRING + 2 * DAY, "UTC")
        try:
            if how == "create" or not shown:
                self.events.add(Draft(calendar=self.ids[0], summary="New", start=start, end=end))
            elif how == "edit":
                self.events.edit(shown[which % len(shown)].id, Changes(summary="Changed"), Scope.ALL)
            else:
                self.events.delete(shown[which % len(shown)].id, Scope.ALL)
        except CalmergeError:
            return  # the calendar is not ours to change

    def arrive(self) -> None:
        for write in self.other.outbox(AccountId("a-1"), self.now):
            self.other.sending(write.id)
            there = Resource(href=write.href, etag=ETag("9"), ics=write.ics) if write.ics else None
            self.other.sent(write.id, there)

    def status(self) -> None:
        self.other.forget_token(self.ids[0])

    def close(self) -> None:
        self.mine.close()
        self.other.close()


@settings(
    max_examples=30, deadline=None, phases=(Phase.generate,), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    questions=st.lists(_ASKED, min_size=1, max_size=2),
    spans=st.lists(_SPAN, min_size=2, max_size=4),
    pages=st.lists(_PAGE, min_size=4, max_size=10),
    steps=st.lists(st.tuples(_CHANGED, st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3)), max_size=5)), max_size=6),
)
def test_the_kept_is_the_fresh(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    questions: list[tuple[Any, ...]],
    spans: list[tuple[int, int, int]],
    pages: list[tuple[Any, ...]],
    steps: list[tuple[tuple[Any, ...], list[tuple[int, int]]]],
) -> None:
    """After any pages, edits, arrivals, hidden calendars, zones and days, by this program or another one."""
    monkeypatch.setattr(rows, "MOST_ROWS", 40)  # so that some series are computed, not stored
    world = _World(tmp_path)
    try:
        for _name, *page in pages:
            world.page(*page)
        for change, asked in steps:
            for which, where in [(0, 0), (0, 1), *asked]:
                tzid, merged, visible, only = questions[which % len(questions)]
                days, seconds, length = spans[where % len(spans)]
                low = SPRING + days * DAY + seconds
                calendars = None if only is None else {world.ids[only]}
                more = {"merged": merged, "visible_only": visible, "calendars": calendars}
                fresh = View(world.mine).instances(low, low + length, tzid, **more)
                assert list(world.view.instances(low, low + length, tzid, **more)) == list(fresh)
            getattr(world, change[0])(*change[1:])
    finally:
        world.close()


def _counted(monkeypatch: pytest.MonkeyPatch, store: Store) -> list[tuple[int, int]]:
    """The spans that are read from the files from now on."""
    read: list[tuple[int, int]] = []
    real = store.window.instances

    def instances(low: int, high: int, *rest: object) -> object:
        read.append((low, high))
        return real(low, high, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(store.window, "instances", instances)
    return read


def test_a_week_asked_again_is_not_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is a day of it, nor the week before when one comes back to it."""
    view, week = View(store), 7 * DAY
    read = _counted(monkeypatch, store)
    low = 1_773_619_200
    view.instances(low, low + week, "UTC")
    view.instances(low, low + week, "UTC")
    view.instances(low + DAY, low + 2 * DAY, "UTC")
    assert read == [(low, low + week)]
    view.instances(low + week, low + 2 * week, "UTC")
    view.instances(low, low + week, "UTC")
    assert read == [(low, low + week), (low + week, low + 2 * week)]


def test_another_question_is_another_answer(store: Store) -> None:
    """What was kept for all calendars is not shown for one."""
    view = View(store)
    work, home = (calendar.id for calendar in store.calendars())
    ics = f"{HEAD}BEGIN:VEVENT\r\nUID:u\r\nDTSTART:20260324T090000Z\r\nSUMMARY:Here\r\nEND:VEVENT\r\n{TAIL}"
    store.apply(work, Delta(upserts=(Resource(href=Href("u"), ics=ics),)))
    span = SPRING - 7 * DAY, SPRING
    assert len(view.instances(*span, "UTC")) == 1
    assert view.instances(*span, "UTC", calendars=[home]) == []
    store.ledger.change_calendar(work, {"visible": False})
    assert view.instances(*span, "UTC") == []
    assert len(view.instances(*span, "UTC", visible_only=False)) == 1
    assert view.instances(*span, "UTC") == []


def test_the_memory_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stretch that was asked for least lately goes first; one too large is not kept."""
    monkeypatch.setattr(kept, "MOST_INSTANCES", 2)
    ics = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:2026032{n}T090000Z\r\nEND:VEVENT\r\n" for n in range(3))
    work = store.calendars()[0].id
    single = [
        Resource(href=Href(str(n)), ics=f"{HEAD}{part}END:VEVENT\r\n{TAIL}")
        for n, part in enumerate(ics.split("END:VEVENT\r\n")[:3])
    ]
    store.apply(work, Delta(upserts=tuple(single)))
    found = View(store).instances(1_773_964_800, 1_774_224_000, "UTC")
    assert len(found) == 3
    memory = Kept()
    memory.calm(1)
    memory.keep(1, "q", Stretch(0, 1 << 40, UTC_ZONE, list(found)))
    assert memory.part(1, "q", 0, 1 << 40) is None
    for n, one in enumerate(found):
        memory.keep(1, "q", Stretch(n, n + 1, UTC_ZONE, [one]))
    assert [memory.part(1, "q", n, n + 1) is not None for n in range(3)] == [False, True, True]


def test_what_was_read_before_a_change_is_not_kept_after_it() -> None:
    """The version is asked for before the files are read."""
    memory = Kept()
    memory.calm(1)
    memory.calm(2)
    memory.keep(1, "q", Stretch(0, 9, UTC_ZONE, []))
    assert memory.part(2, "q", 0, 9) is None


def test_at_a_change_of_the_clock_the_files_decide() -> None:
    """A floating time may be on one side of the edge on the wall, and on the other as an instant."""
    zone = iana("Europe/Berlin")
    change = 1_774_746_000
    stretch = Stretch(change - 9 * DAY, change + 9 * DAY, zone, [])
    assert stretch.part(change - DAY, change + DAY) == []
    assert stretch.part(change - 1800, change + DAY) is None
    assert stretch.part(change - DAY, change + 3600) is None

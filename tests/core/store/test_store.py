"""The store on real files: pages in, instances out, damage survived."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.errors import Damaged, NewerDatabase
from calmerge_desktop.core.ics.split import HEAD, TAIL
from calmerge_desktop.core.instances import in_window, key_of, open_series
from calmerge_desktop.core.model import (
    Access,
    Delta,
    ETag,
    Href,
    Instance,
    RemoteCalendar,
    RemoteId,
    Resource,
    SourceState,
    SourceStatus,
    SyncToken,
)
from calmerge_desktop.core.store import CACHE_FILE, LEDGER_FILE, Store, files, migrate, tables
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import iana

BERLIN = iana("Europe/Berlin")
NOW = 1_795_000_000


def _ics(uid: str, *lines: str) -> str:
    body = "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT", ""])
    return HEAD + body + TAIL


def _resource(uid: str, *lines: str, etag: str = "1") -> Resource:
    return Resource(href=Href(f"{uid}.ics"), etag=ETag(etag), ics=_ics(uid, *lines))


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def _week(store: Store, low: str = "2026-11-23T00:00", days: int = 7) -> list[Instance]:
    start = _at(low)
    return sorted(
        store.instances(start, start + days * DAY, BERLIN, [c.id for c in store.calendars()]), key=lambda one: one.start
    )


LUNCH = _resource("lunch", "DTSTART:20261124T110000Z", "DTEND:20261124T120000Z", "SUMMARY:Lunch")
DAILY = _resource("daily", "DTSTART:20200101T080000Z", "DURATION:PT15M", "RRULE:FREQ=DAILY", "SUMMARY:Stand-up")


def test_a_page_becomes_instances_and_its_token_is_kept(store: Store) -> None:
    """Counts tell what was new."""
    work = store.calendars()[0].id
    applied = store.apply(work, Delta(upserts=(LUNCH, DAILY), next_token=SyncToken("t1")))
    assert (applied.added, applied.updated, applied.removed) == (2, 0, 0)
    assert store.token(work) == "t1"
    assert [one.summary for one in _week(store)].count("Stand-up") == 7
    assert [one.summary for one in _week(store)].count("Lunch") == 1


def test_words_come_out_as_they_went_in(store: Store) -> None:
    """They pass through JSON on their way."""
    odd = 'a "b" {c} [d] \u2028 \U0001f41d \x7f tab\there é ß \ufeff'
    work = store.calendars()[0].id
    lines = ("DTSTART:20261124T110000Z", f"SUMMARY:{odd}", f"LOCATION:C:\\\\{odd}\\n2")
    store.apply(work, Delta(upserts=(_resource("odd", *lines),)))
    [found] = _week(store)
    assert (found.summary, found.location) == (odd, f"C:\\{odd}\n2")


def test_the_same_page_again_changes_nothing(store: Store) -> None:
    """A crash repeats work and doubles nothing."""
    work = store.calendars()[0].id
    store.apply(work, Delta(upserts=(LUNCH, DAILY)))
    before = _week(store)
    applied = store.apply(work, Delta(upserts=(LUNCH, DAILY)))
    assert (applied.added, applied.updated) == (0, 0)
    assert _week(store) == before


def test_a_token_comes_with_the_last_page_only(store: Store) -> None:
    """An interrupted listing starts again."""
    work = store.calendars()[0].id
    store.apply(work, Delta(upserts=(LUNCH,), next_token=SyncToken("early"), last=False))
    assert store.token(work) is None


def test_a_full_listing_removes_what_it_does_not_name(store: Store) -> None:
    """And nothing else; the id of what stays is the same."""
    work = store.calendars()[0].id
    store.apply(work, Delta(upserts=(LUNCH, DAILY)))
    applied = store.apply(work, Delta(full=True), keep=[LUNCH.href])
    assert applied.removed == 1
    assert [one.id for one in _week(store)] == [key_of(work, "lunch")]
    assert store.search("stand", 10) == []


def test_a_changed_resource_replaces_its_instances(store: Store) -> None:
    """Old rows and old search entries go."""
    work = store.calendars()[0].id
    store.apply(work, Delta(upserts=(LUNCH,)))
    later = _resource("lunch", "DTSTART:20261125T110000Z", "DTEND:20261125T120000Z", "SUMMARY:Dinner", etag="2")
    applied = store.apply(work, Delta(upserts=(later,)))
    assert applied.updated == 1
    assert [one.summary for one in _week(store)] == ["Dinner"]
    assert store.search("lunch", 10) == []
    assert store.known(work) == {"lunch.ics": "2"}


def test_an_unreadable_event_is_set_aside_and_the_rest_arrives(store: Store) -> None:
    """It is listed with a sentence until it can be read."""
    work = store.calendars()[0].id
    broken = _resource("broken", "DTSTART:garbage", "SUMMARY:Broken")
    applied = store.apply(work, Delta(upserts=(broken, LUNCH)))
    assert [one.href for one in applied.set_aside] == ["broken.ics"]
    assert [one.summary for one in _week(store)] == ["Lunch"]
    assert len(store.set_aside()) == 1
    store.apply(work, Delta(upserts=(_resource("broken", "DTSTART:20261124T150000Z", "SUMMARY:Mended", etag="2"),)))
    assert store.set_aside() == []
    assert [one.summary for one in _week(store)] == ["Lunch", "Mended"]


def test_one_uid_in_two_resources_are_two_events(store: Store) -> None:
    """Each has an id of its own."""
    work = store.calendars()[0].id
    twin = Resource(href=Href("twin.ics"), etag=ETag("1"), ics=LUNCH.ics)
    store.apply(work, Delta(upserts=(LUNCH, twin)))
    assert len({one.id for one in _week(store)}) == 2


def test_endless_series_go_on_beyond_the_stored_horizon(store: Store) -> None:
    """What is not stored is named, so that it can be computed."""
    work = store.calendars()[0].id
    store.apply(work, Delta(upserts=(DAILY,)))
    far = _at("2040-01-01T00:00")
    assert store.instances(far, far + DAY, BERLIN, [work]) == []
    live = store.live(far + DAY, [work])
    assert [one.key for one in live] == [key_of(work, "daily")]
    assert store.live(_at("2026-11-30T00:00"), [work]) == []


def test_the_horizon_moves_with_the_years(tmp_path: Path, store: Store) -> None:
    """Opened years later, a round of housekeeping stores what lies ahead of that day."""
    work = store.calendars()[0].id
    store.apply(work, Delta(upserts=(DAILY,)))
    store.close()
    later = Store(tmp_path, clock=lambda: NOW + 5 * 366 * DAY)
    later.housekeep()
    start = NOW + 5 * 366 * DAY
    assert len(later.instances(start, start + 7 * DAY, BERLIN, [work])) == 7
    later.close()


def test_a_minutely_series_is_computed_not_stored(store: Store) -> None:
    """It would fill the table."""
    work = store.calendars()[0].id
    store.apply(work, Delta(upserts=(_resource("m", "DTSTART:20260101T000000Z", "RRULE:FREQ=MINUTELY;INTERVAL=5"),)))
    assert _week(store) == []
    assert len(store.live(_at("2026-11-24T00:00"), [work])) == 1


def test_search_finds_beginnings_of_words_in_any_field(store: Store) -> None:
    """All words must match; accents and case do not matter."""
    work = store.calendars()[0].id
    party = _resource(
        "p", "DTSTART:20261124T150000Z", "SUMMARY:Käse-Abend", "LOCATION:Küche", "ATTENDEE;CN=Bo:mailto:bo@example.test"
    )
    store.apply(work, Delta(upserts=(party, LUNCH)))
    assert [found[0] for found in store.search("kase kuch", 10)] == [key_of(work, "p")]
    assert [found[0] for found in store.search("BO", 10)] == [key_of(work, "p")]
    assert store.search("kase lunch", 10) == []
    assert store.search('"*)(', 10) == []


def test_states_are_remembered(store: Store) -> None:
    """As they were set."""
    status = SourceStatus(state=SourceState.STALE, as_of=5, reason="why", kind="offline", retry_at=9)
    store.set_status(store.calendars()[0].id, status)
    assert store.status(store.calendars()[0].id) == status


def test_a_calendar_that_is_listed_no_more_goes_with_its_events(store: Store) -> None:
    """Roles of the others stay."""
    work, home = store.calendars()
    store.ledger.change_calendar(work.id, {"own_name": "Mine", "own_color": "#abcdef"})
    store.apply(home.id, Delta(upserts=(LUNCH,)))
    store.list_calendars(work.account_id, [RemoteCalendar(remote_id=RemoteId("work"), name="Renamed", access=Access.WRITE)])
    assert [(c.name, c.color) for c in store.calendars()] == [("Mine", "#abcdef")]
    assert store.cache.calendars() == set()


_KINDS = st.sampled_from(
    [
        ("DTSTART:20251101T220000Z", "DURATION:PT1H"),
        ("DTSTART:20251101T100000", "DURATION:PT3H"),
        ("DTSTART;VALUE=DATE:20251101",),
        ("DTSTART;VALUE=DATE:20251101", "DTEND;VALUE=DATE:20251112"),
        ("DTSTART;TZID=America/New_York:20251101T013000", "DURATION:P3DT1H"),
    ]
)
_RULES = st.sampled_from(
    [None, "FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;COUNT=20", "FREQ=YEARLY", "FREQ=HOURLY;INTERVAL=7"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    events=st.lists(st.tuples(_KINDS, _RULES), min_size=1, max_size=6),
    start=st.integers(_at("2025-10-20T00:00"), _at("2027-12-31T00:00")),
    hours=st.integers(1, 24 * 40),
    tz=st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Auckland"]),
)
def test_the_range_query_gives_what_expanding_gives(
    store: Store, events: Sequence[tuple[tuple[str, ...], str | None]], start: int, hours: int, tz: str
) -> None:
    """Any events, any span, any zone of who looks: the table and the slow way agree."""
    work = store.calendars()[0].id
    resources = tuple(
        _resource(f"u{n}", *lines, *([f"RRULE:{rule}"] if rule else []), f"SUMMARY:{n}")
        for n, (lines, rule) in enumerate(events)
    )
    store.apply(work, Delta(upserts=resources, full=True), keep=[one.href for one in resources])
    zone, end, book = iana(tz), start + hours * 3600, store.books()[work]
    mine = store.instances(start, end, zone, [work])
    for one in store.live(end, [work]):
        series, _bad = open_series(one.ics, None)
        mine += in_window(series, book, one.key, start, end, zone, since=one.covered)
    expected: list[Instance] = []
    for resource in resources:
        series, _bad = open_series(resource.ics, None)
        uid = series.events[0].uid
        expected += in_window(series, book, key_of(work, uid), start, end, zone)
    assert sorted(map(repr, mine)) == sorted(map(repr, expected))


def test_a_cache_of_another_layout_is_pulled_again(tmp_path: Path, store: Store) -> None:
    """The ledger stays, the copy of the providers goes, nothing is said about it."""
    work = store.calendars()[0].id
    store.apply(work, Delta(upserts=(LUNCH,), next_token=SyncToken("t")))
    store.close()
    with sqlite3.connect(tmp_path / CACHE_FILE) as connection:
        connection.execute(f"PRAGMA user_version={files.CACHE_LAYOUT + 1}")
    again = Store(tmp_path, clock=lambda: NOW)
    assert again.notice is None
    assert again.token(work) is None
    assert next(c.id for c in again.calendars()) == work
    again.close()


def test_a_damaged_cache_is_kept_aside_and_said(tmp_path: Path, store: Store) -> None:
    """The ledger is untouched."""
    store.close()
    path = tmp_path / CACHE_FILE
    path.write_bytes(b"\0not a database at all" * 500)
    for leftover in ("-wal", "-shm"):
        path.with_name(CACHE_FILE + leftover).unlink(missing_ok=True)
    again = Store(tmp_path, clock=lambda: NOW)
    assert again.notice is not None
    assert len(list(tmp_path.glob("cache.damaged-*.sqlite"))) == 1
    assert len(again.calendars()) == 2
    again.close()


def test_a_damaged_ledger_is_not_touched(tmp_path: Path, store: Store) -> None:
    """One sentence, and the file stays as it is."""
    store.close()
    path = tmp_path / LEDGER_FILE
    for leftover in ("-wal", "-shm"):
        path.with_name(LEDGER_FILE + leftover).unlink(missing_ok=True)
    path.write_bytes(b"\0broken" * 1000)
    with pytest.raises(Damaged, match="damaged"):
        Store(tmp_path, clock=lambda: NOW)
    assert path.read_bytes() == b"\0broken" * 1000


def test_a_ledger_of_a_newer_version_is_refused(tmp_path: Path, store: Store) -> None:
    """Nothing is changed."""
    store.close()
    with sqlite3.connect(tmp_path / LEDGER_FILE) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase):
        Store(tmp_path, clock=lambda: NOW)


def test_migrations_lead_to_the_tables_of_the_code(store: Store) -> None:
    """Alembic finds no difference, and HEAD is the newest step."""
    with store.ledger.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True})
        assert compare_metadata(context, tables.ledger) == []
    scripts = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
    assert scripts.get_current_head() == migrate.HEAD


def test_only_the_sync_thread_writes_the_cache(store: Store) -> None:
    """Another thread is told so."""
    import threading

    store.own_thread()
    failures: list[BaseException] = []

    def other() -> None:
        try:
            store.apply(store.calendars()[0].id, Delta())
        except AssertionError as error:
            failures.append(error)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert len(failures) == 1


def test_all_day_events_are_found_by_their_date_in_any_zone(store: Store) -> None:
    """New Year in Auckland is New Year in Honolulu."""
    work = store.calendars()[0].id
    store.apply(work, Delta(upserts=(_resource("d", "DTSTART;VALUE=DATE:20270101", "SUMMARY:New Year"),)))
    for tz in ("Pacific/Auckland", "Pacific/Honolulu"):
        zone = iana(tz)
        low = zone.to_utc((date(2027, 1, 1) - date(1970, 1, 1)).days * DAY)
        assert [one.summary for one in store.instances(low, low + DAY, zone, [work])] == ["New Year"]
        assert store.instances(low - DAY, low, zone, [work]) == []

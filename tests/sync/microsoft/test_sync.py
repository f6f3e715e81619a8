"""The engine and Microsoft: both ways, series, windows, meetings, and how little is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from calmerge_desktop.core.errors import EditConflict, Offline, ReadOnly, SignInNeeded
from calmerge_desktop.core.model import Changes, Href, RemoteId, Resource, Scope, SourceState, SyncToken
from calmerge_desktop.core.when import DAY
from calmerge_desktop.sync.http import never
from calmerge_desktop.sync.oauth.scopes import Level
from calmerge_desktop.sync.providers.microsoft.provider import MicrosoftProvider
from tests.provider_contract import event, ics
from tests.servers.microsoft import FakeMicrosoft
from tests.servers.microsoft_events import OWNER, at
from tests.servers.vendor import Fault
from tests.sync.microsoft.conftest import ACCOUNT, secret
from tests.sync.microsoft.desk import BEGIN, Desk
from tests.sync.microsoft.test_failures import DAILY


@pytest.fixture
def desk(microsoft: FakeMicrosoft, tokens: str, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "store", microsoft, tokens)
    yield made
    made.close()


def series(microsoft: FakeMicrosoft) -> None:
    times = {"start": at("2026-11-23T09:00:00"), "end": at("2026-11-23T09:30:00")}
    microsoft.primary.put("series0", subject="Daily", recurrence=DAILY, **times)
    later = {"start": at("2026-11-24T11:00:00"), "end": at("2026-11-24T12:00:00")}
    microsoft.primary.patch("series0.occ.2026-11-24", {"subject": "Moved", **later})
    microsoft.primary.drop("series0.occ.2026-11-25")


def test_an_idle_sync_asks_once_a_calendar(desk: Desk, microsoft: FakeMicrosoft) -> None:
    """Twelve calendars: the list, and one question for each; no token is asked for."""
    for n in range(11):
        microsoft.add(f"C{n}").put(f"event{n}", subject=f"E{n}")
    desk.sync()
    microsoft.asked.clear()
    microsoft.token_requests.clear()
    assert desk.sync().state is SourceState.FRESH
    questions = [each for each in microsoft.asked if each.endswith("/delta")]
    assert (len(questions), len(microsoft.asked), len(microsoft.token_requests)) == (12, 13, 0)
    desk.agrees()


@pytest.mark.parametrize("missing", ["", "cancelled", "filters"])
def test_pages_thin_occurrences_and_what_graph_may_not_know(desk: Desk, microsoft: FakeMicrosoft, missing: str) -> None:
    """Series cut over pages; and the same where `cancelledOccurrences` or filters by our marks are refused."""
    microsoft.no_cancelled, microsoft.no_filters = missing == "cancelled", missing == "filters"
    microsoft.page, microsoft.empty_pages = 2, True
    series(microsoft)
    for n in range(5):
        microsoft.primary.put(f"single{n}", subject=f"S{n}")
    desk.sync()
    desk.agrees()
    microsoft.primary.drop("series0.occ.2026-11-26")
    microsoft.primary.drop("single3")
    desk.add("Here", rrule="FREQ=WEEKLY;COUNT=3")
    desk.sync()
    desk.agrees()
    desk.events.delete(desk.one("Here", 1).id, Scope.THIS)
    desk.events.edit(desk.one("Here", 1).id, Changes(summary="There"), Scope.THIS)
    desk.sync()
    desk.agrees()
    desk.sync(full=True)
    desk.agrees()


def test_an_old_link_costs_a_listing_and_moves_nothing(desk: Desk, microsoft: FakeMicrosoft) -> None:
    """410: everything is listed again, unchanged events are not touched, removals are found."""
    series(microsoft)
    for n in range(5):
        microsoft.primary.put(f"single{n}", subject=f"S{n}")
    desk.sync()
    microsoft.primary.drop("single1")
    microsoft.expire()
    result = desk.sync()
    assert [(each.added, each.updated, each.removed) for each in result.calendars] == [(0, 0, 1)]
    desk.agrees()


def test_the_window_moves_on_and_nothing_is_lost_behind_it(desk: Desk, microsoft: FakeMicrosoft) -> None:
    """A month later everything is listed through a new window; what fell out of it is asked for by name."""
    microsoft.primary.put("old0", subject="Old", start=at("2025-10-10T09:00:00"), end=at("2025-10-10T10:00:00"))
    microsoft.primary.put("far0", subject="Far", start=at("2029-11-20T09:00:00"), end=at("2029-11-20T10:00:00"))
    desk.sync()
    assert len(desk.store.known(desk.calendar().id)) == 1  # the far one is not to be seen yet
    desk.now = BEGIN + 40 * DAY
    result = desk.sync()
    assert [(each.added, each.removed) for each in result.calendars] == [(1, 0)]
    assert set(desk.store.known(desk.calendar().id)) == {"old0", "far0"}
    desk.now += DAY
    microsoft.asked.clear()
    desk.sync()
    assert len(microsoft.asked) == 2


def test_edits_of_a_series_arrive_in_outlooks_own_way(desk: Desk, microsoft: FakeMicrosoft) -> None:
    """One deleted, put back, one renamed, cut in two, all changed: after each the two sides are the same."""
    desk.sync()
    desk.add("Daily", day=2, rrule="FREQ=DAILY;COUNT=8")
    desk.sync()
    desk.agrees()
    ticket = desk.events.delete(desk.one("Daily", 2).id, Scope.THIS)
    desk.sync()
    desk.agrees()
    desk.events.undo(ticket)
    desk.sync()
    desk.agrees()
    desk.events.edit(desk.one("Daily", 3).id, Changes(summary="Other"), Scope.THIS)
    desk.sync()
    desk.agrees()
    desk.events.edit(desk.one("Daily", 4).id, Changes(summary="Second half"), Scope.FOLLOWING)
    desk.sync()
    desk.agrees()
    desk.events.edit(desk.one("Daily").id, Changes(location="Here"), Scope.ALL)
    desk.sync()
    desk.agrees()


def test_a_repetition_outlook_cannot_keep_waits_with_a_sentence(desk: Desk, microsoft: FakeMicrosoft) -> None:
    """Refused before anything is sent, and the event stays here."""
    desk.sync()
    desk.add("Fifth", day=30, rrule="FREQ=MONTHLY;BYDAY=5MO")
    desk.sync()
    (kept,) = desk.events.conflicts()
    assert str(kept.reason).startswith("Outlook cannot keep this repetition: it wants a fifth weekday")
    assert microsoft.primary.events == {}


def test_a_lost_answer_makes_no_second_event(desk: Desk, microsoft: FakeMicrosoft) -> None:
    """Made, but the answer never came: found by our mark, or dropped by the server for its `transactionId`."""
    for blind in (False, True):
        microsoft.no_filters = blind
        desk.sync()
        desk.add(f"Once {blind}")
        microsoft.faults = [Fault("lost", method="POST", suffix="/events")]
        desk.sync()
        desk.calm()
    assert sorted(each["subject"] for each in microsoft.primary.events.values()) == ["Once False", "Once True"]


def test_a_change_there_is_not_overwritten(provider: MicrosoftProvider, microsoft: FakeMicrosoft) -> None:
    """Before our look, and between our look and our write (If-Match)."""
    calendar = RemoteId(microsoft.primary.id)
    stored = provider.put(calendar, event("u-1"), base=None, create=True)
    found = provider.fetch(calendar, stored.href)
    assert found
    mine = Resource(href=stored.href, ics=ics("u-1", "Mine"))
    theirs = str(stored.href)
    microsoft.meanwhile["PATCH"] = lambda: microsoft.primary.patch(theirs, {"subject": "Theirs"})
    with pytest.raises(EditConflict):
        provider.put(calendar, mine, base=found.etag, create=False)
    with pytest.raises(EditConflict):
        provider.put(calendar, mine, base=found.etag, create=False)
    newer = provider.fetch(calendar, stored.href)
    assert newer
    microsoft.meanwhile["DELETE"] = lambda: microsoft.primary.patch(theirs, {"subject": "Theirs again"})
    with pytest.raises(EditConflict):
        provider.delete(calendar, stored.href, base=newer.etag)
    assert microsoft.primary.events[theirs]["subject"] == "Theirs again"


def test_a_link_that_leads_away_is_not_followed(provider: MicrosoftProvider, microsoft: FakeMicrosoft) -> None:
    """The token goes to Graph and nowhere else, whatever a stored or a given link says."""
    calendar = RemoteId(microsoft.primary.id)
    strange = SyncToken(f"m1|{BEGIN // DAY}|https://elsewhere.example.test/v1.0/me")
    with pytest.raises(Offline, match="broke off"):
        list(provider.changes(calendar, strange, {}, never))


@pytest.mark.parametrize("makes", [True, False])
def test_a_meeting_is_asked_for_and_read_back(provider: MicrosoftProvider, microsoft: FakeMicrosoft, makes: bool) -> None:
    """No link is promised before the mailbox gave one."""
    microsoft.primary.quirks = set() if makes else {"no-teams"}
    wish = event("u-1", extra="X-CALMERGE-CONFERENCE:teams\r\n")
    stored = provider.put(RemoteId(microsoft.primary.id), wish, base=None, create=True)
    found = provider.fetch(RemoteId(microsoft.primary.id), stored.href)
    assert found
    assert ("X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams" in found.ics) is makes
    assert ("X-MICROSOFT-ONLINE-MEETING-STATUS:MISSING" in found.ics) is not makes


def test_when_others_are_busy(provider: MicrosoftProvider, microsoft: FakeMicrosoft) -> None:
    """Merged spans; who is not known is never free; personal accounts know nobody."""
    microsoft.primary.put("a0", start=at("2026-11-24T09:00:00"), end=at("2026-11-24T10:00:00"))
    microsoft.primary.put("b0", start=at("2026-11-24T10:00:00"), end=at("2026-11-24T11:00:00"), showAs="oof")
    microsoft.primary.put("c0", start=at("2026-11-24T13:00:00"), end=at("2026-11-24T14:00:00"), showAs="free")
    found = provider.busy([OWNER, "stranger@example.test"], BEGIN, BEGIN + 90 * DAY, never)
    assert found == {OWNER: ((1_795_507_200, 1_795_514_400),), "stranger@example.test": None}
    microsoft.faults = [Fault("403", suffix="/getSchedule", times=9)]
    assert provider.busy([OWNER], BEGIN, BEGIN + DAY, never) == {OWNER: None}


def test_permissions_decide_what_may_be_written(microsoft: FakeMicrosoft) -> None:
    """Read only, said before anything is sent; and without tokens one signs in."""
    reader = MicrosoftProvider(ACCOUNT, secret(Level.READ))
    with pytest.raises(ReadOnly):
        reader.delete(RemoteId(microsoft.primary.id), Href("x"), base=None)
    reader.close()
    with pytest.raises(SignInNeeded):
        MicrosoftProvider(ACCOUNT, None)

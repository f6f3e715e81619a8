"""The engine and Google: both ways, series, tokens, meetings, and how little is asked."""

from __future__ import annotations

import json
import logging
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from calmerge_desktop.core.errors import AccessDenied, EditConflict, NothingThere, ReadOnly, ServerTrouble, SignInNeeded
from calmerge_desktop.core.model import Changes, ETag, Href, RemoteId, Resource, Scope, SourceState
from calmerge_desktop.sync.http import never
from calmerge_desktop.sync.oauth.scopes import Level
from calmerge_desktop.sync.providers.google.provider import GoogleProvider
from calmerge_desktop.sync.providers.google.sign_in import sign_in
from calmerge_desktop.sync.sameness import same
from tests.provider_contract import event, ics, pull
from tests.servers.google import FakeGoogle, GoogleServer
from tests.servers.google_events import OWNER, at
from tests.servers.vendor import Fault
from tests.sync.google.conftest import ACCOUNT, secret
from tests.sync.google.desk import Desk

MAIN = RemoteId("primary")


@pytest.fixture
def desk(google: FakeGoogle, tokens: str, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "store", google, tokens)
    yield made
    made.close()


def test_an_idle_sync_asks_once_a_calendar(desk: Desk, google: FakeGoogle) -> None:
    """Twelve calendars: the list, and one question for each."""
    for n in range(11):
        google.add(f"c{n}@group.example.test", summary=f"C{n}").put(f"event{n}")
    desk.sync()
    google.asked.clear()
    assert desk.sync().state is SourceState.FRESH
    questions = [each for each in google.asked if "/events" in each]
    assert (len(questions), len(google.asked)) == (12, 13)
    assert len(google.token_requests) == 1
    desk.agrees()


def test_pages_empty_pages_and_exceptions_before_their_master(desk: Desk, google: FakeGoogle) -> None:
    """Whatever order Google tells it in, and however it cuts it."""
    google.page, google.empty_pages = 2, True
    google.primary.put(
        "series0",
        summary="Daily",
        recurrence=["RRULE:FREQ=DAILY;COUNT=4"],
        start=at("2026-11-23T09:00:00+01:00", "Europe/Berlin"),
        end=at("2026-11-23T09:30:00+01:00", "Europe/Berlin"),
    )
    for n in range(7):
        google.primary.put(f"single{n}", summary=f"S{n}")
    google.primary.patch("series0_20261124T080000Z", {"summary": "Moved"}, None, "none", 1)
    google.primary.drop("series0_20261125T080000Z")
    held = google.primary.events
    google.primary.events = {**{key: held[key] for key in reversed(held)}}
    desk.sync()
    desk.agrees()
    google.primary.drop("series0_20261126T080000Z")
    google.primary.put("single3", summary="S3 changed")
    google.asked.clear()
    desk.sync()
    desk.agrees()


def test_a_changed_exception_brings_its_whole_series(desk: Desk, google: FakeGoogle) -> None:
    """The delta names one event; what was cancelled before stays cancelled, even if Google tells it no more."""
    google.primary.put(
        "series0",
        summary="Daily",
        recurrence=["RRULE:FREQ=DAILY;COUNT=4"],
        start=at("2026-11-23T09:00:00+01:00", "Europe/Berlin"),
        end=at("2026-11-23T09:30:00+01:00", "Europe/Berlin"),
    )
    google.primary.drop("series0_20261124T080000Z")
    desk.sync()
    google.primary.quirks.add("no-cancelled-by-uid")
    google.primary.patch("series0_20261125T080000Z", {"summary": "Moved"}, None, "none", 1)
    desk.sync()
    desk.agrees()
    desk.events.edit(desk.one("Daily").id, Changes(summary="Daily here"), Scope.THIS)
    desk.sync()
    desk.agrees()
    google.primary.drop("series0")
    desk.sync()
    assert desk.shown() == []


def test_an_old_token_costs_a_listing_and_moves_nothing(desk: Desk, google: FakeGoogle) -> None:
    """410: everything is listed again, unchanged events are not touched, removals are found."""
    for n in range(5):
        google.primary.put(f"single{n}", summary=f"S{n}")
    desk.sync()
    google.primary.drop("single1")
    google.expire()
    result = desk.sync()
    assert result.state is SourceState.FRESH
    assert [(each.added, each.updated, each.removed) for each in result.calendars] == [(0, 0, 1)]
    desk.agrees()
    google.asked.clear()
    desk.sync()
    assert len(google.asked) == 2


def test_edits_of_a_series_arrive_in_googles_own_way(desk: Desk, google: FakeGoogle) -> None:
    """One deleted, one moved, the rest renamed, cut in two, all moved: after each the two sides are the same."""
    desk.sync()
    desk.add("Daily", day=2, rrule="FREQ=DAILY;COUNT=8")
    desk.sync()
    desk.agrees()
    desk.events.delete(desk.one("Daily", 2).id, Scope.THIS)
    desk.sync()
    desk.agrees()
    (master,) = google.primary.alive()
    assert not any(line.startswith("EXDATE") for line in google.primary.events[master]["recurrence"])
    desk.events.edit(desk.one("Daily", 3).id, Changes(summary="Other"), Scope.THIS)
    desk.sync()
    desk.agrees()
    desk.events.edit(desk.one("Other").id, Changes(location="Somewhere"), Scope.THIS)
    desk.events.edit(desk.one("Daily", 4).id, Changes(summary="Second half"), Scope.FOLLOWING)
    desk.sync()
    desk.agrees()
    desk.events.edit(desk.one("Daily").id, Changes(summary="First half"), Scope.ALL)
    desk.sync()
    desk.agrees()
    desk.events.delete(desk.one("First half").id, Scope.ALL)
    desk.sync()
    desk.agrees()


def test_taking_a_deletion_back_revives_it(desk: Desk, google: FakeGoogle) -> None:
    """The id of a deleted event stays taken at Google, so it is undeleted."""
    desk.sync()
    desk.add("Gone and back")
    desk.sync()
    desk.events.delete(desk.one("Gone and back").id, Scope.ALL)
    desk.sync()
    assert google.primary.shown() == []
    ticket = desk.events.last_ticket()
    assert ticket
    desk.events.undo(ticket)
    desk.sync()
    desk.agrees()
    assert len(desk.shown()) == 1


def test_a_change_on_both_sides_is_kept_for_the_person(desk: Desk, google: FakeGoogle) -> None:
    """Nothing is overwritten."""
    google.primary.put("both000", summary="Start")
    desk.sync()
    desk.events.edit(desk.one("Start").id, Changes(summary="Mine"), Scope.ALL)
    google.primary.put("both000", summary="Theirs")
    desk.sync()
    (conflict,) = desk.events.conflicts()
    assert conflict.theirs
    assert conflict.theirs.summary == "Theirs"
    assert google.primary.events["both000"]["summary"] == "Theirs"
    desk.events.resolve(conflict.id, "mine")
    desk.sync()
    desk.agrees()
    assert google.primary.events["both000"]["summary"] == "Mine"


def test_mails_go_out_only_where_guests_see_a_change(provider: GoogleProvider, google: FakeGoogle) -> None:
    """A meeting of ours is announced; a private change of it is not."""
    guests = f"ORGANIZER:mailto:{OWNER}\r\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@example.test\r\n"
    stored = provider.put(MAIN, event("meeting-1", extra=guests), base=None, create=True)
    assert len(google.primary.mails) == 1
    there = provider.fetch(MAIN, stored.href)
    assert there
    private = there.ics.replace("END:VEVENT", "CLASS:PRIVATE\r\nEND:VEVENT")
    provider.put(MAIN, Resource(href=stored.href, ics=private), base=there.etag, create=False)
    assert len(google.primary.mails) == 1
    there = provider.fetch(MAIN, stored.href)
    assert there
    provider.delete(MAIN, stored.href, base=there.etag)
    assert len(google.primary.mails) == 2


def test_an_invitation_of_somebody_else_is_taken_over_without_a_mail(provider: GoogleProvider, google: FakeGoogle) -> None:
    """Imported under its own UID; twice is once."""
    guests = f"ORGANIZER:mailto:boss@example.test\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{OWNER}\r\n"
    first = provider.put(MAIN, event("invited-1", extra=guests), base=None, create=True)
    again = provider.put(MAIN, event("invited-1", extra=guests), base=None, create=True)
    assert first.href == again.href
    (there,) = google.primary.alive().values()
    assert there["iCalUID"] == "invited-1"
    assert google.primary.mails == []
    with pytest.raises(EditConflict):
        provider.put(MAIN, event("invited-1", "Other", extra=guests), base=None, create=True)


def test_a_meeting_is_pending_until_google_made_it(provider: GoogleProvider, google: FakeGoogle) -> None:
    """Asked for once; the link comes with the next news."""
    google.primary.conference = "pending"
    wish = event("meet-1", extra="X-CALMERGE-CONFERENCE:hangoutsMeet\r\n")
    stored = provider.put(MAIN, wish, base=None, create=True)
    upserts, _removed, _unchanged, token, _full = pull(provider, MAIN)
    assert "X-GOOGLE-CONFERENCE-STATUS:PENDING" in upserts[stored.href].ics
    google.primary.conference = "success"
    google.primary.settle(str(stored.href))
    news, *_rest = pull(provider, MAIN, token, {stored.href: upserts[stored.href].etag})
    assert "X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij" in news[stored.href].ics
    assert "X-CALMERGE-CONFERENCE" not in news[stored.href].ics


def test_a_write_cut_off_in_the_middle_goes_on_where_it_stopped(provider: GoogleProvider, google: FakeGoogle) -> None:
    """Master written, exception not: the same write again is no conflict and does only the rest."""
    google.primary.put(
        "series0",
        summary="Daily",
        recurrence=["RRULE:FREQ=DAILY;COUNT=4"],
        start=at("2026-11-23T09:00:00+01:00", "Europe/Berlin"),
        end=at("2026-11-23T09:30:00+01:00", "Europe/Berlin"),
    )
    google.primary.patch("series0_20261124T080000Z", {"summary": "Other"}, None, "none", 1)
    there = provider.fetch(MAIN, Href("series0"))
    assert there
    google.primary.patch("series0", {"summary": "Both"}, None, "none", 1)
    wish = there.ics.replace("SUMMARY:Daily", "SUMMARY:Both").replace("SUMMARY:Other", "SUMMARY:Other too")
    google.asked.clear()
    provider.put(MAIN, Resource(href=there.href, ics=wish), base=there.etag, create=False)
    assert [each.split()[0] for each in google.asked if not each.startswith("GET")] == ["PATCH"]
    assert {each["summary"] for each in google.primary.alive().values()} == {"Both", "Other too"}
    google.primary.patch("series0_20261124T080000Z", {"summary": "Somebody else"}, None, "none", 1)
    with pytest.raises(EditConflict):
        provider.put(MAIN, Resource(href=there.href, ics=wish.replace("Both", "Third")), base=there.etag, create=False)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_change_between_our_look_and_our_write_is_not_overwritten(
    provider: GoogleProvider, google: FakeGoogle, method: str
) -> None:
    """Google itself compares the version."""
    google.primary.put("race000", summary="Start")
    there = provider.fetch(MAIN, Href("race000"))
    assert there
    google.meanwhile[method] = lambda: google.primary.put("race000", summary="Theirs")
    mine = Resource(href=there.href, ics=there.ics.replace("Start", "Mine"))

    def write() -> object:
        if method == "DELETE":
            provider.delete(MAIN, there.href, base=there.etag)
            return None
        return provider.put(MAIN, mine, base=there.etag, create=False)

    with pytest.raises(EditConflict):
        write()
    assert google.primary.events["race000"]["summary"] == "Theirs"
    assert google.primary.events["race000"]["status"] == "confirmed"


def test_googles_libraries_log_nothing(
    google: FakeGoogle,
    server: GoogleServer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At debug level they would write codes, tokens and whole answers."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("BROWSER", "true")
    (tmp_path / "client.json").write_text(json.dumps(server.client()))
    google.primary.put("canary0", summary="canary-title")

    def show(url: str, _opens: bool) -> None:
        threading.Thread(target=lambda: urllib.request.urlopen(url).read(), daemon=True).start()

    found = sign_in({"client_secrets": str(tmp_path / "client.json")}, None, show, never)
    provider = GoogleProvider(ACCOUNT, found.secret)
    try:
        google.faults = [Fault("500")]
        with pytest.raises(ServerTrouble):
            provider.calendars(never)
        pull(provider, MAIN)
    finally:
        provider.close()
    codes = [form["code"] for form in google.token_requests if "code" in form]
    assert codes
    assert not [word for word in ("canary", *google.grants, *codes) if word in caplog.text]


def test_invited_to_one_occurrence_only(provider: GoogleProvider, google: FakeGoogle) -> None:
    """Exceptions without a master live on their own, until the master comes."""
    alone = google.primary.put(
        "other00_20261125T080000Z",
        summary="Board",
        iCalUID="other00@google.com",
        recurringEventId="other00",
        originalStartTime=at("2026-11-25T08:00:00Z"),
    )
    upserts, _removed, _unchanged, token, _full = pull(provider, MAIN)
    (href,) = upserts
    assert href == "uid:other00@google.com"
    found = provider.fetch(MAIN, href)
    assert found
    assert same(found.ics, upserts[href].ics)
    known: dict[Href, ETag | None] = {href: upserts[href].etag}
    assert pull(provider, MAIN, token, known)[0] == {}
    google.primary.put("other00", summary="Board", iCalUID="other00@google.com", recurrence=["RRULE:FREQ=DAILY;COUNT=3"])
    news, removed, _unchanged, _token, _full = pull(provider, MAIN, token, known)
    assert (set(news), removed) == ({Href("other00")}, {href})
    assert alone["id"] in google.primary.events


def test_roles_and_permissions_decide_what_may_be_written(google: FakeGoogle, server: GoogleServer) -> None:
    """A role nobody knows only reads; a permission not given neither."""
    google.add("shared@group.example.test", summary="Shared", role="reader")
    google.add("future@group.example.test", summary="Future", role="roleOfTomorrow")
    google.add("busy@group.example.test", summary="Busy", role="freeBusyReader")
    writer = GoogleProvider(ACCOUNT, secret(server, google))
    reader = GoogleProvider(ACCOUNT, secret(server, google, Level.READ))
    try:
        found = {each.name: each.access.value for each in writer.calendars(never)}
        assert found == {"Alice": "write", "Shared": "read", "Future": "read", "Busy": "read"}
        assert {each.access.value for each in reader.calendars(never)} == {"read"}
        with pytest.raises(ReadOnly, match="no permission"):
            reader.put(MAIN, event("x-1"), base=None, create=True)
        with pytest.raises(ReadOnly):
            writer.put(RemoteId("shared@group.example.test"), event("x-1"), base=None, create=True)
        with pytest.raises(NothingThere):
            writer.put(RemoteId("gone@group.example.test"), event("x-1"), base=None, create=True)
    finally:
        writer.close()
        reader.close()


def test_when_others_are_busy(provider: GoogleProvider, google: FakeGoogle, server: GoogleServer) -> None:
    """Spans in order; who is unknown is unknown, not free; without the permission it says so."""
    google.primary.put("busy000", start=at("2026-11-24T09:00:00Z"), end=at("2026-11-24T10:00:00Z"))
    google.primary.put("busy001", start=at("2026-11-24T09:30:00Z"), end=at("2026-11-24T11:00:00Z"))
    low, high = 1_793_491_200, 1_793_491_200 + 100 * 86_400
    found = provider.busy([OWNER, "nobody@example.test"], low, high, never)
    assert found == {OWNER: ((1795510800, 1795518000),), "nobody@example.test": None}
    google.untick = frozenset()
    narrow = GoogleProvider(ACCOUNT, secret(server, google).replace("calendar.events.freebusy", "calendar.other"))
    with pytest.raises(AccessDenied):
        narrow.busy([OWNER], low, high, never)
    narrow.close()


def test_without_tokens_one_signs_in(google: FakeGoogle) -> None:
    """Nothing kept, or something else."""
    for held in (None, "", "{}", "[1]", "canary"):
        with pytest.raises(SignInNeeded):
            GoogleProvider(ACCOUNT, held)


def test_a_wrong_clock_here_or_there_costs_a_renewal(desk: Desk, google: FakeGoogle) -> None:
    """Google thinks the token is over though we do not: it is renewed once, and the visit goes on."""
    google.primary.put("single0")
    desk.sync()
    google.skew = 7200
    assert desk.sync().state is SourceState.FRESH
    google.skew = -86_400
    assert desk.sync().state is SourceState.FRESH
    desk.agrees()


def test_an_awkward_long_uid_is_refused(provider: GoogleProvider) -> None:
    """Rather than cut."""
    from calmerge_desktop.core.errors import BadInput

    with pytest.raises(BadInput, match="too long"):
        provider.put(MAIN, Resource(href=Href("x"), ics=ics("u" * 1001)), base=None, create=True)

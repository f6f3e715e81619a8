"""What the person changes shows at once, waits in the outbox, and can be taken back."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from calmerge_desktop.core.agenda.events import Events
from calmerge_desktop.core.agenda.view import View
from calmerge_desktop.core.errors import BadInput, EditConflict, ReadOnly, UnknownId
from calmerge_desktop.core.ics.split import HEAD, TAIL
from calmerge_desktop.core.model import Changes, Delta, Draft, ETag, Href, Resource, Scope, Stamp
from calmerge_desktop.core.store import Store

NOW = 1_795_000_000
TZ = "Europe/Berlin"


@pytest.fixture
def events(store: Store) -> Events:
    """The job, in Berlin."""
    return Events(store, lambda: NOW, TZ)


def _titles(store: Store, first: str = "2026-11-23", last: str = "2026-11-30") -> list[str]:
    low, high = (int(datetime.fromisoformat(f"{day}T00:00+01:00").timestamp()) for day in (first, last))
    return [one.summary + ("*" if one.pending else "") for one in View(store).instances(low, high, TZ)]


def _draft(store: Store, title: str = "Lunch", **more: object) -> Draft:
    fields = {
        "calendar": store.calendars()[0].id,
        "summary": title,
        "start": Stamp(datetime(2026, 11, 24, 12), TZ),
        "end": Stamp(datetime(2026, 11, 24, 13), TZ),
    } | more
    return Draft(**fields)  # type: ignore[arg-type]


def _series(store: Store) -> str:
    ics = (
        HEAD
        + (
            "BEGIN:VEVENT\r\nUID:s\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20261123T090000\r\n"
            "DURATION:PT30M\r\nRRULE:FREQ=DAILY;COUNT=5\r\nSUMMARY:Daily\r\nEND:VEVENT\r\n"
        )
        + TAIL
    )
    work = store.calendars()[0].id
    store.apply(work, Delta(upserts=(Resource(href=Href("s.ics"), etag=ETag("1"), ics=ics),)))
    low = int(datetime.fromisoformat("2026-11-23T00:00+01:00").timestamp())
    return View(store).instances(low, low + 86_400, TZ)[0].id.partition("@")[0]


def _arrive(store: Store, href: str | None = None) -> None:
    """What a sync does: every waiting write reaches the provider, which gives it an ETag."""
    account = store.accounts()[0].id
    for write in store.outbox(account, NOW):
        store.sending(write.id)
        resource = None
        if write.ics is not None:
            resource = Resource(href=Href(href or write.href), etag=ETag(f"e{write.id}"), ics=write.ics)
        store.sent(write.id, resource)


def test_a_new_event_shows_at_once_as_unsent(store: Store, events: Events) -> None:
    """And turns solid when the provider has it, under the same id."""
    made = events.add(_draft(store))
    assert _titles(store) == ["Lunch*"]
    assert made.instance.pending
    _arrive(store, href="/server/chose/this.ics")
    assert _titles(store) == ["Lunch"]
    assert events.detail(made.instance.id).instance.id == made.instance.id
    assert events.waiting() == 0


def test_an_event_deleted_before_it_was_sent_never_leaves(store: Store, events: Events) -> None:
    """The outbox is empty again."""
    made = events.add(_draft(store))
    events.delete(made.instance.id)
    assert _titles(store) == []
    assert events.waiting() == 0


def test_edits_of_an_unsent_event_are_one_write(store: Store, events: Events) -> None:
    """The provider gets the last version."""
    made = events.add(_draft(store))
    events.edit(made.instance.id, Changes(summary="Dinner"))
    writes = store.outbox(store.accounts()[0].id, NOW)
    assert len(writes) == 1
    assert writes[0].create
    assert "SUMMARY:Dinner" in (writes[0].ics or "")


def test_an_edit_while_sending_waits_for_the_first(store: Store, events: Events) -> None:
    """It is sent afterwards, on top of what the provider made of the first."""
    made = events.add(_draft(store))
    account = store.accounts()[0].id
    first = store.outbox(account, NOW)[0]
    store.sending(first.id)
    events.edit(made.instance.id, Changes(summary="Dinner"))
    assert [write.id for write in store.outbox(account, NOW)] == [first.id]
    store.sent(first.id, Resource(href=Href("final.ics"), etag=ETag("e1"), ics=first.ics or ""))
    second = store.outbox(account, NOW)[0]
    assert (second.create, second.base, second.href) == (False, "e1", "final.ics")
    assert _titles(store) == ["Dinner*"]


def test_an_edit_between_listing_and_sending_is_not_lost(store: Store, events: Events) -> None:
    """What leaves is what the write says when it leaves, and one that was taken back meanwhile does not leave."""
    made, gone = events.add(_draft(store)), events.add(_draft(store))
    listed = store.outbox(store.accounts()[0].id, NOW)
    events.edit(made.instance.id, Changes(summary="Dinner"))
    events.delete(gone.instance.id)
    leaving = [store.sending(one.id) for one in listed]
    assert [one is not None and "SUMMARY:Dinner" in (one.ics or "") for one in leaving] == [True, False]
    assert leaving[1] is None


def test_one_occurrence_is_changed_and_the_others_stay(store: Store, events: Events) -> None:
    """All of the series waits, for a resource is sent whole."""
    key = _series(store)
    events.edit(f"{key}@20261124T080000Z", Changes(summary="Other"), Scope.THIS)
    assert _titles(store) == ["Daily*", "Other*", "Daily*", "Daily*", "Daily*"]


def test_following_makes_a_second_event_and_one_undo_takes_both_back(store: Store, events: Events) -> None:
    """The cut leaves nothing behind."""
    key = _series(store)
    events.edit(f"{key}@20261125T080000Z", Changes(summary="Later"), Scope.FOLLOWING)
    assert _titles(store) == ["Daily*", "Daily*", "Later*", "Later*", "Later*"]
    ticket = events.last_ticket()
    assert ticket is not None
    events.undo(ticket)
    _arrive(store)
    assert _titles(store) == ["Daily"] * 5


def test_a_deletion_is_taken_back_after_it_was_sent(store: Store, events: Events) -> None:
    """The event is created again with its UID."""
    key = _series(store)
    ticket = events.delete(key)
    _arrive(store)
    assert _titles(store) == []
    events.undo(ticket)
    _arrive(store)
    assert _titles(store) == ["Daily"] * 5
    assert events.detail(key).event.uid == "s"


def test_undo_refuses_when_the_event_changed_since(store: Store, events: Events) -> None:
    """Nothing of others is overwritten."""
    made = events.add(_draft(store))
    _arrive(store)
    events.edit(made.instance.id, Changes(summary="Dinner"))
    ticket = events.last_ticket() or ""
    _arrive(store)
    work, resource = store.resource(made.instance.id) or pytest.fail("gone")
    theirs = Resource(href=resource.href, etag=ETag("x"), ics=resource.ics.replace("Dinner", "Theirs"))
    store.apply(work, Delta(upserts=(theirs,)))
    with pytest.raises(EditConflict):
        events.undo(ticket)
    assert _titles(store) == ["Theirs"]


@pytest.mark.parametrize(("keep", "titles"), [("mine", ["Mine*"]), ("theirs", ["Theirs"]), ("both", ["Mine*", "Theirs"])])
def test_a_conflict_keeps_both_versions_until_the_person_chooses(
    store: Store, events: Events, keep: str, titles: list[str]
) -> None:
    """And then does what was said."""
    made = events.add(_draft(store))
    _arrive(store)
    events.edit(made.instance.id, Changes(summary="Mine"))
    account = store.accounts()[0].id
    write = store.outbox(account, NOW)[0]
    theirs = Resource(href=write.href, etag=ETag("t"), ics=(write.ics or "").replace("Mine", "Theirs"))
    store.conflict(write.id, theirs)
    assert store.outbox(account, NOW) == []
    seen = events.conflicts()
    assert [(one.mine and one.mine.summary, one.theirs and one.theirs.summary) for one in seen] == [("Mine", "Theirs")]
    events.resolve(seen[0].id, keep)
    assert sorted(_titles(store)) == titles
    for write in store.outbox(account, NOW):
        assert write.base == ("t" if keep == "mine" else None)
    _arrive(store)
    assert sorted(_titles(store)) == [title.rstrip("*") for title in titles]


def test_a_read_only_calendar_takes_no_event(store: Store, events: Events) -> None:
    """One sentence names it."""
    with pytest.raises(ReadOnly, match="Home"):
        events.add(_draft(store, calendar=store.calendars()[1].id))


def test_impossible_events_are_refused(store: Store, events: Events) -> None:
    """Nothing is stored."""
    with pytest.raises(BadInput, match="title"):
        events.add(_draft(store, " "))
    with pytest.raises(BadInput, match="ends before"):
        events.add(_draft(store, end=Stamp(datetime(2026, 11, 24, 11), TZ)))
    with pytest.raises(BadInput, match="neither"):
        events.add(_draft(store, end=Stamp(date(2026, 11, 24))))
    assert events.waiting() == 0


def test_an_unknown_id_is_said(store: Store, events: Events) -> None:
    """Also one that was deleted."""
    with pytest.raises(UnknownId):
        events.detail("e-nothing")
    key = _series(store)
    events.delete(f"{key}@20261124T080000Z", Scope.THIS)
    with pytest.raises(UnknownId):
        events.detail(f"{key}@20261124T080000Z")


def test_the_same_meeting_in_two_calendars_shows_once(store: Store) -> None:
    """With both calendars; raw shows every copy."""
    work, home = store.calendars()
    ics = (
        HEAD
        + "BEGIN:VEVENT\r\nUID:m\r\nDTSTART:20261124T110000Z\r\nDTEND:20261124T120000Z\r\nSUMMARY:M\r\nEND:VEVENT\r\n"
        + TAIL
    )
    for calendar in (work, home):
        store.apply(calendar.id, Delta(upserts=(Resource(href=Href("m"), ics=ics),)))
    low = int(datetime.fromisoformat("2026-11-24T00:00+01:00").timestamp())
    merged = View(store).instances(low, low + 86_400, TZ)
    assert [one.calendars for one in merged] == [(work.id, home.id)]
    assert len(View(store).instances(low, low + 86_400, TZ, merged=False)) == 2


def test_a_hidden_calendar_is_not_shown(store: Store, events: Events) -> None:
    """Unless asked for."""
    events.add(_draft(store))
    store.ledger.change_calendar(store.calendars()[0].id, {"visible": False})
    assert _titles(store) == []


def test_moving_to_another_calendar_is_one_change(store: Store, events: Events) -> None:
    """Gone there, new here, and one undo takes both back."""
    store.ledger.change_calendar(store.calendars()[1].id, {"access": "write"})
    made = events.add(_draft(store))
    _arrive(store)
    home = store.calendars()[1].id
    moved = events.edit(made.instance.id, Changes(calendar=home))
    _arrive(store)
    assert moved.instance.calendar == home
    assert _titles(store) == ["Lunch"]
    events.undo(events.last_ticket() or "")
    _arrive(store)
    assert list(store.known(home)) == []
    assert _titles(store) == ["Lunch"]

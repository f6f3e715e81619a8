from __future__ import annotations

from dataclasses import replace

import pytest

from calmerge_desktop.core.errors import Offline, RateLimited, ServerTrouble, SignInNeeded
from calmerge_desktop.core.model import Href, RemoteId, Resource, SourceState
from tests.fakes import FakeServer
from tests.provider_contract import ics
from tests.sync.test_engine import Desk, filled

WORK = RemoteId("work")


def ready(server: FakeServer | None = None) -> Desk:
    desk = Desk(a=server or filled(1))
    desk.sync()
    return desk


def base(desk: Desk, href: str = "e0.ics") -> Resource:
    return desk.store.resources[desk.calendar().id][Href(href)]


def there(desk: Desk, href: str = "e0.ics") -> str | None:
    found = desk.servers["a"].calendars[WORK].get(Href(href))
    return found.ics if found else None


@pytest.mark.parametrize("silent", [False, True])
def test_create_edit_and_delete_reach_the_server(silent: bool) -> None:
    """Each becomes one write, and the cache then holds the server's version, also when the answer has no ETag."""
    desk = ready()
    desk.servers["a"].silent_etag = silent
    desk.store.edit(desk.calendar(), "new.ics", ics("new"), create=True)
    desk.store.edit(desk.calendar(), "e0.ics", ics("e0", "Tea"), base=base(desk))
    (result,) = desk.sync()
    assert result.calendars[0].pushed == 2
    assert base(desk).etag == desk.servers["a"].calendars[WORK][Href("e0.ics")].etag
    desk.store.edit(desk.calendar(), "new.ics", None, base=base(desk, "new.ics"))
    desk.sync()
    assert (there(desk), there(desk, "new.ics")) == (ics("e0", "Tea"), None)
    assert desk.store.writes == {}


def test_what_was_edited_while_others_were_sent_leaves_as_it_is_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of what is due is read once; a write is read again when its turn comes, and one that is gone is left out."""
    desk = ready(filled(3))
    numbers = [
        desk.store.edit(desk.calendar(), f"e{n}.ics", ics(f"e{n}", "Early"), base=base(desk, f"e{n}.ics")) for n in range(3)
    ]
    real = desk.store.sending

    def sending(write: int) -> object:
        if write == numbers[0]:
            desk.store.writes[numbers[1]] = replace(desk.store.writes[numbers[1]], ics=ics("e1", "Late"))
            del desk.store.writes[numbers[2]]
        return real(write)

    monkeypatch.setattr(desk.store, "sending", sending)
    desk.sync()
    assert [there(desk, f"e{n}.ics") for n in range(2)] == [ics("e0", "Early"), ics("e1", "Late")]
    assert "Early" not in (there(desk, "e2.ics") or "")


@pytest.mark.parametrize("ours", [ics("e0", "Mine"), None])
def test_a_change_on_both_sides_keeps_both(ours: str | None) -> None:
    """Theirs stays on the server, mine waits beside it."""
    desk = ready()
    number = desk.store.edit(desk.calendar(), "e0.ics", ours, base=base(desk))
    desk.servers["a"].set("work", "e0.ics", ics("e0", "Theirs"))
    desk.sync()
    theirs = desk.store.conflicts[number]
    assert theirs
    assert theirs.ics == there(desk) == ics("e0", "Theirs")


def test_deleted_there_and_edited_here_is_a_conflict() -> None:
    """An edit never resurrects silently."""
    desk = ready()
    number = desk.store.edit(desk.calendar(), "e0.ics", ics("e0", "Mine"), base=base(desk))
    desk.servers["a"].set("work", "e0.ics", None)
    desk.sync()
    assert desk.store.conflicts == {number: None}


def test_deleted_on_both_sides_is_done() -> None:
    """Nothing to argue about."""
    desk = ready()
    desk.store.edit(desk.calendar(), "e0.ics", None, base=base(desk))
    desk.servers["a"].set("work", "e0.ics", None)
    desk.sync()
    assert (desk.store.writes, desk.store.conflicts) == ({}, {})


@pytest.mark.parametrize("ours", [ics("e0", "Mine"), None])
def test_a_new_etag_on_the_same_text_is_no_conflict(ours: str | None) -> None:
    """The server only restamped it: write again on the new version."""
    desk = ready()
    desk.store.edit(desk.calendar(), "e0.ics", ours, base=base(desk))
    desk.servers["a"].set("work", "e0.ics", ics("e0").replace("20261101T000000Z", "20261102T000000Z"))
    desk.sync()
    assert there(desk) == ours
    assert (desk.store.writes, desk.store.conflicts) == ({}, {})


@pytest.mark.parametrize(
    ("href", "ours", "create"),
    [("e0.ics", ics("e0", "Mine"), False), ("new.ics", ics("new"), True), ("e0.ics", None, False)],
)
def test_a_write_whose_answer_got_lost_is_repeated_without_harm(href: str, ours: str | None, create: bool) -> None:
    """Kill -9 or a cut line right after the server's deed: the next run finds it done."""
    desk = ready()
    desk.store.edit(desk.calendar(), href, ours, base=None if create else base(desk), create=create)
    desk.servers["a"].lose_answers = 1
    desk.sync()
    assert len(desk.store.writes) == 1
    assert there(desk, href) == ours
    desk.now += 4000
    (result,) = desk.sync()
    assert result.state is SourceState.FRESH
    assert (desk.store.writes, desk.store.conflicts, desk.store.refused) == ({}, {}, {})
    assert there(desk, href) == ours
    assert len(desk.servers["a"].calendars[WORK]) == len(desk.store.resources[desk.calendar().id])


def test_what_the_server_refuses_waits_for_the_person() -> None:
    """Refused once, not tried again."""
    desk = ready()
    number = desk.store.edit(desk.calendar(), "bad.ics", ics("bad", "REFUSED"), create=True)
    (result,) = desk.sync()
    assert desk.store.refused == {number: "The server refuses it."}
    assert result.calendars[0].errors == ("The server refuses it.",)
    assert result.state is SourceState.FRESH
    calls = desk.servers["a"].calls.count("put")
    desk.sync()
    assert desk.servers["a"].calls.count("put") == calls


@pytest.mark.parametrize("error", [Offline("x"), ServerTrouble("x"), RateLimited("x", retry_after=500), SignInNeeded("x")])
def test_what_time_or_a_sign_in_mends_is_tried_later(error: Exception) -> None:
    """Postponed, never lost; Retry-After is honoured."""
    desk = ready()
    number = desk.store.edit(desk.calendar(), "e0.ics", ics("e0", "Mine"), base=base(desk))
    desk.servers["a"].fail["put"] = [error]
    desk.sync()
    row = desk.store.writes[number]
    assert row.tries == 1
    assert row.not_before > desk.now + (499 if isinstance(error, RateLimited) else 0)
    desk.now = row.not_before
    desk.sync()
    assert there(desk) == ics("e0", "Mine")


def test_two_edits_of_one_event_go_out_in_order() -> None:
    """The second is based on what the first made."""
    desk = ready()
    first = base(desk)
    desk.store.edit(desk.calendar(), "e0.ics", ics("e0", "One"), base=first)
    desk.sync()
    desk.store.edit(desk.calendar(), "e0.ics", ics("e0", "Two"), base=base(desk))
    desk.sync()
    assert there(desk) == ics("e0", "Two")

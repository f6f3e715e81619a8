from __future__ import annotations

import threading
from collections.abc import Callable
from random import Random

import pytest

from calmerge_desktop.core.errors import (
    AccessDenied,
    Cancelled,
    NothingThere,
    Offline,
    RateLimited,
    ServerTrouble,
    SignInNeeded,
    SuspiciouslyEmpty,
    UnknownId,
    UnreadableCalendar,
)
from calmerge_desktop.core.model import Account, AccountId, Calendar, SourceState
from calmerge_desktop.core.ports import CalendarProvider
from calmerge_desktop.sync.engine import SyncEngine
from calmerge_desktop.sync.results import AccountResult
from tests.fakes import FakeProvider, FakeServer, FakeStore, Heard, refusing
from tests.provider_contract import ics

NOW = 1_795_000_000


class Desk:
    """Accounts `a`, `b`, … each at a server of its own."""

    def __init__(self, **servers: FakeServer) -> None:
        self.servers = servers
        self.accounts = [Account(id=AccountId(each), provider="caldav", name=f"Account {each}") for each in servers]
        self.store = FakeStore(*self.accounts)
        self.heard = Heard()
        self.now = NOW
        self.stop = threading.Event()

    def open(self, account: Account) -> CalendarProvider:
        return FakeProvider(self.servers[account.id])

    def sync(
        self, *, full: bool = False, only: str | None = None, opener: Callable[[Account], CalendarProvider] | None = None
    ) -> list[AccountResult]:
        engine = SyncEngine(self.store, opener or self.open, lambda: self.now, random=Random(1))
        chosen = None if only is None else [AccountId(only)]
        return engine.run_once(chosen, full=full, stop=self.stop, listener=self.heard.listener())

    def calendar(self, account: str = "a") -> Calendar:
        return self.store.lists[AccountId(account)][0]

    def held(self, account: str = "a") -> dict[str, str]:
        return {str(href): each.ics for href, each in self.store.resources[self.calendar(account).id].items()}


def filled(number: int, calendar: str = "work") -> FakeServer:
    server = FakeServer()
    server.calendars = {}
    for each in range(number):
        server.set(calendar, f"e{each}.ics", ics(f"e{each}"))
    return server


def test_everything_arrives_and_is_counted() -> None:
    """First all, then only what changed; fresh with the time of reading."""
    desk = Desk(a=filled(3))
    (first,) = desk.sync()
    assert (first.state, first.status.as_of, first.calendars[0].added) == (SourceState.FRESH, NOW, 3)
    desk.servers["a"].set("work", "e0.ics", ics("e0", "Tea"))
    desk.servers["a"].set("work", "e1.ics", None)
    desk.servers["a"].set("work", "new.ics", ics("new"))
    (second,) = desk.sync()
    work = second.calendars[0]
    assert (work.added, work.updated, work.removed) == (1, 1, 1)
    assert set(desk.held()) == {"e0.ics", "e2.ics", "new.ics"}
    assert desk.heard.changes
    assert desk.heard.idles == 2
    assert desk.servers["a"].closed == desk.servers["a"].opened == 2


def test_a_hanging_account_delays_nobody_and_stops_on_request() -> None:
    """One server is silent: the others finish, and the stop ends the wait."""
    silent = filled(1)
    silent.hang = threading.Event()
    desk = Desk(a=silent, b=filled(2))
    real = desk.store.set_status

    def stop_when_b_is_done(of: str, status: object) -> None:
        real(of, status)  # type: ignore[arg-type]  # passed through
        if of == "b":
            desk.stop.set()

    desk.store.set_status = stop_when_b_is_done  # type: ignore[method-assign]  # a test's ear
    first, second = desk.sync()
    assert second.state is SourceState.FRESH
    assert isinstance(first.error, Cancelled)
    assert "a" not in desk.store.states


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (SignInNeeded("Sign in."), "sign-in"),
        (Offline("Gone."), "offline"),
        (ServerTrouble("Ill."), "server"),
        (AccessDenied("No."), "access"),
    ],
)
def test_never_read_and_failing_is_broken(error: Exception, kind: str) -> None:
    """Without an earlier reading nothing can be trusted."""
    desk = Desk(a=refusing(error))  # type: ignore[arg-type]  # all are CalmergeErrors
    (result,) = desk.sync()
    assert (result.state, result.status.kind, result.status.as_of) == (SourceState.BROKEN, kind, None)
    assert result.exit_code == (4 if kind in ("offline", "server") else 3)


def test_read_once_and_offline_is_stale_with_its_age() -> None:
    """Time mends it: the events stay, the age is told, and the next try is planned."""
    desk = Desk(a=filled(2))
    desk.sync()
    desk.now += 1000
    desk.servers["a"].fail["calendars"] = [Offline("No name.")]
    (result,) = desk.sync()
    assert (result.state, result.status.as_of, result.status.reason) == (SourceState.STALE, NOW, "No name.")
    assert result.status.retry_at
    assert result.status.retry_at > desk.now
    assert len(desk.held()) == 2
    assert desk.store.states[desk.calendar().id].state is SourceState.STALE


def test_retry_after_is_kept() -> None:
    """A server that asks for two hours gets two hours."""
    desk = Desk(a=refusing(RateLimited("Slow down.", retry_after=7200)))
    (result,) = desk.sync()
    assert result.status.retry_at
    assert result.status.retry_at >= NOW + 7200


@pytest.mark.parametrize("error", [NothingThere("404"), UnreadableCalendar("HTML"), AccessDenied("403")])
def test_one_broken_calendar_keeps_its_events_and_costs_no_other(error: Exception) -> None:
    """A feed's 404 or a web page never deletes, and its neighbours are read."""
    server = filled(2)
    server.set("zoo", "z.ics", ics("z"))
    desk = Desk(a=server)
    desk.sync()
    server.set("zoo", "z2.ics", ics("z2"))
    server.fail["changes"] = [error]
    (result,) = desk.sync()
    work, zoo = result.calendars
    assert (work.status.state, work.status.as_of) == (SourceState.BROKEN, NOW)
    assert (zoo.status.state, zoo.added) == (SourceState.FRESH, 1)
    assert result.state is SourceState.BROKEN
    assert result.exit_code == 3
    assert len(desk.held()) == 2


def test_an_expired_token_lists_again_and_removes_what_is_gone() -> None:
    """Caught once: full listing, removals found by their absence."""
    desk = Desk(a=filled(3))
    desk.sync()
    desk.servers["a"].set("work", "e1.ics", None)
    desk.servers["a"].expired = True
    (result,) = desk.sync()
    assert result.state is SourceState.FRESH
    assert result.calendars[0].removed == 1
    assert "forget_token" in desk.store.log


def test_a_listing_that_would_empty_a_calendar_stops_and_asks() -> None:
    """More than half and more than ten: kept, until the person says `full`."""
    desk = Desk(a=filled(20))
    desk.sync()
    for number in range(12):
        desk.servers["a"].set("work", f"e{number}.ics", None)
    (result,) = desk.sync()
    assert result.calendars[0].status.kind == SuspiciouslyEmpty.kind
    assert len(desk.held()) == 20
    desk.servers["a"].expired = True
    (result,) = desk.sync()
    assert len(desk.held()) == 20
    (result,) = desk.sync(full=True)
    assert result.state is SourceState.FRESH
    assert len(desk.held()) == 8


def test_new_uids_for_the_same_number_of_events_are_no_loss() -> None:
    """Outlook publishes every event under another UID each time."""
    desk = Desk(a=filled(20))
    desk.sync()
    server = desk.servers["a"]
    for number in range(20):
        server.set("work", f"e{number}.ics", None)
        server.set("work", f"x{number}.ics", ics(f"x{number}"))
    server.expired = True
    (result,) = desk.sync()
    assert (result.state, result.calendars[0].removed, result.calendars[0].added) == (SourceState.FRESH, 20, 20)


def test_an_account_without_calendars_all_at_once_is_suspicious() -> None:
    """An empty home keeps what we have."""
    desk = Desk(a=filled(2))
    desk.sync()
    desk.servers["a"].calendars = {}
    (result,) = desk.sync()
    assert isinstance(result.error, SuspiciouslyEmpty)
    assert len(desk.held()) == 2


def test_a_break_between_pages_keeps_the_old_token_and_repeats() -> None:
    """Pages that arrived stay; the next run brings the rest, nothing twice."""
    server = filled(25)
    server.page = 10
    server.fail["page"] = []
    desk = Desk(a=server)
    calls = iter([None, Offline("Broke off.")])
    original = FakeProvider._call

    class Breaking(FakeProvider):
        def _call(self, name: str) -> None:
            original(self, name)
            if name == "page" and (error := next(calls, None)):
                raise error

    (result,) = desk.sync(opener=lambda account: Breaking(desk.servers[account.id]))
    assert isinstance(result.error, Offline)
    assert len(desk.held()) == 10
    assert desk.store.tokens == {}
    (result,) = desk.sync()
    assert (result.state, result.calendars[0].added) == (SourceState.FRESH, 15)
    assert len(desk.held()) == 25


def test_a_bug_in_one_account_is_raised_after_the_others_are_done() -> None:
    """Not swallowed, and not contagious."""
    bad = FakeServer(fail={"calendars": [ZeroDivisionError()]})
    desk = Desk(a=bad, b=filled(1))
    with pytest.raises(ZeroDivisionError):
        desk.sync()
    assert desk.store.states["b"].state is SourceState.FRESH
    assert desk.store.states["a"].kind == "bug"


def test_only_the_named_account_is_visited_and_an_unknown_one_is_refused() -> None:
    """`--account`."""
    desk = Desk(a=filled(1), b=filled(1))
    assert [each.id for each in desk.sync(only="b")] == ["b"]
    assert desk.servers["a"].calls == []
    with pytest.raises(UnknownId):
        desk.sync(only="nobody")


def test_more_accounts_than_places_all_get_their_turn() -> None:
    """Twenty accounts, eight at a time."""
    desk = Desk(**{f"n{number}": filled(1) for number in range(20)})
    assert {each.state for each in desk.sync()} == {SourceState.FRESH}

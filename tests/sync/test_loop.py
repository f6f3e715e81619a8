from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from random import Random

import pytest

from calmerge_desktop.core.errors import Offline, SignInNeeded
from calmerge_desktop.core.model import Account, AccountId, SourceState
from calmerge_desktop.core.ports import CalendarProvider, SyncControl
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.sync.loop import SyncLoop
from tests.fakes import FakeProvider, FakeServer, FakeStore, Heard
from tests.provider_contract import ics
from tests.sync.test_engine import NOW, filled


class Running:
    """A loop on a thread of its own, a clock that tests move, and questions put to the sync thread."""

    def __init__(self, asks: int | None = None, provider: str = "caldav", **servers: FakeServer) -> None:
        self.servers = servers
        self.asks = asks
        self.store = FakeStore(*(Account(id=AccountId(each), provider=provider, name=each) for each in servers))
        self.heard = Heard()
        self.now = NOW
        self.stop = threading.Event()
        self.changed = threading.Condition()
        real = self.store.set_status

        def set_status(of: str, status: object) -> None:
            real(of, status)  # type: ignore[arg-type]  # passed through
            with self.changed:
                self.changed.notify_all()

        self.store.set_status = set_status  # type: ignore[method-assign]  # a test's ear
        self.loop: SyncControl
        self.loop = self._loop = SyncLoop(self.store, self.open, Settings, lambda: self.now, random=Random(1))
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        self.store.handed_over()
        self._loop.run(self.stop, self.heard.listener())

    def open(self, account: Account) -> CalendarProvider:
        outer = self

        class Asking(FakeProvider):
            def poll_seconds(self, calendar: object) -> int | None:
                return outer.asks

        return Asking(self.servers[account.id])

    def until(self, met: Callable[[], bool]) -> None:
        """Wait until something holds."""
        with self.changed:
            for _turn in range(1000):
                if met():
                    return
                self.changed.wait(0.01)
        raise AssertionError("it never happened")

    def visits(self, account: str = "a") -> int:
        return self.servers[account].calls.count("calendars")

    def settled(self, visits: int, account: str = "a") -> None:
        self.until(lambda: self.visits(account) == visits and self.servers[account].closed == self.servers[account].opened)


Start = Callable[..., Running]


@pytest.fixture
def start() -> Iterator[Start]:
    made: list[Running] = []

    def begin(**options: object) -> Running:
        made.append(Running(**options))  # type: ignore[arg-type]  # passed through
        made[-1].thread.start()
        return made[-1]

    yield begin
    for each in made:
        each.stop.set()
        each.thread.join(10)
        assert not each.thread.is_alive()


def test_the_first_round_reads_everything_and_then_rests(start: Start) -> None:
    """Due at once, idle afterwards, and not again before the interval."""
    run = start(a=filled(2))
    run.settled(1)
    run.until(lambda: run.heard.idles >= 1)
    assert run.store.states["a"].state is SourceState.FRESH
    run.now += 200
    run.loop.push()
    run.until(lambda: run.heard.idles >= 1)
    assert run.visits() == 1


def test_an_account_comes_again_after_its_interval(start: Start) -> None:
    """Five minutes for CalDAV, give or take ten per cent."""
    run = start(a=filled(2))
    run.settled(1)
    run.until(lambda: run.heard.idles >= 1)
    run.now += 331
    run.settled(2)


def test_wake_reads_now_and_full_accepts_removals(start: Start) -> None:
    """The person's word goes before any interval."""
    run = start(a=filled(20), b=filled(1))
    run.settled(1)
    run.settled(1, "b")
    run.until(lambda: run.heard.idles >= 1)
    for number in range(15):
        run.servers["a"].set("work", f"e{number}.ics", None)
    run.loop.wake([AccountId("a")])
    run.until(lambda: run.store.states["a"].kind == "suspicious")
    run.settled(2)
    run.loop.wake([AccountId("a")], full=True)
    run.until(lambda: run.store.states["a"].state is SourceState.FRESH)
    assert run.visits("b") == 1


def test_push_sends_without_reading(start: Start) -> None:
    """An edit leaves at once; nothing is listed for it."""
    run = start(a=filled(1))
    run.settled(1)
    run.until(lambda: run.heard.idles >= 1)
    pages = run.servers["a"].calls.count("changes")
    run.store.edit(run.store.lists[AccountId("a")][0], "new.ics", ics("new"), create=True)
    run.loop.push()
    run.until(lambda: not run.store.writes)
    assert run.servers["a"].calls.count("changes") == pages


def test_after_a_failure_it_comes_back_when_planned(start: Start) -> None:
    """Sooner than the interval at first, and fresh again."""
    server = filled(1)
    server.fail["calendars"] = [Offline("x")]
    run = start(a=server)
    run.until(lambda: run.store.states.get("a") is not None)
    run.until(lambda: run.heard.idles >= 1)
    planned = run.store.states["a"].retry_at
    assert planned
    assert NOW < planned < NOW + 120
    run.now = planned
    run.until(lambda: run.store.states["a"].state is SourceState.FRESH)


def test_a_refused_password_is_not_tried_every_few_minutes(start: Start) -> None:
    """Servers lock accounts for that; the new password is tried at once."""
    server = filled(1)
    server.fail["calendars"] = [SignInNeeded("x")]
    run = start(a=server)
    run.until(lambda: run.store.states.get("a") is not None)
    run.until(lambda: run.heard.idles >= 1)
    run.now += 3000
    run.heard.idle.clear()
    run.loop.push()
    assert run.visits() == 1
    run.loop.wake([AccountId("a")])
    run.until(lambda: run.store.states["a"].state is SourceState.FRESH)


def test_cancel_ends_a_hanging_visit_and_wake_begins_again(start: Start) -> None:
    """The loop itself goes on."""
    server = filled(1)
    server.hang = threading.Event()
    run = start(a=server)
    assert server.hanging.wait(5)
    run.loop.cancel()
    run.until(lambda: server.closed == 1)
    assert "a" not in run.store.states
    server.hang = None
    run.loop.wake()
    run.until(lambda: "a" in run.store.states)


def test_stop_ends_the_loop_while_a_server_hangs(start: Start) -> None:
    """The thread ends; the fixture checks it."""
    server = filled(1)
    server.hang = threading.Event()
    run = start(a=server, b=filled(1))
    assert server.hanging.wait(5)
    run.stop.set()
    run.thread.join(6)
    assert not run.thread.is_alive()
    assert server.closed == 1


@pytest.mark.parametrize(("asks", "early", "late"), [(60, 700, 1000), (7200, 6000, 8000), (10**9, 6 * 86_400, 8 * 86_400)])
def test_a_feeds_own_wish_is_kept_within_reason(start: Start, asks: int, early: int, late: int) -> None:
    """A minute becomes a quarter of an hour, two hours stay, for ever becomes a week."""
    run = start(a=filled(1), asks=asks, provider="feed")
    run.settled(1)
    run.until(lambda: run.heard.idles >= 1)
    run.now += early
    run.heard.idle.clear()
    run.loop.push()
    assert run.visits() == 1
    run.now = NOW + late
    run.settled(2)


def test_a_new_account_is_read_after_a_wake(start: Start) -> None:
    """The loop learns of it then."""
    run = start(a=filled(1))
    run.settled(1)
    run.servers["b"] = filled(1)
    run.store.lists[AccountId("b")] = []
    run.store.held[AccountId("b")] = Account(id=AccountId("b"), provider="caldav", name="b")
    run.loop.wake([AccountId("b")])
    run.settled(1, "b")


def test_a_bug_in_one_account_is_shown_and_the_loop_goes_on(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    """Broken with kind `bug`, in the log with its traceback; the next interval tries again."""
    server = filled(1)
    server.fail["calendars"] = [ZeroDivisionError()]
    run = start(a=server)
    run.until(lambda: "a" in run.store.states and run.store.states["a"].kind == "bug")
    run.until(lambda: "ZeroDivisionError" in caplog.text)
    run.loop.wake()
    run.until(lambda: run.store.states["a"].state is SourceState.FRESH)

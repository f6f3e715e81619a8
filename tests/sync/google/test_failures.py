"""Every failure at every step of a sync and of a write: the right state, nothing lost, nothing doubled, mended by itself.

The first run counts the requests of a step; then it is lived again once for each request and each way to fail.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from calmerge_desktop.core.model import Access, Changes, Scope, SourceState
from tests.servers.google import FakeGoogle, GoogleServer
from tests.servers.google_events import at
from tests.servers.vendor import Fault
from tests.sync.google.conftest import secret
from tests.sync.google.desk import Desk

# What the account may say afterwards; "fresh" where the program mends it within the visit.
_STATES = {
    "401": {"fresh"},
    "403": {"rate-limited"},
    "410": {"fresh"},
    "412": {"fresh"},
    "429": {"rate-limited"},
    "500": {"server", "fresh"},
    "drop": {"fresh", "offline"},
    "cut": {"fresh", "offline"},
    "half": {"fresh", "offline"},
    "lost": {"fresh", "offline"},
    "revoked": {"sign-in"},
}
_WHERE: dict[str, dict[str, Any]] = {"410": {"suffix": "/events", "query": "syncToken"}, "412": {"method": "PATCH DELETE"}}
"""Where Google gives that answer at all."""
_ROOT = iter(range(1_000_000))
Act = Callable[[Desk], None]


def _fill(google: FakeGoogle) -> None:
    google.page = 3
    for n in range(4):
        google.primary.put(f"single{n}", summary=f"S{n}")
    google.primary.put(
        "series0", summary="Daily", recurrence=["RRULE:FREQ=DAILY;COUNT=4"],
        start=at("2026-11-23T09:00:00+01:00", "Europe/Berlin"), end=at("2026-11-23T09:30:00+01:00", "Europe/Berlin"),
    )  # fmt: skip
    google.primary.patch("series0_20261124T080000Z", {"summary": "Moved"}, None, "none", 1)
    google.primary.drop("series0_20261125T080000Z")


def _first(_desk: Desk) -> None:
    """Nothing was read yet."""


def _news(desk: Desk) -> None:
    desk.sync()
    desk.google.primary.put("single0", summary="Changed there")
    desk.google.primary.drop("single1")
    desk.google.primary.patch("series0_20261126T080000Z", {"summary": "Also moved"}, None, "none", 1)
    desk.google.primary.put("newone0", summary="New there")


def _writes(desk: Desk) -> None:
    desk.sync()
    desk.add("Made here")
    desk.add("Series here", rrule="FREQ=WEEKLY;COUNT=3")
    desk.events.edit(desk.one("S0").id, Changes(summary="Changed here"), Scope.ALL)
    desk.events.delete(desk.one("S1").id, Scope.ALL)


def _series(desk: Desk) -> None:
    desk.sync()
    desk.events.edit(desk.one("Daily").id, Changes(location="Here"), Scope.ALL)
    desk.events.edit(desk.one("Daily", 1).id, Changes(summary="One of them"), Scope.THIS)
    desk.events.delete(desk.one("Daily").id, Scope.THIS)


def _desk(folder: Path, server: GoogleServer, act: Act) -> Desk:
    google = server.fresh()
    _fill(google)
    place = folder / f"s{next(_ROOT)}"
    empty = folder / "empty"
    if not empty.exists():
        Desk(empty, google, secret(server, google)).close()
    shutil.copytree(empty, place)
    made = Desk(place, google, secret(server, google))
    act(made)
    google.asked.clear()
    google.token_requests.clear()
    return made


def _steps(folder: Path, server: GoogleServer, act: Act) -> int:
    desk = _desk(folder, server, act)
    try:
        assert desk.sync().state is SourceState.FRESH
        desk.agrees()
        return len(desk.google.asked) + len(desk.google.token_requests)
    finally:
        desk.close()


@pytest.mark.parametrize("kind", sorted(_STATES))
@pytest.mark.parametrize("act", [_first, _news, _writes, _series], ids=lambda act: act.__name__.strip("_"))
def test_every_failure_at_every_step(kind: str, act: Act, google: FakeGoogle, server: GoogleServer, tmp_path: Path) -> None:
    """Afterwards both sides are the same without anybody's help, unless Google wants the person to sign in."""
    complaints = []
    counted = _count(act)
    if not counted:
        counted.append(_steps(tmp_path, server, act))
    for step in _some(counted[0], kind):
        desk = _desk(tmp_path, server, act)
        try:
            desk.google.faults = [Fault(kind, at=step, **_WHERE.get(kind, {}))]
            result = desk.sync()
            reached = desk.google.faults[0].times == 0
            said = "fresh" if result.state is SourceState.FRESH else str(result.status.kind)
            assert said in _STATES[kind] or not reached, (step, result)
            assert result.fault is None
            desk.google.faults.clear()
            if kind == "revoked":
                waiting, shown = desk.store.waiting(), desk.shown()
                desk.sync()
                assert (desk.store.waiting(), desk.shown()) == (waiting, shown)
                desk.secret = secret(server, desk.google)
            desk.calm()
            if kind == "412":  # in the middle of a series it is a real dispute, and the person's to settle
                for each in desk.events.conflicts():
                    desk.events.resolve(each.id, "mine")
                desk.calm()
            desk.agrees()
            complaints += desk.google.complaints
        finally:
            desk.close()
    assert complaints == []


def _some(steps: int, kind: str) -> Iterator[int]:
    """One step, another for each kind of failure; `CALMERGE_ALL_FAILURES=1` takes all."""
    if os.environ.get("CALMERGE_ALL_FAILURES"):
        yield from range(steps)
        return
    place = sorted(_STATES).index(kind)
    yield place * 5 % steps


@functools.cache
def _count(act: Act) -> list[int]:
    """How many requests an undisturbed run takes; filled by the first test of each act."""
    return []


@pytest.mark.parametrize(("reason", "kind"), [("quotaExceeded", "later"), ("dailyLimitExceeded", "rate-limited")])
def test_a_spent_quota_waits_long_and_sends_once(
    reason: str, kind: str, google: FakeGoogle, server: GoogleServer, tmp_path: Path
) -> None:
    """A calendar that takes no more changes costs the others nothing."""
    desk = _desk(tmp_path, server, _writes)
    try:
        desk.google.faults = [Fault("403", method="POST", path="/events", reason=reason, times=99)]
        desk.sync()
        asked = len([each for each in desk.google.asked if each.startswith("POST")])
        desk.now += 600
        desk.sync()
        again = len([each for each in desk.google.asked if each.startswith("POST")])
        assert again - asked <= (kind == "rate-limited")  # the second edit was not tried in the first visit
        if kind == "later":
            assert desk.google.primary.events["single0"]["summary"] == "Changed here"
        desk.calm()
        desk.agrees()
    finally:
        desk.close()


def test_retry_after_is_obeyed(google: FakeGoogle, server: GoogleServer, tmp_path: Path) -> None:
    """What Google asks for is when we come back."""
    desk = _desk(tmp_path, server, _news)
    try:
        desk.google.faults = [Fault("429", retry_after="7200")]
        result = desk.sync()
        assert (result.status.retry_at or 0) - desk.now >= 7200
    finally:
        desk.close()


def test_a_slow_google_is_waited_for_no_longer_than_patience(
    google: FakeGoogle, server: GoogleServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence is Offline; the answer that comes in time is taken."""
    from calmerge_desktop.core.errors import Offline
    from calmerge_desktop.sync.http import never
    from calmerge_desktop.sync.providers.google.provider import GoogleProvider
    from tests.sync.google.conftest import ACCOUNT

    google.faults = [Fault("slow", times=9)]
    hasty = GoogleProvider(ACCOUNT, secret(server, google), timeout=0.2)
    try:
        with pytest.raises(Offline, match="in time"):
            hasty.calendars(never)
    finally:
        hasty.close()


@pytest.mark.parametrize(
    ("reason", "words"), [("accessNotConfigured", "switched off"), ("insufficientPermissions", "permission")]
)
def test_what_only_the_person_can_mend_says_how(
    reason: str, words: str, google: FakeGoogle, server: GoogleServer, tmp_path: Path
) -> None:
    """The API of one's own project, and a permission that is missing."""
    desk = _desk(tmp_path, server, _first)
    try:
        desk.google.faults = [Fault("403", reason=reason)]
        result = desk.sync()
        assert result.status.kind == "access"
        assert words in str(result.status.reason)
        assert "canary" not in str(result.status.reason)
    finally:
        desk.close()


def test_a_calendar_that_is_gone_costs_the_others_nothing(google: FakeGoogle, server: GoogleServer, tmp_path: Path) -> None:
    """Unshared between two reads, with an edit for it on the way: the account stays fresh, the other calendar is written."""
    google.add("team@group.example.test", summary="Team")
    desk = Desk(tmp_path / "gone", google, secret(server, google))
    try:
        desk.sync()
        desk.add("For the team", calendar=desk.calendar("Team"))
        desk.add("For me")
        del google.calendars["team@group.example.test"]
        assert desk.sync().state is SourceState.FRESH
        assert [title for title, _start, _end in google.primary.shown()] == ["For me"]
        (kept,) = desk.events.conflicts()
        assert kept.mine
        assert (kept.mine.summary, kept.reason) == (
            "For the team",
            "The calendar “Team” was deleted or is not shared with you any more. Your change is kept here.",
        )
        assert desk.calendar("Team").access is Access.GONE
        desk.events.resolve(kept.id, "theirs")
        assert desk.sync().state is SourceState.FRESH
        assert [each.name for each in desk.store.calendars()] == [desk.calendar().name]
    finally:
        desk.close()

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
from tests.servers.microsoft import FakeMicrosoft, MicrosoftServer
from tests.servers.microsoft_events import at
from tests.servers.vendor import Fault
from tests.sync.microsoft.conftest import secret
from tests.sync.microsoft.desk import Desk

# What the account may say afterwards; "fresh" where the program mends it within the visit.
_STATES = {
    "401": {"fresh"},
    "410": {"fresh"},
    "412": {"fresh"},
    "429": {"rate-limited"},
    "500": {"server", "fresh"},
    "503": {"server", "fresh"},
    "drop": {"fresh", "offline"},
    "cut": {"fresh", "offline"},
    "half": {"fresh", "offline"},
    "lost": {"fresh", "offline"},
    "revoked": {"sign-in"},
}
_WHERE: dict[str, dict[str, Any]] = {"410": {"suffix": "/delta", "query": "$deltatoken"}, "412": {"method": "PATCH DELETE"}}
"""Where Microsoft gives that answer at all."""
DAILY = {
    "pattern": {"type": "daily", "interval": 1},
    "range": {
        "type": "numbered",
        "startDate": "2026-11-23",
        "numberOfOccurrences": 4,
        "recurrenceTimeZone": "W. Europe Standard Time",
    },
}
_ROOT = iter(range(1_000_000))
Act = Callable[[Desk], None]


def _fill(microsoft: FakeMicrosoft) -> None:
    microsoft.page = 3
    for n in range(4):
        microsoft.primary.put(f"single{n}", subject=f"S{n}")
    microsoft.primary.put(
        "series0", subject="Daily", recurrence=DAILY, start=at("2026-11-23T09:00:00"), end=at("2026-11-23T09:30:00"),
    )  # fmt: skip
    microsoft.primary.patch("series0.occ.2026-11-24", {"subject": "Moved"})
    microsoft.primary.drop("series0.occ.2026-11-25")


def _first(_desk: Desk) -> None:
    """Nothing was read yet."""


def _news(desk: Desk) -> None:
    desk.sync()
    desk.microsoft.primary.put("single0", subject="Changed there")
    desk.microsoft.primary.drop("single1")
    desk.microsoft.primary.patch("series0.occ.2026-11-26", {"subject": "Also moved"})
    desk.microsoft.primary.put("newone0", subject="New there")


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


def _desk(folder: Path, server: MicrosoftServer, act: Act) -> Desk:
    microsoft = server.fresh()
    _fill(microsoft)
    place = folder / f"s{next(_ROOT)}"
    empty = folder / "empty"
    if not empty.exists():
        Desk(empty, microsoft, "").close()
    shutil.copytree(empty, place)
    made = Desk(place, microsoft, secret())
    act(made)
    microsoft.asked.clear()
    microsoft.token_requests.clear()
    return made


def _steps(folder: Path, server: MicrosoftServer, act: Act) -> int:
    desk = _desk(folder, server, act)
    try:
        assert desk.sync().state is SourceState.FRESH
        desk.agrees()
        return len(desk.microsoft.asked) + len(desk.microsoft.token_requests)
    finally:
        desk.close()


@pytest.mark.parametrize("kind", sorted(_STATES))
@pytest.mark.parametrize("act", [_first, _news, _writes, _series], ids=lambda act: act.__name__.strip("_"))
def test_every_failure_at_every_step(
    kind: str, act: Act, microsoft: FakeMicrosoft, server: MicrosoftServer, tmp_path: Path
) -> None:
    """Afterwards both sides are the same without anybody's help, unless Microsoft wants the person to sign in."""
    complaints = []
    counted = _count(act)
    if not counted:
        counted.append(_steps(tmp_path, server, act))
    for step in _some(counted[0], kind):
        desk = _desk(tmp_path, server, act)
        try:
            desk.microsoft.faults = [Fault(kind, at=step, **_WHERE.get(kind, {}))]
            result = desk.sync()
            reached = desk.microsoft.faults[0].times == 0
            said = "fresh" if result.state is SourceState.FRESH else str(result.status.kind)
            assert said in _STATES[kind] or not reached, (step, result)
            assert result.fault is None
            desk.microsoft.faults.clear()
            if kind == "revoked":
                waiting, shown = desk.store.waiting(), desk.shown()
                desk.sync()
                assert (desk.store.waiting(), desk.shown()) == (waiting, shown)
                desk.secret = secret()
            desk.calm()
            if kind == "412":  # in the middle of a series it is a real dispute, and the person's to settle
                for each in desk.events.conflicts():
                    desk.events.resolve(each.id, "mine")
                desk.calm()
            desk.agrees()
            complaints += desk.microsoft.complaints
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


def test_retry_after_is_obeyed(microsoft: FakeMicrosoft, server: MicrosoftServer, tmp_path: Path) -> None:
    """What Microsoft asks for is when we come back."""
    desk = _desk(tmp_path, server, _news)
    try:
        desk.microsoft.faults = [Fault("429", retry_after="7200")]
        result = desk.sync()
        assert (result.status.retry_at or 0) - desk.now >= 7200
    finally:
        desk.close()


def test_a_slow_microsoft_is_waited_for_no_longer_than_patience(
    microsoft: FakeMicrosoft, server: MicrosoftServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence is Offline; the answer that comes in time is taken."""
    from calmerge_desktop.core.errors import Offline
    from calmerge_desktop.sync.http import never
    from calmerge_desktop.sync.providers.microsoft.provider import MicrosoftProvider
    from tests.sync.microsoft.conftest import ACCOUNT

    microsoft.faults = [Fault("slow", times=9)]
    hasty = MicrosoftProvider(ACCOUNT, secret(), timeout=0.2)
    try:
        with pytest.raises(Offline, match="in time"):
            hasty.calendars(never)
    finally:
        hasty.close()


def test_a_calendar_that_is_gone_costs_the_others_nothing(
    microsoft: FakeMicrosoft, server: MicrosoftServer, tmp_path: Path
) -> None:
    """Unshared between two reads, with an edit for it on the way: the account stays fresh, the other calendar is written."""
    team = microsoft.add("Team")
    desk = Desk(tmp_path / "gone", microsoft, secret())
    try:
        desk.sync()
        desk.add("For the team", calendar=desk.calendar("Team"))
        desk.add("For me")
        del microsoft.calendars[team.id]
        assert desk.sync().state is SourceState.FRESH
        assert [title for title, _start, _end in microsoft.primary.shown()] == ["For me"]
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


def test_a_refused_permission_is_said_and_nothing_is_lost(
    microsoft: FakeMicrosoft, server: MicrosoftServer, tmp_path: Path
) -> None:
    """Reading: access, with what to do. Writing: the edit waits for the person, with a sentence and not the vendor's words."""
    desk = _desk(tmp_path, server, _writes)
    try:
        desk.microsoft.faults = [Fault("403", method="PATCH")]
        desk.sync()
        assert desk.store.waiting() == 1
        desk.microsoft.faults = [Fault("403", suffix="/calendars", times=9)]
        result = desk.sync()
        assert result.status.kind == "access"
        assert "canary" not in str(result.status.reason)
        assert "S0" in {title for title, _start, _end in desk.microsoft.primary.shown()}
    finally:
        desk.close()

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmerge_desktop.core.errors import Cancelled, NothingThere, Offline
from calmerge_desktop.core.model import SourceState, SourceStatus
from calmerge_desktop.sync.verdict import LONGEST_WAIT, failed, fresh, suspicious, wait, worst


@pytest.mark.parametrize(
    ("known", "gone", "alarm"),
    [(0, 0, False), (10, 10, False), (11, 11, True), (22, 11, False), (21, 11, True), (1000, 400, False), (1000, 501, True)],
)
def test_more_than_half_and_more_than_ten(known: int, gone: int, alarm: bool) -> None:
    """A small calendar may be emptied; a large one not silently."""
    assert suspicious(known, gone) is alarm


@given(st.integers(0, 50), st.none() | st.floats(0, 100_000), st.integers())
def test_a_wait_is_bounded_and_honours_the_other_side(tries: int, asked: float | None, seed: int) -> None:
    """Never less than asked for, never more than an hour of our own."""
    seconds = wait(tries, Random(seed), asked)
    assert seconds >= (asked or 1)
    assert seconds <= max(LONGEST_WAIT, asked or 0) + 1


def test_who_must_act_decides_between_stale_and_broken() -> None:
    """Offline after a reading is stale; a missing feed is broken but keeps its age; cancelled changes nothing."""
    before = fresh(100)
    offline = failed(Offline("x"), before, 200)
    missing = failed(NothingThere("x"), before, 200)
    assert offline
    assert missing
    assert (offline.state, offline.as_of, offline.retry_at) == (SourceState.STALE, 100, 200)
    assert (missing.state, missing.as_of, missing.retry_at) == (SourceState.BROKEN, 100, None)
    assert failed(Cancelled("x"), before, None) is None


def test_an_account_is_as_good_as_its_worst_and_as_old_as_its_oldest_calendar() -> None:
    """One calendar never read means no age at all."""
    stale = SourceStatus(state=SourceState.STALE, as_of=50, reason="why")
    broken = SourceStatus(state=SourceState.BROKEN, reason="so")
    assert worst([]) is None
    assert worst([fresh(100), stale]) == stale
    assert worst([fresh(100), stale, broken]) == broken

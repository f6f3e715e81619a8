"""The quick ways to busy times and to what waits for an answer say what the careful one says, whatever is in both files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.agenda.view import View
from calmerge_desktop.core.freebusy import AllDay, Blocking, busy_times
from calmerge_desktop.core.store import Store, rows
from calmerge_desktop.core.when import DAY, zone
from tests.core.agenda.test_kept import _CHANGED, _SPAN, _TIMES, SPRING, _World

_SAYS = [
    "", "", "", "\r\nTRANSP:TRANSPARENT", "\r\nSTATUS:CANCELLED", "\r\nSTATUS:TENTATIVE",
    *(f"\r\nATTENDEE;PARTSTAT={one}:mailto:me@example.test" for one in ("ACCEPTED", "DECLINED", "TENTATIVE", "NEEDS-ACTION")),
]  # fmt: skip
_PAGES = st.builds(
    lambda calendar, name, times, says: (calendar, name, times + says),
    st.integers(0, 1), st.sampled_from("abcdef"), st.sampled_from(_TIMES), st.sampled_from(_SAYS),
)  # fmt: skip
_RULE = st.builds(Blocking, all_day=st.sampled_from(AllDay), tentative=st.booleans(), unanswered=st.booleans())
# Cairo and Havana change their clocks at midnight, so that a day there may begin at one o'clock.
_WHERE = st.sampled_from(["UTC", "Europe/Berlin", "Africa/Cairo", "America/Havana", "Pacific/Apia"])


@settings(
    max_examples=60, deadline=None, phases=(Phase.generate,), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pages=st.lists(_PAGES, min_size=3, max_size=12),
    changes=st.lists(_CHANGED, max_size=3),
    rules=st.lists(_RULE, min_size=2, max_size=2),
    span=_SPAN,
    tzid=_WHERE,
    only=st.sampled_from([(0, 1), (0, 1), (0,), (1,)]),
)
def test_rows_take_what_their_instances_take(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pages: list[tuple[int, str, str]],
    changes: list[tuple[Any, ...]],
    rules: list[Blocking],
    span: tuple[int, int, int],
    tzid: str,
    only: tuple[int, ...],
) -> None:
    """Shared UIDs, computed series and unsent edits among them, by any calendar's rules, in zones whose days begin late."""
    monkeypatch.setattr(rows, "MOST_ROWS", 40)
    world = _World(tmp_path)
    try:
        for page in pages:
            world.page(*page)
        for name, *rest in changes:
            getattr(world, name)(*rest)
        low = SPRING + span[0] * DAY + span[1]
        high = low + span[2]
        by = dict(zip(world.ids, rules, strict=True))
        asked = [world.ids[n] for n in only]
        view = View(world.mine)
        raw = view.instances(low, high, tzid, merged=False, visible_only=False, calendars=asked)
        assert sorted(view.busy(low, high, tzid, by, asked)) == sorted(busy_times(raw, by, zone(tzid)))
        shown = view.instances(low, high, tzid, visible_only=False)
        assert view.unanswered(low, high, tzid) == [one for one in shown if one.partstat == "needs-action"]
    finally:
        world.close()

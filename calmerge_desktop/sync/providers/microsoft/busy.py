"""When other people are busy (`getSchedule`): merged spans without words. What is not known is said so, never as free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.span import join
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import iana, seconds_of, wall_of
from calmerge_desktop.sync.abilities import BusySpans
from calmerge_desktop.sync.providers.microsoft.api import Api
from calmerge_desktop.sync.providers.microsoft.failures import Said
from calmerge_desktop.sync.providers.microsoft.names import NOT_BUSY
from calmerge_desktop.sync.providers.microsoft.times import known_zone

_MOST = 20
"""Addresses in one question."""
_LONGEST = 40 * DAY
"""Seconds in one question; Graph refuses much longer ones."""


def ask(api: Api, addresses: Sequence[str], low: int, high: int, stop: Stop) -> Mapping[str, BusySpans | None]:
    """Busy spans by address, as (start, end) instants in order; None where Graph does not say, as for personal accounts."""
    found: dict[str, list[tuple[int, int]] | None] = {each: [] for each in addresses}
    url = api.url("me", "calendar", "getSchedule")
    for first in range(0, len(addresses), _MOST):
        names = list(addresses[first : first + _MOST])
        for start in range(low, high, _LONGEST):
            body = {
                "schedules": names,
                "startTime": _time(start),
                "endTime": _time(min(start + _LONGEST, high)),
                "availabilityViewInterval": 30,
            }
            try:
                told = api.run("POST", url, stop, body, own=(400, 403, 404, 405, 501)).get("value")
            except Said:
                told = None
            said = {str(each.get("scheduleId", "")).lower(): each for each in told or () if isinstance(each, Mapping)}
            for each in names:
                spans = _spans(said.get(each.lower()))
                before = found[each]
                found[each] = None if spans is None or before is None else before + spans
    return {each: None if spans is None else tuple(join(sorted(spans))) for each, spans in found.items()}


def _spans(said: Any) -> list[tuple[int, int]] | None:
    """One person's answer: status 200 may still hold an error for them."""
    if not isinstance(said, Mapping) or said.get("error") or not isinstance(said.get("scheduleItems"), list):
        return None
    try:
        busy = [each for each in said["scheduleItems"] if each.get("status") not in NOT_BUSY]
        return [(_instant(each["start"]), _instant(each["end"])) for each in busy]
    except (KeyError, TypeError, ValueError):
        return None


def _time(at: int) -> dict[str, str]:
    return {"dateTime": wall_of(at).isoformat(), "timeZone": "UTC"}


def _instant(time: Mapping[str, Any]) -> int:
    wall = seconds_of(datetime.fromisoformat(str(time["dateTime"])[:19]))
    return iana(known_zone(time.get("timeZone")) or "UTC").to_utc(wall)

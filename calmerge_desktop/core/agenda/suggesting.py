"""Which few of many free times to offer: on different days, at humane hours for both, mornings and afternoons mixed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from calmerge_desktop.core.availability.slots import Slot

_GOOD = (9, 12), (13, 17)
_FAIR = (8, 19)


def best(slots: Sequence[Slot], count: int, guest_tzid: str) -> list[tuple[int, int]]:
    """At most `count` of `slots`, by start. The link's own ranking comes first, then the hour of the guest, then variety."""
    tz = ZoneInfo(guest_tzid)
    chosen: list[Slot] = []
    while len(chosen) < count:
        left = [one for one in slots if all(one.end <= other.start or one.start >= other.end for other in chosen)]
        if not left:
            break
        chosen.append(max(left, key=lambda one: (_worth(one, chosen, tz), -one.start)))
    return sorted((one.start, one.end) for one in chosen)


def nearest(slots: Sequence[tuple[int, int]], wanted: int, count: int, guest_tzid: str) -> list[tuple[int, int]]:
    """At most `count` of `slots` by start: the nearest to the instant `wanted`, those at the guest's humane hours first."""
    tz = ZoneInfo(guest_tzid)
    chosen: list[tuple[int, int]] = []
    for start, end in sorted(
        slots, key=lambda one: (-_humane(datetime.fromtimestamp(one[0], tz)), abs(one[0] - wanted), one[0])
    ):
        if len(chosen) < count and all(end <= low or start >= high for low, high in chosen):
            chosen.append((start, end))
    return sorted(chosen)


def _worth(one: Slot, chosen: Sequence[Slot], tz: ZoneInfo) -> tuple[int, int, int]:
    start = datetime.fromtimestamp(one.start, tz)
    days = [datetime.fromtimestamp(other.start, tz) for other in chosen]
    fresh_day = all(other.date() != start.date() for other in days)
    fresh_half = all((other.hour < 12) != (start.hour < 12) for other in days)
    return _humane(start), 2 * fresh_day + fresh_half, one.rank


def _humane(start: datetime) -> int:
    if any(low <= start.hour < high for low, high in _GOOD):
        return 2
    return int(_FAIR[0] <= start.hour < _FAIR[1])
